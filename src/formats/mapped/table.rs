//! Orders in rows: CSV, TSV and workbooks, several rows an order.

use super::fault::NotAsMapped;
use super::mapping::OrderMapping;
use super::unit::{MappedUnit, OrderUnit};
use crate::formats::OrderDocument;
use crate::tabular::encoding::Encodings;
use crate::tabular::rows::{Row, rows};
use crate::tabular::{self, RowError};
use std::collections::HashMap;

/// What parts cells; the first by which all headings are there counts.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// A table of orders.
pub struct OrderTable {
    /// As the file has them.
    names: Vec<String>,
    /// Folded.
    headings: Vec<String>,
    rows: Vec<Row>,
    broken: Vec<RowError>,
    /// Whether it is a workbook.
    pub workbook: bool,
}

/// How a table's headings compare with those that a mapping asks for.
#[derive(Default)]
pub struct HeadingsFound {
    /// Those that are missing.
    pub missing: Vec<String>,
    /// How many are there.
    pub there: usize,
}

/// Headings are the same whatever their capitals and blanks.
pub fn folded(heading: &str) -> String {
    let words: Vec<&str> = heading.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// Which of the asked headings the first row of a text has, by the separator by which it has most.
fn compare(first: &str, asked: &[String]) -> (HeadingsFound, u8) {
    let mut best = (HeadingsFound::default(), SEPARATORS[0]);
    for separator in SEPARATORS {
        let (read, _) = rows(first, separator);
        let cells = read.first().map_or(&[][..], |row| row.cells.as_slice());
        let cells: Vec<String> = cells.iter().map(|cell| folded(cell)).collect();
        let (there, missing): (Vec<&String>, Vec<&String>) = asked
            .iter()
            .partition(|heading| cells.contains(&folded(heading)));
        if there.len() > best.0.there || separator == SEPARATORS[0] {
            let missing = missing.into_iter().cloned().collect();
            best = (
                HeadingsFound {
                    missing,
                    there: there.len(),
                },
                separator,
            );
        }
    }
    best
}

/// The first line of a text that says something, cells with line ends in them included.
fn first_row(text: &str) -> &str {
    let text = text.trim_start_matches(['\n', '\r', ' ']);
    let mut quoted = false;
    let end = text.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == '\n' && !quoted
    });
    match end {
        Some((at, _)) if at <= 65_536 => &text[..at],
        // no row of headings is so long
        _ => "",
    }
}

/// A table's text, and whether it is a workbook's.
fn text(document: &OrderDocument, encoding: Option<&str>) -> Result<(String, bool), String> {
    if document.bytes().starts_with(b"PK\x03\x04") {
        let read = tabular::text(document.bytes(), Encodings::Utf8);
        let read = read.and_then(|read| read.plainly_named().map(|()| read));
        let read = read.map_err(|why| why.or(": save it as one sheet, or as CSV in UTF-8"))?;
        return Ok((read.text.into_owned(), true));
    }
    let text = document.text_in(encoding).map_err(|fault| {
        format!(
            "{fault}; `document.encoding` says which character set it has, such as \"windows-1252\""
        )
    })?;
    Ok((text.replace("\r\n", "\n").replace('\r', "\n"), false))
}

/// Which headings a document has; nothing where it is no table.
pub fn headings_of(
    document: &OrderDocument,
    encoding: Option<&str>,
    asked: &[String],
) -> HeadingsFound {
    let none = || HeadingsFound {
        missing: asked.to_vec(),
        there: 0,
    };
    if document.is_of_another_kind() {
        return none();
    }
    match text(document, encoding) {
        Ok((text, _)) => compare(&with_end(first_row(&with_end(&text))), asked).0,
        Err(_) => none(),
    }
}

fn with_end(text: &str) -> String {
    format!("{text}\n")
}

impl OrderTable {
    /// Reads a document as a table with these headings.
    ///
    /// # Errors
    /// What is wrong with it as a whole.
    pub fn read(
        document: &OrderDocument,
        mapping: &OrderMapping,
        asked: &[String],
    ) -> Result<OrderTable, NotAsMapped> {
        let (text, workbook) = text(document, mapping.encoding.as_deref())?;
        let (found, separator) = match workbook {
            true => (compare(first_row(&with_end(&text)), asked).0, b','),
            false => compare(first_row(&with_end(&text)), asked),
        };
        if !found.missing.is_empty() {
            return Err(format!("its first row has no heading {}", quoted(&found.missing)).into());
        }
        let (mut rows, broken) = rows(&text, separator);
        rows.retain(|row| !row.is_blank());
        let names = match rows.is_empty() {
            true => Vec::new(),
            false => rows.remove(0).cells,
        };
        let headings = names.iter().map(|cell| folded(cell)).collect();
        let table = OrderTable {
            names,
            headings,
            rows,
            broken,
            workbook,
        };
        table.check(mapping)?;
        Ok(table)
    }

