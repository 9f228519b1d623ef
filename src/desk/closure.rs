//! A vendor that is closed for some days, or open again: nobody asks it then, and what it is to ship moves behind
//! them, with the days that customers were told.

use super::{Said, reason, refused};
use crate::app::App;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::calendar::Calendar;
use crate::domain::closure::{Closure, LONGEST};
use crate::domain::foreign::cut;
use crate::domain::lifecycle::PoState;
use crate::domain::promise::Promise;
use crate::domain::spelling::nearest;
use crate::domain::vendor::Vendor;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{LedgerError, Tx};
use crate::shipping::apply::days;
use crate::shipping::promise::{self, Journey};
use crate::shipping::watch::Hours;
use chrono::NaiveDate;

/// How the reason for a planned day begins that a closure moved.
const CLOSED: &str = "the vendor is closed";

/// What stands before it where the purchase order waits for goods as well: the vendor's opening brings no earlier day.
const WAITS: &str = "the goods are not there yet, and ";

/// Most purchase orders that are named one by one.
const NAMED: usize = 20;

/// Notes that a vendor is closed from the first to the last of these days; today is the first where none is said.
///
/// # Errors
/// When there is no such vendor, or the days are over, turned round or too many.
pub fn close(
    tx: &Tx,
    site: &App,
    id: &str,
    (from, until): (Option<NaiveDate>, NaiveDate),
    note: &str,
) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    let vendor = vendor(tx, id)?;
    let today = today(tx, site, &vendor);
    let closed = Closure {
        from: from.unwrap_or(today),
        until,
    };
    plausible(closed, today)?;
    if vendor.days.closures().contains(&closed) {
        return Err(refused(BusinessRefusal::done(format!(
            "{} is closed from {} through {until} already",
            vendor.name, closed.from
        ))));
    }
    tx.close_vendor(&vendor, closed, note)?;
    let vendor = self::vendor(tx, &vendor.id)?;
    let opens = vendor.days.on_or_after(until);
    let mut said = vec![format!(
        "{} is closed from {} through {until}: nobody asks it on these days, and it ships again from {} on.",
        vendor.name,
        closed.from,
        opens.format("%A, %Y-%m-%d")
    )];
    if !closed
        .days()
        .any(|day| Calendar::Vendor.is_business_day(day))
    {
        said.push("  These are weekends and holidays, on which it is closed anyhow.".to_owned());
    }
    let moved = moved(tx, site, &vendor, today)?;
    let later = (!moved.is_empty()).then_some(
        "  Customers who were told an earlier day are told by mail: the next `poms process` sends it.",
    );
    said.extend(moved);
    said.extend(later.map(str::to_owned));
    Ok(said)
}

/// Notes that a vendor is open again.
///
/// # Errors
/// When there is no such vendor, or it is not closed.
pub fn open(tx: &Tx, site: &App, id: &str, note: &str) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    let vendor = vendor(tx, id)?;
    let today = today(tx, site, &vendor);
    let ends = |one: &&Closure| one.until >= today;
    if vendor.days.closures().iter().filter(ends).count() == 0 {
        return Err(refused(BusinessRefusal::nothing(format!(
            "{} is not closed, and no days are noted on which it will be",
            vendor.name
        ))));
    }
    tx.open_vendor(&vendor, today, note)?;
    let vendor = self::vendor(tx, &vendor.id)?;
    let mut said = vec![format!(
        "{} is open: no closed days of it are noted any more.",
        vendor.name
    )];
    said.extend(moved(tx, site, &vendor, today)?);
    Ok(said)
}

/// A vendor by its id, in any capitals.
pub(super) fn vendor(tx: &Tx, id: &str) -> Result<Vendor, LedgerError> {
    let all = tx.vendors()?;
    let found = all
        .iter()
        .find(|(vendor, _)| vendor.id.eq_ignore_ascii_case(id.trim()));
    let found = found.map(|(vendor, _)| tx.vendor(&vendor.id)).transpose()?;
    found.flatten().ok_or_else(|| {
        let near = nearest(id, all.iter().map(|(vendor, _)| vendor.id.as_str()));
        let near = near.map_or_else(
            || ": see `poms vendors list`".to_owned(),
            |near| format!(": did you mean {near}?"),
        );
        let text = format!("vendor {} is not on file", cut(id.trim(), 60));
        refused(BusinessRefusal::unknown(text).with_remedy(near))
    })
}

