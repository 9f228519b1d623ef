//! What the customer gets for a return, or that it is nothing.

use super::super::{Said, reason, refused};
use super::payment::{Paid, Sum, check_amount, check_reference, due, must_be_payable, told, way};
use super::tell;
use crate::app::App;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::lifecycle::ReturnState;
use crate::domain::money::Money;
use crate::domain::rma::ReturnKind;
use crate::domain::text::typed;
use crate::invoicing::close;
use crate::ledger::returns::{NewRefund, RefundRow, ReturnLineRow, ReturnRow};
use crate::ledger::{LedgerError, Tx};
use crate::returns::watch::{CREDIT_OVERDUE, RETURN_OVERDUE, RETURN_WAITING, settled};

/// Records that the customer has money back, and tells them: all of it, which ends the return, or a
/// part, after which it stays open until the rest is paid or a person says that it was the last. The
/// same payment again (method, reference and sum) changes nothing.
///
/// # Errors
/// When its state or kind forbids it; more than was paid in all; more than the order's prices make,
/// an end with less, or a reference that stands for another refund, without a note.
pub fn refund(tx: &Tx, site: &App, number: &str, paid: &Paid) -> Result<Said, LedgerError> {
    let row = tx.find_return(number)?;
    let before = tx.refunds_of_return(row.id)?;
    let Some((method, reference)) = way(paid)? else {
        return end(tx, site, &row, &before, paid);
    };
    if let Some(said) = again(&row, &before, paid, (method, reference))? {
        return Ok(said);
    }
    must_be_payable(&row)?;
    let note = paid.note.map(reason).transpose()?;
    let lines = tx.return_lines(row.id)?;
    let due = due(tx, &row, &before, &lines, paid.sum, note)?;
    let amount = match paid.sum {
        Sum::Whole => due.left,
        Sum::Exactly(amount) => amount,
        Sum::LessBy(kept) if kept < Money::ZERO => {
            return Err(refused(
                BusinessRefusal::bad_word(format!("--keep {kept}"))
                    .with_remedy(": give what is kept, 0 or more"),
            ));
        }
        Sum::LessBy(kept) => due.left.minus(kept).unwrap_or_default(),
    };
    let last = paid.last || matches!(paid.sum, Sum::LessBy(_)) || amount >= due.left;
    check_amount(tx, &due, amount, last, note)?;
    check_reference(tx, &row, method, reference, note)?;
    let left = due.left.minus(amount).unwrap_or_default().max(Money::ZERO);
    let new = NewRefund {
        amount,
        computed: due.worth.amount,
        over: amount > due.left,
        left,
        last,
        tax: due.tax(amount, last),
        method,
        reference,
        note: note.unwrap_or_default(),
    };
    tx.refund_return(&row, &new)?;
    settled(tx, &row, &[RETURN_WAITING])?;
    let mut said = told(&due, &new);
    let why = match last && left > Money::ZERO {
        true => new.note,
        false => "",
    };
    if last {
        ended(tx, &row, &lines, &mut said)?;
    }
    let done = tx.refunds_of_return(row.id)?;
    let more = (!last).then_some(left);
    tell::refunded(tx, site, &row, &done, tell::Now { more, why }, &mut said)?;
    Ok(said)
}

/// Ends a return of which a part was paid back, without paying more.
fn end(
    tx: &Tx,
    site: &App,
    row: &ReturnRow,
    before: &[RefundRow],
    paid: &Paid,
) -> Result<Said, LedgerError> {
    must_be_payable(row)?;
    if before.is_empty() {
        return Err(refused(BusinessRefusal::needs_word(format!(
            "nothing was paid back for return {0} yet: give --method and --reference, or reject it (poms return reject {1} --note \"…\")",
            row.number,
            typed(&row.number)
        ))));
    }
    let note = reason(paid.note.unwrap_or_default())?;
    let lines = tx.return_lines(row.id)?;
    let due = due(
        tx,
        row,
        before,
        &lines,
        Sum::Exactly(Money::ZERO),
        Some(note),
    )?;
    tx.end_return(row, due.left, note)?;
    let mut said = vec![format!(
        "Return {} is refunded: {} in all; {} of what the order's prices make is not paid back.",
        row.number,
        due.show(due.paid),
        due.show(due.left)
    )];
    ended(tx, row, &lines, &mut said)?;
    let now = tell::Now {
        more: None,
        why: note,
    };
    tell::ended(tx, site, row, before, now, &mut said)?;
    Ok(said)
}

