//! `poms report shop`.

use super::{order, site, woo_order};
use crate::support::desk::TestDesk;
use crate::support::shop::Act;
use crate::support::shop::beds::ShopBed;
use serde_json::{Value, json};

fn left_out<'a>(proof: &'a Value, why: &str) -> Vec<&'a str> {
    let all = proof["left_out"].as_array().expect("a list").iter();
    let mut of = all.filter(|one| one["why"].as_str().expect("a reason").contains(why));
    let orders = of
        .next()
        .map(|one| one["orders"].as_array().expect("a list"));
    assert!(of.next().is_none(), "{proof:#}");
    let orders = orders.into_iter().flatten();
    orders.map(|one| one.as_str().expect("a number")).collect()
}

#[test]
fn an_order_that_only_the_shop_has_is_named_and_its_remedy_brings_it() {
    let site = site("");
    let proof = site.compare(0);
    assert_eq!(
        (
            &proof["compared"]["orders"],
            &proof["compared"]["in_ledger"]
        ),
        (&json!(1), &json!(1))
    );
    assert_eq!(proof["complete"], true);
    // the shop shows one late, much later than it dates it
    site.server
        .with(|shop| shop.orders.push(order(1002, "2025-06-02T08:30:00Z")));
    let lost = site.difference();
    assert_eq!(
        (&lost["kind"], &lost["order"]),
        (&json!("order"), &json!("#1002"))
    );
    let shown = site.desk.run(&["report", "shop"]);
    assert_eq!(shown.code, 1);
    for words in [
        "#1002",
        "paid and to be sent",
        "poms source reread webshop --from 2025-06-02",
    ] {
        assert!(shown.stdout.contains(words), "{}", shown.stdout);
    }
    // the next run alone does not: the shop is read from behind it
    site.desk.run(&["process"]).ok();
    site.difference();
    site.paste(&lost["remedy"]);
    site.desk.run(&["process"]).ok();
    assert_eq!(site.compare(0)["compared"]["in_ledger"], 2);
    let orders = site.desk.run(&["order", "list", "--json"]).ok().json();
    assert_eq!(orders["orders"].as_array().expect("a list").len(), 2);
    site.verify();
}

#[test]
fn what_poms_has_not_read_yet_or_would_not_place_is_no_difference() {
    let site = site("");
    site.desk.now("2025-06-02T10:20:00Z");
    site.server.with(|shop| {
        // a minute old
        shop.orders.push(order(1002, "2025-06-02T10:19:00Z"));
        let mut put = |id, fields: Value| {
            let mut one = order(id, "2025-06-02T08:30:00Z");
            for (key, value) in fields.as_object().expect("fields") {
                one[key] = value.clone();
            }
            shop.orders.push(one);
        };
        put(1003, json!({"displayFinancialStatus": "PENDING"}));
        put(1004, json!({"test": true}));
        put(
            1005,
            json!({"cancelledAt": "2025-06-02T08:20:00Z", "cancelReason": "CUSTOMER"}),
        );
        put(1006, json!({"displayFulfillmentStatus": "FULFILLED"}));
        put(1007, json!({"displayFinancialStatus": "REFUNDED"}));
        put(1008, json!({"createdAt": "2025-05-20T08:00:00Z"}));
    });
    let proof = site.compare(0);
    assert_eq!(left_out(&proof, "after poms last read"), ["#1002"]);
    assert_eq!(left_out(&proof, "not paid"), ["#1003"]);
    assert_eq!(left_out(&proof, "tests"), ["#1004"]);
    assert_eq!(left_out(&proof, "cancelled in the shop"), ["#1005"]);
    assert_eq!(left_out(&proof, "fulfilled in the shop"), ["#1006"]);
    assert_eq!(left_out(&proof, "refunded in the shop"), ["#1007"]);
    // placed before `since`: not asked for, and said
    assert_eq!(proof["compared"]["orders"], 7);
    assert_eq!(proof["placed_since"], "2025-06-01T04:00:00.000Z");
    // a shop that is not read for days is a difference
    site.desk.now("2025-06-04T10:20:00Z");
    assert_eq!(site.difference()["order"], "#1002");
    // one that is held is there
    site.server
        .with(|shop| shop.orders.retain(|one| one["name"] == "#1001"));
    site.server.with(|shop| {
        let mut held = order(1009, "2025-06-04T10:10:00Z");
        held["shippingAddress"]["zip"] = json!("90210");
        shop.orders.push(held);
    });
    site.desk.run(&["process"]).ok();
    let proof = site.compare(0);
    assert_eq!(
        (&proof["compared"]["held"], &proof["compared"]["in_ledger"]),
        (&json!(1), &json!(2))
    );
}

