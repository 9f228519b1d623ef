//! Rows of one parcel, programs that answer by themselves, and what no carrier is known to say: what is not clear
//! is for a person, and nothing that hangs on it acts.

use super::{Dock, T1, T2};

/// An order of a lamp and a kettle, and a table about it.
fn table(csv: &str) -> Dock {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 1), ("KT10-00010", 1)]);
    dock.mail(
        "Ann <ann@acme.example>",
        "acme.example",
        "Shipping report",
        "Please see attached.\n",
        Some(csv),
    );
    dock.run();
    dock
}

fn told(dock: &Dock) -> usize {
    dock.desk.mails_to("W1@mail.example").len()
}

#[test]
fn what_is_said_of_a_number_is_said_of_the_parcel() {
    let head = "PO Number,Item,Qty Shipped,Carrier,Tracking,Date Shipped";
    let one = format!("W1-1,AC-12163,1,UPS,{T1},06/02/2025");
    let other = format!("W1-1,AC-00010,1,UPS,{T1},06/02/2025");
    for (column, first, second) in [
        (",Status", ",Shipped", ",Voided"),
        (",Status", ",Shipped", ",Lost"),
        (",Status", ",Shipped", ",Returned to sender"),
        (",Status", ",Shipped", ",Not shipped"),
        (",Status", ",Shipped", ",Refused"),
        (",Status", ",Shipped", ",Pending"),
        (",Status", ",Shipped", ",Cancelled"),
        (",Void", ",N", ",Y"),
        (",Void", ",", ",Y"),
        (",Ship To City", ",", ",Reno"),
        (",Ship To Zip", ",65367", ",89501"),
        (",Ship To Name", ",César Bustos", ",Bob Stone"),
        (",Service", ",Ground", ",UPS Returns"),
        (",COD", ",", ",Y"),
    ] {
        for (one, other) in [(&one, &other), (&other, &one)] {
            let csv = format!("{head}{column}\n{one}{first}\n{other}{second}\n");
            let dock = table(&csv);
            assert_eq!(dock.po_state("W1-1"), "sent", "{csv}");
            assert_eq!(told(&dock), 1, "{csv}");
            assert!(!dock.open().is_empty(), "{csv}");
        }
    }
}

/// What the driver takes from the customer at the door.
#[test]
fn cash_on_delivery_is_for_a_person() {
    let head = "PO Number,Item,Qty Shipped,Carrier,Tracking,Date Shipped";
    let row = format!("W1-1,AC-12163,1,UPS,{T1},06/02/2025");
    for (heading, cell, asks) in [
        ("COD Amount", "37.20", true),
        ("C.O.D.", "37.20", true),
        ("COD Amount", "0.00", false),
        ("Freight", "8.95", false),
    ] {
        let dock = table(&format!("{head},{heading}\n{row},{cell}\n"));
        assert_eq!(dock.po_state("W1-1") == "sent", asks, "{heading} {cell}");
        assert_eq!(dock.open().is_empty(), !asks, "{heading} {cell}");
    }
}

/// Other goods in the box are a question of their own.
#[test]
fn what_nobody_ordered_keeps_no_other_goods_back() {
    let head = "PO Number,Item,Qty Shipped,Carrier,Tracking,Date Shipped";
    let csv =
        format!("{head}\nW1-1,AC-12163,1,UPS,{T1},06/02/2025\nW1-1,XX-9,1,UPS,{T1},06/02/2025\n");
    let dock = table(&csv);
    assert_eq!(dock.po_state("W1-1"), "partly_shipped", "{csv}");
    assert_eq!(dock.open().len(), 1, "{csv}");
    dock.verify();
}

