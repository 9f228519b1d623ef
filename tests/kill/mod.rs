//! `poms process` killed with SIGKILL at every commit, every filing of a mail and every exchange
//! with the mail server, then run again: nothing lost, nothing doubled, every doubtful delivery
//! named.
//!
//! The batch: four good orders of two vendors each, one with an unknown SKU, one garbled; so eight
//! purchase orders, four mails to customers and one to the admins. What the other side has is
//! counted by the other side itself.
//!
//! In `tests/run` every few points are tried; `POMS_SWEEP=full` (`tests/faults`) tries all.

mod poison;
mod server;
pub mod strace;

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

const GOOD: i64 = 4;

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

/// The site with its six mails, before anything ran.
fn batch() -> Scene {
    let desk = TestDesk::stocked();
    for number in 1..=GOOD as usize {
        desk.order(&order(number));
        if number == 2 {
            let mut bad = order(5);
            bad["lines"][0]["sku"] = json!("NO-SUCH");
            desk.order(&bad);
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
#[derive(Default, Debug, Clone, Copy)]
struct Figures {
    points: usize,
    lost: usize,
    doubled: usize,
    unknown: usize,
}

impl Figures {
    fn add(&mut self, other: Figures) {
        self.points += other.points;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.unknown += other.unknown;
    }
}

/// Compares the ledger with what the other side has: the Message-IDs of all mails it took.
///
/// # Panics
/// When something else does not hold: an order or a message without its outcome, an unknown delivery
/// that is not on the exceptions list, a ledger that does not verify.
fn judge(scene: &Scene, taken: &[String], at: &str) -> Figures {
    assert_eq!(scene.problems(), Vec::<String>::new(), "{at}");
    let count = |sql: &str| scene.count(sql);
    assert_eq!(count("SELECT COUNT(*) FROM message"), 6, "{at}");
    let states = "SELECT COUNT(*) FROM message WHERE state = 'accepted'";
    assert_eq!(count(states), 5, "{at}");
    let states = "SELECT COUNT(*) FROM message WHERE state = 'quarantined'";
    assert_eq!(count(states), 1, "{at}");
    let placed = "SELECT COUNT(*) FROM orders WHERE state = 'placed'";
    assert_eq!(count(placed), GOOD, "{at}");
    assert_eq!(count("SELECT COUNT(*) FROM orders WHERE state = 'held'"), 1);
    let codes = "SELECT COUNT(DISTINCT code) FROM exception WHERE state = 'open'
         AND code IN ('unknown_sku', 'unreadable_message')";
    assert_eq!(count(codes), 2, "{at}");
    let documents = "SELECT COUNT(*) FROM delivery WHERE po_id IS NOT NULL";
    assert_eq!(count(documents), 2 * GOOD, "{at}");
    let letters = "SELECT COUNT(*) FROM delivery WHERE po_id IS NULL AND order_id IS NOT NULL";
    assert_eq!(count(letters), GOOD, "{at}");
    let mail = "SELECT COUNT(*) FROM delivery WHERE kind = 'admin_exceptions'";
    assert!(count(mail) >= 1, "{at}");

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
                 AND code = 'delivery_unknown' AND state = 'open') FROM delivery",
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

/// Runs again until quiet: twice, at later times. The last finds nothing to do.
fn run_again(scene: &Scene, at: &str) {
    for now in LATER {
        let done = scene.run(&["process"], now);
        assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{at}");
    }
    assert_eq!(
        scene.count("SELECT COUNT(*) FROM delivery WHERE state IN ('queued', 'sending')"),
        0,
        "{at}"
    );
}

/// Every how many points are tried.
pub fn step(usual: usize) -> usize {
    match std::env::var("POMS_SWEEP").as_deref() {
        Ok("full") => 1,
        _ => usual,
    }
}

/// Does all trials, several at a time, and adds up.
fn each<T: Sync>(points: &[T], trial: impl Fn(&T) -> Figures + Sync) -> Figures {
    let next = AtomicUsize::new(0);
    let sum = Mutex::new(Figures::default());
    let workers = std::thread::available_parallelism().map_or(2, |n| n.get().min(4));
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(point) = points.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let figures = trial(point);
                    sum.lock().unwrap().add(figures);
                }
            });
        }
    });
    sum.into_inner().unwrap()
}

fn print(what: &str, figures: Figures) {
    println!(
        "{what}: {} points, {} lost, {} doubled, {} unknown and named",
        figures.points, figures.lost, figures.doubled, figures.unknown
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
