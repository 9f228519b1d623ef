//! `duplicate_order_number`: an earlier order has this number and other content.

use super::phrases::{joined, shown};
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::rule_settings::RuleSettings;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::DuplicateOrderNumber,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    let earlier = facts.same_number.as_ref()?;
    let what = joined(&earlier.differences).unwrap_or_else(|| "the same content".to_owned());
    Some(format!(
        "an order {} of {} was there before; it differs: {what}",
        shown(&earlier.reference),
        earlier.date.format("%Y-%m-%d %H:%M %:z"),
    ))
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::rules::Earlier;
    use crate::rules::testing::desk;

    #[test]
    fn names_the_earlier_order_and_the_differences() {
        let mut desk = desk();
        assert_eq!(desk.says(Code::DuplicateOrderNumber), None);
        desk.same_number = Some(Earlier {
            reference: "W200001".to_owned(),
            date: desk.order.date,
            differences: vec!["total 324.69 there, 224.69 here".to_owned()],
        });
        assert_eq!(
            desk.says(Code::DuplicateOrderNumber).as_deref(),
            Some(
                "an order W200001 of 2025-06-02 06:01 -04:00 was there before; \
                 it differs: total 324.69 there, 224.69 here"
            )
        );
    }
}
