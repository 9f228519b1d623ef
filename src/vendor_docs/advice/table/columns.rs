//! Columns that their headings alone do not settle: those parted by blanks, and those whose heading
//! could mean pieces or a day.

use super::{HEADER_WITHIN, Header, Record, heading};
use crate::carriers::{Check, recognise};
use crate::vendor_docs::advice::AdviceRow;
use crate::vendor_docs::advice::headers::{AdviceField, PIECES_OR_DAY};
use crate::vendor_docs::columns::{
    ColumnKind, NamedCell, Of, RowFields, TableKind, kind, look, marked, names, nothing,
};
use crate::vendor_docs::reply::plain::KnownBeside;
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
fn kind_of(heading: &str) -> ColumnKind {
    match heading.split_once(": ") {
        Some((_, rest)) if kind(heading) == ColumnKind::Unknown => kind(rest),
        _ => kind(heading),
    }
}

/// What a column names, by its heading; one with its group (`Item: Description`) by either.
fn named_by(heading: &str) -> Option<Of> {
    let rest = || heading.split_once(": ").and_then(|(_, rest)| names(rest));
    names(heading).or_else(rest)
}

/// Reads what the headings mean that are no fields, and what all of them name.
pub(super) fn look_at_headings(header: &mut Header) {
    for ((name, kind, of), column) in header.names.iter_mut().zip(&header.columns) {
        *of = named_by(name);
        if column.is_none() {
            *kind = kind_of(name);
        }
    }
}

/// The cells of a row that name something once more; `place` is that of the row in its table, from 1, which
/// a column called "line" may count.
fn named(row: &AdviceRow, record: &[String], header: &Header, place: usize) -> Vec<NamedCell> {
    let known = |of: Of, cell: &str| {
        let is = |text: &Option<String>| text.as_deref() == Some(cell);
        match of {
            Of::Order => is(&row.po_number),
            Of::Article => is(&row.sku),
            Of::Recipient => row.ship_to.name == cell || row.ship_to.street == cell,
            Of::City => row.ship_to.city == cell,
            Of::Zip => row.ship_to.zip == cell,
            _ => false,
        }
    };
    let counts = |column: &Option<(AdviceField, u8)>, cell: &str| {
        column.is_none() && cell.parse() == Ok(place)
    };
    let cells = header.columns.iter().zip(&header.names).zip(record);
    let cells = cells.filter_map(|((column, (heading, _, of)), cell)| {
        let (of, cell) = ((*of)?, cell.trim());
        let counted = of == Of::Line && counts(column, cell);
        (!nothing(cell) && !counted && !known(of, cell)).then(|| NamedCell {
            heading: heading.trim().to_owned(),
            cell: cell.chars().take(200).collect(),
            of,
        })
    });
    cells.collect()
}

/// Remarks about what is charged beside the goods.
fn charged<'a>(cells: impl Iterator<Item = (&'a str, ColumnKind, &'a str)>) -> Vec<String> {
    let some = |cell: &str| cell.bytes().any(|b| (b'1'..=b'9').contains(&b));
    let charged = cells.filter(|(_, kind, cell)| *kind == ColumnKind::Charge && some(cell));
    let told = charged.map(|(name, _, cell)| {
        let cell = marked(name, cell);
        format!("{cell}: the bill says what they charge beside the goods")
    });
    told.collect()
}

/// Links to a carrier's page about another parcel.
fn linked(row: &AdviceRow, record: &[String], header: &Header) -> Vec<String> {
    let own: Vec<&String> = row
        .tracking_number
        .iter()
        .chain(&row.further_tracking)
        .collect();
    let valid = |word: &&str| {
        word.len() >= 10
            && recognise(word)
                .iter()
                .any(|found| found.check == Check::Valid)
    };
    let other = |name: &str, cell: &String| {
        let large = cell.to_uppercase();
        let named = |number: &&String| large.contains(&number.to_uppercase());
        let words = |c: char| !c.is_ascii_alphanumeric();
        let name = name.to_lowercase();
        let called = ["track", "link", "url"]
            .iter()
            .any(|word| name.contains(word));
        let link = called || large.contains("://") || large.contains("WWW.");
        link && !own.is_empty()
            && !own.iter().any(named)
            && large.split(words).any(|word| valid(&word))
    };
    let cells = header.names.iter().zip(record);
    let cells = cells.filter(|((name, ..), cell)| other(name, cell));
    cells.map(|((name, ..), cell)| marked(name, cell)).collect()
}

