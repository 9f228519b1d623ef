//! Shopify: a server that answers from Shopify's published schema.

use super::{Kept, NOW, at, endpoint, fails, secret};
use crate::support::shop::schema::Schema;
use crate::support::shop::shopify::{CLIENT, FakeShopify, SECRET, line, order, order_of, start};
use crate::support::shop::{Act, ShopServer, graphql};
use poms::intake::source::{Again, Source};
use poms::shops::shopify::query::{CLOSE, FULFIL, FULFILMENTS, MORE_LINES, ORDERS, Operation, WHO};
use poms::shops::shopify::{API_VERSION, ShopifyOrders, ShopifySettings};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

struct Shop {
    server: ShopServer<FakeShopify>,
    folder: TempDir,
}

impl Shop {
    fn new(orders: Vec<Value>) -> Shop {
        let server = start();
        server.with(|shop| shop.orders = orders);
        Shop {
            server,
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    /// As a new run has it.
    fn source(&self) -> ShopifyOrders {
        ShopifyOrders::new(
            "webshop",
            settings(&self.server.url(), self.folder.path(), SECRET),
        )
    }

    fn orders(&self) -> Vec<Value> {
        self.server.with(|shop| {
            assert_eq!(shop.wrong, Vec::<String>::new());
            shop.orders.clone()
        })
    }
}

fn settings(url: &str, folder: &Path, password: &'static str) -> ShopifySettings {
    ShopifySettings {
        shop: "west-goods.myshopify.com".to_owned(),
        endpoint: endpoint(url),
        client_id: CLIENT.to_owned(),
        client_secret: secret(password),
        api_version: API_VERSION.to_owned(),
        since: at("2026-11-01T00:00:00Z"),
        token_file: folder.join("token"),
        timeout: Duration::from_secs(20),
        fulfils: false,
    }
}

/// Orders that changed a minute after one another.
fn hourly(count: u64) -> Vec<Value> {
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
    // what would be wrong is seen
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
    let same = |n| order(1000 + n, "2026-11-29T10:00:00Z");
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

#[test]
fn a_token_is_kept_and_renewed_once() {
    let shop = Shop::new(hourly(3));
    let mut kept = Kept::new();
    kept.run(&mut shop.source()).unwrap();
    kept.run(&mut shop.source()).unwrap();
    assert_eq!(
        shop.server.with(|shop| shop.granted),
        1,
        "kept between runs"
    );
    shop.server.with(|shop| shop.tokens.clear());
    kept.run(&mut shop.source()).unwrap();
    assert_eq!(shop.server.with(|shop| shop.granted), 2, "renewed");
    // refused whatever it is
    shop.server.with(|shop| shop.tokens.clear());
    shop.server.asked();
    let no = json!({"errors": "[API] Invalid API key or access token"}).to_string();
    for _ in 0..2 {
        shop.server.next(Act::Say(401, "", no.clone()));
    }
    let failure = fails(&mut kept, &mut shop.source());
    assert_eq!(failure.again, Again::WhenMended);
    assert_eq!(shop.server.asked().len(), 3, "one renewal, no more");
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = ShopifyOrders::new(
        "webshop",
        settings(&shop.server.url(), folder.path(), "another"),
    );
    let failure = fails(&mut kept, &mut wrong);
    assert_eq!(failure.again, Again::WhenMended);
    let said = failure.to_string();
    assert!(
        said.contains("invalid_client") && said.contains("client_secret"),
        "{said}"
    );
    assert!(!said.contains("another"), "{said}");
}

#[test]
fn points_are_waited_for_briefly_or_left_for_the_next_run() {
    let shop = Shop::new(hourly(30));
    // a moment is enough
    shop.server.with(|shop| {
        (shop.available, shop.back, shop.restore) = (10.0, 450.0, 5000.0);
        shop.most = 1000.0;
    });
    let mut kept = Kept::new();
    assert_eq!(kept.run(&mut shop.source()).unwrap(), 30);
    // a moment is not
    shop.server.with(|shop| {
        (shop.available, shop.back, shop.restore) = (10.0, 0.0, 2.0);
    });
    let mut kept = Kept::new();
    let mut source = shop.source();
    shop.server.asked();
    let failure = fails(&mut kept, &mut source);
    let Again::At(until) = failure.again else {
        panic!("{failure}");
    };
    let rest = (until - at(NOW)).num_seconds();
    assert!((300..=3600).contains(&rest), "{rest}: {failure}");
    assert!(failure.to_string().contains("THROTTLED"), "{failure}");
    fails(&mut kept, &mut source);
    assert!(shop.server.asked().len() <= 2, "asked again and again");
    shop.server.with(|shop| {
        (shop.available, shop.back, shop.restore) = (1000.0, 1000.0, 5000.0);
    });
    assert_eq!(kept.run(&mut shop.source()).unwrap(), 30);
}

#[test]
fn what_is_too_dear_is_asked_for_in_smaller_parts() {
    let shop = Shop::new(hourly(12));
    shop.server.with(|shop| shop.dearest = 200.0);
    let mut kept = Kept::new();
    assert_eq!(kept.run(&mut shop.source()).unwrap(), 12);
    shop.server.with(|shop| shop.dearest = 5.0);
    let failure = fails(&mut Kept::new(), &mut shop.source());
    assert!(failure.to_string().contains("too dear"), "{failure}");
}

#[test]
fn a_missing_permission_is_named() {
    let shop = Shop::new(hourly(1));
    shop.server.with(|shop| shop.scopes = vec!["read_products"]);
    for failure in [
        fails(&mut Kept::new(), &mut shop.source()),
        shop.source().check(at(NOW)).unwrap_err(),
    ] {
        assert_eq!(failure.again, Again::WhenMended);
        assert!(failure.to_string().contains("read_orders"), "{failure}");
        assert!(failure.to_string().contains("Dev Dashboard"), "{failure}");
    }
    shop.server.with(|shop| shop.scopes = vec!["read_orders"]);
    let fine = shop.source().check(at(NOW)).unwrap();
    assert!(fine.found.contains("West Goods"), "{fine:?}");
    assert!(fine.warnings.is_empty(), "{fine:?}");
    let late = shop.source().check(at("2027-02-01T00:00:00Z")).unwrap();
    assert!(late.warnings[0].contains("read_all_orders"), "{late:?}");
}

#[test]
fn whatever_is_no_whole_answer_is_none() {
    let shop = Shop::new(hourly(14));
    let (mut kept, mut source) = (Kept::new(), shop.source());
    kept.page(&mut source).unwrap();
    let text = |body: &str| body.to_owned();
    let part = r#"{"data":{"orders":{"edges":[],"pageInfo":{"hasNextPage":false}}},"errors":[{"message":"Internal error"}]}"#;
    let acts = [
        Act::Say(429, "Retry-After: 90\r\n", text("")),
        Act::Say(430, "", text("")),
        Act::Say(500, "", text("{}")),
        Act::Say(502, "", text("<html>Bad gateway</html>")),
        Act::Say(503, "", text("")),
        Act::Say(200, "", text("<html>Maintenance</html>")),
        Act::Say(200, "", text("")),
        Act::Say(200, "", text("null")),
        Act::Say(200, "", text("[]")),
        Act::Say(200, "", text(r#"{"data":null}"#)),
        Act::Say(200, "", text(r#"{"data":{}}"#)),
        Act::Say(200, "", text(r#"{"data":{"orders":{"edges":[]}}}"#)),
        Act::Say(
            200,
            "",
            text(r#"{"data":{"orders":{"edges":[],"pageInfo":{"hasNextPage":true}}}}"#),
        ),
        Act::Say(
            200,
            "",
            text(
                r#"{"data":{"orders":{"edges":[{"cursor":"a","node":{}}],"pageInfo":{"hasNextPage":false}}}}"#,
            ),
        ),
        Act::Say(200, "", text(part)),
        Act::DoAndSay(200, "", text(part)),
        Act::Say(302, "Location: http://127.0.0.1:1/\r\n", text("")),
        Act::Say(402, "", text("")),
        Act::Say(404, "", text("")),
        Act::Say(423, "", text("")),
        Act::Drop,
    ];
    for act in acts {
        shop.server.next(act.clone());
        let failure = fails(&mut kept, &mut shop.source());
        assert!(
            failure
                .to_string()
                .starts_with("source webshop: west-goods.myshopify.com "),
            "{act:?}: {failure}"
        );
        if matches!(act, Act::Say(429, ..)) {
            assert_eq!(failure.again, Again::At(at("2026-11-30T12:01:30Z")));
        }
    }
    kept.run(&mut source).unwrap();
    assert_eq!(kept.documents.len(), 14);
    kept.has_all(&shop.orders(), "updatedAt");
}

#[test]
fn an_answer_that_is_cut_at_any_byte_is_none() {
    let shop = Shop::new(hourly(2));
    let mut source = shop.source();
    let step = if std::env::var_os("POMS_SWEEP").is_some() {
        1
    } else {
        7
    };
    let mut kept = Kept::new();
    for cut in (0..).step_by(step) {
        shop.server.next(Act::Cut(cut));
        let cursor = kept.cursor.clone();
        match kept.page(&mut source) {
            Err(_) => assert_eq!((kept.documents.len(), &kept.cursor), (0, &cursor)),
            // longer than the answer: all of it
            Ok(_) => {
                assert!(cut > 2000, "an answer of {cut} bytes was taken for whole");
                break;
            }
        }
    }
    kept.run(&mut source).unwrap();
    kept.has_all(&shop.orders(), "updatedAt");
}
