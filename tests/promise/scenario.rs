//! One order from placing to the last parcel, by the clock of three time zones, over the change to
//! winter time and a Thanksgiving weekend.

use crate::support::desk::{SentMail, TestDesk};
use serde_json::json;
use std::collections::BTreeSet;

pub(super) const VENDORS: &str = "\
id,name,email,fax,channel,zip,handling_days,cutoff,timezone
ACME,Acme Home Goods,orders@acme.example,,email,04101,1,16:00,America/New_York
BLUE,Blue Ridge Garden Supply,po@blueridge.example,,email,97201,1,16:00,America/Los_Angeles
";

/// Mails to the customer from the `after`th on.
pub(super) fn customers(desk: &TestDesk, after: usize) -> Vec<SentMail> {
    let mine = desk.mails_to("c@mail.example");
    mine.into_iter().skip(after).collect()
}

pub(super) fn only(desk: &TestDesk, after: usize) -> SentMail {
    let mut mails = customers(desk, after);
    assert_eq!(mails.len(), 1, "one mail after {after}");
    mails.remove(0)
}

pub(super) fn says(mail: &SentMail, words: &[&str]) {
    let text = format!("{}\n{}", mail.subject(), mail.text());
    let html = mail.parsed().body_html(0).unwrap_or_default().into_owned();
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for word in words {
        assert!(flat.contains(word), "no '{word}' in: {text}");
        // dates stand in the HTML as well
        if word.starts_with("Expected by") || word.starts_with("By ") {
            let day = &word[word.find("y ").map_or(0, |at| at + 2)..];
            let day = day.split(" (").next().unwrap_or(day);
            assert!(html.contains(day), "no '{day}' in the HTML");
        }
    }
    assert!(
        !text.contains("W9-1") && !html.contains("W9-1"),
        "no PO number"
    );
}

/// Every day that a mail names is one of these, in text and HTML alike, and each of them is named.
pub(super) fn days(mail: &SentMail, days: &[&str]) {
    let pattern = regex::Regex::new(r"[A-Z][a-z]+day,\s+[A-Z][a-z]+\s+\d{1,2},\s+\d{4}").unwrap();
    let found = |text: &str| -> BTreeSet<String> {
        let words = |day: regex::Match| {
            day.as_str()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        };
        pattern.find_iter(text).map(words).collect()
    };
    let expected: BTreeSet<String> = days
        .iter()
        .map(|day| {
            let day: chrono::NaiveDate = day.parse().unwrap();
            day.format("%A, %B %-d, %Y").to_string()
        })
        .collect();
    assert_eq!(found(&mail.text()), expected, "{}", mail.subject());
    let html = mail.parsed().body_html(0).unwrap_or_default().into_owned();
    assert_eq!(found(&html), expected, "the HTML of {}", mail.subject());
    assert!(
        found(&mail.subject()).is_subset(&expected),
        "{}",
        mail.subject()
    );
}

pub(super) fn order() -> serde_json::Value {
    let mut order = TestDesk::plain_order("W9");
    order["date"] = json!("2025-10-31T18:20:00-04:00");
    order["lines"] = json!([{"sku": "BF63-12163", "qty": 2, "unit_price": "108.23"},
                            {"sku": "GD20-00020", "qty": 1, "unit_price": "39.00"}]);
    order["total"] = json!("255.46");
    order
}

fn site() -> TestDesk {
    let desk = TestDesk::new().vendors(VENDORS);
    let desk = desk.catalogue(crate::support::desk::CATALOGUE);
    desk.config("[notices]\nquiet_hours = \"21:00-08:00\"");
    desk
}

#[test]
fn every_date_of_a_long_order_is_right() {
    let desk = site();
    // Friday 31 October: 18:30 in New York, late for Acme; 15:30 in Portland, in time for Blue Ridge
    desk.now("2025-10-31T22:30:00Z").order(&order());
    desk.run(&["process"]).ok();
    // Acme ships on Tuesday, 5 days: the 11th is no holiday of UPS. Blue Ridge on Monday, 4 days
    says(
        &only(&desk, 0),
        &[
            "all of it to reach you by Tuesday, November 11, 2025 (estimate).",
            "By Friday, November 7, 2025 (estimate) 1 x Garden Hose 25 m",
            "By Tuesday, November 11, 2025 (estimate) 2 x Brass Floor Lamp",
        ],
    );
    days(&only(&desk, 0), &["2025-10-31", "2025-11-07", "2025-11-11"]);
    // Monday: Blue Ridge ships; 20:30 in Missouri, in winter time
    desk.now("2025-11-04T02:30:00Z");
    desk.file(
        "one.csv",
        b"po_number,sku,qty,carrier,tracking_number,ship_date\nW9-2,B-77,1,UPS,1Z5R89390357567127,2025-11-03\n",
    );
    desk.run(&["import-advices", "one.csv"]).ok();
    desk.run(&["process"]).ok();
    says(
        &only(&desk, 1),
        &[
            "A part of your order W9 is on its way",
            "Expected by Friday, November 7, 2025",
            "Left on Monday, November 3, 2025",
            "1Z5R89390357567127 https://wwwapps.ups.com/",
            "Still to come By Tuesday, November 11, 2025 (estimate) 2 x Brass Floor Lamp",
        ],
    );
    let second = ["2025-10-31", "2025-11-03", "2025-11-07", "2025-11-11"];
    days(&only(&desk, 1), &second);
    acme_is_late(&desk);
    the_rest_leaves(&desk);
    desk.run(&["verify"]).ok();
}

