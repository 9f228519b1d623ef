//! The demo's material is what it says it is.

use super::*;
use crate::domain::codes::Code;
use crate::domain::order::Order;
use crate::site::import::read_vendors;
use std::collections::HashSet;

fn now() -> DateTime<Utc> {
    "2025-06-02T14:00:00Z".parse().unwrap()
}

fn read(demo: &DemoOrder) -> Order {
    crate::formats::order(demo.order.clone()).unwrap_or_else(|e| panic!("{}: {e}", demo.about))
}

#[test]
fn the_configuration_is_valid() {
    let dir = tempfile::tempdir().unwrap();
    let config = crate::config::Config::parse(CONFIG, &dir.path().join("poms.toml"));
    assert_eq!(config.err().map(|e| e.to_string()), None);
}

#[test]
fn catalogue_and_vendors_are_valid_and_fit() {
    let offers = read_catalogue(CATALOGUE.as_bytes()).unwrap();
    let vendors = read_vendors(VENDORS.as_bytes()).unwrap();
    let skus: HashSet<_> = offers.iter().map(|row| &row.offer.sku).collect();
    let categories: HashSet<_> = offers.iter().map(|row| &row.offer.category).collect();
    assert_eq!((skus.len(), categories.len(), vendors.len()), (60, 5, 5));
    assert_eq!(offers.len(), 61, "one SKU at two vendors");
    assert_eq!(
        offers.iter().filter(|row| row.offer.discontinued).count(),
        1
    );
    assert_eq!(vendors.iter().filter(|row| !row.vendor.active).count(), 1);
    assert!(
        vendors
            .iter()
            .any(|row| row.vendor.channel.as_str() == "email+fax")
    );
    for row in &offers {
        assert!(
            vendors.iter().any(|v| v.vendor.id == row.offer.vendor_id),
            "{}",
            row.line
        );
        assert!(row.offer.cost < row.offer.retail_price, "{}", row.line);
    }
}

#[test]
fn every_order_is_one_by_the_format() {
    let orders = orders(now());
    let expected: HashSet<_> = orders.iter().filter_map(|demo| demo.expect).collect();
    assert_eq!(expected.len(), 15, "one of each kind");
    for demo in &orders {
        let order = read(demo);
        let adds_up =
            order.goods().and_then(|goods| goods.plus(order.shipping)) == Some(order.total);
        assert_eq!(
            adds_up,
            demo.expect != Some(Code::TotalMismatch),
            "{}",
            demo.about
        );
        let old = now() - order.date.to_utc() > TimeDelta::days(14);
        assert_eq!(old, demo.expect == Some(Code::StaleOrder), "{}", demo.about);
    }
}

#[test]
fn good_orders_reach_every_active_vendor_and_repeat_nothing() {
    let offers = read_catalogue(CATALOGUE.as_bytes()).unwrap();
    let orders = orders(now());
    let good: Vec<Order> = orders
        .iter()
        .filter(|demo| demo.expect.is_none())
        .map(read)
        .collect();
    let mut vendors = HashSet::new();
    for line in good.iter().flat_map(|order| &order.lines) {
        let offer = offers.iter().find(|row| row.offer.sku == line.sku).unwrap();
        assert_eq!(offer.offer.retail_price, line.unit_price);
        vendors.insert(offer.offer.vendor_id.as_str());
    }
    assert_eq!(
        vendors,
        HashSet::from(["alder", "bayview", "cedar", "dune"])
    );
    let repeats: HashSet<_> = orders
        .iter()
        .map(|demo| {
            let order = read(demo);
            (order.customer_key(), order.goods_key())
        })
        .collect();
    assert_eq!(
        repeats.len(),
        orders.len(),
        "none is a suspected duplicate of another"
    );
    let numbers: HashSet<_> = orders.iter().map(|demo| read(demo).order_number).collect();
    assert_eq!(numbers.len(), orders.len() - 1, "one number twice");
}

/// What the rules say of an order, given the demo's catalogue and vendors.
fn findings(order: &Order) -> Vec<Code> {
    let mut offers = std::collections::HashMap::<String, Vec<_>>::new();
    for row in read_catalogue(CATALOGUE.as_bytes()).unwrap() {
        offers
            .entry(row.offer.sku.clone())
            .or_default()
            .push(row.offer);
    }
    let vendors = read_vendors(VENDORS.as_bytes()).unwrap();
    let vendors = vendors
        .into_iter()
        .map(|row| (row.vendor.id.clone(), row.vendor))
        .collect();
    let facts = crate::rules::Facts {
        order,
        now: now(),
        offers: &offers,
        vendors: &vendors,
        spent: Money::ZERO,
        same_number: None,
        twin: None,
        stopped: None,
        masked: &[],
        around: &crate::rules::Around {
            today: now().date_naive(),
            ..crate::rules::Around::default()
        },
    };
    let found = crate::rules::check(
        &facts,
        &crate::domain::rule_settings::RuleSettings::default(),
    );
    found.iter().map(|finding| finding.code).collect()
}

#[test]
fn the_rules_find_what_each_order_shows_and_nothing_else() {
    // these come of the mail, of another order, or of what intake masked
    let elsewhere = [
        Code::DuplicateOrderNumber,
        Code::Unsigned,
        Code::UntrustedSigner,
        Code::UnreadableMessage,
        Code::CardNumber,
    ];
    for demo in orders(now()) {
        let found = findings(&read(&demo));
        match demo.expect {
            Some(Code::CardNumber) => assert!(found.contains(&Code::CustomerComment), "{found:?}"),
            Some(code) if !elsewhere.contains(&code) => assert_eq!(found, [code], "{}", demo.about),
            _ => assert!(found.is_empty(), "{}: {found:?}", demo.about),
        }
    }
}
