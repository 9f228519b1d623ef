//! What of a stage's work failed, item by item: each is listed once, and taken off when it is done.

use super::apart::{ADVICE, WORK};
use super::{LedgerError, Result, Tx};
use rusqlite::{Params, Row};
use std::collections::BTreeMap;

/// Rows of which each was read by itself.
#[derive(Debug)]
pub struct Sound<T> {
    /// Those that can be read, in their order.
    pub rows: Vec<T>,
    /// The numbers in the ledger of the others, and why not.
    pub bad: Vec<(i64, LedgerError)>,
}

/// The items of one stage at which poms failed. An item's name is `stage:what:number`.
#[derive(Debug)]
pub struct Failures {
    stage: &'static str,
    found: BTreeMap<String, String>,
}

impl Failures {
    /// None yet. No name of a stage may be the beginning of another's.
    pub fn of(stage: &'static str) -> Failures {
        Failures {
            stage,
            found: BTreeMap::new(),
        }
    }

    /// Whether none was found.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Keeps what an item's work made; `None` when it failed. `what` follows "could not".
    ///
    /// # Errors
    /// Those that end all.
    pub fn keep<T>(&mut self, item: &str, what: &str, done: Result<T>) -> Result<Option<T>> {
        match done {
            Ok(made) => Ok(Some(made)),
            Err(fault) if fault.ends_all() => Err(fault),
            Err(fault) => {
                let text = format!(
                    "poms could not {what}, and undid what it had begun: {fault}; {ADVICE}"
                );
                let name = format!("{}:{item}", self.stage);
                self.found.entry(name).or_insert(text);
                Ok(None)
            }
        }
    }

    /// The rows that can be read; the others are items, each with its number behind `item` and `what`.
    ///
    /// # Errors
    /// Those that end all.
    pub fn rows<T>(&mut self, item: &str, what: &str, sound: Sound<T>) -> Result<Vec<T>> {
        for (id, fault) in sound.bad {
            self.keep(
                &format!("{item}:{id}"),
                &format!("{what} {id}"),
                Err::<(), _>(fault),
            )?;
        }
        Ok(sound.rows)
    }

    /// Does the work of an item, and undoes it when it fails.
    ///
    /// # Errors
    /// Those that end all.
    pub fn apart<T>(
        &mut self,
        tx: &Tx,
        (item, what): (&str, &str),
        work: impl FnOnce() -> Result<T>,
    ) -> Result<Option<T>> {
        let done = tx.apart(work)?;
        self.keep(item, what, done)
    }

    /// Whether something is to be listed, or to be taken off.
    pub fn is_due(&self, tx: &Tx) -> Result<bool> {
        Ok(!self.is_empty() || !self.listed(tx)?.is_empty())
    }

    /// Lists them, and takes off what failed before and did not now. Returns how many are new on the
    /// list.
    pub fn settle(self, tx: &Tx) -> Result<usize> {
        for (id, entity) in self.listed(tx)? {
            if !self.found.contains_key(&entity) {
                tx.resolve_exception(&tx.exception(id)?, "cleared", "it was done")?;
            }
        }
        let mut opened = 0;
        for (entity, text) in &self.found {
            opened += usize::from(tx.list_failed(entity, text)?.1);
        }
        Ok(opened)
    }

    /// Reads what is on the list of this stage.
    fn listed(&self, tx: &Tx) -> Result<Vec<(i64, String)>> {
        let all: Vec<(i64, String)> = tx.rows(
            "SELECT id, entity FROM exception WHERE state = 'open' AND code = ?1 ORDER BY id",
            [WORK],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let ours = format!("{}:", self.stage);
        let all = all.into_iter();
        Ok(all
            .filter(|(_, entity)| entity.starts_with(&ours))
            .collect())
    }
}

impl Tx<'_> {
    /// The rows of a query whose first column is their number, each read by itself.
    pub(super) fn rows_apart<T>(
        &self,
        sql: &str,
        params: impl Params,
        mut read: impl FnMut(&Row) -> rusqlite::Result<T>,
    ) -> Result<Sound<T>> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut all = statement.query(params)?;
        let mut sound = Sound {
            rows: Vec::new(),
            bad: Vec::new(),
        };
        while let Some(row) = all.next()? {
            match read(row) {
                Ok(one) => sound.rows.push(one),
                Err(fault) => sound.bad.push((row.get(0)?, fault.into())),
            }
        }
        Ok(sound)
    }
}
