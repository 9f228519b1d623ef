//! One pass of cron: the lock, the stages in their order, the tally, and the proof that the sums
//! agree.

pub mod advices;
mod customers;
pub mod ending;
mod fax;
pub mod inbound;
pub mod invoices;
pub mod lock;
pub mod monitoring;
pub mod notices;
pub mod promise;
mod questions;
pub mod report;
mod returns;
pub mod site;
pub mod time;
pub mod tracking;
pub mod waiting;
pub mod watch;

use crate::clock;
use crate::delivery::outbox::{self, Outbox};
use crate::delivery::{channels, engine};
use crate::domain::lifecycle::OrderState;
use crate::intake::mailbox::{self, Handle, Mailbox, MailboxError, bounded};
use crate::intake::receive::{self, Ingested};
use crate::ledger::orders::OrderRow;
use crate::ledger::{Ledger, LedgerError, Mode, Tx};
use crate::purchasing::place;
use crate::rules::review::{self, Catalogue};
use report::{Report, Watches};
use site::Site;
use std::sync::atomic::{AtomicBool, Ordering};

/// Most bytes of mail that a batch holds in memory, as the mailbox announces them.
const BATCH_BYTES: u64 = 64 << 20;

/// How a run is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Shows the whole batch and leaves no trace of it.
    pub dry_run: bool,
}

/// One run from lock to report. `stop` is set by SIGTERM: the run then finishes what it has begun,
/// begins nothing more, and reports.
///
/// # Errors
/// When the run cannot begin or the ledger fails; what was committed until then stands.
pub fn process(site: &Site, options: Options, stop: &AtomicBool) -> anyhow::Result<Report> {
    process_and_look(site, options, stop, |_, _| Ok(())).map(|(report, ())| report)
}

