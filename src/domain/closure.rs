//! The days on which one vendor is closed beside weekends and holidays: inventory, its own holidays, a flood.

use super::calendar::{Calendar, MOST_DAYS, after};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// The most days of one closure.
pub const LONGEST: i64 = 366;

/// Days on which a vendor is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Closure {
    /// The first of them.
    pub from: NaiveDate,
    /// The last of them.
    pub until: NaiveDate,
}

impl Closure {
    /// Each of them.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> {
        let until = self.until;
        self.from.iter_days().take_while(move |day| *day <= until)
    }

    /// Whether a day is one of them.
    pub fn has(&self, day: NaiveDate) -> bool {
        (self.from..=self.until).contains(&day)
    }
}

/// The days on which a vendor works: business days on which it is not closed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkingDays {
    closed: Vec<Closure>,
}

impl WorkingDays {
    /// Those of a vendor that is closed so.
    pub fn but(mut closed: Vec<Closure>) -> WorkingDays {
        closed.sort_unstable();
        WorkingDays { closed }
    }

    /// When the vendor is closed, by the first day.
    pub fn closures(&self) -> &[Closure] {
        &self.closed
    }

    /// The closure that a day is in; the one that ends last.
    pub fn closed_on(&self, day: NaiveDate) -> Option<Closure> {
        let on = self.closed.iter().filter(|one| one.has(day));
        on.max_by_key(|one| one.until).copied()
    }

    /// Whether the vendor works on a day.
    pub fn has(&self, day: NaiveDate) -> bool {
        Calendar::Vendor.is_business_day(day) && self.closed_on(day).is_none()
    }

    /// The day itself if the vendor works then, else the next one.
    pub fn on_or_after(&self, day: NaiveDate) -> NaiveDate {
        let mut day = Calendar::Vendor.on_or_after(day);
        // each step leaves a closure behind
        for _ in 0..=self.closed.len() {
            match self.closed_on(day) {
                Some(closed) => day = Calendar::Vendor.on_or_after(after(closed.until, 1)),
                None => break,
            }
        }
        day
    }

    /// So many working days after a day; from one that is none they count from the next.
    pub fn add(&self, day: NaiveDate, days: u32) -> NaiveDate {
        if self.closed.is_empty() {
            return Calendar::Vendor.add(day, days);
        }
        (0..days.min(MOST_DAYS)).fold(self.on_or_after(day), |day, _| {
            self.on_or_after(after(day, 1))
        })
    }

    /// When the vendor ships what is ordered now. An order that comes after the cut-off (local time; at
    /// the cut-off is in time), or on a day that is none, counts for the next working day; then come
    /// the handling days. The wall clock of the vendor's zone decides, on the days when it is changed,
    /// too: an instant has one local time, also where a local time has two instants or none.
    pub fn ship_date(
        &self,
        now: DateTime<Utc>,
        cutoff: NaiveTime,
        zone: Tz,
        handling_days: u32,
    ) -> NaiveDate {
        let local = now.with_timezone(&zone).naive_local();
        let late = local.time() > cutoff;
        let from = if late && self.has(local.date()) {
            after(local.date(), 1)
        } else {
            local.date()
        };
        self.add(from, handling_days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn closed(all: &[(&str, &str)]) -> WorkingDays {
        let of = |(from, until): &(&str, &str)| Closure {
            from: day(from),
            until: day(until),
        };
        WorkingDays::but(all.iter().map(of).collect())
    }

    #[test]
    fn closed_days_are_passed_over_with_the_weekends_and_holidays_behind_them() {
        // Christmas of 2025 is a Thursday, the 2nd of January a Friday
        let days = closed(&[("2025-12-24", "2026-01-02")]);
        for (from, count, to) in [
            ("2025-12-23", 0, "2025-12-23"),
            ("2025-12-23", 1, "2026-01-05"),
            ("2025-12-22", 3, "2026-01-06"),
            ("2025-12-27", 0, "2026-01-05"),
            ("2025-12-24", 2, "2026-01-07"),
        ] {
            assert_eq!(days.add(day(from), count), day(to), "{from} {count}");
        }
        assert!(days.has(day("2025-12-23")) && !days.has(day("2025-12-29")));
        assert_eq!(days.closed_on(day("2026-01-03")), None);
    }

    #[test]
    fn closures_may_touch_and_overlap() {
        let days = closed(&[
            ("2025-06-09", "2025-06-13"),
            ("2025-06-02", "2025-06-06"),
            ("2025-06-12", "2025-06-17"),
        ]);
        assert_eq!(days.on_or_after(day("2025-06-03")), day("2025-06-18"));
        // Juneteenth is the 19th
        assert_eq!(days.add(day("2025-06-03"), 1), day("2025-06-20"));
        let until = days.closed_on(day("2025-06-13")).map(|one| one.until);
        assert_eq!(until, Some(day("2025-06-17")));
        let all: Vec<NaiveDate> = days.closures().iter().map(|one| one.from).collect();
        assert!(all.is_sorted());
    }
}
