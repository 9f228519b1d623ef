//! Neighbours of papers that were once read wrongly: what carriers write, corrections, losses, second
//! numbers, ways back, parts, replacements, freight, several parcels and several orders, and numbers that
//! look like tracking numbers and are none.

use super::voices::{fedex, filled};
use super::{Dock, T1, T2};
use rusqlite::Connection;

/// How a paper must end: so many pieces of W1 left by it, or nothing acts and a person is told.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ends {
    /// By itself, or a person is asked.
    Left(i64),
    Asked,
}
use Ends::{Asked, Left};

/// Pieces of W1 and of W2 that are on record as shipped, and what of the first is so by other numbers
/// than T1 and T2.
fn shipped(dock: &Dock) -> (i64, i64) {
    let ledger = Connection::open(dock.desk.path("poms.db")).unwrap();
    let of = |po: &str| {
        let sql = "SELECT coalesce(sum(s.shipped), 0) FROM po_line_status s JOIN po_line l ON l.id = s.po_line_id \
                   JOIN purchase_order p ON p.id = l.po_id WHERE p.number = ?1";
        ledger.query_row(sql, [po], |row| row.get(0)).unwrap()
    };
    (of("W1-1"), of("W2-1"))
}

/// Three lamps on W1, one on W2.
fn site() -> Dock {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 3)]);
    dock.order("W2", &[("BF63-12163", 1)]);
    dock
}

fn put(text: &str) -> String {
    let text = text.replace("{T}", T1).replace("{T2}", T2);
    filled(&text.replace("{F}", &fedex(7)), 900)
}

fn ends(dock: &Dock, what: &str, ends: Ends, before: i64) -> Option<String> {
    dock.verify();
    let (one, two) = shipped(dock);
    let told = !dock.open().is_empty();
    let right = match ends {
        Left(pieces) => one - before == pieces || one == before && told,
        Asked => one == before && told,
    };
    (!right || two > 0).then(|| {
        format!(
            "{what}: {ends:?}, and {} and {two} left, {:?}",
            one - before,
            dock.open()
        )
    })
}

/// Text and HTML of carriers to the purchase order's own address.
const CARRIERS: &[(&str, &str, &str, Ends)] = &[
    (
        "UPS <mcinfo@ups.com>",
        "UPS Ship Notification, Tracking Number {T}",
        "Your shipment is on the way.\nTracking Number: {T}\nReference Number 1: W1-1\n",
        Left(3),
    ),
    (
        "UPS <mcinfo@ups.com>",
        "UPS Exception Notification, Tracking Number {T}",
        "The package was returned to the sender.\nTracking Number: {T}\n",
        Asked,
    ),
    (
        "UPS <mcinfo@ups.com>",
        "UPS Update: Package being returned to sender",
        "Your package is being returned to the sender.\nTracking Number: {T}\n",
        Asked,
    ),
    (
        "UPS <pkginfo@ups.com>",
        "UPS Void Notification",
        "This shipment has been voided.\nTracking Number: {T}\n",
        Asked,
    ),
    (
        "UPS <mcinfo@ups.com>",
        "UPS Update: We lost track of your package",
        "We are unable to locate the package. A claim can be filed.\nTracking Number: {T}\n",
        Asked,
    ),
    (
        "USPS <auto-reply@usps.com>",
        "USPS Pre-Shipment Info Sent to USPS, USPS Awaiting Item {P}",
        "A shipping label has been prepared for your item. This does not indicate receipt by the USPS.\n",
        Asked,
    ),
    (
        "USPS <auto-reply@usps.com>",
        "USPS Item Returned to Sender {P}",
        "Your item was returned to the sender because it could not be delivered as addressed.\n",
        Asked,
    ),
    (
        "FedEx <TrackingUpdates@fedex.com>",
        "FedEx Shipment {F}: Shipment cancelled by sender",
        "The shipment was cancelled by the sender.\nTracking number\n{F}\n",
        Asked,
    ),
    (
        "FedEx <TrackingUpdates@fedex.com>",
        "Your package is delayed",
        "Label created, not yet in our possession.\nTracking number: {F}\n",
        Asked,
    ),
    (
        "FedEx <TrackingUpdates@fedex.com>",
        "A pickup was scheduled",
        "Your pickup is scheduled for tomorrow. FedEx has not received the package.\nTracking number: {F}\n",
        Asked,
    ),
    (
        "DHL <noreply@dhl.com>",
        "Shipment information received",
        "The instruction data for this shipment have been provided by the sender to DHL electronically.\nTracking number: 3318810025\n",
        Asked,
    ),
    (
        "UPS <mcinfo@ups.com>",
        "UPS Claim: damaged package",
        "The package was damaged in transit and all merchandise has been discarded.\nTracking Number: {T}\n",
        Asked,
    ),
];

