//! Shipping advices: each row on its own.

use super::arrival;
use super::held::{self, Noted};
use super::matching::{self, Found, Names};
use super::parcels::{self, Before};
use super::{Hold, Paper, cancellation, standing};
use crate::clock;
use crate::domain::foreign::cut;
use crate::domain::lifecycle::{OrderState, PoState};
use crate::ledger::advices::HeldRow;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::shipping::advice::{Advice, AdviceRow};
use serde::Serialize;
use std::collections::HashMap;

/// What came of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Taken {
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

/// Checks that are all `advice_unclear`: a release overrides the one that a person saw.
const DAY: &str = "day";
const PARCEL_DIFFERS: &str = "parcel_differs";
const CONTENTS: &str = "contents";
const QUANTITY: &str = "quantity";

/// So many rows of one document get exceptions of their own; the rest are counted in one.
const MOST_HELD: usize = 50;

/// Acts on a document row by row.
///
/// # Errors
/// The ledger's.
pub fn advise(tx: &Tx, paper: &Paper, advice: &Advice) -> Result<Taken> {
    let mut taken = Taken::default();
    let alike = alike(advice);
    let first = advice.rows.first().map(|row| &row.po_number);
    let paper = &Paper {
        sole: advice.rows.iter().all(|row| Some(&row.po_number) == first),
        ..*paper
    };
    for row in &advice.rows {
        let clear = advice.errors.is_empty() && alike.get(&key(row)) == Some(&1);
        taken.rows += 1;
        if let Some(day) = row.delivered
            && let Some(found) = arrival::take(tx, paper, row, day)?
        {
            match found {
                Ok(true) => taken.applied += 1,
                Ok(false) => taken.repeated += 1,
                Err(hold) => keep(tx, paper, row, &hold, &mut taken)?,
            }
            continue;
        }
        let known = held::known(tx, paper, row)?;
        if known.as_ref().is_some_and(HeldRow::is_over) {
            taken.repeated += 1;
            continue;
        }
        match take(tx, paper, row, clear)? {
            Ok(changed) => {
                if let Some(known) = known {
                    held::clear(tx, &known)?;
                }
                match changed {
                    true => taken.applied += 1,
                    false => taken.repeated += 1,
                }
            }
            Err(hold) => keep(tx, paper, row, &hold, &mut taken)?,
        }
    }
    for error in &advice.errors {
        taken.rows += 1;
        let row = AdviceRow {
            line: error.line,
            ..AdviceRow::default()
        };
        let hold = Hold::new("advice_unclear", error.message.clone());
        keep(tx, paper, &row, &hold, &mut taken)?;
    }
    if taken.overflow > 0 {
        held::overflow(tx, paper, taken.overflow)?;
    }
    taken.errors.sort_by_key(|noted| noted.line);
    Ok(taken)
}

/// What makes two rows speak of the same goods.
type Key<'a> = ([Option<&'a str>; 4], Option<i64>);

fn key(row: &AdviceRow) -> Key<'_> {
    let names = [
        row.po_number.as_deref(),
        row.reference.as_deref(),
        row.vendor_order_number.as_deref(),
        row.sku.as_deref(),
    ];
    (names, row.po_line)
}

fn alike(advice: &Advice) -> HashMap<Key<'_>, usize> {
    let mut counts = HashMap::new();
    for row in &advice.rows {
        *counts.entry(key(row)).or_default() += 1;
    }
    counts
}

