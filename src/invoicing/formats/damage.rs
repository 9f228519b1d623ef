//! Rows of which a spreadsheet took something away.

use super::Sheet;
use super::labels::Column;
use crate::domain::spreadsheet::{Holds, damage};
use std::collections::BTreeMap;

/// Columns that are read, and how damage shows in them.
const COLUMNS: &[(Column, Holds)] = &[
    (Column::Item, Holds::Key),
    (Column::Number, Holds::Number),
    (Column::InvoiceNumber, Holds::Number),
    (Column::PoNumber, Holds::Number),
    (Column::VendorOrder, Holds::Number),
    (Column::Date, Holds::Other),
    (Column::InvoiceDate, Holds::Other),
    (Column::Due, Holds::Other),
    (Column::Type, Holds::Other),
    (Column::Vendor, Holds::Other),
    (Column::Memo, Holds::Other),
    (Column::Description, Holds::Other),
    (Column::Quantity, Holds::Other),
    (Column::Price, Holds::Other),
    (Column::Amount, Holds::Other),
    (Column::Debit, Holds::Other),
    (Column::Credit, Holds::Other),
    (Column::OpenBalance, Holds::Other),
    (Column::OriginalAmount, Holds::Other),
    (Column::Freight, Holds::Other),
    (Column::Fee, Holds::Other),
    (Column::Tax, Holds::Other),
    (Column::Total, Holds::Other),
];

/// The rows with such a cell, and what was done to it.
pub fn rows(sheet: &Sheet) -> BTreeMap<u64, String> {
    let header = &sheet.header;
    let label = |column: Column| {
        let place = header.place(column).unwrap_or_default();
        sheet.rows.get(header.at).map_or("", |row| row.cell(place))
    };
    let rows = sheet.rows.iter().skip(header.at + 1);
    rows.filter_map(|row| {
        let (column, what) = COLUMNS.iter().find_map(|(column, holds)| {
            damage(header.cell(row, *column), *holds).map(|what| (*column, what))
        })?;
        Some((row.line, format!("column '{}': {what}", label(column))))
    })
    .collect()
}
