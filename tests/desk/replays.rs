//! One signed order, sent again after a person amended it: it is taken once, whatever it is now.

use crate::support::desk::TestDesk;
use serde_json::{Value, json};

fn resolve(desk: &TestDesk, code: &str, how: &[&str]) {
    let list = desk
        .run(&["exceptions", "list", "--code", code, "--json"])
        .ok()
        .json();
    let id = list["exceptions"][0]["id"].to_string();
    let args = [
        &["exceptions", "resolve", &id],
        how,
        &["--note", "as the customer asked"],
    ]
    .concat();
    desk.run(&args).ok();
}

fn newest(desk: &TestDesk) -> Value {
    desk.run(&["message", "list", "--json"]).ok().json()["messages"][0].clone()
}

fn orders(desk: &TestDesk) -> Vec<String> {
    let list = desk.run(&["order", "list", "--json"]).ok().json();
    let rows = list["orders"].as_array().unwrap().iter();
    let mut all: Vec<String> = rows
        .map(|row| {
            format!(
                "{} {}",
                row["reference"].as_str().unwrap(),
                row["state"].as_str().unwrap()
            )
        })
        .collect();
    all.sort();
    all
}

/// An order W1 that is placed as W1B with two pieces of other goods.
fn amended() -> (TestDesk, Value) {
    let desk = TestDesk::stocked();
    let mut order = TestDesk::plain_order("W1");
    order["ship_to"]["zip"] = json!("02138");
    desk.order(&order);
    desk.run(&["process"]).ok();
    let changes = [
        "--amend",
        "order_number=W1B",
        "ship_to.zip=65367",
        "lines.1.sku=KT10-00010",
        "lines.1.unit_price=29.90",
        "lines.1.qty=2",
        "total=59.80",
    ];
    resolve(&desk, "bad_zip", &changes);
    desk.run(&["process"]).ok();
    assert_eq!(orders(&desk), ["W1B placed"]);
    (desk, order)
}

#[test]
fn the_same_content_is_taken_once_whatever_was_amended() {
    let (desk, order) = amended();
    for _ in 0..2 {
        desk.order(&order);
        desk.run(&["process"]).ok();
        let row = newest(&desk);
        assert_eq!(row["state"], "duplicate", "{row:#}");
        assert!(
            row["reason"].as_str().unwrap().contains("it is W1B now"),
            "{row:#}"
        );
    }
    // nor once it is cancelled
    desk.run(&["order", "cancel", "W1B", "--note", "not wanted"])
        .ok();
    desk.order(&order);
    desk.run(&["process"]).ok();
    assert_eq!(newest(&desk)["state"], "duplicate");
    assert_eq!(orders(&desk), ["W1B cancelled"]);
    desk.run(&["verify"]).ok();
}

#[test]
fn the_number_under_which_an_order_came_stays_its_own() {
    let (desk, mut order) = amended();
    order["lines"][0]["qty"] = json!(1);
    order["total"] = json!("108.23");
    order["ship_to"]["zip"] = json!("65367");
    desk.order(&order);
    desk.run(&["process"]).ok();
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let rows = list["exceptions"].as_array().unwrap();
    let found = rows
        .iter()
        .find(|row| row["code"] == "duplicate_order_number");
    let text = found.unwrap_or_else(|| panic!("{list:#}"))["message"].to_string();
    assert!(text.contains("an order W1B of"), "{text}");
    assert_eq!(orders(&desk), ["W1B placed", "W1~2 held"]);
    desk.run(&["order", "show", "W1~2"]).ok();
    desk.run(&["verify"]).ok();
}

#[test]
fn two_amended_orders_of_one_number_are_both_known_again() {
    let (desk, order) = amended();
    let mut second = order.clone();
    second["lines"][0]["qty"] = json!(5);
    second["total"] = json!("541.15");
    desk.order(&second);
    desk.run(&["process"]).ok();
    resolve(
        &desk,
        "duplicate_order_number",
        &["--amend", "order_number=W1C", "ship_to.zip=65367"],
    );
    for content in [&order, &second] {
        desk.order(content);
        desk.run(&["process"]).ok();
        assert_eq!(newest(&desk)["state"], "duplicate");
    }
    assert_eq!(orders(&desk).len(), 2);
}