    /// Each column that is read is there once; no row has more cells than there are headings.
    fn check(&self, mapping: &OrderMapping) -> Result<(), String> {
        if let Some(error) = self.broken.first() {
            return Err(format!("line {}: {}", error.line, error.message));
        }
        for mapped in mapping.values() {
            for place in &mapped.value.from {
                let count = self
                    .headings
                    .iter()
                    .filter(|one| **one == folded(&place.word))
                    .count();
                match count {
                    0 if mapped.value.optional || mapped.value.default.is_some() => {}
                    0 => {
                        return Err(format!(
                            "its first row has no heading \"{}\", from which {} is read: correct the mapping, or say \
                             optional = true there",
                            place.word, mapped.name
                        ));
                    }
                    1 => {}
                    _ => {
                        return Err(format!(
                            "its first row has the heading \"{}\" twice: which of the two {} is meant by is not certain",
                            place.word, mapped.name
                        ));
                    }
                }
            }
        }
        let width = self.headings.len();
        let wide = |row: &&Row| row.cells.iter().skip(width).any(|cell| !cell.is_empty());
        match self.rows.iter().find(wide) {
            Some(row) => Err(format!(
                "line {} has more cells than there are headings: a cell with what parts cells in it must stand between \
                 quotation marks",
                row.line
            )),
            None => Ok(()),
        }
    }

    /// The place of a column.
    pub fn column(&self, heading: &str) -> Option<usize> {
        let folded = folded(heading);
        self.headings.iter().position(|one| *one == folded)
    }

    /// Cells of columns that nobody asked for, with their headings as the file has them.
    pub fn others<'a>(
        &'a self,
        row: &'a Row,
        used: &[String],
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        let used = used.to_vec();
        let cells = self.headings.iter().enumerate();
        cells.filter_map(move |(place, heading)| {
            let cell = row.cell(place);
            let kept = !cell.is_empty() && !heading.is_empty() && !used.contains(heading);
            let name = self.names.get(place).filter(|_| kept)?;
            Some((name.as_str(), cell))
        })
    }

    /// The orders: rows of one number, wherever they stand, in the sequence of the first of each. A row that has no
    /// number is none, and may be a line of its neighbours: nobody knows whether these are whole.
    pub fn orders(&self, number: &str, continued: bool) -> Vec<OrderUnit<'_>> {
        let column = self.column(number).unwrap_or(usize::MAX);
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut found: Vec<OrderRows> = Vec::new();
        let (mut last, mut lost) = (None, None);
        for row in &self.rows {
            let own = row.cell(column).trim();
            let place = match (own, last) {
                ("", Some(last)) if continued => last,
                ("", last) => {
                    let doubt = format!(
                        "line {}: the column \"{number}\" is empty, so that nobody knows of which order the row is; where \
                         such rows belong to the order above, say continued = true under [document]",
                        row.line
                    );
                    if let Some(above) = last.and_then(|last: usize| found.get_mut(last)) {
                        above.doubt.get_or_insert_with(|| doubt.clone());
                    }
                    lost = Some(doubt.clone());
                    found.push(OrderRows {
                        rows: vec![row],
                        doubt: Some(doubt),
                    });
                    continue;
                }
                (number, _) => *places.entry(number).or_insert_with(|| {
                    found.push(OrderRows::default());
                    found.len() - 1
                }),
            };
            last = Some(place);
            if let Some(order) = found.get_mut(place) {
                order.rows.push(row);
                order.doubt = order.doubt.take().or(lost.take());
            }
        }
        found.into_iter().map(|order| self.unit(order)).collect()
    }

    fn unit<'a>(&'a self, order: OrderRows<'a>) -> OrderUnit<'a> {
        let OrderRows { rows, doubt } = order;
        let line = |row: &&'a Row| MappedUnit::Rows {
            table: self,
            rows: vec![*row],
        };
        OrderUnit {
            place: format!("line {}", rows.first().map_or(0, |row| row.line)),
            lines: rows.iter().map(line).collect(),
            order: MappedUnit::Rows { table: self, rows },
            stray: Vec::new(),
            doubt,
        }
    }
}

/// The rows of an order.
#[derive(Default)]
struct OrderRows<'a> {
    rows: Vec<&'a Row>,
    doubt: Option<String>,
}

/// Words between quotation marks, commas between them.
pub fn quoted(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    words.join(", ")
}
