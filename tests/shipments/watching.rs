//! What does not come is asked after, and then told to a person.

use super::{Dock, T1};

fn chases(dock: &Dock) -> usize {
    let about = |subject: String| {
        ["Please confirm", "Has purchase", "is late"]
            .iter()
            .any(|word| subject.contains(word))
    };
    let mails = dock.desk.mails();
    mails.iter().filter(|mail| about(mail.subject())).count()
}

/// What the exceptions about silent vendors say.
fn silent(dock: &Dock) -> Vec<String> {
    let list = dock
        .desk
        .run(&["exceptions", "list", "--code", "vendor_silent", "--json"]);
    let list = list.ok().json();
    let rows = list["exceptions"].as_array().unwrap().iter();
    rows.map(|row| row["message"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_silent_vendor_is_asked_twice_and_then_a_person_is_told() {
    let dock = Dock::new();
    // Monday 06:05 in New York
    dock.order("W1", &[("BF63-12163", 1)]);
    let story = dock.show("W1");
    assert!(
        story["next"].to_string().contains("2025-06-04T21:00:00"),
        "{:#}",
        story["next"]
    );
    for (moment, asked, open) in [
        ("2025-06-04T20:59:00Z", 0, 0),
        ("2025-06-04T21:05:00Z", 0, 0), // after hours
        ("2025-06-05T12:59:00Z", 0, 0),
        ("2025-06-05T13:00:00Z", 1, 0),
        ("2025-06-05T13:10:00Z", 1, 0),
        ("2025-06-06T20:00:00Z", 1, 0),
        ("2025-06-09T14:00:00Z", 2, 0), // over the weekend
        ("2025-06-10T20:00:00Z", 2, 0),
        ("2025-06-10T21:05:00Z", 2, 1),
        ("2025-06-10T21:15:00Z", 2, 1),
    ] {
        dock.desk.now(moment);
        dock.run();
        let unanswered = silent(&dock).len();
        assert_eq!(
            (chases(&dock).min(2), unanswered),
            (asked, open),
            "{moment} {:?}",
            dock.open()
        );
    }
    dock.verify();
    it_answers_and_does_not_keep_its_word(&dock);
}

fn it_answers_and_does_not_keep_its_word(dock: &Dock) {
    // the vendor answers at last
    dock.acme(
        "Re: Please confirm purchase order W1-1",
        "Confirmed, ships June 12.\n",
    );
    dock.run();
    assert_eq!(dock.open(), Vec::<String>::new());
    // and does not keep its word: two mails, then a person
    for (moment, late) in [
        ("2025-06-13T21:05:00Z", 0),
        ("2025-06-16T14:00:00Z", 0),
        ("2025-06-18T14:00:00Z", 0),
        ("2025-06-20T22:00:00Z", 1), // the 19th is a holiday
    ] {
        dock.desk.now(moment);
        dock.run();
        let told = silent(dock);
        assert_eq!(told.len(), late, "{moment} {told:?}");
        assert!(
            told.iter()
                .all(|text| text.contains("not shipped as promised W1-1")),
            "{told:?}"
        );
    }
    let status = dock.desk.run(&["status", "--json"]).ok().json();
    assert_eq!(status["waiting"]["overdue"], 1, "{status:#}");
    let csv = format!("po,sku,qty,tracking\nW1-1,BF63-12163,1,{T1}\n");
    dock.import("a.csv", &csv, &[]);
    assert_eq!(dock.open(), Vec::<String>::new());
    dock.verify();
}

#[test]
fn a_vendor_in_the_west_is_asked_in_its_own_hours_and_a_person_at_once_without_chases() {
    let dock = Dock::new();
    dock.order("W2", &[("GD20-00020", 2)]);
    for (moment, asked) in [
        ("2025-06-05T00:05:00Z", 0), // Wednesday 17:05 there: due, and closed
        ("2025-06-05T15:59:00Z", 0),
        ("2025-06-05T16:00:00Z", 1),
    ] {
        dock.desk.now(moment);
        dock.run();
        assert_eq!(chases(&dock), asked, "{moment}");
    }
    let dock =
        Dock::with("[watch]\nchases = 0\nacknowledgement = \"off\"\nadvice = \"1 business day\"\n");
    dock.order("W3", &[("BF63-12163", 1)]);
    // one day of handling and one more: Wednesday 17:00
    for (moment, open) in [("2025-06-04T20:59:00Z", 0), ("2025-06-04T21:00:00Z", 1)] {
        dock.desk.now(moment);
        dock.run();
        assert_eq!((chases(&dock), dock.open().len()), (0, open), "{moment}");
    }
    dock.resolve("vendor_silent", &["--dismiss"]);
    // who waits gives the vendor its business day anew: Friday 17:00
    for (moment, open) in [("2025-06-06T20:59:00Z", 0), ("2025-06-06T21:00:00Z", 1)] {
        dock.desk.now(moment);
        dock.run();
        assert_eq!((chases(&dock), dock.open().len()), (0, open), "{moment}");
    }
}

#[test]
fn a_day_that_is_gone_is_none_to_wait_for_where_nothing_is_watched() {
    let dock = Dock::with("[watch]\nacknowledgement = \"off\"\nadvice = \"off\"\nlate = \"off\"\n");
    dock.order("W1", &[("BF63-12163", 1)]);
    let next = dock.show("W1")["next"].clone();
    assert_eq!(
        next["what"], "Acme Home Goods acknowledges and ships W1-1",
        "{next:#}"
    );
    assert!(next["by"].as_str().is_some(), "{next:#}");
    dock.desk.now("2025-06-20T15:00:00Z");
    let next = dock.show("W1")["next"].clone();
    let what = next["what"].as_str().unwrap();
    assert!(
        what.starts_with(
            "Acme Home Goods has not said that W1-1 left, which was planned for Tue 2025-06-03"
        ),
        "{what}"
    );
    assert_eq!(next["by"], serde_json::Value::Null);
    for args in [["order", "show", "W1"], ["po", "show", "W1-1"]] {
        let screen = dock.desk.run(&args).ok().stdout;
        let flat = screen.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains("nobody is asked about it"), "{screen}");
        assert!(!flat.contains("acknowledges and ships"), "{screen}");
    }
}
