//! Shopify: a server that answers from Shopify's published schema.

use super::{Kept, at, endpoint, secret};
use crate::support::shop::schema::Schema;
use crate::support::shop::shopify::{CLIENT, FakeShopify, SECRET, line, order, order_of, start};
use crate::support::shop::{ShopServer, graphql};
use poms::shops::shopify::query::{CLOSE, FULFIL, FULFILMENTS, MORE_LINES, ORDERS, Operation, WHO};
use poms::shops::shopify::{API_VERSION, ShopifyOrders, ShopifySettings};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

pub(super) struct Shop {
    pub(super) server: ShopServer<FakeShopify>,
    folder: TempDir,
}

impl Shop {
    pub(super) fn new(orders: Vec<Value>) -> Shop {
        let server = start();
        server.with(|shop| shop.orders = orders);
        Shop {
            server,
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    /// As a new run has it.
    pub(super) fn source(&self) -> ShopifyOrders {
        ShopifyOrders::new(
            "webshop",
            settings(&self.server.url(), self.folder.path(), SECRET),
        )
    }

    pub(super) fn orders(&self) -> Vec<Value> {
        self.server.with(|shop| {
            assert_eq!(shop.wrong, Vec::<String>::new());
            shop.orders.clone()
        })
    }
}

pub(super) fn settings(url: &str, folder: &Path, password: &'static str) -> ShopifySettings {
    ShopifySettings {
        shop: "west-goods.myshopify.com".to_owned(),
        endpoint: endpoint(url),
        client_id: CLIENT.to_owned(),
        client_secret: secret(password),
        api_version: API_VERSION.to_owned(),
        since: at("2026-11-01T00:00:00Z"),
        token_file: folder.join("token"),
        timeout: Duration::from_secs(20),
        deadline: None,
        fulfils: false,
        closes: false,
    }
}

/// Orders that changed a minute after one another.
pub(super) fn hourly(count: u64) -> Vec<Value> {
    let one = |n: u64| {
        order(
            1000 + n,
            &format!("2026-11-{:02}T{:02}:30:00Z", 20 + n / 24, n % 24),
        )
    };
    (0..count).map(one).collect()
}

#[test]
fn every_query_fits_the_published_schema() {
    let schema = Schema::of(API_VERSION);
    let faults = |operation: &Operation, variables: Value| {
        schema.faults(&graphql::parse(&operation.document()), &variables)
    };
    let none = Vec::<String>::new();
    let page = json!({"first": 10, "after": null, "filter": "", "lines": 10});
    assert_eq!(faults(&ORDERS, page), none);
    assert_eq!(
        faults(
            &MORE_LINES,
            json!({"id": "gid://shopify/Order/1", "after": "x", "lines": 5})
        ),
        none
    );
    assert_eq!(faults(&WHO, json!({})), none);
    assert_eq!(
        faults(
            &FULFILMENTS,
            json!({"id": "gid://shopify/Order/1", "fulfilments": 30})
        ),
        none
    );
    assert_eq!(
        faults(&CLOSE, json!({"input": {"id": "gid://shopify/Order/1"}})),
        none
    );
    let pieces = json!([{"fulfillmentOrderId": "a", "fulfillmentOrderLineItems": [{"id": "b", "quantity": 1}]}]);
    let tracking = json!({"numbers": ["1Z"], "urls": ["https://x.example"], "company": "UPS"});
    let mut input = json!({"lineItemsByFulfillmentOrder": pieces, "notifyCustomer": true, "trackingInfo": tracking});
    assert_eq!(faults(&FULFIL, json!({"fulfillment": input.clone()})), none);
    input["trackingInfo"]["carrier"] = json!("UPS");
    input["lineItemsByFulfillmentOrder"] = Value::Null;
    let found = faults(&FULFIL, json!({"fulfillment": input})).join("; ");
    assert!(
        found.contains("has carrier, which is unknown") && found.contains("is missing"),
        "{found}"
    );
}

#[test]
fn a_query_that_does_not_fit_is_seen() {
    let schema = Schema::of(API_VERSION);
    for (text, words) in [
        ("query Q { shop { nam } }", "Shop has no field nam"),
        ("query Q { shop }", "no fields are named"),
        ("query Q { shop { name { x } } }", "has no fields"),
        ("query Q { order { id } }", "needs id"),
        (
            "query Q($i: String) { order(id: $i) { id } }",
            "$i is String, wanted ID!",
        ),
        (
            "query Q { orders(first: 1, sortKey: NEWEST) { nodes { id } } }",
            "NEWEST is no",
        ),
        (
            "query Q { orders(first: 1) { nodes { totalPrice } } }",
            "deprecated",
        ),
        (
            "query Q { orders(first: \"1\") { nodes { id } } }",
            "of another kind",
        ),
    ] {
        let found = schema.faults(&graphql::parse(text), &json!({"i": "x"}));
        assert!(
            found.iter().any(|fault| fault.contains(words)),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn the_first_sync_has_all_and_later_ones_what_changed() {
    let shop = Shop::new(hourly(23));
    // placed before poms' time
    shop.server.with(|shop| {
        let mut old = order(900, "2026-11-25T10:00:00Z");
        old["createdAt"] = json!("2026-10-31T23:59:59Z");
        shop.orders.push(old);
    });
    let mut kept = Kept::new();
    assert_eq!(kept.run(&mut shop.source()).unwrap(), 23);
    for place in 0..23 {
        let order = kept.read(place, "shopify-graphql");
        assert_eq!(order["lines"][0]["qty"], 2, "{order}");
        assert_eq!(order["shop_order"]["holds"], Value::Null, "{order}");
    }
    let name = &kept.documents[0].name;
    assert_eq!(name.identity, "order 1000 as of 2026-11-20T00:30:00.000Z");
    assert_eq!(name.file_name, "order-1000.json");
    assert_eq!(kept.run(&mut shop.source()).unwrap(), 0, "nothing twice");
    shop.server.with(|shop| {
        shop.change(1003, "2026-11-30T12:01:00Z", json!({"note": "ring twice"}));
        let gone = json!({"cancelledAt": "2026-11-30T12:02:00Z", "cancelReason": "CUSTOMER"});
        shop.change(1004, "2026-11-30T12:02:00Z", gone);
        shop.orders.push(order(2000, "2026-11-30T12:03:00Z"));
    });
    kept.now = at("2026-11-30T12:05:00Z");
    assert_eq!(kept.run(&mut shop.source()).unwrap(), 3);
    assert_eq!(kept.read(23, "shopify-graphql")["comments"], "ring twice");
    let holds = kept.read(24, "shopify-graphql")["shop_order"]["holds"].clone();
    assert_eq!(holds[0]["code"], "cancelled_in_shop");
    // the shop shows late what it dates earlier: within the overlap
    shop.server
        .with(|shop| shop.orders.push(order(1999, "2026-11-30T11:56:00Z")));
    assert_eq!(kept.run(&mut shop.source()).unwrap(), 1);
    let mut orders = shop.orders();
    orders.retain(|order| order["id"] != "gid://shopify/Order/900");
    kept.has_all(&orders, "updatedAt");
}

#[test]
fn pages_that_change_under_the_cursor_lose_nothing() {
    // by runs of one page each as well: the cursor of the shop's list goes on in the next run
    for each_run in [false, true] {
        let shop = Shop::new(hourly(40));
        shop.server.with(|shop| {
            for step in 0..4_u64 {
                shop.between.push_back(Box::new(move |shop| {
                    let changed = format!("2026-11-30T11:5{step}:00Z");
                    // one that came, one that comes, one that is new
                    shop.change(1000 + step, &changed, json!({"note": "again"}));
                    shop.change(1030 + step, &changed, json!({"note": "again"}));
                    shop.orders.push(order(3000 + step, &changed));
                }));
            }
        });
        let mut kept = Kept::new();
        let mut source = shop.source();
        while kept.page(&mut source).unwrap() {
            if each_run {
                source = shop.source();
            }
        }
        kept.has_all(&shop.orders(), "updatedAt");
    }
}

#[test]
fn many_orders_of_one_second_all_come() {
    let same = |n: u64| order(1000 + n, "2026-11-29T10:00:00Z");
    let shop = Shop::new((0..35).map(same).collect());
    for page in [1, 7, 100] {
        let mut kept = Kept::new();
        kept.page = page;
        assert_eq!(kept.run(&mut shop.source()).unwrap(), 35);
    }
}

#[test]
fn a_place_in_the_list_that_the_shop_forgot_begins_the_walk_anew() {
    let shop = Shop::new(hourly(15));
    let mut kept = Kept::new();
    assert!(kept.page(&mut shop.source()).unwrap());
    let words = kept.cursor.take().unwrap().as_str().to_owned();
    let mut walk: Value = serde_json::from_str(&words).unwrap();
    walk["page"] = json!("gone");
    kept.cursor = Some(poms::intake::source::Cursor::new(walk.to_string()));
    kept.run(&mut shop.source()).unwrap();
    assert_eq!(kept.documents.len(), 15);
    kept.has_all(&shop.orders(), "updatedAt");
}

#[test]
fn an_order_has_all_its_lines_or_says_that_it_has_not() {
    let lines = |count: u64| (0..count).map(|n| line(n, &format!("SKU-{n}"))).collect();
    let shop = Shop::new(vec![
        order_of(1, "2026-11-29T10:00:00Z", lines(130)),
        order_of(2, "2026-11-29T11:00:00Z", lines(12)),
    ]);
    let mut kept = Kept::new();
    assert_eq!(kept.run(&mut shop.source()).unwrap(), 2);
    let order = kept.read(0, "shopify-graphql");
    assert_eq!(order["lines"].as_array().unwrap().len(), 130);
    assert_eq!(order["lines"][129]["sku"], "SKU-129");
    assert_eq!(order["total"], "2600.00");
    // changed between its page and its further lines: not whole, and its newer state follows
    let shop = Shop::new(vec![order_of(1, "2026-11-29T10:00:00Z", lines(12))]);
    shop.server.with(|shop| {
        shop.between.push_back(Box::new(move |shop| {
            shop.change(
                1,
                "2026-11-29T10:00:01Z",
                json!({"lineItems": [line(1, "SKU-1")]}),
            );
        }));
    });
    let mut kept = Kept::new();
    kept.run(&mut shop.source()).unwrap();
    kept.now = at("2026-11-30T12:05:00Z");
    kept.run(&mut shop.source()).unwrap();
    let all = kept.all();
    assert_eq!(all[0]["lineItems"]["pageInfo"]["hasNextPage"], true);
    assert_eq!(all[1]["lineItems"]["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(kept.read(1, "shopify-graphql")["lines"][0]["sku"], "SKU-1");
}
