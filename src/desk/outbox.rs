//! What a person decides about a delivery: send it again, it did arrive, it shall not be sent.

mod resend;

pub use resend::{may_resend, resend};

use super::resolve::Case;
use super::{Said, amend, reason, refused};
use crate::app::App;
use crate::delivery::shop::closing;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::Remedy;
use crate::domain::delivery::{DeliveryChannel, DeliveryKind};
use crate::domain::email;
use crate::domain::lifecycle::{DeliveryState, PoState};
use crate::domain::text::typed;
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::{LedgerError, Tx};
use crate::mail::compose;
use crate::purchasing::{cancellation, revision, wanted};
use serde_json::json;

/// Resolves an exception about a delivery.
///
/// # Errors
/// When the delivery's state forbids it.
pub(super) fn resolve(case: &Case, delivery: i64) -> Result<Said, LedgerError> {
    let Case { tx, site, note, .. } = *case;
    match case.act.remedy {
        Remedy::Retry => retry(tx, site, delivery, note),
        Remedy::Amend => {
            let row = tx.delivery(delivery)?;
            amend_address(tx, &row, case.act.changes, note)?;
            retry(tx, site, delivery, note)
        }
        Remedy::Cancel => match case.row.subject.order {
            Some(order) => super::cancel::cancel(tx, site, &tx.order(order)?, note),
            None => drop(tx, delivery, note),
        },
        _ if matches!(
            tx.delivery(delivery)?.state,
            DeliveryState::Failed | DeliveryState::Unknown
        ) =>
        {
            drop(tx, delivery, note)
        }
        _ => {
            case.end()?;
            Ok(vec![format!("Exception {} is closed.", case.row.id)])
        }
    }
}

fn close_exceptions(tx: &Tx, delivery: i64, how: &str, note: &str) -> Result<(), LedgerError> {
    for row in tx.open_exceptions_of_delivery(delivery)? {
        tx.resolve_exception(&row, how, note)?;
    }
    Ok(())
}

/// Whether a remedy of an exception about a delivery is possible now.
///
/// # Errors
/// A sentence that says why not.
pub(super) fn possible(
    tx: &Tx,
    exception: &ExceptionRow,
    delivery: i64,
    remedy: Remedy,
) -> Result<(), LedgerError> {
    let row = tx.delivery(delivery)?;
    match (remedy, exception.subject.order) {
        (Remedy::Retry, _) => may_retry(tx, &row),
        (Remedy::Amend, _) => {
            whose_customer(&row)?;
            may_retry(tx, &row)
        }
        (Remedy::Cancel, Some(order)) => super::cancel::possible(tx, &tx.order(order)?),
        (Remedy::Cancel, None) if !row.state.may_become(DeliveryState::Dropped) => {
            Err(refused(BusinessRefusal::wrong_state(format!(
                "delivery {delivery} is {}: nothing of it can be stopped any more",
                row.state
            ))))
        }
        _ => Ok(()),
    }
}

/// Whether a delivery can be put back into the outbox.
///
/// # Errors
/// As [`retry`].
pub fn may_retry(tx: &Tx, row: &DeliveryRow) -> Result<(), LedgerError> {
    match row.state {
        // a shop is asked whether it has it before it is told again
        DeliveryState::Sent if row.channel == DeliveryChannel::Shop => must_be_wanted(tx, row),
        DeliveryState::Sent => Err(refused(
            BusinessRefusal::done(format!(
                "delivery {} ({}) was sent already",
                row.id, row.subject
            ))
            .with_remedy(
                ": `poms po resend` sends a purchase order again, marked as a possible \
                 duplicate",
            ),
        )),
        // a second hand on it would make two of one
        DeliveryState::Sending => Err(refused(cancellation::handed_over_now(row))),
        _ => must_be_wanted(tx, row),
    }
}

/// The order to whose customer a mail went.
fn whose_customer(row: &DeliveryRow) -> Result<i64, LedgerError> {
    row.order_id.filter(|_| is_customers(row)).ok_or_else(|| {
        refused(
            BusinessRefusal::not_for_this("this document did not go to a customer").with_remedy(
                ": correct the vendor's address with `poms vendors import FILE`, then \
                 --retry",
            ),
        )
    })
}

