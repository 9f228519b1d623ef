//! The stage that takes messages in: stored first, then read, and filed away with their outcome.
//!
//! 1. *Ingest commit*: the bytes by their SHA-256, and the attempt counter.
//! 2. Read side by side ([`super::read`]).
//! 3. *Settle*: in the transaction that also decides on the orders.
//! 4. Filed away in its mailbox, into the folder that its outcome asks for. A run that ends before
//!    this finds the mail again, and knows it.

mod page;
mod resume;
mod store;

use super::mailbox::{FetchResults, Fetched, FilingFolder, Handle, Mailbox};
use super::read::{MessageReader, MessageReading};
use super::refusal::Refusal;
use super::settle::refuse;
pub use super::settle::{MessageSums, SettledBatch, settle};
use crate::domain::codes::{Code, Severity};
use crate::domain::lifecycle::MessageState;
use crate::ledger::apart::ADVICE;
use crate::ledger::messages::Stored;
use crate::ledger::sources::MessageDocument;
use crate::ledger::{Ledger, LedgerError, Tx};
use chrono::{DateTime, Utc};
pub use page::{IngestedPage, SourceId, ingest_page, settle_page};
use rayon::prelude::*;
pub use resume::{Resumed, put_off, resume};
use store::{MessageSeen, look, store};

/// A stored message that waits to be read.
pub struct Waiting {
    /// Its number.
    pub id: i64,
    /// When it was stored first.
    pub received: DateTime<Utc>,
    mailbox: String,
    raw: Vec<u8>,
    /// What is known of it beside, where a source gave it and no mailbox.
    document: Option<MessageDocument>,
}

impl Waiting {
    /// Bytes of it.
    pub fn size(&self) -> usize {
        self.raw.len()
    }

    fn read(&self, reader: &MessageReader, now: DateTime<Utc>) -> Result<MessageReading, Refusal> {
        match &self.document {
            Some(about) => {
                reader.read_document(&self.raw, &self.mailbox, about, self.received, now)
            }
            None => {
                let source = reader.source(&self.mailbox);
                reader.read(&self.raw, source, self.received, now)
            }
        }
    }
}

/// A message that was read.
pub struct Read {
    pub(super) id: i64,
    pub(super) result: Result<MessageReading, Refusal>,
}

impl Read {
    /// Its number.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// How many orders it brings; one where it is anything else, so that each counts.
    pub fn orders(&self) -> usize {
        match &self.result {
            Ok(MessageReading::Orders(read)) => read.orders.len().max(1),
            _ => 1,
        }
    }

    /// Whether its time was over before it was read.
    pub fn is_late(&self) -> bool {
        self.result.as_ref().is_err_and(Refusal::is_late)
    }
}

/// The outcome of ingesting a batch.
#[derive(Default)]
pub struct Ingested {
    /// To be read.
    pub waiting: Vec<Waiting>,
    /// What is in the ledger and is filed away when it has its outcome: with its number there.
    pub filing: Vec<(Handle, i64)>,
    /// Files or messages that could not be taken or filed: one sentence each.
    pub failures: Vec<String>,
    /// Messages that the mailbox keeps and does not give.
    pub kept_back: Vec<KeptBack>,
    /// The mailbox as a whole failed: nothing of the batch was taken.
    pub broken: bool,
}

impl Ingested {
    /// The messages that came, with their places in the batch; what did not is noted.
    fn sort(&mut self, batch: &[Handle], results: FetchResults) -> Vec<(usize, Fetched)> {
        let mut fetched = Vec::with_capacity(batch.len());
        for (place, result) in results {
            match result {
                Ok(Fetched::Gone) => {}
                Ok(message) => fetched.push((place, message)),
                Err(fault) => match (fault.of_one_message(), batch.get(place)) {
                    (Some(why), Some(handle)) => self.kept_back.push(KeptBack {
                        source: handle.key.clone(),
                        why,
                        sentence: fault.to_string(),
                        tries: 0,
                    }),
                    _ => self.failures.push(fault.to_string()),
                },
            }
        }
        fetched
    }
}

/// A message that the mailbox keeps and does not give.
pub struct KeptBack {
    /// Its name in the mailbox.
    pub source: String,
    /// What the mailbox does instead, in a few words.
    pub why: String,
    /// The same as a sentence that says what to do.
    pub sentence: String,
    /// How often it was asked for, this time included.
    pub tries: i64,
}

/// Fetches and stores one batch of a mailbox, and counts what it keeps back, in one transaction.
pub fn ingest(
    ledger: &mut Ledger,
    mailbox: &mut dyn Mailbox,
    batch: &[Handle],
    largest: u64,
    now: DateTime<Utc>,
    sums: &mut MessageSums,
) -> anyhow::Result<Ingested> {
    let mut ingested = Ingested::default();
    let results = match mailbox.fetch(batch, largest) {
        Ok(results) => results,
        Err(fault) => {
            ingested.failures.push(fault.to_string());
            ingested.broken = true;
            return Ok(ingested);
        }
    };
    let fetched = ingested.sort(batch, results);
    // a server that is gone says of each message what it says of all
    ingested.failures.dedup();
    let seen: Vec<MessageSeen> = fetched
        .par_iter()
        .map(|(_, message)| look(message))
        .collect();
    let arriving = Arriving {
        mailbox: mailbox.name().to_owned(),
        largest,
        now,
    };
    let taken = ledger.write(now, |tx| {
        let mut taken = TakenBatch::default();
        let keeps_back = tx.keeps_back(&arriving.mailbox)?;
        for kept in &ingested.kept_back {
            let tries = tx.withhold(&arriving.mailbox, &kept.source, &kept.why)?;
            taken.tries.push(tries);
        }
        for ((place, message), seen) in fetched.into_iter().zip(seen) {
            let Some(handle) = batch.get(place) else {
                continue;
            };
            match tx.apart(|| arriving.store(tx, handle, message, seen, keeps_back))? {
                Ok(Some(stored)) => taken.add(handle, stored),
                Ok(None) => {}
                Err(fault) => taken.failures.push(format!(
                    "{} could not be stored, and stays where it is: {fault}; {ADVICE}",
                    handle.key
                )),
            }
        }
        Ok::<_, LedgerError>(taken)
    })?;
    sums.add(taken.sums);
    for (kept, tries) in ingested.kept_back.iter_mut().zip(taken.tries) {
        kept.tries = tries;
    }
    ingested.failures.extend(taken.failures);
    (ingested.waiting, ingested.filing) = (taken.waiting, taken.filing);
    Ok(ingested)
}

