use super::super::{dhl, fedex, ups, usps};
use super::*;
use proptest::prelude::*;

fn read(subject: &str, text: &str) -> CarrierNews {
    let source = AdviceSource {
        file: false,
        from: String::new(),
        subject: subject.to_owned(),
        text: text.to_owned(),
        own: text.to_owned(),
        quoted: false,
    };
    let all = [&dhl::SENDER, &fedex::SENDER, &usps::SENDER, &ups::SENDER];
    let said = format!("{subject} {text}").to_lowercase();
    let of = all.iter().find(|sender| said.contains(sender.carrier));
    let today = NaiveDate::from_ymd_opt(2025, 6, 6).unwrap();
    told(&source, of.unwrap_or(&&ups::SENDER), today)
}

fn day(subject: &str, text: &str) -> Option<NaiveDate> {
    match read(subject, text) {
        CarrierNews::Arrived(day) => Some(day),
        CarrierNews::News(_) | CarrierNews::Nothing => None,
    }
}

#[test]
fn delivered() {
    for (subject, text, on) in [
        (
            "Your UPS Package was delivered",
            "Delivered On:\nThursday, 06/05/2025\nLeft At: Front Door",
            5,
        ),
        ("UPS Update: Package Delivered", "", 6),
        (
            "FW: UPS Delivery Notification",
            "Your package has been delivered.\nDelivery Date: Wednesday, 06/04/2025",
            4,
        ),
        (
            "Your package has been delivered",
            "Delivered Thu, 06/05/2025 at 10:11am",
            5,
        ),
        (
            "USPS® Item Delivered, Front Door/Porch 9400109205568000001233",
            "Your item was delivered at the front door at 2:34 pm on June 5, 2025 in SOUTH WILLIE, MO 65367.",
            5,
        ),
        (
            "DHL Shipment Notification : 3318810025",
            "Your shipment 3318810025 has been delivered.\nDHL Express - Excellence. Simply delivered.",
            6,
        ),
        (
            "FedEx Shipment 794651239885: Your package has been delivered",
            "If your package was damaged, tell us.\nFedEx is not responsible for lost goods.",
            6,
        ),
        ("Fwd: tracking", "Status: Delivered", 6),
        (
            "Fwd: tracking",
            "Subject: UPS Update: Package Delivered\nSee below.",
            6,
        ),
    ] {
        let wanted = NaiveDate::from_ymd_opt(2025, 6, on);
        assert_eq!(day(subject, text), wanted, "{subject}: {text}");
    }
}

#[test]
fn not_delivered() {
    for (subject, text) in [
        (
            "UPS Update: Package Scheduled for Delivery Today",
            "Your package will be delivered today.",
        ),
        (
            "Your package is out for delivery",
            "We will tell you when it has been delivered.",
        ),
        (
            "Your shipment is on the way",
            "Once your package has been delivered, rate us.",
        ),
        (
            "UPS Update: Follow Your Delivery",
            "We will write once it has been delivered.",
        ),
        (
            "USPS® Expected Delivery by Thursday",
            "It has been accepted.",
        ),
        (
            "DHL Shipment Notification : 3318810025",
            "Picked up.\nDHL Express - Excellence. Simply delivered.",
        ),
        (
            "UPS update",
            "If your package was not delivered, click here.",
        ),
        ("UPS update", "Scheduled delivery: today by 5 pm"),
    ] {
        assert!(
            matches!(read(subject, text), CarrierNews::Nothing),
            "{subject}: {text}"
        );
    }
}

#[test]
fn neither_for_certain() {
    for (subject, text) in [
        (
            "UPS Ship Notification, Tracking Number 1Z",
            "Find out if it was delivered?",
        ),
        ("UPS Ship Notification", "Your package was delivered."),
        (
            "Your package was delivered to a UPS Access Point",
            "Pick it up.",
        ),
        (
            "Your UPS package was delivered",
            "It was delivered to a UPS Access Point location.",
        ),
        (
            "UPS survey",
            "How was your delivery? Your package was delivered.",
        ),
        ("Your package was delivered", "Delivery date: 06/30/2025"),
        ("Delivered", "Delivered on 06/07/2025"),
        ("Delivered", "Delivered on 01/07/2025"),
        ("UPS update", "Delivered: no"),
        ("UPS update", "Status: Delivered? Not yet"),
        ("Delivery rescheduled", "Delivered by: Wednesday"),
        ("Has W1-1 been delivered?", "Has it been delivered?"),
        (
            "Your package was delivered",
            "Your package will be delivered tomorrow.",
        ),
    ] {
        assert!(
            matches!(read(subject, text), CarrierNews::News(News::Unsure(_))),
            "{subject}: {text}"
        );
    }
}

#[test]
fn bad_news() {
    for (subject, text) in [
        ("UPS Exception Notification", "Your package was damaged."),
        (
            "Package lost",
            "We have lost your package. An investigation was opened.",
        ),
        (
            "Address problem",
            "The address is incorrect. Action needed.",
        ),
        ("UPS Delivery Attempt", "We could not deliver your package."),
        (
            "USPS® Delivery Exception",
            "Your item could not be delivered.",
        ),
        ("USPS® Item Delivered, To Original Sender 9400", ""),
        ("FedEx: delivery attempt", "Your package was not delivered."),
        (
            "Delivered",
            "Your package was delivered to the wrong address.",
        ),
        (
            "Your package was delivered",
            "Delivered. Receiver reports theft.",
        ),
        (
            "Your package was delivered",
            "Delivered. The contents are damaged.",
        ),
        ("Your package was delivered", "The box was found empty."),
        ("Delivered to sender", "Delivered back to the sender."),
        ("Delivery refused", "The receiver refused the delivery."),
        ("UPS claim", "You claim that the package was not delivered."),
        ("UPS update", "Undeliverable as addressed."),
        (
            "UPS update",
            "Your package is being returned to the sender.",
        ),
        ("Your package was delivered", "Delivered to your neighbor."),
        ("FedEx: 1 of 2 pieces delivered", "1 of 2 pieces delivered"),
        (
            "DHL Shipment Notification",
            "Your DHL shipment is on hold. Please provide an invoice.",
        ),
        ("UPS update", "Exception Reason: SEVERE WEATHER CONDITIONS"),
    ] {
        assert!(
            matches!(read(subject, text), CarrierNews::News(News::Trouble(_))),
            "{subject}: {text}"
        );
    }
}

#[test]
fn patterns_compile() {
    for pattern in [
        &TROUBLE,
        &STANDING,
        &PLAN,
        &OTHER_STAGE,
        &MENTIONS,
        &DAY,
        &TIME,
        &NUMBER,
        &NAMED_DAY,
    ] {
        assert!(pattern.is_some());
    }
    assert_eq!(CLOSED.len(), 4);
}

proptest! {
    #[test]
    fn never_panics(subject in "(delivered|was |fw: |\\PC){0,9}", text in "(delivered|delivery date:|\n|06/05/2025|has been |\\PC){0,15}") {
        read(&subject, &text);
    }
}
