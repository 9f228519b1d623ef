//! Tables: CSV with comma, semicolon, tab or bar, in files and in mails, with the header spellings
//! of practice (`PO #`, `purchaseOrderNumber`, `tracking-number`, …). RFC 4180, read generously.

mod columns;
mod footers;
mod loose;
mod recants;
mod twice;

pub use footers::{above, is_footer, total_of};

use super::headers::{AdviceField, field_of};
use super::row::{self, Cells, Context};
use super::source::AdviceSource;
use super::{AdviceFormat, AdviceRow, MAX_ROWS, RowError, Rows, carrier_mail};
use crate::domain::spreadsheet::{Holds, MOST_COLUMNS, damage, width};
use crate::vendor_docs::columns::{ColumnKind, Of};
use crate::vendor_docs::text::dates::{self, First};
use chrono::NaiveDate;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The registry's entry.
pub const FORMAT: AdviceFormat = AdviceFormat {
    name: "csv",
    about: "a table with a header row: CSV, tab or semicolon separated, as a file or in a mail",
    claims: |source| !carrier_mail::sent_by_one(source) && header(source).is_some(),
    read,
};

/// Where the header row may stand: titles and dates of a report come before it.
const HEADER_WITHIN: usize = 30;
/// An unclosed quote swallows what follows; after so many the rest is read without quotes.
const MAX_STRAY_QUOTES: usize = 100;
/// A cell of more lines than this is an unclosed quote.
const MAX_CELL_LINES: usize = 20;

/// The header row of a table.
struct Header {
    delimiter: u8,
    /// What each column holds.
    columns: Vec<Option<(AdviceField, u8)>>,
    /// What each is called, what it holds where it is no field, and what it names.
    names: Vec<(String, ColumnKind, Option<Of>)>,
    /// Line of the header, from 1.
    line: usize,
    /// Where the rows begin in the text.
    end: usize,
}

/// One record and the line where it begins.
type Record = (usize, Vec<String>);

/// The sender's own words where the table stands in them, else the whole text.
fn text(source: &AdviceSource) -> Cow<'_, str> {
    let own = columns::parted(&source.own);
    match source.file || header_in(&own, source.file).is_none() {
        true => columns::parted(&source.text),
        false => own,
    }
}

fn cells_of(line: &str, delimiter: u8) -> Vec<String> {
    let mut reader = reader(line, delimiter, true);
    let first = reader.records().next().and_then(Result::ok);
    first.map_or_else(Vec::new, |record| {
        record.iter().map(str::to_owned).collect()
    })
}

fn reader(text: &str, delimiter: u8, quoting: bool) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .quoting(quoting)
        .from_reader(text.as_bytes())
}

/// The header row with the most known columns, if it is one of an advice.
fn header(source: &AdviceSource) -> Option<Header> {
    header_in(&text(source), source.file)
}

fn header_in(text: &str, file: bool) -> Option<Header> {
    let mut best: Option<(usize, Header)> = None;
    let mut end = 0;
    for (at, line) in text.split_inclusive('\n').take(HEADER_WITHIN).enumerate() {
        end += line.len();
        if width(line.as_bytes()) > MOST_COLUMNS {
            continue;
        }
        for delimiter in *b",\t;|" {
            let names = cells_of(line.trim_end(), delimiter);
            let columns = headings(&names);
            let known: BTreeSet<AdviceField> =
                columns.iter().flatten().map(|(field, _)| *field).collect();
            let prose = !file && (known.len() < 3 || columns.len() > known.len() * 3);
            if is_advice(&known) && !prose && best.as_ref().is_none_or(|(n, _)| known.len() > *n) {
                let header = Header {
                    delimiter,
                    columns,
                    names: names
                        .into_iter()
                        .map(|name| (name, ColumnKind::Harmless, None))
                        .collect(),
                    line: at + 1,
                    end,
                };
                best = Some((known.len(), header));
            }
        }
    }
    best.map(|(_, header)| header)
}

/// What the headings of a row mean. In exports of Shopify's orders the order is called `Name`.
fn headings(cells: &[String]) -> Vec<Option<(AdviceField, u8)>> {
    let mut columns: Vec<_> = cells.iter().map(|cell| heading(cell)).collect();
    let order = |column: &Option<(AdviceField, u8)>| {
        matches!(column, Some((AdviceField::Po | AdviceField::Order, _)))
    };
    let fulfilled = cells.iter().any(|cell| cell.starts_with("Fulfillment"));
    let name = cells.iter().position(|cell| cell.trim() == "Name");
    if let Some(at) = name.filter(|_| fulfilled && !columns.iter().any(order)) {
        columns[at] = Some((AdviceField::Order, 1));
    }
    columns
}

/// What columns are grouped by in exports: `Item: SKU`, `Shipment: Tracking Number`.
const GROUPS: &[&str] = &[
    "order",
    "item",
    "line",
    "line item",
    "shipment",
    "fulfillment",
    "package",
    "shipping",
];

