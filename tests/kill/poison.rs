//! A message that kills the run whenever it is read. To the ledger that is a run that ends between
//! the commit that counts the attempt and the commit that says what came of it, so that is where
//! the runs are struck down.

use super::*;
use crate::support::scene::config;

/// Number, state and attempts of the messages.
fn messages(scene: &Scene) -> Vec<(String, i64)> {
    let ledger = scene.ledger();
    let mut rows = ledger
        .prepare("SELECT state, attempts FROM message ORDER BY id")
        .unwrap();
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.unwrap().map(Result::unwrap).collect()
}

/// The site after a run that was killed when its messages stood like this.
fn killed_with(scene: &Scene, wanted: &[(&str, i64)]) -> Scene {
    let wanted: Vec<(String, i64)> = wanted.iter().map(|(s, n)| ((*s).to_owned(), *n)).collect();
    // a commit is many writes: some of them are mostly met by steps of four
    for first in 1..=4 {
        for when in (first..1000).step_by(4) {
            let trial = scene.again();
            if !strace::strike(&trial, "pwrite64", when) {
                break;
            }
            if messages(&trial) == wanted {
                return trial;
            }
        }
    }
    panic!("no kill left the messages as {wanted:?}");
}

#[test]
fn a_message_that_crashes_three_runs_is_quarantined_and_the_others_are_placed() {
    let desk = TestDesk::stocked();
    for number in 1..=3 {
        desk.order(&order(number));
    }
    let scene = Scene::of(&desk);
    scene.configure(&config("kind = \"maildir\"\npath = \"mail/sent\"", ""));
    // all are being read: nobody knows which of them it is
    let scene = killed_with(&scene, &[("pending", 1); 3]);
    // one after the other
    let scene = killed_with(&scene, &[("accepted", 2), ("pending", 2), ("pending", 1)]);
    let scene = killed_with(&scene, &[("accepted", 2), ("pending", 3), ("pending", 1)]);
    let report = scene.run(&["process", "--json"], NOW).ok().json();
    let expected = json!({"seen": 2, "accepted": 1, "duplicate": 0, "held": 0, "quarantined": 1, "ignored": 0});
    assert_eq!(report["messages"], expected, "{report:#}");
    let now: Vec<String> = messages(&scene)
        .into_iter()
        .map(|(state, _)| state)
        .collect();
    assert_eq!(now, ["accepted", "quarantined", "accepted"]);
    let placed = scene.count("SELECT COUNT(*) FROM orders WHERE state = 'placed'");
    assert_eq!(placed, 2);
    let reason: String = scene
        .ledger()
        .query_row(
            "SELECT message FROM exception WHERE code = 'unreadable_message'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert!(reason.contains("begun 3 times and never ended"), "{reason}");
    assert_eq!(scene.problems(), Vec::<String>::new());
}
