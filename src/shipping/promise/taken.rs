//! What came of promises: how long vendors took, and whether the day was kept.

use super::{Journey, PromiseSettings};
use crate::domain::calendar;
use crate::domain::habit::{HabitDays, MOST, TimeTaken, VendorHabit};
use crate::domain::vendor::Vendor;
use crate::ledger::habits::PromisedPo;
use crate::ledger::{Result, Tx};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use std::collections::BTreeMap;

/// How far back is looked, and at how many purchase orders of a vendor: what is older is another habit.
const BACK: TimeDelta = TimeDelta::days(180);
const NEWEST: usize = 300;

/// How a promise ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromiseEnd {
    /// The customer had it by the day.
    Kept,
    /// Later, or not yet though the day is past.
    Missed,
    /// The day is to come, and so are the goods.
    Open,
}

/// How a promise ended, as of a day. Where no carrier said when the goods arrived, they took as long as planned.
pub fn promised_well(po: &PromisedPo, today: NaiveDate) -> PromiseEnd {
    match arrival(po) {
        Some(day) if day <= po.planned && po.is_gone() => PromiseEnd::Kept,
        Some(day) if day > po.planned => PromiseEnd::Missed,
        _ if today > po.planned => PromiseEnd::Missed,
        _ => PromiseEnd::Open,
    }
}

/// The day on which the last that left arrived, or should.
fn arrival(po: &PromisedPo) -> Option<NaiveDate> {
    let should = |left| calendar::deliver_date(left, po.transit_days);
    po.arrived.or(po.left.map(should))
}

/// How long a vendor takes by what it did up to now, so that so many of a hundred promises are kept (`rate`).
///
/// # Errors
/// The ledger cannot be read.
pub fn learnt(
    tx: &Tx,
    vendor: &Vendor,
    site: Tz,
    settings: &PromiseSettings,
    rate: u32,
) -> Result<VendorHabit> {
    let pos = tx.promised_pos(&vendor.id, tx.now() - BACK, NEWEST)?;
    Ok(habit_of(vendor, &pos, tx.now(), (site, settings, rate)))
}

/// What these purchase orders say of their vendor.
pub(super) fn habit_of(
    vendor: &Vendor,
    pos: &[PromisedPo],
    now: DateTime<Utc>,
    (site, settings, rate): (Tz, &PromiseSettings, u32),
) -> VendorHabit {
    let mut all = Vec::with_capacity(pos.len());
    let mut articles: BTreeMap<String, Vec<TimeTaken>> = BTreeMap::new();
    for po in pos {
        let Some(taken) = taken(vendor, po, now, site, settings) else {
            continue;
        };
        all.push(taken);
        if let Some(sku) = &po.sku {
            articles.entry(sku.clone()).or_default().push(taken);
        }
    }
    let articles = articles.into_iter();
    let articles = articles.filter_map(|(sku, taken)| Some((sku, HabitDays::of(&taken, rate)?)));
    VendorHabit {
        all: HabitDays::of(&all, rate),
        articles: articles.collect(),
    }
}

/// The handling days with which the day of a purchase order would have been kept; those up to now where it is still to
/// leave. `None` for what left before it came in: it was brought in from elsewhere.
fn taken(
    vendor: &Vendor,
    po: &PromisedPo,
    now: DateTime<Utc>,
    site: Tz,
    settings: &PromiseSettings,
) -> Option<TimeTaken> {
    let (zone, cutoff) = Journey::counted(vendor, site, settings);
    let first = vendor.days.ship_date(po.created.time(), cutoff, zone, 0);
    if po
        .left
        .is_some_and(|left| left < po.created.time().date_naive())
    {
        return None;
    }
    let over = po.is_gone();
    let reached = |day: NaiveDate| match over {
        true => Some(calendar::deliver_date(day, po.transit_days)) >= arrival(po),
        false => vendor.days.add(day, 1) > now.with_timezone(&zone).date_naive(),
    };
    let mut day = first;
    for days in 0..=MOST {
        if reached(day) {
            return Some(TimeTaken { days, over });
        }
        day = vendor.days.add(day, 1);
    }
    Some(TimeTaken { days: MOST, over })
}
