//! The stage that takes the second way to a vendor: a purchase order whose delivery failed goes the
//! way that the vendor named as a fallback, once, and so do a cancellation and a revision.

use super::place::Buyer;
use super::unmade::Unmade;
use super::{cancellation, mail, revision, wanted};
use crate::domain::codes::{Code, Severity};
use crate::domain::delivery::DeliveryChannel;
use crate::domain::lifecycle::PoState;
use crate::ledger::exceptions::Subject;
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::mail::outbox::{self, OutboxDocument, Purpose};
use serde_json::json;

/// Whether anything waits for the second way to its vendor.
pub fn due(tx: &Tx, fax: bool) -> Result<bool> {
    Ok(!tx.fallbacks_due(fax)?.is_empty()
        || !tx.cancellation_fallbacks_due(fax)?.is_empty()
        || !tx.revision_fallbacks_due(fax)?.is_empty())
}

/// Puts every purchase order and cancellation whose way is dead and whose vendor named another into the
/// outbox, and says so on the exception; true when there was one.
pub fn enqueue(tx: &Tx, buyer: &Buyer) -> Result<bool> {
    let mut any = false;
    for (delivery, po, way) in tx.fallbacks_due(buyer.fax)? {
        let (row, po) = (tx.delivery(delivery)?, tx.po(po)?);
        let said = match render(tx, buyer, &po, &way)? {
            Ok(again) => {
                let said = format!("it goes by {} to {} instead", way.told(), again.addresses());
                put(tx, buyer, &row, &po, &again)?;
                any = true;
                said
            }
            Err(fault) => format!("the fallback by {} cannot be made: {fault}", way.told()),
        };
        tell(tx, &row, &said)?;
    }
    for (delivery, cancellation, way) in tx.cancellation_fallbacks_due(buyer.fax)? {
        let row = tx.delivery(delivery)?;
        let one = tx.cancellation(cancellation)?;
        let said = match cancellation::by_other_way(tx, buyer, &one, &way)? {
            Ok(to) => {
                any = true;
                format!("it goes by {} to {to} instead", way.told())
            }
            Err(fault) => format!(
                "the fallback by {} cannot be made: {fault}; tell {} by telephone",
                way.told(),
                one.vendor_name
            ),
        };
        tell(tx, &row, &said)?;
    }
    Ok(any | revisions(tx, buyer)?)
}

/// The same of revisions.
fn revisions(tx: &Tx, buyer: &Buyer) -> Result<bool> {
    let mut any = false;
    for (delivery, revision, way) in tx.revision_fallbacks_due(buyer.fax)? {
        let (row, one) = (tx.delivery(delivery)?, tx.revision(revision)?);
        let said = match revision::by_other_way(tx, buyer, &one, &way)? {
            Ok(to) => {
                any = true;
                format!("it goes by {} to {to} instead", way.told())
            }
            Err(fault) => format!(
                "the fallback by {} cannot be made: {fault}; tell {} by telephone",
                way.told(),
                one.vendor_name
            ),
        };
        tell(tx, &row, &said)?;
    }
    Ok(any)
}

/// Says on the exception of a dead delivery what becomes of its document.
fn tell(tx: &Tx, row: &DeliveryRow, said: &str) -> Result<()> {
    let text = format!(
        "{} could not be delivered to {} by {} ({}); {said}",
        row.subject,
        row.recipients.join(", "),
        row.channel.told(),
        row.detail
    );
    let about = Subject {
        order: row.order_id,
        po: row.po_id,
        delivery: Some(row.id),
        message: None,
    };
    tx.open_exception(
        Code::DeliveryFailed,
        Severity::Hold,
        &row.entity(),
        about,
        &text,
    )?;
    Ok(())
}

fn put(
    tx: &Tx,
    buyer: &Buyer,
    row: &DeliveryRow,
    po: &PoRow,
    again: &OutboxDocument,
) -> Result<()> {
    let way = &again.channel;
    let purpose = Purpose {
        kind: row.kind.clone(),
        once: &format!("purchase_order:{}:{way}", po.id),
        order_id: row.order_id,
        po_id: row.po_id,
    };
    outbox::put(tx, &buyer.letterhead.email, again, &purpose)?;
    let why = json!({"fallback": way, "instead_of": row.id});
    tx.move_po(po, PoState::Queued, &why)
}

fn render(
    tx: &Tx,
    buyer: &Buyer,
    po: &PoRow,
    way: &DeliveryChannel,
) -> Result<std::result::Result<OutboxDocument, Unmade>> {
    let Some(vendor) = tx.vendor(&po.vendor_id)? else {
        return Ok(Err(Unmade::VendorGone(po.vendor_id.clone())));
    };
    // its first way is dead, so no earlier paper is there
    let Some(document) = wanted::still_wanted(tx, po, false)? else {
        return Ok(Err(Unmade::NothingOpen));
    };
    Ok(match way {
        DeliveryChannel::Fax => mail::by_fax(buyer, &document, &vendor),
        _ => mail::purchase_order(buyer, po.id, &document, &vendor, None, tx.now()),
    })
}
