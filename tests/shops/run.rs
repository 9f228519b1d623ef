//! A site whose orders come out of a shop, and whose shipments go back to it: with `poms.toml` alone.

use super::shopify::hourly;
use crate::support::desk::TestDesk;
use crate::support::shop::Act;
use crate::support::shop::beds::{ShopBed, shopify_order as order};
use crate::support::shop::shopify::FakeShopify;
use serde_json::{Value, json};

pub(super) type Site = ShopBed<FakeShopify>;

impl Site {
    fn orders(&self) -> Value {
        self.desk.run(&["--json", "order", "list"]).ok().json()["orders"].clone()
    }

    pub(super) fn fulfilments(&self) -> Vec<Value> {
        self.server.with(|shop| {
            assert_eq!(shop.wrong, Vec::<String>::new());
            shop.orders[0]["fulfillments"]
                .as_array()
                .cloned()
                .expect("a list")
        })
    }

    pub(super) fn outbox(&self) -> Vec<Value> {
        let list = self
            .desk
            .run(&["outbox", "list", "--all", "--json"])
            .ok()
            .json();
        let rows = list["deliveries"].as_array().expect("a list").iter();
        rows.filter(|row| row["channel"] == "shop")
            .cloned()
            .collect()
    }
}

#[test]
fn an_order_of_the_shop_is_placed_and_its_shipment_told_to_the_shop_once() {
    let site = ShopBed::shopify("tracking = \"fulfillments\"\nnotify_customer = \"shop\"");
    site.server
        .with(|shop| shop.orders = vec![order(1001, "2025-06-02T09:00:00Z")]);
    let check = site.desk.run(&["check"]);
    assert!(
        check.stdout.contains("West Goods"),
        "{}{}",
        check.stdout,
        check.stderr
    );
    site.desk.run(&["process"]).ok();
    let orders = site.orders();
    assert_eq!(
        (orders[0]["order"].clone(), orders[0]["state"].clone()),
        (json!("#1001"), json!("placed"))
    );
    // nothing new: nothing happens
    site.desk.now("2025-06-02T10:10:00Z").run(&["process"]).ok();
    assert_eq!(site.orders().as_array().unwrap().len(), 1);
    site.desk.now("2025-06-03T15:00:00Z");
    site.ship("#1001", "1Z5R89390357567127");
    let mails = site.desk.mails_to("ada@customer.example").len();
    site.desk.run(&["process"]).ok();
    let made = site.fulfilments();
    assert_eq!(made.len(), 1, "{:?}", site.outbox());
    assert_eq!(made[0]["input"]["notifyCustomer"], true);
    assert_eq!(
        made[0]["input"]["trackingInfo"]["numbers"],
        json!(["1Z5R89390357567127"])
    );
    assert_eq!(
        site.server.with(|shop| shop.orders[0]["closed"].clone()),
        true
    );
    assert_eq!(
        site.desk.mails_to("ada@customer.example").len(),
        mails,
        "the shop writes"
    );
    let rows = site.outbox();
    let told: Vec<_> = rows
        .iter()
        .map(|row| (&row["state"], &row["kind"]))
        .collect();
    let sent = &json!("sent");
    assert_eq!(
        told,
        [
            (sent, &json!("shop_closed")),
            (sent, &json!("shop_shipped"))
        ]
    );
    site.desk.now("2025-06-03T15:10:00Z").run(&["process"]).ok();
    assert_eq!((site.fulfilments().len(), site.outbox().len()), (1, 2));
    site.verify();
}

