//! The same order to the door, with UPS: the carrier's days at first, estimates once a vendor moves
//! them, and delivered when the last parcel is, after the Thanksgiving weekend.

use super::scenario::{VENDORS, customers, days, only, order, says};
use crate::support::desk::{CATALOGUE, TestDesk};
use crate::support::ups::{Reply, Ups};
use serde_json::json;

const HOSE: &str = "1Z5R89390357567127";
const LAMPS: [&str; 2] = ["1Z879E930346834440", "1Z410E7W0392751591"];

fn seen(ups: &Ups, number: &str, kind: &str, day: &str) {
    let delivery = match kind {
        "D" => json!([{"type": "DEL", "date": day}]),
        _ => json!([]),
    };
    let body = json!({"trackResponse": {"shipment": [{"inquiryNumber": number, "package": [{
        "trackingNumber": number, "deliveryDate": delivery,
        "currentStatus": {"type": kind, "code": "X", "description": "as UPS says"},
        "activity": [{"date": day, "time": "120000", "status": {"type": kind}}]}]}]}});
    ups.parcel(number, Reply::With(200, body.to_string()));
}

fn state(desk: &TestDesk) -> String {
    let story = desk.run(&["order", "show", "W9", "--json"]).ok().json();
    story["state"].as_str().unwrap_or_default().to_owned()
}

fn import(desk: &TestDesk, name: &str, csv: String) {
    desk.file(name, csv.as_bytes());
    desk.run(&["import-advices", name]).ok();
    desk.run(&["process"]).ok();
}

#[test]
fn from_the_order_to_the_door() {
    let ups = Ups::start("2025-11-11");
    // as UPS would say for Tuesday from Maine, and for Monday from Oregon
    ups.leaving("2025-11-04", "2025-11-11")
        .leaving("2025-11-03", "2025-11-07");
    let desk = TestDesk::new().vendors(VENDORS).catalogue(CATALOGUE);
    desk.file("keys/ups.secret", b"hunter2\n");
    desk.config(&ups.config("tracking = true\nstuck_days = 10"));
    // Friday 31 October, 18:30 in New York
    desk.now("2025-10-31T22:30:00Z").order(&order());
    desk.run(&["process"]).ok();
    let mut asked: Vec<String> = ups
        .seen("/transittimes")
        .iter()
        .map(|one| one.json()["shipDate"].as_str().unwrap().to_owned())
        .collect();
    asked.sort();
    assert_eq!(
        asked,
        ["2025-11-03", "2025-11-04"],
        "cut-offs by the vendors' clocks"
    );
    days(&only(&desk, 0), &["2025-10-31", "2025-11-07", "2025-11-11"]);
    assert!(!only(&desk, 0).text().contains("estimate"));
    // both acknowledge; nothing is told of that
    desk.now("2025-11-03T15:00:00Z");
    let ack = "po_number,sku,status\nW9-1,BF63-12163,accepted\nW9-2,B-77,accepted\n";
    import(&desk, "ack.csv", ack.to_owned());
    assert_eq!(customers(&desk, 1).len(), 0);
    // Blue Ridge ships on Monday; it arrives on Friday
    desk.now("2025-11-04T02:30:00Z");
    let head = "po_number,sku,qty,carrier,tracking_number,ship_date";
    import(
        &desk,
        "one.csv",
        format!("{head}\nW9-2,B-77,1,UPS,{HOSE},2025-11-03\n"),
    );
    let second = ["2025-10-31", "2025-11-03", "2025-11-07", "2025-11-11"];
    days(&only(&desk, 1), &second);
    seen(&ups, HOSE, "D", "20251107");
    desk.now("2025-11-07T23:00:00Z").run(&["process"]).ok();
    assert_eq!(state(&desk), "partly_shipped");
    the_lamps(&desk, &ups, head);
    desk.run(&["verify"]).ok();
}

fn the_lamps(desk: &TestDesk, ups: &Ups, head: &str) {
    // Acme is late: the day before Thanksgiving
    desk.now("2025-11-10T15:00:00Z");
    let late = "po_number,sku,status,date\nW9-1,BF63-12163,accepted,2025-11-26\n";
    import(desk, "late.csv", late.to_owned());
    days(&only(desk, 2), &["2025-10-31", "2025-11-11", "2025-12-04"]);
    says(
        &only(desk, 2),
        &["by Thursday, December 4, 2025 (estimate)."],
    );
    // two parcels, one after the other
    for (place, number) in LAMPS.iter().enumerate() {
        desk.now(&format!("2025-11-26T2{place}:00:00Z"));
        import(
            desk,
            &format!("lamp{place}.csv"),
            format!("{head}\nW9-1,BF63-12163,1,UPS,{number},2025-11-26\n"),
        );
    }
    let mails = customers(desk, 3);
    assert_eq!(mails.len(), 2);
    days(&mails[0], &["2025-10-31", "2025-11-26", "2025-12-04"]);
    days(&mails[1], &["2025-10-31", "2025-11-26", "2025-12-04"]);
    assert!(mails[1].subject().contains("The rest of your order"));
    assert_eq!(state(desk), "shipped");
    // one comes on the Friday after Thanksgiving, the other on Monday
    seen(ups, LAMPS[0], "D", "20251128");
    seen(ups, LAMPS[1], "I", "20251128");
    desk.now("2025-11-29T01:00:00Z").run(&["process"]).ok();
    assert_eq!(state(desk), "shipped");
    seen(ups, LAMPS[1], "D", "20251201");
    desk.now("2025-12-01T23:00:00Z").run(&["process"]).ok();
    assert_eq!(state(desk), "delivered");
    desk.now("2025-12-10T15:00:00Z").run(&["process"]).ok();
    assert_eq!(customers(desk, 0).len(), 5);
}
