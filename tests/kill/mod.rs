//! `poms process` struck at every place that matters, then run again: nothing lost, nothing
//! doubled, every doubtful delivery named, and the ledger verifies.
//!
//! - `strace.rs`: killed at every system call, and every call made to fail, by each way in and out.
//! - `server.rs`: killed at every step of SMTP, before and after its answer.
//! - `cut.rs`, `fax.rs`, `sftp.rs`: IMAP, SMTP, fax and SFTP sessions cut at every byte of either side.
//! - `stream.rs`: killed at random moments while orders go on coming; `term.rs`: SIGTERM at random.
//! - `cancel.rs`: an order that a customer takes back right after the blow.
//! - `pairs.rs`: two runs at once. `poison.rs`: a message that kills whoever reads it.
//!
//! What the other side has is counted by the other side itself. In `tests/run` every few points are
//! tried; `POMS_SWEEP=full` (`tests/faults`) tries all.

mod cancel;
mod cut;
mod fax;
mod pairs;
mod poison;
mod server;
mod sftp;
mod shop;
mod site;
pub mod strace;
pub mod stream;
mod term;

use crate::support::corpus::garble;
use crate::support::desk::TestDesk;
use crate::support::scene::Scene;
use poms::intake::openpgp::make;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

const NOW: &str = "2025-06-02T10:05:00Z";
/// Later runs: past every back-off.
const LATER: [&str; 2] = ["2025-06-02T11:05:00Z", "2025-06-02T15:05:00Z"];

/// What a batch must come to.
#[derive(Clone, Copy)]
struct Expected {
    /// Messages.
    accepted: i64,
    quarantined: i64,
    /// Orders.
    placed: i64,
    held: i64,
    purchase_orders: i64,
    /// Mails to customers.
    letters: i64,
}

/// [`batch`]: eight purchase orders, four mails to customers and one to the admins.
const BATCH: Expected = Expected {
    accepted: 5,
    quarantined: 1,
    placed: 4,
    held: 1,
    purchase_orders: 8,
    letters: 4,
};
/// [`small_batch`]: four purchase orders, two mails to customers and one to the admins.
const SMALL: Expected = Expected {
    accepted: 3,
    quarantined: 0,
    placed: 2,
    held: 1,
    purchase_orders: 4,
    letters: 2,
};

/// An order of two vendors' goods.
fn order(number: usize) -> Value {
    let mut order = TestDesk::plain_order(&format!("W20000{number}"));
    order["customer"]["email"] = json!(format!("customer{number}@mail.example"));
    order["lines"] = json!([
        {"sku": "KT10-00010", "qty": number, "unit_price": "29.90"},
        {"sku": "GD20-00020", "qty": 1, "unit_price": "39.00"},
    ]);
    let cents = 2990 * number + 3900;
    order["total"] = json!(format!("{}.{:02}", cents / 100, cents % 100));
    order
}

/// The same with goods that nobody knows.
fn bad_order(number: usize) -> Value {
    let mut bad = order(number);
    bad["lines"][0]["sku"] = json!("NO-SUCH");
    bad
}

/// Two good orders and one with an unknown SKU.
fn small_batch() -> Scene {
    let desk = TestDesk::stocked();
    for order in [order(1), bad_order(5), order(2)] {
        desk.order(&order);
    }
    Scene::of(&desk)
}

/// Four good orders of two vendors each, one with an unknown SKU, one garbled.
fn batch() -> Scene {
    let desk = TestDesk::stocked();
    for number in 1..=4 {
        desk.order(&order(number));
        if number == 2 {
            desk.order(&bad_order(5));
            let entity = make::json_entity(&order(6).to_string());
            let sealed = make::seal(
                &entity,
                desk.webshop_key(),
                &[desk.shop_key()],
                desk.moment(),
            );
            desk.sealed_mail(&garble(sealed.unwrap()));
        }
    }
    Scene::of(&desk)
}

/// What came of one point, or of many.
#[derive(Default, Debug, Clone, Copy, PartialEq, Eq)]
struct Figures {
    points: usize,
    lost: usize,
    doubled: usize,
    unknown: usize,
    /// What two more runs did not bring to its end, or whose ledger does not verify.
    stuck: usize,
}

impl Figures {
    fn add(&mut self, other: Figures) {
        self.points += other.points;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.unknown += other.unknown;
        self.stuck += other.stuck;
    }

    /// Nothing lost, doubled or left undone.
    fn sound(self) -> bool {
        (self.lost, self.doubled, self.stuck) == (0, 0, 0)
    }
}

/// Messages, orders and documents of the ledger are what the batch must come to.
fn judge_ledger(scene: &Scene, expected: Expected, at: &str) {
    assert_eq!(scene.problems(), Vec::<String>::new(), "{at}");
    let Expected { placed, held, .. } = expected;
    let sums = [
        ("message WHERE state = 'accepted'", expected.accepted),
        ("message WHERE state = 'quarantined'", expected.quarantined),
        ("message", expected.accepted + expected.quarantined),
        ("orders WHERE state = 'placed'", placed),
        ("orders WHERE state = 'held'", held),
        ("purchase_order", expected.purchase_orders),
        ("delivery WHERE po_id IS NOT NULL", expected.purchase_orders),
        (
            "delivery WHERE po_id IS NULL AND order_id IS NOT NULL AND channel <> 'hook'",
            expected.letters,
        ),
        ("delivery WHERE state IN ('queued', 'sending')", 0),
    ];
    for (rows, number) in sums {
        let found = scene.count(&format!("SELECT COUNT(*) FROM {rows}"));
        assert_eq!(found, number, "{at}: {rows}");
    }
    let codes = "SELECT COUNT(*) FROM exception WHERE state = 'open'
         AND code IN ('unknown_sku', 'unreadable_message')";
    assert_eq!(scene.count(codes), held + expected.quarantined, "{at}");
    let mail = "SELECT COUNT(*) FROM delivery WHERE kind = 'admin_exceptions'";
    assert!(held == 0 || scene.count(mail) >= 1, "{at}: no admin mail");
}