fn today(tx: &Tx, site: &App, vendor: &Vendor) -> NaiveDate {
    Hours::of(vendor, site.config.site.timezone, &site.config.watch).today(tx.now())
}

fn plausible(closed: Closure, today: NaiveDate) -> Result<(), LedgerError> {
    let Closure { from, until } = closed;
    let wrong = match () {
        () if until < from => {
            format!("{until} is before {from}: name the last day on which it is closed")
        }
        () if until < today => format!("{until} is over: name the last day on which it is closed"),
        () if (until - from).num_days() >= LONGEST || (from - today).num_days() > LONGEST => {
            format!(
                "{from} through {until} is too long or too far ahead: a year is the most. For good: `active` = no in its row, `poms vendors import`"
            )
        }
        () => return Ok(()),
    };
    Err(refused(BusinessRefusal::bad_word(wrong)))
}

/// Plans anew what is open with a vendor, by the days on which it works now; a sentence for each purchase order whose
/// day moves.
fn moved(tx: &Tx, site: &App, vendor: &Vendor, today: NaiveDate) -> Result<Said, LedgerError> {
    let mut moved = Vec::new();
    let open = [
        PoState::Queued,
        PoState::Failed,
        PoState::Sent,
        PoState::Acknowledged,
    ];
    let more = [
        PoState::Backordered,
        PoState::PartlyShipped,
        PoState::Rejected,
    ];
    let mut pos = Vec::new();
    for state in open.into_iter().chain(more) {
        pos.extend(tx.pos(Some(state), Some(&vendor.id), 100_000)?);
    }
    for po in pos {
        moved.extend(planned_anew(tx, site, vendor, &po, today)?);
    }
    if moved.is_empty() {
        return Ok(moved);
    }
    let more = moved.len().saturating_sub(NAMED);
    moved.truncate(NAMED);
    if more > 0 {
        moved.push(format!("  And {more} more."));
    }
    Ok(moved)
}

/// Plans one purchase order anew, if something of it is to come and it leaves on another day by that. A day that is
/// over stays: its customer hears of that otherwise.
fn planned_anew(
    tx: &Tx,
    site: &App,
    vendor: &Vendor,
    po: &PoRow,
    today: NaiveDate,
) -> Result<Option<String>, LedgerError> {
    let lines = tx.line_states(po.id)?;
    let coming = lines.iter().any(|line| line.coming() > 0);
    let known = tx.promise(po.id)?;
    let Some(known) = known.filter(|known| coming && known.planned.ship_by >= today) else {
        return Ok(None);
    };
    let (order, settings) = (tx.order(po.order_id)?.order, &site.config.promise.settings);
    let zone = site.config.site.timezone;
    let mut by = Journey::new(vendor, &order, po.created.time(), zone, settings);
    if by.ship_by < today {
        // what waited for it to open leaves as what is ordered today
        by = Journey::new(vendor, &order, tx.now(), zone, settings);
    }
    let planned = &known.planned;
    let waits = planned.ship_by > by.ship_by && !planned.why.starts_with(CLOSED);
    if waits {
        // for goods that the vendor does not have yet, whether it is open or not
        let ready = vendor.days.on_or_after(planned.ship_by);
        by = Journey::leaving(vendor, &order, ready, settings);
    }
    let why = match vendor
        .days
        .closed_on(planned.ship_by)
        .or(closed_before(vendor, &by))
    {
        Some(closed) if by.ship_by > planned.ship_by => {
            let first = if waits { WAITS } else { "" };
            format!("{first}{CLOSED} through {}", closed.until)
        }
        _ if by.ship_by < planned.ship_by && planned.why.starts_with(CLOSED) => {
            "the vendor is open again".to_owned()
        }
        _ => return Ok(None),
    };
    let plan = Promise {
        why,
        ..promise::at_once(tx, &by, settings)?
    };
    let (ships, arrives) = (plan.ship_by, plan.deliver_by);
    tx.put_promise(po.id, &plan)?;
    days::recount(tx, po, &lines)?;
    tx.dates_are_due(po.order_id)?;
    Ok(Some(format!(
        "  {} leaves by {ships} and arrives by {arrives}; {} was its day before.",
        po.number, known.promise.deliver_by
    )))
}

/// The closure that a day of shipping comes after.
fn closed_before(vendor: &Vendor, by: &Journey) -> Option<Closure> {
    let mut closures = vendor.days.closures().iter();
    closures.rfind(|one| one.until < by.ship_by).copied()
}
