//! What a vendor wrote waits for a person: until somebody decides, nobody is told that nothing was heard.

use super::silent::ACME;
use super::{Dock, T1};

/// Weekday mornings and evenings of June 2025, in New York.
fn working_days(dock: &Dock, days: std::ops::RangeInclusive<u32>) {
    for day in days {
        let morning = format!("2025-06-{day:02}T15:00:00Z");
        let evening = format!("2025-06-{day:02}T21:05:00Z");
        dock.at(&[&morning, &evening]);
    }
}

#[test]
fn an_advice_that_waits_for_a_person_is_no_silence() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 2)]);
    dock.acme("Re: Purchase order W1-1", "Confirmed. Ships 6/4/2025.\n");
    dock.run();
    dock.desk.now("2025-06-04T18:00:00Z");
    let reply = dock.reply_address("W1-1");
    dock.mail_to(&reply, "Re: it", &format!("Tracking number: {T1}\n"), None);
    dock.run();
    assert_eq!(dock.open(), ["advice_unclear"]);
    working_days(&dock, 5..=30);
    assert_eq!(dock.questions(ACME), []);
    assert_eq!(dock.open(), ["advice_unclear"]);
    let shown = dock.says(&["order", "show", "W1"]);
    assert!(
        shown.contains("what it wrote waits for a person"),
        "{shown}"
    );
    // the customer is told that the day came, and nothing untrue
    let told = dock.desk.mails_to("W1@mail.example");
    let late: Vec<_> = told
        .iter()
        .filter(|mail| mail.subject().contains("is late"))
        .collect();
    assert_eq!(late.len(), 1);
    let text = late[0].text();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("The warehouse has written to us about it"),
        "{text}"
    );
    assert!(!text.contains("has not told us"), "{text}");
    // and the admins again, as the site sets
    let again = dock.desk.mails_to("ops@shop.example");
    let again = again
        .iter()
        .filter(|mail| mail.subject().contains("still open"));
    assert!(again.count() > 3);
    dock.verify();
}

#[test]
fn who_wrote_is_off_the_list_and_after_a_decision_its_time_begins_anew() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    dock.order("W2", &[("KT10-00010", 2)]);
    dock.at(&[
        "2025-06-05T13:00:00Z",
        "2025-06-09T13:00:00Z",
        "2025-06-10T21:05:00Z",
    ]);
    assert_eq!(dock.listed(), ["W1-1", "W2-1"]);
    dock.acme("Re: Purchase order W1-1", "Which colour do you want?\n");
    dock.at(&["2025-06-11T13:00:00Z"]);
    assert_eq!(dock.open(), ["vendor_mail", "vendor_silent"]);
    assert_eq!(dock.listed(), ["W2-1"]);
    let trail = dock.says(&["po", "show", "W1-1"]);
    let flat = trail.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("no more: the vendor wrote, and a person reads it"),
        "{trail}"
    );
    let asked = dock.questions(ACME).len();
    dock.resolve("vendor_mail", &["--dismiss"]);
    dock.at(&["2025-06-11T15:00:00Z", "2025-06-12T15:00:00Z"]);
    assert_eq!(dock.questions(ACME).len(), asked, "two days are its time");
    dock.at(&["2025-06-16T15:00:00Z"]);
    let questions = dock.questions(ACME);
    assert_eq!(questions.len(), asked + 1, "{questions:?}");
    assert!(questions[asked].1.contains("W1-1"), "{questions:?}");
    assert_eq!(dock.listed(), ["W2-1"]);
    dock.verify();
}

#[test]
fn an_answer_that_may_mean_several_silences_the_question_about_each() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    dock.order("W2", &[("KT10-00010", 2)]);
    dock.at(&["2025-06-05T13:00:00Z"]);
    let asked = dock.desk.mails_to(ACME).pop().unwrap();
    let parsed = asked.parsed();
    let reply = parsed.reply_to().and_then(|to| to.first()).unwrap();
    let reply = reply.address().unwrap().to_owned();
    let unsure = "One of them is confirmed.\n";
    dock.mail_to(&reply, "Re: 2 purchase orders", unsure, None);
    dock.run();
    assert_eq!(dock.open(), ["vendor_mail"]);
    let before = dock.questions(ACME).len();
    working_days(&dock, 6..=13);
    assert_eq!(dock.questions(ACME).len(), before);
    assert_eq!(dock.open(), ["vendor_mail"]);
    dock.resolve("vendor_mail", &["--dismiss"]);
    working_days(&dock, 16..=20);
    let questions = dock.questions(ACME).split_off(before);
    assert!(
        questions.iter().any(|(_, text)| text.contains("W2-1")),
        "{questions:?}"
    );
    dock.verify();
}

