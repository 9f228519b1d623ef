//! The ledger: one SQLite file, the only SQL in the house.
//!
//! All writing goes through [`Ledger::write`]: one `BEGIN IMMEDIATE` transaction with one `now` and
//! one actor, in which every fact is appended to the audit trail ([`audit`]) and every row that was
//! touched is sealed (`seal.rs`) before the commit.

pub mod advices;
pub mod agreed;
pub mod anchor;
pub mod apart;
pub mod audit;
pub mod awaiting_vendor;
pub mod backup;
pub mod cancellations;
pub mod catalogue;
pub mod chases;
mod closures;
pub mod early_cancellations;
mod error;
pub mod exceptions;
pub mod failures;
pub mod fax;
pub mod figures;
pub mod habits;
mod heard;
pub mod hooks;
pub mod inbound;
pub mod invoices;
pub mod message_orders;
pub mod messages;
mod migrate;
pub mod notices;
pub mod order_notes;
pub mod orders;
pub mod outbox;
mod po_costs;
pub mod po_lines;
pub mod promises;
pub mod purchase_orders;
pub mod questions;
pub mod recovery;
pub mod reminders;
pub mod remits;
pub mod returns;
pub mod revisions;
mod saturating;
mod schema;
mod seal;
pub mod search;
pub mod search_text;
mod search_words;
pub mod settings;
pub mod shipments;
pub mod shop_notices;
pub mod shop_orders;
pub mod silences;
pub mod sources;
mod sqlite;
pub mod stock;
pub mod taken;
mod tally;
pub mod tracking;
mod transaction;
pub mod verify;
pub mod withheld;
#[cfg(debug_assertions)]
pub mod work;

pub use error::{LedgerError, Result};
pub use transaction::Tx;

