//! Answers of shops that end too soon or are none, where they do most harm: a token, a page in the middle of a
//! walk, and each answer while a shop is told of a shipment. In `tests/run` at every few bytes.

use super::shopify::{Shop as ShopifySite, hourly};
use super::told::{
    LINE, channel, send, send_closing, shipment, shopify_shop, shopify_told, woocommerce_told,
};
use super::{Kept, every, fails};
use crate::support::shop::shopify::FakeShopify;
use crate::support::shop::woocommerce::{self, FakeWooCommerce};
use crate::support::shop::{Act, Shop, ShopServer};
use poms::delivery::shop::ShopChannel;
use poms::intake::source::Again;
use poms::shops::told::{ToldLine, ToldShipment};
use poms::shops::woocommerce::WooCommerceWay;
use rayon::prelude::*;
use serde_json::{Value, json};

#[test]
fn a_token_that_is_cut_is_none_and_nobody_is_asked_with_it() {
    let shop = ShopifySite::new(hourly(2));
    let mut kept = Kept::new();
    shop.server.with(|shop| shop.counts_tokens = true);
    for cut in (0..).step_by(every()) {
        // none that is kept counts
        shop.server.with(|shop| shop.tokens.clear());
        shop.server.next(Act::Cut(cut));
        match kept.page(&mut shop.source()) {
            Err(_) => assert!(kept.documents.is_empty()),
            Ok(_) => {
                let length = shop.server.lengths()[0];
                assert!(cut >= length, "{cut} of {length} bytes were believed");
                break;
            }
        }
        let asked = shop.server.asked();
        let questions = asked.iter().filter(|path| path.ends_with("graphql.json"));
        assert_eq!(questions.count(), 0, "at {cut}: {asked:?}");
        shop.server.lengths();
    }
    kept.run(&mut shop.source()).unwrap();
    kept.has_all(&shop.orders(), "updatedAt");
}

/// The second of three pages, and an order that moves to the end meanwhile.
#[test]
fn a_page_that_is_cut_in_the_middle_of_a_walk_comes_again_whole() {
    let shop = ShopifySite::new(hourly(24));
    let mut kept = Kept::new();
    let mut source = shop.source();
    kept.page = 8;
    assert!(kept.page(&mut source).unwrap());
    shop.server.lengths();
    for cut in (0..).step_by(every() * 7) {
        shop.server.next(Act::Cut(cut));
        let (before, cursor) = (kept.documents.len(), kept.cursor.clone());
        match kept.page(&mut source) {
            Err(_) => assert_eq!((kept.documents.len(), &kept.cursor), (before, &cursor)),
            Ok(_) => {
                let length = shop.server.lengths().pop().unwrap();
                assert!(cut >= length, "{cut} of {length} bytes were believed");
                break;
            }
        }
        if cut == 0 {
            let again = json!({"note": "ring twice"});
            shop.server
                .with(|shop| shop.change(1002, "2026-11-30T11:59:00Z", again));
        }
    }
    kept.run(&mut source).unwrap();
    kept.has_all(&shop.orders(), "updatedAt");
}

#[test]
fn a_token_that_ends_in_the_middle_of_pages_is_renewed_and_a_key_that_is_taken_back_is_told() {
    let shop = ShopifySite::new(hourly(30));
    for _ in 0..2 {
        shop.server.with(|shop| {
            let ends: crate::support::shop::shopify::Between = Box::new(|shop| shop.tokens.clear());
            shop.between.push_back(ends);
        });
    }
    let mut kept = Kept::new();
    assert_eq!(kept.run(&mut shop.source()).unwrap(), 30);
    assert_eq!(shop.server.with(|shop| shop.granted), 3);
    // the app is taken off the shop between two pages: no token any more
    let shop = ShopifySite::new(hourly(30));
    let mut source = shop.source();
    kept = Kept::new();
    kept.page(&mut source).unwrap();
    shop.server.with(|shop| {
        shop.tokens.clear();
        shop.counts_tokens = true;
    });
    let no = json!({"errors": "[API] Invalid API key or access token"}).to_string();
    let gone = json!({"error": "application_cannot_be_found"}).to_string();
    shop.server
        .next(Act::Say(401, "", no))
        .next(Act::Say(400, "", gone));
    let failure = fails(&mut kept, &mut source);
    assert_eq!(failure.again, Again::WhenMended, "{failure}");
    kept.run(&mut shop.source()).unwrap();
    assert_eq!(kept.documents.len(), 30);
    kept.has_all(&shop.orders(), "updatedAt");
}

/// A shop that is told of one shipment, by which all of an order has left.
struct Told<S: Shop> {
    server: ShopServer<S>,
    channel: ShopChannel,
    _folder: tempfile::TempDir,
    shipment: ToldShipment,
    /// What the shop keeps of shipments, and whether the order is closed there.
    state: fn(&mut S) -> (usize, bool),
}

fn of_shopify() -> Told<FakeShopify> {
    let (server, folder) = (shopify_shop(), tempfile::tempdir().unwrap());
    let channel = channel(shopify_told(&server, folder.path()));
    let mut shipment = shipment("1", LINE, 2, "1Z9");
    shipment.lines.push(ToldLine {
        id: "gid://shopify/LineItem/12".to_owned(),
        sku: "CUP-1".to_owned(),
        qty: 2,
    });
    Told {
        server,
        channel,
        _folder: folder,
        shipment,
        state: |shop| {
            assert_eq!(shop.wrong, Vec::<String>::new());
            let order = &shop.orders[0];
            let made = order["fulfillments"].as_array().map_or(0, Vec::len);
            (made, order["closed"] == true)
        },
    }
}

