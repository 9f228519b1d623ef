//! The proof that ledger, audit trail and sums hold: `poms verify`. Every question is answered by
//! itself: one that cannot be asked is a fault of its own, and the next one is asked all the same.
//! What is checked and in which order is written down in `docs/ledger-format.md`.

mod outside;
mod sums;
mod tables;
mod trail;

use super::anchor::{self, Witness};
use super::{Ledger, Result, migrate, schema};
use crate::ledger::sqlite;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde::Serialize;
use std::path::Path;

/// A report of what was checked, and of what does not hold.
#[derive(Debug, Default, Serialize)]
pub struct VerifyReport {
    /// Rows of the audit trail.
    pub audit_rows: i64,
    /// Rows of all other tables.
    pub table_rows: i64,
    /// Anchors that were compared.
    pub anchors: usize,
    /// Heads out of mails that were compared.
    pub witnesses: usize,
    /// The last row that an anchor outside the ledger vouches for.
    pub anchored_to: i64,
    /// Where the first thing is that does not hold, for programs: `schema view vendor`, `audit 17`,
    /// `anchor 3` (a line), `witness 120`, `vendor 4` (a row), `structure`, `sum 2`.
    pub first_bad: Option<String>,
    /// Everything that does not hold, one sentence each, in the order of the questions.
    pub problems: Vec<String>,
    /// Problems of the present question.
    #[serde(skip)]
    asked: usize,
}

/// More problems of one question than this are counted, not listed.
const AT_MOST: usize = 20;

impl VerifyReport {
    /// Notes one thing that does not hold.
    pub fn problem(&mut self, place: &str, text: String) {
        self.first_bad.get_or_insert_with(|| place.to_owned());
        self.asked += 1;
        if self.asked <= AT_MOST {
            self.problems.push(text);
        }
    }

    /// Asks one question; where it cannot be answered, that is the problem.
    pub fn ask<E: std::fmt::Display>(
        &mut self,
        place: &str,
        what: &str,
        work: impl FnOnce(&mut VerifyReport) -> std::result::Result<(), E>,
    ) {
        self.asked = 0;
        if let Err(fault) = work(self) {
            self.problem(place, format!("{what} cannot be checked: {fault}"));
        }
        if let Some(more @ 1..) = self.asked.checked_sub(AT_MOST) {
            self.problems
                .push(format!("… and {more} more of this kind"));
        }
    }
}

impl Ledger {
    /// Recomputes everything: the schema, the chain, the anchors and `witnesses` outside, every row
    /// against its last seal, SQLite's structure, and the sums of orders, purchase orders and messages.
    ///
    /// # Errors
    /// When the anchors cannot be read, or SQLite cannot begin; what does not hold is in the report.
    pub fn verify(&self, anchors: &Path, witnesses: &[Witness]) -> Result<VerifyReport> {
        // before the snapshot: what is anchored by then is in it
        let anchors = anchor::read(anchors)?;
        self.snapshot(|tx| {
            let conn = tx.conn;
            let mut report = VerifyReport::default();
            report.ask("schema", "the schema", |report| schema_of(conn, report));
            let mut trail = trail::Trail::new(&anchors, witnesses);
            report.ask("audit", "the audit trail", |report| {
                trail.walk(conn, report)
            });
            report.ask("anchor", "the anchors", |report| {
                outside::anchors(&anchors, &trail, report)
            });
            report.ask("witness", "the heads out of mails", |report| {
                outside::witnesses(witnesses, &trail, report)
            });
            tables::ask(conn, trail.seals, &mut report)?;
            report.ask("structure", "SQLite's structure", |report| {
                structure(conn, report)
            });
            report.ask("structure", "what rows point to", |report| {
                references(conn, report)
            });
            sums::ask(tx, &mut report);
            Ok(report)
        })
    }
}

fn schema_of(conn: &Connection, report: &mut VerifyReport) -> Result<()> {
    if let Some(said) = migrate::newer(conn)? {
        report.problem("schema version", said);
    }
    for one in schema::differences(conn)? {
        report.problem(
            &one.place,
            format!("the schema was changed outside poms: {}", one.what),
        );
    }
    Ok(())
}

fn structure(conn: &Connection, report: &mut VerifyReport) -> Result<()> {
    let mut statement = conn.prepare(sqlite::STRUCTURE)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        match text(row.get_ref(0)?) {
            fine if fine == "ok" => {}
            fault => report.problem("structure", format!("SQLite's structure: {fault}")),
        }
    }
    Ok(())
}

fn references(conn: &Connection, report: &mut VerifyReport) -> Result<()> {
    let mut statement = conn.prepare(sqlite::REFERENCES)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let said = format!(
            "{} row {} points to a row of {} that is not there",
            text(row.get_ref(0)?),
            text(row.get_ref(1)?),
            text(row.get_ref(2)?)
        );
        report.problem("structure", said);
    }
    Ok(())
}

/// A value as text, whatever it is; empty for NULL.
fn text(value: ValueRef) -> String {
    match value {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Null => String::new(),
    }
}
