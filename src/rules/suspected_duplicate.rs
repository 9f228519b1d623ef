//! `suspected_duplicate`: the same customer ordered the same goods within hours, either way.

use super::phrases::shown;
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::rule_settings::{Limit, RuleSettings};
use chrono::TimeDelta;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::SuspectedDuplicate,
    limits: &[HOURS.key],
    check,
};

const HOURS: Limit<i64> = Limit::whole(
    Code::SuspectedDuplicate,
    "hours",
    (1, 8760),
    24,
    "orders alike whose dates are at most this far apart",
);

/// Hours between the dates of two like orders, either way, within which they are suspected.
pub fn hours(settings: &RuleSettings) -> i64 {
    *settings.get(&HOURS)
}

fn check(facts: &Facts, settings: &RuleSettings) -> Option<String> {
    let twin = facts.twin.as_ref()?;
    let apart = facts.order.date.signed_duration_since(twin.date).abs();
    // the caller looks for twins with this limit; a wider search must not make the rule wider
    let hours = hours(settings);
    (apart <= TimeDelta::try_hours(hours)?).then(|| {
        format!(
            "order {} of {} is by the same customer for the same goods, {} apart; \
             orders within {hours} hours are suspected",
            shown(&twin.reference),
            twin.date.format("%Y-%m-%d %H:%M %:z"),
            span(apart),
        )
    })
}

/// A duration in the unit that a person would use.
fn span(time: TimeDelta) -> String {
    match (time.num_hours(), time.num_minutes()) {
        (0, 0) => format!("{} s", time.num_seconds()),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {} min", minutes % 60),
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::rules::Earlier;
    use crate::rules::testing::desk;
    use chrono::TimeDelta;

    #[test]
    fn fires_up_to_the_hours_either_way() {
        let mut desk = desk();
        assert_eq!(desk.says(Code::SuspectedDuplicate), None);
        for (minutes, fires) in [
            (0, true),
            (-20, true),
            (24 * 60, true),
            (-24 * 60, true),
            (24 * 60 + 1, false),
            (-24 * 60 - 1, false),
        ] {
            desk.twin = Some(Earlier {
                reference: "W1".to_owned(),
                date: desk.order.date + TimeDelta::minutes(minutes),
                differences: Vec::new(),
            });
            let said = desk.says(Code::SuspectedDuplicate);
            assert_eq!(said.is_some(), fires, "{minutes}");
            assert!(said.is_none_or(|said| said.starts_with("order W1 of 2025-06-0")));
        }
    }
}
