//! What was ordered, shipped, billed and credited of purchase orders: the facts of a match.

use crate::clock::Moment;
use crate::domain::money::Money;
use crate::ledger::returns::RETURNED;
use crate::ledger::sqlite::unindexed;
use crate::ledger::{Result, Tx};
use rusqlite::Row;
use std::collections::HashMap;

/// One purchase order with all that counts on it.
#[derive(Clone, Debug)]
pub struct PoBilling {
    /// Its number in the ledger.
    pub id: i64,
    /// Its number to the vendor.
    pub number: String,
    /// The order that it serves, as commands name it.
    pub order: String,
    /// Who ships.
    pub vendor_id: String,
    /// The vendor's own number of it.
    pub vendor_order: Option<String>,
    /// When it was made, RFC 3339 UTC.
    pub placed: Moment,
    /// Its lines.
    pub lines: Vec<LineBilling>,
    /// Totals of the bills that count.
    pub billed: Money,
    /// Totals of the credits that count.
    pub credited: Money,
    /// Freight on these bills.
    pub freight_billed: Money,
    /// Fees on these bills.
    pub fees_billed: Money,
}

/// One line of it.
#[derive(Clone, Debug)]
pub struct LineBilling {
    /// Its number in the ledger.
    pub id: i64,
    /// The shop's SKU.
    pub sku: String,
    /// The vendor's.
    pub vendor_sku: String,
    /// Pieces ordered, less those cancelled.
    pub ordered: i64,
    /// Agreed cost of one.
    pub unit_cost: Money,
    /// Pieces shipped.
    pub shipped: i64,
    /// Pieces in returns that were neither rejected nor cancelled.
    pub returned: i64,
    /// Pieces on bills.
    pub billed: i64,
    /// Pieces on credits.
    pub credited: i64,
}

/// Pieces of a line (`l`) of a purchase order (`p`): ordered less cancelled, and shipped.
pub(super) const ORDERED: &str = "(CASE p.state WHEN 'cancelled' THEN coalesce(s.shipped, 0) ELSE l.qty - coalesce(s.cancelled, 0) END)";
/// See [`ORDERED`].
pub(super) const SHIPPED: &str = "coalesce(s.shipped, 0)";

/// States of purchase orders that left and are not closed.
pub(super) const NOT_CLOSED: &str = "'sent', 'acknowledged', 'partly_shipped', 'shipped', 'invoiced', 'backordered', 'rejected', 'failed', 'cancelled'";

/// Sums of the invoices that count on each purchase order.
const TOTALS: &str = concat!(
    "SELECT po_id, coalesce(sum(total) FILTER (WHERE kind = 'bill'), 0), coalesce(sum(total) FILTER (WHERE kind = 'credit'), 0), \
     coalesce(sum(freight) FILTER (WHERE kind = 'bill'), 0), coalesce(sum(fees) FILTER (WHERE kind = 'bill'), 0) FROM invoice \
     WHERE po_id IS NOT NULL AND po_id {which} AND ",
    unindexed!("state"),
    " IN ('variance', 'matched') AND (?2 IS NULL OR counted < ?2) GROUP BY po_id"
);

const PIECES: &str = concat!(
    "SELECT n.po_line_id, coalesce(sum(n.pieces) FILTER (WHERE i.kind = 'bill'), 0), \
     coalesce(sum(n.pieces) FILTER (WHERE i.kind = 'credit'), 0) FROM invoice_line n JOIN invoice i ON i.id = n.invoice_id \
     WHERE i.po_id IS NOT NULL AND i.po_id {which} AND n.po_line_id IS NOT NULL AND ",
    unindexed!("i.state"),
    " IN ('variance', 'matched') AND (?2 IS NULL OR i.counted < ?2) \
     GROUP BY n.po_line_id"
);

type BilledSums = HashMap<i64, [i64; 4]>;

