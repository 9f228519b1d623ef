//! The stage that tells customers what became of their orders: each fact once, one mail of a kind a
//! run for an order.

use crate::app::App;
use crate::config::TellCancelled;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::{Code, Severity};
use crate::domain::email;
use crate::domain::lifecycle::{DeliveryState, OrderState};
use crate::ledger::exceptions::Subject;
use crate::ledger::notices::NoticeDue;
use crate::ledger::orders::OrderRow;
use crate::ledger::{Ledger, LedgerError, Tx};
use crate::notices::gather::Gathered;
use crate::notices::queue::{self, MailIdentity};
use crate::notices::{NoticeKind, Rendered, TemplateError};
use crate::shipping::apply::days;

/// Notices that are told in one transaction.
const BATCH: usize = 200;

/// What came of one notice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoticeTold {
    /// A mail was put into the outbox.
    pub put: bool,
    /// Exceptions that were opened.
    pub opened: usize,
}

/// Tells everything that is due.
pub fn all(ledger: &mut Ledger, site: &App) -> anyhow::Result<(usize, usize)> {
    let (mut mails, mut opened, mut after) = (0, 0, 0);
    loop {
        let due = ledger.read().notices_due(after, BATCH)?;
        let Some(last) = due.last() else { break };
        after = last.id;
        let part = ledger.write(site.clock.now(), |tx| {
            let (mut put, mut new) = (0, 0);
            for one in &due {
                let what = format!(
                    "write to the customer of the order with the ledger's number {} ({})",
                    one.order_id, one.kind
                );
                let (told, listed) = tx.item(&format!("notice:{}", one.id), &what, || {
                    let told = one_of(tx, site, one)?;
                    tx.notice_done(one.id)?;
                    Ok(told)
                })?;
                let told = told.unwrap_or_default();
                put += usize::from(told.put);
                new += told.opened + usize::from(listed);
            }
            Ok::<_, LedgerError>((put, new))
        })?;
        mails += part.0;
        opened += part.1;
    }
    Ok((mails, opened))
}

fn one_of(tx: &Tx, site: &App, due: &NoticeDue) -> Result<NoticeTold, LedgerError> {
    let row = tx.order(due.order_id)?;
    let cancelled = row.state == OrderState::Cancelled;
    match due.kind.as_str() {
        "cancelled" if wants_cancelled(tx, site, &row)? => match cancelled {
            true => tell(tx, site, row, NoticeKind::Cancelled),
            false => tell(tx, site, row, NoticeKind::TakenOff),
        },
        "shipped" => both(tx, site, row, NoticeKind::Shipped),
        "dates" if !cancelled => {
            follow_vendor(tx, &row)?;
            both(tx, site, row, NoticeKind::Delayed)
        }
        _ => Ok(NoticeTold::default()),
    }
}

/// What did not leave after all, and then the mail of this kind about what that one has not told.
fn both(tx: &Tx, site: &App, row: OrderRow, kind: NoticeKind) -> Result<NoticeTold, LedgerError> {
    let undone = tell(tx, site, row.clone(), NoticeKind::NotShipped)?;
    let then = tell(tx, site, row, kind)?;
    Ok(NoticeTold {
        put: undone.put || then.put,
        opened: undone.opened + then.opened,
    })
}

fn wants_cancelled(tx: &Tx, site: &App, row: &OrderRow) -> Result<bool, LedgerError> {
    Ok(match site.config.notices.cancelled {
        TellCancelled::Always => true,
        TellCancelled::Never => false,
        TellCancelled::IfPlaced => tx
            .deliveries_of_order(row.id)?
            .iter()
            .any(|delivery| delivery.kind == NoticeKind::Placed.delivery()),
    })
}

/// Moves promises to the days that vendors named for what is still to come.
fn follow_vendor(tx: &Tx, row: &OrderRow) -> Result<(), LedgerError> {
    for po in tx.pos_of_order(row.id)? {
        days::recount(tx, &po, &tx.line_states(po.id)?)?;
    }
    Ok(())
}

/// Writes one mail, if there is anything to say and someone to say it to. What cannot be written
/// becomes an exception.
pub fn tell(
    tx: &Tx,
    site: &App,
    row: OrderRow,
    kind: NoticeKind,
) -> Result<NoticeTold, LedgerError> {
    let buyer = site.buyer();
    let shop = &buyer.letterhead;
    let reachable = email::deliverable(&row.order.customer.email).is_ok();
    let order = Gathered::of(tx, row, shop, buyer.timezone)?;
    let id = order.row.id;
    let (once, rendered) = match kind {
        NoticeKind::Placed => {
            told_dates(tx, &order, reachable)?;
            let once = format!("{}:{id}:email", kind.delivery());
            (once, site.templates.customer_placed(&order.placed()?))
        }
        NoticeKind::Shipped | NoticeKind::NotShipped => {
            let made = match kind {
                NoticeKind::Shipped => shipped(tx, site, &order)?,
                _ => not_shipped(tx, site, &order, reachable)?,
            };
            let Some(made) = made else {
                return Ok(NoticeTold::default());
            };
            made
        }
        NoticeKind::Delayed => {
            let Some((context, once)) = order.delayed() else {
                return Ok(NoticeTold::default());
            };
            told_dates(tx, &order, reachable)?;
            let once = format!("{}:{id}:{once}", kind.delivery());
            (once, site.templates.customer(kind, &context))
        }
        NoticeKind::TakenOff => {
            let Some((context, off)) = order.taken_off() else {
                return Ok(NoticeTold::default());
            };
            for line in order.lines.iter().filter(|line| line.to_tell > 0) {
                tx.to_tell(line, 0)?;
            }
            let once = format!("{}:{id}:{off}", kind.delivery());
            (once, site.templates.customer(kind, &context))
        }
        NoticeKind::Cancelled => {
            unsent(tx, id)?;
            let once = format!("{}:{id}", kind.delivery());
            (once, site.templates.customer(kind, &order.cancelled()))
        }
        // told when its day comes, by `overdue`; asked by a person, about one exception
        NoticeKind::Overdue | NoticeKind::Question => return Ok(NoticeTold::default()),
    };
    if !reachable {
        return Ok(NoticeTold::default());
    }
    put(tx, site, &order, (kind, &once), rendered)
}

