//! The purchase order as a table of a vendor's own columns ([`VendorLayout`]).

use super::csv::{Cell, row, safe};
use crate::domain::layout::{COLUMNS, LayoutCell, MATTERS, VendorLayout};
use crate::domain::po_document::{PoDocument, PoDocumentLine};

/// Renders a purchase order in a vendor's columns, a row a line, in UTF-8, quoted as RFC 4180 has it. A text that a
/// spreadsheet would take for a formula has a `'` before it.
///
/// # Errors
/// None in practice: the writer writes to memory.
pub fn own_table(doc: &PoDocument, layout: &VendorLayout) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(layout.separator)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    if layout.header {
        writer.write_record(layout.columns.iter().map(|column| column.heading.as_str()))?;
    }
    for line in &doc.lines {
        let cells = row(doc, line);
        for column in &layout.columns {
            match &column.cell {
                LayoutCell::Constant(text) => writer.write_field(text)?,
                LayoutCell::Field(place) => {
                    writer.write_field(field(doc, line, layout, (*place, &cells)))?
                }
            }
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer
        .into_inner()
        .map_err(|fault| csv::Error::from(fault.into_error()))
}

fn field(
    doc: &PoDocument,
    line: &PoDocumentLine,
    layout: &VendorLayout,
    (place, cells): (usize, &[Cell<'_>]),
) -> String {
    let amount = |text: String| match layout.decimal_comma {
        true => text.replace('.', ","),
        false => text,
    };
    match COLUMNS.get(place).copied() {
        Some("date") => doc.date.format(&layout.date).to_string(),
        Some("unit_cost") => amount(line.unit_cost.to_string()),
        Some("amount") => amount(line.amount.to_string()),
        _ => match cells.get(place) {
            Some(Cell::Text(text)) => safe(text).into_owned(),
            Some(Cell::Own(text)) => text.clone(),
            None => String::new(),
        },
    }
}

/// What a purchase order says and the vendor's table has no column for.
pub fn left_out(doc: &PoDocument, layout: &VendorLayout) -> Vec<&'static str> {
    let Some(line) = doc.lines.first() else {
        return Vec::new();
    };
    let cells = row(doc, line);
    let says = |field: &str| {
        let place = COLUMNS.iter().position(|known| *known == field);
        match place.and_then(|place| cells.get(place)) {
            Some(Cell::Text(text)) => !text.trim().is_empty(),
            // the one word of poms' own among them
            Some(Cell::Own(word)) => word != "no",
            None => false,
        }
    };
    MATTERS
        .into_iter()
        .filter(|field| !layout.has(field) && says(field))
        .collect()
}