/// And what is clear acts, in one box or in two.
#[test]
fn boxes_of_which_all_is_clear_leave() {
    let head = "PO Number,Item,Qty Shipped,Carrier,Tracking,Date Shipped,Status";
    for second in [T1, T2] {
        let csv = format!(
            "{head}\nW1-1,AC-12163,1,UPS,{T1},06/02/2025,Shipped\nW1-1,AC-00010,1,UPS,{second},06/02/2025,Shipped\n"
        );
        let dock = table(&csv);
        assert_eq!(dock.po_state("W1-1"), "shipped", "{csv}");
        assert_eq!(dock.open(), [""; 0], "{csv}");
    }
    // another box is another matter
    let csv = format!(
        "{head}\nW1-1,AC-12163,1,UPS,{T1},06/02/2025,Shipped\nW1-1,AC-00010,1,UPS,{T2},06/02/2025,Voided\n"
    );
    let dock = table(&csv);
    assert_eq!(dock.po_state("W1-1"), "partly_shipped");
    assert_eq!(dock.open(), ["advice_unclear"]);
}

/// A mail of ACME's about a new purchase order W1-1, which a program answered by itself.
fn answered_by_itself(subject: &str, text: &str) -> Dock {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 1)]);
    dock.acme(subject, text);
    let marked = "Auto-Submitted: auto-replied\r\nMIME-Version";
    dock.last_mail(|mail| mail.replacen("MIME-Version", marked, 1));
    dock.run();
    dock
}

#[test]
fn a_program_that_answers_by_itself_is_heard() {
    let away = "Automatic reply: Purchase order W1-1";
    for (subject, text) in [
        (
            "PO rejected: W1-1",
            "Your purchase order has been rejected by our system: invalid account.",
        ),
        (
            "PO W1-1 rejected",
            "Your purchase order W1-1 has been rejected: item AC-12163 is discontinued.",
        ),
        (
            "Re: Purchase order W1-1",
            "Your purchase order could not be processed: credit hold.",
        ),
        (
            "Re: Purchase order W1-1",
            "Due to a fire at our warehouse all orders are delayed by three weeks.",
        ),
        (
            away,
            "We are closed permanently as of May 31, 2025. Thank you for 40 great years.",
        ),
        (
            away,
            "We are closed 6/9 through 6/20 for inventory. All open orders will ship after 6/20.",
        ),
    ] {
        let dock = answered_by_itself(subject, text);
        assert_ne!(dock.open(), [""; 0], "{text}");
        assert_ne!(dock.po_state("W1-1"), "acknowledged", "{text}");
    }
    // who is away says nothing of an order
    let text = "I am out of the office until Monday, June 9, and will reply then.\n\nBest regards,\nAnn Lee\n";
    let dock = answered_by_itself(away, text);
    assert_eq!(
        (dock.open(), dock.po_state("W1-1")),
        (vec![], "sent".to_owned())
    );
}

/// Of a parcel on record, each from its carrier's own address.
#[test]
fn what_no_carrier_says_of_a_parcel_on_its_way_is_trouble() {
    const UPS: (&str, &str, &str) = ("UPS <mcinfo@ups.com>", "ups.com", T1);
    for (text, asks) in [
        (
            "We have been unable to locate your package after a thorough search.",
            true,
        ),
        (
            "The receiver has moved. We are attempting to obtain a new address.",
            true,
        ),
        (
            "Your package was left in a UPS trailer involved in a fire.",
            true,
        ),
        ("Receiver requested that the package be sent back.", true),
        (
            "Your package is out for delivery.\nA correct street number is needed.",
            true,
        ),
        (
            "Payment is required before delivery can be completed.",
            true,
        ),
        ("Your package is on its way.", false),
        ("Your package is out for delivery.", false),
        ("Scheduled Delivery: Wednesday, 06/04/2025", false),
    ] {
        let dock = Dock::new();
        dock.order("W1", &[("BF63-12163", 1)]);
        dock.import(
            "a.csv",
            &format!("po,sku,qty,tracking\nW1-1,BF63-12163,1,{T1}\n"),
            &[],
        );
        let (from, domain, number) = UPS;
        dock.mail(
            from,
            domain,
            "UPS Update",
            &format!("{text}\nTracking Number: {number}\n"),
            None,
        );
        dock.run();
        let wanted: &[&str] = if asks { &["parcel_trouble"] } else { &[] };
        assert_eq!(dock.open(), wanted, "{text}");
        dock.verify();
    }
}