#[test]
fn what_the_shop_may_not_have_heard_is_asked_for_and_told_again_only_if_it_has_not() {
    let site = ShopBed::shopify("tracking = \"fulfillments\"");
    site.server
        .with(|shop| shop.orders = vec![order(1001, "2025-06-02T09:00:00Z")]);
    site.desk.run(&["process"]).ok();
    site.desk.now("2025-06-03T15:00:00Z");
    site.ship("#1001", "1Z5R89390357567127");
    // the list of orders, the look, the act: its answer never comes, nor does the one to the question after it
    for act in [Act::Well, Act::Well, Act::Drop, Act::Drop] {
        site.server.next(act);
    }
    site.desk.run(&["process"]);
    assert_eq!(site.outbox()[0]["state"], "unknown");
    // it may clear up by itself: nobody is asked yet
    let open = site.desk.run(&["exceptions", "list", "--json"]).ok().json();
    assert_eq!(open["exceptions"], json!([]));
    // it was not taken: the shop says so when it is asked, and is told again
    site.desk.now("2025-06-03T15:10:00Z").run(&["process"]).ok();
    assert_eq!(site.fulfilments().len(), 1);
    assert_eq!(site.outbox()[0]["state"], "sent");
    let open = site.desk.run(&["exceptions", "list", "--json"]).ok().json();
    assert_eq!(open["exceptions"], json!([]));
    // a number that was wrong
    site.desk.now("2025-06-03T16:00:00Z");
    site.desk
        .run(&[
            "shipment",
            "undo",
            "1",
            "--note",
            "it stands in the warehouse",
        ])
        .ok();
    site.desk.run(&["process"]).done();
    let open = site.desk.run(&["exceptions", "list", "--json"]).ok().json();
    let row = &open["exceptions"][0];
    assert_eq!(row["code"], "shop_differs", "{open}");
    assert!(
        row["message"]
            .as_str()
            .unwrap()
            .contains("take the fulfilment back there"),
        "{open}"
    );
    let id = row["id"].to_string();
    site.desk
        .run(&[
            "exceptions",
            "resolve",
            &id,
            "--dismiss",
            "--note",
            "taken back in the shop",
        ])
        .ok();
    site.desk.now("2025-06-03T16:10:00Z").run(&["process"]).ok();
    assert_eq!(site.fulfilments().len(), 1);
    site.verify();
}

#[test]
fn a_shop_that_fails_keeps_nothing_from_its_work() {
    let site = ShopBed::shopify("");
    let mut orders = hourly(25);
    for (place, one) in orders.iter_mut().enumerate() {
        *one = order(1000 + place as u64, "2025-06-02T09:00:00Z");
    }
    site.server.with(|shop| shop.orders = orders);
    // the second page is cut
    site.server.next(Act::Well).next(Act::Cut(300));
    site.desk.order(&TestDesk::plain_order("W200001"));
    let run = site.desk.run(&["process"]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(
        run.stderr
            .contains("source webshop: west-goods.myshopify.com"),
        "{}",
        run.stderr
    );
    let states = |site: &Site| site.orders().as_array().unwrap().len();
    assert_eq!(states(&site), 11, "a page, and the mail");
    site.desk.now("2025-06-02T10:10:00Z").run(&["process"]).ok();
    assert_eq!(states(&site), 26);
    // busy: it is left alone until then, and that is no trouble
    site.server
        .next(Act::Say(429, "Retry-After: 600\r\n", String::new()));
    site.desk.now("2025-06-02T10:20:00Z").run(&["process"]).ok();
    site.server.asked();
    site.desk.now("2025-06-02T10:25:00Z").run(&["process"]).ok();
    assert_eq!(site.server.asked(), Vec::<String>::new());
    site.desk.now("2025-06-02T10:31:00Z").run(&["process"]).ok();
    assert!(!site.server.asked().is_empty());
    site.verify();
}

#[test]
fn a_woocommerce_shop_by_one_table() {
    let ShopBed { desk, server } = ShopBed::woocommerce("tracking = \"note\"");
    desk.run(&["process"]).ok();
    let orders = desk.run(&["--json", "order", "list"]).ok().json();
    let first = &orders["orders"][0];
    assert_eq!(
        (first["order"].clone(), first["state"].clone()),
        (json!("727"), json!("placed"))
    );
    assert_eq!(server.with(|shop| shop.wrong.clone()), Vec::<String>::new());
}
