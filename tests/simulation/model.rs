//! A model beside the code: contents that are taken once, words of vendors of which the newest stands,
//! pieces that add up. Any sequence of mails, repetitions, crashes and runs must leave what the model
//! says, and proptest makes the shortest sequence that does not.

use super::chance;
use super::checks::{self, connection};
use super::disk::{End, Plan};
use super::people::{self, Typed};
use super::senders::{self, Asked};
use super::world::{Came, World};
use chrono::{DateTime, TimeDelta, Utc};
use poms::domain::codes::Remedy;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Contents that may be ordered.
const CONTENTS: u8 = 3;
/// Pieces of each.
const PIECES: i64 = 4;

#[derive(Clone, Debug)]
enum Step {
    /// The web shop sends a content, sealed anew each time.
    Order(u8),
    /// The same number with another content.
    Conflict(u8),
    /// A vendor answers all of a purchase order, in a mail written so many minutes from five in the morning.
    Word(u8, &'static str, i64),
    /// A vendor tells that so many pieces left.
    Ship(u8, i64),
    /// An old mail comes again.
    Replay(u8),
    Run,
    /// A run that ends at that step, and the machine starts again.
    Crash(u64, bool),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let word = prop_oneof![Just("accepted"), Just("backordered"), Just("rejected")];
    let step = prop_oneof![
        3 => (0..CONTENTS).prop_map(Step::Order),
        1 => (0..CONTENTS).prop_map(Step::Conflict),
        5 => (0..CONTENTS, word, -300..300i64).prop_map(|(po, word, at)| Step::Word(po, word, at)),
        2 => (0..CONTENTS, 1..=PIECES).prop_map(|(po, qty)| Step::Ship(po, qty)),
        2 => any::<u8>().prop_map(Step::Replay),
        4 => Just(Step::Run),
        2 => (1..200u64, any::<bool>()).prop_map(|(at, power)| Step::Crash(at, power)),
    ];
    prop::collection::vec(step, 4..24)
}

/// A vendor's word as the model keeps it.
#[derive(Clone, Copy, Debug)]
struct Said {
    at: DateTime<Utc>,
    word: &'static str,
}

struct Model {
    world: World,
    mails: Vec<(&'static str, Vec<u8>)>,
    ordered: BTreeSet<u8>,
    conflicts: BTreeSet<(u8, u64)>,
    /// Of each purchase order: the newest word.
    newest: BTreeMap<u8, Said>,
    /// Pieces that vendors told of, each mail once.
    shipped: BTreeMap<u8, i64>,
    serial: u64,
}

fn number(content: u8) -> String {
    format!("W{}", 2001 + i32::from(content))
}

fn content(which: u8) -> Value {
    let name = number(which);
    json!({
        "order_number": name, "date": "2025-06-02T06:01:52-04:00", "currency": "USD",
        "customer": {"name": format!("Customer {name}"), "email": format!("{name}@mail.example"), "phone": "859-589-9227"},
        "ship_to": {"name": format!("Customer {name}"), "street1": format!("{name} Gary Forks"), "street2": "",
                    "city": "South Willie", "state": "MO", "zip": "65367", "country": "US"},
        "lines": [{"sku": "KT10-00010", "qty": PIECES, "unit_price": "29.90"}],
        "shipping": "0.00", "tax": "0.00", "total": "119.60"
    })
}

impl Model {
    fn new() -> Model {
        Model {
            world: World::new(11),
            mails: Vec::new(),
            ordered: BTreeSet::new(),
            conflicts: BTreeSet::new(),
            newest: BTreeMap::new(),
            shipped: BTreeMap::new(),
            serial: 0,
        }
    }

    fn put(&mut self, mailbox: &'static str, mail: Vec<u8>) {
        self.world.door.outside().put(mailbox, &mail);
        self.mails.push((mailbox, mail));
    }

    fn order(&mut self, which: u8, change: bool) {
        let mut order = content(which);
        if change {
            let phone = format!("859-589-{:04}", self.serial);
            order["customer"]["phone"] = phone.into();
        }
        let mail = senders::sealed(&order, self.world.now, self.serial);
        self.put("orders", mail);
    }

    fn asked(&self, which: u8) -> Option<Asked> {
        let po = format!("{}-1", number(which));
        let outside = self.world.door.outside();
        let subject = format!("Purchase order {po} ");
        let sent = outside
            .taken
            .iter()
            .find(|one| format!("{} ", one.subject).contains(&subject))?;
        Some(Asked {
            number: po,
            reply_to: senders::header(&sent.content, "Reply-To")?,
            lines: Vec::new(),
        })
    }

