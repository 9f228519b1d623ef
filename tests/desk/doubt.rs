//! What may have arrived stays in doubt, whatever a person does with its delivery.

use crate::support::desk::TestDesk;
use crate::support::scene::smtp_config;
use crate::support::smtp::{Act, Fake, NO_CUT};

/// A purchase order whose server broke off after the final dot, and the number of its delivery.
fn in_doubt() -> (TestDesk, Fake, String) {
    let server = Fake::once(&[], "body", Act::Close);
    let desk = TestDesk::stocked();
    desk.file("poms.toml", smtp_config(server.port, 1, "").as_bytes());
    desk.order(&TestDesk::plain_order("W200001"));
    desk.run(&["process"]);
    let outbox = desk.run(&["outbox", "list", "--json"]).ok().json();
    let rows = outbox["deliveries"].as_array().expect("a list");
    let row = rows.iter().find(|row| row["state"] == "unknown");
    let row = row.expect("one in doubt");
    assert_eq!(row["kind"], "purchase_order");
    let id = row["id"].to_string();
    (desk, server, id)
}

#[test]
fn dropped_and_sent_after_all_it_is_marked() {
    let (desk, server, id) = in_doubt();
    desk.run(&["outbox", "drop", &id, "--note", "by telephone"])
        .ok();
    let said = desk.run(&["outbox", "retry", &id, "--note", "they have not"]);
    let said = said.ok().stdout;
    assert!(said.contains("marked as a possible duplicate"), "{said}");
    desk.run(&["process"]).ok();
    let taken = server.seen.lock().unwrap().taken.clone();
    let marked = |mail: &&Vec<u8>| String::from_utf8_lossy(mail).contains("POSSIBLE DUPLICATE");
    assert_eq!(taken.iter().filter(marked).count(), 1);
}

#[test]
fn a_vendor_who_may_have_it_is_told_that_the_order_is_cancelled() {
    for act in ["dismiss", "retry"] {
        let (desk, _server, id) = in_doubt();
        match act {
            "dismiss" => desk
                .run(&["outbox", "drop", &id, "--note", "no answer"])
                .ok(),
            _ => desk
                .run(&["outbox", "retry", &id, "--note", "no answer"])
                .ok(),
        };
        let note = ["order", "cancel", "W200001", "--note", "the customer wrote"];
        let said = desk.run(&note).ok().stdout;
        let words = "tells the vendor (orders@acme.example)";
        assert!(said.contains(words), "{act}: {said}");
        desk.run(&["verify"]).ok();
    }
}

/// What was taken, sent again by a person, refused then, and tried once more.
#[test]
fn taken_once_and_refused_when_it_was_sent_again_it_is_marked() {
    let server = Fake::start(&[], NO_CUT, |at| {
        match at.name == "RCPT" && at.connection == 1 {
            true => Act::Say("550 no such user here"),
            false => Act::Usual,
        }
    });
    let desk = TestDesk::stocked();
    desk.file("poms.toml", smtp_config(server.port, 1, "").as_bytes());
    desk.order(&TestDesk::plain_order("W200001"));
    desk.run(&["process"]).ok();
    let again = ["po", "resend", "W200001-1", "--note", "they ask for it"];
    desk.run(&again).ok();
    desk.run(&["process"]).fails(1, &["550 no such user here"]);
    let outbox = desk.run(&["outbox", "list", "--all", "--json"]).ok().json();
    let rows = outbox["deliveries"].as_array().expect("a list");
    let row = rows.iter().find(|row| row["kind"] == "purchase_order");
    let id = row.expect("its delivery")["id"].to_string();
    let said = desk.run(&["outbox", "retry", &id, "--note", "it was a slip"]);
    let said = said.ok().stdout;
    assert!(said.contains("marked as a possible duplicate"), "{said}");
    desk.run(&["process"]).ok();
    let taken = server.seen.lock().unwrap().taken.clone();
    let text = |mail: &Vec<u8>| String::from_utf8_lossy(mail).into_owned();
    let papers: Vec<String> = taken
        .iter()
        .map(text)
        .filter(|text| text.contains("W200001-1"))
        .collect();
    assert!(
        papers
            .last()
            .expect("a mail")
            .contains("POSSIBLE DUPLICATE")
    );
}
