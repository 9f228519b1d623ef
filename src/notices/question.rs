//! The mail that asks a customer what shall become of goods that do not come as ordered.

use super::customer::{Expected, NoticeCommon, NoticeItem};
use super::queue::Hours;
use crate::domain::address::Address;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, TimeZone, Utc};
use serde::{Deserialize, Serialize};

/// What the mail says.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct QuestionContext {
    /// What all have.
    #[serde(flatten)]
    pub about: NoticeCommon,
    /// Why: `rejected`, `backordered` or `late`.
    pub kind: String,
    /// What it is about.
    pub items: Vec<NoticeItem>,
    /// When it would come, if that is known.
    pub expected_date: Option<NaiveDate>,
    /// Whether that is an estimate.
    pub estimate: bool,
    /// What else of the order is still to come.
    pub others: Vec<Expected>,
    /// Whether something would be left of the order without it.
    pub divisible: bool,
    /// Whether the whole order can still be cancelled: nothing of it has left.
    pub cancellable: bool,
    /// The last day for the answer.
    pub answer_by: NaiveDate,
    /// What follows without one: `tell`, `wait` or `take-off`.
    pub unanswered: String,
}

/// The last day on which a customer (at the address `to`) may answer who is asked now, in the
/// customer's own zone, and the moment at which it is over. The days begin when quiet hours end.
pub fn deadline(
    to: &Address,
    hours: &Hours,
    days: u32,
    now: DateTime<Utc>,
) -> (NaiveDate, DateTime<Utc>) {
    let zone = hours.zone(to);
    let sent = hours.end(to, now).unwrap_or(now).with_timezone(&zone);
    let day = sent.date_naive();
    let last = day.checked_add_days(Days::new(days.into())).unwrap_or(day);
    let next = last.succ_opt().unwrap_or(last);
    let midnight = next.and_time(chrono::NaiveTime::MIN);
    // a midnight that the clock skips is an hour later
    let ends = [0, 1].into_iter().find_map(|hour| {
        let wanted = midnight + TimeDelta::hours(hour);
        zone.from_local_datetime(&wanted).latest()
    });
    let ends = ends.map_or(now, |at| at.to_utc());
    (last, ends)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::zones::QuietHours;
    use crate::testing;

    #[test]
    fn days_end_by_the_customers_own_clock() {
        let hours = Hours {
            quiet: QuietHours::parse("21:00-08:00"),
            site: chrono_tz::America::New_York,
        };
        for (zip, now, day, ends) in [
            // 21:30 in Missouri: the mail goes the next morning
            (
                "65367",
                "2025-06-03T02:30:00Z",
                "2025-06-08",
                "2025-06-09T05:00:00Z",
            ),
            (
                "65367",
                "2025-06-02T15:00:00Z",
                "2025-06-07",
                "2025-06-08T05:00:00Z",
            ),
            (
                "97201",
                "2025-06-02T18:00:00Z",
                "2025-06-07",
                "2025-06-08T07:00:00Z",
            ),
            // over the end of summer time
            (
                "02139",
                "2025-10-30T15:00:00Z",
                "2025-11-04",
                "2025-11-05T05:00:00Z",
            ),
        ] {
            let mut to = testing::order().ship_to;
            to.zip = zip.to_owned();
            let (last, end) = deadline(&to, &hours, 5, now.parse().unwrap());
            assert_eq!(last.to_string(), day, "{zip} {now}");
            assert_eq!(end, ends.parse::<DateTime<Utc>>().unwrap(), "{zip} {now}");
        }
    }
}
