//! The watchers: asks vendors, one mail a day with all that is late, and tells a person when
//! something has not come in its time.

mod chase;
mod found;

use super::Run;
use crate::app::App;
use crate::config::Config;
use crate::domain::lifecycle::DeliveryState;
use crate::domain::vendor::{Vendor, VendorChannel};
use crate::ledger::awaiting_vendor::WaitingPo;
use crate::ledger::silences::ToldOf;
use crate::ledger::{LedgerError, Tx};
use crate::shipping::apply::silent::{self, Silent};
use crate::shipping::watch::{Expected, Hours, Move, decide, expected};
use chrono::{DateTime, Utc};
use found::WatchFindings;
use std::collections::{BTreeMap, BTreeSet};

/// One thing that a purchase order waits for, and what follows.
#[derive(Clone, Copy, Debug)]
pub struct WatchedPo {
    /// What, and by when.
    pub expected: Expected,
    /// What is to be done now.
    pub next: Move,
    /// How often the vendor was asked.
    pub asked: usize,
    /// The open exception by which a person was told.
    pub told: Option<i64>,
}

impl Run<'_> {
    /// Asks vendors, or tells a person, about what has not come.
    pub(super) fn watch(&mut self) -> anyhow::Result<()> {
        if self.stopping() {
            return Ok(());
        }
        let (site, report) = (self.site, &mut self.report);
        let tx = self.ledger.read();
        let found = WatchFindings::of(&tx, &site.config, site.clock.now())?;
        if !found.is_empty() || found.failures.is_due(&tx)? {
            let told = |tx: &Tx| act(tx, site, found);
            report.exceptions.opened += self.ledger.write(site.clock.now(), told)?;
        }
        Ok(())
    }
}

/// A purchase order for which something is to be done.
struct WatchDue {
    po: WaitingPo,
    vendor: Vendor,
    watched: WatchedPo,
}

/// The way by which a vendor is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AskingWay {
    Mail,
    Fax,
}

/// By mail where the vendor has it, else by fax where the site has that.
fn way(vendor: &Vendor, config: &Config) -> Option<AskingWay> {
    let mail = vendor.channel != VendorChannel::Fax && !vendor.email.trim().is_empty();
    let fax = config.delivery.fax.is_some() && !vendor.fax.trim().is_empty();
    match (mail, fax) {
        (true, _) => Some(AskingWay::Mail),
        (false, true) => Some(AskingWay::Fax),
        (false, false) => None,
    }
}

/// When the vendor was asked about this. A new promise begins anew.
fn chased(
    tx: &Tx,
    po: &WaitingPo,
    expected: &Expected,
    most: u32,
) -> Result<Vec<DateTime<Utc>>, LedgerError> {
    let mut all = Vec::new();
    // how earlier versions of poms, which asked about each by itself, named these mails
    for number in 1..=most {
        let (kind, day) = (expected.kind.as_str(), expected.due.format("%Y%m%d"));
        match tx.enqueued_at(&format!("po_chase:{}:{kind}:{day}:{number}:email", po.id))? {
            Some(at) => all.push(at),
            None => break,
        }
    }
    let asked = tx.asked_about(po.id)?.into_iter();
    let about = asked.filter(|a| a.kind == expected.kind.as_str() && a.due == expected.due);
    all.extend(about.map(|asked| asked.at));
    Ok(all)
}

