//! From a text to rows: what parts cells, and quotation marks that were never closed.

use super::RowError;
use std::borrow::Cow;

/// One row of the file, with the line on which it begins (from 1) and its cells trimmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Line of the file.
    pub line: u64,
    /// Its cells.
    pub cells: Vec<String>,
}

impl Row {
    /// The cell in a column; empty when the row is shorter.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    /// Whether no cell says anything.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }
}

/// The rows of a text, blank lines left out, and the lines that are no rows because a quotation
/// mark in them is not closed as RFC 4180 has it: those are errors, and reading goes on with the
/// next line instead of swallowing the rest of the file into one cell. `comma` is what stands
/// between cells: spreadsheets also write tabs and semicolons.
pub fn rows(text: &str, comma: u8) -> (Vec<Row>, Vec<RowError>) {
    let (mended, broken) = without_broken_lines(text, comma);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(comma)
        .has_headers(false)
        .flexible(true)
        .from_reader(mended.as_bytes());
    let mut rows = Vec::new();
    let mut line = 1;
    let mut counted = 0;
    let bytes = mended.as_bytes();
    let mut record = csv::StringRecord::new();
    while let Ok(true) = reader.read_record(&mut record) {
        let start = record.position().map_or(0, |at| at.byte());
        let mut start = usize::try_from(start).map_or(bytes.len(), |at| at.min(bytes.len()));
        while bytes.get(start) == Some(&b'\n') {
            start += 1;
        }
        line += newlines(bytes.get(counted..start).unwrap_or_default());
        counted = counted.max(start);
        let is_broken = broken.binary_search_by_key(&line, |error| error.line);
        if is_broken.is_err() {
            let cells = record.iter().map(|cell| cell.trim().to_owned()).collect();
            rows.push(Row { line, cells });
        }
    }
    (rows, broken)
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// What is said of such a line.
const UNCLOSED: &str = "a quotation mark is not closed, or text follows a closed one: write \" inside a \
     quoted cell as \"\"";

/// Overwrites lines with unclosed quotation marks with blanks, byte for byte.
fn without_broken_lines(text: &str, comma: u8) -> (Cow<'_, str>, Vec<RowError>) {
    let mut mended: Option<String> = None;
    let mut broken = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < text.len() {
        let end_of_line = text[at..].find('\n').map_or(text.len(), |n| at + n);
        let first = &text.as_bytes()[at..end_of_line];
        let end = match first.contains(&b'"') {
            false => end_of_line,
            true => match record_end(&text.as_bytes()[at..], comma) {
                Some(length) => at + length,
                None => {
                    let blanks = " ".repeat(end_of_line - at);
                    mended
                        .get_or_insert_with(|| text.to_owned())
                        .replace_range(at..end_of_line, &blanks);
                    broken.push(RowError::row(line, UNCLOSED));
                    end_of_line
                }
            },
        };
        line += newlines(&text.as_bytes()[at..end]) + 1;
        at = end + 1;
    }
    (mended.map_or(Cow::Borrowed(text), Cow::Owned), broken)
}

/// The longest row with line feeds in its cells: an address has few lines, an unclosed quotation
/// mark has the rest of the file.
const LONGEST_ROW: usize = 16 * 1024;

/// Length of the record that begins here, up to its line feed or the end of the text; `None` when
/// its quotation marks are not those of RFC 4180, section 2.
fn record_end(bytes: &[u8], comma: u8) -> Option<usize> {
    let mut at = 0;
    loop {
        // at the start of a cell
        if bytes.get(at) == Some(&b'"') {
            at += 1;
            loop {
                match bytes.get(at) {
                    None => return None,
                    Some(b'"') if bytes.get(at + 1) == Some(&b'"') => at += 2,
                    Some(b'"') => break,
                    Some(_) if at > LONGEST_ROW => return None,
                    Some(_) => at += 1,
                }
            }
            at += 1;
        } else {
            let ends = |byte: &u8| *byte == comma || *byte == b'\n';
            while bytes.get(at).is_some_and(|byte| !ends(byte)) {
                at += 1;
            }
        }
        match bytes.get(at) {
            None | Some(b'\n') => return Some(at),
            Some(byte) if *byte == comma => at += 1,
            Some(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<(u64, Vec<String>)>, Vec<u64>) {
        let (rows, broken) = rows(text, b',');
        let rows = rows.into_iter().map(|row| (row.line, row.cells)).collect();
        (rows, broken.into_iter().map(|error| error.line).collect())
    }

    #[test]
    fn lines_are_counted_as_an_editor_counts_them() {
        let (rows, broken) = read("a,b\n\n\nc,\"d\ne\",f\n ,\ng\n");
        let lines: Vec<u64> = rows.iter().map(|row| row.0).collect();
        assert_eq!(lines, [1, 4, 6, 7]);
        assert_eq!(rows[1].1, ["c", "d\ne", "f"]);
        assert!(broken.is_empty());
    }

    #[test]
    fn an_unclosed_quotation_mark_costs_its_own_line_only() {
        let (rows, broken) = read("a,b\n1,\"2\n3,\"4,000.00\"\n5,6\" pipe\n7,\"8\" x\n\"9");
        let lines: Vec<u64> = rows.iter().map(|row| row.0).collect();
        assert_eq!(lines, [1, 3, 4]);
        assert_eq!(broken, [2, 5, 6]);
        assert_eq!(rows[2].1, ["5", "6\" pipe"]);
    }
}
