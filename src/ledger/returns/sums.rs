//! How many pieces are in returns, and what was paid back.

use crate::domain::money::Money;
use crate::ledger::{Result, Tx};
use std::collections::HashMap;

/// One line of a purchase order as far as returns concern it.
#[derive(Clone, Debug)]
pub struct Goods {
    /// Its number in the ledger.
    pub po_line: i64,
    /// The purchase order's.
    pub po: i64,
    /// The line of the order, from 1.
    pub order_line: i64,
    /// The shop's SKU.
    pub sku: String,
    /// Pieces that left.
    pub shipped: i64,
    /// Pieces that are neither shipped nor cancelled.
    pub open: i64,
    /// Pieces that left and are in returns.
    pub returned: i64,
    /// Open pieces that a requested return would take back.
    pub claimed: i64,
}

/// Pieces of a line (`l`) of a purchase order that are in returns: those that were asked, as more of
/// them may come; once the return is refunded, those that came. Rejected and cancelled ones do not
/// count.
pub(in crate::ledger) const RETURNED: &str = "coalesce((SELECT sum(CASE r.state WHEN 'refunded' THEN coalesce(n.received, n.qty) ELSE n.qty END) \
     FROM rma_line n JOIN rma r ON r.id = n.rma_id \
     WHERE n.po_line_id = l.id AND r.kind <> 'cancelled_before_shipping' AND r.state NOT IN ('rejected', 'cancelled')), 0)";

const CLAIMED: &str = "coalesce((SELECT sum(n.qty) FROM rma_line n JOIN rma r ON r.id = n.rma_id \
     WHERE n.po_line_id = l.id AND r.kind = 'cancelled_before_shipping' AND r.state = 'requested'), 0)";

impl Tx<'_> {
    /// The goods of an order, by purchase order.
    pub fn goods_of_order(&self, order_id: i64) -> Result<Vec<Goods>> {
        let sql = format!(
            "SELECT l.id, l.po_id, l.order_line, l.sku, coalesce(s.shipped, 0), \
             CASE p.state WHEN 'cancelled' THEN 0 ELSE l.qty - coalesce(s.shipped, 0) - coalesce(s.cancelled, 0) END, {RETURNED}, {CLAIMED} \
             FROM po_line l JOIN purchase_order p ON p.id = l.po_id LEFT JOIN po_line_status s ON s.po_line_id = l.id \
             WHERE p.order_id = ?1 ORDER BY p.id, l.line"
        );
        self.rows(&sql, [order_id], |row| {
            Ok(Goods {
                po_line: row.get(0)?,
                po: row.get(1)?,
                order_line: row.get(2)?,
                sku: row.get(3)?,
                shipped: row.get(4)?,
                open: row.get(5)?,
                returned: row.get(6)?,
                claimed: row.get(7)?,
            })
        })
    }

    /// Returns by state.
    pub fn count_returns(&self) -> Result<serde_json::Value> {
        crate::ledger::counts(self, "SELECT state, count(*) FROM rma GROUP BY state")
    }

    /// Pieces of each line of an order (from 1) that were refunded.
    pub fn refunded_pieces(&self, order_id: i64) -> Result<HashMap<i64, i64>> {
        let rows = self.rows(
            "SELECT n.order_line, sum(coalesce(n.received, n.qty)) FROM rma_line n JOIN rma r ON r.id = n.rma_id \
             WHERE r.order_id = ?1 AND r.state = 'refunded' GROUP BY n.order_line",
            [order_id],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(rows.into_iter().collect())
    }

    /// Adds up what customers got back, without tax, for goods that shipped, by purchase order.
    pub fn refunded_by_po(&self) -> Result<HashMap<i64, Money>> {
        let rows = self.rows(
            "SELECT r.po_id, sum(f.amount - f.tax) FROM refund f JOIN rma r ON r.id = f.rma_id \
             WHERE r.kind <> 'cancelled_before_shipping' GROUP BY r.po_id",
            [],
            |row| Ok((row.get(0)?, Money(row.get(1)?))),
        )?;
        Ok(rows.into_iter().collect())
    }

    /// Adds up what the customer of an order got back so far.
    pub fn refunded(&self, order_id: i64) -> Result<Money> {
        let sql = "SELECT coalesce(sum(amount), 0) FROM refund WHERE order_id = ?1";
        Ok(Money(self.value(sql, [order_id])?))
    }
}

/// What `poms verify` asks about returns: each question selects what does not hold, as sentences.
pub(in crate::ledger) const SUMS: &[&str] = &[
    "SELECT 'purchase order ' || p.number || ' line ' || l.line || ': ' || coalesce(s.shipped, 0) || ' shipped, but ' || t.pieces || ' returned' \
     FROM (SELECT n.po_line_id, sum(CASE r.state WHEN 'refunded' THEN coalesce(n.received, n.qty) ELSE n.qty END) AS pieces \
           FROM rma_line n JOIN rma r ON r.id = n.rma_id \
           WHERE r.kind <> 'cancelled_before_shipping' AND r.state NOT IN ('rejected', 'cancelled') GROUP BY n.po_line_id) t \
     JOIN po_line l ON l.id = t.po_line_id JOIN purchase_order p ON p.id = l.po_id \
     LEFT JOIN po_line_status s ON s.po_line_id = l.id WHERE t.pieces > coalesce(s.shipped, 0)",
    "SELECT 'purchase order ' || p.number || ' line ' || l.line || ': ' || coalesce(s.cancelled, 0) || ' cancelled, but returns took back ' || t.pieces \
     FROM (SELECT n.po_line_id, sum(n.qty) AS pieces FROM rma_line n JOIN rma r ON r.id = n.rma_id \
           WHERE r.kind = 'cancelled_before_shipping' AND r.state IN ('authorised', 'refunded') GROUP BY n.po_line_id) t \
     JOIN po_line l ON l.id = t.po_line_id JOIN purchase_order p ON p.id = l.po_id \
     LEFT JOIN po_line_status s ON s.po_line_id = l.id WHERE t.pieces > coalesce(s.cancelled, 0) + coalesce(s.unwanted, 0) AND p.state <> 'cancelled'",
    "SELECT 'order ' || o.number || ': ' || o.total || ' cents paid, but ' || sum(f.amount) || ' refunded' FROM refund f \
     JOIN orders o ON o.id = f.order_id GROUP BY o.id HAVING sum(f.amount) > o.total",
    "SELECT 'return ' || number || ' is ' || state || ' and its refund says otherwise' FROM rma r \
     WHERE CASE WHEN EXISTS (SELECT 1 FROM refund f WHERE f.rma_id = r.id) \
     THEN state IN ('requested', 'rejected', 'cancelled') ELSE state = 'refunded' END",
    "SELECT 'return ' || r.number || ' holds a line of another purchase order' FROM rma r JOIN rma_line n ON n.rma_id = r.id \
     JOIN po_line l ON l.id = n.po_line_id WHERE l.po_id <> r.po_id OR l.order_line <> n.order_line",
    "SELECT 'return ' || r.number || ': ' || coalesce(n.received, 0) || ' pieces came, ' || coalesce(i.pieces, 0) || ' were inspected' \
     FROM rma r JOIN rma_line n ON n.rma_id = r.id \
     LEFT JOIN (SELECT rma_line_id, sum(qty) AS pieces FROM rma_inspection GROUP BY rma_line_id) i ON i.rma_line_id = n.id \
     WHERE coalesce(i.pieces, 0) > coalesce(n.received, 0) OR (r.state <> 'received' AND coalesce(i.pieces, 0) <> coalesce(n.received, 0))",
];
