//! The purchase order as CSV: one row a line, for vendors whose systems read it (RFC 4180).

use crate::domain::layout::COLUMNS;
use crate::domain::po_document::{PoDocument, PoDocumentLine};
use std::borrow::Cow;

/// Renders a purchase order as CSV in UTF-8. With `formula_safe`, a text that a spreadsheet would
/// take for a formula has a `'` before it; without, every value is exact.
///
/// # Errors
/// None in practice: the writer writes to memory.
pub fn csv(doc: &PoDocument, formula_safe: bool) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for line in &doc.lines {
        for value in row(doc, line) {
            match value {
                Cell::Text(value) if formula_safe => writer.write_field(safe(&value).as_ref())?,
                Cell::Text(value) => writer.write_field(value.as_ref())?,
                Cell::Own(value) => writer.write_field(value)?,
            }
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer
        .into_inner()
        .map_err(|fault| csv::Error::from(fault.into_error()))
}

/// A value of the table.
pub(super) enum Cell<'a> {
    /// From outside.
    Text(Cow<'a, str>),
    /// A number, date or word that poms itself wrote.
    Own(String),
}

/// A row, in the order of [`COLUMNS`].
pub(super) fn row<'a>(doc: &'a PoDocument, line: &'a PoDocumentLine) -> [Cell<'a>; COLUMNS.len()] {
    let given = |value: &'a str| Cell::Text(Cow::Borrowed(value));
    let maybe = |value: &'a Option<String>| given(value.as_deref().unwrap_or(""));
    let label = |place: usize| given(doc.ship_to.get(place).map_or("", String::as_str));
    // a label of more lines loses none: they stand together in the last cell
    let last = doc.ship_to.get(4..).unwrap_or_default().join(", ");
    [
        given(&doc.number),
        Cell::Own(line.line.to_string()),
        given(&line.vendor_sku),
        given(&line.sku),
        given(&line.description),
        Cell::Own(line.qty.to_string()),
        Cell::Own(line.unit_cost.to_string()),
        Cell::Own(line.amount.to_string()),
        label(0),
        label(1),
        label(2),
        label(3),
        Cell::Text(Cow::Owned(last)),
        given(&doc.ship_to_phone),
        maybe(&doc.shipping_method),
        maybe(&doc.required_by),
        maybe(&doc.gift_message),
        given(&doc.currency),
        given(&doc.order_number),
        Cell::Own(doc.date.to_string()),
        Cell::Own(if doc.possible_duplicate { "yes" } else { "no" }.to_owned()),
        Cell::Text(Cow::Owned(doc.replaces.join("; "))),
        Cell::Text(Cow::Owned(doc.comment().unwrap_or_default())),
        Cell::Own(doc.revision.max(1).to_string()),
    ]
}

/// The text with a `'` before it when a spreadsheet would take it for a formula: it begins with
/// `=`, `+`, `-`, `@`, their full-width forms, a tab or a line end, with or without quotes and
/// spaces before that.
pub fn safe(value: &str) -> Cow<'_, str> {
    let bare = value.trim_start_matches(['"', '\'', ' ', '\u{a0}', '\u{feff}', '\u{200b}']);
    let risky = |c: char| {
        matches!(
            c,
            '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r' | '\n' | '\0'
        )
    };
    if bare.starts_with(risky) || value.starts_with(char::is_control) {
        Cow::Owned(format!("'{value}"))
    } else {
        Cow::Borrowed(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::purchasing::render::sample;

    fn table(bytes: &[u8]) -> Vec<Vec<String>> {
        csv::Reader::from_reader(bytes)
            .records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn says_what_it_said() {
        let bytes = csv(&sample::short(), true).unwrap();
        let shown = String::from_utf8(bytes).unwrap();
        crate::golden::golden("src/purchasing/render/expected/csv.csv", &shown);
    }

    #[test]
    fn formulas_are_marked_only_when_asked() {
        let mut doc = sample::short();
        for value in [
            "=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "\"=1", " =1", "＝1", "'=1",
        ] {
            doc.lines[0].description = value.to_owned();
            assert_eq!(table(&csv(&doc, false).unwrap())[0][4], value);
            assert_eq!(table(&csv(&doc, true).unwrap())[0][4], format!("'{value}"));
        }
        for value in ["12-3", "a=b", "", "Chair (blue)"] {
            assert_eq!(safe(value), value);
        }
    }

    proptest::proptest! {
        #[test]
        fn machine_form_is_exact(text: String, name: String) {
            let mut doc = sample::short();
            doc.lines[0].description = text.clone();
            doc.ship_to[0] = name.clone();
            let rows = table(&csv(&doc, false).unwrap());
            proptest::prop_assert_eq!(&rows[0][4], &text);
            proptest::prop_assert_eq!(&rows[0][8], &name);
            proptest::prop_assert_eq!(rows.len(), doc.lines.len());
        }
    }
}
