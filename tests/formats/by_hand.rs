//! Orders that a person brings in a file, and what comes out of a document.

use super::placed::{codes, desk, shopify};
use crate::support::desk::TestDesk;
use serde_json::json;

fn add<'a>(file: &'a str, note: &'a str) -> [&'a str; 5] {
    ["order", "add", file, "--note", note]
}

#[test]
fn an_order_by_telephone_is_placed_as_one_that_came_signed() {
    let desk = desk();
    desk.file(
        "telephone.json",
        TestDesk::plain_order("T100").to_string().as_bytes(),
    );
    let tried = desk
        .run(&["--dry-run", "order", "add", "telephone.json", "--note", "x"])
        .ok();
    assert!(
        tried.stdout.contains("Order T100 is placed."),
        "{}",
        tried.stdout
    );
    desk.run(&["order", "show", "T100"]).fails(1, &["T100"]);

    let said = desk
        .run(&add("telephone.json", "Mr Bustos, by telephone"))
        .ok()
        .stdout;
    for words in [
        "Order T100 is placed.",
        "purchase order T100-1 to Acme Home Goods is queued",
    ] {
        assert!(said.contains(words), "{said}");
    }
    let shown = desk.run(&["order", "show", "T100"]).ok().stdout;
    assert!(
        shown.contains("Added by hand: Mr Bustos, by telephone"),
        "{shown}"
    );
    desk.run(&["process"]).ok();
    assert_eq!(desk.mails_to("orders@acme.example").len(), 1);

    // once more, and signed as well: the same order
    let again = desk.run(&add("telephone.json", "again")).ok().stdout;
    assert!(
        again.contains("Order T100 is there already with this content: nothing was done with it."),
        "{again}"
    );
    desk.order(&TestDesk::plain_order("T100"));
    desk.run(&["process"]).ok();
    assert_eq!(desk.mails_to("orders@acme.example").len(), 1);
    desk.run(&["verify"]).ok();
}

#[test]
fn several_orders_of_a_shop_s_document_are_taken_in_one_by_one() {
    let desk = desk();
    let mut other = shopify();
    (other["id"], other["name"]) = (json!(7), json!("#1208"));
    other["financial_status"] = json!("pending");
    other["note"] = json!("card 4111 1111 1111 1111");
    other["email"] = json!("else@mail.example");
    other["customer"]["id"] = json!(62);
    desk.file(
        "orders.json",
        json!({"orders": [shopify(), other]}).to_string().as_bytes(),
    );
    let said = desk
        .run(&add("orders.json", "missed by the webhook"))
        .ok()
        .stdout;
    for words in [
        "Order #1207 is placed.",
        "Order #1208 is held:",
        "not_paid: the shop says: financial_status is",
    ] {
        assert!(said.contains(words), "{said}");
    }
    assert_eq!(
        codes(&desk),
        ["card_number", "customer_comment", "not_paid"]
    );
    assert!(
        !desk
            .run(&["order", "show", "#1208", "--json"])
            .ok()
            .stdout
            .contains("4111 1111")
    );
}

#[test]
fn of_a_document_with_a_fault_nothing_is_taken_in() {
    let desk = desk();
    let mut broken = shopify();
    broken["line_items"][1]["price"] = json!("dear");
    desk.file(
        "orders.json",
        json!({"orders": [shopify(), broken]})
            .to_string()
            .as_bytes(),
    );
    let fault = "orders[1].line_items[1].price is no amount such as \"12.34\"";
    desk.run(&add("orders.json", "x")).fails(1, &[fault]);
    let tried = desk.run(&["format", "test", "orders.json"]);
    assert_eq!(tried.code, 1);
    assert!(tried.stderr.contains(fault), "{}", tried.stderr);
    for words in [
        "shopify: order #1207",
        "is no order: not a valid shopify order",
    ] {
        assert!(tried.stdout.contains(words), "{}", tried.stdout);
    }
    desk.run(&["order", "show", "#1207"]).fails(1, &["1207"]);
    desk.run(&add("nowhere.json", "x"))
        .fails(1, &["nowhere.json cannot be read"]);
    desk.file("list.csv", b"a,b\n1,2\n");
    desk.run(&add("list.csv", "x"))
        .fails(1, &["of no order format that poms knows"]);
    desk.run(&add("orders.json", " ")).fails(1, &["note"]);
}

#[test]
fn what_a_document_comes_to_is_shown_field_by_field() {
    let desk = desk();
    let mut order = shopify();
    order["line_items"][0]["properties"] = json!([{"name": "Engraving", "value": "Ida\u{1b}[31m"}]);
    desk.file("order.json", order.to_string().as_bytes());
    let shown = desk.run(&["format", "test", "order.json"]).ok().stdout;
    for words in [
        "shopify: order #1207",
        "ship_to.company                    Feld & Daughters",
        "lines.1.unit_price                 108.23",
        "lines.1.shop_line.options.1.value  Ida\\u{1b}[31m",
        "1 order; nothing was taken in.",
    ] {
        assert!(shown.contains(words), "no '{words}' in {shown}");
    }
    let list = desk.run(&["format", "list"]).ok().stdout;
    for name in [
        "poms-json",
        "shopify",
        "shopify-graphql",
        "woocommerce",
        "bigcommerce",
        "magento",
        "amazon-df",
    ] {
        assert!(list.contains(name), "{list}");
    }
    let json = desk
        .run(&["format", "test", "order.json", "--json"])
        .ok()
        .json();
    assert_eq!(json["orders"][0]["order"]["total"], "255.36");
}

#[test]
fn an_order_that_was_cancelled_is_added_anew() {
    let desk = desk();
    let order = TestDesk::plain_order("T300").to_string();
    desk.file("again.json", order.as_bytes());
    desk.run(&add("again.json", "by telephone")).ok();
    desk.run(&["order", "cancel", "T300", "--note", "by mistake"])
        .ok();
    desk.run(&add("again.json", "wanted after all")).ok();
    // it has the number of the one that was cancelled, which a person looks at
    let list = desk.run(&["order", "list", "--json"]).ok().json();
    assert_eq!(
        list["orders"].as_array().expect("orders").len(),
        2,
        "{list}"
    );
    let third = desk.run(&add("again.json", "again")).ok().stdout;
    assert!(
        third.contains("is there already with this content"),
        "{third}"
    );
    desk.run(&["verify"]).ok();
}
