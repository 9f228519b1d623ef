//! Taking an order back.

use super::{Said, reason, refused};
use crate::app::App;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::delivery::DeliveryKind;
use crate::domain::foreign::cut;
use crate::domain::lifecycle::{DeliveryState, MessageState, OrderState, PoState};
use crate::domain::remit;
use crate::domain::text::typed;
use crate::invoicing::reduced_claims;
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::orders::OrderRow;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{LedgerError, Tx};
use crate::purchasing::cancellation::{self, TakenBack};
use crate::shipping::apply::standing;
use serde_json::json;
use std::collections::BTreeMap;

/// Cancels an order that has not shipped: what is still in the outbox is not sent, and vendors who
/// have their purchase orders, or may have them, are told.
///
/// # Errors
/// When its state forbids it, or a run is handing one of its documents over right now.
pub fn cancel(tx: &Tx, site: &App, order: &OrderRow, note: &str) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    possible(tx, order)?;
    let mut taken = Vec::new();
    for po in tx.pos_of_order(order.id)? {
        if po.state.may_become(PoState::Cancelled) {
            let known = standing::may_be_known(tx, &po)?;
            taken.push((po, known));
        }
    }
    tx.move_order(order, OrderState::Cancelled, &json!(note))?;
    let mut said = vec![format!("Order {} is cancelled.", order.reference())];
    empty_outbox(tx, order)?;
    let mut stays = Vec::new();
    for row in tx.open_exceptions_of_order(order.id)? {
        match outlives(tx, &row)? {
            true => stays.push(row.id),
            false => tx.resolve_exception(&row, "cancel", note)?,
        }
    }
    for (po, known) in taken {
        // before its paper is dropped nothing can say whether it left
        let pieces = take_back(tx, &po, note)?;
        let told = TakenBack {
            po: po.id,
            known,
            pieces: &pieces,
            rma: None,
            moved: false,
            why: note,
        };
        said.push(format!(
            "Purchase order {} to {} is cancelled.",
            po.number, po.vendor_name
        ));
        said.extend(cancellation::tell(tx, &site.buyer(), &told)?);
        said.extend(reduced_claims::look_again(
            tx,
            &site.match_context(),
            po.id,
        )?);
    }
    for po in tx.pos_of_order(order.id)? {
        standing::stop_waiting(tx, &po)?;
    }
    for id in stays {
        let row = tx.exception(id)?;
        if row.open {
            said.push(format!(
                "Exception {id} ({}) stays open: poms exceptions show {id}",
                row.code
            ));
        }
    }
    Ok(said)
}

/// Cancels an order that its shop cancelled, where nobody outside knows of it yet: no purchase order can
/// have reached its vendor. All else is a person's to decide, and stands on the list.
///
/// # Errors
/// As [`cancel`].
pub fn by_shop(tx: &Tx, site: &App, order: i64, why: &str) -> Result<(), LedgerError> {
    let order = tx.order(order)?;
    for po in tx.pos_of_order(order.id)? {
        if standing::may_be_known(tx, &po)? {
            return Ok(());
        }
    }
    if order.state.may_become(OrderState::Cancelled) {
        cancel(tx, site, &order, &cut(why, 400))?;
    }
    Ok(())
}

/// Whether an order can be taken back now.
///
/// # Errors
/// As [`cancel`].
pub fn possible(tx: &Tx, order: &OrderRow) -> Result<(), LedgerError> {
    if !order.state.may_become(OrderState::Cancelled) {
        return Err(refused(BusinessRefusal::wrong_state(match order.state {
            OrderState::Cancelled => format!("order {} is cancelled already", order.reference()),
            state => format!(
                "order {} is {state}: goods have left, so it can no longer be cancelled as a whole; {}",
                order.reference(),
                way_left(tx, order)?
            ),
        })));
    }
    for po in tx.pos_of_order(order.id)? {
        if po.state.may_become(PoState::Cancelled) {
            cancellation::not_on_its_way(tx, &po)?;
        }
    }
    let mut papers = tx.deliveries_of_order(order.id)?.into_iter();
    let leaves = papers.find(|row| {
        row.state == DeliveryState::Sending && row.kind != DeliveryKind::PoCancellation
    });
    match leaves {
        None => Ok(()),
        Some(row) => Err(refused(
            BusinessRefusal::busy(format!(
                "delivery {} ({}) is being handed over right now",
                row.id, row.subject
            ))
            .with_remedy(": try again in a minute"),
        )),
    }
}

