//! `no_order`: the order says itself that it is none: a test, a quote, a return, or cancelled.

use super::phrases::{joined, shown};
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::own_words::own_words;
use crate::domain::rule_settings::RuleSettings;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::NoOrder,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    let words = own_words(facts.order).no_order;
    let said: Vec<String> = words.iter().map(|one| shown(one)).collect();
    Some(format!("the order says of itself: {}", joined(&said)?))
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::rules::testing::desk;
    use serde_json::json;

    #[test]
    fn a_test_and_a_refund_are_no_orders() {
        let mut desk = desk();
        desk.order.extra = json!({"test": true, "type": "refund"})
            .as_object()
            .unwrap()
            .clone();
        assert_eq!(
            desk.says(Code::NoOrder).as_deref(),
            Some("the order says of itself: test is true; type is \"refund\"")
        );
    }
}
