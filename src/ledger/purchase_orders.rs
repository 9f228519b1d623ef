//! Purchase orders and their lines.

use super::inbound::hashed;
use super::{LedgerError, Result, Tx};
use crate::clock::{self, Moment};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::lifecycle::PoState;
use crate::domain::money::Money;
use crate::domain::po_document::PoDocument;
use crate::domain::text::typed;
use crate::ledger::sqlite::unindexed;
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use rusqlite::Row;
use serde_json::{Value, json};

/// A purchase order to be made.
pub struct NewPo<'a> {
    /// Its number, unique in the ledger.
    pub number: &'a str,
    /// The order that it serves.
    pub order_id: i64,
    /// Who shall ship.
    pub vendor_id: &'a str,
    /// 1, and one more with each revision that reaches the vendor.
    pub revision: i64,
    /// ISO 4217.
    pub currency: &'a str,
    /// What the vendor charges in all.
    pub total: Money,
    /// All that stands on it, from which its PDF, text and CSV are made.
    pub document: &'a Value,
    /// Its lines.
    pub lines: &'a [NewPoLine<'a>],
}

/// One line of it.
pub struct NewPoLine<'a> {
    /// 1, 2, 3 … on this purchase order.
    pub line: i64,
    /// The place of the line on the order, from 1.
    pub order_line: i64,
    /// The shop's SKU.
    pub sku: &'a str,
    /// The vendor's number for it.
    pub vendor_sku: &'a str,
    /// Pieces.
    pub qty: i64,
    /// What the vendor charges for one.
    pub unit_cost: Money,
    /// What the customer paid for one.
    pub unit_price: Money,
}

/// A line of a purchase order as the ledger has it.
#[derive(Clone, Debug)]
pub struct PoLineRow {
    /// 1, 2, 3 … on this purchase order.
    pub line: i64,
    /// The place of the line on the order, from 1.
    pub order_line: i64,
    /// The shop's SKU.
    pub sku: String,
    /// The vendor's number for it.
    pub vendor_sku: String,
    /// Pieces.
    pub qty: i64,
    /// What the vendor charges for one.
    pub unit_cost: Money,
    /// What the customer paid for one.
    pub unit_price: Money,
}

/// A purchase order as the ledger has it.
#[derive(Clone, Debug)]
pub struct PoRow {
    /// Its number in the ledger.
    pub id: i64,
    /// Its number to the vendor.
    pub number: String,
    /// The order that it serves.
    pub order_id: i64,
    /// Who ships.
    pub vendor_id: String,
    /// The vendor's name.
    pub vendor_name: String,
    /// Which revision.
    pub revision: i64,
    /// Where it stands.
    pub state: PoState,
    /// When it was made, RFC 3339 UTC.
    pub created: Moment,
    /// When the vendor's side took it.
    pub sent: Option<Moment>,
    /// ISO 4217.
    pub currency: String,
    /// What the vendor charges in all.
    pub total: Money,
    /// All that stands on it.
    pub document: Value,
    /// The order's shop number and copy.
    pub order: (String, i64),
}

impl PoRow {
    /// Its name in the audit trail.
    pub fn entity(&self) -> String {
        format!("po:{}", self.number)
    }

    /// The name of its order in commands.
    pub fn order_reference(&self) -> String {
        super::orders::reference(&self.order.0, self.order.1)
    }

    /// What stands on it as it was made, or last revised.
    ///
    /// # Errors
    /// When the ledger's copy of it is broken.
    pub fn as_made(&self) -> Result<PoDocument> {
        serde_json::from_value(self.document.clone()).map_err(|fault| {
            LedgerError::Broken(format!(
                "the document of purchase order {} cannot be read: {fault}; run `poms verify`",
                self.number
            ))
        })
    }
}

pub(super) const SELECT: &str = "SELECT p.id, p.number, p.order_id, p.vendor_id, v.name, p.revision, p.state, p.created, p.sent, \
     p.currency, p.total, p.document, o.number, o.copy FROM purchase_order p \
     JOIN vendor v ON v.vendor_id = p.vendor_id JOIN orders o ON o.id = p.order_id";

