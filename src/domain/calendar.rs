//! When goods leave and arrive: business days by the published rules for holidays, not by a list
//! that someone must keep.
//!
//! Federal holidays: 5 U.S.C. 6103 (a) and (b), Executive Order 11582: one that falls on a Saturday
//! is kept on the Friday before, on a Sunday on the Monday after. UPS: New Year's Day, Memorial Day,
//! Independence Day, Labor Day, Thanksgiving and Christmas without pickup and delivery; on a Sunday
//! the Monday after is one, too, on a Saturday no other day is (as in July 2020, July 2021 and
//! January 2023). The day after Thanksgiving, 24 and 31 December are ordinary days of UPS Ground.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;

/// Whose holidays count. Saturdays and Sundays are no business days for either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calendar {
    /// A vendor's warehouse: closed on federal holidays, and when UPS does not pick up.
    Vendor,
    /// UPS: pickup and delivery.
    Ups,
    /// The federal government, and so the post.
    Federal,
}

/// Most business days that are counted; about twelve years.
pub const MOST_DAYS: u32 = 3_000;

/// How a holiday's day is found.
#[derive(Clone, Copy)]
enum HolidayRule {
    /// Month and day.
    Fixed(u32, u32),
    /// Month, weekday, and which one.
    Nth(u32, Weekday, u8),
    /// The last one of the month.
    Last(u32, Weekday),
}

/// Name, rule, first year, and whether UPS keeps it, too.
const HOLIDAYS: &[(&str, HolidayRule, i32, bool)] = &[
    ("New Year's Day", HolidayRule::Fixed(1, 1), 1871, true),
    (
        "Birthday of Martin Luther King, Jr.",
        HolidayRule::Nth(1, Weekday::Mon, 3),
        1986,
        false,
    ),
    (
        "Washington's Birthday",
        HolidayRule::Nth(2, Weekday::Mon, 3),
        1971,
        false,
    ),
    (
        "Memorial Day",
        HolidayRule::Last(5, Weekday::Mon),
        1971,
        true,
    ),
    (
        "Juneteenth National Independence Day",
        HolidayRule::Fixed(6, 19),
        2021,
        false,
    ),
    ("Independence Day", HolidayRule::Fixed(7, 4), 1871, true),
    (
        "Labor Day",
        HolidayRule::Nth(9, Weekday::Mon, 1),
        1894,
        true,
    ),
    (
        "Columbus Day",
        HolidayRule::Nth(10, Weekday::Mon, 2),
        1971,
        false,
    ),
    ("Veterans Day", HolidayRule::Fixed(11, 11), 1978, false),
    (
        "Thanksgiving Day",
        HolidayRule::Nth(11, Weekday::Thu, 4),
        1942,
        true,
    ),
    ("Christmas Day", HolidayRule::Fixed(12, 25), 1871, true),
];

impl HolidayRule {
    fn day(self, year: i32) -> Option<NaiveDate> {
        match self {
            HolidayRule::Fixed(month, day) => NaiveDate::from_ymd_opt(year, month, day),
            HolidayRule::Nth(month, weekday, nth) => {
                NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth)
            }
            HolidayRule::Last(month, weekday) => [5, 4]
                .iter()
                .find_map(|nth| NaiveDate::from_weekday_of_month_opt(year, month, weekday, *nth)),
        }
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// So many days later.
pub(super) fn after(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(Days::new(days)).unwrap_or(date)
}

impl Calendar {
    /// The holiday kept on a day, if any; the day itself and the one to which it is moved.
    pub fn holiday(self, date: NaiveDate) -> Option<&'static str> {
        // New Year's Day of the next year may be kept on 31 December.
        let years = [date.year(), date.year() + 1];
        HOLIDAYS.iter().find_map(|(name, rule, since, ups)| {
            let kept = years.iter().filter(|year| *year >= since).any(|year| {
                let Some(day) = rule.day(*year) else {
                    return false;
                };
                let moved = match day.weekday() {
                    Weekday::Sun => after(day, 1),
                    Weekday::Sat if self != Calendar::Ups => day.pred_opt().unwrap_or(day),
                    _ => day,
                };
                (*ups || self != Calendar::Ups) && (date == day || date == moved)
            });
            kept.then_some(*name)
        })
    }

    /// Whether it is neither weekend nor holiday.
    pub fn is_business_day(self, date: NaiveDate) -> bool {
        !is_weekend(date) && self.holiday(date).is_none()
    }

    /// The day itself if it is a business day, else the next one.
    pub fn on_or_after(self, date: NaiveDate) -> NaiveDate {
        // No weekend with its holidays is longer than a week.
        (0..=14)
            .map(|days| after(date, days))
            .find(|day| self.is_business_day(*day))
            .unwrap_or(date)
    }

