//! What an outcome means for a delivery, its purchase order and the exceptions list.

use super::DeliverySums;
use crate::clock::{self, Moment};
use crate::delivery::channel::{DeliveryOutcome, Job};
use crate::delivery::hook;
use crate::delivery::shop::{closing, watch};
use crate::domain::backoff::{self, BackoffSettings, Class, Next};
use crate::domain::codes::{Code, Severity};
use crate::domain::delivery::DeliveryKind;
use crate::domain::lifecycle::{DeliveryState, PoState};
use crate::ledger::exceptions::Subject;
use crate::ledger::fax::NewFaxJob;
use crate::ledger::outbox::{DeliveryRow, SettledAttempt};
use crate::ledger::{LedgerError, Tx};
use serde_json::json;

/// Does what an outcome of the engine asks for.
pub(super) fn settle(
    tx: &Tx,
    row: &DeliveryRow,
    outcome: &DeliveryOutcome,
    backoff: &BackoffSettings,
    sums: &mut DeliverySums,
) -> Result<(), LedgerError> {
    match outcome {
        DeliveryOutcome::Accepted { detail } => sent(tx, row, detail, sums),
        DeliveryOutcome::HandedOver { detail, job } => handed_over(tx, row, detail, job, sums),
        DeliveryOutcome::Refused { detail } => failed(tx, row, detail, sums),
        DeliveryOutcome::Unknown { detail } => unknown(tx, row, detail, sums),
        DeliveryOutcome::Deferred {
            detail,
            retry_after,
        } => deferred(tx, row, detail, *retry_after, backoff, sums),
        DeliveryOutcome::Unreachable { detail } => {
            if !sums.unreachable.contains(detail) {
                sums.unreachable.push(detail.clone());
            }
            deferred(tx, row, detail, None, backoff, sums)
        }
        DeliveryOutcome::Barred { detail } => barred(tx, row, detail, sums),
    }
}

/// It stays due, and goes by itself once a person mended what keeps it.
fn barred(
    tx: &Tx,
    row: &DeliveryRow,
    detail: &str,
    sums: &mut DeliverySums,
) -> Result<(), LedgerError> {
    sums.deferred += 1;
    if !sums.unreachable.iter().any(|told| told == detail) {
        sums.unreachable.push(detail.to_owned());
    }
    // in each run the same: no row says it anew
    if row.state == DeliveryState::Queued && row.detail == detail {
        return Ok(());
    }
    let end = SettledAttempt {
        to: DeliveryState::Queued,
        detail,
        next_attempt: Some(tx.now().into()),
    };
    tx.settle_delivery(row, &end)
}

/// The other side took it.
pub(in crate::delivery) fn sent(
    tx: &Tx,
    row: &DeliveryRow,
    detail: &str,
    sums: &mut DeliverySums,
) -> Result<(), LedgerError> {
    taken(tx, row, detail, "it was delivered", sums)
}

/// A fax service took it: as good as sent until the service says otherwise.
pub(in crate::delivery) fn handed_over(
    tx: &Tx,
    row: &DeliveryRow,
    detail: &str,
    job: &Job,
    sums: &mut DeliverySums,
) -> Result<(), LedgerError> {
    taken(tx, row, detail, "a fax service has it", sums)?;
    let new = NewFaxJob {
        service: job.service,
        job: &job.id,
        number: &job.number,
        tells: job.tells,
        detail,
    };
    tx.insert_fax_job(row, &new)?;
    Ok(())
}

fn taken(
    tx: &Tx,
    row: &DeliveryRow,
    detail: &str,
    cleared: &str,
    sums: &mut DeliverySums,
) -> Result<(), LedgerError> {
    sums.sent += 1;
    tx.settle_delivery(row, &SettledAttempt::end(DeliveryState::Sent, detail))?;
    for old in tx.open_exceptions_of_delivery(row.id)? {
        tx.resolve_exception(&old, "cleared", cleared)?;
    }
    closing::follow(tx, row)?;
    match row.po_id {
        Some(po) => tx.po_arrived(po, &json!({"delivery": row.id})),
        None => Ok(()),
    }
}

/// Tries again later, or gives up when it has been tried for too long.
pub(in crate::delivery) fn deferred(
    tx: &Tx,
    row: &DeliveryRow,
    detail: &str,
    retry_after: Option<std::time::Duration>,
    backoff: &BackoffSettings,
    sums: &mut DeliverySums,
) -> Result<(), LedgerError> {
    let first = row.first_attempt.map_or(tx.now(), Moment::time);
    let class = if row.kind == DeliveryKind::PurchaseOrder {
        Class::PurchaseOrder
    } else {
        Class::Mail
    };
    let jitter = f64::from(u16::from_be_bytes(clock::random())) / f64::from(u16::MAX);
    // `attempts` counts this one already when it came to the handing over
    let tried = row.attempts + i64::from(row.state == DeliveryState::Queued);
    let attempts = u32::try_from(tried).unwrap_or(u32::MAX);
    let now = tx.now();
    match backoff::next(backoff, class, attempts, first, now, jitter, retry_after) {
        Next::DeadLetter => failed(
            tx,
            row,
            &format!("given up after {attempts} attempts; the last answer: {detail}"),
            sums,
        ),
        Next::Retry { at, alert } => {
            sums.deferred += 1;
            let next_attempt = Some(at.into());
            tx.settle_delivery(
                row,
                &SettledAttempt {
                    to: DeliveryState::Queued,
                    detail,
                    next_attempt,
                },
            )?;
            not_arrived(tx, row, PoState::Queued, detail)?;
            if alert && !row.alerted && !asks_again(row) {
                tx.mark_alerted(row.id)?;
                let since = first.format("%Y-%m-%d %H:%M UTC");
                let text = format!("{} waits since {since}: {detail}", row.subject);
                open(tx, row, Code::DeliveryFailed, Severity::Warn, &text, sums)?;
            }
            Ok(())
        }
    }
}

