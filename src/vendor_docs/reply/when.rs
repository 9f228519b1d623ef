//! Dates in the words of a reply: `12/3`, `Dec 3`, `2025-12-03`, `Friday`, `tomorrow`. What can be
//! meant in two ways is found, too, and has no day.

use crate::vendor_docs::text::dates;
use chrono::{Datelike, Days, NaiveDate, Weekday};
use regex::Regex;
use std::sync::LazyLock;

const WEEKDAYS: &str = r"(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday)";
const MONTHS: &str = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september|october|november|december)";

/// How far ahead a date may lie, in days: what a vendor of goods in stock says of a day beyond is more
/// likely a slip of the pen (2062 for 2026) than a plan, and customers are told of it.
pub(super) const AHEAD: i64 = 270;
/// A date read the US way farther ahead than this, while the other way it is near, is in doubt.
const NEAR: i64 = 120;

static DATES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let vague = format!(
        r"(?:the )?week of (?:{MONTHS}\.? )?[\d/]+(?:st|nd|rd|th)?|next (?:week|month|year|few days)|this week|(?:early|mid|late|end of|close of|beginning of)[- ](?:the )?(?:this |next )?(?:day|business|week|month|year|{MONTHS})|eod|eow|eom|cob|asap|(?:in |within )?(?:a|an|one|two|three|four|five|six|seven|eight|ten|\d+)(?: ?(?:-|–|to) ?\d+)?(?: or \w+)? (?:business |working |more )?(?:days?|weeks?|months?)|(?:a )?couple of (?:days|weeks)|few (?:days|weeks)"
    );
    let day = format!(
        r"(?:(?:this |this coming )?{WEEKDAYS}\.?,? (?:the )?)?(?:\d{{4}}[-/]\d{{1,2}}[-/]\d{{1,2}}|\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:\d{{4}}|\d{{2}})|\d{{1,2}}/\d{{1,2}}|{MONTHS}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|\d{{1,2}}(?:st|nd|rd|th)?(?: of|-| )\s?{MONTHS}\.?(?:[ ,-]+(?:\d{{4}}|\d{{2}}))?)"
    );
    let pattern = format!(
        r"(?i)\b(?:(?P<vague>{vague})|(?P<day>{day})|(?P<week>(?:(?:this|next|coming|this coming) )?{WEEKDAYS}\b)|(?P<rel>later today|today|tonight|tomorrow|yesterday)|(?P<month>in (?:{MONTHS})))\b"
    );
    Regex::new(&pattern).ok()
});

/// A date in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct When {
    /// Where it begins and ends, in bytes.
    pub span: (usize, usize),
    /// The day; `None` when it is not one certain day.
    pub day: Option<NaiveDate>,
}

/// Every date in a text.
pub(super) fn find(text: &str, today: NaiveDate) -> Vec<When> {
    let Some(pattern) = DATES.as_ref() else {
        return Vec::new();
    };
    pattern
        .captures_iter(text)
        .filter_map(|found| {
            let whole = found.get(0)?;
            let words = whole.as_str().to_lowercase();
            let day = if found.name("day").is_some() {
                on(&words, today)
            } else if found.name("week").is_some() {
                on_weekday(&words, today)
            } else {
                relative(&words, today)
            };
            let near = |day: &NaiveDate| (*day - today).num_days() <= AHEAD;
            let day = day.filter(near);
            Some(When {
                span: (whole.start(), whole.end()),
                day,
            })
        })
        .collect()
}

fn relative(words: &str, today: NaiveDate) -> Option<NaiveDate> {
    match words {
        "today" | "later today" | "tonight" => Some(today),
        "tomorrow" => today.succ_opt(),
        "yesterday" => today.pred_opt(),
        _ => None,
    }
}

/// The weekday that a word begins with.
fn weekday(words: &str) -> Option<Weekday> {
    let start = words.get(..3)?;
    start.parse().ok()
}

/// `Friday`: the next one after today; said on a Friday it could be today. `next Friday` is certain
/// only where the Friday that comes next is also the one of next week.
fn on_weekday(words: &str, today: NaiveDate) -> Option<NaiveDate> {
    let day = weekday(words.rsplit(' ').next()?)?;
    let until = (7 + day.num_days_from_monday() - today.weekday().num_days_from_monday()) % 7;
    let next = words.starts_with("next");
    if until == 0 && !next {
        return None;
    }
    let until = if until == 0 { 7 } else { until };
    let coming = today.checked_add_days(Days::new(until.into()))?;
    let of_next_week = coming.iso_week() != today.iso_week();
    (!next || of_next_week && !(today.weekday() == Weekday::Sun)).then_some(coming)
}

