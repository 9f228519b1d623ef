//! How much a workbook may unfold to: it is a ZIP archive of XML, so a small file can hold a huge sheet.
//! Counted before any of it is read for good.

use super::workbook::WorkbookFault;
use regex::bytes::Regex;
use std::io::{Cursor, Read};
use std::sync::LazyLock;
use zip::ZipArchive;

/// The most bytes of all parts of a workbook, unfolded.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// The most cells of a sheet.
pub(super) const MOST_CELLS: usize = 1_000_000;
/// The most rows of a sheet, as Excel has it.
pub(super) const MOST_ROWS: usize = 1_048_576;
/// The most bytes of a sheet's text.
pub(super) const MOST_TEXT: usize = 64 * 1024 * 1024;
/// The most bytes of a part that holds no cells: each style of it costs a hundred times what it takes there.
const MOST_OF_A_PART: u64 = 2 * 1024 * 1024;

/// Looks at every part of the archive, and counts what an OpenDocument sheet repeats.
///
/// # Errors
/// [`WorkbookFault::TooLarge`], [`WorkbookFault::Broken`].
pub(super) fn check(bytes: &[u8]) -> Result<(), WorkbookFault> {
    let broken = |_| WorkbookFault::Broken;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut left = MOST_BYTES;
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(broken)?;
        let name = part.name().map_err(broken)?.to_ascii_lowercase();
        let is_content = name.ends_with("content.xml");
        let small = ["styles.xml", "workbook.xml", ".rels"];
        let small = small.iter().any(|end| name.ends_with(end));
        let mut content = Vec::new();
        // one byte more than is left: what the archive says of itself is not believed
        let taken = part.by_ref().take(left + 1);
        let read = match is_content {
            true => { taken }.read_to_end(&mut content).map(|read| read as u64),
            false => std::io::copy(&mut { taken }, &mut std::io::sink()),
        };
        let read = read.map_err(|_| WorkbookFault::Broken)?;
        left = left.checked_sub(read).ok_or(WorkbookFault::TooLarge)?;
        if small && read > MOST_OF_A_PART {
            return Err(WorkbookFault::TooLarge);
        }
        if is_content && unfolded(&content) > MOST_CELLS {
            return Err(WorkbookFault::TooLarge);
        }
    }
    Ok(())
}

static TAGS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"<table:(table-row|table-cell|covered-table-cell)\b([^>]*)>|<(/table:table)>"#)
        .ok()
});
static REPEATED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"number-(?:rows|columns)-repeated\s*=\s*["'](\d+)["']"#).ok());

/// At least as many cells as the widest of an OpenDocument file's sheets (OpenDocument 1.3, part 3, 9.1)
/// has in the rectangle around what is not empty; more than any where their texts would be too long, or
/// where how often something is repeated is not a plain number.
fn unfolded(content: &[u8]) -> usize {
    let (Some(tags), Some(repeated)) = (TAGS.as_ref(), REPEATED.as_ref()) else {
        return usize::MAX;
    };
    let count = |attributes: &[u8]| -> usize {
        let found = repeated.captures(attributes).and_then(|found| found.get(1));
        let text = found.and_then(|digits| std::str::from_utf8(digits.as_bytes()).ok());
        let said = || attributes.windows(8).any(|word| word == b"repeated");
        match text {
            Some(digits) => digits.parse().unwrap_or(usize::MAX),
            None if said() => usize::MAX,
            None => 1,
        }
    };
    // where the last cell with something in it begins, and how often it stands in the sheet
    let (mut last, mut bytes) = ((0_usize, 0_usize), 0_usize);
    let (mut most, mut rows, mut widest, mut pending) = (0_usize, 0_usize, 0_usize, 0_usize);
    let (mut repeats, mut width, mut empty) = (0_usize, 0_usize, 0_usize);
    // how often the row that is read stands in the sheet
    let mut standing = 0_usize;
    for tag in tags.captures_iter(content) {
        let start = tag.get(0).map_or(0, |whole| whole.start());
        bytes = bytes.saturating_add(start.saturating_sub(last.0).saturating_mul(last.1));
        last = (start, 0);
        if bytes > MOST_TEXT {
            return usize::MAX;
        }
        let attributes = tag.get(2).map_or(&b""[..], |found| found.as_bytes());
        match tag.get(1).map(|found| found.as_bytes()) {
            Some(b"table-row") => {
                pending = pending.saturating_add(repeats);
                (repeats, width, empty) = (count(attributes), 0, 0);
                standing = 0;
            }
            Some(_) => {
                let cells = count(attributes);
                // what has no value may still have text in it: only a closed one is surely empty
                if attributes.ends_with(b"/") && !attributes.windows(7).any(|a| a == b"office:") {
                    empty = empty.saturating_add(cells);
                    continue;
                }
                width = width.saturating_add(empty).saturating_add(cells);
                empty = 0;
                widest = widest.max(width);
                rows = rows.saturating_add(pending).saturating_add(repeats);
                standing = standing.max(repeats);
                (pending, repeats) = (0, 0);
                last.1 = cells.saturating_mul(standing);
                most = most.max(rows.saturating_mul(widest));
            }
            None => (rows, widest, pending, repeats) = (0, 0, 0, 0),
        }
    }
    let rest = content.len().saturating_sub(last.0).saturating_mul(last.1);
    match bytes.saturating_add(rest) > MOST_TEXT {
        true => usize::MAX,
        false => most,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_repeated_counts_and_empty_margins_do_not() {
        let margins = r#"<table:table-row><table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16383"/></table:table-row><table:table-row table:number-rows-repeated="1048575"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>"#;
        assert_eq!(unfolded(margins.as_bytes()), 1);
        let wide = r#"<table:table-row table:number-rows-repeated="1000"><table:table-cell office:value="1" table:number-columns-repeated="16384"/></table:table-row>"#;
        assert!(unfolded(wide.as_bytes()) > MOST_CELLS);
        let gap = r#"<table:table-row><table:table-cell office:value="1"/></table:table-row><table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row><table:table-row><table:table-cell table:number-columns-repeated="900"/><table:table-cell office:value="1"/></table:table-row>"#;
        assert_eq!(unfolded(gap.as_bytes()), 1_048_002 * 901);
        let long = format!(
            r#"<table:table-row table:number-rows-repeated="1000"><table:table-cell table:number-columns-repeated="900" office:value-type="string"><text:p>{}</text:p></table:table-cell></table:table-row>"#,
            "x".repeat(1000)
        );
        assert_eq!(unfolded(long.as_bytes()), usize::MAX);
        for number in ["&#49;000", "+9", "1e9"] {
            let odd = format!(
                r#"<table:table-row table:number-rows-repeated="{number}"><table:table-cell office:value="1"/></table:table-row>"#
            );
            assert_eq!(unfolded(odd.as_bytes()), usize::MAX, "{number}");
        }
    }
}
