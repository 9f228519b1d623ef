//! Exceptions of which admins are told again until somebody acts.

use super::exceptions::{ExceptionRow, SELECT, exception};
use super::{LedgerError, Result, Tx};
use crate::clock::{self, Moment};
use crate::domain::business_refusal::BusinessRefusal;
use chrono::{DateTime, Utc};
use serde_json::json;

impl Tx<'_> {
    /// Open exceptions that hold, were told, and may be told again, with the moment at which they last
    /// were; the one that waits longest first.
    pub fn told_exceptions(&self) -> Result<Vec<(ExceptionRow, DateTime<Utc>)>> {
        let rows = self.rows(
            &format!(
                "{SELECT} WHERE e.state = 'open' AND e.severity = 'hold' AND e.mailed = 1 \
                 AND (e.snoozed IS NULL OR e.snoozed <= ?1) ORDER BY e.id"
            ),
            [self.now_text()],
            exception,
        )?;
        let mut all = Vec::new();
        for row in rows {
            let told: Option<Moment> =
                self.value("SELECT told FROM exception WHERE id = ?1", [row.id])?;
            let told = told.unwrap_or(row.opened).time();
            all.push((row, told));
        }
        Ok(all)
    }

    /// Has admins not be told again of an exception until a moment.
    ///
    /// # Errors
    /// When it is resolved already.
    pub fn snooze(&self, row: &ExceptionRow, until: DateTime<Utc>, note: &str) -> Result<()> {
        if !row.open {
            return Err(LedgerError::Refused(
                BusinessRefusal::done(format!(
                    "exception {} is already resolved: nobody is told of it any more",
                    row.id
                ))
                .of_exception(row.id),
            ));
        }
        let until = clock::text(until);
        self.execute(
            "UPDATE exception SET snoozed = ?1 WHERE id = ?2",
            (&until, row.id),
        )?;
        let payload = json!({"exception": row.id, "code": row.code, "until": until, "note": note});
        self.fact(
            "exception.snoozed",
            &row.entity,
            row.subject.order,
            &payload,
        )
    }
}
