//! What the vendor answered about the lines of purchase orders, and how many pieces are open.

mod answers;
mod coming;
mod refused;

pub use answers::Answered;
pub use coming::{Leaves, When};

use super::purchase_orders::PoRow;
use super::{LedgerError, Result, Tx};
use crate::clock::Moment;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::money::Money;
use crate::domain::shipment::{Answer, LineStanding, Pieces, Shares};
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::Row;
use serde::Serialize;
use serde_json::json;

/// A line of a purchase order with all that became of it.
#[derive(Clone, Debug, Serialize)]
pub struct LineState {
    /// Its number in the ledger.
    pub id: i64,
    /// The purchase order's.
    #[serde(skip)]
    pub po_id: i64,
    /// 1, 2, 3 … on the purchase order.
    pub line: i64,
    /// The place of the line on the order, from 1.
    pub order_line: i64,
    /// The shop's SKU.
    pub sku: String,
    /// The vendor's number for it.
    pub vendor_sku: String,
    /// Its pieces.
    #[serde(flatten)]
    pub pieces: Pieces,
    /// Pieces that were ordered elsewhere: of the cancelled ones, and more where this vendor did not take
    /// them back.
    pub moved: i64,
    /// What the vendor charges for one.
    #[serde(skip)]
    pub unit_cost: Money,
    /// What the vendor last answered, the worst where it answered more than one thing.
    pub answer: Option<Answer>,
    /// About so many pieces; all that are open without it.
    pub answer_qty: Option<i64>,
    /// The open pieces by what the vendor last answered about them.
    #[serde(flatten)]
    pub shares: Shares,
    /// Those on backorder come then, if the vendor said a day.
    pub until: Option<NaiveDate>,
    /// Why pieces are rejected.
    pub reason: Option<String>,
    /// The day on which the vendor will ship those that it accepted.
    pub promised: Option<NaiveDate>,
    /// When the vendor last answered.
    pub answered: Option<Moment>,
    /// The day that the customer last read of it, where that is another than its purchase order's.
    #[serde(skip)]
    pub told: Option<NaiveDate>,
    /// When the vendor wrote that, as far as it is known.
    #[serde(skip)]
    pub written: Option<Moment>,
    /// When the customer was told that nobody knows its day; `None` again once a day was told.
    pub told_undated: Option<Moment>,
    /// Of the cancelled pieces those of which the customer must still be told.
    #[serde(skip)]
    pub to_tell: i64,
    /// Of the open and shipped pieces those that are cancelled for the customer: the vendor refused to
    /// take them back, and nobody has decided what becomes of the money.
    pub unwanted: i64,
}

impl LineState {
    /// The moment at which the last answer was written: that of the ledger's note where no other is known.
    pub fn written(&self) -> Option<DateTime<Utc>> {
        self.written.or(self.answered).map(Moment::time)
    }

    /// Gives what decides where its purchase order stands.
    pub fn standing(&self) -> LineStanding {
        LineStanding {
            pieces: self.pieces,
            shares: self.shares,
        }
    }

    /// The open pieces that the vendor did not refuse.
    pub fn coming(&self) -> i64 {
        self.pieces.open() - self.shares.rejected
    }
}

const SELECT: &str = "SELECT l.id, l.po_id, l.line, l.order_line, l.sku, l.vendor_sku, l.qty, coalesce(s.shipped, 0), \
     coalesce(s.cancelled, 0), coalesce(s.moved, 0) + coalesce(s.twice, 0), l.unit_cost, s.answer, s.answer_qty, s.until, s.reason, s.promised, \
     s.answered, s.told_undated, coalesce(s.to_tell, 0), s.accepted, s.backordered, s.rejected, s.told, s.written, coalesce(s.unwanted, 0) FROM po_line l LEFT JOIN po_line_status s ON s.po_line_id = l.id";

fn line(row: &Row) -> rusqlite::Result<LineState> {
    let pieces = Pieces {
        ordered: row.get(6)?,
        shipped: row.get(7)?,
        cancelled: row.get(8)?,
    };
    let (answer, shares) = answers::of_row(row, pieces.open())?;
    let told = answer.filter(|answer| shares.of(*answer) < pieces.open());
    Ok(LineState {
        id: row.get(0)?,
        po_id: row.get(1)?,
        line: row.get(2)?,
        order_line: row.get(3)?,
        sku: row.get(4)?,
        vendor_sku: row.get(5)?,
        pieces,
        moved: row.get(9)?,
        unit_cost: Money(row.get(10)?),
        answer,
        answer_qty: told.map(|answer| shares.of(answer)),
        shares,
        until: day(row, 13)?,
        reason: row.get(14)?,
        promised: day(row, 15)?,
        answered: row.get(16)?,
        told_undated: row.get(17)?,
        to_tell: row.get(18)?,
        told: day(row, 22)?,
        written: row.get(23)?,
        unwanted: row.get(24)?,
    })
}

/// A day that the ledger holds as text.
pub(super) fn day(row: &Row, place: usize) -> rusqlite::Result<Option<NaiveDate>> {
    let text: Option<String> = row.get(place)?;
    text.map(|text| {
        text.parse()
            .map_err(|_| super::unreadable(place, format!("'{text}' is no day")))
    })
    .transpose()
}

