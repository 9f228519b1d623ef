//! One order of a document, or one of its lines, whatever kind of document it is in.

use super::fault::NotAsMapped;
use super::mapping::ValuePlace;
use super::table::OrderTable;
use super::text::TextLine;
use crate::tabular::rows::Row;
use serde_json::Value;

/// A value that a document states, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedValue {
    /// Blanks around it are gone.
    pub text: String,
    /// For people: `line 2, column "Total"`, `orders[0].total`, `line 7 "Total"`.
    pub place: String,
}

/// What values are read from.
pub enum MappedUnit<'a> {
    /// Rows of a table.
    Rows {
        /// The table.
        table: &'a OrderTable,
        /// Its rows of this order, or the one of the line.
        rows: Vec<&'a Row>,
    },
    /// A record of JSON.
    Json {
        /// The record.
        value: &'a Value,
        /// Its path.
        path: String,
    },
    /// Lines of `Key: value`.
    Lines(Vec<&'a TextLine>),
}

/// One order of a document.
pub struct OrderUnit<'a> {
    /// Where it begins, for people.
    pub place: String,
    /// Where the order's own values are.
    pub order: MappedUnit<'a>,
    /// Each of its lines.
    pub lines: Vec<MappedUnit<'a>>,
    /// Lines of a text that are no `Key: value`.
    pub stray: Vec<&'a TextLine>,
    /// Why nobody knows whether it is whole, if so.
    pub doubt: Option<String>,
}

impl MappedUnit<'_> {
    /// Every value that stands in a place and says something.
    ///
    /// # Errors
    /// The place of what is neither text nor number.
    pub fn stated(&self, from: &ValuePlace) -> Result<Vec<StatedValue>, NotAsMapped> {
        let says = |value: &StatedValue| !value.text.is_empty();
        match self {
            MappedUnit::Rows { table, rows } => {
                let Some(column) = table.column(&from.word) else {
                    return Ok(Vec::new());
                };
                let cell = |row: &&Row| StatedValue {
                    text: row.cell(column).trim().to_owned(),
                    place: format!("line {}, column \"{}\"", row.line, from.word),
                };
                Ok(rows.iter().map(cell).filter(says).collect())
            }
            MappedUnit::Json { value, path } => {
                let Some(steps) = &from.path else {
                    return Ok(Vec::new());
                };
                let found = steps.find(value, path).into_iter();
                let read = found.map(|(value, place)| match text_of(value) {
                    Some(text) => Ok(StatedValue { text, place }),
                    None => Err(place),
                });
                let read: Result<Vec<StatedValue>, String> = read.collect();
                Ok(read?.into_iter().filter(says).collect())
            }
            MappedUnit::Lines(lines) => {
                let of = lines.iter().filter(|line| line.is_key(&from.word));
                let value = |line: &&TextLine| StatedValue {
                    text: line.value.trim().to_owned(),
                    place: format!("line {} \"{}\"", line.number, line.key),
                };
                Ok(of.map(value).filter(says).collect())
            }
        }
    }

    /// Whether numbers and dates can be in the form in which a spreadsheet stores them.
    pub fn is_stored(&self) -> bool {
        matches!(self, MappedUnit::Rows { table, .. } if table.workbook)
    }
}

/// A value as a text; none where it is a list or an object.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null => Some(String::new()),
        Value::Array(_) | Value::Object(_) => None,
    }
}
