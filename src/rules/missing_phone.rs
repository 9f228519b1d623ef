//! `missing_phone`: no telephone number.

use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::rule_settings::RuleSettings;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::MissingPhone,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    let missing = facts.order.customer.phone.trim().is_empty();
    missing.then(|| "the order has no telephone number of the customer".to_owned())
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::rules::testing::desk;

    #[test]
    fn blank_is_missing_and_wrong_is_not() {
        for (text, fires) in [("", true), (" \t", true), ("?", false), ("x", false)] {
            let mut desk = desk();
            desk.order.customer.phone = text.to_owned();
            assert_eq!(desk.says(Code::MissingPhone).is_some(), fires, "{text}");
            assert_eq!(desk.says(Code::BadPhone).is_some(), !fires, "{text}");
        }
    }
}
