//! `out_of_stock`: no vendor has the pieces of a SKU, as far as the vendors' own lists say.

use super::phrases::{joined, shown};
use super::{Facts, Rule};
use crate::domain::choose::{Routed, purchasable, shortage};
use crate::domain::codes::Code;
use crate::domain::order::Order;
use crate::domain::rule_settings::{Limit, RuleSettings};
use crate::domain::stock::Shortage;
use crate::domain::vendor::{Offer, Vendor};
use chrono::TimeDelta;
use std::collections::HashMap;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::OutOfStock,
    limits: &[MAX_AGE_HOURS.key],
    check,
};

const MAX_AGE_HOURS: Limit<i64> = Limit::whole(
    Code::OutOfStock,
    "max_age_hours",
    (1, 8760),
    48,
    "hours for which a vendor's list of what it has counts; later nobody knows",
);

/// How long a vendor's list counts.
pub fn max_age(settings: &RuleSettings) -> TimeDelta {
    TimeDelta::hours(*settings.get(&MAX_AGE_HOURS))
}

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    let routed = &facts.around.routed;
    of_order(facts.order, facts.offers, facts.vendors, routed)
}

/// What of an order none of those who offer it has; `None` while everything may be had, or what is missing is ordered
/// by the site's strategies.
pub fn of_order(
    order: &Order,
    offers: &HashMap<String, Vec<Offer>>,
    vendors: &HashMap<String, Vendor>,
    routed: &HashMap<String, Routed>,
) -> Option<String> {
    let mut skus: Vec<&str> = Vec::new();
    let mut parts = Vec::new();
    for line in &order.lines {
        let sku = line.sku.trim();
        if skus.contains(&sku) {
            continue;
        }
        skus.push(sku);
        if routed.get(sku).is_some_and(|routed| !routed.missing) {
            continue;
        }
        let offers = offers.get(sku).map_or(&[][..], Vec::as_slice);
        parts.extend(of_sku(sku, order.pieces_of(line), offers, vendors));
    }
    joined(&parts)
}

fn of_sku(
    sku: &str,
    qty: i64,
    offers: &[Offer],
    vendors: &HashMap<String, Vendor>,
) -> Option<String> {
    let short: Option<Vec<String>> = offers
        .iter()
        .filter(|offer| purchasable(offer, vendors))
        .map(|offer| {
            let name = vendors.get(&offer.vendor_id).map(|vendor| &vendor.name);
            let name = name.unwrap_or(&offer.vendor_id);
            Some(format!("{} {}", shown(name), word(offer, qty)?))
        })
        .collect();
    let short = short.filter(|short| !short.is_empty())?;
    Some(format!("{qty} of {}: {}", shown(sku), short.join("; ")))
}

/// `has 1 of them by its list of 2025-06-02 10:05 UTC, and more on 2025-06-20`.
fn word(offer: &Offer, qty: i64) -> Option<String> {
    let (why, stock) = (shortage(offer, qty)?, offer.stock.as_ref()?);
    let what = match why {
        Shortage::Has(0) => "has none".to_owned(),
        Shortage::Has(count) => format!("has {count}"),
        Shortage::Least(count) => format!("sells {count} at least"),
        Shortage::Packs(count) => format!("sells packs of {count}"),
    };
    let since = match stock.ordered {
        0 => String::new(),
        count => format!(", {count} of it ordered since"),
    };
    let next = match stock.item.next {
        Some(day) => format!(", more on {day}"),
        None if stock.item.discontinued => ", and no more comes".to_owned(),
        None => String::new(),
    };
    let as_of = stock.as_of.format("%Y-%m-%d %H:%M UTC");
    Some(format!("{what} (its list of {as_of}{since}{next})"))
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::domain::stock::{Stock, StockItem};
    use crate::domain::testing::vendor;
    use crate::domain::vendor::Offer;
    use crate::rules::testing::desk;

    fn stock(on_hand: Option<i64>) -> Option<Stock> {
        Some(Stock {
            item: StockItem {
                on_hand,
                ..StockItem::default()
            },
            as_of: "2025-06-02T10:05:00Z".parse().expect("a moment"),
            ordered: 0,
        })
    }

    #[test]
    fn fires_when_all_who_offer_it_are_known_not_to_have_it() {
        let mut desk = desk();
        let ordered = desk.order.lines[0].qty;
        assert_eq!(desk.says(Code::OutOfStock), None);
        for (on_hand, fires) in [
            (Some(ordered), false),
            (None, false),
            (Some(ordered - 1), true),
            (Some(0), true),
        ] {
            desk.first().stock = stock(on_hand);
            assert_eq!(desk.says(Code::OutOfStock).is_some(), fires, "{on_hand:?}");
        }
        let said = desk.says(Code::OutOfStock).expect("it fires");
        assert!(
            said.contains("has none (its list of 2025-06-02 10:05 UTC)"),
            "{said}"
        );
        let other = Offer {
            vendor_id: "V2".to_owned(),
            stock: None,
            ..desk.first().clone()
        };
        desk.offers
            .entry(other.sku.clone())
            .or_default()
            .push(other);
        assert!(desk.says(Code::OutOfStock).is_some(), "V2 is not on file");
        desk.vendors.insert("V2".to_owned(), vendor("V2", true));
        assert_eq!(desk.says(Code::OutOfStock), None, "nobody knows of V2");
    }

    #[test]
    fn pieces_count_over_all_lines() {
        let mut desk = desk();
        let line = desk.order.lines[0].clone();
        desk.first().stock = stock(Some(line.qty));
        desk.order.lines.push(line);
        assert!(desk.says(Code::OutOfStock).is_some());
    }
}
