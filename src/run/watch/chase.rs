//! The question to a vendor: one mail or fax a day, about all that is late.

use super::{AskingWay, WatchDue, way};
use crate::app::App;
use crate::domain::delivery::DeliveryKind;
use crate::domain::email;
use crate::domain::token::TokenSubject;
use crate::domain::vendor::Vendor;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{LedgerError, Tx};
use crate::mail::compose::Letter;
use crate::mail::outbox::{self, OutboxDocument, Purpose};
use crate::notices::{ChaseContext, ChaseLine, ChasePo, ChasesContext, Rendered};
use crate::purchasing::render;
use crate::purchasing::unmade::Unmade;
use crate::shipping::watch::{AwaitedKind, Hours, Move};
use chrono::NaiveDate;

/// Puts the question about all of these into the outbox, or says why it cannot be made.
pub(super) fn ask(
    tx: &Tx,
    site: &App,
    vendor: &Vendor,
    due: &[&WatchDue],
) -> Result<Result<(), Unmade>, LedgerError> {
    let hours = Hours::of(vendor, site.config.site.timezone, &site.config.watch);
    let day = hours.today(tx.now());
    let id = tx.put_chase(&vendor.id, day)?;
    let mut pos: Vec<(PoRow, ChasePo)> = Vec::new();
    for one in gravest(due) {
        let po = tx.po(one.po.id)?;
        let asked = about(tx, site, one, &po)?;
        pos.push((po, asked));
    }
    let made = match write(site, vendor, id, &pos, tx) {
        Ok(made) => made,
        Err(reason) => return Ok(Err(reason)),
    };
    let order_id = match pos.as_slice() {
        [(po, _)] => Some(po.order_id),
        _ => None,
    };
    let purpose = Purpose {
        kind: DeliveryKind::PoChase,
        once: &format!("po_chase:{}:{day}", vendor.id),
        order_id,
        po_id: None,
    };
    let Some(delivery) = outbox::put(tx, &site.config.site.email, &made, &purpose)? else {
        return Ok(Err(Unmade::AskedToday));
    };
    tx.chase_is_written(id, delivery)?;
    for one in due {
        let po = pos.iter().find(|(po, _)| po.id == one.po.id);
        if let Some((po, _)) = po {
            let expected = &one.watched.expected;
            let due = (expected.due, promised(one));
            tx.put_asked((id, delivery), po, expected.kind.as_str(), due)?;
        }
    }
    Ok(Ok(()))
}

/// One thing to ask about each purchase order, the gravest of those that are due.
fn gravest<'a>(due: &[&'a WatchDue]) -> Vec<&'a WatchDue> {
    let mut all: Vec<&WatchDue> = Vec::new();
    for one in due {
        match all.iter_mut().find(|known| known.po.id == one.po.id) {
            Some(known) if known.watched.expected.kind < one.watched.expected.kind => *known = one,
            Some(_) => {}
            None => all.push(one),
        }
    }
    all
}

/// The day that the vendor named, where that is what is asked about.
pub(super) fn promised(due: &WatchDue) -> Option<NaiveDate> {
    let kept = due.watched.expected.kind == AwaitedKind::Promise;
    due.po.promised.filter(|_| kept)
}

fn about(tx: &Tx, site: &App, due: &WatchDue, po: &PoRow) -> Result<ChasePo, LedgerError> {
    let lines = tx.line_states(po.id)?;
    let open = lines.into_iter().filter(|line| line.coming() > 0);
    let kind = due.watched.expected.kind;
    let revised = due
        .po
        .revised
        .filter(|_| kind == AwaitedKind::Acknowledgement);
    let sent = revised.or(due.po.sent).unwrap_or(tx.now());
    Ok(ChasePo {
        po_number: match (kind, due.po.revision) {
            (AwaitedKind::Acknowledgement, Some(number)) => format!("{} rev. {number}", po.number),
            _ => po.number.clone(),
        },
        kind: kind.as_str().to_owned(),
        number: match due.watched.next {
            Move::Chase(number) => number,
            _ => 1,
        },
        sent: sent.with_timezone(&site.config.site.timezone).date_naive(),
        promised: promised(due),
        lines: open
            .map(|line| ChaseLine {
                qty: line.coming(),
                sku: line.sku,
                vendor_sku: line.vendor_sku,
            })
            .collect(),
    })
}

fn write(
    site: &App,
    vendor: &Vendor,
    id: i64,
    pos: &[(PoRow, ChasePo)],
    tx: &Tx,
) -> Result<OutboxDocument, Unmade> {
    let buyer = site.buyer();
    let way = way(vendor, &site.config).ok_or(Unmade::NoWay)?;
    let (shop, fax) = (buyer.letterhead.clone(), way == AskingWay::Fax);
    let vendor_name = vendor.name.clone();
    let rendered = match pos {
        [(_, po)] => site.templates.po_chase(&ChaseContext {
            shop,
            vendor_name,
            fax,
            po: po.clone(),
        }),
        _ => site.templates.po_chases(&ChasesContext {
            shop,
            vendor_name,
            fax,
            pos: pos.iter().map(|(_, po)| po.clone()).collect(),
        }),
    };
    let rendered = rendered?;
    if fax {
        let to = (vendor.name.as_str(), vendor.fax.as_str());
        let from = &buyer.letterhead;
        let paper = render::fax_note(from, to, &rendered.subject, &rendered.text, &site.fonts)?;
        let number = vendor.fax.clone();
        return Ok(OutboxDocument::fax(number, rendered.subject, paper.bytes));
    }
    let reply_to = match pos {
        [(po, _)] => buyer.reply_to(po.id, &po.number, &po.vendor_id),
        _ => buyer.reply_to_named(&TokenSubject::Chase {
            id,
            vendor: &vendor.id,
        }),
    };
    mail(site, vendor, rendered, reply_to, tx)
}

fn mail(
    site: &App,
    vendor: &Vendor,
    rendered: Rendered,
    reply_to: Option<String>,
    tx: &Tx,
) -> Result<OutboxDocument, Unmade> {
    let from = (
        site.config.site.name.clone(),
        site.config.site.email.clone(),
    );
    let to = (email::shown_name(&vendor.name), vendor.email.clone());
    let letter = Letter {
        reply_to,
        subject: rendered.subject,
        text: rendered.text,
        ..Letter::by_machine(from, vec![to], tx.now())
    };
    Ok(OutboxDocument::mail(letter)?)
}
