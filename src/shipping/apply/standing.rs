//! Where purchase orders and orders stand follows from their lines; exceptions end when what they
//! wait for happens.

use super::{RuleSettings, days, open, silent};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::Code;
use crate::domain::delivery::DeliveryKind;
use crate::domain::lifecycle::{DeliveryState, OrderState, PoState, ShipmentState};
use crate::domain::shipment::{Answer, Pieces, VendorEvent, order_state, po_state};
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::shipments::ShipmentRow;
use crate::ledger::{LedgerError, Result, Tx};
use serde_json::json;

/// Exceptions that wait for the vendor to do something.
const WAITING: &[Code] = &[Code::PoUnacknowledged, Code::PoUnshipped, Code::PoLate];

/// Brings states and exceptions in line with the lines of a purchase order after something changed.
/// `shipment` is the one to which pieces or parcels were added.
pub fn follow(tx: &Tx, settings: &RuleSettings, po: &PoRow, shipment: Option<i64>) -> Result<()> {
    if let Some(shipment) = shipment {
        tx.happened(VendorEvent::Shipped {
            order: po.order_id,
            po: po.id,
            shipment,
        });
    }
    let po = &tx.po(po.id)?;
    let lines = tx.line_states(po.id)?;
    let standings: Vec<_> = lines.iter().map(LineState::standing).collect();
    // a state that is no longer true of its lines: what is open is with the vendor
    let silent = lines.iter().all(|line| line.shares.answered() == 0);
    let instead = match po.state {
        // who never spoke of it but in a shipment that did not happen has acknowledged nothing
        PoState::PartlyShipped | PoState::Shipped if silent => Some(PoState::Sent),
        PoState::Rejected | PoState::PartlyShipped | PoState::Shipped => {
            Some(PoState::Acknowledged)
        }
        _ => None,
    };
    if let Some(to) = po_state(&standings).or(instead) {
        advance(tx, po, to)?;
    }
    let po = tx.po(po.id)?;
    if po.state == PoState::Cancelled {
        withdraw(tx, &po)?;
    }
    days::recount(tx, &po, &lines)?;
    clear(tx, &po, &lines, shipment.is_some())?;
    tell(tx, settings, &po, &lines, false)?;
    order(tx, po.order_id)
}

