//! Keys and values in a vendor's mail: a key on no list, or a value that is not the purchase order's, stops the
//! mail, as a column does its row.

use super::not_signed::{all_are_for_a_person, none_is_for_a_person};

fn below(head: &str, lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| format!("{head}\n{line}")).collect()
}

fn held(head: &str, lines: &[&str]) {
    let all = below(head, lines);
    all_are_for_a_person(&all.iter().map(String::as_str).collect::<Vec<_>>());
}

fn acts(head: &str, lines: &[&str], state: &str) {
    let all = below(head, lines);
    none_is_for_a_person(&all.iter().map(String::as_str).collect::<Vec<_>>(), state);
}

const AGAINST_A_PARCEL: &[&str] = &[
    "State: OH",
    "State: Texas",
    "Province: ON",
    "Province: Quebec",
    "Country: CA",
    "Country: Mexico",
    "Ship to state: OH",
    "Company: Bayview Corp",
    "Method: Pickup",
    "Ship Method: Store Pickup",
    "Service: Will call",
    "Carrier: Customer",
    "Invoice: CM-9",
    "Invoice: Credit 12",
    "RMA: 5",
    "Boxes: 2",
    "Cartons: 3",
    "Packages: 2",
    "Packages: 0",
    "Number of packages: three",
    "UOM: CS",
    "UOM: dozen",
    "Pack: 12",
    "Currency: CAD",
    "Type: RMA",
    "Type: Quote",
    "Order: W99",
    "Order #: W77",
    "Reference: Q99-1",
    "Ref: W31-2",
    "Vendor: Cedar Supply",
    "Supplier: Blue Ridge Garden Supply",
    "Contents: empty",
    "Weight: 0 lbs",
    "Disposition: held",
    "Approved: no",
    "Ship to: Acme Corp",
    "Deliver to: Jane Roe, Akron OH",
    "Subject: not shipped",
    "Ship date: 06/02/2025 planned",
    "Shipped: 06/02/2025 or later",
];

#[test]
fn beside_a_tracking_number() {
    held("Tracking number: {U}", AGAINST_A_PARCEL);
    acts(
        "Tracking number: {U}",
        &[
            "State: MO",
            "Country: US",
            "Method: UPS Ground",
            "Service: 2nd Day Air",
            "Carrier: UPS",
            "Invoice: 88213",
            "Packages: 1",
            "UOM: EA",
            "Currency: USD",
            "Type: Shipment",
            "Our order: SO-118273",
            "Vendor: Acme Home Goods",
            "Weight: 9.5 lbs",
            "Ship to: Cesar Bustos",
            "Item: BF63-12163 Brass Floor Lamp",
            "Ship date: 06/02/2025",
        ],
        "shipped",
    );
}

#[test]
fn in_an_answer() {
    held(
        "PO: {po}\nStatus: Confirmed",
        &[
            "Qty: 0",
            "Qty: 7",
            "Quantity: 3 pcs",
            "Item: KT10-00010",
            "SKU: GD20-00020",
            "Ship to: Acme Corp",
            "Ship to: Jane Roe, Akron OH",
            "City: Toledo",
            "State: OH",
            "Country: Canada",
            "Currency: EUR",
            "Vendor: Cedar",
            "Supplier: Blue Ridge Garden Supply",
            "UOM: CS",
            "Pack: 12",
            "Type: Quote",
            "Reference: Q99-1",
            "Order: W99",
            "Terms: Net 10",
            "Ship date: 06/12/2025 cancelled",
            "Ship date: 06/12/2025 or 06/26/2025",
            "Ship date: 06/12/2025 - 06/26/2025",
            "Ship date: 06/12/2025 delayed",
            "Ship date: 06/12/2025 at the earliest",
            "Expected ship date: 06/12/2025 if available",
            "Deposit: required",
        ],
    );
    acts(
        "PO: {po}\nStatus: Confirmed",
        &[
            "Qty: 1",
            "Item: BF63-12163",
            "Ship to: Cesar Bustos",
            "State: MO",
            "Currency: USD",
            "Vendor: Acme Home Goods",
            "UOM: EA",
            "Our order: SO-118273",
            "Ship date: 06/12/2025",
        ],
        "acknowledged",
    );
}

/// A carrier in the words that is not the number's.
#[test]
fn another_carrier() {
    all_are_for_a_person(&[
        "Shipped today via DHL. UPS {U}",
        "Sent with FedEx this morning.\n\nTracking: {U}",
        "Shipped with OnTrac. Tracking number {U}.",
        "Carrier: FedEx Ground\nShipped today, UPS {U}",
        "Picked up by DHL today. Tracking {F}",
    ]);
    none_is_for_a_person(
        &[
            "Shipped today via UPS Ground. UPS {U}",
            "Shipped with FedEx. Tracking {F}",
            "Shipped with UPS. Tracking {P}",
        ],
        "shipped",
    );
}
