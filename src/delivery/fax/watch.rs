//! The stage that asks fax services what became of what they took, and whether they have what may
//! or may not have been handed over. Only what a service says when it is asked counts; nothing that
//! it sends of itself does.

use super::{FaxAnswer, FaxService, FoundFax, Worth};
use crate::clock::Clock;
use crate::delivery::channel::Job;
use crate::delivery::outbox::{self, DeliverySums};
use crate::domain::backoff::BackoffSettings;
use crate::domain::codes::{Code, Severity};
use crate::domain::fax_number;
use crate::domain::lifecycle::DeliveryState;
use crate::ledger::fax::WaitingFax;
use crate::ledger::outbox::{DeliveryRow, SettledAttempt};
use crate::ledger::{Ledger, LedgerError, Tx};
use chrono::TimeDelta;
use std::sync::atomic::{AtomicBool, Ordering};

/// Faxes that are asked about in one run; the others come first in the next.
const AT_MOST: usize = 500;
/// So long after a doubtful hand-over a service lists the fax if it has it.
const SETTLED: TimeDelta = TimeDelta::minutes(5);

/// From this attempt on a fax that the service does not have waits before it is sent again.
const IMPATIENT: i64 = 3;

/// What the site sets.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// When to call again.
    pub backoff: &'a BackoffSettings,
    /// How often a fax is handed over before it counts as undeliverable.
    pub attempts: i64,
}

/// Asks about everything that is open, before what a killed run left is named unknown. What the
/// service has against us as a whole is in `unreachable`; then nothing more is asked.
pub fn ask(
    ledger: &mut Ledger,
    clock: &Clock,
    service: &mut dyn FaxService,
    terms: Terms,
    stop: &AtomicBool,
) -> Result<DeliverySums, LedgerError> {
    let mut sums = DeliverySums::default();
    for id in ledger.read().doubtful_faxes()? {
        if stop.load(Ordering::Relaxed) {
            return Ok(sums);
        }
        let row = ledger.read().delivery(id)?;
        let Some(number) = searchable(&row, clock, service.remembers()) else {
            continue;
        };
        match service.find(&row.reference, &number) {
            Ok(found) => ledger.write(clock.now(), |tx| {
                settle(tx, service.name(), &row, found, terms, &mut sums)
            })?,
            Err(trouble) => {
                sums.unreachable.push(trouble.0);
                return Ok(sums);
            }
        }
    }
    for fax in ledger.read().waiting_faxes(service.name(), AT_MOST)? {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        match service.status(&fax.job) {
            Ok(answer) => {
                ledger.write(clock.now(), |tx| heard(tx, &fax, &answer, terms, &mut sums))?;
            }
            Err(trouble) => {
                sums.unreachable.push(trouble.0);
                break;
            }
        }
    }
    Ok(sums)
}

/// The number to search by, while the service's memory reaches back to the hand-over.
fn searchable(row: &DeliveryRow, clock: &Clock, remembers: TimeDelta) -> Option<String> {
    let first = row.first_attempt?.time();
    if clock.now() - first > remembers {
        return None;
    }
    fax_number::e164(row.recipients.first()?).ok()
}

/// Ends the doubt: the service has a fax of this reference that we do not know yet, or it has not.
fn settle(
    tx: &Tx,
    service: &'static str,
    row: &DeliveryRow,
    found: Vec<FoundFax>,
    terms: Terms,
    sums: &mut DeliverySums,
) -> Result<(), LedgerError> {
    let now = tx.now();
    let since = row.updated.time();
    let known = tx.fax_jobs_of(row.id)?;
    let new = found.into_iter().find(|fax| !known.contains(&fax.job));
    match new {
        Some(fax) => {
            let detail = format!("the service was asked and has it as {}", fax.job);
            let job = Job {
                service,
                id: fax.job,
                number: fax.number,
                tells: true,
            };
            outbox::handed_over(tx, row, &detail, &job, sums)
        }
        None if now - since < SETTLED => Ok(()),
        None => {
            for old in tx.open_exceptions_of_delivery(row.id)? {
                let note = "the service was asked and does not have it";
                tx.resolve_exception(&old, "cleared", note)?;
            }
            let detail = "the service was asked and does not have it: it is sent again";
            if row.attempts >= IMPATIENT {
                return outbox::deferred(tx, row, detail, None, terms.backoff, sums);
            }
            let end = SettledAttempt {
                to: DeliveryState::Queued,
                detail,
                next_attempt: Some(tx.now().into()),
            };
            tx.settle_delivery(row, &end)
        }
    }
}

/// Writes down what the service said of one fax, and what follows from it.
fn heard(
    tx: &Tx,
    fax: &WaitingFax,
    answer: &FaxAnswer,
    terms: Terms,
    sums: &mut DeliverySums,
) -> Result<(), LedgerError> {
    let row = tx.delivery(fax.delivery_id)?;
    tx.note_fax(fax.id, &row, &answer.news)?;
    let current = row.state == DeliveryState::Sent && !fax.replaced;
    if !current {
        // it was sent again, or a person decided: the log has the end of this one
        return Ok(());
    }
    let (news, to) = (&answer.news, row.recipients.join(", "));
    match news.state {
        "waiting" => late(tx, &row, fax, answer, terms, sums),
        "delivered" => {
            for old in tx.open_exceptions_of_delivery(row.id)? {
                tx.resolve_exception(&old, "cleared", "the fax arrived")?;
            }
            Ok(())
        }
        "failed" => {
            let taken = tx.count_fax_jobs(&row)?;
            match answer.worth {
                Worth::Retry if taken < terms.attempts => {
                    outbox::deferred(tx, &row, &news.detail, None, terms.backoff, sums)
                }
                Worth::Retry => {
                    let detail = format!("given up after {taken} faxes: {}", news.detail);
                    outbox::failed(tx, &row, &detail, sums)
                }
                Worth::GiveUp => outbox::failed(tx, &row, &news.detail, sums),
            }
        }
        _ => {
            let text = format!(
                "{} may or may not have reached {to}: {}",
                row.subject, news.detail
            );
            outbox::open(tx, &row, Code::DeliveryUnknown, Severity::Hold, &text, sums)
        }
    }
}

/// A person is told once of a fax that a service has for too long.
fn late(
    tx: &Tx,
    row: &DeliveryRow,
    fax: &WaitingFax,
    answer: &FaxAnswer,
    terms: Terms,
    sums: &mut DeliverySums,
) -> Result<(), LedgerError> {
    let since = fax.handed.time();
    let patience = TimeDelta::minutes(i64::from(terms.backoff.alert_minutes));
    if row.alerted || tx.now() - since < patience {
        return Ok(());
    }
    tx.mark_alerted(row.id)?;
    let text = format!(
        "{} is with the fax service since {} and has not arrived: {}",
        row.subject, fax.handed, answer.news.detail
    );
    outbox::open(tx, row, Code::DeliveryFailed, Severity::Warn, &text, sums)
}