/// Fields by the names under which a row tells their cells.
const TOLD: &[(AdviceField, &str)] = &[
    (AdviceField::Carrier, "carrier"),
    (AdviceField::Service, "service"),
    (AdviceField::Reference, "reference"),
    (AdviceField::VendorOrder, "vendor order number"),
    (AdviceField::Order, "order number"),
    (AdviceField::State, "state"),
    (AdviceField::Zip, "ZIP"),
    (AdviceField::ShipDate, "ship date"),
    (AdviceField::Status, "status"),
    (AdviceField::Qty, "quantity"),
    (AdviceField::Sku, "SKU"),
    (AdviceField::Po, "PO number"),
];

/// Calls the columns in a row's doubts as the table's own headings call them.
fn as_headed(row: &mut AdviceRow, record: &[String], header: &Header) {
    for doubt in &mut row.beside.doubts {
        let columns = header.columns.iter().zip(&header.names).zip(record);
        let of_field = columns.filter_map(|((column, (name, ..)), cell)| {
            let (field, _) = (*column)?;
            let (_, told) = TOLD.iter().find(|(known, _)| *known == field)?;
            let rest = doubt.strip_prefix(&format!("column '{told}' says "))?;
            let whole = marked(name, cell);
            let (head, said) = whole.split_once(" says ")?;
            let same = rest.starts_with(said);
            Some((same, format!("{head} says {rest}")))
        });
        let of_field: Vec<(bool, String)> = of_field.collect();
        let same = of_field.iter().find(|(same, _)| *same);
        if let Some((_, told)) = same.or(of_field.first()) {
            *doubt = told.clone();
        }
    }
}

/// The row with what its other columns say.
pub(super) fn beside(
    mut row: AdviceRow,
    record: &[String],
    header: &Header,
    (place, today): (usize, NaiveDate),
) -> AdviceRow {
    let cells = header.columns.iter().zip(&header.names).zip(record);
    let cells = cells
        .filter(|((column, (name, kind, of)), _)| {
            // words of the goods may be the article's own
            let text = *of == Some(Of::Text) && *kind == ColumnKind::Harmless;
            column.is_none() && !name.trim().is_empty() && !text
        })
        .map(|((_, (name, kind, _)), cell)| (name.as_str(), *kind, cell.as_str()));
    as_headed(&mut row, record, header);
    let charged = charged(cells.clone());
    let tracking = row.tracking_number.iter().chain(&row.further_tracking);
    let numbers = [
        &row.po_number,
        &row.sku,
        &row.reference,
        &row.vendor_order_number,
    ];
    let known = KnownBeside {
        tracking: tracking.cloned().collect(),
        numbers: numbers.into_iter().flatten().cloned().collect(),
        ..KnownBeside::default()
    };
    let told = RowFields {
        table: TableKind::Shipments,
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
        nameless.filter(|((name, ..), cell)| name.trim().is_empty() && !cell.trim().is_empty());
    found
        .doubts
        .extend(nameless.map(|(_, cell)| marked("", cell)));
    found.doubts.extend(linked(&row, record, header));
    for doubt in found.doubts {
        if !row.beside.doubts.contains(&doubt) {
            row.beside.doubts.push(doubt);
        }
    }
    row.beside.prices = found.prices;
    row.beside.remits = found.remits;
    let named = named(&row, record, header, place);
    row.beside.names.extend(named);
    row.beside.names.extend(found.names);
    row.warnings.extend(charged);
    row
}

/// `Shipped` alone is a day where its cells are days, whether it left where they are words or where
/// another column has the pieces, else how many pieces.
pub(super) fn settle(columns: &mut [Option<(AdviceField, u8)>], records: &[Record]) {
    let counted = columns
        .iter()
        .any(|column| matches!(column, Some((AdviceField::Qty, rank)) if *rank != PIECES_OR_DAY));
    for (at, column) in columns.iter_mut().enumerate() {
        if !matches!(column, Some((AdviceField::Qty, PIECES_OR_DAY))) {
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
            *column = Some((AdviceField::ShipDate, 4));
        } else if counted
            || !cells
                .iter()
                .any(|cell| cell.bytes().any(|b| b.is_ascii_digit()))
        {
            *column = None;
        }
    }
}