/// Puts a dead, unknown or dropped delivery back into the outbox, under the same number and
/// Message-ID; one that waits there is tried by the next run. A purchase order that may have arrived is marked as a possible duplicate.
///
/// # Errors
/// When its state forbids it.
pub fn retry(tx: &Tx, site: &App, id: i64, note: &str) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    let row = tx.delivery(id)?;
    may_retry(tx, &row)?;
    let doubtful = row.state == DeliveryState::Unknown || tx.doubt_remains(id)?;
    let whom = readdress(tx, &row)?;
    if row.state == DeliveryState::Queued {
        tx.hasten_delivery(&row, note)?;
        close_exceptions(tx, id, "retry", note)?;
        return Ok(vec![format!(
            "Delivery {id} ({}) waits no longer: the next `poms process` tries it{whom}.",
            row.subject
        )]);
    }
    tx.move_delivery(&row, DeliveryState::Queued, note)?;
    close_exceptions(tx, id, "retry", note)?;
    requeue_po(tx, &row)?;
    made_anew(tx, site, &row, doubtful)?;
    let mark = if doubtful && row.po_id.is_some() {
        ", marked as a possible duplicate"
    } else {
        ""
    };
    Ok(vec![format!(
        "Delivery {id} ({}) is in the outbox again{mark}: the next `poms process` sends it{whom}.",
        row.subject
    )])
}

/// Sends a mail to the address that is on file now, if that is another one than when it was made.
/// Says to whom it goes then.
fn readdress(tx: &Tx, row: &DeliveryRow) -> Result<String, LedgerError> {
    if row.channel != DeliveryChannel::Email {
        return Ok(String::new());
    }
    let vendor = match row.po_id {
        Some(po) => Some(tx.po(po)?.vendor_id),
        None => match tx.vendor_of_return_mail(row.id)? {
            None => match tx.vendor_of_cancellation_mail(row.id)? {
                None => tx.vendor_of_revision_mail(row)?,
                vendor => vendor,
            },
            vendor => vendor,
        },
    };
    let to = match (vendor, row.order_id) {
        (Some(vendor), _) => tx
            .vendor(&vendor)?
            .map(|vendor| (vendor.name, vendor.email)),
        (None, Some(order)) if is_customers(row) => {
            let customer = tx.order(order)?.order.customer;
            Some((customer.name, customer.email))
        }
        _ => None,
    };
    let Some((name, address)) = to
        .and_then(|(name, address)| Some((email::shown_name(&name), email::wire(&address).ok()?)))
    else {
        return Ok(String::new());
    };
    if row.recipients == [address.clone()] {
        return Ok(String::new());
    }
    let content = compose::readdress(&tx.delivery_content(row.id)?, &(name, address.clone()))
        .map_err(|fault| {
            refused(BusinessRefusal::cannot_be_made(format!(
                "delivery {} cannot go to {address}: {fault}",
                row.id
            )))
        })?;
    tx.readdress_delivery(row, std::slice::from_ref(&address), &content)?;
    Ok(format!(" to {address}"))
}

/// Whether a mail is one that poms wrote to a customer; others may be about an order and go to its
/// vendor. A question and an answer go where they went.
fn is_customers(row: &DeliveryRow) -> bool {
    let asked = [DeliveryKind::CustomerQuestion, DeliveryKind::AnswerCustomer];
    row.kind.is_customers() && !asked.contains(&row.kind)
}

/// Corrects the customer's address on an order whose mail came back; the order itself is placed, so
/// nothing else of it can change.
fn amend_address(
    tx: &Tx,
    row: &DeliveryRow,
    changes: &[String],
    note: &str,
) -> Result<(), LedgerError> {
    let order = whose_customer(row)?;
    let [change] = changes else {
        return Err(refused(
            BusinessRefusal::needs_word("one change is possible here")
                .with_remedy(": --amend customer.email=ADDRESS"),
        ));
    };
    let Some(address) = change.strip_prefix("customer.email=") else {
        return Err(refused(
            BusinessRefusal::not_for_this(format!("'{change}' is not possible here"))
                .with_remedy(": only --amend customer.email=ADDRESS"),
        ));
    };
    if let Err(why) = email::deliverable(address) {
        return Err(refused(
            BusinessRefusal::bad_word(format!(
                "no mail can be sent to '{}': {why}",
                address.trim()
            ))
            .with_remedy("; write --amend customer.email=ADDRESS, with a whole address"),
        ));
    }
    let order = tx.order(order)?;
    let (amended, mut masked) = amend::amend(&order.order, changes)
        .map_err(|why| refused(BusinessRefusal::bad_word(why)))?;
    masked.extend(order.masked.iter().cloned());
    tx.amend_order(&order, &amended, &masked, note)?;
    Ok(())
}

