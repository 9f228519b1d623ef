//! Money that a shop gave back, or did not, of an order that it cancelled: what is owed is the difference; and what
//! it took back is not ordered.

use crate::support::shop::beds::{ShopBed, shopify_order as order};
use crate::support::shop::woocommerce;
use serde_json::{Value, json};

fn money(amount: &str) -> Value {
    json!({"shopMoney": {"amount": amount, "currencyCode": "USD"}})
}

/// What the customer of an order is owed that was held, and then cancelled in the shop with so much given back.
fn owed_at_shopify(received: &str, refunded: &str, status: &str) -> Value {
    let site = ShopBed::shopify("");
    let mut one = order(1001, "2025-06-02T09:00:00Z");
    one["shippingLines"] = json!([{"title": "Ground", "code": "G", "originalPriceSet": money("9.00"),
        "discountedPriceSet": money("9.00")}]);
    one["totalShippingPriceSet"] = money("9.00");
    one["totalPriceSet"] = money("68.80");
    one["totalReceivedSet"] = money(received);
    one["note"] = json!("please call before");
    if received == "0.00" {
        one["displayFinancialStatus"] = json!("PENDING");
    }
    site.server.with(|shop| shop.orders = vec![one.clone()]);
    site.desk.run(&["process"]).ok();
    assert_eq!(site.story("#1001")["state"], "held");
    let mut line = one["lineItems"][0].clone();
    line["currentQuantity"] = json!(0);
    line["unfulfilledQuantity"] = json!(0);
    site.server.with(|shop| {
        let fields = json!({"cancelledAt": "2025-06-02T11:00:00Z", "cancelReason": "CUSTOMER", "lineItems": [line],
            "displayFinancialStatus": status, "totalRefundedSet": money(refunded)});
        shop.change(1001, "2025-06-02T11:00:00Z", fields);
    });
    site.desk.now("2025-06-02T11:10:00Z").run(&["process"]).ok();
    let story = site.story("#1001");
    assert_eq!(story["state"], "cancelled", "{story:#}");
    site.verify();
    story["money"]["owed"].clone()
}

#[test]
fn what_is_owed_after_a_cancellation_is_what_was_paid_and_not_given_back() {
    assert_eq!(owed_at_shopify("68.80", "68.80", "REFUNDED"), "0.00");
    assert_eq!(owed_at_shopify("68.80", "0.00", "PAID"), "68.80");
    assert_eq!(
        owed_at_shopify("68.80", "9.00", "PARTIALLY_REFUNDED"),
        "59.80"
    );
    assert_eq!(owed_at_shopify("0.00", "0.00", "VOIDED"), "0.00");
}

/// One of two pieces was given back before poms saw the order: released, it orders the other one.
#[test]
fn pieces_that_woocommerce_took_back_are_not_ordered() {
    let ShopBed { desk, server } = ShopBed::woocommerce("");
    server.with(|shop| {
        shop.orders[0]["refunds"] = json!([{"id": 740, "reason": "broken", "total": "-29.90"}]);
        let line = json!({"id": 9, "name": "Kettle", "quantity": -1, "total": "-29.90",
            "meta_data": [{"id": 1, "key": "_refunded_item_id", "value": "72700"}]});
        let refund =
            json!({"id": 740, "amount": "29.90", "reason": "broken", "line_items": [line]});
        let path = "wc/v3/orders/727/refunds".to_owned();
        shop.lists.insert(path, vec![refund]);
    });
    desk.run(&["process"]).ok();
    let story = desk.run(&["order", "show", "727", "--json"]).ok().json();
    assert_eq!(story["state"], "held", "{story:#}");
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let own = &list["exceptions"][0];
    assert_eq!(own["code"], "refunded_in_shop", "{list:#}");
    let said = own["message"].as_str().unwrap();
    assert!(said.contains("29.90, for 1 of KT10-00010"), "{said}");
    let id = own["id"].to_string();
    desk.run(&[
        "exceptions",
        "resolve",
        &id,
        "--release",
        "--note",
        "the other one",
    ])
    .ok();
    let story = desk.run(&["order", "show", "727", "--json"]).ok().json();
    assert_eq!(story["state"], "placed", "{story:#}");
    assert_eq!(
        story["purchase_orders"][0]["lines"][0]["ordered"], 1,
        "{story:#}"
    );
    assert_eq!(server.with(|shop| shop.wrong.clone()), Vec::<String>::new());
}

/// Into the trash: in no list of orders but the trash's own.
#[test]
fn what_lies_in_woocommerces_trash_is_cancelled() {
    let ShopBed { desk, server } = ShopBed::woocommerce("");
    desk.run(&["process"]).ok();
    let state = || {
        let story = desk.run(&["order", "show", "727", "--json"]).ok().json();
        story["state"].clone()
    };
    assert_eq!(state(), "placed");
    server.with(|shop| shop.change(727, "2025-06-02T11:00:00", json!({"status": "trash"})));
    desk.now("2025-06-02T11:10:00Z").run(&["process"]).ok();
    let list = desk.run(&["exceptions", "list"]).ok().stdout;
    assert!(list.contains("changed_in_shop"), "{list}");
    assert_eq!(state(), "placed", "a person decides");
    // a basket that nobody paid is none of poms' business in the trash either
    server.with(|shop| {
        let mut basket = woocommerce::order(728, "2025-06-02T11:20:00");
        basket["date_created_gmt"] = json!("2025-06-02T11:00:00");
        basket["date_paid_gmt"] = Value::Null;
        basket["date_paid"] = Value::Null;
        basket["status"] = json!("trash");
        shop.orders.push(basket);
    });
    desk.now("2025-06-02T11:30:00Z").run(&["process"]).ok();
    let orders = desk.run(&["--json", "order", "list"]).ok().json();
    assert_eq!(orders["orders"].as_array().unwrap().len(), 1, "{orders:#}");
}

/// Waiting for its payment it is no basket, and what becomes of it matters to who has it.
#[test]
fn what_is_cancelled_before_it_was_paid_is_cancelled_here_as_well() {
    let ShopBed { desk, server } = ShopBed::woocommerce("");
    let unpaid =
        json!({"status": "on-hold", "date_paid": Value::Null, "date_paid_gmt": Value::Null});
    server.with(|shop| shop.change(727, "2025-06-02T09:00:00", unpaid));
    desk.run(&["process"]).ok();
    let story = || desk.run(&["order", "show", "727", "--json"]).ok().json();
    assert_eq!(story()["state"], "held");
    server.with(|shop| {
        shop.change(727, "2025-06-02T11:00:00", json!({"status": "cancelled"}));
        // one that nobody ever had as an order, beside it
        let mut basket = woocommerce::order(728, "2025-06-02T11:00:00");
        basket["date_created_gmt"] = json!("2025-06-02T10:30:00");
        basket["status"] = json!("cancelled");
        basket["date_paid_gmt"] = Value::Null;
        basket["date_paid"] = Value::Null;
        shop.orders.push(basket);
    });
    desk.now("2025-06-02T11:10:00Z").run(&["process"]).ok();
    let story = story();
    assert_eq!(
        (&story["state"], &story["money"]["owed"]),
        (&json!("cancelled"), &json!("0.00")),
        "{story:#}"
    );
    let orders = desk.run(&["--json", "order", "list"]).ok().json();
    assert_eq!(orders["orders"].as_array().unwrap().len(), 1, "{orders:#}");
    // nor does the comparison miss anything
    desk.now("2025-06-05T11:10:00Z");
    desk.run(&["report", "shop", "--since", "2025-06-01"]).ok();
    desk.run(&["verify"]).ok();
}
