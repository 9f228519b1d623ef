//! The end of a world: nothing fails any more, and people do what the list asks of them.

use super::checks;
use super::days::Life;
use super::outside::Mood;
use super::people::Typed;
use super::world::Came;
use poms::ledger::exceptions::Filter;

impl Life {
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

    fn calm_run(&mut self) {
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
