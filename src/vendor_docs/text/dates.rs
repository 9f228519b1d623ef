//! Dates as spreadsheets and people write them.

use chrono::{DateTime, Datelike, Days, NaiveDate, Weekday};
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

pattern!(ISO, r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(|[t ,].*)$");
pattern!(
    NUMERIC,
    r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(|[t ,].*)$"
);
pattern!(
    MONTH_DAY,
    r"^([a-z]{3,9})\.?[ -]+(\d{1,2})(?:st|nd|rd|th)?,?[ -]+(\d{4}|\d{2})(|[t ,].*)$"
);
pattern!(
    DAY_MONTH,
    r"^(\d{1,2})(?:st|nd|rd|th)?(?:[ .-]+| of )([a-z]{3,9})\.?[ ,-]+(\d{4}|\d{2})(|[t ,].*)$"
);
pattern!(DIGITS, r"^(\d{5}(?:\.\d+)?|\d{8}|\d{10}|\d{13})$");
// a weekday is given back by its first three letters
pattern!(
    WEEKDAY,
    r"^(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|r|rs|ur)?(?:day)?\.?,?\s+"
);
// "T15:00:00.000Z", " 12:00 AM", ", 3:05 p.m. CST", " 10:00:00 GMT-0600 (Central Standard Time)"
pattern!(
    TIME,
    concat!(
        r"^(?:t|,? ?(?:at |@ ?)?)(?:(?:[01]?\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:[.,]\d{1,9})?)?(?: ?[ap]\.?m\.?)?|(?:1[0-2]|0?[1-9]) ?[ap]\.?m\.?)",
        r"(?: ?(?:z|(?:utc|gmt)?[+-](?:0\d|1[0-4]):?(?:[0-5]\d)?|utc|gmt|(?:e|c|m|p|ak|h)[sd]?t|cet|cest)){0,2}",
        r"(?: ?\((?:utc|gmt|(?:e|c|m|p|ak|h)[sd]?t|(?:eastern|central|mountain|pacific|alaska|hawaii(?:-aleutian)?) (?:standard|daylight) time|coordinated universal time)\))?$"
    )
);
pattern!(
    DAY_BEHIND,
    r"^,? ?\(?(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|r|rs|ur)?(?:day)?\.?\)?$"
);

fn captures<'t>(pattern: &LazyLock<Option<Regex>>, text: &'t str) -> Option<Captures<'t>> {
    pattern.as_ref()?.captures(text)
}

/// Reads a whole text as a date with a year: `2025-12-03`, `12/03/2025`, `12-3-25`, `3.12.2025`,
/// `Dec 3, 2025`, `3-Dec-25`, with or without its weekday and a time of day; `20251203`; UNIX seconds
/// or milliseconds (UTC); a spreadsheet's day number. Every character counts: a date with another word
/// beside it ("2025-12-03 void"), with a time that is none or with another day's name is no date.
/// `first` says how `12/03` is meant; without it as in the US. `None` when it is none, or not in 2000
/// to 2099.
pub fn parse(text: &str, first: Option<First>) -> Option<ReadDate> {
    let text = text.trim().trim_matches(['"', '\'']).to_lowercase();
    if text.len() > 80 {
        return None;
    }
    let (named, text) = match captures(&WEEKDAY, &text) {
        Some(found) => (
            found[1].parse::<Weekday>().ok(),
            text[found.get(0)?.end()..].to_owned(),
        ),
        None => (None, text),
    };
    let (found, rest) = begins(&text, first)?;
    let behind = match captures(&DAY_BEHIND, rest) {
        Some(day) => day[1].parse::<Weekday>().ok(),
        None => None,
    };
    let whole = behind.is_some()
        || matches!(rest.trim_end(), "" | "," | ".")
        || captures(&TIME, rest.trim_end()).is_some();
    whole.then_some(())?;
    [named, behind]
        .into_iter()
        .flatten()
        .try_fold(found, of_weekday)
}

/// Whether a text begins with a date and goes on with what makes it none: "2025-12-03 planned".
pub fn marred(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    let named = captures(&WEEKDAY, &text).and_then(|found| found.get(0));
    let from = named.map_or(0, |named| named.end());
    begins(&text[from..], None).is_some() && parse(&text, None).is_none()
}

/// Whether a cell says that no day is known yet.
pub fn undated(cell: &str) -> bool {
    let words = cell.to_lowercase().replace('.', "");
    let words = words.trim_matches(['?', '!', '(', ')', ' ']);
    matches!(
        words,
        "" | "tbd"
            | "tbc"
            | "tba"
            | "to be determined"
            | "to be confirmed"
            | "to be announced"
            | "to be advised"
            | "unknown"
            | "not known"
            | "n/a"
            | "na"
            | "none"
    )
}

/// The readings of a date that fall on a weekday.
fn of_weekday(found: ReadDate, day: Weekday) -> Option<ReadDate> {
    let fits = |date: &NaiveDate| date.weekday() == day;
    let other = found.other.filter(fits);
    match fits(&found.date) {
        true => Some(ReadDate { other, ..found }),
        false => other.map(|date| ReadDate {
            date,
            other: None,
            ..found
        }),
    }
}

