//! The stage that asks UPS where its parcels are: delivered, or stuck.

use crate::app::App;
use crate::carriers::ups_api::UpsFault;
use crate::carriers::ups_api::batch::{self, Budget};
use crate::carriers::ups_api::tracking::{self, ParcelSeen};
use crate::domain::calendar::Calendar;
use crate::domain::codes::{Code, Severity};
use crate::domain::lifecycle::ShipmentState;
use crate::ledger::exceptions::Subject;
use crate::ledger::tracking::{Learnt, WatchedParcel};
use crate::ledger::{Ledger, LedgerError, Tx};
use crate::shipping::apply::arrival;
use chrono::{NaiveDate, TimeDelta};
use serde_json::json;

/// Parcels that one run asks about at most.
const AT_MOST: usize = 100;

/// Hours until a parcel is asked about again: twice as long after each time without news.
const FIRST_HOURS: i64 = 2;
/// At most so many.
const LONGEST_HOURS: i64 = 24;

/// Asks about what is due; returns how many exceptions were opened.
pub fn poll(ledger: &mut Ledger, site: &App, budget: &mut Budget) -> anyhow::Result<usize> {
    let config = &site.config.promise;
    let Some(ups) = site
        .ups()
        .filter(|_| config.tracking && !ledger.is_rehearsal())
    else {
        return Ok(0);
    };
    let now = site.clock.now();
    let due = ledger
        .read()
        .parcels_to_ask("ups", AT_MOST, &crate::clock::text(now))?;
    if due.is_empty() || budget.is_spent() {
        return Ok(0);
    }
    let numbers: Vec<String> = due.iter().map(|one| one.tracking.clone()).collect();
    let ask = |client: &_, number: &String| tracking::ask(client, number);
    let asked = batch::ask(&ups, now, budget, numbers, ask);
    if let Some(fault) = &asked.trouble {
        tracing::warn!("tracking: {fault}");
    }
    let opened = ledger.write(now, |tx| {
        let mut opened = 0;
        for (parcel, said) in due.iter().zip(&asked.answers) {
            if let Some(said) = said {
                let what = format!("note what UPS says of parcel {}", parcel.tracking);
                let of_one = || learn(tx, site, parcel, said);
                let (new, listed) = tx.item(&format!("parcel:{}", parcel.parcel), &what, of_one)?;
                opened += usize::from(new.unwrap_or_default()) + usize::from(listed);
            }
        }
        Ok::<_, LedgerError>(opened)
    })?;
    Ok(opened)
}

/// Takes in what UPS said of a parcel; whether an exception was opened.
fn learn(
    tx: &Tx,
    site: &App,
    parcel: &WatchedParcel,
    said: &Result<ParcelSeen, UpsFault>,
) -> Result<bool, LedgerError> {
    let unknown = ParcelSeen {
        delivered: None,
        last_scan: parcel.last_scan,
        status: String::new(),
    };
    let (seen, status) = match said {
        Ok(seen) => (seen, seen.status.clone()),
        // UPS knows nothing of it yet: no reason to ask more often
        Err(fault @ UpsFault::Refused(_)) => (&unknown, fault.to_string()),
        Err(_) => return Ok(false),
    };
    let last_scan = seen.last_scan.max(parcel.last_scan);
    let moved = last_scan > parcel.last_scan;
    let tries = if moved {
        0
    } else {
        parcel.tries.saturating_add(1)
    };
    let hours = (FIRST_HOURS << tries.min(8)).min(LONGEST_HOURS);
    let learnt = Learnt {
        next: tx.now() + TimeDelta::hours(hours),
        tries,
        last_scan,
        delivered: None,
        status: &status,
    };
    if let Some(day) = seen.delivered {
        arrival::arrived(tx, parcel, day, &status)?;
        return Ok(false);
    }
    tx.put_parcel_watch(parcel.parcel, &learnt)?;
    if moved {
        found_again(tx, parcel, &status)?;
    }
    stuck(tx, site, parcel, last_scan, &status)
}

fn found_again(tx: &Tx, parcel: &WatchedParcel, status: &str) -> Result<(), LedgerError> {
    let all = tx.shipments_of_order(parcel.order)?;
    for row in all.iter().filter(|row| row.id == parcel.shipment) {
        if row.state == ShipmentState::Exception {
            tx.move_shipment(row, ShipmentState::InTransit, &json!(status))?;
            let about = (parcel.order, parcel.shipment);
            arrival::end_stuck(tx, about, "UPS has seen it again")?;
        }
    }
    Ok(())
}

fn stuck(
    tx: &Tx,
    site: &App,
    parcel: &WatchedParcel,
    last_scan: Option<NaiveDate>,
    status: &str,
) -> Result<bool, LedgerError> {
    let today = tx
        .now()
        .with_timezone(&site.config.site.timezone)
        .date_naive();
    let since = last_scan.unwrap_or(parcel.left);
    let days = site.config.promise.stuck_days;
    let all = tx.shipments_of_order(parcel.order)?;
    let row = all.iter().find(|row| row.id == parcel.shipment);
    let Some(row) = row.filter(|row| row.state == ShipmentState::InTransit) else {
        return Ok(false);
    };
    if Calendar::Ups.add(since, days) >= today {
        return Ok(false);
    }
    tx.move_shipment(row, ShipmentState::Exception, &json!("no scan for days"))?;
    let severity = site.config.rules.severity(Code::ShipmentStuck);
    if severity == Severity::Off {
        return Ok(false);
    }
    let seen = match last_scan {
        Some(day) => format!("UPS last saw parcel {} on {day}", parcel.tracking),
        None => format!(
            "UPS never saw parcel {}, which left on {since}",
            parcel.tracking
        ),
    };
    let about = Subject {
        order: Some(parcel.order),
        po: Some(parcel.po),
        ..Subject::default()
    };
    let text = format!("{seen}, more than {days} business days ago: {status}");
    tx.open_exception(
        Code::ShipmentStuck,
        severity,
        &arrival::entity(parcel),
        about,
        text.trim_end_matches(": "),
    )?;
    Ok(true)
}
