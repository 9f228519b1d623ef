//! An attached file as the text of a table.

use crate::tabular::{self, encoding::Encodings};
use std::borrow::Cow;

/// The text of a file: of a CSV in whatever encoding, or of a workbook with one sheet, as
/// [`tabular::text`] has it.
///
/// # Errors
/// When it is neither: a sentence that says what it looks like and what to ask for.
pub fn text(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    match tabular::text(bytes, Encodings::Guessed) {
        Ok(table) => Ok(table.text),
        Err(what) => Err(format!(
            "the file is {}",
            what.or(", and no table: ask for CSV")
        )),
    }
}

/// The name of a workbook's one sheet, where it is none that programs give of themselves; `None` of any
/// other file.
pub fn sheet(bytes: &[u8]) -> Option<String> {
    if !bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    let table = tabular::text(bytes, Encodings::Guessed).ok()?;
    table
        .sheet
        .filter(|name| !tabular::workbook::is_plain_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_another_kind_is_named() {
        assert_eq!(text(b"\xef\xbb\xbfpo,sku").unwrap(), "po,sku");
        assert!(text(b"PK\x03\x04zip").unwrap_err().contains("workbook"));
        assert!(text(b"%PDF-1.7").unwrap_err().contains("a PDF"));
        assert!(text(b"a\0\0\0").unwrap_err().contains("ask for CSV"));
    }
}
