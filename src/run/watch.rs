//! The watchers: asks vendors by mail, and tells a person, when something has not come in its time.

use super::Run;
use super::site::Site;
use crate::clock;
use crate::config::Config;
use crate::delivery::letter::Letter;
use crate::domain::codes::Severity;
use crate::domain::email;
use crate::domain::vendor::{Vendor, VendorChannel};
use crate::ledger::exceptions::Subject;
use crate::ledger::outbox::NewDelivery;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::waiting::WaitingPo;
use crate::ledger::{LedgerError, Tx};
use crate::notices::{ChaseContext, ChaseLine};
use crate::shipping::watch::{Expected, Hours, Kind, Move, decide, expected};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// One thing that a purchase order waits for, and what follows.
#[derive(Clone, Copy, Debug)]
pub struct Watched {
    /// What, and by when.
    pub expected: Expected,
    /// What is to be done now.
    pub next: Move,
    /// How often the vendor was asked.
    pub asked: usize,
    /// Whether a person was told, whatever that person decided.
    pub told: bool,
}

impl Run<'_> {
    /// Asks vendors, or tells a person, about what has not come.
    pub(super) fn watch(&mut self) -> anyhow::Result<()> {
        if self.stopping() {
            return Ok(());
        }
        let (site, report) = (self.site, &mut self.report);
        let found = due(&self.ledger.read(), &site.config, site.clock.now())?;
        if !found.is_empty() {
            let told = |tx: &Tx| act(tx, site, &found);
            report.exceptions.opened += self.ledger.write(site.clock.now(), told)?;
        }
        Ok(())
    }
}

/// A purchase order for which something is to be done.
pub struct Due {
    po: WaitingPo,
    vendor: Vendor,
    watched: Watched,
}

/// What makes a mail the n-th about this expectation: a new promise begins anew.
fn once(po: i64, expected: &Expected, number: u32) -> String {
    format!(
        "po_chase:{po}:{}:{}:{number}:email",
        expected.kind.as_str(),
        expected.due.format("%Y%m%d")
    )
}

/// What one purchase order waits for.
///
/// # Errors
/// The ledger's.
pub fn of(
    tx: &Tx,
    po: &WaitingPo,
    vendor: &Vendor,
    config: &Config,
    now: DateTime<Utc>,
) -> Result<Vec<Watched>, LedgerError> {
    let hours = Hours::of(vendor, config.site.timezone, &config.watch);
    let mut all = Vec::new();
    for expected in expected(po, vendor, &hours, &config.watch) {
        let mut chased = Vec::new();
        // nothing was done about what is not due
        let most = if expected.due <= now {
            config.watch.chases
        } else {
            0
        };
        for number in 1..=most {
            match tx.enqueued_at(&once(po.id, &expected, number))? {
                Some(at) => chased.push(at),
                None => break,
            }
        }
        let mail = vendor.channel != VendorChannel::Fax && !vendor.email.trim().is_empty();
        let next = decide(&expected, &chased, mail, &hours, &config.watch, now);
        let entity = format!("po:{}", po.number);
        let told = match next {
            Move::Tell => tx.last_opened(expected.kind.code(), &entity, po.order_id)?,
            _ => None,
        };
        all.push(Watched {
            expected,
            next,
            asked: chased.len(),
            told: told.is_some_and(|at| at >= clock::text(expected.due)),
        });
    }
    Ok(all)
}

/// Everything for which something is to be done now.
///
/// # Errors
/// The ledger's.
pub fn due(tx: &Tx, config: &Config, now: DateTime<Utc>) -> Result<Vec<Due>, LedgerError> {
    let mut vendors: HashMap<String, Option<Vendor>> = HashMap::new();
    let mut all = Vec::new();
    for po in tx.waiting_pos(None)? {
        let vendor = match vendors.get(&po.vendor_id) {
            Some(known) => known.clone(),
            None => {
                let found = tx.vendor(&po.vendor_id)?;
                vendors.insert(po.vendor_id.clone(), found.clone());
                found
            }
        };
        let Some(vendor) = vendor else { continue };
        for watched in of(tx, &po, &vendor, config, now)? {
            if matches!(watched.next, Move::Chase(_) | Move::Tell) && !watched.told {
                all.push(Due {
                    po: po.clone(),
                    vendor: vendor.clone(),
                    watched,
                });
            }
        }
    }
    Ok(all)
}

