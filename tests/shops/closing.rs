//! An order of which all has left is closed in its shop, however often that takes.

use super::run::Site;
use crate::support::shop::Act;
use crate::support::shop::beds::{ShopBed, shopify_order as order};
use serde_json::json;

fn site() -> Site {
    let site = ShopBed::shopify("tracking = \"fulfillments\"");
    site.server
        .with(|shop| shop.orders = vec![order(1001, "2025-06-02T09:00:00Z")]);
    site.desk.run(&["process"]).ok();
    site.desk.now("2025-06-03T15:00:00Z");
    site.ship("#1001", "1Z5R89390357567127");
    site
}

fn is_closed(site: &Site) -> bool {
    site.server.with(|shop| shop.orders[0]["closed"] == true)
}

/// Later runs until it is done, at most so many.
fn runs(site: &Site, hours: &[&str]) {
    for hour in hours {
        site.desk.now(&format!("2025-06-03T{hour}:00Z"));
        site.desk.run(&["process"]).ok();
    }
}

#[test]
fn closing_is_tried_again_until_it_is_done() {
    let site = site();
    // the list of orders, look, tell, look; and the closing fails
    for act in [Act::Well, Act::Well, Act::Well, Act::Well] {
        site.server.next(act);
    }
    site.server
        .next(Act::Say(500, "", "{\"errors\":\"down\"}".to_owned()));
    site.desk.run(&["process"]).ok();
    assert_eq!(site.fulfilments().len(), 1);
    assert!(!is_closed(&site));
    let closing = |site: &Site| {
        let all = site.outbox();
        let one = all.iter().find(|row| row["kind"] == "shop_closed");
        one.cloned().expect("a closing in the outbox")
    };
    assert_eq!(closing(&site)["state"], "queued", "{:#}", closing(&site));
    runs(&site, &["15:20", "16:00", "17:00"]);
    assert!(is_closed(&site), "{:#}", closing(&site));
    assert_eq!(closing(&site)["state"], "sent");
    assert_eq!(site.fulfilments().len(), 1);
    site.verify();
}

/// The answer to the tracking never came, and the shop knew of it when it was asked.
#[test]
fn what_the_shop_was_found_to_know_is_closed_as_well() {
    let site = site();
    for act in [Act::Well, Act::Well, Act::Cut(10), Act::Drop] {
        site.server.next(act);
    }
    site.desk.run(&["process"]);
    assert_eq!(site.fulfilments().len(), 1);
    assert_eq!(site.outbox()[0]["state"], "unknown");
    runs(&site, &["15:20", "15:40"]);
    assert_eq!(site.outbox()[0]["state"], "sent");
    assert!(is_closed(&site), "{:?}", site.outbox());
    assert_eq!(site.fulfilments().len(), 1);
    site.verify();
}

/// Who wants orders left open finds them open.
#[test]
fn close_orders_false_leaves_them() {
    let site = ShopBed::shopify("tracking = \"fulfillments\"\nclose_orders = false");
    site.server
        .with(|shop| shop.orders = vec![order(1001, "2025-06-02T09:00:00Z")]);
    site.desk.run(&["process"]).ok();
    site.desk.now("2025-06-03T15:00:00Z");
    site.ship("#1001", "1Z5R89390357567127");
    runs(&site, &["15:00", "15:20"]);
    let kinds: Vec<_> = site
        .outbox()
        .iter()
        .map(|row| row["kind"].clone())
        .collect();
    assert_eq!(
        (kinds, is_closed(&site)),
        (vec![json!("shop_shipped")], false)
    );
}

/// Nobody is asked about what clears up in a run or two, and somebody is about what does not.
#[test]
fn a_doubt_that_stays_is_asked_about_after_half_an_hour() {
    let site = site();
    for act in [Act::Well, Act::Well, Act::Drop, Act::Drop] {
        site.server.next(act);
    }
    site.desk.run(&["process"]);
    let asked = || {
        let list = site.desk.run(&["exceptions", "list"]).ok().stdout;
        list.contains("delivery_unknown")
    };
    assert_eq!(
        (site.outbox()[0]["state"].clone(), asked()),
        (json!("unknown"), false)
    );
    for (time, told) in [("15:10", false), ("15:20", false), ("15:40", true)] {
        site.desk.now(&format!("2025-06-03T{time}:00Z"));
        // it cannot be asked for it, nor for orders
        for _ in 0..4 {
            site.server.next(Act::Say(503, "", String::new()));
        }
        let said = site.desk.run(&["process"]);
        assert_eq!(said.code, 1, "{time}: {}", said.stderr);
        assert!(said.stderr.contains("source webshop"), "{}", said.stderr);
        assert_eq!(asked(), told, "{time}");
        site.server.calm();
    }
    site.desk.now("2025-06-03T15:50:00Z").run(&["process"]).ok();
    assert_eq!(site.fulfilments().len(), 1);
    assert!(!asked());
    site.verify();
}
