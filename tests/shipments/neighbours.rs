//! Neighbours of papers that were once read wrongly: what carriers write, corrections, losses, second
//! numbers, ways back, parts, replacements, freight, several parcels and several orders, and numbers that
//! look like tracking numbers and are none.

use super::voices::filled;
use super::{Dock, T1};
use crate::support::desk::TestDesk;
use rusqlite::Connection;

/// How a paper must end: so many pieces of W1 left by it, or nothing acts and a person is told.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ends {
    /// By itself, or a person is asked.
    Left(i64),
    Asked,
}
use Ends::{Asked, Left};

/// What became of the purchase order W1000-1 and its sisters: pieces that left, and whether a person was
/// told of it or of the message.
fn outcome(ledger: &Connection, place: usize, message: usize) -> (i64, bool) {
    let po = format!("W{}-1", place + 1000);
    let left = "SELECT coalesce(sum(s.shipped), 0) FROM po_line_status s JOIN po_line l ON l.id = s.po_line_id \
                JOIN purchase_order p ON p.id = l.po_id WHERE p.number = ?1";
    let told = "SELECT EXISTS (SELECT 1 FROM exception e WHERE e.message_id = ?2 OR e.order_id = \
                (SELECT order_id FROM purchase_order WHERE number = ?1))";
    let left = ledger.query_row(left, [&po], |row| row.get(0)).unwrap();
    let asked = ledger.query_row(told, (&po, message as i64), |row| row.get(0));
    (left, asked.unwrap())
}

/// A site with so many orders of three lamps, each for a customer of its own.
fn site(orders: usize) -> Dock {
    let dock = Dock::tokens();
    for place in 0..orders {
        let mut order = TestDesk::plain_order(&format!("W{}", place + 1000));
        order["customer"]["email"] = format!("w{place}@mail.example").into();
        dock.desk.order(&order);
    }
    dock.run();
    dock
}

/// Carriers' and vendors' numbers in a text, of this place alone.
fn put(text: &str, place: usize) -> String {
    filled(&text.replace("{T}", "{U}").replace("{T2}", "{V}"), place)
}

