//! Where an order is, why, and what happens next and by when: all that support looks at, gathered
//! from the ledger alone.

mod json;
mod money;
pub mod next;
pub mod revised;
pub mod taken_back;
mod text;

use crate::clock::Moment;
use crate::domain::money::Money;
use crate::domain::vendor::Vendor;
use crate::ledger::audit::AuditEntry;
use crate::ledger::cancellations::CancellationRow;
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::messages::MessageRow;
use crate::ledger::order_notes::Revision;
use crate::ledger::orders::OrderRow;
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::promises::PromiseRow;
use crate::ledger::purchase_orders::{PoLineRow, PoRow};
use crate::ledger::questions::QuestionRow;
use crate::ledger::returns::RefundRow;
use crate::ledger::revisions::SentRevision;
use crate::ledger::{Result, Tx};
use crate::reports::returns::ReturnMoney;
use crate::reports::supply::Supply;
use crate::returns::owed::{Owed, owed};
use std::collections::HashMap;

pub use json::delivery as delivery_json;
pub use text::{contents, notes, outcome, text};

/// An order with everything that belongs to it.
pub struct Story {
    /// The order.
    pub row: OrderRow,
    /// The other orders of the same shop number.
    pub copies: Vec<OrderRow>,
    /// The orders of other shops that have its number there.
    pub alike: Vec<OrderRow>,
    /// The mail that brought it.
    pub message: Option<MessageRow>,
    /// Its purchase orders, with the lines of each.
    pub pos: Vec<(PoRow, Vec<PoLineRow>)>,
    /// What is promised, by purchase order.
    pub promises: HashMap<i64, PromiseRow>,
    /// The vendors of these by id.
    pub vendors: HashMap<String, Vendor>,
    /// What its customer was asked, oldest first.
    pub questions: Vec<QuestionRow>,
    /// What was taken back of its purchase orders, oldest first.
    pub cancellations: Vec<CancellationRow>,
    /// What was changed of its purchase orders after they left, oldest first.
    pub po_revisions: Vec<SentRevision>,
    /// By when vendors should answer these, by their numbers in the ledger; filled in by who knows the
    /// configuration.
    pub answers_due: HashMap<i64, next::By>,
    /// What its customer is owed for what does not ship; none when nothing was cancelled.
    pub owed: Option<Owed>,
    /// What its customer got for that, oldest first.
    pub paid_back: Vec<RefundRow>,
    /// Its returns with their money, oldest first.
    pub returns: Vec<ReturnMoney>,
    /// Its deliveries.
    pub deliveries: Vec<DeliveryRow>,
    /// Its open exceptions, those that hold first.
    pub exceptions: Vec<ExceptionRow>,
    /// Notes: time, actor, text.
    pub notes: Vec<(Moment, String, String)>,
    /// Its facts, oldest first.
    pub facts: Vec<AuditEntry>,
    /// Its earlier documents, the original first.
    pub revisions: Vec<Revision>,
    /// What its vendors answered and shipped.
    pub supply: Supply,
    /// What its purchase orders wait for, by their numbers in the ledger; filled in by who knows the
    /// configuration.
    pub watched: HashMap<i64, next::NextStep>,
    /// Whether a person has the stop switch on.
    pub stopped: bool,
    /// Descriptions from the catalogue of SKUs that the order itself does not describe.
    pub descriptions: HashMap<String, String>,
}

impl Story {
    /// Gathers everything about an order that is named as people name it.
    ///
    /// # Errors
    /// When there is no such order; SQLite's.
    pub fn gather(tx: &Tx, name: &str) -> Result<Story> {
        Story::of(tx, tx.find_order(name)?)
    }

