//! What customers are to be told, and up to what they were.

use super::outbox::DeliveryRow;
use super::{Result, Tx};
use crate::clock;
use chrono::{DateTime, Utc};
use serde_json::json;
use std::collections::HashMap;

/// Something that a customer may have to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeDue {
    /// Its number in the ledger.
    pub id: i64,
    /// The order.
    pub order_id: i64,
    /// `shipped`, `dates` or `cancelled` (the order, or pieces of it).
    pub kind: String,
}

impl Tx<'_> {
    /// Reads what is due, oldest first, after number `after`.
    pub fn notices_due(&self, after: i64, at_most: usize) -> Result<Vec<NoticeDue>> {
        self.rows(
            "SELECT id, order_id, kind FROM notice_due WHERE id > ?1 ORDER BY id LIMIT ?2",
            (after, at_most as i64),
            |row| {
                Ok(NoticeDue {
                    id: row.get(0)?,
                    order_id: row.get(1)?,
                    kind: row.get(2)?,
                })
            },
        )
    }

    /// Notes that an order's customer may have to be told of other dates.
    pub fn dates_are_due(&self, order_id: i64) -> Result<()> {
        self.execute(
            "INSERT INTO notice_due (order_id, kind) VALUES (?1, 'dates') ON CONFLICT DO NOTHING",
            [order_id],
        )?;
        Ok(())
    }

    /// Notes that an order's customer must be told of pieces that were taken off it.
    pub fn taken_off_is_due(&self, order_id: i64) -> Result<()> {
        self.execute(
            "INSERT INTO notice_due (order_id, kind) VALUES (?1, 'cancelled') ON CONFLICT DO NOTHING",
            [order_id],
        )?;
        Ok(())
    }

    /// Takes what is due of a kind off for an order: another mail tells it.
    pub fn notice_is_told(&self, order_id: i64, kind: &str) -> Result<()> {
        self.execute(
            "DELETE FROM notice_due WHERE order_id = ?1 AND kind = ?2",
            (order_id, kind),
        )?;
        Ok(())
    }

    /// Takes one off: it was told, or need not be.
    pub fn notice_done(&self, id: i64) -> Result<()> {
        self.execute("DELETE FROM notice_due WHERE id = ?1", [id])?;
        Ok(())
    }

    /// The shipments of an order with something that its customer was not told, and the mark up to
    /// which everything will have been told then.
    pub fn untold_shipments(&self, order_id: i64) -> Result<(Vec<i64>, (i64, i64))> {
        let told = self.shipped_mark(order_id)?;
        // a number in whose place another stands is told to nobody
        let new: Vec<(i64, i64, (i64, i64), bool)> = self.rows(
            "SELECT s.id, coalesce((SELECT max(id) FROM shipment_line WHERE shipment_id = s.id), 0), \
             coalesce((SELECT max(id) FROM parcel WHERE shipment_id = s.id), 0), s.state = 'undone', \
             coalesce((SELECT max(id) FROM parcel WHERE shipment_id = s.id AND replaced_by IS NULL), 0) \
             FROM shipment s JOIN purchase_order p ON p.id = s.po_id WHERE p.order_id = ?1 ORDER BY s.id",
            [order_id],
            |row| Ok((row.get(0)?, row.get(1)?, (row.get(2)?, row.get(4)?), row.get(3)?)),
        )?;
        let mut mark = told;
        let mut untold = Vec::new();
        for (shipment, line, (parcel, standing), undone) in new {
            if !undone && (line > told.0 || standing > told.1) {
                untold.push(shipment);
            }
            mark = (mark.0.max(line), mark.1.max(parcel));
        }
        Ok((untold, mark))
    }

    /// The pieces of an order's shipments of which its customer was not told: those beyond a line of
    /// [`Tx::shipped_mark`], by shipment and line of the purchase order.
    pub fn untold_pieces(&self, order_id: i64, told: i64) -> Result<HashMap<(i64, i64), i64>> {
        let rows: Vec<((i64, i64), i64)> = self.rows(
            "SELECT c.shipment_id, c.po_line_id, sum(c.qty) FROM purchase_order p JOIN shipment s ON s.po_id = p.id \
             JOIN shipment_line c ON c.shipment_id = s.id WHERE p.order_id = ?1 AND c.id > ?2 GROUP BY 1, 2",
            (order_id, told),
            |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)),
        )?;
        Ok(rows.into_iter().collect())
    }

    /// Has an order's customer told of what left and was not told.
    pub fn shipped_is_due(&self, order_id: i64) -> Result<()> {
        self.execute(
            "INSERT INTO notice_due (order_id, kind) VALUES (?1, 'shipped') ON CONFLICT DO NOTHING",
            [order_id],
        )?;
        Ok(())
    }

    /// Up to which line and parcel of its shipments an order's customer was told.
    pub fn shipped_mark(&self, order_id: i64) -> Result<(i64, i64)> {
        let found = self.first(
            "SELECT shipment_line, parcel FROM notice_shipped WHERE order_id = ?1",
            [order_id],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(found.unwrap_or((0, 0)))
    }

    /// The shipments of an order that did not happen although its customer read that they did, and was
    /// not told since.
    pub fn undone_untold(&self, order_id: i64) -> Result<Vec<i64>> {
        let told = self.shipped_mark(order_id)?;
        self.rows(
            "SELECT s.id FROM shipment s JOIN purchase_order p ON p.id = s.po_id WHERE p.order_id = ?1 AND s.state = 'undone' \
             AND s.told_undone IS NULL AND EXISTS (SELECT 1 FROM shipment_line l WHERE l.shipment_id = s.id AND l.id <= ?2) \
             ORDER BY s.id",
            (order_id, told.0),
            |row| row.get(0),
        )
    }

    /// Notes that the customer is told that a shipment did not happen.
    pub fn told_undone(&self, shipment: i64) -> Result<()> {
        self.execute(
            "UPDATE shipment SET told_undone = ?1 WHERE id = ?2",
            (self.now_text(), shipment),
        )?;
        Ok(())
    }

    /// Has an order's customer told of the shipments' parcels from this one on, once more.
    pub(super) fn tell_parcels_from(&self, order_id: i64, parcel: i64) -> Result<()> {
        let (line, told) = self.shipped_mark(order_id)?;
        if told >= parcel {
            self.told_shipments(order_id, (line, parcel - 1))?;
        }
        self.shipped_is_due(order_id)
    }

    /// Counts the documents that have this name, or it with a number behind it.
    pub fn count_once(&self, once: &str) -> Result<i64> {
        self.value(
            "SELECT count(*) FROM delivery WHERE once = ?1 OR (once > ?1 || ':' AND once < ?1 || ';')",
            [once],
        )
    }

    /// Forgets that an order's customer was told of shipments by mails that are taken out of the outbox:
    /// up to what the others tell it knows. A mail's name says up to what it tells.
    pub fn untell_shipments(&self, order_id: i64) -> Result<()> {
        let names: Vec<String> = self.rows(
            "SELECT once FROM delivery WHERE order_id = ?1 AND kind = 'order_shipped' AND state <> 'dropped'",
            [order_id],
            |row| row.get(0),
        )?;
        let mut mark = (0, 0);
        for name in names {
            let mut parts = name.split(':').skip(2).map(str::parse::<i64>);
            if let (Some(Ok(line)), Some(Ok(parcel))) = (parts.next(), parts.next()) {
                mark = (mark.0.max(line), mark.1.max(parcel));
            }
        }
        self.told_shipments(order_id, mark)
    }

    /// Notes up to what an order's customer was told of shipments.
    pub fn told_shipments(&self, order_id: i64, mark: (i64, i64)) -> Result<()> {
        self.execute(
            "INSERT INTO notice_shipped (order_id, shipment_line, parcel) VALUES (?1, ?2, ?3) \
             ON CONFLICT (order_id) DO UPDATE SET shipment_line = ?2, parcel = ?3",
            (order_id, mark.0, mark.1),
        )?;
        Ok(())
    }

    /// Puts off the first attempt of a delivery, because of quiet hours.
    pub fn postpone_delivery(&self, id: i64, until: DateTime<Utc>) -> Result<()> {
        self.execute(
            "UPDATE delivery SET next_attempt = ?1 WHERE id = ?2 AND state = 'queued' AND attempts = 0",
            (clock::text(until), id),
        )?;
        Ok(())
    }

    /// Has a delivery that waits be tried by the next run.
    pub fn hasten_delivery(&self, row: &DeliveryRow, why: &str) -> Result<()> {
        self.execute(
            "UPDATE delivery SET next_attempt = ?1 WHERE id = ?2 AND state = 'queued'",
            (self.now_text(), row.id),
        )?;
        let payload = json!({ "why": why });
        self.fact("delivery.hastened", &row.entity(), row.order_id, &payload)
    }
}