/// What one purchase order waits for.
pub fn of(
    tx: &Tx,
    po: &WaitingPo,
    vendor: &Vendor,
    config: &Config,
    now: DateTime<Utc>,
) -> Result<Vec<WatchedPo>, LedgerError> {
    let hours = Hours::of(vendor, config.site.timezone, &config.watch);
    let can = way(vendor, config).is_some();
    let mut all = Vec::new();
    let name = (po.id, po.order_id, po.number.as_str());
    for mut expected in expected(po, vendor, &hours, &config.watch) {
        // nothing was done about what is not due
        let mut told = None;
        if expected.due <= now {
            let (kind, codes) = (expected.kind.as_str(), expected.kind.codes());
            let of = tx.told_of(name, kind, codes)?;
            let heard = tx.heard_of(name)?;
            if heard.waits.is_some() {
                all.push(WatchedPo {
                    expected,
                    next: Move::Read,
                    asked: 0,
                    told: heard.waits,
                });
                continue;
            }
            told = standing(&of, expected.due);
            let over = of.over.max(heard.over);
            // who was told, or read what came, waits on: the vendor's time, and what follows, begin again
            if let (None, Some(over)) = (told, over.filter(|over| *over >= expected.due)) {
                expected = expected.anew(over, &hours, &config.watch);
            }
        }
        let chased = match expected.due <= now {
            true => chased(tx, po, &expected, config.watch.chases)?,
            false => Vec::new(),
        };
        let mut next = match told {
            Some(_) => Move::Tell,
            None => decide(&expected, &chased, can, &hours, &config.watch, now),
        };
        if matches!(next, Move::Chase(_)) && tx.was_chased_on(&vendor.id, hours.today(now))? {
            next = Move::Wait {
                until: hours.opens(now),
            };
        }
        all.push(WatchedPo {
            expected,
            next,
            asked: chased.len(),
            told,
        });
    }
    Ok(all)
}

/// The open exception by which a person knows of what was due then: its vendor's list, or one by itself.
/// While a person decides about a purchase order, nothing of it that was decided before begins again.
fn standing(of: &ToldOf, due: DateTime<Utc>) -> Option<i64> {
    let listed = of.listed.filter(|(_, since)| *since >= due);
    let decided = of.over.is_some_and(|over| over >= due);
    let alone = of.alone.filter(|(_, since)| *since >= due || decided);
    // a vendor whose answer waits for a person is not asked for it
    listed.or(alone).map(|(id, _)| id).or(of.answer)
}

/// Does it, each question, line and vendor by itself; returns how many exceptions were opened.
fn act(tx: &Tx, site: &App, found: WatchFindings) -> Result<usize, LedgerError> {
    let mut failures = found.failures;
    for row in &found.stale {
        let why = "it did not leave in time: what is still late is asked in the next one";
        let item = format!("delivery:{}", row.id);
        let what = format!("take back the question to a vendor in delivery {}", row.id);
        let drop = || tx.move_delivery(row, DeliveryState::Dropped, why);
        failures.apart(tx, (&item, &what), drop)?;
    }
    let mut lists = BTreeSet::new();
    for (row, why) in &found.over {
        let item = format!("silence:{}", row.id);
        let what = format!("take {} off its vendor's list", row.po);
        let end = || tx.end_silence(row, "ended", why);
        failures.apart(tx, (&item, &what), end)?;
        lists.insert(row.exception_id);
    }
    let mut by_vendor: BTreeMap<&str, Vec<&WatchDue>> = BTreeMap::new();
    for due in &found.due {
        by_vendor.entry(&due.vendor.id).or_default().push(due);
    }
    let mut opened = 0;
    for (id, due) in by_vendor {
        let what = format!("ask vendor {id}, or tell of it");
        let ask = || vendor(tx, site, &due);
        let new = failures.apart(tx, (&format!("vendor:{id}"), &what), ask)?;
        opened += new.unwrap_or_default();
    }
    for id in lists {
        let what = format!("bring exception {id} up to date");
        let refresh = || silent::refresh(tx, &tx.exception(id)?);
        failures.apart(tx, (&format!("list:{id}"), &what), refresh)?;
    }
    Ok(opened + failures.settle(tx)?)
}

/// All that is due about one vendor.
fn vendor(tx: &Tx, site: &App, due: &[&WatchDue]) -> Result<usize, LedgerError> {
    let Some(WatchDue { vendor, .. }) = due.first() else {
        return Ok(0);
    };
    let (ask, mut tell): (Vec<&WatchDue>, Vec<&WatchDue>) = due
        .iter()
        .partition(|one| matches!(one.watched.next, Move::Chase(_)));
    if !ask.is_empty()
        && let Err(reason) = chase::ask(tx, site, vendor, &ask)?
    {
        tracing::warn!("{} cannot be asked: {reason}", vendor.name);
        tell.extend(ask);
    }
    let new: Vec<Silent> = tell
        .iter()
        .map(|one| Silent {
            po: (one.po.id, one.po.order_id, &one.po.number),
            expected: one.watched.expected,
            promised: chase::promised(one),
            asked: one.watched.asked,
        })
        .collect();
    silent::list(tx, &site.config.rules, (&vendor.id, &vendor.name), &new)
}
