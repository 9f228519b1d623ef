//! A purchase order as it counts today: what was taken off it since, and what left, is not ordered
//! again by any paper that goes out later.

use super::place::Buyer;
use super::{dropped, mail};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::delivery::{DeliveryChannel, DeliveryKind};
use crate::domain::lifecycle::DeliveryState;
use crate::domain::money::Money;
use crate::domain::po_document::PoDocument;
use crate::domain::vendor::Vendor;
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{LedgerError, Result, Tx};

/// What is still to be shipped of a purchase order; `None` when nothing is. `seen` says that its
/// vendor may have an earlier paper: then the document says how it differs.
pub fn still_wanted(tx: &Tx, po: &PoRow, seen: bool) -> Result<Option<PoDocument>> {
    reduced(tx, po, seen, |state| state.pieces.open())
}

/// What was and is to be shipped of a purchase order: for those who look it up, not for its vendor.
pub fn without_what_was_cancelled(tx: &Tx, po: &PoRow) -> Result<Option<PoDocument>> {
    reduced(tx, po, false, |state| {
        state.pieces.ordered - state.pieces.cancelled
    })
}

fn reduced(
    tx: &Tx,
    po: &PoRow,
    seen: bool,
    count: impl Fn(&LineState) -> i64,
) -> Result<Option<PoDocument>> {
    let mut document = po.as_made()?;
    document.revision = tx.agreed_revision(po.id)?;
    let states = tx.line_states(po.id)?;
    let of = |line: u32| states.iter().find(|state| state.line == i64::from(line));
    let mut replaces = Vec::new();
    for line in &mut document.lines {
        let Some(state) = of(line.line) else { continue };
        replaces.extend(change(state));
        line.qty = count(state);
        line.unit_cost = state.unit_cost;
        let amount = line.unit_cost.times(line.qty);
        line.amount = amount.ok_or_else(|| too_large(po))?;
    }
    document.lines.retain(|line| line.qty > 0);
    if document.lines.is_empty() {
        return Ok(None);
    }
    let amounts = document.lines.iter().map(|line| line.amount);
    document.total = Money::sum(amounts).ok_or_else(|| too_large(po))?;
    if seen {
        document.replaces = replaces;
    }
    Ok(Some(document))
}

fn too_large(po: &PoRow) -> LedgerError {
    LedgerError::Refused(BusinessRefusal::over_limit(format!(
        "the amounts of {} are too large",
        po.number
    )))
}

/// `line 1, AC-1: 1 of 3 is cancelled`; nothing when it is as it was ordered.
fn change(state: &LineState) -> Option<String> {
    let pieces = state.pieces;
    let told = [
        (pieces.cancelled, "cancelled"),
        (pieces.shipped, "shipped already"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} of {} {} {what}", pieces.ordered, is(count)));
    let told = told.collect::<Vec<_>>().join(", ");
    let sku = match state.vendor_sku.trim() {
        "" => &state.sku,
        own => own,
    };
    (!told.is_empty()).then(|| format!("line {}, {sku}: {told}", state.line))
}

fn is(count: i64) -> &'static str {
    match count {
        1 => "is",
        _ => "are",
    }
}

/// Renders a delivery of a purchase order anew, under its own Message-ID: what is still wanted,
/// marked where its vendor may have an earlier paper.
///
/// # Errors
/// When nothing of it is wanted any more, or it cannot be made.
pub fn render_again(
    tx: &Tx,
    buyer: &Buyer,
    po: &PoRow,
    row: &DeliveryRow,
    seen: bool,
) -> Result<()> {
    let Some(mut document) = still_wanted(tx, po, seen)? else {
        return Err(LedgerError::Refused(BusinessRefusal::nothing(format!(
            "nothing of purchase order {} is open any more: it is not sent again",
            po.number
        ))));
    };
    document.possible_duplicate = seen;
    let vendor = vendor(tx, po)?;
    let again = match row.channel {
        DeliveryChannel::Fax => mail::fax(buyer, &document, &vendor),
        DeliveryChannel::Drop => dropped::again(buyer, &document, &vendor, row),
        _ => {
            let reference = Some(row.reference.as_str());
            mail::purchase_order(buyer, po.id, &document, &vendor, reference, tx.now())
                .map(|mail| mail.content)
        }
    };
    let content = again.map_err(|fault| {
        LedgerError::Refused(BusinessRefusal::cannot_be_made(format!(
            "purchase order {} cannot be made again: {fault}",
            po.number
        )))
    })?;
    tx.replace_content(row.id, &tx.stamped(&row.kind, &row.channel, &content)?)
}

/// The vendor of a purchase order.
///
/// # Errors
/// When it is no longer on file.
pub(super) fn vendor(tx: &Tx, po: &PoRow) -> Result<Vendor> {
    tx.vendor(&po.vendor_id)?.ok_or_else(|| {
        LedgerError::NotFound(format!("vendor {} is no longer on file", po.vendor_id))
    })
}

/// Brings papers of a purchase order that have not left up to date, after something was taken off it.
/// Returns how many.
///
/// # Errors
/// The ledger's, or when one cannot be made.
pub fn follow(tx: &Tx, buyer: &Buyer, po: &PoRow, seen: bool) -> Result<usize> {
    let mut done = 0;
    for row in tx.deliveries_of_po(po.id)? {
        let waits = matches!(row.state, DeliveryState::Queued | DeliveryState::Failed);
        if waits && row.kind == DeliveryKind::PurchaseOrder {
            render_again(tx, buyer, po, &row, seen)?;
            done += 1;
        }
    }
    Ok(done)
}