/// The date that a text begins with, and what follows it.
fn begins(text: &str, first: Option<First>) -> Option<(ReadDate, &str)> {
    let rest = |found: &Captures<'_>| {
        let from = found.get(4).map_or(text.len(), |rest| rest.start());
        text.get(from..).unwrap_or_default()
    };
    if let Some(found) = captures(&ISO, text) {
        return Some((plain(date(&found[1], &found[2], &found[3])?)?, rest(&found)));
    }
    if let Some(found) = captures(&NUMERIC, text) {
        // With dots the day stands first wherever dots are used.
        let dotted = text.as_bytes().get(found[1].len()) == Some(&b'.');
        let first = if dotted { Some(First::Day) } else { first };
        let read = numeric(&found[1], &found[2], &found[3], first)?;
        return Some((read, rest(&found)));
    }
    if let Some(found) = captures(&MONTH_DAY, text) {
        let read = plain(date(&found[3], month(&found[1])?, &found[2])?)?;
        return Some((read, rest(&found)));
    }
    if let Some(found) = captures(&DAY_MONTH, text) {
        let read = plain(date(&found[3], month(&found[2])?, &found[1])?)?;
        return Some((read, rest(&found)));
    }
    let number = captures(&DIGITS, text)?;
    let whole = number[1].split('.').next()?;
    Some((digits(whole)?, ""))
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
            "23rd of December 2025",
            "12/23/2025 3:04 P.M.",
            "12/23/2025 3:04 PM CST",
            "12/23/2025, 3 pm",
            "2025-12-23T15:00:00-06:00",
            "2025-12-23 15:00:00 +0000 UTC",
            "Tue, 23 Dec 2025 15:00:00 -0500 (EST)",
            "Tue Dec 23 2025 10:00:00 GMT-0600 (Central Standard Time)",
            "2025-12-23 (Tue)",
            "12/23/2025 Tuesday",
        ] {
            assert_eq!(
                parse(text, None).map(|f| f.date),
                Some(day("2025-12-23")),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_date_as_a_whole_is_none() {
        for text in [
            "",
            "soon",
            "2025-02-30",
            "13/13/2025",
            "1999-01-01",
            "2/29/2025",
            "99999",
            "12345678901234",
            "2025-12-23 void",
            "2025-12-23 (planned)",
            "2025-12-23 or later",
            "2025-12-23 ?",
            "2025-12-23T25:61:00Z",
            "2025-12-23 15:00 void",
            "12/23/2025 - 12/24/2025",
            "12/23/2025 12/24/2025",
            "12/23/2025, est.",
            "Dec 23 2025 void",
            "23.12.2025 storniert",
            "Mon, Dec 23, 2025",
            "2025-12-23 (Mon)",
            "Tue 2025-12-23 Wed",
        ] {
            assert_eq!(parse(text, None), None, "{text}");
        }
    }

    #[test]
    fn a_weekday_says_which_of_two_readings_is_meant() {
        // March 4th 2025 was a Tuesday, April 3rd a Thursday
        let found = parse("Thu 03/04/2025", None).unwrap();
        assert_eq!((found.date, found.other), (day("2025-04-03"), None));
        let found = parse("Tue 03/04/2025", None).unwrap();
        assert_eq!((found.date, found.other), (day("2025-03-04"), None));
        assert_eq!(parse("Fri 03/04/2025", None), None);
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
        for pattern in [
            &ISO,
            &NUMERIC,
            &MONTH_DAY,
            &DAY_MONTH,
            &DIGITS,
            &WEEKDAY,
            &TIME,
            &DAY_BEHIND,
        ] {
            assert!(pattern.is_some());
        }
    }

    proptest! {
        #[test]
        fn a_date_with_a_word_beside_it_is_none(
            date in prop::sample::select(vec!["2025-12-23", "12/23/2025", "23.12.2025", "Dec 23, 2025", "23-Dec-25", "2025-12-23 15:00", "46014", "20251223"]),
            gap in prop::sample::select(vec![" ", ", ", " - ", " (", ""]),
            word in "[a-z]{2,12}|[?*!]|[0-9]{1,2}/[0-9]{1,2}/20[0-9]{2}",
        ) {
            let time = ["am", "pm", "et", "ct", "mt", "pt", "ht", "tue", "utc", "gmt"];
            let zone = word.len() == 3 && word.ends_with("st") || word.len() == 3 && word.ends_with("dt");
            let weekday = word.starts_with("tue");
            prop_assume!(!time.contains(&word.as_str()) && !zone && !weekday && !word.starts_with("ak") && word != "cest" && word != "cet");
            prop_assert_eq!(parse(&format!("{date}{gap}{word}"), None), None);
        }

        #[test]
        fn never_panics(text in "\\PC{0,40}", digits in "[0-9/. -]{0,16}") {
            parse(&text, None);
            parse(&digits, Some(First::Day));
        }
    }
}
