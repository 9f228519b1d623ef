//! Which vendor's offer of a SKU is taken.

use crate::domain::vendor::{Offer, Vendor};
use std::collections::HashMap;

/// Whether the offer can be bought at all: not discontinued, its vendor on file and active.
pub fn purchasable(offer: &Offer, vendors: &HashMap<String, Vendor>) -> bool {
    !offer.discontinued
        && vendors
            .get(&offer.vendor_id)
            .is_some_and(|vendor| vendor.active)
}

/// Of the offers of one SKU the purchasable one with the lowest priority number; among equals the
/// cheapest, then the first vendor by id, so that the choice never depends on the order of rows.
pub fn choose_offer<'a>(
    offers: &'a [Offer],
    vendors: &HashMap<String, Vendor>,
) -> Option<&'a Offer> {
    offers
        .iter()
        .filter(|offer| purchasable(offer, vendors))
        .min_by_key(|offer| (offer.priority, offer.cost, offer.vendor_id.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::{offer, vendor};

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
            let taken = choose_offer(&rows, &vendors).map(|offer| offer.vendor_id.as_str());
            assert_eq!(taken, chosen, "{rows:?}");
        }
    }
}
