//! The day comes that a customer was told, and nobody says that the goods left.

use super::{Dock, T1};

impl Dock {
    /// Subjects of an order's mails to its customer.
    fn told(&self, number: &str) -> Vec<String> {
        let mails = self.desk.mails_to(&format!("{number}@mail.example"));
        mails.iter().map(|mail| mail.subject()).collect()
    }

    fn run_at(&self, moment: &str) {
        self.desk.now(moment);
        self.run();
    }
}

const LATE: &str = "Your order W1 is late";

#[test]
fn the_customer_is_told_once_when_the_day_comes_and_nothing_left() {
    let dock = Dock::new();
    // told: Tuesday, June 10
    dock.order("W1", &[("BF63-12163", 3), ("KT10-00010", 1)]);
    dock.run_at("2025-06-09T20:00:00Z");
    // 08:55 in Missouri
    dock.run_at("2025-06-10T13:55:00Z");
    assert_eq!(dock.told("W1").len(), 1, "{:?}", dock.told("W1"));
    dock.run_at("2025-06-10T14:00:00Z");
    let (count, text) = dock.last("W1");
    assert_eq!(count, 2);
    for words in [
        "Your order W1 is late |",
        "We had told you Tuesday, June 10, 2025, and the warehouse has not told us that it left",
        "Nobody can tell us yet when it comes",
        "We have asked, and will write again",
        "3 x Brass Floor Lamp (BF63-12163)",
        "1 x Kettle 1.7 l (KT10-00010)",
        "You can cancel what has not shipped at any time",
    ] {
        assert!(text.contains(words), "no '{words}' in: {text}");
    }
    for moment in [
        "2025-06-10T14:10:00Z",
        "2025-06-11T14:00:00Z",
        "2025-06-20T14:00:00Z",
    ] {
        dock.run_at(moment);
        assert_eq!(dock.told("W1").len(), 2, "{moment}");
    }
    // a new day is told, and when it passes too, that
    dock.acme("Re: Purchase order W1-1", "It ships June 23.\n");
    dock.run_at("2025-06-20T15:00:00Z");
    let (count, text) = dock.last("W1");
    assert_eq!(count, 3);
    assert!(
        text.contains("comes later: Monday, June 30, 2025"),
        "{text}"
    );
    dock.run_at("2025-06-30T14:00:00Z");
    dock.run_at("2025-07-15T14:00:00Z");
    let told = dock.told("W1");
    assert_eq!(told.len(), 4, "{told:?}");
    assert_eq!(told[3], LATE);
    dock.verify();
}

#[test]
fn who_was_not_asked_is_not_said_to_be_asked() {
    let dock = Dock::with("[watch]\nchases = 0\n");
    dock.order("W1", &[("BF63-12163", 3)]);
    dock.run_at("2025-06-11T01:30:00Z");
    let (count, text) = dock.last("W1");
    assert_eq!(count, 2, "{text}");
    assert!(
        text.contains("Nobody can tell us yet when it comes. We are finding out, and will write"),
        "{text}"
    );
}

#[test]
fn nothing_is_told_after_it_left_or_is_cancelled_or_was_told_otherwise() {
    let dock = Dock::new();
    for number in ["W1", "W2", "W3", "W4"] {
        dock.order(number, &[("BF63-12163", 1)]);
    }
    dock.import(
        "a.csv",
        &format!("po,sku,qty,tracking\nW1-1,BF63-12163,1,{T1}\n"),
        &[],
    );
    dock.desk
        .run(&["order", "cancel", "W2", "--note", "called"])
        .ok();
    // nobody knows: told when the vendor said it
    dock.acme("Re: Purchase order W3-1", "BF63-12163 is on backorder.\n");
    dock.run();
    let before: Vec<usize> = ["W1", "W2", "W3"]
        .iter()
        .map(|n| dock.told(n).len())
        .collect();
    dock.run_at("2025-06-10T15:00:00Z");
    dock.run_at("2025-06-12T15:00:00Z");
    let after: Vec<usize> = ["W1", "W2", "W3"]
        .iter()
        .map(|n| dock.told(n).len())
        .collect();
    assert_eq!(
        before,
        after,
        "{:?} {:?} {:?}",
        dock.told("W1"),
        dock.told("W2"),
        dock.told("W3")
    );
    assert_eq!(dock.told("W4").len(), 2);
    dock.verify();
}

#[test]
fn no_two_mails_in_one_run_nor_in_quiet_hours_nor_where_the_site_has_it_off() {
    let dock = Dock::with("[notices]\nquiet_hours = \"21:00-11:00\"\n");
    dock.order("W1", &[("BF63-12163", 1), ("GD20-00020", 1)]);
    // the hose leaves on the day on which all was expected: that mail goes, the other later
    dock.desk.now("2025-06-11T14:30:00Z");
    dock.import(
        "a.csv",
        &format!("po,sku,qty,tracking\nW1-2,GD20-00020,1,{T1}\n"),
        &[],
    );
    dock.run();
    let waiting = dock.told("W1").len();
    dock.run_at("2025-06-11T16:10:00Z");
    let told = dock.told("W1");
    assert_eq!(told.len(), waiting + 1, "{told:?}");
    assert!(told.iter().all(|subject| subject != LATE), "{told:?}");
    dock.run_at("2025-06-11T20:40:00Z");
    let (_, text) = dock.last("W1");
    assert!(text.contains("is late | Hello"), "{text}");
    assert!(
        text.contains("1 x Brass Floor Lamp") && !text.contains("Hose"),
        "{text}"
    );

    let dock = Dock::with("[notices]\noverdue = \"off\"\n");
    dock.order("W1", &[("BF63-12163", 1)]);
    dock.run_at("2025-06-12T15:00:00Z");
    assert_eq!(dock.told("W1").len(), 1);
}

