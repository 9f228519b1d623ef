//! Notes of a table's rows that may be about other rows of it.

use super::Header;
use crate::vendor_docs::advice::AdviceRow;
use crate::vendor_docs::advice::headers::AdviceField;
use crate::vendor_docs::columns::ColumnKind;
use crate::vendor_docs::columns::others::{self, LooseNote, RowNumbers};

fn numbers(row: &AdviceRow) -> RowNumbers<'_> {
    RowNumbers {
        line: row.line,
        po: row.po_number.as_deref(),
        sku: row.sku.as_deref(),
        tracking: row.tracking_number.as_deref(),
    }
}

/// Those of one record, with the row that it makes if it makes one.
pub(super) fn notes(
    row: Option<&AdviceRow>,
    (record, line): (&[String], usize),
    header: &Header,
) -> Vec<LooseNote> {
    let nameless = RowNumbers {
        line,
        po: None,
        sku: None,
        tracking: None,
    };
    let of = row.map_or(nameless, numbers);
    let columns = header.columns.iter().zip(&header.names).zip(record);
    let cells = columns.map(|((column, (name, kind, _)), cell)| {
        // a status is words about its row
        let kind = match column {
            Some((AdviceField::Status | AdviceField::Void, _)) => Some(ColumnKind::Words),
            Some(_) => None,
            None => Some(*kind),
        };
        (name.as_str(), kind, cell.as_str())
    });
    others::notes(
        &of,
        cells,
        row.map_or(&[][..], |row| row.beside.doubts.as_slice()),
    )
}

/// Tells each row of those that may be about it.
pub(super) fn apply(rows: &mut [AdviceRow], notes: Vec<LooseNote>) {
    if notes.is_empty() {
        return;
    }
    let notes = &others::bounded(notes);
    for row in rows {
        let of = numbers(row);
        let mut told = others::own(&of, notes);
        told.extend(others::about(&of, notes));
        told.retain(|one| !row.beside.doubts.contains(one));
        row.beside.doubts.extend(told);
    }
}
