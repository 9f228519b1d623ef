//! The audit trail from its first row: numbers, hashes, payloads, time; and what it sealed.

use super::{VerifyReport, text};
use crate::clock;
use crate::ledger::anchor::{Anchors, Witness};
use crate::ledger::audit::{self, CLOCK_ACCEPTED, CLOCK_TOLERANCE};
use crate::ledger::recovery;
use crate::ledger::schema::Schema;
use chrono::{DateTime, Utc};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use std::collections::HashMap;

/// Last seal of each row, by the table's place among those of the schema and the row's number: its
/// digest and the audit row that sealed it.
pub(super) type Seals = HashMap<(u16, i64), (String, i64)>;

/// What was learnt on the way.
#[derive(Default)]
pub(super) struct Trail {
    /// What the trail sealed.
    pub seals: Seals,
    /// The last row's number; 0 for none.
    pub end: i64,
    /// Whether a run ended: then there are anchors.
    pub anchored: bool,
    /// The rows that are named outside, with their hashes in hexadecimal.
    pub named: HashMap<i64, Option<String>>,
    numbers: HashMap<String, u16>,
    previous: [u8; 32],
    /// The latest moment so far, and its row.
    latest: Option<(DateTime<Utc>, i64)>,
}

/// A row's columns as they are, whatever somebody put there.
struct Link {
    seq: i64,
    /// `at`, `actor`, `kind`, `entity`.
    words: [Vec<u8>; 4],
    order_id: Option<i64>,
    commitment: Vec<u8>,
    hash: Vec<u8>,
    salt: Option<Vec<u8>>,
    payload: Option<Vec<u8>>,
    /// The first column that has no value of its kind.
    odd: Option<&'static str>,
}

const SELECT: &str = "SELECT seq, at, actor, kind, entity, order_id, commitment, hash, salt, payload FROM audit ORDER BY seq";

impl Link {
    fn read(row: &Row) -> rusqlite::Result<Link> {
        let mut odd = None;
        let mut bytes = |place: usize, name: &'static str, optional: bool| {
            Ok::<_, rusqlite::Error>(match row.get_ref(place)? {
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(bytes.to_vec()),
                ValueRef::Null if optional => None,
                _ => {
                    odd.get_or_insert(name);
                    None
                }
            })
        };
        let word = |found: Option<Vec<u8>>| found.unwrap_or_default();
        let words = [
            word(bytes(1, "at", false)?),
            word(bytes(2, "actor", false)?),
            word(bytes(3, "kind", false)?),
            word(bytes(4, "entity", false)?),
        ];
        let commitment = word(bytes(6, "commitment", false)?);
        let hash = word(bytes(7, "hash", false)?);
        let salt = bytes(8, "salt", true)?;
        let payload = bytes(9, "payload", true)?;
        let order_id = match row.get_ref(5)? {
            ValueRef::Integer(id) => Some(id),
            ValueRef::Null => None,
            _ => {
                odd.get_or_insert("order_id");
                None
            }
        };
        Ok(Link {
            seq: row.get(0)?,
            words,
            order_id,
            commitment,
            hash,
            salt,
            payload,
            odd,
        })
    }

    /// The row for people.
    fn shown(&self) -> String {
        let [at, actor, kind, entity] =
            self.words.each_ref().map(|word| text(ValueRef::Text(word)));
        format!(
            "audit row {} ({kind} {entity} by {actor} at {at})",
            self.seq
        )
    }

    fn is(&self, kind: &str) -> bool {
        self.words[2] == kind.as_bytes()
    }
}

impl Trail {
    pub(super) fn new(anchors: &Anchors, witnesses: &[Witness]) -> Trail {
        let anchored = anchors.lines.iter().filter_map(|line| line.anchor());
        let named = anchored.map(|anchor| anchor.seq);
        let named = named.chain(witnesses.iter().map(|one| one.seq));
        Trail {
            named: named.map(|seq| (seq, None)).collect(),
            ..Trail::default()
        }
    }

