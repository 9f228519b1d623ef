//! When vendors are closed.

use super::{Result, Tx};
use crate::domain::closure::{Closure, WorkingDays};
use crate::domain::vendor::Vendor;
use chrono::NaiveDate;
use rusqlite::Row;
use serde_json::json;

fn closure(row: &Row) -> rusqlite::Result<Closure> {
    let day = |place: usize| {
        let text: String = row.get(place)?;
        text.parse()
            .map_err(|_| super::unreadable(place, format!("'{text}' is not a day")))
    };
    Ok(Closure {
        from: day(0)?,
        until: day(1)?,
    })
}

impl Tx<'_> {
    /// The days on which a vendor works; what was over this long ago is left out.
    pub fn working_days(&self, vendor: &str, since: NaiveDate) -> Result<WorkingDays> {
        let closed = self.rows(
            "SELECT first_day, last_day FROM vendor_closure WHERE vendor_id = ?1 AND last_day >= ?2 AND ended IS NULL \
             ORDER BY first_day, last_day",
            (vendor, since.to_string()),
            closure,
        )?;
        Ok(WorkingDays::but(closed))
    }

    /// Notes that a vendor is closed.
    pub fn close_vendor(&self, vendor: &Vendor, closed: Closure, note: &str) -> Result<()> {
        self.insert(
            "INSERT INTO vendor_closure (vendor_id, first_day, last_day, note, created) VALUES (?1, ?2, ?3, ?4, ?5)",
            (
                &vendor.id,
                closed.from.to_string(),
                closed.until.to_string(),
                note,
                self.now_text(),
            ),
        )?;
        let payload = json!({"from": closed.from, "until": closed.until, "why": note});
        self.fact(
            "vendor.closed",
            &format!("vendor:{}", vendor.id),
            None,
            &payload,
        )
    }

    /// Notes that a vendor is open again: what it was closed for, from this day on, ends.
    pub fn open_vendor(&self, vendor: &Vendor, today: NaiveDate, note: &str) -> Result<()> {
        self.execute(
            "UPDATE vendor_closure SET ended = ?1 WHERE vendor_id = ?2 AND last_day >= ?3 AND ended IS NULL",
            (self.now_text(), &vendor.id, today.to_string()),
        )?;
        let entity = format!("vendor:{}", vendor.id);
        self.fact("vendor.opened", &entity, None, &json!({"why": note}))
    }
}
