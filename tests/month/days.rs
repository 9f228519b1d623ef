//! Moments and working days, reckoned here by a list and not by poms' own calendar.

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;
use std::collections::BTreeMap;

/// Where the shop is.
pub const SHOP: Tz = chrono_tz::America::New_York;

/// Federal holidays of the autumn of the trial: Columbus, Veterans and Thanksgiving Day, Christmas.
const HOLIDAYS: [(u32, u32); 4] = [(10, 13), (11, 11), (11, 27), (12, 25)];

pub fn text(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Millis, true)
}

pub fn is_working(day: NaiveDate) -> bool {
    let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    !weekend && !HOLIDAYS.contains(&(day.month(), day.day()))
}

/// So many working days after a day.
pub fn working(day: NaiveDate, count: usize) -> NaiveDate {
    let later = (1..).map(|days| day + TimeDelta::days(days));
    match count {
        0 => day,
        count => later.filter(|day| is_working(*day)).nth(count - 1).unwrap(),
    }
}

/// The instant of a wall clock.
pub fn at(zone: Tz, day: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    let local = day.and_hms_opt(hour, minute, 0).unwrap();
    zone.from_local_datetime(&local)
        .earliest()
        .unwrap()
        .to_utc()
}

/// The day that an instant has there.
pub fn day(zone: Tz, moment: DateTime<Utc>) -> NaiveDate {
    moment.with_timezone(&zone).date_naive()
}

/// What will happen, in order.
pub struct Agenda<T> {
    entries: BTreeMap<(DateTime<Utc>, u64), T>,
    count: u64,
}

impl<T> Agenda<T> {
    pub fn new() -> Agenda<T> {
        Agenda {
            entries: BTreeMap::new(),
            count: 0,
        }
    }

    /// Puts something in, behind what is there for the same instant.
    pub fn put(&mut self, at: DateTime<Utc>, what: T) {
        self.count += 1;
        self.entries.insert((at, self.count), what);
    }

    pub fn take(&mut self) -> Option<(DateTime<Utc>, T)> {
        let ((at, _), what) = self.entries.pop_first()?;
        Some((at, what))
    }
}
