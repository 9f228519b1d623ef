//! Dates as spreadsheets and people write them.

use chrono::{DateTime, Datelike, Days, NaiveDate};
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// What stands first in `12/3/2025`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First {
    /// As in the US.
    Month,
    /// As in most other places.
    Day,
}

/// A date, and how else it could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadDate {
    /// The likelier reading.
    pub date: NaiveDate,
    /// The date with day and month changed, where the text allows it.
    pub other: Option<NaiveDate>,
    /// What stands first, where the text itself decides it: one of the two is above twelve.
    pub shows: Option<First>,
}

/// A regular expression of this house, compiled at its first use. All are compiled by tests.
macro_rules! pattern {
    ($name:ident, $pattern:expr) => {
        static $name: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new($pattern).ok());
    };
}

pattern!(ISO, r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ].*)?$");
pattern!(
    NUMERIC,
    r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[ t,].*)?$"
);
pattern!(
    MONTH_DAY,
    r"^([a-z]{3,9})\.?[ -]+(\d{1,2})(?:st|nd|rd|th)?,?[ -]+(\d{4}|\d{2})(?:[ ,t].*)?$"
);
pattern!(
    DAY_MONTH,
    r"^(\d{1,2})(?:st|nd|rd|th)?[ .-]+([a-z]{3,9})\.?[ ,-]+(\d{4}|\d{2})(?:[ ,t].*)?$"
);
pattern!(DIGITS, r"^(\d{5,13})(?:\.\d+)?$");
pattern!(
    WEEKDAY,
    r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+"
);

fn captures<'t>(pattern: &LazyLock<Option<Regex>>, text: &'t str) -> Option<Captures<'t>> {
    pattern.as_ref()?.captures(text)
}

/// Reads a whole text as a date with a year: `2025-12-03`, `12/03/2025`, `12-3-25`, `3.12.2025`,
/// `Dec 3, 2025`, `3-Dec-25`, with or without weekday and time of day; `20251203`; UNIX seconds or
/// milliseconds (UTC); a spreadsheet's day number. `first` says how `12/03` is meant; without it as
/// in the US. `None` when it is none, or not in 2000 to 2099.
pub fn parse(text: &str, first: Option<First>) -> Option<ReadDate> {
    let text = text.trim().trim_matches(['"', '\'']).to_lowercase();
    if text.len() > 64 {
        return None;
    }
    let text = match captures(&WEEKDAY, &text) {
        Some(found) => text[found.get(0)?.end()..].to_owned(),
        None => text,
    };
    if let Some(found) = captures(&ISO, &text) {
        return plain(date(&found[1], &found[2], &found[3])?);
    }
    if let Some(found) = captures(&NUMERIC, &text) {
        // With dots the day stands first wherever dots are used.
        let dotted = text.as_bytes().get(found[1].len()) == Some(&b'.');
        let first = if dotted { Some(First::Day) } else { first };
        return numeric(&found[1], &found[2], &found[3], first);
    }
    if let Some(found) = captures(&MONTH_DAY, &text) {
        return plain(date(&found[3], month(&found[1])?, &found[2])?);
    }
    if let Some(found) = captures(&DAY_MONTH, &text) {
        return plain(date(&found[3], month(&found[2])?, &found[1])?);
    }
    digits(&captures(&DIGITS, &text)?[1])
}

fn plain(date: NaiveDate) -> Option<ReadDate> {
    Some(ReadDate {
        date,
        other: None,
        shows: None,
    })
}

fn numeric(a: &str, b: &str, year: &str, first: Option<First>) -> Option<ReadDate> {
    let us = date(year, a, b);
    let other = date(year, b, a);
    let (likely, unlikely) = match first {
        Some(First::Day) => (other, us),
        _ => (us, other),
    };
    let shows = match (us, other) {
        (Some(_), None) => Some(First::Month),
        (None, Some(_)) => Some(First::Day),
        _ => None,
    };
    let date = likely.or(unlikely)?;
    // An order that is known leaves nothing open.
    let other = unlikely.filter(|other| *other != date && first.is_none());
    Some(ReadDate { date, other, shows })
}