/// What follows the end of a return that was paid back.
fn ended(
    tx: &Tx,
    row: &ReturnRow,
    lines: &[ReturnLineRow],
    said: &mut Said,
) -> Result<(), LedgerError> {
    settled(tx, row, &[RETURN_OVERDUE, RETURN_WAITING])?;
    let left: i64 = lines.iter().map(ReturnLineRow::to_come).sum();
    if row.kind.goods_come_back() && left > 0 {
        said.push(format!(
            "  Did not come, and is no longer expected: {left}. Should it come, open another return."
        ));
    }
    Ok(())
}

/// A payment that is on file: the same again is no mistake, another of its number is.
fn again(
    row: &ReturnRow,
    before: &[RefundRow],
    paid: &Paid,
    (method, reference): (&str, &str),
) -> Result<Option<Said>, LedgerError> {
    let on_file = |one: &RefundRow| {
        let amount = one.amount.display(&row.currency);
        format!("{amount} by {}, {}", one.method, one.reference)
    };
    let over = row.state == ReturnState::Refunded;
    let is_same_way =
        |one: &&RefundRow| one.reference == reference && one.method.eq_ignore_ascii_case(method);
    if let Some(known) = before.iter().find(is_same_way) {
        let same = match paid.sum {
            Sum::Whole => over,
            Sum::Exactly(amount) => amount == known.amount,
            Sum::LessBy(kept) => {
                let others = before.iter().filter(|one| one.id < known.id);
                let others = Money::sum(others.map(|one| one.amount)).unwrap_or_default();
                let left = known.computed.minus(others).unwrap_or_default();
                over && left.minus(kept) == Some(known.amount)
            }
        };
        return match same {
            true => Ok(Some(vec![format!(
                "Return {} is refunded already: {}. Nothing was changed.",
                row.number,
                on_file(known)
            )])),
            false if over => Err(over_already(row, before, on_file)),
            false => Err(refused(
                BusinessRefusal::done(format!(
                    "{} is on file for return {}",
                    on_file(known),
                    row.number
                ))
                .with_remedy(": another payment has a number of its own"),
            )),
        };
    }
    match over {
        false => Ok(None),
        true => Err(over_already(row, before, on_file)),
    }
}

fn over_already(
    row: &ReturnRow,
    before: &[RefundRow],
    on_file: impl Fn(&RefundRow) -> String,
) -> LedgerError {
    refused(BusinessRefusal::done(format!(
        "return {} is refunded already: {}; it is over, and is not paid twice",
        row.number,
        before.iter().map(on_file).collect::<Vec<_>>().join("; ")
    )))
}

/// Ends a return without paying anything back, and tells the customer why. A credit of the vendor
/// that was expected for it no longer is.
///
/// # Errors
/// When its state forbids it, or goods were taken off a purchase order for it.
pub fn reject(tx: &Tx, site: &App, number: &str, note: &str) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    let row = tx.find_return(number)?;
    if row.kind == ReturnKind::CancelledBeforeShipping && row.state == ReturnState::Authorised {
        return Err(refused(
            BusinessRefusal::wrong_state(format!(
                "return {} cannot be rejected: its goods are off purchase order {} \
                 already and do not come",
                row.number, row.po
            ))
            .with_remedy(", so refund it"),
        ));
    }
    let begun = !tx.refunds_of_return(row.id)?.is_empty();
    if begun && row.state != ReturnState::Refunded {
        return Err(refused(BusinessRefusal::wrong_state(format!(
            "return {0} cannot be rejected: a part of it is paid back already. End it with poms return refund {1} --final --note \"…\"",
            row.number,
            typed(&row.number)
        ))));
    }
    tx.reject_return(&row, note)?;
    settled(tx, &row, &[RETURN_OVERDUE, RETURN_WAITING, CREDIT_OVERDUE])?;
    let mut said = vec![format!(
        "Return {} is rejected: nothing is paid back.",
        row.number
    )];
    for owed in tx.open_credits_of_po(row.po_id)? {
        if owed.reference == row.number {
            tx.withdraw_credit(&owed, note)?;
            close::close(tx, row.po_id, &site.match_context())?;
            said.push(format!(
                "  {} no longer owes the credit of {}.",
                row.vendor_name,
                owed.owed().display(&row.currency)
            ));
        }
    }
    tell::rejected(tx, site, &row, note, &mut said)?;
    Ok(said)
}