    fn step(&mut self, step: &Step) {
        self.serial += 1;
        match step {
            Step::Order(which) => {
                // who first speaks of a number is believed
                if self.ordered.insert(*which) || self.conflicts.iter().all(|(of, _)| of != which) {
                    self.order(*which, false);
                }
            }
            Step::Conflict(which) if self.ordered.contains(which) => {
                self.conflicts.insert((*which, self.serial));
                self.order(*which, true);
            }
            Step::Conflict(_) => {}
            Step::Word(which, word, minutes) => {
                if let Some(asked) = self.asked(*which) {
                    self.word(*which, &asked, word, *minutes);
                }
            }
            Step::Ship(which, qty) => {
                if let Some(asked) = self.asked(*which) {
                    self.ship(*which, &asked, *qty);
                }
            }
            Step::Replay(which) => {
                let count = self.mails.len().max(1);
                if let Some((mailbox, mail)) = self.mails.get(usize::from(*which) % count).cloned()
                {
                    self.world.door.outside().put(mailbox, &mail);
                }
            }
            Step::Run => self.run(None),
            Step::Crash(at, power) => self.run(Some((*at, *power))),
        }
    }

    fn word(&mut self, which: u8, asked: &Asked, word: &'static str, minutes: i64) {
        // before the present: a date that is still to come counts as now
        let five: DateTime<Utc> = "2025-06-02T05:00:00Z".parse().expect("a time");
        // no two at the same moment
        let at = five + TimeDelta::minutes(minutes) + TimeDelta::seconds(self.serial as i64);
        let day = match word {
            "backordered" => "2025-07-01",
            _ => "",
        };
        let csv = format!(
            "po_number,sku,status,qty,date\n{},KT10-00010,{word},,{day}\n",
            asked.number
        );
        let mail = senders::mail(asked, at, "", Some(&csv), self.serial);
        self.put("vendors", mail);
        let newest = self.newest.entry(which).or_insert(Said { at, word });
        if newest.at < at {
            *newest = Said { at, word };
        }
    }

    fn ship(&mut self, which: u8, asked: &Asked, qty: i64) {
        let csv = format!(
            "po,sku,qty,tracking\n{},KT10-00010,{qty},{}\n",
            asked.number,
            senders::ups(self.serial)
        );
        let mail = senders::mail(asked, self.world.now, "", Some(&csv), self.serial);
        self.put("vendors", mail);
        *self.shipped.entry(which).or_default() += qty;
    }

    fn run(&mut self, crash: Option<(u64, bool)>) {
        self.world.pass(10);
        self.world.set_clock();
        {
            let mut disk = self.world.disk();
            disk.steps = 0;
            disk.plan.end_at = crash.map(|(at, _)| at);
        }
        let came = self.world.run();
        self.world.disk().plan = Plan::default();
        match crash {
            None => assert!(!matches!(came, Came::Failed(_)), "{came:?}"),
            Some((_, true)) => self.world.restart(End::PowerCut),
            Some((_, false)) => self.world.restart(End::Killed),
        }
    }

    /// A mail at whose reading three runs died is quarantined: a person has it read again.
    fn has_read_again(&mut self) {
        let conn = connection(&self.world);
        let mut ask = conn
            .prepare(
                "SELECT x.id FROM exception x JOIN message m ON m.id = x.message_id \
                 WHERE x.state = 'open' AND m.state = 'quarantined'",
            )
            .expect("a question");
        let ids = ask.query_map([], |row| row.get(0)).expect("rows");
        let ids: Vec<i64> = ids.map(|id| id.expect("a number")).collect();
        for id in ids {
            let typed = Typed::Resolve(id, Remedy::Retry);
            let came = self
                .world
                .act("read again", |tx, site| people::types(tx, site, &typed));
            assert!(matches!(came, Came::Done), "{came:?}");
        }
    }

