//! What one release overrides, the other checks still see.

use super::{Dock, T1, T2};

fn row(po: &str, qty: u8, tracking: &str) -> String {
    format!("po,sku,qty,tracking\n{po},BF63-12163,{qty},{tracking}\n")
}

#[test]
fn a_reused_number_does_not_hide_an_over_shipment() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 2)]);
    dock.order("W2", &[("BF63-12163", 2)]);
    dock.import("one.csv", &row("W1-1", 2, T1), &[]);
    dock.import("two.csv", &row("W2-1", 3, T1), &[]);
    assert_eq!(dock.open(), ["tracking_reused"]);
    let said = dock.resolve("tracking_reused", &["--release"]);
    assert!(
        said.contains("tracking_reused is overridden, and nothing else"),
        "{said}"
    );
    assert!(
        said.contains("3 of BF63-12163 are said to have left, 2 of 2 are open"),
        "{said}"
    );
    assert_eq!(dock.open(), ["over_shipment"]);
    assert_eq!(dock.po_state("W2-1"), "sent");
    dock.verify();
    // a person decides about that, too; the first release still counts for the row
    let said = dock.resolve("over_shipment", &["--amend", "BF63-12163=2"]);
    assert!(said.contains("2 of BF63-12163 left"), "{said}");
    assert_eq!(dock.open(), Vec::<String>::new());
    assert_eq!(dock.po_state("W2-1"), "shipped");
    dock.verify();
}

#[test]
fn each_check_is_released_by_itself_until_none_is_left() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 2)]);
    dock.order("W2", &[("BF63-12163", 2)]);
    dock.import("one.csv", &row("W1-1", 2, T1), &[]);
    dock.import("two.csv", &row("W2-1", 3, T1), &[]);
    dock.resolve("tracking_reused", &["--release"]);
    // as far as it goes: two of the three
    dock.resolve("over_shipment", &["--release"]);
    let on = dock.show("W2")["purchase_orders"][0]["lines"][0].clone();
    assert_eq!(on["shipped"], 2, "{on:#}");
    assert_eq!(dock.open(), Vec::<String>::new());
    dock.verify();
}

#[test]
fn a_parcel_of_unknown_contents_does_not_hide_another_orders_number() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 2)]);
    dock.order("W2", &[("BF63-12163", 2), ("KT10-00010", 1)]);
    dock.import("one.csv", &row("W1-1", 2, T1), &[]);
    let csv = format!("po,tracking,ship date\nW2-1,{T1},2025-06-02\n");
    dock.import("two.csv", &csv, &[]);
    assert_eq!(dock.open(), ["advice_unclear"]);
    let said = dock.resolve("advice_unclear", &["--release"]);
    assert!(said.contains("tracking_reused"), "{said}");
    assert_eq!(dock.open(), ["tracking_reused"]);
    assert_eq!(dock.po_state("W2-1"), "sent");
    dock.resolve("tracking_reused", &["--release"]);
    assert_eq!(dock.po_state("W2-1"), "shipped");
    dock.verify();
}

/// One code, several checks: the other one is a question of its own.
#[test]
fn one_unclear_thing_does_not_hide_another() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3), ("KT10-00010", 2)]);
    let csv = format!("po,qty,tracking,ship date\nW1-1,1,{T2},2025-06-02\n");
    dock.import("one.csv", &csv, &[]);
    assert_eq!(dock.open(), ["advice_unclear"]);
    let said = dock.resolve("advice_unclear", &["--release"]);
    assert!(said.contains("nobody says of which article"), "{said}");
    assert_eq!(dock.open(), ["advice_unclear"]);
    assert_eq!(dock.po_state("W1-1"), "sent");
    let id = dock.exception("advice_unclear");
    let again = [
        "exceptions",
        "resolve",
        &id,
        "--release",
        "--note",
        "as agreed",
    ];
    dock.desk
        .run(&again)
        .fails(1, &["nobody says of which article"]);
    dock.resolve("advice_unclear", &["--amend", "KT10-00010=1"]);
    assert_eq!(dock.po_state("W1-1"), "partly_shipped");
    dock.verify();
}

