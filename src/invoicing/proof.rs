//! The proof that what was billed less what was credited is what was shipped, within tolerance, or
//! explained by an exception: `poms verify`. More than shipped is asked of every bill; less, of every
//! purchase order that is closed: until then it is still to be billed.

use super::match_context::MatchContext;
use super::{close, reduced_claims, rematch};
use crate::domain::codes::Code;
use crate::domain::invoice::InvoiceKind;
use crate::domain::lifecycle::{InvoiceState, PoState};
use crate::domain::money::Money;
use crate::ledger::invoices::{InvoiceFilter, InvoiceRow};
use crate::ledger::{LedgerError, Result, Tx};

/// Compares every bill that counts anew, with today's shipments and the agreement of its day: all
/// that is found must have been found before, whatever became of it, and the pieces must be those on
/// record. One sentence for each that was not, and for each that cannot be compared.
pub fn billing(tx: &Tx, context: &MatchContext) -> Vec<String> {
    let mut problems = Vec::new();
    if let Err(fault) = closed(tx, context, &mut problems) {
        problems.push(format!(
            "what purchase orders were billed cannot be checked: {fault}"
        ));
    }
    for state in [InvoiceState::Matched, InvoiceState::Variance] {
        let bills = tx.invoices(&InvoiceFilter {
            state: Some(state),
            kind: Some(InvoiceKind::Bill),
            at_most: usize::MAX,
            ..InvoiceFilter::default()
        });
        match bills {
            Ok(bills) => explained(tx, context, &bills, &mut problems),
            Err(fault) => problems.push(format!(
                "the bills that are {state} cannot be read: {fault}"
            )),
        }
    }
    problems
}

/// Bills of one state, each by itself.
fn explained(tx: &Tx, context: &MatchContext, bills: &[InvoiceRow], problems: &mut Vec<String>) {
    for row in bills {
        let Some(po) = row.po_id else {
            continue;
        };
        if let Err(fault) = unexplained(tx, context, row, po, problems) {
            problems.push(format!("invoice {} cannot be compared: {fault}", row.id));
        }
    }
}

/// Purchase orders that are closed came to what was shipped of them.
fn closed(tx: &Tx, context: &MatchContext, problems: &mut Vec<String>) -> Result<()> {
    for billing in tx.all_billing()? {
        let mut one = || {
            let row = tx.po(billing.id)?;
            if row.state == PoState::Closed
                && !close::billed_whole(&billing, &tx.invoices_of_po(row.id)?, context)
            {
                problems.push(format!(
                    "purchase order {} is closed, but its bills, {} in all, do not come to what was shipped of it",
                    row.number, billing.billed
                ));
            }
            Ok::<_, LedgerError>(())
        };
        if let Err(fault) = one() {
            problems.push(format!(
                "purchase order row {} cannot be compared: {fault}",
                billing.id
            ));
        }
    }
    Ok(())
}

fn unexplained(
    tx: &Tx,
    context: &MatchContext,
    row: &InvoiceRow,
    po: i64,
    problems: &mut Vec<String>,
) -> Result<()> {
    let (found, pieces) = rematch::now(tx, context, row, po)?;
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
    let mut codes: Vec<Code> = found.iter().map(|one| one.code).collect();
    codes.sort_unstable();
    codes.dedup();
    for code in codes {
        let now = found.iter().filter(|one| one.code == code);
        let now = Money::sum(now.map(|one| one.at_stake)).unwrap_or(Money(i64::MAX));
        let said = known
            .iter()
            .filter(|one| reduced_claims::speaks_of(one, code));
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
