//! Day and month: one order for all dates of a file, by what proves it. The 3rd of October is not the
//! 10th of March, so a file that proves neither order is refused unless the site says which it has.

use super::labels::BillColumn;
use super::period::{Period, habit, with_month};
use super::report_frame::is_footer;
use super::{BillSheet, FormatError};
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;

/// What stands first in a date of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// `10/03/2026` is the 3rd of October.
    MonthFirst,
    /// `10/03/2026` is the 10th of March.
    DayFirst,
}

/// A date of figures whose order of day and month is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    first: u32,
    second: u32,
    year: i32,
}

impl Figures {
    /// `03/10/2026`, `3-10-26`, `3.10.2026`, with a time behind it or without.
    pub fn of(text: &str) -> Option<Figures> {
        let text = text.trim();
        let day = text.split_once([' ', 'T']).map_or(text, |(day, _)| day);
        let sign = ['/', '-', '.']
            .into_iter()
            .find(|sign| day.contains(*sign))?;
        let parts: Vec<&str> = day.split(sign).collect();
        let [a, b, c] = parts.as_slice() else {
            return None;
        };
        let digits = |part: &&str| part.bytes().all(|b| b.is_ascii_digit());
        let short = |part: &str| (1..=2).contains(&part.len());
        let fits = short(a) && short(b) && matches!(c.len(), 2 | 4);
        if !fits || !parts.iter().all(digits) {
            return None;
        }
        let century = if c.len() == 2 { 2000 } else { 0 };
        Some(Figures {
            first: a.parse().ok()?,
            second: b.parse().ok()?,
            year: c.parse::<i32>().ok()? + century,
        })
    }

    /// The day, in this order; `None` when there is none.
    pub fn read(&self, order: DateOrder) -> Option<NaiveDate> {
        let (month, day) = match order {
            DateOrder::MonthFirst => (self.first, self.second),
            DateOrder::DayFirst => (self.second, self.first),
        };
        NaiveDate::from_ymd_opt(self.year, month, day)
            .filter(|date| (1900..=2199).contains(&date.year()))
    }

    /// The only order in which it is a day.
    fn proves(&self) -> Option<DateOrder> {
        let (month, day) = (
            self.read(DateOrder::MonthFirst),
            self.read(DateOrder::DayFirst),
        );
        match (month, day) {
            (Some(_), None) => Some(DateOrder::MonthFirst),
            (None, Some(_)) => Some(DateOrder::DayFirst),
            _ => None,
        }
    }

    /// Whether the order makes it another day.
    fn is_open(&self) -> bool {
        self.proves().is_none()
            && self.first != self.second
            && self.read(DateOrder::DayFirst).is_some()
    }
}

/// One date of the file, with its line and text.
struct FileDate {
    line: u64,
    text: String,
    figures: Figures,
    /// Whether it is the date of the transaction, and so in the report's period.
    own: bool,
}

const COLUMNS: [BillColumn; 3] = [BillColumn::Date, BillColumn::InvoiceDate, BillColumn::Due];

/// Writes every date of the sheet as YYYY-MM-DD, in the order that the file has, and returns the rows
/// that have a date of the other order. `set` is what the site says of files that prove nothing.
///
/// # Errors
/// When the file proves neither order, or both.
pub fn settle(
    sheet: &mut BillSheet,
    set: Option<DateOrder>,
) -> Result<BTreeMap<u64, String>, FormatError> {
    let order = decide(sheet, set)?;
    let mut bad = BTreeMap::new();
    let places: Vec<usize> = COLUMNS
        .into_iter()
        .filter_map(|column| sheet.header.place(column))
        .collect();
    let period = Period::find(sheet.rows.get(..sheet.header.at).unwrap_or_default());
    let own = sheet.header.place(own_column(sheet));
    for row in sheet.rows.iter_mut().skip(sheet.header.at + 1) {
        for place in &places {
            let Some(cell) = row.cells.get_mut(*place) else {
                continue;
            };
            if let Some(date) = with_month(cell).or_else(|| year_first(cell)) {
                *cell = date.to_string();
            } else if let Some(figures) = Figures::of(cell) {
                match figures.read(order) {
                    Some(date) => *cell = date.to_string(),
                    None if figures.proves().is_some() => {
                        bad.insert(row.line, other_order(cell, order));
                    }
                    None => {}
                }
            }
            if own == Some(*place)
                && let Some(text) = outside(cell, period, order)
            {
                bad.entry(row.line).or_insert(text);
            }
        }
    }
    Ok(bad)
}

/// The column of the day that a report is made by.
fn own_column(sheet: &BillSheet) -> BillColumn {
    match sheet.header.has(BillColumn::Date) {
        true => BillColumn::Date,
        false => BillColumn::InvoiceDate,
    }
}

/// Why a day is none of the report, whose title says of which days it is.
fn outside(cell: &str, period: Option<Period>, order: DateOrder) -> Option<String> {
    let (day, period) = (cell.parse::<NaiveDate>().ok()?, period?);
    (!period.holds(day, order)).then(|| {
        let written = |day: NaiveDate| day.format("%B %-d, %Y").to_string();
        let of = match period.days(order) {
            Some((from, to)) if from > NaiveDate::MIN => {
                format!("from {} to {}", written(from), written(to))
            }
            Some((_, to)) => format!("as of {}", written(to)),
            None => "of other days".to_owned(),
        };
        format!(
            "it is dated {}, and the report's title says that it is {of}: one of them is wrong",
            written(day)
        )
    })
}

