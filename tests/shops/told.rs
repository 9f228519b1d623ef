//! Shops that are told of shipments: once, of explicit pieces, and asked where no answer came.

use super::{at, endpoint, secret};
use crate::support::shop::shopify::{self, FakeShopify, line, order_of};
use crate::support::shop::woocommerce::{self, FakeWooCommerce};
use crate::support::shop::{Act, ShopServer};
use poms::delivery::channel::{Channel, DeliveryOutcome, OutgoingMessage};
use poms::delivery::shop::{ShopChannel, Shops};
use poms::shops::shopify::{API_VERSION, ShopifySettings, ShopifyTold};
use poms::shops::told::{ToldClosing, ToldLine, ToldParcel, ToldShipment, ToldShop};
use poms::shops::woocommerce::{WooCommerceSettings, WooCommerceTold, WooCommerceWay};
use serde_json::{Value, json};
use std::time::Duration;

pub(super) fn shipment(order: &str, line: &str, qty: i64, number: &str) -> ToldShipment {
    ToldShipment {
        shop: "webshop".to_owned(),
        order_id: order.to_owned(),
        order_number: format!("#{order}"),
        reference: "poms-shipment-7".to_owned(),
        left: "2026-11-30".to_owned(),
        parcels: vec![ToldParcel {
            carrier: "ups".to_owned(),
            carrier_name: "UPS".to_owned(),
            number: number.to_owned(),
            url: format!("https://www.ups.com/track?tracknum={number}"),
        }],
        lines: vec![ToldLine {
            id: line.to_owned(),
            sku: "MUG-1".to_owned(),
            qty,
        }],
        notify: false,
        closes: true,
    }
}

fn message(shipment: &ToldShipment) -> OutgoingMessage {
    OutgoingMessage {
        id: 5,
        reference: shipment.reference.clone(),
        from: String::new(),
        to: vec![shipment.shop.clone()],
        subject: shipment.words(),
        content: serde_json::to_vec(shipment).expect("JSON"),
    }
}

pub(super) fn channel(shop: Box<dyn ToldShop>) -> ShopChannel {
    ShopChannel::new(Shops::from([("webshop".to_owned(), shop)]))
}

/// The closing of an order, in both steps.
pub(super) fn send_closing(channel: &mut ShopChannel, order: &str) -> DeliveryOutcome {
    let closing = ToldClosing {
        shop: "webshop".to_owned(),
        order_id: order.to_owned(),
        order_number: format!("#{order}"),
    };
    let message = OutgoingMessage {
        content: serde_json::to_vec(&closing).expect("JSON"),
        ..message(&shipment(order, "", 0, ""))
    };
    match channel.prepare(&message) {
        Ok(()) => channel.complete(&message),
        Err(outcome) => outcome,
    }
}

/// Both steps, as the engine takes them.
pub(super) fn send(channel: &mut ShopChannel, shipment: &ToldShipment) -> DeliveryOutcome {
    let message = message(shipment);
    match channel.prepare(&message) {
        Ok(()) => channel.complete(&message),
        Err(outcome) => outcome,
    }
}

pub(super) fn shopify_told(
    server: &ShopServer<FakeShopify>,
    folder: &std::path::Path,
) -> Box<dyn ToldShop> {
    let settings = ShopifySettings {
        shop: "west-goods.myshopify.com".to_owned(),
        endpoint: endpoint(&server.url()),
        client_id: shopify::CLIENT.to_owned(),
        client_secret: secret(shopify::SECRET),
        api_version: API_VERSION.to_owned(),
        since: at("2026-11-01T00:00:00Z"),
        token_file: folder.join("token"),
        timeout: Duration::from_secs(20),
        deadline: None,
        fulfils: true,
        closes: true,
    };
    Box::new(ShopifyTold::new(settings, at(super::NOW)))
}

pub(super) const LINE: &str = "gid://shopify/LineItem/11";