fn acme_is_late(desk: &TestDesk) {
    // Acme answers that it ships on 26 November, the day before Thanksgiving; 22:30 in Missouri
    desk.now("2025-11-05T04:30:00Z");
    desk.file(
        "answer.csv",
        b"po_number,sku,status,qty,date\nW9-1,BF63-12163,accepted,2,2025-11-26\n",
    );
    desk.run(&["import-advices", "answer.csv"]).ok();
    desk.run(&["process"]).ok();
    assert!(customers(desk, 2).is_empty(), "quiet hours");
    // 07:30; by summer time it would be 08:30
    desk.now("2025-11-05T13:30:00Z").run(&["process"]).ok();
    assert!(customers(desk, 2).is_empty(), "quiet hours");
    desk.now("2025-11-05T14:00:00Z").run(&["process"]).ok();
    says(
        &only(desk, 2),
        &[
            "comes later: Thursday, December 4, 2025",
            "We had told you Tuesday, November 11, 2025.",
            "What is late By Thursday, December 4, 2025 (estimate) 2 x Brass Floor Lamp",
        ],
    );
    days(&only(desk, 2), &["2025-10-31", "2025-11-11", "2025-12-04"]);
}

fn the_rest_leaves(desk: &TestDesk) {
    // it left as said, in two parcels of one advice; one mail
    desk.now("2025-11-26T20:00:00Z");
    desk.file(
        "two.csv",
        b"po_number,sku,qty,carrier,tracking_number,ship_date\n\
          W9-1,BF63-12163,1,UPS,1Z879E930346834440,2025-11-26\n\
          W9-1,BF63-12163,1,UPS,1Z410E7W0392751591,2025-11-26\n",
    );
    desk.run(&["import-advices", "two.csv"]).ok();
    desk.run(&["process"]).ok();
    let last = only(desk, 3);
    says(
        &last,
        &[
            "The rest of your order W9 is on its way",
            "Expected by Thursday, December 4, 2025",
            "1Z879E930346834440",
            "1Z410E7W0392751591",
        ],
    );
    assert!(!last.text().contains("Still to come"));
    days(&last, &["2025-10-31", "2025-11-26", "2025-12-04"]);
    // and nothing more, however often it runs
    for moment in ["2025-11-26T20:10:00Z", "2025-12-10T15:00:00Z"] {
        desk.now(moment).run(&["process"]).ok();
        assert_eq!(customers(desk, 0).len(), 4);
    }
    let shown = desk.run(&["order", "show", "W9"]).ok().stdout;
    assert!(shown.contains("11-26 ~Thu 12-04"));
}

#[test]
fn a_cancelled_order_is_told_once_and_only_to_those_who_were_told_of_it() {
    let desk = site();
    desk.now("2025-10-31T22:30:00Z").order(&order());
    desk.run(&["process"]).ok();
    desk.run(&["order", "cancel", "W9", "--note", "customer asked"])
        .ok();
    desk.run(&["process"]).ok();
    let mail = only(&desk, 1);
    says(
        &mail,
        &[
            "Your order W9 is cancelled",
            "2 x Brass Floor Lamp (BF63-12163)",
        ],
    );
    desk.run(&["process"]).ok();
    assert_eq!(customers(&desk, 0).len(), 2);
    // one that was never placed
    let mut held = order();
    held["order_number"] = json!("W10");
    held["total"] = json!("1.00");
    desk.order(&held).run(&["process"]).ok();
    desk.run(&["order", "cancel", "W10", "--note", "a test"])
        .ok();
    desk.run(&["process"]).ok();
    assert_eq!(customers(&desk, 0).len(), 2);
}

#[test]
fn the_preview_shows_any_mail_and_sends_none() {
    let desk = site();
    desk.now("2025-10-31T22:30:00Z").order(&order());
    desk.run(&["process"]).ok();
    let sent = customers(&desk, 0).len();
    desk.file(
        "gone.csv",
        b"po_number,sku,status\nW9-1,BF63-12163,rejected\n",
    );
    let none = desk.run(&["notices", "preview", "question", "W9"]);
    none.fails(1, &["there is nothing to ask"]);
    desk.run(&["import-advices", "gone.csv"]).ok();
    let json = desk.run(&["notices", "preview", "question", "W9", "--json"]);
    let json = json.ok().json();
    for key in ["subject", "text", "html"] {
        let said = json[key].as_str().unwrap();
        assert!(said.contains("W9"), "{key}: {said}");
    }
    for kind in ["placed", "delayed", "cancelled", "question"] {
        let text = desk.run(&["notices", "preview", kind, "W9"]).ok().stdout;
        assert!(
            text.starts_with("Subject: ") && text.contains("W9"),
            "{text}"
        );
        let html = desk.run(&["notices", "preview", kind, "W9", "--html"]).ok();
        assert!(html.stdout.starts_with("<!DOCTYPE html>"));
    }
    let none = desk.run(&["notices", "preview", "shipped", "W9"]);
    none.fails(1, &["nothing of order W9 has shipped"]);
    desk.run(&[
        "notices", "preview", "placed", "W9", "--html", "-o", "p.html",
    ])
    .ok();
    assert!(desk.path("p.html").exists());
    desk.run(&["notices", "preview", "placed", "W9", "-o", "p.html"])
        .fails(1, &["exists"]);
    desk.run(&["process"]).ok();
    assert_eq!(customers(&desk, 0).len(), sent);
}
