//! Orders as shops have them, from the sealed mail to the vendor's and the customer's mails.

use crate::support::desk::{CATALOGUE, TestDesk, VENDORS};
use serde_json::{Value, json};

pub fn desk() -> TestDesk {
    TestDesk::new().vendors(VENDORS).catalogue(CATALOGUE)
}

/// A Shopify order of two lamps and a kettle for $246.36 and shipping, paid.
pub fn shopify() -> Value {
    let line = |id: i64, sku: &str, title: &str, qty: i64, price: &str| {
        json!({
            "id": id, "sku": sku, "title": title, "variant_title": null, "quantity": qty, "current_quantity": qty,
            "fulfillable_quantity": qty, "price": price, "requires_shipping": true, "gift_card": false,
            "properties": [], "total_discount": "0.00", "discount_allocations": [],
        })
    };
    json!({
        "id": 9_007_199_254_740_993_i64, "name": "#1207", "order_number": 1207, "number": 207,
        "created_at": "2025-06-02T06:01:52-04:00", "currency": "USD", "test": false, "cancelled_at": null,
        "financial_status": "paid", "fulfillment_status": null, "email": "ida@mail.example",
        "taxes_included": false, "total_discounts": "0.00", "total_tax": "0.00", "total_price": "255.36",
        "payment_gateway_names": ["shopify_payments"], "note": null, "note_attributes": [],
        "customer": {"id": 61, "first_name": "Ida", "last_name": "Feld", "email": "ida@mail.example"},
        "shipping_address": {
            "name": "Ida Feld", "company": "Feld & Daughters", "address1": "18 Quarry Road", "address2": null,
            "city": "Burlington", "province_code": "VT", "zip": "05401", "country_code": "US", "phone": "802-555-0143",
        },
        "line_items": [
            line(1, "BF63-12163", "Brass Floor Lamp", 2, "108.23"),
            line(2, "KT10-00010", "Kettle 1.7 l", 1, "29.90"),
        ],
        "shipping_lines": [{"title": "Ground", "price": "9.00", "discounted_price": "9.00"}],
        "refunds": [], "fulfillments": [],
    })
}

/// The open exceptions' codes.
pub fn codes(desk: &TestDesk) -> Vec<String> {
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let open = list["exceptions"].as_array().expect("a list").iter();
    let mut codes: Vec<String> = open
        .map(|one| one["code"].as_str().expect("a code").to_owned())
        .collect();
    codes.sort();
    codes
}

#[test]
fn what_was_chosen_reaches_the_vendor_and_the_sum_the_customer() {
    let desk = desk();
    let mut order = shopify();
    order["line_items"][0]["properties"] =
        json!([{"name": "Engraving", "value": "For Nora, 1926"}, {"name": "_ref", "value": "x1"}]);
    let card = json!({
        "id": 3, "sku": "GIFT-25", "title": "Gift card", "quantity": 1, "current_quantity": 1, "fulfillable_quantity": 1,
        "price": "25.00", "requires_shipping": false, "gift_card": true, "properties": [],
    });
    order["line_items"]
        .as_array_mut()
        .expect("lines")
        .push(card);
    order["total_tip_received"] = json!("4.00");
    order["taxes_included"] = json!(true);
    order["total_tax"] = json!("12.00");
    order["total_price"] = json!("284.36");
    desk.order(&json!({"order": order}));
    desk.run(&["process"]).ok();
    assert!(codes(&desk).is_empty(), "{:?}", codes(&desk));

    let po = desk.mails_to("orders@acme.example").remove(0).text();
    for words in [
        "Brass Floor Lamp | Engraving: For Nora, 1926",
        "Ida Feld",
        "Feld & Daughters",
        "18 Quarry Road",
    ] {
        assert!(po.contains(words), "no '{words}' in {po}");
    }
    for words in ["Gift card", "x1", "108.23"] {
        assert!(!po.contains(words), "'{words}' in {po}");
    }
    let told = desk.mails_to("ida@mail.example").remove(0).text();
    for words in [
        "Engraving: For Nora, 1926",
        "Gift card (a gift card)",
        "tip",
        "$4.00",
        "Tax in the prices",
        "$12.00",
        "$284.36",
    ] {
        assert!(told.contains(words), "no '{words}' in {told}");
    }
    let shown = desk.run(&["order", "show", "#1207"]).ok().stdout;
    for words in [
        "1 of Gift card, $25.00: a gift card",
        "tip $4.00",
        "tax $12.00 in the prices",
        "goods $271.36",
    ] {
        assert!(shown.contains(words), "no '{words}' in {shown}");
    }
    let json = desk.run(&["order", "show", "1207", "--json"]).ok().json();
    assert_eq!(json["lines"][0]["options"][0]["value"], "For Nora, 1926");
}

