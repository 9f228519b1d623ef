//! The sources of a run: page by page, what they have is stored with their cursor, read, decided on, and they
//! are told of it.

use super::Run;
use crate::app::report::{SourceOutcome, SourcePolled};
use crate::clock;
use crate::config::{SourceConfig, SourceKind};
use crate::intake::receive::{self, SourceId};
use crate::intake::source::{Again, Budget, Cursor, DocumentName, Source, SourceFailure};
use crate::ledger::sources::SourceRow;
use chrono::{DateTime, TimeDelta, Utc};

/// Most bytes of documents that a page holds in memory.
const PAGE_BYTES: u64 = 64 << 20;

/// The longest that a source is left alone at its word: one that names a day would keep its orders for it.
const LONGEST_REST: TimeDelta = TimeDelta::hours(1);

/// A source that has given nothing for so long, at its word, is told of.
const PATIENCE: TimeDelta = TimeDelta::hours(1);

impl Run<'_> {
    /// Everything that one source has, page by page: the next page is read on the other cores while this one
    /// is decided on.
    pub(super) fn source(&mut self, number: usize) -> anyhow::Result<()> {
        let site = self.site;
        let config = &site.config.sources[number];
        let place = config.place();
        let id = SourceId {
            name: &config.name,
            place: &place,
        };
        let row = self.ledger.read().source(id.name, id.place)?;
        if self.is_left_alone(id, row.as_ref()) {
            return Ok(());
        }
        let mut source = match (site.ways.source)(config) {
            Ok(source) => source,
            Err(failure) => {
                self.polled(id, outcome_of(&failure), 0, Some(failure.to_string()));
                return self.source_failed(id, failure);
            }
        };
        let mut after = row.and_then(|row| row.cursor).map(Cursor::new);
        let (mut read, mut settling) = (Vec::new(), Vec::new());
        let (mut outcome, mut why, mut documents) = (SourceOutcome::PutOff, None, 0);
        while !self.stopping() {
            self.rest_before(is_quick(config))?;
            let page = match source.poll(after.as_ref(), &self.budget()) {
                Ok(page) => page,
                Err(failure) => {
                    (outcome, why) = (outcome_of(&failure), Some(failure.to_string()));
                    self.source_failed(id, failure)?;
                    break;
                }
            };
            let named = |failure: &SourceFailure| format!("source {}: {failure}", id.name);
            let left: Vec<String> = page.left.iter().map(named).collect();
            why = why.or_else(|| left.first().cloned());
            self.report.add_failures(left);
            documents += page.documents.len();
            let (more, next) = (page.more, page.after.clone());
            let ingested = self.ingest_page(id, page)?;
            let whole = ingested.failures.is_empty();
            let named = |fault| format!("source {}: {fault}", id.name);
            self.report
                .add_failures(ingested.failures.into_iter().map(named));
            read = self.read_beside(ingested.waiting, std::mem::take(&mut read))?;
            self.settle_source(source.as_mut(), std::mem::take(&mut settling))?;
            settling = ingested.settling;
            if !whole || !more {
                outcome = match whole && why.is_none() {
                    true => SourceOutcome::Read,
                    false => SourceOutcome::Failed,
                };
                break;
            }
            after = next.or(after);
        }
        self.polled(id, outcome, documents, why);
        self.decide(read)?;
        self.stage("send", Run::rest_from_sending)?;
        self.settle_source(source.as_mut(), settling)
    }

    /// Whether a source asked to be left alone, and its time is not over.
    fn is_left_alone(&mut self, id: SourceId, row: Option<&SourceRow>) -> bool {
        let now = self.site.clock.now();
        let until = row.and_then(|row| row.retry_after);
        let until = until.map(|until| until.time());
        let Some(until) = until.filter(|until| now < *until && *until <= now + LONGEST_REST) else {
            return false;
        };
        tracing::info!("source {} is left alone until {until}", id.name);
        let why = format!("it asked to be left alone until {}", clock::text(until));
        self.polled(id, SourceOutcome::PutOff, 0, Some(why));
        true
    }

    /// Notes in the run's report what became of a source.
    fn polled(
        &mut self,
        id: SourceId,
        outcome: SourceOutcome,
        documents: usize,
        why: Option<String>,
    ) {
        self.report.sources.push(SourcePolled {
            source: id.name.to_owned(),
            outcome,
            documents,
            why,
        });
    }

    fn budget(&self) -> Budget {
        let limits = &self.site.config.limits;
        Budget {
            documents: limits.batch.max(1),
            bytes: PAGE_BYTES,
            largest: limits.message_bytes,
            now: self.site.clock.now(),
        }
    }

    fn ingest_page(
        &mut self,
        id: SourceId,
        page: crate::intake::source::Page,
    ) -> anyhow::Result<receive::IngestedPage> {
        let now = self.site.clock.now();
        let largest = self.site.config.limits.message_bytes;
        let (ledger, sums) = (&mut self.ledger, &mut self.report.messages);
        let ingest = || receive::ingest_page(ledger, id, page, largest, now, sums);
        Ok(self.watches.ingest.time(ingest)?)
    }

    /// Tells a source what became of its documents, once an anchor outside the ledger vouches for it: what is
    /// put away is not given again.
    fn settle_source(
        &mut self,
        source: &mut dyn Source,
        settling: Vec<(DocumentName, i64)>,
    ) -> anyhow::Result<()> {
        if settling.is_empty() {
            return Ok(());
        }
        let (anchor, now) = (&self.site.config.site.anchor, self.site.clock.now());
        self.ledger.anchor(anchor, now)?;
        let name = source.name().to_owned();
        let failures = receive::settle_page(&self.ledger, source, settling)?;
        let named = |fault| format!("source {name}: {fault}");
        self.report.add_failures(failures.into_iter().map(named));
        Ok(())
    }

    /// A source that gave nothing: a line of the report, unless it asked to be left alone for a while.
    fn source_failed(&mut self, id: SourceId, failure: SourceFailure) -> anyhow::Result<()> {
        let sentence = format!("source {}: {failure}", id.name);
        let Again::At(until) = failure.again else {
            return self.fail(sentence);
        };
        let now = self.site.clock.now();
        let until = until.clamp(now, now + LONGEST_REST);
        let since = self.ledger.write(now, |tx| {
            tx.put_off_source(id.name, id.place, until, &failure.what)?;
            tx.source(id.name, id.place)
        })?;
        tracing::info!("{sentence}");
        let since = since.and_then(|row| row.put_off).map(|since| since.time());
        match since.is_some_and(|since| now - since >= PATIENCE) {
            true => self.fail(format!("{sentence}; {}", since_when(since, now))),
            false => Ok(()),
        }
    }
}

fn outcome_of(failure: &SourceFailure) -> SourceOutcome {
    match failure.again {
        Again::At(_) => SourceOutcome::PutOff,
        Again::NextRun | Again::WhenMended => SourceOutcome::Failed,
    }
}

fn since_when(since: Option<DateTime<Utc>>, now: DateTime<Utc>) -> String {
    let since = since.unwrap_or(now).format("%Y-%m-%d %H:%M UTC");
    format!("it has given nothing since {since}: its orders wait there")
}

/// Whether it gives what it has at once.
fn is_quick(config: &SourceConfig) -> bool {
    matches!(config.kind, SourceKind::Folder(_))
}
