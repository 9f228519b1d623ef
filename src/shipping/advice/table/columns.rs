//! Columns that their headings alone do not settle: those parted by blanks, and those whose heading
//! could mean pieces or a day.

use super::{HEADER_WITHIN, Record, heading};
use crate::shipping::advice::headers::{Field, PIECES_OR_DAY};
use crate::shipping::text::dates;
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Fewest known columns of a heading whose columns are parted by blanks.
const KNOWN: usize = 3;

static WIDE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[ \t]{2,}").ok());

/// The text with tabs for the gaps of a table that is drawn with blanks, if it holds one. A row with
/// an empty cell has fewer gaps than the heading; it is made too long, so that it is refused and
/// nothing in it is taken for something else.
pub(super) fn parted(text: &str) -> Cow<'_, str> {
    let Some(wide) = WIDE.as_ref() else {
        return Cow::Borrowed(text);
    };
    let head = text
        .lines()
        .take(HEADER_WITHIN)
        .enumerate()
        .find_map(|(at, line)| {
            let cells: Vec<&str> = wide.split(line.trim()).collect();
            let plain = !line.trim().contains([',', ';', '|', '\t']);
            let known = cells.iter().filter(|cell| heading(cell).is_some()).count();
            (plain && known >= KNOWN && known * 3 >= cells.len() * 2).then_some((at, cells.len()))
        });
    let Some((head, width)) = head else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len());
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        let cells = wide.split(line).count();
        out.push_str(&wide.replace_all(line, "\t"));
        let row = at > head && cells * 2 >= width && cells < width;
        if row && line.bytes().any(|b| b.is_ascii_digit()) {
            out.extend(std::iter::repeat_n("\t?", width + 1 - cells));
        }
        out.push('\n');
    }
    Cow::Owned(out)
}

/// `Shipped` alone is a day where its cells are days, else how many pieces.
pub(super) fn settle(columns: &mut [Option<(Field, u8)>], records: &[Record]) {
    for (at, column) in columns.iter_mut().enumerate() {
        if !matches!(column, Some((Field::Qty, PIECES_OR_DAY))) {
            continue;
        }
        let cells = records.iter().filter_map(|(_, record)| record.get(at));
        let mut cells = cells
            .map(|cell| cell.trim())
            .filter(|cell| !cell.is_empty())
            .peekable();
        let day = |cell: &str| cell.len() > 4 && dates::parse(cell, None).is_some();
        if cells.peek().is_some() && cells.all(day) {
            *column = Some((Field::ShipDate, 4));
        }
    }
}
