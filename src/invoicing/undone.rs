//! Bills whose goods turned out not to have left: looked at again.

use super::again::now;
use super::desk::{BookDesk, Outcome};
use super::take;
use crate::domain::lifecycle::{InvoiceState, VarianceState};
use crate::ledger::invoices::Placement;
use crate::ledger::{LedgerError, Tx};

/// Compares every bill that counts on a purchase order again, after a shipment of it was taken back,
/// and lists what is billed and has not left. Returns the exceptions that it opened.
///
/// # Errors
/// The ledger's.
pub fn look_again(tx: &Tx, desk: &BookDesk, po: i64) -> Result<Vec<i64>, LedgerError> {
    let mut opened = Vec::new();
    for row in tx.invoices_of_po(po)? {
        if !row.state.counts() {
            continue;
        }
        let known = tx.variances_of_invoice(row.id)?;
        let (found, _) = now(tx, desk, &row, po)?;
        let new = found.into_iter().filter(|one| {
            let same = known.iter().any(|old| {
                old.code == one.code
                    && old.source_line == one.line as i64
                    && old.state != VarianceState::Cleared
            });
            one.code == "invoice_not_shipped" && !same
        });
        let outcome = Outcome {
            at: Placement {
                vendor_key: row.vendor_key.clone(),
                vendor_id: row.vendor_id.clone(),
                po_id: Some(po),
                matched_by: None,
                terms: row.terms.clone(),
                part_of: None,
                lines: Vec::new(),
            },
            state: InvoiceState::Variance,
            variances: new.collect(),
            candidates: Vec::new(),
            parts: Vec::new(),
        };
        if outcome.variances.is_empty() {
            continue;
        }
        let wrong = take::list(tx, desk, row.id, &row.invoice, &outcome, &row.file)?;
        let listed: Vec<i64> = wrong.iter().filter_map(|one| one.exception).collect();
        if row.state == InvoiceState::Matched && !listed.is_empty() {
            let why = "a shipment that it bills did not happen";
            tx.move_invoice(&row, InvoiceState::Variance, why)?;
        }
        opened.extend(listed);
    }
    opened.sort_unstable();
    opened.dedup();
    Ok(opened)
}
