//! What a person decides about an invoice: whose it is, what it bills, pay it as it is, dispute it,
//! wait for a credit.

mod amend;
mod claim;

use super::{Said, refused, resolve::Act};
use crate::domain::codes::Remedy;
use crate::domain::lifecycle::{InvoiceState, VarianceState};
use crate::domain::money::Money;
use crate::invoicing::again::{self, Assume};
use crate::invoicing::desk::BookDesk;
use crate::invoicing::take::CREDIT_UNCLEAR;
use crate::invoicing::variance::Terms;
use crate::invoicing::{close, owed, terms};
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::invoices::{InvoiceRow, VarianceRow};
use crate::ledger::{LedgerError, Tx};
use crate::run::site::Site;
use serde_json::json;

/// Resolves an exception about an invoice.
///
/// # Errors
/// A sentence that says why it is impossible, and what is possible.
pub fn resolve(
    tx: &Tx,
    site: &Site,
    row: &ExceptionRow,
    act: &Act,
    note: &str,
) -> Result<Said, LedgerError> {
    let invoice = tx.find_invoice(&row.entity)?;
    let desk = site.book_desk();
    match act.remedy {
        Remedy::Amend if row.code == CREDIT_UNCLEAR => {
            credit_for(tx, &desk, row, &invoice, act.changes, note)
        }
        Remedy::Retry if row.code == CREDIT_UNCLEAR => settle_again(tx, &desk, row, &invoice, note),
        Remedy::Amend => amend::amend(tx, &desk, row, &invoice, act.changes, note),
        Remedy::Retry => retry(tx, &desk, row, &invoice, note),
        Remedy::Dispute => claim::disputed(tx, site, row, &invoice, note),
        Remedy::ExpectCredit => claim::expect_credit(tx, &desk, row, &invoice, note),
        Remedy::Release if invoice.state == InvoiceState::Duplicate => {
            own_bill(tx, &desk, &invoice, note)
        }
        Remedy::Release => accept(tx, &desk, row, &invoice, note),
        _ => dismiss(tx, &desk, row, &invoice, note),
    }
}

fn open_of(tx: &Tx, row: &ExceptionRow) -> Result<Vec<VarianceRow>, LedgerError> {
    let mut found = tx.variances_of_exception(row.id)?;
    found.retain(|one| matches!(one.state, VarianceState::Open | VarianceState::Disputed));
    Ok(found)
}

fn stake(found: &[VarianceRow]) -> Money {
    Money::sum(found.iter().map(|one| one.at_stake)).unwrap_or(Money(i64::MAX))
}

/// Ends what the exception lists in one way, and lets the invoice and its purchase order go on.
fn end(
    tx: &Tx,
    desk: &BookDesk,
    row: &ExceptionRow,
    invoice: &InvoiceRow,
    to: VarianceState,
    note: &str,
) -> Result<InvoiceRow, LedgerError> {
    let word = match to {
        VarianceState::Accepted => "release",
        VarianceState::CreditExpected => "credit_expected",
        VarianceState::Cleared => "amend",
        _ => "dismiss",
    };
    for variance in open_of(tx, row)? {
        tx.move_variance(&variance, to, note)?;
        again::end_exception(tx, &variance, word, note)?;
    }
    again::rest(tx, &tx.invoice(invoice.id)?)?;
    if let Some(po) = invoice.po_id {
        close::close(tx, po, desk)?;
    }
    tx.invoice(invoice.id)
}

/// `invoice 7 (bill INV-7 of 2026-03-01, Acme)`.
fn name(invoice: &InvoiceRow) -> String {
    format!(
        "invoice {} ({}, {})",
        invoice.id,
        invoice.title(),
        invoice.vendor()
    )
}

fn stands(tx: &Tx, invoice: &InvoiceRow) -> Result<String, LedgerError> {
    let invoice = tx.invoice(invoice.id)?;
    let po = match invoice.po_id.map(|id| tx.po(id)).transpose()? {
        Some(po) => format!("; purchase order {} is {}", po.number, po.state),
        None => String::new(),
    };
    Ok(format!("  It is {}{po}.", invoice.state))
}

/// Pays as billed; the tolerance that this overrides is named.
fn accept(
    tx: &Tx,
    desk: &BookDesk,
    row: &ExceptionRow,
    invoice: &InvoiceRow,
    note: &str,
) -> Result<Said, LedgerError> {
    let at_stake = stake(&open_of(tx, row)?);
    let agreed: Option<Terms> =
        (invoice.terms.clone()).and_then(|terms| serde_json::from_value(terms).ok());
    let tolerance = terms::words(&agreed.unwrap_or(desk.config.terms).goods);
    let payload = json!({"exception": row.id, "code": row.code, "accepted": at_stake, "tolerance_overridden": tolerance, "note": note});
    tx.fact(
        "invoice.accepted",
        &invoice.entity(),
        invoice.order_id,
        &payload,
    )?;
    end(tx, desk, row, invoice, VarianceState::Accepted, note)?;
    Ok(vec![
        format!(
            "Exception {} is released: {at_stake} of {} is accepted as billed, over the tolerance ({tolerance}).",
            row.id,
            name(invoice)
        ),
        stands(tx, invoice)?,
    ])
}

