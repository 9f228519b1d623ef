//! When to try again, when to call somebody, when to give up. Pure.

use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// The numbers; each may be set per site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackoffSettings {
    /// Minutes until the second attempt; doubled after each attempt.
    pub first_minutes: u32,
    /// The longest pause between two attempts, minutes.
    pub longest_minutes: u32,
    /// The longest pause that the other side may ask for (`Retry-After`), minutes.
    pub longest_asked_minutes: u32,
    /// A person is told when a document has been waiting for so long, minutes.
    pub alert_minutes: u32,
    /// A purchase order is a dead letter after so many hours.
    pub purchase_order_hours: u32,
    /// A customer's or an admin's mail is a dead letter after so many hours.
    pub mail_hours: u32,
}

impl Default for BackoffSettings {
    fn default() -> Self {
        BackoffSettings {
            first_minutes: 10,
            longest_minutes: 240,
            longest_asked_minutes: 60,
            alert_minutes: 60,
            purchase_order_hours: 24,
            mail_hours: 120,
        }
    }
}

/// How long a document is worth trying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Goods wait for it.
    PurchaseOrder,
    /// A mail to a customer or an admin.
    Mail,
}

/// What to do after an attempt that was deferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Try again.
    Retry {
        /// Not before.
        at: DateTime<Utc>,
        /// It has been waiting for so long that a person should know.
        alert: bool,
    },
    /// Give up and raise an exception.
    DeadLetter,
}

/// What to do after the `attempts`-th attempt (1 for the first) failed at `now`.
///
/// `jitter` in 0..=1 spreads the pause by ±10 %, so that documents that failed together do not come
/// back together. `asked` is the other side's own wish: it replaces the pause, clamped between the
/// first pause and `longest_asked_minutes`. The last attempt falls on the deadline itself.
pub fn next(
    settings: &BackoffSettings,
    class: Class,
    attempts: u32,
    first_attempt: DateTime<Utc>,
    now: DateTime<Utc>,
    jitter: f64,
    asked: Option<Duration>,
) -> Next {
    let hours = match class {
        Class::PurchaseOrder => settings.purchase_order_hours,
        Class::Mail => settings.mail_hours,
    };
    let deadline = later(first_attempt, i64::from(hours) * 3_600_000);
    if now >= deadline {
        return Next::DeadLetter;
    }
    let pause = match asked {
        Some(wish) => asked_pause(settings, wish),
        None => spread(own_pause(settings, attempts), jitter),
    };
    let at = later(now, pause).min(deadline);
    let alert = now >= later(first_attempt, minutes(settings.alert_minutes));
    Next::Retry { at, alert }
}

/// Milliseconds of the pause after `attempts` attempts, before jitter.
fn own_pause(settings: &BackoffSettings, attempts: u32) -> i64 {
    let doublings = attempts.saturating_sub(1).min(30);
    let pause = minutes(settings.first_minutes).saturating_mul(1 << doublings);
    pause.min(minutes(settings.longest_minutes))
}

fn asked_pause(settings: &BackoffSettings, wish: Duration) -> i64 {
    let least = minutes(settings.first_minutes);
    let most = minutes(settings.longest_asked_minutes).max(least);
    i64::try_from(wish.as_millis())
        .unwrap_or(i64::MAX)
        .clamp(least, most)
}

fn spread(pause: i64, jitter: f64) -> i64 {
    let jitter = if jitter.is_finite() { jitter } else { 0.5 };
    (pause as f64 * (0.9 + 0.2 * jitter.clamp(0.0, 1.0))) as i64
}

fn minutes(minutes: u32) -> i64 {
    i64::from(minutes) * 60_000
}

fn later(moment: DateTime<Utc>, milliseconds: i64) -> DateTime<Utc> {
    TimeDelta::try_milliseconds(milliseconds)
        .and_then(|delta| moment.checked_add_signed(delta))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn start() -> DateTime<Utc> {
        crate::clock::parse("2025-06-02T10:00:00Z").unwrap()
    }

    fn after(attempts: u32, minutes: i64, jitter: f64, asked: Option<u64>) -> Next {
        next(
            &BackoffSettings::default(),
            Class::PurchaseOrder,
            attempts,
            start(),
            start() + TimeDelta::minutes(minutes),
            jitter,
            asked.map(Duration::from_secs),
        )
    }

    fn pause(attempts: u32, minutes: i64, jitter: f64, asked: Option<u64>) -> f64 {
        match after(attempts, minutes, jitter, asked) {
            Next::Retry { at, .. } => (at - start()).num_seconds() as f64 / 60.0 - minutes as f64,
            Next::DeadLetter => f64::NAN,
        }
    }

    #[test]
    fn doubles_from_ten_minutes_to_four_hours() {
        let pauses: Vec<f64> = (1..=8).map(|n| pause(n, 0, 0.5, None)).collect();
        assert_eq!(pauses, [10.0, 20.0, 40.0, 80.0, 160.0, 240.0, 240.0, 240.0]);
        assert_eq!(pause(u32::MAX, 0, 0.5, None), 240.0);
        assert_eq!(
            (pause(1, 0, 0.0, None), pause(1, 0, 1.0, None)),
            (9.0, 11.0)
        );
    }

    #[test]
    fn the_last_attempt_is_on_the_deadline_and_then_it_is_dead() {
        assert_eq!(pause(9, 1439, 0.5, None), 1.0);
        assert_eq!(after(10, 1440, 0.5, None), Next::DeadLetter);
        let customer = next(
            &BackoffSettings::default(),
            Class::Mail,
            30,
            start(),
            start() + TimeDelta::hours(119),
            0.5,
            None,
        );
        assert!(
            matches!(customer, Next::Retry { alert: true, at } if at == start() + TimeDelta::hours(120))
        );
    }

    #[test]
    fn a_person_is_told_after_an_hour() {
        assert!(matches!(
            after(3, 59, 0.5, None),
            Next::Retry { alert: false, .. }
        ));
        assert!(matches!(
            after(4, 60, 0.5, None),
            Next::Retry { alert: true, .. }
        ));
    }

    #[test]
    fn the_other_sides_wish_is_honoured_within_bounds() {
        assert_eq!(pause(5, 0, 0.9, Some(1)), 10.0);
        assert_eq!(pause(1, 0, 0.9, Some(1800)), 30.0);
        assert_eq!(pause(1, 0, 0.9, Some(u64::MAX)), 60.0);
    }

    proptest! {
        #[test]
        fn never_panics_and_never_in_the_past(
            attempts: u32, first: i32, now: i32, jitter: f64, asked: Option<u64>,
            first_minutes: u32, longest_minutes: u32,
        ) {
            let settings = BackoffSettings { first_minutes, longest_minutes, ..Default::default() };
            let at = |seconds: i32| start() + TimeDelta::seconds(i64::from(seconds));
            let verdict = next(&settings, Class::Mail, attempts, at(first), at(now), jitter,
                asked.map(Duration::from_secs));
            if let Next::Retry { at: when, .. } = verdict {
                prop_assert!(when >= at(now));
            }
        }
    }
}
