//! Columns that their headings alone do not settle: those parted by blanks, and those whose heading
//! could mean pieces or a day.

use super::{HEADER_WITHIN, Header, Record, heading};
use crate::vendor_docs::advice::AdviceRow;
use crate::vendor_docs::advice::headers::{Field, PIECES_OR_DAY};
use crate::vendor_docs::columns::{Kind, Table, Told, kind, look, marked};
use crate::vendor_docs::reply::plain::Known;
use crate::vendor_docs::text::dates;
use chrono::NaiveDate;
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Fewest known columns of a heading whose columns are parted by blanks.
const KNOWN: usize = 3;

static WIDE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[ \t]{2,}").ok());

/// The text with tabs for the gaps of a table that is drawn with blanks, if it holds one. A row with
/// an empty cell has fewer gaps than the heading; it is made too long, so that it is refused and
/// nothing in it is taken for something else.
pub(super) fn parted(text: &str) -> Cow<'_, str> {
    let Some(wide) = WIDE.as_ref() else {
        return Cow::Borrowed(text);
    };
    let head = text
        .lines()
        .take(HEADER_WITHIN)
        .enumerate()
        .find_map(|(at, line)| {
            let cells: Vec<&str> = wide.split(line.trim()).collect();
            let plain = !line.trim().contains([',', ';', '|', '\t']);
            let known = cells.iter().filter(|cell| heading(cell).is_some()).count();
            (plain && known >= KNOWN && known * 3 >= cells.len() * 2).then_some((at, cells.len()))
        });
    let Some((head, width)) = head else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len());
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        let cells = wide.split(line).count();
        out.push_str(&wide.replace_all(line, "\t"));
        let row = at > head && cells * 2 >= width && cells < width;
        if row && line.bytes().any(|b| b.is_ascii_digit()) {
            out.extend(std::iter::repeat_n("\t?", width + 1 - cells));
        }
        out.push('\n');
    }
    Cow::Owned(out)
}

/// What a heading that is no field holds; one with its group (`Item: Color`) by either.
pub(super) fn kind_of(heading: &str) -> Kind {
    match heading.split_once(": ") {
        Some((_, rest)) if kind(heading) == Kind::Unknown => kind(rest),
        _ => kind(heading),
    }
}

/// The row with what its other columns say.
pub(super) fn beside(
    mut row: AdviceRow,
    record: &[String],
    header: &Header,
    today: NaiveDate,
) -> AdviceRow {
    let cells = header.columns.iter().zip(&header.names).zip(record);
    let cells = cells
        .filter(|((column, (name, _)), _)| column.is_none() && !name.trim().is_empty())
        .map(|((_, (name, kind)), cell)| (name.as_str(), *kind, cell.as_str()));
    let tracking = row.tracking_number.iter().chain(&row.further_tracking);
    let numbers = [
        &row.po_number,
        &row.sku,
        &row.reference,
        &row.vendor_order_number,
    ];
    let known = Known {
        tracking: tracking.cloned().collect(),
        numbers: numbers.into_iter().flatten().cloned().collect(),
        ..Known::default()
    };
    let told = Told {
        table: Table::Shipments,
        sku: row.sku.as_deref(),
        qty: row.qty,
        day: row.ship_date,
        comes: true,
        known: &known,
        today,
    };
    let mut found = look(cells, &told);
    // a cell without a heading belongs to none that is known
    let nameless = header.names.iter().zip(record);
    let nameless =
        nameless.filter(|((name, _), cell)| name.trim().is_empty() && !cell.trim().is_empty());
    found
        .doubts
        .extend(nameless.map(|(_, cell)| marked("", cell)));
    row.beside.doubts.extend(found.doubts);
    row.beside.prices = found.prices;
    row.beside.remits = found.remits;
    row
}

/// `Shipped` alone is a day where its cells are days, whether it left where they are words or where
/// another column has the pieces, else how many pieces.
pub(super) fn settle(columns: &mut [Option<(Field, u8)>], records: &[Record]) {
    let counted = columns
        .iter()
        .any(|column| matches!(column, Some((Field::Qty, rank)) if *rank != PIECES_OR_DAY));
    for (at, column) in columns.iter_mut().enumerate() {
        if !matches!(column, Some((Field::Qty, PIECES_OR_DAY))) {
            continue;
        }
        let cells = records.iter().filter_map(|(_, record)| record.get(at));
        let mut cells = cells
            .map(|cell| cell.trim())
            .filter(|cell| !cell.is_empty())
            .peekable();
        let day = |cell: &str| cell.len() > 4 && dates::parse(cell, None).is_some();
        let some = cells.peek().is_some();
        let cells: Vec<&str> = cells.collect();
        if some && cells.iter().all(|cell| day(cell)) {
            *column = Some((Field::ShipDate, 4));
        } else if counted
            || !cells
                .iter()
                .any(|cell| cell.bytes().any(|b| b.is_ascii_digit()))
        {
            *column = None;
        }
    }
}
