//! One payment to a customer for a return: what is owed, and what may be paid.

use super::super::{Said, refused};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::lifecycle::ReturnState;
use crate::domain::money::Money;
use crate::domain::text::typed;
use crate::intake::cards::mask_text;
use crate::ledger::returns::{NewRefund, RefundRow, ReturnLineRow, ReturnRow};
use crate::ledger::{LedgerError, Tx};
use crate::returns::{Worth, worth};

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
    /// By which way, such as `card` or `check`; none where nothing more is paid.
    pub method: Option<&'a str>,
    /// The way's own number for it.
    pub reference: Option<&'a str>,
    /// Whether that is all, though the order's prices make more.
    pub last: bool,
    /// Why so; needed for anything but what the order's prices make.
    pub note: Option<&'a str>,
}

/// Longest method and reference, in characters.
const LONGEST: usize = 100;

/// What is known of a return before money moves.
pub(super) struct ReturnDue<'a> {
    pub(super) row: &'a ReturnRow,
    /// What was paid back for it so far.
    pub(super) before: &'a [RefundRow],
    pub(super) paid: Money,
    pub(super) worth: Worth,
    /// What of its worth is not paid.
    pub(super) left: Money,
}

impl ReturnDue<'_> {
    pub(super) fn show(&self, amount: Money) -> String {
        amount.display(&self.row.currency)
    }

    /// The tax in a payment: its share, and with the last one what is left of it.
    pub(super) fn tax(&self, amount: Money, last: bool) -> Money {
        let before = Money::sum(self.before.iter().map(|one| one.tax)).unwrap_or_default();
        let due = match (last, self.worth.amount.0) {
            (true, _) | (_, 0) => self.worth.tax.0,
            (false, all) => {
                let so_far = i128::from(self.paid.0) + i128::from(amount.0);
                let share = i128::from(self.worth.tax.0) * so_far / i128::from(all);
                i64::try_from(share).unwrap_or_default()
            }
        };
        Money(due.saturating_sub(before.0).max(0)).min(amount)
    }
}

/// Method and reference; none where the return shall end without another payment.
pub(super) fn way<'a>(paid: &Paid<'a>) -> Result<Option<(&'a str, &'a str)>, LedgerError> {
    match (paid.method, paid.reference) {
        (Some(method), Some(reference)) => Ok(Some((
            one_line("method", method)?,
            one_line("reference", reference)?,
        ))),
        (None, None) if paid.last && paid.sum == Sum::Whole => Ok(None),
        _ => Err(refused(BusinessRefusal::needs_word(
            "a payment needs --method and --reference; without one, --final ends a \
             return that was paid back in part",
        ))),
    }
}

/// What a return is worth, and what of it is left to pay.
pub(super) fn due<'a>(
    tx: &Tx,
    row: &'a ReturnRow,
    before: &'a [RefundRow],
    lines: &[ReturnLineRow],
    sum: Sum,
    note: Option<&str>,
) -> Result<ReturnDue<'a>, LedgerError> {
    let worth = computed(tx, row, lines, sum, note)?;
    let paid = Money::sum(before.iter().map(|one| one.amount)).unwrap_or_default();
    let left = worth.amount.minus(paid).unwrap_or_default();
    Ok(ReturnDue {
        row,
        before,
        paid,
        worth,
        left: left.max(Money::ZERO),
    })
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

pub(super) fn check_amount(
    tx: &Tx,
    due: &ReturnDue,
    amount: Money,
    last: bool,
    note: Option<&str>,
) -> Result<(), LedgerError> {
    let row = due.row;
    if amount <= Money::ZERO {
        return Err(refused(BusinessRefusal::bad_word(format!(
            "{} is nothing to pay back: {}, or name an --amount",
            due.show(amount),
            match due.before {
                [] => format!("reject return {} instead", row.number),
                _ => format!(
                    "end return {} with --final and --note, without --method",
                    row.number
                ),
            }
        ))));
    }
    if (amount > due.left || last && amount < due.left) && note.is_none() {
        let than = if amount > due.left { "more" } else { "less" };
        let left = match due.before {
            [] => "that the order's prices make",
            _ => "that is left of what the order's prices make",
        };
        return Err(refused(
            BusinessRefusal::needs_word(format!(
                "{} is {than} than the {} {left} for return {}",
                due.show(amount),
                due.show(due.left),
                row.number
            ))
            .with_remedy(": say why with --note"),
        ));
    }
    let total = tx.order(row.order_id)?.order.total;
    let before = tx.refunded(row.order_id)?;
    let left = total.minus(before).unwrap_or_default();
    if amount > left {
        return Err(refused(BusinessRefusal::over_limit(format!(
            "{} cannot be paid back: the customer paid {} for order {} and got {} back already; {} is the most",
            due.show(amount),
            due.show(total),
            row.order,
            due.show(before),
            due.show(left)
        ))));
    }
    Ok(())
}

