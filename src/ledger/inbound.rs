//! What an incoming mail is about: deliveries and purchase orders by what the mail names.

use super::outbox::{self, DeliveryRow};
use super::purchase_orders::{self, PoRow};
use super::{Result, Tx};
use serde_json::json;

/// A number as it is written, and with or without `#` before it: people leave it out, programs add it.
pub(super) fn hashed(number: &str) -> [String; 2] {
    let other = match number.trim_start_matches('#') {
        bare if bare.len() == number.len() => format!("#{bare}"),
        bare => bare.to_owned(),
    };
    [number.to_owned(), other]
}

impl Tx<'_> {
    /// The delivery of this number, if there is one.
    pub fn delivery_if_any(&self, id: i64) -> Result<Option<DeliveryRow>> {
        let sql = format!("{} WHERE id = ?1", outbox::SELECT);
        self.first(&sql, [id], outbox::delivery)
    }

    /// The delivery with this Message-ID, if there is one.
    pub fn delivery_by_reference(&self, reference: &str) -> Result<Option<DeliveryRow>> {
        let sql = format!("{} WHERE reference = ?1", outbox::SELECT);
        self.first(&sql, [reference], outbox::delivery)
    }

    /// The purchase order of this number in the ledger, if there is one.
    pub fn po_if_any(&self, id: i64) -> Result<Option<PoRow>> {
        let sql = format!("{} WHERE p.id = ?1", purchase_orders::SELECT);
        self.first(&sql, [id], purchase_orders::po)
    }

    /// The purchase order of this number to the vendor, if there is one, with or without the `#` that
    /// some shops write before it.
    pub fn po_numbered(&self, number: &str) -> Result<Option<PoRow>> {
        let sql = format!("{} WHERE p.number = ?1", purchase_orders::SELECT);
        for name in hashed(number) {
            if let Some(found) = self.first(&sql, [name], purchase_orders::po)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Sends a delivery that is not on its way to another address from now on.
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
    pub fn note_delivery(&self, row: &DeliveryRow, message: i64, note: &str) -> Result<()> {
        let payload = json!({"message": message, "note": note});
        self.fact("delivery.note", &row.entity(), row.order_id, &payload)?;
        match row.order_id {
            Some(order) => self.note_order(&self.order(order)?, note),
            None => Ok(()),
        }
    }
}
