//! Shipping advices: each row on its own.

use super::arrival;
use super::held::{self, Noted};
use super::judge::{self, RowStep};
use super::matching::MatchResult;
use super::{Hold, ProvedPaper, columns, one_parcel, parcels, standing};
use crate::domain::codes::Code;
use crate::ledger::advices::HeldRow;
use crate::ledger::{Result, Tx};
use crate::vendor_docs::advice::{Advice, AdviceRow};
use crate::vendor_docs::columns::Recant;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// What came of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TakenAdvice {
    /// Rows in it, those that make no sense included.
    pub rows: usize,
    /// Rows that were acted on.
    pub applied: usize,
    /// Rows that say what is known.
    pub repeated: usize,
    /// Rows that wait for a person.
    pub held: usize,
    /// Of the held ones those that have no exception of their own: there were too many.
    pub overflow: usize,
    /// What is wrong with the held ones.
    pub errors: Vec<Noted>,
}

impl TakenAdvice {
    /// Counts a row that is told with the one that it takes back, which waits now or was decided on before;
    /// whether it is such a row.
    fn with_another(&mut self, waits: Option<&bool>) -> bool {
        self.held += usize::from(waits == Some(&true));
        self.repeated += usize::from(waits == Some(&false));
        waits.is_some()
    }
}

/// So many rows of one document get exceptions of their own; the rest are counted in one.
const MOST_HELD: usize = 50;

/// Acts on a document row by row.
pub fn advise(tx: &Tx, paper: &ProvedPaper, advice: &Advice) -> Result<TakenAdvice> {
    let mut taken = TakenAdvice::default();
    let alike = alike(advice);
    let first = advice.rows.first().map(|row| &row.po_number);
    let paper = &ProvedPaper {
        sole: advice.rows.iter().all(|row| Some(&row.po_number) == first),
        ..*paper
    };
    let whole = advice.errors.is_empty() && advice.rows.iter().all(|row| row.qty != Some(0));
    let clear = |row: &AdviceRow| whole && alike.get(&key(row)) == Some(&1);
    let doubted = one_parcel::doubted(tx, paper, advice, clear)?;
    // rows that take others back are told with these, once
    let mut told: BTreeMap<usize, bool> = BTreeMap::new();
    let (goods, none): (Vec<&AdviceRow>, Vec<&AdviceRow>) =
        advice.rows.iter().partition(|row| row.qty != Some(0));
    for row in goods.into_iter().chain(none) {
        let clear = clear(row);
        taken.rows += 1;
        if row.qty == Some(0) && taken.with_another(told.get(&row.line)) {
            continue;
        }
        if arrived(tx, paper, row, &mut taken)? || news(tx, paper, row, &mut taken)? {
            continue;
        }
        let known = held::known(tx, paper, row)?;
        if let Some(over) = known.as_ref().filter(|known| known.is_over()) {
            told.extend(row.beside.recants.iter().map(|one| (one.line, false)));
            decided(tx, paper, row, over, &mut taken)?;
            continue;
        }
        match one_parcel::take(tx, paper, row, &doubted, clear)? {
            Ok(changed) => {
                if let Some(known) = known {
                    held::clear(tx, &known)?;
                }
                match changed {
                    true => taken.applied += 1,
                    false => taken.repeated += 1,
                }
            }
            Err(mut hold) => {
                if advice.format != "csv" {
                    // keys of a mail are no columns
                    hold.message = hold.message.replace("column '", "'");
                }
                let said = |one: &&Recant| hold.message.contains(&columns::other_row(one));
                let back = row.beside.recants.iter().filter(said);
                told.extend(back.map(|one| (one.line, true)));
                keep(tx, paper, row, &hold, &mut taken)?;
            }
        }
    }
    faulty(tx, paper, advice, &told, &mut taken)?;
    if taken.overflow > 0 {
        held::overflow(tx, paper, taken.overflow)?;
    }
    taken.errors.sort_by_key(|noted| noted.line);
    Ok(taken)
}

/// A row that was decided on before, which waits again where things have changed.
fn decided(
    tx: &Tx,
    paper: &ProvedPaper,
    row: &AdviceRow,
    over: &HeldRow,
    taken: &mut TakenAdvice,
) -> Result<()> {
    let noted = held::again(tx, paper, row, over)?;
    taken.held += usize::from(noted.is_some());
    taken.repeated += usize::from(noted.is_none());
    taken.errors.extend(noted);
    Ok(())
}

