//! `--dry-run`: every command that changes something says what it would do, and does nothing of it.

mod busy;

use crate::support::desk::TestDesk;
use busy::{busy, files};
use clap::CommandFactory;
use poms::cli::args::Args;
use poms::reports::money::REPORTS;
use std::collections::BTreeSet;

/// Commands that change nothing, whatever is typed.
const LOOKING: &[&str] = &[
    "check",
    "stop show",
    "catalogue list",
    "catalogue show",
    "vendors list",
    "vendors show",
    "invoice list",
    "invoice show",
    "exceptions list",
    "exceptions show",
    "order show",
    "order route",
    "order list",
    "order search",
    "format list",
    "format test",
    "report shop",
    "po show",
    "po list",
    "po pdf",
    "shipment list",
    "return list",
    "return show",
    "notices preview",
    "outbox list",
    "outbox show",
    "fax log",
    "message list",
    "stock list",
    "stock show",
    "message attachment",
    "message show",
    "audit show",
    "verify",
    "status",
    "completions",
];

/// Commands that only make files: no --dry-run.
const MAKING: &[&str] = &["demo", "init", "backup"];

/// Each command that acts, as it would succeed on [`busy`].
const ACTING: &[&[&str]] = &[
    &["process"],
    &["stop", "on", "--note", "x"],
    &["stop", "off", "--note", "x"],
    &["catalogue", "import", "new.csv"],
    &["vendors", "import", "vendors2.csv"],
    &["import-advices", "rest.csv"],
    &["import-invoices", "bill.csv"],
    &[
        "export",
        "bills",
        "--from",
        "2025-06-01",
        "--to",
        "2025-06-30",
        "-o",
        "b.csv",
    ],
    &[
        "export",
        "credits",
        "--from",
        "2025-06-01",
        "--to",
        "2025-06-30",
        "-o",
        "c.csv",
    ],
    &[
        "export",
        "refunds",
        "--from",
        "2025-06-01",
        "--to",
        "2025-06-30",
        "-o",
        "r.csv",
    ],
    &["exceptions", "resolve", "1", "--dismiss", "--note", "x"],
    &["exceptions", "snooze", "1", "--days", "7", "--note", "x"],
    &["order", "note", "W1", "x"],
    &["order", "add", "order.json", "--note", "x"],
    &["order", "adopt", "adopt.json", "--note", "x"],
    &[
        "vendors",
        "close",
        "ACME",
        "--until",
        "2025-06-20",
        "--note",
        "x",
    ],
    &["vendors", "open", "ACME", "--note", "x"],
    &["stock", "import", "stock.csv", "--vendor", "ACME"],
    &["po", "cost", "W1-1", "BF63-12163=60.00", "--note", "x"],
    &["order", "hold", "W2", "--note", "x"],
    &["order", "release", "W2", "--note", "x"],
    &["order", "cancel", "W2", "--note", "x"],
    &[
        "order",
        "refund",
        "W4",
        "--method",
        "card",
        "--reference",
        "r",
    ],
    &["po", "resend", "W1-1", "--note", "x"],
    &["po", "answer", "W1-1", "accepted", "--note", "x"],
    &[
        "order",
        "change",
        "W1",
        "ship_to.street2=Rear",
        "--note",
        "x",
    ],
    &["po", "revision-agreed", "W8-1", "--note", "x"],
    &["po", "revision-refused", "W8-1", "--note", "x"],
    &["po", "cancel-agreed", "W1-1", "--note", "x"],
    &["po", "cancel-refused", "W1-1", "--note", "x"],
    &["po", "delivered", "W1-1", "--note", "x"],
    &[
        "shipment",
        "retrack",
        "2",
        "--tracking",
        "1Z879E930346834440",
        "--note",
        "x",
    ],
    &["shipment", "undo", "2", "--note", "x"],
    &["shipment", "add", "W1-1", "BF63-12163=1", "--note", "x"],
    &["return", "open", "W1", "1=1", "--reason", "x"],
    &["return", "authorise", "R-W1-1", "--note", "x"],
    &["return", "reject", "R-W1-1", "--note", "x"],
    &["return", "receive", "R-W1-2", "1=1"],
    &["return", "inspect", "R-W1-3", "1=restock"],
    &[
        "return",
        "refund",
        "R-W1-4",
        "--method",
        "card",
        "--reference",
        "r",
    ],
    &["outbox", "retry", "9", "--note", "x"],
    &["outbox", "confirm", "9", "--note", "x"],
    &["outbox", "drop", "10", "--note", "x"],
    &["source", "reread", "webshop", "--from", "2025-06-01"],
    &["message", "reprocess", "2", "--note", "x"],
    &["message", "answer", "2", "--text", "x", "--note", "x"],
];

