//! `refunded_in_shop`: an order whose money, or a part of it, the shop gave back.

use super::phrases::shop_says;
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::rule_settings::RuleSettings;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::RefundedInShop,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    shop_says(facts.order, Code::RefundedInShop)
}
