//! Acknowledgements and what a person does when goods do not come.

use super::{Dock, T1};
use serde_json::json;

#[test]
fn a_rejected_line_goes_to_another_vendor() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3), ("KT10-00010", 1)]);
    dock.acme(
        "Re: Purchase order W1-1",
        "BF63-12163 is discontinued. KT10-00010 is confirmed.\n",
    );
    dock.run();
    assert_eq!(dock.po_state("W1-1"), "acknowledged");
    assert_eq!(dock.open(), ["po_rejected"]);
    let said = dock.resolve("po_rejected", &["--other-vendor"]);
    assert!(said.contains("W1-2"), "{said}");
    assert_eq!(dock.po_state("W1-1"), "acknowledged");
    assert_eq!(dock.po_state("W1-2"), "queued");
    dock.run();
    let to: Vec<String> = dock.desk.mails().iter().map(|mail| mail.to()).collect();
    assert!(to.contains(&"po@blueridge.example".to_owned()), "{to:?}");
    assert_eq!(dock.open(), Vec::<String>::new());
    dock.verify();
    let rest = "po,sku,qty,carrier,ship_date\nW1-1,KT10-00010,1,UPS,2025-06-02\nW1-2,B-12163,3,UPS,2025-06-02\n";
    assert_eq!(dock.import("rest.csv", rest, &[])["applied"], 2);
    assert_eq!(dock.show("W1")["state"], "shipped");
    dock.verify();
}

#[test]
fn a_backorder_waits_is_cancelled_or_comes_after_all() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3), ("KT10-00010", 1)]);
    let text = "BF63-12163 is backordered until June 20. KT10-00010 ships June 3.\n";
    dock.acme("Re: Purchase order W1-1", text);
    dock.run();
    assert_eq!(dock.po_state("W1-1"), "backordered");
    dock.resolve("po_backordered", &["--ask-customer"]);
    assert_eq!(dock.open(), ["po_backordered"]);
    dock.resolve("po_backordered", &["--dismiss"]);
    // the same answer again changes nothing
    dock.acme("Re: Purchase order W1-1", text);
    dock.run();
    assert_eq!(dock.open(), Vec::<String>::new());
    // another day does
    dock.acme(
        "Re: Purchase order W1-1",
        "BF63-12163 is backordered until July 15.\n",
    );
    dock.run();
    assert_eq!(dock.open(), ["po_backordered"]);
    dock.resolve("po_backordered", &["--cancel-line"]);
    assert_eq!(dock.po_state("W1-1"), "acknowledged");
    let csv = format!("po,sku,qty,tracking\nW1-1,KT10-00010,1,{T1}\n");
    dock.import("kettle.csv", &csv, &[]);
    assert_eq!(dock.show("W1")["state"], "shipped");
    dock.verify();
}

#[test]
fn an_exception_ends_when_what_it_waits_for_happens() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3)]);
    dock.acme("Re: Purchase order W1-1", "BF63-12163 is on backorder.\n");
    dock.run();
    assert_eq!(dock.open(), ["po_backordered"]);
    let csv = format!("po,sku,qty,tracking\nW1-1,BF63-12163,3,{T1}\n");
    dock.import("all.csv", &csv, &[]);
    assert_eq!(dock.open(), Vec::<String>::new());
    assert_eq!(dock.show("W1")["state"], "shipped");
    dock.verify();
}

#[test]
fn tables_of_answers_doubts_and_orders_that_are_over() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3), ("KT10-00010", 1)]);
    dock.order("W2", &[("GD20-00020", 2)]);
    let table = "po_number,sku,status,qty,date\nW1-1,AC-12163,backordered,2,2025-06-20\nW1-1,AC-00010,accepted,,\nW2-1,B-77,rejected,,\n";
    dock.mail(
        "orders@acme.example",
        "acme.example",
        "Answers",
        "Attached.\n",
        Some(table),
    );
    dock.run();
    assert_eq!(
        (dock.po_state("W1-1"), dock.po_state("W2-1")),
        ("backordered".into(), "sent".into())
    );
    assert_eq!(dock.open(), ["po_backordered", "untrusted_sender"]);
    dock.acme(
        "Re: Purchase order W1-1",
        "Which colour do you want? The lamp is 5 dollars more now.\n",
    );
    dock.run();
    assert_eq!(
        dock.open(),
        ["po_backordered", "untrusted_sender", "vendor_mail"]
    );
    // the two that are on backorder go, the third stays
    dock.resolve("po_backordered", &["--cancel-line"]);
    let lines = dock.show("W1")["purchase_orders"][0]["lines"].clone();
    assert_eq!(
        (&lines[0]["cancelled"], &lines[0]["open"]),
        (&json!(2), &json!(1)),
        "{lines:#}"
    );
    dock.desk
        .run(&["order", "cancel", "W1", "--note", "the customer wrote"])
        .ok();
    dock.acme("Re: Purchase order W1-1", "Confirmed.\n");
    dock.run();
    assert!(
        dock.open().contains(&"po_not_open".to_owned()),
        "{:?}",
        dock.open()
    );
    assert_eq!(dock.po_state("W1-1"), "cancelled");
    let csv = format!("po,sku,qty,tracking\nW1-1,KT10-00010,1,{T1}\n");
    let taken = dock.import("late.csv", &csv, &[]);
    assert_eq!(taken["errors"][0]["code"], "po_not_open", "{taken:#}");
}

#[test]
fn what_a_vendor_said_and_nobody_decided_outlives_the_order() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3)]);
    let csv = format!("po,sku,qty,tracking\nW1-1,BF63-12163,9,{T1}\n");
    dock.import("many.csv", &csv, &[]);
    dock.acme(
        "Re: Purchase order W1-1",
        "Which colour do you want? The lamp is 5 dollars more now.\n",
    );
    dock.run();
    let before = dock.open();
    assert_eq!(before, ["over_shipment", "vendor_mail"]);
    dock.desk
        .run(&["order", "cancel", "W1", "--note", "the customer wrote"])
        .ok();
    assert_eq!(dock.open(), before);
    dock.verify();
    for code in ["over_shipment", "vendor_mail"] {
        dock.resolve(code, &["--dismiss"]);
    }
    dock.verify();
}
