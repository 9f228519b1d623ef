//! What a person decides about purchase orders that do not come as ordered, and about rows of
//! shipping advices.

use super::cancel_line::told;
use super::resolve::Case;
use super::{Said, cancel, question, refused};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::Remedy;
use crate::domain::lifecycle::AdviceRowState;
use crate::domain::shipment::VendorEvent;
use crate::invoicing::reduced_claims;
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{LedgerError, Tx};
use crate::purchasing::cancellation::{self, TakenBack};
use crate::purchasing::reorder::{Replacement, WantedPieces, offered_by, place_again};
use crate::shipping::apply::withdraw::{self, concerned, must_be_placed};
use crate::shipping::apply::{self, standing};

/// Resolves an exception about a purchase order that does not come as ordered.
///
/// # Errors
/// A sentence that says why it is impossible, and what is possible.
pub(super) fn resolve(case: &Case, po: i64) -> Result<Said, LedgerError> {
    let Case {
        tx,
        site,
        row,
        act,
        note,
    } = *case;
    let po = tx.po(po)?;
    match act.remedy {
        Remedy::Cancel => cancel::cancel(tx, site, &tx.order(po.order_id)?, note),
        Remedy::AskCustomer => question::ask(case, &po),
        Remedy::CancelLine => cancel_lines(case, &po),
        Remedy::OtherVendor => other_vendor(case, &po),
        _ => {
            case.end()?;
            Ok(vec![format!(
                "Exception {} is dismissed: poms waits for {}.",
                row.id, po.vendor_name
            )])
        }
    }
}

/// Resolves an exception about a row of a shipping advice.
///
/// # Errors
/// A sentence that says why it is impossible.
pub(super) fn advice_row(case: &Case, id: i64) -> Result<Said, LedgerError> {
    let Case { tx, act, note, .. } = *case;
    let held = tx.advice_row(id)?;
    let said = match act.remedy {
        Remedy::Dismiss => {
            if held.state.may_become(AdviceRowState::Dismissed) {
                tx.move_advice_row(&held, AdviceRowState::Dismissed, note)?;
            }
            "Nothing comes of the row.".to_owned()
        }
        Remedy::Amend => apply::amended(tx, &case.site.config.rules, &held, act.changes)?,
        remedy => {
            let about = (case.row, remedy == Remedy::Release);
            let how = (remedy.as_str(), note);
            return Ok(vec![apply::again(
                tx,
                &case.site.config.rules,
                &held,
                about,
                how,
            )?]);
        }
    };
    case.end()?;
    Ok(vec![said])
}

fn cancel_lines(case: &Case, po: &PoRow) -> Result<Said, LedgerError> {
    let how = (Remedy::CancelLine.as_str(), case.note);
    may_cancel_lines(case.tx, case.row, po)?;
    let known = standing::may_be_known(case.tx, po)?;
    let off = withdraw::take_off(case.tx, &case.site.config.rules, case.row, po, how)?;
    let mut said = off.said;
    let taken = TakenBack {
        po: po.id,
        known,
        pieces: &off.to_tell,
        rma: None,
        moved: false,
        why: case.note,
    };
    said.extend(cancellation::tell(case.tx, &case.site.buyer(), &taken)?);
    said.extend(reduced_claims::look_again(
        case.tx,
        &case.site.match_context(),
        po.id,
    )?);
    let order = case.tx.order(po.order_id)?;
    said.push(format!("Order {} is {}.", order.reference(), order.state));
    said.extend(told(case.tx, case.site, &order)?);
    Ok(said)
}

/// Whether what an exception is about can be taken off the order now.
///
/// # Errors
/// A sentence that says why not.
pub(super) fn may_cancel_lines(tx: &Tx, row: &ExceptionRow, po: &PoRow) -> Result<(), LedgerError> {
    must_be_placed(tx, po)?;
    cancellation::not_on_its_way(tx, po)?;
    concerned(tx, row, po).map(|_| ())
}

/// Whether what an exception is about can be ordered from another vendor now: the one that has to be
/// named, where all who offer it had it before.
///
/// # Errors
/// A sentence that says why not.
pub(super) fn may_move(
    tx: &Tx,
    row: &ExceptionRow,
    po: &PoRow,
) -> Result<Option<String>, LedgerError> {
    must_be_placed(tx, po)?;
    cancellation::not_on_its_way(tx, po)?;
    let lines = concerned(tx, row, po)?;
    let order = tx.order(po.order_id)?;
    let had = not_from(tx, po, &lines, None)?;
    if offered_by(tx, &order, &asked(&lines), &had)?.is_some() {
        return Ok(None);
    }
    let own = std::slice::from_ref(&po.vendor_id);
    match offered_by(tx, &order, &asked(&lines), own)? {
        Some(vendor) => Ok(Some(vendor)),
        None => Err(nobody(None, &lines)),
    }
}

