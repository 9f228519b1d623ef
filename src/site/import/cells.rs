//! What one cell may hold. Each reader notes what is wrong and gives a harmless value.

use super::sheet::{Errors, SheetRow, shown};
use crate::config::nearest_timezone;
use crate::domain::email::wire;
use crate::domain::fax_number::e164;
use crate::domain::money::Money;
use std::ops::RangeInclusive;

/// The longest text of a cell, in characters.
const LONGEST: usize = 1000;

/// Whether letters were lost when the file was saved: the sign that stands for what cannot be read, or a
/// row of question marks.
fn is_unreadable(text: &str) -> bool {
    text.contains('\u{fffd}') || text.contains("???")
}

/// The cells of one row, read with their errors noted.
pub struct Cells<'a> {
    /// The row.
    pub row: &'a SheetRow,
    /// Where errors go.
    pub errors: &'a mut Errors,
}

impl Cells<'_> {
    /// Notes that the column's value is wrong.
    pub fn fault(&mut self, column: &str, message: impl Into<String>) {
        self.errors.add(self.row.line, column, message);
    }

    /// A text without control characters; may be empty.
    pub fn text(&mut self, column: &'static str) -> String {
        let text = self.row.cell(column).to_owned();
        if text.chars().any(char::is_control) {
            self.fault(
                column,
                format!("'{}' has a line end or control character", shown(&text)),
            );
        } else if text.chars().count() > LONGEST {
            self.fault(column, format!("is longer than {LONGEST} characters"));
        } else if is_unreadable(&text) {
            self.fault(
                column,
                format!(
                    "'{}' has letters that were lost on the way (\u{fffd} or ??? in their place): save the file as CSV UTF-8, \
                     and export again",
                    shown(&text)
                ),
            );
        }
        text
    }

    /// A text that may not be empty.
    pub fn required(&mut self, column: &'static str) -> String {
        let text = self.text(column);
        if text.is_empty() {
            self.fault(column, "is empty");
        }
        text
    }

    /// A key: not empty, at most 64 characters.
    pub fn key(&mut self, column: &'static str) -> String {
        let text = self.required(column);
        if text.chars().count() > 64 {
            self.fault(
                column,
                format!("'{}' is longer than 64 characters", shown(&text)),
            );
        }
        text
    }

    /// An amount of zero or more.
    pub fn money(&mut self, column: &'static str) -> Money {
        let text = self.row.cell(column).to_owned();
        match text.parse::<Money>() {
            Ok(amount) if amount > Money::CEILING => self.fault(
                column,
                format!("'{}' is too large: 1,000,000,000.00 is the most", shown(&text)),
            ),
            Ok(amount) if amount >= Money::ZERO => return amount,
            Ok(_) => self.fault(column, format!("'{}' is negative", shown(&text))),
            Err(_) if text.is_empty() => self.fault(column, "is empty: write an amount as 12.34"),
            Err(_) => self.fault(
                column,
                format!(
                    "'{}' is not an amount: write it as 1234.50, with a point, two digits after it at most, and no sign",
                    shown(&text)
                ),
            ),
        }
        Money::ZERO
    }

    /// A whole number in a range; `None` when the cell is empty.
    pub fn whole(&mut self, column: &'static str, range: RangeInclusive<i64>) -> Option<i64> {
        let text = self.row.cell(column).to_owned();
        if text.is_empty() {
            return None;
        }
        match text.parse::<i64>() {
            Ok(number) if range.contains(&number) => Some(number),
            _ => {
                let (low, high) = range.into_inner();
                self.fault(
                    column,
                    format!(
                        "'{}' is not a whole number from {low} to {high}",
                        shown(&text)
                    ),
                );
                None
            }
        }
    }

    /// One of several words, in any case; `default` when the cell is empty.
    pub fn word<T: Copy>(
        &mut self,
        column: &'static str,
        words: &[(&str, T)],
        default: Option<T>,
    ) -> Option<T> {
        let text = self.row.cell(column).to_lowercase();
        if text.is_empty() && default.is_some() {
            return default;
        }
        let found = words.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let allowed: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.fault(
                column,
                format!("'{}' is none of: {}", shown(&text), allowed.join(", ")),
            );
        }
        found.map(|(_, meaning)| *meaning).or(default)
    }

    /// A plain e-mail address (RFC 5321 `local@domain`) as mail servers take it, or nothing.
    pub fn email(&mut self, column: &'static str) -> String {
        let text = self.text(column);
        if text.is_empty() {
            return text;
        }
        wire(&text).unwrap_or_else(|why| {
            self.fault(
                column,
                format!(
                    "'{}' is not one plain e-mail address such as po@vendor.example: {why}",
                    shown(&text)
                ),
            );
            text
        })
    }

    /// Notes a fax number that cannot be called, where documents would be faxed to it.
    pub fn callable(&mut self, column: &'static str, number: &str) {
        // what an extension hangs on cannot be faxed; the number before it is looked at
        let number = number.to_lowercase();
        let number = number.split(['x', 'e']).next().unwrap_or_default();
        // what is no number at all was told already
        let told = number.chars().any(char::is_alphabetic);
        if let Err(why) = e164(number).map_err(|why| (!told).then_some(why))
            && let Some(why) = why
        {
            self.fault(column, why);
        }
    }

    /// A fax number, or nothing: as people write it, with an extension or without.
    pub fn fax(&mut self, column: &'static str) -> String {
        let text = self.text(column);
        let lower = text.to_lowercase();
        let number = lower.split(['x', 'e']).next().unwrap_or_default();
        let digits = number.chars().filter(char::is_ascii_digit).count();
        let fits = |c: char| c.is_ascii_digit() || "+-(). /xet".contains(c);
        if !text.is_empty() && (!(7..=15).contains(&digits) || !lower.chars().all(fits)) {
            self.fault(
                column,
                format!(
                    "'{}' is not a fax number such as 207-555-0142",
                    shown(&text)
                ),
            );
        }
        text
    }

    /// A ZIP or ZIP+4; outside the US only not empty.
    pub fn zip(&mut self, column: &'static str, country: &str) -> String {
        let text = self.required(column);
        if text.is_empty() || country != "US" {
            return text;
        }
        let digits =
            |part: &str, count| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
        let (five, four) = text.split_once('-').unwrap_or((&text, "0000"));
        if digits(five, 5) && digits(four, 4) {
            return text;
        }
        let lost = matches!(five.len(), 3 | 4) && digits(five, five.len());
        let hint = match lost {
            true => format!(
                "; a spreadsheet may have taken a leading zero: {five:0>5}; set the column to Text before the \
                 file is read in, and export again"
            ),
            false => String::new(),
        };
        self.fault(
            column,
            format!(
                "'{}' is not a ZIP of five digits, or ZIP+4{hint}",
                shown(&text)
            ),
        );
        text
    }

    /// Two letters in upper case, or the default when the cell is empty.
    pub fn two_letters(&mut self, column: &'static str, what: &str, default: &str) -> String {
        let text = self.row.cell(column).to_uppercase();
        if text.is_empty() {
            return default.to_owned();
        }
        if text.len() != 2 || !text.bytes().all(|b| b.is_ascii_uppercase()) {
            self.fault(column, format!("'{}' is not {what}", shown(&text)));
        }
        text
    }

    /// A time of day, `HH:MM`; `None` when the cell is empty. `9:30` becomes `09:30`.
    pub fn time_of_day(&mut self, column: &'static str) -> Option<String> {
        let text = self.row.cell(column).to_owned();
        if text.is_empty() {
            return None;
        }
        match chrono::NaiveTime::parse_from_str(&text, "%H:%M") {
            Ok(time) => Some(time.format("%H:%M").to_string()),
            Err(_) => {
                self.fault(
                    column,
                    format!(
                        "'{}' is not a time of day from 00:00 to 23:59 such as 14:30",
                        shown(&text)
                    ),
                );
                None
            }
        }
    }

    /// An IANA time zone; `None` when the cell is empty.
    pub fn timezone(&mut self, column: &'static str) -> Option<String> {
        let text = self.row.cell(column).to_owned();
        if text.is_empty() {
            return None;
        }
        if text.parse::<chrono_tz::Tz>().is_err() {
            let near = nearest_timezone(&text);
            self.fault(
                column,
                format!(
                    "'{}' is not an IANA time zone; the nearest is {near}",
                    shown(&text)
                ),
            );
        }
        Some(text)
    }

    /// A weight as it is written: a number, with its unit or without, or nothing.
    pub fn weight(&mut self, column: &'static str) -> String {
        let text = self.text(column);
        let lower = text.to_lowercase();
        let number = ["lbs", "lb", "oz", "kg", "g"]
            .iter()
            .find_map(|unit| lower.strip_suffix(unit))
            .unwrap_or(&lower)
            .trim_end();
        let is_number = number.starts_with(|c: char| c.is_ascii_digit() || c == '.')
            && number.parse::<rust_decimal::Decimal>().is_ok();
        if !text.is_empty() && !is_number {
            self.fault(
                column,
                format!(
                    "'{}' is not a weight such as 2.5 (pounds) or 12 oz",
                    shown(&text)
                ),
            );
        }
        text
    }
}
