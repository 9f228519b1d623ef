//! Deadlines in business time, and what follows when they pass.

use super::*;
use chrono_tz::America::{Los_Angeles, New_York};
use proptest::prelude::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn hours(zone: Tz) -> Hours {
    Hours {
        zone,
        day: WatchConfig::default().hours,
        days: WorkingDays::default(),
    }
}

#[test]
fn ages_end_in_the_vendors_business_time() {
    let ends = |zone, from, age, end| {
        assert_eq!(
            hours(zone).after(at(from), age),
            at(end),
            "{zone} {from} {age:?}"
        );
    };
    let two = Age::Days(2);
    // Monday 06:05, two days: Wednesday 17:00 EDT
    ends(
        New_York,
        "2025-06-02T10:05:00Z",
        two,
        "2025-06-04T21:00:00Z",
    );
    ends(
        Los_Angeles,
        "2025-06-02T10:05:00Z",
        two,
        "2025-06-05T00:00:00Z",
    );
    // Monday 18:00: counts from Tuesday
    ends(
        New_York,
        "2025-06-02T22:00:00Z",
        two,
        "2025-06-05T21:00:00Z",
    );
}

#[test]
fn weekends_holidays_and_both_changes_of_the_clock_are_passed_over() {
    let ends = |from, age, end| {
        assert_eq!(
            hours(New_York).after(at(from), age),
            at(end),
            "{from} {age:?}"
        );
    };
    let one = Age::Days(1);
    // Friday before Labor Day
    ends("2025-08-29T14:00:00Z", one, "2025-09-02T21:00:00Z");
    // Friday to Monday over the end of daylight saving: 17:00 EST; over its beginning: 17:00 EDT
    ends("2025-10-31T14:00:00Z", one, "2025-11-03T22:00:00Z");
    ends("2026-03-06T15:00:00Z", one, "2026-03-09T21:00:00Z");
    // Friday 16:00, four hours: Monday 12:00; Friday 04:00, two hours: 11:00
    ends(
        "2025-06-06T20:00:00Z",
        Age::Hours(4),
        "2025-06-09T16:00:00Z",
    );
    ends(
        "2025-06-06T08:00:00Z",
        Age::Hours(2),
        "2025-06-06T15:00:00Z",
    );
}

#[test]
fn chases_come_first_in_business_hours_and_then_a_person() {
    let config = WatchConfig::default();
    let hours = hours(New_York);
    let expected = Expected {
        kind: AwaitedKind::Advice,
        due: at("2025-06-06T21:00:00Z"),
    };
    let decide = |chased: &[&str], can, now: &str| {
        let chased: Vec<_> = chased.iter().map(|text| at(text)).collect();
        decide(&expected, &chased, can, &hours, &config, at(now))
    };
    let wait = |until| Move::Wait { until: at(until) };
    let (one, two) = ("2025-06-09T13:00:00Z", "2025-06-11T13:00:00Z");
    assert_eq!(
        decide(&[], true, "2025-06-06T20:59:00Z"),
        wait("2025-06-06T21:00:00Z")
    );
    // Friday evening: Monday 09:00
    assert_eq!(decide(&[], true, "2025-06-06T21:00:00Z"), wait(one));
    assert_eq!(decide(&[], true, one), Move::Chase(1));
    // no run fell into Monday's hours: it is not kept for those of Tuesday
    assert_eq!(decide(&[], true, "2025-06-09T12:00:00Z"), wait(one));
    assert_eq!(decide(&[], true, "2025-06-09T21:00:00Z"), Move::Chase(1));
    assert_eq!(decide(&[], true, "2025-06-10T12:00:00Z"), Move::Chase(1));
    assert_eq!(
        decide(&[one], true, "2025-06-10T20:00:00Z"),
        wait("2025-06-10T21:00:00Z")
    );
    assert_eq!(decide(&[one], true, two), Move::Chase(2));
    assert_eq!(
        decide(&[one, two], true, "2025-06-12T21:00:00Z"),
        Move::Tell
    );
    assert_eq!(decide(&[], false, "2025-06-06T21:00:00Z"), Move::Tell);
}

proptest! {
    #[test]
    fn deadlines_never_come_before_their_beginning(seconds in 1_500_000_000_i64..2_500_000_000, n in 0_u32..60, days in any::<bool>()) {
        let from = Utc.timestamp_opt(seconds, 0).unwrap();
        let age = if days { Age::Days(n) } else { Age::Hours(n) };
        let end = hours(New_York).after(from, age);
        prop_assert!(end >= from);
        prop_assert!(hours(New_York).opens(from) > from);
    }
}
