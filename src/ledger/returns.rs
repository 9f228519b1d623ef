//! Returns, their lines, what was found about the goods, and refunds.

mod acts;
mod owed;
mod sums;
mod watched;

pub use acts::{NewRefund, NewReturn};
pub use owed::{DueRow, LinePieces};
pub use sums::Goods;
pub(super) use sums::{RETURNED, SUMS};

use super::{LedgerError, Result, Tx};
use crate::clock::Moment;
use crate::domain::lifecycle::ReturnState;
use crate::domain::money::Money;
use crate::domain::rma::{Condition, ReturnKind};
use crate::ledger::sqlite::nocase;
use chrono::NaiveDate;
use rusqlite::Row;
use serde::{Deserialize, Serialize};

/// A return as the ledger has it.
#[derive(Clone, Debug)]
pub struct ReturnRow {
    /// Its number in the ledger.
    pub id: i64,
    /// Its number to people, such as `R-W200001-1`.
    pub number: String,
    /// The order.
    pub order_id: i64,
    /// That order as commands name it.
    pub order: String,
    /// The customer who ordered.
    pub customer: String,
    /// The purchase order by which the goods came.
    pub po_id: i64,
    /// That purchase order's number.
    pub po: String,
    /// The vendor.
    pub vendor_id: String,
    /// The vendor's name.
    pub vendor_name: String,
    /// ISO 4217 code of its amounts.
    pub currency: String,
    /// Why the goods are not with the customer, or not for long.
    pub kind: ReturnKind,
    /// Where it stands.
    pub state: ReturnState,
    /// Why, in words.
    pub reason: String,
    /// When it was asked for, RFC 3339 UTC.
    pub opened: Moment,
    /// When it was authorised.
    pub authorised: Option<Moment>,
    /// The last day on which goods may come.
    pub deadline: Option<NaiveDate>,
    /// Where goods go, a line each; empty where none come back.
    pub address: Vec<String>,
    /// When goods came last.
    pub received: Option<Moment>,
    /// When they were last looked at.
    pub inspected: Option<Moment>,
    /// When it last changed.
    pub updated: Moment,
}

impl ReturnRow {
    /// Its name in the audit trail and on the exceptions list.
    pub fn entity(&self) -> String {
        format!("return:{}", self.number)
    }
}

/// One line of a return.
#[derive(Clone, Debug, Serialize)]
pub struct ReturnLineRow {
    /// Its number in the ledger.
    #[serde(skip)]
    pub id: i64,
    /// The line of the purchase order.
    #[serde(skip)]
    pub po_line_id: i64,
    /// The line of the order, from 1.
    #[serde(rename = "line")]
    pub order_line: i64,
    /// The shop's SKU.
    pub sku: String,
    /// The vendor's.
    pub vendor_sku: String,
    /// Pieces that were asked to come back.
    pub qty: i64,
    /// Pieces that came so far; `None` before anything of the return did.
    pub received: Option<i64>,
    /// What the vendor charged for one.
    #[serde(skip)]
    pub unit_cost: Money,
    /// What was found about them.
    pub conditions: Vec<(Condition, i64)>,
}

impl ReturnLineRow {
    /// The pieces that count: those that came, before that those that were asked.
    pub fn counts(&self) -> i64 {
        self.received.unwrap_or(self.qty)
    }

    /// Pieces that may still come.
    pub fn to_come(&self) -> i64 {
        self.qty.saturating_sub(self.received.unwrap_or(0)).max(0)
    }

    /// Pieces that came and that nobody has looked at.
    pub fn to_inspect(&self) -> i64 {
        let seen = self.conditions.iter().map(|(_, qty)| qty).sum();
        self.received.unwrap_or(0).saturating_sub(seen).max(0)
    }
}

/// Money that a customer got back: all that a return is worth, or a part.
#[derive(Clone, Debug, Serialize)]
pub struct RefundRow {
    /// Its number in the ledger.
    #[serde(skip)]
    pub id: i64,
    /// The order as commands name it.
    #[serde(skip)]
    pub order: String,
    /// 1 for the first of its return, or of its order without one.
    pub part: i64,
    /// The return's number to people; none for what never shipped.
    #[serde(rename = "return")]
    pub rma: Option<String>,
    /// How much.
    pub amount: Money,
    /// What the order's prices make for the whole return.
    pub computed: Money,
    /// Tax in `amount`.
    pub tax: Money,
    /// By which way.
    pub method: String,
    /// The way's own number for it.
    pub reference: String,
    /// When.
    pub at: Moment,
    /// Who recorded it.
    pub actor: String,
    /// Why so; may be empty.
    pub note: String,
}

