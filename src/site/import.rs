//! Tables of catalogue and vendors: all or nothing, with every error named by line and column,
//! so that a person mends the whole file at once.

mod catalogue;
mod cells;
mod diff;
mod sheet;
mod vendors;

pub use catalogue::{OfferRow, read_catalogue};
pub use diff::{Change, ImportDiff, ImportedRow, diff};
pub use vendors::{VendorRow, read_vendors};

pub use crate::tabular::RowError;

/// The most errors that are collected: a file of another kind would give one for every row.
const MOST_ERRORS: usize = 1000;

#[cfg(test)]
mod tests;
