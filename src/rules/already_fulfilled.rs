//! `already_fulfilled`: an order, or a part of it, that the shop has fulfilled already.

use super::phrases::shop_says;
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::rule_settings::RuleSettings;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::AlreadyFulfilled,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    shop_says(facts.order, Code::AlreadyFulfilled)
}
