//! The stage that empties the outbox: the ledger as the engine's store, and what a killed run left.

mod outcome;

pub(super) use outcome::{
    asks_again, deferred, doubt, failed, handed_over, not_arrived, open, sent,
};

use super::channel::{DeliveryOutcome, OutgoingMessage};
use super::engine::DeliveryStore;
pub use super::envelope::Envelopes;
use super::journal::{LeftJournal, SendingFate, SendingJournal};
use crate::clock::{self, Clock};
use crate::domain::backoff::BackoffSettings;
use crate::domain::delivery::{DeliveryChannel, DeliveryKind};
use crate::domain::lifecycle::DeliveryState;
use crate::ledger::outbox::{DeliveryRow, INTERRUPTED, SettledAttempt};
use crate::ledger::{Ledger, LedgerError, Tx};
use chrono::{DateTime, Utc};
use outcome::{settle, unknown};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// What became of the deliveries of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliverySums {
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

/// How far a run is with the outbox of one channel.
pub struct OutboxState {
    channel: DeliveryChannel,
    after: i64,
    open: HashMap<i64, DeliveryRow>,
    journal: Option<Arc<SendingJournal>>,
    /// What became of them so far.
    pub sums: DeliverySums,
}

impl OutboxState {
    /// Before the first.
    pub fn new(channel: DeliveryChannel) -> OutboxState {
        OutboxState {
            channel,
            after: 0,
            open: HashMap::new(),
            journal: None,
            sums: DeliverySums::default(),
        }
    }

    /// Of what has a higher number than this alone.
    pub fn behind(channel: DeliveryChannel, after: i64) -> OutboxState {
        OutboxState {
            after,
            ..OutboxState::new(channel)
        }
    }

    /// Its channel.
    pub fn channel(&self) -> &DeliveryChannel {
        &self.channel
    }

    /// Where marks are written down before they are made.
    #[must_use]
    pub fn with_journal(self, journal: Option<Arc<SendingJournal>>) -> OutboxState {
        OutboxState { journal, ..self }
    }
}

/// The ledger as the engine's store.
pub struct Outbox<'a> {
    /// The one writer.
    pub ledger: &'a mut Ledger,
    /// Dates what becomes of each.
    pub clock: &'a Clock,
    /// When what is deferred is due again.
    pub backoff: &'a BackoffSettings,
    /// Who gets each document, and who its bounce.
    pub envelopes: Envelopes<'a>,
    /// The file in which the trail's head stands before anything is handed over.
    pub anchor: &'a Path,
    /// How far this run is.
    pub state: &'a mut OutboxState,
}

impl Outbox<'_> {
    /// Whether nothing is due, so that no connection need be opened.
    pub fn is_empty(&self) -> Result<bool, LedgerError> {
        Ok(self.due(1)?.is_empty())
    }

    /// What is due now and was not handed out yet, at most so many.
    fn due(&self, at_most: usize) -> Result<Vec<DeliveryRow>, LedgerError> {
        let now = clock::text(self.clock.now());
        let OutboxState { channel, after, .. } = &*self.state;
        let tx = self.ledger.read();
        tx.due_deliveries(channel, &now, *after, at_most)
    }
}

impl DeliveryStore for Outbox<'_> {
    fn next(&mut self, at_most: usize) -> anyhow::Result<Vec<OutgoingMessage>> {
        let rows = self.due(at_most)?;
        let mut messages = Vec::with_capacity(rows.len());
        for row in rows {
            self.state.after = row.id;
            let (from, to) = self.envelopes.envelope(&row);
            messages.push(OutgoingMessage {
                id: row.id,
                reference: row.reference.clone(),
                from,
                to,
                subject: row.subject.clone(),
                content: self.ledger.read().delivery_content(row.id)?,
            });
            self.state.open.insert(row.id, row);
        }
        Ok(messages)
    }

    fn record(
        &mut self,
        settled: Vec<(i64, DeliveryOutcome)>,
        sending: &[i64],
    ) -> anyhow::Result<Vec<i64>> {
        let mut gone = Vec::new();
        if settled.is_empty() && sending.is_empty() {
            return Ok(gone);
        }
        let now = self.clock.now();
        self.note(sending)?;
        let OutboxState { open, sums, .. } = &mut *self.state;
        let backoff = self.backoff;
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
            self.state.open.remove(id);
        }
        for id in sending {
            if let Some(row) = self.state.open.get_mut(id) {
                row.state = DeliveryState::Sending;
                row.attempts += 1;
                row.first_attempt.get_or_insert(now.into());
            }
        }
        if gone.len() < sending.len() {
            self.anchored(now, sending)?;
        }
        Ok(gone)
    }

    fn release(&mut self, ids: &[i64], why: &str) -> anyhow::Result<()> {
        Ok(self.due_again(self.clock.now(), ids, why)?)
    }
}