/// A shop with one order of two lines, two pieces each.
pub(super) fn shopify_shop() -> ShopServer<FakeShopify> {
    let server = shopify::start();
    server.with(|shop| {
        let lines = vec![line(11, "MUG-1"), line(12, "CUP-1")];
        shop.orders = vec![order_of(1, "2026-11-29T10:00:00Z", lines)];
        shop.scopes
            .push("write_merchant_managed_fulfillment_orders");
        shop.scopes.push("write_orders");
    });
    server
}

fn fulfilments(server: &ShopServer<FakeShopify>) -> Vec<Value> {
    server.with(|shop| {
        assert_eq!(shop.wrong, Vec::<String>::new());
        let first = shop.orders.first();
        first.map_or_else(Vec::new, |order| {
            order["fulfillments"].as_array().cloned().expect("a list")
        })
    })
}

#[test]
fn shopify_gets_a_fulfilment_of_explicit_pieces_once() {
    let (server, folder) = (shopify_shop(), tempfile::tempdir().unwrap());
    let mut channel = channel(shopify_told(&server, folder.path()));
    let mut part = shipment("1", LINE, 1, "1Z9");
    let sent = send(&mut channel, &part);
    assert_eq!(sent.word(), "accepted", "{sent:?}");
    let made = fulfilments(&server);
    let input = &made[0]["input"];
    let pieces = &input["lineItemsByFulfillmentOrder"][0]["fulfillmentOrderLineItems"];
    assert_eq!(
        *pieces,
        json!([{"id": format!("{LINE}-open"), "quantity": 1}])
    );
    let tracking = json!({"numbers": ["1Z9"], "company": "UPS", "urls": ["https://www.ups.com/track?tracknum=1Z9"]});
    assert_eq!(input["trackingInfo"], tracking);
    let left = send_closing(&mut channel, "1");
    assert!(left.detail().contains("left open there: 3"), "{left:?}");
    // the same again, by another run: the shop knows of it
    let again = send(
        &mut super::told::channel(shopify_told(&server, folder.path())),
        &part,
    );
    assert!(again.detail().contains("knows of it already"), "{again:?}");
    assert_eq!(fulfilments(&server).len(), 1);
    // the rest, and the shop mails
    part.parcels[0].number = "1Z10".to_owned();
    part.notify = true;
    part.lines.push(ToldLine {
        id: "gid://shopify/LineItem/12".to_owned(),
        sku: "CUP-1".to_owned(),
        qty: 2,
    });
    assert_eq!(send(&mut channel, &part).word(), "accepted");
    // nobody heard the answer: it is asked for, and it is done once
    server.next(Act::Well).next(Act::Cut(10));
    assert_eq!(send_closing(&mut channel, "1").word(), "deferred");
    let again = send_closing(&mut channel, "1");
    assert!(
        again.detail().contains("the order is closed there"),
        "{again:?}"
    );
    assert_eq!(
        server.with(|shop| (shop.mailed, shop.orders[0]["closed"].clone())),
        (1, json!(true))
    );
    // more than is open
    part.parcels[0].number = "1Z11".to_owned();
    let more = send(&mut channel, &part);
    assert_eq!(more.word(), "refused", "{more:?}");
    assert!(more.detail().contains("not open any more"), "{more:?}");
}

