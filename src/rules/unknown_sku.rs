//! `unknown_sku`: a SKU is not in the catalogue.

use super::phrases::{by_line, shown};
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::rule_settings::RuleSettings;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::UnknownSku,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    by_line(facts.order, |line| {
        let unknown = facts.offers_of(line).is_empty();
        unknown.then(|| match line.sku.trim() {
            "" => "no SKU".to_owned(),
            sku => format!("{} is not in the catalogue", shown(sku)),
        })
    })
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::rules::testing::desk;

    #[test]
    fn exactly_the_sku_but_for_blanks_around_it() {
        for (sku, fires) in [
            ("BF63-12163", false),
            (" BF63-12163\t", false),
            ("bf63-12163", true),
            ("BF63-1216", true),
            ("BF63 12163", true),
            ("", true),
        ] {
            let mut desk = desk();
            desk.order.lines[0].sku = sku.to_owned();
            assert_eq!(desk.says(Code::UnknownSku).is_some(), fires, "{sku}");
        }
    }

    #[test]
    fn names_every_line() {
        let mut desk = desk();
        let mut line = desk.order.lines[0].clone();
        line.sku = "X-1".to_owned();
        desk.order.lines.push(line);
        let said = desk.says(Code::UnknownSku);
        assert_eq!(said.as_deref(), Some("line 2: X-1 is not in the catalogue"));
    }
}