/// A mail, and what makes it the only one of its kind.
type Made = (String, Result<Rendered, TemplateError>);

fn shipped(tx: &Tx, site: &App, order: &Gathered) -> Result<Option<Made>, LedgerError> {
    let (id, kind) = (order.row.id, NoticeKind::Shipped);
    let (new, mark) = tx.untold_shipments(id)?;
    let Some(context) = order.shipped(&new) else {
        return Ok(None);
    };
    tx.told_shipments(id, mark)?;
    let shop = super::shops::shop_of(tx, site, &order.row)?;
    if shop.is_some_and(|(_, tells)| tells.shop_notifies) {
        return Ok(None);
    }
    let once = format!("{}:{id}:{}:{}", kind.delivery(), mark.0, mark.1);
    // one that a person took back, or a number that was wrong in between, had the same mark
    let once = match tx.count_once(&once)? {
        0 => once,
        n => format!("{once}:{n}"),
    };
    Ok(Some((once, site.templates.customer(kind, &context))))
}

/// It names days, too, so that no other mail need tell them.
fn not_shipped(
    tx: &Tx,
    site: &App,
    order: &Gathered,
    reachable: bool,
) -> Result<Option<Made>, LedgerError> {
    let (id, kind) = (order.row.id, NoticeKind::NotShipped);
    let undone = tx.undone_untold(id)?;
    let Some(context) = order.not_shipped(Some(&undone)) else {
        return Ok(None);
    };
    for shipment in &undone {
        tx.told_undone(*shipment)?;
    }
    told_dates(tx, order, reachable)?;
    let all: Vec<String> = undone.iter().map(i64::to_string).collect();
    let once = format!("{}:{id}:{}", kind.delivery(), all.join(","));
    Ok(Some((once, site.templates.customer(kind, &context))))
}

/// The mail about the whole order tells of its parts, too: one that waits for the end of quiet hours
/// need not go.
fn unsent(tx: &Tx, order: i64) -> Result<(), LedgerError> {
    for row in tx.deliveries_of_order(order)? {
        if row.state == DeliveryState::Queued && row.kind == NoticeKind::TakenOff.delivery() {
            tx.move_delivery(&row, DeliveryState::Dropped, "the whole order is cancelled")?;
        }
    }
    Ok(())
}

/// Notes the days that the mail which is being written names, and of what it names none.
fn told_dates(tx: &Tx, order: &Gathered, reachable: bool) -> Result<(), LedgerError> {
    if !reachable {
        return Ok(());
    }
    let days = order.days();
    for (po, known) in &order.promises {
        let of_po = days.iter().filter(|(line, _)| line.po_id == *po);
        let day = known.promise.deliver_by;
        let mut any = false;
        for (line, of_line) in of_po {
            tx.told_day(line, Some(*of_line).filter(|of_line| *of_line != day))?;
            any = true;
        }
        if any {
            tx.told_promise(*po, day)?;
        }
    }
    for line in &order.lines {
        tx.told_undated(line, line.awaits_a_day())?;
    }
    Ok(())
}

/// Puts a mail into the outbox; what cannot be made becomes an exception.
pub(super) fn put(
    tx: &Tx,
    site: &App,
    order: &Gathered,
    (kind, once): (NoticeKind, &str),
    rendered: Result<Rendered, TemplateError>,
) -> Result<NoticeTold, LedgerError> {
    let buyer = site.buyer();
    let hours = site.hours();
    let what = MailIdentity {
        kind: kind.delivery(),
        once,
        reply_to: buyer.customer_reply_to(&order.row),
    };
    let made = match rendered {
        Ok(mail) => queue::post(tx, &buyer.letterhead, &hours, &order.row, what, mail),
        Err(fault) => Err(LedgerError::Refused(BusinessRefusal::cannot_be_made(
            fault.to_string(),
        ))),
    };
    match made {
        Ok(put) => Ok(NoticeTold { put, opened: 0 }),
        Err(LedgerError::Refused(reason)) => {
            let about = Subject {
                order: Some(order.row.id),
                ..Subject::default()
            };
            let text = format!(
                "the mail '{}' to the customer of order {} cannot be made: {reason}",
                kind.word(),
                order.row.reference()
            );
            tx.open_exception(
                Code::DeliveryFailed,
                Severity::Hold,
                &order.row.entity(),
                about,
                &text,
            )?;
            Ok(NoticeTold {
                put: false,
                opened: 1,
            })
        }
        Err(other) => Err(other),
    }
}
