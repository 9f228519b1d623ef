//! A page of a source: all of it is stored with the cursor behind it in one transaction, or the cursor stays.

use super::super::refusal::Refusal;
use super::super::settle::{MessageSums, refuse};
use super::super::source::{DocumentContent, DocumentName, Page, Source, SourceDocument};
use super::store::{MessageSeen, look_at_document, store_document};
use super::{Arrived, Waiting};
use crate::domain::codes::{Code, Severity};
use crate::domain::lifecycle::MessageState;
use crate::ledger::apart::ADVICE;
use crate::ledger::messages::Stored;
use crate::ledger::{Ledger, LedgerError, Tx};
use chrono::{DateTime, Utc};
use rayon::prelude::*;

/// A source and the place that it reads.
#[derive(Clone, Copy, Debug)]
pub struct SourceId<'a> {
    /// Its name.
    pub name: &'a str,
    /// The place.
    pub place: &'a str,
}

/// The outcome of storing a page.
#[derive(Default)]
pub struct IngestedPage {
    /// To be read.
    pub waiting: Vec<Waiting>,
    /// What is in the ledger, and whose source is told of its outcome: with its number there.
    pub settling: Vec<(DocumentName, i64)>,
    /// Documents that could not be stored: one sentence each. The cursor did not pass them.
    pub failures: Vec<String>,
}

/// Stores a page with its cursor, in one transaction. A page that says nothing new writes nothing.
///
/// # Errors
/// The ledger's, as a whole.
pub fn ingest_page(
    ledger: &mut Ledger,
    source: SourceId,
    page: Page,
    largest: u64,
    now: DateTime<Utc>,
    sums: &mut MessageSums,
) -> Result<IngestedPage, LedgerError> {
    let known = ledger.read().source(source.name, source.place)?;
    let cursor = known.as_ref().and_then(|row| row.cursor.as_deref());
    let moved = page.after.filter(|after| Some(after.as_str()) != cursor);
    let answered = known.filter(|row| row.retry_after.is_some());
    if page.documents.is_empty() && moved.is_none() && answered.is_none() {
        return Ok(IngestedPage::default());
    }
    let seen: Vec<MessageSeen> = page
        .documents
        .par_iter()
        .map(|document| look_at_document(&source, document))
        .collect();
    let (ingested, counted) = ledger.write(now, |tx| {
        let (mut ingested, mut counted) = (IngestedPage::default(), MessageSums::default());
        for (document, seen) in page.documents.into_iter().zip(seen) {
            if let Some(before) = &document.follows
                && !tx.has_document(source.name, source.place, before)?
            {
                continue;
            }
            let name = document.name.clone();
            match tx.apart(|| store(tx, &source, document, seen, (largest, now)))? {
                Ok(arrived) => {
                    counted.add(arrived.sums);
                    ingested.settling.push((name, arrived.id));
                    ingested.waiting.extend(arrived.to_read);
                }
                Err(fault) => ingested.failures.push(format!(
                    "{} could not be stored, and is asked for again: {fault}; {ADVICE}",
                    name.identity
                )),
            }
        }
        match (&moved, answered) {
            // behind what was not stored the cursor never stands
            _ if !ingested.failures.is_empty() => {}
            (Some(after), _) => tx.move_cursor(source.name, source.place, after.as_str())?,
            (None, Some(row)) => tx.source_answered(&row, source.name)?,
            (None, None) => {}
        }
        Ok::<_, LedgerError>((ingested, counted))
    })?;
    sums.add(counted);
    Ok(ingested)
}

fn store(
    tx: &Tx,
    source: &SourceId,
    document: SourceDocument,
    seen: MessageSeen,
    (largest, now): (u64, DateTime<Utc>),
) -> Result<Arrived, LedgerError> {
    let (raw, too_large) = match document.content {
        DocumentContent::Whole(raw) => (raw, None),
        DocumentContent::TooLarge { size, head, .. } => (head, Some(size)),
    };
    let size = too_large.unwrap_or(raw.len() as u64);
    let (stored, about) = store_document(tx, source, &document.name, seen, (&raw, size))?;
    let (mut sums, mut to_read) = (MessageSums::default(), None);
    match (stored, too_large) {
        (Stored::New(id), Some(size)) => {
            sums.seen += 1;
            let reason = format!("{size} bytes: poms opens documents of up to {largest}");
            let refusal = Refusal::new(Code::TooLarge, reason);
            sums.count(refuse(tx, id, &refusal, Severity::Hold)?);
        }
        (Stored::New(id), None) => {
            sums.seen += 1;
            to_read = Some(Waiting {
                id,
                received: now,
                mailbox: source.name.to_owned(),
                raw,
                document: Some(about),
            });
        }
        // the very document: a source may give it again until it was told of its outcome
        (Stored::Known(_) | Stored::Unfinished(_) | Stored::Unfiled(_), _) => {}
    }
    Ok(Arrived {
        id: stored.id(),
        sums,
        to_read,
    })
}

/// Tells a source what became of its documents, those that have an outcome. What could not be put away, a
/// sentence each.
///
/// # Errors
/// The ledger's.
pub fn settle_page(
    ledger: &Ledger,
    source: &mut dyn Source,
    settling: Vec<(DocumentName, i64)>,
) -> Result<Vec<String>, LedgerError> {
    if ledger.is_rehearsal() {
        return Ok(Vec::new());
    }
    let mut failures = Vec::new();
    for (name, id) in settling {
        let state = ledger.read().message(id)?.state;
        if state == MessageState::Pending {
            continue;
        }
        if let Err(failure) = source.settle(&name, state) {
            failures.push(failure.to_string());
        }
    }
    // a server that is gone says of each document what it says of all
    failures.dedup();
    Ok(failures)
}
