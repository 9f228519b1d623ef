//! Whose parcel a carrier writes of: who sent it, who has it, and what a title alone is worth.

use super::not_signed::written_by;
use super::{Dock, T1};

const UPS: &str = "UPS <mcinfo@ups.com>";

/// What becomes of purchase orders of which UPS writes, directly or handed on by somebody.
fn of_ups(subject: &str, texts: &[&str], handed_on: bool) -> Vec<(String, String)> {
    let mail = |text: &&str| match handed_on {
        false => format!("Tracking Number: {{U}}\n{text}\n"),
        true => format!(
            "---------- Forwarded message ---------\nFrom: {UPS}\nDate: Mon, Jun 2, 2025 at 9:00 AM\n\
             Subject: {subject}\nTo: <a@acme.example>\n\nTracking Number: {{U}}\n{text}\n"
        ),
    };
    let all: Vec<String> = texts.iter().map(mail).collect();
    let from = if handed_on {
        "Ann <ann@home.example>"
    } else {
        UPS
    };
    let all: Vec<(&str, &str)> = all.iter().map(|text| (from, text.as_str())).collect();
    let (dock, states) = written_by(subject, &all);
    dock.verify();
    let told = texts.iter().map(|text| (*text).to_owned());
    told.zip(states).collect()
}

/// It says only that data of a label were transmitted.
#[test]
fn a_ship_notification_is_no_word_that_goods_left() {
    let texts = [
        "You have a package coming.",
        "",
        "UPS Service: UPS GROUND\nNumber of Packages: 1\nWeight: 2.0 LBS",
        "Shipper: ACME HOME GOODS\nShip To: CESAR BUSTOS",
        "You have a package coming.\nScheduled Delivery: 06/06/2025\nNumber of Packages: 1",
    ];
    for subject in [
        "UPS Ship Notification",
        "UPS Shipment Notification",
        "Shipment Notification",
    ] {
        for handed_on in [false, true] {
            let all = of_ups(subject, &texts, handed_on);
            let acted: Vec<_> = all.iter().filter(|(_, state)| state != "sent").collect();
            assert!(acted.is_empty(), "{subject}: {acted:#?}");
        }
    }
}

#[test]
fn another_senders_parcel_is_none_of_ours() {
    let others = [
        "Your package from BARNES HARDWARE is on the way.",
        "Your package is on the way.\nShip From: BARNES HARDWARE, DAYTON OH",
        "Your package is on the way.\nShipper: BARNES HARDWARE",
        "Your package is on the way.\nShipped From: DAYTON, OH",
    ];
    let ours = [
        "Your package from ACME HOME GOODS is on the way.",
        "Your package is on the way.\nShipper: Acme Home Goods",
        "We have your package.\nOrigin scan: Portland, ME",
    ];
    for handed_on in [false, true] {
        for (text, state) in of_ups("UPS Update: On the Way", &others, handed_on) {
            assert_eq!(state, "sent", "{text}");
        }
        for (text, state) in of_ups("UPS Update: On the Way", &ours, handed_on) {
            assert_eq!(state, "shipped", "{text}");
        }
    }
}

/// The state of an order with a parcel of which UPS writes that it was delivered, and what is asked.
fn delivered(beside: &str) -> (String, Vec<String>) {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    dock.desk.now("2025-06-03T20:00:00Z");
    dock.import(
        "left.csv",
        &format!("po,sku,qty,tracking\nW1-1,BF63-12163,1,{T1}\n"),
        &[],
    );
    dock.run();
    dock.desk.now("2025-06-05T20:00:00Z");
    let text = format!("Tracking Number: {T1}\nYour package has been delivered.\n{beside}\n");
    dock.mail(UPS, "ups.com", "UPS Update: Package Delivered", &text, None);
    dock.run();
    dock.verify();
    (
        dock.show("W1")["state"].as_str().unwrap().to_owned(),
        dock.open(),
    )
}

#[test]
fn at_somebody_who_is_not_the_customer() {
    for beside in [
        "Received by: POST OFFICE",
        "Received by: USPS",
        "Signed by: WALGREENS",
        "Signed for by: MICHAELS STORE",
        "Received by: ACCESS POINT",
        "Received by: CARRIER",
        "Received by: WAREHOUSE",
        "Received by: ACME HOME GOODS",
        "Signed by: POSTAL",
        "Received by: NEIGHBOR",
        "Left at: Access Point",
        "Left at: Neighbor",
        "Left at: Other",
        "Left at: Locker",
        "Left with: NEIGHBOR",
        "Delivered to: Neighbor",
        "Service: UPS Returns",
        "UPS Service: UPS Returns Ground",
    ] {
        let (state, open) = delivered(beside);
        assert_eq!(state, "shipped", "{beside}");
        assert_eq!(open, ["parcel_trouble"], "{beside}");
    }
}

#[test]
fn at_the_recipients_place() {
    for beside in [
        "Received by: BUSTOS",
        "Signed by: C BUSTOS",
        "Signed by: MARY POTTS",
        "Left at: Met Customer Man",
        "Left at: Inside Delivery",
        "Left at: Basement",
        "Delivered to: Receiver",
        "Delivery location: Porch",
        "Proof of delivery available",
        "Status: Delivered, Front Door/Porch",
        "Left at front door. Signature Service not requested.",
        "Number of pieces: 1\nWeight: 2.00 lb.\nSpecial handling: Residential Delivery",
        "Ship To: CESAR BUSTOS\n49996 GARY FORKS APT 388\nSOUTH WILLIE, MO 65367\nUS",
    ] {
        let (state, open) = delivered(beside);
        assert_eq!(state, "delivered", "{beside}: {open:?}");
    }
}
