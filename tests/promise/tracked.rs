//! UPS Tracking: delivered, stuck, seen again.

use super::{order_to, site};
use crate::support::desk::TestDesk;
use crate::support::ups::{Reply, Ups, gateway};
use serde_json::json;

const ONE: &str = "1Z5R89390357567127";
const TWO: &str = "1Z879E930346834440";

fn parcel(number: &str, kind: &str, day: &str) -> Reply {
    let delivery = if kind == "D" {
        json!([{"type": "DEL", "date": day}])
    } else {
        json!([])
    };
    let body = json!({"trackResponse": {"shipment": [{"inquiryNumber": number, "package": [{
        "trackingNumber": number, "deliveryDate": delivery,
        "currentStatus": {"type": kind, "code": "X", "description": "as UPS says"},
        "activity": [{"date": day, "time": "120000", "status": {"type": kind}}]}]}]}});
    Reply::With(200, body.to_string())
}

fn states(desk: &TestDesk) -> (String, i64) {
    let story = desk.run(&["order", "show", "W1", "--json"]).ok().json();
    let open = story["exceptions"].as_array().map_or(0, Vec::len);
    (
        story["state"].as_str().unwrap_or_default().to_owned(),
        i64::try_from(open).unwrap(),
    )
}

fn shipped(ups: &Ups, rows: &str) -> TestDesk {
    let desk = site(ups, "tracking = true\nstuck_days = 3");
    desk.order(&order_to("W1", "65367"));
    desk.run(&["process"]).ok();
    desk.now("2025-06-03T20:00:00Z");
    let csv = format!("po_number,sku,qty,carrier,tracking_number,ship_date\n{rows}");
    desk.file("advice.csv", csv.as_bytes());
    desk.run(&["import-advices", "advice.csv"]).ok();
    desk
}

#[test]
fn delivered_when_every_parcel_is() {
    let ups = Ups::start("2025-06-06");
    ups.tracks(&[
        gateway(404, "TW0001", "Tracking Information Not Found"),
        gateway(404, "TW0001", "Tracking Information Not Found"),
    ]);
    let desk = shipped(
        &ups,
        &format!(
            "W1-1,BF63-12163,1,UPS,{ONE},2025-06-03\nW1-1,BF63-12163,2,UPS,{TWO},2025-06-03\n"
        ),
    );
    desk.run(&["process"]).ok();
    assert_eq!(states(&desk), ("shipped".to_owned(), 0));
    // not asked again before its time
    desk.now("2025-06-03T20:10:00Z").run(&["process"]).ok();
    assert_eq!(ups.seen("/track/").len(), 2);
    // each in a shipment or parcel of its own: whichever is asked first
    desk.now("2025-06-06T20:00:00Z");
    let asked = ups.seen("/track/").len();
    ups.tracks(&[Reply::With(200, "{}".into()), Reply::With(200, "{}".into())]);
    desk.run(&["process"]).ok();
    assert_eq!(ups.seen("/track/").len(), asked + 2);
    assert_eq!(states(&desk).0, "shipped");
}

#[test]
fn one_parcel_moves_gets_stuck_is_seen_and_arrives() {
    let ups = Ups::start("2025-06-06");
    ups.tracks(&[parcel(ONE, "I", "20250604")]);
    let desk = shipped(&ups, &format!("W1-1,BF63-12163,3,UPS,{ONE},2025-06-03\n"));
    desk.now("2025-06-04T20:00:00Z").run(&["process"]).ok();
    assert_eq!(states(&desk), ("shipped".to_owned(), 0));
    // three business days after 4 June is Monday the 9th: on the 10th it is stuck
    ups.tracks(&[parcel(ONE, "I", "20250604")]);
    desk.now("2025-06-09T20:00:00Z").run(&["process"]).ok();
    assert_eq!(states(&desk).1, 0);
    ups.tracks(&[parcel(ONE, "I", "20250604")]);
    desk.now("2025-06-10T20:30:00Z").run(&["process"]).ok();
    assert_eq!(states(&desk).1, 1);
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    assert_eq!(list["exceptions"][0]["code"], "shipment_stuck");
    let said = list["exceptions"][0]["message"].as_str().unwrap();
    assert!(said.contains(ONE) && said.contains("2025-06-04"), "{said}");
    ups.tracks(&[parcel(ONE, "I", "20250611")]);
    desk.now("2025-06-11T21:00:00Z").run(&["process"]).ok();
    assert_eq!(states(&desk).1, 0, "seen again");
    ups.tracks(&[parcel(ONE, "D", "20250612")]);
    desk.now("2025-06-12T22:00:00Z").run(&["process"]).ok();
    assert_eq!(states(&desk), ("delivered".to_owned(), 0));
    let asked = ups.seen("/track/").len();
    desk.now("2025-06-20T22:00:00Z").run(&["process"]).ok();
    assert_eq!(
        ups.seen("/track/").len(),
        asked,
        "what arrived is not asked about"
    );
    desk.run(&["verify"]).ok();
}

/// What is shown of the parcels: state of the order, and of each shipment.
fn shown(desk: &TestDesk) -> (String, Vec<String>) {
    let story = desk.run(&["order", "show", "W1", "--json"]).ok().json();
    let state = |row: &serde_json::Value| row["state"].as_str().unwrap_or_default().to_owned();
    let shipments = story["shipments"].as_array().unwrap();
    (state(&story), shipments.iter().map(state).collect())
}