/// [`process`], and in the end a look at the ledger as the run leaves it: the only chance to see
/// what a rehearsal did.
///
/// # Errors
/// As [`process`], and `look`'s own.
pub fn process_and_look<T>(
    site: &Site,
    options: Options,
    stop: &AtomicBool,
    look: impl FnOnce(&Tx, &Report) -> anyhow::Result<T>,
) -> anyhow::Result<(Report, T)> {
    let mode = if options.dry_run {
        Mode::Rehearse
    } else {
        Mode::Write
    };
    let ledger = Ledger::open(&site.config.site.ledger, mode, &site.actor)?;
    check_structure(&ledger, site)?;
    ledger.check_anchor(&site.config.site.anchor)?;
    time::check(&ledger, site.clock.now(), site.config.limits.longest_pause)?;
    site.check_free_disk()?;
    let mut run = Run {
        site,
        ledger,
        report: Report::begin(site.clock.now(), options.dry_run),
        stop,
        watches: Watches::default(),
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

/// SQLite's own check, once a day and after a run that did not end: it reads the whole ledger, which
/// every ten minutes would be too much with the years.
fn check_structure(ledger: &Ledger, site: &Site) -> anyhow::Result<()> {
    let last = ledger.read().runs(1)?.pop();
    let today = clock::text(site.clock.now());
    let fresh = last.is_some_and(|run| {
        run.finished
            .is_some_and(|end| end.get(..10) == today.get(..10))
    });
    if !fresh {
        ledger.quick_check()?;
    }
    Ok(())
}

struct Run<'a> {
    site: &'a Site,
    ledger: Ledger,
    report: Report,
    stop: &'a AtomicBool,
    watches: Watches,
}

impl Run<'_> {
    fn all(&mut self) -> anyhow::Result<()> {
        let now = self.site.clock.now();
        self.report.run = self.ledger.write(now, |tx| tx.begin_run())?;
        self.ask_about_faxes()?;
        let idempotent = channels::email_is_idempotent(&self.site.config);
        let recovered = self
            .ledger
            .write(now, |tx| outbox::recover(tx, idempotent))?;
        self.report.add_deliveries(&recovered);
        self.release_after_stop()?;
        self.resume()?;
        for number in 0..self.site.config.mailboxes.len() {
            self.mailbox(number)?;
        }
        self.leftovers()?;
        self.watch()?;
        self.watch_questions()?;
        invoices::stage(self.site, &mut self.ledger, &mut self.report, self.stop)?;
        self.watch_returns()?;
        self.send()?;
        self.fall_back()?;
        self.customers()?;
        self.tell()?;
        self.finish()
    }

    fn stopping(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Messages whose reading an earlier run began, or that a person took up again.
    fn resume(&mut self) -> anyhow::Result<()> {
        while !self.stopping() {
            let now = self.site.clock.now();
            let batch = self.site.config.limits.batch;
            let before = self.report.messages.seen;
            let waiting =
                receive::resume(&mut self.ledger, 0, batch, now, &mut self.report.messages)?;
            if self.report.messages.seen == before {
                break;
            }
            let read = receive::read_all(waiting, &self.site.reader, now);
            self.decide(read)?;
        }
        Ok(())
    }

    /// Everything in one mailbox, batch by batch: the next batch is read on the other cores while
    /// this one is decided on.
    fn mailbox(&mut self, number: usize) -> anyhow::Result<()> {
        let site = self.site;
        let config = &site.config.mailboxes[number];
        let trouble = |fault: &MailboxError| format!("mailbox {}: {fault}", config.name);
        let mut mailbox = match mailbox::open(config) {
            Ok(mailbox) => mailbox,
            Err(fault) => return self.fail(trouble(&fault)),
        };
        let handles = match mailbox.list() {
            Ok(handles) => handles,
            Err(fault) => return self.fail(trouble(&fault)),
        };
        let limits = &site.config.limits;
        let held = |handle: &Handle| handle.size.min(limits.message_bytes);
        let (mut read, mut filing, mut broken) = (Vec::new(), Vec::new(), 0);
        for batch in bounded(&handles, limits.batch, BATCH_BYTES, held) {
            if self.stopping() || broken > 1 {
                break;
            }
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
            let (waiting, now) = (ingested.waiting, site.clock.now());
            read = std::thread::scope(|scope| {
                let next = scope.spawn(|| receive::read_all(waiting, &site.reader, now));
                self.decide(std::mem::take(&mut read))?;
                next.join()
                    .map_err(|_| anyhow::anyhow!("reading a batch failed inside poms: run again"))
            })?;
            self.file(mailbox.as_mut(), &config.name, filing)?;
            filing = ingested.filing;
        }
        self.decide(read)?;
        self.file(mailbox.as_mut(), &config.name, filing)
    }

    /// Files away what was decided on.
    fn file(
        &mut self,
        mailbox: &mut dyn Mailbox,
        name: &str,
        filing: Vec<(Handle, i64)>,
    ) -> anyhow::Result<()> {
        let failures = receive::file(&self.ledger, mailbox, filing)?;
        let named = |fault| format!("mailbox {name}: {fault}");
        self.report.add_failures(failures.into_iter().map(named));
        Ok(())
    }

    fn ingest(&mut self, mailbox: &mut dyn Mailbox, batch: &[Handle]) -> anyhow::Result<Ingested> {
        let now = self.site.clock.now();
        let largest = self.site.config.limits.message_bytes;
        let sums = &mut self.report.messages;
        let ledger = &mut self.ledger;
        self.watches
            .ingest
            .time(|| receive::ingest(ledger, mailbox, batch, largest, now, sums))
    }

    fn fail(&mut self, sentence: String) -> anyhow::Result<()> {
        self.report.add_failures([sentence]);
        Ok(())
    }

    /// Decides on a batch in one transaction: outcomes, orders, exceptions, purchase orders and every
    /// rendered document.
    fn decide(&mut self, read: Vec<receive::Read>) -> anyhow::Result<()> {
        if read.is_empty() {
            return Ok(());
        }
        let now = self.site.clock.now();
        let (site, report, ledger) = (self.site, &mut self.report, &mut self.ledger);
        let settle = |tx: &Tx| {
            let settled = receive::settle(tx, read, &site.config.rules, &mut report.messages)?;
            report.orders.received += settled.orders.len();
            report.exceptions.opened += settled.opened;
            for (id, source, mail) in &settled.mails {
                let done = inbound::settle(tx, site, *id, *source, mail)?;
                report.messages.count(done.state);
                report.exceptions.opened += done.opened;
            }
            for (id, reference) in &settled.copies {
                let state = inbound::settle_copy(tx, *id, reference.as_deref())?;
                report.messages.count(state);
            }
            review_and_place(tx, site, &settled.orders, report)
        };
        self.watches.decide.time(|| ledger.write(now, settle))?;
        Ok(())
    }

    /// Orders that a killed run, or a person's act while this one ran, left between two stages.
    fn leftovers(&mut self) -> anyhow::Result<()> {
        for state in [OrderState::Received, OrderState::Ready] {
            while !self.stopping() {
                let (site, report) = (self.site, &mut self.report);
                let more = self.ledger.write(site.clock.now(), |tx| {
                    let rows = tx.orders_in(state, 0, site.config.limits.batch)?;
                    review_and_place(tx, site, &rows, report)?;
                    Ok::<_, LedgerError>(!rows.is_empty())
                })?;
                if !more {
                    break;
                }
            }
        }
        Ok(())
    }

    /// When the stop switch is off again, checks the orders that it held.
    fn release_after_stop(&mut self) -> anyhow::Result<()> {
        let (site, report) = (self.site, &mut self.report);
        if site.config.rules.stop || self.ledger.read().stopped()?.is_some() {
            return Ok(());
        }
        self.ledger.write(site.clock.now(), |tx| {
            let held = tx.orders_held_by("stop_switch")?;
            review_and_place(tx, site, &held, report)
        })?;
        Ok(())
    }

    /// Empties the outbox as far as the other side lets it.
    fn send(&mut self) -> anyhow::Result<()> {
        if self.ledger.is_rehearsal() || self.stopping() {
            return Ok(());
        }
        for channel in channels::CHANNELS {
            let site = self.site;
            let mut book = Outbox::new(
                &mut self.ledger,
                &site.clock,
                channel,
                &site.config.delivery.backoff,
                site.post(),
            );
            if book.is_empty()? {
                continue;
            }
            let connections = match channels::open(channel, &site.config, site.clock.now()) {
                Ok(connections) => connections,
                // the other channels' documents leave all the same
                Err(fault) => {
                    self.report.failures.push(format!("{fault:#}"));
                    continue;
                }
            };
            let (stop, watch) = (self.stop, &mut self.watches.send);
            let send = || engine::dispatch(&mut book, connections, stop);
            let done = watch.time(|| ending::while_sending(send));
            let sums = std::mem::take(&mut book.sums);
            self.report.add_deliveries(&sums);
            self.report.add_failures(sums.unreachable.iter().cloned());
            done?;
        }
        Ok(())
    }

    /// Closes the books, and proves that every message has its outcome.
    fn finish(&mut self) -> anyhow::Result<()> {
        let now = self.site.clock.now();
        self.report.finished = clock::text(now);
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
        Ok(())
    }
}

/// Applies the rules to orders that are `received` or `held`, and places those that are `ready`.
///
/// # Errors
/// The ledger's.
pub fn review_and_place(
    tx: &Tx,
    site: &Site,
    rows: &[OrderRow],
    report: &mut Report,
) -> Result<(), LedgerError> {
    let mut catalogue = Catalogue::default();
    let mut ready = Vec::new();
    for row in rows {
        let row = match row.state {
            OrderState::Ready => row.clone(),
            _ => {
                let verdict = review::review(tx, row, &site.config.rules, &mut catalogue)?;
                report.exceptions.opened += verdict.opened;
                verdict.row
            }
        };
        match row.state {
            OrderState::Ready => ready.push(row),
            _ => report.orders.held += 1,
        }
    }
    report.orders.ready += ready.len();
    let placed = place::place(tx, &ready, &site.buyer(), &mut catalogue)?;
    report.orders.placed += placed.orders;
    report.orders.held += ready.len() - placed.orders;
    report.purchase_orders.created += placed.purchase_orders;
    report.exceptions.opened += placed.opened;
    Ok(())
}
