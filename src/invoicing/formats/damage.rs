//! Rows of which a spreadsheet took something away.

use super::BillSheet;
use super::labels::BillColumn;
use crate::domain::spreadsheet::{Holds, damage};
use std::collections::BTreeMap;

/// Columns that are read, and how damage shows in them.
const COLUMNS: &[(BillColumn, Holds)] = &[
    (BillColumn::Item, Holds::Key),
    (BillColumn::Number, Holds::Number),
    (BillColumn::InvoiceNumber, Holds::Number),
    (BillColumn::PoNumber, Holds::Number),
    (BillColumn::VendorOrder, Holds::Number),
    (BillColumn::Date, Holds::Other),
    (BillColumn::InvoiceDate, Holds::Other),
    (BillColumn::Due, Holds::Other),
    (BillColumn::Type, Holds::Other),
    (BillColumn::Vendor, Holds::Other),
    (BillColumn::Memo, Holds::Other),
    (BillColumn::Description, Holds::Other),
    (BillColumn::Quantity, Holds::Other),
    (BillColumn::Price, Holds::Other),
    (BillColumn::Amount, Holds::Other),
    (BillColumn::Debit, Holds::Other),
    (BillColumn::Credit, Holds::Other),
    (BillColumn::OpenBalance, Holds::Other),
    (BillColumn::OriginalAmount, Holds::Other),
    (BillColumn::Freight, Holds::Other),
    (BillColumn::Fee, Holds::Other),
    (BillColumn::Tax, Holds::Other),
    (BillColumn::Total, Holds::Other),
];

/// The rows with such a cell, and what was done to it.
pub fn rows(sheet: &BillSheet) -> BTreeMap<u64, String> {
    let header = &sheet.header;
    let label = |column: BillColumn| {
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