fn digits(text: &str) -> Option<ReadDate> {
    let number: i64 = text.parse().ok()?;
    let found = match text.len() {
        5 => NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(number as u64))?,
        8 => date(&text[..4], &text[4..6], &text[6..])
            .or_else(|| date(&text[4..], &text[..2], &text[2..4]))?,
        10 => DateTime::from_timestamp(number, 0)?.date_naive(),
        13 => DateTime::from_timestamp_millis(number)?.date_naive(),
        _ => return None,
    };
    plain(in_range(found)?)
}

fn in_range(date: NaiveDate) -> Option<NaiveDate> {
    (2000..2100).contains(&date.year()).then_some(date)
}

fn date(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let century = if year.len() == 2 { 2000 } else { 0 };
    let year: i32 = year.parse().ok()?;
    in_range(NaiveDate::from_ymd_opt(
        century + year,
        month.parse().ok()?,
        day.parse().ok()?,
    )?)
}

/// The number of an English month, written out or as its first three or four letters.
pub fn month(name: &str) -> Option<&'static str> {
    const MONTHS: [(&str, &str); 12] = [
        ("january", "1"),
        ("february", "2"),
        ("march", "3"),
        ("april", "4"),
        ("may", "5"),
        ("june", "6"),
        ("july", "7"),
        ("august", "8"),
        ("september", "9"),
        ("october", "10"),
        ("november", "11"),
        ("december", "12"),
    ];
    let name = name.to_lowercase();
    let fits = |month: &str| name.len() >= 3 && month.starts_with(&name);
    MONTHS
        .iter()
        .find(|(month, _)| fits(month))
        .map(|(_, number)| *number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn spellings() {
        for text in [
            "2025-12-23",
            "2025/12/23",
            "2025-12-23 15:00:00.000",
            "2025-12-23T15:00:00Z",
            "12/23/2025",
            "12/23/25",
            "12-23-2025",
            "23.12.2025",
            "23/12/2025",
            "20251223",
            "12232025",
            "Dec 23, 2025",
            "December 23rd 2025",
            "Tue, 23 Dec 2025",
            "23-Dec-25",
            "Tuesday 12/23/2025",
            "Tue 12/23/2025 12:00 AM",
            "1766448000",
            "1766448000000",
            "46014",
            "46014.625",
            "Dec. 23, 2025",
            " 23 december 2025 ",
        ] {
            assert_eq!(
                parse(text, None).map(|f| f.date),
                Some(day("2025-12-23")),
                "{text}"
            );
        }
        for text in [
            "",
            "soon",
            "2025-02-30",
            "13/13/2025",
            "1999-01-01",
            "2/29/2025",
            "99999",
            "12345678901234",
        ] {
            assert_eq!(parse(text, None), None, "{text}");
        }
    }

    #[test]
    fn which_of_two_readings() {
        let found = parse("03/04/2025", None).unwrap();
        assert_eq!(
            (found.date, found.other),
            (day("2025-03-04"), Some(day("2025-04-03")))
        );
        let found = parse("03/04/2025", Some(First::Day)).unwrap();
        assert_eq!((found.date, found.other), (day("2025-04-03"), None));
        assert_eq!(parse("03/03/2025", None).unwrap().other, None);
        assert_eq!(parse("25/03/2025", None).unwrap().shows, Some(First::Day));
        assert_eq!(parse("03/25/2025", None).unwrap().shows, Some(First::Month));
    }

    #[test]
    fn patterns_compile() {
        for pattern in [&ISO, &NUMERIC, &MONTH_DAY, &DAY_MONTH, &DIGITS, &WEEKDAY] {
            assert!(pattern.is_some());
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,40}", digits in "[0-9/. -]{0,16}") {
            parse(&text, None);
            parse(&digits, Some(First::Day));
        }
    }
}
