//! `unprintable_address`: the name or address of the receiver has letters that the purchase order's
//! paper cannot show.

use super::phrases::{joined, shown};
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::rule_settings::RuleSettings;
use crate::domain::script;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::UnprintableAddress,
    limits: &[],
    check,
};

/// So many letters are named.
const NAMED: usize = 5;

fn check(facts: &Facts, settings: &RuleSettings) -> Option<String> {
    let to = &facts.order.ship_to;
    let mut found = Vec::new();
    for (key, text) in [
        ("name", &to.name),
        ("street1", &to.street1),
        ("street2", &to.street2),
        ("city", &to.city),
        ("state", &to.state),
        ("zip", &to.zip),
    ] {
        let missing: Vec<char> = text
            .chars()
            .filter(|c| !settings.drawable.has(*c))
            .collect();
        let Some(first) = missing.first() else {
            continue;
        };
        let letters: Vec<String> = missing
            .iter()
            .take(NAMED)
            .map(|c| format!("U+{:04X}", u32::from(*c)))
            .collect();
        let script = script::name(*first).map_or(String::new(), |name| format!("{name}, "));
        found.push(format!(
            "ship_to.{key} '{}' has letters that no font of this site has ({script}{})",
            shown(text),
            letters.join(" ")
        ));
    }
    joined(&found)
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::domain::script::Coverage;
    use crate::rules::testing::desk;

    #[test]
    fn letters_that_no_font_has_fire_and_all_others_pass() {
        let mut desk = desk();
        desk.order.ship_to.name = "李小龍 Lee".to_owned();
        assert_eq!(
            desk.says(Code::UnprintableAddress),
            None,
            "nobody asked the fonts"
        );
        desk.settings.drawable = Coverage::of((0x20..0x7f).collect());
        let said = desk.says(Code::UnprintableAddress).expect("a finding");
        assert!(said.contains("ship_to.name"), "{said}");
        assert!(
            said.contains("Chinese or Japanese, U+674E U+5C0F U+9F8D"),
            "{said}"
        );
        desk.order.ship_to.name = "Bruce Lee".to_owned();
        assert_eq!(desk.says(Code::UnprintableAddress), None);
    }
}
