//! What nobody decides is told to the admins again, all in one mail, until somebody does or snoozes it.

use super::Dock;
use crate::support::desk::TestDesk;
use serde_json::json;

/// Without its line ends.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Dock {
    fn admin_mails(&self) -> Vec<(String, String)> {
        let mails = self.desk.mails_to("ops@shop.example");
        mails
            .iter()
            .map(|mail| (mail.subject(), flat(&mail.text())))
            .collect()
    }

    fn runs(&self, moments: &[&str]) {
        for moment in moments {
            self.desk.now(moment);
            self.run();
        }
    }

    /// An order that is held, as its ZIP is of another state.
    fn held(&self, number: &str) {
        let mut order = TestDesk::plain_order(number);
        order["ship_to"]["zip"] = json!("02139");
        order["customer"]["email"] = json!(format!("{number}@mail.example"));
        order["customer"]["name"] = json!(format!("Customer {number}"));
        order["ship_to"]["street1"] = json!(format!("{number} Gary Forks"));
        order["customer"]["phone"] = json!("617-253-1000");
        self.desk.order(&order);
        self.run();
    }
}

#[test]
fn what_is_open_is_told_again_after_days_in_one_mail_until_somebody_acts() {
    let dock = Dock::new();
    dock.held("W1");
    dock.runs(&["2025-06-03T14:00:00Z"]);
    dock.held("W2");
    assert_eq!(dock.admin_mails().len(), 2);
    // three days after the first, but at night
    dock.runs(&["2025-06-05T11:00:00Z", "2025-06-05T13:00:00Z"]);
    assert_eq!(dock.admin_mails().len(), 3, "{:?}", dock.admin_mails());
    let (subject, text) = dock.admin_mails().pop().unwrap();
    assert_eq!(subject, "[poms] Example Shop: 2 exceptions still open");
    for words in [
        "Told before, and not decided yet: 2",
        "order W1",
        "order W2",
        "exceptions snooze ID",
    ] {
        assert!(text.contains(words), "no '{words}' in: {text}");
    }
    dock.runs(&["2025-06-06T14:00:00Z", "2025-06-07T14:00:00Z"]);
    assert_eq!(dock.admin_mails().len(), 3);
    one_is_snoozed_and_one_stays(&dock);
}

fn one_is_snoozed_and_one_stays(dock: &Dock) {
    let list = dock
        .desk
        .run(&["exceptions", "list", "--order", "W1", "--json"])
        .ok()
        .json();
    let id = list["exceptions"][0]["id"].to_string();
    let never = ["exceptions", "snooze", &id, "--days", "0", "--note", "x"];
    dock.desk.run(&never).fails(2, &["a whole number from 1"]);
    let said = dock.desk.run(&[
        "exceptions",
        "snooze",
        &id,
        "--days",
        "7",
        "--note",
        "asked them",
    ]);
    assert!(said.ok().stdout.contains("Saturday, June 14, 2025"));
    let shown = dock.desk.run(&["exceptions", "show", &id]).ok().stdout;
    assert!(shown.contains("Snoozed"), "{shown}");
    dock.runs(&["2025-06-08T14:00:00Z"]);
    let (subject, text) = dock.admin_mails().pop().unwrap();
    assert_eq!(subject, "[poms] Example Shop: 1 exception still open");
    assert!(
        text.contains("order W2") && !text.contains("order W1"),
        "{text}"
    );
    // something new and something old share a mail
    dock.runs(&["2025-06-11T14:00:00Z"]);
    assert_eq!(dock.admin_mails().len(), 5);
    dock.desk.now("2025-06-14T18:00:00Z");
    dock.held("W3");
    let (subject, text) = dock.admin_mails().pop().unwrap();
    assert_eq!(subject, "[poms] Example Shop: 1 new exception (3 open)");
    assert!(
        text.contains("Told before, and nobody has decided yet") && text.contains("order W1"),
        "{text}"
    );
    for number in ["W1", "W2", "W3"] {
        dock.desk
            .run(&["order", "cancel", number, "--note", "no answer"])
            .ok();
    }
    let before = dock.admin_mails().len();
    dock.runs(&["2025-06-25T14:00:00Z"]);
    // what the customers are owed now is new, and told once; nothing of the old is
    let later = dock.admin_mails();
    let old = later[before..]
        .iter()
        .any(|(_, text)| text.contains("Told before"));
    assert!(later.len() <= before + 1 && !old, "{later:?}");
    dock.desk
        .run(&["exceptions", "snooze", &id, "--days", "7", "--note", "x"])
        .fails(1, &["already resolved"]);
    dock.verify();
}

#[test]
fn a_site_that_wants_no_reminders_gets_none() {
    let dock = Dock::with("[watch]\nremind_days = 0\n");
    dock.held("W1");
    dock.runs(&["2025-06-12T14:00:00Z"]);
    assert_eq!(dock.admin_mails().len(), 1);
}
