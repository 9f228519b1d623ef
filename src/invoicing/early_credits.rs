//! Credits that came before anybody expected them: when one becomes expected, the vendor's credits
//! that are for nothing yet are looked at once more.

use super::credit_settlement::{self, Fits};
use super::ingest::{CREDIT_UNCLEAR, unclear};
use super::match_context::MatchContext;
use super::rematch::{self, Assume};
use crate::domain::invoice::InvoiceKind;
use crate::domain::lifecycle::{InvoiceState, VarianceState};
use crate::ledger::invoices::{InvoiceFilter, InvoiceRow, VarianceRow};
use crate::ledger::{LedgerError, Tx};

/// Counts the vendor's credits that are for nothing yet against what is expected now: those that
/// name it or come to it. Whether others of the purchase order are for it, a person is asked. Returns
/// what was done, for people.
pub fn look(
    tx: &Tx,
    context: &MatchContext,
    vendor: &str,
    po_id: i64,
) -> Result<Vec<String>, LedgerError> {
    let mut waiting = tx.invoices(&InvoiceFilter {
        state: Some(InvoiceState::Unmatched),
        vendor: Some(vendor.to_owned()),
        kind: Some(InvoiceKind::Credit),
        at_most: usize::MAX,
        ..InvoiceFilter::default()
    })?;
    waiting.sort_by_key(|row| row.id);
    let before: Vec<i64> = unused(tx, po_id)?.iter().map(|row| row.id).collect();
    rematch::examine(
        tx,
        context,
        &waiting,
        Assume::default(),
        "a credit is expected",
    )?;
    let mut said = Vec::new();
    for row in &waiting {
        let now = tx.invoice(row.id)?;
        if now.state.counts() {
            said.push(told(tx, &now)?);
        }
    }
    for row in unused(tx, po_id)? {
        if before.contains(&row.id)
            && let Some(text) = once_more(tx, context, &row, po_id)?
        {
            said.push(text);
        }
    }
    Ok(said)
}

/// The credits of a purchase order that are for nothing.
fn unused(tx: &Tx, po_id: i64) -> Result<Vec<InvoiceRow>, LedgerError> {
    let mut unused = Vec::new();
    for row in tx.invoices_of_po(po_id)? {
        let counts = row.invoice.kind == InvoiceKind::Credit && row.state.counts();
        if counts && !tx.credit_is_used(row.id)? {
            unused.push(row);
        }
    }
    Ok(unused)
}

fn once_more(
    tx: &Tx,
    context: &MatchContext,
    row: &InvoiceRow,
    po_id: i64,
) -> Result<Option<String>, LedgerError> {
    let asked: Vec<VarianceRow> = tx
        .variances_of_invoice(row.id)?
        .into_iter()
        .filter(|one| one.code == CREDIT_UNCLEAR)
        .collect();
    let fits = match asked
        .iter()
        .any(|one| one.state == VarianceState::Dismissed)
    {
        // a person said that it is for nothing of what was expected then
        true => Fits::Asked,
        false => Fits::Surely,
    };
    let candidates = credit_settlement::settle_as(tx, row.id, &row.invoice, po_id, fits)?;
    let open = asked.iter().find(|one| one.state == VarianceState::Open);
    match (candidates, open) {
        (None, open) => {
            if !tx.credit_is_used(row.id)? {
                return Ok(None);
            }
            if let Some(open) = open {
                let why = "it is for what is expected now";
                tx.move_variance(open, VarianceState::Cleared, why)?;
                rematch::end_exception(tx, open, "cleared", why)?;
                rematch::rest(tx, &tx.invoice(row.id)?)?;
            }
        }
        (Some(candidates), open) => {
            if let Some(open) = open {
                tx.move_variance(open, VarianceState::Cleared, "more is expected now")?;
            }
            unclear(tx, context, row.id, &candidates, &row.file)?;
        }
    }
    told(tx, &tx.invoice(row.id)?).map(Some)
}

/// What became of a credit, for people.
fn told(tx: &Tx, row: &InvoiceRow) -> Result<String, LedgerError> {
    let mut text = format!(
        "  It came before: {} over {} (invoice {})",
        row.title(),
        row.invoice.total,
        row.id
    );
    let open = tx.open_exceptions_of_entity(&row.entity())?;
    match open.iter().find(|one| one.code == CREDIT_UNCLEAR) {
        Some(asked) => text.push_str(&format!(
            " may be for it: exception {} asks what it is for.",
            asked.id
        )),
        None => text.push_str(" is counted against what is owed."),
    }
    Ok(text)
}