/// One payment for two returns is possible, and more often a slip.
pub(super) fn check_reference(
    tx: &Tx,
    row: &ReturnRow,
    method: &str,
    reference: &str,
    note: Option<&str>,
) -> Result<(), LedgerError> {
    match tx.refund_by_reference(method, reference)? {
        Some(known) if note.is_none() => Err(refused(
            BusinessRefusal::done(format!(
                "{method} {reference} is the refund of {} already ({})",
                known.of(),
                known.amount.display(&row.currency)
            ))
            .with_remedy(": if one payment is for both, say so with --note"),
        )),
        _ => Ok(()),
    }
}

/// The state first, so that it is named before anything about money.
pub(super) fn must_be_payable(row: &ReturnRow) -> Result<(), LedgerError> {
    if row.kind.may_become(row.state, ReturnState::Refunded) {
        return Ok(());
    }
    let first = match (row.state, row.kind.goods_come_back()) {
        (ReturnState::Requested, _) => "authorise it first",
        (ReturnState::Authorised, true) => "its goods must be received and inspected first",
        (ReturnState::Received, _) => "its goods must be inspected first",
        _ => "it is over",
    };
    Err(refused(BusinessRefusal::wrong_state(format!(
        "return {} ({}) is {} and cannot be refunded: {first}",
        row.number,
        row.kind.as_str(),
        row.state
    ))))
}

pub(super) fn told(due: &ReturnDue, new: &NewRefund) -> Said {
    let number = &due.row.number;
    let (what, by) = (
        due.show(new.amount),
        format!("{}, {}", new.method, new.reference),
    );
    if !new.last {
        return vec![
            format!("Return {number} is refunded in part: {what} by {by}."),
            format!(
                "  {} of the {} that the order's prices make is left: the return stays open until it is paid, or ended with \
                 poms return refund {} --final --note \"…\".",
                due.show(new.left),
                due.show(new.computed),
                typed(number)
            ),
        ];
    }
    let mut said = vec![format!("Return {number} is refunded: {what} by {by}.")];
    let of = match due.before {
        [] => format!("the {} that the order's prices make", due.show(due.left)),
        _ => {
            said.push(format!(
                "  In all {}.",
                due.show(Money(due.paid.0.saturating_add(new.amount.0)))
            ));
            format!("the {} that was left", due.show(due.left))
        }
    };
    let difference = new.amount.minus(due.left).unwrap_or_default();
    if difference > Money::ZERO {
        said.push(format!(
            "  That is {} more than {of}; it is noted with your name.",
            due.show(difference)
        ));
    } else if difference < Money::ZERO {
        said.push(format!("  That is {} less than {of}.", due.show(new.left)));
    }
    said
}

/// One line without a card number.
pub(in crate::desk) fn one_line<'a>(what: &str, text: &'a str) -> Result<&'a str, LedgerError> {
    let text = text.trim();
    let length = text.chars().count();
    if !(1..=LONGEST).contains(&length) || text.chars().any(char::is_control) {
        return Err(refused(BusinessRefusal::over_limit(format!(
            "the {what} must be one line of 1 to {LONGEST} characters; it has {length}"
        ))));
    }
    match mask_text(text) {
        None => Ok(text),
        Some(_) => Err(refused(
            BusinessRefusal::bad_word(format!(
                "the {what} holds a card number, which poms must not keep"
            ))
            .with_remedy(": give the payment service's own reference"),
        )),
    }
}
