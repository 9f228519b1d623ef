//! One pass of cron: the lock, the stages in their order, the tally, and the proof that the sums
//! agree.

pub mod advices;
pub mod cancellations;
mod customers;
mod decide;
mod early;
pub mod ending;
mod fax;
mod habits;
mod hooks;
pub mod invoices;
pub mod lock;
mod mailboxes;
pub mod monitoring;
pub mod notices;
mod overdue;
pub mod promise;
mod put_off;
mod questions;
mod refunds;
mod returns;
mod searchable;
mod send;
pub mod shop_proof;
mod shops;
pub mod source_status;
mod sources;
mod stage;
mod stock;
pub mod time;
pub mod tracking;
pub mod waiting;
pub mod watch;
mod watches;
pub mod withheld;

use crate::app::App;
use crate::app::report::RunReport;
use crate::clock;
use crate::delivery::journal::{self, SendingJournal};
use crate::delivery::{channels, outbox};
use crate::ledger::{Ledger, Mode, Tx, anchor};
use chrono::{Datelike, NaiveDate};
use rayon::{ThreadPool, ThreadPoolBuilder};
use send::Underway;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use watches::Watches;

/// How a run is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Shows the whole batch and leaves no trace of it.
    pub dry_run: bool,
    /// The run before did not die, as the lock file says: what it had begun to read is not what ended it,
    /// and the ledger is as it left it.
    pub after_order: bool,
}

/// One run from lock to report. `stop` is set by SIGTERM: the run then finishes what it has begun,
/// begins nothing more, and reports.
///
/// # Errors
/// When the run cannot begin or the ledger fails; what was committed until then stands.
pub fn process(site: &App, options: Options, stop: &AtomicBool) -> anyhow::Result<RunReport> {
    process_and_look(site, options, stop, &mut false, |_, _| Ok(())).map(|(report, ())| report)
}

/// [`process`], and in the end a look at the ledger as the run leaves it: the only chance to see
/// what a rehearsal did. `begun` says in the end whether the run found the ledger fit to begin on.
///
/// # Errors
/// As [`process`], and `look`'s own.
pub fn process_and_look<T>(
    site: &App,
    options: Options,
    stop: &AtomicBool,
    begun: &mut bool,
    look: impl FnOnce(&Tx, &RunReport) -> anyhow::Result<T>,
) -> anyhow::Result<(RunReport, T)> {
    let mode = if options.dry_run {
        Mode::Rehearse
    } else {
        Mode::Write
    };
    anchor::refuse_if_lost(&site.config.site.ledger, &site.config.site.anchor)?;
    let ledger = Ledger::open(&site.config.site.ledger, mode, &site.actor)?;
    let ledger = ledger.under(&site.clock)?;
    check_structure(&ledger, site, options)?;
    ledger.check_anchor(&site.config.site.anchor)?;
    time::check(&ledger, site.clock.now(), site.config.limits.longest_pause)?;
    site.check_free_disk()?;
    let readers = begin_threads()?;
    *begun = true;
    let mut run = Run {
        site,
        ledger,
        report: RunReport::begin(site.clock.now(), options.dry_run),
        stop,
        watches: Watches::default(),
        late: 0,
        carriers: Vec::new(),
        underway: Underway::default(),
        journal: None,
        readers,
        after_order: options.after_order,
        begins_at: 0,
        left_before: 0,
    };
    run.all()?;
    let Watches {
        ingest,
        decide,
        send,
    } = &run.watches;
    tracing::info!(
        "stages: ingest {} ms, decide {} ms (the next batch is read meanwhile), send {} ms",
        ingest.milliseconds(),
        decide.milliseconds(),
        send.milliseconds()
    );
    let seen = look(&run.ledger.read(), &run.report)?;
    Ok((run.report, seen))
}

/// Begins the threads that render documents, and returns those that read mail: what is rendered for the
/// writer, who waits for it, must not stand behind a whole batch that is read. Left to themselves they begin
/// with the first batch, and panic where the system has none to give.
fn begin_threads() -> anyhow::Result<Option<Arc<ThreadPool>>> {
    let none = |fault: &dyn std::fmt::Display| {
        anyhow::anyhow!(
            "the threads that read mail cannot be started: {fault}; see `ulimit -u` and what else runs here"
        )
    };
    match ThreadPoolBuilder::new().build_global() {
        Err(fault) if fault.source().is_some() => return Err(none(&fault)),
        // an earlier run of this process has begun them
        Ok(()) | Err(_) => {}
    }
    // who runs poms on threads of its own has no others
    if rayon::current_thread_index().is_some() {
        return Ok(None);
    }
    let named = ThreadPoolBuilder::new().thread_name(|number| format!("reader-{number}"));
    let readers = named.build().map_err(|fault| none(&fault))?;
    Ok(Some(Arc::new(readers)))
}

