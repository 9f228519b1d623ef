//! What a customer gets back for what never ships, recorded once.

use super::returns::{Paid, Sum, one_line};
use super::{Said, reason, refused};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::money::Money;
use crate::domain::text::typed;
use crate::ledger::orders::OrderRow;
use crate::ledger::returns::{NewRefund, RefundRow};
use crate::ledger::{LedgerError, Tx};
use crate::returns::owed::{Owed, REFUND_DUE, owed};

/// Records that the customer of an order has money back, or that no more is paid. The same payment
/// again (method, reference and sum) changes nothing.
///
/// # Errors
/// When nothing is owed, or more would go back than was paid; another sum than is owed, or a reference
/// of another refund, without a note.
pub fn refund(tx: &Tx, order: &OrderRow, paid: &Paid) -> Result<Said, LedgerError> {
    let note = paid.note.map(reason).transpose()?;
    let Some(due) = owed(tx, order)? else {
        return Err(refused(
            BusinessRefusal::nothing(format!(
                "nothing of order {} was cancelled, so nothing is owed for what does not \
                 ship",
                order.reference()
            ))
            .with_remedy(format!(
                "; for goods that come back: poms return open {}",
                typed(&order.reference())
            )),
        ));
    };
    let (method, reference) = match (paid.method, paid.reference) {
        (Some(method), Some(reference)) => (
            one_line("method", method)?,
            one_line("reference", reference)?,
        ),
        (None, None) if paid.last && paid.sum == Sum::Whole => {
            return waive(tx, order, &due, note);
        }
        _ => {
            return Err(refused(BusinessRefusal::needs_word(
                "a payment needs --method and --reference; without one, --final and \
                 --note end what is owed",
            )));
        }
    };
    let before = tx.refunds_without_return(order.id)?;
    let on_file =
        |one: &&RefundRow| one.reference == reference && one.method.eq_ignore_ascii_case(method);
    if let Some(known) = before.iter().find(on_file) {
        return again(order, &due, known, paid.sum);
    }
    let amount = amount(order, &due, paid.sum)?;
    check(tx, order, &due, amount, paid.last, note)?;
    if let (Some(known), None) = (tx.refund_by_reference(method, reference)?, note) {
        return Err(refused(
            BusinessRefusal::done(format!(
                "{method} {reference} is a refund of order {} already ({})",
                known.order,
                known.amount.display(&order.order.currency)
            ))
            .with_remedy(": if one payment is for both, say so with --note"),
        ));
    }
    let new = new(&due, amount, (method, reference), paid.last, note);
    record(tx, order, &new)
}

/// The payment as the ledger takes it.
fn new<'a>(
    due: &Owed,
    amount: Money,
    (method, reference): (&'a str, &'a str),
    last: bool,
    note: Option<&'a str>,
) -> NewRefund<'a> {
    let open = due.amount.unwrap_or(amount);
    let left = open.minus(amount).unwrap_or_default().max(Money::ZERO);
    let tax = match open.0 {
        0 => 0,
        open => i128::from(due.tax.0) * i128::from(amount.0.min(open)) / i128::from(open),
    };
    NewRefund {
        amount,
        computed: open,
        over: amount > open,
        left,
        last: last || left == Money::ZERO,
        tax: Money(i64::try_from(tax).unwrap_or_default()).min(amount),
        method,
        reference,
        note: note.unwrap_or_default(),
    }
}

fn record(tx: &Tx, order: &OrderRow, new: &NewRefund) -> Result<Said, LedgerError> {
    tx.refund_order(order, new)?;
    let show = |amount: Money| amount.display(&order.order.currency);
    let mut said = vec![format!(
        "Order {}: {} refunded by {}, {}.",
        order.reference(),
        show(new.amount),
        new.method,
        new.reference
    )];
    if new.left > Money::ZERO && new.last {
        tx.waive_refund(order, new.left, new.note)?;
        said.push(format!("  {} is not paid back.", show(new.left)));
    } else if new.left > Money::ZERO {
        said.push(format!("  {} is still owed.", show(new.left)));
    }
    settle(tx, order)?;
    Ok(said)
}

/// Takes an order off the list when nothing is owed any more.
pub fn settle(tx: &Tx, order: &OrderRow) -> Result<(), LedgerError> {
    if owed(tx, order)?.is_some_and(|due| due.is_open()) {
        return Ok(());
    }
    tx.refund_is_settled(order.id)?;
    for row in tx.open_exceptions_of_entity(&order.entity())? {
        if row.code == REFUND_DUE {
            tx.resolve_exception(&row, "cleared", "nothing is owed any more")?;
        }
    }
    Ok(())
}

