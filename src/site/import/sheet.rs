//! A CSV file with a header row, as spreadsheets really write it: BOM, CRLF, columns in any order,
//! headers in any case, extra columns, empty rows at the end.

use super::{MOST_ERRORS, RowError};
use crate::domain::spelling::nearest;
use crate::domain::spreadsheet::{Holds, damage, too_wide};
use serde_json::{Map, Value};

/// The columns that a file may have.
pub struct Columns {
    /// Must be there.
    pub required: &'static [&'static str],
    /// May be there.
    pub optional: &'static [&'static str],
}

/// What a column of the file is.
enum Head {
    /// A known column, by its name.
    Known(&'static str),
    /// Kept beside, under the name that the file gives it.
    Extra(String),
}

/// One row of the file.
pub struct SheetRow {
    /// The line on which it begins.
    pub line: u64,
    cells: Vec<(&'static str, String)>,
    /// What the extra columns hold, by the file's own names.
    pub extra: Map<String, Value>,
}

impl SheetRow {
    /// The trimmed text of a known column; empty when the file does not have it.
    pub fn cell(&self, column: &str) -> &str {
        let found = self.cells.iter().find(|(name, _)| *name == column);
        found.map_or("", |(_, text)| text.trim())
    }
}

/// Errors as they are collected.
pub struct Errors(Vec<RowError>);

impl Errors {
    /// None so far.
    pub fn none() -> Errors {
        Errors(Vec::new())
    }

    /// Notes one.
    pub fn add(&mut self, line: u64, column: &str, message: impl Into<String>) {
        self.0.push(RowError {
            line,
            column: column.to_owned(),
            message: message.into(),
        });
    }

    /// Whether so many were found that more would not help.
    pub fn enough(&self) -> bool {
        self.0.len() >= MOST_ERRORS
    }

    /// `Ok` when none was noted.
    pub fn finish<T>(mut self, value: T) -> Result<T, Vec<RowError>> {
        if self.0.is_empty() {
            return Ok(value);
        }
        let enough = self.enough();
        self.0.sort_by_key(|error| error.line);
        if enough {
            let line = self.0.last().map_or(1, |error| error.line);
            self.add(
                line,
                "",
                format!("stopped reading after {MOST_ERRORS} errors"),
            );
        }
        Err(self.0)
    }
}

/// Reads a file row by row and gives each to `take`, which notes what is wrong with it.
///
/// # Errors
/// Everything that is wrong, by line; also what `take` noted.
pub fn read(
    bytes: &[u8],
    columns: &Columns,
    mut take: impl FnMut(SheetRow, &mut Errors),
) -> Result<(), Vec<RowError>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut errors = Errors::none();
    if is_no_text(bytes) {
        let saved = "this is no CSV but a spreadsheet or a text in another encoding (UTF-16): save it as \"CSV UTF-8\"";
        errors.add(1, "", saved);
        return errors.finish(());
    }
    if let Some(fault) = too_wide(bytes) {
        errors.add(1, "", fault);
        return errors.finish(());
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes);
    let mut record = csv::ByteRecord::new();
    let mut heads: Option<Vec<Head>> = None;
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line);
                errors.add(line, "", "cannot be read as CSV");
                break;
            }
        }
        if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue; // spreadsheets leave rows of commas at the end
        }
        let line = first_line(&record, bytes);
        let Some(heads) = &heads else {
            heads = Some(header(&record, line, columns, &mut errors));
            if !errors.0.is_empty() {
                break; // without its columns, no row can be judged
            }
            continue;
        };
        if let Some(row) = row(&record, line, heads, &mut errors) {
            take(row, &mut errors);
        }
        if errors.enough() {
            break;
        }
    }
    if heads.is_none() && errors.0.is_empty() {
        let wanted = columns.required.join(",");
        errors.add(
            1,
            "",
            format!("the file is empty: it must begin with the header {wanted}"),
        );
    }
    errors.finish(())
}

/// Whether a file begins as spreadsheets (zipped or old) and texts of 16 bits do.
fn is_no_text(bytes: &[u8]) -> bool {
    let begins: [&[u8]; 4] = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"\xfe\xff"];
    begins.iter().any(|begin| bytes.starts_with(begin)) || bytes.iter().take(4).any(|b| *b == 0)
}

/// The line on which a record begins. The reader's own count is that of the line end before it,
/// which is too low when empty lines stand between.
fn first_line(record: &csv::ByteRecord, bytes: &[u8]) -> u64 {
    let Some(position) = record.position() else {
        return 1;
    };
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = bytes.get(start..).unwrap_or_default();
    let blank = rest.iter().take_while(|b| matches!(**b, b'\r' | b'\n'));
    position.line() + blank.filter(|b| **b == b'\n').count() as u64
}