fn keep(tx: &Tx, paper: &Paper, row: &AdviceRow, hold: &Hold, taken: &mut Taken) -> Result<()> {
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
///
/// # Errors
/// The ledger's.
pub(super) fn take(tx: &Tx, paper: &Paper, row: &AdviceRow, clear: bool) -> Result<Found<bool>> {
    let names = Names {
        sole: paper.sole,
        ..Names::of(row)
    };
    let po = match matching::purchase_order(tx, paper, &names)? {
        Ok(po) => po,
        Err(hold) => return Ok(Err(hold)),
    };
    let all = tx.line_states(po.id)?;
    let lines = match lines(paper, row, &po, &all) {
        Ok(lines) => lines,
        Err(hold) => return Ok(Err(hold.about(&po))),
    };
    for number in row.tracking_number.iter().chain(&row.further_tracking) {
        let users = tx.pos_tracked_by(number)?;
        if users.iter().any(|id| *id != po.id) && !paper.overrides("tracking_reused") {
            let other = users
                .iter()
                .find(|id| **id != po.id)
                .copied()
                .unwrap_or(po.id);
            let text = format!(
                "tracking number {} is that of a parcel of purchase order {} already, and is now given for {}",
                cut(number, 60),
                tx.po(other)?.number,
                po.number
            );
            return Ok(Err(Hold::new("tracking_reused", text).about(&po)));
        }
    }
    if let Some(hold) = odd_day(tx, paper, row, &po)? {
        return Ok(Err(hold.about(&po)));
    }
    let before = parcels::before(tx, paper, &po, row, &lines)?;
    match before {
        Before::Same => return Ok(Ok(false)),
        Before::Other(pieces) if !paper.overrides(PARCEL_DIFFERS) => {
            let text = format!(
                "{}: an earlier advice of the same parcel said {pieces} pieces of {}, this one says {}",
                po.number,
                lines[0].sku,
                row.qty.unwrap_or_default()
            );
            let hold = Hold::new("advice_unclear", text).check(PARCEL_DIFFERS);
            return Ok(Err(hold.about(&po)));
        }
        Before::Parcelless(shipment) => {
            parcels::add(tx, &po, shipment, row)?;
            standing::follow(tx, paper.settings, &po, Some(shipment))?;
            return Ok(Ok(true));
        }
        Before::New(None) if !paper.overrides("taken_back") => {
            if let Some(hold) = parcels::taken_back(tx, &po, row, &lines)? {
                return Ok(Err(hold.about(&po)));
            }
        }
        Before::Other(_) | Before::New(_) => {}
    }
    let qty = match open_for(tx, &po)? {
        Ok(()) => quantity(paper, row, &po, &lines, clear),
        Err(hold) => Err(hold),
    };
    match qty {
        Ok(qty) => {
            let known = match before {
                Before::New(shipment) => shipment,
                _ => None,
            };
            let shipment = parcels::record(tx, paper, &po, row, &lines, qty, known)?;
            standing::follow(tx, paper.settings, &po, Some(shipment))?;
            if let Some(day) = row.delivered {
                // the first that is heard of it is that it arrived
                let _ = arrival::take(tx, paper, row, day)?;
            }
            Ok(Ok(true))
        }
        Err(hold) => {
            let mut hold = hold.about(&po);
            if hold.code == "over_shipment" {
                hold.message.push_str(&cancellation::history(tx, &po)?);
            }
            Ok(Err(hold))
        }
    }
}

/// A day on which these goods cannot have left: before they were ordered, or not yet.
fn odd_day(tx: &Tx, paper: &Paper, row: &AdviceRow, po: &PoRow) -> Result<Option<Hold>> {
    let Some(day) = row.ship_date.filter(|_| !paper.overrides(DAY)) else {
        return Ok(None);
    };
    let today = tx.now().date_naive();
    let ordered = clock::parse(&po.created).map(|at| at.date_naive());
    // days of other time zones are one off
    let early = ordered.is_some_and(|ordered| day.succ_opt().is_some_and(|next| next < ordered));
    let late = today.succ_opt().is_some_and(|tomorrow| day > tomorrow);
    let why = match (early, late) {
        (true, _) => "before it was ordered",
        (_, true) => "which is still to come: a plan is no shipment",
        _ => return Ok(None),
    };
    Ok(Some(
        Hold::new(
            "advice_unclear",
            format!(
                "goods of purchase order {} are said to have left on {day}, {why}",
                po.number
            ),
        )
        .check(DAY),
    ))
}

/// The lines that the row is about.
fn lines<'l>(
    paper: &Paper,
    row: &AdviceRow,
    po: &PoRow,
    all: &'l [LineState],
) -> Found<Vec<&'l LineState>> {
    if let Some(sku) = &row.sku {
        let lines = matching::of_sku(all, sku);
        return match lines.is_empty() {
            false => Ok(lines),
            true => Err(Hold::new(
                "advice_unclear",
                format!(
                    "SKU '{}' is not on purchase order {}",
                    cut(sku, 60),
                    po.number
                ),
            )),
        };
    }
    if let Some(place) = row.po_line {
        let line: Vec<&LineState> = all.iter().filter(|line| line.line == place).collect();
        return match line.is_empty() {
            false => Ok(line),
            true => Err(Hold::new(
                "advice_unclear",
                format!("line {place} is not on purchase order {}", po.number),
            )),
        };
    }
    if one_sku(all) || paper.overrides(CONTENTS) {
        return Ok(all.iter().collect());
    }
    // the same parcel as before, or the last that was missing: no need to say what is in it
    let known = all.iter().filter(|line| line.pieces.open() > 0).count() <= 1 && row.qty.is_none();
    match known {
        true => Ok(all.iter().collect()),
        false => Err(Hold::new(
            "advice_unclear",
            format!(
                "a parcel of purchase order {} left{}, and the advice does not say what is in it",
                po.number,
                row.tracking_number
                    .as_ref()
                    .map(|number| format!(" ({})", cut(number, 60)))
                    .unwrap_or_default()
            ),
        )
        .check(CONTENTS)),
    }
}

