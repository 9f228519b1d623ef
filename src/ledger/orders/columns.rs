//! What the ledger keeps of an order beside its document, worked out without the ledger: on any thread.

use super::digits;
use crate::clock;
use crate::domain::order::Order;
use crate::domain::spelling::folded;
use openssl::sha::sha256;
use serde_json::{Value, json};

/// An order to be recorded. Making one costs more than recording it, so whoever reads orders side by
/// side makes it there, and not where the one writer waits.
pub struct NewOrder {
    /// The order, card numbers masked.
    pub order: Order,
    /// Its format's name.
    pub format: String,
    /// Where in the document card numbers were masked.
    pub masked: Vec<String>,
    pub(super) columns: OrderColumns,
}

impl NewOrder {
    /// Works out what the ledger takes from the order.
    pub fn new(order: Order, format: &str, masked: Vec<String>) -> NewOrder {
        NewOrder {
            columns: OrderColumns::of(&order),
            order,
            format: format.to_owned(),
            masked,
        }
    }

    /// [`content_hash`] of the order.
    pub fn content_hash(&self) -> [u8; 32] {
        self.columns.content_hash
    }
}

/// Hashes an order's content: SHA-256 of its canonical JSON.
pub fn content_hash(order: &Order) -> [u8; 32] {
    // serde_json::Value sorts nothing (order of keys is kept), so sort here
    fn sorted(value: Value) -> Value {
        match value {
            Value::Object(map) => {
                let mut pairs: Vec<_> = map
                    .into_iter()
                    .map(|(key, value)| (key, sorted(value)))
                    .collect();
                pairs.sort_by(|a, b| a.0.cmp(&b.0));
                Value::Object(pairs.into_iter().collect())
            }
            Value::Array(list) => Value::Array(list.into_iter().map(sorted).collect()),
            other => other,
        }
    }
    let mut content = json!(order);
    if let Some(Value::Object(shop)) = content.get_mut("shop_order") {
        // when the shop touched it is no content
        shop.remove("updated_at");
        if shop.is_empty()
            && let Value::Object(top) = &mut content
        {
            top.remove("shop_order");
        }
    }
    sha256(sorted(content).to_string().as_bytes())
}

/// What lists and searches take from an order's document.
pub(super) struct OrderColumns {
    pub(super) ordered: String,
    pub(super) customer_key: String,
    pub(super) goods_key: String,
    /// Folded, whole and from the last word on: they are what a search compares.
    pub(super) name: String,
    pub(super) last_name: String,
    pub(super) phone: String,
    pub(super) content_hash: [u8; 32],
    pub(super) document: String,
}

impl OrderColumns {
    pub(super) fn of(order: &Order) -> OrderColumns {
        let name = folded(&order.customer.name);
        OrderColumns {
            ordered: clock::text(order.date.to_utc()),
            customer_key: order.customer_key(),
            goods_key: order.goods_key(),
            last_name: name.rsplit(' ').next().unwrap_or_default().to_owned(),
            name,
            phone: digits(&order.customer.phone),
            content_hash: content_hash(order),
            document: json!(order).to_string(),
        }
    }
}