/// A purchase order whose document is sent again waits for it like a new one.
fn requeue_po(tx: &Tx, row: &DeliveryRow) -> Result<(), LedgerError> {
    if let Some(po) = row.po_id.map(|id| tx.po(id)).transpose()?
        && po.state == PoState::Failed
    {
        tx.move_po(&po, PoState::Queued, &json!("sent again"))?;
    }
    Ok(())
}

/// A purchase order that was taken back since is not sent.
fn must_be_wanted(tx: &Tx, row: &DeliveryRow) -> Result<(), LedgerError> {
    if let Some(id) = tx.revision_of_delivery(row.id)? {
        return revision::may_be_sent(&tx.revision(id)?);
    }
    let Some(po) = row.po_id.map(|id| tx.po(id)).transpose()? else {
        return Ok(());
    };
    match po.state {
        PoState::Cancelled => Err(refused(BusinessRefusal::wrong_state(format!(
            "purchase order {} is cancelled: it is not sent again",
            po.number
        )))),
        _ => resend::not_revised(tx, &po),
    }
}

/// A purchase order that goes out again says what is wanted today: when its vendor may have it, or
/// something was taken off it since.
fn made_anew(tx: &Tx, site: &App, row: &DeliveryRow, doubtful: bool) -> Result<(), LedgerError> {
    if row.kind == DeliveryKind::PoRevision {
        return revision::render_again(tx, &site.buyer(), row, doubtful);
    }
    let Some(po) = row.po_id.map(|id| tx.po(id)).transpose()? else {
        return Ok(());
    };
    let lines = tx.line_states(po.id)?;
    let changed = lines
        .iter()
        .any(|line| line.pieces.open() < line.pieces.ordered);
    match doubtful || changed {
        true => wanted::render_again(tx, &site.buyer(), &po, row, doubtful),
        false => Ok(()),
    }
}

/// Notes that a doubtful or failed delivery did arrive.
///
/// # Errors
/// When its state forbids it.
pub fn confirm(tx: &Tx, id: i64, note: &str) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    let row = tx.delivery(id)?;
    use DeliveryState::{Dropped, Failed, Unknown};
    if !matches!(row.state, Unknown | Failed | Dropped) {
        return Err(refused(BusinessRefusal::wrong_state(format!(
            "delivery {id} is {}: only an unknown, failed or dropped one can be confirmed",
            row.state
        ))));
    }
    tx.move_delivery(&row, DeliveryState::Sent, note)?;
    close_exceptions(tx, id, "confirm", note)?;
    closing::follow(tx, &row)?;
    if let Some(po) = row.po_id {
        tx.po_arrived(po, &json!(note))?;
    }
    Ok(vec![format!(
        "Delivery {id} ({}) is confirmed as sent.",
        row.subject
    )])
}

/// Decides that a delivery shall not be sent.
///
/// # Errors
/// When its state forbids it.
pub fn drop(tx: &Tx, id: i64, note: &str) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    let row = tx.delivery(id)?;
    tx.move_delivery(&row, DeliveryState::Dropped, note)?;
    close_exceptions(tx, id, "dismiss", note)?;
    closing::follow(tx, &row)?;
    let mut said = vec![format!("Delivery {id} ({}) will not be sent.", row.subject)];
    if let Some(po) = row.po_id.map(|id| tx.po(id)).transpose()?
        && matches!(po.state, PoState::Queued | PoState::Failed)
    {
        let order = tx.order(po.order_id)?;
        let cancel = match super::cancel::possible(tx, &order) {
            Ok(()) => format!(
                "`poms order cancel {}` if it shall not, ",
                typed(&order.reference())
            ),
            Err(_) => String::new(),
        };
        said.push(format!(
            "  Purchase order {} has not reached {}: {cancel}`poms outbox confirm {id}` if you brought it there otherwise.",
            po.number, po.vendor_name,
        ));
        if po.state == PoState::Queued {
            tx.move_po(&po, PoState::Failed, &json!("its delivery was dropped"))?;
        }
    }
    Ok(said)
}
