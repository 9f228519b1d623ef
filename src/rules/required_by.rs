//! `required_by`: the day by which the customer needs the goods is no day, is past, or comes before
//! the goods can be there.

use super::phrases::shown;
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::rule_settings::RuleSettings;
use chrono::{DateTime, NaiveDate};

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::RequiredBy,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    let text = facts.order.required_by.as_deref()?.trim();
    if text.is_empty() {
        return None;
    }
    let Some(day) = day(text) else {
        return Some(format!(
            "required_by '{}' is no day such as 2025-06-13: nobody looks after it",
            shown(text)
        ));
    };
    let expected = facts.around.expected;
    match (day < facts.around.today, expected) {
        (true, _) => Some(format!("required_by {day} is past")),
        (_, Some(expected)) if day < expected => Some(format!(
            "the customer needs it by {day}, and poms reckons with {expected}"
        )),
        _ => None,
    }
}

/// The day that is meant, as shops write it: ISO 8601 or as in the US; a time behind it says nothing.
fn day(text: &str) -> Option<NaiveDate> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment.date_naive());
    }
    let date = text.split(['T', ' ']).next().unwrap_or_default();
    let forms = [
        (text, "%B %d, %Y"),
        (text, "%b %d, %Y"),
        (date, "%Y-%m-%d"),
        (date, "%m/%d/%Y"),
    ];
    let mut days = forms
        .iter()
        .filter_map(|(text, form)| NaiveDate::parse_from_str(text, form).ok());
    days.find(|day| chrono::Datelike::year(day) >= 1000)
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::rules::testing::desk;

    #[test]
    fn a_day_that_cannot_be_kept_is_named() {
        for (text, said) in [
            (None, None),
            (Some(" "), None),
            (Some("2025-06-13"), None),
            (Some("06/13/2025"), None),
            (Some("June 13, 2025"), None),
            (Some("2025-06-13T12:00:00-04:00"), None),
            (Some("2025-06-01"), Some("required_by 2025-06-01 is past")),
            (Some("06/01/2025"), Some("required_by 2025-06-01 is past")),
            (
                Some("2025-06-04"),
                Some("the customer needs it by 2025-06-04, and poms reckons with 2025-06-09"),
            ),
            (
                Some("asap"),
                Some("required_by 'asap' is no day such as 2025-06-13: nobody looks after it"),
            ),
        ] {
            let mut desk = desk();
            desk.around.expected = "2025-06-09".parse().ok();
            desk.order.required_by = text.map(str::to_owned);
            assert_eq!(desk.says(Code::RequiredBy).as_deref(), said, "{text:?}");
        }
    }
}