/// A dead letter: an exception, and the purchase order is `failed` unless it goes another way too.
pub(in crate::delivery) fn failed(
    tx: &Tx,
    row: &DeliveryRow,
    detail: &str,
    sums: &mut DeliverySums,
) -> Result<(), LedgerError> {
    sums.failed += 1;
    tx.settle_delivery(row, &SettledAttempt::end(DeliveryState::Failed, detail))?;
    for old in tx.open_exceptions_of_delivery(row.id)? {
        tx.resolve_exception(&old, "cleared", "replaced by what happened next")?;
    }
    if asks_again(row) || hook::is_about_all(detail) && tx.hook_is_asked_about(row, detail)? {
        return Ok(());
    }
    let text = format!(
        "{} could not be delivered to {}: {detail}",
        row.subject,
        row.recipients.join(", ")
    );
    open(tx, row, Code::DeliveryFailed, Severity::Hold, &text, sums)?;
    not_arrived(tx, row, PoState::Failed, detail)
}

/// What a delivery that did not arrive means for its purchase order: nothing when another one took
/// it to the vendor; `queued` while this or another one is still tried; else `failed`. The place for a
/// fallback.
pub(in crate::delivery) fn not_arrived(
    tx: &Tx,
    row: &DeliveryRow,
    otherwise: PoState,
    detail: &str,
) -> Result<(), LedgerError> {
    let Some(po) = row.po_id.map(|id| tx.po(id)).transpose()? else {
        return Ok(());
    };
    let mut waits = false;
    for other in tx.deliveries_of_po(po.id)? {
        match other.state {
            _ if other.id == row.id || other.kind != row.kind => {}
            DeliveryState::Sent => return Ok(()),
            DeliveryState::Failed | DeliveryState::Dropped => {}
            _ => waits = true,
        }
    }
    let to = if waits { PoState::Queued } else { otherwise };
    if matches!(po.state, PoState::Queued | PoState::Sent) && po.state != to {
        tx.move_po(&po, to, &json!({"delivery": row.id, "answer": detail}))?;
    }
    Ok(())
}

/// Whether a document never needs a person, whatever becomes of it: a question to a vendor, which the
/// watchers ask again until they tell a person that nothing came.
pub(in crate::delivery) fn asks_again(row: &DeliveryRow) -> bool {
    row.kind == DeliveryKind::PoChase
}

/// Names a delivery of which nobody knows whether it arrived: a person decides.
pub(super) fn unknown(
    tx: &Tx,
    row: &DeliveryRow,
    detail: &str,
    sums: &mut DeliverySums,
) -> Result<(), LedgerError> {
    if asks_again(row) {
        let detail = format!("it may or may not have arrived: {detail}");
        return failed(tx, row, &detail, sums);
    }
    sums.unknown += 1;
    tx.settle_delivery(row, &SettledAttempt::end(DeliveryState::Unknown, detail))?;
    // a shop is asked in the next runs whether it has it
    match watch::may_clear_up(tx, row) {
        true => Ok(()),
        false => doubt(tx, row, detail, sums),
    }
}

/// Asks a person about a delivery of which nobody knows whether it arrived.
pub(in crate::delivery) fn doubt(
    tx: &Tx,
    row: &DeliveryRow,
    detail: &str,
    sums: &mut DeliverySums,
) -> Result<(), LedgerError> {
    let text = format!(
        "{} may or may not have reached {}: {detail}",
        row.subject,
        row.recipients.join(", ")
    );
    open(tx, row, Code::DeliveryUnknown, Severity::Hold, &text, sums)
}

/// Puts an exception about the delivery on the list.
pub(in crate::delivery) fn open(
    tx: &Tx,
    row: &DeliveryRow,
    code: Code,
    severity: Severity,
    text: &str,
    sums: &mut DeliverySums,
) -> Result<(), LedgerError> {
    let about = Subject {
        order: row.order_id,
        po: row.po_id,
        delivery: Some(row.id),
        message: None,
    };
    sums.opened += 1;
    let id = tx.open_exception(code, severity, &row.entity(), about, text)?;
    if row.kind == DeliveryKind::AdminExceptions {
        // a mail about it would fail as well, and so on for ever: cron tells it
        tx.mark_mailed([id])?;
        sums.unreachable.push(text.to_owned());
    }
    Ok(())
}