use crate::clock::Clock;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OpenFlags};
use std::cell::{Cell, RefCell};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The way in which a ledger is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Reads and writes; made when it does not exist.
    Write,
    /// Only reads; must exist.
    Read,
    /// Only reads, to say what is wrong with it: no schema is refused. Must exist.
    Examine,
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
    /// SQLite's count of changes of the schema, at the last look at it.
    schema: Cell<i64>,
    /// Whether POMS_NOW dates what is written.
    frozen: bool,
    /// Whether the ledger says under which kind of clock it is written.
    dated: Cell<bool>,
    /// Where the anchor file ends, as this process left it.
    anchored: RefCell<Option<anchor::Tail>>,
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
        let reads = matches!(mode, Mode::Read | Mode::Examine);
        let exists = path.exists();
        if !exists && reads {
            return Err(LedgerError::NotFound(format!(
                "there is no ledger at {} yet: `poms process` makes it, or name another configuration with --config",
                path.display()
            )));
        }
        if mode != Mode::Examine {
            one_name(path)?;
        }
        let mut conn = match mode {
            Mode::Rehearse if !exists => Connection::open_in_memory()?,
            _ if reads => Connection::open_with_flags(
                path,
                OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
            )?,
            _ => Connection::open(path)?,
        };
        sqlite::set_up(&conn)?;
        #[cfg(debug_assertions)]
        work::count(&mut conn)?;
        match mode {
            Mode::Examine => {}
            Mode::Read => migrate::require_current(&conn, path)?,
            Mode::Rehearse => {
                conn.execute_batch("BEGIN IMMEDIATE")?;
                migrate::run(&conn, path, mode)?;
            }
            Mode::Write => migrate::run(&conn, path, mode)?,
        }
        let touched = match reads {
            true => seal::Touched::nothing(),
            false => seal::Touched::watch(&mut conn)?,
        };
        if reads {
            sqlite::only_reads(&conn)?;
        }
        Ok(Ledger {
            schema: Cell::new(sqlite::schema_count(&conn)?),
            conn,
            path: path.to_owned(),
            mode,
            actor: actor.to_owned(),
            touched,
            frozen: true,
            dated: Cell::new(false),
            anchored: RefCell::new(None),
        })
    }

    /// Says which clock dates what is written; else a frozen one does. A ledger that was ever written
    /// under the machine's clock is live, and takes no other from then on.
    ///
    /// # Errors
    /// When the clock is frozen and the ledger is live, but for rehearsals.
    pub fn under(mut self, clock: &Clock) -> Result<Ledger> {
        self.frozen = matches!(clock, Clock::Frozen(_));
        if self.mode == Mode::Write {
            self.read().check_clock(self.frozen)?;
        }
        Ok(self)
    }

    /// The file in which the ledger is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The actor through this ledger.
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
        let answer = sqlite::quick_check(&self.conn)?;
        if answer == "ok" {
            return Ok(());
        }
        Err(LedgerError::Broken(format!(
            "the ledger {} is damaged ({answer}): stop, keep the file, and restore the latest good `poms backup`",
            self.path.display()
        )))
    }

    /// Lets SQLite refuse every commit from here on, or no longer: a fault that ends no run, for tests of the stages.
    ///
    /// # Errors
    /// When SQLite takes no hook.
    #[doc(hidden)]
    pub fn refuse_commits(&mut self, all: bool) -> Result<()> {
        Ok(self.conn.commit_hook(all.then_some(|| true))?)
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
        let tx = Tx::new(&self.conn, &self.touched, now, &self.actor);
        let done = self.begun(&tx).map_err(E::from).and_then(|()| {
            let value = work(&tx)?;
            self.touched.seal(&tx)?;
            run(commit)?;
            Ok(value)
        });
        match done {
            Ok(_) => self.dated.set(true),
            Err(_) => {
                // a failed COMMIT may have rolled back by itself; then there is nothing to undo
                let _ = self.conn.execute_batch(rollback);
            }
        }
        done
    }

    /// Checks what every transaction begins with: nobody has changed the schema since it was looked at, and
    /// the ledger says under which kind of clock it is written.
    fn begun(&self, tx: &Tx) -> Result<()> {
        let count = sqlite::schema_count(&self.conn)?;
        if count != self.schema.get() {
            schema::require(&self.conn, migrate::VERSION, &self.path)?;
            self.schema.set(count);
        }
        match self.mode == Mode::Write && !self.dated.get() {
            true => tx.mark_clock(self.frozen),
            false => Ok(()),
        }
    }

    /// For reading, outside a transaction of its own.
    pub fn read(&self) -> Tx<'_> {
        Tx::new(&self.conn, &self.touched, DateTime::UNIX_EPOCH, &self.actor)
    }

    /// For reading several tables at one moment, while others write.
    ///
    /// # Errors
    /// `work`'s own, or SQLite's.
    pub fn snapshot<T>(&self, work: impl FnOnce(&Tx) -> Result<T>) -> Result<T> {
        self.snapshot_at(DateTime::UNIX_EPOCH, work)
    }

    /// The same for who asks what could be done at a time.
    ///
    /// # Errors
    /// As [`Ledger::snapshot`].
    pub fn snapshot_at<T>(
        &self,
        now: DateTime<Utc>,
        work: impl FnOnce(&Tx) -> Result<T>,
    ) -> Result<T> {
        let tx = Tx::new(&self.conn, &self.touched, now, &self.actor);
        if self.mode == Mode::Rehearse {
            return work(&tx);
        }
        self.conn.execute_batch("BEGIN DEFERRED")?;
        let done = work(&tx);
        self.conn.execute_batch("ROLLBACK")?;
        done
    }
}

/// Refuses a file with several names: SQLite keeps a write-ahead log for each name, and two of them
/// destroy the file (sqlite.org/howtocorrupt.html, 2.5). Links that are followed are one name.
fn one_name(path: &Path) -> Result<()> {
    match std::fs::metadata(path) {
        Ok(file) if file.nlink() > 1 => Err(LedgerError::Broken(format!(
            "the ledger {} has {} names (hard links): commits made by one name would be lost to the other.              Find them with `find DIR -xdev -samefile {0}`, and remove all but one",
            path.display(),
            file.nlink()
        ))),
        _ => Ok(()),
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
