//! Customers are told when the day comes that they were told, and nobody has said that the goods left:
//! once for that day, and again only for a later one that they were told.

use super::notices::{NoticeTold, put};
use crate::app::App;
use crate::domain::email;
use crate::domain::lifecycle::DeliveryState;
use crate::ledger::orders::OrderRow;
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::{Ledger, LedgerError, Tx};
use crate::notices::NoticeKind;
use crate::notices::gather::{Gathered, Inquiry};
use chrono::{DateTime, NaiveDate, TimeDelta, Timelike, Utc};
use std::collections::BTreeMap;

/// Before this hour of the customer's day nobody is told: the goods may have left yesterday.
const MORNING: u32 = 9;
/// No second mail within so many hours because of a day.
const APART: i64 = 4;

/// What of an order is late: its purchase orders, each with the day that the customer was told.
type Late = Vec<(i64, NaiveDate)>;

/// Tells everyone; returns the mails that were put into the outbox and the exceptions that were
/// opened.
pub fn all(ledger: &mut Ledger, site: &App) -> anyhow::Result<(usize, usize)> {
    if !site.config.notices.overdue {
        return Ok((0, 0));
    }
    let now = site.clock.now();
    // a day begins nowhere more than a day before it does in Greenwich
    let latest = now.date_naive() + TimeDelta::days(1);
    let mut orders: BTreeMap<i64, Late> = BTreeMap::new();
    for (order, po, day) in ledger.read().promises_over(latest)? {
        orders.entry(order).or_default().push((po, day));
    }
    if orders.is_empty() {
        return Ok((0, 0));
    }
    let done = ledger.write(now, |tx| {
        let (mut mails, mut opened) = (0, 0);
        for (id, late) in orders {
            let what = format!(
                "tell the customer of the order with the ledger's number {id} of a day that came without the goods"
            );
            let of_one = || one(tx, site, id, late);
            let (told, listed) = tx.item(&format!("overdue:{id}"), &what, of_one)?;
            let told = told.unwrap_or_default();
            mails += usize::from(told.put);
            opened += told.opened + usize::from(listed);
        }
        Ok::<_, LedgerError>((mails, opened))
    })?;
    Ok(done)
}

/// Tells one customer, if it is time.
fn one(tx: &Tx, site: &App, id: i64, mut late: Late) -> Result<NoticeTold, LedgerError> {
    let now = tx.now();
    let row = tx.order(id)?;
    let local = now.with_timezone(&site.hours().zone(&row.order.ship_to));
    let here = |day: NaiveDate| {
        let today = local.date_naive();
        day < today || day == today && local.hour() >= MORNING
    };
    late.retain(|(_, day)| here(*day));
    match late.is_empty() || waits(tx, &row, now)? {
        true => Ok(NoticeTold::default()),
        false => tell(tx, site, row, late),
    }
}

/// Whether the customer has just got another mail about it, or will.
fn waits(tx: &Tx, row: &OrderRow, now: DateTime<Utc>) -> Result<bool, LedgerError> {
    let about = |delivery: &DeliveryRow| {
        NoticeKind::ALL
            .iter()
            .any(|one| one.delivery() == delivery.kind)
    };
    let recent = |delivery: &DeliveryRow| {
        let made = delivery.created.time();
        matches!(
            delivery.state,
            DeliveryState::Queued | DeliveryState::Sending
        ) || now - made < TimeDelta::hours(APART)
    };
    let mut mails = tx.deliveries_of_order(row.id)?.into_iter().filter(about);
    Ok(mails.any(|mail| recent(&mail)))
}

/// Whether a vendor wrote about one of them what waits for a person.
fn heard(tx: &Tx, pos: &[i64]) -> Result<bool, LedgerError> {
    for po in pos {
        let po = tx.po(*po)?;
        let of = tx.heard_of((po.id, po.order_id, &po.number))?;
        if of.waits.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether each vendor was asked about its purchase order: a run outside its business hours asks nobody.
fn asked(tx: &Tx, pos: &[i64]) -> Result<bool, LedgerError> {
    for po in pos {
        let asked = tx.asked_about(*po)?;
        if !asked.iter().any(|one| one.delivery == "sent") {
            return Ok(false);
        }
    }
    Ok(true)
}

fn tell(tx: &Tx, site: &App, row: OrderRow, mut late: Late) -> Result<NoticeTold, LedgerError> {
    let reachable = email::deliverable(&row.order.customer.email).is_ok();
    let buyer = site.buyer();
    let order = Gathered::of(tx, row, &buyer.letterhead, buyer.timezone)?;
    late.retain(|(po, _)| order.has_more_than_questions(*po));
    // in order of purchase orders, and the latest day of each last
    let mut pos: Vec<i64> = late.iter().map(|(po, _)| *po).collect();
    pos.dedup();
    let Some(day) = late.iter().map(|(_, day)| *day).max() else {
        return Ok(NoticeTold::default());
    };
    let of_vendors = Inquiry {
        heard: heard(tx, &pos)?,
        asked: asked(tx, &pos)?,
    };
    let context = order.overdue(&pos, day, of_vendors);
    for (po, day) in late {
        tx.told_overdue(po, day)?;
    }
    let Some(context) = context.filter(|_| reachable) else {
        return Ok(NoticeTold::default());
    };
    let first = pos.first().copied().unwrap_or_default();
    let once = format!(
        "{}:{}:{day}:{first}",
        NoticeKind::Overdue.delivery(),
        order.row.id
    );
    let rendered = site.templates.customer(NoticeKind::Overdue, &context);
    put(tx, site, &order, (NoticeKind::Overdue, &once), rendered)
}
