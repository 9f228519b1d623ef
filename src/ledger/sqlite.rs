//! What only SQLite understands, in one place: all other SQL of the ledger is such as PostgreSQL takes,
//! which `tests/tidy` holds. A second engine has an answer of its own to each of these. Beside them stand
//! the migrations, and `seal.rs`, which has SQLite itself report every row that is touched, by its row id.

use super::{Result, saturating};
use crate::clock::Moment;
use crate::domain::codes::{Code, ExceptionCode};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use std::time::Duration;

/// Behind a column or value: letters of ASCII are compared without their case, and by the index that has
/// them so.
macro_rules! nocase {
    () => {
        "COLLATE NOCASE"
    };
}
pub(super) use nocase;

/// The exception that a fact's payload names, of the audit trail called so.
macro_rules! exception_of {
    ($audit:literal) => {
        concat!("json_extract(", $audit, ".payload, '$.exception')")
    };
}
pub(super) use exception_of;

/// The lines of a document as rows `key` (from 0) and `value` (JSON).
macro_rules! lines_of {
    ($document:literal) => {
        concat!("json_each(", $document, ", '$.lines')")
    };
}
pub(super) use lines_of;

/// A member of a JSON object, as text or number; the key is an expression such as `'$.qty'`.
macro_rules! member_of {
    ($object:literal, $key:literal) => {
        concat!("(", $object, " ->> ", $key, ")")
    };
}
pub(super) use member_of;

/// A value that the planner shall not look for in an index.
macro_rules! unindexed {
    ($column:literal) => {
        concat!("+", $column)
    };
}
pub(super) use unindexed;

impl ToSql for Code {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.as_str().into())
    }
}

impl ToSql for ExceptionCode {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.as_str().into())
    }
}

impl FromSql for ExceptionCode {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<ExceptionCode> {
        value.as_str().map(ExceptionCode::of)
    }
}

impl ToSql for Moment {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.to_string().into())
    }
}

impl FromSql for Moment {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Moment> {
        let text = value.as_str()?;
        Moment::parse(text)
            .ok_or_else(|| FromSqlError::Other(format!("'{text}' is not a time").into()))
    }
}

/// Prepares a connection: what it waits for, how it is durable, what it caches.
pub(super) fn set_up(conn: &Connection) -> Result<()> {
    conn.busy_timeout(Duration::from_secs(10))?;
    conn.set_prepared_statement_cache_capacity(256);
    saturating::install(conn)?;
    // otherwise SQLite plans a statement anew for each new value (a sixth of a run's time)
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
         PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000; PRAGMA wal_autocheckpoint = 4000; PRAGMA trusted_schema = OFF;",
    )?;
    Ok(())
}

/// Takes no change from here on.
pub(super) fn only_reads(conn: &Connection) -> Result<()> {
    Ok(conn.execute_batch("PRAGMA query_only = ON")?)
}

/// Makes the database one file, without a log beside it.
pub(super) fn one_file(conn: &Connection) -> Result<()> {
    Ok(conn.execute_batch("PRAGMA journal_mode = DELETE")?)
}

/// How often the schema was changed, whoever did it.
pub(super) fn schema_count(conn: &Connection) -> Result<i64> {
    let mut statement = conn.prepare_cached("PRAGMA schema_version")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// The number of the last migration that was applied.
pub(super) fn version(conn: &Connection) -> Result<i64> {
    Ok(conn.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// The quick check of the file's structure: `ok`, or what is wrong first.
pub(super) fn quick_check(conn: &Connection) -> Result<String> {
    Ok(conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?)
}

/// The whole check of the file's structure; each fault as one row, `ok` where there is none.
pub(super) const STRUCTURE: &str = "PRAGMA integrity_check(10)";

/// References to rows that are not there: table, row id, and the table that is referred to.
pub(super) const REFERENCES: &str = "PRAGMA foreign_key_check";
