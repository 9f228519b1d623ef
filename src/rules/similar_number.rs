//! `similar_number`: another order's number differs only by a `#` or by capitals, which vendors drop.

use super::phrases::shown;
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::rule_settings::RuleSettings;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::SimilarNumber,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    let other = shown(facts.around.alike.as_deref()?);
    let own = shown(facts.order.order_number.trim());
    Some(format!(
        "order {other} is on file too: vendors and customers may take {own} for it"
    ))
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::rules::testing::desk;

    #[test]
    fn both_numbers_are_named() {
        let mut desk = desk();
        assert_eq!(desk.says(Code::SimilarNumber), None);
        desk.around.alike = Some("#W200001".to_owned());
        assert_eq!(
            desk.says(Code::SimilarNumber).as_deref(),
            Some("order #W200001 is on file too: vendors and customers may take W200001 for it")
        );
    }
}
