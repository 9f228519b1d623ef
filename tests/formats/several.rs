//! Messages that carry several orders: each its own outcome, and one that fails keeps no other.

use super::placed::{codes, desk, shopify};
use crate::support::desk::TestDesk;
use poms::intake::openpgp::make;
use serde_json::{Value, json};

/// Three orders of a shop: one that is placed, one that is not paid, one of which a price cannot be read.
fn three() -> Value {
    let mut pending = shopify();
    (pending["id"], pending["name"]) = (json!(7), json!("#1208"));
    (pending["financial_status"], pending["email"]) =
        (json!("pending"), json!("else@mail.example"));
    pending["customer"]["id"] = json!(62);
    let mut broken = shopify();
    (broken["id"], broken["name"]) = (json!(8), json!("#1209"));
    broken["line_items"][1]["price"] = json!("dear");
    json!({"orders": [shopify(), broken, pending]})
}

fn process(desk: &TestDesk) -> Value {
    desk.run(&["process", "--json"]).done().json()
}

/// The states of a message's orders, in their sequence.
fn outcomes(desk: &TestDesk, message: &str) -> Vec<(String, String)> {
    let shown = desk
        .run(&["message", "show", message, "--json"])
        .ok()
        .json();
    let orders = shown["orders"].as_array().expect("a list").iter();
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    orders
        .map(|one| (word(&one["state"]), word(&one["order"])))
        .collect()
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = all.iter();
    own.map(|(state, order)| ((*state).to_owned(), (*order).to_owned()))
        .collect()
}

