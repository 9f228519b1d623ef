//! Shipping advices: parts, parcels, repeats, and what is not acted on.

use super::{Dock, T1, T2};
use serde_json::json;

#[test]
fn from_order_to_the_second_parcel() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3), ("KT10-00010", 1)]);
    assert_eq!(dock.po_state("W1-1"), "sent");
    dock.desk.now("2025-06-02T14:00:00Z");
    dock.acme(
        "Re: Purchase order W1-1",
        "Confirmed. We will ship on June 4.\n",
    );
    dock.run();
    assert_eq!(dock.po_state("W1-1"), "acknowledged");
    let story = dock.show("W1");
    let lines = &story["purchase_orders"][0]["lines"];
    assert_eq!(lines[0]["promised"], "2025-06-04", "{story:#}");

    dock.desk.now("2025-06-04T20:00:00Z");
    let first = format!(
        "po_number,sku,qty,carrier,tracking_number,ship_date\nW1-1,AC-12163,2,UPS,{T1},2025-06-04\n"
    );
    dock.mail(
        "orders@acme.example",
        "acme.example",
        "Shipped",
        "See attached.\n",
        Some(&first),
    );
    dock.run();
    assert_eq!(dock.po_state("W1-1"), "partly_shipped");
    assert_eq!(dock.show("W1")["state"], "partly_shipped");
    // word for word again, in another mail and another file
    dock.mail(
        "orders@acme.example",
        "acme.example",
        "Shipped again",
        "See attached.\n",
        Some(&first),
    );
    dock.run();
    let again = dock.import("again.csv", &format!("{first}\n"), &["--vendor", "acme"]);
    assert_eq!(
        (&again["applied"], &again["repeated"]),
        (&json!(0), &json!(1)),
        "{again:#}"
    );

    second_parcel(&dock);
}

fn second_parcel(dock: &Dock) {
    dock.desk.now("2025-06-05T20:00:00Z");
    let rest =
        format!("Order,Item,Shipped Qty,Tracking #\nW1,BF63-12163,1,{T2}\nW1,KT10-00010,1,{T2}\n");
    let rest = dock.import("rest.csv", &rest, &[]);
    assert_eq!(rest["applied"], 2, "{rest:#}");
    let story = dock.show("W1");
    assert_eq!(story["state"], "shipped", "{story:#}");
    let shipments = story["shipments"].as_array().unwrap();
    assert_eq!(shipments.len(), 2, "{story:#}");
    let link = shipments[0]["parcels"][0]["tracking_url"].as_str().unwrap();
    assert!(link.starts_with("https://") && link.contains(T1), "{link}");
    assert_eq!(dock.open(), Vec::<String>::new());
    let shown = dock.desk.run(&["order", "show", "W1"]).ok().stdout;
    assert!(shown.contains(T2) && shown.contains("https://"), "{shown}");
    let found = dock
        .desk
        .run(&["order", "search", T2, "--json"])
        .ok()
        .json();
    assert_eq!(found["orders"][0]["order"], "W1", "{found:#}");
    dock.verify();
}

#[test]
fn rows_of_others_and_senseless_rows_change_nothing_and_the_rest_goes_through() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3)]);
    dock.order("W2", &[("GD20-00020", 2)]);
    let csv = format!(
        "po_number,sku,qty,carrier,tracking_number,ship_date\n\
         W2-1,GD20-00020,2,UPS,{T1},2025-06-02\n\
         W9-1,BF63-12163,1,UPS,{T1},2025-06-02\n\
         W1-1,XX-1,1,UPS,{T1},2025-06-02\n\
         W1-1,BF63-12163,4,UPS,{T1},2025-06-02\n\
         W1-1,BF63-12163,some,UPS,{T1},2025-06-02\n\
         W1-1,BF63-12163,1,UPS,{T2},2025-06-02\n"
    );
    dock.mail(
        "orders@acme.example",
        "acme.example",
        "Shipped",
        "See attached.\n",
        Some(&csv),
    );
    dock.run();
    assert_eq!(dock.po_state("W2-1"), "sent");
    assert_eq!(dock.po_state("W1-1"), "partly_shipped");
    let five = [
        "advice_unclear",
        "advice_unclear",
        "over_shipment",
        "unknown_po",
        "untrusted_sender",
    ];
    assert_eq!(dock.open(), five);
    dock.mail(
        "orders@acme.example",
        "acme.example",
        "Shipped",
        "Please see attached.\n",
        Some(&csv),
    );
    let before = dock.show("W1");
    dock.run();
    assert_eq!(dock.open(), five);
    assert_eq!(dock.show("W1")["shipments"], before["shipments"]);
    dock.verify();
    // a person: what is open is taken as shipped; the other rows come to nothing
    dock.resolve("over_shipment", &["--release"]);
    assert_eq!(dock.po_state("W1-1"), "shipped");
    dock.resolve("unknown_po", &["--dismiss"]);
    // the sender is believed, and the number is still that of another order's parcel
    dock.resolve("untrusted_sender", &["--release"]);
    let left = ["advice_unclear", "advice_unclear", "tracking_reused"];
    assert_eq!(dock.open(), left);
    dock.verify();
}