#[test]
fn carriers_that_do_not_say_that_it_is_coming() {
    let mut wrong = Vec::new();
    for (from, subject, text, expected) in CARRIERS {
        let dock = site();
        let to = dock.reply_address("W1-1");
        dock.mail_to(&to, &put(subject), &put(text), None);
        dock.last_mail(|mail| mail.replace("Somebody <x@mail.example>", from));
        dock.run();
        wrong.extend(ends(&dock, subject, *expected, 0));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What comes after all of it left with T1 and the customer was told.
const AFTER: &[&str] = &[
    "Sorry, the tracking number was wrong. The right one is {T2}.",
    "UPS lost {T}. We will file a claim.",
    "{T} came back to us, the recipient refused it.",
    "Shipped today by UPS, tracking {T2}.",
    "One lamp arrived broken, we shipped a replacement today, UPS {T2}.",
    "Replacement shipped. UPS {T2}",
    "Please disregard {T}, it never left.",
    "Your shipment {T} was split, the second box is {T2}.",
    "We shipped this twice by mistake: {T} and {T2}.",
    "The box under {T} had 2 lamps only, the third is in {T2}.",
];

#[test]
fn what_comes_after_a_shipment_is_never_known_already() {
    let mut wrong = Vec::new();
    for text in AFTER {
        let dock = site();
        let csv = format!("po,sku,qty,carrier,tracking\nW1-1,BF63-12163,3,UPS,{T1}\n");
        dock.import("left.csv", &csv, &[]);
        dock.run();
        dock.acme("Re: Purchase order W1-1", &put(text));
        dock.run();
        let told = dock.desk.mails_to("W1@mail.example").len();
        wrong.extend(ends(&dock, text, Asked, 3));
        if told != 2 {
            wrong.push(format!("{text}: the customer read {told} mails"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Tables: heading, rows, how they end.
const TABLES: &[(&str, &str, Ends)] = &[
    (
        "po,sku,qty,carrier,tracking",
        "W1-1,BF63-12163,3,Estes,PRO 0178812345",
        Left(3),
    ),
    (
        "po,sku,qty,carrier,pro number",
        "W1-1,BF63-12163,3,Old Dominion,12345678901",
        Left(3),
    ),
    (
        "po,sku,qty,carrier,tracking",
        "W1-1,BF63-12163,3,UPS,{T} {T2}",
        Left(3),
    ),
    (
        "po,sku,qty,carrier,tracking",
        "W1-1,BF63-12163,2,UPS,{T}\nW1-1,BF63-12163,1,UPS,{T2}",
        Left(3),
    ),
    (
        "po,sku,qty,carrier,tracking",
        "W1-1,BF63-12163,2,UPS,{T}",
        Left(2),
    ),
    (
        "po,sku,qty,carrier,tracking",
        "W1-1,BF63-12163,3,UPS,VOID",
        Asked,
    ),
    (
        "po,sku,qty,carrier,tracking",
        "W1-1,BF63-12163,3,UPS,CANCELLED",
        Asked,
    ),
    (
        "po,sku,qty,carrier,tracking,ship date",
        "W1-1,BF63-12163,3,UPS,CANCELLED,06/02/2025",
        Asked,
    ),
    (
        "po,sku,qty,carrier,tracking,ship date",
        "W1-1,BF63-12163,3,UPS,not shipped yet,06/02/2025",
        Asked,
    ),
    (
        "po,sku,qty,carrier,tracking,ship date",
        "W1-1,BF63-12163,3,UPS,on hold,06/02/2025",
        Asked,
    ),
    (
        "po,sku,qty,carrier,tracking,ship date",
        "W1-1,BF63-12163,3,UPS,lost,06/02/2025",
        Asked,
    ),
    (
        "po,sku,qty,carrier,tracking,ship date",
        "W1-1,BF63-12163,3,UPS,returned to sender,06/02/2025",
        Asked,
    ),
    (
        "po,sku,qty,carrier,tracking,status",
        "W1-1,BF63-12163,3,UPS,{T},Voided",
        Asked,
    ),
    (
        "po,sku,qty,carrier,tracking,status",
        "W1-1,BF63-12163,3,UPS,{T},Label created",
        Asked,
    ),
    (
        "po,sku,qty,carrier,tracking,status",
        "W1-1,BF63-12163,3,UPS,{T},Returned to sender",
        Asked,
    ),
    (
        "po,sku,qty,carrier,tracking,status",
        "W1-1,BF63-12163,3,UPS,{T},Not shipped",
        Asked,
    ),
    (
        "po,sku,qty,carrier,tracking,comments",
        "W1-1,BF63-12163,3,UPS,{T},lost by carrier",
        Asked,
    ),
    (
        "po,sku,qty,carrier,tracking,notes",
        "W1-1,BF63-12163,3,UPS,{T},replacement for damaged",
        Asked,
    ),
    (
        "po,sku,qty,carrier,return tracking",
        "W1-1,BF63-12163,3,UPS,{T}",
        Asked,
    ),
    (
        "po,sku,qty,carrier,old tracking,tracking",
        "W1-1,BF63-12163,3,UPS,{T},{T2}",
        Left(3),
    ),
    (
        "po,sku,qty,carrier,tracking",
        "W1-1,BF63-12163,-3,UPS,{T}",
        Asked,
    ),
    (
        "po,sku,qty ordered,qty shipped,carrier,tracking",
        "W1-1,BF63-12163,3,0,UPS,{T}",
        Asked,
    ),
    (
        "po,sku,qty ordered,qty shipped,carrier,tracking",
        "W1-1,BF63-12163,3,2,UPS,{T}",
        Left(2),
    ),
    (
        "po,sku,qty,carrier,tracking",
        "W1-1,BF63-12163,3,UPS,207-555-0142",
        Asked,
    ),
    (
        "po,sku,qty,carrier,tracking",
        "W1-1,BF63-12163,3,UPS,9780306406157",
        Asked,
    ),
    (
        "po,sku,qty,carrier,tracking",
        "W1-1,BF63-12163,3,FedEx,INV-100234",
        Asked,
    ),
];

#[test]
fn tables_of_what_left_and_what_did_not() {
    let mut wrong = Vec::new();
    for (head, rows, expected) in TABLES {
        let dock = site();
        let csv = put(&format!("{head}\n{rows}\n"));
        let subject = "Re: Purchase order W1-1";
        dock.mail(
            "Ann <ann@acme.example>",
            "acme.example",
            subject,
            "Attached.",
            Some(&csv),
        );
        dock.run();
        wrong.extend(ends(&dock, &format!("{head}: {rows}"), *expected, 0));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// One parcel with the goods of two customers cannot be: the second row is asked about.
#[test]
fn one_parcel_of_two_orders_is_asked_about() {
    let dock = site();
    let csv = format!(
        "po,sku,qty,carrier,tracking\nW1-1,BF63-12163,3,UPS,{T1}\nW2-1,BF63-12163,1,UPS,{T1}\n"
    );
    dock.mail(
        "Ann <ann@acme.example>",
        "acme.example",
        "Shipped",
        "Attached.",
        Some(&csv),
    );
    dock.run();
    assert_eq!(shipped(&dock), (3, 0));
    assert_eq!(dock.open(), ["tracking_reused"]);
    dock.verify();
}

/// Words with numbers that look like tracking numbers.
const NUMBERS: &[&str] = &[
    "Shipped by FedEx today, invoice 794612345678.",
    "Shipped by DHL today. Our telephone is 3318810025.",
    "The book left with UPS, ISBN 9780306406157.",
    "Shipped by USPS today, UPC 036000291452.",
    "Shipped by FedEx, our account {F} was billed.",
    "Sent by UPS today, customs reference 1Z-2025-88.",
    "Shipped by FedEx, serial number {F}.",
    "Shipped by Estes, BOL 0178812345, class 92.5.",
    "Fax us at 8005551212, shipped with DHL.",
    "Shipped today, GTIN 00036000291452, lot 22-1181.",
];

#[test]
fn numbers_that_are_none_of_a_parcel() {
    let mut wrong = Vec::new();
    for text in NUMBERS {
        let dock = site();
        dock.acme("Re: Purchase order W1-1", &put(text));
        dock.run();
        wrong.extend(ends(&dock, text, Asked, 0));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
