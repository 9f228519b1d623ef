//! `below_cost`: a line is sold below what the vendor charges who would get it.

use super::settings::Settings;
use super::words::{by_line, shown};
use super::{Facts, Rule};
use crate::domain::choose::choose_offer;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: "below_cost",
    check,
};

fn check(facts: &Facts, _: &Settings) -> Option<String> {
    by_line(facts.order, |line| {
        let offer = choose_offer(facts.offers_of(line), facts.vendors)?;
        (line.unit_price < offer.cost).then(|| {
            format!(
                "{} is sold for {}, vendor {} charges {}",
                shown(line.sku.trim()),
                line.unit_price,
                shown(&offer.vendor_id),
                offer.cost,
            )
        })
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::desk;
    use crate::rules::testing::money;

    #[test]
    fn at_cost_passes_and_a_cent_less_fires() {
        let mut desk = desk();
        assert_eq!(desk.says("below_cost"), None);
        desk.order.lines[0].unit_price = money("70.00");
        assert_eq!(desk.says("below_cost"), None);
        desk.order.lines[0].unit_price = money("69.99");
        assert_eq!(
            desk.says("below_cost").as_deref(),
            Some("line 1: BF63-12163 is sold for 69.99, vendor V1 charges 70.00")
        );
        desk.vendors.clear();
        assert_eq!(desk.says("below_cost"), None, "no one would get it");
    }
}
