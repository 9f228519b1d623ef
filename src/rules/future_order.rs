//! `future_order`: the order is dated further ahead than the limit.

use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::rule_settings::{Limit, RuleSettings};
use chrono::TimeDelta;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::FutureOrder,
    limits: &[MAX_HOURS.key],
    check,
};

const MAX_HOURS: Limit<i64> = Limit::whole(
    Code::FutureOrder,
    "max_hours",
    (0, 87_600),
    24,
    "an order dated more than this many hours ahead",
);

fn check(facts: &Facts, settings: &RuleSettings) -> Option<String> {
    let date = facts.order.date;
    let ahead = date.signed_duration_since(facts.now);
    let limit = *settings.get(&MAX_HOURS);
    (ahead > TimeDelta::try_hours(limit)?).then(|| {
        format!(
            "the order is dated {}, {} ahead; the limit is {}",
            date.format("%Y-%m-%d %H:%M %:z"),
            hours(ahead.num_hours()),
            hours(limit),
        )
    })
}

fn hours(number: i64) -> String {
    format!("{number} hour{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::rules::testing::desk;
    use chrono::TimeDelta;

    #[test]
    fn the_limit_itself_passes() {
        for (hours, seconds, fires) in [
            (24, 0, false),
            (24, 1, true),
            (0, 0, false),
            (-99, 0, false),
        ] {
            let mut desk = desk();
            desk.now =
                desk.order.date.to_utc() - TimeDelta::hours(hours) - TimeDelta::seconds(seconds);
            assert_eq!(
                desk.says(Code::FutureOrder).is_some(),
                fires,
                "{hours} {seconds}"
            );
        }
        let mut desk = desk();
        desk.set("future_order.max_hours = 0");
        desk.now = desk.order.date.to_utc() - TimeDelta::hours(30);
        assert_eq!(
            desk.says(Code::FutureOrder).as_deref(),
            Some(
                "the order is dated 2025-06-02 06:01 -04:00, 30 hours ahead; the limit is 0 hours"
            )
        );
    }
}
