//! Forward-only numbered migrations, by SQLite's `user_version`, backed up before they run.

use super::{LedgerError, Mode, Result, schema};
use crate::ledger::sqlite;
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
    include_str!("migrations/0015_put_off.sql"),
    include_str!("migrations/0016_silence.sql"),
    include_str!("migrations/0017_cancellations.sql"),
    include_str!("migrations/0018_refund_due.sql"),
    include_str!("migrations/0019_vendor_comment.sql"),
    include_str!("migrations/0020_search.sql"),
    include_str!("migrations/0021_remit.sql"),
    include_str!("migrations/0022_proved_po.sql"),
    include_str!("migrations/0023_plain.sql"),
    include_str!("migrations/0024_search_more.sql"),
    include_str!("migrations/0025_refused.sql"),
    include_str!("migrations/0026_source.sql"),
    include_str!("migrations/0027_shop_notice.sql"),
    include_str!("migrations/0028_message_order.sql"),
    include_str!("migrations/0029_hook.sql"),
    include_str!("migrations/0030_shop.sql"),
    include_str!("migrations/0031_vendor_closure.sql"),
    include_str!("migrations/0032_stock.sql"),
    include_str!("migrations/0033_habit.sql"),
    include_str!("migrations/0034_revision.sql"),
];

/// The version that this poms makes.
pub(super) const VERSION: usize = MIGRATIONS.len();

/// Refuses a ledger of another version, for those who only read.
pub(super) fn require_current(conn: &Connection, path: &Path) -> Result<()> {
    let version = looked_at(conn, path)?;
    if version == VERSION {
        return Ok(());
    }
    Err(LedgerError::Broken(format!(
        "the ledger is of version {version}, this poms needs {VERSION}: `poms process` or `poms check` brings it up to date"
    )))
}

/// Brings the ledger to this version's schema.
pub(super) fn run(conn: &Connection, path: &Path, mode: Mode) -> Result<()> {
    // before anything runs in it: a planted trigger would see what a migration does
    let from = looked_at(conn, path)?;
    if from == VERSION {
        return Ok(());
    }
    if from > 0 && mode == Mode::Write {
        let copy = format!("{}.before-v{VERSION}", path.display());
        super::backup::copy(conn, Path::new(&copy))?;
    }
    let (begin, commit) = match mode {
        Mode::Rehearse => ("SAVEPOINT migrate", "RELEASE migrate"),
        _ => ("BEGIN IMMEDIATE", "COMMIT"),
    };
    conn.execute_batch(begin)?;
    apply(conn, VERSION)?;
    conn.execute_batch(commit)?;
    Ok(())
}

/// Runs what is missing of the first `upto` migrations: another process may have run them meanwhile.
pub(super) fn apply(conn: &Connection, upto: usize) -> Result<()> {
    let missing = MIGRATIONS.iter().enumerate().take(upto);
    for (place, sql) in missing.skip(version(conn)?) {
        conn.execute_batch(sql)?;
        conn.pragma_update(None, "user_version", (place + 1) as i64)?;
    }
    Ok(())
}

/// The ledger's version, whose schema it has: both of one moment, as another process may be at work.
fn looked_at(conn: &Connection, path: &Path) -> Result<usize> {
    let look = || {
        let version = version(conn)?;
        too_new(version)?;
        schema::require(conn, version, path)?;
        Ok(version)
    };
    if !conn.is_autocommit() {
        return look();
    }
    conn.execute_batch("BEGIN")?;
    let found = look();
    conn.execute_batch("COMMIT")?;
    found
}

fn version(conn: &Connection) -> Result<usize> {
    Ok(sqlite::version(conn)? as usize)
}

fn too_new(version: usize) -> Result<()> {
    match said_newer(version) {
        Some(said) => Err(LedgerError::Broken(said)),
        None => Ok(()),
    }
}

fn said_newer(version: usize) -> Option<String> {
    (version > VERSION).then(|| {
        format!(
            "the ledger is of version {version}, this poms knows up to {VERSION}: install the newer poms that made it"
        )
    })
}

/// Why no command acts on a ledger of a version that this poms does not know; `None` for one that it does.
pub(super) fn newer(conn: &Connection) -> Result<Option<String>> {
    Ok(said_newer(version(conn)?))
}
