//! `order_value_limit`: the total is above the limit.

use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::money::Money;
use crate::domain::rule_settings::{Limit, RuleSettings};

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::OrderValueLimit,
    limits: &[MAX.key],
    check,
};

pub(super) const MAX: Limit<Money> = Limit::amount(
    Code::OrderValueLimit,
    "max",
    1,
    "10000.00",
    "the highest total that passes",
);

fn check(facts: &Facts, settings: &RuleSettings) -> Option<String> {
    let order = facts.order;
    let max = *settings.get(&MAX);
    (order.total > max).then(|| {
        format!(
            "the total is {}, the limit is {}",
            order.total.display(&order.currency),
            max.display(&order.currency),
        )
    })
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::rules::testing::desk;
    use crate::rules::testing::money;

    #[test]
    fn the_limit_itself_passes() {
        for (total, max, fires) in [
            ("10000.00", "10000.00", false),
            ("10000.01", "10000.00", true),
            ("5.00", "4.99", true),
        ] {
            let mut desk = desk();
            desk.set(&format!("order_value_limit.max = '{max}'"));
            desk.order.total = money(total);
            assert_eq!(desk.says(Code::OrderValueLimit).is_some(), fires, "{total}");
        }
        let mut desk = desk();
        desk.order.total = money("10000.01");
        assert_eq!(
            desk.says(Code::OrderValueLimit).as_deref(),
            Some("the total is $10,000.01, the limit is $10,000.00")
        );
    }
}
