//! The stage that empties the outbox: what the engine's results mean for deliveries, purchase
//! orders and the exceptions list.

use super::backoff::{self, BackoffSettings, Class, Next};
use super::channel::{Job, Outcome, Parcel};
use super::engine::Book;
pub use super::post::Post;
use crate::clock::{self, Clock};
use crate::domain::codes::Severity;
use crate::domain::lifecycle::{DeliveryState, PoState};
use crate::ledger::exceptions::Subject;
use crate::ledger::fax::NewFaxJob;
use crate::ledger::outbox::{DeliveryRow, Settled};
use crate::ledger::{Ledger, LedgerError, Tx};
use serde_json::json;
use std::collections::HashMap;

/// What became of the deliveries of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// The other side took them.
    pub sent: usize,
    /// Wait for another attempt.
    pub deferred: usize,
    /// Given up.
    pub failed: usize,
    /// May or may not have arrived.
    pub unknown: usize,
    /// Exceptions that were opened.
    pub opened: usize,
    /// What the server as a whole had against us, once each.
    pub unreachable: Vec<String>,
}

/// The ledger as the engine's book.
pub struct Outbox<'a> {
    ledger: &'a mut Ledger,
    clock: &'a Clock,
    channel: &'static str,
    backoff: &'a BackoffSettings,
    post: Post<'a>,
    after: i64,
    begun: String,
    open: HashMap<i64, DeliveryRow>,
    /// What became of them so far.
    pub sums: Sums,
}

impl<'a> Outbox<'a> {
    /// Everything of one channel that is due now.
    pub fn new(
        ledger: &'a mut Ledger,
        clock: &'a Clock,
        channel: &'static str,
        backoff: &'a BackoffSettings,
        post: Post<'a>,
    ) -> Outbox<'a> {
        let begun = clock::text(clock.now());
        Outbox {
            ledger,
            clock,
            channel,
            backoff,
            post,
            after: 0,
            begun,
            open: HashMap::new(),
            sums: Sums::default(),
        }
    }

    /// Whether nothing is due, so that no connection need be opened.
    ///
    /// # Errors
    /// The ledger's.
    pub fn is_empty(&self) -> Result<bool, LedgerError> {
        Ok(self
            .ledger
            .read()
            .due_deliveries(self.channel, &self.begun, self.after, 1)?
            .is_empty())
    }
}

impl Book for Outbox<'_> {
    fn next(&mut self, at_most: usize) -> anyhow::Result<Vec<Parcel>> {
        let tx = self.ledger.read();
        let rows = tx.due_deliveries(self.channel, &self.begun, self.after, at_most)?;
        let mut parcels = Vec::with_capacity(rows.len());
        for row in rows {
            self.after = row.id;
            let (from, to) = self.post.envelope(&row);
            parcels.push(Parcel {
                id: row.id,
                reference: row.reference.clone(),
                from,
                to,
                subject: row.subject.clone(),
                content: tx.delivery_content(row.id)?,
            });
            self.open.insert(row.id, row);
        }
        Ok(parcels)
    }

    fn record(
        &mut self,
        settled: Vec<(i64, Outcome)>,
        sending: &[i64],
    ) -> anyhow::Result<Vec<i64>> {
        let mut gone = Vec::new();
        if settled.is_empty() && sending.is_empty() {
            return Ok(gone);
        }
        let now = self.clock.now();
        let (open, sums, backoff) = (&self.open, &mut self.sums, self.backoff);
        self.ledger.write(now, |tx| {
            for (id, outcome) in &settled {
                match open.get(id) {
                    // dropped by a person before anything was handed over
                    Some(row) if row.state == DeliveryState::Queued && !tx.is_queued(*id)? => {}
                    Some(row) => settle(tx, row, outcome, backoff, sums)?,
                    None => {}
                }
            }
            for id in sending {
                if !tx.mark_sending(*id)? {
                    gone.push(*id);
                }
            }
            Ok::<_, LedgerError>(())
        })?;
        for id in settled.iter().map(|(id, _)| id).chain(&gone) {
            self.open.remove(id);
        }
        for id in sending {
            if let Some(row) = self.open.get_mut(id) {
                row.state = DeliveryState::Sending;
                row.attempts += 1;
                row.first_attempt.get_or_insert_with(|| clock::text(now));
            }
        }
        Ok(gone)
    }
}

/// Names every delivery that a killed run left between handing over and answer. Where the channel
/// can repeat without harm (`idempotent`), they are simply due again.
///
/// # Errors
/// The ledger's.
pub fn recover(tx: &Tx, idempotent: bool) -> Result<Sums, LedgerError> {
    let mut sums = Sums::default();
    for row in tx.interrupted_deliveries()? {
        if idempotent && row.channel == "email" {
            let end = Settled {
                to: DeliveryState::Queued,
                detail: "the run was killed while handing it over; repeating is harmless here",
                next_attempt: Some(tx.now_text()),
            };
            tx.settle_delivery(&row, &end)?;
        } else {
            let detail = "the run was killed between handing over and the answer";
            unknown(tx, &row, detail, &mut sums)?;
        }
    }
    Ok(sums)
}

