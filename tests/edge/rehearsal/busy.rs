//! A site in which every command has something to do.

use crate::support::desk::TestDesk;
use crate::support::scene::snapshot;
use crate::support::shop::woocommerce;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A site on which each of [`ACTING`] has something to do.
pub(super) fn busy() -> TestDesk {
    let desk = TestDesk::stocked();
    let mut order = TestDesk::plain_order("W1");
    order["lines"][0]["qty"] = json!(7);
    order["total"] = json!("757.61");
    let mut bad = TestDesk::plain_order("W2");
    bad["ship_to"]["zip"] = json!("10001");
    ready_files(&desk);
    let shop = shop(&desk);
    desk.config(&shop);
    desk.order(&order);
    desk.raw_mail(b"From: a@b.example\r\nSubject: hello\r\n\r\nwhat are your opening hours?\r\n");
    desk.order(&bad);
    bad["order_number"] = json!("W4");
    desk.order(&bad);
    let mut third = TestDesk::plain_order("W3");
    third["customer"]["email"] = json!("third@mail.example");
    desk.order(&third);
    closed_on_a_weekend(&desk);
    revised(&desk);
    let row = |qty: u8| {
        format!(
            "po_number,sku,qty,carrier,tracking_number\nW1-1,BF63-12163,{qty},UPS,1Z5R89390357567127\n"
        )
    };
    desk.file("first.csv", row(5).as_bytes());
    desk.file("rest.csv", row(1).replace("7127", "7127 ").as_bytes());
    desk.run(&["import-advices", "first.csv"]).ok();
    let third = row(1).replace("W1-1", "W3-1").replace("7127", "7128");
    desk.file("third.csv", third.as_bytes());
    desk.run(&["import-advices", "third.csv"]).ok();
    let bill = "vendor,number,date,po_number,total\nAcme Home Goods,A-1,2025-06-05,W1-1,307.50\n";
    desk.file("bill0.csv", bill.as_bytes());
    desk.run(&["import-invoices", "bill0.csv"]).ok();
    desk.file("bill.csv", bill.replace("A-1", "A-2").as_bytes());
    let lost = "lost_in_transit";
    for kind in ["refused_at_door", "return", "return", lost] {
        let words = [
            "return", "open", "W1", "1=1", "--reason", "x", "--kind", kind,
        ];
        desk.run(&words).ok();
    }
    let address = "[returns]\naddress = [\"Shop\", \"1 Main Street\", \"Portland, ME 04101\"]";
    desk.config(&format!("{address}\n{shop}"));
    for rma in ["R-W1-2", "R-W1-3", "R-W1-4"] {
        desk.run(&["return", "authorise", rma, "--note", "x"]).ok();
    }
    desk.run(&["return", "receive", "R-W1-3", "1=1"]).ok();
    take_back(&desk);
    desk.run(&["outbox", "drop", "9", "--note", "x"]).ok();
    desk
}

/// Files that a person has ready.
fn ready_files(desk: &TestDesk) {
    let by_hand = TestDesk::plain_order("W9").to_string();
    desk.file("order.json", by_hand.as_bytes());
    let under_way = json!({"orders": [{"order": TestDesk::plain_order("W77"), "purchase_orders": [
        {"number": "4711", "vendor": "ACME", "sent": "2025-05-28", "lines": [{"line": 1}]}]}]});
    desk.file("adopt.json", under_way.to_string().as_bytes());
    desk.file(
        "new.csv",
        crate::support::desk::CATALOGUE
            .replace("29.90", "31.90")
            .as_bytes(),
    );
    desk.file("stock.csv", b"sku,qty,cost\nAC-12163,3,61.60\n");
    desk.file(
        "vendors2.csv",
        crate::support::desk::VENDORS
            .replace("orders@", "o@")
            .as_bytes(),
    );
}

/// A cancellation of W1-1 that waits for its vendor, and money that is owed for W4.
fn take_back(desk: &TestDesk) {
    desk.run(&["order", "cancel", "W4", "--note", "x"]).ok();
    let unsent = "cancelled_before_shipping";
    desk.run(&[
        "return", "open", "W1", "1=1", "--reason", "x", "--kind", unsent,
    ])
    .ok();
    desk.run(&["return", "authorise", "R-W1-5", "--note", "x"])
        .ok();
}

/// A shop without orders, for as long as the tests run.
fn shop(desk: &TestDesk) -> String {
    let server = Box::leak(Box::new(woocommerce::start()));
    desk.file("keys/woocommerce.secret", woocommerce::SECRET.as_bytes());
    format!(
        "[[source]]\nname = \"webshop\"\nkind = \"woocommerce\"\nurl = \"{}\"\nconsumer_key = \"{}\"\n\
         consumer_secret_file = \"keys/woocommerce.secret\"\nsince = \"2025-06-01\"\n",
        server.url(),
        woocommerce::KEY
    )
}

pub(super) fn files(desk: &TestDesk) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = snapshot(&desk.path(""));
    found.remove(&desk.path("poms.db.lock"));
    found
}

/// An order of which a revision is with its vendor.
fn revised(desk: &TestDesk) {
    let mut order = TestDesk::plain_order("W8");
    order["customer"]["email"] = json!("eighth@mail.example");
    desk.order(&order);
    desk.run(&["process"]).ok();
    let moved = [
        "order",
        "change",
        "W8",
        "ship_to.street2=Rear",
        "--note",
        "x",
    ];
    desk.run(&moved).ok();
    desk.run(&["process"]).ok();
}

fn closed_on_a_weekend(desk: &TestDesk) {
    let days = [
        "--from",
        "2025-06-07",
        "--until",
        "2025-06-08",
        "--note",
        "x",
    ];
    desk.run(&[&["vendors", "close", "ACME"][..], &days].concat())
        .ok();
}
