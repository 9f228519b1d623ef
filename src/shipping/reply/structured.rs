//! Acknowledgements as a table: `po_number, sku, status, qty, date`, the headers in the spellings of
//! shipping advices.

use super::Ack;
use super::when::AHEAD;
use crate::domain::order::MOST_PIECES;
use crate::domain::spreadsheet::too_wide;
use crate::shipping::advice::{Field, MAX_ROWS, RowError, field_of};
use crate::shipping::text::{dates, decode};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AckRow {
    /// Line of the file, from 1.
    pub line: usize,
    /// The purchase order, if the row names one.
    pub po_number: Option<String>,
    /// The SKU, ours or the vendor's; all lines without one.
    pub sku: Option<String>,
    /// The pieces that it is about; all of the line without one.
    pub qty: Option<i64>,
    /// What the vendor says: one thing, or accepted and a ship date.
    pub acks: Vec<Ack>,
}

/// Rows that make sense, and rows that do not.
pub type AckRows = (Vec<AckRow>, Vec<RowError>);

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Po,
    Sku,
    Status,
    Qty,
    Date,
}

fn column(header: &str) -> Option<Column> {
    let words = header.to_lowercase();
    let last = || {
        ["date", "until", "eta", "available", "expected", "ready"]
            .iter()
            .any(|word| words.contains(word))
    };
    match field_of(header) {
        Some((Field::Po | Field::Order, _)) => Some(Column::Po),
        Some((Field::Sku, _)) => Some(Column::Sku),
        Some((Field::Status, _)) => Some(Column::Status),
        Some((Field::Qty, _)) => Some(Column::Qty),
        Some((Field::ShipDate, _)) => Some(Column::Date),
        Some(_) => None,
        None if words.contains("ack") || words.contains("response") => Some(Column::Status),
        None if last() && !words.contains("order") && !words.contains("po ") => Some(Column::Date),
        None => None,
    }
}

/// Reads a file, if it is such a table: a status beside an order or SKU, and no tracking number.
/// `None` when it is something else.
pub fn read(bytes: &[u8], today: NaiveDate) -> Option<AckRows> {
    let text = decode::text(bytes).ok()?;
    if too_wide(text.as_bytes()).is_some() {
        return None; // whoever reads advices says so
    }
    for delimiter in *b",\t;|" {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(true)
            .from_reader(text.as_bytes());
        let headers = reader.headers().ok()?.clone();
        let tracked = headers
            .iter()
            .any(|h| matches!(field_of(h), Some((Field::Tracking, _))));
        let columns: Vec<Option<Column>> = headers.iter().map(column).collect();
        let has = |wanted| columns.contains(&Some(wanted));
        if has(Column::Status) && (has(Column::Po) || has(Column::Sku)) && !tracked {
            return Some(rows(reader, &columns, today));
        }
    }
    None
}

fn rows(mut reader: csv::Reader<&[u8]>, columns: &[Option<Column>], today: NaiveDate) -> AckRows {
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    for (at, record) in reader.records().enumerate().take(MAX_ROWS) {
        let Ok(record) = record else { continue };
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        // Without line ends in cells the record's number is its line.
        let line = at + 2;
        let cell = |wanted| {
            let found = columns
                .iter()
                .zip(record.iter())
                .filter(|(c, _)| **c == Some(wanted));
            found
                .map(|(_, cell)| cell.trim())
                .find(|cell| !cell.is_empty())
        };
        let read = || -> Result<AckRow, String> {
            let date = cell(Column::Date)
                .map(|text| day(text, today))
                .transpose()?;
            let qty = cell(Column::Qty).map(|text| {
                let qty = text
                    .trim_end_matches(".0")
                    .parse::<i64>()
                    .ok()
                    .filter(|qty| (1..=MOST_PIECES).contains(qty));
                qty.ok_or_else(|| {
                    format!(
                        "quantity '{}' is not a whole number from 1 to {MOST_PIECES}",
                        short(text)
                    )
                })
            });
            let number = |text: &str| {
                let sane = text.chars().count() <= 64 && !text.chars().any(char::is_control);
                sane.then(|| text.to_owned())
                    .ok_or_else(|| format!("'{}' is no number of an order or article", short(text)))
            };
            Ok(AckRow {
                line,
                po_number: cell(Column::Po).map(number).transpose()?,
                sku: cell(Column::Sku).map(number).transpose()?,
                qty: qty.transpose()?,
                acks: status(cell(Column::Status).unwrap_or_default(), date)?,
            })
        };
        match read() {
            Ok(row) => rows.push(row),
            Err(message) => errors.push(RowError { line, message }),
        }
    }
    (rows, errors)
}

fn short(text: &str) -> String {
    text.chars()
        .take(60)
        .collect::<String>()
        .escape_debug()
        .to_string()
}

fn day(text: &str, today: NaiveDate) -> Result<NaiveDate, String> {
    let found = dates::parse(text, None)
        .ok_or_else(|| format!("date '{}' is no date; write it as 2025-12-31", short(text)))?;
    let ahead = |date: NaiveDate| (date - today).num_days();
    match found.other {
        Some(other) if ahead(found.date) > 120 && (0..=120).contains(&ahead(other)) => {
            Err(format!(
                "date '{}' could be {} or {other}; write it as 2025-12-31",
                short(text),
                found.date
            ))
        }
        _ if ahead(found.date) > AHEAD => Err(format!(
            "date '{}' is more than {AHEAD} days ahead: ask them whether they mean it",
            short(text)
        )),
        _ => Ok(found.date),
    }
}

/// The words of practice, and the line status codes of X12 855 (ACK01).
fn status(word: &str, date: Option<NaiveDate>) -> Result<Vec<Ack>, String> {
    let clean = word.to_lowercase().replace(['-', '_'], " ");
    let ship = date.map(|date| Ack::ShipDate { date });
    let rejected = |reason: &str| {
        Ok(vec![Ack::Rejected {
            reason: reason.to_owned(),
        }])
    };
    match clean.trim() {
        "accepted" | "accept" | "confirmed" | "confirm" | "ack" | "acknowledged" | "approved"
        | "ia" | "ok" | "in stock" => Ok([Ack::Accepted].into_iter().chain(ship).collect()),
        "backordered" | "backorder" | "back ordered" | "back order" | "bo" | "b/o" | "ib" => {
            Ok(vec![Ack::Backordered { until: date }])
        }
        "out of stock" | "oos" | "sold out" | "unavailable" | "no stock" => match date {
            Some(_) => Ok(vec![Ack::Backordered { until: date }]),
            None => rejected("out of stock"),
        },
        "discontinued" | "obsolete" => rejected("discontinued"),
        "rejected" | "reject" | "declined" | "ir" => rejected("rejected"),
        "cancelled" | "canceled" => rejected("cancelled by the vendor"),
        "shipped" | "ship date" | "scheduled" | "ships" | "shipping" | "will ship" => match ship {
            Some(ship) => Ok(vec![ship]),
            None => Err(format!("status '{}' has no date", short(word))),
        },
        "" => Err("the row has no status".to_owned()),
        _ => Err(format!(
            "status '{}' is not known; write accepted, backordered, out of stock, discontinued, rejected or shipped",
            short(word)
        )),
    }
}
