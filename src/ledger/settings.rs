//! Facts about the whole site: the stop switch, and the runs.

use super::{LedgerError, Result, Tx, audit};
use crate::clock::Moment;
use crate::domain::business_refusal::BusinessRefusal;
use serde_json::{Value, json};

/// The setting that says which kind of clock dates the ledger: [`REAL`] or [`FROZEN`].
const CLOCK: &str = "clock";
const REAL: &str = "real";
const FROZEN: &str = "frozen";

/// A run as the ledger has it.
#[derive(Clone, Debug)]
pub struct RunRow {
    /// Its number.
    pub id: i64,
    /// When it began.
    pub started: Moment,
    /// When it ended; `None` while it runs, or when it was killed.
    pub finished: Option<Moment>,
    /// What it did, as `poms process --json` prints it.
    pub report: Option<Value>,
}

impl Tx<'_> {
    /// A setting's value.
    pub fn setting(&self, name: &str) -> Result<Option<String>> {
        self.first("SELECT value FROM setting WHERE name = ?1", [name], |row| {
            row.get(0)
        })
    }

    /// Sets or changes a setting, with the reason in the audit trail.
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

    /// Reads why the stop switch is on; `None` when it is off.
    pub fn stopped(&self) -> Result<Option<String>> {
        Ok(self
            .setting("stop_switch")?
            .filter(|reason| !reason.is_empty()))
    }

    /// Refuses a frozen clock in a ledger that is live: facts of any day could be made with it.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub(super) fn check_clock(&self, frozen: bool) -> Result<()> {
        let live = match self.setting(CLOCK)?.as_deref() {
            Some(kind) => kind != FROZEN,
            // written before poms took note of clocks
            None => self.audit_head()?.seq > 0,
        };
        if !frozen || !live {
            return Ok(());
        }
        Err(LedgerError::Refused(
            BusinessRefusal::wrong_state(
                "POMS_NOW is set, and this ledger is live: it was written under the \
                 machine's clock, and what POMS_NOW dates would stand at a wrong moment \
                 in its audit trail. Nothing was changed or sent",
            )
            .with_remedy(
                ". Unset POMS_NOW; to see what would happen at another moment: \
                 --dry-run; to play: a site of its own (`poms demo DIR`)",
            ),
        ))
    }

    /// Writes down under which kind of clock the ledger is written, once for each.
    pub(super) fn mark_clock(&self, frozen: bool) -> Result<()> {
        self.check_clock(frozen)?;
        let before = self.setting(CLOCK)?;
        match (before.as_deref(), frozen) {
            (Some(REAL), _) | (Some(FROZEN), true) => Ok(()),
            (_, false) => self.set_setting(CLOCK, REAL, "the machine's clock dates what follows"),
            (_, true) => self.set_setting(
                CLOCK,
                FROZEN,
                "POMS_NOW dates what follows: a ledger for tests and rehearsals",
            ),
        }
    }

    /// Takes the present clock for right, whatever the runs and facts until now say.
    pub fn accept_clock(&self, why: &str) -> Result<()> {
        self.begin_time_anew();
        let last = self.runs(1)?.pop().map_or(0, |run| run.id);
        let name = audit::CLOCK_ACCEPTED.trim_start_matches("setting:");
        self.set_setting(name, &last.to_string(), why)
    }

    /// The last run up to which [`Tx::accept_clock`] took the clock for right; 0 for none.
    pub fn clock_accepted(&self) -> Result<i64> {
        let name = audit::CLOCK_ACCEPTED.trim_start_matches("setting:");
        let run = self.setting(name)?;
        Ok(run.and_then(|run| run.parse().ok()).unwrap_or(0))
    }

    /// Opens the books of a run; returns its number.
    pub fn begin_run(&self) -> Result<i64> {
        let id = self.insert(
            "INSERT INTO run (started, actor) VALUES (?1, ?2)",
            (self.now_text(), self.actor()),
        )?;
        self.fact("run.started", &format!("run:{id}"), None, &Value::Null)?;
        Ok(id)
    }

    /// Closes the books of a run.
    pub fn finish_run(&self, id: i64, report: &Value) -> Result<()> {
        self.execute(
            "UPDATE run SET finished = ?1, report = ?2 WHERE id = ?3",
            (self.now_text(), report.to_string(), id),
        )?;
        self.fact(audit::RUN_FINISHED, &format!("run:{id}"), None, report)
    }

    /// The latest runs, newest first.
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
