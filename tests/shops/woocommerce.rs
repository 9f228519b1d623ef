//! WooCommerce: a server built from the REST API's published documentation.

use super::{Kept, NOW, at, endpoint, every, fails, secret};
use crate::support::shop::woocommerce::{FakeWooCommerce, KEY, SECRET, order, start};
use crate::support::shop::{Act, ShopServer};
use poms::intake::source::{Again, DocumentContent, Source};
use poms::shops::woocommerce::{WooCommerceOrders, WooCommerceSettings};
use serde_json::{Value, json};
use std::time::Duration;

fn source_of(url: &str, password: &'static str) -> WooCommerceOrders {
    let settings = WooCommerceSettings {
        shop: "shop.example".to_owned(),
        endpoint: endpoint(url),
        consumer_key: KEY.to_owned(),
        consumer_secret: secret(password),
        since: at("2026-11-01T00:00:00Z"),
        timeout: Duration::from_secs(20),
        deadline: None,
    };
    WooCommerceOrders::new("webshop", settings)
}

pub(super) fn source(server: &ShopServer<FakeWooCommerce>) -> WooCommerceOrders {
    source_of(&server.url(), SECRET)
}

fn shop(orders: Vec<Value>) -> ShopServer<FakeWooCommerce> {
    let server = start();
    server.with(|shop| shop.orders = orders);
    server
}

fn orders(server: &ShopServer<FakeWooCommerce>) -> Vec<Value> {
    server.with(|shop| {
        assert_eq!(shop.wrong, Vec::<String>::new());
        shop.orders.clone()
    })
}

fn hourly(count: u64) -> Vec<Value> {
    let one = |n: u64| {
        order(
            1000 + n,
            &format!("2026-11-{:02}T{:02}:30:00", 20 + n / 24, n % 24),
        )
    };
    (0..count).map(one).collect()
}

const KEY_OF_CHANGE: &str = "date_modified_gmt";

#[test]
fn the_first_sync_has_all_and_later_ones_what_changed() {
    let server = shop(hourly(120));
    server.with(|shop| {
        let mut old = order(900, "2026-11-25T10:00:00");
        old["date_created_gmt"] = json!("2026-10-31T23:59:59");
        shop.orders.push(old);
    });
    let mut kept = Kept::new();
    assert_eq!(kept.run(&mut source(&server)).unwrap(), 120);
    for place in [0, 60, 119] {
        let order = kept.read(place, "woocommerce");
        assert_eq!(order["lines"][0]["qty"], 2, "{order}");
        assert_eq!(order["shop_order"]["holds"], Value::Null, "{order}");
    }
    assert_eq!(
        kept.documents[0].name.identity,
        "order 1000 as of 2026-11-20T00:30:00.000Z"
    );
    // as the shop wrote it
    let DocumentContent::Whole(bytes) = &kept.documents[0].content else {
        panic!("too large");
    };
    let text = String::from_utf8_lossy(bytes);
    assert!(text.contains("\"price\": 10.0,") && text.starts_with('{') && text.ends_with('}'));
    assert_eq!(kept.run(&mut source(&server)).unwrap(), 0, "nothing twice");
    server.with(|shop| {
        shop.change(
            1003,
            "2026-11-30T12:01:00",
            json!({"customer_note": "ring twice"}),
        );
        shop.change(1004, "2026-11-30T12:02:00", json!({"status": "cancelled"}));
        shop.orders.push(order(2000, "2026-11-30T12:03:00"));
        shop.orders.push(order(1999, "2026-11-30T11:51:00"));
    });
    kept.now = at("2026-11-30T12:05:00Z");
    assert_eq!(kept.run(&mut source(&server)).unwrap(), 4);
    // one second has two states of the same order, and poms came between them
    server.with(|shop| {
        shop.change(
            2000,
            "2026-11-30T12:03:00",
            json!({"customer_note": "gate B"}),
        )
    });
    assert_eq!(kept.run(&mut source(&server)).unwrap(), 1);
    let mut all = orders(&server);
    all.retain(|order| order["id"] != 900);
    kept.has_all(&all, KEY_OF_CHANGE);
}