impl RefundRow {
    /// Names what it is for, for people.
    pub fn of(&self) -> String {
        match &self.rma {
            Some(rma) => format!("return {rma}"),
            None => format!("order {}", self.order),
        }
    }
}

/// Of an order's document who bought.
#[derive(Deserialize)]
struct Buyer {
    customer: ConditionName,
}

#[derive(Deserialize)]
struct ConditionName {
    name: String,
}

const SELECT: &str = "SELECT r.id, r.number, r.order_id, o.number, o.copy, o.document, r.po_id, p.number, p.vendor_id, v.name, \
     o.currency, r.kind, r.state, r.reason, r.opened, r.authorised, r.deadline, r.address, r.received, r.inspected, r.updated \
     FROM rma r JOIN orders o ON o.id = r.order_id JOIN purchase_order p ON p.id = r.po_id JOIN vendor v ON v.vendor_id = p.vendor_id";

fn of(row: &Row) -> rusqlite::Result<ReturnRow> {
    let order: String = row.get(3)?;
    let (document, address): (String, Option<String>) = (row.get(5)?, row.get(17)?);
    Ok(ReturnRow {
        id: row.get(0)?,
        number: row.get(1)?,
        order_id: row.get(2)?,
        order: super::orders::reference(&order, row.get(4)?),
        customer: super::json::<Buyer>(5, &document)?.customer.name,
        po_id: row.get(6)?,
        po: row.get(7)?,
        vendor_id: row.get(8)?,
        vendor_name: row.get(9)?,
        currency: row.get(10)?,
        kind: super::word(row, 11, ReturnKind::parse)?,
        state: super::word(row, 12, ReturnState::parse)?,
        reason: row.get(13)?,
        opened: row.get(14)?,
        authorised: row.get(15)?,
        deadline: super::po_lines::day(row, 16)?,
        address: address.map_or(Ok(Vec::new()), |text| super::json(17, &text))?,
        received: row.get(18)?,
        inspected: row.get(19)?,
        updated: row.get(20)?,
    })
}

const REFUND: &str = "SELECT r.number, f.amount, f.computed, f.tax, f.method, f.reference, f.at, f.actor, f.note, \
     f.id, o.number, o.copy, (SELECT count(*) FROM refund e WHERE e.order_id = f.order_id AND e.rma_id IS f.rma_id AND e.id <= f.id) \
     FROM refund f LEFT JOIN rma r ON r.id = f.rma_id JOIN orders o ON o.id = f.order_id";

fn refund(row: &Row) -> rusqlite::Result<RefundRow> {
    let order: String = row.get(10)?;
    Ok(RefundRow {
        id: row.get(9)?,
        order: super::orders::reference(&order, row.get(11)?),
        part: row.get(12)?,
        rma: row.get(0)?,
        amount: Money(row.get(1)?),
        computed: Money(row.get(2)?),
        tax: Money(row.get(3)?),
        method: row.get(4)?,
        reference: row.get(5)?,
        at: row.get(6)?,
        actor: row.get(7)?,
        note: row.get(8)?,
    })
}

/// A filter of the returns to list; everything that is `None` is not asked.
#[derive(Clone, Debug, Default)]
pub struct ReturnFilter {
    /// Only in this state.
    pub state: Option<ReturnState>,
    /// Only of this order, by its number in the ledger.
    pub order: Option<i64>,
    /// Only of this vendor.
    pub vendor: Option<String>,
    /// At most so many.
    pub at_most: usize,
}

