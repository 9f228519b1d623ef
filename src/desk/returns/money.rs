//! What the customer gets for a return, or that it is nothing.

use super::super::{Said, reason, refused};
use crate::domain::lifecycle::ReturnState;
use crate::domain::money::Money;
use crate::domain::rma::ReturnKind;
use crate::intake::cards::mask_text;
use crate::invoicing::close;
use crate::ledger::returns::{NewRefund, ReturnRow};
use crate::ledger::{LedgerError, Tx};
use crate::returns::watch::{CREDIT_OVERDUE, RETURN_OVERDUE, settled};
use crate::returns::{Worth, worth};
use crate::run::site::Site;

/// How the customer was paid.
#[derive(Clone, Copy, Debug)]
pub struct Paid<'a> {
    /// How much; what the order's prices make without it.
    pub amount: Option<Money>,
    /// By which way, such as `card` or `check`.
    pub method: &'a str,
    /// The way's own number for it.
    pub reference: &'a str,
    /// Why so; needed for more than the order's prices make.
    pub note: Option<&'a str>,
}

/// Longest method and reference, in characters.
const LONGEST: usize = 100;

/// Records that the customer has the money back.
///
/// # Errors
/// When its state or kind forbids it; more than was paid in all; more than computed without a note.
pub fn refund(tx: &Tx, number: &str, paid: &Paid) -> Result<Said, LedgerError> {
    let row = tx.find_return(number)?;
    must_be_payable(&row)?;
    let method = plain("method", paid.method)?;
    let reference = plain("reference", paid.reference)?;
    let note = paid.note.map(reason).transpose()?;
    let order = tx.order(row.order_id)?;
    let lines = tx.return_lines(row.id)?;
    let computed = match (worth(tx, &row, &order.order, &lines), paid.amount, note) {
        (Ok(computed), ..) => computed,
        // what cannot be computed a person may say, with the reason
        (Err(_), Some(_), Some(_)) => Worth {
            amount: Money::ZERO,
            tax: Money::ZERO,
        },
        (Err(fault), ..) => return Err(fault),
    };
    let amount = paid.amount.unwrap_or(computed.amount);
    let show = |amount: Money| amount.display(&row.currency);
    if amount <= Money::ZERO {
        return Err(refused(format!(
            "{} is nothing to pay back: reject return {} instead, or name an --amount",
            show(amount),
            row.number
        )));
    }
    if amount > computed.amount && note.is_none() {
        return Err(refused(format!(
            "{} is more than the {} that the order's prices make for return {}: say why with --note",
            show(amount),
            show(computed.amount),
            row.number
        )));
    }
    let before = tx.refunded(row.order_id)?;
    let left = order.order.total.minus(before).unwrap_or_default();
    if amount > left {
        return Err(refused(format!(
            "{} cannot be paid back: the customer paid {} for order {} and got {} back already; {} is the most",
            show(amount),
            show(order.order.total),
            row.order,
            show(before),
            show(left)
        )));
    }
    tx.refund_return(
        &row,
        &NewRefund {
            amount,
            computed: computed.amount,
            tax: computed.tax.min(amount),
            method,
            reference,
            note: note.unwrap_or_default(),
        },
    )?;
    settled(tx, &row, &[RETURN_OVERDUE])?;
    Ok(told(&row, amount, computed.amount, method, reference))
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

/// Ends a return without paying anything back. A credit of the vendor that was expected for it no
/// longer is.
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
                "  The credit of {} is no longer expected of {}.",
                owed.owed().display(&row.currency),
                row.vendor_name
            ));
        }
    }
    if row.authorised.is_some() {
        said.push(format!(
            "  {} was told that it may come back: tell the customer.",
            row.customer
        ));
    }
    Ok(said)
}
