//! Rows of one parcel: what speaks against one of them speaks against all that is said to be in the box.

use super::judge::{self, RowStep};
use super::matching::MatchResult;
use super::{Hold, ProvedPaper, advise, held};
use crate::domain::codes::Code;
use crate::domain::foreign::cut;
use crate::ledger::{Result, Tx};
use crate::vendor_docs::advice::{Advice, AdviceRow};
use std::collections::HashMap;

/// Of each number that stands in several rows, the first row that a person must read, and why.
pub(super) type DoubtedParcels = HashMap<String, (RowPlace, String)>;

/// Which row: several may stand on one line of a text.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct RowPlace {
    line: usize,
    sku: Option<String>,
    po_line: Option<i64>,
}

impl RowPlace {
    fn of(row: &AdviceRow) -> RowPlace {
        RowPlace {
            line: row.line,
            sku: row.sku.clone(),
            po_line: row.po_line,
        }
    }
}

fn numbers(row: &AdviceRow) -> impl Iterator<Item = &String> {
    row.tracking_number.iter().chain(&row.further_tracking)
}

/// Looks at all rows that share a number with another. `clear` says that nothing else speaks of the row's goods.
pub(super) fn doubted(
    tx: &Tx,
    paper: &ProvedPaper,
    advice: &Advice,
    clear: impl Fn(&AdviceRow) -> bool,
) -> Result<DoubtedParcels> {
    let mut times: HashMap<&String, usize> = HashMap::new();
    let goods = || advice.rows.iter().filter(|row| row.qty != Some(0));
    for number in goods().flat_map(numbers) {
        *times.entry(number).or_default() += 1;
    }
    let mut doubted = DoubtedParcels::new();
    for row in goods() {
        let shared: Vec<&String> = numbers(row)
            .filter(|number| times.get(number).is_some_and(|times| *times > 1))
            .collect();
        // what was decided on before is no doubt any more
        if shared.is_empty() || held::known(tx, paper, row)?.is_some_and(|known| known.is_over()) {
            continue;
        }
        if let Err(hold) = judge::judge(tx, paper, row, clear(row))?
            && judge::OF_PARCEL.contains(&hold.check)
        {
            for number in shared {
                let first = doubted.entry(number.clone());
                first.or_insert_with(|| (RowPlace::of(row), hold.message.clone()));
            }
        }
    }
    Ok(doubted)
}

/// Acts on a row, unless another one of the same parcel is not clear.
pub(super) fn take(
    tx: &Tx,
    paper: &ProvedPaper,
    row: &AdviceRow,
    doubted: &DoubtedParcels,
    clear: bool,
) -> Result<MatchResult<bool>> {
    match hold(tx, paper, row, doubted, clear)? {
        Some(hold) => Ok(Err(hold)),
        None => advise::take(tx, paper, row, clear),
    }
}

/// Why a row waits although nothing speaks against itself.
fn hold(
    tx: &Tx,
    paper: &ProvedPaper,
    row: &AdviceRow,
    doubted: &DoubtedParcels,
    clear: bool,
) -> Result<Option<Hold>> {
    let found = numbers(row).find_map(|number| Some((number, doubted.get(number)?)));
    let own = RowPlace::of(row);
    let Some((number, (place, why))) = found.filter(|(_, (place, _))| *place != own) else {
        return Ok(None);
    };
    let Ok((po, step)) = judge::judge(tx, paper, row, clear)? else {
        return Ok(None);
    };
    if matches!(step, RowStep::Known) {
        return Ok(None);
    }
    let text = format!(
        "{}: the same parcel, {}, stands on line {}, which is not clear: {why}",
        po.number,
        cut(number, 60),
        place.line
    );
    Ok(Some(
        Hold::new(Code::AdviceUnclear, text)
            .check("parcel")
            .about(&po),
    ))
}
