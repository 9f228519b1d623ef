//! Goods that came back, in one parcel or several: counted, and looked at.

use super::super::{Said, refused};
use super::{expect_credit, line_of, named, typed_goods};
use crate::app::App;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::lifecycle::ReturnState;
use crate::domain::rma::Condition;
use crate::ledger::returns::{ReturnLineRow, ReturnRow};
use crate::ledger::{LedgerError, Tx};
use crate::reports::returns::ReturnMoney;
use crate::returns::watch::{RETURN_OVERDUE, RETURN_WAITING, settled, today};
use std::collections::BTreeMap;

/// Notes what came in one parcel. Of lines that are not named nothing did; they may come later.
///
/// # Errors
/// When its state or kind forbids it; more than is still to come; nothing.
pub fn receive(
    tx: &Tx,
    site: &App,
    number: &str,
    came: &[String],
    note: &str,
) -> Result<Said, LedgerError> {
    let row = tx.find_return(number)?;
    let lines = tx.return_lines(row.id)?;
    let came = typed_goods::pieces(came, &named(&lines))?;
    let counted = match row.kind.may_become(row.state, ReturnState::Received) {
        true => counted(&row, &lines, &came)?,
        false if row.state == ReturnState::Received => counted(&row, &lines, &came)?,
        // the ledger says what it can become
        false => Vec::new(),
    };
    tx.receive_return(&row, &counted, note.trim())?;
    settled(tx, &row, &[RETURN_WAITING])?;
    let lines = tx.return_lines(row.id)?;
    let mut said = vec![format!(
        "Return {}: {} came.",
        row.number,
        told(&counted, |(line, qty)| format!("{qty} of {}", line.sku))
    )];
    let missing: Vec<&ReturnLineRow> = lines.iter().filter(|line| line.to_come() > 0).collect();
    for line in &missing {
        let (left, qty, sku) = (line.to_come(), line.qty, &line.sku);
        said.push(format!("  {left} of {qty} of {sku} may still come."));
    }
    if missing.is_empty() {
        settled(tx, &row, &[RETURN_OVERDUE])?;
    }
    let day = today(tx.now(), site.config.site.timezone);
    if let Some(deadline) = row.deadline.filter(|deadline| *deadline < day) {
        said.push(format!(
            "  They came after the deadline of {}.",
            deadline.format("%B %-d, %Y")
        ));
    }
    said.extend(what_next(tx, &row.number, "inspect")?);
    Ok(said)
}

fn told<T>(list: &[T], one: impl Fn(&T) -> String) -> String {
    list.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The pieces that came, by line; what was named twice is added up.
fn counted<'a>(
    row: &ReturnRow,
    lines: &'a [ReturnLineRow],
    came: &[(u32, i64)],
) -> Result<Vec<(&'a ReturnLineRow, i64)>, LedgerError> {
    let mut counted: Vec<(&ReturnLineRow, i64)> = Vec::new();
    for (line, qty) in came {
        let of = line_of(row, lines, *line)?;
        if *qty < 0 {
            return Err(refused(
                BusinessRefusal::bad_word(format!(
                    "line {line} ({}): {qty} pieces cannot have come",
                    of.sku
                ))
                .with_remedy(": give 1 or more"),
            ));
        }
        match counted.iter_mut().find(|(known, _)| known.id == of.id) {
            Some((_, sum)) => *sum = sum.saturating_add(*qty),
            None => counted.push((of, *qty)),
        }
    }
    if let Some((of, sum)) = counted.iter().find(|(of, sum)| *sum > of.to_come()) {
        return Err(refused(
            BusinessRefusal::over_limit(format!(
                "line {} ({}): {sum} cannot have come: return {} authorises {}, of which \
                 {} came already",
                of.order_line,
                of.sku,
                row.number,
                of.qty,
                of.received.unwrap_or(0)
            ))
            .with_remedy("; what is more needs a return of its own"),
        ));
    }
    counted.retain(|(_, qty)| *qty > 0);
    match counted.is_empty() {
        false => Ok(counted),
        true => Err(refused(
            BusinessRefusal::nothing(format!("nothing of return {} came", row.number))
                .with_remedy(": wait, or reject it when it is over"),
        )),
    }
}

