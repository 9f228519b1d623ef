//! What customers are owed for what never ships, as far as rows say it; and what they got of it.

use super::{NewRefund, REFUND, RefundRow, refund};
use crate::clock::Moment;
use crate::domain::money::Money;
use crate::ledger::orders::OrderRow;
use crate::ledger::{Result, Tx};
use serde_json::json;

/// An order of which something was cancelled.
#[derive(Clone, Debug)]
pub struct DueRow {
    /// Since when, RFC 3339 UTC.
    pub since: Moment,
    /// What a person decided not to pay back.
    pub waived: Money,
}

/// The fate of the pieces of one line of an order.
#[derive(Clone, Copy, Debug)]
pub struct LinePieces {
    /// The line, from 1.
    pub line: i64,
    /// Cancelled for the customer, and not by a return: those that come all the same, too.
    pub gone: i64,
    /// Left a vendor.
    pub shipped: i64,
}

impl Tx<'_> {
    /// Notes that the customer of an order may be owed something, from now on.
    pub(in crate::ledger) fn refund_may_be_due(&self, order: i64) -> Result<()> {
        self.execute(
            "INSERT INTO refund_due (order_id, since, waived) VALUES (?1, ?2, 0) ON CONFLICT (order_id) DO UPDATE \
             SET since = CASE WHEN settled IS NULL THEN since ELSE excluded.since END, settled = NULL",
            (order, self.now_text()),
        )?;
        Ok(())
    }

    /// Whether something of an order was cancelled, and since when.
    pub fn refund_due(&self, order: i64) -> Result<Option<DueRow>> {
        self.first(
            "SELECT since, waived FROM refund_due WHERE order_id = ?1",
            [order],
            |row| {
                Ok(DueRow {
                    since: row.get(0)?,
                    waived: Money(row.get(1)?),
                })
            },
        )
    }

    /// The orders whose customers may be owed something, oldest first.
    pub fn orders_with_refund_due(&self) -> Result<Vec<i64>> {
        self.rows(
            "SELECT order_id FROM refund_due WHERE settled IS NULL ORDER BY since, id",
            [],
            |row| row.get(0),
        )
    }

    /// Nothing is owed to the customer of an order any more.
    pub fn refund_is_settled(&self, order: i64) -> Result<()> {
        self.execute(
            "UPDATE refund_due SET settled = ?1 WHERE order_id = ?2 AND settled IS NULL",
            (self.now_text(), order),
        )?;
        Ok(())
    }

    /// The lines of an order that are on purchase orders.
    pub fn line_pieces(&self, order: i64) -> Result<Vec<LinePieces>> {
        self.rows(
            "SELECT l.order_line, sum(CASE p.state WHEN 'cancelled' THEN l.qty - coalesce(s.shipped, 0) ELSE coalesce(s.cancelled, 0) END \
               + coalesce(s.unwanted, 0) - coalesce(s.moved, 0) - coalesce(s.twice, 0) - coalesce((SELECT sum(n.qty) FROM rma_line n JOIN rma r ON r.id = n.rma_id \
                 WHERE n.po_line_id = l.id AND r.kind = 'cancelled_before_shipping' AND r.state IN ('authorised', 'refunded')), 0)), \
             sum(coalesce(s.shipped, 0)) FROM po_line l JOIN purchase_order p ON p.id = l.po_id \
             LEFT JOIN po_line_status s ON s.po_line_id = l.id WHERE p.order_id = ?1 GROUP BY l.order_line",
            [order],
            |row| {
                Ok(LinePieces {
                    line: row.get(0)?,
                    gone: row.get::<_, i64>(1)?.max(0),
                    shipped: row.get(2)?,
                })
            },
        )
    }

    /// Adds up what the refunded returns of an order were worth by its prices.
    pub fn worth_of_returns(&self, order: i64) -> Result<Money> {
        let sql = "SELECT coalesce(sum(worth), 0) FROM (SELECT max(f.computed) AS worth FROM refund f JOIN rma r ON r.id = f.rma_id \
                   WHERE f.order_id = ?1 AND r.state = 'refunded' GROUP BY r.id)";
        Ok(Money(self.value(sql, [order])?))
    }

    /// Reads what the customer of an order got without a return, oldest first.
    pub fn refunds_without_return(&self, order: i64) -> Result<Vec<RefundRow>> {
        let sql = format!("{REFUND} WHERE f.order_id = ?1 AND f.rma_id IS NULL ORDER BY f.id");
        self.rows(&sql, [order], refund)
    }

    /// The customer of an order has money back for what does not ship.
    pub fn refund_order(&self, order: &OrderRow, new: &NewRefund) -> Result<()> {
        self.insert(
            "INSERT INTO refund (rma_id, order_id, amount, computed, tax, method, reference, at, actor, note) \
             VALUES (NULL,?1,?2,?3,?4,?5,?6,?7,?8,?9)",
            (
                order.id,
                new.amount.0,
                new.computed.0,
                new.tax.0,
                new.method,
                new.reference,
                self.now_text(),
                self.actor(),
                new.note,
            ),
        )?;
        let payload = json!({"amount": new.amount, "computed": new.computed, "over": new.over, "left": new.left,
            "method": new.method, "reference": new.reference, "why": new.note});
        self.fact("order.refunded", &order.entity(), Some(order.id), &payload)
    }

    /// So much more is not paid back, by a person's decision.
    pub fn waive_refund(&self, order: &OrderRow, amount: Money, note: &str) -> Result<()> {
        self.execute(
            "UPDATE refund_due SET waived = waived + ?1 WHERE order_id = ?2",
            (amount.0, order.id),
        )?;
        let payload = json!({"amount": amount, "why": note});
        self.fact(
            "order.refund_waived",
            &order.entity(),
            Some(order.id),
            &payload,
        )
    }
}