#[test]
fn pages_that_change_under_the_cursor_lose_nothing() {
    for (page, each_run, inclusive) in [(3, false, false), (7, true, false), (100, true, true)] {
        let server = shop(hourly(120));
        server.with(|shop| {
            shop.is_inclusive = inclusive;
            for step in 0..3_u64 {
                shop.between.push_back(Box::new(move |shop| {
                    let changed = format!("2026-11-30T11:5{step}:00");
                    // what came moves to the end, and all behind it moves forward
                    for one in 0..5 {
                        shop.change(
                            1000 + step * 5 + one,
                            &changed,
                            json!({"customer_note": "again"}),
                        );
                    }
                    shop.change(1115 + step, &changed, json!({"customer_note": "again"}));
                    shop.orders.push(order(3000 + step, &changed));
                    // deleted for good
                    shop.orders.retain(|order| order["id"] != 1020 + step);
                }));
            }
        });
        let mut kept = Kept::new();
        kept.page = page;
        let mut polled = source(&server);
        while kept.page(&mut polled).unwrap() {
            if each_run {
                polled = source(&server);
            }
        }
        kept.has_all(&orders(&server), KEY_OF_CHANGE);
    }
}

#[test]
fn many_orders_of_one_second_all_come_and_far_too_many_are_told() {
    let same = |n: u64| order(1000 + n, "2026-11-29T10:00:00");
    let server = shop((0..230).map(same).collect());
    for page in [9, 100] {
        let mut kept = Kept::new();
        kept.page = page;
        assert_eq!(kept.run(&mut source(&server)).unwrap(), 230);
        kept.has_all(&orders(&server), KEY_OF_CHANGE);
    }
    server.with(|shop| shop.orders = (0..700).map(same).collect());
    let mut kept = Kept::new();
    let failure = kept.run(&mut source(&server)).unwrap_err();
    assert_eq!(failure.again, Again::WhenMended);
    assert!(
        failure.to_string().contains("in the same second"),
        "{failure}"
    );
}

#[test]
fn a_shop_that_answers_something_else_than_was_asked_is_not_believed() {
    // a plugin takes a parameter away: the cursor would pass what was never seen, or never end
    for deaf in ["modified_after", "orderby", "exclude"] {
        let mut all = hourly(60);
        all.reverse();
        let server = shop(all);
        server.with(|shop| shop.deaf_to = Some(deaf));
        let mut kept = Kept::new();
        let mut source = source(&server);
        let failure = loop {
            match kept.page(&mut source) {
                Ok(true) => {}
                Ok(false) => panic!("deaf to {deaf}, and nobody is told"),
                Err(failure) => break failure,
            }
        };
        assert!(
            failure.to_string().contains("cache or plugin"),
            "{deaf}: {failure}"
        );
        server.with(|shop| shop.deaf_to = None);
        kept.run(&mut source).unwrap();
        kept.has_all(&orders(&server), KEY_OF_CHANGE);
    }
}

#[test]
fn baskets_at_the_till_are_no_orders_and_what_is_paid_later_is() {
    let server = shop(Vec::new());
    let state = |id: u64, status: &str, method: &str, paid: bool| {
        let mut order = order(id, "2026-11-29T10:00:00");
        order["status"] = json!(status);
        order["payment_method"] = json!(method);
        if !paid {
            order["date_paid_gmt"] = Value::Null;
            order["date_paid"] = Value::Null;
        }
        order
    };
    server.with(|shop| {
        shop.orders = vec![
            state(1, "pending", "stripe", false),
            state(2, "failed", "stripe", false),
            state(3, "cancelled", "stripe", false),
            state(4, "checkout-draft", "", false),
            state(5, "on-hold", "bacs", false),
            state(6, "cancelled", "bacs", false),
            state(7, "processing", "cod", false),
            state(8, "cancelled", "stripe", true),
            state(9, "pending", "stripe", true),
        ];
    });
    let mut kept = Kept::new();
    kept.run(&mut source(&server)).unwrap();
    let mut ids: Vec<u64> = kept
        .all()
        .iter()
        .map(|one| one["id"].as_u64().unwrap())
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, [5, 6, 7, 8, 9]);
    // it is paid: its change is dated anew
    let paid = json!({"status": "processing", "date_paid_gmt": "2026-11-30T12:01:00"});
    server.with(|shop| shop.change(1, "2026-11-30T12:01:00", paid));
    assert_eq!(kept.run(&mut source(&server)).unwrap(), 1);
}