/// Compares the ledger with what the other side has: the Message-IDs of all mails it took.
///
/// # Panics
/// When something else does not hold: an order or a message without its outcome, an unknown delivery
/// that is not on the exceptions list, a ledger that does not verify.
fn judge(scene: &Scene, expected: Expected, taken: &[String], at: &str) -> Figures {
    judge_ledger(scene, expected, at);
    let mut times = BTreeMap::<&str, usize>::new();
    for reference in taken {
        *times.entry(reference).or_default() += 1;
    }
    let mut figures = Figures {
        points: 1,
        ..Figures::default()
    };
    let ledger = scene.ledger();
    let mut rows = ledger
        .prepare(
            "SELECT reference, state, EXISTS (SELECT 1 FROM exception WHERE delivery_id = delivery.id
                 AND code = 'delivery_unknown' AND state = 'open') FROM delivery WHERE channel <> 'hook'",
        )
        .unwrap();
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    for row in rows.query_map([], row).unwrap() {
        let (reference, state, named): (String, String, bool) = row.unwrap();
        let there = times.remove(reference.as_str()).unwrap_or(0);
        figures.doubled += usize::from(there > 1);
        match state.as_str() {
            "sent" => figures.lost += usize::from(there == 0),
            "unknown" => {
                assert!(named, "{at}: {reference} is unknown and not on the list");
                figures.unknown += 1;
            }
            state => panic!("{at}: {reference} was left {state}"),
        }
    }
    assert!(times.is_empty(), "{at}: sent without a row: {times:?}");
    figures
}

/// Runs once more, and once again if something waits still: the first may name what is doubtful, and
/// nothing else.
fn run_again(scene: &Scene, later: [&str; 2], at: &str) {
    let waits = "SELECT (SELECT COUNT(*) FROM delivery WHERE state IN ('queued', 'sending'))
         + (SELECT COUNT(*) FROM message WHERE state = 'pending')";
    for now in later {
        let done = scene.run(&["process"], now);
        let doubts = done.stderr.lines().all(|line| line.contains(DOUBT));
        let named = done.code == 1 && !done.stderr.is_empty() && doubts && now == later[0];
        assert!(
            named || (done.code == 0 && done.stderr.is_empty()),
            "{at}: {}",
            done.stderr
        );
        if scene.count(waits) == 0 {
            break;
        }
    }
}

/// What cron is told of a document that may or may not have arrived.
const DOUBT: &str = " may or may not have reached ";

/// What a trial found; one that fell over is counted, said and stands in nobody's way.
fn counted(trial: impl FnOnce() -> Figures) -> Figures {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(trial)).unwrap_or(Figures {
        points: 1,
        stuck: 1,
        ..Figures::default()
    })
}

/// Whether all points are tried.
fn full() -> bool {
    std::env::var("POMS_SWEEP").as_deref() == Ok("full")
}

/// Every how many points are tried: in full all, or as `POMS_EVERY` says.
pub fn step(usual: usize) -> usize {
    let every = std::env::var("POMS_EVERY").ok();
    match full() {
        true => every.map_or(1, |text| text.parse().expect("POMS_EVERY is a number")),
        false => usual,
    }
}

/// Does all trials, several at a time, and adds up.
fn each<T: Sync>(points: &[T], trial: impl Fn(&T) -> Figures + Sync) -> Figures {
    let next = AtomicUsize::new(0);
    let told = |done: usize| {
        if done > 0 && done.is_multiple_of(1000) {
            println!("… {done} of {}", points.len());
        }
    };
    let sum = Mutex::new(Figures::default());
    let workers = std::thread::available_parallelism().map_or(2, |n| n.get().min(3));
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let done = next.fetch_add(1, Ordering::Relaxed);
                    let Some(point) = points.get(done) else { break };
                    told(done);
                    let figures = counted(|| trial(point));
                    sum.lock().unwrap().add(figures);
                }
            });
        }
    });
    sum.into_inner().unwrap()
}

fn print(what: &str, figures: Figures) {
    println!(
        "{what}: {} points, {} lost, {} doubled, {} unknown and named, {} not at their end",
        figures.points, figures.lost, figures.doubled, figures.unknown, figures.stuck
    );
}

/// The Message-IDs of mails.
fn references<'a>(mails: impl IntoIterator<Item = &'a Vec<u8>>) -> Vec<String> {
    let parser = mail_parser::MessageParser::default();
    let reference = |mail: &Vec<u8>| {
        let mail = parser.parse(mail).expect("a mail");
        format!("<{}>", mail.message_id().expect("a Message-ID"))
    };
    mails.into_iter().map(reference).collect()
}