#[test]
fn what_the_shop_itself_says_against_it_is_asked_and_nothing_leaves() {
    for (path, value, code) in [
        ("financial_status", json!("pending"), "not_paid"),
        ("financial_status", json!("refunded"), "refunded_in_shop"),
        (
            "fulfillment_status",
            json!("fulfilled"),
            "already_fulfilled",
        ),
        (
            "cancelled_at",
            json!("2025-06-02T07:00:00-04:00"),
            "cancelled_in_shop",
        ),
        ("test", json!(true), "test_order"),
    ] {
        let desk = desk();
        let mut order = shopify();
        order[path] = value;
        desk.order(&order);
        desk.run(&["process"]).ok();
        assert_eq!(codes(&desk), [code]);
        assert!(desk.mails_to("orders@acme.example").is_empty(), "{code}");
        let case = desk.run(&["exceptions", "show", "1"]).ok().stdout;
        assert!(
            case.contains(&format!("the shop says: {path} is")),
            "{case}"
        );
        desk.run(&[
            "exceptions",
            "resolve",
            "1",
            "--release",
            "--note",
            "asked the shop",
        ])
        .ok();
        desk.run(&["process"]).ok();
        assert_eq!(desk.mails_to("orders@acme.example").len(), 1, "{code}");
    }
}

#[test]
fn of_an_order_given_back_in_part_only_the_rest_is_ordered() {
    let desk = desk();
    let mut order = shopify();
    order["financial_status"] = json!("partially_refunded");
    for (line, left) in [(0, 1), (1, 0)] {
        order["line_items"][line]["current_quantity"] = json!(left);
        order["line_items"][line]["fulfillable_quantity"] = json!(left);
    }
    desk.order(&order);
    desk.run(&["process"]).ok();
    assert_eq!(codes(&desk), ["refunded_in_shop"]);
    desk.run(&[
        "exceptions",
        "resolve",
        "1",
        "--release",
        "--note",
        "one lamp is wanted",
    ])
    .ok();
    desk.run(&["process"]).ok();
    let json = desk.run(&["order", "show", "1207", "--json"]).ok().json();
    assert_eq!(
        (&json["lines"][0]["qty"], &json["lines"][0]["ordered"]),
        (&json!(1), &json!(2))
    );
    let po = desk.mails_to("orders@acme.example").remove(0).text();
    assert!(
        po.contains("1 line, 1 piece") && !po.contains("Kettle"),
        "{po}"
    );
    // the customer is not owed what the shop gave back: the one lamp, and the way
    desk.run(&["order", "cancel", "1207", "--note", "changed its mind"])
        .ok();
    let shown = desk.run(&["order", "show", "1207", "--json"]).ok().json();
    assert_eq!(
        shown["money"]["owed"],
        json!("117.23"),
        "{}",
        shown["money"]
    );
}

#[test]
fn a_document_that_looks_like_a_shop_s_is_told_as_such() {
    let desk = desk();
    let mut order = shopify();
    order
        .as_object_mut()
        .expect("an object")
        .remove("total_price");
    desk.order(&order);
    desk.run(&["process"]).ok();
    assert_eq!(codes(&desk), ["unknown_format"]);
    let case = desk.run(&["exceptions", "show", "1"]).ok().stdout;
    assert!(
        case.contains("not a valid shopify order: the required key total_price is missing"),
        "{case}"
    );
}

#[test]
fn nothing_to_ship_is_an_order_all_the_same() {
    let desk = desk();
    let mut order = shopify();
    for line in 0..2 {
        order["line_items"][line]["requires_shipping"] = json!(false);
    }
    desk.order(&order);
    desk.run(&["process"]).ok();
    assert_eq!(codes(&desk), ["nothing_to_ship"]);
    let shown = desk.run(&["order", "show", "1207"]).ok().stdout;
    assert!(
        shown.contains("2 of Brass Floor Lamp, $216.46: needs no shipping"),
        "{shown}"
    );
    desk.run(&[
        "exceptions",
        "resolve",
        "1",
        "--cancel",
        "--note",
        "the shop sends it",
    ])
    .ok();
}
