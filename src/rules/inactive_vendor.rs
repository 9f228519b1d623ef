//! `inactive_vendor`: the vendors of a SKU who are on file are all inactive.

use super::phrases::{by_line, listed, shown};
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::rule_settings::RuleSettings;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::InactiveVendor,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    by_line(facts.order, |line| {
        let on_file: Vec<_> = facts
            .current_offers(line)
            .filter_map(|offer| facts.vendors.get(&offer.vendor_id))
            .collect();
        if on_file.iter().any(|vendor| vendor.active) {
            return None;
        }
        let names: Vec<String> = on_file.iter().map(|vendor| shown(&vendor.id)).collect();
        let names = listed(&names)?;
        let sku = shown(line.sku.trim());
        Some(format!("{sku} comes from {names}, inactive"))
    })
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::domain::testing::{offer, vendor};
    use crate::rules::testing::desk;

    #[test]
    fn fires_when_all_are_inactive() {
        let mut desk = desk();
        assert_eq!(desk.says(Code::InactiveVendor), None);
        desk.vendors.insert("V1".to_owned(), vendor("V1", false));
        assert_eq!(
            desk.says(Code::InactiveVendor).as_deref(),
            Some("line 1: BF63-12163 comes from V1, inactive")
        );
        let other = offer("BF63-12163", "V2", "71.00", "108.23");
        desk.offers
            .entry(other.sku.clone())
            .or_default()
            .push(other);
        assert!(
            desk.says(Code::InactiveVendor).is_some(),
            "V2 is not on file"
        );
        desk.vendors.insert("V2".to_owned(), vendor("V2", true));
        assert_eq!(desk.says(Code::InactiveVendor), None);
    }
}