    /// Gathers everything about an order.
    pub fn of(tx: &Tx, row: OrderRow) -> Result<Story> {
        let mut pos = Vec::new();
        let mut vendors = HashMap::new();
        for po in tx.pos_of_order(row.id)? {
            if let Some(vendor) = tx.vendor(&po.vendor_id)? {
                vendors.insert(vendor.id.clone(), vendor);
            }
            let lines = tx.po_lines(po.id)?;
            pos.push((po, lines));
        }
        let mut exceptions = tx.open_exceptions_of_order(row.id)?;
        exceptions.extend(tx.silent_exceptions_of_order(row.id)?);
        exceptions.extend(tx.answers_waiting(row.id)?);
        exceptions.sort_by_key(|e| (e.severity.as_str(), e.id));
        let mut copies = tx.orders_numbered(&row.order.order_number)?;
        copies.retain(|copy| copy.id != row.id);
        let mut alike = tx.orders_of_shop_number(row.order.number_for_customer())?;
        alike.retain(|other| other.id != row.id);
        let revisions = tx.revisions(row.id)?;
        let returns = tx.returns_of_order(row.id)?.into_iter();
        let returns = returns.map(|row| ReturnMoney::of(tx, row));
        let returns = returns.collect::<Result<Vec<_>>>()?;
        Ok(Story {
            message: tx.message_of_order(row.id)?,
            promises: tx.promises_of_order(row.id)?,
            deliveries: tx.deliveries_of_order(row.id)?,
            notes: tx.notes(row.id)?,
            facts: tx.audit_of_order(row.id)?,
            descriptions: descriptions(tx, &row)?,
            questions: tx.questions_of_order(row.id)?,
            owed: owed(tx, &row)?,
            paid_back: tx.refunds_without_return(row.id)?,
            cancellations: tx.cancellations_of_order(row.id)?,
            po_revisions: tx.revisions_of_order(row.id)?,
            answers_due: HashMap::new(),
            supply: Supply::of_order(tx, row.id)?,
            watched: HashMap::new(),
            stopped: tx.stopped()?.is_some(),
            row,
            alike,
            copies,
            pos,
            vendors,
            exceptions,
            returns,
            revisions,
        })
    }

    /// The fact that brought the order into its present state.
    pub fn since(&self) -> Option<&AuditEntry> {
        let kind = format!("order.{}", self.row.state.as_str());
        self.facts.iter().rev().find(|fact| fact.kind == kind)
    }

    /// What the customer got back in all.
    pub fn refunded(&self) -> Money {
        let refunds = self.returns.iter().map(ReturnMoney::refunded);
        let refunds = refunds.chain(self.paid_back.iter().map(|one| one.amount));
        Money::sum(refunds).unwrap_or_default()
    }

    /// What vendors give back for returns, or shall.
    pub fn credited(&self) -> Money {
        Money::sum(self.returns.iter().map(ReturnMoney::credited)).unwrap_or_default()
    }

    /// Where the goods of a line (counted from 1) come from.
    pub fn sources(&self, line: i64) -> impl Iterator<Item = (&PoRow, &PoLineRow)> {
        self.pos.iter().flat_map(move |(po, lines)| {
            let of = lines.iter().filter(move |l| l.order_line == line);
            of.map(move |l| (po, l))
        })
    }

    /// Why its articles went to whom, where strategies chose: a line for each.
    pub fn routed(&self) -> Vec<&str> {
        let placed = self
            .facts
            .iter()
            .rev()
            .find(|fact| fact.kind == "order.placed");
        let route = placed.and_then(|fact| fact.payload["why"]["route"].as_array());
        let lines = route.into_iter().flatten();
        lines.filter_map(|line| line["why"].as_str()).collect()
    }

    /// What a SKU is, in words.
    pub fn description<'a>(&'a self, sku: &str, own: Option<&'a str>) -> &'a str {
        let found = || self.descriptions.get(sku).map(String::as_str);
        own.filter(|text| !text.trim().is_empty())
            .or_else(found)
            .unwrap_or("")
    }

    /// The number of the purchase order that a delivery brings.
    pub fn po_number(&self, id: Option<i64>) -> Option<&str> {
        let (po, _) = self.pos.iter().find(|(po, _)| Some(po.id) == id)?;
        Some(&po.number)
    }
}

fn descriptions(tx: &Tx, row: &OrderRow) -> Result<HashMap<String, String>> {
    let mut known = HashMap::new();
    for line in &row.order.lines {
        if line.description.is_none()
            && let Some(offer) = tx.offers_of(line.sku.trim())?.into_iter().next()
        {
            known.insert(line.sku.clone(), offer.description);
        }
    }
    Ok(known)
}
