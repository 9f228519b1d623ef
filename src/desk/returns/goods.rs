//! Goods that came back: counted, and looked at.

use super::super::{Said, refused};
use super::{expect_credit, line_of, listed};
use crate::domain::lifecycle::ReturnState;
use crate::domain::rma::Condition;
use crate::ledger::returns::{ReturnLineRow, ReturnRow};
use crate::ledger::{LedgerError, Tx};
use crate::returns::watch::{RETURN_OVERDUE, settled, today};
use crate::run::site::Site;
use std::collections::BTreeMap;

/// Notes what came. Lines that are not named did not come.
///
/// # Errors
/// When its state or kind forbids it; more than was authorised; nothing.
pub fn receive(
    tx: &Tx,
    site: &Site,
    number: &str,
    came: &[(u32, i64)],
) -> Result<Said, LedgerError> {
    let row = tx.find_return(number)?;
    let lines = tx.return_lines(row.id)?;
    let counted = counted(&row, &lines, came)?;
    tx.receive_return(&row, &counted)?;
    settled(tx, &row, &[RETURN_OVERDUE])?;
    let mut said = vec![format!(
        "Return {}: {} came.",
        row.number,
        listed(&tx.return_lines(row.id)?)
    )];
    let missing = counted.iter().filter(|(line, qty)| *qty < line.qty);
    for (line, qty) in missing {
        said.push(format!(
            "  {} of {} of {} are missing.",
            line.qty - qty,
            line.qty,
            line.sku
        ));
    }
    let day = today(tx.now(), site.config.site.timezone);
    if let Some(deadline) = row.deadline.filter(|deadline| *deadline < day) {
        said.push(format!(
            "  They came after the deadline of {}.",
            deadline.format("%B %-d, %Y")
        ));
    }
    said.push(format!(
        "  Next: poms return inspect {} LINE=restock|damaged|wrong_item…",
        row.number
    ));
    Ok(said)
}

/// The pieces that came of every line.
fn counted<'a>(
    row: &ReturnRow,
    lines: &'a [ReturnLineRow],
    came: &[(u32, i64)],
) -> Result<Vec<(&'a ReturnLineRow, i64)>, LedgerError> {
    let mut counted: Vec<(&ReturnLineRow, i64)> = lines.iter().map(|line| (line, 0)).collect();
    for (line, qty) in came {
        let of = line_of(row, lines, *line)?;
        for (_, sum) in counted.iter_mut().filter(|(known, _)| known.id == of.id) {
            *sum = sum.saturating_add(*qty);
            if *qty < 0 || *sum > of.qty {
                return Err(refused(format!(
                    "line {line} ({}): {qty} cannot have come: {} are authorised by return {}; what is more needs a return of its own",
                    of.sku, of.qty, row.number
                )));
            }
        }
    }
    if row.state == ReturnState::Authorised && counted.iter().all(|(_, qty)| *qty == 0) {
        return Err(refused(format!(
            "nothing of return {} came: wait, or reject it when it is over",
            row.number
        )));
    }
    Ok(counted)
}

/// What a command says about goods: `1=restock`, or `1=damaged:2` for two pieces of them.
///
/// # Errors
/// A sentence that shows how it is written.
pub fn findings(words: &[String]) -> Result<Vec<(u32, Condition, Option<i64>)>, LedgerError> {
    let read = |word: &String| {
        let (line, found) = word.split_once('=')?;
        let (condition, qty) = match found.split_once(':') {
            Some((condition, qty)) => (condition, Some(qty.trim().parse().ok()?)),
            None => (found, None),
        };
        let condition = Condition::parse(&condition.trim().to_lowercase().replace('-', "_"))?;
        Some((line.trim().parse().ok()?, condition, qty))
    };
    let how = "LINE=restock, LINE=damaged or LINE=wrong_item; for some of the pieces 1=restock:2 1=damaged:1";
    words
        .iter()
        .map(|word| read(word).ok_or_else(|| refused(format!("'{word}' is not {how}"))))
        .collect()
}

/// Notes what somebody found about every piece that came, and what the vendor owes for it.
///
/// # Errors
/// When its state forbids it, or the pieces do not come to those that were received.
pub fn inspect(tx: &Tx, site: &Site, number: &str, words: &[String]) -> Result<Said, LedgerError> {
    let found = findings(words)?;
    let row = tx.find_return(number)?;
    let lines = tx.return_lines(row.id)?;
    let mut counted: BTreeMap<(i64, &str), (&ReturnLineRow, Condition, i64)> = BTreeMap::new();
    for (line, condition, qty) in &found {
        let of = line_of(&row, &lines, *line)?;
        let qty = qty.unwrap_or(of.counts());
        if qty < 1 {
            return Err(refused(format!(
                "line {line}: {qty} is not a quantity: give 1 or more"
            )));
        }
        let key = (of.order_line, condition.as_str());
        let entry = counted.entry(key).or_insert((of, *condition, 0));
        entry.2 = entry.2.saturating_add(qty);
    }
    let counted: Vec<_> = counted.into_values().collect();
    if row.state == ReturnState::Received {
        complete(&row, &lines, &counted)?;
    }
    tx.inspect_return(&row, &counted)?;
    let lines = tx.return_lines(row.id)?;
    let told: Vec<String> = counted
        .iter()
        .map(|(line, condition, qty)| {
            format!(
                "{qty} of {} {}",
                line.sku,
                condition.as_str().replace('_', " ")
            )
        })
        .collect();
    let mut said = vec![format!(
        "Return {} is inspected: {}.",
        row.number,
        told.join(", ")
    )];
    expect_credit(tx, site, &row, &lines, &mut said)?;
    said.push(format!(
        "  Next: poms return refund {0} --method … --reference …, or poms return reject {0} --note \"…\"",
        row.number
    ));
    Ok(said)
}

/// Every piece that came must be named, and no other.
fn complete(
    row: &ReturnRow,
    lines: &[ReturnLineRow],
    counted: &[(&ReturnLineRow, Condition, i64)],
) -> Result<(), LedgerError> {
    for line in lines {
        let named = counted.iter().filter(|(of, ..)| of.id == line.id);
        let named = named.fold(0i64, |sum, (.., qty)| sum.saturating_add(*qty));
        let came = line.counts();
        if named != came {
            return Err(refused(format!(
                "line {} ({}) of return {}: {came} came, but {named} are named: say what state each is in",
                line.order_line, line.sku, row.number
            )));
        }
    }
    Ok(())
}
