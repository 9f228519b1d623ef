//! Sentences of the day on which goods arrive, "ETA 12/4", and of nothing else: beside a yes or a shipment they
//! add nothing that is kept, for the day on which goods leave is another.

use super::super::vocabulary::{BACKORDERED, refusal};
use super::phrases::{build, normal};
use super::{KnownBeside, numbers, split};
use crate::domain::pattern::fits;
use crate::vendor_docs::reply::{AskedPo, mask};
use chrono::NaiveDate;
use regex::Regex;
use std::sync::LazyLock;

/// So many days ahead goods arrive that are there, in the usual way; a later day is news.
const USUAL: i64 = 14;

static ARRIVES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    build(
        "^(?:(?:the|your|our|its|it|order|orders|package|parcel|shipment|goods|items?|with|an|and) )*(?:eta|(?:estimated|expected|scheduled|est|anticipated) (?:delivery|arrival)(?: date| day)?|(?:delivery|arrival)(?: date)? (?:is )?(?:estimated|expected|scheduled)|(?:should|will) (?:arrive|be delivered|be there|reach (?:you|them|your customer))|arrives|arriving|(?:is|are) (?:expected|scheduled|due) to arrive|(?:delivery|transit|transit time|delivery time|arrival)(?: (?:is|takes))? (?:typically|usually|normally|generally))(?: (?:is|on|by|for|date|within|in|between))* \u{F0016}(?: (?:(?:to|through|thru) )?\u{F0016})?(?: (?:after that|thereafter|after shipment|from ship date|after it ships|once shipped))?$",
    )
});

/// Whether words that [`normal`] made are such a sentence, with these days in it.
pub(super) fn is_one(words: &str, days: &[Option<NaiveDate>], today: NaiveDate) -> bool {
    let usual = |day: NaiveDate| (0..=USUAL).contains(&(day - today).num_days());
    let all = (1..=2).contains(&days.len());
    all && days.iter().all(|day| day.is_some_and(usual))
        && ARRIVES
            .as_ref()
            .is_some_and(|arrives| arrives.is_match(words))
}

/// The text without such sentences; `None` where it has none, or where it may be the day on which goods are
/// there again.
pub(in crate::vendor_docs::reply) fn without(
    own: &str,
    asked: AskedPo<'_>,
    today: NaiveDate,
) -> Option<String> {
    let small = own.to_lowercase();
    if fits(&BACKORDERED, &small) || refusal(&small).is_some() {
        return None;
    }
    let mut found = false;
    let mut arrives = |sentence: &String| {
        let text = numbers::signs(sentence, &KnownBeside::default(), asked.po_number);
        let masked = mask::mask(&text, asked, today);
        let is = is_one(&normal(&masked.text), &masked.dates, today);
        found |= is;
        is
    };
    let lines = own.lines().map(|line| {
        let kept = split::sentences(line).into_iter();
        let kept: Vec<String> = kept.filter(|sentence| !arrives(sentence)).collect();
        kept.join(". ")
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    found.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_arrival() {
        let today: NaiveDate = "2025-12-03".parse().unwrap();
        let asked = AskedPo::default();
        let without = |text: &str| without(text, asked, today);
        for text in [
            "Confirmed. ETA 12/8.",
            "Confirmed\nEstimated delivery: December 9, 2025",
            "Confirmed. It should arrive by Friday.",
            "Confirmed. Expected delivery date is 12/8/2025",
        ] {
            let rest = without(text).unwrap_or_default();
            assert_eq!(rest.trim(), "Confirmed", "{text}");
        }
        for text in [
            "Confirmed.",
            "Confirmed. ETA 1/20.",
            "Confirmed. ETA 12/1.",
            "Confirmed. ETA next week.",
            "Confirmed. ETA 12/8 or 12/15.",
            "Confirmed. Ships 12/8.",
            "Confirmed. Not expected to arrive 12/8.",
            "Backordered. ETA 12/8.",
            "Out of stock, ETA 12/8. ETA 12/9.",
        ] {
            assert_eq!(without(text), None, "{text}");
        }
        assert!(ARRIVES.is_some());
    }
}
