//! Questions to vendors about what does not come: one a day to a vendor, about all that is late.

use super::failures::Sound;
use super::purchase_orders::PoRow;
use super::{Result, Tx};
use crate::clock;
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::Row;
use serde_json::json;

/// A question to a vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChaseRow {
    /// Its number.
    pub id: i64,
    /// Who is asked.
    pub vendor_id: String,
    /// The day of the vendor's calendar.
    pub day: String,
    /// The mail or fax that asks.
    pub delivery_id: Option<i64>,
}

/// One thing that a vendor was asked about a purchase order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorQuestion {
    /// What is waited for: `acknowledgement`, `advice`, `promise`.
    pub kind: String,
    /// By when it was due: another day is another thing to ask.
    pub due: DateTime<Utc>,
    /// When it was asked.
    pub at: DateTime<Utc>,
    /// What became of the mail or fax.
    pub delivery: String,
    /// What the other side said to it.
    pub detail: String,
}

fn chase(row: &Row) -> rusqlite::Result<ChaseRow> {
    Ok(ChaseRow {
        id: row.get(0)?,
        vendor_id: row.get(1)?,
        day: row.get(2)?,
        delivery_id: row.get(3)?,
    })
}

const SELECT: &str = "SELECT id, vendor_id, day, delivery_id FROM chase";

impl Tx<'_> {
    /// Begins a question to a vendor on a day of its calendar.
    ///
    /// # Errors
    /// SQLite's, also when the vendor was asked on that day.
    pub fn put_chase(&self, vendor_id: &str, day: NaiveDate) -> Result<i64> {
        self.insert(
            "INSERT INTO chase (vendor_id, day, at) VALUES (?1, ?2, ?3)",
            (vendor_id, day.to_string(), self.now_text()),
        )
    }

    /// Notes the mail or fax that asks.
    pub fn chase_is_written(&self, id: i64, delivery: i64) -> Result<()> {
        self.execute(
            "UPDATE chase SET delivery_id = ?1 WHERE id = ?2",
            (delivery, id),
        )?;
        Ok(())
    }

    /// Notes what it asks about one purchase order; `promised` is the day that the vendor named, of which
    /// `due` leaves it time.
    pub fn put_asked(
        &self,
        (chase, delivery): (i64, i64),
        po: &PoRow,
        kind: &str,
        (due, promised): (DateTime<Utc>, Option<NaiveDate>),
    ) -> Result<()> {
        self.insert(
            "INSERT INTO chase_po (chase_id, po_id, kind, due) VALUES (?1, ?2, ?3, ?4)",
            (chase, po.id, kind, clock::text(due)),
        )?;
        let payload = json!({"what": kind, "due": clock::text(due), "promised": promised, "delivery": delivery});
        self.fact("po.chased", &po.entity(), Some(po.order_id), &payload)
    }

    /// Whether a vendor was asked on a day of its calendar.
    pub fn was_chased_on(&self, vendor_id: &str, day: NaiveDate) -> Result<bool> {
        self.value(
            "SELECT EXISTS (SELECT 1 FROM chase WHERE vendor_id = ?1 AND day = ?2)",
            (vendor_id, day.to_string()),
        )
    }

    /// Reads what a vendor was asked about a purchase order, oldest first. What was taken out of the outbox
    /// before it left was never asked.
    pub fn asked_about(&self, po_id: i64) -> Result<Vec<VendorQuestion>> {
        self.rows(
            "SELECT a.kind, a.due, c.at, d.state, d.detail FROM chase_po a JOIN chase c ON c.id = a.chase_id \
             JOIN delivery d ON d.id = c.delivery_id WHERE a.po_id = ?1 AND d.state <> 'dropped' ORDER BY a.id",
            [po_id],
            |row| {
                Ok(VendorQuestion {
                    kind: row.get(0)?,
                    due: super::moment(row, 1)?,
                    at: super::moment(row, 2)?,
                    delivery: row.get(3)?,
                    detail: row.get(4)?,
                })
            },
        )
    }

    /// The mails and faxes by which a vendor was asked about a purchase order, oldest first.
    pub fn deliveries_that_ask(&self, po_id: i64) -> Result<Vec<i64>> {
        self.rows(
            "SELECT DISTINCT c.delivery_id FROM chase_po a JOIN chase c ON c.id = a.chase_id \
             WHERE a.po_id = ?1 AND c.delivery_id IS NOT NULL ORDER BY c.delivery_id",
            [po_id],
            |row| row.get(0),
        )
    }

    /// A question, if there is one of that number.
    pub fn chase_if_any(&self, id: i64) -> Result<Option<ChaseRow>> {
        self.first(&format!("{SELECT} WHERE id = ?1"), [id], chase)
    }

    /// The question that a mail or fax asks.
    pub fn chase_of_delivery(&self, delivery: i64) -> Result<Option<ChaseRow>> {
        self.first(
            &format!("{SELECT} WHERE delivery_id = ?1"),
            [delivery],
            chase,
        )
    }

    /// The purchase orders that a question is about.
    pub fn pos_of_chase(&self, id: i64) -> Result<Vec<PoRow>> {
        let ids: Vec<i64> = self.rows(
            "SELECT po_id FROM chase_po WHERE chase_id = ?1 GROUP BY po_id ORDER BY min(id)",
            [id],
            |row| row.get(0),
        )?;
        ids.into_iter().map(|id| self.po(id)).collect()
    }

    /// Whether a question asks for confirmations, and for nothing else.
    pub fn asks_confirmation_alone(&self, id: i64) -> Result<bool> {
        self.value(
            "SELECT NOT EXISTS (SELECT 1 FROM chase_po WHERE chase_id = ?1 AND kind <> 'acknowledgement')",
            [id],
        )
    }

    /// Questions that have not left the outbox; each has its mail or fax.
    pub fn unsent_chases(&self) -> Result<Sound<ChaseRow>> {
        self.rows_apart(
            "SELECT c.id, c.vendor_id, c.day, d.id FROM delivery d JOIN chase c ON c.delivery_id = d.id \
             WHERE d.state = 'queued' ORDER BY d.id",
            [],
            chase,
        )
    }
}
