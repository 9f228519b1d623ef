//! `discontinued_sku`: no offer of a SKU is left that is not discontinued.

use super::phrases::{by_line, shown};
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::rule_settings::RuleSettings;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::DiscontinuedSku,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    by_line(facts.order, |line| {
        let offers = facts.offers_of(line);
        let gone = !offers.is_empty() && offers.iter().all(|offer| offer.discontinued);
        gone.then(|| format!("{} is discontinued", shown(line.sku.trim())))
    })
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::domain::vendor::Offer;
    use crate::rules::testing::desk;

    #[test]
    fn fires_when_the_last_offer_is_gone() {
        let mut desk = desk();
        assert_eq!(desk.says(Code::DiscontinuedSku), None);
        desk.first().discontinued = true;
        let said = desk.says(Code::DiscontinuedSku);
        assert_eq!(said.as_deref(), Some("line 1: BF63-12163 is discontinued"));
        assert_eq!(desk.says(Code::NoVendor), None);
        let other = Offer {
            vendor_id: "V2".to_owned(),
            discontinued: false,
            ..desk.first().clone()
        };
        desk.offers
            .entry(other.sku.clone())
            .or_default()
            .push(other);
        assert_eq!(desk.says(Code::DiscontinuedSku), None);
    }
}
