//! The engine where many messages are marked before it is their turn.

use super::DeliveryOutcome;
use super::engine::Site;
use poms::delivery::engine::{Dispatch, LookAhead, Tally, Unrecorded};
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

impl Site {
    /// The same with so many marked before it is their turn.
    fn run_ahead(
        &mut self,
        most: usize,
        play: impl Fn(&'static str, i64) -> Result<(), DeliveryOutcome> + Send + Sync + 'static,
    ) -> anyhow::Result<Tally> {
        let channels = self.channels(4, play);
        let ahead = LookAhead {
            most,
            journal: None,
        };
        let share = std::time::Duration::from_millis(20);
        Dispatch::start(channels, share, ahead)?.end(&mut self.book, &self.stop)
    }

    fn released(&self) -> BTreeSet<i64> {
        self.journal.released.lock().unwrap().clone()
    }
}

/// Sets of numbers that have nothing in common and are all of another.
fn are_parts(parts: [&BTreeSet<i64>; 2], whole: &BTreeSet<i64>) {
    assert!(parts[0].is_disjoint(parts[1]), "{parts:?}");
    let both: BTreeSet<i64> = parts[0].union(parts[1]).copied().collect();
    assert_eq!(&both, whole);
}

#[test]
fn many_are_marked_before_their_turn_in_few_commits_and_each_leaves_once() {
    let mut site = Site::new(3000);
    let tally = site
        .run_ahead(128, |step, id| match (step, id % 50) {
            ("prepare", 3) => Err(DeliveryOutcome::deferred("450")),
            ("prepare", 4) => Err(DeliveryOutcome::refused("550")),
            ("complete", 5) => Err(DeliveryOutcome::refused("554")),
            _ => Ok(()),
        })
        .unwrap();
    assert_eq!((tally.accepted, tally.deferred), (2820, 60));
    assert_eq!((tally.refused, tally.unknown), (120, 0));
    assert_eq!(
        (site.recorded().len(), site.completed().len()),
        (3000, 2880)
    );
    assert_eq!(site.released(), BTreeSet::new());
    assert!(tally.commits < 200, "{} commits", tally.commits);
}

#[test]
fn what_was_marked_and_had_no_turn_is_given_back() {
    for commits in [1, 2, 3, 5, 9] {
        let mut site = Site::new(1000);
        let stop = site.stop.clone();
        site.book.after_commit = Box::new(move |count| {
            if count == commits {
                stop.store(true, Ordering::SeqCst);
            }
        });
        let tally = site.run_ahead(128, |_, _| Ok(())).unwrap();
        assert!(tally.stopped);
        assert_eq!(site.recorded(), site.completed());
        let marked = site.journal.marked.lock().unwrap().clone();
        are_parts([&site.completed(), &site.released()], &marked);
    }
}

#[test]
fn a_server_that_fails_while_many_are_marked_costs_none_its_turn() {
    for step in ["prepare", "complete"] {
        let mut site = Site::new(1000);
        let tally = site
            .run_ahead(128, move |at, id| match id >= 300 && at == step {
                true if step == "prepare" => Err(DeliveryOutcome::unreachable("no route")),
                true => Err(DeliveryOutcome::unknown("no answer")),
                false => Ok(()),
            })
            .unwrap();
        assert!(tally.gave_up.is_some());
        // the last good ones may still wait for their turn when the server is given up
        assert!((297..=300).contains(&tally.accepted), "{}", tally.accepted);
        let marked = site.journal.marked.lock().unwrap().clone();
        let (recorded, released) = (site.recorded(), site.released());
        assert!(recorded.is_disjoint(&released));
        assert!(marked.is_subset(&recorded.union(&released).copied().collect()));
        let tried = site.journal.prepared.load(Ordering::SeqCst);
        assert!(tried < 320, "{tried}");
    }
}

#[test]
fn a_commit_that_fails_while_many_are_marked_loses_no_result() {
    for fail_from in 1..12 {
        let mut site = Site::new(1000);
        site.book.fail_from = fail_from;
        let error = site.run_ahead(128, |_, _| Ok(())).unwrap_err();
        let lost = &error.downcast_ref::<Unrecorded>().unwrap().settled;
        let lost: BTreeSet<i64> = lost.iter().map(|(id, _)| *id).collect();
        are_parts([&site.recorded(), &lost], &site.completed());
        let marked = site.journal.marked.lock().unwrap().clone();
        assert!(site.completed().is_subset(&marked));
    }
}

#[test]
fn what_a_person_dropped_before_its_turn_does_not_leave() {
    let mut site = Site::new(500);
    site.book.dropped = (0..500).filter(|id| id % 7 == 0).collect();
    site.run_ahead(128, |_, _| Ok(())).unwrap();
    let others: BTreeSet<i64> = (0..500).filter(|id| id % 7 != 0).collect();
    assert_eq!(
        (site.completed(), site.recorded()),
        (others.clone(), others)
    );
}

#[test]
fn a_connection_that_breaks_inside_poms_leaves_the_marked_ones_to_the_others() {
    let mut site = Site::new(500);
    let tally = site
        .run_ahead(128, |step, id| match (step, id) {
            ("prepare", 110) | ("complete", 220) => panic!("a bug"),
            _ => Ok(()),
        })
        .unwrap();
    assert_eq!((tally.accepted, tally.deferred, tally.unknown), (498, 1, 1));
    // all of them: what is left is given back
    let mut site = Site::new(500);
    let tally = site.run_ahead(
        128,
        |_, id| if id >= 250 { panic!("a bug") } else { Ok(()) },
    );
    assert!(tally.unwrap().gave_up.is_some());
    let marked = site.journal.marked.lock().unwrap().clone();
    let ended: BTreeSet<i64> = site.recorded().union(&site.released()).copied().collect();
    assert!(marked.is_subset(&ended));
}
