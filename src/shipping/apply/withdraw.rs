//! The lines that an exception about a purchase order concerns, and taking them off the order.

use super::{RuleSettings, standing};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::Code;
use crate::domain::lifecycle::OrderState;
use crate::domain::question::QuestionState;
use crate::domain::shipment::{Answer, VendorEvent};
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{LedgerError, Result, Tx};

/// Codes of purchase orders that do not come as ordered.
pub const CODES: &[Code] = &[
    Code::PoRejected,
    Code::PoBackordered,
    Code::PoUnacknowledged,
    Code::PoUnshipped,
    Code::PoLate,
    Code::VendorClosed,
];

/// The vendor's answer that an exception is about; `None` when it is about all that is open.
pub fn answer_of(row: &ExceptionRow) -> Option<Answer> {
    match row.code.known() {
        Some(Code::PoRejected) => Some(Answer::Rejected),
        Some(Code::PoBackordered) => Some(Answer::Backordered),
        _ => None,
    }
}

/// The lines that an exception is about, and how many pieces of each.
///
/// # Errors
/// When nothing of them is open any more.
pub fn concerned(tx: &Tx, row: &ExceptionRow, po: &PoRow) -> Result<Vec<(LineState, i64)>> {
    let answer = answer_of(row);
    let pieces = |line: &LineState| match answer {
        Some(answer) => line.shares.of(answer),
        None => line.coming(),
    };
    let lines: Vec<(LineState, i64)> = tx
        .line_states(po.id)?
        .into_iter()
        .map(|line| (pieces(&line), line))
        .filter(|(qty, _)| *qty > 0)
        .map(|(qty, line)| (line, qty))
        .collect();
    match lines.is_empty() {
        true => Err(LedgerError::Refused(
            BusinessRefusal::nothing(format!(
                "nothing of purchase order {} is open any more",
                po.number
            ))
            .with_remedy(": dismiss the exception"),
        )),
        false => Ok(lines),
    }
}

/// Whether something of an order can still be taken back or ordered elsewhere.
///
/// # Errors
/// When it cannot, in a sentence.
pub fn must_be_placed(tx: &Tx, po: &PoRow) -> Result<()> {
    let order = tx.order(po.order_id)?;
    match order.state {
        OrderState::Placed | OrderState::PartlyShipped => Ok(()),
        state => Err(LedgerError::Refused(BusinessRefusal::wrong_state(format!(
            "order {} is {state}: nothing of it can be taken back or ordered elsewhere",
            order.reference()
        )))),
    }
}

/// What was taken off.
pub struct TakenOff {
    /// In sentences.
    pub said: Vec<String>,
    /// Lines, as they were before, and pieces of which the vendor must be told.
    pub to_tell: Vec<(LineState, i64)>,
}

/// Takes what an exception is about off the order, and the exception off the list with this word.
///
/// # Errors
/// When nothing of it can be taken back.
pub fn take_off(
    tx: &Tx,
    settings: &RuleSettings,
    row: &ExceptionRow,
    po: &PoRow,
    (resolution, note): (&str, &str),
) -> Result<TakenOff> {
    must_be_placed(tx, po)?;
    let mut said = Vec::new();
    let lines = concerned(tx, row, po)?;
    let knows = customer_knows(tx, row)?;
    tx.resolve_exception(row, resolution, note)?;
    let to_tell = to_tell(row, &lines);
    for (line, qty) in lines {
        tx.cancel_answered(po, &line, qty, false, (note, answer_of(row)))?;
        if !knows {
            tx.to_tell(&line, line.to_tell + qty)?;
            tx.taken_off_is_due(po.order_id)?;
        }
        tx.happened(VendorEvent::LineCancelled {
            order: po.order_id,
            po: po.id,
            po_line: line.id,
            qty,
        });
        said.push(format!(
            "{qty} of {} on purchase order {} are cancelled: the customer does not get them.",
            line.sku, po.number
        ));
    }
    standing::follow(tx, settings, po, None)?;
    Ok(TakenOff { said, to_tell })
}

/// Whether the customer was asked what shall become of it, and so need not be told: an answer says
/// it, by mail or to the person who decides. One who did not answer may have read nothing, and one whose question
/// waits for the morning has.
fn customer_knows(tx: &Tx, row: &ExceptionRow) -> Result<bool> {
    let Some(asked) = tx.question_about(row.id)? else {
        return Ok(false);
    };
    let waits = matches!(asked.state, QuestionState::Open | QuestionState::Answered);
    Ok(waits && !tx.question_is_unsent(asked.id)?)
}

/// The pieces of which the vendor must be told that they are taken back: not those that it refused
/// itself.
pub fn to_tell(row: &ExceptionRow, taken: &[(LineState, i64)]) -> Vec<(LineState, i64)> {
    if row.code == Code::PoRejected {
        return Vec::new();
    }
    let told = taken
        .iter()
        .map(|(line, qty)| (line.clone(), (*qty).min(line.coming())));
    told.filter(|(_, qty)| *qty > 0).collect()
}
