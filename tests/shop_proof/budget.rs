//! A night's comparison takes no more than its time of any run: the next ones go on where it came to.

use super::{order, site, woo_order};
use crate::support::shop::Act;
use crate::support::shop::beds::ShopBed;
use crate::support::shop::woocommerce::FakeWooCommerce;
use serde_json::{Value, json};

const ORDERS: u64 = 6;
const NUMBERS: [&str; 6] = [
    "1Z5R89390357568019",
    "1Z5R89390357568028",
    "1Z5R89390357568037",
    "1Z5R89390357568046",
    "1Z5R89390357568055",
    "1Z5R89390357568064",
];

/// A shop of WooCommerce with orders of which all left, and which was told so by notes.
fn large() -> ShopBed<FakeWooCommerce> {
    let more = "tracking = \"note\"\nclose_orders = false\ncompare_seconds = 5";
    let site = ShopBed::woocommerce(more);
    let orders = (1..=ORDERS).map(|id| woo_order(id, &format!("2025-06-02T09:0{id}:00")));
    site.server.with(|shop| shop.orders = orders.collect());
    site.desk.run(&["process"]).ok();
    site.desk.now("2025-06-02T15:00:00Z");
    for id in 1..=ORDERS {
        site.ship(&id.to_string(), NUMBERS[id as usize - 1]);
    }
    site.desk.run(&["process"]).ok();
    site.server
        .with(|shop| assert_eq!(shop.lists.len(), 6, "{:?}", shop.lists));
    site.server.asked();
    site
}

impl ShopBed<FakeWooCommerce> {
    fn status(&self) -> Value {
        self.desk.run(&["status", "--json"]).ok().json()["sources"][0].clone()
    }

    /// A comparison is under way, and nothing is said of its end.
    fn is_under_way(&self, so_far: [usize; 3]) {
        let part = self.status();
        assert_eq!(
            (&part["compared"], &part["comparison_failed"]),
            (&Value::Null, &Value::Null),
            "{part:#}"
        );
        let [orders, shipments, differences] = so_far;
        let comparing = json!({"begun": "2025-06-03T07:10:00.000Z", "orders": orders,
            "shipments": shipments, "differences": differences});
        assert_eq!(part["comparing"], comparing, "{part:#}");
        let shown = self.desk.run(&["status"]).ok().stdout;
        let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        let sums =
            format!("{orders} orders, {shipments} shipments and {differences} differences so far");
        assert!(
            words.contains(&sums) && words.contains("the next runs go on"),
            "{shown}"
        );
    }

    /// The orders whose notes were asked for since.
    fn notes(&self) -> Vec<u64> {
        let asked = self.server.asked().into_iter();
        let notes = asked.filter_map(|one| {
            let path = one.strip_prefix("GET /wp-json/wc/v3/orders/")?.to_owned();
            path.strip_suffix("/notes")?.parse().ok()
        });
        notes.collect()
    }
}

/// The shop lost what it was told of the second, and has one that it shows late.
fn large_with_differences() -> ShopBed<FakeWooCommerce> {
    let site = large();
    site.server.with(|shop| {
        shop.lists.remove("wc/v3/orders/2/notes");
        shop.orders.push(woo_order(7, "2025-06-02T08:20:00"));
        shop.counts = Some("/notes");
    });
    site
}

#[test]
fn a_night_of_a_large_shop_goes_on_over_several_runs() {
    let site = large_with_differences();
    let mut acts = site.server.next(Act::Well).next(Act::Well);
    acts = acts.next(Act::Silence);
    site.desk.now("2025-06-03T07:10:00Z").run(&["process"]).ok();
    assert_eq!(site.notes(), [1, 2, 3]);
    site.is_under_way([3, 2, 2]);
    // not before all was seen
    assert_eq!(site.unreconciled().len(), 0);
    // and again, as often as it takes
    acts.next(Act::Well).next(Act::Silence);
    site.desk.now("2025-06-03T07:20:00Z").run(&["process"]).ok();
    assert_eq!(site.notes(), [3, 4]);
    site.is_under_way([4, 3, 2]);
    // what changes meanwhile is the next night's
    site.server.with(|shop| {
        shop.change(
            1,
            "2025-06-03T07:25:00",
            json!({"customer_note": "call first"}),
        );
    });
    site.desk
        .now("2025-06-03T07:30:00Z")
        .run(&["process"])
        .done();
    assert_eq!(site.notes(), [4, 5, 6]);
    let whole = site.status();
    assert_eq!(
        (&whole["compared"], &whole["comparing"]),
        (&json!("2025-06-03T07:10:00.000Z"), &Value::Null),
        "{whole:#}"
    );
    let open = site.unreconciled();
    let text = open[0]["message"].as_str().expect("words");
    for says in [
        "2 differences",
        "of 7 orders, 6 shipments",
        "`poms source reread webshop --from 2025-06-02`",
        "the shop does not have the shipment of",
    ] {
        assert!(text.contains(says), "{text}");
    }
    // until the next night nothing more is asked
    site.desk
        .now("2025-06-03T07:40:00Z")
        .run(&["process"])
        .done();
    assert_eq!(site.notes(), Vec::<u64>::new());
    site.server
        .with(|shop| assert_eq!(shop.wrong, Vec::<String>::new()));
    let verify = site.desk.run(&["verify"]);
    assert_eq!(verify.code, 0, "{}{}", verify.stdout, verify.stderr);
}