/// Every command that can be typed, by its words.
fn typed() -> BTreeSet<String> {
    fn walk(command: &clap::Command, words: &str, all: &mut BTreeSet<String>) {
        let below: Vec<_> = command.get_subcommands().collect();
        if below.is_empty() {
            all.insert(words.trim().to_owned());
        }
        for one in below {
            walk(one, &format!("{words} {}", one.get_name()), all);
        }
    }
    let mut all = BTreeSet::new();
    walk(&Args::command(), "", &mut all);
    all
}

#[test]
fn every_command_is_rehearsed_here_or_has_nothing_to_rehearse() {
    let mut known: BTreeSet<String> = LOOKING
        .iter()
        .chain(MAKING)
        .map(|c| (*c).to_owned())
        .chain(REPORTS.iter().map(|one| format!("report {}", one.name)))
        .collect();
    let all = typed();
    for words in ACTING {
        let two = words[..2.min(words.len())].join(" ");
        known.insert(if all.contains(words[0]) {
            words[0].to_owned()
        } else {
            two
        });
    }
    known.insert("recover".to_owned());
    assert_eq!(known, all);
}

#[test]
fn a_rehearsed_act_says_what_it_would_do_and_leaves_no_trace() {
    let desk = busy();
    let before = files(&desk);
    let say = |words: &[&str]| {
        let mut args = words.to_vec();
        args.push("--dry-run");
        desk.run(&args)
    };
    for words in ACTING {
        let said = say(words);
        assert_eq!(said.code, 0, "{words:?}: {}{}", said.stdout, said.stderr);
        assert!(
            said.stdout.contains("This was a rehearsal"),
            "{words:?}: {}",
            said.stdout
        );
        let mut json = words.to_vec();
        json.push("--json");
        let document = say(&json).json();
        assert_eq!(document["dry_run"], true, "{words:?}: {document:#}");
        let after = files(&desk);
        let changed: Vec<_> = (before.keys().chain(after.keys()))
            .filter(|path| before.get(*path) != after.get(*path))
            .collect();
        assert!(changed.is_empty(), "{words:?} changed {changed:?}");
    }
    // what was rehearsed can be done
    let said = desk
        .run(&["return", "receive", "R-W1-2", "1=1"])
        .ok()
        .stdout;
    assert!(!said.contains("rehearsal"), "{said}");
    desk.run(&["verify"]).ok();
}

#[test]
fn a_rehearsal_refuses_what_the_act_refuses() {
    let desk = TestDesk::stocked();
    desk.order(&TestDesk::plain_order("W1"));
    desk.run(&["process"]).ok();
    let open = ["return", "open", "W1", "1=1", "--reason", "x", "--dry-run"];
    desk.run(&open).fails(1, &["0 shipped"]);
    for words in [&["init", "site"][..], &["demo", "d"], &["backup", "b.db"]] {
        let mut args = words.to_vec();
        args.push("--dry-run");
        desk.run(&args)
            .fails(2, &["cannot be rehearsed", "leave --dry-run away"]);
    }
    assert!(!desk.path("site").exists() && !desk.path("d").exists() && !desk.path("b.db").exists());
    desk.run(&["po", "pdf", "W1-1", "-o", "po.pdf", "--dry-run"])
        .ok();
    assert!(!desk.path("po.pdf").exists());
}

#[test]
fn a_rehearsed_recovery_keeps_the_anchors() {
    let desk = TestDesk::stocked();
    let old = std::fs::read(desk.path("poms.db")).expect("the ledger");
    desk.run(&["stop", "on", "--note", "x"]).ok();
    desk.file("poms.db", &old);
    let before = files(&desk);
    let said = desk
        .run(&["recover", "--note", "x", "--dry-run"])
        .ok()
        .stdout;
    assert!(said.contains("This was a rehearsal"), "{said}");
    assert_eq!(files(&desk), before);
    // nothing acts on the older ledger, and makes it the one that counts
    for words in [
        &["stop", "on", "--note", "x"][..],
        &["vendors", "import", "vendors.csv"],
        &["order", "note", "W1", "x"],
    ] {
        desk.run(words).fails(1, &["older than its last anchor"]);
    }
}
