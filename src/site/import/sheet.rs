//! A table with a header row, as spreadsheets really write it: CSV with commas in UTF-8 and nothing else,
//! or a workbook; columns in any order, headers in any case, extra columns, empty rows at the end.

use super::{MOST_ERRORS, RowError};
use crate::domain::spelling::nearest;
use crate::domain::spreadsheet::{Holds, damage, too_wide};
use crate::tabular;
use crate::tabular::encoding::Encodings;
use crate::tabular::rows::{self, Row};
use serde_json::{Map, Value};

/// The columns that a file may have.
pub struct ImportColumns {
    /// Must be there.
    pub required: &'static [&'static str],
    /// May be there.
    pub optional: &'static [&'static str],
}

/// What a column of the file is.
enum ColumnHead {
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
    columns: &ImportColumns,
    mut take: impl FnMut(SheetRow, &mut Errors),
) -> Result<(), Vec<RowError>> {
    let mut errors = Errors::none();
    let table = tabular::text(bytes, Encodings::Utf8);
    let table = table.and_then(|table| table.plainly_named().map(|()| table));
    let text = match table {
        Ok(table) => table.text,
        Err(what) => {
            let saved = what.or(": save it as \"CSV UTF-8\", or as a workbook with this one sheet");
            let saved = format!("this is {saved}");
            errors.add(1, "", saved);
            return errors.finish(());
        }
    };
    if let Some(fault) = too_wide(text.as_bytes()) {
        errors.add(1, "", fault);
        return errors.finish(());
    }
    let (rows, broken) = rows::rows(&text, b',');
    // what follows may belong to the cell that is not closed
    let readable = broken.first().map_or(u64::MAX, |error| error.line);
    errors.0.extend(broken.into_iter().take(1));
    let mut heads: Option<Vec<ColumnHead>> = None;
    // spreadsheets leave rows of commas at the end
    for found in rows
        .iter()
        .filter(|row| !row.is_blank() && row.line < readable)
    {
        let Some(heads) = &heads else {
            heads = Some(header(found, columns, &mut errors));
            if !errors.0.is_empty() {
                break; // without its columns, no row can be judged
            }
            continue;
        };
        if let Some(row) = row(found, heads, &mut errors) {
            take(row, &mut errors);
        }
        if errors.enough() {
            break;
        }
    }
    if heads.is_none() && errors.0.is_empty() {
        let wanted = columns.required.join(",");
        let empty = format!("the file is empty: it must begin with the header {wanted}");
        errors.add(1, "", empty);
    }
    errors.finish(())
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

fn header(row: &Row, columns: &ImportColumns, errors: &mut Errors) -> Vec<ColumnHead> {
    let line = row.line;
    let known = || columns.required.iter().chain(columns.optional);
    let mut heads: Vec<ColumnHead> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for (place, text) in row.cells.iter().enumerate() {
        if text.contains(LOST) {
            errors.add(line, &format!("{}", place + 1), not_utf8(text));
            continue;
        }
        let name = plain(text);
        if !name.is_empty() && names.contains(&name) {
            errors.add(
                line,
                text.trim(),
                "stands twice in the header: rename or remove one",
            );
        }
        heads.push(match known().find(|column| **column == name) {
            Some(column) => ColumnHead::Known(column),
            None if name.is_empty() => ColumnHead::Extra(format!("column_{}", place + 1)),
            None => ColumnHead::Extra(text.trim().to_owned()),
        });
        names.push(name);
    }
    missing(&names, line, columns, errors);
    heads
}

/// Names every required column that is not there, each with the header that may be meant.
fn missing(names: &[String], line: u64, columns: &ImportColumns, errors: &mut Errors) {
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

fn row(found: &Row, heads: &[ColumnHead], errors: &mut Errors) -> Option<SheetRow> {
    let (line, cells) = (found.line, &found.cells);
    let empty_beyond = cells.iter().skip(heads.len()).all(String::is_empty);
    if cells.len() < heads.len() || !empty_beyond {
        let swallowed = cells.iter().any(|cell| cell.contains('\n'));
        let hint = if swallowed {
            "; a quote (\") in it may not be closed"
        } else {
            "; a text with a comma in it must stand in quotes (\")"
        };
        let (found, wanted) = (cells.len(), heads.len());
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
    for (head, text) in heads.iter().zip(cells) {
        let name: &str = match head {
            ColumnHead::Known(name) => name,
            ColumnHead::Extra(name) => name,
        };
        if text.contains(LOST) {
            errors.add(line, name, not_utf8(text));
            continue;
        }
        if let ColumnHead::Known(name) = head
            && let Some(what) = damage(text, holds(name))
        {
            errors.add(line, name, what);
            continue;
        }
        match head {
            ColumnHead::Known(name) => row.cells.push((name, text.clone())),
            ColumnHead::Extra(name) if text.is_empty() && name.starts_with("column_") => {}
            ColumnHead::Extra(name) => {
                row.extra.insert(name.clone(), Value::String(text.clone()));
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

/// What stands for bytes that are no UTF-8.
const LOST: char = '\u{fffd}';

fn not_utf8(cell: &str) -> String {
    format!(
        "'{}' is not UTF-8, or has letters that were lost on the way (\u{fffd} in their place): save the file as \
         \"CSV UTF-8\", and export again",
        shown(cell)
    )
}

/// A cell for a message: one line, not too long.
pub fn shown(text: &str) -> String {
    crate::config::printable(text)
}
