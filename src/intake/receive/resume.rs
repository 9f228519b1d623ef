//! Messages that are stored and not read: a run began with them and did not end, a person took them
//! up again, or they were put off.

use super::super::refusal::Refusal;
use super::super::settle::{Sums, refuse};
use super::Waiting;
use crate::clock;
use crate::domain::codes::Severity;
use crate::ledger::messages::MessageRow;
use crate::ledger::{Ledger, LedgerError};
use chrono::{DateTime, Utc};

/// After so many beginnings without an end, a message is what crashes the run.
const POISON_ATTEMPTS: i64 = 3;

/// Messages whose reading was begun by an earlier run and never ended, or that a person took up
/// again: those with attempts come alone, so that the one that crashes the run is found out.
///
/// # Errors
/// The ledger's.
pub fn resume(
    ledger: &mut Ledger,
    after: i64,
    at_most: usize,
    now: DateTime<Utc>,
    sums: &mut Sums,
) -> Result<Vec<Waiting>, LedgerError> {
    let mut pending = ledger.read().pending_messages(after, at_most)?;
    match pending.first().map(|first| first.attempts) {
        None => return Ok(Vec::new()),
        Some(0) => {
            pending = pending
                .into_iter()
                .take_while(|row| row.attempts == 0)
                .collect()
        }
        Some(_) => pending.truncate(1),
    }
    begin_again(ledger, &pending, now, sums)
}

/// Messages that were put off, a few at a time.
///
/// # Errors
/// The ledger's.
pub fn put_off(
    ledger: &mut Ledger,
    at_most: usize,
    now: DateTime<Utc>,
    sums: &mut Sums,
) -> Result<Vec<Waiting>, LedgerError> {
    let mut pending = ledger.read().put_off_messages(at_most)?;
    // one was being read when a run died
    if pending.iter().any(|row| row.attempts > 1) {
        pending.truncate(1);
    }
    begin_again(ledger, &pending, now, sums)
}

fn begin_again(
    ledger: &mut Ledger,
    pending: &[MessageRow],
    now: DateTime<Utc>,
    sums: &mut Sums,
) -> Result<Vec<Waiting>, LedgerError> {
    let mut waiting = Vec::new();
    ledger.write(now, |tx| {
        for row in pending {
            sums.seen += 1;
            if row.attempts >= POISON_ATTEMPTS {
                let reason = format!(
                    "its reading was begun {} times and never ended: it seems to crash poms",
                    row.attempts
                );
                sums.count(refuse(
                    tx,
                    row.id,
                    &Refusal::new("unreadable_message", reason),
                    Severity::Hold,
                )?);
                continue;
            }
            tx.count_attempt(row.id)?;
            let received = clock::parse(&row.received).unwrap_or(now);
            waiting.push(Waiting {
                id: row.id,
                received,
                mailbox: row.mailbox.clone(),
                raw: tx.message_raw(row.id)?,
            });
        }
        Ok::<_, LedgerError>(())
    })?;
    Ok(waiting)
}
