//! A consistent copy of the ledger while others work with it.

use super::{Ledger, LedgerError, Result};
use crate::domain::business_refusal::BusinessRefusal;
use crate::ledger::sqlite;
use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

/// The contents of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Copied {
    /// Its size.
    pub bytes: u64,
    /// Rows of its audit trail.
    pub facts: i64,
    /// Its orders.
    pub orders: i64,
}

impl Ledger {
    /// Writes a consistent copy to `to`, which must not exist; readable by its owner only. Reads the
    /// copy back, and says what is in it.
    ///
    /// # Errors
    /// When the file exists or cannot be written, or the copy is not whole.
    pub fn backup(&self, to: &Path) -> Result<Copied> {
        copy(&self.conn, to)?;
        let copied = Connection::open_with_flags(to, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let answer = sqlite::quick_check(&copied)?;
        if answer != "ok" {
            return Err(LedgerError::Broken(format!(
                "the copy {} is damaged ({answer}): check the disk that it is on, and copy again elsewhere",
                to.display()
            )));
        }
        let count = |sql: &str| copied.query_row(sql, [], |row| row.get(0));
        let size = std::fs::metadata(to);
        let size = size.map_err(|fault| {
            LedgerError::File(format!("cannot look at {}", to.display()), fault)
        })?;
        Ok(Copied {
            bytes: size.len(),
            facts: count("SELECT coalesce(max(seq), 0) FROM audit")?,
            orders: count("SELECT count(*) FROM orders")?,
        })
    }
}

/// Copies to a temporary name beside `to` and renames, so that a file of that name is a whole one.
pub(super) fn copy(conn: &Connection, to: &Path) -> Result<()> {
    let file = |what: &str| format!("{what} {}", to.display());
    if to.exists() {
        return Err(LedgerError::Refused(
            BusinessRefusal::conflict(format!("{} exists", to.display()))
                .with_remedy(": name a file that does not, so that no older backup is lost"),
        ));
    }
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(LedgerError::Refused(
            BusinessRefusal::unknown(format!("there is no folder {}", folder.display()))
                .with_remedy(": make it first, or name another file"),
        ));
    }
    let half = to.with_extension("part");
    let _ = std::fs::remove_file(&half);
    let made = (|| {
        // made here and now, and closed to others: never what somebody else put there
        let mut new = std::fs::OpenOptions::new();
        let new = new.write(true).create_new(true).mode(0o600).open(&half);
        new.map_err(|fault| LedgerError::File(file("cannot write the copy"), fault))?;
        let mut target = Connection::open(&half)?;
        Backup::new(conn, &mut target)?.run_to_completion(4096, Duration::from_millis(5), None)?;
        // one file, without a -wal beside it
        sqlite::one_file(&target)?;
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