impl Outbox<'_> {
    /// Writes down which are about to be marked, where there is a journal.
    fn note(&self, sending: &[i64]) -> Result<(), LedgerError> {
        let OutboxState { journal, open, .. } = &*self.state;
        let Some(journal) = journal else {
            return Ok(());
        };
        let rows = sending.iter().filter_map(|id| open.get(id));
        let marks = rows.map(|row| (row.id, row.attempts + 1));
        journal.marks(marks).map_err(|fault| {
            let what = format!("cannot write {}", journal.path().display());
            LedgerError::File(what, fault)
        })
    }

    /// Takes marks back: these were not handed over.
    fn due_again(&mut self, now: DateTime<Utc>, ids: &[i64], why: &str) -> Result<(), LedgerError> {
        let marked = ids.iter().filter_map(|id| self.state.open.get(id));
        let end = SettledAttempt {
            to: DeliveryState::Queued,
            detail: why,
            next_attempt: Some(now.into()),
        };
        self.ledger.write(now, |tx| {
            marked
                .into_iter()
                .try_for_each(|row| tx.settle_delivery(row, &end))
        })
    }

    /// Anchors the marks: were they lost with the ledger's newest commits, nobody would know that these
    /// left. Where that fails nothing is handed over, so that they wait as before.
    fn anchored(&mut self, now: DateTime<Utc>, sending: &[i64]) -> Result<(), LedgerError> {
        let Err(fault) = self.ledger.anchor(self.anchor, now) else {
            return Ok(());
        };
        let why = "not handed over: the anchor file could not be written";
        let again = self.due_again(now, sending, why);
        // a ledger that fails too leaves them `sending`, and the next run names them
        let _: Result<(), LedgerError> = again;
        Err(fault)
    }
}

/// Names every delivery that a killed run left between handing over and answer, unless the journal that it
/// left (`left`) says what became of it. Where the channel can repeat without harm (`idempotent`), they are
/// simply due again.
pub fn recover(
    tx: &Tx,
    idempotent: bool,
    left: Option<&LeftJournal>,
) -> Result<DeliverySums, LedgerError> {
    let mut sums = DeliverySums::default();
    let left = match left {
        // of another ledger, or of another copy of this one, it says nothing
        Some(left) if tx.has_fact(left.head.0, &left.head.1)? => Some(left),
        _ => None,
    };
    for row in tx.interrupted_deliveries()? {
        let email = row.channel == DeliveryChannel::Email;
        let fate = left
            .filter(|_| email)
            .and_then(|left| left.fate(row.id, row.attempts));
        let again = |detail| SettledAttempt {
            to: DeliveryState::Queued,
            detail,
            next_attempt: Some(tx.now().into()),
        };
        match fate {
            // the receiver knows an event by its id, and an order is closed once however often it is said
            _ if idempotent && email
                || row.channel == DeliveryChannel::Hook
                || row.kind == DeliveryKind::ShopClosed =>
            {
                tx.settle_delivery(&row, &again(INTERRUPTED))?
            }
            Some(SendingFate::Taken(answer)) => outcome::sent(tx, &row, answer, &mut sums)?,
            Some(SendingFate::NotHandedOver) => {
                let why = "not handed over: the run was killed before";
                tx.settle_delivery(&row, &again(why))?;
            }
            Some(SendingFate::Doubtful) | None => {
                let detail = "the run was killed between handing over and the answer";
                unknown(tx, &row, detail, &mut sums)?;
            }
        }
    }
    Ok(sums)
}