#[test]
fn a_cancellation_must_reach_both_sides() {
    let site = site("");
    // in the shop, and poms does not run for days
    site.server.with(|shop| {
        let cancelled = json!({"cancelledAt": "2025-06-02T11:00:00Z", "cancelReason": "CUSTOMER"});
        shop.change(1001, "2025-06-02T11:00:00Z", cancelled);
    });
    site.desk.now("2025-06-02T11:01:00Z");
    site.compare(0);
    site.desk.now("2025-06-04T10:00:00Z");
    let lost = site.difference();
    assert_eq!(lost["kind"], "cancelled_in_shop", "{lost:#}");
    site.paste(&lost["remedy"]);
    site.desk.run(&["process"]).done();
    let proof = site.compare(0);
    assert_eq!(proof["compared"]["cancellations"], 1, "{proof:#}");
    // here, and nobody said so there
    site.server
        .with(|shop| shop.orders.push(order(1002, "2025-06-04T10:05:00Z")));
    site.desk
        .now("2025-06-04T10:10:00Z")
        .run(&["process"])
        .done();
    let act = [
        "order",
        "cancel",
        "#1002",
        "--note",
        "the customer telephoned",
    ];
    site.desk.run(&act).ok();
    let here = site.difference();
    assert_eq!(here["kind"], "cancelled_here", "{here:#}");
    let there = "https://admin.shopify.com/store/west-goods/orders/1002";
    assert!(
        here["advice"].as_str().expect("words").contains(there),
        "{here:#}"
    );
    site.server.with(|shop| {
        let cancelled = json!({"cancelledAt": "2025-06-04T10:20:00Z", "cancelReason": "CUSTOMER",
            "displayFinancialStatus": "REFUNDED"});
        shop.change(1002, "2025-06-04T10:20:00Z", cancelled);
    });
    site.desk
        .now("2025-06-04T10:30:00Z")
        .run(&["process"])
        .done();
    assert_eq!(site.compare(0)["compared"]["cancellations"], 2);
    site.verify();
}

#[test]
fn a_shipment_that_the_shop_lost_is_told_again_at_a_persons_word() {
    let site = site("tracking = \"fulfillments\"");
    site.desk.now("2025-06-03T15:00:00Z");
    site.ship("#1001", "1Z5R89390357567127");
    let proof = site.compare(0);
    assert_eq!(left_out(&proof, "still to be told").len(), 1, "{proof:#}");
    site.desk.run(&["process"]).ok();
    let proof = site.compare(0);
    assert_eq!(proof["compared"]["shipments"], 1, "{proof:#}");
    // somebody cancels the fulfilment in the shop
    site.server.with(|shop| {
        shop.orders[0]["fulfillments"][0]["status"] = json!("CANCELLED");
        shop.orders[0]["fulfillmentOrders"][0]["status"] = json!("OPEN");
        shop.orders[0]["fulfillmentOrders"][0]["lineItems"][0]["remainingQuantity"] = json!(2);
    });
    let lost = site.difference();
    assert_eq!(lost["kind"], "shipment", "{lost:#}");
    site.paste(&lost["remedy"]);
    site.desk.run(&["process"]).ok();
    assert_eq!(site.compare(0)["compared"]["shipments"], 1);
    let made = site
        .server
        .with(|shop| shop.orders[0]["fulfillments"].clone());
    assert_eq!(made.as_array().expect("a list").len(), 2);
    // an order that the shop did not change for a month is asked for by itself
    site.desk.now("2025-07-20T15:00:00Z");
    let since = ["report", "shop", "--since", "2025-06-03", "--json"];
    let proof = site.desk.run(&since).ok().json()["shops"][0].clone();
    assert_eq!(proof["compared"]["shipments"], 1, "{proof:#}");
    site.server.with(|shop| shop.orders.clear());
    let gone = site.desk.run(&since);
    assert_eq!(gone.code, 1);
    assert_eq!(gone.json()["shops"][0]["differences"][0]["kind"], "gone");
    site.verify();
}

#[test]
fn without_tracking_the_shop_is_not_expected_to_know() {
    let site = site("");
    site.desk.now("2025-06-03T15:00:00Z");
    site.ship("#1001", "1Z5R89390357567127");
    site.desk.run(&["process"]).ok();
    let proof = site.compare(0);
    assert_eq!(
        left_out(&proof, "tracking = \"none\"").len(),
        1,
        "{proof:#}"
    );
    assert_eq!(proof["compared"]["shipments"], 0);
}

#[test]
fn what_could_not_be_asked_is_said() {
    let site = site("");
    let mut more: Vec<Value> = (2000..2045)
        .map(|id| order(id, "2025-06-02T08:30:00Z"))
        .collect();
    site.server.with(|shop| shop.orders.append(&mut more));
    site.server.next(Act::Well).next(Act::Cut(200));
    let proof = site.compare(1);
    assert_eq!(
        (&proof["complete"], &proof["compared"]["orders"]),
        (&json!(false), &json!(20))
    );
    assert_eq!(proof["differences"].as_array().expect("a list").len(), 20);
    let shown = site.desk.run(&["report", "shop", "webshop"]);
    assert!(shown.stdout.contains("45 things"), "{}", shown.stdout);
    site.desk
        .run(&["report", "shop", "webshp"])
        .fails(2, &["did you mean webshop?"]);
    let late = ["source", "reread", "webshop", "--from", "2025-06-03"];
    site.desk
        .run(&late)
        .fails(1, &["was read up to 2025-06-02 09:00 UTC only"]);
}

