//! What carriers write of parcels that are on record: only their own sentences make one delivered, and bad
//! news reaches a person.

use super::{Dock, T1};

const UPS: &str = "UPS <mcinfo@ups.com>";

pub(super) fn shipped() -> Dock {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    dock.desk.now("2025-06-03T20:00:00Z");
    let to = dock.reply_address("W1-1");
    dock.mail_to(&to, "Re: it", &format!("Shipped today. UPS {T1}."), None);
    dock.run();
    assert_eq!(dock.po_state("W1-1"), "shipped", "{:?}", dock.open());
    dock.desk.now("2025-06-05T20:00:00Z");
    dock
}

/// The carrier's mail to the purchase order's address, and from the carrier itself.
pub(super) fn writes(dock: &Dock, direct: bool, subject: &str, text: &str) {
    let text = format!("Tracking Number: {T1}\n{text}\n");
    match direct {
        true => dock.mail(UPS, "ups.com", subject, &text, None),
        false => {
            let to = dock.reply_address("W1-1");
            dock.mail_to(&to, subject, &text, None);
            dock.last_mail(|mail| mail.replace("Somebody <x@mail.example>", UPS));
        }
    }
    dock.run();
}

pub(super) fn state(dock: &Dock) -> String {
    dock.show("W1")["state"].as_str().unwrap().to_owned()
}

#[test]
fn bad_news_about_a_parcel_is_an_exception_in_its_words() {
    let all = [
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
            "Delivered",
            "Your package was delivered to the wrong address.",
        ),
        ("Delivered", "Delivered. Receiver reports theft."),
        ("Delivered", "Delivered. The contents are damaged."),
        ("Delivered to sender", "Delivered back to the sender."),
        ("Delivery refused", "The receiver refused the delivery."),
        ("UPS claim", "You claim that the package was not delivered."),
        (
            "UPS update",
            "Your package is being returned to the sender.",
        ),
        ("UPS update", "Undeliverable as addressed."),
    ];
    for direct in [true, false] {
        let dock = shipped();
        for (subject, text) in all {
            writes(&dock, direct, subject, text);
            assert_eq!(dock.open(), ["parcel_trouble"], "{subject}: {text}");
            let id = dock.exception("parcel_trouble");
            let shown = dock.says(&["exceptions", "show", &id]);
            let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(
                flat.contains(T1)
                    && text
                        .split(". ")
                        .any(|said| flat.contains(said.trim_end_matches('.')))
                    || flat.contains("returned to the sender"),
                "{shown}"
            );
            assert_eq!(state(&dock), "shipped", "{subject}: {text}");
            assert!(
                dock.says(&["order", "show", "W1"])
                    .contains("parcel_trouble")
            );
            dock.resolve("parcel_trouble", &["--dismiss"]);
        }
        dock.verify();
    }
}

#[test]
fn what_is_not_certain_is_no_delivery_and_a_note() {
    for (subject, text) in [
        ("Delivered to neighbour?", "Was your package delivered?"),
        (
            "UPS survey",
            "How was your delivery? Your package was delivered.",
        ),
        ("Delivered", "Delivered on 06/25/2025"),
        ("Delivered", "Delivered on 05/01/2025"),
        (
            "Delivered",
            "Your package was delivered to a UPS Access Point for pickup.",
        ),
        ("UPS update", "Delivered: no"),
    ] {
        for direct in [true, false] {
            let dock = shipped();
            writes(&dock, direct, subject, text);
            assert_eq!(state(&dock), "shipped", "{subject}: {text}");
            let story = dock.says(&["order", "show", "W1"]);
            let told = story.contains("not certain") || !dock.open().is_empty();
            assert!(told, "{subject}: {text}: {story}");
            dock.verify();
        }
    }
}

#[test]
fn the_carriers_own_sentences_are_deliveries() {
    for (subject, text) in [
        (
            "Your UPS Package was delivered",
            "Delivered On: Thursday, 06/05/2025\nLeft At: Front Door",
        ),
        (
            "UPS Update: Package Delivered",
            "If your package was damaged, tell us.",
        ),
        (
            "UPS Delivery Notification",
            "Your package has been delivered.",
        ),
    ] {
        for direct in [true, false] {
            let dock = shipped();
            writes(&dock, direct, subject, text);
            assert_eq!(state(&dock), "delivered", "{subject}: {:?}", dock.open());
        }
    }
}

/// Bad news as the first that is heard: nothing leaves by it.
#[test]
fn bad_news_is_no_shipment() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    writes(&dock, false, "Package lost", "We have lost your package.");
    assert_eq!(dock.po_state("W1-1"), "sent");
    assert_eq!(dock.open(), ["advice_unclear"]);
    dock.verify();
}
