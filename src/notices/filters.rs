//! What templates can do with a value beside printing it.
//!
//! `money(currency)`, `day`, `moment(zone)` for amounts, dates and times; `fill(width, indent)` and
//! `wrap(width, indent)` for paragraphs, the second keeping line ends; `right(width)` for columns;
//! `beside(other, width, indent)` for a paragraph with something at the end of its last line.
//! Errors do not repeat the value, which may be a customer's.

use crate::domain::money::Money;
use crate::domain::text;
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use minijinja::{Environment, Error, ErrorKind};

/// Puts the filters into an environment and takes away `safe`, which would let order text into
/// HTML as it came.
pub(super) fn install(env: &mut Environment<'_>) {
    env.remove_filter("safe");
    env.add_filter("money", money);
    env.add_filter("day", day);
    env.add_filter("moment", moment);
    env.add_filter("fill", fill);
    env.add_filter("wrap", wrap);
    env.add_filter("right", right);
    env.add_filter("beside", beside);
}

fn wrong(what: &'static str) -> Error {
    Error::new(ErrorKind::InvalidOperation, what)
}

/// `$1,234.50`.
fn money(amount: String, currency: String) -> Result<String, Error> {
    let amount: Money = amount
        .parse()
        .map_err(|_| wrong("the filter money wants an amount before it"))?;
    Ok(amount.display(&currency))
}

/// `Monday, June 2, 2025`.
fn day(date: String) -> Result<String, Error> {
    let date: NaiveDate = date
        .parse()
        .map_err(|_| wrong("the filter day wants a date before it"))?;
    Ok(date.format("%A, %B %-d, %Y").to_string())
}

/// `2025-06-02 10:01 UTC`, or `2025-06-02 06:01 EDT` with a zone of the tz database.
fn moment(time: String, zone: Option<String>) -> Result<String, Error> {
    let time = DateTime::parse_from_rfc3339(&time)
        .map_err(|_| wrong("the filter moment wants a time before it"))?;
    let zone: Tz = zone
        .as_deref()
        .unwrap_or("UTC")
        .parse()
        .map_err(|_| wrong("the filter moment wants a zone such as America/New_York"))?;
    let there = time.with_timezone(&zone);
    Ok(there.format("%Y-%m-%d %H:%M %Z").to_string())
}

/// The text as one paragraph of lines at most `width` columns wide after `indent` blanks.
fn fill(text: String, width: usize, indent: Option<usize>) -> String {
    // not text::line: it would take away what keeps links apart
    let words: Vec<&str> = text.split_whitespace().collect();
    wrap(words.join(" "), width, indent)
}

/// As `fill`, but the text's own line ends stay.
fn wrap(text: String, width: usize, indent: Option<usize>) -> String {
    let blank = " ".repeat(indent.unwrap_or(0).min(200));
    let lines: Vec<String> = text::wrap(&text, width.max(2))
        .iter()
        .map(|line| format!("{blank}{line}"))
        .collect();
    lines.join("\n")
}

/// The text with blanks before it, to end at column `width`.
fn right(text: String, width: usize) -> String {
    let room = width.min(200).saturating_sub(text::columns(&text));
    format!("{}{text}", " ".repeat(room))
}

/// The text in lines after `indent` blanks, with `other` at the right end of the last of them.
fn beside(text: String, other: String, width: usize, indent: Option<usize>) -> String {
    let indent = indent.unwrap_or(0).min(200);
    let room = width
        .min(200)
        .saturating_sub(indent + text::columns(&other) + 2);
    let filled = fill(text, room.max(12), Some(indent));
    let used = filled.lines().next_back().map_or(0, text::columns);
    format!("{filled}{}", right(other, width.saturating_sub(used)))
}
