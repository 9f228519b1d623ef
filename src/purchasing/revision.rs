//! A purchase order that its vendor has, changed: one document with all that counts now, under the
//! number and the next revision, once by each of the vendor's ways. One that has not left is written anew
//! where it lies; so is a revision that is overtaken before it left: no vendor reads what counts no more.

mod papers;
mod written;

use super::place::Buyer;
use super::unmade::Unmade;
use super::{cancellation, render, wanted};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::delivery::DeliveryChannel;
use crate::domain::lifecycle::{DeliveryState, RevisionState};
use crate::domain::money::Money;
use crate::domain::po_document::PoDocument;
use crate::domain::po_head::PoHead;
use crate::domain::text::typed;
use crate::ledger::agreed::Agreed;
use crate::ledger::cancellations::NewCancellation;
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::revisions::RevisionRow;
use crate::ledger::{LedgerError, Result, Tx};
use papers::{document, made, place, send};
use serde_json::json;

/// A line that a purchase order did not have.
#[derive(Clone, Debug)]
pub struct AddedLine {
    /// The place of the line on the order, from 1.
    pub order_line: i64,
    /// The shop's SKU.
    pub sku: String,
    /// The vendor's number for it.
    pub vendor_sku: String,
    /// Plain words.
    pub description: String,
    /// Pieces.
    pub qty: i64,
    /// What the vendor charges for one.
    pub unit_cost: Money,
    /// What the customer pays for one.
    pub unit_price: Money,
}

/// What changes of one purchase order. Pieces that are not wanted any more were taken off before.
#[derive(Clone, Debug)]
pub struct PoChange {
    /// The purchase order, by its number in the ledger.
    pub po: i64,
    /// Whether its vendor knew of it, or may have, before.
    pub known: bool,
    /// As it stood before anything was changed.
    pub before: Agreed,
    /// What is no line's.
    pub head: PoHead,
    /// So many pieces more of these lines.
    pub more: Vec<(LineState, i64)>,
    /// Lines that it did not have.
    pub new: Vec<AddedLine>,
    /// So many pieces were taken off these lines.
    pub off: Vec<(LineState, i64)>,
}

impl PoChange {
    /// Whether anything of it is another than it was.
    pub fn is_none(&self) -> bool {
        self.head == self.before.head
            && self.more.is_empty()
            && self.new.is_empty()
            && self.off.is_empty()
    }
}

/// Writes the change, and tells the vendor. Returns what to say to the person who did it, and with `show` the
/// document as the vendor reads it.
///
/// # Errors
/// The ledger's, or when the amounts are too large.
pub fn revise(
    tx: &Tx,
    buyer: &Buyer,
    change: &PoChange,
    (why, show): (&str, bool),
) -> Result<Vec<String>> {
    written::write(tx, change)?;
    let po = tx.po(change.po)?;
    if !change.known {
        wanted::follow(tx, buyer, &po, false)?;
        let mut said = vec![format!(
            "  Purchase order {} had not left: it goes to {} as it is now.",
            po.number, po.vendor_name
        )];
        if let Some(document) = wanted::still_wanted(tx, &po, false)?.filter(|_| show) {
            said.extend(shown(&document));
        }
        return Ok(said);
    }
    let row = row(tx, &po, change, why)?;
    take_off(tx, buyer, &po, change, (&row, why))?;
    let mut said = vec![format!(
        "  Revision {} of purchase order {} to {}:",
        row.number, po.number, po.vendor_name
    )];
    said.extend(row.changes().iter().map(|change| format!("    {change}")));
    let document = document(tx, &po, &row)?;
    said.extend(send(tx, buyer, (&po, &row), &document)?);
    said.push(format!(
        "  It counts when {} agrees; what they say on the telephone: poms po revision-agreed {1} --note \"…\", or poms \
         po revision-refused {1} --note \"…\"",
        po.vendor_name,
        typed(&po.number)
    ));
    if show {
        said.extend(shown(&document));
    }
    Ok(said)
}

fn shown(document: &PoDocument) -> Vec<String> {
    let text = render::text(document);
    text.lines().map(|line| format!("    | {line}")).collect()
}

/// The revision: a new one, or the one that waits in the outbox, changed.
fn row(tx: &Tx, po: &PoRow, change: &PoChange, why: &str) -> Result<RevisionRow> {
    let open = tx.unanswered_revision(po.id)?;
    let before = match &open {
        Some(open) => Agreed::before(open)?,
        None => change.before.clone(),
    };
    let states = tx.line_states(po.id)?;
    let changes = before.differences(&states, &change.head);
    // which one the vendor last agreed to, or was sent first
    let agreed = match &open {
        Some(open) => open.document["agreed"].as_i64().unwrap_or(1),
        None => {
            let known = tx.revisions_of_po(po.id)?;
            let agreed = known
                .iter()
                .rev()
                .find(|row| row.state == RevisionState::Agreed);
            agreed.map_or(1, |row| row.number)
        }
    };
    let document = json!({"before": before, "changes": changes, "agreed": agreed});
    match open {
        Some(open) if !tx.revision_may_be_known(&open)? => {
            tx.change_revision(po, &open, &document, why)
        }
        Some(open) => {
            tx.end_revision(&open, RevisionState::Overtaken, "a later revision")?;
            let row = tx.open_revision(po, &document, why)?;
            tx.move_cancellations(open.id, row.id)?;
            Ok(row)
        }
        None => tx.open_revision(po, &document, why),
    }
}

