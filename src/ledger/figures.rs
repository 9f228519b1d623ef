//! Figures for monitoring.

use super::{Result, Tx};
use crate::clock::Moment;
use crate::domain::codes::ExceptionCode;

/// The open exceptions of one code and severity.
pub struct OpenExceptions {
    /// The code.
    pub code: ExceptionCode,
    /// `hold` or `warn`.
    pub severity: String,
    /// How many.
    pub count: i64,
    /// When the first of them was opened.
    pub oldest: Moment,
}

impl Tx<'_> {
    /// Counts what is open, by code and severity.
    pub fn open_by_code(&self) -> Result<Vec<OpenExceptions>> {
        self.rows(
            "SELECT code, severity, count(*), min(opened) FROM exception WHERE state = 'open' GROUP BY 1, 2 ORDER BY 1, 2",
            [],
            |row| {
                Ok(OpenExceptions {
                    code: row.get(0)?,
                    severity: row.get(1)?,
                    count: row.get(2)?,
                    oldest: row.get(3)?,
                })
            },
        )
    }

    /// Counts the exceptions that this actor opened after a row of the trail.
    pub fn exceptions_opened_since(&self, seq: i64) -> Result<i64> {
        self.value(
            "SELECT count(*) FROM audit WHERE seq > ?1 AND kind = 'exception.opened' AND actor = ?2",
            (seq, self.actor()),
        )
    }

    /// Counts all that were ever opened.
    pub fn count_exceptions_ever(&self) -> Result<i64> {
        self.value("SELECT count(*) FROM exception", [])
    }
}
