//! Taking one line, or pieces of it, off an order that is placed.

use super::{Said, reason, refused};
use crate::app::App;
use crate::config::TellCancelled;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::email;
use crate::domain::lifecycle::{OrderState, PoState};
use crate::domain::shipment::VendorEvent;
use crate::invoicing::reduced_claims;
use crate::ledger::orders::OrderRow;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{LedgerError, Tx};
use crate::purchasing::cancellation::{self, TakenBack};
use crate::shipping::apply::standing;

/// What shall be taken off.
pub struct Off<'a> {
    /// The line of the order, from 1.
    pub line: i64,
    /// So many pieces; all that has not left without it.
    pub pieces: Option<i64>,
    /// Only of this purchase order.
    pub po: Option<&'a str>,
}

/// So many pieces of a line of a purchase order, of which `twice` come from another one as well.
pub(super) struct CancelledPart {
    pub po: PoRow,
    pub line: LineState,
    pub qty: i64,
    twice: i64,
}

/// Takes a line or pieces of it off a placed order: vendors who have, or may have, its purchase orders
/// are told, and the customer is; what was paid for them is owed.
///
/// # Errors
/// When the order is not placed or so many pieces have not left, in a sentence.
pub fn cancel_line(
    tx: &Tx,
    site: &App,
    order: &OrderRow,
    off: &Off,
    note: &str,
) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    let parts = parts(tx, order, off)?;
    for part in &parts {
        cancellation::not_on_its_way(tx, &part.po)?;
    }
    let mut said = Vec::new();
    for part in &parts {
        said.extend(of_one(tx, site, part, note)?);
    }
    let order = tx.order(order.id)?;
    said.push(format!("Order {} is {}.", order.reference(), order.state));
    said.extend(told(tx, site, &order)?);
    Ok(said)
}

/// The line of a placed order that is meant: how many pieces were ordered, and how it is named.
fn asked(order: &OrderRow, off: &Off) -> Result<(i64, String), LedgerError> {
    let name = order.reference();
    if !matches!(order.state, OrderState::Placed | OrderState::PartlyShipped) {
        return Err(refused(BusinessRefusal::wrong_state(match order.state {
            OrderState::Held => format!(
                "order {name} is held: take a line off it with `poms exceptions resolve ID --amend lines.{}=`, and amend its total",
                off.line
            ),
            state => format!("order {name} is {state}: no line of it can be taken off"),
        })));
    }
    let place = usize::try_from(off.line - 1).ok();
    let Some(line) = place.and_then(|place| order.order.lines.get(place)) else {
        return Err(refused(BusinessRefusal::unknown(format!(
            "order {name} has no line {}: it has {}",
            off.line,
            order.order.lines.len()
        ))));
    };
    let named = format!("line {} of order {name} ({})", off.line, line.sku.trim());
    Ok((line.qty, named))
}

/// What of a line has not left, by purchase order, the latest first; as many pieces as are asked.
pub(super) fn parts(
    tx: &Tx,
    order: &OrderRow,
    off: &Off,
) -> Result<Vec<CancelledPart>, LedgerError> {
    let (ordered, line) = asked(order, off)?;
    let only = off.po.map(|number| tx.find_po(number)).transpose()?;
    let (mut open, mut coming) = (Vec::new(), 0);
    for po in tx.pos_of_order(order.id)?.into_iter().rev() {
        let of_order = tx.line_states(po.id)?.into_iter();
        for line in of_order.filter(|line| line.order_line == off.line) {
            let (po, pieces) = (po.clone(), line.pieces);
            coming += pieces.ordered - pieces.cancelled;
            let meant = only.as_ref().is_none_or(|only| only.id == po.id);
            let qty = if meant && po.state != PoState::Cancelled {
                pieces.open()
            } else {
                0
            };
            let part = CancelledPart {
                po,
                line,
                qty,
                twice: 0,
            };
            open.extend((qty > 0).then_some(part));
        }
    }
    let all: i64 = open.iter().map(|part| part.qty).sum();
    let wanted = off.pieces.unwrap_or(all);
    if wanted < 1 || wanted > all {
        let of = off.po.map_or_else(String::new, |po| format!(" on {po}"));
        return Err(refused(BusinessRefusal::over_limit(
            match (all, off.pieces) {
                (0, _) => format!(
                    "{line}: nothing of it{of} is still to come; what left comes back as a return (`poms return open`)"
                ),
                (all, _) => {
                    format!("{line}: {wanted} cannot be taken off: {all} are still to come{of}")
                }
            },
        )));
    }
    let mut left = wanted;
    let mut twice = (coming - ordered).max(0);
    for part in &mut open {
        part.qty = part.qty.min(left);
        left -= part.qty;
        part.twice = part.qty.min(twice);
        twice -= part.twice;
    }
    open.retain(|part| part.qty > 0);
    Ok(open)
}

fn of_one(tx: &Tx, site: &App, part: &CancelledPart, note: &str) -> Result<Said, LedgerError> {
    let CancelledPart {
        po,
        line,
        qty,
        twice,
    } = part;
    let known = standing::may_be_known(tx, po)?;
    let lost = qty - twice;
    let mut said = take_off(tx, site, part, note)?;
    let to_tell = [(line.clone(), (*qty).min(line.coming()))];
    let to_tell = if to_tell[0].1 > 0 { &to_tell[..] } else { &[] };
    let taken = TakenBack {
        po: po.id,
        known,
        pieces: to_tell,
        rma: None,
        moved: lost == 0,
        why: note,
    };
    said.extend(cancellation::tell(tx, &site.buyer(), &taken)?);
    said.extend(reduced_claims::look_again(
        tx,
        &site.match_context(),
        po.id,
    )?);
    Ok(said)
}

/// Takes it off in the ledger: its vendor is still to be told.
pub(super) fn take_off(
    tx: &Tx,
    site: &App,
    part: &CancelledPart,
    note: &str,
) -> Result<Said, LedgerError> {
    let CancelledPart {
        po,
        line,
        qty,
        twice,
    } = part;
    tx.cancel_pieces(po, line, *qty, false, note)?;
    let lost = qty - twice;
    if lost > 0 {
        tx.to_tell(line, line.to_tell + lost)?;
        tx.taken_off_is_due(po.order_id)?;
        tx.happened(VendorEvent::LineCancelled {
            order: po.order_id,
            po: po.id,
            po_line: line.id,
            qty: lost,
        });
    }
    let what = match lost {
        0 => "they come from another vendor",
        _ => "the customer does not get them",
    };
    standing::follow(tx, &site.config.rules, po, None)?;
    Ok(vec![format!(
        "{qty} of {} on purchase order {} are cancelled: {what}.",
        line.sku, po.number
    )])
}

/// Whether the customer is told by mail of what was taken off.
pub(super) fn told(tx: &Tx, site: &App, order: &OrderRow) -> Result<Option<String>, LedgerError> {
    let telling = site.config.notices.cancelled != TellCancelled::Never
        && email::deliverable(&order.order.customer.email).is_ok();
    let lines = tx.line_states_of_order(order.id)?;
    Ok(match (lines.iter().any(|line| line.to_tell > 0), telling) {
        (true, true) => {
            Some("The customer is told by mail: the next `poms process` sends it.".to_owned())
        }
        (true, false) => Some("No mail goes to the customer: tell them.".to_owned()),
        (false, _) => None,
    })
}