#[test]
fn mail_that_nobody_vouches_for_is_held_whole() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 1)]);
    let csv = format!("po_number,sku,qty,tracking_number\nW1-1,BF63-12163,1,{T1}\n");
    for (from, domain) in [
        ("orders@acme.example", ""),
        ("orders@acme.example", "evil.example"),
        ("orders@acme.example.evil.example", "evil.example"),
        ("\"orders@acme.example\" <x@evil.example>", "evil.example"),
    ] {
        dock.mail(from, domain, "Shipped W1-1", "See attached.\n", Some(&csv));
    }
    let report = dock.run();
    assert_eq!(report["messages"]["held"], 4, "{report:#}");
    assert_eq!(dock.po_state("W1-1"), "sent");
    assert_eq!(dock.open(), ["untrusted_sender"; 4]);
    dock.verify();
}

#[test]
fn a_tracking_number_belongs_to_one_purchase_order() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 1)]);
    dock.order("W2", &[("BF63-12163", 1)]);
    let of = |po: &str, number: &str| format!("po,sku,qty,tracking\n{po},BF63-12163,1,{number}\n");
    assert_eq!(dock.import("1.csv", &of("W1-1", T1), &[])["applied"], 1);
    let second = dock.import("2.csv", &of("W2-1", T1), &[]);
    assert_eq!(second["errors"][0]["code"], "tracking_reused", "{second:#}");
    assert_eq!(dock.po_state("W2-1"), "sent");
    dock.resolve("tracking_reused", &["--release"]);
    assert_eq!(dock.po_state("W2-1"), "shipped");
    dock.verify();
}

#[test]
fn hostile_files_are_held_row_by_row_within_bounds() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 1)]);
    let mut csv = "po_number,sku,qty,tracking_number\n".to_owned();
    for row in 0..200 {
        csv.push_str(&format!(
            "=cmd|' /C calc'!A{row},\u{1b}[2J,99999999999999999999,<script>{row}\n"
        ));
    }
    csv.push_str(&format!("W1-1,BF63-12163,1,{T1}\n\"W1-1,never closed\n"));
    let taken = dock.import("bad.csv", &csv, &[]);
    assert_eq!(taken["applied"], 1, "{taken:#}");
    assert!(dock.open().len() <= 51, "{:?}", dock.open());
    let list = dock.desk.run(&["exceptions", "list"]).ok().stdout;
    assert!(!list.contains('\u{1b}'));
    dock.verify();
    let again = dock.import("bad.csv", &csv, &[]);
    assert_eq!(again["applied"], 0, "{again:#}");
    dock.verify();
}

#[test]
fn a_rehearsal_and_a_file_that_is_none() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 1)]);
    let csv = format!("po,sku,qty,tracking\nW1-1,BF63-12163,1,{T1}\n");
    let taken = dock.import("a.csv", &csv, &["--dry-run"]);
    assert_eq!(taken["applied"], 1, "{taken:#}");
    assert_eq!(dock.po_state("W1-1"), "sent");
    dock.desk.file("b.bin", &[0, 159, 146, 150, 0, 1]);
    let done = dock
        .desk
        .run(&["import-advices", "b.bin", "a.csv", "none.csv", "--json"]);
    assert_eq!(done.code, 1, "{}", done.stderr);
    assert_eq!(done.json()["files"][0]["applied"], 1);
    assert!(
        done.stderr.contains("b.bin") && done.stderr.contains("none.csv"),
        "{}",
        done.stderr
    );
    assert_eq!(dock.po_state("W1-1"), "shipped");
    dock.desk
        .run(&["import-advices", "a.csv", "--vendor", "NOBODY"])
        .fails(2, &["NOBODY"]);
    let foreign = dock.import("c.csv", &csv, &["--vendor", "BLUE"]);
    assert_eq!(
        foreign["errors"][0]["code"], "untrusted_sender",
        "{foreign:#}"
    );
}

/// Exports as programs make them: columns in groups, a line's number in place of a SKU, labels that
/// were voided.
#[test]
fn exports_of_shipping_programs() {
    let dock = Dock::new();
    for number in ["W1", "W2", "W3"] {
        dock.order(number, &[("BF63-12163", 2), ("KT10-00010", 1)]);
    }
    let grouped = format!(
        "Order Number,Item: SKU,Item: Quantity,Shipment: Provider,Shipment: Tracking Number\n\
         W1,BF63-12163,2,UPS,{T1}\nW1,KT10-00010,1,UPS,{T1}\n"
    );
    assert_eq!(dock.import("grouped.csv", &grouped, &[])["applied"], 2);
    let lines = format!(
        "PO Number,PO Line,Qty Shipped,Tracking Number\nW2-1,1,2,{T2}\nW2-1,2,1,{T2}\nW2-1,3,1,{T2}\n"
    );
    let taken = dock.import("lines.csv", &lines, &[]);
    assert_eq!(taken["applied"], 2, "{taken:#}");
    let said = taken["errors"][0]["message"].as_str().unwrap();
    assert!(
        said.contains("line 3 is not on purchase order W2-1"),
        "{said}"
    );
    let void = "PackageReference1,PackageTrackingNumber,VoidIndicator\nW3-1,1Z5R89390357560115,Y\n";
    let taken = dock.import("void.csv", void, &[]);
    assert_eq!(
        (&taken["applied"], &taken["held"]),
        (&json!(0), &json!(1)),
        "{taken:#}"
    );
    assert_eq!(dock.po_state("W3-1"), "sent");
    let shopify = format!(
        "Name,Line: SKU,Line: Quantity,Fulfillment: Tracking Number\n#W3,BF63-12163,2,{}\n",
        "1Z5R89390357560222"
    );
    assert_eq!(dock.import("shopify.csv", &shopify, &[])["applied"], 1);
    assert_eq!(dock.po_state("W3-1"), "partly_shipped");
    dock.verify();
}
