//! What admins were told of exceptions.

use super::{ExceptionRow, SELECT, exception};
use crate::ledger::{Result, Tx};

impl Tx<'_> {
    /// Exceptions that no mail to the admins has listed yet, oldest first.
    pub fn unmailed_exceptions(&self) -> Result<Vec<ExceptionRow>> {
        self.rows(
            &format!("{SELECT} WHERE e.mailed = 0 ORDER BY e.id"),
            [],
            exception,
        )
    }

    /// Marks exceptions as told to the admins.
    pub fn mark_mailed(&self, ids: impl IntoIterator<Item = i64>) -> Result<()> {
        for id in ids {
            self.execute(
                "UPDATE exception SET mailed = 1, told = ?2 WHERE id = ?1",
                (id, self.now_text()),
            )?;
        }
        Ok(())
    }
}