#[test]
fn without_an_answer_the_shop_is_asked_and_else_it_is_unknown() {
    let (server, folder) = (shopify_shop(), tempfile::tempdir().unwrap());
    let mut shop = channel(shopify_told(&server, folder.path()));
    let one = shipment("1", LINE, 1, "1Z9");
    // taken, and the connection broke: the question after it finds it
    server.next(Act::Well).next(Act::Cut(10));
    let sent = send(&mut shop, &one);
    assert_eq!(sent.word(), "accepted", "{sent:?}");
    assert!(sent.detail().contains("asked again"), "{sent:?}");
    assert_eq!(fulfilments(&server).len(), 1);
    // not taken, and nobody can tell
    let two = shipment("1", LINE, 1, "1Z10");
    for act in [
        Act::Drop,
        Act::Say(500, "", "{}".to_owned()),
        Act::Say(200, "", "<html>".to_owned()),
        Act::Say(
            200,
            "",
            r#"{"data":{"fulfillmentCreate":null},"errors":[{"message":"Internal"}]}"#.to_owned(),
        ),
        Act::Say(
            200,
            "",
            r#"{"data":{"fulfillmentCreate":{"fulfillment":null,"userErrors":[]}}}"#.to_owned(),
        ),
    ] {
        server.next(Act::Well).next(act.clone());
        let sent = send(&mut shop, &two);
        assert_eq!(sent.word(), "unknown", "{act:?}: {sent:?}");
    }
    // the shop refuses: nothing was done
    let no = r#"{"data":{"fulfillmentCreate":{"fulfillment":null,"userErrors":[{"field":null,"message":"Order is locked"}]}}}"#;
    server
        .next(Act::Well)
        .next(Act::Say(200, "", no.to_owned()));
    let sent = send(&mut shop, &two);
    assert_eq!(sent.word(), "refused", "{sent:?}");
    assert!(sent.detail().contains("Order is locked"), "{sent:?}");
    server
        .next(Act::Well)
        .next(Act::Say(429, "Retry-After: 30\r\n", String::new()));
    let sent = send(&mut shop, &two);
    let rest = Some(Duration::from_secs(30));
    assert!(
        matches!(&sent, DeliveryOutcome::Deferred { retry_after, .. } if *retry_after == rest),
        "{sent:?}"
    );
    assert_eq!(
        fulfilments(&server).len(),
        1,
        "never twice, never by chance"
    );
    assert_eq!(send(&mut shop, &two).word(), "accepted");
}

#[test]
fn what_a_person_must_do_at_shopify_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let case = |change: fn(&mut FakeShopify), words: &str, word: &str| {
        let server = shopify_shop();
        server.with(change);
        let mut shop = channel(shopify_told(&server, folder.path()));
        let sent = send(&mut shop, &shipment("1", LINE, 2, "1Z9"));
        assert_eq!(sent.word(), word, "{words}: {sent:?}");
        assert!(sent.detail().contains(words), "{words}: {sent:?}");
        assert_eq!(
            fulfilments(&server)
                .iter()
                .filter(|one| one["input"].is_object())
                .count(),
            0
        );
    };
    case(
        |shop| shop.orders[0]["fulfillmentOrders"][0]["status"] = json!("ON_HOLD"),
        "on hold",
        "deferred",
    );
    case(|shop| shop.orders.clear(), "has no order 1", "refused");
    case(
        |shop| {
            shop.orders[0]["fulfillmentOrders"][0]["lineItems"][0]["remainingQuantity"] = json!(1)
        },
        "not open any more",
        "refused",
    );
    case(
        |shop| {
            shop.scopes.retain(|scope| !scope.starts_with("write"));
        },
        "write_merchant_managed_fulfillment_orders",
        "barred",
    );
    case(
        |shop| {
            // two locations, a piece at each
            let mut other = shop.orders[0]["fulfillmentOrders"][0].clone();
            other["id"] = json!("gid://shopify/FulfillmentOrder/9");
            other["assignedLocation"]["name"] = json!("Boston");
            for (one, left) in [
                (&mut other, 1),
                (&mut shop.orders[0]["fulfillmentOrders"][0], 1),
            ] {
                one["lineItems"][0]["remainingQuantity"] = json!(left);
            }
            let list = shop.orders[0]["fulfillmentOrders"].as_array_mut().unwrap();
            list.push(other);
        },
        "several locations",
        "refused",
    );
}

pub(super) fn woocommerce_told(
    server: &ShopServer<FakeWooCommerce>,
    way: WooCommerceWay,
) -> Box<dyn ToldShop> {
    let settings = WooCommerceSettings {
        shop: "shop.example".to_owned(),
        endpoint: endpoint(&server.url()),
        consumer_key: woocommerce::KEY.to_owned(),
        consumer_secret: secret(woocommerce::SECRET),
        since: at("2026-11-01T00:00:00Z"),
        timeout: Duration::from_secs(20),
        deadline: None,
    };
    Box::new(WooCommerceTold::new(settings, way))
}

