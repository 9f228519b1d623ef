//! Vendors who say nothing: one question a day with all that is late, one exception that lists it, and
//! answers that count only for the purchase order that they name.

use super::{Dock, T1};
use serde_json::Value;

pub(super) const ACME: &str = "orders@acme.example";

impl Dock {
    /// Runs at each of these moments.
    pub(super) fn at(&self, moments: &[&str]) {
        for moment in moments {
            self.desk.now(moment);
            self.run();
        }
    }

    /// Subjects and texts of the questions to a vendor.
    pub(super) fn questions(&self, to: &str) -> Vec<(String, String)> {
        let mails = self.desk.mails_to(to);
        let asks = |subject: &str| {
            [
                "Please confirm",
                "Has purchase",
                "is late",
                "wait for your answer",
            ]
            .iter()
            .any(|words| subject.contains(words))
        };
        let all = mails.iter().map(|mail| (mail.subject(), mail.text()));
        all.filter(|(subject, _)| asks(subject)).collect()
    }

    /// The one exception about a silent vendor, as shown.
    pub(super) fn silent(&self) -> Value {
        let id = self.exception("vendor_silent");
        self.desk
            .run(&["exceptions", "show", &id, "--json"])
            .ok()
            .json()
    }

    pub(super) fn listed(&self) -> Vec<String> {
        let shown = self.silent();
        let pos = shown["purchase_orders"].as_array().unwrap().iter();
        pos.map(|po| po["number"].as_str().unwrap().to_owned())
            .collect()
    }

    pub(super) fn says(&self, args: &[&str]) -> String {
        self.desk.run(args).ok().stdout
    }

    /// Three orders of silent ACME, asked twice about each, and on the list.
    fn silence() -> Dock {
        let dock = Dock::tokens();
        dock.order("W1", &[("BF63-12163", 1)]);
        dock.order("W2", &[("KT10-00010", 2)]);
        dock.order("W3", &[("KT10-00010", 1)]);
        dock.at(&[
            "2025-06-05T13:00:00Z",
            "2025-06-09T13:00:00Z",
            "2025-06-10T21:05:00Z",
        ]);
        dock
    }
}

#[test]
fn one_question_a_day_has_all_that_is_late_and_each_once_a_step() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    dock.order("W2", &[("KT10-00010", 2)]);
    // a day later
    dock.desk.now("2025-06-03T14:00:00Z");
    dock.order("W3", &[("KT10-00010", 1)]);
    dock.at(&[
        "2025-06-05T13:00:00Z",
        "2025-06-05T13:30:00Z",
        "2025-06-05T20:50:00Z",
    ]);
    let asked = dock.questions(ACME);
    assert_eq!(asked.len(), 1, "{asked:?}");
    let (subject, text) = &asked[0];
    assert_eq!(subject, "2 purchase orders wait for your answer");
    for words in [
        "W1-1, sent on Monday, June 2, 2025",
        "1 x AC-12163 (our BF63-12163)",
        "W2-1, sent on",
        "Please confirm, with the day on which you expect to ship:",
    ] {
        assert!(text.contains(words), "no '{words}' in: {text}");
    }
    assert!(!text.contains("W3-1"), "{text}");
    // W3 is asked about the next day, when the others wait for their second question
    dock.at(&["2025-06-06T13:00:00Z", "2025-06-06T19:00:00Z"]);
    let asked = dock.questions(ACME);
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert_eq!(asked[1].0, "Please confirm purchase order W3-1");
    dock.at(&["2025-06-09T13:00:00Z", "2025-06-09T13:30:00Z"]);
    let asked = dock.questions(ACME);
    assert_eq!(asked.len(), 3, "{asked:?}");
    assert!(
        asked[2].1.contains("W1-1") && asked[2].1.contains("W2-1"),
        "{}",
        asked[2].1
    );
    dock.verify();
}

#[test]
fn what_becomes_late_on_the_same_day_waits_for_the_next() {
    let dock = Dock::with("[watch]\nacknowledgement = \"2 business hours\"\n");
    dock.order("W1", &[("BF63-12163", 1)]);
    dock.at(&["2025-06-02T15:00:00Z"]);
    assert_eq!(dock.questions(ACME).len(), 1);
    dock.order("W2", &[("KT10-00010", 1)]);
    dock.at(&[
        "2025-06-02T17:10:00Z",
        "2025-06-02T17:30:00Z",
        "2025-06-02T20:59:00Z",
    ]);
    assert_eq!(dock.questions(ACME).len(), 1);
    let next = dock.show("W2")["next"].to_string();
    assert!(next.contains("2025-06-03T13:00:00"), "{next}");
    dock.at(&["2025-06-03T13:00:00Z"]);
    let asked = dock.questions(ACME);
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[1].0, "Please confirm purchase order W2-1");
}

