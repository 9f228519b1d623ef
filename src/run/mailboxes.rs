//! The mailboxes of a run: what waits in them is stored, read side by side, decided on, and filed away.

use super::Run;
use super::withheld::WantedHandles;
use crate::config::MailboxKind;
use crate::intake::mailbox::{Handle, Mailbox, MailboxError, bounded};
use crate::intake::receive::{self, Ingested, Read, Waiting};
use anyhow::Context;
use rayon::{Scope, ThreadPool};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Most bytes of mail that a batch holds in memory, as the mailbox announces them.
const BATCH_BYTES: u64 = 64 << 20;

/// Bytes that are read at once.
const READ_AT_ONCE: usize = 1 << 20;

/// How many messages have so many bytes; one at least, where there is any.
fn part(waiting: &[Waiting]) -> usize {
    let mut bytes = 0;
    let fits = waiting.iter().take_while(|message| {
        bytes += message.size();
        bytes <= READ_AT_ONCE
    });
    fits.count().max(1).min(waiting.len())
}

impl Run<'_> {
    /// Messages whose reading an earlier run began, or that a person took up again.
    pub(super) fn resume(&mut self) -> anyhow::Result<()> {
        let mut after = 0;
        while !self.stopping() {
            let now = self.site.clock.now();
            let batch = self.site.config.limits.batch;
            let sums = &mut self.report.messages;
            let taken = receive::resume(&mut self.ledger, after, batch, now, sums)?;
            let Some(last) = taken.last else { break };
            after = last;
            self.report.add_failures(taken.left);
            let read = receive::read_all(taken.waiting, &self.quick_reader(), now);
            self.decide(read)?;
        }
        Ok(())
    }

    /// Everything in one mailbox, batch by batch: the next batch is read on the other cores while
    /// this one is decided on.
    pub(super) fn mailbox(&mut self, number: usize) -> anyhow::Result<()> {
        let site = self.site;
        let config = &site.config.mailboxes[number];
        let trouble = |fault: &MailboxError| format!("mailbox {}: {fault}", config.name);
        let mut mailbox = match (site.ways.mailbox)(config) {
            Ok(mailbox) => mailbox,
            Err(fault) => return self.fail(trouble(&fault)),
        };
        let handles = match mailbox.list() {
            Ok(handles) => handles,
            Err(fault) => return self.fail(trouble(&fault)),
        };
        let limits = &site.config.limits;
        let held = |handle: &Handle| handle.size.min(limits.message_bytes);
        let WantedHandles { sound, suspect } = self.set_apart(&config.name, handles)?;
        let batches = bounded(&sound, limits.batch, BATCH_BYTES, held);
        let (mut read, mut filing, mut broken) = (Vec::new(), Vec::new(), 0);
        for batch in batches.into_iter().chain(suspect.chunks(1)) {
            if self.stopping() || broken > 1 {
                break;
            }
            self.rest_before(matches!(config.kind, MailboxKind::Maildir { .. }))?;
            let ingested = match self.ingest(mailbox.as_mut(), batch) {
                Ok(ingested) => ingested,
                Err(fault) => match fault.downcast_ref::<MailboxError>() {
                    // the mailbox failed, not the ledger: what is stored goes on
                    Some(fault) => {
                        self.fail(trouble(fault))?;
                        break;
                    }
                    None => return Err(fault),
                },
            };
            broken = if ingested.broken { broken + 1 } else { 0 };
            let named = |fault| format!("mailbox {}: {fault}", config.name);
            self.report
                .add_failures(ingested.failures.into_iter().map(named));
            self.say_kept_back(&config.name, &ingested.kept_back);
            read = self.read_beside(ingested.waiting, std::mem::take(&mut read))?;
            self.file(mailbox.as_mut(), &config.name, filing)?;
            filing = ingested.filing;
        }
        self.decide(read)?;
        self.stage("send", Run::rest_from_sending)?;
        self.file(mailbox.as_mut(), &config.name, filing)?;
        self.tell_withheld(&config.name)
    }

    /// Reads what was stored on the other cores, while the batch before is decided on and leaves: in parts, where
    /// it is much, as what is read takes many times its bytes.
    pub(super) fn read_beside(
        &mut self,
        mut waiting: Vec<Waiting>,
        mut before: Vec<Read>,
    ) -> anyhow::Result<Vec<Read>> {
        loop {
            let behind = waiting.split_off(part(&waiting));
            let count = behind.len();
            before = self
                .read_part_beside(waiting, before)
                .inspect_err(|_| self.report.unsee(count))?;
            if behind.is_empty() {
                return Ok(before);
            }
            waiting = behind;
        }
    }

    fn read_part_beside(
        &mut self,
        waiting: Vec<Waiting>,
        before: Vec<Read>,
    ) -> anyhow::Result<Vec<Read>> {
        let (count, now) = (waiting.len(), self.site.clock.now());
        let reader = self.quick_reader();
        let reads = AssertUnwindSafe(|| receive::read_all(waiting, &reader, now));
        let mut next = None;
        beside(self.readers.clone(), |scope| {
            // a panic in a reader must not take what is decided meanwhile
            scope.spawn(|_| next = catch_unwind(reads).ok());
            self.decide(before)?;
            self.stage("send", Run::send_meanwhile)
        })
        // those that were read meanwhile have no outcome
        .inspect_err(|_| self.report.unsee(count))?;
        next.context("reading a batch failed inside poms: run again")
    }

    /// Before a server is asked for more, which may take long, what was sent is recorded. A folder gives it at
    /// once: what is marked leaves meanwhile.
    pub(super) fn rest_before(&mut self, is_quick: bool) -> anyhow::Result<()> {
        match is_quick && self.site.ways.ahead > 0 {
            true => Ok(()),
            false => self.stage("send", Run::rest_from_sending),
        }
    }

    /// Files away what was decided on, once an anchor outside the ledger vouches for the decision: mail
    /// that is filed is not fetched again.
    fn file(
        &mut self,
        mailbox: &mut dyn Mailbox,
        name: &str,
        filing: Vec<(Handle, i64)>,
    ) -> anyhow::Result<()> {
        if !filing.is_empty() {
            let (anchor, now) = (&self.site.config.site.anchor, self.site.clock.now());
            self.ledger.anchor(anchor, now)?;
        }
        let failures = receive::file(&self.ledger, mailbox, filing)?;
        let named = |fault| format!("mailbox {name}: {fault}");
        self.report.add_failures(failures.into_iter().map(named));
        Ok(())
    }

    pub(super) fn ingest(
        &mut self,
        mailbox: &mut dyn Mailbox,
        batch: &[Handle],
    ) -> anyhow::Result<Ingested> {
        let now = self.site.clock.now();
        let largest = self.site.config.limits.message_bytes;
        let sums = &mut self.report.messages;
        let ledger = &mut self.ledger;
        self.watches
            .ingest
            .time(|| receive::ingest(ledger, mailbox, batch, largest, now, sums))
    }
}

/// Does the work with what it spawns beside it, on these threads or else on those of the process.
fn beside<'scope, T>(
    threads: Option<Arc<ThreadPool>>,
    work: impl FnOnce(&Scope<'scope>) -> T,
) -> T {
    match threads {
        Some(threads) => threads.in_place_scope(work),
        None => rayon::in_place_scope(work),
    }
}
