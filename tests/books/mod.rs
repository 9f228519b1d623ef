//! Vendors' bills from the file to the books, typed as a bookkeeper types it.

mod again;
mod agreed;
mod cancelled;
mod closed;
mod columns;
mod dated;
mod exports;
mod files;
mod held_out;
mod judged;
mod named;
mod papers;
mod proofs;
pub mod scenes;
mod several;
mod spreadsheet;
mod terminal;
mod together;
mod year;

pub use scenes::HEAD;
