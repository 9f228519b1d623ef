//! The demo's material is what it says it is.

use super::*;
use crate::domain::order::Order;
use crate::site::import::read_vendors;
use std::collections::HashSet;

fn now() -> DateTime<Utc> {
    "2025-06-02T14:00:00Z".parse().unwrap()
}

fn read(demo: &DemoOrder) -> Order {
    crate::formats::read(&demo.order)
        .map(|(_, order)| order)
        .unwrap_or_else(|e| panic!("{}: {e}", demo.about))
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
    assert!(
        expected
            .iter()
            .all(|code| crate::domain::codes::find(code).is_some())
    );
    assert_eq!(expected.len(), 15, "one of each kind");
    for demo in &orders {
        let order = read(demo);
        let adds_up =
            order.goods().and_then(|goods| goods.plus(order.shipping)) == Some(order.total);
        assert_eq!(
            adds_up,
            demo.expect != Some("total_mismatch"),
            "{}",
            demo.about
        );
        let old = now() - order.date.to_utc() > TimeDelta::days(14);
        assert_eq!(old, demo.expect == Some("stale_order"), "{}", demo.about);
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