impl Tx<'_> {
    /// Every purchase order with what counts on it.
    pub fn all_billing(&self) -> Result<Vec<PoBilling>> {
        self.billing("IS DISTINCT FROM ?1", None, None)
    }

    /// Every purchase order that left and is not closed, with what counts on it.
    pub fn open_billing(&self) -> Result<Vec<PoBilling>> {
        let which = format!(
            "IN (SELECT id FROM purchase_order WHERE state IN ({NOT_CLOSED})) AND ?1 IS NULL"
        );
        self.billing(&which, None, None)
    }

    /// One purchase order with what counts on it: all invoices, or those that were counted before
    /// the place `before`.
    pub fn po_billing(&self, po_id: i64, before: Option<i64>) -> Result<Option<PoBilling>> {
        Ok(self.billing("= ?1", Some(po_id), before)?.pop())
    }

    /// Those whose number is such as `which` says: a statement for each way to say it, so that it uses its
    /// index.
    fn billing(
        &self,
        which: &str,
        po_id: Option<i64>,
        before: Option<i64>,
    ) -> Result<Vec<PoBilling>> {
        let totals = self.sums(&TOTALS.replace("{which}", which), po_id, before, 4)?;
        let pieces = self.sums(&PIECES.replace("{which}", which), po_id, before, 2)?;
        let mut all = self.rows(
            &format!(
                "SELECT p.id, p.number, o.number, o.copy, p.vendor_id, p.vendor_order_number, p.created FROM purchase_order p \
                 JOIN orders o ON o.id = p.order_id WHERE p.id {which} AND p.state <> 'draft' ORDER BY p.id"
            ),
            [po_id],
            |row| po(row, &totals),
        )?;
        let lines = self.rows(
            &format!(
                "SELECT l.po_id, l.id, l.sku, l.vendor_sku, {ORDERED}, l.unit_cost, {SHIPPED}, {RETURNED} FROM po_line l \
                 JOIN purchase_order p ON p.id = l.po_id LEFT JOIN po_line_status s ON s.po_line_id = l.id \
                 WHERE l.po_id {which} ORDER BY l.po_id, l.line"
            ),
            [po_id],
            |row| Ok((row.get::<_, i64>(0)?, line(row, &pieces)?)),
        )?;
        let places: HashMap<i64, usize> = all
            .iter()
            .enumerate()
            .map(|(place, po)| (po.id, place))
            .collect();
        for (po, line) in lines {
            if let Some(place) = places.get(&po) {
                all[*place].lines.push(line);
            }
        }
        Ok(all)
    }

    fn sums(
        &self,
        sql: &str,
        po_id: Option<i64>,
        before: Option<i64>,
        columns: usize,
    ) -> Result<BilledSums> {
        let rows = self.rows(sql, (po_id, before), |row| {
            let mut sums = [0; 4];
            for (place, sum) in sums.iter_mut().enumerate().take(columns) {
                *sum = row.get(place + 1)?;
            }
            Ok((row.get(0)?, sums))
        })?;
        Ok(rows.into_iter().collect())
    }
}

fn po(row: &Row, totals: &BilledSums) -> rusqlite::Result<PoBilling> {
    let id = row.get(0)?;
    let [billed, credited, freight, fees] = totals.get(&id).copied().unwrap_or_default();
    let number: String = row.get(2)?;
    Ok(PoBilling {
        id,
        number: row.get(1)?,
        order: crate::ledger::orders::reference(&number, row.get(3)?),
        vendor_id: row.get(4)?,
        vendor_order: row.get(5)?,
        placed: row.get(6)?,
        lines: Vec::new(),
        billed: Money(billed),
        credited: Money(credited),
        freight_billed: Money(freight),
        fees_billed: Money(fees),
    })
}

fn line(row: &Row, pieces: &BilledSums) -> rusqlite::Result<LineBilling> {
    let id = row.get(1)?;
    let [billed, credited, ..] = pieces.get(&id).copied().unwrap_or_default();
    Ok(LineBilling {
        id,
        sku: row.get(2)?,
        vendor_sku: row.get(3)?,
        ordered: row.get(4)?,
        unit_cost: Money(row.get(5)?),
        shipped: row.get(6)?,
        returned: row.get(7)?,
        billed,
        credited,
    })
}