fn settle(
    tx: &Tx,
    row: &DeliveryRow,
    outcome: &Outcome,
    backoff: &BackoffSettings,
    sums: &mut Sums,
) -> Result<(), LedgerError> {
    match outcome {
        Outcome::Accepted { detail } => sent(tx, row, detail, sums),
        Outcome::HandedOver { detail, job } => handed_over(tx, row, detail, job, sums),
        Outcome::Refused { detail } => failed(tx, row, detail, sums),
        Outcome::Unknown { detail } => unknown(tx, row, detail, sums),
        Outcome::Deferred {
            detail,
            retry_after,
        } => deferred(tx, row, detail, *retry_after, backoff, sums),
        Outcome::Unreachable { detail } => {
            if !sums.unreachable.contains(detail) {
                sums.unreachable.push(detail.clone());
            }
            deferred(tx, row, detail, None, backoff, sums)
        }
    }
}

fn sent(tx: &Tx, row: &DeliveryRow, detail: &str, sums: &mut Sums) -> Result<(), LedgerError> {
    taken(tx, row, detail, "it was delivered", sums)
}

/// A fax service took it: as good as sent until the service says otherwise.
///
/// # Errors
/// The ledger's.
pub(super) fn handed_over(
    tx: &Tx,
    row: &DeliveryRow,
    detail: &str,
    job: &Job,
    sums: &mut Sums,
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
    sums: &mut Sums,
) -> Result<(), LedgerError> {
    sums.sent += 1;
    tx.settle_delivery(row, &Settled::end(DeliveryState::Sent, detail))?;
    for old in tx.open_exceptions_of_delivery(row.id)? {
        tx.resolve_exception(&old, "cleared", cleared)?;
    }
    match row.po_id {
        Some(po) => tx.po_arrived(po, &json!({"delivery": row.id})),
        None => Ok(()),
    }
}

/// Tries again later, or gives up when it has been tried for too long.
///
/// # Errors
/// The ledger's.
pub(super) fn deferred(
    tx: &Tx,
    row: &DeliveryRow,
    detail: &str,
    retry_after: Option<std::time::Duration>,
    backoff: &BackoffSettings,
    sums: &mut Sums,
) -> Result<(), LedgerError> {
    let first = row
        .first_attempt
        .as_deref()
        .and_then(clock::parse)
        .unwrap_or(tx.now());
    let class = if row.kind == "purchase_order" {
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
            let next_attempt = Some(clock::text(at));
            tx.settle_delivery(
                row,
                &Settled {
                    to: DeliveryState::Queued,
                    detail,
                    next_attempt,
                },
            )?;
            not_arrived(tx, row, PoState::Queued, detail)?;
            if alert && !row.alerted {
                tx.mark_alerted(row.id)?;
                let since = first.format("%Y-%m-%d %H:%M UTC");
                let text = format!("{} waits since {since}: {detail}", row.subject);
                open(tx, row, "delivery_failed", Severity::Warn, &text, sums)?;
            }
            Ok(())
        }
    }
}

/// A dead letter: an exception, and the purchase order is `failed` unless it goes another way too.
///
/// # Errors
/// The ledger's.
pub(super) fn failed(
    tx: &Tx,
    row: &DeliveryRow,
    detail: &str,
    sums: &mut Sums,
) -> Result<(), LedgerError> {
    sums.failed += 1;
    tx.settle_delivery(row, &Settled::end(DeliveryState::Failed, detail))?;
    for old in tx.open_exceptions_of_delivery(row.id)? {
        tx.resolve_exception(&old, "cleared", "replaced by what happened next")?;
    }
    let text = format!(
        "{} could not be delivered to {}: {detail}",
        row.subject,
        row.recipients.join(", ")
    );
    open(tx, row, "delivery_failed", Severity::Hold, &text, sums)?;
    not_arrived(tx, row, PoState::Failed, detail)
}

/// What a delivery that did not arrive means for its purchase order: nothing when another one took
/// it to the vendor; `queued` while this or another one is still tried; else `failed`. The place for a
/// fallback.
///
/// # Errors
/// The ledger's.
pub(super) fn not_arrived(
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

fn unknown(tx: &Tx, row: &DeliveryRow, detail: &str, sums: &mut Sums) -> Result<(), LedgerError> {
    sums.unknown += 1;
    tx.settle_delivery(row, &Settled::end(DeliveryState::Unknown, detail))?;
    let text = format!(
        "{} may or may not have reached {}: {detail}",
        row.subject,
        row.recipients.join(", ")
    );
    open(tx, row, "delivery_unknown", Severity::Hold, &text, sums)
}

/// Puts an exception about the delivery on the list.
///
/// # Errors
/// The ledger's.
pub(super) fn open(
    tx: &Tx,
    row: &DeliveryRow,
    code: &str,
    severity: Severity,
    text: &str,
    sums: &mut Sums,
) -> Result<(), LedgerError> {
    let about = Subject {
        order: row.order_id,
        po: row.po_id,
        delivery: Some(row.id),
        message: None,
    };
    sums.opened += 1;
    let id = tx.open_exception(code, severity, &row.entity(), about, text)?;
    if row.kind == "admin_exceptions" {
        // a mail about it would fail as well, and so on for ever: cron tells it
        tx.mark_mailed([id])?;
        sums.unreachable.push(text.to_owned());
    }
    Ok(())
}