#[test]
fn who_is_kept_out_is_told_why() {
    let server = shop(hourly(1));
    let refused = source_of(&server.url(), "cs_wrong")
        .check(at(NOW))
        .unwrap_err();
    assert_eq!(refused.again, Again::WhenMended);
    let said = refused.to_string();
    assert!(
        said.contains("woocommerce_rest_cannot_view") && said.contains("Read/Write"),
        "{said}"
    );
    assert!(!said.contains("cs_wrong"), "{said}");
    let mut elsewhere = source_of(&format!("{}/blog", server.url()), SECRET);
    let said = elsewhere.check(at(NOW)).unwrap_err().to_string();
    assert!(said.contains("no JSON"), "{said}");
    for (status, body, words) in [
        (
            404,
            r#"{"code":"rest_no_route","message":"No route"}"#,
            "Permalinks",
        ),
        (404, "<html>", "Permalinks"),
        (403, "<html>Blocked</html>", "firewall"),
        (
            400,
            r#"{"code":"rest_invalid_param","message":"orderby"}"#,
            "5.8",
        ),
        (301, "", "redirects"),
    ] {
        server.next(Act::Say(status, "", body.to_owned()));
        let said = source(&server).check(at(NOW)).unwrap_err().to_string();
        assert!(said.contains(words), "{status}: {said}");
    }
    let fine = source(&server).check(at(NOW)).unwrap();
    assert!(fine.found.contains("1 placed since 2026-11-01"), "{fine:?}");
}

#[test]
fn whatever_is_no_whole_answer_is_none() {
    let server = shop(hourly(70));
    let (mut kept, mut polled) = (Kept::new(), source(&server));
    kept.page(&mut polled).unwrap();
    let one = serde_json::to_string(&order(5, "2026-11-30T10:00:00")).unwrap();
    let notice = format!("<br />\n<b>Warning</b>: Undefined variable\n[{one}]");
    for (status, headers, body) in [
        (429, "Retry-After: 90\r\n", ""),
        (500, "", r#"{"code":"internal_server_error"}"#),
        (502, "", "<html>"),
        (
            503,
            "Retry-After: 120\r\n",
            "<html>Briefly unavailable for scheduled maintenance</html>",
        ),
        (200, "", "<html>Log in</html>"),
        (200, "", ""),
        (200, "", "{}"),
        (200, "", "null"),
        (200, "", "[null]"),
        (200, "", r#"[{"id":1}]"#),
        (
            200,
            "",
            r#"[{"id":"1","date_modified_gmt":"2026-11-30T10:00:00"}]"#,
        ),
        (200, "", r#"[{"id":1,"date_modified_gmt":"yesterday"}]"#),
        (200, "X-WP-Total: 20\r\nX-WP-TotalPages: 1\r\n", "[]"),
        (200, "", notice.as_str()),
        (202, "", "[]"),
    ] {
        let act = Act::Say(status, headers, body.to_owned());
        server.next(act.clone());
        let failure = fails(&mut kept, &mut source(&server));
        assert!(
            failure.to_string().starts_with("shop.example "),
            "{act:?}: {failure}"
        );
        if status == 429 {
            assert_eq!(failure.again, Again::At(at("2026-11-30T12:01:30Z")));
        }
    }
    server.next(Act::Drop);
    fails(&mut kept, &mut source(&server));
    kept.run(&mut polled).unwrap();
    assert_eq!(kept.documents.len(), 70);
    kept.has_all(&orders(&server), KEY_OF_CHANGE);
}

#[test]
fn an_answer_that_is_cut_at_any_byte_is_none() {
    let server = shop(hourly(2));
    let mut source = source(&server);
    let mut kept = Kept::new();
    for cut in (0..).step_by(every()) {
        server.next(Act::Cut(cut));
        let (before, cursor) = (kept.documents.len(), kept.cursor.clone());
        match kept.page(&mut source) {
            Err(_) => assert_eq!((kept.documents.len(), &kept.cursor), (before, &cursor)),
            // longer than the answer: all of it
            Ok(_) => {
                assert!(cut > 2000, "an answer of {cut} bytes was taken for whole");
                break;
            }
        }
    }
    kept.run(&mut source).unwrap();
    kept.has_all(&orders(&server), KEY_OF_CHANGE);
}
