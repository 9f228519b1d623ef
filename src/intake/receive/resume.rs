//! Messages that are stored and not read: a run began with them and did not end, a person took them
//! up again, or they were put off.

use super::super::refusal::Refusal;
use super::super::settle::{MessageSums, failed, refuse};
use super::Waiting;
use crate::domain::codes::{Code, Severity};
use crate::domain::lifecycle::MessageState;
use crate::ledger::messages::MessageRow;
use crate::ledger::{Ledger, LedgerError, Tx};
use chrono::{DateTime, Utc};

/// After so many beginnings without an end, a message is what crashes the run.
const POISON_ATTEMPTS: i64 = 3;

/// Messages that were taken up again.
#[derive(Default)]
pub struct Resumed {
    /// To be read.
    pub waiting: Vec<Waiting>,
    /// The number of the last that was looked at; `None` when there was none.
    pub last: Option<i64>,
    /// Messages that have no outcome: not even their fault could be written down. One sentence each.
    pub left: Vec<String>,
}

/// Messages whose reading was begun by an earlier run and never ended, or that a person took up
/// again, after number `after`: those with attempts come alone, so that the one that crashes the run is
/// found out.
pub fn resume(
    ledger: &mut Ledger,
    after: i64,
    at_most: usize,
    now: DateTime<Utc>,
    sums: &mut MessageSums,
) -> Result<Resumed, LedgerError> {
    let mut pending = ledger.read().pending_messages(after, at_most)?;
    match pending.first().map(|first| first.attempts) {
        None => return Ok(Resumed::default()),
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

/// Messages that were put off, a few at a time, after number `after`.
pub fn put_off(
    ledger: &mut Ledger,
    after: i64,
    at_most: usize,
    now: DateTime<Utc>,
    sums: &mut MessageSums,
) -> Result<Resumed, LedgerError> {
    let mut pending = ledger.read().put_off_messages(after, at_most)?;
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
    sums: &mut MessageSums,
) -> Result<Resumed, LedgerError> {
    let (resumed, counted) = ledger.write(now, |tx| {
        let (mut resumed, mut counted) = (Resumed::default(), MessageSums::default());
        for row in pending {
            counted.seen += 1;
            resumed.last = Some(row.id);
            match tx.apart(|| begin_one(tx, row))? {
                Ok(Begun::ToRead(message)) => resumed.waiting.push(message),
                Ok(Begun::Ended(state)) => counted.count(state),
                Err(fault) => match failed(tx, row.id, &fault)? {
                    Ok(()) => counted.count(MessageState::Held),
                    Err(sentence) => {
                        counted.seen -= 1;
                        resumed.left.push(sentence);
                    }
                },
            }
        }
        Ok::<_, LedgerError>((resumed, counted))
    })?;
    sums.add(counted);
    Ok(resumed)
}

enum Begun {
    ToRead(Waiting),
    Ended(MessageState),
}

fn begin_one(tx: &Tx, row: &MessageRow) -> Result<Begun, LedgerError> {
    if row.attempts >= POISON_ATTEMPTS {
        let reason = format!(
            "its reading was begun {} times and never ended: it seems to crash poms",
            row.attempts
        );
        let refusal = Refusal::new(Code::UnreadableMessage, reason);
        return refuse(tx, row.id, &refusal, Severity::Hold).map(Begun::Ended);
    }
    tx.count_attempt(row.id)?;
    Ok(Begun::ToRead(Waiting {
        id: row.id,
        received: row.received.time(),
        mailbox: row.mailbox.clone(),
        raw: tx.message_raw(row.id)?,
        document: tx.message_document(row.id)?,
    }))
}