/// A day of the month, with or without year and weekday.
fn on(words: &str, today: NaiveDate) -> Option<NaiveDate> {
    let words = words
        .trim_start_matches("this ")
        .trim_start_matches("coming ");
    let said = words
        .split([' ', ',', '.'])
        .next()
        .filter(|w| w.len() >= 3)
        .and_then(|first| {
            first
                .chars()
                .all(char::is_alphabetic)
                .then(|| weekday(first))
                .flatten()
        });
    let bare = match said {
        Some(_) => words
            .split_once(' ')
            .map_or(words, |(_, rest)| rest)
            .trim_start_matches("the "),
        None => words,
    };
    let bare = bare.replace(" of ", " ").replace(". ", " ");
    let date = match dates::parse(&bare, None) {
        Some(found) => with_year(found, today)?,
        None => without_year(&bare, today)?,
    };
    said.is_none_or(|day| day == date.weekday()).then_some(date)
}

/// A date with a year; where the other reading is near and this one is far, there is doubt.
fn with_year(found: dates::ReadDate, today: NaiveDate) -> Option<NaiveDate> {
    let away = |date: NaiveDate| (date - today).num_days();
    let doubt = found.other.is_some_and(|other| {
        !(-30..=NEAR).contains(&away(found.date)) && (0..=NEAR).contains(&away(other))
    });
    (!doubt).then_some(found.date)
}

/// A date without a year is the next one, or the last one if that was a few days ago.
fn without_year(words: &str, today: NaiveDate) -> Option<NaiveDate> {
    let near = |month: u32, day: u32| {
        let years = [today.year() - 1, today.year(), today.year() + 1];
        let days = years
            .iter()
            .filter_map(|year| NaiveDate::from_ymd_opt(*year, month, day));
        days.min_by_key(|date| (*date - today).num_days().abs())
            .filter(|date| (-45..=AHEAD).contains(&(*date - today).num_days()))
    };
    if let Some((a, b)) = words.split_once('/') {
        let (a, b): (u32, u32) = (a.parse().ok()?, b.parse().ok()?);
        let date = near(a, b)?;
        let ahead = |date: NaiveDate| (date - today).num_days();
        let doubt = near(b, a).is_some_and(|other| {
            other != date && ahead(date) > NEAR && (0..=NEAR).contains(&ahead(other))
        });
        return (!doubt).then_some(date);
    }
    let mut month = None;
    let mut day = None;
    for word in words
        .split([' ', '-', ',', '.'])
        .filter(|word| !word.is_empty())
    {
        let digits = word.trim_end_matches(['s', 't', 'n', 'd', 'r', 'h']);
        match (dates::month(word), digits.parse::<u32>()) {
            (Some(number), _) => month = number.parse().ok(),
            (None, Ok(number)) => day = Some(number),
            _ => (),
        }
    }
    near(month?, day?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Wednesday, 3 December 2025.
    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 12, 3).unwrap()
    }

    #[test]
    fn certain_days() {
        for (text, day) in [
            ("2025-12-09", "2025-12-09"),
            ("2025/12/09", "2025-12-09"),
            ("12/9", "2025-12-09"),
            ("12/9/25", "2025-12-09"),
            ("12-09-2025", "2025-12-09"),
            ("Dec 9", "2025-12-09"),
            ("December 9th, 2025", "2025-12-09"),
            ("Tuesday, December 9", "2025-12-09"),
            ("Tue 12/9", "2025-12-09"),
            ("9 Dec 2025", "2025-12-09"),
            ("9th of December", "2025-12-09"),
            ("Friday", "2025-12-05"),
            ("this Friday", "2025-12-05"),
            ("this Friday, December 5", "2025-12-05"),
            ("this coming Tuesday 12/9", "2025-12-09"),
            ("today", "2025-12-03"),
            ("tomorrow", "2025-12-04"),
            ("Jan 5", "2026-01-05"),
            ("1/5", "2026-01-05"),
            ("next Wednesday", "2025-12-10"),
            ("next Monday", "2025-12-08"),
            ("Monday", "2025-12-08"),
            ("3-Jan-26", "2026-01-03"),
        ] {
            let found = find(&format!("ships {text}."), today());
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].day, Some(day.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn doubtful_days() {
        for text in [
            "next Friday",
            "Wednesday",
            "next week",
            "week of 12/8",
            "in 2 weeks",
            "2-3 business days",
            "end of month",
            "early January",
            "Monday 12/9",
            "this Friday, December 4",
            "13/40",
            "7/12",
            "in January",
            "24/7",
            "6/1/2025 or so",
        ] {
            let found = find(&format!("ships {text}."), today());
            assert!(!found.is_empty(), "{text}");
            let past = found
                .iter()
                .all(|when| when.day.is_none_or(|day| day < today()));
            assert!(past, "{text}: {found:?}");
        }
    }
}
