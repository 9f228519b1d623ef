//! Vendors' bills from the file to the books, typed as a bookkeeper types it.

mod files;
mod scenes;
mod year;
