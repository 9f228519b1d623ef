//! A mail whose answer was lost, and the copy that proves that it was taken.

use super::*;
use crate::support::scene::smtp_config;
use crate::support::smtp::{Act, Fake};
use std::os::unix::fs::DirBuilderExt;

#[test]
fn the_archives_copy_settles_an_unknown_delivery() {
    let server = Fake::once(&["DSN"], "body", Act::Close);
    let desk = desk("");
    for place in ["new", "cur", "tmp"] {
        let path = desk.path(&format!("mail/archive/{place}"));
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .unwrap();
    }
    let archive = "archive = \"archive@shop.example\"\n\
         [[mailbox]]\nname = \"archive\"\npurpose = \"archive\"\nkind = \"maildir\"\npath = \"mail/archive\"\n";
    desk.file("poms.toml", smtp_config(server.port, 1, archive).as_bytes());
    desk.order(&TestDesk::plain_order("W200001"));
    let report = desk.run(&["process", "--json"]).json();
    assert_eq!(report["deliveries"]["unknown"], 1, "{report:#}");
    let doubtful = get(&desk, &["outbox", "list"], "deliveries");
    let row = doubtful
        .iter()
        .find(|row| row["state"] == "unknown")
        .unwrap();
    let reference = row["reference"].as_str().unwrap().to_owned();
    let commands = server.commands();
    let count = |word: &str| commands.iter().filter(|line| line.contains(word)).count();
    assert!(count("RCPT TO:<archive@shop.example>") > 0, "{commands:?}");
    let envelope_id = format!("RET=HDRS ENVID={}", reference.trim_matches(['<', '>']));
    assert!(count(&envelope_id) > 0, "{commands:?}");

    // some other mail, and a copy of one whose fate is known, prove nothing
    desk.file(
        "mail/archive/new/1.x",
        b"Message-ID: <x@evil.example>\n\nhello\n",
    );
    desk.run(&["process"]).ok();
    assert_eq!(delivery_by(&desk, &reference)["state"], "unknown");
    let seen = server.seen.lock().unwrap().taken.clone();
    let copy = seen
        .iter()
        .find(|raw| String::from_utf8_lossy(raw).contains(&reference))
        .unwrap();
    let copy = [b"Delivered-To: archive@shop.example\r\n".as_slice(), copy].concat();
    desk.file("mail/archive/new/2.x", &copy);
    let report = process(&desk);
    assert_eq!(report["messages"]["ignored"], 1, "{report:#}");
    assert_eq!(delivery_by(&desk, &reference)["state"], "sent");
    assert_eq!(codes(&desk), Vec::<String>::new());
    assert_eq!(po_state(&desk, "W200001-1"), "sent");
}

fn delivery_by(desk: &TestDesk, reference: &str) -> Value {
    let rows = get(desk, &["outbox", "list", "--all"], "deliveries");
    let mut rows = rows.into_iter().filter(|row| row["reference"] == reference);
    rows.next().unwrap()
}