    /// So many business days after a day; from a weekend or holiday they count from the next
    /// business day. At most [`MOST_DAYS`] are counted.
    pub fn add(self, date: NaiveDate, days: u32) -> NaiveDate {
        (0..days.min(MOST_DAYS)).fold(self.on_or_after(date), |day, _| {
            self.on_or_after(after(day, 1))
        })
    }
}

/// The first moment of a day where people are: where clocks skip midnight, the first one behind it.
pub fn day_begins(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    // a day at either end of the calendar has no minutes to look at
    let mut minutes =
        (0..=180).filter_map(|minute| midnight.checked_add_signed(TimeDelta::minutes(minute)));
    let first = minutes.find_map(|local| zone.from_local_datetime(&local).earliest());
    first.map_or_else(|| midnight.and_utc(), |first| first.to_utc())
}

/// When UPS delivers what ships on a day, by business days in transit.
pub fn deliver_date(ship: NaiveDate, transit_business_days: u32) -> NaiveDate {
    Calendar::Ups.add(ship, transit_business_days)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::closure::WorkingDays;
    use chrono_tz::America::{Chicago, Los_Angeles, New_York, Phoenix};
    use chrono_tz::Pacific::Honolulu;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn time(text: &str) -> NaiveTime {
        NaiveTime::parse_from_str(text, "%H:%M").unwrap()
    }

    /// Holidays of a year on weekdays.
    fn kept(calendar: Calendar, year: i32) -> Vec<String> {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let days = first.iter_days().take_while(|day| day.year() == year);
        let kept = days.filter(|day| !is_weekend(*day) && calendar.holiday(*day).is_some());
        kept.map(|day| day.format("%m-%d").to_string()).collect()
    }

    /// OPM's published tables of federal holidays, 2021 to 2028.
    #[test]
    fn federal_holidays() {
        for (year, days) in [
            (
                2020,
                "01-01 01-20 02-17 05-25 07-03 09-07 10-12 11-11 11-26 12-25",
            ),
            (
                2021,
                "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
            ),
            (
                2022,
                "01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26",
            ),
            (
                2023,
                "01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25",
            ),
            (
                2024,
                "01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25",
            ),
            (
                2025,
                "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25",
            ),
            (
                2026,
                "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
            ),
            (
                2027,
                "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
            ),
            (
                2028,
                "01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25",
            ),
        ] {
            assert_eq!(kept(Calendar::Federal, year).join(" "), days, "{year}");
        }
    }

    #[test]
    fn ups_holidays() {
        for (year, days) in [
            (2020, "01-01 05-25 09-07 11-26 12-25"),
            (2021, "01-01 05-31 07-05 09-06 11-25"),
            (2022, "05-30 07-04 09-05 11-24 12-26"),
            (2023, "01-02 05-29 07-04 09-04 11-23 12-25"),
            (2025, "01-01 05-26 07-04 09-01 11-27 12-25"),
            (2026, "01-01 05-25 09-07 11-26 12-25"),
        ] {
            assert_eq!(kept(Calendar::Ups, year).join(" "), days, "{year}");
        }
    }

    #[test]
    fn transit_over_holidays_and_leap_day() {
        for (ship, transit, arrives) in [
            ("2025-11-26", 1, "2025-11-28"), // Thanksgiving between
            ("2025-11-26", 3, "2025-12-02"),
            ("2025-12-24", 1, "2025-12-26"), // Christmas on a Thursday
            ("2025-12-31", 2, "2026-01-05"), // New Year's Day on a Thursday
            ("2022-12-23", 1, "2022-12-27"), // Christmas on a Sunday, kept on Monday
            ("2021-12-23", 1, "2021-12-24"), // Christmas on a Saturday moves nothing for UPS
            ("2021-12-24", 1, "2021-12-27"),
            ("2028-02-28", 1, "2028-02-29"), // leap day, a Tuesday
            ("2028-02-29", 1, "2028-03-01"),
            ("2024-02-28", 2, "2024-03-01"),
            ("2025-10-10", 1, "2025-10-13"), // UPS delivers on Columbus Day
            ("2025-12-05", 0, "2025-12-05"),
            ("2025-12-06", 1, "2025-12-09"), // given to UPS on a Saturday
        ] {
            assert_eq!(
                deliver_date(day(ship), transit),
                day(arrives),
                "{ship} + {transit}"
            );
        }
    }

    #[test]
    fn cutoff_zone_and_handling() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        for (now, cutoff, zone, handling, ships) in [
            ("2025-12-03T18:59:00Z", "14:00", New_York, 0, "2025-12-03"), // 13:59 there
            ("2025-12-03T19:00:00Z", "14:00", New_York, 0, "2025-12-03"), // in time
            ("2025-12-03T19:00:01Z", "14:00", New_York, 0, "2025-12-04"),
            ("2025-12-03T19:00:01Z", "14:00", Chicago, 0, "2025-12-03"),
            (
                "2025-12-03T19:00:01Z",
                "14:00",
                Los_Angeles,
                1,
                "2025-12-04",
            ),
            (
                "2025-12-04T03:00:00Z",
                "18:00",
                Los_Angeles,
                0,
                "2025-12-04",
            ), // 19:00 on the 3rd
            ("2025-12-04T03:00:00Z", "18:00", Honolulu, 0, "2025-12-03"), // 17:00 on the 3rd
            ("2025-12-05T23:00:00Z", "14:00", New_York, 1, "2025-12-09"), // Friday, late
            ("2025-12-06T15:00:00Z", "14:00", New_York, 1, "2025-12-09"), // Saturday
            ("2025-12-07T23:59:00Z", "14:00", New_York, 0, "2025-12-08"), // Sunday, late: no matter
            ("2025-11-26T20:00:00Z", "14:00", New_York, 0, "2025-11-28"), // before Thanksgiving
            ("2025-12-24T15:00:00Z", "14:00", New_York, 2, "2025-12-29"), // Christmas on a Thursday
            ("2026-07-02T15:00:00Z", "14:00", New_York, 1, "2026-07-06"), // 4 July on a Saturday
            ("2027-12-31T15:00:00Z", "14:00", New_York, 0, "2028-01-03"), // New Year's Day kept
            ("2028-02-28T15:00:00Z", "14:00", Chicago, 1, "2028-02-29"),
        ] {
            let ship = WorkingDays::default().ship_date(at(now), time(cutoff), zone, handling);
            assert_eq!(ship, day(ships), "{now} {zone}");
        }
    }

    /// 8 March and 1 November 2026: at 02:00 the clock goes forward, then back. Both are Sundays;
    /// what is before the cut-off on Friday and Monday stays so by the wall clock.
    #[test]
    fn both_edges_of_daylight_saving() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        for (now, zone, ships) in [
            ("2026-03-06T19:30:00Z", New_York, "2026-03-09"), // Friday 14:30 EST
            ("2026-03-08T06:30:00Z", New_York, "2026-03-09"), // 01:30, before the gap
            ("2026-03-08T07:30:00Z", New_York, "2026-03-09"), // 03:30, after it
            ("2026-03-09T17:30:00Z", New_York, "2026-03-09"), // Monday 13:30 EDT
            ("2026-03-09T18:30:00Z", New_York, "2026-03-10"), // Monday 14:30 EDT
            ("2026-03-09T20:30:00Z", Phoenix, "2026-03-09"),  // 13:30, no change there
            ("2026-11-01T05:30:00Z", New_York, "2026-11-02"), // 01:30, first time
            ("2026-11-01T06:30:00Z", New_York, "2026-11-02"), // 01:30, second time
            ("2026-11-02T18:30:00Z", New_York, "2026-11-02"), // Monday 13:30 EST
            ("2026-11-02T19:30:00Z", New_York, "2026-11-03"), // Monday 14:30 EST
        ] {
            assert_eq!(
                WorkingDays::default().ship_date(at(now), time("14:00"), zone, 0),
                day(ships),
                "{now} {zone}"
            );
        }
    }

    proptest! {
        #[test]
        fn every_ship_date_is_a_business_day(seconds in 1_500_000_000_i64..2_500_000_000, handling in 0_u32..30, transit in 0_u32..30) {
            let now = Utc.timestamp_opt(seconds, 0).unwrap();
            let ship = WorkingDays::default().ship_date(now, time("15:00"), Chicago, handling);
            let arrives = deliver_date(ship, transit);
            prop_assert!(Calendar::Vendor.is_business_day(ship) && Calendar::Ups.is_business_day(arrives));
            prop_assert!(ship >= now.with_timezone(&Chicago).date_naive() && arrives >= ship);
            let between = (1..=(arrives - ship).num_days()).filter(|n| Calendar::Ups.is_business_day(after(ship, *n as u64)));
            prop_assert_eq!(between.count() as u32, transit);
        }

        #[test]
        fn never_panics(days in any::<u32>()) {
            deliver_date(NaiveDate::MAX, days % 50);
            Calendar::Federal.holiday(NaiveDate::MIN);
            Calendar::Vendor.add(day("2025-12-03"), days);
        }
    }
}
