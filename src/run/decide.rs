//! Deciding: outcomes, orders, exceptions, purchase orders and every rendered document of a batch in one
//! transaction, in which each mail and each order is by itself: one at which poms fails is held, and the
//! others go on. What is counted counts when it is committed.

use super::{Run, stock};
use crate::app::App;
use crate::app::orders::{aside, review_and_place};
use crate::app::report::RunReport;
use crate::correspondence;
use crate::desk::cancel;
use crate::domain::codes::Code;
use crate::domain::lifecycle::{MessageState, OrderState};
use crate::intake::inbound::Inbound;
use crate::intake::read::MailSource;
use crate::intake::{receive, settle};
use crate::ledger::orders::OrderRow;
use crate::ledger::{LedgerError, Tx};
use crate::rules::stop_switch;

/// A mail that is no order: its message, what it was sent to, and itself.
pub(super) type Letter = (i64, MailSource, Box<Inbound>);

/// So many carriers' mails wait in memory for vendors' advices; what is more is decided on at once.
const MOST_WAITING: usize = 500;

/// So many orders are decided on in one transaction while documents leave: their connections wait as long.
const PORTION: usize = 32;

/// So many orders are decided on in one transaction at all, as a file may have thousands: what they become is kept
/// in memory until it is committed. One message is decided on as a whole.
const AT_ONCE: usize = 512;

impl Run<'_> {
    /// Decides on a batch, but for what takes long to read.
    pub(super) fn decide(&mut self, read: Vec<receive::Read>) -> anyhow::Result<()> {
        let read = self.put_off(read)?;
        self.settle(read)
    }

    /// Decides on all that was read: in one transaction, or in portions while documents leave and where there are
    /// many orders.
    pub(super) fn settle(&mut self, mut read: Vec<receive::Read>) -> anyhow::Result<()> {
        loop {
            let most = match self.is_underway() {
                true => PORTION,
                false => AT_ONCE,
            };
            let behind = read.split_off(portion(&read, most));
            if behind.is_empty() {
                return self.settle_at_once(read);
            }
            if let Err(fault) = self.settle_at_once(read) {
                self.report.unsee(behind.len());
                return Err(fault);
            }
            self.stage("send", Run::send_meanwhile)?;
            read = behind;
        }
    }

    fn settle_at_once(&mut self, read: Vec<receive::Read>) -> anyhow::Result<()> {
        if read.is_empty() {
            return Ok(());
        }
        let (site, now, count) = (self.site, self.site.clock.now(), read.len());
        let room = MOST_WAITING.saturating_sub(self.carriers.len());
        let ledger = &mut self.ledger;
        let work = |tx: &Tx| {
            let mut part = RunReport::default();
            let waiting = messages(tx, site, read, room, &mut part)?;
            Ok::<_, LedgerError>((part, waiting))
        };
        match self.watches.decide.time(|| ledger.write(now, work)) {
            Ok((part, waiting)) => {
                self.decided(part, count);
                self.carriers.extend(waiting);
            }
            Err(fault) => {
                // they are seen when they have their outcome
                self.report.unsee(count);
                return Err(fault.into());
            }
        }
        Ok(())
    }

    fn decided(&mut self, part: RunReport, count: usize) {
        self.report.unsee(count - part.messages.ended());
        self.report.add(part);
    }

    /// Carriers' mails about parcels of which no vendor had told when they were read: by now each vendor's
    /// mail of this run was.
    pub(super) fn carriers(&mut self) -> anyhow::Result<()> {
        let mails = std::mem::take(&mut self.carriers);
        if mails.is_empty() || self.stopping() {
            return Ok(());
        }
        let (site, count) = (self.site, mails.len());
        let part = self.ledger.write(site.clock.now(), |tx| {
            let mut part = RunReport::default();
            for (id, source, mail) in &mails {
                letter(tx, site, (*id, *source), mail, &mut part)?;
            }
            Ok::<_, LedgerError>(part)
        })?;
        self.report.messages.seen += count;
        self.decided(part, count);
        Ok(())
    }

    /// Orders that a killed run, or a person's act while this one ran, left between two stages.
    pub(super) fn leftovers(&mut self) -> anyhow::Result<()> {
        for state in [OrderState::Received, OrderState::Ready] {
            let mut after = 0;
            while !self.stopping() {
                let at_most = self.site.config.limits.batch;
                let ids = self.ledger.read().order_ids_in(state, after, at_most)?;
                let Some(last) = ids.last() else { break };
                after = *last;
                self.take_up(&ids)?;
            }
        }
        Ok(())
    }

    /// When the stop switch is off again, checks the orders that it held.
    pub(super) fn release_after_stop(&mut self) -> anyhow::Result<()> {
        if stop_switch::is_configured(&self.site.config.rules)
            || self.ledger.read().stopped()?.is_some()
        {
            return Ok(());
        }
        let mut held = self.ledger.read().orders_held_by(Code::StopSwitch)?;
        held.dedup();
        for ids in held.chunks(self.site.config.limits.batch.max(1)) {
            self.take_up(ids)?;
        }
        Ok(())
    }

    /// Checks and places orders by their numbers in the ledger: one that cannot be read is held.
    fn take_up(&mut self, ids: &[i64]) -> anyhow::Result<()> {
        let site = self.site;
        let part = self.ledger.write(site.clock.now(), |tx| {
            let mut part = RunReport::default();
            let mut rows = Vec::with_capacity(ids.len());
            for id in ids {
                match tx.apart(|| tx.order(*id))? {
                    Ok(row) => rows.push(row),
                    Err(fault) => aside(tx, *id, "read", &fault, &mut part)?,
                }
            }
            review_and_place(tx, site, &rows, &mut part)?;
            Ok::<_, LedgerError>(part)
        })?;
        self.report.add(part);
        Ok(())
    }
}

