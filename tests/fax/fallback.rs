//! Vendors who take both ways, and the second way when the first is dead.

use super::{run, site, sound, stands};
use crate::support::desk::TestDesk;
use crate::support::sinch::FakeSinch;
use serde_json::{Value, json};

const BOTH: &str = "id,name,email,fax,channel,zip,fallback\n\
    ACME,Acme,orders@acme.example,207-555-0142,email+fax,04101,\n\
    BLUE,Blue,b@blue.example,,email,28801,none\n";
const FAX_FIRST: &str = "id,name,email,fax,channel,zip,fallback\n\
    ACME,Acme,orders@acme.example,207-555-0142,fax,04101,email\n\
    BLUE,Blue,b@blue.example,,email,28801,\n";

fn dead() -> Value {
    json!({"status": "FAILURE", "errorType": "CALL_ERROR", "errorCode": 49,
        "errorMessage": "The destination phone number Is Not active"})
}

fn mails_to(desk: &TestDesk, address: &str) -> usize {
    desk.mails()
        .iter()
        .filter(|mail| mail.to() == address)
        .count()
}

#[test]
fn a_vendor_who_takes_both_gets_both_and_one_of_them_is_enough() {
    let fake = FakeSinch::start();
    let desk = site(&fake, BOTH, "");
    desk.order(&TestDesk::plain_order("W200001"));
    run(&desk, "10:05");
    assert_eq!(
        (fake.taken(), mails_to(&desk, "orders@acme.example")),
        (1, 1)
    );
    fake.ends(0, dead());
    run(&desk, "10:15");
    // the fax is an exception, and the mail has brought the order
    assert_eq!(
        stands(&desk),
        ("sent".to_owned(), vec!["delivery_failed".to_owned()])
    );
    assert_eq!(mails_to(&desk, "orders@acme.example"), 1);
    sound(&desk);
}

#[test]
fn the_fallback_is_used_once_when_the_first_way_is_dead() {
    let fake = FakeSinch::start();
    let desk = site(&fake, FAX_FIRST, "");
    desk.order(&TestDesk::plain_order("W200001"));
    run(&desk, "10:05");
    assert_eq!(mails_to(&desk, "orders@acme.example"), 0);
    fake.ends(0, dead());
    let report = run(&desk, "10:15");
    assert_eq!(
        report["deliveries"]["sent"], 2,
        "the fallback and the admins' mail: {report:#}"
    );
    assert_eq!(mails_to(&desk, "orders@acme.example"), 1);
    assert_eq!(
        stands(&desk),
        ("sent".to_owned(), vec!["delivery_failed".to_owned()])
    );
    let list = desk.run(&["exceptions", "list", "--json"]);
    if list.code == 0 {
        let text = list.stdout;
        assert!(
            text.contains("it goes by e-mail to orders@acme.example instead"),
            "{text}"
        );
    }
    for time in ["10:25", "10:35"] {
        run(&desk, time);
    }
    assert_eq!(
        (fake.taken(), mails_to(&desk, "orders@acme.example")),
        (1, 1)
    );
    sound(&desk);
}

#[test]
fn mail_that_is_refused_falls_back_to_fax() {
    let fake = FakeSinch::start();
    let vendors = FAX_FIRST.replace(",fax,04101,email", ",email,04101,fax");
    let desk = site(&fake, &vendors, "");
    // nobody listens there: mail is dead
    let port = crate::support::ports::free();
    let config = std::fs::read_to_string(desk.path("poms.toml")).unwrap();
    let smtp = format!("kind = \"smtp\"\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"");
    let config = config.replace("kind = \"maildir\"\npath = \"mail/sent\"", &smtp);
    desk.file("poms.toml", config.as_bytes());
    desk.order(&TestDesk::plain_order("W200001"));
    desk.now("2025-06-02T10:05:00Z").run(&["process"]);
    assert_eq!(fake.taken(), 0, "not while it is tried");
    desk.now("2025-06-03T10:06:00Z").run(&["process"]);
    desk.now("2025-06-03T10:16:00Z").run(&["process"]);
    assert_eq!(fake.taken(), 1, "after a day it is dead");
    assert_eq!(stands(&desk).0, "sent");
}

#[test]
fn a_fallback_that_the_vendor_cannot_take_is_refused_at_the_import() {
    let desk = TestDesk::new();
    let wrong = "id,name,email,fax,channel,zip,fallback\n\
        A,Acme,,207-555-0142,fax,04101,email\nB,Blue,b@b.example,,email,04101,fax\nC,C,c@c.example,,email,04101,pigeon\n";
    desk.file("v.csv", wrong.as_bytes());
    let said = desk.run(&["vendors", "import", "v.csv"]);
    assert_ne!(said.code, 0);
    for line in ["2", "3", "4"] {
        assert!(
            said.stderr.contains(&format!("line {line}"))
                || said.stderr.contains(&format!(":{line}:")),
            "{}",
            said.stderr
        );
    }
}

#[test]
fn a_cancellation_whose_way_is_dead_goes_the_other_way_once() {
    let fake = FakeSinch::start();
    let desk = site(&fake, FAX_FIRST, "");
    for number in ["W200001", "W200002"] {
        let mut order = TestDesk::plain_order(number);
        order["customer"]["email"] = json!(format!("{number}@mail.example"));
        desk.order(&order);
    }
    run(&desk, "10:05");
    fake.all_fine();
    run(&desk, "10:15");
    for number in ["W200001", "W200002"] {
        desk.run(&["order", "cancel", number, "--note", "changed her mind"])
            .ok();
    }
    run(&desk, "10:25");
    assert_eq!(fake.taken(), 4, "two purchase orders, two cancellations");
    assert_eq!(mails_to(&desk, "orders@acme.example"), 0);
    // one of them was agreed to by telephone: nothing more needs to be said
    desk.run(&["po", "cancel-agreed", "W200002-1", "--note", "Ann"])
        .ok();
    fake.ends(2, dead());
    fake.ends(3, dead());
    for time in ["10:35", "10:45", "10:55"] {
        run(&desk, time);
    }
    let vendors: Vec<String> = desk
        .mails()
        .iter()
        .filter(|mail| mail.to() == "orders@acme.example")
        .map(|mail| format!("{} {}", mail.subject(), mail.text()))
        .collect();
    assert_eq!(vendors.len(), 1, "{vendors:#?}");
    assert!(vendors[0].contains("W200001-1-C1"), "{vendors:#?}");
    assert_eq!(fake.taken(), 4, "no way is taken twice");
    let list = desk.run(&["exceptions", "list", "--json"]).ok().stdout;
    assert!(
        list.contains("it goes by e-mail to orders@acme.example instead"),
        "{list}"
    );
    let story = desk
        .run(&["order", "show", "W200001", "--json"])
        .ok()
        .json();
    assert_eq!(story["state"], "cancelled");
    sound(&desk);
}
