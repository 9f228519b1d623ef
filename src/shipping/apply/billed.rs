//! The cells of a bill that name what its purchase order has, by the one rule for whatever names it once more.

use super::agrees::{self, RowSubject};
use super::matching;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::vendor_docs::advice::ShipTo;
use crate::vendor_docs::columns::NamedCell;

/// The clauses about what is another thing than the purchase order's; each cell with the article of its row.
///
/// # Errors
/// The ledger's.
pub fn others(tx: &Tx, po: &PoRow, cells: &[(&str, NamedCell)]) -> Result<Vec<String>> {
    let all = tx.line_states(po.id)?;
    let mut found = Vec::new();
    for (sku, cell) in cells {
        let mut lines: Vec<&LineState> = matching::of_sku(&all, sku);
        if lines.is_empty() {
            lines = all.iter().collect();
        }
        let about = RowSubject {
            po,
            lines: &lines,
            all: &all,
            qty: None,
            parcels: 0,
        };
        let names = std::slice::from_ref(cell);
        found.extend(agrees::others(tx, &about, names, &ShipTo::default())?);
        if !sku.is_empty() {
            found.extend(agrees::charge(&about, cell));
        }
    }
    Ok(found)
}
