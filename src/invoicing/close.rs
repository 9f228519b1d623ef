//! When all of a purchase order is shipped, billed and settled, it is closed; and its order with it.

use super::match_context::{MatchContext, po_facts};
use crate::domain::codes::Severity;
use crate::domain::lifecycle::{OrderState, PoState};
use crate::domain::money::Money;
use crate::domain::variance::Terms;
use crate::ledger::invoices::{InvoiceRow, PoBilling};
use crate::ledger::{LedgerError, Tx};
use serde_json::json;

/// Moves a purchase order that shipped whole to `invoiced` when it is billed whole, and to `closed`
/// when nothing about that is open; its order to `closed` when that was the last.
pub fn close(tx: &Tx, po_id: i64, context: &MatchContext) -> Result<(), LedgerError> {
    let row = tx.po(po_id)?;
    if !matches!(row.state, PoState::Shipped | PoState::Invoiced) {
        return Ok(());
    }
    let Some(billing) = tx.po_billing(po_id, None)? else {
        return Ok(());
    };
    let invoices = tx.invoices_of_po(po_id)?;
    if !billed_whole(&billing, &invoices, context) {
        return Ok(());
    }
    let mut open = !tx.open_credits_of_po(po_id)?.is_empty();
    for invoice in &invoices {
        let exceptions = tx.open_exceptions_of_entity(&invoice.entity())?;
        open |= exceptions.iter().any(|row| row.severity == Severity::Hold);
    }
    match (open, row.state) {
        (false, _) => {
            tx.move_po(&row, PoState::Closed, &json!("shipped, billed and settled"))?;
            close_order(tx, row.order_id)
        }
        (true, PoState::Shipped) => tx.move_po(&row, PoState::Invoiced, &json!("billed whole")),
        (true, _) => Ok(()),
    }
}

/// Whether every piece is on a bill; or, where bills tell no pieces, the money comes to it.
pub fn billed_whole(po: &PoBilling, invoices: &[InvoiceRow], context: &MatchContext) -> bool {
    let terms = invoices.iter().rev().find_map(|row| row.terms.clone());
    let terms: Option<Terms> = terms.and_then(|terms| serde_json::from_value(terms).ok());
    let facts = po_facts(po, terms.unwrap_or(context.config.terms), context.zone);
    let pieces = po.lines.iter().all(|line| line.billed >= line.ordered);
    let money = || {
        let goods = facts.ordered_value()?;
        let billed = po.billed.minus(po.freight_billed)?.minus(po.fees_billed)?;
        let short = goods.minus(billed)?;
        Some(short <= Money::ZERO || facts.terms.goods.allows(short, goods))
    };
    po.billed > Money::ZERO && (pieces || money().unwrap_or(false))
}

fn close_order(tx: &Tx, order_id: i64) -> Result<(), LedgerError> {
    let order = tx.order(order_id)?;
    let over = |state: PoState| matches!(state, PoState::Closed | PoState::Cancelled);
    let all = tx.pos_of_order(order_id)?.iter().all(|po| over(po.state));
    if all && matches!(order.state, OrderState::Shipped | OrderState::Delivered) {
        let why = json!("all its purchase orders are shipped, billed and settled");
        tx.move_order(&order, OrderState::Closed, &why)?;
    }
    Ok(())
}
