//! CSV files of catalogue and vendors: all or nothing, with every error named by line and column,
//! so that a person mends the whole file at once.

mod catalogue;
mod cells;
mod diff;
mod sheet;
mod vendors;

pub use catalogue::{OfferRow, read_catalogue};
pub use diff::{Change, ImportDiff, Row, diff};
pub use vendors::{VendorRow, read_vendors};

use std::fmt;

/// One thing wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// The line on which the row begins, from 1.
    pub line: u64,
    /// The column as the file has it; empty when the whole row is meant.
    pub column: String,
    /// What was found, and what is allowed.
    pub message: String,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column.as_str() {
            "" => write!(f, "line {}: {}", self.line, self.message),
            column => write!(f, "line {}, column {column}: {}", self.line, self.message),
        }
    }
}

/// The most errors that are collected: a file of another kind would give one for every row.
const MOST_ERRORS: usize = 1000;

#[cfg(test)]
mod tests;
