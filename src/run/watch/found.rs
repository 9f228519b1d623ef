//! What the watchers find: what is due, what is over, and what could not be looked at.

use super::{WatchDue, of};
use crate::config::Config;
use crate::domain::vendor::Vendor;
use crate::ledger::awaiting_vendor::WaitingPo;
use crate::ledger::chases::ChaseRow;
use crate::ledger::failures::Failures;
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::silences::SilenceRow;
use crate::ledger::{LedgerError, Tx};
use crate::shipping::watch::{Hours, Move};
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};

/// What is to be done now.
pub(super) struct WatchFindings {
    pub due: Vec<WatchDue>,
    /// What is listed and came, or is not waited for any more, each with why.
    pub over: Vec<(SilenceRow, String)>,
    /// Questions in the outbox that need not be asked today.
    pub stale: Vec<DeliveryRow>,
    /// What of it could not be looked at.
    pub failures: Failures,
}

/// What is known of the purchase orders that wait.
#[derive(Default)]
struct KnownWaiting {
    vendors: HashMap<String, Option<Vendor>>,
    /// What of each is late.
    late: HashMap<i64, Vec<&'static str>>,
    /// Those of which something that the vendor wrote waits for a person, with its exception.
    heard: HashMap<i64, i64>,
    /// Those that could not be looked at: of them nothing ends.
    unknown: HashSet<i64>,
}

impl KnownWaiting {
    fn waits(&self, row: &SilenceRow) -> bool {
        let late = self.late.get(&row.po_id);
        self.unknown.contains(&row.po_id)
            || late.is_some_and(|kinds| kinds.contains(&row.kind.as_str()))
    }
}

impl WatchFindings {
    pub fn is_empty(&self) -> bool {
        self.due.is_empty() && self.over.is_empty() && self.stale.is_empty()
    }

    /// Each purchase order, question and line of a list is looked at by itself.
    pub fn of(tx: &Tx, config: &Config, now: DateTime<Utc>) -> Result<WatchFindings, LedgerError> {
        let mut found = WatchFindings {
            due: Vec::new(),
            over: Vec::new(),
            stale: Vec::new(),
            failures: Failures::of("watch"),
        };
        let mut known = KnownWaiting::default();
        let waiting = tx.waiting_pos_apart(None)?;
        known.unknown.extend(waiting.bad.iter().map(|(id, _)| *id));
        let what = "look after the purchase order with the ledger's number";
        for po in found.failures.rows("po", what, waiting)? {
            let item = (format!("po:{}", po.id), format!("look after {}", po.number));
            let looked = found.look(tx, config, now, &po, &mut known);
            if found.failures.keep(&item.0, &item.1, looked)?.is_none() {
                known.unknown.insert(po.id);
            }
        }
        let what = "look after the line of a silent vendor's list with the ledger's number";
        for row in found.failures.rows("silence", what, tx.silences()?)? {
            if !known.waits(&row) {
                let why = match known.heard.get(&row.po_id) {
                    Some(id) => format!("the vendor wrote, and a person reads it: exception {id}"),
                    None => "it is not waited for any more".to_owned(),
                };
                found.over.push((row, why));
            }
        }
        let what = "look after the question to a vendor with the ledger's number";
        for chase in found.failures.rows("chase", what, tx.unsent_chases()?)? {
            let stale = stale(tx, config, now, &chase, &known);
            let item = format!("chase:{}", chase.id);
            let stale = found
                .failures
                .keep(&item, &format!("{what} {}", chase.id), stale)?;
            found.stale.extend(stale.flatten());
        }
        Ok(found)
    }

    fn look(
        &mut self,
        tx: &Tx,
        config: &Config,
        now: DateTime<Utc>,
        po: &WaitingPo,
        known: &mut KnownWaiting,
    ) -> Result<(), LedgerError> {
        let vendor = match known.vendors.get(&po.vendor_id) {
            Some(vendor) => vendor.clone(),
            None => {
                let vendor = tx.vendor(&po.vendor_id)?;
                known.vendors.insert(po.vendor_id.clone(), vendor.clone());
                vendor
            }
        };
        let Some(vendor) = vendor else { return Ok(()) };
        let mut due = Vec::new();
        for watched in of(tx, po, &vendor, config, now)? {
            if let (Move::Read, Some(exception)) = (watched.next, watched.told) {
                known.heard.insert(po.id, exception);
            } else if watched.expected.due <= now {
                let kinds = known.late.entry(po.id).or_default();
                kinds.push(watched.expected.kind.as_str());
            }
            if matches!(watched.next, Move::Chase(_) | Move::Tell) && watched.told.is_none() {
                due.push(WatchDue {
                    po: po.clone(),
                    vendor: vendor.clone(),
                    watched,
                });
            }
        }
        if !due.is_empty() {
            // what the question needs of it: one that cannot be read keeps no other from being asked about
            tx.po(po.id)?;
            tx.line_states(po.id)?;
        }
        self.due.extend(due);
        Ok(())
    }
}

/// The mail or fax of a question that need not leave today.
fn stale(
    tx: &Tx,
    config: &Config,
    now: DateTime<Utc>,
    chase: &ChaseRow,
    known: &KnownWaiting,
) -> Result<Option<DeliveryRow>, LedgerError> {
    let Some(delivery) = chase.delivery_id else {
        return Ok(None);
    };
    let row = tx.delivery(delivery)?;
    let vendor = known.vendors.get(&chase.vendor_id).cloned().flatten();
    let today = vendor.is_some_and(|vendor| {
        let hours = Hours::of(&vendor, config.site.timezone, &config.watch);
        // one that was made outside of its hours need not wait for them
        let outside = !hours.open(row.created.time());
        (outside || hours.open(now)) && hours.today(now).to_string() == chase.day
    });
    let pos = tx.pos_of_chase(chase.id)?;
    let wanted = |po: &PoRow| known.late.contains_key(&po.id) || known.unknown.contains(&po.id);
    let answered = pos.iter().any(|po| known.heard.contains_key(&po.id));
    Ok((!today || answered || !pos.iter().any(wanted)).then_some(row))
}
