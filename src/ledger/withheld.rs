//! Messages that a mailbox keeps and does not give: how often each was asked for, and why it failed.

use super::{Result, Tx};
use crate::clock::Moment;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::Row;
use serde_json::json;

/// After so many tries a message is left alone, and a person is told.
pub const TRIES: i64 = 3;

/// How long a message is then left alone before it is tried again.
const REST: TimeDelta = TimeDelta::hours(24);

/// A message that could not be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// Its row.
    pub id: i64,
    /// Its name in the mailbox, as `7:101` (UIDVALIDITY:UID).
    pub source: String,
    /// What the mailbox does instead of giving it, a sentence.
    pub why: String,
    /// How often it was asked for since it failed first, or since a person had it tried anew.
    pub tries: i64,
    /// When it failed first, RFC 3339 UTC.
    pub since: Moment,
    /// When it failed last.
    pub last: Moment,
    /// A person took note of it.
    pub seen: bool,
}

impl Withheld {
    /// Whether it was tried often enough for a person to hear of it.
    pub fn is_stuck(&self) -> bool {
        self.tries >= TRIES
    }

    /// Whether a run at `now` asks for it: three times, then once a day.
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        !self.is_stuck() || now >= self.last.time() + REST
    }
}

fn withheld(row: &Row) -> rusqlite::Result<Withheld> {
    Ok(Withheld {
        id: row.get(0)?,
        source: row.get(1)?,
        why: row.get(2)?,
        tries: row.get(3)?,
        since: row.get(4)?,
        last: row.get(5)?,
        seen: row.get::<_, i64>(6)? == 1,
    })
}

/// The name of a mailbox in exceptions and in the audit trail: `mailbox:NAME`.
pub fn entity(mailbox: &str) -> String {
    format!("mailbox:{mailbox}")
}

impl Tx<'_> {
    /// Reads the messages that a mailbox keeps, oldest first.
    pub fn withheld(&self, mailbox: &str) -> Result<Vec<Withheld>> {
        self.rows(
            "SELECT id, source, why, tries, since, last, seen FROM withheld WHERE mailbox = ?1 ORDER BY id",
            [mailbox],
            withheld,
        )
    }

    /// Whether a mailbox keeps anything.
    pub fn keeps_back(&self, mailbox: &str) -> Result<bool> {
        self.value(
            "SELECT EXISTS (SELECT 1 FROM withheld WHERE mailbox = ?1)",
            [mailbox],
        )
    }

    /// Counts one more try that failed; how many these are.
    pub fn withhold(&self, mailbox: &str, source: &str, why: &str) -> Result<i64> {
        let now = self.now_text();
        let known: Option<(i64, i64)> = self.first(
            "SELECT id, tries FROM withheld WHERE mailbox = ?1 AND source = ?2",
            [mailbox, source],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let tries = match known {
            Some((id, tries)) => {
                self.execute(
                    "UPDATE withheld SET tries = ?1, why = ?2, last = ?3 WHERE id = ?4",
                    (tries + 1, why, &now, id),
                )?;
                tries + 1
            }
            None => {
                self.insert(
                    "INSERT INTO withheld (mailbox, source, why, tries, since, last, seen) VALUES (?1,?2,?3,1,?4,?4,0)",
                    (mailbox, source, why, &now),
                )?;
                1
            }
        };
        let payload = json!({"source": source, "why": why, "tries": tries});
        self.fact("mailbox.withheld", &entity(mailbox), None, &payload)?;
        Ok(tries)
    }

    /// Forgets one that came after all, or that is in the mailbox no more; nothing where it was never
    /// kept back.
    pub fn no_longer_withheld(&self, mailbox: &str, source: &str, came: bool) -> Result<()> {
        let gone = self.execute(
            "DELETE FROM withheld WHERE mailbox = ?1 AND source = ?2",
            [mailbox, source],
        )?;
        if gone == 0 {
            return Ok(());
        }
        let payload = json!({"source": source, "came": came});
        self.fact("mailbox.let_go", &entity(mailbox), None, &payload)
    }

    /// A person took note of what a mailbox keeps, or has it asked for anew.
    pub fn withheld_seen(&self, mailbox: &str, again: bool, note: &str) -> Result<()> {
        let sql = match again {
            true => "UPDATE withheld SET tries = 1, last = since, seen = 0 WHERE mailbox = ?1",
            false => "UPDATE withheld SET seen = 1 WHERE mailbox = ?1",
        };
        self.execute(sql, [mailbox])?;
        let payload = json!({"again": again, "note": note});
        self.fact("mailbox.withheld_seen", &entity(mailbox), None, &payload)
    }
}
