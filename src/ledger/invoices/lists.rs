//! Invoices as lists, and one by what people call it.

use super::{InvoiceRow, SELECT, invoice};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::invoice::InvoiceKind;
use crate::domain::lifecycle::InvoiceState;
use crate::domain::money::Money;
use crate::ledger::sqlite::nocase;
use crate::ledger::{LedgerError, Result, Tx};

/// A filter of the invoices to list; everything that is `None` is not asked.
#[derive(Clone, Debug, Default)]
pub struct InvoiceFilter {
    /// Only in this state.
    pub state: Option<InvoiceState>,
    /// Only of this vendor.
    pub vendor: Option<String>,
    /// Only for this purchase order, by its number.
    pub po: Option<String>,
    /// Only bills, or only credits.
    pub kind: Option<InvoiceKind>,
    /// Only dated this day or later, ISO 8601.
    pub since: Option<String>,
    /// Only dated this day or earlier.
    pub until: Option<String>,
    /// At most so many, the newest first.
    pub at_most: usize,
}

/// A line of an invoice beside the line of the purchase order that it is for.
#[derive(Clone, Debug)]
pub struct InvoiceLineRow {
    /// 1, 2, 3 … on the invoice.
    pub line: i64,
    /// As the paper has it.
    pub sku: String,
    /// As the paper has it.
    pub qty: Option<i64>,
    /// What it comes to.
    pub amount: Money,
    /// Line of the file.
    pub source_line: i64,
    /// The ledger's number of the purchase order's line.
    pub po_line_id: Option<i64>,
    /// The shop's SKU there, pieces ordered and shipped, and the agreed cost of one.
    pub ordered: Option<(String, i64, i64, Money)>,
}

impl Tx<'_> {
    /// Invoices, the newest first.
    pub fn invoices(&self, filter: &InvoiceFilter) -> Result<Vec<InvoiceRow>> {
        let sql = format!(
            "{SELECT} WHERE (?1 IS NULL OR i.state = ?1) AND (?2 IS NULL OR i.vendor_key = ?2) AND (?3 IS NULL OR p.number IN (?3, '#' || ?3) OR '#' || p.number = ?3) \
             AND (?4 IS NULL OR i.kind = ?4) AND (?5 IS NULL OR i.date >= ?5) AND (?6 IS NULL OR i.date <= ?6) \
             ORDER BY i.date DESC, i.id DESC LIMIT ?7"
        );
        self.rows(
            &sql,
            (
                filter.state.map(InvoiceState::as_str),
                &filter.vendor,
                &filter.po,
                filter.kind.map(InvoiceKind::as_str),
                &filter.since,
                &filter.until,
                i64::try_from(filter.at_most).unwrap_or(i64::MAX),
            ),
            invoice,
        )
    }

    /// The invoices of a purchase order, in the order in which they were taken.
    pub fn invoices_of_po(&self, po_id: i64) -> Result<Vec<InvoiceRow>> {
        self.rows(
            &format!("{SELECT} WHERE i.po_id = ?1 ORDER BY i.id"),
            [po_id],
            invoice,
        )
    }

    /// An invoice by its number in the ledger, or by the vendor's number where only one has it.
    ///
    /// # Errors
    /// When there is none, or more than one.
    pub fn find_invoice(&self, name: &str) -> Result<InvoiceRow> {
        let name = name.trim().trim_start_matches("invoice:");
        if let Ok(id) = name.parse::<i64>()
            && let Some(found) = self.first(&format!("{SELECT} WHERE i.id = ?1"), [id], invoice)?
        {
            return Ok(found);
        }
        let mut found = self.rows(
            &format!(
                "{SELECT} WHERE i.number = ?1 {} AND i.part_of IS NULL ORDER BY i.id LIMIT 20",
                nocase!()
            ),
            [name],
            invoice,
        )?;
        match (found.len(), found.pop()) {
            (1, Some(only)) => Ok(only),
            (0, _) | (_, None) => Err(LedgerError::NotFound(format!(
                "there is no invoice {name}: see `poms invoice list`"
            ))),
            (_, Some(last)) => {
                found.push(last);
                let each: Vec<String> = found
                    .iter()
                    .map(|row| format!("{} ({}, {})", row.id, row.vendor(), row.title()))
                    .collect();
                Err(LedgerError::Refused(
                    BusinessRefusal::ambiguous(format!("several invoices have the number {name}"))
                        .with_remedy(format!(
                            ": name one by its number in the ledger: {}",
                            each.join("; ")
                        )),
                ))
            }
        }
    }

    /// The pieces that an invoice bills: (place of its line from 0, the purchase order's line, pieces).
    pub fn pieces_of_invoice(&self, id: i64) -> Result<Vec<(usize, i64, i64)>> {
        self.rows(
            "SELECT line - 1, po_line_id, pieces FROM invoice_line WHERE invoice_id = ?1 AND po_line_id IS NOT NULL ORDER BY line",
            [id],
            |row| Ok((row.get::<_, i64>(0)? as usize, row.get(1)?, row.get(2)?)),
        )
    }

    /// The parts of a paper over several purchase orders, in the order in which they were taken.
    pub fn parts_of_invoice(&self, id: i64) -> Result<Vec<InvoiceRow>> {
        let sql = format!("{SELECT} WHERE i.part_of = ?1 ORDER BY i.id");
        self.rows(&sql, [id], invoice)
    }

    /// The lines of an invoice.
    pub fn lines_of_invoice(&self, invoice_id: i64) -> Result<Vec<InvoiceLineRow>> {
        self.rows(
            "SELECT n.line, n.sku, n.qty, n.amount, n.source_line, n.po_line_id, l.sku, l.qty, coalesce(s.shipped, 0), l.unit_cost \
             FROM invoice_line n LEFT JOIN po_line l ON l.id = n.po_line_id LEFT JOIN po_line_status s ON s.po_line_id = l.id \
             WHERE n.invoice_id = ?1 ORDER BY n.line",
            [invoice_id],
            |row| {
                let sku: Option<String> = row.get(6)?;
                let ordered = match sku {
                    Some(sku) => Some((sku, row.get(7)?, row.get(8)?, Money(row.get(9)?))),
                    None => None,
                };
                Ok(InvoiceLineRow {
                    line: row.get(0)?,
                    sku: row.get(1)?,
                    qty: row.get(2)?,
                    amount: Money(row.get(3)?),
                    source_line: row.get(4)?,
                    po_line_id: row.get(5)?,
                    ordered,
                })
            },
        )
    }

    /// Counts invoices by state.
    pub fn count_invoices(&self) -> Result<serde_json::Value> {
        crate::ledger::counts(self, "SELECT state, count(*) FROM invoice GROUP BY state")
    }

    /// Purchase orders that shipped whole and have invoices: those that may be closed.
    pub fn pos_to_close(&self) -> Result<Vec<i64>> {
        self.rows(
            "SELECT p.id FROM purchase_order p WHERE p.state IN ('shipped', 'invoiced') \
             AND EXISTS (SELECT 1 FROM invoice i WHERE i.po_id = p.id) ORDER BY p.id",
            [],
            |row| row.get(0),
        )
    }
}
