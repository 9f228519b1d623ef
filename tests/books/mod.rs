//! Vendors' bills from the file to the books, typed as a bookkeeper types it.

mod scenes;
mod year;
