//! A second way to read an answer that is not clear at first: spans of a few days as the day on which they end
//! ("ships in 1-2 business days"), plans in the words of every day ("should ship tomorrow"), and what is said once
//! more as it was ordered: pieces and prices. It counts only where all of the text is clear then.

use super::AskedPo;
use super::plain;
use super::vocabulary::BACKORDERED;
use crate::domain::pattern::fits;
use crate::vendor_docs::text::quote::QuoteParts;
use chrono::{Datelike, Days, NaiveDate, Weekday};
use regex::Regex;
use std::sync::LazyLock;

/// Longest span until goods leave that is no news, and until they arrive, in business days.
const LONGEST: (i64, i64) = (3, 10);

static SPAN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:(?:with)?in (?:the next )?|approximately |approx\.? |about )?(?:(?P<from>\d{1,2}|one|two) ?(?:-|–|to|or) ?)?(?P<to>\d{1,2}|an?|one|two|three) ?(?P<unit>business days?|working days?|days?|hours?|hrs?)\b(?: lead time)?").ok()
});
static ARRIVAL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\b(?:deliver\w*|arriv\w*|eta|transit)\b").ok());
/// When backordered goods leave: when they are there.
static THEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:we|it|they|this)(?:'ll|’ll| will)(?: (?:ship|be shipped|send|go out|get))(?: (?:it|them|this|out|right away|immediately))* (?:as soon as|when|once) (?:it|they|we|this|stock|the stock)(?:'s|’s)?(?: (?:is|are|arrives?|comes?|gets?|receives?|becomes?|have|has|in|back|it|them|more|stock|available|here|received))+[.!]?").ok()
});
static ASAP: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\b(?:asap|a\.s\.a\.p\.?|as soon as possible)").ok());
static PLAN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:should|(?:is |are )?(?:going|expected|scheduled|slated|set) to|we plan to|plans? to) (?P<verb>ship|go out|leave|be shipped|be going out|be on its way|get out)\b").ok()
});

/// The text so; `None` where nothing of it changes.
pub(super) fn of(parts: &QuoteParts, asked: AskedPo<'_>, today: NaiveDate) -> Option<QuoteParts> {
    let mut eased = parts.clone();
    let mut changed = false;
    let later = |text: &str| fits(&BACKORDERED, &text.to_lowercase());
    let later = eased.segments.iter().any(|segment| later(&segment.own));
    for segment in &mut eased.segments {
        let own = |line: &str| plain::without_own(line, asked);
        let lines = segment.own.lines().map(|line| line_of(&own(line), today));
        let text = lines.collect::<Vec<_>>().join("\n");
        let text = match THEN.as_ref().filter(|_| later) {
            Some(then) => then.replace_all(&text, "").into_owned(),
            None => text,
        };
        changed |= text.trim_end() != segment.own.trim_end();
        segment.own = text;
    }
    changed.then_some(eased)
}

fn line_of(line: &str, today: NaiveDate) -> String {
    let most = match fits(&ARRIVAL, line) {
        true => LONGEST.1,
        false => LONGEST.0,
    };
    let spanned = match SPAN.as_ref() {
        Some(span) => span.replace_all(line, |found: &regex::Captures| {
            let day = ends(found, today, most).map(|day| day.format("%Y-%m-%d").to_string());
            day.unwrap_or_else(|| found[0].to_owned())
        }),
        None => line.into(),
    };
    let spanned = match ASAP.as_ref() {
        Some(asap) => asap.replace_all(&spanned, "soon"),
        None => spanned.clone(),
    };
    match PLAN.as_ref() {
        Some(plan) => plan.replace_all(&spanned, "will $verb").into_owned(),
        None => spanned.into_owned(),
    }
}

/// The day on which a span ends, if it is short.
fn ends(found: &regex::Captures, today: NaiveDate, most: i64) -> Option<NaiveDate> {
    let number = found.name("to")?.as_str().to_lowercase();
    let number: i64 = match number.as_str() {
        "a" | "an" | "one" => 1,
        "two" => 2,
        "three" => 3,
        digits => digits.parse().ok()?,
    };
    let unit = found.name("unit")?.as_str().to_lowercase();
    let days = match unit.starts_with('h') {
        true => (number + 23) / 24,
        false => number,
    };
    if !(1..=most).contains(&days) {
        return None;
    }
    let mut day = today;
    let mut left = days;
    while left > 0 {
        day = day.checked_add_days(Days::new(1))?;
        left -= i64::from(!matches!(day.weekday(), Weekday::Sat | Weekday::Sun));
    }
    Some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_end_on_a_day() {
        // a Wednesday
        let today: NaiveDate = "2025-12-03".parse().unwrap();
        for (text, eased) in [
            ("Ships in 1-2 business days.", "Ships 2025-12-05."),
            ("will ship within 24 hours", "will ship 2025-12-04"),
            ("within 3 working days", "2025-12-08"),
            ("Delivery is 3-5 business days", "Delivery is 2025-12-10"),
            ("should ship tomorrow", "will ship tomorrow"),
            ("takes 10 days to build", "takes 10 days to build"),
            ("in 6 weeks", "in 6 weeks"),
        ] {
            assert_eq!(line_of(text, today), eased, "{text}");
        }
        for list in [&SPAN, &ARRIVAL, &PLAN, &THEN, &ASAP] {
            assert!(list.is_some());
        }
    }
}
