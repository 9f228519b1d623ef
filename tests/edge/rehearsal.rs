//! `--dry-run`: every command that changes something says what it would do, and does nothing of it.

use crate::support::desk::TestDesk;
use crate::support::scene::snapshot;
use crate::support::shop::woocommerce;
use clap::CommandFactory;
use poms::cli::args::Args;
use poms::reports::money::REPORTS;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

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
    &["po", "revision-agreed", "W1-1", "--note", "x"],
    &["po", "revision-refused", "W1-1", "--note", "x"],
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
    &["outbox", "retry", "6", "--note", "x"],
    &["outbox", "confirm", "6", "--note", "x"],
    &["outbox", "drop", "7", "--note", "x"],
    &["source", "reread", "webshop", "--from", "2025-06-01"],
    &["message", "reprocess", "2", "--note", "x"],
    &["message", "answer", "2", "--text", "x", "--note", "x"],
];

fn closed_on_a_weekend(desk: &TestDesk) {
    let days = [
        "--from",
        "2025-06-07",
        "--until",
        "2025-06-08",
        "--note",
        "x",
    ];
    desk.run(&[&["vendors", "close", "ACME"][..], &days].concat())
        .ok();
}

/// A site on which each of [`ACTING`] has something to do.
fn busy() -> TestDesk {
    let desk = TestDesk::stocked();
    let mut order = TestDesk::plain_order("W1");
    order["lines"][0]["qty"] = json!(7);
    order["total"] = json!("757.61");
    let mut bad = TestDesk::plain_order("W2");
    bad["ship_to"]["zip"] = json!("10001");
    ready_files(&desk);
    let shop = shop(&desk);
    desk.config(&shop);
    desk.order(&order);
    desk.raw_mail(b"From: a@b.example\r\nSubject: hello\r\n\r\nwhat are your opening hours?\r\n");
    desk.order(&bad);
    bad["order_number"] = json!("W4");
    desk.order(&bad);
    let mut third = TestDesk::plain_order("W3");
    third["customer"]["email"] = json!("third@mail.example");
    desk.order(&third);
    closed_on_a_weekend(&desk);
    desk.run(&["process"]).ok();
    let row = |qty: u8| {
        format!(
            "po_number,sku,qty,carrier,tracking_number\nW1-1,BF63-12163,{qty},UPS,1Z5R89390357567127\n"
        )
    };
    desk.file("first.csv", row(5).as_bytes());
    desk.file("rest.csv", row(1).replace("7127", "7127 ").as_bytes());
    desk.run(&["import-advices", "first.csv"]).ok();
    let third = row(1).replace("W1-1", "W3-1").replace("7127", "7128");
    desk.file("third.csv", third.as_bytes());
    desk.run(&["import-advices", "third.csv"]).ok();
    let bill = "vendor,number,date,po_number,total\nAcme Home Goods,A-1,2025-06-05,W1-1,307.50\n";
    desk.file("bill0.csv", bill.as_bytes());
    desk.run(&["import-invoices", "bill0.csv"]).ok();
    desk.file("bill.csv", bill.replace("A-1", "A-2").as_bytes());
    let lost = "lost_in_transit";
    for kind in ["refused_at_door", "return", "return", lost] {
        let words = [
            "return", "open", "W1", "1=1", "--reason", "x", "--kind", kind,
        ];
        desk.run(&words).ok();
    }
    let address = "[returns]\naddress = [\"Shop\", \"1 Main Street\", \"Portland, ME 04101\"]";
    desk.config(&format!("{address}\n{shop}"));
    for rma in ["R-W1-2", "R-W1-3", "R-W1-4"] {
        desk.run(&["return", "authorise", rma, "--note", "x"]).ok();
    }
    desk.run(&["return", "receive", "R-W1-3", "1=1"]).ok();
    take_back(&desk);
    desk.run(&["outbox", "drop", "6", "--note", "x"]).ok();
    desk
}

/// Files that a person has ready.
fn ready_files(desk: &TestDesk) {
    let by_hand = TestDesk::plain_order("W9").to_string();
    desk.file("order.json", by_hand.as_bytes());
    let under_way = json!({"orders": [{"order": TestDesk::plain_order("W77"), "purchase_orders": [
        {"number": "4711", "vendor": "ACME", "sent": "2025-05-28", "lines": [{"line": 1}]}]}]});
    desk.file("adopt.json", under_way.to_string().as_bytes());
    desk.file(
        "new.csv",
        crate::support::desk::CATALOGUE
            .replace("29.90", "31.90")
            .as_bytes(),
    );
    desk.file("stock.csv", b"sku,qty,cost\nAC-12163,3,61.60\n");
    desk.file(
        "vendors2.csv",
        crate::support::desk::VENDORS
            .replace("orders@", "o@")
            .as_bytes(),
    );
}

/// A cancellation of W1-1 that waits for its vendor, and money that is owed for W4.
fn take_back(desk: &TestDesk) {
    desk.run(&["order", "cancel", "W4", "--note", "x"]).ok();
    let unsent = "cancelled_before_shipping";
    desk.run(&[
        "return", "open", "W1", "1=1", "--reason", "x", "--kind", unsent,
    ])
    .ok();
    desk.run(&["return", "authorise", "R-W1-5", "--note", "x"])
        .ok();
}

/// A shop without orders, for as long as the tests run.
fn shop(desk: &TestDesk) -> String {
    let server = Box::leak(Box::new(woocommerce::start()));
    desk.file("keys/woocommerce.secret", woocommerce::SECRET.as_bytes());
    format!(
        "[[source]]\nname = \"webshop\"\nkind = \"woocommerce\"\nurl = \"{}\"\nconsumer_key = \"{}\"\n\
         consumer_secret_file = \"keys/woocommerce.secret\"\nsince = \"2025-06-01\"\n",
        server.url(),
        woocommerce::KEY
    )
}

fn files(desk: &TestDesk) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = snapshot(&desk.path(""));
    found.remove(&desk.path("poms.db.lock"));
    found
}

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