pub(super) fn po(row: &Row) -> rusqlite::Result<PoRow> {
    let document: String = row.get(11)?;
    Ok(PoRow {
        id: row.get(0)?,
        number: row.get(1)?,
        order_id: row.get(2)?,
        vendor_id: row.get(3)?,
        vendor_name: row.get(4)?,
        revision: row.get(5)?,
        state: super::word(row, 6, PoState::parse)?,
        created: row.get(7)?,
        sent: row.get(8)?,
        currency: row.get(9)?,
        total: Money(row.get(10)?),
        document: super::json(11, &document)?,
        order: (row.get(12)?, row.get(13)?),
    })
}

impl Tx<'_> {
    /// Counts the purchase orders that were ever made for an order's shop number: the running digit.
    pub fn count_pos_of_number(&self, order_number: &str) -> Result<i64> {
        self.value(
            "SELECT count(*) FROM purchase_order p JOIN orders o ON o.id = p.order_id WHERE o.number = ?1",
            [order_number],
        )
    }

    /// Makes a purchase order, `queued`: its documents go into the outbox in the same transaction.
    /// Returns its number in the ledger.
    ///
    /// # Errors
    /// SQLite's; a second one for the same order, vendor and revision is refused by the ledger.
    pub fn insert_po(&self, new: &NewPo) -> Result<i64> {
        let now = self.now_text();
        let id = self.insert(
            "INSERT INTO purchase_order (number, order_id, vendor_id, revision, state, created, updated, currency, total, document) \
             VALUES (?1, ?2, ?3, ?4, 'queued', ?5, ?5, ?6, ?7, ?8)",
            (
                new.number,
                new.order_id,
                new.vendor_id,
                new.revision,
                &now,
                new.currency,
                new.total.0,
                new.document.to_string(),
            ),
        )?;
        for line in new.lines {
            self.insert(
                "INSERT INTO po_line (po_id, line, order_line, sku, vendor_sku, qty, unit_cost, unit_price) VALUES (?1,?2,?3,?4,?5,?6,?7,?8)",
                (id, line.line, line.order_line, line.sku, line.vendor_sku, line.qty, line.unit_cost.0, line.unit_price.0),
            )?;
        }
        let payload = json!({"vendor": new.vendor_id, "total": new.total, "lines": new.lines.len(), "revision": new.revision});
        self.fact(
            "po.created",
            &format!("po:{}", new.number),
            Some(new.order_id),
            &payload,
        )?;
        Ok(id)
    }

    /// Notes that a purchase order is from the system before poms, and was sent on this day.
    ///
    /// # Errors
    /// SQLite's.
    pub fn adopted_po(&self, row: &PoRow, sent: NaiveDate, note: &str) -> Result<()> {
        // noon in Greenwich is the same day nearly everywhere
        let made = sent.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(12);
        let made = made.min(self.now());
        self.execute(
            "UPDATE purchase_order SET created = ?1 WHERE id = ?2",
            (clock::text(made), row.id),
        )?;
        let payload = json!({"sent": sent, "why": note});
        self.fact("po.adopted", &row.entity(), Some(row.order_id), &payload)
    }

    /// Moves a purchase order, with what the audit trail shall say of it.
    ///
    /// # Errors
    /// When the state machine or its present state forbids it, in a sentence that says why.
    pub fn move_po(&self, row: &PoRow, to: PoState, why: &Value) -> Result<()> {
        if !row.state.may_become(to) {
            return Err(LedgerError::Refused(BusinessRefusal::wrong_state(format!(
                "purchase order {} is {} and cannot become {to}",
                row.number, row.state
            ))));
        }
        self.move_state("purchase_order", row.id, row.state.as_str(), to.as_str())?;
        if to == PoState::Sent {
            self.execute(
                "UPDATE purchase_order SET sent = coalesce(sent, ?1) WHERE id = ?2",
                (self.now_text(), row.id),
            )?;
        }
        let payload = json!({"before": row.state, "why": why});
        self.fact(
            &format!("po.{}", to.as_str()),
            &row.entity(),
            Some(row.order_id),
            &payload,
        )
    }

    /// A purchase order whose document arrived is `sent`; one that is further already stays so.
    pub fn po_arrived(&self, id: i64, why: &Value) -> Result<()> {
        // not RETURNING: for that SQLite opens a table of its own each time
        let moved = self.execute(
            "UPDATE purchase_order SET state = 'sent', sent = coalesce(sent, ?1), updated = ?1 \
             WHERE id = ?2 AND (state = 'queued' OR state = 'failed')",
            (self.now_text(), id),
        )?;
        if moved == 0 {
            return Ok(());
        }
        let (number, order_id) = self.name_of_po(id)?;
        self.fact("po.sent", &format!("po:{number}"), Some(order_id), why)
    }

    /// A purchase order's number to the vendor, and its order.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn name_of_po(&self, id: i64) -> Result<(String, i64)> {
        Ok(self
            .conn
            .prepare_cached("SELECT number, order_id FROM purchase_order WHERE id = ?1")?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?)
    }

    /// A purchase order by its number in the ledger.
    ///
    /// # Errors
    /// When there is none.
    pub fn po(&self, id: i64) -> Result<PoRow> {
        self.first(&format!("{SELECT} WHERE p.id = ?1"), [id], po)?
            .ok_or_else(|| {
                LedgerError::NotFound(format!(
                    "there is no purchase order with the ledger's number {id}"
                ))
            })
    }

    /// A purchase order by its number to the vendor.
    ///
    /// # Errors
    /// When there is none.
    pub fn find_po(&self, number: &str) -> Result<PoRow> {
        let number = number.trim().trim_start_matches("po:");
        let [as_written, other] = hashed(number);
        let capitals = [as_written.to_uppercase(), other.to_uppercase()];
        for name in [as_written, other].into_iter().chain(capitals) {
            if let Some(found) = self.first(&format!("{SELECT} WHERE p.number = ?1"), [name], po)? {
                return Ok(found);
            }
        }
        let [as_written, other] = hashed(&number.to_uppercase());
        let mut order = self.orders_numbered(&as_written)?;
        if order.is_empty() {
            order = self.orders_numbered(&other)?;
        }
        let pos = match order.first() {
            Some(order) => self.pos_of_order(order.id)?,
            None => Vec::new(),
        };
        let pos: Vec<String> = pos.into_iter().map(|po| po.number).collect();
        let hint = match (order.is_empty(), pos.is_empty()) {
            (true, _) => format!(
                "see `poms po list`, or `poms order search {}`",
                typed(number)
            ),
            (_, true) => format!(
                "{number} is an order, and has none: `poms order show {}`",
                typed(number)
            ),
            _ => format!(
                "{number} is an order; its purchase orders: {}",
                pos.join(", ")
            ),
        };
        Err(LedgerError::NotFound(format!(
            "there is no purchase order {number}: {hint}"
        )))
    }

    /// The purchase orders of an order.
    pub fn pos_of_order(&self, order_id: i64) -> Result<Vec<PoRow>> {
        self.rows(
            &format!("{SELECT} WHERE p.order_id = ?1 ORDER BY p.id"),
            [order_id],
            po,
        )
    }

    /// The lines of a purchase order.
    pub fn po_lines(&self, po_id: i64) -> Result<Vec<PoLineRow>> {
        self.rows(
            "SELECT line, order_line, sku, vendor_sku, qty, unit_cost, unit_price FROM po_line WHERE po_id = ?1 ORDER BY line",
            [po_id],
            |row| {
                Ok(PoLineRow {
                    line: row.get(0)?,
                    order_line: row.get(1)?,
                    sku: row.get(2)?,
                    vendor_sku: row.get(3)?,
                    qty: row.get(4)?,
                    unit_cost: Money(row.get(5)?),
                    unit_price: Money(row.get(6)?),
                })
            },
        )
    }

    /// Purchase orders, newest first.
    pub fn pos(
        &self,
        state: Option<PoState>,
        vendor: Option<&str>,
        at_most: usize,
    ) -> Result<Vec<PoRow>> {
        // each way in has its index; the unary plus keeps the other condition from taking another
        let which = match (state, vendor) {
            (Some(_), Some(_)) => concat!("p.vendor_id = ?2 AND ", unindexed!("p.state"), " = ?1"),
            (Some(_), None) => "p.state = ?1 AND ?2 IS NULL",
            (None, Some(_)) => "p.vendor_id = ?2 AND ?1 IS NULL",
            (None, None) => "?1 IS NULL AND ?2 IS NULL",
        };
        let sql = format!("{SELECT} WHERE {which} ORDER BY p.id DESC LIMIT ?3");
        let params = (state.map(PoState::as_str), vendor, at_most as i64);
        self.rows(&sql, params, po)
    }

    /// Counts purchase orders by state.
    pub fn count_pos(&self) -> Result<Value> {
        self.tally(
            "purchase_order",
            PoState::ALL.iter().map(|state| state.as_str()),
            PoState::Closed.as_str(),
        )
    }
}
