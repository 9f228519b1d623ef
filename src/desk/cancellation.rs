//! What a vendor said about a cancellation, written down by the person who heard it.

use super::{Said, reason, refused};
use crate::domain::lifecycle::CancellationState;
use crate::ledger::cancellations::CancellationRow;
use crate::ledger::{LedgerError, Tx};
use crate::shipping::apply::cancellation::settled;

/// Notes that the vendor agreed to every cancellation of a purchase order that is open, or refused
/// them: the goods left.
///
/// # Errors
/// When nothing of the purchase order was cancelled, or all was answered so already.
pub fn answered(tx: &Tx, number: &str, agreed: bool, note: &str) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    let po = tx.find_po(number)?;
    let all = tx.cancellations_of_po(po.id)?;
    if all.is_empty() {
        return Err(refused(format!(
            "nothing of purchase order {0} was cancelled by a word to {1}: `poms po show {0}`",
            po.number, po.vendor_name
        )));
    }
    let to = match agreed {
        true => CancellationState::Agreed,
        false => CancellationState::Refused,
    };
    let rows: Vec<_> = match all.iter().any(is_open) {
        true => all.iter().filter(|row| is_open(row)).collect(),
        // who said yes, and ships all the same, or the other way round
        false => all.iter().filter(|row| row.state.may_become(to)).collect(),
    };
    let mut said = Vec::new();
    for row in &rows {
        tx.answer_cancellation(row, to, note)?;
        settled(tx, row)?;
        said.push(match agreed {
            true => format!(
                "Cancellation {} is agreed: {} does not ship {}.",
                row.number,
                row.vendor_name,
                row.goods()
            ),
            false => format!(
                "Cancellation {} came too late: {} ships {} all the same, or has.",
                row.number,
                row.vendor_name,
                row.goods()
            ),
        });
    }
    if rows.is_empty() {
        return Err(refused(format!(
            "the cancellation of purchase order {} is {to} already",
            po.number
        )));
    }
    if !agreed {
        said.push(format!(
            "  The customer of order {} was told that it does not come: tell them what arrives, and agree with {} who pays \
             and where it goes back to.",
            po.order_reference(),
            po.vendor_name
        ));
    }
    Ok(said)
}

fn is_open(row: &CancellationRow) -> bool {
    row.state == CancellationState::Open
}