/// Counts a credit against what the person says that it is for.
fn credit_for(
    tx: &Tx,
    desk: &BookDesk,
    row: &ExceptionRow,
    invoice: &InvoiceRow,
    changes: &[String],
    note: &str,
) -> Result<Said, LedgerError> {
    let mut names = Vec::new();
    for change in changes {
        match change.split_once('=') {
            Some(("credit", list)) => names.extend(list.split(',').map(str::trim)),
            _ => {
                return Err(refused(format!(
                    "'{change}' does not say what the credit is for: --amend credit=NAME, where NAME is one of: {}",
                    row.message
                )));
            }
        }
    }
    owed::assign(tx, invoice, &names)?;
    settled_as(tx, desk, row, invoice, note)
}

/// Looks once more what a credit is for.
fn settle_again(
    tx: &Tx,
    desk: &BookDesk,
    row: &ExceptionRow,
    invoice: &InvoiceRow,
    note: &str,
) -> Result<Said, LedgerError> {
    let po = invoice.po_id.unwrap_or_default();
    match owed::settle(tx, invoice.id, &invoice.invoice, po)? {
        None => settled_as(tx, desk, row, invoice, note),
        Some(candidates) => Err(refused(format!(
            "{} could still be for any of these: {}",
            name(invoice),
            candidates.join("; ")
        ))),
    }
}

fn settled_as(
    tx: &Tx,
    desk: &BookDesk,
    row: &ExceptionRow,
    invoice: &InvoiceRow,
    note: &str,
) -> Result<Said, LedgerError> {
    end(tx, desk, row, invoice, VarianceState::Cleared, note)?;
    said_of(tx, invoice, "is settled against what is owed")
}

fn dismiss(
    tx: &Tx,
    desk: &BookDesk,
    row: &ExceptionRow,
    invoice: &InvoiceRow,
    note: &str,
) -> Result<Said, LedgerError> {
    if invoice.state == InvoiceState::Unmatched {
        again::end(tx, invoice, VarianceState::Dismissed, note)?;
        tx.move_invoice(invoice, InvoiceState::Ignored, note)?;
        return Ok(vec![format!(
            "Exception {} is dismissed: {} is kept on file and counts nowhere.",
            row.id,
            name(invoice)
        )]);
    }
    end(tx, desk, row, invoice, VarianceState::Dismissed, note)?;
    Ok(vec![
        format!("Exception {} is dismissed.", row.id),
        stands(tx, invoice)?,
    ])
}

/// A bill that was taken for a duplicate and is none.
fn own_bill(
    tx: &Tx,
    desk: &BookDesk,
    invoice: &InvoiceRow,
    note: &str,
) -> Result<Said, LedgerError> {
    instead(tx, desk, invoice)?;
    let pos: Vec<String> = invoice.po.iter().cloned().collect();
    let assume = Assume {
        no_duplicate: true,
        pos: &pos,
        ..Assume::default()
    };
    again::examine(tx, desk, std::slice::from_ref(invoice), assume, note)?;
    said_of(tx, invoice, "is a bill of its own now")
}

/// Takes out of the count what was open of the bill that is counted whole now.
fn instead(tx: &Tx, desk: &BookDesk, invoice: &InvoiceRow) -> Result<(), LedgerError> {
    for filed in tx.filed_invoices()? {
        if filed.vendor_key != invoice.vendor_key || !filed.completed_by(&invoice.invoice) {
            continue;
        }
        let open = tx.invoice(filed.id)?;
        if open.state.counts() {
            let why = format!("{} is the whole of it", name(invoice));
            again::end(tx, &open, VarianceState::Cleared, &why)?;
            tx.move_invoice(&tx.invoice(open.id)?, InvoiceState::Ignored, &why)?;
            if let Some(po) = open.po_id {
                close::close(tx, po, desk)?;
            }
        }
    }
    Ok(())
}

/// What is open about an invoice after an act.
fn said_of(tx: &Tx, invoice: &InvoiceRow, what: &str) -> Result<Said, LedgerError> {
    let mut said = vec![
        format!("Invoice {} ({}) {what}.", invoice.id, invoice.title()),
        stands(tx, invoice)?,
    ];
    for open in tx.open_exceptions_of_entity(&invoice.entity())? {
        said.push(format!("  {} {}: {}", open.id, open.code, open.message));
    }
    Ok(said)
}

fn retry(
    tx: &Tx,
    desk: &BookDesk,
    row: &ExceptionRow,
    invoice: &InvoiceRow,
    note: &str,
) -> Result<Said, LedgerError> {
    match invoice.state {
        InvoiceState::Unmatched => {
            let one = std::slice::from_ref(invoice);
            again::examine(tx, desk, one, Assume::default(), note)?;
        }
        _ => {
            again::compare(tx, desk, invoice)?;
        }
    }
    let what = match tx.exception(row.id)?.open {
        true => "was looked at again, and nothing changed",
        false => "was looked at again",
    };
    said_of(tx, invoice, what)
}