#[test]
fn each_order_of_a_message_has_its_own_outcome() {
    let desk = desk();
    desk.order(&three());
    let report = process(&desk);
    assert_eq!(
        report["messages"],
        json!({"seen": 1, "accepted": 0, "duplicate": 0, "held": 1, "quarantined": 0, "ignored": 0})
    );
    assert_eq!(
        (&report["orders"]["received"], &report["orders"]["placed"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(
        outcomes(&desk, "1"),
        pairs(&[("accepted", "#1207"), ("held", ""), ("accepted", "#1208")])
    );
    assert_eq!(codes(&desk), ["not_paid", "unknown_format"]);
    let shown = desk.run(&["message", "show", "1"]).ok().stdout;
    let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "3 orders: 2 accepted, 1 held; the one in place 2 (#1209):",
        "orders[1].line_items[1].price is no amount",
        "order show '#1208'",
    ] {
        assert!(words.contains(said), "no '{said}' in {words}");
    }
    assert_eq!(desk.mails_to("orders@acme.example").len(), 1);
    assert!(
        desk.run(&["order", "show", "#1208"])
            .ok()
            .stdout
            .contains("1")
    );

    desk.run(&["verify"]).ok();
}

#[test]
fn what_was_taken_of_a_message_is_taken_never_again_and_the_rest_is_dismissed() {
    let desk = desk();
    desk.order(&three());
    process(&desk);
    // the same in another wrapping: what was taken is taken never again
    desk.order(&three());
    let report = process(&desk);
    assert_eq!(
        (&report["messages"]["held"], &report["orders"]["received"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(
        outcomes(&desk, "2"),
        pairs(&[("duplicate", "#1207"), ("held", ""), ("duplicate", "#1208")])
    );
    // one that holds nothing new is a duplicate as a whole
    let mut two = three();
    two["orders"].as_array_mut().expect("orders").remove(1);
    desk.order(&two);
    assert_eq!(process(&desk)["messages"]["duplicate"], json!(1));
    assert_eq!(desk.mails_to("orders@acme.example").len(), 1);
    desk.run(&["verify"]).ok();

    // what is held back is dismissed, and the others stand
    let open = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let about = |one: &&Value| one["code"] == "unknown_format" && one["entity"] == "message:1";
    let id = open["exceptions"]
        .as_array()
        .expect("a list")
        .iter()
        .find(about)
        .expect("one")["id"]
        .to_string();
    let said = desk
        .run(&[
            "exceptions",
            "resolve",
            &id,
            "--dismiss",
            "--note",
            "a slip",
        ])
        .ok()
        .stdout;
    assert!(said.contains("its other orders stand"), "{said}");
    let shown = desk.run(&["message", "show", "1", "--json"]).ok().json();
    assert_eq!(shown["state"], "accepted");
    desk.run(&["verify"]).ok();
}

#[test]
fn the_same_order_twice_in_a_message_is_one() {
    let desk = desk();
    desk.order(&json!({"orders": [shopify(), shopify()]}));
    let report = process(&desk);
    assert_eq!(
        (
            &report["messages"]["accepted"],
            &report["orders"]["received"]
        ),
        (&json!(1), &json!(1))
    );
    assert_eq!(
        outcomes(&desk, "1"),
        pairs(&[("accepted", "#1207"), ("duplicate", "#1207")])
    );
    assert_eq!(desk.mails_to("orders@acme.example").len(), 1);
}

/// A format of the site that reads numbers by another pattern than the shop writes in one row.
const FORMAT: &str = r#"about = "x"
[document]
kind = "table"
headings = ["Order", "Article"]
numbers = "1234.56"
[gate]
from = "State"
place = ["paid"]
ignore = ["cart"]
[order]
order_number = "Order"
date = "Date"
currency = { constant = "USD" }
customer.name = "Name"
customer.email = "Mail"
ship_to.street1 = { constant = "18 Quarry Road" }
ship_to.city = { constant = "Burlington" }
ship_to.state = { constant = "VT" }
ship_to.zip = { constant = "05401" }
ship_to.country = { constant = "US" }
total = { sum = true }
[line]
sku = "Article"
qty = "Pieces"
unit_price = "Price"
"#;

/// A table in a signed mail.
fn table(desk: &TestDesk, rows: &str) {
    let text = format!(
        "Content-Type: text/csv\r\n\r\nOrder,State,Article,Pieces,Price,Date,Name,Mail\n{rows}"
    );
    let sealed = make::seal(
        text.as_bytes(),
        desk.webshop_key(),
        &[desk.shop_key()],
        desk.moment(),
    );
    desk.sealed_mail(&sealed.expect("sealed"));
}

#[test]
fn a_message_is_read_again_and_what_stood_stays() {
    let desk = desk();
    desk.folder("formats");
    desk.file("formats/export.toml", FORMAT.as_bytes());
    let date = "2025-06-02T06:01:52-04:00";
    table(
        &desk,
        &format!(
            "E-1,paid,BF63-12163,1,108.23,{date},Ida Feld,ida@mail.example\n\
             E-2,paid,KT10-00010,1,$29.90 net,{date},Tom Rice,tom@mail.example\n\
             E-3,cart,KT10-00010,1,29.90,{date},Max Rice,max@mail.example\n"
        ),
    );
    process(&desk);
    assert_eq!(
        outcomes(&desk, "1"),
        pairs(&[("accepted", "E-1"), ("held", ""), ("ignored", "")])
    );
    // the words of the mapping are mended: the price is what stands in the catalogue
    desk.file(
        "formats/export.toml",
        FORMAT
            .replace("unit_price = \"Price\"", "unit_price = { from = \"Price\", lookup = \"prices\" }\n[lookup.prices]\n\"$29.90 net\" = \"29.90\"\n\"*\" = \"=\"")
            .as_bytes(),
    );
    desk.run(&["message", "reprocess", "1", "--note", "mended"])
        .ok();
    let report = process(&desk);
    assert_eq!(
        (
            &report["messages"]["accepted"],
            &report["orders"]["received"]
        ),
        (&json!(1), &json!(1))
    );
    assert_eq!(
        outcomes(&desk, "1"),
        pairs(&[("accepted", "E-1"), ("accepted", "E-2"), ("ignored", "")])
    );
    assert_eq!(desk.mails_to("orders@acme.example").len(), 2);
    assert!(!codes(&desk).contains(&"unknown_format".to_owned()));
    let shown = desk.run(&["order", "show", "E-2", "--json"]).ok().json();
    assert_eq!(shown["message"]["id"], json!(1), "{shown}");
    desk.run(&["verify"]).ok();
}

#[test]
fn a_message_of_which_the_shop_leaves_out_all_is_ignored() {
    let desk = desk();
    desk.folder("formats");
    desk.file("formats/export.toml", FORMAT.as_bytes());
    table(
        &desk,
        "E-3,cart,KT10-00010,1,29.90,2025-06-02T06:01:52-04:00,Max Rice,max@mail.example\n",
    );
    let report = process(&desk);
    assert_eq!(
        (
            &report["messages"]["ignored"],
            &report["exceptions"]["opened"]
        ),
        (&json!(1), &json!(0))
    );
    let list = desk.run(&["message", "list", "--json"]).ok().json();
    assert_eq!(list["messages"][0]["reason"], "State is \"cart\"");
    desk.run(&["verify"]).ok();
}
