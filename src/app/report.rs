//! What a run did: `poms process --json` (contract).

use crate::clock;
use crate::delivery::outbox;
use crate::domain::text::or_full;
use crate::intake::receive;
use crate::invoicing::ingest::TakenFile;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::ops::Deref;

/// The contract's document, key for key.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RunReport {
    /// The run's number.
    pub run: i64,
    /// When it began.
    pub started: String,
    /// When it ended.
    pub finished: String,
    /// Whether it left no trace.
    pub dry_run: bool,
    /// How messages ended.
    pub messages: receive::MessageSums,
    /// What became of each source, in the order of the configuration; left out where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SourcePolled>,
    /// What became of orders.
    pub orders: Orders,
    /// Purchase orders.
    pub purchase_orders: PurchaseOrders,
    /// What vendors billed; left out when the watched folder held nothing.
    #[serde(skip_serializing_if = "Invoices::is_empty")]
    pub invoices: Invoices,
    /// Outgoing documents.
    pub deliveries: Deliveries,
    /// The exceptions list.
    pub exceptions: Exceptions,
    /// What a person or a later run must mend, one sentence each.
    pub failures: Failures,
}

/// What a person or a later run must mend, each sentence once, in the sequence in which it was said.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Failures {
    sentences: Vec<String>,
    /// The same, to be looked up: every mail of a large batch may have one of its own.
    #[serde(skip)]
    said: HashSet<String>,
}

impl Failures {
    fn add(&mut self, sentence: String) {
        if self.said.insert(sentence.clone()) {
            self.sentences.push(sentence);
        }
    }
}

impl Deref for Failures {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.sentences
    }
}

/// What became of a source in a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourcePolled {
    /// Its name.
    pub source: String,
    /// How it ended.
    pub outcome: SourceOutcome,
    /// Documents that it gave, those that were known too.
    pub documents: usize,
    /// Why it was not read, or not to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// How the reading of a source ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceOutcome {
    /// To its end.
    Read,
    /// It failed.
    Failed,
    /// It asked to be left alone, or a person asked poms to end.
    PutOff,
}

/// What became of orders in this run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Orders {
    /// New ones.
    pub received: usize,
    /// Passed every rule.
    pub ready: usize,
    /// Wait for a person.
    pub held: usize,
    /// Have their purchase orders.
    pub placed: usize,
}

/// Purchase orders of this run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PurchaseOrders {
    /// Made.
    pub created: usize,
}

/// Vendors' bills and credits that this run took from the watched folder.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Invoices {
    /// Files taken in.
    pub files: usize,
    /// Files that could not be read.
    pub failed: usize,
    /// New bills and credits.
    pub taken: usize,
    /// On file before.
    pub again: usize,
}

impl Invoices {
    /// Whether the watched folder held nothing.
    pub fn is_empty(&self) -> bool {
        self.files + self.failed == 0
    }

    /// Adds a file.
    pub fn add(&mut self, file: &TakenFile) {
        self.files += 1;
        self.taken += file.invoices - file.again - file.not_taken;
        self.again += file.again;
    }
}

/// Outgoing documents of this run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Deliveries {
    /// The other side took them.
    pub sent: usize,
    /// Wait for another attempt.
    pub deferred: usize,
    /// Given up.
    pub failed: usize,
    /// May or may not have arrived.
    pub unknown: usize,
}

/// The exceptions list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Exceptions {
    /// New in this run.
    pub opened: usize,
    /// Open now.
    pub open: usize,
}

impl RunReport {
    /// An empty report of a run that begins now.
    pub fn begin(now: DateTime<Utc>, dry_run: bool) -> RunReport {
        RunReport {
            started: clock::text(now),
            dry_run,
            ..RunReport::default()
        }
    }

    /// Adds what a part of the run did, when that is committed.
    pub fn add(&mut self, part: RunReport) {
        self.messages.add(part.messages);
        self.orders.received += part.orders.received;
        self.orders.ready += part.orders.ready;
        self.orders.held += part.orders.held;
        self.orders.placed += part.orders.placed;
        self.purchase_orders.created += part.purchase_orders.created;
        self.exceptions.opened += part.exceptions.opened;
        self.add_failures(part.failures.sentences);
    }

    /// Takes messages out of those that were seen: they have no outcome yet.
    pub fn unsee(&mut self, count: usize) {
        self.messages.seen = self.messages.seen.saturating_sub(count);
    }

    /// Adds what became of deliveries.
    pub fn add_deliveries(&mut self, sums: &outbox::DeliverySums) {
        self.deliveries.sent += sums.sent;
        self.deliveries.deferred += sums.deferred;
        self.deliveries.failed += sums.failed;
        self.deliveries.unknown += sums.unknown;
        self.exceptions.opened += sums.opened;
    }

    /// Whether a source was read to its end.
    pub fn has_read(&self, source: &str) -> bool {
        let mut all = self.sources.iter();
        all.any(|one| one.source == source && one.outcome == SourceOutcome::Read)
    }

    /// Adds what a person or a later run must mend. What was said before is not said again: a mailbox
    /// that cannot file has that trouble with every batch.
    pub fn add_failures(&mut self, sentences: impl IntoIterator<Item = String>) {
        for sentence in sentences {
            self.failures.add(or_full(&sentence));
        }
    }

    /// Gives it as JSON.
    pub fn json(&self) -> Value {
        json!(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compared each with each, as many as these would be ten thousand million comparisons.
    #[test]
    fn a_hundred_thousand_sentences_are_said_once_each_in_their_sequence() {
        let sentence = |number: usize| format!("the mail {number} of the mailbox cannot be filed");
        let mut report = RunReport::default();
        for batch in 0..1000 {
            let mut part = RunReport::default();
            // what was said of the batch before is said again with this one
            let first = (batch * 100usize).saturating_sub(50);
            part.add_failures((first..(batch + 1) * 100).map(sentence));
            report.add(part);
        }
        let wanted: Vec<String> = (0..100_000).map(sentence).collect();
        assert!(report.failures.iter().eq(&wanted));
        assert_eq!(report.json()["failures"], json!(wanted));
    }
}