impl Tx<'_> {
    /// A return by its number to people; case does not matter.
    ///
    /// # Errors
    /// When there is none.
    pub fn find_return(&self, number: &str) -> Result<ReturnRow> {
        let number = number.trim().trim_start_matches("return:");
        for number in [number.to_owned(), number.to_uppercase()] {
            let sql = format!("{SELECT} WHERE r.number = ?1");
            if let Some(found) = self.first(&sql, [&number], of)? {
                return Ok(found);
            }
        }
        Err(LedgerError::NotFound(format!(
            "there is no return {number}: see `poms return list`"
        )))
    }

    /// A return by its number in the ledger, if there is one.
    pub fn return_if_any(&self, id: i64) -> Result<Option<ReturnRow>> {
        self.first(&format!("{SELECT} WHERE r.id = ?1"), [id], of)
    }

    /// Returns, newest first.
    pub fn returns(&self, filter: &ReturnFilter) -> Result<Vec<ReturnRow>> {
        let sql = format!(
            "{SELECT} WHERE (?1 IS NULL OR r.state = ?1) AND (?2 IS NULL OR r.order_id = ?2) AND (?3 IS NULL OR p.vendor_id = ?3) \
             ORDER BY r.id DESC LIMIT ?4"
        );
        let state = filter.state.map(ReturnState::as_str);
        let params = (state, filter.order, &filter.vendor, filter.at_most as i64);
        self.rows(&sql, params, of)
    }

    /// The returns of an order, oldest first.
    pub fn returns_of_order(&self, order_id: i64) -> Result<Vec<ReturnRow>> {
        self.rows(
            &format!("{SELECT} WHERE r.order_id = ?1 ORDER BY r.id"),
            [order_id],
            of,
        )
    }

    /// The lines of a return.
    pub fn return_lines(&self, rma: i64) -> Result<Vec<ReturnLineRow>> {
        let mut lines = self.rows(
            "SELECT n.id, n.po_line_id, n.order_line, l.sku, l.vendor_sku, n.qty, n.received, l.unit_cost \
             FROM rma_line n JOIN po_line l ON l.id = n.po_line_id WHERE n.rma_id = ?1 ORDER BY n.order_line, n.id",
            [rma],
            |row| {
                Ok(ReturnLineRow {
                    id: row.get(0)?,
                    po_line_id: row.get(1)?,
                    order_line: row.get(2)?,
                    sku: row.get(3)?,
                    vendor_sku: row.get(4)?,
                    qty: row.get(5)?,
                    received: row.get(6)?,
                    unit_cost: Money(row.get(7)?),
                    conditions: Vec::new(),
                })
            },
        )?;
        for line in &mut lines {
            line.conditions = self.rows(
                "SELECT condition, qty FROM rma_inspection WHERE rma_line_id = ?1 ORDER BY id",
                [line.id],
                |row| Ok((super::word(row, 0, Condition::parse)?, row.get(1)?)),
            )?;
        }
        Ok(lines)
    }

    /// The vendor to whom a mail about a return went; `None` when the delivery is another.
    pub fn vendor_of_return_mail(&self, delivery: i64) -> Result<Option<String>> {
        let once: Option<String> = self.first(
            "SELECT once FROM delivery WHERE id = ?1 AND kind = 'return_vendor'",
            [delivery],
            |row| row.get(0),
        )?;
        let id = once.as_deref().and_then(|once| once.split(':').nth(1));
        let row = match id.and_then(|id| id.parse().ok()) {
            Some(id) => self.return_if_any(id)?,
            None => None,
        };
        Ok(row.map(|row| row.vendor_id))
    }

    /// Every refund, oldest first.
    pub fn refunds(&self) -> Result<Vec<RefundRow>> {
        self.rows(&format!("{REFUND} ORDER BY f.at, f.id"), [], refund)
    }

    /// Reads what the customer got for a return, oldest first.
    pub fn refunds_of_return(&self, rma: i64) -> Result<Vec<RefundRow>> {
        let sql = format!("{REFUND} WHERE f.rma_id = ?1 ORDER BY f.id");
        self.rows(&sql, [rma], refund)
    }

    /// The first refund that was paid by this way under this number, if any.
    pub fn refund_by_reference(&self, method: &str, reference: &str) -> Result<Option<RefundRow>> {
        let sql = format!(
            "{REFUND} WHERE f.reference = ?2 AND f.method = ?1 {} ORDER BY f.id",
            nocase!()
        );
        self.first(&sql, [method, reference], refund)
    }

    /// The refunds of an order, oldest first.
    pub fn refunds_of_order(&self, order_id: i64) -> Result<Vec<RefundRow>> {
        let sql = format!("{REFUND} WHERE f.order_id = ?1 ORDER BY f.id");
        self.rows(&sql, [order_id], refund)
    }
}
