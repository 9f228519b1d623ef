//! A carrier's word that a parcel arrived, by every way that proves it, and by none.

use super::{Dock, T1, T2};
use serde_json::json;

/// An order of three lamps that left in the parcels of these numbers.
fn shipped(numbers: &[&str]) -> Dock {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 3)]);
    dock.order("W2", &[("GD20-00020", 1)]);
    let each = 3 / numbers.len();
    let row = |number: &&str| format!("W1-1,BF63-12163,{each},{number}\n");
    let rows: Vec<String> = numbers.iter().map(row).collect();
    let csv = format!("po,sku,qty,tracking\n{}", rows.concat());
    dock.desk.now("2025-06-03T20:00:00Z");
    dock.import("left.csv", &csv, &[]);
    dock.run();
    dock.desk.now("2025-06-05T20:00:00Z");
    dock
}

const UPS: &str = "UPS <mcinfo@ups.com>";
const SUBJECT: &str = "UPS Update: Package Delivered";

fn notice(number: &str) -> String {
    format!(
        "Your package was delivered.\nDelivered On: Thursday, 06/05/2025\nLeft At: Front Door\nTracking Number: {number}\n\
         (c) 2025 United Parcel Service of America, Inc.\n"
    )
}

fn state(dock: &Dock) -> String {
    dock.show("W1")["state"].as_str().unwrap().to_owned()
}

fn arrivals(dock: &Dock) -> usize {
    let facts = dock
        .desk
        .run(&["audit", "show", "W1", "--json"])
        .ok()
        .stdout;
    facts.matches("parcel.delivered").count()
}

#[test]
fn by_token_by_the_vendor_and_by_the_carrier_itself_and_once() {
    let dock = shipped(&[T1]);
    dock.mail(UPS, "ups.com", SUBJECT, &notice(T1), None);
    dock.run();
    assert_eq!((state(&dock).as_str(), arrivals(&dock)), ("delivered", 1));
    let forwarded = format!(
        "\n---------- Forwarded message ---------\nFrom: {UPS}\nDate: Thu, Jun 5, 2025\nSubject: {SUBJECT}\nTo: a@acme.example\n\n{}",
        notice(T1)
    );
    dock.acme(&format!("Fwd: {SUBJECT}"), &forwarded);
    dock.mail_to(&dock.reply_address("W1-1"), SUBJECT, &notice(T1), None);
    dock.run();
    assert_eq!(arrivals(&dock), 1);
    assert_eq!(dock.open(), Vec::<String>::new());
    // placed and shipped: there is no mail about arrival
    assert_eq!(dock.desk.mails_to("W1@mail.example").len(), 2);
    dock.verify();
    for forwards in [true, false] {
        let dock = shipped(&[T1]);
        match forwards {
            true => dock.acme(&format!("Fwd: {SUBJECT}"), &forwarded),
            false => {
                let to = dock.reply_address("W1-1");
                dock.mail_to(&to, SUBJECT, &format!("From: {UPS}\n{}", notice(T1)), None);
            }
        }
        dock.run();
        assert_eq!(state(&dock), "delivered", "{:?}", dock.open());
    }
}

#[test]
fn the_order_when_every_parcel_is() {
    let dock = shipped(&[T1, T2]);
    let left = dock.show("W1")["shipments"].as_array().unwrap().len();
    assert_eq!(left, 2);
    dock.import(
        "rest.csv",
        "po,sku,qty,ship_date\nW1-1,BF63-12163,1,2025-06-03\n",
        &[],
    );
    dock.mail(UPS, "ups.com", SUBJECT, &notice(T1), None);
    dock.run();
    assert_eq!(state(&dock), "shipped");
    let shipments = dock.show("W1")["shipments"].clone();
    assert_eq!(
        (&shipments[0]["state"], &shipments[1]["state"]),
        (&json!("delivered"), &json!("in_transit"))
    );
    dock.verify();
}

/// Forged in every way: nothing arrives by it.
#[test]
fn what_proves_nothing() {
    let dock = shipped(&[T1]);
    let other = dock.reply_address("W2-1");
    // nobody's word, a look-alike's, a signature of somebody else, another vendor's, another order's address
    dock.mail(UPS, "", SUBJECT, &notice(T1), None);
    dock.mail(
        "UPS <mcinfo@ups-mail.example>",
        "ups-mail.example",
        SUBJECT,
        &notice(T1),
        None,
    );
    dock.mail(UPS, "evil.example", SUBJECT, &notice(T1), None);
    dock.mail(
        "po@blueridge.example",
        "blueridge.example",
        &format!("Fwd: {SUBJECT}"),
        &format!("From: {UPS}\n{}", notice(T1)),
        None,
    );
    dock.mail_to(
        &other,
        SUBJECT,
        &format!("From: {UPS}\n{}", notice(T1)),
        None,
    );
    // the carrier itself, of a parcel that nobody told us of
    let unknown = notice(T2).replace("Tracking", "Reference Number 1: W1-1\nTracking");
    dock.mail(UPS, "ups.com", SUBJECT, &unknown, None);
    dock.run();
    assert_eq!((state(&dock).as_str(), arrivals(&dock)), ("shipped", 0));
    assert_eq!(dock.open(), ["untrusted_sender"; 6]);
    assert_eq!(dock.show("W1")["shipments"].as_array().unwrap().len(), 1);
}