/// What storing a batch came to: it counts when it is committed.
#[derive(Default)]
struct TakenBatch {
    sums: MessageSums,
    tries: Vec<i64>,
    waiting: Vec<Waiting>,
    filing: Vec<(Handle, i64)>,
    failures: Vec<String>,
}

impl TakenBatch {
    fn add(&mut self, handle: &Handle, stored: Arrived) {
        self.sums.add(stored.sums);
        self.filing.push((handle.clone(), stored.id));
        self.waiting.extend(stored.to_read);
    }
}

/// A message that is stored.
struct Arrived {
    id: i64,
    sums: MessageSums,
    /// The message itself where it is to be read.
    to_read: Option<Waiting>,
}

/// What is the same for every message of a batch.
struct Arriving {
    mailbox: String,
    /// Bytes; what is larger is refused unread.
    largest: u64,
    now: DateTime<Utc>,
}

impl Arriving {
    /// Stores a message and counts it. `None`: it was gone before it could be fetched.
    fn store(
        &self,
        tx: &Tx,
        handle: &Handle,
        message: Fetched,
        seen: MessageSeen,
        keeps_back: bool,
    ) -> Result<Option<Arrived>, LedgerError> {
        let (raw, too_large) = match message {
            Fetched::Message(raw) => (raw, false),
            Fetched::TooLarge { head, .. } => (head, true),
            Fetched::Gone => return Ok(None),
        };
        let stored = store(tx, &self.mailbox, handle, seen, &raw)?;
        if keeps_back {
            tx.no_longer_withheld(&self.mailbox, &handle.key, true)?;
        }
        let (mut sums, mut to_read) = (MessageSums::default(), None);
        match stored {
            Stored::New(id) if too_large => {
                sums.seen += 1;
                let reason = format!(
                    "{} bytes: poms opens messages of up to {}",
                    handle.size, self.largest
                );
                let refusal = Refusal::new(Code::TooLarge, reason);
                sums.count(refuse(tx, id, &refusal, Severity::Hold)?);
            }
            Stored::New(id) => {
                sums.seen += 1;
                to_read = Some(Waiting {
                    id,
                    received: self.now,
                    mailbox: self.mailbox.clone(),
                    raw,
                    document: None,
                });
            }
            Stored::Known(id) | Stored::Unfinished(id) => {
                // those of earlier runs were read before this: an unfinished one is on its way
                sums.seen += 1;
                sums.duplicate += 1;
                tx.count_copy(id, &self.mailbox, &handle.key)?;
            }
            Stored::Unfiled(_) => {}
        }
        Ok(Some(Arrived {
            id: stored.id(),
            sums,
            to_read,
        }))
    }
}

/// Files away what has its outcome: what could not be read where a person finds it with any mail
/// program, the rest among what is done. What could not be filed, a sentence each.
pub fn file(
    ledger: &Ledger,
    mailbox: &mut dyn Mailbox,
    filing: Vec<(Handle, i64)>,
) -> Result<Vec<String>, LedgerError> {
    if ledger.is_rehearsal() {
        return Ok(Vec::new());
    }
    let (mut processed, mut quarantined) = (Vec::new(), Vec::new());
    for (handle, id) in filing {
        match ledger.read().message(id)?.state {
            // it is filed when it has its outcome
            MessageState::Pending => {}
            MessageState::Quarantined => quarantined.push(handle),
            _ => processed.push(handle),
        }
    }
    let mut failures = Vec::new();
    for (handles, folder) in [
        (processed, FilingFolder::Processed),
        (quarantined, FilingFolder::Quarantine),
    ] {
        let filed = mailbox.file(&handles, folder);
        let faults = filed.into_iter().filter_map(Result::err);
        let mut sentences: Vec<String> = faults.map(|fault| fault.to_string()).collect();
        // a server that is gone says of each message what it says of all
        sentences.dedup();
        failures.extend(sentences);
    }
    Ok(failures)
}

/// Reads messages on all cores.
pub fn read_all(waiting: Vec<Waiting>, reader: &MessageReader, now: DateTime<Utc>) -> Vec<Read> {
    waiting
        .into_par_iter()
        .map(|message| {
            let read = || message.read(reader, now);
            // a parser that panics takes one message, not the run
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(read))
                .unwrap_or_else(|_| {
                    Err(Refusal::new(
                        Code::UnreadableMessage,
                        "reading it failed inside poms: please report the message's number",
                    ))
                });
            Read {
                id: message.id,
                result,
            }
        })
        .collect()
}
