//! `stale_order`: the order is older than the limit.

use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::rule_settings::{Limit, RuleSettings};
use chrono::TimeDelta;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::StaleOrder,
    limits: &[MAX_DAYS.key],
    check,
};

const MAX_DAYS: Limit<i64> = Limit::whole(
    Code::StaleOrder,
    "max_days",
    (1, 36_500),
    14,
    "an order older than this many days",
);

fn check(facts: &Facts, settings: &RuleSettings) -> Option<String> {
    let date = facts.order.date;
    let age = facts.now.signed_duration_since(date);
    let limit = *settings.get(&MAX_DAYS);
    (age > TimeDelta::try_days(limit)?).then(|| {
        format!(
            "the order is of {}, {} days ago; the limit is {limit} days",
            date.format("%Y-%m-%d %H:%M %:z"),
            age.num_days(),
        )
    })
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::rules::testing::desk;
    use chrono::TimeDelta;

    #[test]
    fn the_limit_itself_passes() {
        for (days, seconds, fires) in [(14, 0, false), (14, 1, true), (0, 0, false), (-3, 0, false)]
        {
            let mut desk = desk();
            desk.now =
                desk.order.date.to_utc() + TimeDelta::days(days) + TimeDelta::seconds(seconds);
            assert_eq!(
                desk.says(Code::StaleOrder).is_some(),
                fires,
                "{days} {seconds}"
            );
        }
        let mut desk = desk();
        desk.set("stale_order.max_days = 2");
        desk.now = desk.order.date.to_utc() + TimeDelta::days(5);
        assert_eq!(
            desk.says(Code::StaleOrder).as_deref(),
            Some("the order is of 2025-06-02 06:01 -04:00, 5 days ago; the limit is 2 days")
        );
    }
}
