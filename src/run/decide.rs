//! Deciding: outcomes, orders, exceptions, purchase orders and every rendered document of a batch in one
//! transaction, in which each mail and each order is by itself: one at which poms fails is held, and the
//! others go on. What is counted counts when it is committed.

use super::report::Report;
use super::site::Site;
use super::{Run, inbound};
use crate::domain::lifecycle::{MessageState, OrderState};
use crate::intake::{receive, settle};
use crate::ledger::orders::OrderRow;
use crate::ledger::{LedgerError, Tx};
use crate::purchasing::place;
use crate::rules::review::{self, Catalogue};

impl Run<'_> {
    /// Decides on a batch, but for what takes long to read.
    pub(super) fn decide(&mut self, read: Vec<receive::Read>) -> anyhow::Result<()> {
        let read = self.put_off(read)?;
        self.settle(read)
    }

    /// Decides on all that was read.
    pub(super) fn settle(&mut self, read: Vec<receive::Read>) -> anyhow::Result<()> {
        if read.is_empty() {
            return Ok(());
        }
        let (site, now, count) = (self.site, self.site.clock.now(), read.len());
        let ledger = &mut self.ledger;
        let work = |tx: &Tx| {
            let mut part = Report::default();
            messages(tx, site, read, &mut part)?;
            Ok::<_, LedgerError>(part)
        };
        match self.watches.decide.time(|| ledger.write(now, work)) {
            Ok(part) => self.decided(part, count),
            Err(fault) => {
                // they are seen when they have their outcome
                self.report.unsee(count);
                return Err(fault.into());
            }
        }
        Ok(())
    }

    fn decided(&mut self, part: Report, count: usize) {
        self.report.unsee(count - part.messages.ended());
        self.report.add(part);
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
        if self.site.config.rules.stop || self.ledger.read().stopped()?.is_some() {
            return Ok(());
        }
        let mut held = self.ledger.read().orders_held_by("stop_switch")?;
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
            let mut part = Report::default();
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

fn messages(
    tx: &Tx,
    site: &Site,
    read: Vec<receive::Read>,
    part: &mut Report,
) -> Result<(), LedgerError> {
    let settled = receive::settle(tx, read, &site.config.rules, &mut part.messages)?;
    part.orders.received += settled.orders.len();
    part.exceptions.opened += settled.opened;
    part.add_failures(settled.left);
    for (id, source, mail) in &settled.mails {
        match tx.apart(|| inbound::settle(tx, site, *id, *source, mail))? {
            Ok(done) => {
                part.messages.count(done.state);
                part.exceptions.opened += done.opened;
                part.add_failures(done.failure);
            }
            Err(fault) => failed(tx, *id, &fault, part)?,
        }
    }
    for (id, reference) in &settled.copies {
        match tx.apart(|| inbound::settle_copy(tx, *id, reference.as_deref()))? {
            Ok(state) => part.messages.count(state),
            Err(fault) => failed(tx, *id, &fault, part)?,
        }
    }
    review_and_place(tx, site, &settled.orders, part)
}

/// Holds a mail at which poms failed.
fn failed(tx: &Tx, id: i64, fault: &LedgerError, part: &mut Report) -> Result<(), LedgerError> {
    match settle::failed(tx, id, fault)? {
        Ok(()) => {
            part.messages.count(MessageState::Held);
            part.exceptions.opened += 1;
        }
        Err(sentence) => part.add_failures([sentence]),
    }
    Ok(())
}

/// Applies the rules to orders that are `received` or `held`, and places those that are `ready`. One at
/// which poms fails is held.
///
/// # Errors
/// When the ledger cannot be read or written.
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
            _ => match tx.apart(|| review::review(tx, row, &site.config.rules, &mut catalogue))? {
                Ok(verdict) => {
                    report.exceptions.opened += verdict.opened;
                    verdict.row
                }
                Err(fault) => {
                    aside(tx, row.id, "check", &fault, report)?;
                    continue;
                }
            },
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

/// Holds an order at which poms failed; where not even that can be written down, the run says so.
fn aside(
    tx: &Tx,
    id: i64,
    what: &str,
    fault: &LedgerError,
    report: &mut Report,
) -> Result<(), LedgerError> {
    match tx.apart(|| tx.set_order_aside(id, what, fault))? {
        Ok(new) => {
            report.orders.held += 1;
            report.exceptions.opened += usize::from(new);
        }
        Err(why) => report.add_failures([format!(
            "the order with the ledger's number {id} was left as it is: {fault}; and that cannot be noted: {why}; {}",
            crate::ledger::apart::ADVICE
        )]),
    }
    Ok(())
}
