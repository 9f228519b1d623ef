//! What customers are to be told, and up to what they were.

use super::{Result, Tx};
use crate::clock;
use chrono::{DateTime, Utc};

/// Something that a customer may have to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Its number in the ledger.
    pub id: i64,
    /// The order.
    pub order_id: i64,
    /// `shipped`, `dates` or `cancelled` (the order, or pieces of it).
    pub kind: String,
}

impl Tx<'_> {
    /// What is due, oldest first, after number `after`.
    ///
    /// # Errors
    /// SQLite's.
    pub fn notices_due(&self, after: i64, at_most: usize) -> Result<Vec<Due>> {
        self.rows(
            "SELECT id, order_id, kind FROM notice_due WHERE id > ?1 ORDER BY id LIMIT ?2",
            (after, at_most as i64),
            |row| {
                Ok(Due {
                    id: row.get(0)?,
                    order_id: row.get(1)?,
                    kind: row.get(2)?,
                })
            },
        )
    }

    /// Notes that an order's customer may have to be told of other dates.
    ///
    /// # Errors
    /// SQLite's.
    pub fn dates_are_due(&self, order_id: i64) -> Result<()> {
        self.execute(
            "INSERT INTO notice_due (order_id, kind) VALUES (?1, 'dates') ON CONFLICT DO NOTHING",
            [order_id],
        )?;
        Ok(())
    }

    /// Notes that an order's customer must be told of pieces that were taken off it.
    ///
    /// # Errors
    /// SQLite's.
    pub fn taken_off_is_due(&self, order_id: i64) -> Result<()> {
        self.execute(
            "INSERT INTO notice_due (order_id, kind) VALUES (?1, 'cancelled') ON CONFLICT DO NOTHING",
            [order_id],
        )?;
        Ok(())
    }

    /// Takes what is due of a kind off for an order: another mail tells it.
    ///
    /// # Errors
    /// SQLite's.
    pub fn notice_is_told(&self, order_id: i64, kind: &str) -> Result<()> {
        self.execute(
            "DELETE FROM notice_due WHERE order_id = ?1 AND kind = ?2",
            (order_id, kind),
        )?;
        Ok(())
    }

    /// Takes one off: it was told, or need not be.
    ///
    /// # Errors
    /// SQLite's.
    pub fn notice_done(&self, id: i64) -> Result<()> {
        self.execute("DELETE FROM notice_due WHERE id = ?1", [id])?;
        Ok(())
    }

    /// The shipments of an order with something that its customer was not told, and the mark up to
    /// which everything will have been told then.
    ///
    /// # Errors
    /// SQLite's.
    pub fn untold_shipments(&self, order_id: i64) -> Result<(Vec<i64>, (i64, i64))> {
        let told = self
            .first(
                "SELECT shipment_line, parcel FROM notice_shipped WHERE order_id = ?1",
                [order_id],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?
            .unwrap_or((0_i64, 0_i64));
        let new: Vec<(i64, i64, i64)> = self.rows(
            "SELECT s.id, coalesce((SELECT max(id) FROM shipment_line WHERE shipment_id = s.id), 0), \
             coalesce((SELECT max(id) FROM parcel WHERE shipment_id = s.id), 0) \
             FROM shipment s JOIN purchase_order p ON p.id = s.po_id WHERE p.order_id = ?1 ORDER BY s.id",
            [order_id],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let mut mark = told;
        let mut untold = Vec::new();
        for (shipment, line, parcel) in new {
            if line > told.0 || parcel > told.1 {
                untold.push(shipment);
            }
            mark = (mark.0.max(line), mark.1.max(parcel));
        }
        Ok((untold, mark))
    }

    /// Notes up to what an order's customer was told of shipments.
    ///
    /// # Errors
    /// SQLite's.
    pub fn told_shipments(&self, order_id: i64, mark: (i64, i64)) -> Result<()> {
        self.execute(
            "INSERT INTO notice_shipped (order_id, shipment_line, parcel) VALUES (?1, ?2, ?3) \
             ON CONFLICT (order_id) DO UPDATE SET shipment_line = ?2, parcel = ?3",
            (order_id, mark.0, mark.1),
        )?;
        Ok(())
    }

    /// Puts off the first attempt of a delivery, because of quiet hours.
    ///
    /// # Errors
    /// SQLite's.
    pub fn postpone_delivery(&self, id: i64, until: DateTime<Utc>) -> Result<()> {
        self.execute(
            "UPDATE delivery SET next_attempt = ?1 WHERE id = ?2 AND state = 'queued' AND attempts = 0",
            (clock::text(until), id),
        )?;
        Ok(())
    }
}
