//! A person accepts a ledger that lacks what was done, and does what poms says of it.

use super::checks;
use super::days::Life;
use super::disk::{End, Plan};
use super::outside::Taken;
use super::people::Typed;
use super::senders::{asks, says_duplicate};
use super::world::Came;
use chrono::{DateTime, Utc};
use poms::app::App;
use poms::clock::Clock;
use poms::ledger::{Ledger, Mode};
use std::collections::HashSet;

/// What `poms recover` does at the command line.
fn accepted(site: &App, now: DateTime<Utc>) -> Came {
    let config = &site.config;
    let work = || {
        let ledger = Ledger::open(&config.site.ledger, Mode::Write, "person")?;
        let mut ledger = ledger.under(&Clock::Frozen(now))?;
        let accepted = ledger.accept(&config.site.anchor, now, "the mail log was compared");
        accepted.map(drop)
    };
    match work() {
        Ok(()) => Came::Done,
        Err(fault) => Came::Failed(fault.to_string()),
    }
}

/// The numbers of orders and purchase orders in a document's subject.
fn numbers(one: &Taken) -> impl Iterator<Item = &str> {
    let words = one.subject.split([' ', ',', ':']);
    words.filter(|word| word.starts_with('W'))
}

/// The orders that a document's subject names.
fn orders(one: &Taken) -> Vec<String> {
    let numbers = numbers(one).filter_map(|word| word.split(['-', '~']).next());
    numbers.map(str::to_owned).collect()
}

impl Life {
    /// `poms recover`, which may be interrupted and is typed again. Whether the house goes on: a ledger
    /// that does not hold is no ledger to go on with.
    pub fn recover(&mut self) -> bool {
        let mut came = Came::Failed("not yet".to_owned());
        for last in [false, false, true] {
            let within = 1 + self.dice().below(30);
            {
                let mut disk = self.world.disk();
                disk.steps = 0;
                disk.plan = Plan::default();
                disk.plan.end_at = Some(within).filter(|_| !last);
            }
            came = accepted(&self.world.site, self.world.now);
            self.world.note(format!("recover: {came:?}"));
            if self.world.disk().dead {
                self.world.restart(End::Killed);
            } else if matches!(came, Came::Done) {
                break;
            }
        }
        self.world.disk().plan = Plan::default();
        let anchors = self.world.site.config.site.anchor.clone();
        let proof = self.world.look(|ledger| ledger.verify(&anchors, &[]));
        let Ok(report) = proof else { return false };
        self.world.note(format!("verify: {:?}", report.problems));
        if !report.problems.is_empty() {
            return false;
        }
        assert!(matches!(came, Came::Done), "a sound ledger: {came:?}");
        self.forget();
        let from = self.world.door.outside().taken.len();
        self.types(None, &Typed::Stop(true));
        // what is in the outbox leaves in spite of the stop switch; what waits in the mailbox is not known yet
        self.keep_back();
        self.calm_run();
        self.keep_back();
        self.converge();
        let outside = self.world.door.outside();
        let again = outside.taken[from..].iter().find(|one| {
            let paper = one.subject.contains("urchase order") && !says_duplicate(one);
            let tells = one.subject.contains("ancel") || asks(&one.subject);
            paper && !tells && numbers(one).any(|number| self.memory.papers.contains(number))
        });
        assert!(
            again.is_none(),
            "left again: {}",
            again.expect("one").subject
        );
        true
    }

    /// What the ledger does not know any more is the person's to know: what left is in the mail server's
    /// log, and mails that were filed and are unknown go back, where nothing of their order left.
    fn forget(&mut self) {
        let conn = checks::connection(&self.world);
        let known = checks::known(&conn);
        self.memory.head = 0;
        let mut ask = conn
            .prepare("SELECT 1 FROM delivery WHERE reference = ?1 AND state = 'sent'")
            .expect("a question");
        let mut outside = self.world.door.outside();
        for one in &outside.taken {
            if !ask.exists([&one.reference]).expect("an answer") {
                self.memory.beyond.extend(orders(one));
                self.memory.papers.extend(numbers(one).map(str::to_owned));
                self.memory.left.insert(one.reference.clone());
            }
        }
        let mut there = conn
            .prepare("SELECT 1 FROM delivery WHERE reference = ?1")
            .expect("a question");
        outside
            .taken
            .retain(|one| there.exists([&one.reference]).expect("an answer"));
        self.seen = outside.taken.len();
        let mut gone = HashSet::new();
        for (name, all) in &mut outside.boxes {
            let filed = [&mut all.processed, &mut all.quarantine];
            for mail in filed.into_iter().flat_map(std::mem::take) {
                let digest = checks::digest(&mail);
                let order = self.numbers.get(&digest);
                let left = order.is_some_and(|number| self.memory.beyond.contains(number));
                match (known.contains(&digest), left) {
                    (true, _) => {}
                    (false, true) => {
                        gone.insert((name.clone(), digest));
                    }
                    (false, false) => {
                        let place = format!("back-{:06}", all.waiting.len());
                        all.waiting.insert(place, mail);
                    }
                }
            }
        }
        drop(outside);
        self.memory.mails.retain(|mail| !gone.contains(mail));
        self.memory.bills.clear();
    }

    /// What left by the mail server's log and the ledger does not know is not sent again: what waits of it,
    /// or of its order, is taken out of the outbox, and the orders are taken back, as they go on by
    /// telephone.
    pub fn keep_back(&mut self) {
        for reference in self.memory.left.clone() {
            self.drop_what_waits(
                "SELECT id FROM delivery WHERE reference = ?1 AND state = 'queued'",
                &reference,
            );
        }
        let beyond: Vec<String> = self.memory.beyond.iter().cloned().collect();
        for number in beyond {
            self.types(None, &Typed::Cancel(number.clone()));
            self.drop_what_waits(
                "SELECT d.id FROM delivery d JOIN orders o ON o.id = d.order_id \
                 WHERE o.number = ?1 AND d.state IN ('queued', 'unknown', 'failed')",
                &number,
            );
        }
    }

    fn drop_what_waits(&mut self, question: &str, about: &str) {
        let conn = checks::connection(&self.world);
        let mut ids = conn.prepare(question).expect("a question");
        let ids = ids.query_map([about], |row| row.get(0)).expect("rows");
        let ids: Vec<i64> = ids.map(|id| id.expect("a number")).collect();
        for id in ids {
            self.types(None, &Typed::Drop(id));
        }
    }
}
