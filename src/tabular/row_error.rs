//! What is wrong with a row.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A row that could not be read, or one of its cells.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RowError {
    /// The line on which it begins, from 1: of the file, or of the mail that holds the table; in a
    /// workbook the number of the row.
    pub line: u64,
    /// The column as the file has it; empty when the whole row is meant.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub column: String,
    /// What was found, and what it should be.
    pub message: String,
}

impl RowError {
    /// About a whole row.
    pub fn row(line: u64, message: impl Into<String>) -> RowError {
        RowError {
            line,
            column: String::new(),
            message: message.into(),
        }
    }

    /// The same, of a line as texts in memory are counted.
    pub fn at(line: usize, message: impl Into<String>) -> RowError {
        RowError::row(line as u64, message)
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column.as_str() {
            "" => write!(f, "line {}: {}", self.line, self.message),
            column => write!(f, "line {}, column {column}: {}", self.line, self.message),
        }
    }
}
