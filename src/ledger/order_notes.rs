//! What stands beside an order: its earlier documents, what a person released, notes.

use super::orders::OrderRow;
use super::{Result, Tx};
use crate::clock::Moment;
use crate::domain::codes::ExceptionCode;
use serde_json::{Value, json};

/// An order's document as it was before an amendment.
#[derive(Clone, Debug)]
pub struct Revision {
    /// 1 for the original.
    pub revision: i64,
    /// When it was amended.
    pub at: Moment,
    /// Who amended it.
    pub actor: String,
    /// Why.
    pub reason: String,
    /// The document that was replaced.
    pub document: Value,
}

impl Tx<'_> {
    /// Notes what of a customer's comment the vendors shall read, for the order as it stands.
    pub fn put_vendor_comment(&self, order: &OrderRow, comment: &str) -> Result<()> {
        self.execute(
            "INSERT INTO vendor_comment (order_id, revision, comment) VALUES (?1, ?2, ?3) \
             ON CONFLICT (order_id, revision) DO UPDATE SET comment = excluded.comment",
            (order.id, order.revision, comment),
        )?;
        let payload = json!({"comment": comment});
        self.fact(
            "order.comment_to_vendor",
            &order.entity(),
            Some(order.id),
            &payload,
        )
    }

    /// Reads what the vendors of an order shall read of its customer's comment; `None` without a person's
    /// word for the order as it stands.
    pub fn vendor_comment(&self, order: &OrderRow) -> Result<Option<String>> {
        self.first(
            "SELECT comment FROM vendor_comment WHERE order_id = ?1 AND revision = ?2",
            (order.id, order.revision),
            |row| row.get(0),
        )
    }

    /// Earlier documents of an order, the original first.
    pub fn revisions(&self, order_id: i64) -> Result<Vec<Revision>> {
        self.rows(
            "SELECT revision, at, actor, reason, document FROM order_revision WHERE order_id = ?1 ORDER BY revision",
            [order_id],
            |row| {
                let document: String = row.get(4)?;
                Ok(Revision { revision: row.get(0)?, at: row.get(1)?, actor: row.get(2)?, reason: row.get(3)?, document: super::json(4, &document)? })
            },
        )
    }

    /// Remembers that a person released these codes for the order's present revision.
    pub fn release_codes(&self, row: &OrderRow, codes: &[ExceptionCode], note: &str) -> Result<()> {
        for code in codes {
            self.insert(
                "INSERT INTO order_release (order_id, code, revision, at, actor, note) VALUES (?1,?2,?3,?4,?5,?6)",
                (row.id, code, row.revision, self.now_text(), self.actor(), note),
            )?;
        }
        let payload = json!({"codes": codes, "note": note});
        self.fact("order.released", &row.entity(), Some(row.id), &payload)
    }

    /// The codes that were released for the order's present revision, each with the reason that the
    /// person read.
    pub fn released_codes(&self, row: &OrderRow) -> Result<Vec<(ExceptionCode, Option<String>)>> {
        self.rows(
            "SELECT r.code, (SELECT e.message FROM exception e WHERE e.order_id = r.order_id AND e.code = r.code \
             AND e.resolution = 'release' ORDER BY e.id DESC LIMIT 1) \
             FROM order_release r WHERE r.order_id = ?1 AND r.revision = ?2 GROUP BY r.code",
            (row.id, row.revision),
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
    }

    /// Writes a note on an order.
    pub fn note_order(&self, row: &OrderRow, note: &str) -> Result<()> {
        self.insert(
            "INSERT INTO order_note (order_id, at, actor, note) VALUES (?1, ?2, ?3, ?4)",
            (row.id, self.now_text(), self.actor(), note),
        )?;
        self.fact(
            "order.note",
            &row.entity(),
            Some(row.id),
            &json!({"note": note}),
        )
    }

    /// The notes on an order, oldest first: time, actor, text.
    pub fn notes(&self, order_id: i64) -> Result<Vec<(Moment, String, String)>> {
        self.rows(
            "SELECT at, actor, note FROM order_note WHERE order_id = ?1 ORDER BY id",
            [order_id],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
    }
}