fn one_sku<T: std::borrow::Borrow<LineState>>(lines: &[T]) -> bool {
    let mut skus = lines.iter().map(|line| &line.borrow().sku);
    let first = skus.next();
    skus.all(|sku| Some(sku) == first)
}

/// Whether goods can leave for a purchase order as it stands.
fn open_for(tx: &Tx, po: &PoRow) -> Result<Found<()>> {
    let order = tx.order(po.order_id)?;
    let why = match po.state {
        PoState::Cancelled | PoState::Closed => po.state.to_string(),
        PoState::Draft => "not sent yet".to_owned(),
        PoState::Queued | PoState::Failed if !standing::arrived(tx, po)? => {
            "not sent yet".to_owned()
        }
        _ if order.state == OrderState::Cancelled => "of an order that is cancelled".to_owned(),
        _ => return Ok(Ok(())),
    };
    Ok(Err(Hold::new(
        "po_not_open",
        format!(
            "goods are said to have left for purchase order {}, which is {why}{}",
            po.number,
            cancellation::history(tx, po)?
        ),
    )))
}

/// How many pieces left, when that is beyond doubt.
fn quantity(
    paper: &Paper,
    row: &AdviceRow,
    po: &PoRow,
    lines: &[&LineState],
    clear: bool,
) -> Found<i64> {
    let open: i64 = lines.iter().map(|line| line.pieces.open()).sum();
    let sku = &lines[0].sku;
    let ordered: i64 = lines.iter().map(|line| line.pieces.ordered).sum();
    let named = row.sku.is_some() || row.po_line.is_some();
    let qty = match row.qty {
        // of several articles nobody knows which these are
        Some(qty) if qty < open && !named && !one_sku(lines) => {
            return Err(Hold::new(
                "advice_unclear",
                format!(
                    "purchase order {}: {qty} of {open} open pieces left, and nobody says of which article",
                    po.number
                ),
            )
            .check("which"));
        }
        Some(qty) => qty,
        // one piece is one piece, however little the advice says
        None if open == 1 => open,
        // whoever has it taken without contents has all taken
        None if paper.overrides(QUANTITY) || paper.overrides(CONTENTS) => open,
        None if named && clear => open,
        None => {
            return Err(Hold::new(
                "advice_unclear",
                format!(
                    "purchase order {}: the advice does not say how many of {sku} left ({open} are open)",
                    po.number
                ),
            )
            .check(QUANTITY));
        }
    };
    if open == 0 || (qty > open && !paper.overrides("over_shipment")) {
        return Err(Hold::new(
            "over_shipment",
            format!(
                "purchase order {}: {} of {sku} are said to have left, {open} of {ordered} are open",
                po.number,
                qty.max(row.qty.unwrap_or(1))
            ),
        ));
    }
    Ok(qty.min(open))
}
