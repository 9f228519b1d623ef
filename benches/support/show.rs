//! How fast `poms order show` answers on a ledger of many years.
//!
//! Method: a ledger of its own with placed orders, made through the library; then the real binary,
//! start to exit, 50 orders spread over the whole ledger; beside it `poms --version`, which is the
//! bare start of the program.

use crate::machine::{all_cores, poms};
use crate::shop::{self, Shop};
use poms::app::App;
use poms::app::orders::review_and_place;
use poms::app::report::RunReport;
use poms::clock::Clock;
use poms::config::Config;
use poms::intake::openpgp::make::KeyKind;
use poms::ledger::orders::NewOrder;
use poms::ledger::{Ledger, LedgerError, Mode};

const ASKED: usize = 50;

/// Measures and prints.
pub fn measure(orders: usize) {
    let shop = Shop::new(KeyKind::Cv25519, 2525);
    for (command, file) in [("vendors", "vendors.csv"), ("catalogue", "catalogue.csv")] {
        poms(
            &shop.path(""),
            &all_cores(),
            &[command, "import", &shop.path(file).display().to_string()],
        );
    }
    fill(&shop, orders);
    let size = std::fs::metadata(shop.path("poms.db")).map_or(0, |file| file.len() >> 20);
    println!(
        "a ledger of {orders} placed orders, {size} MiB; milliseconds from start to exit, {ASKED} times"
    );
    report(
        "poms --version",
        (0..ASKED).map(|_| poms(&shop.path(""), "0", &["--version"]).wall),
    );
    let step = orders / ASKED;
    report(
        "poms order show",
        (0..ASKED).map(|place| {
            let number = format!("W{:07}", 1_000_000 + place * step);
            let cost = poms(&shop.path(""), "0", &["order", "show", &number]);
            assert!(cost.stdout.contains(&number));
            cost.wall
        }),
    );
    report(
        "poms order search",
        (0..ASKED).map(|place| {
            poms(
                &shop.path(""),
                "0",
                &[
                    "order",
                    "search",
                    &format!("c{}@mail.example", place * step),
                ],
            )
            .wall
        }),
    );
}

fn report(what: &str, seconds: impl Iterator<Item = f64>) {
    let mut times: Vec<f64> = seconds.map(|wall| wall * 1000.0).collect();
    times.sort_by(f64::total_cmp);
    println!(
        "{what:<20} median {:>6.1}   worst {:>6.1}",
        times[times.len() / 2],
        times[times.len() - 1]
    );
}

fn fill(shop: &Shop, orders: usize) {
    let config = Config::read(&shop.path("poms.toml")).unwrap();
    let site = App::open(config, Clock::Frozen(shop::now()), "bench".to_owned()).unwrap();
    let mut ledger = Ledger::open(&site.config.site.ledger, Mode::Write, "bench").unwrap();
    let all: Vec<usize> = (0..orders).collect();
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
    }
}
