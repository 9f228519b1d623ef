//! An order changes after its purchase orders left, and the command or the run that tells the vendors is struck: one
//! vendor has one revision and the other one cancellation, once, whatever was typed again.

use super::sweep::{Faults, Struck, Sweep};
use super::*;
use crate::support::scene::config;

const CHANGE: [&str; 7] = [
    "order",
    "change",
    "W200001",
    "ship_to.street1=12 Elm St",
    "lines.2=",
    "--note",
    "she telephoned",
];

struct RevisedSite {
    scene: Scene,
    /// Whether the command is typed again.
    again: bool,
}

impl RevisedSite {
    /// Mails to the vendors of which the subject has a word.
    fn mails(&self, word: &str) -> usize {
        let folder = self.scene.path("mail/sent/new");
        let files = std::fs::read_dir(folder).expect("the folder").flatten();
        let texts = files.map(|file| std::fs::read_to_string(file.path()).expect("a mail"));
        let subject = |text: &String| {
            let mut lines = text.lines().take_while(|line| !line.is_empty());
            lines.any(|line| line.starts_with("Subject:") && line.to_lowercase().contains(word))
        };
        texts.filter(subject).count()
    }
}

impl Struck for RevisedSite {
    fn scene(&self) -> &Scene {
        &self.scene
    }

    fn judged(&self, at: &str) -> Figures {
        if self.again {
            let again = self.scene.run(&CHANGE, NOW);
            let done = again.code == 0 || again.stderr.contains("nothing changes");
            assert!(done, "{at}: {}", again.stderr);
        }
        run_again(&self.scene, LATER, at);
        assert_eq!(self.scene.problems(), Vec::<String>::new(), "{at}");
        let revisions = self.scene.count("SELECT count(*) FROM po_revision");
        assert_eq!(revisions, 1, "{at}: revisions");
        let mails = [self.mails("rev. 2"), self.mails("cancel")];
        Figures {
            points: 1,
            lost: mails
                .iter()
                .map(|count| 1_usize.saturating_sub(*count))
                .sum(),
            doubled: mails.iter().map(|count| count.saturating_sub(1)).sum(),
            ..Figures::default()
        }
    }
}

/// An order whose two purchase orders have left.
fn left() -> Scene {
    let desk = TestDesk::stocked();
    desk.order(&order(1));
    let scene = Scene::of(&desk);
    scene.configure(&config("kind = \"maildir\"\npath = \"mail/sent\"", ""));
    let done = scene.run(&["process"], NOW);
    assert_eq!(done.code, 0, "{}", done.stderr);
    scene
}

#[test]
fn at_every_system_call_of_changing_an_order_whose_purchase_orders_left() {
    let before = left();
    let make = || -> Box<dyn Struck> {
        let scene = before.again();
        Box::new(RevisedSite { scene, again: true })
    };
    Sweep {
        name: "order change",
        make: &make,
        trace: Trace {
            args: &CHANGE,
            ..Trace::of_run(&all_calls())
        },
        every: step(8),
        faults: Faults::fewer(),
    }
    .run();
}

#[test]
fn at_every_system_call_of_sending_a_revision_and_a_cancellation() {
    let before = left();
    let done = before.run(&CHANGE, NOW);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let make = || -> Box<dyn Struck> {
        let scene = before.again();
        Box::new(RevisedSite {
            scene,
            again: false,
        })
    };
    Sweep {
        name: "a revision and a cancellation leave",
        make: &make,
        trace: Trace::of_run(&all_calls()),
        every: step(8),
        faults: Faults::fewer(),
    }
    .run();
}
