//! Shipments of which the shops that orders came from are told.

use super::{Result, Tx};
use crate::domain::lifecycle::DeliveryState;
use serde_json::json;

/// A shipment that a shop was told of, or is about to be, and how it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopNotice {
    /// Its number.
    pub id: i64,
    /// The shipment.
    pub shipment: i64,
    /// The order.
    pub order: i64,
    /// What tells the shop.
    pub delivery: i64,
    /// The tracking numbers that it tells, as JSON.
    pub numbers: String,
    /// Those that the shipment has now, as JSON; "undone" where it did not happen.
    pub now: String,
    /// How it stood when a person was last told.
    pub differs: Option<String>,
}

impl Tx<'_> {
    /// Shipments that left, of orders of these two formats that are not closed, that were not looked at yet,
    /// each with its order, oldest first.
    pub fn shop_shipments_untold(&self, formats: [&str; 2]) -> Result<Vec<(i64, i64)>> {
        self.rows(
            "SELECT s.id, p.order_id FROM orders o JOIN purchase_order p ON p.order_id = o.id \
             JOIN shipment s ON s.po_id = p.id \
             WHERE o.state IN ('partly_shipped', 'shipped', 'delivered') AND s.state <> 'undone' \
             AND o.format IN (?1, ?2) \
             AND NOT EXISTS (SELECT 1 FROM shop_notice n WHERE n.shipment_id = s.id) ORDER BY s.id",
            formats,
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
    }

    /// Notes that a shipment was looked at, and what tells its shop of it.
    pub fn insert_shop_notice(
        &self,
        shipment: i64,
        delivery: Option<i64>,
        numbers: &[&str],
    ) -> Result<()> {
        self.insert(
            "INSERT INTO shop_notice (shipment_id, delivery_id, numbers) VALUES (?1, ?2, ?3)",
            (shipment, delivery, json!(numbers).to_string()),
        )?;
        Ok(())
    }

    /// The shipments that are under way or did not happen, and are another than their shops were told, as far
    /// as no person was told of that.
    pub fn shop_notices_that_differ(&self) -> Result<Vec<ShopNotice>> {
        self.rows(
            "SELECT * FROM (SELECT n.id, s.id, p.order_id, n.delivery_id, n.numbers, \
             CASE WHEN s.state = 'undone' THEN 'undone' ELSE (SELECT json_group_array(c.tracking) FROM \
             (SELECT tracking FROM parcel WHERE shipment_id = s.id AND replaced_by IS NULL ORDER BY id) c) END AS stands, \
             n.differs FROM shipment s JOIN shop_notice n ON n.shipment_id = s.id \
             JOIN purchase_order p ON p.id = s.po_id \
             WHERE s.state IN ('in_transit', 'exception', 'undone') AND n.delivery_id IS NOT NULL) \
             WHERE stands <> numbers AND stands IS DISTINCT FROM differs",
            [],
            |row| {
                Ok(ShopNotice {
                    id: row.get(0)?,
                    shipment: row.get(1)?,
                    order: row.get(2)?,
                    delivery: row.get(3)?,
                    numbers: row.get(4)?,
                    now: row.get(5)?,
                    differs: row.get(6)?,
                })
            },
        )
    }

    /// Notes that a person was told how a shipment stands now.
    pub fn told_that_shop_differs(&self, notice: &ShopNotice) -> Result<()> {
        self.execute(
            "UPDATE shop_notice SET differs = ?1 WHERE id = ?2",
            (&notice.now, notice.id),
        )?;
        Ok(())
    }

    /// What told a shop of shipments of an order, and how far it is.
    pub fn shop_deliveries_of_order(&self, order: i64) -> Result<Vec<(i64, DeliveryState)>> {
        self.rows(
            "SELECT id, state FROM delivery WHERE order_id = ?1 AND kind = 'shop_shipped' ORDER BY id",
            [order],
            |row| Ok((row.get(0)?, super::word(row, 1, DeliveryState::parse)?)),
        )
    }

    /// Deliveries to shops of which it is not known whether they were taken.
    pub fn doubtful_shop_deliveries(&self) -> Result<Vec<i64>> {
        self.rows(
            "SELECT id FROM delivery WHERE state IN ('unknown', 'sending') AND channel = 'shop' ORDER BY id",
            [],
            |row| row.get(0),
        )
    }
}