#[test]
fn an_answer_to_a_cancellation_that_waits_is_an_answer() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    dock.desk
        .run(&["order", "cancel", "W1", "--note", "not wanted"])
        .ok();
    dock.run();
    dock.desk.now("2025-06-02T15:00:00Z");
    dock.acme(
        "Re: Cancellation W1-1-C1 of purchase order W1-1",
        "I will ask the warehouse.\n",
    );
    dock.run();
    assert_eq!(dock.open(), ["vendor_mail"]);
    working_days(&dock, 4..=6);
    assert_eq!(dock.open(), ["vendor_mail"]);
    dock.resolve("vendor_mail", &["--dismiss"]);
    working_days(&dock, 9..=9);
    let open = dock.open();
    assert!(
        open.contains(&"cancellation_unanswered".to_owned()),
        "{open:?}"
    );
    dock.verify();
}

#[test]
fn a_customer_who_wrote_elsewhere_has_not_failed_to_answer() {
    let dock = Dock::with("[notices]\nunanswered = \"take-off\"\n");
    dock.with_tokens();
    dock.order("W1", &[("BF63-12163", 3), ("KT10-00010", 1)]);
    dock.acme(
        "Re: Purchase order W1-1",
        "BF63-12163 is on backorder. KT10-00010 is confirmed.\n",
    );
    dock.run();
    dock.resolve("po_backordered", &["--ask-customer"]);
    dock.at(&["2025-06-02T15:00:00Z"]);
    dock.mail(
        "Customer <W1@mail.example>",
        "",
        "order W1",
        "I do not mind the wait, keep it!\n",
        None,
    );
    dock.run();
    assert_eq!(dock.open(), ["customer_mail", "po_backordered"]);
    dock.at(&["2025-06-09T15:00:00Z", "2025-06-12T15:00:00Z"]);
    assert_eq!(dock.open(), ["customer_mail", "po_backordered"]);
    assert_eq!(dock.show("W1")["questions"][0]["state"], "open");
    dock.resolve("customer_mail", &["--dismiss"]);
    dock.at(&["2025-06-13T15:00:00Z"]);
    assert_ne!(dock.show("W1")["questions"][0]["state"], "open");
    dock.verify();
}

/// One promise has one day, whoever looks.
#[test]
fn screens_name_the_day_that_the_vendor_named() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 2)]);
    dock.acme("Re: Purchase order W1-1", "Confirmed. Ships 6/6/2025.\n");
    dock.run();
    working_days(&dock, 9..=13);
    assert_eq!(dock.open(), ["vendor_silent"]);
    let id = dock.exception("vendor_silent");
    let case = dock.says(&["exceptions", "show", &id]);
    let flat = case.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("not shipped as promised, for Fri 2025-06-06"),
        "{case}"
    );
    let shown = dock.says(&["order", "show", "W1"]);
    let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = "it should have left by June 6, 2025, as the vendor said";
    assert!(flat.contains(said), "{shown}");
    assert!(!flat.contains("June 9, 2025, as the vendor"), "{shown}");
    assert!(
        flat.contains("question to the vendor") && flat.contains("late, to the customer"),
        "{shown}"
    );
    for raw in ["po_chase", "order_overdue"] {
        assert!(!shown.contains(raw), "{raw}: {shown}");
    }
    dock.verify();
}

#[test]
fn what_was_sent_and_then_dropped_was_sent() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 1)]);
    let note = ["--note", "they lost it"];
    dock.says(&["po", "resend", "W1-1", note[0], note[1]]);
    let story = dock.show("W1");
    let id = story["deliveries"][0]["id"].to_string();
    dock.says(&["outbox", "drop", &id, "--note", "found again"]);
    for args in [vec!["po", "show", "W1-1"], vec!["outbox", "list", "--all"]] {
        let shown = dock.says(&args);
        let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        let told = "sent 2025-06-02 06:05 EDT; it shall not go again";
        assert!(flat.contains(told), "{shown}");
    }
    let shown = dock.says(&["po", "show", "W1-1"]);
    let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    for told in [
        "goes into the outbox again: they lost it",
        "shall not be sent: found again",
    ] {
        assert!(flat.contains(told), "no '{told}' in {shown}");
    }
    dock.verify();
}
