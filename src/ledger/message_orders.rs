//! The orders of a message that carries several, each with its own outcome.

use super::{Result, Tx};
use crate::domain::codes::{Code, ExceptionCode};
use crate::domain::lifecycle::MessageState;
use serde::Serialize;
use serde_json::json;

/// One order of a message, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarriedOrder {
    /// Its number, as far as it is known.
    pub number: String,
    /// `accepted`, `duplicate`, `held` or `ignored`.
    pub state: MessageState,
    /// The order that it made, or repeats.
    pub order_id: Option<i64>,
    /// Why it is held back.
    pub code: Option<Code>,
    /// The same in a sentence; or why it is no new order.
    pub reason: Option<String>,
}

/// The same as the ledger has it.
#[derive(Clone, Debug, Serialize)]
pub struct CarriedOrderRow {
    /// Its place among the message's orders, from 1.
    pub place: i64,
    /// Its number, as far as it is known.
    pub number: String,
    /// `accepted`, `duplicate`, `held` or `ignored`.
    pub state: MessageState,
    /// The order that it made, or repeats.
    #[serde(skip)]
    pub order_id: Option<i64>,
    /// Why it is held back.
    pub code: Option<ExceptionCode>,
    /// The same in a sentence; or why it is no new order.
    pub reason: Option<String>,
}

impl Tx<'_> {
    /// Keeps the orders of a message in the place of what was kept of it when it was read before.
    pub fn put_message_orders(&self, id: i64, orders: &[CarriedOrder]) -> Result<()> {
        for (place, one) in (1_i64..).zip(orders) {
            self.execute(
                "INSERT INTO message_order (message_id, place, number, state, order_id, code, reason) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (message_id, place) DO UPDATE SET number = ?3, \
                 state = ?4, order_id = ?5, code = ?6, reason = ?7",
                (id, place, &one.number, one.state.as_str(), one.order_id, one.code, &one.reason),
            )?;
            if let Some(order) = one.order_id {
                let payload = json!({"place": place, "state": one.state});
                self.fact(
                    "message.order",
                    &format!("message:{id}"),
                    Some(order),
                    &payload,
                )?;
            }
        }
        self.execute(
            "DELETE FROM message_order WHERE message_id = ?1 AND place > ?2",
            (id, orders.len() as i64),
        )?;
        Ok(())
    }

    /// The orders of a message that carries several, in their sequence; none of one that carries one.
    pub fn message_orders(&self, id: i64) -> Result<Vec<CarriedOrderRow>> {
        self.rows(
            "SELECT place, number, state, order_id, code, reason FROM message_order WHERE message_id = ?1 ORDER BY place",
            [id],
            |row| {
                Ok(CarriedOrderRow {
                    place: row.get(0)?,
                    number: row.get(1)?,
                    state: super::word(row, 2, MessageState::parse)?,
                    order_id: row.get(3)?,
                    code: row.get(4)?,
                    reason: row.get(5)?,
                })
            },
        )
    }

    /// Whether an order came with a message, which carries several.
    pub fn came_with(&self, order: i64, message: i64) -> Result<bool> {
        self.value(
            "SELECT EXISTS (SELECT 1 FROM message_order WHERE order_id = ?1 AND message_id = ?2 AND state = 'accepted')",
            (order, message),
        )
    }

    /// The message that brought an order among several.
    pub(super) fn message_with(&self, order: i64) -> Result<Option<i64>> {
        self.first(
            "SELECT message_id FROM message_order WHERE order_id = ?1 AND state = 'accepted' ORDER BY message_id LIMIT 1",
            [order],
            |row| row.get(0),
        )
    }
}
