//! Values as people type them, and what is said of those that cannot be one.

use chrono::NaiveDate;

/// A number as lists show it. `#5` and `exception:5`, as screens and mails write them, are 5.
///
/// # Errors
/// What is wanted instead.
pub fn number(text: &str) -> Result<i64, String> {
    let trimmed = text.trim();
    let named = trimmed.rsplit([':', ' ']).next().unwrap_or(trimmed);
    let digits = named.trim_start_matches('#');
    match digits.parse() {
        Ok(number) if digits.bytes().all(|b| b.is_ascii_digit()) => Ok(number),
        _ => Err("a number is wanted, as the list shows it, such as 5".to_owned()),
    }
}

/// The most rows that can be asked for.
const MOST_ROWS: usize = 1_000_000_000;

/// How many rows a list shows at most.
///
/// # Errors
/// What is wanted instead.
pub fn limit(text: &str) -> Result<usize, String> {
    match text.trim().parse() {
        Ok(rows @ 1..=MOST_ROWS) => Ok(rows),
        Ok(0) | Err(_) => Err("a whole number from 1 is wanted".to_owned()),
        Ok(_) => Err(format!("{MOST_ROWS} are the most")),
    }
}

/// The most days or hours that are asked for or waited: a hundred years of days.
const LONGEST: u32 = 36_500;

/// How many days or hours.
///
/// # Errors
/// What is wanted instead.
pub fn count(text: &str) -> Result<u32, String> {
    match text.trim().parse() {
        Ok(count @ 0..=LONGEST) => Ok(count),
        Ok(_) => Err(format!("{LONGEST} are the most")),
        Err(_) => Err("a whole number is wanted, such as 7".to_owned()),
    }
}

/// How many days from now: one at least.
///
/// # Errors
/// What is wanted instead.
pub fn days(text: &str) -> Result<u32, String> {
    match count(text)? {
        0 => Err("a whole number from 1 is wanted".to_owned()),
        days => Ok(days),
    }
}

/// A day.
///
/// # Errors
/// How it is written.
pub fn day(text: &str) -> Result<NaiveDate, String> {
    let wanted = |_| "a day is wanted, written as 2026-11-30".to_owned();
    NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").map_err(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_taken_as_screens_show_them() {
        for text in ["5", " 5", "#5", "exception:5", "exception #5", "005"] {
            assert_eq!(number(text), Ok(5), "{text}");
        }
        for text in ["", "#", "x", "5.", "+5", "-5", "W5", "99999999999999999999"] {
            assert!(number(text).is_err(), "{text}");
        }
        assert_eq!(limit("50"), Ok(50));
        assert!(limit("0").is_err() && limit("x").is_err());
        assert!(day("2026-11-30").is_ok() && day("30.11.2026").is_err());
        assert!(count("7").is_ok() && count("-7").is_err());
        assert!(count("36500").is_ok() && count("36501").is_err());
        assert!(limit("1000000000").is_ok() && limit("18446744073709551615").is_err());
    }
}
