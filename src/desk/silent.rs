//! What a person decides about the purchase orders of a silent vendor: one of them, or all.

use super::resolve::Case;
use super::{Said, refused, shipping};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::Remedy;
use crate::ledger::LedgerError;
use crate::ledger::exceptions::Subject;
use crate::ledger::silences::SilenceRow;
use crate::shipping::apply::silent::{code_of, gathered, refresh, words};

/// Resolves one purchase order of the list, or all of it. A purchase order about which more is done than
/// waiting becomes an exception of its own, which the remedy then resolves as ever.
///
/// # Errors
/// A sentence that says why it is impossible, and what is possible; then nothing is changed.
pub(super) fn resolve(case: &Case) -> Result<Said, LedgerError> {
    let Case { tx, row, act, .. } = *case;
    let listed = tx.silences_of(row.id)?;
    let pos = gathered(&listed);
    let chosen: Vec<&SilenceRow> = match act.po {
        None => pos.clone(),
        Some(number) => {
            let po = tx.find_po(number)?;
            let found = pos.iter().find(|one| one.po_id == po.id);
            vec![*found.ok_or_else(|| refused(not_listed(row.id, &po.number, &pos)))?]
        }
    };
    if chosen.len() > 1 && act.remedy != Remedy::Dismiss && !act.all {
        return Err(refused(
            BusinessRefusal::ambiguous(format!(
                "exception {} lists {} purchase orders",
                row.id,
                chosen.len()
            ))
            .with_remedy(format!(
                ": say which one with --po {}, or --all for every one of them",
                chosen[0].po
            ))
            .of_exception(row.id),
        ));
    }
    let mut said = Said::new();
    for one in &chosen {
        said.extend(decide(case, one, &listed)?);
    }
    let row = tx.exception(row.id)?;
    if row.open {
        match tx.silences_of(row.id)?.is_empty() {
            true => tx.resolve_exception(&row, act.remedy.as_str(), case.note)?,
            false => refresh(tx, &row)?,
        }
    }
    let left = gathered(&tx.silences_of(row.id)?).len();
    said.push(match left {
        0 => format!(
            "Exception {} is closed: nothing is listed any more.",
            row.id
        ),
        left => format!(
            "Exception {} stays open: {left} more purchase orders are listed.",
            row.id
        ),
    });
    Ok(said)
}

fn not_listed(id: i64, po: &str, listed: &[&SilenceRow]) -> BusinessRefusal {
    let named: Vec<&str> = listed.iter().map(|one| one.po.as_str()).collect();
    BusinessRefusal::unknown(format!(
        "exception {id} does not list {po}: it lists {}",
        named.join(", ")
    ))
    .of_exception(id)
}

/// Decides about one purchase order.
fn decide(case: &Case, one: &SilenceRow, listed: &[SilenceRow]) -> Result<Said, LedgerError> {
    let Case {
        tx,
        site,
        row,
        act,
        note,
    } = *case;
    // what was done about another of the same order may have settled this one
    if tx.silences_of_po(one.po_id)?.is_empty() {
        return Ok(Said::new());
    }
    for mine in listed.iter().filter(|mine| mine.po_id == one.po_id) {
        tx.end_silence(mine, "settled", note)?;
    }
    let po = tx.po(one.po_id)?;
    if act.remedy == Remedy::Dismiss {
        return Ok(vec![format!(
            "poms waits for {} with {}.",
            po.vendor_name, po.number
        )]);
    }
    let code = code_of(&one.kind);
    let about = Subject {
        order: Some(po.order_id),
        po: Some(po.id),
        ..Subject::default()
    };
    let text = format!("{} has {} {}", po.vendor_name, words(&one.kind), po.number);
    let severity = site.config.rules.severity(code);
    let id = tx.open_exception(code, severity, &po.entity(), about, &text)?;
    // admins were told of it on the list
    tx.mark_mailed([id])?;
    let own = tx.exception(id)?;
    let alone = Case { row: &own, ..*case };
    shipping::resolve(&alone, po.id).map_err(|fault| match fault {
        LedgerError::Refused(why) => {
            let others = format!(
                ". Nothing was changed: decide about the others of exception {} with --po NUMBER",
                row.id
            );
            refused(
                why.under(&po.number)
                    .with_remedy(others)
                    .of_exception(row.id),
            )
        }
        other => other,
    })
}
