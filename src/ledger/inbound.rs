//! What an incoming mail is about: deliveries and purchase orders by what the mail names.

use super::outbox::{self, DeliveryRow};
use super::purchase_orders::{self, PoRow};
use super::{Result, Tx};
use serde_json::json;

impl Tx<'_> {
    /// The delivery of this number, if there is one.
    ///
    /// # Errors
    /// SQLite's.
    pub fn delivery_if_any(&self, id: i64) -> Result<Option<DeliveryRow>> {
        let sql = format!("{} WHERE id = ?1", outbox::SELECT);
        self.first(&sql, [id], outbox::delivery)
    }

    /// The delivery with this Message-ID, if there is one.
    ///
    /// # Errors
    /// SQLite's.
    pub fn delivery_by_reference(&self, reference: &str) -> Result<Option<DeliveryRow>> {
        let sql = format!("{} WHERE reference = ?1", outbox::SELECT);
        self.first(&sql, [reference], outbox::delivery)
    }

    /// The purchase order of this number in the ledger, if there is one.
    ///
    /// # Errors
    /// SQLite's.
    pub fn po_if_any(&self, id: i64) -> Result<Option<PoRow>> {
        let sql = format!("{} WHERE p.id = ?1", purchase_orders::SELECT);
        self.first(&sql, [id], purchase_orders::po)
    }

    /// The purchase order of this number to the vendor, if there is one.
    ///
    /// # Errors
    /// SQLite's.
    pub fn po_numbered(&self, number: &str) -> Result<Option<PoRow>> {
        let sql = format!("{} WHERE p.number = ?1", purchase_orders::SELECT);
        self.first(&sql, [number], purchase_orders::po)
    }

    /// Sends a delivery that is not on its way to another address from now on.
    ///
    /// # Errors
    /// SQLite's.
    pub fn readdress_delivery(
        &self,
        row: &DeliveryRow,
        recipients: &[String],
        content: &[u8],
    ) -> Result<()> {
        self.execute(
            "UPDATE delivery SET recipients = ?1, updated = ?2 WHERE id = ?3",
            (json!(recipients).to_string(), self.now_text(), row.id),
        )?;
        self.replace_content(row.id, content)?;
        let payload = json!({"before": row.recipients, "after": recipients});
        self.fact(
            "delivery.readdressed",
            &row.entity(),
            row.order_id,
            &payload,
        )
    }

    /// Writes down what a mail said about a delivery that changes nothing.
    ///
    /// # Errors
    /// SQLite's.
    pub fn note_delivery(&self, row: &DeliveryRow, message: i64, note: &str) -> Result<()> {
        let payload = json!({"message": message, "note": note});
        self.fact("delivery.note", &row.entity(), row.order_id, &payload)?;
        match row.order_id {
            Some(order) => self.note_order(&self.order(order)?, note),
            None => Ok(()),
        }
    }
}
