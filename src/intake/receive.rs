//! The stage that takes messages in: stored first, then read, and filed away with their outcome.
//!
//! 1. *Ingest commit*: the bytes by their SHA-256, and the attempt counter.
//! 2. Read side by side ([`super::read`]).
//! 3. *Settle*: in the transaction that also decides on the orders.
//! 4. Filed away in its mailbox, into the folder that its outcome asks for. A run that ends before
//!    this finds the mail again, and knows it.

mod resume;

use super::cards::{self, Known, Words};
use super::mailbox::{Fetched, Folder, Handle, Mailbox};
use super::read::{Reader, Reading};
use super::refusal::Refusal;
use super::settle::refuse;
pub use super::settle::{Settled, Sums, settle};
use crate::domain::codes::Severity;
use crate::domain::lifecycle::MessageState;
use crate::domain::text::one_line;
use crate::ledger::messages::{NewMessage, Stored};
use crate::ledger::{Ledger, LedgerError, Tx};
use chrono::{DateTime, Utc};
use mail_parser::{HeaderValue, MessageParser};
use openssl::sha::Sha256;
use rayon::prelude::*;
pub use resume::{put_off, resume};

/// A stored message that waits to be read.
pub struct Waiting {
    /// Its number.
    pub id: i64,
    /// When it was stored first.
    pub received: DateTime<Utc>,
    mailbox: String,
    raw: Vec<u8>,
}

/// A message that was read.
pub struct Read {
    pub(super) id: i64,
    pub(super) result: Result<Reading, Refusal>,
}

impl Read {
    /// Its number.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Whether its time was over before it was read.
    pub fn is_late(&self) -> bool {
        self.result.as_ref().is_err_and(Refusal::is_late)
    }
}

/// What ingesting a batch left.
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

/// A message that the mailbox keeps and does not give.
pub struct KeptBack {
    /// Its name in the mailbox.
    pub source: String,
    /// What the mailbox does instead, in a few words.
    pub why: String,
    /// The same as a sentence that says what to do.
    pub sentence: String,
}

/// Fetches and stores one batch of a mailbox.
///
/// # Errors
/// The ledger's.
pub fn ingest(
    ledger: &mut Ledger,
    mailbox: &mut dyn Mailbox,
    batch: &[Handle],
    largest: u64,
    now: DateTime<Utc>,
    sums: &mut Sums,
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
    let mut fetched = Vec::with_capacity(batch.len());
    for (place, result) in results {
        match result {
            Ok(Fetched::Gone) => {}
            Ok(message) => fetched.push((place, message)),
            Err(fault) => match (fault.of_one_message(), batch.get(place)) {
                (Some(why), Some(handle)) => ingested.kept_back.push(KeptBack {
                    source: handle.key.clone(),
                    why,
                    sentence: fault.to_string(),
                }),
                _ => ingested.failures.push(fault.to_string()),
            },
        }
    }
    // a server that is gone says of each message what it says of all
    ingested.failures.dedup();
    let seen: Vec<Seen> = fetched
        .par_iter()
        .map(|(_, message)| look(message))
        .collect();
    let arriving = Arriving {
        mailbox: mailbox.name().to_owned(),
        largest,
        now,
    };
    let (waiting, filing) = (&mut ingested.waiting, &mut ingested.filing);
    ledger.write(now, |tx| {
        for ((place, message), seen) in fetched.into_iter().zip(seen) {
            let Some(handle) = batch.get(place) else {
                continue;
            };
            let Some((id, to_read)) = arriving.store(tx, handle, message, seen, sums)? else {
                continue;
            };
            filing.push((handle.clone(), id));
            waiting.extend(to_read);
        }
        Ok::<_, LedgerError>(())
    })?;
    Ok(ingested)
}

/// What is the same for every message of a batch.
struct Arriving {
    mailbox: String,
    /// Bytes; what is larger is refused unread.
    largest: u64,
    now: DateTime<Utc>,
}

