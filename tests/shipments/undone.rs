//! What a purchase order is, and tells, after a shipment that did not happen.

use super::{Dock, T1};

fn left() -> String {
    format!("po,sku,qty,carrier,tracking,ship date\nW1-1,BF63-12163,4,UPS,{T1},2025-06-02\n")
}

fn placed() -> Dock {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 4)]);
    dock
}

fn undo(dock: &Dock) -> String {
    let args = ["shipment", "undo", "1", "--note", "as the vendor wrote"];
    dock.desk.run(&args).ok().stdout
}

/// What a purchase order's own screen says of a shipment and its end; a vendor who never answered has
/// acknowledged nothing by a shipment that did not happen.
#[test]
fn a_purchase_order_tells_of_its_shipments_and_is_what_it_was_before_them() {
    let dock = placed();
    dock.import("first.csv", &left(), &[]);
    dock.run();
    let said = undo(&dock);
    assert!(said.contains("W1-1 is sent, order W1 is placed"), "{said}");
    let screen = dock.desk.run(&["po", "show", "W1-1"]).ok().stdout;
    let flat = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = [
        "shipment 1 of purchase order W1-1 is on record",
        "4 x BF63-12163 left in shipment 1",
        "purchase order W1-1 is shipped",
        "shipment 1 did not happen: as the vendor wrote",
        "W1-1 waits for its vendor again, who has not acknowledged it",
    ];
    let places = told.map(|words| flat.find(words));
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "{places:?}: {screen}"
    );
    assert!(flat.starts_with("Purchase order W1-1 SENT,"), "{screen}");
    dock.verify();
    // one who had said yes has still said it
    let dock = placed();
    dock.import(
        "yes.csv",
        "po_number,sku,status\nW1-1,BF63-12163,accepted\n",
        &[],
    );
    dock.import("first.csv", &left(), &[]);
    undo(&dock);
    assert_eq!(dock.po_state("W1-1"), "acknowledged");
    dock.verify();
}
