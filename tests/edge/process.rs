//! `poms process` as cron and a person at a terminal meet it.

use crate::support::desk::TestDesk;
use crate::support::scene::{POMS, Scene, config, smtp_config, snapshot};
use crate::support::smtp::{Act, Fake, NO_CUT};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

const NOW: &str = "2025-06-02T10:05:00Z";

/// A good order, a bad one, a garbled mail.
fn batch() -> TestDesk {
    let desk = TestDesk::stocked();
    let mut bad = TestDesk::plain_order("W200002");
    bad["ship_to"]["zip"] = json!("10001");
    desk.order(&TestDesk::plain_order("W200001")).order(&bad);
    desk.raw_mail(b"From: a@b.example\r\nSubject: hello\r\n\r\nwhat are your opening hours?\r\n");
    desk
}

/// Every path with its bytes, but without the lock: its text is for people.
fn site(scene: &Scene) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = snapshot(&scene.path(""));
    found.remove(&scene.path("poms.db.lock"));
    found
}

/// The first path in which two snapshots differ.
fn difference(
    one: &BTreeMap<PathBuf, Vec<u8>>,
    two: &BTreeMap<PathBuf, Vec<u8>>,
) -> Option<PathBuf> {
    let paths = one.keys().chain(two.keys());
    paths
        .into_iter()
        .find(|path| one.get(*path) != two.get(*path))
        .cloned()
}

#[test]
fn a_second_run_exits_75_at_once_and_writes_nothing() {
    let scene = Scene::of(&batch());
    let server = Fake::start(&[], NO_CUT, |_| Act::Stall);
    scene.configure(&smtp_config(server.port, 1, ""));
    let mut first = scene.command(POMS, &["process"], NOW).spawn().unwrap();
    while server.connections() == 0 {
        assert!(first.try_wait().unwrap().is_none(), "the first run ended");
        std::thread::sleep(Duration::from_millis(10));
    }
    let before = site(&scene);
    for args in [
        &["process"][..],
        &["process", "--dry-run"],
        &["process", "--json"],
    ] {
        // within a second (threats.md, row 24); where other tests hold the processors up, in one of
        // a few tries
        let quick = (0..5).any(|_| {
            let begun = Instant::now();
            let second = scene.run(args, NOW);
            let took = begun.elapsed();
            let second = second.fails(75, &["another run", "poms.db.lock"]);
            assert_eq!(second.stderr.lines().count(), 1, "{}", second.stderr);
            took < Duration::from_secs(1)
        });
        assert!(quick, "{args:?}");
    }
    assert_eq!(difference(&before, &site(&scene)), None);
    first.kill().unwrap();
    first.wait().unwrap();
}

