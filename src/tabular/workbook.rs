//! Workbooks: .xlsx (ECMA-376) and .ods (OpenDocument 1.3), by calamine. One sheet that people see with
//! something in it is a table; of several nobody knows which is meant.

mod aside;
mod format;
mod hidden;
mod named;

pub use named::is_plain_name;

use super::limits::{self, MOST_CELLS, MOST_ROWS, MOST_TEXT};
use crate::domain::spreadsheet::{LONG_NUMBER, MOST_COLUMNS};
use calamine::{Data, DataRef, Ods, Reader, SheetVisible, Style, Xlsx};
use format::Drawn;
use hidden::Unseen;
use std::collections::BTreeMap;
use std::io::Cursor;

/// Why a workbook is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WorkbookFault {
    /// A ZIP archive that is no workbook, or a damaged one.
    #[error(
        "a ZIP archive that is no Excel (.xlsx) or OpenDocument (.ods) workbook, or a damaged one"
    )]
    Broken,
    /// More than a table has.
    #[error(
        "a workbook that unfolds to more than a table has (64 MiB, 1,000,000 cells, 1000 columns)"
    )]
    TooLarge,
    /// Several sheets with something in them.
    #[error("a workbook with several sheets that have something in them ({0})")]
    Several(String),
    /// A cell that its writer struck out: taken back, or done with.
    #[error(
        "a workbook with cells that are struck out ({0}): take them out, or the line through them"
    )]
    Struck(String),
    /// Something in a row or column that is hidden or filtered out.
    #[error(
        "a workbook with something in hidden rows or columns ({0} of sheet '{1}'): show them (Excel: select all, \
         then Unhide rows and columns, and clear the filter), or take them out"
    )]
    Hidden(String, String),
    /// A cell that shows another thing than it holds.
    #[error(
        "a workbook whose cell {0} shows its number by the format '{1}', which poms does not read: set the column to \
         Text and write what is meant"
    )]
    Drawn(String, String),
    /// A cell with a comment, or words at the head or foot of its pages.
    #[error(
        "a workbook with {0}, which is in no cell of its table: write what counts into a column, and take it out"
    )]
    Beside(String),
    /// A sheet whose name may say that its rows count no longer, or not yet.
    #[error(
        "a workbook whose sheet is called '{0}': if its rows count all the same, call the sheet Sheet1"
    )]
    Named(String),
    /// None.
    #[error("a workbook without anything in its sheets")]
    Empty,
}

/// Cells by row and column, both from 0.
type Grid = BTreeMap<(u32, u32), String>;

/// The one sheet as text: a line for each row up to the last (its number is that of the row), with commas
/// between cells and quotation marks as RFC 4180 has them. Line ends in cells become blanks. Numbers are
/// written as they were typed, to 15 digits; days as YYYY-MM-DD.
///
/// # Errors
/// [`WorkbookFault`].
pub fn text(bytes: &[u8]) -> Result<String, WorkbookFault> {
    named_text(bytes).map(|(_, text)| text)
}

/// The same, with the name of the sheet before it.
///
/// # Errors
/// [`WorkbookFault`].
pub fn named_text(bytes: &[u8]) -> Result<(String, String), WorkbookFault> {
    limits::check(bytes)?;
    // a fault of the reader's over a file of somebody else's ends no run
    std::panic::catch_unwind(|| read(bytes)).unwrap_or(Err(WorkbookFault::Broken))
}

fn read(bytes: &[u8]) -> Result<(String, String), WorkbookFault> {
    let mut sheets: Vec<(String, Grid)> = Vec::new();
    if let Ok(mut book) = Xlsx::new(Cursor::new(bytes)) {
        aside::of_xlsx(bytes)?;
        let unseen = hidden::of_xlsx(bytes);
        for name in unseen_sheets(book.sheets_metadata()) {
            if let Ok(grid) = of_xlsx(&mut book, &name) {
                not_noted(&grid, &name)?;
            }
        }
        for (name, place) in seen(book.sheets_metadata()) {
            let grid = of_xlsx(&mut book, &name)?;
            not_hidden(&grid, &name, (unseen.as_deref(), place))?;
            sheets.push((name, grid));
        }
    } else {
        let mut book = Ods::new(Cursor::new(bytes)).map_err(|_| WorkbookFault::Broken)?;
        aside::of_ods(bytes)?;
        let unseen = hidden::of_ods(bytes);
        for name in unseen_sheets(book.sheets_metadata()) {
            if let Ok(grid) = of_ods(&mut book, &name) {
                not_noted(&grid, &name)?;
            }
        }
        for (name, place) in seen(book.sheets_metadata()) {
            let grid = of_ods(&mut book, &name)?;
            not_hidden(&grid, &name, (unseen.as_deref(), place))?;
            sheets.push((name, grid));
        }
    }
    sheets.retain(|(_, grid)| !grid.is_empty());
    match sheets.as_slice() {
        [(name, grid)] => Ok((name.clone(), lines(grid)?)),
        [] => Err(WorkbookFault::Empty),
        several => {
            let names: Vec<String> = several
                .iter()
                .take(9)
                .map(|(name, _)| format!("'{name}'"))
                .collect();
            Err(WorkbookFault::Several(names.join(", ")))
        }
    }
}

