//! Every command that `exceptions show` prints, of every exception in every state of what it hangs on:
//! its blanks are filled in, and it is rehearsed; none may be refused.

mod bench;
mod fill;
mod money;
mod orders;
mod papers;

use bench::Bench;
use poms::domain::codes::CODES;
use std::collections::BTreeSet;

/// What was found wrong, for people.
fn told(faults: &[String]) -> String {
    format!("{} commands:\n{}", faults.len(), faults.join("\n"))
}

#[test]
fn no_screen_prints_a_command_that_its_state_refuses() {
    let scenes = [orders::scene, papers::scene, money::scene];
    let of_one = |scene: fn() -> Bench| {
        let bench = scene();
        let printed = bench.printed();
        let codes: BTreeSet<String> = printed.iter().map(|one| one.code.clone()).collect();
        (codes, bench.rehearse(&printed))
    };
    let (mut seen, mut faults) = (BTreeSet::new(), Vec::new());
    std::thread::scope(|scope| {
        let running = scenes.map(|scene| scope.spawn(move || of_one(scene)));
        for one in running {
            let (codes, more) = one.join().expect("a scene");
            seen.extend(codes);
            faults.extend(more);
        }
    });
    assert!(faults.is_empty(), "{}", told(&faults));
    let all: BTreeSet<String> = CODES.iter().map(|code| code.to_string()).collect();
    let missing: Vec<_> = all.difference(&seen).collect();
    assert!(missing.is_empty(), "no scene has {missing:?}");
}

/// What is printed about a held order is done for real, by the program itself, and ends it.
#[test]
fn what_is_printed_about_a_held_order_places_it() {
    let bench = orders::held();
    let printed = bench.printed();
    let of = |number: &str| {
        let same = printed.iter().filter(|one| one.number() == number);
        same.map(|one| one.id).collect::<BTreeSet<_>>().len()
    };
    let amends = printed
        .iter()
        .filter(|one| one.command.contains(" --amend "));
    // what holds an order alone
    let amends = amends.filter(|one| of(&one.number()) == 1);
    let (mut done, mut placed) = (0, BTreeSet::new());
    for one in amends {
        // of several ways to amend one order the first: it is not held any more then
        if !placed.insert(one.number()) {
            continue;
        }
        let words = fill::filled(one);
        let words: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
        let said = bench.desk.run(&words);
        assert_eq!(said.code, 0, "{words:?}: {}", said.stderr);
        let placed = said.stdout.contains(" is placed.");
        assert!(placed, "{}: {words:?}: {}", one.code, said.stdout);
        done += 1;
    }
    assert!(done >= 19, "{done} of {printed:#?}");
}

#[test]
fn a_blank_is_never_acted_on() {
    let bench = orders::held();
    let printed = bench.printed();
    let mut done = BTreeSet::new();
    for one in &printed {
        // one of each kind is enough for the program; all have the note's blank
        let kind = one.command.split(" --").nth(1).unwrap_or_default();
        let kind = kind.split(['=', ' ']).next().unwrap_or_default().to_owned();
        if done.insert(kind) {
            let words = super::amendments::words(&one.command);
            let words: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
            let refused = &["is still to be filled in", "nothing was done"];
            bench.desk.run(&words).fails(1, refused);
        }
    }
    assert!(done.len() >= 4, "{done:?}");
}
