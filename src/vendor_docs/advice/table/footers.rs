//! Lines of a table that are none of its rows: titles above the heading, totals and thanks below.

use super::{cells_of, columns, header_in, is_ruler};
use crate::vendor_docs::advice::AdviceRow;
use crate::vendor_docs::advice::headers::AdviceField;
use crate::vendor_docs::advice::row::Cells;
use crate::vendor_docs::columns::marked;
use crate::vendor_docs::text::decode;
use crate::vendor_docs::text::titles::{self, TitleNames};
use chrono::NaiveDate;
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// The lines above the heading of a file's table, a table of shipments or not; none of what is no table.
pub fn above(bytes: &[u8]) -> Vec<String> {
    let Ok(text) = decode::text(bytes) else {
        return Vec::new();
    };
    let text = columns::parted(&text);
    let Some(header) = header_in(&text, true) else {
        return Vec::new();
    };
    let lines = text.lines().take(header.line.saturating_sub(1));
    let drawn = |line: &&str| {
        let cells = cells_of(line, header.delimiter);
        !line.trim().is_empty() && !is_ruler(&cells)
    };
    lines
        .filter(drawn)
        .map(|line| line.trim().to_owned())
        .collect()
}

static TOTAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^\W*(?:(?:grand |sub[ -]?)?totals?(?: (?:number|count|no\.?))?(?: of)?|sum|count|rows|records)?(?P<what>(?: ?(?:shipped|shipments|pieces|pcs|qty|quantity|quantities|units|items|lines|rows|records|orders|packages|parcels|cartons|boxes))*)",
        r"(?: ?[:=]? ?(?P<number>[\d,]+(?:\.0+)?))?\W*$"
    ))
    .ok()
});

/// The filled cells of a record.
fn filled(record: &[String]) -> impl Iterator<Item = &str> {
    let cells = record.iter().map(|cell| cell.trim());
    cells.filter(|cell| !cell.is_empty())
}

fn total(record: &[String]) -> Option<Captures<'_>> {
    let first = filled(record).next()?;
    let lower = first.to_lowercase();
    let words = [
        "total",
        "grand",
        "sub",
        "sum",
        "count",
        "rows",
        "records",
        "lines",
        "shipments",
        "orders",
        "packages",
        "pieces",
        "units",
        "items",
        "parcels",
        "cartons",
    ];
    let named = words
        .iter()
        .any(|word| lower.trim_start().starts_with(word));
    TOTAL.as_ref()?.captures(first).filter(|_| named)
}

/// The figure of a line of totals that has no other words and no other figure.
pub fn total_of(record: &[String]) -> Option<i64> {
    let behind = total(record)?.name("number").map(|number| number.as_str());
    let mut figures = behind.into_iter().chain(filled(record).skip(1));
    let figure = figures.next()?.replace(',', "");
    let whole = figure.trim_end_matches(".00").trim_end_matches(".0");
    whole.parse().ok().filter(|_| figures.next().is_none())
}

/// A line of totals below the table: its first cell says so, and the others are figures.
pub(super) fn is_total(record: &[String], cells: &Cells) -> bool {
    let figures = |cell: &str| {
        let cell = cell.to_lowercase();
        let units = ["pcs", "pieces", "units", "ea", "lbs", "lb", "kg", "usd"];
        let cell = units
            .iter()
            .fold(cell.as_str(), |cell, unit| cell.trim_end_matches(unit));
        let digit = |c: char| c.is_ascii_digit() || " ,.$-".contains(c);
        cell.chars().all(digit)
    };
    !cells.contains_key(&AdviceField::Tracking)
        && total(record).is_some()
        && filled(record).skip(1).all(figures)
}

/// A line below the table that says nothing: thanks, "End of report", the number of a page.
pub fn is_footer(record: &[String], today: NaiveDate) -> bool {
    let mut all = filled(record);
    let first = all.next();
    // no name is known here: those are told
    first.is_some_and(|first| titles::harmless(first, &TitleNames::default(), today))
        && all.next().is_none()
}

/// Whether a total is of rows or packages, and not of pieces.
fn counts_lines(what: &str) -> bool {
    let what = what.to_lowercase();
    let all = [
        "lines",
        "rows",
        "records",
        "shipments",
        "orders",
        "packages",
        "parcels",
        "cartons",
        "boxes",
    ];
    all.iter().any(|word| what.contains(word))
}

/// A line of totals: where it counts other pieces than the rows above it, none of them is certain.
pub(super) fn summed(rows: &mut [AdviceRow], record: &[String], cells: &Cells) {
    let words = total(record);
    let behind = words.as_ref().and_then(|found| found.name("number"));
    let what = words.as_ref().and_then(|found| found.name("what"));
    let lines = rows.len();
    let counts_lines = what.is_some_and(|what| counts_lines(what.as_str()));
    let in_column = cells.get(&AdviceField::Qty).and_then(|all| all.first());
    let Some(said) = behind
        .map(|number| number.as_str())
        .or(in_column.map(String::as_str))
    else {
        return;
    };
    let behind = behind.is_some();
    let counted: Option<Vec<i64>> = rows.iter().map(|row| row.qty).collect();
    let Some(counted) = counted.filter(|counted| !counted.is_empty()) else {
        return;
    };
    let plain = said.trim().replace(',', "");
    let total: Option<i64> = plain
        .trim_end_matches(".00")
        .trim_end_matches(".0")
        .parse()
        .ok();
    // of all rows, or of the last purchase order's
    let last = rows.last().map(|row| &row.po_number);
    let group = rows
        .iter()
        .rev()
        .take_while(|row| Some(&row.po_number) == last)
        .count();
    let sum = |counted: &[i64]| {
        counted
            .iter()
            .fold(0i64, |sum, qty| sum.saturating_add(*qty))
    };
    let sums = [sum(&counted), sum(&counted[counted.len() - group..])];
    let own = |total: i64| {
        counts_lines && behind && usize::try_from(total).is_ok_and(|total| total == lines)
    };
    if total.is_some_and(|total| sums.contains(&total) || own(total)) {
        return;
    }
    for row in rows {
        row.beside.doubts.push(marked("total", said));
    }
}