#[test]
fn one_exception_lists_a_vendors_purchase_orders_and_shrinks_with_them() {
    let dock = Dock::silence();
    assert_eq!(dock.open(), ["vendor_silent"]);
    assert_eq!(dock.listed(), ["W1-1", "W2-1", "W3-1"]);
    let shown = dock.silent();
    assert_eq!(shown["entity"], "vendor:ACME");
    assert_eq!(shown["value"], "103.50");
    let first = &shown["purchase_orders"][0];
    assert_eq!(first["asked"], 2, "{first:#}");
    assert_eq!(first["value"], "61.50");
    assert_eq!(first["commands"].as_array().unwrap().len(), 5, "{first:#}");
    let id = shown["id"].to_string();
    let text = dock.says(&["exceptions", "show", &id]);
    for words in [
        "Acme Home Goods is silent about 3 purchase orders ($103.50): 3 not confirmed",
        "W2-1",
        "--other-vendor --po W1-1",
    ] {
        assert!(text.contains(words), "no '{words}' in: {text}");
    }
    // support finds it with the order
    assert_eq!(dock.show("W2")["exceptions"][0]["code"], "vendor_silent");
    let of_order = dock.says(&["exceptions", "list", "--order", "W2"]);
    assert!(of_order.contains("vendor_silent"), "{of_order}");
    // one ships: it goes off the list at once
    dock.import(
        "a.csv",
        &format!("po,sku,qty,tracking\nW2-1,KT10-00010,2,{T1}\n"),
        &[],
    );
    assert_eq!(dock.listed(), ["W1-1", "W3-1"]);
    // they are late with shipping, too: still one, and no word more
    dock.at(&[
        "2025-06-12T13:00:00Z",
        "2025-06-13T21:00:00Z",
        "2025-06-16T21:00:00Z",
    ]);
    assert_eq!(dock.open(), ["vendor_silent"]);
    dock.acme("Re: Purchase order W1-1", "Confirmed, ships June 19.\n");
    dock.run();
    assert_eq!(dock.listed(), ["W3-1"]);
    dock.says(&["order", "cancel", "W3", "--note", "customer called"]);
    assert_eq!(dock.open(), Vec::<String>::new());
    dock.verify();
}

#[test]
fn a_person_decides_about_one_or_about_all() {
    let dock = Dock::silence();
    let id = dock.exception("vendor_silent");
    let resolve = |more: &[&str]| {
        let mut args = vec!["exceptions", "resolve", id.as_str()];
        args.extend(more);
        args.extend(["--note", "called them"]);
        dock.desk.run(&args)
    };
    resolve(&["--cancel-line"]).fails(1, &["lists 3 purchase orders", "--po W1-1", "--all"]);
    resolve(&["--dismiss", "--po", "W9-1"]).fails(1, &["W9-1"]);
    let said = resolve(&["--other-vendor", "--po", "W1-1"]).ok().stdout;
    assert!(
        said.contains("Blue Ridge Garden Supply as purchase order W1-2"),
        "{said}"
    );
    assert_eq!(dock.listed(), ["W2-1", "W3-1"]);
    // nobody else has kettles: nothing is changed
    resolve(&["--other-vendor", "--po", "W2-1"]).fails(1, &["W2-1: no other active vendor offers"]);
    assert_eq!(dock.listed(), ["W2-1", "W3-1"]);
    // the customer is asked: from now on a case of its own
    resolve(&["--ask-customer", "--po", "W2-1"]).ok();
    assert_eq!(dock.listed(), ["W3-1"]);
    assert_eq!(dock.open(), ["po_unacknowledged", "vendor_silent"]);
    resolve(&["--dismiss"]).ok();
    assert_eq!(dock.open(), ["po_unacknowledged"]);
    // waited for: nothing more is said about the same
    dock.at(&["2025-06-11T14:00:00Z"]);
    assert_eq!(dock.open(), ["po_unacknowledged"]);
    dock.verify();
}

impl Dock {
    fn resolves(&self, code: &str, more: &[&str]) {
        let id = self.exception(code);
        let mut args = vec!["exceptions", "resolve", id.as_str()];
        args.extend(more);
        args.extend(["--note", "the customer waits"]);
        self.desk.run(&args).ok();
    }

