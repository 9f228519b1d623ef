//! A vendor does not take goods back that a cancellation took off its purchase order: they are open
//! again, so that what left of them, and their bill, is taken. For the customer they stay cancelled
//! until a person decides what becomes of the money.

use super::{RuleSettings, cancellation, standing};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::{Code, Severity};
use crate::domain::lifecycle::{CancellationState, OrderState};
use crate::domain::text::one_line;
use crate::domain::text::typed;
use crate::ledger::cancellations::CancellationRow;
use crate::ledger::exceptions::Subject;
use crate::ledger::po_lines::LineState;
use crate::ledger::{LedgerError, Result, Tx};
use chrono::{DateTime, Utc};
use serde_json::json;

/// Keeps that a vendor refused a cancellation, as it said then; what it takes back is to come again.
/// Returns what to say to the person who noted it.
///
/// # Errors
/// When it was refused already; the ledger's.
pub fn refuse(
    tx: &Tx,
    settings: &RuleSettings,
    row: &CancellationRow,
    (said, written): (&str, DateTime<Utc>),
) -> Result<Vec<String>> {
    tx.answer_cancellation(row, CancellationState::Refused, said)?;
    cancellation::settled(tx, row)?;
    let mut told = vec![format!(
        "Cancellation {} came too late: {} ships {} all the same, or has.",
        row.number,
        row.vendor_name,
        row.goods()
    )];
    let (po, why) = (
        tx.po(row.po_id)?,
        format!("cancellation {} was refused", row.number),
    );
    let pieces: Vec<(LineState, i64)> = of(tx, row, |line| line.pieces.cancelled)?;
    if pieces.is_empty() {
        return Ok(told);
    }
    let order = tx.order(row.order_id)?;
    if order.state == OrderState::Cancelled {
        tx.move_order(&order, OrderState::Placed, &json!(why))?;
    }
    for (line, qty) in &pieces {
        let how = (*qty, elsewhere(row, line));
        tx.take_again(&po, line, how, (&why, written))?;
    }
    standing::reopen(tx, settings, &po, &why)?;
    told.push(format!(
        "  Purchase order {0} waits for them again: what left is taken from an advice, or with `poms shipment add {1}`, and \
         their bill is no surprise.",
        po.number,
        typed(&po.number)
    ));
    told.extend(list(tx, settings, row, &pieces, said)?);
    Ok(told)
}

/// Keeps that a vendor agreed after all to a cancellation that it had refused: what has not left of it
/// does not come.
///
/// # Errors
/// When all of it left; the ledger's.
pub fn agree_after_all(
    tx: &Tx,
    settings: &RuleSettings,
    row: &CancellationRow,
    said: &str,
) -> Result<()> {
    let po = tx.po(row.po_id)?;
    let pieces = of(tx, row, |line| line.pieces.open())?;
    if pieces.is_empty() {
        return Err(LedgerError::Refused(
            BusinessRefusal::nothing(format!(
                "all of what cancellation {} took back left",
                row.number
            ))
            .with_remedy(": where that is not so, `poms shipment undo` first"),
        ));
    }
    tx.answer_cancellation(row, CancellationState::Agreed, said)?;
    cancellation::settled(tx, row)?;
    for (line, qty) in &pieces {
        tx.taken_back_after_all(&po, line, (*qty, elsewhere(row, line)), said)?;
    }
    standing::follow(tx, settings, &po, None)
}

/// The lines of a cancellation, and how many pieces of each, as far as there are so many of them.
fn of(
    tx: &Tx,
    row: &CancellationRow,
    most: impl Fn(&LineState) -> i64,
) -> Result<Vec<(LineState, i64)>> {
    let states = tx.line_states(row.po_id)?;
    let listed = row.document["lines"].as_array();
    let mut all: Vec<(LineState, i64)> = Vec::new();
    for one in listed.into_iter().flatten() {
        let same = |state: &&LineState| Some(state.line) == one["line"].as_i64();
        if let Some(state) = states.iter().find(same) {
            let qty = one["qty"].as_i64().unwrap_or(0).min(most(state));
            all.extend((qty > 0).then(|| (state.clone(), qty)));
        }
    }
    Ok(all)
}

/// Whether its pieces of a line were ordered from another vendor. Cancellations of an older poms do not
/// say it: there all of a line was.
fn elsewhere(row: &CancellationRow, line: &LineState) -> bool {
    row.moved.unwrap_or(line.moved > 0)
}

/// Puts the decision on the list; what to say of it.
fn list(
    tx: &Tx,
    settings: &RuleSettings,
    row: &CancellationRow,
    pieces: &[(LineState, i64)],
    said: &str,
) -> Result<Vec<String>> {
    let twice = pieces.iter().any(|(line, _)| elsewhere(row, line));
    let severity = settings.severity(Code::CancellationRefused);
    if severity == Severity::Off {
        return Ok(Vec::new());
    }
    let text = format!(
        "{} does not take back {} of {} (cancellation {}): {}. They said: {}",
        row.vendor_name,
        row.goods(),
        row.po,
        row.number,
        match twice {
            true => "ordered from another vendor since, so that it comes twice",
            false =>
                "it comes although it is cancelled for the customer, who is owed the money until somebody decides",
        },
        one_line(said)
    );
    let about = Subject {
        order: Some(row.order_id),
        po: Some(row.po_id),
        ..Subject::default()
    };
    let entity = cancellation::entity(row);
    let id = tx.open_exception(Code::CancellationRefused, severity, &entity, about, &text)?;
    let what = match twice {
        true => "It comes twice",
        false => "The customer was to get the money back instead",
    };
    Ok(vec![format!(
        "  {what}: what becomes of it waits for you as exception {id}: poms exceptions show {id}"
    )])
}

/// Lines of a purchase order that come although they are cancelled for the customer, with the pieces
/// whose money is no return's.
pub fn undecided(tx: &Tx, po: i64) -> Result<Vec<(LineState, i64)>> {
    let mut all = Vec::new();
    for line in tx.line_states(po)? {
        let qty = line.unwanted - tx.taken_back_by_returns(&line)?;
        if qty > 0 {
            all.push((line, qty));
        }
    }
    Ok(all)
}