/// A release of an order's reason covers the reason that was read: the catalogue may change between
/// two releases.
#[test]
fn a_price_that_nobody_saw_is_not_released() {
    let dock = Dock::new();
    let mut order = crate::support::desk::TestDesk::plain_order("W1");
    order["lines"][0]["unit_price"] = serde_json::json!("100.00");
    order["total"] = serde_json::json!("300.00");
    order["ship_to"]["zip"] = serde_json::json!("10001");
    order["customer"]["email"] = serde_json::json!("w1@mail.example");
    dock.desk.order(&order);
    dock.run();
    assert_eq!(dock.open(), ["bad_zip", "price_mismatch"], "{order:#}");
    dock.resolve("price_mismatch", &["--release"]);
    let dearer = super::CATALOGUE.replace("108.23", "180.23");
    dock.desk.file("dearer.csv", dearer.as_bytes());
    dock.desk.run(&["catalogue", "import", "dearer.csv"]).ok();
    dock.resolve("bad_zip", &["--release"]);
    assert_eq!(dock.show("W1")["state"], "held");
    assert_eq!(dock.open(), ["price_mismatch"]);
    dock.resolve("price_mismatch", &["--release"]);
    assert_eq!(dock.show("W1")["state"], "placed");
    dock.verify();
}

/// What is printed to be typed is what the row says, or a blank: never a guess.
#[test]
fn an_amendment_says_what_the_row_says_and_leaves_the_rest_blank() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3)]);
    dock.order("W2", &[("BF63-12163", 3), ("KT10-00010", 2)]);
    let amends = |csv: &str| -> (String, String) {
        dock.import("rows.csv", csv, &[]);
        let id = dock.desk.run(&["exceptions", "list", "--json"]).ok().json();
        let id = id["exceptions"][0]["id"].to_string();
        let screen = dock.desk.run(&["exceptions", "show", &id]).ok().stdout;
        let line = screen.lines().find(|line| line.contains(" --amend "));
        let line = line.unwrap_or_else(|| panic!("{screen}"));
        let words = line.split_once("--amend ").map_or("", |(_, rest)| rest);
        let words = words.split_once(" --note").map_or("", |(words, _)| words);
        let done = ["exceptions", "resolve", &id, "--dismiss", "--note", "x"];
        dock.desk.run(&done).ok();
        let flat = screen.split_whitespace().collect::<Vec<_>>().join(" ");
        (words.to_owned(), flat)
    };
    let head = "po,sku,qty,tracking\n";
    // an article that is on no purchase order
    let (typed, screen) = amends(&format!("{head}W1-1,QX-7,1,{T1}\n"));
    assert_eq!(typed, "SKU=PIECES", "{screen}");
    // more than there is
    let (typed, _) = amends(&format!("{head}W1-1,BF63-12163,9,{T1}\n"));
    assert_eq!(typed, "BF63-12163=PIECES");
    // a day that is still to come, which no pieces mend: another purchase order may be meant
    let csv = format!("po,sku,qty,tracking,ship date\nW1-1,BF63-12163,2,{T1},2026-01-02\n");
    let (typed, screen) = amends(&csv);
    assert_eq!(typed, "po=NUMBER SKU=PIECES");
    for words in [
        "the row is right: record what it says as shipped",
        "The customer is told that it left",
        "Release only if the row is right as it stands",
    ] {
        assert!(screen.contains(words), "no '{words}' in {screen}");
    }
    // a parcel of unknown contents
    let (typed, _) = amends(&format!("po,tracking,ship date\nW2-1,{T1},2025-06-02\n"));
    assert_eq!(typed, "BF63-12163=PIECES KT10-00010=PIECES");
    dock.verify();
}
