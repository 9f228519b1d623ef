//! `zero_quantity`: a quantity is zero or less.

use super::phrases::{by_line, shown};
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::rule_settings::RuleSettings;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::ZeroQuantity,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    by_line(facts.order, |line| {
        (line.qty <= 0).then(|| {
            let sku = shown(line.sku.trim());
            format!("{} of {sku}, at least 1 is needed", line.qty)
        })
    })
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::rules::testing::desk;

    #[test]
    fn one_passes() {
        for (qty, fires) in [(1, false), (0, true), (-1, true), (i64::MIN, true)] {
            let mut desk = desk();
            desk.order.lines[0].qty = qty;
            let said = desk.says(Code::ZeroQuantity);
            let told = format!("line 1: {qty} of BF63-12163, at least 1 is needed");
            assert_eq!(said, fires.then_some(told));
        }
    }
}
