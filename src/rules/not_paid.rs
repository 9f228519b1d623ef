//! `not_paid`: the order's own words say that its money was refused, went back, or was not taken by a way
//! that pays at once.

use super::phrases::{joined, shown};
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::own_words::own_words;
use crate::domain::rule_settings::RuleSettings;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::NotPaid,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    let words = own_words(facts.order).not_paid;
    let said: Vec<String> = words.iter().map(|one| shown(one)).collect();
    Some(format!("the order says of itself: {}", joined(&said)?))
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::rules::testing::desk;
    use serde_json::json;

    #[test]
    fn the_order_s_own_words_are_named() {
        let mut desk = desk();
        let payment = json!({"method": "card", "status": "declined"});
        desk.order.payment = serde_json::from_value(payment).unwrap();
        desk.order.extra = json!({"financial_status": "voided"})
            .as_object()
            .unwrap()
            .clone();
        assert_eq!(
            desk.says(Code::NotPaid).as_deref(),
            Some(
                "the order says of itself: payment.status is \"declined\"; financial_status is \"voided\""
            )
        );
    }
}