    /// Walks it.
    ///
    /// # Errors
    /// A sentence where SQLite cannot read on.
    pub(super) fn walk(
        &mut self,
        conn: &Connection,
        report: &mut VerifyReport,
    ) -> Result<(), String> {
        let tables = Schema::current()
            .map_err(|fault| fault.to_string())?
            .tables();
        let tables = tables.into_iter().enumerate();
        self.numbers = tables.map(|(place, name)| (name, place as u16)).collect();
        self.rows(conn, report)
            .map_err(|fault| format!("beyond row {}: {fault}", self.end))
    }

    fn rows(&mut self, conn: &Connection, report: &mut VerifyReport) -> rusqlite::Result<()> {
        let mut statement = conn.prepare(SELECT)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            report.audit_rows += 1;
            self.one(Link::read(row)?, report);
        }
        Ok(())
    }

    fn one(&mut self, link: Link, report: &mut VerifyReport) {
        let expected = self.end + 1;
        if link.seq != expected {
            let said = format!(
                "audit row {expected} is missing: the next one is {}",
                link.seq
            );
            report.problem(&format!("audit {expected}"), said);
        }
        self.end = link.seq;
        let place = format!("audit {}", link.seq);
        let words = link.words.each_ref().map(Vec::as_slice);
        let hash = audit::hash(
            &self.previous,
            link.seq,
            words,
            link.order_id,
            &link.commitment,
        );
        if let Some(column) = link.odd {
            report.problem(&place, format!("{} has no readable {column}", link.shown()));
        } else if hash[..] != link.hash[..] {
            report.problem(&place, format!("{} does not fit the chain", link.shown()));
        }
        self.previous = link.hash.as_slice().try_into().unwrap_or(hash);
        if let Some(named) = self.named.get_mut(&link.seq) {
            *named = Some(clock::hex(&link.hash));
        }
        match (&link.salt, &link.payload) {
            (Some(salt), Some(payload))
                if audit::commit_to(salt, payload)[..] == link.commitment => {}
            (Some(_), Some(_)) => {
                report.problem(
                    &place,
                    format!("the payload of audit row {} was changed", link.seq),
                );
            }
            _ => report.problem(
                &place,
                format!("the payload of audit row {} is missing", link.seq),
            ),
        }
        self.time(&link, &place, report);
        self.anchored |= link.is(audit::RUN_FINISHED) || link.is(recovery::RECOVERED);
        if link.is("seal") {
            self.collect(&link);
        }
    }

    /// Time must not run back by more than a corrected clock does, but where a person said so.
    fn time(&mut self, link: &Link, place: &str, report: &mut VerifyReport) {
        let written = text(ValueRef::Text(&link.words[0]));
        let Some(at) = clock::parse(&written).filter(|at| clock::text(*at) == written) else {
            return report.problem(place, format!("{} has no readable time", link.shown()));
        };
        let accepted = link.is("setting.changed") && link.words[3] == CLOCK_ACCEPTED.as_bytes();
        match self.latest {
            Some((latest, row)) if at < latest && !accepted => {
                if at < latest - CLOCK_TOLERANCE {
                    let said = format!(
                        "{} is dated before audit row {row} ({}): it was written under a clock that was set back",
                        link.shown(),
                        clock::text(latest)
                    );
                    report.problem(place, said);
                    self.latest = Some((at, link.seq));
                }
            }
            _ => self.latest = Some((at, link.seq)),
        }
    }

    fn collect(&mut self, link: &Link) {
        let payload = link.payload.as_deref().unwrap_or_default();
        for line in String::from_utf8_lossy(payload).lines() {
            let mut words = line.split(' ');
            let (Some(table), Some(rowid), Some(digest)) =
                (words.next(), words.next(), words.next())
            else {
                continue;
            };
            if let (Some(number), Ok(rowid)) = (self.numbers.get(table), rowid.parse()) {
                self.seals
                    .insert((*number, rowid), (digest.to_owned(), link.seq));
            }
        }
    }
}
