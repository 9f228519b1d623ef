//! One open transaction, or a view for reading: what the aggregates' functions take.

use super::seal::Touched;
use super::{LedgerError, Result, audit};
use crate::clock;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::foreign::cut;
use crate::domain::shipment::VendorEvent;
use chrono::{DateTime, Utc};
use rusqlite::types::{FromSql, ValueRef};
use rusqlite::{Connection, OptionalExtension, Params, Row};
use std::cell::{Cell, RefCell};

/// The ledger inside one transaction: one `now`, one actor.
pub struct Tx<'a> {
    pub(super) conn: &'a Connection,
    now: DateTime<Utc>,
    actor: &'a str,
    pub(super) head: RefCell<Option<audit::AuditHead>>,
    /// The rows that this transaction touched.
    pub(super) touched: &'a Touched,
    pub(super) events: RefCell<Vec<VendorEvent>>,
    pub(super) begins_anew: Cell<bool>,
}

impl<'a> Tx<'a> {
    pub(super) fn new(
        conn: &'a Connection,
        touched: &'a Touched,
        now: DateTime<Utc>,
        actor: &'a str,
    ) -> Tx<'a> {
        Tx {
            conn,
            touched,
            now,
            actor,
            head: RefCell::new(None),
            events: RefCell::default(),
            begins_anew: Cell::new(false),
        }
    }

    /// The transaction's one moment.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The transaction's moment as the ledger writes it.
    pub fn now_text(&self) -> String {
        clock::text(self.now)
    }

    /// Dates this transaction's facts by the present clock, though the last fact be later: for a person
    /// who says that the clock is right now and was wrong then.
    pub(super) fn begin_time_anew(&self) {
        self.begins_anew.set(true);
    }

    pub(super) fn time_begins_anew(&self) -> bool {
        self.begins_anew.get()
    }

    /// The actor of this transaction.
    pub fn actor(&self) -> &str {
        self.actor
    }

    /// Notes what happened at a vendor, for those who tell the customer in the same transaction.
    pub fn happened(&self, event: VendorEvent) {
        let mut events = self.events.borrow_mut();
        if !events.contains(&event) {
            events.push(event);
        }
    }

    /// Takes what happened since the transaction began, or since this was last asked.
    pub fn take_events(&self) -> Vec<VendorEvent> {
        self.events.take()
    }

    /// Runs one statement; returns the rows that it changed.
    pub(super) fn execute(&self, sql: &str, params: impl Params) -> Result<usize> {
        Ok(self.conn.prepare_cached(sql)?.execute(params)?)
    }

    /// Inserts one row; returns its id.
    pub(super) fn insert(&self, sql: &str, params: impl Params) -> Result<i64> {
        Ok(self.conn.prepare_cached(sql)?.insert(params)?)
    }

    /// The rows of a query.
    pub(super) fn rows<T>(
        &self,
        sql: &str,
        params: impl Params,
        mut read: impl FnMut(&Row) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement
            .query_map(params, |row| {
                read(row).map_err(|fault| named(sql, row, fault))
            })?
            .collect::<rusqlite::Result<Vec<T>>>()?;
        Ok(rows)
    }

    /// The first row of a query, if there is one.
    pub(super) fn first<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row(params, |row| {
                read(row).map_err(|fault| named(sql, row, fault))
            })
            .optional()?)
    }

    /// The one value of a query that always has one, such as a count.
    pub(super) fn value<T: FromSql>(&self, sql: &str, params: impl Params) -> Result<T> {
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row(params, |row| row.get(0))?)
    }

    /// A move in a state machine: one row, from the state it is believed to be in. Zero rows
    /// changed means that someone else moved it first, which is an error, not a shrug.
    pub(super) fn move_state(&self, table: &str, id: i64, from: &str, to: &str) -> Result<()> {
        let sql =
            format!("UPDATE {table} SET state = ?1, updated = ?2 WHERE id = ?3 AND state = ?4");
        match self.execute(&sql, (to, self.now_text(), id, from))? {
            1 => Ok(()),
            _ => Err(LedgerError::Refused(
                BusinessRefusal::busy(format!(
                    "{table} {id} is no longer {from}, so it cannot become {to}"
                ))
                .with_remedy(": look again, someone else acted meanwhile"),
            )),
        }
    }
}

/// Says where the value stands that could not be read: table, row (its first column) and column.
fn named(sql: &str, row: &Row, fault: rusqlite::Error) -> rusqlite::Error {
    let rusqlite::Error::FromSqlConversionFailure(place, kind, why) = fault else {
        return fault;
    };
    let column = row.as_ref().column_name(place).unwrap_or("of no name");
    let first = match row.get_ref(0) {
        Ok(ValueRef::Integer(number)) => number.to_string(),
        Ok(ValueRef::Text(text)) => cut(&String::from_utf8_lossy(text), 60),
        _ => "of no number".to_owned(),
    };
    let table = table_of(sql);
    let why = format!("table {table}, row {first}, column {column}: {why}");
    rusqlite::Error::FromSqlConversionFailure(place, kind, why.into())
}

/// The first table of a query, whatever tables its columns ask inside brackets.
fn table_of(sql: &str) -> &str {
    let mut depth = 0;
    let mut words = sql.split_ascii_whitespace();
    while let Some(word) = words.next() {
        let is_from = depth == 0 && word.eq_ignore_ascii_case("FROM");
        if is_from {
            return words.next().unwrap_or_default();
        }
        depth += word.matches('(').count() as i64 - word.matches(')').count() as i64;
    }
    "unknown"
}
