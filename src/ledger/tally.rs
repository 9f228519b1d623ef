//! How many rows of a table are in each state, without looking at those that are done: they are nearly all
//! of a ledger of many years.

use super::{Result, Tx};
use serde_json::Value;
use std::collections::BTreeMap;

impl Tx<'_> {
    /// Counts the rows of a table by state, `all` its states. Those in the state `done`, in which rows end,
    /// are what the others leave of all: no row is taken out of a table with states, so its numbers have no
    /// gaps.
    pub(super) fn tally(
        &self,
        table: &str,
        all: impl Iterator<Item = &'static str>,
        done: &str,
    ) -> Result<Value> {
        let others: Vec<String> = all
            .filter(|state| *state != done)
            .map(|state| format!("'{state}'"))
            .collect();
        let sql = format!(
            "SELECT state, count(*) FROM {table} WHERE state IN ({}) GROUP BY state",
            others.join(", ")
        );
        let found = self.rows(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut counts: BTreeMap<String, i64> = found.into_iter().collect();
        let rows: i64 = self.value(&format!("SELECT coalesce(max(id), 0) FROM {table}"), [])?;
        let rest = rows.saturating_sub(counts.values().sum());
        if rest > 0 {
            counts.insert(done.to_owned(), rest);
        }
        let pairs = counts
            .into_iter()
            .map(|(state, count)| (state, count.into()));
        Ok(Value::Object(pairs.collect()))
    }
}
