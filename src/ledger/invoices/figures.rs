//! Figures for reports: each line of each purchase order with what was ordered, shipped, billed,
//! returned and credited of it.

use super::billing::{NOT_CLOSED, ORDERED, SHIPPED};
use crate::clock::Moment;
use crate::domain::money::Money;
use crate::ledger::returns::RETURNED;
use crate::ledger::sqlite::unindexed;
use crate::ledger::{Result, Tx};
use rusqlite::Params;

/// One line of a purchase order in figures.
#[derive(Clone, Debug)]
pub struct LineFigure {
    /// The purchase order's number in the ledger.
    pub po_id: i64,
    /// Its number to the vendor.
    pub po: String,
    /// The order's shop number.
    pub order: String,
    /// Who ships.
    pub vendor_id: String,
    /// That vendor's name.
    pub vendor_name: String,
    /// The line's number in the ledger.
    pub po_line_id: i64,
    /// The shop's SKU.
    pub sku: String,
    /// Pieces ordered, less those cancelled.
    pub ordered: i64,
    /// Pieces shipped.
    pub shipped: i64,
    /// Pieces on bills that count.
    pub billed: i64,
    /// Pieces that came back.
    pub returned: i64,
    /// Pieces on credits that count.
    pub credited: i64,
    /// What these bills charge for them.
    pub billed_amount: Money,
    /// What these credits give for them.
    pub credited_amount: Money,
    /// Agreed cost of one.
    pub unit_cost: Money,
    /// What the customer paid for one.
    pub unit_price: Money,
    /// When the purchase order was made, RFC 3339 UTC.
    pub placed: Moment,
    /// When the last piece left; `None` when none did.
    pub shipped_at: Option<Moment>,
}

impl Tx<'_> {
    /// Every line in figures, by purchase order: of one vendor, of purchase orders made at or after
    /// `since` (RFC 3339 UTC).
    pub fn line_figures(
        &self,
        vendor: Option<&str>,
        since: Option<&str>,
    ) -> Result<Vec<LineFigure>> {
        self.figures(
            "p.state NOT IN ('draft', 'queued') AND (?1 IS NULL OR p.vendor_id = ?1) AND (?2 IS NULL OR p.created >= ?2)",
            (vendor, since),
        )
    }

    /// The same of purchase orders that are not closed, and of closed ones about a bill of which something
    /// is open: what else the years have closed is not looked at.
    pub fn open_line_figures(
        &self,
        vendor: Option<&str>,
        since: Option<&str>,
    ) -> Result<Vec<LineFigure>> {
        let which = format!(
            "p.id IN (SELECT id FROM purchase_order WHERE state IN ({NOT_CLOSED}) UNION \
               SELECT i.po_id FROM variance v JOIN invoice i ON i.id = v.invoice_id WHERE v.state IN ('open', 'disputed') AND i.po_id IS NOT NULL) \
             AND (?1 IS NULL OR p.vendor_id = ?1) AND (?2 IS NULL OR p.created >= ?2)"
        );
        self.figures(&which, (vendor, since))
    }

    fn figures(&self, which: &str, params: impl Params) -> Result<Vec<LineFigure>> {
        // from the lines to their bills, and not from all bills
        let counts = unindexed!("i.state");
        let sql = format!(
            "WITH paper AS (SELECT n.po_line_id AS id, \
               coalesce(sum(n.pieces) FILTER (WHERE i.kind = 'bill'), 0) AS billed, coalesce(sum(n.amount) FILTER (WHERE i.kind = 'bill'), 0) AS billed_amount, \
               coalesce(sum(n.pieces) FILTER (WHERE i.kind = 'credit'), 0) AS credited, coalesce(sum(n.amount) FILTER (WHERE i.kind = 'credit'), 0) AS credited_amount \
               FROM invoice_line n JOIN invoice i ON i.id = n.invoice_id WHERE n.po_line_id IS NOT NULL AND {counts} IN ('variance', 'matched') \
                 AND n.po_line_id IN (SELECT l.id FROM purchase_order p JOIN po_line l ON l.po_id = p.id WHERE {which}) GROUP BY n.po_line_id) \
             SELECT p.id, p.number, o.number, o.copy, p.vendor_id, v.name, l.id, l.sku, {ORDERED}, {SHIPPED}, \
               coalesce(b.billed, 0), coalesce(b.credited, 0), coalesce(b.billed_amount, 0), coalesce(b.credited_amount, 0), l.unit_cost, l.unit_price, p.created, \
               (SELECT max(h.at) FROM shipment_line h JOIN shipment t ON t.id = h.shipment_id WHERE h.po_line_id = l.id AND t.state <> 'undone'), {RETURNED} \
             FROM po_line l JOIN purchase_order p ON p.id = l.po_id JOIN orders o ON o.id = p.order_id JOIN vendor v ON v.vendor_id = p.vendor_id \
             LEFT JOIN po_line_status s ON s.po_line_id = l.id LEFT JOIN paper b ON b.id = l.id \
             WHERE {which} ORDER BY p.id, l.line"
        );
        self.rows(&sql, params, |row| {
            let order: String = row.get(2)?;
            Ok(LineFigure {
                po_id: row.get(0)?,
                po: row.get(1)?,
                order: crate::ledger::orders::reference(&order, row.get(3)?),
                vendor_id: row.get(4)?,
                vendor_name: row.get(5)?,
                po_line_id: row.get(6)?,
                sku: row.get(7)?,
                ordered: row.get(8)?,
                shipped: row.get(9)?,
                billed: row.get(10)?,
                returned: row.get(18)?,
                credited: row.get(11)?,
                billed_amount: Money(row.get(12)?),
                credited_amount: Money(row.get(13)?),
                unit_cost: Money(row.get(14)?),
                unit_price: Money(row.get(15)?),
                placed: row.get(16)?,
                shipped_at: row.get(17)?,
            })
        })
    }
}