/// Pieces of a line in one condition.
type ConditionPieces<'a> = (&'a ReturnLineRow, Condition, i64);

/// Notes what somebody found about pieces that came, and what the vendor owes for them. Pieces that
/// are not named wait to be looked at.
///
/// # Errors
/// When its state forbids it, or more pieces are named than wait.
pub fn inspect(
    tx: &Tx,
    site: &App,
    number: &str,
    found: &[String],
    note: &str,
) -> Result<Said, LedgerError> {
    let row = tx.find_return(number)?;
    let lines = tx.return_lines(row.id)?;
    let found = typed_goods::findings(found, &named(&lines))?;
    let counted = match row.state {
        ReturnState::Received => looked_at(&row, &lines, &found)?,
        // the ledger says what it can become
        _ => Vec::new(),
    };
    let waited: i64 = lines.iter().map(ReturnLineRow::to_inspect).sum();
    let seen: i64 = counted.iter().map(|(.., qty)| qty).sum();
    let all = row.state != ReturnState::Received || seen == waited;
    tx.inspect_return(&row, &counted, all, note.trim())?;
    settled(tx, &row, &[RETURN_WAITING])?;
    let lines = tx.return_lines(row.id)?;
    let what = told(&counted, |(line, condition, qty)| {
        let condition = condition.as_str().replace('_', " ");
        format!("{qty} of {} {condition}", line.sku)
    });
    let mut said = vec![match all {
        true => format!("Return {} is inspected: {what}.", row.number),
        false => format!("Return {}: {what}.", row.number),
    }];
    expect_credit(tx, site, &row, &lines, &mut said)?;
    if !all {
        let waits: i64 = lines.iter().map(ReturnLineRow::to_inspect).sum();
        said.push(format!("  Still to be looked at of what came: {waits}."));
    }
    let to_come: i64 = lines.iter().map(ReturnLineRow::to_come).sum();
    if all && to_come > 0 {
        said.push(format!(
            "  May still come: {to_come}; a refund now ends the return without."
        ));
    }
    said.extend(what_next(tx, &row.number, "")?);
    Ok(said)
}

/// The commands that the return as it stands now takes; only this one, if one is named.
fn what_next(tx: &Tx, number: &str, only: &str) -> Result<Said, LedgerError> {
    let money = ReturnMoney::of(tx, tx.find_return(number)?)?;
    let next = money.next().into_iter();
    let wanted = next.filter(|(word, _)| only.is_empty() || *word == only);
    Ok(wanted
        .map(|(_, command)| format!("  Next: poms {command}"))
        .collect())
}

/// The pieces that were looked at, by line and condition: never more than wait. Without a quantity
/// it is all that wait of the line.
fn looked_at<'a>(
    row: &ReturnRow,
    lines: &'a [ReturnLineRow],
    found: &[(u32, Condition, Option<i64>)],
) -> Result<Vec<ConditionPieces<'a>>, LedgerError> {
    let mut counted: BTreeMap<(i64, &str), ConditionPieces> = BTreeMap::new();
    for (line, condition, qty) in found {
        let of = line_of(row, lines, *line)?;
        let waits = of.to_inspect();
        let qty = qty.unwrap_or(waits);
        if qty < 1 {
            return Err(refused(BusinessRefusal::over_limit(match waits {
                0 => format!(
                    "line {line} ({}): nothing of it waits to be looked at: {} came so far",
                    of.sku,
                    of.received.unwrap_or(0)
                ),
                _ => format!("line {line}: {qty} is not a quantity: give 1 or more"),
            })));
        }
        let entry = counted.entry((of.id, condition.as_str()));
        let entry = entry.or_insert((of, *condition, 0));
        entry.2 = entry.2.saturating_add(qty);
    }
    for line in lines {
        let named = counted.values().filter(|(of, ..)| of.id == line.id);
        let named = named.fold(0i64, |sum, (.., qty)| sum.saturating_add(*qty));
        if named > line.to_inspect() {
            return Err(refused(BusinessRefusal::over_limit(format!(
                "line {} ({}) of return {}: {} wait to be looked at, but {named} are named",
                line.order_line,
                line.sku,
                row.number,
                line.to_inspect()
            ))));
        }
    }
    Ok(counted.into_values().collect())
}
