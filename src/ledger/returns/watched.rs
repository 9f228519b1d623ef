//! Returns that the watcher looks at.

use super::{ReturnRow, SELECT, of};
use crate::ledger::failures::Sound;
use crate::ledger::{Result, Tx};
use chrono::NaiveDate;

impl Tx<'_> {
    /// Returns of which something did not come until this day, oldest first.
    pub fn returns_due_before(&self, day: NaiveDate) -> Result<Sound<ReturnRow>> {
        let sql = format!(
            "{SELECT} WHERE r.state IN ('authorised', 'received', 'inspected') AND r.deadline < ?1 AND EXISTS \
             (SELECT 1 FROM rma_line n WHERE n.rma_id = r.id AND coalesce(n.received, 0) < n.qty) ORDER BY r.id"
        );
        let mut sound = self.rows_apart(&sql, [day.to_string()], of)?;
        sound.rows.retain(|row| row.kind.goods_come_back());
        Ok(sound)
    }

    /// Returns that are not over, oldest first.
    pub fn returns_not_over(&self) -> Result<Sound<ReturnRow>> {
        let sql = format!(
            "{SELECT} WHERE r.state IN ('requested', 'authorised', 'received', 'inspected') ORDER BY r.id"
        );
        self.rows_apart(&sql, [], of)
    }

    /// The return for which a credit is owed, as the exceptions list calls it.
    pub fn return_of_credit(&self, id: i64) -> Result<Option<String>> {
        let number = "SELECT 'return:' || reference FROM expected_credit WHERE id = ?1";
        self.first(number, [id], |row| row.get(0))
    }

    /// The name of a return on the exceptions list, whatever else of it can be read.
    pub fn return_entity(&self, id: i64) -> Result<Option<String>> {
        let number = "SELECT 'return:' || number FROM rma WHERE id = ?1";
        self.first(number, [id], |row| row.get(0))
    }
}
