//! Acknowledgements as a table: `po_number, sku, status, qty, date`, the headers in the spellings of
//! shipping advices.

mod days;
mod refusals;

use super::Ack;
use super::plain::KnownBeside;
use super::when::AHEAD;
use crate::domain::order::MOST_PIECES;
use crate::domain::spreadsheet::too_wide;
use crate::vendor_docs::advice::{
    AdviceField, MAX_ROWS, RowError, field_of, is_footer, total_of, words_of,
};
use crate::vendor_docs::columns::{
    Beside, ColumnKind, NamedCell, Of, RowFields, TableKind, kind, look, marked, names, nothing,
};
use crate::vendor_docs::text::{dates, decode};
use chrono::NaiveDate;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

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
    /// What the other columns of its table say of it.
    #[serde(default, skip_serializing_if = "Beside::is_empty")]
    pub beside: Beside,
}

/// Rows that make sense, and rows that do not.
pub type AckRows = (Vec<AckRow>, Vec<RowError>);

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ReplyColumn {
    Po,
    Sku,
    Status,
    /// Pieces; those that are confirmed go before those that were ordered.
    Confirmed,
    Qty,
    Date,
    Other(ColumnKind),
}

/// Headings of the day on which goods leave or are there again, written as one word. A day of
/// delivery, of the paper, or on which something was cancelled is another.
static DAY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:(?:new|revised|current|est|estimated|exp|expected|sched|scheduled|planned|promised?|confirmed|confirm|anticipated|projected|target|actual|our|vendor|supplier|committed|earliest|approx|next|line|item)*(?:ship|ships|shipping|shipment|shipped|dispatch|despatch|leave|leaving|availability|available|avail|restock|instock|stock|ready|readytoship)?(?:date|dates|day|dt|eta|etd|on|by)|(?:back ?order(?:ed)?|bo|backinstock|instock|expectedinstock|release|available|availability|ready)(?:until|date|eta|from|on|by)|until|available|expected|ready|restock|availability|(?:est|estimated|exp|expected|sched|scheduled|planned|promised?|anticipated|projected)(?:ship|ships|shipping|shipment|dispatch|avail|availability|instock|back)|esd|due ?in|nextavailable|promised?)$").ok()
});
/// Headings of what the vendor says to a row, beside a status.
static ANSWER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:line|item|order|vendor|po|supplier)*(?:acks?|acknowledge?ment|response|answer)(?:code|status|type)*$").ok()
});
static CONFIRMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:(?:ack|acknowledged|accepted|confirmed|confirm|committed|promised)(?:qty|quantity|units|pieces)|(?:qty|quantity|units|pieces)(?:ack|acknowledged|accepted|confirmed|confirm|committed|promised))$").ok()
});

fn column(header: &str) -> ReplyColumn {
    let joined = words_of(header).concat();
    let is = |pattern: &LazyLock<Option<Regex>>| {
        pattern
            .as_ref()
            .is_some_and(|pattern| pattern.is_match(&joined))
    };
    match field_of(header) {
        Some((AdviceField::Po | AdviceField::Order, _)) => ReplyColumn::Po,
        Some((AdviceField::Sku, _)) => ReplyColumn::Sku,
        Some((AdviceField::Status, _)) => ReplyColumn::Status,
        Some((AdviceField::Qty, _)) => ReplyColumn::Qty,
        Some((AdviceField::ShipDate, _)) => ReplyColumn::Date,
        Some((AdviceField::Void, _)) => ReplyColumn::Other(ColumnKind::Denies),
        Some(_) => ReplyColumn::Other(ColumnKind::Harmless),
        None if is(&ANSWER) => ReplyColumn::Status,
        None if is(&CONFIRMED) => ReplyColumn::Confirmed,
        None if is(&DAY) => ReplyColumn::Date,
        None => ReplyColumn::Other(kind(header)),
    }
}