    /// What the ledger must say once all is read.
    fn agrees(&mut self) {
        self.run(None);
        self.has_read_again();
        self.run(None);
        checks::settled(&self.world);
        let conn = connection(&self.world);
        for which in 0..CONTENTS {
            let of = |sql: &str| -> i64 {
                let row = conn.query_row(sql, [number(which)], |row| row.get(0));
                row.expect("a number")
            };
            let placed = of(
                "SELECT count(*) FROM orders WHERE number = ?1 AND state NOT IN ('held', 'cancelled')",
            );
            assert_eq!(
                placed,
                i64::from(self.ordered.contains(&which)),
                "{} acts",
                number(which)
            );
            let held = of("SELECT count(*) FROM orders WHERE number = ?1 AND state = 'held'");
            let conflicts = self.conflicts.iter().filter(|(of, _)| *of == which).count();
            assert!(
                held <= conflicts as i64,
                "{held} held of {conflicts} conflicts"
            );
            let pos = of(
                "SELECT count(*) FROM purchase_order p JOIN orders o ON o.id = p.order_id WHERE o.number = ?1",
            );
            assert_eq!(
                pos,
                i64::from(self.ordered.contains(&which)),
                "purchase orders of {}",
                number(which)
            );
            self.line(&conn, which);
        }
        checks::proof(&self.world);
    }

    /// Pieces and the word that stands.
    fn line(&self, conn: &rusqlite::Connection, which: u8) {
        let row = conn.query_row(
            "SELECT s.shipped, s.accepted, s.backordered, s.rejected FROM po_line_status s JOIN po_line l ON l.id = s.po_line_id \
             JOIN purchase_order p ON p.id = l.po_id WHERE p.number = ?1",
            [format!("{}-1", number(which))],
            |row| Ok([row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?, row.get(3)?]),
        );
        let [shipped, accepted, backordered, rejected] = row.unwrap_or_default();
        let told = self.shipped.get(&which).copied().unwrap_or(0);
        assert!(
            shipped <= told.min(PIECES),
            "{shipped} of {PIECES} left, told of {told}"
        );
        // what fits goes: whoever comes first
        assert!(
            told == 0 || shipped > 0 || rejected > 0,
            "nothing of {told} left"
        );
        let Some(newest) = self.newest.get(&which).filter(|_| told == 0) else {
            return;
        };
        let expected = match newest.word {
            "accepted" => [PIECES, 0, 0],
            "backordered" => [0, PIECES, 0],
            _ => [0, 0, PIECES],
        };
        assert_eq!(
            [accepted, backordered, rejected],
            expected,
            "the newest word is {newest:?}"
        );
    }
}

/// What the model found: a vendor takes its word back, and back again, in three mails of one run.
#[test]
fn a_word_that_was_said_before_is_said_again() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    pool.expect("a thread").install(|| {
        let mut model = Model::new();
        let word = |word| Step::Word(0, word, 0);
        for step in [
            Step::Order(0),
            Step::Run,
            word("backordered"),
            word("rejected"),
            word("backordered"),
        ] {
            model.step(&step);
        }
        model.agrees();
        chance::release();
    });
}

/// What the model found: three blows in the reading of one order, which is quarantined until a person has it
/// read again.
#[test]
fn what_three_runs_died_over_acts_once_a_person_has_it_read_again() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    pool.expect("a thread").install(|| {
        let mut model = Model::new();
        let steps = [Step::Order(1), Step::Order(0)].into_iter();
        for step in steps.chain([33, 15, 17].map(|at| Step::Crash(at, false))) {
            model.step(&step);
        }
        model.run(None);
        let count = "SELECT count(*) FROM message WHERE state = 'quarantined'";
        let conn = connection(&model.world);
        let count: i64 = conn
            .query_row(count, [], |row| row.get(0))
            .expect("a count");
        assert_eq!(count, 1);
        model.agrees();
        chance::release();
    });
}

#[test]
fn any_sequence_of_mails_and_crashes_leaves_what_the_model_says() {
    let cases = super::number("POMS_SIM_CASES", 16);
    let config = Config {
        cases: u32::try_from(cases).expect("a number"),
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    };
    let rng = proptest::test_runner::TestRng::from_seed(
        proptest::test_runner::RngAlgorithm::ChaCha,
        &openssl::sha::sha256(&super::number("POMS_SIM_SEED", 1).to_be_bytes()),
    );
    let mut runner = TestRunner::new_with_rng(config, rng);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let pool = pool.expect("a thread");
    let done = runner.run(&steps(), |steps| {
        pool.install(|| {
            let mut model = Model::new();
            for step in &steps {
                model.step(step);
            }
            model.agrees();
            chance::release();
        });
        Ok(())
    });
    if let Err(fault) = done {
        panic!("{fault}");
    }
}
