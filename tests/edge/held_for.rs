//! Orders that add up and would lose money, or goods, all the same.

use crate::support::desk::TestDesk;
use serde_json::{Value, json};

/// What the list says of one order that came so.
fn held(spoil: &dyn Fn(&mut Value)) -> Vec<(String, String)> {
    let desk = TestDesk::stocked();
    let mut order = TestDesk::plain_order("K500");
    spoil(&mut order);
    desk.order(&order).run(&["process"]).ok();
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = list["exceptions"].as_array().expect("a list").iter();
    rows.map(|row| (text(&row["code"]), text(&row["message"])))
        .collect()
}

/// Three lamps of 108.23, for which ACME charges 61.50 each.
#[test]
fn goods_given_away_by_a_discount_at_the_order_are_held() {
    for (discount, shipping, total, code) in [
        ("324.69", "0.00", "0.00", "below_cost"),
        ("200.00", "6.95", "131.64", "below_cost"),
        ("140.00", "0.00", "184.69", ""), // 19 cents are left
        ("6.95", "6.95", "324.69", ""),   // free shipping
    ] {
        let found = held(&|order| {
            order["discount"] = json!(discount);
            order["shipping"] = json!(shipping);
            order["total"] = json!(total);
        });
        let codes: Vec<&str> = found.iter().map(|(code, _)| code.as_str()).collect();
        let expected: Vec<&str> = Some(code).into_iter().filter(|c| !c.is_empty()).collect();
        assert_eq!(codes, expected, "{discount}: {found:?}");
        for (_, message) in &found {
            for word in [discount, "184.50", "line 1", "BF63-12163"] {
                assert!(message.contains(word), "{word}: {message}");
            }
        }
    }
}

#[test]
fn addresses_that_no_parcel_service_finds_are_held() {
    for (city, state, zip, country, method, code) in [
        ("APO", "AE", "09021", "US", "UPS Ground", "po_box"),
        ("APO", "AE", "09021", "US", "USPS Priority Mail", ""),
        ("San Juan", "PR", "00820", "US", "UPS Ground", "bad_zip"),
        ("Pago Pago", "HI", "96799", "US", "UPS Ground", "bad_zip"),
        ("Miami", "FL", "34011", "US", "USPS", "bad_zip"),
        ("Alta", "WY", "83414", "US", "UPS Ground", ""),
    ] {
        let found = held(&|order| {
            let to = &mut order["ship_to"];
            (to["city"], to["state"]) = (json!(city), json!(state));
            (to["zip"], to["country"]) = (json!(zip), json!(country));
            order["shipping_method"] = json!(method);
        });
        let codes: Vec<&str> = found.iter().map(|(code, _)| code.as_str()).collect();
        let expected: Vec<&str> = Some(code).into_iter().filter(|c| !c.is_empty()).collect();
        assert_eq!(codes, expected, "{zip} {state}: {found:?}");
    }
}
