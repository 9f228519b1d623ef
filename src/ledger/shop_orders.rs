//! What the ledger has of the orders of shops, by the shops' own keys: for who compares both.

use super::messages::MessageRow;
use super::{Result, Tx};
use crate::clock::{self, Moment};
use chrono::{DateTime, Utc};

/// A document by which a source brought an order.
#[derive(Clone, Debug)]
pub struct ShopDocument {
    /// When the shop had changed the order, as the document says.
    pub as_of: DateTime<Utc>,
    /// The message that it is.
    pub message: MessageRow,
}

/// What tells a shop of a shipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShopNoticeState {
    /// It was not looked at yet.
    None,
    /// The shop was not to be told when it was looked at.
    NotTold,
    /// This delivery tells it.
    Delivery(i64),
}

impl Tx<'_> {
    /// Whether a source, read at a place, brought a document whose identity begins so.
    pub fn has_document(&self, source: &str, place: &str, identity: &str) -> Result<bool> {
        let found: Option<i64> = self.first(
            "SELECT id FROM message WHERE mailbox = ?1 AND source >= ?2 AND source < ?3 AND sender = ?4 LIMIT 1",
            (source, identity, format!("{identity}~"), place),
            |row| row.get(0),
        )?;
        Ok(found.is_some())
    }

    /// The documents of a source, read at a place, whose identity begins so and ends with a moment; the oldest
    /// state first.
    pub fn shop_documents(
        &self,
        source: &str,
        place: &str,
        identity: &str,
    ) -> Result<Vec<ShopDocument>> {
        let ids: Vec<(i64, String)> = self.rows(
            "SELECT id, source FROM message WHERE mailbox = ?1 AND source >= ?2 AND source < ?3 AND sender = ?4 \
             ORDER BY source, id",
            (source, identity, format!("{identity}~"), place),
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let mut found = Vec::new();
        for (id, name) in ids {
            if let Some(as_of) = name.strip_prefix(identity).and_then(clock::parse) {
                let message = self.message(id)?;
                found.push(ShopDocument { as_of, message });
            }
        }
        Ok(found)
    }

    /// Orders that came under this number or have it now, by their numbers in the ledger.
    pub fn orders_ever_numbered(&self, number: &str) -> Result<Vec<i64>> {
        self.rows(
            "SELECT id FROM orders WHERE number = ?1 UNION SELECT order_id FROM order_taken WHERE number = ?1 ORDER BY 1",
            [number],
            |row| row.get(0),
        )
    }

    /// Orders of a format of which goods left since a moment, or which were cancelled since, by their numbers in
    /// the ledger, after number `after`.
    pub fn shop_orders_moved(
        &self,
        format: &str,
        since: DateTime<Utc>,
        after: i64,
        at_most: usize,
    ) -> Result<Vec<i64>> {
        self.rows(
            "SELECT o.id FROM orders o WHERE o.id > ?3 AND o.format = ?1 AND ((o.state = 'cancelled' AND o.updated >= ?2) \
             OR EXISTS (SELECT 1 FROM purchase_order p JOIN shipment s ON s.po_id = p.id \
             WHERE p.order_id = o.id AND s.created >= ?2 AND s.state <> 'undone')) ORDER BY o.id LIMIT ?4",
            (format, Moment::from(since).to_string(), after, at_most as i64),
            |row| row.get(0),
        )
    }

    /// What tells its shop of a shipment.
    pub fn shop_notice_of(&self, shipment: i64) -> Result<ShopNoticeState> {
        let found: Option<Option<i64>> = self.first(
            "SELECT delivery_id FROM shop_notice WHERE shipment_id = ?1",
            [shipment],
            |row| row.get(0),
        )?;
        Ok(match found {
            None => ShopNoticeState::None,
            Some(None) => ShopNoticeState::NotTold,
            Some(Some(delivery)) => ShopNoticeState::Delivery(delivery),
        })
    }
}