#[test]
fn all_well_is_silence_and_exit_0() {
    let desk = batch();
    let first = desk.run(&["process"]).ok();
    assert_eq!(first.stdout, "");
    assert_eq!(desk.run(&["process"]).ok().stdout, "");
    assert_eq!(desk.waiting(), 0);
    let said = desk.run(&["-v", "process"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert!(
        said.stdout.contains("Messages") && said.stdout.contains("0 seen"),
        "{}",
        said.stdout
    );
}

/// The keys of a document, those within as `messages.seen`, in any order.
fn keys(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (key, value) in document.as_object().unwrap() {
        match value.as_object() {
            Some(inner) => found.extend(inner.keys().map(|inner| format!("{key}.{inner}"))),
            None => found.push(key.clone()),
        }
    }
    found.sort();
    found
}

#[test]
fn the_json_document_is_the_contracts() {
    let contract = json!({"run": 12, "started": "…", "finished": "…", "dry_run": false,
        "messages": {"seen": 5, "accepted": 3, "duplicate": 1, "held": 0, "quarantined": 1, "ignored": 0},
        "orders": {"received": 3, "ready": 2, "held": 1, "placed": 2},
        "purchase_orders": {"created": 3},
        "deliveries": {"sent": 5, "deferred": 0, "failed": 0, "unknown": 0},
        "exceptions": {"opened": 2, "open": 2},
        "failures": []});
    let desk = batch();
    for args in [
        &["process", "--dry-run", "--json"][..],
        &["process", "--json"],
        &["--json", "process"],
    ] {
        let report = desk.run(args).ok().json();
        assert_eq!(keys(&report), keys(&contract), "{args:?}");
        assert_eq!(report["dry_run"], args.contains(&"--dry-run"));
        assert_eq!(report["failures"], json!([]));
        for time in ["started", "finished"] {
            let text = report[time].as_str().unwrap();
            assert!(
                text.ends_with('Z') && chrono::DateTime::parse_from_rfc3339(text).is_ok(),
                "{text}"
            );
        }
        let number = |key: &str| report["messages"][key].as_u64().unwrap();
        let sum = ["accepted", "duplicate", "held", "quarantined", "ignored"]
            .map(number)
            .iter()
            .sum::<u64>();
        assert_eq!(number("seen"), sum);
    }
}

#[test]
fn a_dry_run_leaves_no_trace_and_tells_what_the_real_one_does() {
    for smtp in [true, false] {
        let scene = Scene::of(&batch());
        let server = Fake::usual(&["PIPELINING"]);
        scene.configure(&match smtp {
            true => smtp_config(server.port, 2, ""),
            false => config("kind = \"maildir\"\npath = \"mail/sent\"", ""),
        });
        let before = site(&scene);
        let mut dry = scene
            .run(&["process", "--dry-run", "--json"], NOW)
            .ok()
            .json();
        assert_eq!(difference(&before, &site(&scene)), None, "a trace was left");
        let said = scene.run(&["process", "--dry-run"], NOW).ok().stdout;
        assert!(said.contains("rehearsal"), "{said}");
        assert_eq!(difference(&before, &site(&scene)), None, "a trace was left");
        assert_eq!(server.connections(), 0, "the mail server heard of it");

        let mut real = scene.run(&["process", "--json"], NOW).ok().json();
        for report in [&mut dry, &mut real] {
            report.as_object_mut().unwrap().remove("deliveries");
            report["dry_run"] = json!(null);
        }
        assert_eq!(dry, real);
        assert!(difference(&before, &site(&scene)).is_some());
    }
}

#[test]
fn a_dry_run_shows_the_whole_batch() {
    let desk = batch();
    let said = desk.run(&["process", "--dry-run"]).ok().stdout;
    for word in ["W200001", "W200002", "bad_zip", "Acme Home Goods"] {
        assert!(said.contains(word), "no '{word}' in:\n{said}");
    }
}

#[test]
fn what_is_typed_wrongly_exits_2_and_says_so() {
    let desk = batch();
    let before = snapshot(&desk.path(""));
    let cases: [(&[&str], &str); 12] = [
        (&[], "Usage"),
        (&["proces"], "process"),
        (&["process", "--dryrun"], "--dry-run"),
        (&["process", "now"], "now"),
        (&["--nosuch", "process"], "--nosuch"),
        (&["order"], "show"),
        (&["order", "shwo", "W200001"], "show"),
        (&["order", "show"], "ORDER"),
        (&["exceptions", "resolve", "1"], "--release"),
        (
            &["exceptions", "resolve", "one", "--dismiss", "--note", "x"],
            "one",
        ),
        (&["-q", "-v", "process"], "--verbose"),
        (&["catalogue", "import"], "FILE"),
    ];
    for (args, word) in cases {
        let done = desk.run(args);
        assert_eq!(done.code, 2, "{args:?}: {}{}", done.stdout, done.stderr);
        assert!(
            done.stderr.contains(word),
            "{args:?}: no '{word}' in {}",
            done.stderr
        );
    }
    assert!(before == snapshot(&desk.path("")), "something was written");
}

#[test]
fn a_configuration_that_is_wrong_exits_2_and_names_the_place() {
    let good = config("kind = \"maildir\"\npath = \"mail/sent\"", "");
    let cases: [(&str, &str, &[&str]); 8] = [
        ("timezone =", "timezoone =", &["timezoone", "timezone"]),
        (
            "America/New_York",
            "America/New_Yorck",
            &["America/New_Yorck"],
        ),
        (
            "kind = \"maildir\"\npath = \"mail/sent\"",
            "kind = \"pigeon\"",
            &["pigeon"],
        ),
        (
            "[limits]",
            "[rules]\nbad_zipp = { severity = \"hold\" }\n[limits]",
            &["bad_zipp", "bad_zip"],
        ),
        (
            "[limits]",
            "[rules]\nbad_zip = { severity = \"maybe\" }\n[limits]",
            &["maybe", "hold"],
        ),
        ("keys/shop.sec.asc", "keys/nosuch.asc", &["keys/nosuch.asc"]),
        ("[site]", "[site", &["poms.toml", "1"]),
        (
            "email = \"orders@shop.example\"",
            "email = \"orders@shop\\r\\nBcc: x@y.example\"",
            &["email"],
        ),
    ];
    for (old, new, words) in cases {
        let desk = batch();
        desk.file("poms.toml", good.replacen(old, new, 1).as_bytes());
        let done = desk.run(&["process"]);
        assert_eq!(done.code, 2, "{new}: {}{}", done.stdout, done.stderr);
        for word in words {
            assert!(
                done.stderr.contains(word),
                "{new}: no '{word}' in {}",
                done.stderr
            );
        }
    }
    let desk = batch();
    let done = desk.run(&["--config", "nowhere.toml", "process"]);
    done.fails(2, &["nowhere.toml"]);
}
