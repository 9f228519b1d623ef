//! `[watch]`: when poms asks after what does not come.

use super::reader::Section;
use crate::shipping::watch::{Age, WatchConfig};
use chrono::NaiveTime;

/// Reads `[watch]`.
pub fn watch(section: &Section<'_>) -> WatchConfig {
    let default = WatchConfig::default();
    let remind = section.number("remind_days", 0..=90, i64::from(default.remind_days));
    let chases = section.number("chases", 0..=10, i64::from(default.chases));
    WatchConfig {
        acknowledgement: age(section, "acknowledgement", default.acknowledgement),
        advice: age(section, "advice", default.advice),
        late: age(section, "late", default.late),
        cancellation: age(section, "cancellation", default.cancellation),
        chases: u32::try_from(chases).unwrap_or(default.chases),
        chase_every: match age(section, "chase_every", Some(default.chase_every)) {
            Some(age) => age,
            None => {
                section.fault(
                    "chase_every",
                    "cannot be off: chases = 0 turns the mails off",
                );
                default.chase_every
            }
        },
        hours: hours(section, default.hours),
        remind_days: u32::try_from(remind).unwrap_or(default.remind_days),
    }
}

/// `"2 business days"`, `"6 business hours"` or `"off"`.
fn age(section: &Section<'_>, key: &str, default: Option<Age>) -> Option<Age> {
    let Some(text) = section.text(key) else {
        return default;
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let number = words.first().and_then(|word| word.parse::<u32>().ok());
    match (words.as_slice(), number) {
        (["off"], _) => None,
        ([_, "business", "day" | "days"], Some(days @ 0..=365)) => Some(Age::Days(days)),
        ([_, "business", "hour" | "hours"], Some(hours @ 0..=1000)) => Some(Age::Hours(hours)),
        _ => {
            section.fault(
                key,
                "must be an age such as \"2 business days\" (at most 365) or \"6 business hours\" (at most 1000), or \"off\"",
            );
            default
        }
    }
}

fn hours(section: &Section<'_>, default: (NaiveTime, NaiveTime)) -> (NaiveTime, NaiveTime) {
    let Some(text) = section.text("business_hours") else {
        return default;
    };
    let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
    let read = text.split_once('-');
    let read = read.and_then(|(from, to)| Some((time(from)?, time(to)?)));
    match read {
        Some((from, to)) if to - from >= chrono::Duration::hours(1) => (from, to),
        _ => {
            section.fault(
                "business_hours",
                "must be two times of one day, an hour apart at least, such as \"09:00-17:00\"",
            );
            default
        }
    }
}
