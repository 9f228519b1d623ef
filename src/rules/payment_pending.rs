//! `payment_pending`: the order's own words say that its money is still to come.

use super::phrases::{joined, shown};
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::own_words::own_words;
use crate::domain::rule_settings::RuleSettings;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::PaymentPending,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    let words = own_words(facts.order).pending;
    let said: Vec<String> = words.iter().map(|one| shown(one)).collect();
    let said = joined(&said)?;
    let payment = facts.order.payment.as_ref();
    let method = payment.and_then(|one| one.method.as_deref());
    Some(match method.map(str::trim) {
        Some(method) if !method.is_empty() => {
            format!("the order says of itself: {said}, by {}", shown(method))
        }
        _ => format!("the order says of itself: {said}"),
    })
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::rules::testing::desk;
    use serde_json::json;

    #[test]
    fn the_way_to_pay_is_named() {
        let mut desk = desk();
        let payment = json!({"method": "bank transfer", "status": "pending"});
        desk.order.payment = serde_json::from_value(payment).unwrap();
        assert_eq!(
            desk.says(Code::PaymentPending).as_deref(),
            Some("the order says of itself: payment.status is \"pending\", by bank transfer")
        );
        assert_eq!(desk.says(Code::NotPaid), None);
    }
}