#[test]
fn woocommerce_is_told_in_the_way_that_the_shop_has() {
    for (way, path) in [
        (WooCommerceWay::Note, "wc/v3/orders/1000/notes"),
        (
            WooCommerceWay::ShipmentTracking,
            "wc-shipment-tracking/v3/orders/1000/shipment-trackings",
        ),
        (
            WooCommerceWay::Fulfillments,
            "wc/v3/orders/1000/fulfillments",
        ),
    ] {
        let server = woocommerce::start();
        server.with(|shop| shop.orders = vec![woocommerce::order(1000, "2026-11-29T10:00:00")]);
        let list = || {
            server.with(|shop| {
                assert_eq!(shop.wrong, Vec::<String>::new());
                shop.lists.get(path).cloned().unwrap_or_default()
            })
        };
        let mut shop = channel(woocommerce_told(&server, way));
        let mut told = shipment("1000", "100000", 2, "1Z9");
        told.notify = true;
        // the telling is the third question, after the order and its list
        server.next(Act::Well).next(Act::Well).next(Act::Drop);
        let sent = send(&mut shop, &told);
        assert_eq!(sent.word(), "unknown", "{way:?}: {sent:?}");
        assert!(list().is_empty());
        server.next(Act::Well).next(Act::Well).next(Act::Cut(5));
        let sent = send(&mut shop, &told);
        assert_eq!(sent.word(), "accepted", "{way:?}: {sent:?}");
        assert!(sent.detail().contains("asked again"), "{way:?}: {sent:?}");
        let sent = send(&mut shop, &told);
        assert!(sent.detail().contains("already"), "{way:?}: {sent:?}");
        assert_eq!(list().len(), 1, "{way:?}");
        assert!(list()[0].to_string().contains("1Z9"), "{way:?}");
        // the plugin itself writes to nobody
        let mails = list()[0].to_string().contains("true");
        assert_eq!(mails, way != WooCommerceWay::ShipmentTracking, "{way:?}");
    }
}

#[test]
fn woocommerce_completes_what_is_shipped_and_leaves_what_is_not_processing() {
    let server = woocommerce::start();
    server.with(|shop| shop.orders = vec![woocommerce::order(1000, "2026-11-29T10:00:00")]);
    let mut shop = channel(woocommerce_told(&server, WooCommerceWay::ShipmentTracking));
    let mut told = shipment("1000", "100000", 2, "1Z9");
    told.parcels.push(ToldParcel {
        carrier: String::new(),
        carrier_name: "Pony Express".to_owned(),
        number: "P1".to_owned(),
        url: String::new(),
    });
    // the first parcel is taken, the second is not: only that one is told again
    for act in [
        Act::Well,
        Act::Well,
        Act::Well,
        Act::Drop,
        Act::Well,
        Act::Well,
    ] {
        server.next(act);
    }
    assert_eq!(send(&mut shop, &told).word(), "unknown");
    let sent = send(&mut shop, &told);
    assert_eq!(sent.word(), "accepted", "{sent:?}");
    // what fails is tried again, and not told as done
    server
        .next(Act::Well)
        .next(Act::Say(500, "", "{}".to_owned()));
    assert_eq!(send_closing(&mut shop, "1000").word(), "deferred");
    let sent = send_closing(&mut shop, "1000");
    assert!(
        sent.detail().contains("the order is completed there"),
        "{sent:?}"
    );
    let path = "wc-shipment-tracking/v3/orders/1000/shipment-trackings";
    let (list, status) =
        server.with(|shop| (shop.lists[path].clone(), shop.orders[0]["status"].clone()));
    assert_eq!((list.len(), status), (2, json!("completed")));
    assert_eq!(list[1]["custom_tracking_provider"], "Pony Express");
    // cancelled in the shop although it has left
    server.with(|shop| shop.orders[0]["status"] = json!("cancelled"));
    let sent = send(&mut shop, &shipment("1000", "100000", 2, "1Z10"));
    assert_eq!(sent.word(), "refused", "{sent:?}");
    assert!(sent.detail().contains("cancelled"), "{sent:?}");
    let sent = send(&mut shop, &shipment("4", "1", 2, "1Z10"));
    assert!(sent.detail().contains("has no order 4"), "{sent:?}");
}