/// Keeps the rows that make no sense, but for those that are told with another.
fn faulty(
    tx: &Tx,
    paper: &ProvedPaper,
    advice: &Advice,
    told: &BTreeMap<usize, bool>,
    taken: &mut TakenAdvice,
) -> Result<()> {
    for error in &advice.errors {
        taken.rows += 1;
        let row = AdviceRow {
            line: usize::try_from(error.line).unwrap_or(usize::MAX),
            ..AdviceRow::default()
        };
        if !taken.with_another(told.get(&row.line)) {
            let hold = Hold::new(Code::AdviceUnclear, error.message.clone());
            keep(tx, paper, &row, &hold, taken)?;
        }
    }
    Ok(())
}

/// An arrival, where a row says one; whether that was all of it.
fn arrived(tx: &Tx, paper: &ProvedPaper, row: &AdviceRow, taken: &mut TakenAdvice) -> Result<bool> {
    if let Some(other) = arrival::elsewhere(tx, paper, row)? {
        return news(tx, paper, &other, taken);
    }
    let Some(day) = row.delivered.filter(|_| row.qty != Some(0)) else {
        return Ok(false);
    };
    match arrival::take(tx, paper, row, day)? {
        None => return Ok(false),
        Some(Ok(true)) => taken.applied += 1,
        Some(Ok(false)) => taken.repeated += 1,
        Some(Err(hold)) => keep(tx, paper, row, &hold, taken)?,
    }
    Ok(true)
}

/// A carrier's news of a parcel on record, where a row has some; whether that was all of it.
fn news(tx: &Tx, paper: &ProvedPaper, row: &AdviceRow, taken: &mut TakenAdvice) -> Result<bool> {
    let Some(said) = &row.news else {
        return Ok(false);
    };
    let Some(found) = arrival::news(tx, paper, row, said)? else {
        return Ok(false);
    };
    match found {
        Ok(Some(message)) => {
            taken.held += 1;
            taken.errors.push(Noted {
                line: row.line,
                code: Code::ParcelTrouble,
                message,
            });
        }
        Ok(None) => taken.applied += 1,
        Err(hold) => keep(tx, paper, row, &hold, taken)?,
    }
    Ok(true)
}

/// What makes two rows speak of the same goods.
type GoodsKey<'a> = ([Option<&'a str>; 4], Option<i64>);

fn key(row: &AdviceRow) -> GoodsKey<'_> {
    let names = [
        row.po_number.as_deref(),
        row.reference.as_deref(),
        row.vendor_order_number.as_deref(),
        row.sku.as_deref(),
    ];
    (names, row.po_line)
}

fn alike(advice: &Advice) -> HashMap<GoodsKey<'_>, usize> {
    let mut counts = HashMap::new();
    for row in &advice.rows {
        *counts.entry(key(row)).or_default() += 1;
    }
    counts
}

fn keep(
    tx: &Tx,
    paper: &ProvedPaper,
    row: &AdviceRow,
    hold: &Hold,
    taken: &mut TakenAdvice,
) -> Result<()> {
    if taken.held >= MOST_HELD {
        taken.held += 1;
        taken.overflow += 1;
        return Ok(());
    }
    match held::keep(tx, paper, row, hold)? {
        Some(noted) => {
            taken.held += 1;
            taken.errors.push(noted);
        }
        None => taken.repeated += 1,
    }
    Ok(())
}

/// Acts on one row: `true` when it changed something, `false` when it says what is known. `clear`
/// says that nothing else in the document speaks of the same goods.
pub(super) fn take(
    tx: &Tx,
    paper: &ProvedPaper,
    row: &AdviceRow,
    clear: bool,
) -> Result<MatchResult<bool>> {
    let (po, step) = match judge::judge(tx, paper, row, clear)? {
        Ok(judged) => judged,
        Err(hold) => return Ok(Err(hold)),
    };
    match step {
        RowStep::Known => return Ok(Ok(false)),
        RowStep::Numbers(shipment) => {
            parcels::add(tx, &po, shipment, row)?;
            standing::follow(tx, paper.settings, &po, Some(shipment))?;
        }
        RowStep::Left {
            lines,
            qty,
            shipment,
        } => {
            let lines: Vec<_> = lines.iter().collect();
            let shipment = parcels::record(tx, paper, &po, row, &lines, qty, shipment)?;
            standing::follow(tx, paper.settings, &po, Some(shipment))?;
            if let Some(day) = row.delivered {
                // the first that is heard of it is that it arrived
                let _ = arrival::take(tx, paper, row, day)?;
            }
        }
    }
    Ok(Ok(true))
}
