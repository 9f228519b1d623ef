//! `test_order`: an order that the shop itself calls a test.

use super::phrases::shop_says;
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::rule_settings::RuleSettings;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::TestOrder,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    shop_says(facts.order, Code::TestOrder)
}
