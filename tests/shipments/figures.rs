//! What screens and mails say of an order of which something was moved, taken off, amended or is late.

use super::Dock;
use crate::support::desk::TestDesk;
use serde_json::json;

/// An order whose lamps are refused and whose kettle comes.
fn refused() -> Dock {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3), ("KT10-00010", 1)]);
    let rows = "po_number,sku,qty,status\nW1-1,BF63-12163,3,rejected\nW1-1,KT10-00010,1,accepted\n";
    dock.import("refused.csv", rows, &[]);
    dock
}

#[test]
fn what_was_moved_or_taken_off_costs_nothing() {
    let moved = refused();
    let money = |dock: &Dock| dock.show("W1")["money"].clone();
    assert_eq!(money(&moved)["cost"], "198.50");
    moved.resolve("po_rejected", &["--other-vendor"]);
    let told = money(&moved);
    assert_eq!(
        (&told["cost"], &told["margin"]),
        (&json!("206.00"), &json!("148.59"))
    );
    let off = refused();
    off.resolve("po_rejected", &["--cancel-line"]);
    let told = money(&off);
    assert_eq!(
        (&told["cost"], &told["margin"]),
        (&json!("14.00"), &json!("15.90"))
    );
    let shown = off.desk.run(&["order", "show", "W1"]).ok().stdout;
    assert!(shown.contains("margin on goods $15.90"), "{shown}");
}

#[test]
fn what_is_past_is_not_to_come() {
    let dock = Dock::new();
    dock.order("W1", &[("KT10-00010", 1)]);
    let shown = dock.desk.run(&["po", "show", "W1-1"]).ok().stdout;
    assert!(
        shown.contains(", by ") && !shown.contains("was due"),
        "{shown}"
    );
    for (moment, words) in [
        ("2025-06-05T12:00:00Z", "it is overdue, and a mail asks"),
        ("2025-06-20T12:00:00Z", "the next run asks by mail"),
    ] {
        dock.desk.now(moment);
        let shown = dock.desk.run(&["po", "show", "W1-1"]).ok().stdout;
        assert!(shown.contains(words), "{moment}: {shown}");
    }
}

#[test]
fn another_article_is_described_by_the_catalogue() {
    let dock = Dock::new();
    let mut order = TestDesk::plain_order("W1");
    order["lines"] = json!([{"sku": "BF63-12163", "description": "Reading lamp, green", "qty": 1, "unit_price": "108.23"}]);
    order["total"] = json!("108.23");
    order["ship_to"]["zip"] = json!("10001");
    order["customer"]["email"] = json!("W1@mail.example");
    dock.desk.order(&order);
    dock.run();
    dock.resolve(
        "bad_zip",
        &[
            "--amend",
            "ship_to.zip=65367",
            "lines.1.sku=KT10-00010",
            "lines.1.unit_price=29.90",
            "total=29.90",
        ],
    );
    dock.run();
    let mails = dock.desk.mails_to("W1@mail.example");
    let text = mails.last().unwrap().text();
    assert!(
        text.contains("Kettle 1.7 l") && !text.contains("Reading lamp"),
        "{text}"
    );
    let line = dock.show("W1")["lines"][0].clone();
    assert_eq!(line["description"], "Kettle 1.7 l");
}
