//! A purchase order written anew in the ledger, as it is from a revision on.

use super::PoChange;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::money::Money;
use crate::domain::po_document::{PoDocument, PoDocumentLine};
use crate::ledger::purchase_orders::{NewPoLine, PoRow};
use crate::ledger::{LedgerError, Result, Tx};
use serde_json::json;

/// Writes it.
pub(super) fn write(tx: &Tx, change: &PoChange) -> Result<()> {
    let po = tx.po(change.po)?;
    let mut document = po.as_made()?;
    change.head.put(&mut document);
    let new = lines(&po, &mut document, change)?;
    let amounts = document.lines.iter().map(|line| line.amount);
    document.total = Money::sum(amounts).ok_or_else(|| too_large(&po))?;
    let total = total(tx, &po, change)?;
    tx.revise_po(&po, (&json!(document), total), &change.more, &new)
}

fn too_large(po: &PoRow) -> LedgerError {
    LedgerError::Refused(BusinessRefusal::over_limit(format!(
        "the amounts of {} are too large",
        po.number
    )))
}

/// Puts more pieces and new lines into the document; the new lines.
fn lines<'a>(
    po: &PoRow,
    document: &mut PoDocument,
    change: &'a PoChange,
) -> Result<Vec<NewPoLine<'a>>> {
    for (state, qty) in &change.more {
        let mut all = document.lines.iter_mut();
        if let Some(line) = all.find(|one| i64::from(one.line) == state.line) {
            line.qty += qty;
            let amount = line.unit_cost.times(line.qty);
            line.amount = amount.ok_or_else(|| too_large(po))?;
        }
    }
    let last = document.lines.iter().map(|line| line.line).max();
    let mut new = Vec::new();
    for (line, number) in change.new.iter().zip(last.unwrap_or(0) + 1..) {
        let amount = line.unit_cost.times(line.qty);
        document.lines.push(PoDocumentLine {
            line: number,
            vendor_sku: line.vendor_sku.clone(),
            sku: line.sku.clone(),
            description: line.description.clone(),
            qty: line.qty,
            unit_cost: line.unit_cost,
            amount: amount.ok_or_else(|| too_large(po))?,
        });
        new.push(NewPoLine {
            line: i64::from(number),
            order_line: line.order_line,
            sku: &line.sku,
            vendor_sku: &line.vendor_sku,
            qty: line.qty,
            unit_cost: line.unit_cost,
            unit_price: line.unit_price,
        });
    }
    Ok(new)
}

/// What the vendor charges in all: costs that were agreed since are in the ledger's lines alone.
fn total(tx: &Tx, po: &PoRow, change: &PoChange) -> Result<Money> {
    let more = |line: i64| -> i64 {
        let same = change.more.iter().filter(|(state, _)| state.line == line);
        same.map(|(_, qty)| qty).sum()
    };
    let mut amounts = Vec::new();
    for line in tx.po_lines(po.id)? {
        amounts.push(line.unit_cost.times(line.qty + more(line.line)));
    }
    for line in &change.new {
        amounts.push(line.unit_cost.times(line.qty));
    }
    let amounts: Option<Vec<Money>> = amounts.into_iter().collect();
    let total = amounts.and_then(Money::sum).ok_or_else(|| too_large(po))?;
    total.plausible().map_err(|_| too_large(po))?;
    Ok(total)
}