fn waive(tx: &Tx, order: &OrderRow, due: &Owed, note: Option<&str>) -> Result<Said, LedgerError> {
    let note = reason(note.unwrap_or_default())?;
    let amount = match due.amount {
        Some(Money::ZERO) => return Err(refused(BusinessRefusal::nothing(nothing(order, due)))),
        Some(amount) => amount,
        None => due.paid.minus(due.refunded).unwrap_or_default(),
    };
    tx.waive_refund(order, amount, note)?;
    settle(tx, order)?;
    Ok(vec![format!(
        "Order {}: {} is not paid back.",
        order.reference(),
        amount.display(&order.order.currency)
    )])
}

fn again(order: &OrderRow, due: &Owed, known: &RefundRow, sum: Sum) -> Result<Said, LedgerError> {
    let show = |amount: Money| amount.display(&order.order.currency);
    let told = format!(
        "{} by {}, {}",
        show(known.amount),
        known.method,
        known.reference
    );
    let open = due.amount.unwrap_or_default();
    match sum {
        Sum::Exactly(amount) if amount != known.amount => Err(refused(
            BusinessRefusal::done(format!("{told} is on file for order {}", order.reference()))
                .with_remedy(": another payment has a number of its own"),
        )),
        // no sum of its own means what is owed now, and that is not what was paid then
        Sum::Whole | Sum::LessBy(_) if open > Money::ZERO => Err(refused(
            BusinessRefusal::done(format!(
                "{told} is on file for order {}, and {} is still owed",
                order.reference(),
                show(open)
            ))
            .with_remedy(": another payment has a number of its own (--reference)"),
        )),
        _ => Ok(vec![format!(
            "Order {} is refunded already: {told}. Nothing was changed.",
            order.reference()
        )]),
    }
}

fn nothing(order: &OrderRow, due: &Owed) -> String {
    let why = match &due.unpaid {
        Some(why) => format!(", as its customer has not paid: {why}"),
        None if due.refunded > Money::ZERO => format!(
            ": {} went back already",
            due.refunded.display(&order.order.currency)
        ),
        None => String::new(),
    };
    format!(
        "nothing is owed to the customer of order {}{why}; another sum needs --amount and --note",
        order.reference()
    )
}

fn amount(order: &OrderRow, due: &Owed, sum: Sum) -> Result<Money, LedgerError> {
    match (sum, due.amount) {
        (Sum::Exactly(amount), _) => Ok(amount),
        (_, Some(Money::ZERO)) => Err(refused(BusinessRefusal::nothing(nothing(order, due)))),
        (Sum::Whole, Some(amount)) => Ok(amount),
        (Sum::LessBy(kept), Some(amount)) if kept >= Money::ZERO => {
            Ok(amount.minus(kept).unwrap_or_default())
        }
        _ => Err(refused(
            BusinessRefusal::needs_word(format!(
                "what is owed cannot be computed from order {}",
                order.reference()
            ))
            .with_remedy(": say it with --amount and --note"),
        )),
    }
}

fn check(
    tx: &Tx,
    order: &OrderRow,
    due: &Owed,
    amount: Money,
    last: bool,
    note: Option<&str>,
) -> Result<(), LedgerError> {
    let show = |amount: Money| amount.display(&order.order.currency);
    if amount <= Money::ZERO {
        return Err(refused(BusinessRefusal::bad_word(format!(
            "{} is nothing to pay back",
            show(amount)
        ))));
    }
    let open = due.amount.unwrap_or_default();
    if (amount > open || last && amount < open) && note.is_none() {
        return Err(refused(
            BusinessRefusal::needs_word(format!(
                "{} is {} than the {} that is owed for order {}",
                show(amount),
                if amount > open { "more" } else { "less" },
                show(open),
                order.reference()
            ))
            .with_remedy(": say why with --note"),
        ));
    }
    let left = due.paid.minus(tx.refunded(order.id)?).unwrap_or_default();
    if amount > left {
        return Err(refused(BusinessRefusal::over_limit(format!(
            "{} cannot be paid back: the customer paid {} for order {} and got {} back already; {} is the most",
            show(amount),
            show(due.paid),
            order.reference(),
            show(due.refunded),
            show(left)
        ))));
    }
    Ok(())
}
