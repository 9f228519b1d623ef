//! The customer of whose order a part is taken off without being asked is told, once.

use super::Dock;

/// An order whose lamp will not come, and whose kettle will.
fn dock(notices: &str) -> Dock {
    let dock = Dock::with(&format!("[notices]\n{notices}"));
    dock.with_tokens();
    dock.order("W1", &[("BF63-12163", 3), ("KT10-00010", 1)]);
    dock.acme(
        "Re: Purchase order W1-1",
        "BF63-12163 is discontinued. KT10-00010 is confirmed.\n",
    );
    dock.run();
    dock
}

fn subjects(dock: &Dock) -> Vec<String> {
    let mails = dock.desk.mails_to("W1@mail.example");
    mails.iter().map(|mail| mail.subject()).collect()
}

const PART: &str = "A part of your order W1 will not come";

#[test]
fn told_once_and_what_is_still_to_come() {
    let dock = dock("");
    dock.desk
        .run(&["notices", "preview", "taken-off", "W1"])
        .fails(1, &["nothing was taken off order W1"]);
    let said = dock.resolve("po_rejected", &["--cancel-line"]);
    assert!(said.contains("The customer is told by mail"), "{said}");
    dock.run();
    dock.run();
    assert_eq!(subjects(&dock)[1..], [PART]);
    let mail = dock.desk.mails_to("W1@mail.example").pop().unwrap();
    let text: String = mail.text().split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "3 x Brass Floor Lamp (BF63-12163)",
        "you get back what you paid for it",
        "What is still to come By Tuesday, June 10, 2025 (estimate) 1 x Kettle",
    ] {
        assert!(text.contains(words), "no '{words}' in {text}");
    }
    assert!(!text.contains("W1-1"), "{text}");
    let shown = dock
        .desk
        .run(&["notices", "preview", "taken-off", "W1"])
        .ok()
        .stdout;
    assert!(
        shown.contains(PART) && shown.contains("3 x Brass"),
        "{shown}"
    );
    dock.verify();
}

/// One who was asked knows; of an order that is cancelled whole only that mail goes, also when the
/// other waits for the morning.
#[test]
fn not_when_asked_and_not_beside_the_mail_about_the_whole() {
    let asked = dock("");
    asked.resolve("po_rejected", &["--ask-customer"]);
    asked.run();
    asked.resolve("po_rejected", &["--cancel-line"]);
    asked.run();
    assert!(
        !subjects(&asked).contains(&PART.to_owned()),
        "{:?}",
        subjects(&asked)
    );

    let quiet = dock("quiet_hours = \"21:00-08:00\"");
    quiet.resolve("po_rejected", &["--cancel-line"]);
    // 05:05 in Missouri
    quiet.run();
    let there = || {
        quiet
            .desk
            .mails()
            .iter()
            .filter(|mail| mail.to() == "W1@mail.example")
            .count()
    };
    assert_eq!(there(), 0, "quiet hours");
    quiet.acme(
        "Re: Purchase order W1-1",
        "KT10-00010 is discontinued, too.\n",
    );
    quiet.run();
    quiet.resolve("po_rejected", &["--cancel-line"]);
    quiet.run();
    quiet.desk.now("2025-06-02T14:05:00Z");
    quiet.run();
    assert_eq!(quiet.show("W1")["state"], "cancelled");
    let sent: Vec<String> = quiet
        .desk
        .mails()
        .iter()
        .filter(|mail| mail.to() == "W1@mail.example")
        .map(|mail| mail.subject())
        .collect();
    assert!(!sent.contains(&PART.to_owned()), "{sent:?}");
    assert!(
        sent.contains(&"Your order W1 is cancelled".to_owned()),
        "{sent:?}"
    );
    quiet.verify();
}

#[test]
fn nobody_is_told_where_the_site_wants_no_such_mail() {
    let dock = dock("cancelled = \"never\"");
    let said = dock.resolve("po_rejected", &["--cancel-line"]);
    assert!(said.contains("tell them"), "{said}");
    dock.run();
    assert_eq!(subjects(&dock).len(), 1);
}
