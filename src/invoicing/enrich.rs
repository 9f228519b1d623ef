//! The same bill in another report: one may name the purchase order that the other leaves out.

use super::match_context::MatchContext;
use super::rematch::{self, Assume};
use crate::domain::invoice::Invoice;
use crate::domain::lifecycle::InvoiceState;
use crate::ledger::invoices::{InvoiceFilter, InvoiceRow};
use crate::ledger::{LedgerError, Tx};
use std::collections::HashMap;

/// What a report adds to an invoice that is on file and waits for its purchase order: references,
/// memo, the vendor's order number. `None` when it adds nothing.
fn more(on_file: &Invoice, told: &Invoice) -> Option<Invoice> {
    let mut whole = on_file.clone();
    for reference in &told.po_refs {
        if !whole
            .po_refs
            .iter()
            .any(|known| known.text == reference.text)
        {
            whole.po_refs.push(reference.clone());
        }
    }
    if whole.memo.is_empty() {
        whole.memo.clone_from(&told.memo);
    }
    if whole.vendor_order_number.is_none() {
        whole
            .vendor_order_number
            .clone_from(&told.vendor_order_number);
    }
    let adds = whole.po_refs.len() > on_file.po_refs.len()
        || whole.vendor_order_number != on_file.vendor_order_number;
    adds.then_some(whole)
}

/// Notes of bills on file that less of them is open than was known: a report shows what was paid since.
fn paid_since(tx: &Tx, file: i64, again: &[(String, &Invoice)]) -> Result<(), LedgerError> {
    for (name, told) in again {
        let id = name.strip_prefix("invoice ").and_then(|id| id.parse().ok());
        let left = told.open.or(told.open_balance.then_some(told.total));
        let Some((id, left)) = id.zip(left) else {
            continue;
        };
        let row = tx.invoice(id)?;
        let known = row.invoice.open.unwrap_or(row.invoice.total);
        if left < known && !row.invoice.open_balance && row.invoice.kind == told.kind {
            let open = Some(left);
            let paid = Invoice {
                open,
                ..row.invoice.clone()
            };
            tx.complete_invoice(&row, &paid, file)?;
        }
    }
    Ok(())
}

/// Notes what the rows of a file say more of invoices on file (their names and the rows) that wait for
/// their purchase order, and looks at these again. Returns how many found it.
pub fn learn(
    tx: &Tx,
    context: &MatchContext,
    file: i64,
    again: &[(String, &Invoice)],
) -> Result<usize, LedgerError> {
    if again.is_empty() {
        return Ok(0);
    }
    paid_since(tx, file, again)?;
    let waiting = tx.invoices(&InvoiceFilter {
        state: Some(InvoiceState::Unmatched),
        at_most: usize::MAX,
        ..InvoiceFilter::default()
    })?;
    let waiting: HashMap<String, InvoiceRow> = waiting
        .into_iter()
        .map(|row| (format!("invoice {}", row.id), row))
        .collect();
    let mut rows: Vec<InvoiceRow> = Vec::new();
    for (name, told) in again {
        let Some(row) = waiting.get(name) else {
            continue;
        };
        if let Some(whole) = more(&row.invoice, told) {
            tx.complete_invoice(row, &whole, file)?;
            rows.push(tx.invoice(row.id)?);
        }
    }
    rematch::examine(
        tx,
        context,
        &rows,
        Assume::default(),
        "another report says more of it",
    )
}
