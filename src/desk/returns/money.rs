//! What the customer gets for a return, or that it is nothing.

use super::super::{Said, reason, refused};
use super::tell;
use crate::domain::lifecycle::ReturnState;
use crate::domain::money::Money;
use crate::domain::rma::ReturnKind;
use crate::intake::cards::mask_text;
use crate::invoicing::close;
use crate::ledger::returns::{NewRefund, RefundRow, ReturnLineRow, ReturnRow};
use crate::ledger::{LedgerError, Tx};
use crate::returns::watch::{CREDIT_OVERDUE, RETURN_OVERDUE, settled};
use crate::returns::{Worth, worth};
use crate::run::site::Site;

/// How much the customer was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sum {
    /// What the order's prices make.
    Whole,
    /// That, less what is kept of it, such as a restocking fee.
    LessBy(Money),
    /// So much.
    Exactly(Money),
}

/// How the customer was paid.
#[derive(Clone, Copy, Debug)]
pub struct Paid<'a> {
    /// How much.
    pub sum: Sum,
    /// By which way, such as `card` or `check`.
    pub method: &'a str,
    /// The way's own number for it.
    pub reference: &'a str,
    /// Why so; needed for anything but what the order's prices make.
    pub note: Option<&'a str>,
}

/// Longest method and reference, in characters.
const LONGEST: usize = 100;

/// Records that the customer has the money back, and tells them. The same refund again (method,
/// reference and sum) changes nothing.
///
/// # Errors
/// When its state or kind forbids it; more than was paid in all; another sum than the order's
/// prices make, or a reference that stands for another refund, without a note.
pub fn refund(tx: &Tx, site: &Site, number: &str, paid: &Paid) -> Result<Said, LedgerError> {
    let row = tx.find_return(number)?;
    let method = plain("method", paid.method)?;
    let reference = plain("reference", paid.reference)?;
    if let Some(known) = tx.refund_of_return(row.id)? {
        return again(&row, &known, paid, (method, reference));
    }
    must_be_payable(&row)?;
    let note = paid.note.map(reason).transpose()?;
    let lines = tx.return_lines(row.id)?;
    let computed = computed(tx, &row, &lines, paid.sum, note)?;
    let amount = match paid.sum {
        Sum::Whole => computed.amount,
        Sum::Exactly(amount) => amount,
        Sum::LessBy(kept) if kept < Money::ZERO => {
            return Err(refused(format!(
                "--keep {kept}: give what is kept, 0 or more"
            )));
        }
        Sum::LessBy(kept) => computed.amount.minus(kept).unwrap_or_default(),
    };
    check_amount(tx, &row, amount, computed.amount, note)?;
    check_reference(tx, &row, method, reference, note)?;
    let new = NewRefund {
        amount,
        computed: computed.amount,
        tax: computed.tax.min(amount),
        method,
        reference,
        note: note.unwrap_or_default(),
    };
    tx.refund_return(&row, &new)?;
    settled(tx, &row, &[RETURN_OVERDUE])?;
    let mut said = told(&row, amount, computed.amount, method, reference);
    let left: i64 = lines.iter().map(ReturnLineRow::to_come).sum();
    if row.kind.goods_come_back() && left > 0 {
        said.push(format!(
            "  Did not come, and is no longer expected: {left}. Should it come, open another return."
        ));
    }
    let why = match amount < computed.amount {
        true => new.note,
        false => "",
    };
    let refund = tx.refund_of_return(row.id)?;
    tell::closed(tx, site, &row, refund.as_ref(), why, &mut said)?;
    Ok(said)
}

/// What the order's prices make; nothing where that cannot be computed and a person says the sum,
/// with the reason.
fn computed(
    tx: &Tx,
    row: &ReturnRow,
    lines: &[ReturnLineRow],
    sum: Sum,
    note: Option<&str>,
) -> Result<Worth, LedgerError> {
    let order = tx.order(row.order_id)?;
    let computed = worth(tx, row, &order.order, lines);
    match (sum, note) {
        (Sum::Exactly(_), Some(_)) => Ok(computed.unwrap_or_default()),
        _ => computed,
    }
}

/// The refund is on file: the same again is no mistake, another is.
fn again(
    row: &ReturnRow,
    known: &RefundRow,
    paid: &Paid,
    (method, reference): (&str, &str),
) -> Result<Said, LedgerError> {
    let amount = match paid.sum {
        Sum::Whole => known.amount,
        Sum::Exactly(amount) => amount,
        Sum::LessBy(kept) => known.computed.minus(kept).unwrap_or_default(),
    };
    let on_file = format!(
        "{} by {}, {}",
        known.amount.display(&row.currency),
        known.method,
        known.reference
    );
    match (amount, method, reference) == (known.amount, &known.method, &known.reference) {
        true => Ok(vec![format!(
            "Return {} is refunded already: {on_file}. Nothing was changed.",
            row.number
        )]),
        false => Err(refused(format!(
            "return {} is refunded already: {on_file}; it is over, and is not paid twice",
            row.number
        ))),
    }
}

