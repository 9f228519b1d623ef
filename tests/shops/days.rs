//! From which day on a shop's orders are poms': a day of the shop, or a moment.

use crate::support::desk::TestDesk;
use crate::support::shop::beds::shopify_order as order;
use crate::support::shop::{shopify, woocommerce};
use serde_json::json;

/// Placed on May 31 at 23:00 in New York, which is June 1 in UTC.
const EVENING: &str = "2025-06-01T03:00:00Z";

/// What the shops' orders become, by `since`.
fn placed(since: &str, is_woocommerce: bool) -> usize {
    let desk = TestDesk::stocked();
    let woo = woocommerce::start();
    let shop = shopify::start();
    woo.with(|shop| {
        let mut order = woocommerce::order(727, "2025-06-02T09:00:00");
        order["date_created_gmt"] = json!(EVENING.trim_end_matches('Z'));
        shop.orders = vec![order];
    });
    shop.with(|shop| {
        let mut order = order(1001, "2025-06-02T09:00:00Z");
        order["createdAt"] = json!(EVENING);
        shop.orders = vec![order];
    });
    desk.file(
        "keys/shop.secret",
        match is_woocommerce {
            true => woocommerce::SECRET.as_bytes(),
            false => shopify::SECRET.as_bytes(),
        },
    );
    let own = match is_woocommerce {
        true => format!(
            "kind = \"woocommerce\"\nurl = \"{}\"\nconsumer_key = \"{}\"\nconsumer_secret_file",
            woo.url(),
            woocommerce::KEY
        ),
        false => format!(
            "kind = \"shopify\"\nshop = \"west-goods.myshopify.com\"\nbase_url = \"{}\"\nclient_id = \"{}\"\n\
             client_secret_file",
            shop.url(),
            shopify::CLIENT
        ),
    };
    desk.config(&format!(
        "[[source]]\nname = \"webshop\"\n{own} = \"keys/shop.secret\"\nsince = \"{since}\"\n"
    ));
    desk.run(&["process"]).ok();
    let orders = desk.run(&["--json", "order", "list"]).ok().json();
    orders["orders"].as_array().expect("a list").len()
}

/// What did the orders before did that evening's as well: it would be placed twice.
#[test]
fn a_day_begins_at_the_shops_midnight() {
    for is_woocommerce in [true, false] {
        assert_eq!(placed("2025-06-01", is_woocommerce), 0);
        assert_eq!(placed("2025-05-31", is_woocommerce), 1);
        assert_eq!(placed("2025-05-31T23:00:00-04:00", is_woocommerce), 1);
        assert_eq!(placed("2025-05-31T23:00:01-04:00", is_woocommerce), 0);
    }
}