#[test]
fn what_a_night_found_is_kept_when_the_shop_fails_and_goes_on_an_hour_later() {
    let site = large();
    site.server.with(|shop| {
        shop.lists.remove("wc/v3/orders/1/notes");
        shop.counts = Some("/notes");
    });
    site.server.next(Act::Well).next(Act::Drop);
    site.desk.now("2025-06-03T07:10:00Z").run(&["process"]).ok();
    assert_eq!(site.notes(), [1, 2]);
    let part = site.status();
    assert_eq!(part["comparing"]["differences"], 1, "{part:#}");
    assert_eq!(part["comparison_failed"]["at"], "2025-06-03T07:10:00.000Z");
    let shown = site.desk.run(&["status"]).ok().stdout;
    let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("the comparison with its shop broke off"),
        "{shown}"
    );
    site.desk.now("2025-06-03T07:20:00Z").run(&["process"]).ok();
    assert_eq!(site.notes(), Vec::<u64>::new(), "too soon");
    site.desk.now("2025-06-03T08:15:00Z").run(&["process"]).ok();
    assert_eq!(site.notes(), [2, 3, 4, 5, 6]);
    assert_eq!(site.unreconciled().len(), 1);
    assert_eq!(site.status()["comparison_failed"], Value::Null);
}

#[test]
fn orders_that_left_long_after_the_shop_changed_them_are_asked_for_at_once() {
    let site = large();
    let since = ["report", "shop", "--since", "2025-06-02", "--json"];
    // the shop changed none of them since; poms sent them today
    site.desk.now("2025-06-02T16:00:00Z");
    site.server.with(|shop| shop.lists.clear());
    site.server.asked();
    let from_noon = ["report", "shop", "--since", "2025-06-03", "--json"];
    site.desk.run(&from_noon).ok();
    site.server.asked();
    let proof = site.desk.run(&since).json()["shops"][0].clone();
    assert_eq!(proof["compared"]["shipments"], 6, "{proof:#}");
    site.server.with(|shop| {
        for order in &mut shop.orders {
            order["date_modified_gmt"] = json!("2025-06-01T08:00:00");
        }
    });
    site.server.asked();
    let proof = site.desk.run(&since).json()["shops"][0].clone();
    assert_eq!(proof["compared"]["shipments"], 6, "{proof:#}");
    let asked = site.server.asked();
    let lists = asked
        .iter()
        .filter(|one| *one == "GET /wp-json/wc/v3/orders");
    let alone = asked
        .iter()
        .filter(|one| !one.ends_with("/notes") && !one.ends_with("/orders"));
    assert_eq!((lists.count(), alone.count()), (2, 0), "{asked:?}");
}

#[test]
fn a_shop_at_shopify_goes_on_behind_its_page() {
    let site = site("compare_seconds = 5");
    let mut late: Vec<Value> = (2000..2045)
        .map(|id| order(id, "2025-06-02T08:30:00Z"))
        .collect();
    site.server.with(|shop| shop.orders.append(&mut late));
    // the list of orders, a page of the comparison
    site.server
        .next(Act::Well)
        .next(Act::Well)
        .next(Act::Silence);
    site.desk.now("2025-06-03T07:10:00Z").run(&["process"]).ok();
    let part = site.desk.run(&["status", "--json"]).ok().json()["sources"][0].clone();
    assert_eq!(part["comparing"]["orders"], 20, "{part:#}");
    assert_eq!(site.unreconciled().len(), 0);
    site.server.asked();
    site.desk.now("2025-06-03T07:20:00Z").run(&["process"]).ok();
    // the list of orders, two pages, and the ledger's own need no question
    assert_eq!(site.server.asked().len(), 3);
    let open = site.unreconciled();
    let text = open[0]["message"].as_str().expect("words");
    for says in [
        "45 differences",
        "of 46 orders",
        "`poms report shop` has all",
    ] {
        assert!(text.contains(says), "{text}");
    }
}