fn other_order(cell: &str, order: DateOrder) -> String {
    let first = match order {
        DateOrder::MonthFirst => "month",
        DateOrder::DayFirst => "day",
    };
    format!("'{cell}' is no date here: the dates of this file have the {first} first")
}

/// `2026/10/03`, which is open to nobody; with dashes the formats read it themselves.
fn year_first(text: &str) -> Option<NaiveDate> {
    let day = text
        .trim()
        .split_once(' ')
        .map_or(text.trim(), |(day, _)| day);
    let long = day.find(['/', '.']) == Some(4);
    let date = NaiveDate::parse_from_str(&day.replace(['/', '.'], "-"), "%Y-%m-%d").ok()?;
    (long && (1900..=2199).contains(&date.year())).then_some(date)
}

fn decide(sheet: &BillSheet, set: Option<DateOrder>) -> Result<DateOrder, FormatError> {
    let found = found(sheet);
    if let Some(order) = by_period(sheet, &found) {
        return Ok(order);
    }
    let proof = |order| found.iter().find(|one| one.figures.proves() == Some(order));
    let proofs = (proof(DateOrder::MonthFirst), proof(DateOrder::DayFirst));
    let open = found.iter().find(|one| one.figures.is_open());
    let set = set.or_else(|| by_habit(sheet));
    match (proofs, set, open) {
        ((Some(_), None), ..) => Ok(DateOrder::MonthFirst),
        ((None, Some(_)), ..) => Ok(DateOrder::DayFirst),
        (_, Some(set), _) => Ok(set),
        ((Some(month), Some(day)), None, _) => Err(FormatError::BothOrders {
            month_first: format!("line {}: '{}'", month.line, month.text),
            day_first: format!("line {}: '{}'", day.line, day.text),
        }),
        ((None, None), None, Some(open)) => Err(FormatError::OpenDates {
            line: open.line,
            text: open.text.clone(),
            readings: readings(&open.figures),
        }),
        ((None, None), None, None) => Ok(DateOrder::MonthFirst),
    }
}

/// `3 October or 10 March`.
fn readings(figures: &Figures) -> String {
    let orders = [DateOrder::DayFirst, DateOrder::MonthFirst];
    let days = orders.map(|order| figures.read(order));
    days.into_iter()
        .flatten()
        .map(|date| date.format("%-d %B").to_string())
        .collect::<Vec<_>>()
        .join(" or ")
}

/// All dates of figures: of the rows, and those of titles, which the same program wrote.
fn found(sheet: &BillSheet) -> Vec<FileDate> {
    let header = &sheet.header;
    let mut found = Vec::new();
    let mut note = |line: u64, text: &str, own: bool| {
        if let Some(figures) = Figures::of(text) {
            let text = text.to_owned();
            found.push(FileDate {
                line,
                text,
                figures,
                own,
            });
        }
    };
    for row in sheet.rows.iter().take(header.at) {
        let words = row.cells.iter().flat_map(|cell| cell.split_whitespace());
        words.for_each(|word| note(row.line, word, false));
    }
    let own = own_column(sheet);
    for row in sheet.rows.iter().skip(header.at + 1) {
        for column in COLUMNS {
            note(row.line, header.cell(row, column), column == own);
        }
    }
    found
}

/// The order in which titles and footers write days, when all that do agree: the program writes its
/// figures so too.
fn by_habit(sheet: &BillSheet) -> Option<DateOrder> {
    let (above, below) = sheet.rows.split_at_checked(sheet.header.at)?;
    let footers = below.iter().filter(|row| is_footer(row));
    let mut habits = above.iter().chain(footers).filter_map(habit);
    let first = habits.next()?;
    habits.all(|other| other == first).then_some(first)
}

/// The order in which all transactions lie in the report's period, when they do in one only.
fn by_period(sheet: &BillSheet, found: &[FileDate]) -> Option<DateOrder> {
    let period = Period::find(sheet.rows.get(..sheet.header.at)?)?;
    let own: Vec<&FileDate> = found.iter().filter(|one| one.own).collect();
    let inside = |order: DateOrder| {
        let read = own.iter().map(|one| one.figures.read(order));
        !own.is_empty() && { read }.all(|day| day.is_some_and(|day| period.holds(day, order)))
    };
    match (inside(DateOrder::MonthFirst), inside(DateOrder::DayFirst)) {
        (true, false) => Some(DateOrder::MonthFirst),
        (false, true) => Some(DateOrder::DayFirst),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_in_their_forms() {
        let of = |text: &str| Figures::of(text).map(|one| (one.first, one.second, one.year));
        for text in ["03/10/2026", "3-10-26", "3.10.2026", " 03/10/2026 0:00"] {
            assert_eq!(of(text), Some((3, 10, 2026)), "{text}");
        }
        for text in [
            "2026-10-03",
            "3/10",
            "a/b/2026",
            "003/1/2026",
            "3/10/026",
            "+3/10/2026",
            "",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
        let open = Figures::of("03/10/2026").expect("figures");
        assert_eq!(readings(&open), "3 October or 10 March");
        assert!(!Figures::of("10/10/2026").expect("figures").is_open());
    }
}
