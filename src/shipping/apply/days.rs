//! The day of a purchase order follows from its lines: as planned, or the last day that its vendor
//! named for what is still to come.

use crate::domain::calendar::deliver_date;
use crate::domain::promise::{Promise, PromiseSource};
use crate::ledger::po_lines::{LineState, When};
use crate::ledger::promises::PromiseRow;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use chrono::NaiveDate;

/// Brings the day of a purchase order in line with its lines, once it is known what was planned.
pub fn recount(tx: &Tx, po: &PoRow, lines: &[LineState]) -> Result<()> {
    let Some(known) = tx.promise(po.id)? else {
        return Ok(());
    };
    if known.promise.asked.is_none() {
        return Ok(());
    }
    let coming = lines.iter().any(|line| line.coming() > 0);
    let named = |line: &LineState| match coming {
        true => line.named_day(),
        // all of it left or was taken back: what it left by
        false if line.pieces.shipped > 0 => line.until.max(line.promised),
        false => None,
    };
    let planned = &known.planned;
    let last = lines.iter().filter_map(named).max();
    match last.filter(|day| *day > planned.ship_by) {
        Some(day) if day != known.promise.ship_by => tx.move_promise(&known, &leaving(&known, day)),
        None if known.is_moved() => tx.move_promise(&known, planned),
        _ => Ok(()),
    }
}

/// The promise of what leaves on a day that the vendor named.
fn leaving(known: &PromiseRow, day: NaiveDate) -> Promise {
    let planned = &known.planned;
    Promise {
        ship_by: day,
        deliver_by: deliver_date(day, planned.transit_days),
        why: format!("the vendor ships on {day}"),
        // the carrier was asked about another day
        source: PromiseSource::Table,
        ..planned.clone()
    }
}

/// When the customer has pieces that leave so, and whether that is an estimate; nothing when nobody
/// knows.
pub fn arrives(known: &PromiseRow, when: When) -> Option<(NaiveDate, bool)> {
    let planned = &known.planned;
    match when {
        When::Unknown => None,
        When::On(day) if day > planned.ship_by => {
            Some((deliver_date(day, planned.transit_days), true))
        }
        When::On(_) | When::Planned => {
            Some((planned.deliver_by, planned.source == PromiseSource::Table))
        }
    }
}

/// The day that it is by now where the vendor is, or here if that is later.
pub(super) fn latest_today(tx: &Tx, po: &PoRow) -> Result<NaiveDate> {
    let here = tx.now().date_naive();
    let zone = tx.vendor(&po.vendor_id)?.and_then(|vendor| vendor.timezone);
    let zone = zone.and_then(|zone| zone.parse::<chrono_tz::Tz>().ok());
    let there = zone.map_or(here, |zone| tx.now().with_timezone(&zone).date_naive());
    Ok(here.max(there))
}