/// A header as it is compared: lower case, spaces and dashes as underscores.
fn plain(header: &str) -> String {
    let words = header.trim().to_lowercase();
    let joined: Vec<&str> = words
        .split([' ', '-', '_'])
        .filter(|w| !w.is_empty())
        .collect();
    joined.join("_")
}

fn header(
    record: &csv::ByteRecord,
    line: u64,
    columns: &Columns,
    errors: &mut Errors,
) -> Vec<Head> {
    let known = || columns.required.iter().chain(columns.optional);
    let mut heads: Vec<Head> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for (place, cell) in record.iter().enumerate() {
        let Ok(text) = std::str::from_utf8(cell) else {
            errors.add(line, &format!("{}", place + 1), not_utf8(cell));
            continue;
        };
        let name = plain(text);
        if !name.is_empty() && names.contains(&name) {
            errors.add(
                line,
                text.trim(),
                "stands twice in the header: rename or remove one",
            );
        }
        heads.push(match known().find(|column| **column == name) {
            Some(column) => Head::Known(column),
            None if name.is_empty() => Head::Extra(format!("column_{}", place + 1)),
            None => Head::Extra(text.trim().to_owned()),
        });
        names.push(name);
    }
    missing(&names, line, columns, errors);
    heads
}

/// Names every required column that is not there, each with the header that may be meant.
fn missing(names: &[String], line: u64, columns: &Columns, errors: &mut Errors) {
    let absent = |column: &&&str| !names.iter().any(|name| name == *column);
    let missing: Vec<&str> = columns.required.iter().filter(absent).copied().collect();
    if missing.is_empty() {
        return;
    }
    if let [only] = names
        && let Some(sign) = [';', '\t', '|'].iter().find(|sign| only.contains(**sign))
    {
        let sign = sign.escape_default();
        errors.add(
            line,
            "",
            format!("the columns are separated by '{sign}': poms reads commas"),
        );
        return;
    }
    let is_known = |name: &&str| {
        columns.required.contains(name) || columns.optional.contains(name) || name.is_empty()
    };
    let unknown: Vec<&str> = names
        .iter()
        .map(String::as_str)
        .filter(|n| !is_known(n))
        .collect();
    let said: Vec<String> = missing
        .iter()
        .map(|column| match nearest(column, unknown.iter().copied()) {
            Some(near) => format!("{column} (the nearest header is '{}')", shown(near)),
            None => (*column).to_owned(),
        })
        .collect();
    errors.add(
        line,
        "",
        format!("missing in the header: {}", said.join(", ")),
    );
}

fn row(
    record: &csv::ByteRecord,
    line: u64,
    heads: &[Head],
    errors: &mut Errors,
) -> Option<SheetRow> {
    let empty_beyond = record
        .iter()
        .skip(heads.len())
        .all(|cell| cell.trim_ascii().is_empty());
    if record.len() < heads.len() || !empty_beyond {
        let swallowed = record.iter().any(|cell| cell.contains(&b'\n'));
        let hint = if swallowed {
            "; a quote (\") in it may not be closed"
        } else {
            "; a text with a comma in it must stand in quotes (\")"
        };
        let (found, wanted) = (record.len(), heads.len());
        errors.add(
            line,
            "",
            format!("has {found} columns, the header {wanted}{hint}"),
        );
        return None;
    }
    let before = errors.0.len();
    let mut row = SheetRow {
        line,
        cells: Vec::with_capacity(heads.len()),
        extra: Map::new(),
    };
    for (head, cell) in heads.iter().zip(record.iter()) {
        let text = match (std::str::from_utf8(cell), head) {
            (Ok(text), _) => text,
            (Err(_), Head::Known(name)) => {
                errors.add(line, name, not_utf8(cell));
                continue;
            }
            (Err(_), Head::Extra(name)) => {
                errors.add(line, name, not_utf8(cell));
                continue;
            }
        };
        if let Head::Known(name) = head
            && let Some(what) = damage(text, holds(name))
        {
            errors.add(line, name, what);
            continue;
        }
        match head {
            Head::Known(name) => row.cells.push((name, text.to_owned())),
            Head::Extra(name) if text.is_empty() && name.starts_with("column_") => {}
            Head::Extra(name) => {
                row.extra
                    .insert(name.clone(), Value::String(text.to_owned()));
            }
        }
    }
    (errors.0.len() == before).then_some(row)
}

/// How a spreadsheet's damage shows in a column.
fn holds(column: &str) -> Holds {
    match column {
        "sku" | "vendor_sku" | "id" | "vendor_id" => Holds::Key,
        _ => Holds::Other,
    }
}

fn not_utf8(cell: &[u8]) -> String {
    format!(
        "'{}' is not UTF-8: save the file as \"CSV UTF-8\"",
        shown(&String::from_utf8_lossy(cell))
    )
}

/// A cell for a message: one line, not too long.
pub fn shown(text: &str) -> String {
    crate::config::printable(text)
}
