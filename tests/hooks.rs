//! What happens to orders, told to programs and services outside.

mod services;

use crate::support::desk::TestDesk;
use serde_json::Value;
use services::{posts_to, receiver};
use std::os::unix::fs::PermissionsExt;

/// A site with a program that keeps what it is told, a line for each event, and does as `then` says.
fn told_to_a_program(then: &str, more: &str) -> TestDesk {
    let desk = TestDesk::stocked();
    let program = desk.path("tell");
    let seen = desk.path("seen");
    let script = format!(
        "#!/bin/sh\ncat >>'{0}'\necho >>'{0}'\n{then}\n",
        seen.display()
    );
    desk.file("tell", script.as_bytes());
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
    desk.config(&format!(
        "[[hook]]\nname = \"warehouse\"\non = [\"order.*\", \"po.sent\", \"exception.opened\"]\nprogram = [\"{}\"]\n{more}",
        program.display()
    ));
    desk
}

/// What the program was told, in order.
fn seen(desk: &TestDesk) -> Vec<Value> {
    let text = std::fs::read_to_string(desk.path("seen")).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.is_empty());
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn words(events: &[Value]) -> Vec<&str> {
    events
        .iter()
        .map(|event| event["event"].as_str().unwrap())
        .collect()
}

#[test]
fn a_program_is_told_in_order_and_once() {
    let desk = told_to_a_program("", "");
    desk.order(&TestDesk::plain_order("W1"));
    desk.run(&["process"]).done();
    let first = seen(&desk);
    assert_eq!(words(&first), ["order.received", "order.placed", "po.sent"]);
    assert_eq!(first[1]["order"], "W1");
    assert_eq!(first[1]["entity"], "order:W1");
    assert_eq!(first[2]["entity"], "po:W1-1");
    assert!(first[0]["sequence"].as_i64() < first[1]["sequence"].as_i64());
    // what it says to read next can be typed
    for event in &first {
        let show: Vec<&str> = event["show"]
            .as_array()
            .unwrap()
            .iter()
            .map(|word| word.as_str().unwrap())
            .collect();
        desk.run(&[&["--json"], &show[..]].concat()).ok();
    }
    // once, and nothing of what is nobody's business
    desk.now("2025-06-02T10:15:00Z").run(&["process"]).done();
    assert_eq!(seen(&desk).len(), first.len());
    let mut bad = TestDesk::plain_order("W2");
    bad["lines"][0]["sku"] = "NO-SUCH".into();
    desk.order(&bad);
    desk.now("2025-06-02T10:25:00Z").run(&["process"]);
    let all = seen(&desk);
    assert_eq!(
        words(&all[3..]),
        ["order.received", "exception.opened", "order.held"]
    );
    let ids: std::collections::BTreeSet<&str> = all
        .iter()
        .map(|event| event["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), all.len());
    desk.run(&["verify"]).ok();
}

#[test]
fn a_hook_that_is_new_hears_nothing_of_before() {
    let desk = TestDesk::stocked();
    desk.order(&TestDesk::plain_order("W1"));
    desk.run(&["process"]).done();
    let later = told_to_a_program("", "");
    std::fs::copy(desk.path("poms.db"), later.path("poms.db")).unwrap();
    for beside in ["poms.db-wal", "poms.db.anchor"] {
        let _ = std::fs::copy(desk.path(beside), later.path(beside));
    }
    later.now("2025-06-02T10:15:00Z").run(&["process"]).done();
    assert_eq!(seen(&later), Vec::<Value>::new());
}

/// What was done under the system before is nothing that a warehouse shall do again.
#[test]
fn what_is_adopted_is_no_event() {
    let desk = told_to_a_program("", "");
    desk.run(&["process"]).done();
    let file = serde_json::json!({"orders": [{"order": TestDesk::plain_order("W9"), "purchase_orders": [
        {"number": "4711", "vendor": "ACME", "sent": "2025-06-01", "lines": [{"line": 1}]}]}]});
    desk.file("under-way.json", file.to_string().as_bytes());
    desk.run(&["order", "adopt", "under-way.json", "--note", "x"])
        .ok();
    desk.now("2025-06-02T10:15:00Z").run(&["process"]).done();
    assert_eq!(seen(&desk), Vec::<Value>::new());
    desk.run(&["order", "cancel", "W9", "--note", "x"]).ok();
    desk.now("2025-06-02T10:25:00Z").run(&["process"]);
    assert_eq!(words(&seen(&desk)), ["order.cancelled"]);
}

#[test]
fn a_program_that_fails_is_told_again_later() {
    let desk = told_to_a_program(
        "[ -e fail ] && { echo out of paper >&2; exit 1; }; exit 0",
        "",
    );
    desk.file("fail", b"");
    desk.order(&TestDesk::plain_order("W1"));
    // cron is not woken by it
    desk.run(&["process"]).done();
    let waits = desk.run(&["outbox", "list"]).ok().stdout;
    assert!(waits.contains("out of paper"), "{waits}");
    assert_eq!(
        words(&seen(&desk)),
        ["order.received", "order.placed", "po.sent"],
        "left alone after three"
    );
    std::fs::remove_file(desk.path("fail")).unwrap();
    desk.now("2025-06-02T11:15:00Z").run(&["process"]).done();
    let all = seen(&desk);
    assert_eq!(all.len(), 6);
    assert_eq!(all[..3], all[3..], "the same events with the same ids");
    assert_eq!(
        desk.run(&["--json", "outbox", "list"]).json()["deliveries"]
            .as_array()
            .map_or(0, Vec::len),
        0
    );
}

#[test]
fn where_it_must_be_once_a_person_decides() {
    let desk = told_to_a_program("exec sleep 30", "timeout_seconds = 1\nonce = true\n");
    desk.order(&TestDesk::plain_order("W1"));
    let said = desk.run(&["process"]);
    assert!(
        said.stderr
            .contains("may or may not have reached warehouse"),
        "{} {}",
        said.stdout,
        said.stderr
    );
    let list = desk.run(&["exceptions", "list"]).ok().stdout;
    assert!(list.contains("delivery_unknown"), "{list}");
    let again = desk.now("2025-06-02T11:15:00Z").run(&["process"]);
    assert_eq!(seen(&desk).len(), 3, "{}", again.stdout);
}

#[test]
fn an_event_of_a_hook_that_is_gone_is_told_to_a_person() {
    let desk = told_to_a_program("exit 1", "");
    desk.order(&TestDesk::plain_order("W1"));
    desk.run(&["process"]);
    desk.config("");
    let said = desk.now("2025-06-02T12:15:00Z").run(&["process"]);
    assert!(
        said.stdout.contains("no [[hook]] named 'warehouse'")
            || desk
                .run(&["exceptions", "list"])
                .stdout
                .contains("no [[hook]] named 'warehouse'"),
        "{}",
        said.stdout
    );
}

#[test]
fn check_tries_each_and_a_wrong_one_is_refused() {
    let (port, all) = receiver(&["204 Taken"]);
    let desk = posts_to(port);
    let said = desk.run(&["check"]).stdout;
    assert!(
        said.contains("hook erp") && said.contains("no event was posted"),
        "{said}"
    );
    assert_eq!(
        all.lock()
            .unwrap()
            .iter()
            .filter(|posted| !posted.0.is_empty())
            .count(),
        0
    );
    for (more, words) in [
        (
            "name = \"a\"\non = [\"po.praised\"]\nprogram = [\"/bin/true\"]",
            "'po.praised' is no event",
        ),
        ("name = \"a\"\nprogram = [\"/bin/true\"]", "on: is missing"),
        (
            "name = \"a\"\non = [\"*\"]\nprogram = [\"true\"]",
            "with its whole path",
        ),
        (
            "name = \"a\"\non = [\"*\"]",
            "a hook has a url, or a program",
        ),
        (
            "name = \"a\"\non = [\"*\"]\nurl = \"http://hooks.example/\"\nsecret = \"x\"",
            "would show",
        ),
        (
            "name = \"a\"\non = [\"*\"]\nurl = \"https://hooks.example/\"",
            "openssl rand",
        ),
    ] {
        desk.config(&format!("[[hook]]\n{more}\n"));
        let said = desk.run(&["check"]);
        let said = format!("{}{}", said.stdout, said.stderr);
        assert!(said.contains(words), "no '{words}' in {said}");
    }
}

#[test]
fn the_page_names_every_event() {
    const HEAD: &str = "| event | when |\n|---|---|\n";
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/hooks.md");
    let page = std::fs::read_to_string(&file).unwrap();
    let (before, table) = page.split_once(HEAD).expect("the table at the end");
    let events = poms::domain::event::EVENTS.iter();
    let made: String = events
        .map(|event| format!("| `{}` | {} |\n", event.word, event.meaning))
        .collect();
    if std::env::var("POMS_DOCS").as_deref() == Ok("write") {
        std::fs::write(&file, format!("{before}{HEAD}{made}")).unwrap();
        return;
    }
    assert_eq!(
        table, made,
        "POMS_DOCS=write cargo test --test main -- hooks writes it"
    );
}