/// The cells of a sheet as a person sees them.
fn of_xlsx(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Grid, WorkbookFault> {
    let broken = |_| WorkbookFault::Broken;
    let mut grid = Sheet::default();
    let mut cells = book.worksheet_cells_reader(name).map_err(broken)?;
    let styles: Vec<(bool, Option<(String, Drawn)>)> = cells
        .styles()
        .iter()
        .map(|style| (is_struck(style), drawn(style)))
        .collect();
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(broken)? {
        let shared = match cell.get_value() {
            DataRef::SharedString(text) => text.len(),
            _ => 0,
        };
        grid.room(shared)?;
        let at = cell.get_position();
        let (struck, drawn) = styles
            .get(style)
            .map_or((false, None), |(struck, drawn)| (*struck, drawn.as_ref()));
        let text = match (cell.get_value(), drawn) {
            (DataRef::Float(number), Some((code, drawn))) => {
                in_format(*number, drawn).ok_or_else(|| {
                    WorkbookFault::Drawn(address(at), code.chars().take(60).collect())
                })?
            }
            (value, _) => excel(value),
        };
        if struck && !text.trim().is_empty() {
            return Err(WorkbookFault::Struck(address(at)));
        }
        grid.put(at, text)?;
    }
    Ok(grid.cells)
}

fn of_ods(book: &mut Ods<Cursor<&[u8]>>, name: &str) -> Result<Grid, WorkbookFault> {
    let range = book
        .worksheet_range(name)
        .map_err(|_| WorkbookFault::Broken)?;
    let (top, left) = range.start().unwrap_or_default();
    let mut grid = Sheet::default();
    let at = |from: u32, by: usize| from.saturating_add(u32::try_from(by).unwrap_or(u32::MAX));
    for (row, column, cell) in range.used_cells() {
        grid.put((at(top, row), at(left, column)), shown(cell))?;
    }
    Ok(grid.cells)
}

/// How a style draws numbers, with its code; `None` where it draws them as they are stored.
fn drawn(style: &Style) -> Option<(String, Drawn)> {
    let code = &style.number_format.as_ref()?.format_code;
    let drawn = format::drawn(code);
    (drawn != Drawn::Stored).then(|| (code.clone(), drawn))
}

/// A number as its format draws it; `None` where that is not known.
fn in_format(number: f64, drawn: &Drawn) -> Option<String> {
    match drawn {
        Drawn::Stored => Some(number_shown(number)),
        Drawn::Places(places) => format::placed(number, places),
        Drawn::Money(sign) => Some(format!("{sign} {}", number_shown(number))),
        Drawn::Percent => Some(format!("{}%", number_shown(number * 100.0))),
        Drawn::Other => None,
    }
}

/// Refuses a sheet that has something where nobody sees it. Where the parts of the archive cannot be told
/// apart, nothing is hidden that poms knows of.
fn not_hidden(
    grid: &Grid,
    name: &str,
    (unseen, place): (Option<&[Unseen]>, usize),
) -> Result<(), WorkbookFault> {
    let unseen = unseen.and_then(|all| all.get(place));
    let found = unseen.and_then(|unseen| grid.keys().find_map(|at| unseen.at(*at)));
    match found {
        Some(what) => Err(WorkbookFault::Hidden(what, name.to_owned())),
        None => Ok(()),
    }
}

/// Most cells of a sheet that is a note; lists of what cells may hold have more.
const NOTE: usize = 6;

/// Refuses a sheet that nobody sees and that is a note about the rows beside it.
fn not_noted(grid: &Grid, name: &str) -> Result<(), WorkbookFault> {
    let said = grid
        .values()
        .find_map(|cell| aside::trouble(cell.as_bytes()));
    match said.filter(|_| grid.len() <= NOTE) {
        Some(said) => Err(WorkbookFault::Beside(format!(
            "a hidden sheet '{name}' ('{said}')"
        ))),
        None => Ok(()),
    }
}

/// The sheets that nobody sees.
fn unseen_sheets(sheets: &[calamine::Sheet]) -> Vec<String> {
    let hidden = sheets
        .iter()
        .filter(|sheet| sheet.visible != SheetVisible::Visible);
    hidden.map(|sheet| sheet.name.clone()).collect()
}

/// The sheets that a person sees, with their places in the workbook.
fn seen(sheets: &[calamine::Sheet]) -> Vec<(String, usize)> {
    let visible = sheets
        .iter()
        .enumerate()
        .filter(|(_, sheet)| sheet.visible == SheetVisible::Visible);
    visible
        .map(|(place, sheet)| (sheet.name.clone(), place))
        .collect()
}

/// Whether a style draws a line through what it shows.
fn is_struck(style: &Style) -> bool {
    style
        .font
        .as_ref()
        .is_some_and(|font| font.has_strikethrough())
}

/// A cell as spreadsheets call it: `B3`.
fn address((row, column): (u32, u32)) -> String {
    let (mut letters, mut rest) = (String::new(), u64::from(column) + 1);
    while rest > 0 {
        letters.insert(0, char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    format!("{letters}{}", u64::from(row) + 1)
}

/// The cells of one sheet, within bounds: a text that is stored once may stand in every cell.
#[derive(Default)]
struct Sheet {
    cells: Grid,
    bytes: usize,
}

impl Sheet {
    /// Whether a text of so many bytes fits.
    fn room(&self, bytes: usize) -> Result<(), WorkbookFault> {
        match self.bytes.saturating_add(bytes) > MOST_TEXT {
            true => Err(WorkbookFault::TooLarge),
            false => Ok(()),
        }
    }

    fn put(&mut self, at: (u32, u32), text: String) -> Result<(), WorkbookFault> {
        if text.trim().is_empty() {
            return Ok(());
        }
        let far = at.0 as usize >= MOST_ROWS || at.1 as usize >= MOST_COLUMNS;
        if self.cells.len() >= MOST_CELLS || far {
            return Err(WorkbookFault::TooLarge);
        }
        self.room(text.len())?;
        self.bytes += text.len();
        self.cells.insert(at, text);
        Ok(())
    }
}

fn excel(value: &DataRef<'_>) -> String {
    shown(&Data::from(value.clone()))
}

/// A value as a person sees it who gave the column no format of its own.
fn shown(value: &Data) -> String {
    match value {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number_shown(*number),
        Data::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        Data::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            match (hour, minute, second) {
                (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
                _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
            }
        }
        Data::DateTime(duration) => number_shown(duration.as_f64()),
        Data::DateTimeIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).to_owned(),
        Data::DurationIso(text) => text.clone(),
        Data::Error(fault) => fault.to_string(),
    }
}

/// Whole numbers below this are themselves as doubles: 2 to the power of 53.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A number to 15 digits, as spreadsheets show it: 0.1 + 0.2 is 0.3. Of a longer one nobody can say whether
/// its last digits were kept: it is marked, so that it is refused where digits matter.
fn number_shown(number: f64) -> String {
    if number.abs() >= 1e15 {
        let mut digits = format!("{number:.0}");
        // more than these are those of its double
        if number.abs() >= EXACT {
            digits.truncate(15);
            digits.push('…');
        }
        return digits + LONG_NUMBER;
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    format!("{rounded}")
}

fn lines(grid: &Grid) -> Result<String, WorkbookFault> {
    let mut text = String::new();
    let (mut line, mut column) = (0, 0);
    for (&(row, at), cell) in grid {
        if text.len() > MOST_TEXT {
            return Err(WorkbookFault::TooLarge);
        }
        while line < row {
            text.push('\n');
            (line, column) = (line + 1, 0);
        }
        while column < at {
            text.push(',');
            column += 1;
        }
        let flat = cell.replace(['\n', '\r', '\u{0b}', '\u{0c}'], " ");
        match flat.contains([',', '"', ';', '\t', '|']) {
            true => {
                text.push('"');
                text.push_str(&flat.replace('"', "\"\""));
                text.push('"');
            }
            false => text.push_str(&flat),
        }
    }
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests;