/// What to type for an order of which goods left: what is still open can be taken off.
fn way_left(tx: &Tx, order: &OrderRow) -> Result<String, LedgerError> {
    let mut open: BTreeMap<i64, i64> = BTreeMap::new();
    for line in tx.line_states_of_order(order.id)? {
        if line.pieces.open() > 0 {
            *open.entry(line.order_line).or_default() += line.pieces.open();
        }
    }
    let back = format!(
        "what left comes back as a return (`poms return open {} LINE=QTY --reason TEXT`)",
        typed(&order.reference())
    );
    if open.is_empty() {
        return Ok(back);
    }
    let open: Vec<String> = open
        .iter()
        .map(|(line, qty)| format!("{line}={qty}"))
        .collect();
    Ok(format!(
        "what has not left is taken off with `poms return open {} {} --kind cancelled_before_shipping --reason TEXT`, and {back}",
        typed(&order.reference()),
        open.join(" ")
    ))
}

/// Takes all that is open off a purchase order; returns what its vendor did not refuse itself.
fn take_back(tx: &Tx, po: &PoRow, note: &str) -> Result<Vec<(LineState, i64)>, LedgerError> {
    tx.move_po(po, PoState::Cancelled, &json!("the order was cancelled"))?;
    let mut pieces = Vec::new();
    for line in tx.line_states(po.id)? {
        let open = line.pieces.open();
        if open > 0 {
            tx.cancel_pieces(po, &line, open, false, note)?;
        }
        let coming = line.coming();
        if coming > 0 {
            pieces.push((line, coming));
        }
    }
    Ok(pieces)
}

/// Drops what would still leave, and what nobody needs to ask after any more; a word to a vendor that
/// something is cancelled goes all the same.
fn empty_outbox(tx: &Tx, order: &OrderRow) -> Result<(), LedgerError> {
    for row in tx.deliveries_of_order(order.id)? {
        match row.state {
            // what a person wrote leaves all the same: it may say why
            DeliveryState::Queued if row.kind == DeliveryKind::AnswerCustomer => {}
            _ if row.kind == DeliveryKind::PoCancellation => {}
            DeliveryState::Queued | DeliveryState::Unknown => {
                tx.move_delivery(&row, DeliveryState::Dropped, "the order was cancelled")?
            }
            _ => {}
        }
    }
    Ok(())
}

/// What the end of its order does not settle: money that a vendor billed stays at stake, a word to a
/// vendor has to arrive, and what a vendor said waits for a person: a mail that nobody has read may be
/// about more than this order, a row of an advice that is held says that goods left, and who says that
/// its money goes elsewhere may be a thief.
fn outlives(tx: &Tx, row: &ExceptionRow) -> Result<bool, LedgerError> {
    let held = match row.subject.message {
        Some(id) => tx.message(id)?.state == MessageState::Held,
        None => false,
    };
    let waits = ["invoice:", "advice:"]
        .iter()
        .any(|kind| row.entity.starts_with(kind));
    let unread = row.code == remit::CODE || row.code.is_one_of(super::answer::ENDS);
    Ok(held || waits || unread || is_cancellation(tx, row.subject.delivery)?)
}

fn is_cancellation(tx: &Tx, delivery: Option<i64>) -> Result<bool, LedgerError> {
    let Some(id) = delivery else { return Ok(false) };
    Ok(tx.delivery(id)?.kind == DeliveryKind::PoCancellation)
}