/// Whether a vendor knows of a purchase order, or may know of it.
pub fn may_be_known(tx: &Tx, po: &PoRow) -> Result<bool> {
    if !matches!(po.state, PoState::Draft | PoState::Queued | PoState::Failed) {
        return Ok(true);
    }
    for row in tx.deliveries_of_po(po.id)? {
        let left = matches!(row.state, DeliveryState::Sent | DeliveryState::Unknown);
        if left || tx.doubt_remains(row.id)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Takes what would still go to the vendor out of the outbox: nothing of it is wanted any more.
///
/// # Errors
/// When a run is handing a document over right now.
fn withdraw(tx: &Tx, po: &PoRow) -> Result<()> {
    for row in tx.deliveries_of_po(po.id)? {
        match row.state {
            DeliveryState::Queued | DeliveryState::Failed => {
                let why = "nothing of the purchase order is wanted any more";
                tx.move_delivery(&row, DeliveryState::Dropped, why)?;
                for open in tx.open_exceptions_of_delivery(row.id)? {
                    tx.resolve_exception(&open, "cleared", why)?;
                }
            }
            DeliveryState::Sending => {
                return Err(LedgerError::Refused(
                    BusinessRefusal::busy(format!(
                        "delivery {} ({}) is being handed over right now",
                        row.id, row.subject
                    ))
                    .with_remedy(": try again in a minute"),
                ));
            }
            DeliveryState::Sent | DeliveryState::Unknown | DeliveryState::Dropped => {}
        }
    }
    Ok(())
}

/// Moves a purchase order towards a state, by way of another where the table of moves wants it.
fn advance(tx: &Tx, po: &PoRow, to: PoState) -> Result<()> {
    // what is billed already is invoicing's to close
    if po.state == to || matches!(po.state, PoState::Invoiced | PoState::Closed) {
        return Ok(());
    }
    let why = json!("as its lines stand");
    if po.state.may_become(to) {
        return tx.move_po(po, to, &why);
    }
    let by = [PoState::Sent, PoState::Acknowledged]
        .into_iter()
        .find(|by| po.state.may_become(*by) && by.may_become(to));
    if let Some(by) = by {
        tx.move_po(po, by, &why)?;
        tx.move_po(&tx.po(po.id)?, to, &why)?;
    }
    Ok(())
}

/// The pieces of an order, line by line; what was ordered elsewhere counts there.
fn pieces_of_order(tx: &Tx, id: i64) -> Result<Vec<Pieces>> {
    let own = |line: &LineState| Pieces {
        ordered: line.pieces.ordered - line.moved,
        cancelled: line.pieces.cancelled - line.moved,
        ..line.pieces
    };
    let pieces: Vec<Pieces> = tx.line_states_of_order(id)?.iter().map(own).collect();
    // what was ordered elsewhere, and comes from here as well, counts here too
    let counts = |one: &Pieces| one.ordered > 0 || one.open() > 0 || one.shipped > 0;
    Ok(pieces.into_iter().filter(counts).collect())
}

/// Brings a purchase order and its order back to where they stand without a shipment that did not
/// happen, or whose parcel has not arrived after all.
pub fn reopen(tx: &Tx, settings: &RuleSettings, po: &PoRow, why: &str) -> Result<()> {
    let lines = tx.line_states(po.id)?;
    let open = lines.iter().any(|line| line.pieces.open() > 0);
    if open && matches!(po.state, PoState::Invoiced | PoState::Closed) {
        tx.move_po(po, PoState::Shipped, &json!(why))?;
    }
    let row = tx.order(po.order_id)?;
    let mut to = order_state(&pieces_of_order(tx, row.id)?).unwrap_or(OrderState::Placed);
    let shipments = tx.shipments_of_order(row.id)?;
    let arrived = |one: &ShipmentRow| one.state == ShipmentState::Delivered;
    if to == OrderState::Shipped
        && row.state != OrderState::Shipped
        && shipments.iter().all(arrived)
    {
        to = OrderState::Delivered;
    }
    let place = |state| OrderState::ALL.iter().position(|one| *one == state);
    if place(to) < place(row.state) && row.state != OrderState::Cancelled {
        tx.move_order(&row, to, &json!(why))?;
    }
    follow(tx, settings, &tx.po(po.id)?, None)
}

/// Brings an order's state in line with all its lines.
fn order(tx: &Tx, id: i64) -> Result<()> {
    let pieces = pieces_of_order(tx, id)?;
    let row = tx.order(id)?;
    let Some(to) = order_state(&pieces) else {
        return Ok(());
    };
    let follows = match to {
        OrderState::Cancelled => row.state == OrderState::Placed,
        OrderState::PartlyShipped => row.state == OrderState::Placed,
        _ => matches!(row.state, OrderState::Placed | OrderState::PartlyShipped),
    };
    if follows && row.state.may_become(to) {
        tx.move_order(&row, to, &json!("as its purchase orders stand"))?;
    }
    Ok(())
}

/// Ends what waited for what has happened.
fn clear(tx: &Tx, po: &PoRow, lines: &[LineState], shipped: bool) -> Result<()> {
    let open = |answer| lines.iter().any(|line| line.shares.of(answer) > 0);
    let all_gone = lines.iter().all(|line| line.coming() == 0);
    let unanswered = po.state == PoState::Sent;
    let today = tx.now().date_naive();
    let promised = lines.iter().all(|line| line.promised_from(today));
    let mut codes = Vec::new();
    for (code, over) in [
        (Code::PoBackordered, !open(Answer::Backordered)),
        (Code::PoRejected, !open(Answer::Rejected)),
        (Code::PoUnacknowledged, all_gone || !unanswered),
        (Code::PoUnshipped, all_gone || shipped || promised),
        (Code::PoLate, all_gone || promised),
        (Code::VendorClosed, all_gone),
    ] {
        if over {
            codes.push(code);
        }
    }
    let why = "what it waited for has happened";
    for row in tx.open_exceptions_of_po(po, &codes)? {
        if row.entity == po.entity() {
            tx.resolve_exception(&row, "cleared", why)?;
        }
    }
    silent::end(tx, po, &codes, why)
}

/// Ends everything that waits for a purchase order's vendor: it was taken back.
pub fn stop_waiting(tx: &Tx, po: &PoRow) -> Result<()> {
    for row in tx.open_exceptions_of_po(po, WAITING)? {
        tx.resolve_exception(&row, "cleared", "the purchase order is over")?;
    }
    silent::end(tx, po, WAITING, "the purchase order is over")
}

/// Puts backorders and rejections on the list, or brings what stands there up to date; `new` says
/// that the vendor has just answered, else only what is listed is changed.
pub(super) fn tell(
    tx: &Tx,
    settings: &RuleSettings,
    po: &PoRow,
    lines: &[LineState],
    new: bool,
) -> Result<()> {
    for (answer, code) in [
        (Answer::Backordered, Code::PoBackordered),
        (Answer::Rejected, Code::PoRejected),
    ] {
        let said: Vec<String> = lines
            .iter()
            .filter(|line| line.shares.of(answer) > 0)
            .map(|line| sentence(line, answer))
            .collect();
        let listed = new || !tx.open_exceptions_of_po(po, &[code])?.is_empty();
        if !said.is_empty() && listed {
            let text = format!("{} on {}: {}", po.vendor_name, po.number, said.join("; "));
            open(tx, settings, code, po, &text)?;
        }
    }
    Ok(())
}

fn sentence(line: &LineState, answer: Answer) -> String {
    let qty = line.shares.of(answer);
    let of_open = match line.pieces.open() {
        open if open == qty => String::new(),
        open => format!(" (of {open} open)"),
    };
    let what = format!("{qty} of {}{of_open}", line.sku);
    match (answer, line.until, &line.reason) {
        (Answer::Backordered, Some(until), _) => {
            format!("{what} on backorder until {}", until.format("%B %-d, %Y"))
        }
        (Answer::Backordered, ..) => format!("{what} on backorder, no date given"),
        (_, _, Some(reason)) => format!("{what} will not come: {reason}"),
        _ => format!("{what} will not come"),
    }
}

/// Whether the vendor has the purchase order, seeing that the vendor speaks of it: a delivery that
/// was doubtful, or was given up, did arrive then.
pub fn arrived(tx: &Tx, po: &PoRow) -> Result<bool> {
    if !matches!(po.state, PoState::Queued | PoState::Failed) {
        return Ok(po.state != PoState::Draft);
    }
    let mut there = false;
    for row in tx.deliveries_of_po(po.id)? {
        let doubtful = matches!(row.state, DeliveryState::Unknown | DeliveryState::Failed);
        if !doubtful || row.kind != DeliveryKind::PurchaseOrder {
            continue;
        }
        tx.move_delivery(&row, DeliveryState::Sent, "the vendor speaks of it")?;
        for old in tx.open_exceptions_of_delivery(row.id)? {
            tx.resolve_exception(&old, "cleared", "the vendor speaks of it: it arrived")?;
        }
        tx.po_arrived(po.id, &json!("the vendor speaks of it"))?;
        there = true;
    }
    Ok(there)
}