#[test]
fn what_says_something_else() {
    let dock = shipped(&[T1]);
    for (subject, text) in [
        (
            "UPS Update: Package Scheduled for Delivery Today",
            "Your package will be delivered today.",
        ),
        (
            "UPS Update: Follow Your Delivery",
            "We will write once it has been delivered.",
        ),
        (
            "Your Package Was Delivered to a UPS Access Point location",
            "It is ready.",
        ),
        (
            "UPS Exception Notification",
            "Your package could not be delivered.",
        ),
    ] {
        dock.mail(
            UPS,
            "ups.com",
            subject,
            &format!("{text}\nTracking Number: {T1}\n"),
            None,
        );
    }
    dock.run();
    assert_eq!((state(&dock).as_str(), arrivals(&dock)), ("shipped", 0));
    assert_eq!(dock.open(), ["parcel_trouble"]);
    dock.verify();
}

/// A parcel without quantities, when more than one thing is open: a person says what was in it.
#[test]
fn a_person_says_what_was_in_a_parcel() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 3), ("KT10-00010", 1)]);
    dock.desk.now("2025-06-05T20:00:00Z");
    dock.mail_to(
        &dock.reply_address("W1-1"),
        SUBJECT,
        &format!("From: {UPS}\n{}", notice(T1)),
        None,
    );
    dock.run();
    let id = dock.exception("advice_unclear");
    let shown = dock.desk.run(&["exceptions", "show", &id]).ok().stdout;
    assert!(
        shown.contains("--amend BF63-12163=PIECES KT10-00010=PIECES"),
        "{shown}"
    );
    let amend = |words: &[&str]| {
        let mut args = vec!["exceptions", "resolve", id.as_str(), "--amend"];
        args.extend(words);
        args.extend(["--note", "as Ann says"]);
        dock.desk.run(&args)
    };
    amend(&["BF63-12163=2", "KT10-00010=2"]).fails(1, &["nothing is", "over_shipment"]);
    amend(&["XX-1=1"]).fails(1, &["not on purchase order W1-1"]);
    amend(&["BF63-12163=two"]).fails(1, &["SKU=PIECES"]);
    assert_eq!(dock.po_state("W1-1"), "sent");
    let said = amend(&["BF63-12163=2", "KT10-00010=1"]).ok().stdout;
    assert!(
        said.contains("2 of BF63-12163, 1 of KT10-00010 left"),
        "{said}"
    );
    let story = dock.show("W1");
    assert_eq!(story["state"], "partly_shipped");
    let shipments = story["shipments"].as_array().unwrap();
    assert_eq!(shipments.len(), 1, "{story:#}");
    // and the mail said that this parcel arrived
    assert_eq!(shipments[0]["state"], "delivered");
    assert_eq!(dock.open(), Vec::<String>::new());
    dock.verify();
}

#[test]
fn that_is_read_before_the_vendors_advice_waits_for_it() {
    for batch in ["[limits]", "[limits]\nbatch = 1"] {
        let dock = Dock::tokens();
        let file = dock.desk.path("poms.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        dock.desk
            .file("poms.toml", text.replace("[limits]", batch).as_bytes());
        dock.order("W1", &[("BF63-12163", 3)]);
        dock.desk.now("2025-06-05T20:00:00Z");
        dock.mail(UPS, "ups.com", SUBJECT, &notice(T1), None);
        // of a parcel of nobody's
        dock.mail(UPS, "ups.com", SUBJECT, &notice(T2), None);
        let text = format!("Shipped complete today. UPS {T1}\n");
        dock.mail_to(
            &dock.reply_address("W1-1"),
            "Re: Purchase order W1-1",
            &text,
            None,
        );
        dock.run();
        assert_eq!((state(&dock).as_str(), arrivals(&dock)), ("delivered", 1));
        assert_eq!(dock.open(), ["untrusted_sender"]);
        dock.run();
        assert_eq!(dock.open(), ["untrusted_sender"]);
        let left = dock
            .desk
            .run(&["message", "list", "--state", "pending", "--json"]);
        assert!(!left.stdout.contains("mcinfo"), "{}", left.stdout);
        dock.verify();
    }
}
