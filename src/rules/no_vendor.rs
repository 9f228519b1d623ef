//! `no_vendor`: none of the vendors who offer a SKU is on file.

use super::phrases::{by_line, listed, shown};
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::rule_settings::RuleSettings;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::NoVendor,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    by_line(facts.order, |line| {
        let ids: Vec<&str> = facts
            .current_offers(line)
            .map(|offer| offer.vendor_id.as_str())
            .collect();
        if ids.iter().any(|id| facts.vendors.contains_key(*id)) {
            return None;
        }
        let names: Vec<String> = ids.iter().map(|id| shown(id)).collect();
        let names = listed(&names)?;
        let sku = shown(line.sku.trim());
        Some(format!("{sku} is offered by {names}, not on file"))
    })
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::domain::testing::vendor;
    use crate::rules::testing::desk;

    #[test]
    fn fires_when_no_vendor_of_the_sku_is_on_file() {
        let mut desk = desk();
        assert_eq!(desk.says(Code::NoVendor), None);
        desk.vendors.clear();
        assert_eq!(
            desk.says(Code::NoVendor).as_deref(),
            Some("line 1: BF63-12163 is offered by V1, not on file")
        );
        assert_eq!(desk.says(Code::InactiveVendor), None);
        desk.vendors.insert("V1".to_owned(), vendor("V1", false));
        assert_eq!(desk.says(Code::NoVendor), None);
        desk.offers.clear();
        desk.vendors.clear();
        assert_eq!(desk.says(Code::NoVendor), None, "that is unknown_sku");
    }
}