/// Two parcels of one advice, and then two of one shipment: delivered only when both are.
#[test]
fn one_parcel_arrives_and_the_other_later() {
    let both =
        format!("W1-1,BF63-12163,1,UPS,{ONE},2025-06-03\nW1-1,BF63-12163,2,UPS,{TWO},2025-06-03\n");
    let joined = format!("W1-1,BF63-12163,3,UPS,\"{ONE}, {TWO}\",2025-06-03\n");
    for (rows, shipments) in [(&both, 2), (&joined, 1)] {
        let ups = Ups::start("2025-06-06");
        let desk = shipped(&ups, rows);
        ups.parcel(ONE, parcel(ONE, "D", "20250605"));
        ups.parcel(TWO, parcel(TWO, "I", "20250605"));
        desk.now("2025-06-05T22:00:00Z").run(&["process"]).ok();
        let (order, states) = shown(&desk);
        assert_eq!((order.as_str(), states.len()), ("shipped", shipments));
        let arrived = states.iter().filter(|state| *state == "delivered").count();
        assert_eq!(arrived, shipments - 1, "{states:?}");
        // the one that arrived is not asked about again
        let asked = ups.seen(ONE).len();
        ups.parcel(TWO, parcel(TWO, "D", "20250606"));
        desk.now("2025-06-06T22:00:00Z").run(&["process"]).ok();
        assert_eq!(ups.seen(ONE).len(), asked);
        let (order, states) = shown(&desk);
        assert_eq!(order, "delivered");
        assert!(
            states.iter().all(|state| state == "delivered"),
            "{states:?}"
        );
        // the customer read of placing and shipping, and of nothing else
        assert_eq!(desk.mails_to("W1@mail.example").len(), 2);
        desk.run(&["verify"]).ok();
    }
}

/// The carrier's own mail comes first: the parcel arrived, once, and UPS is not asked about it.
#[test]
fn what_a_carriers_mail_said_is_not_asked_again() {
    let ups = Ups::start("2025-06-06");
    let desk = shipped(&ups, &format!("W1-1,BF63-12163,3,UPS,{ONE},2025-06-03\n"));
    let text = std::fs::read_to_string(desk.path("poms.toml")).unwrap();
    let text = format!("{text}\n[intake]\nauthserv_id = \"mx.shop.example\"\n");
    desk.file("poms.toml", text.as_bytes());
    desk.now("2025-06-05T22:00:00Z").raw_mail(
        format!(
            "Authentication-Results: mx.shop.example; dkim=pass header.d=ups.com\r\nFrom: mcinfo@ups.com\r\n\
             To: orders@shop.example\r\nSubject: Your UPS Package was delivered\r\nMessage-ID: <d@ups.com>\r\n\
             Date: Thu, 05 Jun 2025 17:00:00 -0400\r\n\r\nTracking Number: {ONE}\r\nDelivered On: 06/05/2025\r\n"
        )
        .as_bytes(),
    );
    desk.run(&["process"]).ok();
    assert_eq!(shown(&desk).0, "delivered");
    let asked = ups.seen("/track/").len();
    desk.now("2025-06-20T22:00:00Z").run(&["process"]).ok();
    assert_eq!(ups.seen("/track/").len(), asked);
    let facts = desk.run(&["audit", "show", "W1", "--json"]).ok().stdout;
    assert_eq!(facts.matches("parcel.delivered").count(), 1);
    desk.run(&["verify"]).ok();
}

/// A part that arrived long ago, and the rest that left later.
#[test]
fn the_rest_of_an_order_that_left_later() {
    let ups = Ups::start("2025-06-06");
    let desk = shipped(&ups, &format!("W1-1,BF63-12163,1,UPS,{ONE},2025-06-03\n"));
    ups.parcel(ONE, parcel(ONE, "D", "20250605"));
    desk.now("2025-06-05T22:00:00Z").run(&["process"]).ok();
    assert_eq!(
        shown(&desk),
        ("partly_shipped".to_owned(), vec!["delivered".to_owned()])
    );
    let rest = format!("po_number,sku,qty,carrier,tracking_number\nW1-1,BF63-12163,2,UPS,{TWO}\n");
    desk.file("rest.csv", rest.as_bytes());
    desk.run(&["import-advices", "rest.csv"]).ok();
    ups.parcel(TWO, parcel(TWO, "I", "20250606"));
    desk.now("2025-06-06T22:00:00Z").run(&["process"]).ok();
    assert_eq!(shown(&desk).0, "shipped");
    ups.parcel(TWO, parcel(TWO, "D", "20250609"));
    desk.now("2025-06-09T22:00:00Z").run(&["process"]).ok();
    assert_eq!(shown(&desk).0, "delivered");
    desk.run(&["verify"]).ok();
}

/// UPS down while tracking: nothing is concluded from it.
#[test]
fn a_failing_ups_moves_nothing() {
    let ups = Ups::start("2025-06-06");
    ups.tracks(&[Reply::With(503, String::new()), Reply::Drop]);
    let desk = shipped(&ups, &format!("W1-1,BF63-12163,3,UPS,{ONE},2025-06-03\n"));
    desk.now("2025-06-20T20:00:00Z").run(&["process"]).ok();
    desk.now("2025-06-20T20:10:00Z").run(&["process"]).ok();
    assert_eq!(ups.seen("/track/").len(), 2);
    assert_eq!(states(&desk), ("shipped".to_owned(), 0));
}
