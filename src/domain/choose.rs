//! Which vendor's offer of a SKU is taken.

use crate::domain::stock::Shortage;
use crate::domain::vendor::{Offer, Vendor};
use std::collections::HashMap;

/// Whether the offer can be bought at all: not discontinued, its vendor on file and active.
pub fn purchasable(offer: &Offer, vendors: &HashMap<String, Vendor>) -> bool {
    !offer.discontinued
        && vendors
            .get(&offer.vendor_id)
            .is_some_and(|vendor| vendor.active)
}

/// Of the offers of one SKU the purchasable one for so many pieces: those whose vendors are known not to have them
/// last, then the lowest priority number; among equals the cheapest, then the first vendor by id, so that the choice
/// never depends on the order of rows.
pub fn choose_offer<'a>(
    offers: &'a [Offer],
    vendors: &HashMap<String, Vendor>,
    qty: i64,
) -> Option<&'a Offer> {
    let key = |offer: &&'a Offer| {
        let short = shortage(offer, qty).is_some();
        (short, offer.priority, offer.cost, offer.vendor_id.as_str())
    };
    offers
        .iter()
        .filter(|offer| purchasable(offer, vendors))
        .min_by_key(key)
}

/// Where an article of an order goes by the site's strategies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Routed {
    /// Whom it is bought from.
    pub vendors: Vec<String>,
    /// Whether the order waits for it: none of them has it, or says when more comes and takes backorders.
    pub missing: bool,
}

/// The offer by which an order's article is judged: of those who get it, where that is known, the dearest.
pub fn judged<'a>(
    offers: &'a [Offer],
    vendors: &HashMap<String, Vendor>,
    qty: i64,
    routed: Option<&Routed>,
) -> Option<&'a Offer> {
    let Some(routed) = routed else {
        return choose_offer(offers, vendors, qty);
    };
    let theirs = offers
        .iter()
        .filter(|offer| routed.vendors.contains(&offer.vendor_id));
    theirs.max_by_key(|offer| offer.cost)
}

/// Why the offer's vendor does not have so many pieces, if that is known.
pub fn shortage(offer: &Offer, qty: i64) -> Option<Shortage> {
    offer.stock.as_ref()?.shortage(qty)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::stock::{Stock, StockItem};
    use crate::domain::testing::{offer, vendor};
    use chrono::DateTime;

    #[test]
    fn lowest_priority_then_cost_then_vendor_id_among_the_purchasable() {
        let vendors: HashMap<_, _> = [vendor("A", true), vendor("B", true), vendor("Z", false)]
            .into_iter()
            .map(|vendor| (vendor.id.clone(), vendor))
            .collect();
        let row = |id: &str, priority, cost, discontinued| Offer {
            priority,
            discontinued,
            ..offer("S", id, cost, "9.00")
        };
        for (rows, chosen) in [
            (
                vec![row("A", 2, "1.00", false), row("B", 1, "5.00", false)],
                Some("B"),
            ),
            (
                vec![row("A", 1, "5.00", false), row("B", 1, "4.99", false)],
                Some("B"),
            ),
            (
                vec![row("B", 1, "5.00", false), row("A", 1, "5.00", false)],
                Some("A"),
            ),
            (
                vec![row("Z", 0, "1.00", false), row("A", 9, "5.00", false)],
                Some("A"),
            ),
            (
                vec![row("A", 0, "1.00", true), row("B", 9, "5.00", false)],
                Some("B"),
            ),
            (vec![row("nobody", 0, "1.00", false)], None),
            (vec![], None),
        ] {
            let taken = choose_offer(&rows, &vendors, 2).map(|offer| offer.vendor_id.as_str());
            assert_eq!(taken, chosen, "{rows:?}");
        }
    }

    #[test]
    fn who_is_known_not_to_have_them_comes_last() {
        let vendors: HashMap<_, _> = [vendor("A", true), vendor("B", true), vendor("C", true)]
            .into_iter()
            .map(|vendor| (vendor.id.clone(), vendor))
            .collect();
        let row = |id: &str, priority, on_hand: Option<Option<i64>>| Offer {
            priority,
            stock: on_hand.map(|on_hand| Stock {
                item: StockItem {
                    on_hand,
                    ..StockItem::default()
                },
                as_of: DateTime::UNIX_EPOCH,
                ordered: 1,
            }),
            ..offer("S", id, "1.00", "9.00")
        };
        for (rows, chosen) in [
            // one was ordered of two: two more are not there
            (vec![row("A", 1, Some(Some(2))), row("B", 2, None)], "B"),
            (vec![row("A", 1, Some(Some(3))), row("B", 2, None)], "A"),
            (
                vec![row("A", 1, Some(None)), row("B", 2, Some(Some(9)))],
                "A",
            ),
            (
                vec![row("B", 3, Some(Some(0))), row("C", 2, Some(Some(0)))],
                "C",
            ),
        ] {
            let taken = choose_offer(&rows, &vendors, 2).map(|offer| offer.vendor_id.as_str());
            assert_eq!(taken, Some(chosen), "{rows:?}");
        }
    }
}