/// The evening of a day at the site is the next one in Greenwich.
#[test]
fn a_day_to_read_again_is_one_of_the_site() {
    let site = site("");
    let late = order(1002, "2025-06-02T02:00:00Z");
    site.server.with(|shop| shop.orders.push(late));
    let remedy = &site.difference()["remedy"];
    assert_eq!(*remedy, "poms source reread webshop --from 2025-06-01");
    let said = site.paste(remedy).stdout;
    assert!(said.contains("from 2025-06-01 04:00 UTC on"), "{said}");
    site.desk.run(&["process"]).ok();
    site.compare(0);
}

#[test]
fn files_have_nobody_to_ask() {
    let desk = TestDesk::stocked();
    desk.folder("in");
    desk.config("[[source]]\nname = \"files\"\nkind = \"folder\"\npath = \"in\"\n");
    let shown = desk.run(&["report", "shop"]).ok();
    assert!(
        shown.stdout.contains("Source files: not compared"),
        "{}",
        shown.stdout
    );
    let said = desk.run(&["report", "shop", "--json"]).ok().json();
    assert_eq!(said["not_compared"][0]["source"], "files");
    let again = ["source", "reread", "files", "--from", "2025-06-01"];
    desk.run(&again).fails(1, &["put a file there again"]);
}

#[test]
fn a_shop_of_woocommerce_is_compared_by_its_notes() {
    let ShopBed { desk, server } = ShopBed::woocommerce("tracking = \"note\"");
    desk.run(&["process"]).ok();
    server.with(|shop| {
        shop.orders.push(woo_order(728, "2025-06-02T08:20:00"));
        let mut basket = woo_order(729, "2025-06-02T08:20:00");
        basket["status"] = json!("pending");
        basket["date_paid_gmt"] = Value::Null;
        basket["date_paid"] = Value::Null;
        shop.orders.push(basket);
    });
    let site = |code: i32| {
        let done = desk.run(&["report", "shop", "--json"]);
        assert_eq!(done.code, code, "{}{}", done.stdout, done.stderr);
        assert_eq!(server.with(|shop| shop.wrong.clone()), Vec::<String>::new());
        done.json()["shops"][0].clone()
    };
    let proof = site(1);
    assert_eq!(proof["differences"][0]["order"], "728", "{proof:#}");
    assert_eq!(left_out(&proof, "not paid"), ["729"]);
    desk.run(&["source", "reread", "webshop", "--from", "2025-06-02"])
        .ok();
    desk.run(&["process"]).ok();
    site(0);
    desk.now("2025-06-03T15:00:00Z");
    let story = desk.run(&["order", "show", "727", "--json"]).ok().json();
    let po = story["purchase_orders"][0]["number"]
        .as_str()
        .expect("a number")
        .to_owned();
    let csv = format!("po,sku,qty,carrier,tracking\n{po},KT10-00010,2,UPS,1Z5R89390357567127\n");
    desk.file("advice.csv", csv.as_bytes());
    desk.run(&["import-advices", "advice.csv"]).ok();
    desk.run(&["process"]).ok();
    let proof = site(0);
    assert_eq!(proof["compared"]["shipments"], 1, "{proof:#}");
    server.with(|shop| shop.lists.clear());
    let proof = site(1);
    let lost = &proof["differences"][0];
    assert_eq!(lost["kind"], "shipment");
    let advice = lost["advice"].as_str().expect("words");
    assert!(
        advice.contains("/wp-admin/post.php?post=727&action=edit"),
        "{advice}"
    );
}

/// What lies in the trash is in no list of orders, and is missed all the same.
#[test]
fn an_order_that_left_and_was_put_into_the_trash_is_named() {
    let site = ShopBed::woocommerce("tracking = \"note\"\nclose_orders = false");
    site.desk.run(&["process"]).ok();
    site.desk.now("2025-06-03T15:00:00Z");
    site.ship("727", "1Z5R89390357567127");
    site.desk.run(&["process"]).ok();
    let trash = json!({"status": "trash"});
    site.server
        .with(|shop| shop.change(727, "2025-06-03T16:00:00", trash));
    // nobody reads the shop for days
    site.desk.now("2025-06-06T15:00:00Z");
    let done = site.desk.run(&["report", "shop", "--json"]);
    assert_eq!(done.code, 1, "{}{}", done.stdout, done.stderr);
    let proof = done.json()["shops"][0].clone();
    let all = proof["differences"].as_array().expect("a list");
    assert_eq!(all.len(), 1, "{proof:#}");
    assert_eq!(all[0]["kind"], "cancelled_in_shop", "{proof:#}");
    // what it says brings it
    let remedy = all[0]["remedy"].as_str().expect("a command");
    assert!(remedy.ends_with(" process"), "{remedy}");
    site.desk.run(&["process"]).done();
    site.desk.run(&["report", "shop"]).ok();
    site.verify();
}
