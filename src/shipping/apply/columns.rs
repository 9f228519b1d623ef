//! What the other columns of a row say, held against its purchase order: prices against its own, and
//! where money goes against what is on file.

use super::{agrees, matching, parcels};
use crate::carriers::{Check, recognise};
use crate::domain::remit;
use crate::domain::text::one_line;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::vendor_docs::advice::{AdviceRow, ShipTo};
use crate::vendor_docs::columns::{Beside, NamedCell, Of, Price, Recant, marked};
use rust_decimal::Decimal;
use std::borrow::Cow;

/// Most cells of one row that are told.
const SHOWN: usize = 6;

/// Why a row of these lines of a purchase order must not act, as a clause for each cell; `None` when
/// all its cells are understood.
pub(super) fn doubt(
    tx: &Tx,
    beside: &Beside,
    po: &PoRow,
    lines: &[&LineState],
    (qty, parcels, ship_to): (Option<i64>, usize, &ShipTo),
) -> Result<Option<String>> {
    let mut doubts: Vec<String> = beside.doubts.clone();
    let all = tx.line_states(po.id)?;
    let about = agrees::RowSubject {
        po,
        lines,
        all: &all,
        qty,
        parcels: i64::try_from(parcels).unwrap_or(i64::MAX),
    };
    doubts.extend(agrees::others(tx, &about, &beside.names, ship_to)?);
    if !beside.prices.is_empty() {
        let other = beside
            .prices
            .iter()
            .filter(|price| !agrees(price, lines, &all, qty));
        doubts.extend(other.map(|price| {
            let ordered: Vec<String> = lines
                .iter()
                .map(|line| line.unit_cost.to_string())
                .collect();
            format!(
                "{}, ordered at {}",
                marked(&price.heading, &price.cell),
                ordered.join(", ")
            )
        }));
    }
    for (heading, cell) in &beside.remits {
        let stands = match remit::of_cell(heading, cell) {
            Some(passage) => tx.remit_stands(&po.vendor_id, &passage.key)?,
            None => true,
        };
        if !stands {
            doubts.push(marked(heading, cell));
        }
    }
    let open: i64 = lines.iter().map(|line| line.pieces.open()).sum();
    let other = beside.recants.iter();
    let other = other.filter(|one| !is_of_the_rest(one, qty, open));
    let other = other.filter(|one| is_of(one, lines, &all));
    doubts.extend(other.map(other_row));
    doubts.truncate(SHOWN);
    Ok((!doubts.is_empty()).then(|| doubts.join("; ")))
}

/// What stands beside a row; that its carrier says no more than when the parcel comes is no doubt of one that
/// left before.
pub(super) fn with_unsaid<'a>(tx: &Tx, po: &PoRow, row: &'a AdviceRow) -> Result<Cow<'a, Beside>> {
    match &row.unsaid {
        Some(unsaid) if !parcels::stands(tx, po, row)? => {
            let mut beside = row.beside.clone();
            beside.doubts.insert(0, unsaid.clone());
            Ok(Cow::Owned(beside))
        }
        _ => Ok(Cow::Borrowed(&row.beside)),
    }
}

/// More of a carrier's numbers than the row has pieces: which is right, or whether one piece is in several
/// packages, a column says or nobody.
pub(super) fn numbers(row: &AdviceRow) -> Option<String> {
    let all = row.tracking_number.iter().chain(&row.further_tracking);
    let proved = |number: &&String| {
        let found = recognise(number);
        found.iter().any(|one| one.check == Check::Valid)
    };
    let parcels = all.filter(proved).count();
    let pieces = row.qty.filter(|qty| *qty > 0)?;
    let counts = |one: &NamedCell| one.of == Of::Packages && one.cell.trim().parse() == Ok(parcels);
    let more = i64::try_from(parcels).unwrap_or(i64::MAX) > pieces;
    (more && !row.beside.names.iter().any(counts)).then(|| {
        let unit = if pieces == 1 { "piece" } else { "pieces" };
        format!("it has {parcels} tracking numbers for {pieces} {unit}")
    })
}

/// The clause about another row that takes a row back.
pub(super) fn other_row(other: &Recant) -> String {
    format!(
        "line {} of the same table says >>{}<<",
        other.line,
        one_line(&other.said)
    )
}

/// Whether another row speaks of these lines; an article that the purchase order does not have may be any.
fn is_of(other: &Recant, lines: &[&LineState], all: &[LineState]) -> bool {
    let Some(sku) = &other.sku else {
        return true;
    };
    let meant = matching::of_sku(all, sku);
    let same = |line: &&LineState| lines.iter().any(|own| own.line == line.line);
    meant.is_empty() || meant.iter().any(same)
}

/// Whether another row speaks of pieces that are open after those that left by this one.
fn is_of_the_rest(other: &Recant, qty: Option<i64>, open: i64) -> bool {
    let left = qty.map(|qty| open - qty);
    other
        .rest
        .is_some_and(|rest| left.is_some_and(|left| rest <= left))
}

/// Whether a price is the purchase order's: of a piece, else of the row, the line or the whole.
fn agrees(price: &Price, lines: &[&LineState], all: &[LineState], qty: Option<i64>) -> bool {
    let Some(said) = price.amount() else {
        return false;
    };
    let worth = |line: &LineState, pieces: i64| line.unit_cost.decimal() * Decimal::from(pieces);
    if lines.iter().all(|line| line.unit_cost.decimal() == said) && price.each {
        return true;
    }
    if price.each || lines.is_empty() {
        return false;
    }
    let ordered = |lines: &mut dyn Iterator<Item = &LineState>| -> Decimal {
        lines.map(|line| worth(line, line.pieces.ordered)).sum()
    };
    let of_row = |line: &LineState| qty.is_some_and(|qty| worth(line, qty) == said);
    let same = lines
        .iter()
        .all(|line| line.unit_cost == lines[0].unit_cost);
    ordered(&mut lines.iter().copied()) == said
        || ordered(&mut all.iter()) == said
        || same && of_row(lines[0])
}
