use crate::vendor_docs::advice::{self, AdviceRow, Document, Mail};
use chrono::NaiveDate;

const UPS: &str = "1Z5R89390357567127";
const FEDEX: &str = "794651239885";
const USPS: &str = "9400109205568000001233";

fn row(from: &str, subject: &str, text: &str) -> Option<AdviceRow> {
    let mail = Mail {
        from,
        subject,
        text: Some(text),
        html: None,
    };
    let today = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
    let read = advice::read(&Document::Mail(mail), today).ok()?;
    read.rows.into_iter().next()
}

/// From each carrier, about a parcel of its own.
fn each(subject: &str, text: &str) -> Vec<(&'static str, Option<AdviceRow>)> {
    let all = [
        ("mcinfo@ups.com", UPS),
        ("TrackingUpdates@fedex.com", FEDEX),
        ("auto-reply@usps.com", USPS),
    ];
    all.into_iter()
        .map(|(from, number)| {
            let text = format!("Tracking Number: {number}\n{text}\n");
            (from, row(from, subject, &text))
        })
        .collect()
}

fn acts(row: Option<&AdviceRow>) -> bool {
    row.is_some_and(|row| {
        let quiet = row.news.is_none() && row.delivered.is_none() && row.unsaid.is_none();
        quiet && row.beside.doubts.is_empty()
    })
}

const NO_SENTENCES: &[&str] = &[
    "On the Way: no",
    "A package is on its way back to you.",
    "Departed? Not yet.",
    "Your package has been shipped back.",
    "The item has shipped to our returns center",
    "Is your package on its way?",
    "If your package is on its way, sign up.",
    "Your package will be on its way soon.",
    "Your package is scheduled to be shipped on 12/04/2026.",
    "Out for delivery tomorrow",
    "In transit - exception",
    "Picked up by the customer at the store.",
    "Your package is on its way.\nNumber of packages: 3",
    "Your package 1 of 3 is on its way.",
    "Rescheduled: your package is on its way",
    "Not in transit",
    "No longer in transit",
    "In transit\nCancelled by shipper",
    "In Transit - Held",
    "Shipment was picked up, then cancelled",
    "Shipped by mistake",
    "Your package has shipped!\nOops, that was a mistake.",
    "Package is on its way, contents recalled",
    "Status: On the way? No",
    "Your package may be on its way.",
    "When your package is in transit we will tell you.",
    "Estimated delivery date: 12/03/2026",
    "Scheduled Delivery: 12/03/2026",
    "We have received the shipment information from the sender.",
    "Your package is on its way to Bozeman, MT",
    "Your package is on its way.\nQuantity: 0",
    "Your package is on its way.\nWeight: 0.0 LBS",
    "Your package is on its way.\nReference: cancelled",
    "Your package is not on its way.",
    "The package is no longer on its way.",
    "In transit: no",
    "On its way: false",
    "Nothing has shipped.",
    "Ready to be on its way",
    "Package on its way to our Dayton store",
    "On the way to your neighbor John Smith",
    "Alert",
    "Shipped: 11/30/2026 planned",
    "Shipped: never",
    "Your package is on its way.\nStatus: Exception",
    "Shipment information received",
    "",
];

#[test]
fn what_is_no_whole_sentence_of_a_carrier_is_for_a_person() {
    for text in NO_SENTENCES {
        for subject in ["Update", "UPS"] {
            for (from, row) in each(subject, text) {
                assert!(!acts(row.as_ref()), "{from}: {text}: {row:?}");
            }
        }
    }
    let text = "Your package is on its way.";
    for subject in ["Your return is on its way", "Void", "Is it on its way?"] {
        for (from, row) in each(subject, text) {
            assert!(!acts(row.as_ref()), "{from}: {subject}: {row:?}");
        }
    }
    for text in [
        "We have received the shipment information from the sender.",
        "Scheduled Delivery: 12/03/2026",
        "Your shipment is ready.",
    ] {
        for (from, row) in each("UPS Ship Notification", text) {
            assert!(!acts(row.as_ref()), "{from}: {text}: {row:?}");
        }
    }
    // a carrier that is not the number's
    let text = format!("Tracking Number: {UPS}\nYour package is on its way.\n");
    for from in ["x@fedex.com", "auto-reply@usps.com", "noreply@dhl.com"] {
        assert!(row(from, "Update", &text).is_none(), "{from}");
    }
}

#[test]
fn what_carriers_write_of_a_parcel_that_they_have() {
    for text in [
        "Your package is on its way.",
        "Your package is on the way!",
        "Hi Acme,\nYour package is on its way.",
        "Hi Acme, your package is on its way.",
        "In transit",
        "Status: In transit",
        "Picked up",
        "Your package has shipped!",
        "Out for delivery today",
        "We have your package.",
        "Your shipment is on the way.\nScheduled delivery: Thursday, 12/03/2026\nWeight: 2.5 LBS\nNumber of Packages: 1",
        "Your package is on its way.\nTrack it:\nhttps://www.example.com/x",
    ] {
        let text = text.replace("Track it:\n", "");
        for (from, row) in each("Update", &text) {
            assert!(acts(row.as_ref()), "{from}: {text}: {row:?}");
        }
    }
    let text = format!("Tracking Number: {USPS}\nAccepted at USPS Origin Facility\n");
    let found = row("auto-reply@usps.com", "USPS", &text);
    assert!(acts(found.as_ref()), "{found:?}");
}

#[test]
fn beside_a_delivery() {
    let told = |beside: &str| {
        let text = format!("Delivered: 11/30/2026\nTracking Number: {UPS}\n{beside}\n");
        row("mcinfo@ups.com", "Your package has been delivered", &text).unwrap()
    };
    for beside in [
        "Address: 44 Oak Street",
        "Packages: 0 of 1",
        "Status: Exception",
        "COD amount $10 not collected",
        "Proof of delivery: none",
        "Weight: 0.0 LBS",
        "Delivery location: 44 Oak Street",
        "Customer: Acme Corp",
        "Pickup location: Walgreens",
        "Place: UPS Store",
        "Number of pieces: 2",
        "Contents: empty",
        "Shortage: 1",
        "Delivery disputed",
        "Delivered. Claim filed.",
        "Driver error",
        "This is a test notification.",
        "Delivered to: Reception\nDayton",
    ] {
        let row = told(beside);
        assert!(row.delivered.is_none(), "{beside}: {row:?}");
    }
    // held against the purchase order by whoever knows it
    for (beside, cell) in [
        ("Address: 44 Oak Street, Dayton OH", "Dayton"),
        ("Reference: V001-1", "V001-1"),
        ("Shipper reference: V001-1", "V001-1"),
        ("PO: V001-1", "V001-1"),
        ("To: John Smith", "John Smith"),
        ("Province: ON", "ON"),
        ("DAYTON, OH 45402", "45402"),
    ] {
        let row = told(beside);
        let names = &row.beside.names;
        assert!(
            names.iter().any(|one| one.cell == cell),
            "{beside}: {row:?}"
        );
    }
    for beside in [
        "",
        "Left At: Front Door",
        "Signed by: ALDER",
        "UPS Service: UPS Ground",
        "Weight: 9.50 LBS",
    ] {
        let row = told(beside);
        assert!(row.delivered.is_some(), "{beside}: {row:?}");
    }
}