/// Whether a heading is that of a day on which goods left, leave, arrive or are there again.
pub fn is_day(header: &str) -> bool {
    column(header) == ReplyColumn::Date
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
            .any(|h| matches!(field_of(h), Some((AdviceField::Tracking, _))));
        let columns: Vec<(String, ReplyColumn)> = headers
            .iter()
            .map(|header| (header.to_owned(), column(header)))
            .collect();
        let has = |wanted| columns.iter().any(|(_, column)| *column == wanted);
        if has(ReplyColumn::Status) && (has(ReplyColumn::Po) || has(ReplyColumn::Sku)) && !tracked {
            return Some(rows(reader, &columns, today));
        }
    }
    None
}

fn rows(
    mut reader: csv::Reader<&[u8]>,
    columns: &[(String, ReplyColumn)],
    today: NaiveDate,
) -> AckRows {
    let (mut rows, mut errors): AckRows = (Vec::new(), Vec::new());
    for (at, record) in reader.records().enumerate().take(MAX_ROWS) {
        let Ok(record) = record else { continue };
        let cells: Vec<String> = record.iter().map(str::to_owned).collect();
        if cells.iter().all(|cell| cell.trim().is_empty()) || is_footer(&cells, today) {
            continue;
        }
        if let Some(total) = total_of(&cells) {
            summed(&mut rows, total);
            continue;
        }
        // Without line ends in cells the record's number is its line.
        let line = at + 2;
        match row(line, columns, &record, today) {
            Ok(row) => rows.push(row),
            Err(message) => errors.push(RowError::at(line, message)),
        }
    }
    (rows, errors)
}

/// A line of totals: where it counts other pieces than the rows above it, none of them is certain.
fn summed(rows: &mut [AckRow], total: i64) {
    let counted: Option<i64> = rows.iter().map(|row| row.qty).sum();
    let lines = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    if counted != Some(total) && lines != total {
        for row in rows {
            row.beside.doubts.push(marked("total", &total.to_string()));
        }
    }
}

/// The cells of the columns of one meaning that say anything, with their headings.
fn cells_of<'a>(
    columns: &'a [(String, ReplyColumn)],
    record: &'a csv::StringRecord,
    wanted: ReplyColumn,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let found = columns.iter().zip(record.iter());
    let found = found.filter(move |((_, column), _)| *column == wanted);
    let found = found.map(|((name, _), cell)| (name.as_str(), cell.trim()));
    found.filter(|(_, cell)| !matches!(*cell, "" | "-" | "--" | "n/a" | "N/A"))
}

fn row(
    line: usize,
    columns: &[(String, ReplyColumn)],
    record: &csv::StringRecord,
    today: NaiveDate,
) -> Result<AckRow, String> {
    let all = |wanted: ReplyColumn| cells_of(columns, record, wanted);
    let cell = |wanted| all(wanted).next().map(|(_, cell)| cell);
    if record
        .iter()
        .skip(columns.len())
        .any(|cell| !cell.trim().is_empty())
    {
        return Err(format!(
            "the row has {} cells and the header {}: a cell with a separator must stand in quotation marks",
            record.len(),
            columns.len()
        ));
    }
    let said = cell(ReplyColumn::Status).unwrap_or_default();
    let waits = status(said, None) == Ok(vec![Ack::Backordered { until: None }]);
    let (date, arrival) = days::days(columns, record, (today, waits))?;
    let qty = refusals::counted(columns, record, said);
    let qty = qty.map(quantity).transpose()?;
    let number = |text: &str| {
        let sane = text.chars().count() <= 64 && !text.chars().any(char::is_control);
        sane.then(|| text.to_owned())
            .ok_or_else(|| format!("'{}' is no number of an order or article", short(text)))
    };
    let mut acks = status(said, date)?;
    let comes = |ack: &Ack| matches!(ack, Ack::Accepted | Ack::ShipDate { .. });
    let there = arrival.filter(|_| date.is_none() && !acks.iter().any(comes));
    // there again on the day on which it arrives, at the latest
    let told = date.or(there.map(|arrival| arrival.day));
    if there.is_some() {
        acks = status(said, told)?;
    }
    let mut row = AckRow {
        line,
        po_number: cell(ReplyColumn::Po).map(number).transpose()?,
        sku: cell(ReplyColumn::Sku).map(number).transpose()?,
        qty,
        acks,
        beside: Beside::default(),
    };
    row.beside = beside(&row, columns, record, (told, today));
    row.beside
        .doubts
        .extend(days::doubts(&row, date, arrival, today));
    let latest = date.max(arrival.map(|arrival| arrival.day));
    let against = refusals::against(&row, columns, record, (latest, today));
    row.beside.doubts.extend(against);
    row.beside
        .doubts
        .extend(refusals::marks(columns, record, said));
    Ok(row)
}

