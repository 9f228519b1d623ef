//! `incomplete_address`: a part of the ship-to address is missing, or its state is none of the US.

use super::phrases::{joined, listed, says_nothing, shown};
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::places::{country, state, territory};
use crate::domain::rule_settings::RuleSettings;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::IncompleteAddress,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    let to = &facts.order.ship_to;
    // without a country the US rules apply: better one question more than goods that go astray
    let of_us = matches!(country(&to.country).as_str(), "US" | "");
    let needed = [
        ("name", &to.name, true),
        ("street1", &to.street1, true),
        ("city", &to.city, true),
        ("state", &to.state, of_us),
        ("zip", &to.zip, of_us || territory(&to.country).is_some()),
        ("country", &to.country, true),
    ];
    let missing: Vec<String> = needed
        .iter()
        .filter(|(_, value, needed)| *needed && value.trim().is_empty())
        .map(|(name, ..)| format!("ship_to.{name}"))
        .collect();
    let mut parts = Vec::new();
    if let Some(names) = listed(&missing) {
        let verb = if missing.len() == 1 { "is" } else { "are" };
        parts.push(format!("{names} {verb} empty"));
    }
    let places = [
        ("name", &to.name),
        ("street1", &to.street1),
        ("city", &to.city),
    ];
    for (name, value) in places {
        if !value.trim().is_empty() && says_nothing(value) {
            parts.push(format!(
                "ship_to.{name} '{}' says nothing",
                shown(value.trim())
            ));
        }
    }
    if of_us && !to.state.trim().is_empty() && state(&to.state).is_none() {
        parts.push(format!("'{}' is no US state", shown(to.state.trim())));
    }
    joined(&parts)
}

#[cfg(test)]
mod tests {
    use crate::domain::address::Address;
    use crate::domain::codes::Code;
    use crate::rules::testing::desk;

    #[test]
    fn what_a_form_sends_for_none_is_none() {
        for (street, said) in [
            ("-", Some("ship_to.street1 '-' says nothing")),
            (" N/A", Some("ship_to.street1 'N/A' says nothing")),
            ("none", Some("ship_to.street1 'none' says nothing")),
            ("北京路 1", None),
        ] {
            let mut desk = desk();
            desk.order.ship_to.street1 = street.to_owned();
            assert_eq!(
                desk.says(Code::IncompleteAddress).as_deref(),
                said,
                "{street}"
            );
        }
    }

    #[test]
    fn each_part_is_needed() {
        for (spoil, said) in [
            ((|_| ()) as fn(&mut Address), None),
            (|to| to.street2.clear(), None),
            (|to| to.name.clear(), Some("ship_to.name is empty")),
            (
                |to| to.street1 = " ".to_owned(),
                Some("ship_to.street1 is empty"),
            ),
            (|to| to.city.clear(), Some("ship_to.city is empty")),
            (|to| to.zip.clear(), Some("ship_to.zip is empty")),
            (|to| to.country.clear(), Some("ship_to.country is empty")),
            (|to| to.state = "Missouri".to_owned(), None),
            (|to| to.state = "XX".to_owned(), Some("'XX' is no US state")),
            (
                |to| {
                    to.state.clear();
                    to.zip.clear();
                },
                Some("ship_to.state and ship_to.zip are empty"),
            ),
            (
                |to| {
                    to.state.clear();
                    to.zip.clear();
                    to.country = "IE".to_owned();
                },
                None,
            ),
            (
                |to| {
                    to.state.clear();
                    to.zip.clear();
                    to.country = "PR".to_owned();
                },
                Some("ship_to.zip is empty"),
            ),
            (
                |to| {
                    to.state = "Ontario".to_owned();
                    to.country = "Canada".to_owned();
                },
                None,
            ),
        ] {
            let mut desk = desk();
            spoil(&mut desk.order.ship_to);
            assert_eq!(desk.says(Code::IncompleteAddress).as_deref(), said);
        }
    }
}
