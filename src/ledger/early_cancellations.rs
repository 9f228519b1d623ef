//! Cancellations that came before their orders: each waits for an order of its number.

use super::{Result, Tx};
use crate::clock::Moment;
use chrono::{DateTime, Utc};
use rusqlite::Row;
use serde_json::json;

/// A cancellation that waits for its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlyCancellation {
    /// Its number.
    pub id: i64,
    /// The number of the order that it cancels.
    pub number: String,
    /// Who signed it.
    pub signer: String,
    /// Why, in the shop's words; may be empty.
    pub reason: String,
    /// The message that brought it.
    pub message: i64,
    /// When it came.
    pub received: Moment,
    /// The exception by which a person was told that no order came.
    pub exception: Option<i64>,
}

const SELECT: &str =
    "SELECT id, number, signer, reason, message_id, received, exception_id FROM early_cancellation";

fn early(row: &Row) -> rusqlite::Result<EarlyCancellation> {
    Ok(EarlyCancellation {
        id: row.get(0)?,
        number: row.get(1)?,
        signer: row.get(2)?,
        reason: row.get(3)?,
        message: row.get(4)?,
        received: row.get(5)?,
        exception: row.get(6)?,
    })
}

impl Tx<'_> {
    /// Keeps a cancellation for an order that is not there.
    pub fn keep_cancellation(
        &self,
        number: &str,
        signer: &str,
        reason: &str,
        message: i64,
    ) -> Result<()> {
        self.execute(
            "INSERT INTO early_cancellation (number, signer, reason, message_id, received) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (message_id, number) DO NOTHING",
            (number, signer, reason, message, self.now_text()),
        )?;
        let payload = json!({"order": number, "signer": signer, "reason": reason});
        self.fact(
            "message.cancellation_kept",
            &format!("message:{message}"),
            None,
            &payload,
        )
    }

    /// The cancellations that wait for an order of this number, the first first; those left out of which a person
    /// decided that nothing follows.
    pub fn waiting_cancellations(&self, number: &str) -> Result<Vec<EarlyCancellation>> {
        self.rows(
            &format!(
                "{SELECT} WHERE number = ?1 AND order_id IS NULL AND NOT EXISTS (SELECT 1 FROM exception e \
                 WHERE e.id = exception_id AND e.state <> 'open') ORDER BY id"
            ),
            [number],
            early,
        )
    }

    /// Those that came before a moment, and of which no person was told.
    pub fn cancellations_untold(&self, before: DateTime<Utc>) -> Result<Vec<EarlyCancellation>> {
        self.rows(
            &format!(
                "{SELECT} WHERE order_id IS NULL AND exception_id IS NULL AND received <= ?1 ORDER BY id"
            ),
            [Moment::from(before).to_string()],
            early,
        )
    }

    /// Notes the order that a cancellation waited for.
    pub fn cancellation_met(&self, row: &EarlyCancellation, order: i64) -> Result<()> {
        self.execute(
            "UPDATE early_cancellation SET order_id = ?1 WHERE id = ?2",
            (order, row.id),
        )?;
        let entity = format!("message:{}", row.message);
        let payload = json!({"order": row.number});
        self.fact("message.cancellation_met", &entity, Some(order), &payload)
    }

    /// Notes by which exception a person was told.
    pub fn cancellation_told(&self, row: &EarlyCancellation, exception: i64) -> Result<()> {
        self.execute(
            "UPDATE early_cancellation SET exception_id = ?1 WHERE id = ?2",
            (exception, row.id),
        )?;
        Ok(())
    }
}