/// The pieces that the revision leaves out, as a cancellation without a paper of its own.
fn take_off(
    tx: &Tx,
    buyer: &Buyer,
    po: &PoRow,
    change: &PoChange,
    (row, why): (&RevisionRow, &str),
) -> Result<()> {
    if change.off.is_empty() {
        return Ok(());
    }
    let number = tx.next_cancellation(po)?;
    let states = tx.line_states(po.id)?;
    let taken = cancellation::TakenBack {
        po: po.id,
        known: true,
        pieces: &change.off,
        rma: None,
        moved: false,
        why,
    };
    let context = cancellation::context(tx, buyer, po, &states, (&taken, &number))?;
    let cancelled = tx.open_cancellation(&NewCancellation {
        number: &number,
        po,
        rma: None,
        moved: false,
        why,
        document: &json!(context),
    })?;
    tx.tie_cancellation(&cancelled, row.id)
}

/// Puts a revision whose first way is dead into the outbox for the vendor's other way; returns to where it goes, or
/// why it cannot be made.
pub(super) fn by_other_way(
    tx: &Tx,
    buyer: &Buyer,
    row: &RevisionRow,
    way: &DeliveryChannel,
) -> Result<std::result::Result<String, Unmade>> {
    let po = tx.po(row.po_id)?;
    let document = document(tx, &po, row)?;
    Ok(match made(tx, buyer, (&po, way), &document, None)? {
        Ok(made) => {
            place(tx, buyer, (&po, row, way), &made, None)?;
            Ok(made.addresses())
        }
        Err(fault) => Err(fault),
    })
}

/// Brings a revision that has not left up to date, after something else was taken off its purchase order; it ends
/// where nothing of that is wanted any more.
///
/// # Errors
/// The ledger's, or while one is being handed over.
pub fn follow(tx: &Tx, buyer: &Buyer, po: &PoRow) -> Result<()> {
    let Some(row) = tx.unanswered_revision(po.id)? else {
        return Ok(());
    };
    let papers = tx.deliveries_of_revision(row.id)?;
    if let Some(paper) = papers
        .iter()
        .find(|row| row.state == DeliveryState::Sending)
    {
        return Err(LedgerError::Refused(cancellation::handed_over_now(paper)));
    }
    let open = tx.line_states(po.id)?.iter().any(|l| l.pieces.open() > 0);
    if !open {
        let why = "nothing of the purchase order is wanted any more";
        for paper in papers {
            if matches!(paper.state, DeliveryState::Queued | DeliveryState::Failed) {
                tx.move_delivery(&paper, DeliveryState::Dropped, why)?;
                for listed in tx.open_exceptions_of_delivery(paper.id)? {
                    tx.resolve_exception(&listed, "cleared", why)?;
                }
            }
        }
        tx.end_revision(&row, RevisionState::Overtaken, why)?;
        for listed in tx.open_exceptions_of_entity(&row.entity())? {
            tx.resolve_exception(&listed, "cleared", why)?;
        }
        return Ok(());
    }
    let waits =
        |row: &DeliveryRow| matches!(row.state, DeliveryState::Queued | DeliveryState::Failed);
    let document = document(tx, po, &row)?;
    for paper in papers.iter().filter(|row| waits(row)) {
        let way = paper.channel.clone();
        if let Ok(made) = made(tx, buyer, (po, &way), &document, Some(paper))? {
            let stamped = tx.stamped(&paper.kind, &paper.channel, &made.content)?;
            tx.replace_content(paper.id, &stamped)?;
        }
    }
    Ok(())
}

/// Makes the paper of a revision anew that goes out again: what counts today, marked where its vendor may
/// have it.
///
/// # Errors
/// When it was answered or overtaken since, or cannot be made.
pub fn render_again(tx: &Tx, buyer: &Buyer, paper: &DeliveryRow, seen: bool) -> Result<()> {
    let Some(id) = tx.revision_of_delivery(paper.id)? else {
        return Ok(());
    };
    let row = tx.revision(id)?;
    may_be_sent(&row)?;
    let po = tx.po(row.po_id)?;
    let mut document = document(tx, &po, &row)?;
    document.possible_duplicate = seen;
    let way = paper.channel.clone();
    let made = made(tx, buyer, (&po, &way), &document, Some(paper))?.map_err(|fault| {
        LedgerError::Refused(BusinessRefusal::cannot_be_made(format!(
            "revision {} cannot be made again: {fault}",
            row.shown()
        )))
    })?;
    let stamped = tx.stamped(&paper.kind, &paper.channel, &made.content)?;
    tx.replace_content(paper.id, &stamped)
}

/// Refuses what would bring a vendor a revision that does not count any more.
///
/// # Errors
/// When it was answered or overtaken.
pub fn may_be_sent(row: &RevisionRow) -> Result<()> {
    match row.state {
        RevisionState::Open => Ok(()),
        state => Err(LedgerError::Refused(BusinessRefusal::wrong_state(format!(
            "revision {} is {state}: it is not sent again",
            row.shown()
        )))),
    }
}

/// For people: a refusal while a revision of the purchase order is being handed over.
///
/// # Errors
/// When one is.
pub fn not_on_its_way(tx: &Tx, po: &PoRow) -> Result<()> {
    let Some(row) = tx.unanswered_revision(po.id)? else {
        return Ok(());
    };
    let mut papers = tx.deliveries_of_revision(row.id)?.into_iter();
    match papers.find(|row| row.state == DeliveryState::Sending) {
        None => Ok(()),
        Some(row) => Err(LedgerError::Refused(cancellation::handed_over_now(&row))),
    }
}
