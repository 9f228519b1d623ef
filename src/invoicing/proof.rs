//! The proof that what was billed less what was credited is what was shipped, within tolerance, or
//! explained by an exception: `poms verify`.

use super::again;
use super::desk::BookDesk;
use crate::domain::invoice::InvoiceKind;
use crate::domain::lifecycle::InvoiceState;
use crate::domain::money::Money;
use crate::ledger::invoices::{InvoiceFilter, InvoiceRow};
use crate::ledger::{Result, Tx};

/// Compares every bill that counts anew, with today's shipments and the agreement of its day: all
/// that is found must have been found before, whatever became of it. One sentence for each that was
/// not.
///
/// # Errors
/// SQLite's.
pub fn billing(tx: &Tx, desk: &BookDesk) -> Result<Vec<String>> {
    let mut problems = Vec::new();
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
    let found = again::now(tx, desk, row, po)?;
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
