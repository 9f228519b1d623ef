//! The customer is asked what shall become of goods that do not come: by mail, once, with a
//! deadline; the answer comes back to the exception, and so does its lack.

use super::Dock;
use crate::support::desk::SentMail;

/// A site with reply addresses and this `[notices]`, and an order of two lines.
fn dock(notices: &str, answer: &str) -> Dock {
    let dock = Dock::with(&format!("[notices]\n{notices}"));
    dock.with_tokens();
    dock.order("W1", &[("BF63-12163", 3), ("KT10-00010", 1)]);
    dock.acme("Re: Purchase order W1-1", answer);
    dock.run();
    dock
}

const GONE: &str = "BF63-12163 is discontinued. KT10-00010 is confirmed.\n";
const LATER: &str = "BF63-12163 is on backorder. KT10-00010 is confirmed.\n";

fn question(dock: &Dock) -> SentMail {
    let mut mails = dock.desk.mails_to("W1@mail.example");
    let last = mails.pop().unwrap();
    assert!(
        last.subject().starts_with("Please tell us"),
        "{}",
        last.subject()
    );
    last
}

fn flat(mail: &SentMail) -> String {
    let text = format!("{} | {}", mail.subject(), mail.text());
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where the customer answers, and an answer there.
fn answers(dock: &Dock, words: &str) {
    let question = question(dock);
    let parsed = question.parsed();
    let reply = parsed.reply_to().and_then(|to| to.first()).unwrap();
    let to = reply.address().unwrap().to_owned();
    let quoted = format!(
        "{words}\n\nOn Mon, Jun 2, 2025 at 9:00 AM Example Shop wrote:\n> WAIT\n> CANCEL\n"
    );
    dock.mail_to(&to, "Re: your order", &quoted, None);
    dock.run();
}

fn next_of(dock: &Dock) -> String {
    dock.desk.run(&["order", "show", "W1"]).ok().stdout
}

/// A customer who is asked about a lamp that will not come, and cannot be asked twice.
fn asked() -> Dock {
    let dock = dock("quiet_hours = \"21:00-08:00\"", GONE);
    let said = dock.resolve("po_rejected", &["--ask-customer"]);
    for words in [
        "W1@mail.example",
        "until Saturday, June 7, 2025",
        "--cancel-line --note \"customer: take it off\"",
        "--cancel --note",
    ] {
        assert!(said.contains(words), "no '{words}' in {said}");
    }
    assert!(!said.contains("--dismiss"), "nobody waits for it: {said}");
    // 05:05 in Missouri
    dock.run();
    assert_eq!(
        dock.desk.mails_to("W1@mail.example").len(),
        0,
        "quiet hours"
    );
    dock.desk.now("2025-06-02T13:05:00Z");
    dock.run();
    let text = flat(&question(&dock));
    for words in [
        "a part of your order W1 cannot be delivered",
        "3 x Brass Floor Lamp (BF63-12163)",
        "answer this mail by Saturday, June 7, 2025 with one",
        "TAKE IT OFF: the rest of your order comes",
        "CANCEL: nothing of your order comes",
        "If we do not hear from you by then, we will get in touch with you again.",
        "What else is still to come By Tuesday, June 10, 2025 (estimate) 1 x Kettle",
    ] {
        assert!(text.contains(words), "no '{words}' in {text}");
    }
    assert!(!text.contains("WAIT") && !text.contains("W1-1"), "{text}");
    // once, and nobody is told to ask again
    let id = dock.exception("po_rejected");
    let shown = dock.desk.run(&["exceptions", "show", &id]).ok().stdout;
    assert!(!shown.contains("--ask-customer"), "{shown}");
    dock.desk
        .run(&[
            "exceptions",
            "resolve",
            &id,
            "--ask-customer",
            "--note",
            "again",
        ])
        .fails(
            1,
            &["was asked about exception", "may answer until 2025-06-07"],
        );
    dock.run();
    assert_eq!(dock.desk.mails_to("W1@mail.example").len(), 2);
    dock
}

#[test]
fn asked_once_answered_and_done() {
    let dock = asked();
    let shown = next_of(&dock);
    assert!(
        shown.contains("the customer answers what shall become of it"),
        "{shown}"
    );
    assert!(shown.contains("by Sat 2025-06-07"), "{shown}");
    answers(&dock, "Please take it off, thank you!");
    assert_eq!(dock.open(), ["customer_answer", "po_rejected"]);
    let id = dock.exception("po_rejected");
    let case = dock.desk.run(&["exceptions", "show", &id]).ok().stdout;
    assert!(
        case.contains("answered: Please take it off, thank you!"),
        "{case}"
    );
    assert!(next_of(&dock).contains("a person does what the customer answered"));
    // what the answer wants settles both
    dock.resolve("customer_answer", &["--cancel-line"]);
    assert_eq!(dock.open(), Vec::<String>::new());
    assert_eq!(dock.po_state("W1-1"), "acknowledged");
    let story = dock.show("W1");
    assert_eq!(story["questions"][0]["state"], "closed");
    // what comes after that is for a person to read
    answers(&dock, "Or would you have it in green?");
    assert_eq!(dock.open(), ["customer_answer"]);
    dock.resolve("customer_answer", &["--dismiss"]);
    dock.verify();
}

#[test]
fn a_customer_who_waits_by_telephone_or_until_it_ships() {
    let dock = dock("", LATER);
    dock.resolve("po_backordered", &["--ask-customer"]);
    dock.run();
    let text = flat(&question(&dock));
    for words in [
        "is on backorder",
        "Nobody can tell us yet when it comes.",
        "WAIT: we send it to you as soon as it is there",
    ] {
        assert!(text.contains(words), "no '{words}' in {text}");
    }
    answers(&dock, "WAIT");
    // the vendor ships: nothing is left to decide
    let csv = format!("po,sku,qty,tracking\nW1-1,BF63-12163,3,{}\n", super::T1);
    dock.import("all.csv", &csv, &[]);
    dock.run();
    assert_eq!(dock.open(), Vec::<String>::new());
    dock.verify();
}

#[test]
fn without_an_answer_a_person_is_told() {
    let dock = dock("answer_days = 3", LATER);
    dock.resolve("po_backordered", &["--ask-customer"]);
    dock.run();
    // 23:50 on Thursday in Missouri, then midnight
    dock.desk.now("2025-06-06T04:50:00Z");
    dock.run();
    assert!(!dock.open().contains(&"customer_unanswered".to_owned()));
    dock.desk.now("2025-06-06T05:00:00Z");
    dock.run();
    dock.run();
    assert!(dock.open().contains(&"customer_unanswered".to_owned()));
    let admins = dock.desk.mails_to("ops@shop.example");
    let told = admins
        .iter()
        .filter(|mail| mail.text().contains("customer_unanswered"));
    assert_eq!(told.count(), 1);
    // asked again, and answered late
    dock.resolve("po_backordered", &["--ask-customer"]);
    dock.run();
    answers(&dock, "I wait.");
    dock.resolve("customer_answer", &["--dismiss"]);
    dock.run();
    let open = dock.open();
    assert!(
        !open
            .iter()
            .any(|code| code.starts_with("customer") || code == "po_backordered"),
        "{open:?}"
    );
    dock.verify();
}

#[test]
fn without_an_answer_what_the_site_set_follows() {
    let taken = dock("unanswered = \"take-off\"", GONE);
    taken.resolve("po_rejected", &["--ask-customer"]);
    taken.run();
    let text = flat(&question(&taken));
    assert!(
        text.contains("we will take it off your order, and you get back"),
        "{text}"
    );
    taken.desk.now("2025-06-08T05:00:00Z");
    taken.run();
    let lines = taken.show("W1")["purchase_orders"][0]["lines"].clone();
    assert_eq!(
        (lines[0]["open"].as_i64(), lines[0]["cancelled"].as_i64()),
        (Some(0), Some(3))
    );
    assert!(
        !taken
            .open()
            .iter()
            .any(|code| code == "po_rejected" || code.starts_with("customer"))
    );
    taken.verify();
    let waited = dock("unanswered = \"wait\"", LATER);
    waited.resolve("po_backordered", &["--ask-customer"]);
    waited.run();
    assert!(flat(&question(&waited)).contains("we will take it that you wait."));
    waited.desk.now("2025-06-08T05:00:00Z");
    waited.run();
    assert!(!waited.open().contains(&"po_backordered".to_owned()));
    assert_eq!(waited.po_state("W1-1"), "backordered");
    waited.verify();
    // nobody waits for what never comes
    let told = dock("unanswered = \"wait\"", GONE);
    told.resolve("po_rejected", &["--ask-customer"]);
    told.run();
    told.desk.now("2025-06-08T05:00:00Z");
    told.run();
    assert!(told.open().contains(&"customer_unanswered".to_owned()));
    told.verify();
}

/// Asked in the night, settled in the night: the mail does not go in the morning.
#[test]
fn a_question_that_is_settled_before_it_left_is_not_asked() {
    let dock = dock("quiet_hours = \"21:00-08:00\"", LATER);
    dock.resolve("po_backordered", &["--ask-customer"]);
    let status = dock.desk.run(&["status", "--json"]).ok().json();
    assert_eq!(status["waiting"]["customers"], 1);
    dock.resolve("po_backordered", &["--dismiss"]);
    dock.desk.now("2025-06-02T14:05:00Z");
    dock.run();
    let mails = dock.desk.mails_to("W1@mail.example");
    assert!(
        mails
            .iter()
            .all(|mail| !mail.subject().starts_with("Please tell us"))
    );
    assert_eq!(mails.len(), 2, "placed, and the day not known");
    dock.verify();
}

/// The question was settled by telephone, and then the customer writes what they want after all.
#[test]
fn what_a_late_answer_wants_can_still_be_done() {
    let dock = dock("", LATER);
    dock.resolve("po_backordered", &["--ask-customer"]);
    dock.run();
    dock.resolve("po_backordered", &["--dismiss"]);
    answers(&dock, "TAKE IT OFF");
    assert_eq!(dock.open(), ["customer_answer"]);
    let said = dock.resolve("customer_answer", &["--cancel-line"]);
    assert!(said.contains("3 of BF63-12163"), "{said}");
    assert_eq!(dock.open(), Vec::<String>::new());
    let lines = dock.show("W1")["purchase_orders"][0]["lines"].clone();
    assert_eq!(lines[0]["cancelled"], 3, "{lines:#}");
    // once more: it is gone, and that is said
    answers(&dock, "TAKE IT OFF, please.");
    let id = dock.exception("customer_answer");
    let again = ["exceptions", "resolve", &id, "--cancel-line", "--note", "x"];
    dock.desk.run(&again).fails(1, &["W1-1"]);
    dock.resolve("customer_answer", &["--dismiss"]);
    assert_eq!(dock.open(), Vec::<String>::new());
    dock.verify();
}

/// A forged answer: another question's address, or none.
#[test]
fn only_the_address_of_the_question_answers_it() {
    let dock = dock("", LATER);
    dock.resolve("po_backordered", &["--ask-customer"]);
    dock.run();
    dock.mail_to("orders@shop.example", "Re: your order W1", "CANCEL\n", None);
    let parsed = question(&dock);
    let parsed = parsed.parsed();
    let reply = parsed.reply_to().and_then(|to| to.first()).unwrap();
    let to = reply.address().unwrap().replace("+q", "+p");
    dock.mail_to(&to, "Re: your order W1", "CANCEL\n", None);
    dock.run();
    assert_eq!(
        dock.open(),
        ["po_backordered", "untrusted_sender", "untrusted_sender"]
    );
    assert_eq!(dock.show("W1")["questions"][0]["state"], "open");
    dock.verify();
}