/// What ended otherwise than it must; `before` pieces had left of each.
fn wrong(dock: &Dock, cases: &[(String, Ends)], before: i64) -> Vec<String> {
    dock.verify();
    let ledger = Connection::open(dock.desk.path("poms.db")).unwrap();
    let mut wrong = Vec::new();
    for (place, (what, ends)) in cases.iter().enumerate() {
        // the orders' messages came first
        let (left, told) = outcome(&ledger, place, cases.len() + place + 1);
        let right = match ends {
            Left(pieces) => left - before == *pieces || left == before && told,
            Asked => left == before && told,
        };
        if !right {
            wrong.push(format!(
                "{what}: {ends:?}, and {} left, {told}",
                left - before
            ));
        }
    }
    wrong
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
    let dock = site(CARRIERS.len());
    for (place, (from, subject, text, _)) in CARRIERS.iter().enumerate() {
        let po = format!("W{}-1", place + 1000);
        let to = dock.reply_address(&po);
        let text = put(&text.replace("W1-1", &po), place);
        dock.mail_to(&to, &put(subject, place), &text, None);
        dock.last_mail(|mail| mail.replace("Somebody <x@mail.example>", from));
    }
    dock.run();
    let cases = CARRIERS.iter();
    let cases: Vec<_> = cases
        .map(|(_, subject, text, ends)| (format!("{subject}: {text}"), *ends))
        .collect();
    let wrong = wrong(&dock, &cases, 0);
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
    let dock = site(AFTER.len());
    let row = |place: usize| {
        put(
            &format!("W{}-1,BF63-12163,3,UPS,{{T}}\n", place + 1000),
            place,
        )
    };
    let rows: String = (0..AFTER.len()).map(row).collect();
    dock.import(
        "left.csv",
        &format!("po,sku,qty,carrier,tracking\n{rows}"),
        &[],
    );
    dock.run();
    for (place, text) in AFTER.iter().enumerate() {
        let subject = format!("Re: Purchase order W{}-1", place + 1000);
        dock.acme(&subject, &put(text, place));
    }
    dock.run();
    let cases: Vec<_> = AFTER
        .iter()
        .map(|text| ((*text).to_owned(), Asked))
        .collect();
    let mut wrong = wrong(&dock, &cases, 3);
    for (place, text) in AFTER.iter().enumerate() {
        let told = dock.desk.mails_to(&format!("w{place}@mail.example")).len();
        if told != 2 {
            wrong.push(format!("{text}: the customer read {told} mails"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Tables: heading, rows, and how many left by themselves, or that a person is asked.
const TABLES: &str = "\
po,sku,qty,carrier,tracking | W1-1,BF63-12163,3,Estes,PRO 0178812345 | 3
po,sku,qty,carrier,pro number | W1-1,BF63-12163,3,Old Dominion,12345678901 | 3
po,sku,qty,carrier,tracking | W1-1,BF63-12163,3,UPS,{T} {T2} | 3
po,sku,qty,carrier,tracking | W1-1,BF63-12163,2,UPS,{T} | W1-1,BF63-12163,1,UPS,{T2} | 3
po,sku,qty,carrier,tracking | W1-1,BF63-12163,2,UPS,{T} | 2
po,sku,qty,carrier,tracking | W1-1,BF63-12163,3,UPS,VOID | asked
po,sku,qty,carrier,tracking | W1-1,BF63-12163,3,UPS,CANCELLED | asked
po,sku,qty,carrier,tracking,ship date | W1-1,BF63-12163,3,UPS,CANCELLED,06/02/2025 | asked
po,sku,qty,carrier,tracking,ship date | W1-1,BF63-12163,3,UPS,not shipped yet,06/02/2025 | asked
po,sku,qty,carrier,tracking,ship date | W1-1,BF63-12163,3,UPS,on hold,06/02/2025 | asked
po,sku,qty,carrier,tracking,ship date | W1-1,BF63-12163,3,UPS,lost,06/02/2025 | asked
po,sku,qty,carrier,tracking,ship date | W1-1,BF63-12163,3,UPS,returned to sender,06/02/2025 | asked
po,sku,qty,carrier,tracking,status | W1-1,BF63-12163,3,UPS,{T},Voided | asked
po,sku,qty,carrier,tracking,status | W1-1,BF63-12163,3,UPS,{T},Label created | asked
po,sku,qty,carrier,tracking,status | W1-1,BF63-12163,3,UPS,{T},Returned to sender | asked
po,sku,qty,carrier,tracking,status | W1-1,BF63-12163,3,UPS,{T},Not shipped | asked
po,sku,qty,carrier,tracking,comments | W1-1,BF63-12163,3,UPS,{T},lost by carrier | asked
po,sku,qty,carrier,tracking,notes | W1-1,BF63-12163,3,UPS,{T},replacement for damaged | asked
po,sku,qty,carrier,return tracking | W1-1,BF63-12163,3,UPS,{T} | asked
po,sku,qty,carrier,old tracking,tracking | W1-1,BF63-12163,3,UPS,{T},{T2} | 3
po,sku,qty,carrier,tracking | W1-1,BF63-12163,-3,UPS,{T} | asked
po,sku,qty ordered,qty shipped,carrier,tracking | W1-1,BF63-12163,3,0,UPS,{T} | asked
po,sku,qty ordered,qty shipped,carrier,tracking | W1-1,BF63-12163,3,2,UPS,{T} | 2
po,sku,qty,carrier,tracking | W1-1,BF63-12163,3,UPS,207-555-0142 | asked
po,sku,qty,carrier,tracking | W1-1,BF63-12163,3,UPS,9780306406157 | asked
po,sku,qty,carrier,tracking | W1-1,BF63-12163,3,FedEx,INV-100234 | asked";

#[test]
fn tables_of_what_left_and_what_did_not() {
    let tables: Vec<(&str, &str)> = TABLES
        .lines()
        .map(|line| line.rsplit_once(" | ").unwrap())
        .collect();
    let dock = site(tables.len());
    let mut cases = Vec::new();
    for (place, (table, ends)) in tables.iter().enumerate() {
        let po = format!("W{}-1", place + 1000);
        let csv = table.replace(" | ", "\n").replace("W1-1", &po) + "\n";
        dock.mail(
            "Ann <ann@acme.example>",
            "acme.example",
            &format!("Re: Purchase order {po}"),
            "Attached.",
            Some(&put(&csv, place)),
        );
        let ends = ends.parse().map_or(Asked, Left);
        cases.push(((*table).to_owned(), ends));
    }
    dock.run();
    let wrong = wrong(&dock, &cases, 0);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// One parcel with the goods of two customers cannot be: the second row is asked about.
#[test]
fn one_parcel_of_two_orders_is_asked_about() {
    let dock = site(2);
    let csv = format!(
        "po,sku,qty,carrier,tracking\nW1000-1,BF63-12163,3,UPS,{T1}\nW1001-1,BF63-12163,3,UPS,{T1}\n"
    );
    dock.mail(
        "Ann <ann@acme.example>",
        "acme.example",
        "Shipped",
        "Attached.",
        Some(&csv),
    );
    dock.run();
    assert_eq!(
        (dock.po_state("W1000-1"), dock.po_state("W1001-1")),
        ("shipped".to_owned(), "sent".to_owned())
    );
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
    let dock = site(NUMBERS.len());
    for (place, text) in NUMBERS.iter().enumerate() {
        let subject = format!("Re: Purchase order W{}-1", place + 1000);
        dock.acme(&subject, &put(text, place));
    }
    dock.run();
    let cases: Vec<_> = NUMBERS
        .iter()
        .map(|text| ((*text).to_owned(), Asked))
        .collect();
    let wrong = wrong(&dock, &cases, 0);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
