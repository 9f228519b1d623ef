//! What commands take on a ledger of many years, beside what they take on a young one.
//!
//! Method: one ledger is filled through the library, documents and results of sending included, and copied
//! when it has 10,000 orders; old orders are closed by plain SQL, with their purchase orders, as a shop has
//! only so many open ones (so `poms verify` would name these rows: their seals are older). Then the real
//! binary, start to exit, on one core: each command in turn on both ledgers, the median of several times.

use crate::machine::{Sink, all_cores, poms};
use crate::shop::{self, Shop};
use poms::app::App;
use poms::app::orders::review_and_place;
use poms::app::report::RunReport;
use poms::clock::Clock;
use poms::config::Config;
use poms::delivery::channel::DeliveryOutcome;
use poms::delivery::engine::DeliveryStore;
use poms::delivery::outbox::{Outbox, OutboxState};
use poms::domain::delivery::DeliveryChannel;
use poms::intake::openpgp::make::KeyKind;
use poms::ledger::orders::NewOrder;
use poms::ledger::{Ledger, LedgerError, Mode};
use std::path::Path;

/// Orders of the young ledger.
const YOUNG: usize = 10_000;
/// Orders that a shop has open.
const OPEN: usize = 2_000;
/// Orders of a run.
const NEW: usize = 100;
const TIMES: usize = 15;

/// Measures and prints.
pub fn measure(orders: usize) {
    let sink = Sink::start();
    let shop = Shop::new(KeyKind::Cv25519, sink.port);
    for (command, file) in [("vendors", "vendors.csv"), ("catalogue", "catalogue.csv")] {
        let file = shop.path(file).display().to_string();
        poms(&shop.path(""), &all_cores(), &[command, "import", &file]);
    }
    fill(&shop, 0, YOUNG);
    let young = shop.copy(sink.port);
    fill(&shop, YOUNG, orders);
    let both = [(&young, YOUNG), (&shop, orders)];
    for (shop, orders) in both {
        close(&shop.path("poms.db"), orders - OPEN);
        let size = std::fs::metadata(shop.path("poms.db")).map_or(0, |file| file.len() >> 20);
        println!("{orders} orders: {size} MiB");
    }
    compare(both);
}

/// A ledger and how many orders it has.
type Site<'a> = (&'a Shop, usize);

/// The median of what is asked of both, in milliseconds, and how the two compare.
fn row(both: [Site; 2], what: &str, ask: &mut dyn FnMut(&Shop, usize) -> f64) {
    let median = both.map(|(shop, orders)| {
        let mut times: Vec<f64> = (0..TIMES).map(|_| ask(shop, orders) * 1000.0).collect();
        times.sort_by(f64::total_cmp);
        times[TIMES / 2]
    });
    let [young, old] = median;
    println!("{what:<28}{young:>10.1}{old:>10.1}{:>8.2}", old / young);
}

fn wall(shop: &Shop, words: &[&str]) -> f64 {
    poms(&shop.path(""), "0", words).wall
}

fn compare(both: [Site; 2]) {
    let [young, old] = both.map(|(_, orders)| orders);
    println!(
        "{:<28}{young:>10}{old:>10}   ratio   milliseconds, median of {TIMES}",
        "orders"
    );
    for words in [
        &["--version"][..],
        &["exceptions", "list"],
        &["status"],
        &["report", "money-at-risk"],
        &["order", "list"],
        &["po", "list"],
        &["outbox", "list"],
        &["order", "search", "Bustos"],
    ] {
        row(both, &words.join(" "), &mut |shop, _| wall(shop, words));
    }
    let mut asked = 0;
    let mut next = |orders: usize| {
        asked += 7919;
        asked % orders
    };
    row(both, "order show", &mut |shop, orders| {
        let number = format!("W{:07}", 1_000_000 + next(orders));
        wall(shop, &["order", "show", &number])
    });
    row(both, "order search, an address", &mut |shop, orders| {
        let address = format!("c{}@mail.example", next(orders));
        wall(shop, &["order", "search", &address])
    });
    // SQLite's check of the whole file
    let first = both.map(|(shop, _)| wall(shop, &["process"]) * 1000.0);
    let what = "process, first of a day";
    println!(
        "{what:<28}{:>10.1}{:>10.1}{:>8.2}   once",
        first[0],
        first[1],
        first[1] / first[0]
    );
    row(both, "process, nothing new", &mut |shop, _| {
        wall(shop, &["process"])
    });
    let mut first = old;
    row(both, "process, 100 new orders", &mut |shop, _| {
        shop.deliver(first, NEW);
        first += NEW;
        wall(shop, &["process"])
    });
}

/// Places orders with these numbers, and has their documents sent to nobody.
fn fill(shop: &Shop, first: usize, end: usize) {
    let config = Config::read(&shop.path("poms.toml")).unwrap();
    let site = App::open(config, Clock::Frozen(shop::now()), "bench".to_owned()).unwrap();
    let mut ledger = Ledger::open(&site.config.site.ledger, Mode::Write, "bench").unwrap();
    let all: Vec<usize> = (first..end).collect();
    for batch in all.chunks(1000) {
        let mut report = RunReport::default();
        let done = ledger.write(shop::now(), |tx| {
            let mut rows = Vec::new();
            for number in batch {
                let order = poms::formats::order(shop::order(*number)).expect("a good order");
                rows.push(tx.insert_order(&NewOrder::new(order, "poms-json", Vec::new()))?);
            }
            review_and_place(tx, &site, &rows, &mut report)
        });
        done.map_err(|fault: LedgerError| fault.to_string())
            .unwrap();
        send(&site, &mut ledger);
    }
}

/// Marks every document that waits as sent, as a run does.
fn send(site: &App, ledger: &mut Ledger) {
    let mut state = OutboxState::new(DeliveryChannel::Email);
    let mut outbox = Outbox {
        ledger,
        clock: &site.clock,
        backoff: &site.config.delivery.backoff,
        envelopes: site.envelopes(),
        anchor: &site.config.site.anchor,
        state: &mut state,
    };
    let mut taken = Vec::new();
    loop {
        let messages = outbox.next(256).unwrap();
        let ids: Vec<i64> = messages.iter().map(|message| message.id).collect();
        outbox.record(std::mem::take(&mut taken), &ids).unwrap();
        if ids.is_empty() {
            return;
        }
        let accepted = |id| (id, DeliveryOutcome::accepted("250 2.0.0 Ok"));
        taken.extend(ids.into_iter().map(accepted));
    }
}

/// Closes the first orders of a ledger.
fn close(ledger: &Path, orders: usize) {
    let ledger = rusqlite::Connection::open(ledger).unwrap();
    for (table, id) in [("orders", "id"), ("purchase_order", "order_id")] {
        let sql = format!("UPDATE {table} SET state = 'closed' WHERE {id} <= {orders}");
        ledger.execute_batch(&sql).unwrap();
    }
}
