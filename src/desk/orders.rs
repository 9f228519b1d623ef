//! What support does with an order: note, hold, release.

use super::{Said, reason, refused, resolve};
use crate::app::App;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::{Code, ExceptionCode, Remedy, Severity};
use crate::domain::lifecycle::OrderState;
use crate::ledger::exceptions::Subject;
use crate::ledger::orders::OrderRow;
use crate::ledger::{LedgerError, Tx};
use serde_json::json;

/// Stops an order that is not placed yet.
///
/// # Errors
/// When it is placed or over, in a sentence that says what to do instead.
pub fn hold(tx: &Tx, order: &OrderRow, note: &str) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    match order.state {
        OrderState::Held => {}
        OrderState::Ready => tx.move_order(order, OrderState::Held, &json!(note))?,
        state => {
            return Err(refused(BusinessRefusal::wrong_state(format!(
                "order {} is {state}: only an order that is not placed yet can be held{}",
                order.reference(),
                if state == OrderState::Placed {
                    "; `poms order cancel` takes it back"
                } else {
                    ""
                }
            ))));
        }
    }
    let about = Subject {
        order: Some(order.id),
        ..Subject::default()
    };
    tx.open_exception(
        Code::ManualHold,
        Severity::Hold,
        &order.entity(),
        about,
        note,
    )?;
    Ok(vec![format!("Order {} is held.", order.reference())])
}

/// Releases every reason for which an order is held, those that a release cannot help named.
///
/// # Errors
/// When it is not held, or a reason needs another remedy.
pub fn release(tx: &Tx, site: &App, order: &OrderRow, note: &str) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    if order.state != OrderState::Held {
        return Err(refused(BusinessRefusal::wrong_state(format!(
            "order {} is {}, not held: there is nothing to release",
            order.reference(),
            order.state
        ))));
    }
    let open = tx.open_exceptions_of_order(order.id)?;
    let holds: Vec<_> = open
        .iter()
        .filter(|row| row.severity == Severity::Hold)
        .collect();
    let firm: Vec<String> = holds
        .iter()
        .filter(|row| !row.definition().remedies.contains(&Remedy::Release))
        .map(|row| format!("{} ({}): {}", row.id, row.code, row.definition().advice))
        .collect();
    if !firm.is_empty() {
        return Err(refused(BusinessRefusal::wrong_state(format!(
            "order {} cannot be released as it is. {}",
            order.reference(),
            firm.join(" ")
        ))));
    }
    let codes: Vec<ExceptionCode> = holds.iter().map(|row| row.code.clone()).collect();
    tx.release_codes(order, &codes, note)?;
    for row in holds {
        tx.resolve_exception(row, "release", note)?;
    }
    resolve::check_again(tx, site, order.id)
}
