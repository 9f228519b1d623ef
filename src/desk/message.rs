//! What a person decides about a message: read it again, believe it, let it in, or nothing comes of it.

use super::resolve::{Case, after_mail};
use super::{Said, cancel, possible, question, refused, stock, vendor_said};
use crate::app::orders::review_and_place;
use crate::app::report::RunReport;
use crate::correspondence;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::{Code, Remedy};
use crate::domain::lifecycle::MessageState;
use crate::intake::read::MessageReading;
use crate::intake::settle;
use crate::ledger::{LedgerError, Tx};

/// Resolves an exception about a message.
///
/// # Errors
/// A sentence that says why it is impossible, and what is possible.
pub(super) fn resolve(case: &Case, message: i64) -> Result<Said, LedgerError> {
    let Case { tx, note, .. } = *case;
    let state = tx.message(message)?.state;
    let waits = matches!(state, MessageState::Held | MessageState::Quarantined);
    if let Some(po) = possible::refuses(case.row, case.act.remedy) {
        return vendor_said::will_not_come(case, po, message);
    }
    match case.act.remedy {
        Remedy::Release if waits && case.row.code == Code::UntrustedSender => {
            let (state, summary) = correspondence::release(tx, case.site, message, case.act.po)?;
            case.end()?;
            if state == MessageState::Accepted {
                tx.move_message(message, state, note)?;
            }
            Ok(vec![format!(
                "Message {message} is believed on your word, and {state}: {summary}."
            )])
        }
        Remedy::Release if state == MessageState::Held && case.row.code == Code::MixedContent => {
            let_in(case, message)
        }
        Remedy::Release if state == MessageState::Held && case.row.code == Code::StockOdd => {
            stock_list(case, message)
        }
        Remedy::Release => {
            case.end()?;
            Ok(vec![format!("Exception {} is closed.", case.row.id)])
        }
        Remedy::Retry => {
            reprocess(tx, message, note)?;
            Ok(vec![format!(
                "Message {message} is taken up again: it is read by the next `poms process`."
            )])
        }
        Remedy::Cancel => match case.row.subject.order {
            // what the mail asks is done by it
            Some(order) => {
                case.end()?;
                if state == MessageState::Held && tx.open_exceptions_of_message(message)?.is_empty()
                {
                    tx.move_message(message, MessageState::Ignored, note)?;
                }
                cancel::cancel(tx, case.site, &tx.order(order)?, note)
            }
            None => dismiss(case, message),
        },
        Remedy::CancelLine | Remedy::OtherVendor => match question::late(case)? {
            Some(said) => Ok(said),
            None => dismiss(case, message),
        },
        _ => dismiss(case, message),
    }
}

/// Closes the exception, and with it a message that nobody acted on.
fn dismiss(case: &Case, message: i64) -> Result<Said, LedgerError> {
    let Case { tx, note, .. } = *case;
    case.end_as(Remedy::Dismiss)?;
    let mut said = match tx.message(message)?.state.may_become(MessageState::Ignored) {
        // others of its orders were taken in
        true if brought_orders(tx, message)? => {
            tx.move_message(message, MessageState::Accepted, note)?;
            vec![format!(
                "What is held back of message {message} is dismissed; its other orders stand, and its bytes are kept."
            )]
        }
        true => {
            tx.move_message(message, MessageState::Ignored, note)?;
            vec![format!(
                "Message {message} is dismissed; its bytes are kept."
            )]
        }
        false => vec![format!("Exception {} is dismissed.", case.row.id)],
    };
    if let Some(order) = case
        .row
        .subject
        .order
        .filter(|_| case.row.code == Code::CustomerMail)
    {
        said.extend(after_mail(tx, case.site, &tx.order(order)?)?);
    }
    Ok(said)
}

/// Whether a message that is held brought orders beside the one for which it is.
fn brought_orders(tx: &Tx, message: i64) -> Result<bool, LedgerError> {
    let held = tx.message(message)?.state == MessageState::Held;
    let orders = tx.message_orders(message)?;
    Ok(held && orders.iter().any(|one| one.state == MessageState::Accepted))
}

/// Takes in the order whose encrypted object is whole, though a gateway put words beside it.
fn let_in(case: &Case, message: i64) -> Result<Said, LedgerError> {
    let Case { tx, site, note, .. } = *case;
    let received = tx.message(message)?.received.time();
    let read = site
        .reader
        .beside_a_footer(&tx.message_raw(message)?, received, tx.now());
    let read = read.map_err(|why| {
        refused(BusinessRefusal::unreadable(format!(
            "message {message} cannot be let in: {} ({})",
            why.reason, why.code
        )))
    })?;
    case.end()?;
    let orders = settle::let_in(tx, message, read, note)?;
    if orders.is_empty() {
        return Ok(vec![format!(
            "Message {message} repeats an order that is there: nothing to do."
        )]);
    }
    let mut report = RunReport::default();
    review_and_place(tx, site, &orders, &mut report)?;
    let mut said = Said::new();
    for order in &orders {
        let order = tx.order(order.id)?;
        said.push(format!(
            "Message {message} is let in: order {} is {}; nothing outside its encrypted part was used.",
            order.reference(),
            order.state
        ));
        for row in tx.open_exceptions_of_order(order.id)? {
            said.push(format!("  {} {}: {}", row.id, row.code, row.message));
        }
    }
    Ok(said)
}

/// Takes in a vendor's list that is odd, as a person says that it is right.
fn stock_list(case: &Case, message: i64) -> Result<Said, LedgerError> {
    let Case { tx, site, note, .. } = *case;
    let row = tx.message(message)?;
    let unread = |why: &str| {
        refused(BusinessRefusal::unreadable(format!(
            "message {message} is no list of what a vendor has any more: {why}"
        )))
    };
    let (raw, received) = (tx.message_raw(message)?, row.received.time());
    let read = match tx.message_document(message)? {
        Some(about) => (site.reader).read_document(&raw, &row.mailbox, &about, received, tx.now()),
        None => correspondence::stored_stock_list(tx, site, message)?
            .ok_or_else(|| unread("no [[stock_mail]] is for it now"))?
            .list
            .map(|list| MessageReading::Stock(Box::new(list))),
    };
    let list = match read {
        Ok(MessageReading::Stock(list)) => list,
        Ok(_) => return Err(unread("its source brings no lists now (stock_of)")),
        Err(why) => return Err(unread(&why.reason)),
    };
    case.end()?;
    let said = stock::take(tx, site, message, &list, Some(note))?;
    tx.move_message(message, MessageState::Accepted, note)?;
    Ok(said)
}

/// Takes a held or quarantined message up again; its open exceptions end with it.
///
/// # Errors
/// When its state forbids it.
pub fn reprocess(tx: &Tx, message: i64, note: &str) -> Result<(), LedgerError> {
    tx.move_message(message, MessageState::Pending, note)?;
    for row in tx.open_exceptions_of_message(message)? {
        tx.resolve_exception(&row, "retry", note)?;
    }
    Ok(())
}
