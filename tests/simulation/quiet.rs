//! The end of a world: nothing fails any more, and people do what the list asks of them. Or the disk
//! lied, and the house must notice.

use super::checks;
use super::days::Life;
use super::disk::End;
use super::outside::{Mood, Taken};
use super::people::Typed;
use super::senders::{asks, says_duplicate};
use super::world::Came;
use poms::ledger::exceptions::Filter;

impl Life {
    /// The disk says that it wrote what it did not, and the power goes while mail is taken and sent. What
    /// was done outside and is not in the ledger any more must keep the next run from doing anything.
    /// Whether the house goes on.
    pub fn lie(&mut self) -> bool {
        for _ in 0..3 {
            self.order();
        }
        {
            let mut outside = self.world.door.outside();
            (outside.mood, outside.flaky) = (Mood::Usual, false);
        }
        let (from, until) = (1 + self.dice().below(120), 1 + self.dice().below(400));
        {
            let mut disk = self.world.disk();
            disk.steps = 0;
            disk.plan.lies_from = Some(from);
            disk.plan.end_at = Some(from + until);
        }
        self.world.set_clock();
        let came = self.world.run();
        self.world.note(format!(
            "a run on a disk that lies from step {from}: {came:?}"
        ));
        self.world.restart(End::PowerCut);
        let before = self.world.door.outside().taken.len();
        self.world.set_clock();
        let came = self.world.run();
        self.world.note(format!("the run after it: {came:?}"));
        let outside = self.world.door.outside();
        let (old, new) = outside.taken.split_at(before);
        let twice = new.iter().find(|one| {
            // a question to a vendor may be asked again on another day, under the same subject
            let paper = one.subject.contains("urchase order") && !asks(&one.subject);
            // what a person had sent again may leave again
            let asked = says_duplicate(one) || self.memory.again.contains_key(&one.reference);
            let same = |other: &&Taken| {
                !asked
                    && (other.reference == one.reference || (paper && other.subject == one.subject))
            };
            old.iter().any(|other| same(&other))
        });
        assert!(
            twice.is_none(),
            "left again after a disk that lied: {}",
            twice.expect("one").subject
        );
        if let Came::Failed(why) = &came {
            assert_eq!(
                outside.taken.len(),
                before,
                "sent by a ledger that is refused"
            );
            drop(outside);
            return why.contains("poms recover") && self.recover();
        }
        drop(outside);
        checks::each(&self.world, &mut self.memory);
        true
    }

    /// Nothing fails any more, and people do what the list asks of them: all comes to its end.
    pub fn converge(&mut self) {
        {
            let mut outside = self.world.door.outside();
            (outside.mood, outside.flaky) = (Mood::Usual, false);
        }
        self.types(None, &Typed::Stop(false));
        for _ in 0..4 {
            self.calm_run();
            self.clear_the_list();
            checks::each(&self.world, &mut self.memory);
            self.world.pass(26 * 60);
        }
        self.calm_run();
        checks::settled(&self.world);
        checks::proof(&self.world);
        assert_eq!(
            self.world.door.outside().waits(),
            0,
            "mail that nobody takes"
        );
        let bills = std::fs::read_dir(self.world.bills()).expect("the folder");
        let waits = bills.filter(|entry| entry.as_ref().is_ok_and(|entry| entry.path().is_file()));
        assert_eq!(waits.count(), 0, "bills that nobody takes");
        let conn = checks::connection(&self.world);
        let due: i64 = conn
            .query_row(
                "SELECT count(*) FROM delivery WHERE state = 'queued' AND next_attempt <= ?1",
                [poms::clock::text(self.world.now)],
                |row| row.get(0),
            )
            .expect("a count");
        assert_eq!(due, 0, "documents that are due and do not leave");
    }

    pub fn calm_run(&mut self) {
        self.world.set_clock();
        let came = self.world.run();
        self.world.note(format!("run: {came:?}"));
        assert!(!matches!(came, Came::Failed(_)), "{came:?}");
        self.look_at_what_left();
    }

    /// Each open exception has a remedy that is taken.
    fn clear_the_list(&mut self) {
        let open = self.world.look(|ledger| {
            ledger
                .read()
                .exceptions(&Filter::default())
                .expect("a list")
        });
        for row in open {
            let still = self
                .world
                .look(|ledger| ledger.read().exception(row.id).expect("it").open);
            if !still {
                continue;
            }
            let mut said = Vec::new();
            let taken = row.definition().remedies.iter().any(|remedy| {
                let typed = Typed::Resolve(row.id, *remedy);
                let name = self.name_of(&typed);
                match self.types(name, &typed) {
                    Came::Done => true,
                    came => {
                        said.push(format!("{remedy:?}: {}", came.why()));
                        false
                    }
                }
            });
            assert!(
                taken,
                "no way out of {} ({}): {}",
                row.code,
                row.message,
                said.join("\n")
            );
        }
    }
}