/// From this size on SQLite's check of the file takes longer than a run; bytes.
const LARGE: u64 = 512 << 20;

/// SQLite's own check, once a day (once a week of what is large) and after a run that did not end: it
/// reads the whole ledger, which every ten minutes would be too much with the years. The lock file knows
/// of such a run too: a disk that lost the end of the ledger lost the run's row with it.
fn check_structure(ledger: &Ledger, site: &App, options: Options) -> anyhow::Result<()> {
    let last = ledger.read().runs(1)?.pop();
    let today = site.clock.now().date_naive();
    let large = std::fs::metadata(ledger.path()).is_ok_and(|file| file.len() > LARGE);
    let recent = |day: NaiveDate| match large {
        true => day.iso_week() == today.iso_week(),
        false => day == today,
    };
    let fresh = last.is_some_and(|run| {
        run.finished
            .is_some_and(|end| recent(end.time().date_naive()))
    });
    if !(fresh && options.after_order) {
        ledger.quick_check()?;
    }
    Ok(())
}

struct Run<'a> {
    site: &'a App,
    ledger: Ledger,
    report: RunReport,
    stop: &'a AtomicBool,
    watches: Watches,
    /// How many messages were put off.
    late: usize,
    /// Carriers' mails that wait for what vendors say in this run.
    carriers: Vec<decide::Letter>,
    /// Documents that leave while mail is decided on.
    underway: Underway,
    /// How far each mail comes that this run sends.
    journal: Option<Arc<SendingJournal>>,
    /// The threads that read mail, where they are others than those that render.
    readers: Option<Arc<ThreadPool>>,
    after_order: bool,
    /// The last row of the audit trail before it.
    begins_at: i64,
    /// The last document of the outbox before it.
    left_before: i64,
}

impl Run<'_> {
    fn all(&mut self) -> anyhow::Result<()> {
        let now = self.site.clock.now();
        self.begins_at = self.ledger.read().audit_head()?.seq;
        self.left_before = self.ledger.read().last_delivery()?;
        self.report.run = self.ledger.write(now, |tx| tx.begin_run())?;
        // from here on a ledger without anchors is one whose anchors were taken away
        self.ledger.anchor(&self.site.config.site.anchor, now)?;
        if let Err(fault) = self.stages() {
            return Err(self.stop_sending(fault));
        }
        self.finish()
    }

    /// What a run left that died while it sent.
    fn recover(&mut self) -> anyhow::Result<()> {
        let now = self.site.clock.now();
        let idempotent = channels::email_is_idempotent(&self.site.config);
        let left = journal::read(self.ledger.path());
        let recovered = self
            .ledger
            .write(now, |tx| outbox::recover(tx, idempotent, left.as_ref()))?;
        if !self.ledger.is_rehearsal() {
            journal::remove(&journal::path(self.ledger.path()));
        }
        self.report.add_deliveries(&recovered);
        if self.after_order && !self.ledger.read().pending_messages(0, 1)?.is_empty() {
            self.ledger.write(now, |tx| tx.forget_attempts())?;
        }
        Ok(())
    }

    fn stopping(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn fail(&mut self, sentence: String) -> anyhow::Result<()> {
        self.report.add_failures([sentence]);
        Ok(())
    }

    /// Closes the books, and proves that every message has its outcome.
    fn finish(&mut self) -> anyhow::Result<()> {
        let now = self.site.clock.now();
        self.report.finished = clock::text(now);
        // what its parts count leaves out rows of papers and answers of which a person reads a part
        let opened = self.ledger.read().exceptions_opened_since(self.begins_at)?;
        self.report.exceptions.opened = usize::try_from(opened).unwrap_or_default();
        self.report.exceptions.open =
            usize::try_from(self.ledger.read().count_open_exceptions()?).unwrap_or_default();
        if !self.report.messages.agree() {
            let sentence = format!(
                "the sums of messages disagree: {:?}; please report this",
                self.report.messages
            );
            self.report.add_failures([sentence]);
        }
        let (id, report) = (self.report.run, self.report.json());
        self.ledger.write(now, |tx| tx.finish_run(id, &report))?;
        self.ledger.anchor(&self.site.config.site.anchor, now)?;
        if let Some(journal) = &self.journal
            && self.ledger.read().interrupted_deliveries()?.is_empty()
        {
            journal.done();
        }
        Ok(())
    }
}
