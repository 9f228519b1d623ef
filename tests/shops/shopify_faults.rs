//! Shopify when it has enough of us, does not let us in, or gives no whole answer.

use super::shopify::{Shop, hourly, settings};
use super::{Kept, NOW, at, every, fails};
use crate::support::shop::Act;
use poms::intake::source::{Again, Source};
use poms::shops::shopify::ShopifyOrders;
use serde_json::json;

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
            failure.to_string().starts_with("west-goods.myshopify.com "),
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
    let mut kept = Kept::new();
    for cut in (0..).step_by(every()) {
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