/// What is to be ordered.
fn asked(lines: &[(LineState, i64)]) -> Vec<WantedPieces> {
    let one = |(line, qty): &(LineState, i64)| WantedPieces {
        place: usize::try_from(line.order_line - 1).unwrap_or(usize::MAX),
        qty: *qty,
    };
    lines.iter().map(one).collect()
}

fn skus(lines: &[(LineState, i64)]) -> String {
    let skus: Vec<&str> = lines.iter().map(|(line, _)| line.sku.as_str()).collect();
    skus.join(", ")
}

fn nobody(wanted: Option<&str>, lines: &[(LineState, i64)]) -> LedgerError {
    refused(
        BusinessRefusal::nothing(format!(
            "no {} active vendor offers {}",
            wanted.map_or("other".to_owned(), |id| format!("'{id}' as")),
            skus(lines)
        ))
        .with_remedy(": import an offer (`poms catalogue import`), or choose another remedy"),
    )
}

fn other_vendor(case: &Case, po: &PoRow) -> Result<Said, LedgerError> {
    let Case {
        tx, site, row, act, ..
    } = *case;
    let wanted = act.changes.first().map(String::as_str);
    let wanted = wanted.filter(|id| !id.is_empty());
    must_be_placed(tx, po)?;
    cancellation::not_on_its_way(tx, po)?;
    let known = standing::may_be_known(tx, po)?;
    let order = tx.order(po.order_id)?;
    let lines = concerned(tx, row, po)?;
    let not_from = not_from(tx, po, &lines, wanted)?;
    let made = place_again(tx, &order, &site.buyer(), &asked(&lines), &not_from, wanted)?;
    if made.is_empty() {
        return Err(nobody(wanted, &lines));
    }
    case.end()?;
    let (mut said, pieces) = moved(tx, (row, po), &lines, &made)?;
    standing::follow(tx, &site.config.rules, po, None)?;
    let taken = TakenBack {
        po: po.id,
        known,
        pieces: &withdraw::to_tell(row, &pieces),
        rma: None,
        moved: true,
        why: case.note,
    };
    said.extend(cancellation::tell(tx, &site.buyer(), &taken)?);
    said.extend(reduced_claims::look_again(
        tx,
        &site.match_context(),
        po.id,
    )?);
    left_over(case, po, &mut said)?;
    Ok(said)
}

/// Vendors who had these lines already; only this one when a person names the next.
fn not_from(
    tx: &Tx,
    po: &PoRow,
    lines: &[(LineState, i64)],
    wanted: Option<&str>,
) -> Result<Vec<String>, LedgerError> {
    let places: Vec<i64> = lines.iter().map(|(line, _)| line.order_line).collect();
    let mut not_from = vec![po.vendor_id.clone()];
    for other in tx.pos_of_order(po.order_id)? {
        let had = tx.line_states(other.id)?;
        if wanted.is_none() && had.iter().any(|line| places.contains(&line.order_line)) {
            not_from.push(other.vendor_id);
        }
    }
    Ok(not_from)
}

/// Lines of a purchase order, and pieces of each.
type PoLinePieces = Vec<(LineState, i64)>;

/// Takes the pieces off the old purchase order that stand on the new ones.
fn moved(
    tx: &Tx,
    (row, po): (&ExceptionRow, &PoRow),
    lines: &[(LineState, i64)],
    made: &[Replacement],
) -> Result<(Said, PoLinePieces), LedgerError> {
    let (mut said, mut pieces) = (Vec::new(), Vec::new());
    for new in made {
        let new_po = tx.po(new.po)?;
        for part in &new.lines {
            let of = lines
                .iter()
                .find(|(line, _)| line.order_line == part.place as i64 + 1);
            if let Some((line, _)) = of {
                let why = format!("ordered on {}", new_po.number);
                tx.cancel_answered(po, line, part.qty, true, (&why, withdraw::answer_of(row)))?;
                pieces.push((line.clone(), part.qty));
                said.push(format!(
                    "{} of {} go to {} as purchase order {}: the next `poms process` sends it.",
                    part.qty, line.sku, new_po.vendor_name, new_po.number
                ));
            }
        }
        tx.happened(VendorEvent::Moved {
            order: po.order_id,
            po: po.id,
            new_po: new_po.id,
        });
    }
    Ok((said, pieces))
}

/// What nobody else offers stays on the list.
fn left_over(case: &Case, po: &PoRow, said: &mut Said) -> Result<(), LedgerError> {
    let Case { tx, site, row, .. } = *case;
    let Ok(left) = concerned(tx, row, &tx.po(po.id)?) else {
        return Ok(());
    };
    let skus: Vec<String> = left
        .iter()
        .map(|(line, qty)| format!("{qty} of {}", line.sku))
        .collect();
    let text = format!(
        "{} on {}: no other vendor offers {}",
        po.vendor_name,
        po.number,
        skus.join(", ")
    );
    let severity = site.config.rules.severity_of(&row.code);
    tx.open_exception(row.code.clone(), severity, &row.entity, row.subject, &text)?;
    said.push(format!(
        "  No other vendor offers {}: that stays on the list.",
        skus.join(", ")
    ));
    Ok(())
}
