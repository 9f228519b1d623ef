//! What vendors owe, and the credits that they send.

use super::again;
use super::credits::{CreditMatch, ExpectedCredit, settle as matching};
use super::variance::{Terms, Tolerance};
use crate::domain::invoice::Invoice;
use crate::domain::lifecycle::{CreditState, InvoiceState, VarianceState};
use crate::domain::money::Money;
use crate::ledger::invoices::{ExpectedRow, VarianceRow};
use crate::ledger::{LedgerError, Tx};

/// Counts a credit that was tied to a purchase order against what its vendor owes: a return, a
/// promise or a dispute; else against the one open variance of the purchase order that it comes to.
///
/// # Errors
/// The ledger's.
pub fn settle(tx: &Tx, id: i64, credit: &Invoice, po_id: i64) -> Result<(), LedgerError> {
    let row = tx.invoice(id)?;
    let (Some(vendor), Some(po)) = (row.vendor_id.clone(), row.po.clone()) else {
        return Ok(());
    };
    let terms: Option<Terms> = (row.terms.clone()).and_then(|t| serde_json::from_value(t).ok());
    let tolerance = terms.unwrap_or_default().goods;
    let open = tx.open_credits_of_po(po_id)?;
    let expected: Vec<ExpectedCredit> = open
        .iter()
        .map(|owed| ExpectedCredit {
            rma: owed.name(),
            vendor: owed.vendor_id.clone(),
            po: owed.po.clone(),
            amount: owed.owed(),
        })
        .collect();
    let named = |name: &str| open.iter().find(|owed| owed.name() == name);
    match matching(credit, &vendor, &po, &expected, &tolerance) {
        CreditMatch::Settles { rma } => match named(&rma) {
            Some(owed) => whole(tx, owed, id, credit.total),
            None => Ok(()),
        },
        CreditMatch::Short { rma, .. } => match named(&rma) {
            Some(owed) => tx.settle_credit(owed, id, credit.total, false),
            None => Ok(()),
        },
        CreditMatch::Ambiguous(_) => Ok(()),
        CreditMatch::Unexpected => unasked(tx, credit, po_id, &tolerance),
    }
}

/// A credit that came in whole: what it was expected for is settled.
fn whole(tx: &Tx, owed: &ExpectedRow, id: i64, amount: Money) -> Result<(), LedgerError> {
    tx.settle_credit(owed, id, amount, true)?;
    let Some(exception) = owed.exception_id else {
        return Ok(());
    };
    for variance in tx.variances_of_exception(exception)? {
        credited(tx, &variance)?;
    }
    Ok(())
}

/// A credit that nobody asked for ends the one variance that it comes to.
fn unasked(
    tx: &Tx,
    credit: &Invoice,
    po_id: i64,
    tolerance: &Tolerance,
) -> Result<(), LedgerError> {
    let comes_to = |variance: &VarianceRow| {
        let gap = variance.at_stake.minus(credit.total).unwrap_or_default();
        variance.at_stake > Money::ZERO
            && tolerance.allows(Tolerance::magnitude(gap), variance.at_stake)
    };
    let mut fits = tx.open_variances_of_po(po_id)?;
    fits.retain(comes_to);
    match fits.as_slice() {
        [only] => credited(tx, only),
        _ => Ok(()),
    }
}

fn credited(tx: &Tx, variance: &VarianceRow) -> Result<(), LedgerError> {
    if !variance.state.may_become(VarianceState::Credited) {
        return Ok(());
    }
    let why = "the vendor's credit came";
    tx.move_variance(variance, VarianceState::Credited, why)?;
    again::end_exception(tx, variance, "credited", why)?;
    let row = tx.invoice(variance.invoice_id)?;
    if row.state == InvoiceState::Duplicate {
        // the credit counts, so the bill that it takes back must count too
        return tx.move_invoice(&row, InvoiceState::Matched, why);
    }
    again::rest(tx, &row)
}

/// Takes back what is expected because of an exception that ended otherwise.
///
/// # Errors
/// The ledger's.
pub fn withdraw(tx: &Tx, exception: i64, why: &str) -> Result<(), LedgerError> {
    for owed in tx.credits_of_exception(exception)? {
        if owed.state == CreditState::Open {
            tx.withdraw_credit(&owed, why)?;
        }
    }
    Ok(())
}
