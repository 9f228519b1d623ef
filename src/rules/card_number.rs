//! `card_number`: a payment card number stood in the text; intake masked it.

use super::phrases::{listed, shown};
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::rule_settings::RuleSettings;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::CardNumber,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    let paths: Vec<String> = facts
        .masked
        .iter()
        .take(9)
        .map(|path| shown(path))
        .collect();
    let places = listed(&paths)?;
    let more = facts.masked.len() - paths.len();
    let more = if more > 0 { " and elsewhere" } else { "" };
    let codes = facts.masked.iter().all(|path| is_code(path));
    if codes {
        return Some(format!(
            "a card's security code stood in {places}{more}; it is not kept"
        ));
    }
    Some(format!(
        "a payment card number stood in {places}{more}; it is masked now"
    ))
}

/// Whether the path's last key is one of security codes.
fn is_code(path: &str) -> bool {
    let key = path.rsplit('.').next().unwrap_or_default();
    let key: String = key.chars().filter(char::is_ascii_alphabetic).collect();
    let key = key.to_ascii_lowercase();
    ["cvv", "cvc", "csc", "cvn", "securitycode"]
        .iter()
        .any(|word| key.contains(word))
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::rules::testing::desk;

    #[test]
    fn names_the_places() {
        let mut desk = desk();
        assert_eq!(desk.says(Code::CardNumber), None);
        desk.masked = vec!["comments".to_owned(), "lines[0].description".to_owned()];
        assert_eq!(
            desk.says(Code::CardNumber).as_deref(),
            Some(
                "a payment card number stood in comments and lines[0].description; \
                 it is masked now"
            )
        );
        desk.masked = (0..40).map(|n| format!("k{n}")).collect();
        let said = desk.says(Code::CardNumber).expect("fires");
        assert!(
            said.ends_with("k8 and elsewhere; it is masked now"),
            "{said}"
        );
    }
}
