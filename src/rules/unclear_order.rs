//! `unclear_order`: the document of the order contradicts itself, or says something that its format does
//! not list.

use super::phrases::listed;
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::foreign::cut;
use crate::domain::rule_settings::RuleSettings;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::UnclearOrder,
    limits: &[],
    check,
};

/// Both values and where they stand must be seen whole.
const LONGEST: usize = 320;

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    let said = facts.order.shop_order.says(Code::UnclearOrder).into_iter();
    let said: Vec<String> = said.map(|one| cut(one, LONGEST)).collect();
    listed(&said)
}
