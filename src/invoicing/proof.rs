//! The proof that what was billed less what was credited is what was shipped, within tolerance, or
//! explained by an exception: `poms verify`. More than shipped is asked of every bill; less, of every
//! purchase order that is closed: until then it is still to be billed.

use super::desk::BookDesk;
use super::{again, close};
use crate::domain::invoice::InvoiceKind;
use crate::domain::lifecycle::{InvoiceState, PoState};
use crate::domain::money::Money;
use crate::ledger::invoices::{InvoiceFilter, InvoiceRow};
use crate::ledger::{Result, Tx};

/// Compares every bill that counts anew, with today's shipments and the agreement of its day: all
/// that is found must have been found before, whatever became of it, and the pieces must be those on
/// record. One sentence for each that was not.
///
/// # Errors
/// SQLite's.
pub fn billing(tx: &Tx, desk: &BookDesk) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for billing in tx.all_billing()? {
        let row = tx.po(billing.id)?;
        if row.state == PoState::Closed
            && !close::billed_whole(&billing, &tx.invoices_of_po(row.id)?, desk)
        {
            problems.push(format!(
                "purchase order {} is closed, but its bills, {} in all, do not come to what was shipped of it",
                row.number, billing.billed
            ));
        }
    }
    for state in [InvoiceState::Matched, InvoiceState::Variance] {
        let bills = tx.invoices(&InvoiceFilter {
            state: Some(state),
            kind: Some(InvoiceKind::Bill),
            at_most: usize::MAX,
            ..InvoiceFilter::default()
        })?;
        for row in bills {
            if let Some(po) = row.po_id {
                unexplained(tx, desk, &row, po, &mut problems)?;
            }
        }
    }
    Ok(problems)
}

fn unexplained(
    tx: &Tx,
    desk: &BookDesk,
    row: &InvoiceRow,
    po: i64,
    problems: &mut Vec<String>,
) -> Result<()> {
    let (found, pieces) = again::now(tx, desk, row, po)?;
    let recorded = tx.pieces_of_invoice(row.id)?;
    if recorded != pieces {
        problems.push(format!(
            "invoice {} ({}, {}) bills {} pieces, and {} are on record",
            row.id,
            row.vendor(),
            row.title(),
            pieces.iter().map(|(.., qty)| qty).sum::<i64>(),
            recorded.iter().map(|(.., qty)| qty).sum::<i64>()
        ));
    }
    if found.is_empty() {
        return Ok(());
    }
    let known = tx.variances_of_invoice(row.id)?;
    let mut codes: Vec<&str> = found.iter().map(|one| one.code).collect();
    codes.sort_unstable();
    codes.dedup();
    for code in codes {
        let now = found.iter().filter(|one| one.code == code);
        let now = Money::sum(now.map(|one| one.at_stake)).unwrap_or(Money(i64::MAX));
        let said = known.iter().filter(|one| one.code == code);
        let said = Money::sum(said.map(|one| one.at_stake)).unwrap_or(Money(i64::MAX));
        if now > said {
            problems.push(format!(
                "invoice {} ({}, {}) on purchase order {}: {now} at stake by {code}, and exceptions explain {said} of it",
                row.id,
                row.vendor(),
                row.title(),
                row.po.as_deref().unwrap_or("?")
            ));
        }
    }
    Ok(())
}