fn of_woocommerce(way: WooCommerceWay) -> Told<FakeWooCommerce> {
    let server = woocommerce::start();
    server.with(|shop| shop.orders = vec![woocommerce::order(1000, "2026-11-29T10:00:00")]);
    let channel = channel(woocommerce_told(&server, way));
    Told {
        server,
        channel,
        _folder: tempfile::tempdir().unwrap(),
        shipment: shipment("1000", "100000", 2, "1Z9"),
        state: |shop| {
            assert_eq!(shop.wrong, Vec::<String>::new());
            let entries = shop.lists.values().map(Vec::len).sum();
            let is_closed = shop.orders[0]["status"] == "completed";
            (entries, is_closed)
        },
    }
}

impl<S: Shop> Told<S> {
    /// The shipment, and that its order is closed, as two deliveries.
    fn send(&mut self) -> String {
        let told = send(&mut self.channel, &self.shipment);
        match told.word() {
            "accepted" => send_closing(&mut self.channel, &self.shipment.order_id).word(),
            word => word,
        }
        .to_owned()
    }

    /// Told again as later runs do, the shop has it once in the end, and the order is closed.
    fn ends_well(mut self, first: &str, at: &str) {
        let mut word = first.to_owned();
        for _ in 0..2 {
            if word == "accepted" {
                break;
            }
            assert_ne!(word, "refused", "{at}");
            let (entries, _) = self.server.with(self.state);
            assert!(entries < 2, "{at}: told twice");
            word = self.send();
        }
        assert_eq!(word, "accepted", "{at}");
        // the same delivery once more, as where its end could not be recorded
        assert_eq!(self.send(), "accepted", "{at}");
        assert_eq!(self.server.with(self.state), (1, true), "{at}");
    }
}

/// Every answer of a telling, cut at every byte (in `tests/run` at fewer: its last one, and every 41st); and each
/// as a shop that cannot answers.
fn every_answer<S: Shop>(name: &str, make: &(dyn Fn() -> Told<S> + Sync)) {
    let mut whole = make();
    assert_eq!(whole.send(), "accepted", "{name}");
    let lengths = whole.server.lengths();
    assert!(lengths.len() >= 3, "{name}: {lengths:?}");
    let trial = |answer: usize, act: &Act| {
        let mut told = make();
        for _ in 0..answer {
            told.server.next(Act::Well);
        }
        told.server.next(act.clone());
        let at = format!("{name}, answer {answer}: {act:?}");
        let first = told.send();
        told.ends_well(&first, &at);
    };
    let step = if every() == 1 { 1 } else { 41 };
    let mut points: Vec<(usize, Act)> = Vec::new();
    for (answer, length) in lengths.iter().enumerate() {
        let cuts = (0..length - 1).step_by(step).chain([length - 1]);
        points.extend(cuts.map(|cut| (answer, Act::Cut(cut))));
        let page = "<html><title>Log in</title></html>";
        for (status, headers, body) in [
            (429, "Retry-After: 30\r\n", ""),
            (500, "", "{}"),
            (503, "Retry-After: 30\r\n", page),
            (200, "", page),
            (200, "", "{\"data\":"),
        ] {
            points.push((answer, Act::Say(status, headers, body.to_owned())));
        }
        points.push((answer, Act::Drop));
    }
    points
        .par_iter()
        .for_each(|(answer, act)| trial(*answer, act));
    println!("{name}: {} answers, told once", points.len());
}

#[test]
fn shopify_is_told_once_whichever_answer_is_cut() {
    every_answer("Shopify", &of_shopify);
}

#[test]
fn woocommerce_is_told_once_whichever_answer_is_cut() {
    for way in [
        WooCommerceWay::Note,
        WooCommerceWay::ShipmentTracking,
        WooCommerceWay::Fulfillments,
    ] {
        every_answer(&format!("{way:?}"), &|| of_woocommerce(way));
    }
}

/// A key that is taken back in the middle of a walk stops it there; with the key it goes on.
#[test]
fn a_walk_goes_on_where_woocommerce_shut_the_door() {
    let site = of_woocommerce(WooCommerceWay::Note);
    let hour = |n: u64| woocommerce::order(2000 + n, &format!("2026-11-29T{n:02}:00:00"));
    let orders: Vec<Value> = (0..20).map(hour).collect();
    site.server.with(|shop| shop.orders = orders.clone());
    let mut kept = Kept::new();
    kept.page = 6;
    let mut source = super::woocommerce::source(&site.server);
    kept.page(&mut source).unwrap();
    let no = r#"{"code":"woocommerce_rest_cannot_view","message":"no","data":{"status":401}}"#;
    site.server.next(Act::Say(401, "", no.to_owned()));
    let failure = fails(&mut kept, &mut source);
    assert_eq!(failure.again, Again::WhenMended, "{failure}");
    kept.run(&mut super::woocommerce::source(&site.server))
        .unwrap();
    assert_eq!(kept.documents.len(), 20);
    kept.has_all(&orders, "date_modified_gmt");
}
