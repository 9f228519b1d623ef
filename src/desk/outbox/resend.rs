//! A purchase order that is sent once more.

use super::{close_exceptions, readdress, requeue_po};
use crate::app::App;
use crate::desk::{Said, reason, refused};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::Code;
use crate::domain::lifecycle::{DeliveryState, PoState};
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{LedgerError, Tx};
use crate::purchasing::wanted;

/// Sends a purchase order that was sent before once more: the same number and Message-ID, marked as
/// a possible duplicate, with what is still to be shipped of it and how that differs from before.
///
/// # Errors
/// When it is cancelled or on its way already.
pub fn resend(tx: &Tx, site: &App, number: &str, note: &str) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    let po = tx.find_po(number)?;
    may_resend(tx, &po)?;
    let mut said = Vec::new();
    if let Some(document) = wanted::still_wanted(tx, &po, true)? {
        said.extend(document.replaces);
    }
    if !said.is_empty() {
        let what = said.join("; ");
        said = vec![format!(
            "It goes without what is no longer to be shipped: {what}."
        )];
    }
    for row in tx.deliveries_of_po(po.id)? {
        tx.move_delivery(&row, DeliveryState::Queued, note)?;
        close_exceptions(tx, row.id, "retry", note)?;
        requeue_po(tx, &row)?;
        wanted::render_again(tx, &site.buyer(), &po, &row, true)?;
        let whom = readdress(tx, &row)?;
        said.push(format!(
            "Purchase order {} is in the outbox again (delivery {}), marked as a possible duplicate{whom}.",
            po.number, row.id
        ));
    }
    let open = tx.open_exceptions_of_order(po.order_id)?;
    if let Some(open) = open.iter().find(|open| open.code == Code::ChangedInShop) {
        said.push(format!(
            "  It waits until what its shop changed is decided: poms exceptions show {}",
            open.id
        ));
    }
    Ok(said)
}

/// Whether a purchase order can be sent once more.
///
/// # Errors
/// As [`resend`].
pub fn may_resend(tx: &Tx, po: &PoRow) -> Result<(), LedgerError> {
    if matches!(
        po.state,
        PoState::Cancelled | PoState::Closed | PoState::Draft
    ) {
        return Err(refused(BusinessRefusal::wrong_state(format!(
            "purchase order {} is {}: it is not sent again",
            po.number, po.state
        ))));
    }
    not_revised(tx, po)?;
    let waits =
        |row: &DeliveryRow| matches!(row.state, DeliveryState::Queued | DeliveryState::Sending);
    match tx.deliveries_of_po(po.id)?.into_iter().find(waits) {
        None => Ok(()),
        Some(row) => Err(refused(BusinessRefusal::done(format!(
            "purchase order {} is in the outbox already (delivery {})",
            po.number, row.id
        )))),
    }
}

/// Refuses to bring a vendor what it had before a revision that it has not answered.
///
/// # Errors
/// When there is one.
pub(super) fn not_revised(tx: &Tx, po: &PoRow) -> Result<(), LedgerError> {
    let Some(row) = tx.unanswered_revision(po.id)? else {
        return Ok(());
    };
    let papers = tx.deliveries_of_revision(row.id)?;
    let ids: Vec<String> = papers.iter().map(|paper| paper.id.to_string()).collect();
    Err(refused(
        BusinessRefusal::wrong_state(format!(
            "revision {} stands in its place, and {} has not answered it",
            row.shown(),
            po.vendor_name
        ))
        .with_remedy(format!(
            ": that is what is sent again (`poms outbox retry`, delivery {})",
            ids.join(" and ")
        )),
    ))
}