#[test]
fn what_was_ordered_elsewhere_keeps_the_day_that_was_told() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 1)]);
    let csv = "po_number,sku,status\nW1-1,BF63-12163,rejected\n";
    dock.import("no.csv", csv, &[]);
    dock.resolve("po_rejected", &["--other-vendor", "BLUE"]);
    dock.run();
    dock.run_at("2025-06-18T15:00:00Z");
    let told = dock.told("W1");
    assert_eq!(told.last().map(String::as_str), Some(LATE), "{told:?}");
    dock.verify();
}

#[test]
fn the_preview_shows_it() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 1)]);
    let shown = dock
        .desk
        .run(&["notices", "preview", "overdue", "W1"])
        .ok()
        .stdout;
    assert!(shown.contains("Subject: Your order W1 is late"), "{shown}");
    let html = dock
        .desk
        .run(&["notices", "preview", "overdue", "W1", "--html"])
        .ok()
        .stdout;
    assert!(html.contains("Day not yet known"), "{html}");
}

#[test]
fn a_delay_beside_what_is_merely_overdue_is_no_backorder() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3), ("GD20-00020", 1)]);
    // both days pass; then the vendor of one names a new day, and of the other nobody knows more
    dock.run_at("2025-06-20T14:00:00Z");
    assert!(
        dock.told("W1").contains(&LATE.to_owned()),
        "{:?}",
        dock.told("W1")
    );
    dock.acme("Re: Purchase order W1-1", "It ships July 7.\n");
    dock.run_at("2025-06-20T15:00:00Z");
    let (_, text) = dock.last("W1");
    for words in [
        "Your order W1 is delayed |",
        "leaves the warehouse later than planned",
        "where no day stands, nobody can tell us yet",
        "Day not yet known",
        "1 x Garden Hose 25 m",
    ] {
        assert!(text.contains(words), "no '{words}' in: {text}");
    }
    assert!(!text.contains("backorder"), "{text}");
    // a vendor's own word for it is told as ever
    dock.acme("Re: Purchase order W1-1", "BF63-12163 is on backorder.\n");
    dock.run_at("2025-06-20T16:00:00Z");
    let (_, text) = dock.last("W1");
    assert!(text.contains("is on backorder"), "{text}");
    dock.verify();
}

/// A customer who is asked about the lamp was promised the kettle too.
#[test]
fn what_is_not_in_question_is_told_when_its_day_comes() {
    let dock = Dock::with("[notices]\nanswer_days = 14\n");
    dock.with_tokens();
    dock.order("W1", &[("BF63-12163", 3), ("KT10-00010", 1)]);
    dock.acme(
        "Re: Purchase order W1-1",
        "BF63-12163 is discontinued. KT10-00010 is confirmed.\n",
    );
    dock.run();
    dock.resolve("po_rejected", &["--ask-customer"]);
    dock.run_at("2025-06-02T15:00:00Z");
    dock.run_at("2025-06-10T14:00:00Z");
    let (count, text) = dock.last("W1");
    assert!(text.contains(LATE), "{text}");
    assert!(text.contains("1 x Kettle 1.7 l (KT10-00010)"), "{text}");
    assert!(!text.contains("Lamp"), "the lamp is in question: {text}");
    dock.run_at("2025-06-11T14:00:00Z");
    assert_eq!(dock.last("W1").0, count);
    dock.verify();
}

/// Each of two silent vendors has a part: who is asked about both reads no day for either.
#[test]
fn what_is_in_question_comes_by_no_day_in_another_mail() {
    let dock = Dock::with("[notices]\noverdue = \"off\"\n");
    dock.with_tokens();
    dock.order("W1", &[("BF63-12163", 1), ("GD20-00020", 1)]);
    for moment in [
        "2025-06-05T17:00:00Z",
        "2025-06-09T17:00:00Z",
        "2025-06-11T00:05:00Z",
    ] {
        dock.run_at(moment);
    }
    let list = dock.desk.run(&["exceptions", "list", "--json"]).ok().json();
    let open = list["exceptions"].as_array().unwrap();
    assert_eq!(open.len(), 2, "{list:#}");
    for row in open {
        let po = match row["entity"].as_str() {
            Some("vendor:ACME") => "W1-1",
            _ => "W1-2",
        };
        let id = row["id"].to_string();
        let ask = ["exceptions", "resolve", &id, "--ask-customer", "--po", po];
        dock.desk
            .run(&[&ask[..], &["--note", "by telephone"]].concat())
            .ok();
    }
    dock.run();
    let mails = dock.desk.mails_to("W1@mail.example");
    let asked = mails
        .iter()
        .filter(|mail| mail.subject().contains("tell us"));
    let asked: Vec<String> = asked.map(|mail| mail.text()).collect();
    assert_eq!(asked.len(), 2, "{:?}", dock.told("W1"));
    // the first was made when nobody was asked about the hose yet
    let other = asked[1].split("What else is still to come").nth(1).unwrap();
    let other = other.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(other.starts_with("Day not yet known 1 x Brass"), "{other}");
    dock.verify();
}
