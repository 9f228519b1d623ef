//! Taking an order back.

use super::{Said, reason, refused};
use crate::domain::lifecycle::{DeliveryState, OrderState, PoState};
use crate::ledger::orders::OrderRow;
use crate::ledger::{LedgerError, Tx};
use crate::shipping::apply::standing;
use serde_json::json;

/// Cancels an order that has not shipped: what is still in the outbox is not sent, and what a vendor
/// already got is named, so that a person can tell the vendor.
///
/// # Errors
/// When its state forbids it, or a run is handing one of its documents over right now.
pub fn cancel(tx: &Tx, order: &OrderRow, note: &str) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    if !order.state.may_become(OrderState::Cancelled) {
        return Err(refused(match order.state {
            OrderState::Cancelled => format!("order {} is cancelled already", order.reference()),
            state => format!(
                "order {} is {state}: goods have left, so it can no longer be cancelled; a return is the way now",
                order.reference()
            ),
        }));
    }
    tx.move_order(order, OrderState::Cancelled, &json!(note))?;
    let mut said = vec![format!("Order {} is cancelled.", order.reference())];
    for row in tx.deliveries_of_order(order.id)? {
        match row.state {
            DeliveryState::Queued => {
                tx.move_delivery(&row, DeliveryState::Dropped, "the order was cancelled")?
            }
            DeliveryState::Sending => {
                return Err(refused(format!(
                    "delivery {} ({}) is being handed over right now: try again in a minute",
                    row.id, row.subject
                )));
            }
            _ => {}
        }
    }
    for po in tx.pos_of_order(order.id)? {
        if !po.state.may_become(PoState::Cancelled) {
            continue;
        }
        if !matches!(po.state, PoState::Draft | PoState::Queued) {
            said.push(format!(
                "  Vendor {} may have got purchase order {} ({}): tell them that it is cancelled.",
                po.vendor_name, po.number, po.state
            ));
        }
        tx.move_po(&po, PoState::Cancelled, &json!("the order was cancelled"))?;
        for line in tx.line_states(po.id)? {
            if line.pieces.open() > 0 {
                tx.cancel_pieces(&po, &line, line.pieces.open(), false, note)?;
            }
        }
    }
    for row in tx.open_exceptions_of_order(order.id)? {
        // money that a vendor billed stays at stake
        if row.entity.starts_with("invoice:") {
            continue;
        }
        tx.resolve_exception(&row, "cancel", note)?;
    }
    for po in tx.pos_of_order(order.id)? {
        standing::stop_waiting(tx, &po)?;
    }
    Ok(said)
}
