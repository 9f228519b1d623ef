//! The papers of a revision: made, and put into the outbox for each of the vendor's ways.

use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::{Code, Severity};
use crate::domain::delivery::{DeliveryChannel, DeliveryKind};
use crate::domain::lifecycle::DeliveryState;
use crate::domain::po_document::PoDocument;
use crate::domain::po_head::PoHead;
use crate::ledger::agreed::Agreed;
use crate::ledger::exceptions::Subject;
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::revisions::RevisionRow;
use crate::ledger::{LedgerError, Result, Tx};
use crate::mail::outbox::{self, OutboxDocument, Purpose};
use crate::purchasing::place::Buyer;
use crate::purchasing::unmade::Unmade;
use crate::purchasing::{mail, wanted};

/// What a vendor reads of a revision.
pub(super) fn document(tx: &Tx, po: &PoRow, row: &RevisionRow) -> Result<PoDocument> {
    let Some(mut document) = wanted::still_wanted(tx, po, false)? else {
        return Err(LedgerError::Refused(BusinessRefusal::nothing(format!(
            "nothing of purchase order {} is open any more",
            po.number
        ))));
    };
    let before = Agreed::before(row)?;
    let states = tx.line_states(po.id)?;
    document.replaces = before.differences(&states, &PoHead::on(&document));
    document.revision = row.number;
    Ok(document)
}

/// Puts it into the outbox by each of the vendor's ways, or writes what waits there anew.
pub(super) fn send(
    tx: &Tx,
    buyer: &Buyer,
    (po, row): (&PoRow, &RevisionRow),
    document: &PoDocument,
) -> Result<Vec<String>> {
    let vendor = wanted::vendor(tx, po)?;
    let waiting = tx.deliveries_of_revision(row.id)?;
    let mut said = Vec::new();
    // a program that takes orders as files would take a revision for another order
    for way in buyer.ways_of_words(&vendor) {
        let there = waiting.iter().find(|one| one.channel == *way);
        let made = made(tx, buyer, (po, way), document, there)?;
        match made {
            Ok(made) => {
                place(tx, buyer, (po, row, way), &made, there)?;
                said.push(format!(
                    "  The next `poms process` sends it ({}).",
                    made.addresses()
                ));
            }
            Err(fault) => {
                said.push(format!(
                    "  The revision by {} to {} cannot be made ({fault}): tell them by telephone.",
                    way.told(),
                    po.vendor_name
                ));
                let text = format!(
                    "revision {} to {} cannot be made: {fault}",
                    row.shown(),
                    po.vendor_name
                );
                let about = Subject {
                    order: Some(po.order_id),
                    po: Some(po.id),
                    ..Subject::default()
                };
                tx.open_exception(
                    Code::DeliveryFailed,
                    Severity::Hold,
                    &po.entity(),
                    about,
                    &text,
                )?;
            }
        }
    }
    Ok(said)
}

/// Makes the paper for a way, or says why that cannot be.
pub(super) fn made(
    tx: &Tx,
    buyer: &Buyer,
    (po, way): (&PoRow, &DeliveryChannel),
    document: &PoDocument,
    there: Option<&DeliveryRow>,
) -> Result<std::result::Result<OutboxDocument, Unmade>> {
    let vendor = wanted::vendor(tx, po)?;
    let reference = there.map(|row| row.reference.as_str());
    Ok(match way {
        DeliveryChannel::Fax => mail::by_fax(buyer, document, &vendor),
        _ => mail::purchase_order(buyer, po.id, document, &vendor, reference, tx.now()),
    })
}

/// Puts a paper into the outbox, or in the place of the one that waits there.
pub(super) fn place(
    tx: &Tx,
    buyer: &Buyer,
    (po, row, way): (&PoRow, &RevisionRow, &DeliveryChannel),
    made: &OutboxDocument,
    there: Option<&DeliveryRow>,
) -> Result<()> {
    let Some(there) = there else {
        let purpose = Purpose {
            kind: DeliveryKind::PoRevision,
            once: &format!("{}:{}:{way}", DeliveryKind::PoRevision, row.id),
            order_id: Some(po.order_id),
            po_id: None,
        };
        outbox::put(tx, &buyer.letterhead.email, made, &purpose)?;
        return Ok(());
    };
    let stamped = tx.stamped(&there.kind, &there.channel, &made.content)?;
    tx.replace_content(there.id, &stamped)?;
    if matches!(there.state, DeliveryState::Failed | DeliveryState::Dropped) {
        tx.move_delivery(there, DeliveryState::Queued, "changed before it left")?;
        for open in tx.open_exceptions_of_delivery(there.id)? {
            tx.resolve_exception(&open, "cleared", "changed before it left")?;
        }
    }
    Ok(())
}
