//! Counted work, for the tests of growth: how many instructions SQLite's machine ran for this process. Only
//! in builds with debug assertions, and only where `POMS_COUNT_WORK` names a file for the number.

use super::Result;
use rusqlite::Connection;
use std::sync::atomic::{AtomicU64, Ordering};

/// Instructions that are counted at once: SQLite goes on counting over all runs of a statement.
const EACH: u16 = 16;

static COUNTED: AtomicU64 = AtomicU64::new(0);

fn asked() -> Option<std::ffi::OsString> {
    std::env::var_os("POMS_COUNT_WORK")
}

/// Counts the work of a connection, if that is asked for.
pub(super) fn count(conn: &mut Connection) -> Result<()> {
    if asked().is_none() {
        return Ok(());
    }
    let add = || {
        COUNTED.fetch_add(u64::from(EACH), Ordering::Relaxed);
        false
    };
    Ok(conn.progress_handler(i32::from(EACH), Some(add))?)
}

/// Writes down how much it was.
pub fn tell() {
    if let Some(file) = asked() {
        let _ = std::fs::write(file, COUNTED.load(Ordering::Relaxed).to_string());
    }
}