fn check_amount(
    tx: &Tx,
    row: &ReturnRow,
    amount: Money,
    computed: Money,
    note: Option<&str>,
) -> Result<(), LedgerError> {
    let show = |amount: Money| amount.display(&row.currency);
    if amount <= Money::ZERO {
        return Err(refused(format!(
            "{} is nothing to pay back: reject return {} instead, or name an --amount",
            show(amount),
            row.number
        )));
    }
    if amount != computed && note.is_none() {
        let than = if amount > computed { "more" } else { "less" };
        return Err(refused(format!(
            "{} is {than} than the {} that the order's prices make for return {}: say why with --note",
            show(amount),
            show(computed),
            row.number
        )));
    }
    let total = tx.order(row.order_id)?.order.total;
    let before = tx.refunded(row.order_id)?;
    let left = total.minus(before).unwrap_or_default();
    if amount > left {
        return Err(refused(format!(
            "{} cannot be paid back: the customer paid {} for order {} and got {} back already; {} is the most",
            show(amount),
            show(total),
            row.order,
            show(before),
            show(left)
        )));
    }
    Ok(())
}

/// One payment for two returns is possible, and more often a slip.
fn check_reference(
    tx: &Tx,
    row: &ReturnRow,
    method: &str,
    reference: &str,
    note: Option<&str>,
) -> Result<(), LedgerError> {
    match tx.refund_by_reference(method, reference)? {
        Some(known) if note.is_none() => Err(refused(format!(
            "{method} {reference} is the refund of return {} already ({}): if one payment is for both, say so with --note",
            known.rma,
            known.amount.display(&row.currency)
        ))),
        _ => Ok(()),
    }
}

/// The state first, so that it is named before anything about money.
fn must_be_payable(row: &ReturnRow) -> Result<(), LedgerError> {
    if row.kind.may_become(row.state, ReturnState::Refunded) {
        return Ok(());
    }
    let first = match (row.state, row.kind.goods_come_back()) {
        (ReturnState::Requested, _) => "authorise it first",
        (ReturnState::Authorised, true) => "its goods must be received and inspected first",
        (ReturnState::Received, _) => "its goods must be inspected first",
        _ => "it is over",
    };
    Err(refused(format!(
        "return {} ({}) is {} and cannot be refunded: {first}",
        row.number,
        row.kind.as_str(),
        row.state
    )))
}

fn told(row: &ReturnRow, amount: Money, computed: Money, method: &str, reference: &str) -> Said {
    let show = |amount: Money| amount.display(&row.currency);
    let mut said = vec![format!(
        "Return {} is refunded: {} by {method}, {reference}.",
        row.number,
        show(amount)
    )];
    let difference = amount.minus(computed).unwrap_or_default();
    if difference > Money::ZERO {
        said.push(format!(
            "  That is {} more than the {} that the order's prices make; it is noted with your name.",
            show(difference),
            show(computed)
        ));
    } else if difference < Money::ZERO {
        let less = Money::ZERO.minus(difference).unwrap_or_default();
        said.push(format!(
            "  That is {} less than the {} that the order's prices make.",
            show(less),
            show(computed)
        ));
    }
    said
}

/// One line without a card number.
fn plain<'a>(what: &str, text: &'a str) -> Result<&'a str, LedgerError> {
    let text = text.trim();
    let length = text.chars().count();
    if !(1..=LONGEST).contains(&length) || text.chars().any(char::is_control) {
        return Err(refused(format!(
            "the {what} must be one line of 1 to {LONGEST} characters; it has {length}"
        )));
    }
    match mask_text(text) {
        None => Ok(text),
        Some(_) => Err(refused(format!(
            "the {what} holds a card number, which poms must not keep: give the payment service's own reference"
        ))),
    }
}

/// Ends a return without paying anything back, and tells the customer why. A credit of the vendor
/// that was expected for it no longer is.
///
/// # Errors
/// When its state forbids it, or goods were taken off a purchase order for it.
pub fn reject(tx: &Tx, site: &Site, number: &str, note: &str) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    let row = tx.find_return(number)?;
    if row.kind == ReturnKind::CancelledBeforeShipping && row.state == ReturnState::Authorised {
        return Err(refused(format!(
            "return {} cannot be rejected: its goods are off purchase order {} already and do not come, so refund it",
            row.number, row.po
        )));
    }
    tx.reject_return(&row, note)?;
    settled(tx, &row, &[RETURN_OVERDUE, CREDIT_OVERDUE])?;
    let mut said = vec![format!(
        "Return {} is rejected: nothing is paid back.",
        row.number
    )];
    for owed in tx.open_credits_of_po(row.po_id)? {
        if owed.reference == row.number {
            tx.withdraw_credit(&owed, note)?;
            close::close(tx, row.po_id, &site.book_desk())?;
            said.push(format!(
                "  {} no longer owes the credit of {}.",
                row.vendor_name,
                owed.owed().display(&row.currency)
            ));
        }
    }
    tell::closed(tx, site, &row, None, note, &mut said)?;
    Ok(said)
}