/// What the columns say that are none of the fields, and a second status or day that says another
/// thing than the first.
fn beside(
    row: &AckRow,
    columns: &[(String, ReplyColumn)],
    record: &csv::StringRecord,
    (date, today): (Option<NaiveDate>, NaiveDate),
) -> Beside {
    let all = |wanted: ReplyColumn| cells_of(columns, record, wanted);
    let numbers = [&row.po_number, &row.sku];
    let known = KnownBeside {
        numbers: numbers.into_iter().flatten().cloned().collect(),
        ..KnownBeside::default()
    };
    let comes = |ack: &Ack| matches!(ack, Ack::Accepted | Ack::ShipDate { .. });
    let told = RowFields {
        table: TableKind::Answers,
        sku: row.sku.as_deref(),
        qty: row.qty,
        day: date,
        comes: row.acks.iter().all(comes),
        known: &known,
        today,
    };
    let others = columns.iter().zip(record.iter());
    let others = others.filter_map(|((name, column), cell)| match column {
        // words of the goods may be the article's own
        ReplyColumn::Other(ColumnKind::Harmless) if !nothing(cell) && words(names(name)) => None,
        ReplyColumn::Other(kind) => Some((name.as_str(), *kind, cell)),
        _ => None,
    });
    let mut beside = look(others, &told);
    beside.names.extend(named(row, columns, record));
    let other_status =
        all(ReplyColumn::Status).filter(|(_, text)| status(text, date).as_ref() != Ok(&row.acks));
    beside
        .doubts
        .extend(other_status.map(|(name, text)| marked(name, text)));
    // but for a day of arrival beside that of leaving
    let other_day = all(ReplyColumn::Date)
        .filter(|(name, text)| !days::arrives(name) && day(text, today).ok() != date);
    beside
        .doubts
        .extend(other_day.map(|(name, text)| marked(name, text)));
    beside
}

fn words(of: Option<Of>) -> bool {
    matches!(of, Some(Of::Text | Of::Recipient | Of::City))
}

/// The cells that name something once more.
fn named(
    row: &AckRow,
    columns: &[(String, ReplyColumn)],
    record: &csv::StringRecord,
) -> Vec<NamedCell> {
    let known = |cell: &str| {
        [&row.po_number, &row.sku]
            .into_iter()
            .flatten()
            .any(|one| one == cell)
    };
    let all = columns.iter().zip(record.iter());
    let all = all.filter(|(_, cell)| !nothing(cell) && !known(cell.trim()));
    // a column called "line" may count the rows
    let counts = |of: Of, cell: &str| of == Of::Line && cell.trim().parse() == Ok(row.line - 1);
    let one = |((heading, _), cell): (&(String, ReplyColumn), &str)| {
        let of = names(heading).filter(|of| !counts(*of, cell))?;
        Some(NamedCell {
            heading: heading.trim().to_owned(),
            cell: cell.trim().chars().take(200).collect(),
            of,
        })
    };
    all.filter_map(one).collect()
}

fn quantity(text: &str) -> Result<i64, String> {
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
        _ if ahead(found.date) < 0 => Err(format!(
            "date '{}' is past: a promise is of a day to come, so ask them what they mean",
            short(text)
        )),
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