/// How many messages bring so many orders at most; one at least, where there is any.
fn portion(read: &[receive::Read], most: usize) -> usize {
    let mut orders = 0;
    let fits = read.iter().take_while(|message| {
        orders += message.orders();
        orders <= most
    });
    fits.count().max(1).min(read.len())
}

/// Decides on what was read, but for carriers' mails that wait for vendors' advices, at most `room`.
fn messages(
    tx: &Tx,
    site: &App,
    read: Vec<receive::Read>,
    room: usize,
    part: &mut RunReport,
) -> Result<Vec<Letter>, LedgerError> {
    let mut waiting = Vec::new();
    let settled = receive::settle(tx, read, &site.config.rules, &mut part.messages)?;
    part.orders.received += settled.orders.len();
    part.exceptions.opened += settled.opened;
    part.add_failures(settled.left);
    for (id, source, mail) in settled.mails {
        let waits = waiting.len() < room
            && matches!(
                tx.apart(|| correspondence::waits_for_advice(tx, id, &mail))?,
                Ok(true)
            );
        match waits {
            true => waiting.push((id, source, mail)),
            false => letter(tx, site, (id, source), &mail, part)?,
        }
    }
    for (id, list) in &settled.lists {
        if let Err(fault) = tx.apart(|| stock::list(tx, site, *id, list, part))? {
            failed(tx, *id, &fault, part)?;
        }
    }
    for (id, reference) in &settled.copies {
        match tx.apart(|| correspondence::settle_copy(tx, *id, reference.as_deref()))? {
            Ok(state) => part.messages.count(state),
            Err(fault) => failed(tx, *id, &fault, part)?,
        }
    }
    review_and_place(tx, site, &standing(settled.orders, settled.changed), part)?;
    for (order, why) in settled.cancelled {
        // where it cannot be done it is on the list already
        if let Err(fault) = tx.apart(|| cancel::by_shop(tx, site, order, &why))? {
            tracing::info!("the order with the ledger's number {order} was not cancelled: {fault}");
        }
    }
    Ok(waiting)
}

/// New orders and those that the shop changed, each as it stands last.
fn standing(orders: Vec<OrderRow>, changed: Vec<OrderRow>) -> Vec<OrderRow> {
    let mut all = orders;
    for row in changed {
        match all.iter_mut().find(|one| one.id == row.id) {
            Some(before) => *before = row,
            None => all.push(row),
        }
    }
    all
}

/// Acts on one mail that is no order.
fn letter(
    tx: &Tx,
    site: &App,
    (id, source): (i64, MailSource),
    mail: &Inbound,
    part: &mut RunReport,
) -> Result<(), LedgerError> {
    match tx.apart(|| stock::by_mail(tx, site, id, mail, part))? {
        Ok(true) => return Ok(()),
        Ok(false) => {}
        Err(fault) => return failed(tx, id, &fault, part),
    }
    match tx.apart(|| correspondence::settle(tx, site, id, source, mail))? {
        Ok(done) => {
            part.messages.count(done.state);
            part.exceptions.opened += done.opened;
            part.add_failures(done.failure);
            Ok(())
        }
        Err(fault) => failed(tx, id, &fault, part),
    }
}

