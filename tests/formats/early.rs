//! A cancellation that comes before its order.

use crate::support::desk::TestDesk;
use poms::intake::openpgp::make::{self, KeyKind, KeyPair};
use serde_json::{Value, json};

fn open(desk: &TestDesk) -> Vec<(String, String)> {
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let text = |row: &Value, key: &str| row[key].as_str().expect("words").to_owned();
    let rows = list["exceptions"].as_array().expect("a list").iter();
    rows.map(|row| (text(row, "code"), text(row, "message")))
        .collect()
}

fn state(desk: &TestDesk, number: &str) -> String {
    let shown = desk.run(&["order", "show", number, "--json"]).ok().json();
    shown["state"].as_str().expect("a state").to_owned()
}

#[test]
fn it_is_kept_and_the_order_is_cancelled_when_it_comes() {
    let desk = TestDesk::stocked();
    let word = json!({"cancel": "W200001", "reason": "the customer called"});
    desk.order(&word);
    let report = desk.run(&["process", "--json"]).ok().json();
    assert_eq!(report["messages"]["accepted"], 1, "{report:#}");
    assert_eq!(open(&desk), []);
    let shown = desk.run(&["message", "show", "1"]).ok().stdout;
    assert!(shown.contains("which is not here yet"), "{shown}");
    // said again: nothing more
    desk.order(&json!({"cancel": "W200001"}));
    let report = desk.run(&["process", "--json"]).ok().json();
    assert_eq!(report["messages"]["duplicate"], 1, "{report:#}");
    // days later, beside another one
    desk.now("2025-06-04T10:00:00Z");
    desk.order(&TestDesk::plain_order("W200001"));
    let mut other = TestDesk::plain_order("W200002");
    other["customer"]["email"] = json!("other@mail.example");
    desk.order(&other);
    desk.run(&["process"]).ok();
    assert_eq!(state(&desk, "W200001"), "cancelled");
    assert_eq!(state(&desk, "W200002"), "placed");
    assert_eq!(open(&desk), []);
    let to_vendors = desk.mails_to("orders@acme.example");
    assert!(
        to_vendors
            .iter()
            .all(|mail| !mail.text().contains("W200001"))
    );
    // its word is used up
    desk.run(&["verify"]).ok();
}

#[test]
fn a_person_is_told_when_no_order_comes_and_decides() {
    let desk = TestDesk::stocked();
    desk.order(&json!({"cancel": "W200001"}))
        .order(&json!({"cancel": "W200002"}));
    desk.run(&["process"]).ok();
    desk.now("2025-06-05T09:00:00Z").run(&["process"]).ok();
    assert_eq!(open(&desk), []);
    desk.now("2025-06-05T10:10:00Z").run(&["process"]).ok();
    let told = open(&desk);
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told[0].0, "cancellation_early");
    assert!(
        told[0].1.contains("no order of that number came since"),
        "{told:?}"
    );
    desk.now("2025-06-05T10:20:00Z").run(&["process"]).ok();
    assert_eq!(open(&desk).len(), 2, "told once");
    // it comes after all: not placed, and the list is clear of it
    desk.order(&TestDesk::plain_order("W200001"));
    desk.run(&["process"]).ok();
    assert_eq!(state(&desk, "W200001"), "cancelled");
    assert_eq!(open(&desk).len(), 1);
    // of the other a person decides that it is no matter: an order of that number is one like any other
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let id = list["exceptions"][0]["id"].to_string();
    desk.run(&[
        "exceptions",
        "resolve",
        &id,
        "--dismiss",
        "--note",
        "a slip",
    ])
    .ok();
    let mut other = TestDesk::plain_order("W200002");
    other["customer"]["email"] = json!("other@mail.example");
    desk.order(&other);
    desk.run(&["process"]).ok();
    assert_eq!(state(&desk, "W200002"), "placed");
    desk.run(&["verify"]).ok();
}

#[test]
fn of_another_key_it_holds_the_order_and_cancels_nothing() {
    let desk = TestDesk::stocked();
    let made = "2025-01-01T00:00:00Z".parse().expect("a time");
    let other = KeyPair::generate("Other Shop <other@shop.example>", KeyKind::Cv25519, made);
    let other = other.expect("a key");
    let public = other.public_armoured().expect("a key");
    desk.file("keys/other.pub.asc", &public);
    let config = std::fs::read_to_string(desk.path("poms.toml")).expect("a configuration");
    let both = "\"keys/webshop.pub.asc\", \"keys/other.pub.asc\"";
    let config = config.replace("\"keys/webshop.pub.asc\"", both);
    desk.file("poms.toml", config.as_bytes());
    let entity = make::json_entity(&json!({"cancel": "W200001"}).to_string());
    let sealed = make::seal(&entity, &other, &[desk.shop_key()], desk.moment()).expect("sealed");
    desk.sealed_mail(&sealed);
    desk.run(&["process"]).ok();
    desk.order(&TestDesk::plain_order("W200001"));
    desk.run(&["process"]).ok();
    assert_eq!(state(&desk, "W200001"), "held");
    let told = open(&desk);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0, "changed_in_shop");
    assert!(told[0].1.contains("which another key signed"), "{told:?}");
    // by hand as well
    desk.order(&json!({"cancel": "W200003"}));
    desk.run(&["process"]).ok();
    let mut third = TestDesk::plain_order("W200003");
    third["customer"]["email"] = json!("third@mail.example");
    desk.file("third.json", third.to_string().as_bytes());
    desk.run(&["order", "add", "third.json", "--note", "by telephone"])
        .ok();
    assert_eq!(state(&desk, "W200003"), "held");
}