/// What a heading means; a key with its value ("PO: 4711") is none.
fn heading(cell: &str) -> Option<(AdviceField, u8)> {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    if let Some((group, rest)) = cell.split_once(": ").filter(|_| digits == 0)
        && GROUPS.contains(&group.trim().to_lowercase().as_str())
    {
        return field_of(&format!("{group} {rest}")).or_else(|| field_of(rest));
    }
    let (_, value) = cell.split_once([':', '=']).unwrap_or_default();
    field_of(cell).filter(|_| digits < 3 && value.trim().is_empty())
}

/// Whether columns are those of an advice: a tracking number beside something to match it by; or
/// an order, a carrier and what left. A status without tracking is an acknowledgement.
fn is_advice(known: &BTreeSet<AdviceField>) -> bool {
    let has = |any: &[AdviceField]| any.iter().any(|field| known.contains(field));
    let order = has(&[AdviceField::Po, AdviceField::Order]);
    if has(&[AdviceField::Tracking]) {
        return known.len() >= 2;
    }
    order
        && has(&[AdviceField::Carrier, AdviceField::ShipDate])
        && has(&[AdviceField::Qty])
        && !has(&[AdviceField::Status])
}

fn read(source: &AdviceSource, today: NaiveDate) -> Rows {
    let mut rows: (Vec<AdviceRow>, Vec<RowError>) = (Vec::new(), Vec::new());
    let Some(mut header) = header(source) else {
        return rows;
    };
    let text = &*text(source);
    let rest = text.get(header.end..).unwrap_or_default();
    let rest = if source.file {
        rest
    } else {
        until_blank_line(rest)
    };
    let (records, mut errors) = records(rest, &header);
    columns::settle(&mut header.columns, &records);
    columns::look_at_headings(&mut header);
    let context = context(&header, &records, today);
    let (mut back, mut notes, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    for (line, record) in records {
        // In a mail, prose may follow the table without an empty line.
        if !source.file && record.len() * 2 < header.columns.len() {
            break;
        }
        let cells = cells(&record, &header);
        let inert =
            |cells: &Cells| footers::is_total(&record, cells) || is_none(&record, &header, today);
        if !cells.as_ref().is_ok_and(inert) {
            back.extend(recants::look(&record, &header, line));
        }
        match cells {
            Ok(cells) if cells.is_empty() => (),
            Ok(cells) if footers::is_total(&record, &cells) => {
                footers::summed(&mut rows.0, &record, &cells);
            }
            Ok(_) if is_none(&record, &header, today) => {}
            cells => {
                let place = rows.0.len() + errors.len() + refused.len() + 1;
                let numbers = twice::numbers(cells.as_ref().ok());
                let row =
                    cells.and_then(|cells| one(&cells, (&record, line), &header, (context, place)));
                notes.extend(loose::notes(row.as_ref().ok(), (&record, line), &header));
                match row {
                    Ok(row) => rows.0.push(row),
                    Err(message) => refused.push((numbers, line, message)),
                }
            }
        }
    }
    recants::apply(&mut rows.0, &back);
    twice::look(&mut rows.0, &refused);
    loose::apply(&mut rows.0, notes);
    let refused = refused.into_iter();
    errors.extend(refused.map(|(_, line, why)| RowError::at(line, why)));
    errors.sort_by_key(|error| error.line);
    rows.1 = errors;
    rows
}

fn context(header: &Header, records: &[Record], today: NaiveDate) -> Context {
    const ORDERS: [AdviceField; 4] = [
        AdviceField::Po,
        AdviceField::Order,
        AdviceField::Reference,
        AdviceField::VendorOrder,
    ];
    let mut known = header.columns.iter().flatten();
    Context {
        today,
        first: which_first(records, header),
        needs_order: known.any(|(field, _)| ORDERS.contains(field)),
    }
}

/// One row, in its place of the table from 1.
fn one(
    cells: &Cells,
    (record, line): (&[String], usize),
    header: &Header,
    (context, place): (Context, usize),
) -> Result<AdviceRow, String> {
    if let Some(message) = damaged(cells) {
        return Err(message);
    }
    let row = row::build(cells, line, context)?;
    Ok(columns::beside(row, record, header, (place, context.today)))
}

/// A line between rows, the headings once more, or what stands below a table.
fn is_none(record: &[String], header: &Header, today: NaiveDate) -> bool {
    is_ruler(record) || is_heading(record, header) || footers::is_footer(record, today)
}

/// In a mail the table ends at the first empty line after its rows.
fn until_blank_line(text: &str) -> &str {
    let start = text.len() - text.trim_start_matches(['\n', ' ']).len();
    let end = text[start..]
        .find("\n\n")
        .map_or(text.len(), |at| start + at + 1);
    &text[..end]
}

/// Takes the text apart. A quote that is never closed costs the line where it opens, not the file.
fn records(text: &str, header: &Header) -> (Vec<Record>, Vec<RowError>) {
    let mut records = Vec::new();
    let mut errors = Vec::new();
    let (mut offset, mut line, mut strays) = (0, header.line + 1, 0);
    while let Some(rest) = text.get(offset..).filter(|rest| !rest.is_empty()) {
        let mut reader = reader(rest, header.delimiter, strays < MAX_STRAY_QUOTES);
        let (mut stray, mut at, mut counted) = (None, 0, 0);
        for record in reader.records() {
            let Ok(record) = record else { continue };
            // Where the record begins; blank lines before it are passed over.
            let byte = record.position().map_or(0, |p| p.byte() as usize);
            let skipped = rest.get(byte..).unwrap_or_default();
            let blank = skipped.len() - skipped.trim_start_matches(['\n', '\r']).len();
            at += rest
                .get(counted..byte + blank)
                .map_or(0, |gap| gap.matches('\n').count());
            counted = byte + blank;
            let lines = record
                .iter()
                .map(|cell| cell.matches('\n').count())
                .sum::<usize>();
            let odd = lines > 0 && record.len() != header.columns.len();
            if odd || lines > MAX_CELL_LINES {
                stray = Some(counted);
                break;
            }
            if records.len() >= MAX_ROWS {
                let message =
                    format!("more than {MAX_ROWS} rows: split the file; the rest was not read");
                errors.push(RowError::at(line + at, message));
                return (records, errors);
            }
            records.push((line + at, record.iter().map(str::to_owned).collect()));
        }
        let Some(byte) = stray else { break };
        strays += 1;
        let message = "a quotation mark is not closed: the line was left out".to_owned();
        errors.push(RowError::at(line + at, message));
        let opens = rest.get(byte..).unwrap_or_default();
        let next = opens.find('\n').map_or(rest.len(), |end| byte + end + 1);
        offset += next;
        line += at + 1;
    }
    (records, errors)
}

/// The cells of a record by what they hold, better columns first.
fn cells(record: &[String], header: &Header) -> Result<Cells, String> {
    let width = header.columns.len();
    if record
        .iter()
        .skip(width)
        .any(|cell| !cell.trim().is_empty())
    {
        return Err(format!(
            "the row has {} cells and the header {width}: a cell with a separator must stand in quotation marks",
            record.len()
        ));
    }
    let mut ranked: Vec<(AdviceField, u8, &str)> = header
        .columns
        .iter()
        .zip(record)
        .filter_map(|(column, cell)| column.map(|(field, rank)| (field, rank, cell.trim())))
        .filter(|(.., cell)| !cell.is_empty())
        .collect();
    ranked.sort_by_key(|(field, rank, _)| (*field, *rank));
    let mut cells = Cells::new();
    let mut best: Option<(AdviceField, u8)> = None;
    for (field, rank, cell) in ranked {
        let worse = best.is_some_and(|(of, least)| of == field && least < rank);
        best = best.filter(|(of, _)| *of == field).or(Some((field, rank)));
        // "date" beside "ship date" is the paper's, "quantity" beside "quantity shipped" what was ordered
        if worse && matches!(field, AdviceField::ShipDate | AdviceField::Qty) {
            continue;
        }
        cells.entry(field).or_default().push(cell.to_owned());
    }
    Ok(cells)
}

/// What a spreadsheet did to one of the cells, with the column.
fn damaged(cells: &Cells) -> Option<String> {
    cells.iter().find_map(|(field, values)| {
        let holds = match field {
            // tracking numbers are looked at by their own reader, which can mend some
            AdviceField::Tracking => return None,
            AdviceField::Sku => Holds::Key,
            AdviceField::Po | AdviceField::Order | AdviceField::VendorOrder => Holds::Number,
            _ => Holds::Other,
        };
        let what = values.iter().find_map(|value| damage(value, holds))?;
        Some(format!("{field:?}: {what}"))
    })
}

/// A line of dashes between the heading and the rows.
fn is_ruler(record: &[String]) -> bool {
    let drawn = |cell: &String| {
        cell.chars()
            .all(|c| matches!(c, '-' | '=' | '_' | ':' | '+' | ' '))
    };
    record.iter().all(drawn)
}

/// The heading once more, as at the top of a page.
fn is_heading(record: &[String], header: &Header) -> bool {
    let mut cells = header.columns.iter().zip(record);
    cells.all(|(column, cell)| *column == heading(cell))
}

/// Whether the month stands first in this file: one date with a number above twelve decides it for
/// all, two that contradict each other decide nothing.
fn which_first(records: &[Record], header: &Header) -> Option<First> {
    let dates = header
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.is_some_and(|(field, _)| field == AdviceField::ShipDate))
        .flat_map(|(at, _)| records.iter().filter_map(move |(_, record)| record.get(at)));
    let mut shown = dates.filter_map(|text| dates::parse(text, None)?.shows);
    let first = shown.next()?;
    shown.all(|other| other == first).then_some(first)
}
