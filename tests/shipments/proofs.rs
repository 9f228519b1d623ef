//! What `poms verify` proves of shipments, what killed a doubt about a delivery, and mail with
//! nothing but a reply token.

use super::{Dock, T1, T2};
use rusqlite::Connection;
use serde_json::json;

#[test]
fn pieces_that_do_not_add_up_are_named() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3)]);
    let csv = format!("po,sku,qty,tracking\nW1-1,BF63-12163,2,{T1}\n");
    dock.import("a.csv", &csv, &[]);
    dock.verify();
    let ledger = Connection::open(dock.desk.path("poms.db")).unwrap();
    ledger
        .execute("UPDATE po_line_status SET shipped = 4", [])
        .unwrap();
    drop(ledger);
    let done = dock.desk.run(&["verify"]);
    assert_eq!(done.code, 1);
    let said = format!("{}{}", done.stdout, done.stderr);
    assert!(said.contains("3 ordered, but 4 shipped"), "{said}");
    assert!(said.contains("4 shipped, its shipments hold 2"), "{said}");
}

#[test]
fn an_answer_by_the_reply_address_counts_for_that_purchase_order_only() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 2)]);
    dock.order("W2", &[("BF63-12163", 2)]);
    let to = dock.reply_address("W1-1");
    // the vendor's own number stands where ours is expected; W2-1 is the same vendor's
    let own =
        format!("Order #: SO-77\nSKU: AC-12163\nQty: 1\nTracking number: {T1}\nCarrier: UPS\n");
    dock.mail_to(&to, "Shipped", &own, None);
    let both = format!("po,sku,qty,tracking\nW1-1,BF63-12163,1,{T2}\nW2-1,BF63-12163,1,{T2}\n");
    dock.mail_to(&to, "Shipped", "See attached.\n", Some(&both));
    dock.run();
    assert_eq!(dock.po_state("W1-1"), "shipped", "{:#}", dock.show("W1"));
    assert_eq!(dock.po_state("W2-1"), "sent");
    assert_eq!(dock.open(), ["untrusted_sender"]);
    let found = dock
        .desk
        .run(&["order", "search", "so-77", "--json"])
        .ok()
        .json();
    assert_eq!(found["orders"][0]["order"], "W1", "{found:#}");
    dock.resolve("untrusted_sender", &["--dismiss"]);
    dock.verify();
}

#[test]
fn our_own_purchase_order_sent_back_is_no_advice() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 2)]);
    let mails = dock.desk.mails();
    let sent = mails
        .iter()
        .find(|mail| mail.to() == "orders@acme.example")
        .unwrap();
    let parsed = sent.parsed();
    let csv = parsed
        .attachments()
        .find_map(|part| part.text_contents().filter(|text| text.contains(',')))
        .unwrap();
    dock.mail(
        "ann@acme.example",
        "acme.example",
        "Re: Purchase order W1-1",
        "Confirmed.\n",
        Some(csv),
    );
    dock.run();
    assert_eq!(dock.po_state("W1-1"), "acknowledged", "{:?}", dock.open());
    let lines = dock.show("W1")["purchase_orders"][0]["lines"].clone();
    assert_eq!(lines[0]["shipped"], json!(0), "{lines:#}");
}