impl Arriving {
    /// Stores a message and counts it: its number, and the message itself where it is to be read.
    /// `None`: it was gone before it could be fetched.
    fn store(
        &self,
        tx: &Tx,
        handle: &Handle,
        message: Fetched,
        seen: Seen,
        sums: &mut Sums,
    ) -> Result<Option<(i64, Option<Waiting>)>, LedgerError> {
        let (raw, too_large) = match message {
            Fetched::Message(raw) => (raw, false),
            Fetched::TooLarge { head, .. } => (head, true),
            Fetched::Gone => return Ok(None),
        };
        let stored = store(tx, &self.mailbox, handle, seen, &raw)?;
        let mut to_read = None;
        match stored {
            Stored::New(id) if too_large => {
                sums.seen += 1;
                let reason = format!(
                    "{} bytes: poms opens messages of up to {}",
                    handle.size, self.largest
                );
                let refusal = Refusal::new("too_large", reason);
                sums.count(refuse(tx, id, &refusal, Severity::Hold)?);
            }
            Stored::New(id) => {
                sums.seen += 1;
                to_read = Some(Waiting {
                    id,
                    received: self.now,
                    mailbox: self.mailbox.clone(),
                    raw,
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
        Ok(Some((stored.id(), to_read)))
    }
}

/// Files away what has its outcome: what could not be read where a person finds it with any mail
/// program, the rest among what is done. What could not be filed, a sentence each.
///
/// # Errors
/// The ledger's.
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
            MessageState::Pending if ledger.read().is_put_off(id)? => {}
            MessageState::Quarantined => quarantined.push(handle),
            _ => processed.push(handle),
        }
    }
    let mut failures = Vec::new();
    for (handles, folder) in [
        (processed, Folder::Processed),
        (quarantined, Folder::Quarantine),
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

/// What is seen of a message before it is stored.
struct Seen {
    sha256: [u8; 32],
    /// Its bytes with card numbers masked, where it has any.
    masked: Option<Vec<u8>>,
    words: Words,
}

/// What a message is known by, and the card numbers in it. One with such numbers is known by its masked
/// bytes: the hash of a number that is masked beside it would be as good as the number.
fn look(message: &Fetched) -> Seen {
    let mut words = Words::default();
    let (masked, sha256) = match message {
        Fetched::Message(raw) => {
            let masked = cards::mask_mail(raw, &Known::new(), &mut words);
            let sha256 = identity(masked.as_deref().unwrap_or(raw));
            (masked, sha256)
        }
        Fetched::TooLarge { head, sha256, .. } => {
            (cards::mask_mail(head, &Known::new(), &mut words), *sha256)
        }
        Fetched::Gone => (None, [0; 32]),
    };
    Seen {
        sha256,
        masked,
        words,
    }
}

/// SHA-256 of a mail whose lines end in LF, as on a Unix disk: IMAP carries the same mail with CRLF,
/// and it is the same mail.
fn identity(raw: &[u8]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(text) => {
                digest.update(text);
                digest.update(b"\n");
            }
            None => digest.update(line),
        }
    }
    digest.finish()
}

fn store(
    tx: &Tx,
    mailbox: &str,
    handle: &Handle,
    seen: Seen,
    raw: &[u8],
) -> Result<Stored, LedgerError> {
    // what the ledger knows is no card, and stays as it came
    let known: Known = tx.known_words(&seen.words.0)?.into_iter().collect();
    let masked = match known.is_empty() {
        true => seen.masked,
        false => cards::mask_mail(raw, &known, &mut Words::default()),
    };
    let raw = masked.as_deref().unwrap_or(raw);
    let (sender, subject) = outer_headers(raw);
    tx.store_message(&NewMessage {
        sha256: seen.sha256,
        mailbox,
        source: &handle.key,
        size: handle.size,
        sender: &sender,
        subject: &subject,
        raw,
    })
}

/// `From:` and `Subject:` for people, one line each; nothing is decided by them.
fn outer_headers(raw: &[u8]) -> (String, String) {
    let head = &raw[..raw.len().min(32 << 10)];
    let parsed = std::panic::catch_unwind(|| {
        let mail = MessageParser::new().parse_headers(head)?;
        let from = mail
            .from()
            .and_then(|from| from.first())
            .and_then(|a| a.address())
            .unwrap_or_default()
            .to_owned();
        let subject = match mail.header("Subject") {
            Some(HeaderValue::Text(text)) => text.to_string(),
            _ => String::new(),
        };
        Some((from, subject))
    });
    let (from, subject) = parsed.ok().flatten().unwrap_or_default();
    (one_line(&from), one_line(&subject))
}

/// Reads messages on all cores.
pub fn read_all(waiting: Vec<Waiting>, reader: &Reader, now: DateTime<Utc>) -> Vec<Read> {
    waiting
        .into_par_iter()
        .map(|message| {
            let source = reader.source(&message.mailbox);
            let read = || reader.read(&message.raw, source, message.received, now);
            // a parser that panics takes one message, not the run
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(read))
                .unwrap_or_else(|_| {
                    Err(Refusal::new(
                        "unreadable_message",
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