impl Tx<'_> {
    /// Notes that the customer read that nobody knows the day of a line, or that one is known again.
    pub fn told_undated(&self, line: &LineState, undated: bool) -> Result<()> {
        if undated == line.told_undated.is_some() {
            return Ok(());
        }
        let at = undated.then(|| self.now_text());
        self.status_row(line.id)?;
        self.execute(
            "UPDATE po_line_status SET told_undated = ?1 WHERE po_line_id = ?2",
            (at, line.id),
        )?;
        Ok(())
    }

    /// Notes of so many cancelled pieces of a line that the customer must be told of them; none once
    /// the customer was.
    pub fn to_tell(&self, line: &LineState, qty: i64) -> Result<()> {
        self.status_row(line.id)?;
        self.execute(
            "UPDATE po_line_status SET to_tell = nullif(?1, 0) WHERE po_line_id = ?2",
            (qty, line.id),
        )?;
        Ok(())
    }

    /// The lines of a purchase order with all that became of them.
    pub fn line_states(&self, po_id: i64) -> Result<Vec<LineState>> {
        let sql = format!("{SELECT} WHERE l.po_id = ?1 ORDER BY l.line");
        self.rows(&sql, [po_id], line)
    }

    /// The lines of all purchase orders of an order that reached, or will reach, a vendor.
    pub fn line_states_of_order(&self, order_id: i64) -> Result<Vec<LineState>> {
        let sql = format!(
            "{SELECT} JOIN purchase_order p ON p.id = l.po_id WHERE p.order_id = ?1 ORDER BY p.id, l.line"
        );
        self.rows(&sql, [order_id], line)
    }

    fn status_row(&self, line: i64) -> Result<()> {
        self.execute(
            "INSERT INTO po_line_status (po_line_id, shipped, cancelled, moved, updated) VALUES (?1, 0, 0, 0, ?2) \
             ON CONFLICT (po_line_id) DO NOTHING",
            (line, self.now_text()),
        )?;
        Ok(())
    }

    /// Writes the pieces of a line after some left or were taken back, and what is answered of those
    /// that are open.
    pub(super) fn put_pieces(
        &self,
        line: i64,
        pieces: Pieces,
        shares: Shares,
        moved: i64,
    ) -> Result<()> {
        self.status_row(line)?;
        self.execute(
            "UPDATE po_line_status SET shipped = ?1, cancelled = ?2, moved = moved + ?3, updated = ?4, accepted = ?5, \
             backordered = ?6, rejected = ?7, unwanted = nullif(min(coalesce(unwanted, 0), ?9), 0) WHERE po_line_id = ?8",
            (
                pieces.shipped,
                pieces.cancelled,
                moved,
                self.now_text(),
                shares.accepted,
                shares.backordered,
                shares.rejected,
                line,
                pieces.ordered - pieces.cancelled,
            ),
        )?;
        Ok(())
    }

    /// Takes pieces of a line back: `moved` when they were ordered elsewhere, else the customer no
    /// longer gets them.
    ///
    /// # Errors
    /// When so many are not open.
    pub fn cancel_pieces(
        &self,
        po: &PoRow,
        line: &LineState,
        qty: i64,
        moved: bool,
        why: &str,
    ) -> Result<()> {
        self.cancel_answered(po, line, qty, moved, (why, None))
    }

    /// Takes pieces back, for a reason and first those that the vendor answered so: [`Tx::cancel_pieces`].
    ///
    /// # Errors
    /// When so many are not open.
    pub fn cancel_answered(
        &self,
        po: &PoRow,
        line: &LineState,
        qty: i64,
        moved: bool,
        (why, about): (&str, Option<Answer>),
    ) -> Result<()> {
        let Some(pieces) = line.pieces.cancel(qty) else {
            return Err(LedgerError::Refused(BusinessRefusal::over_limit(format!(
                "{qty} of {} on purchase order {} cannot be taken back: {} are open",
                line.sku,
                po.number,
                line.pieces.open()
            ))));
        };
        let shares = line.shares.take_back(qty, line.pieces.open(), about);
        self.put_pieces(line.id, pieces, shares, if moved { qty } else { 0 })?;
        if !moved {
            self.refund_may_be_due(po.order_id)?;
        }
        let kind = if moved {
            "po.line_moved"
        } else {
            "po.line_cancelled"
        };
        let payload = json!({"line": line.line, "sku": line.sku, "qty": qty, "why": why});
        self.fact(kind, &po.entity(), Some(po.order_id), &payload)
    }

    /// Keeps the vendor's own number for a purchase order.
    pub fn put_vendor_order_number(&self, po: &PoRow, number: &str) -> Result<()> {
        let before: Option<String> = self.value(
            "SELECT vendor_order_number FROM purchase_order WHERE id = ?1",
            [po.id],
        )?;
        if before.as_deref() == Some(number) {
            return Ok(());
        }
        self.execute(
            "UPDATE purchase_order SET vendor_order_number = ?1, updated = ?2 WHERE id = ?3",
            (number, self.now_text(), po.id),
        )?;
        let payload = json!({"before": before, "after": number});
        self.fact(
            "po.vendor_order_number",
            &po.entity(),
            Some(po.order_id),
            &payload,
        )
    }

    /// The vendor's own number for a purchase order.
    pub fn vendor_order_number(&self, po_id: i64) -> Result<Option<String>> {
        self.value(
            "SELECT vendor_order_number FROM purchase_order WHERE id = ?1",
            [po_id],
        )
    }
}
