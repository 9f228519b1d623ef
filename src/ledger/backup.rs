//! A consistent copy of the ledger while others work with it.

use super::{Ledger, LedgerError, Result};
use rusqlite::Connection;
use rusqlite::backup::Backup;
use std::path::Path;
use std::time::Duration;

impl Ledger {
    /// Writes a consistent copy to `to`, which must not exist; readable by its owner only.
    ///
    /// # Errors
    /// When the file exists or cannot be written.
    pub fn backup(&self, to: &Path) -> Result<()> {
        copy(&self.conn, to)
    }
}

/// Copies to a temporary name beside `to` and renames, so that a file of that name is a whole one.
pub(super) fn copy(conn: &Connection, to: &Path) -> Result<()> {
    let file = |what: &str| format!("{what} {}", to.display());
    if to.exists() {
        return Err(LedgerError::Refused(format!(
            "{} exists: name a file that does not, so that no older backup is lost",
            to.display()
        )));
    }
    let half = to.with_extension("part");
    let _ = std::fs::remove_file(&half);
    let made = (|| {
        let mut target = Connection::open(&half)?;
        Backup::new(conn, &mut target)?.run_to_completion(4096, Duration::from_millis(5), None)?;
        // one file, without a -wal beside it
        target.execute_batch("PRAGMA journal_mode = DELETE")?;
        Ok::<_, LedgerError>(())
    })();
    let done = made.and_then(|()| {
        std::fs::File::open(&half)
            .and_then(|file| file.sync_all())
            .and_then(|()| std::fs::rename(&half, to))
            .map_err(|fault| LedgerError::File(file("cannot write the copy"), fault))
    });
    if done.is_err() {
        let _ = std::fs::remove_file(&half);
    }
    done
}
