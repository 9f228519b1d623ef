//! Forward-only numbered migrations, by SQLite's `user_version`, backed up before they run.

use super::{LedgerError, Mode, Result};
use rusqlite::Connection;
use std::path::Path;

/// Every migration in its order; its number is its place, from 1.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_ledger.sql"),
    include_str!("migrations/0002_fax.sql"),
    include_str!("migrations/0003_shipments.sql"),
    include_str!("migrations/0004_invoices.sql"),
    include_str!("migrations/0005_promise.sql"),
    include_str!("migrations/0006_returns.sql"),
    include_str!("migrations/0007_queue.sql"),
    include_str!("migrations/0008_questions.sql"),
    include_str!("migrations/0009_invoice_parts.sql"),
    include_str!("migrations/0010_taken_off.sql"),
    include_str!("migrations/0011_refund_parts.sql"),
    include_str!("migrations/0012_taken.sql"),
    include_str!("migrations/0013_withheld.sql"),
    include_str!("migrations/0014_mended_shipments.sql"),
];

/// Refuses a ledger of another version, for those who only read.
pub(super) fn require_current(conn: &Connection) -> Result<()> {
    let version = version(conn)?;
    if version == MIGRATIONS.len() {
        return Ok(());
    }
    too_new(version)?;
    Err(LedgerError::Broken(format!(
        "the ledger is of version {version}, this poms needs {}: `poms process` or `poms check` brings it up to date",
        MIGRATIONS.len()
    )))
}

/// Brings the ledger to this version's schema.
pub(super) fn run(conn: &Connection, path: &Path, mode: Mode) -> Result<()> {
    let from = version(conn)?;
    too_new(from)?;
    if from == MIGRATIONS.len() {
        return Ok(());
    }
    if from > 0 && mode == Mode::Write {
        let copy = format!("{}.before-v{}", path.display(), MIGRATIONS.len());
        super::backup::copy(conn, Path::new(&copy))?;
    }
    let (begin, commit) = match mode {
        Mode::Rehearse => ("SAVEPOINT migrate", "RELEASE migrate"),
        _ => ("BEGIN IMMEDIATE", "COMMIT"),
    };
    conn.execute_batch(begin)?;
    // another process may have migrated while this one waited for the lock
    for (place, sql) in MIGRATIONS.iter().enumerate().skip(version(conn)?) {
        conn.execute_batch(sql)?;
        conn.pragma_update(None, "user_version", (place + 1) as i64)?;
    }
    conn.execute_batch(commit)?;
    Ok(())
}

fn version(conn: &Connection) -> Result<usize> {
    Ok(conn.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0))? as usize)
}

fn too_new(version: usize) -> Result<()> {
    if version <= MIGRATIONS.len() {
        return Ok(());
    }
    Err(LedgerError::Broken(format!(
        "the ledger is of version {version}, this poms knows up to {}: install the newer poms that made it",
        MIGRATIONS.len()
    )))
}
