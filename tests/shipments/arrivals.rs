//! What carriers write of parcels that are under way: one parcel for each mail of `fixtures/arrivals`, and the
//! carrier's own mail about it. Above a text stand the carrier, and what it must come to: `delivered` and
//! nobody asked, `noted` and nobody asked, `asked`: not delivered, and a person is told, or `waits`: not delivered.

use super::voices::{entries, outcome, ups};
use super::{Dock, TestDesk};
use rusqlite::Connection;
use serde_json::json;

/// Of the plain deliveries so many hundredths are known for such.
const FLOOR: usize = 95;

/// A number of a carrier's with the right check digit.
fn number(carrier: &str, place: usize) -> String {
    let serial = 1_000_000 + place as u64;
    let weighed = |serial: &str, weights: [u32; 3]| -> u32 {
        let digits = serial.chars().rev().zip(weights.iter().cycle());
        digits.map(|(c, w)| c.to_digit(10).unwrap() * w).sum()
    };
    match carrier {
        "ups" => ups(place),
        "fedex" => {
            let serial = format!("7946{serial}");
            let sum = weighed(&serial, [1, 3, 7]);
            format!("{serial}{}", sum % 11 % 10)
        }
        "usps" => {
            let serial = format!("94001092055000{serial}");
            let three = |at: usize| if at.is_multiple_of(2) { 3 } else { 1 };
            let digits = serial.chars().rev().enumerate();
            let sum: u32 = digits
                .map(|(at, c)| c.to_digit(10).unwrap() * three(at))
                .sum();
            format!("{serial}{}", (10 - sum % 10) % 10)
        }
        _ => format!("33{serial}{}", (330_000_000 + serial) % 7),
    }
}

fn sender(carrier: &str) -> (&'static str, &'static str) {
    match carrier {
        "ups" => ("UPS <mcinfo@ups.com>", "ups.com"),
        "fedex" => ("FedEx <TrackingUpdates@fedex.com>", "fedex.com"),
        "usps" => ("USPS <auto-reply@usps.com>", "usps.com"),
        _ => ("DHL <noreply@dhl.com>", "dhl.com"),
    }
}

/// A site with a parcel for each of them that left two days ago.
fn under_way(all: &[(String, String)]) -> Dock {
    let dock = Dock::new();
    let mut rows = String::from("po,sku,qty,tracking\n");
    for (place, (head, _)) in all.iter().enumerate() {
        let mut order = TestDesk::plain_order(&format!("W{}", place + 1000));
        order["lines"] = json!([{"sku": "BF63-12163", "qty": 1, "unit_price": "108.23"}]);
        order["total"] = json!("108.23");
        order["customer"]["email"] = json!(format!("w{place}@mail.example"));
        dock.desk.order(&order);
        let carrier = head.split(' ').next().unwrap();
        let number = number(carrier, place);
        rows.push_str(&format!("W{}-1,BF63-12163,1,{number}\n", place + 1000));
    }
    dock.run();
    dock.desk.now("2025-06-03T20:00:00Z");
    dock.import("left.csv", &rows, &[]);
    dock.run();
    dock.desk.now("2025-06-05T20:00:00Z");
    dock
}

#[test]
fn what_carriers_say_of_arrival() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/arrivals");
    let files = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    let all: Vec<(String, String)> = files.iter().flat_map(entries).collect();
    let dock = under_way(&all);
    for (place, (head, text)) in all.iter().enumerate() {
        let carrier = head.split(' ').next().unwrap();
        let (from, domain) = sender(carrier);
        let text = text.replace("{n}", &number(carrier, place));
        let (subject, text) = text.split_once('\n').unwrap_or((&text, ""));
        dock.mail(from, domain, subject, text, None);
    }
    dock.run();
    dock.verify();
    let ledger = Connection::open(dock.desk.path("poms.db")).unwrap();
    let (mut wrong, mut needless, mut plain) = (Vec::new(), Vec::new(), 0);
    for (place, (head, text)) in all.iter().enumerate() {
        let expected = head.split(' ').nth(1).unwrap();
        let outcome = outcome(&ledger, place);
        let state = dock.show(&format!("W{}", place + 1000))["state"].clone();
        assert_eq!(outcome.shipped, 1, "{head}: {text}");
        let (delivered, told) = (state == "delivered", !outcome.codes.is_empty());
        let shown = format!(
            "{head}: {state} {:?} {:?}\n    {text}",
            outcome.codes, outcome.messages
        );
        plain += usize::from(expected == "delivered");
        match expected {
            "delivered" if delivered && !told => {}
            "noted" if !delivered && !told => {}
            "asked" if !delivered && told => {}
            "waits" if !delivered => {}
            "delivered" | "noted" if !delivered && told => needless.push(shown),
            _ => wrong.push(shown),
        }
    }
    println!(
        "{} mails, {} wrong, {} asked needlessly\n{}",
        all.len(),
        wrong.len(),
        needless.len(),
        needless.join("\n")
    );
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        needless.len() * 100 <= (100 - FLOOR) * plain,
        "{} needless",
        needless.len()
    );
}
