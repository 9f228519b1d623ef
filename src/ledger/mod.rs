//! The ledger: one SQLite file, the only SQL in the house.
//!
//! All writing goes through [`Ledger::write`]: one `BEGIN IMMEDIATE` transaction with one `now` and
//! one actor, in which every fact is appended to the audit trail ([`audit`]) and every row that was
//! touched is sealed (`seal.rs`) before the commit.

pub mod advices;
pub mod anchor;
pub mod audit;
pub mod backup;
pub mod catalogue;
mod error;
pub mod exceptions;
pub mod fax;
pub mod figures;
pub mod inbound;
pub mod invoices;
pub mod messages;
mod migrate;
pub mod notices;
pub mod order_notes;
pub mod orders;
pub mod outbox;
pub mod po_lines;
pub mod promises;
pub mod purchase_orders;
pub mod questions;
pub mod returns;
mod seal;
pub mod search;
pub mod settings;
pub mod shipments;
pub mod taken;
pub mod tracking;
mod transaction;
pub mod verify;
pub mod waiting;
pub mod withheld;

pub use error::{LedgerError, Result};
pub use transaction::Tx;

use chrono::{DateTime, Utc};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How a ledger is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Reads and writes; made when it does not exist.
    Write,
    /// Only reads; must exist.
    Read,
    /// Reads and writes, and forgets all of it in the end: `--dry-run`. Nothing is made.
    Rehearse,
}

/// The open ledger. Not shared between threads: one writer.
pub struct Ledger {
    conn: Connection,
    path: PathBuf,
    mode: Mode,
    actor: String,
    touched: seal::Touched,
}

/// SQLite has a WAL-reset bug before this version.
const OLDEST_SQLITE: i32 = 3_051_003;

impl Ledger {
    /// Opens the ledger at `path`, brings it to this version's schema, and checks it quickly.
    ///
    /// # Errors
    /// When it cannot be opened, is damaged, or was made by a newer poms.
    pub fn open(path: &Path, mode: Mode, actor: &str) -> Result<Ledger> {
        if rusqlite::version_number() < OLDEST_SQLITE {
            return Err(LedgerError::Broken(format!(
                "this poms was built with SQLite {}, which can lose commits: build it with 3.51.3 or newer",
                rusqlite::version()
            )));
        }
        let exists = path.exists();
        if !exists && mode == Mode::Read {
            return Err(LedgerError::NotFound(format!(
                "there is no ledger at {} yet: `poms process` makes it, or name another configuration with --config",
                path.display()
            )));
        }
        let mut conn = match mode {
            Mode::Rehearse if !exists => Connection::open_in_memory()?,
            Mode::Read => Connection::open_with_flags(
                path,
                OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
            )?,
            _ => Connection::open(path)?,
        };
        conn.busy_timeout(Duration::from_secs(10))?;
        conn.set_prepared_statement_cache_capacity(256);
        // otherwise SQLite plans a statement anew for each new value (a sixth of a run's time)
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        conn.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
             PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 4000; PRAGMA trusted_schema = OFF;",
        )?;
        if mode == Mode::Read {
            migrate::require_current(&conn)?;
            conn.execute_batch("PRAGMA query_only = ON")?;
        } else {
            if mode == Mode::Rehearse {
                conn.execute_batch("BEGIN IMMEDIATE")?;
            }
            migrate::run(&conn, path, mode)?;
        }
        let touched = seal::Touched::watch(&mut conn)?;
        Ok(Ledger {
            conn,
            path: path.to_owned(),
            mode,
            actor: actor.to_owned(),
            touched,
        })
    }

    /// Where the ledger is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Who acts through this ledger.
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// Whether all writing is forgotten in the end.
    pub fn is_rehearsal(&self) -> bool {
        self.mode == Mode::Rehearse
    }

    /// SQLite's own check of the file's structure, the quick kind.
    ///
    /// # Errors
    /// When a page is damaged; the message says what to do.
    pub fn quick_check(&self) -> Result<()> {
        let answer: String = self
            .conn
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if answer == "ok" {
            return Ok(());
        }
        Err(LedgerError::Broken(format!(
            "the ledger {} is damaged ({answer}): stop, keep the file, and restore the latest good `poms backup`",
            self.path.display()
        )))
    }

    /// One transaction: all of `work` is in the ledger with its audit trail, or none of it.
    ///
    /// # Errors
    /// `work`'s own, or when the commit fails; then nothing was written.
    pub fn write<T, E: From<LedgerError>>(
        &mut self,
        now: DateTime<Utc>,
        work: impl FnOnce(&Tx) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let (begin, commit, rollback) = match self.mode {
            Mode::Rehearse => (
                "SAVEPOINT step",
                "RELEASE step",
                "ROLLBACK TO step; RELEASE step",
            ),
            _ => ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"),
        };
        let run = |sql: &str| self.conn.execute_batch(sql).map_err(LedgerError::from);
        self.touched.clear();
        run(begin)?;
        let tx = Tx::new(&self.conn, now, &self.actor);
        let done = work(&tx).and_then(|value| {
            self.touched.seal(&tx)?;
            run(commit)?;
            Ok(value)
        });
        if done.is_err() {
            // a failed COMMIT may have rolled back by itself; then there is nothing to undo
            let _ = self.conn.execute_batch(rollback);
        }
        done
    }

    /// For reading, outside a transaction of its own.
    pub fn read(&self) -> Tx<'_> {
        Tx::new(&self.conn, DateTime::UNIX_EPOCH, &self.actor)
    }

    /// For reading several tables at one moment, while others write.
    ///
    /// # Errors
    /// `work`'s own, or SQLite's.
    pub fn snapshot<T>(&self, work: impl FnOnce(&Tx) -> Result<T>) -> Result<T> {
        if self.mode == Mode::Rehearse {
            return work(&self.read());
        }
        self.conn.execute_batch("BEGIN DEFERRED")?;
        let done = work(&self.read());
        self.conn.execute_batch("ROLLBACK")?;
        done
    }
}

/// Reads a word of a state machine or other closed set.
fn word<T>(row: &rusqlite::Row, place: usize, parse: fn(&str) -> Option<T>) -> rusqlite::Result<T> {
    let text: String = row.get(place)?;
    parse(&text).ok_or_else(|| unreadable(place, format!("'{text}' is not a known word")))
}

/// Reads a moment.
fn moment(row: &rusqlite::Row, place: usize) -> rusqlite::Result<DateTime<Utc>> {
    let text: String = row.get(place)?;
    crate::clock::parse(&text).ok_or_else(|| unreadable(place, format!("'{text}' is not a time")))
}

/// Reads a value that the ledger keeps as JSON.
fn json<T: serde::de::DeserializeOwned>(place: usize, text: &str) -> rusqlite::Result<T> {
    serde_json::from_str(text).map_err(|fault| unreadable(place, fault.to_string()))
}

fn unreadable(place: usize, why: String) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(place, rusqlite::types::Type::Text, why.into())
}

/// The answer of a query of words and counts, as an object.
fn counts(tx: &Tx, sql: &str) -> Result<serde_json::Value> {
    let pairs = tx.rows(sql, [], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?.into()))
    })?;
    Ok(serde_json::Value::Object(pairs.into_iter().collect()))
}
