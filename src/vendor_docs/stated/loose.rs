//! Notes of a table of answers that may be about other rows than their own.

use crate::vendor_docs::advice::{AdviceField, field_of};
use crate::vendor_docs::columns::others::{self, RowNumbers};
use crate::vendor_docs::columns::{ColumnKind, kind};
use crate::vendor_docs::reply::structured::AckRow;
use csv::StringRecord;

fn numbers(row: &AckRow) -> RowNumbers<'_> {
    RowNumbers {
        line: row.line,
        po: row.po_number.as_deref(),
        sku: row.sku.as_deref(),
        tracking: None,
    }
}

/// Notes with the answers of a table what other rows of it say that may be about them.
pub(super) fn look(text: &str, rows: &mut [AckRow]) {
    let tables = b",\t;|".iter().filter_map(|comma| {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(*comma)
            .flexible(true)
            .from_reader(text.as_bytes());
        let headings = reader.headers().ok()?.clone();
        let known = headings
            .iter()
            .filter(|one| field_of(one).is_some())
            .count();
        (known > 1).then(|| (headings, reader.records().filter_map(Result::ok).collect()))
    });
    let tables: Vec<(StringRecord, Vec<StringRecord>)> = tables.take(1).collect();
    let Some((headings, records)) = tables.first() else {
        return;
    };
    let mut notes = Vec::new();
    for (at, record) in records.iter().enumerate() {
        // as the reader of answers counts its lines
        let line = at + 2;
        let row = rows.binary_search_by_key(&line, |row| row.line);
        let row = row.ok().and_then(|at| rows.get(at));
        let nameless = RowNumbers {
            line,
            po: None,
            sku: None,
            tracking: None,
        };
        let cells = headings.iter().zip(record.iter()).map(|(heading, cell)| {
            let kind = match field_of(heading) {
                Some((AdviceField::Status | AdviceField::Void, _)) => Some(ColumnKind::Words),
                Some(_) => None,
                None => Some(kind(heading)),
            };
            (heading, kind, cell)
        });
        let doubts = row.map_or(&[][..], |row| row.beside.doubts.as_slice());
        notes.extend(others::notes(&row.map_or(nameless, numbers), cells, doubts));
    }
    let notes = others::bounded(notes);
    for row in rows.iter_mut().filter(|_| !notes.is_empty()) {
        let mut told = others::own(&numbers(row), &notes);
        told.extend(others::about(&numbers(row), &notes));
        told.retain(|one| !row.beside.doubts.contains(one));
        row.beside.doubts.extend(told);
    }
}