/// Does it; returns how many exceptions were opened.
///
/// # Errors
/// The ledger's.
pub fn act(tx: &Tx, site: &Site, due: &[Due]) -> Result<usize, LedgerError> {
    let mut opened = 0;
    let mut asked = std::collections::HashSet::new();
    for one in due {
        match one.watched.next {
            // one mail at a time about one purchase order
            Move::Chase(number) if asked.insert(one.po.id) => {
                if let Err(reason) = chase(tx, site, one, number)? {
                    tell(
                        tx,
                        site,
                        one,
                        &format!(" (it could not be asked by mail: {reason})"),
                    )?;
                    opened += 1;
                }
            }
            Move::Tell => opened += usize::from(tell(tx, site, one, "")?),
            _ => {}
        }
    }
    Ok(opened)
}

fn tell(tx: &Tx, site: &Site, due: &Due, more: &str) -> Result<bool, LedgerError> {
    let (po, expected) = (&due.po, &due.watched.expected);
    let code = expected.kind.code();
    let severity = site.config.rules.severity(code);
    if severity == Severity::Off {
        return Ok(false);
    }
    let zone = site.config.site.timezone;
    let day = |at: DateTime<Utc>| at.with_timezone(&zone).format("%B %-d, %Y").to_string();
    let sent = po.sent.map(day).unwrap_or_default();
    let what = match expected.kind {
        Kind::Acknowledgement => format!("has not answered {}, sent on {sent}", po.number),
        Kind::Advice => format!(
            "has not said that {} left, sent on {sent} ({} pieces are open)",
            po.number, po.open
        ),
        Kind::Promise => format!(
            "promised {} for {}, and {} pieces have not left",
            po.number,
            po.promised
                .map(|day| day.format("%B %-d, %Y").to_string())
                .unwrap_or_default(),
            po.open
        ),
    };
    let asked = match due.watched.asked {
        0 => String::new(),
        1 => ", and did not answer a mail that asked".to_owned(),
        n => format!(", and did not answer {n} mails that asked"),
    };
    let text = format!("{} {what}{asked}{more}", due.vendor.name);
    let about = Subject {
        order: Some(po.order_id),
        po: Some(po.id),
        ..Subject::default()
    };
    let entity = format!("po:{}", po.number);
    tx.open_exception(code, severity, &entity, about, &text)?;
    Ok(true)
}

/// Puts a mail to the vendor into the outbox, or says why it cannot be made.
fn chase(tx: &Tx, site: &Site, due: &Due, number: u32) -> Result<Result<(), String>, LedgerError> {
    let po = tx.po(due.po.id)?;
    let context = context(tx, site, due, &po, number)?;
    let rendered = match site.templates.po_chase(&context) {
        Ok(rendered) => rendered,
        Err(fault) => return Ok(Err(fault.to_string())),
    };
    let from = &site.config.site.email;
    let to = (
        email::shown_name(&due.vendor.name),
        due.vendor.email.clone(),
    );
    let letter = Letter {
        reply_to: site.buyer().reply_to(po.id, &po.number, &po.vendor_id),
        subject: rendered.subject,
        text: rendered.text,
        ..Letter::by_machine(
            (site.config.site.name.clone(), from.clone()),
            vec![to],
            tx.now(),
        )
    };
    let content = match letter.render() {
        Ok(content) => content,
        Err(fault) => return Ok(Err(fault.to_string())),
    };
    // no `po_id`: what becomes of this mail says nothing about the purchase order
    tx.enqueue(&NewDelivery {
        kind: "po_chase",
        channel: "email",
        once: &once(po.id, &due.watched.expected, number),
        reference: &letter.message_id,
        sender: from,
        recipients: std::slice::from_ref(&due.vendor.email),
        subject: &letter.subject,
        order_id: Some(po.order_id),
        po_id: None,
        content: &content,
    })?;
    Ok(Ok(()))
}

fn context(
    tx: &Tx,
    site: &Site,
    due: &Due,
    po: &PoRow,
    number: u32,
) -> Result<ChaseContext, LedgerError> {
    let lines = tx.line_states(po.id)?;
    let open = lines.into_iter().filter(|line| line.coming() > 0);
    let sent = due.po.sent.unwrap_or(tx.now());
    Ok(ChaseContext {
        shop: site.buyer().letterhead,
        po_number: po.number.clone(),
        vendor_name: due.vendor.name.clone(),
        kind: due.watched.expected.kind.as_str().to_owned(),
        number,
        sent: sent.with_timezone(&site.config.site.timezone).date_naive(),
        promised: due.po.promised,
        lines: open
            .map(|line| ChaseLine {
                qty: line.coming(),
                sku: line.sku,
                vendor_sku: line.vendor_sku,
            })
            .collect(),
    })
}
