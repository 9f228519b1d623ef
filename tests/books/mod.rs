//! Vendors' bills from the file to the books, typed as a bookkeeper types it.

mod files;
mod held_out;
mod scenes;
mod several;
mod together;
mod year;
