//! Facts about the whole site: the stop switch, and the runs.

use super::{Result, Tx};
use serde_json::{Value, json};

/// A run as the ledger has it.
#[derive(Clone, Debug)]
pub struct RunRow {
    /// Its number.
    pub id: i64,
    /// When it began.
    pub started: String,
    /// When it ended; `None` while it runs, or when it was killed.
    pub finished: Option<String>,
    /// What it did, as `poms process --json` prints it.
    pub report: Option<Value>,
}

impl Tx<'_> {
    /// A setting's value.
    ///
    /// # Errors
    /// SQLite's.
    pub fn setting(&self, name: &str) -> Result<Option<String>> {
        self.first("SELECT value FROM setting WHERE name = ?1", [name], |row| {
            row.get(0)
        })
    }

    /// Sets or changes a setting, with the reason in the audit trail.
    ///
    /// # Errors
    /// SQLite's.
    pub fn set_setting(&self, name: &str, value: &str, why: &str) -> Result<()> {
        let before = self.setting(name)?;
        self.execute(
            "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
            (name, value),
        )?;
        let payload = json!({"before": before, "after": value, "why": why});
        self.fact(
            "setting.changed",
            &format!("setting:{name}"),
            None,
            &payload,
        )
    }

    /// Why the stop switch is on; `None` when it is off.
    ///
    /// # Errors
    /// SQLite's.
    pub fn stopped(&self) -> Result<Option<String>> {
        Ok(self
            .setting("stop_switch")?
            .filter(|reason| !reason.is_empty()))
    }

    /// Opens the books of a run; returns its number.
    ///
    /// # Errors
    /// SQLite's.
    pub fn begin_run(&self) -> Result<i64> {
        let id = self.insert(
            "INSERT INTO run (started, actor) VALUES (?1, ?2)",
            (self.now_text(), self.actor()),
        )?;
        self.fact("run.started", &format!("run:{id}"), None, &Value::Null)?;
        Ok(id)
    }

    /// Closes the books of a run.
    ///
    /// # Errors
    /// SQLite's.
    pub fn finish_run(&self, id: i64, report: &Value) -> Result<()> {
        self.execute(
            "UPDATE run SET finished = ?1, report = ?2 WHERE id = ?3",
            (self.now_text(), report.to_string(), id),
        )?;
        self.fact("run.finished", &format!("run:{id}"), None, report)
    }

    /// The latest runs, newest first.
    ///
    /// # Errors
    /// SQLite's.
    pub fn runs(&self, at_most: usize) -> Result<Vec<RunRow>> {
        self.rows(
            "SELECT id, started, finished, report FROM run ORDER BY id DESC LIMIT ?1",
            [at_most as i64],
            |row| {
                let report: Option<String> = row.get(3)?;
                Ok(RunRow {
                    id: row.get(0)?,
                    started: row.get(1)?,
                    finished: row.get(2)?,
                    report: report.and_then(|text| serde_json::from_str(&text).ok()),
                })
            },
        )
    }
}
