//! Orders that their customer fetches: no vendor sends them, and nobody said where to.

use super::ShopDraft;
use crate::domain::codes::Code;

/// Whether a way of shipping is that the customer fetches the goods, by the name that the shop gave it: one that speaks
/// of delivery as well ("Free pickup & delivery") says how the carrier gets them.
pub fn is_collected_by_name(name: &str) -> bool {
    let letters = name.to_lowercase();
    let sent = ["deliver", "ship", "carrier"]
        .iter()
        .any(|word| letters.contains(word));
    !sent && is_collected(name)
}

/// Whether a way of shipping, by its key in the shop, is that the customer fetches the goods.
pub fn is_collected(way: &str) -> bool {
    let letters = way.chars().filter(|c| c.is_alphabetic());
    let letters = letters.flat_map(char::to_lowercase).collect::<String>();
    ["pickup", "clickcollect", "clickandcollect", "abhol"]
        .iter()
        .any(|word| letters.contains(word))
}

/// Holds an order by a way of shipping under `place` by which no vendor sends it.
pub fn hold_collected(draft: &mut ShopDraft, place: &str, way: &str) {
    draft.hold(
        Code::UnclearOrder,
        format!("{place} is \"{way}\": the customer fetches it, and no vendor sends it"),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_by_which_the_customer_fetches_it_is_known_by_key_and_name() {
        for way in [
            "local_pickup",
            "local_pickup:3",
            "pickup_location",
            "instore_pickup",
            "Pickup In Store",
            "Pick up at the shop",
            "Click & Collect",
        ] {
            assert!(is_collected(way), "{way}");
        }
        for way in ["flat_rate:1", "UPS Ground", "Collect from sender", ""] {
            assert!(!is_collected(way), "{way}");
        }
        assert!(is_collected_by_name("Pickup in store"));
        assert!(!is_collected_by_name("Free pickup & delivery"));
    }
}