    /// Runs in the morning and in the evening of these days of a month; no vendor is asked twice on one,
    /// and of these orders it is said what comes next, and never with a day that is gone.
    fn days(&self, days: std::ops::RangeInclusive<u32>, orders: &[&str]) {
        for day in days {
            let before = self.questions(ACME).len();
            for time in ["13:00:00", "13:30:00", "20:30:00", "21:05:00"] {
                let now = format!("2025-06-{day:02}T{time}Z");
                self.at(&[&now]);
                for order in orders {
                    let next = &self.show(order)["next"]["steps"];
                    let steps = next.as_array().unwrap();
                    assert!(!steps.is_empty(), "{order} at {now}");
                    let gone = |step: &Value| step["by"].as_str().is_some_and(|by| by < &now[..]);
                    assert!(!steps.iter().any(gone), "{order} at {now}: {next:#}");
                }
            }
            let asked = self.questions(ACME).len() - before;
            assert!(asked <= 1, "asked {asked} times on 2025-06-{day:02}");
        }
    }
}

#[test]
fn who_is_waited_for_is_asked_and_listed_again_after_the_same_time() {
    let dock = Dock::silence();
    let asked = dock.questions(ACME).len();
    dock.resolves("vendor_silent", &["--dismiss"]);
    // Tuesday after hours: two days more are over on Friday evening, with nothing said until then
    let next = dock.show("W2")["next"].to_string();
    assert!(next.contains("2025-06-13T21:00:00"), "{next}");
    dock.days(11..=13, &["W1", "W2", "W3"]);
    assert_eq!(dock.questions(ACME).len(), asked);
    assert_eq!(dock.open(), Vec::<String>::new());
    // asked twice, and told again; the 19th is a holiday
    dock.days(16..=16, &["W1", "W2", "W3"]);
    let again = dock.questions(ACME);
    assert_eq!(again.len(), asked + 1, "{again:?}");
    assert!(again[asked].1.contains("W3-1"), "{again:?}");
    dock.days(17..=18, &["W1", "W2", "W3"]);
    assert_eq!(dock.open(), Vec::<String>::new());
    dock.days(20..=20, &["W1", "W2", "W3"]);
    assert_eq!(dock.open(), ["vendor_silent"]);
    assert_eq!(dock.listed(), ["W1-1", "W2-1", "W3-1"]);
    // and so once more
    dock.resolves("vendor_silent", &["--dismiss"]);
    assert_eq!(dock.open(), Vec::<String>::new());
    dock.days(26..=30, &["W1", "W3"]);
    dock.at(&["2025-07-01T13:00:00Z", "2025-07-01T21:05:00Z"]);
    assert_eq!(dock.open(), ["vendor_silent"]);
    assert_eq!(dock.listed(), ["W1-1", "W2-1", "W3-1"]);
    // the customer read once that the day came without the goods
    let deliveries = dock.show("W1")["deliveries"].clone();
    let told = deliveries.as_array().unwrap().iter();
    let told = told.filter(|row| row["kind"] == "order_overdue").count();
    assert!(told <= 1, "{deliveries:#}");
    dock.verify();
}

#[test]
fn what_a_person_decides_alone_begins_again_when_that_is_over() {
    let dock = Dock::silence();
    dock.resolves("vendor_silent", &["--ask-customer", "--po", "W2-1"]);
    dock.resolves("vendor_silent", &["--dismiss"]);
    // while the customer is asked, the vendor is not asked again about that one
    dock.days(11..=12, &["W2"]);
    let asked = dock.questions(ACME).len();
    assert_eq!(dock.open(), ["po_unacknowledged"]);
    dock.resolves("po_unacknowledged", &["--dismiss"]);
    dock.days(13..=13, &["W2"]);
    assert_eq!(dock.questions(ACME).len(), asked);
    dock.days(14..=30, &["W2"]);
    let about = dock.questions(ACME).split_off(asked);
    assert!(
        about.iter().any(|(_, text)| text.contains("W2-1")),
        "{about:?}"
    );
    assert_eq!(dock.open(), ["vendor_silent"]);
    assert_eq!(dock.listed(), ["W1-1", "W2-1", "W3-1"]);
    dock.verify();
}

/// One run a day, before the vendor opens: after a day of business in which nothing was asked, the question
/// leaves at whatever hour the run is, and a person is told in the end.
#[test]
fn a_site_that_runs_only_outside_of_the_vendors_hours_asks_all_the_same() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    for (moment, asked) in [
        ("2025-06-05T11:00:00Z", 0),
        ("2025-06-06T11:00:00Z", 1),
        ("2025-06-09T11:00:00Z", 1),
    ] {
        dock.at(&[moment]);
        assert_eq!(dock.questions(ACME).len(), asked, "{moment}");
    }
    let days = ["10", "11", "12", "13", "16", "17", "18", "20"];
    for day in days {
        dock.at(&[&format!("2025-06-{day}T11:00:00Z")]);
    }
    assert_eq!(dock.listed(), ["W1-1"]);
    dock.verify();
}