/// Holds a mail at which poms failed.
fn failed(tx: &Tx, id: i64, fault: &LedgerError, part: &mut RunReport) -> Result<(), LedgerError> {
    match settle::failed(tx, id, fault)? {
        Ok(()) => {
            part.messages.count(MessageState::Held);
            part.exceptions.opened += 1;
        }
        Err(sentence) => part.add_failures([sentence]),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{self, Clock};
    use crate::config::Config;
    use crate::intake::mailbox;
    use crate::ledger::{Ledger, Mode};
    use crate::run::begin_threads;
    use crate::run::watches::Watches;
    use crate::site::demo::{self, make};
    use crate::site::import::{read_catalogue, read_vendors};
    use serde_json::{Value, json};
    use std::path::Path;
    use std::sync::atomic::AtomicBool;

    /// The site of `poms demo`, with its catalogue and its mail.
    fn site(folder: &Path) -> (App, Ledger) {
        let now = clock::parse("2025-06-02T10:05:00Z").unwrap();
        let made = make::make(folder, now).unwrap();
        let config = Config::read(&made.config).unwrap();
        let mut ledger = Ledger::open(&config.site.ledger, Mode::Write, "cron").unwrap();
        let import = |tx: &Tx| {
            for row in read_vendors(demo::VENDORS.as_bytes()).unwrap() {
                tx.put_vendor(&row.vendor, &row.extra)?;
            }
            for row in read_catalogue(demo::CATALOGUE.as_bytes()).unwrap() {
                tx.put_offer(&row.offer, &row.extra)?;
            }
            Ok::<_, LedgerError>(())
        };
        ledger.write(now, import).unwrap();
        let site = App::open(config, Clock::Frozen(now), "cron".to_owned()).unwrap();
        (site, ledger)
    }

    fn sums(report: &RunReport) -> Value {
        let report = report.json();
        json!([
            report["messages"],
            report["orders"],
            report["purchase_orders"],
            report["exceptions"]
        ])
    }

    #[test]
    fn what_a_batch_did_that_could_not_be_committed_is_in_no_sum_of_the_report() {
        let folder = tempfile::tempdir().unwrap();
        let (site, ledger) = site(folder.path());
        let stop = AtomicBool::new(false);
        let mut run = Run {
            site: &site,
            ledger,
            report: RunReport::begin(site.clock.now(), false),
            stop: &stop,
            watches: Watches::default(),
            late: 0,
            carriers: Vec::new(),
            underway: Default::default(),
            journal: None,
            readers: begin_threads().unwrap(),
            after_order: true,
            begins_at: 0,
            left_before: 0,
        };
        let nothing = sums(&run.report);
        let mut mailbox = mailbox::open(&site.config.mailboxes[0]).unwrap();
        let mails = mailbox.list().unwrap();
        let waiting = run.ingest(mailbox.as_mut(), &mails).unwrap().waiting;
        assert!(waiting.len() > 3, "{}", waiting.len());
        let read = receive::read_all(waiting, &run.quick_reader(), site.clock.now());
        // a copy of another has its outcome already
        let before = run.report.messages.ended();
        assert_eq!(run.report.messages.seen, before + read.len());
        run.ledger.refuse_commits(true).unwrap();
        let refused = run.stage("decide", |run| run.decide(read));
        assert!(refused.is_ok(), "it ends no run: {refused:?}");
        assert_eq!(run.report.failures.len(), 1, "{:?}", run.report.failures);
        assert_eq!(run.report.messages.seen, before, "{:?}", run.report);
        assert!(run.report.messages.agree());
        if before == 0 {
            assert_eq!(sums(&run.report), nothing);
        }
        assert_eq!(run.report.orders.received + run.report.orders.placed, 0);

        // what is committed counts, once
        run.ledger.refuse_commits(false).unwrap();
        run.report = RunReport::begin(site.clock.now(), false);
        run.resume().unwrap();
        let rows = run
            .ledger
            .read()
            .order_ids_in(OrderState::Placed, 0, 1000)
            .unwrap();
        assert_eq!(run.report.orders.placed, rows.len());
        assert!(!rows.is_empty() && run.report.messages.agree());
        assert_eq!(run.report.messages.seen, mails.len() - before);
    }
}
