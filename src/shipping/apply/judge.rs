//! What a row of a shipping advice would do as things stand, or why it does nothing: looked at alone,
//! so that a screen can ask as well as who acts.

use super::matching::{self, MatchResult, Names};
use super::parcels::{self, Before};
use super::{Hold, ProvedPaper, cancellation, columns, days, no_such_sku, revision, standing};
use crate::domain::codes::Code;
use crate::domain::foreign::cut;
use crate::domain::lifecycle::{OrderState, PoState};
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::vendor_docs::advice::{AdviceRow, News, ShipTo};

/// Checks that are all `advice_unclear`: a release overrides the one that a person saw.
const DAY: &str = "day";
const PARCEL_DIFFERS: &str = "parcel_differs";
const CONTENTS: &str = "contents";
const QUANTITY: &str = "quantity";
const CHECK_DIGIT: &str = "check_digit";
const TROUBLE: &str = "trouble";
/// Overridden by what a person says of the row, too.
pub(super) const COLUMN: &str = "column";

/// Those that speak against the parcel: other goods in the box do not.
pub(super) const OF_PARCEL: [&str; 5] = [DAY, PARCEL_DIFFERS, CHECK_DIGIT, COLUMN, TROUBLE];
/// What a row does that nothing holds.
pub(super) enum RowStep {
    /// Nothing: it says what is known.
    Known,
    /// It brings the numbers of a shipment that has none.
    Numbers(i64),
    /// Goods left.
    Left {
        /// Of these lines.
        lines: Vec<LineState>,
        /// So many pieces.
        qty: i64,
        /// The shipment that they belong to, if there is one already.
        shipment: Option<i64>,
    },
}

/// Judges one row; nothing is written. `clear` says that nothing else in the document speaks of the
/// same goods.
pub(super) fn judge(
    tx: &Tx,
    paper: &ProvedPaper,
    row: &AdviceRow,
    clear: bool,
) -> Result<MatchResult<(PoRow, RowStep)>> {
    let names = Names {
        sole: paper.sole,
        ..Names::of(row)
    };
    let po = match matching::purchase_order(tx, paper, &names)? {
        Ok(po) => po,
        Err(hold) => return Ok(Err(hold)),
    };
    if row.qty == Some(0) {
        return Ok(Err(no_piece(row, &po)));
    }
    if let Some(News::Trouble(words)) = &row.news {
        let hold = Hold::new(Code::AdviceUnclear, words.clone()).check(TROUBLE);
        return Ok(Err(hold.about(&po)));
    }
    let all = tx.line_states(po.id)?;
    let lines = match lines(paper, row, &po, &all) {
        Ok(lines) => lines,
        Err(hold) => return Ok(Err(hold.about(&po))),
    };
    if let Some(hold) = other_columns(tx, paper, row, &po, &lines)? {
        return Ok(Err(hold));
    }
    let mut odd = reused(tx, paper, row, &po)?;
    if odd.is_none() {
        odd = no_number(tx, paper, row, &po)?;
    }
    if odd.is_none() {
        odd = odd_day(tx, paper, row, &po)?;
    }
    if let Some(hold) = odd {
        return Ok(Err(hold.about(&po)));
    }
    let step = of_goods(tx, paper, row, (&po, &lines), clear)?;
    let step = revision::by_what(tx, paper, &po, step)?;
    Ok(step
        .map(|step| (po.clone(), step))
        .map_err(|hold| hold.about(&po)))
}

/// What speaks against a row that was acted on once: a person took its shipment back since. `None`
/// while what it said stands.
pub(super) fn undone_since(tx: &Tx, paper: &ProvedPaper, row: &AdviceRow) -> Result<Option<Hold>> {
    let names = Names {
        sole: paper.sole,
        ..Names::of(row)
    };
    let Ok(po) = matching::purchase_order(tx, paper, &names)? else {
        return Ok(None);
    };
    let all = tx.line_states(po.id)?;
    let lines = match &row.sku {
        Some(sku) => matching::of_sku(&all, sku),
        None => all.iter().collect(),
    };
    if parcels::stands(tx, &po, row)? {
        return Ok(None);
    }
    let hold = parcels::taken_back(tx, &po, row, &lines)?;
    Ok(hold.map(|hold| hold.about(&po)))
}

/// A row of no pieces, which no release lets act.
fn no_piece(row: &AdviceRow, po: &PoRow) -> Hold {
    let mut doubts = row.beside.doubts.iter();
    let counted = doubts.find(|doubt| doubt.contains("' says >>-"));
    let text = format!(
        "{}{}: {}: nothing was shipped, so nothing is taken as shipped by it; dismiss it, or name what left \
         with `poms exceptions resolve … --amend SKU=QTY`",
        po.number,
        (row.sku.as_deref()).map_or_else(String::new, |sku| format!(", {}", cut(sku, 60))),
        counted.map_or("quantity is 0", |said| said)
    );
    Hold::new(Code::AdviceUnclear, text)
        .check("no_piece")
        .about(po)
}

/// Cells of other columns that are not understood, or say another thing than the purchase order.
fn other_columns(
    tx: &Tx,
    paper: &ProvedPaper,
    row: &AdviceRow,
    po: &PoRow,
    lines: &[&LineState],
) -> Result<Option<Hold>> {
    let nowhere = row.ship_to == ShipTo::default();
    let parcels = row.tracking_number.iter().count() + row.further_tracking.len();
    let beside = columns::with_unsaid(tx, po, row)?;
    if paper.overrides(COLUMN) || beside.is_empty() && nowhere && parcels < 2 {
        return Ok(None);
    }
    let said = (row.qty, parcels, &row.ship_to);
    let doubt = columns::doubt(tx, &beside, po, lines, said)?;
    let doubt = doubt.or_else(|| columns::numbers(row));
    Ok(doubt.map(|doubt| {
        let text = format!(
            "{}: {doubt}, so nothing is taken as shipped by this row",
            po.number
        );
        Hold::new(Code::AdviceUnclear, text).check(COLUMN).about(po)
    }))
}

/// A number that a parcel of another purchase order has.
fn reused(tx: &Tx, paper: &ProvedPaper, row: &AdviceRow, po: &PoRow) -> Result<Option<Hold>> {
    if paper.overrides(Code::TrackingReused.as_str()) {
        return Ok(None);
    }
    for number in row.tracking_number.iter().chain(&row.further_tracking) {
        let users = tx.pos_tracked_by(number)?;
        if let Some(other) = users.iter().find(|id| **id != po.id) {
            let text = format!(
                "tracking number {} is that of a parcel of purchase order {} already, and is now given for {}",
                cut(number, 60),
                tx.po(*other)?.number,
                po.number
            );
            return Ok(Some(Hold::new(Code::TrackingReused, text)));
        }
    }
    Ok(None)
}

/// What a carrier's notification calls a tracking number, is none by its check digit, and is not on
/// file: it may be a reference, or another carrier's number.
fn no_number(tx: &Tx, paper: &ProvedPaper, row: &AdviceRow, po: &PoRow) -> Result<Option<Hold>> {
    if !row.no_carriers_number || paper.overrides(CHECK_DIGIT) {
        return Ok(None);
    }
    for number in row.tracking_number.iter().chain(&row.further_tracking) {
        if tx.pos_tracked_by(number)?.is_empty() {
            let text = format!(
                "purchase order {}: a carrier's notification names {}, whose check digit is wrong, and no parcel of \
                 that number is on file: carriers do not mistype their own",
                po.number,
                cut(number, 60)
            );
            return Ok(Some(
                Hold::new(Code::AdviceUnclear, text).check(CHECK_DIGIT),
            ));
        }
    }
    Ok(None)
}

fn of_goods(
    tx: &Tx,
    paper: &ProvedPaper,
    row: &AdviceRow,
    (po, lines): (&PoRow, &[&LineState]),
    clear: bool,
) -> Result<MatchResult<RowStep>> {
    let shipment = match parcels::before(tx, paper, po, row, lines)? {
        Before::Same => return Ok(Ok(RowStep::Known)),
        Before::Other(pieces) if !paper.overrides(PARCEL_DIFFERS) => {
            let text = format!(
                "{}: an earlier advice of the same parcel said {pieces} pieces of {}, this one says {}",
                po.number,
                lines[0].sku,
                row.qty.unwrap_or_default()
            );
            let hold = Hold::new(Code::AdviceUnclear, text).check(PARCEL_DIFFERS);
            return Ok(Err(hold));
        }
        Before::Parcelless(shipment) => return Ok(Ok(RowStep::Numbers(shipment))),
        Before::New(None) if !paper.overrides(parcels::TAKEN_BACK) => {
            match parcels::taken_back(tx, po, row, lines)? {
                Some(hold) => return Ok(Err(hold)),
                None => None,
            }
        }
        Before::New(shipment) => shipment,
        Before::Other(_) => None,
    };
    let qty = match open_for(tx, po)? {
        Ok(()) => quantity(paper, row, po, lines, clear),
        Err(hold) => Err(hold),
    };
    Ok(match qty {
        Ok(qty) => Ok(RowStep::Left {
            lines: lines.iter().map(|line| (*line).clone()).collect(),
            qty,
            shipment,
        }),
        Err(mut hold) => {
            if hold.code == Code::OverShipment {
                hold.message.push_str(&cancellation::history(tx, po)?);
            }
            Err(hold)
        }
    })
}

/// A day on which these goods cannot have left: before they were ordered, or not yet.
fn odd_day(tx: &Tx, paper: &ProvedPaper, row: &AdviceRow, po: &PoRow) -> Result<Option<Hold>> {
    let Some(day) = row.ship_date.filter(|_| !paper.overrides(DAY)) else {
        return Ok(None);
    };
    let ordered = po.created.time().date_naive();
    // days of other time zones are one off
    let early = day.succ_opt().is_some_and(|next| next < ordered);
    let late = day > days::latest_today(tx, po)?;
    let why = match (early, late) {
        (true, _) => "before it was ordered",
        (_, true) => "which is still to come: a plan is no shipment",
        _ => return Ok(None),
    };
    let text = format!(
        "goods of purchase order {} are said to have left on {day}, {why}",
        po.number
    );
    Ok(Some(Hold::new(Code::AdviceUnclear, text).check(DAY)))
}

/// The lines that the row is about.
fn lines<'l>(
    paper: &ProvedPaper,
    row: &AdviceRow,
    po: &PoRow,
    all: &'l [LineState],
) -> MatchResult<Vec<&'l LineState>> {
    if let Some(sku) = &row.sku {
        let lines = matching::of_sku(all, sku);
        return match lines.is_empty() {
            false => Ok(lines),
            true => Err(Hold::new(
                Code::AdviceUnclear,
                no_such_sku(sku, &po.number, all),
            )),
        };
    }
    if let Some(place) = row.po_line {
        let line: Vec<&LineState> = all.iter().filter(|line| line.line == place).collect();
        return match line.is_empty() {
            false => Ok(line),
            true => Err(Hold::new(
                Code::AdviceUnclear,
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
            Code::AdviceUnclear,
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
fn open_for(tx: &Tx, po: &PoRow) -> Result<MatchResult<()>> {
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
        Code::PoNotOpen,
        format!(
            "goods are said to have left for purchase order {}, which is {why}{}",
            po.number,
            cancellation::history(tx, po)?
        ),
    )))
}

/// How many pieces left, when that is beyond doubt.
fn quantity(
    paper: &ProvedPaper,
    row: &AdviceRow,
    po: &PoRow,
    lines: &[&LineState],
    clear: bool,
) -> MatchResult<i64> {
    let open: i64 = lines.iter().map(|line| line.pieces.open()).sum();
    let sku = &lines[0].sku;
    let ordered: i64 = lines.iter().map(|line| line.pieces.ordered).sum();
    let named = row.sku.is_some() || row.po_line.is_some();
    let qty = match row.qty {
        // of several articles nobody knows which these are
        Some(qty) if qty < open && !named && !one_sku(lines) => {
            return Err(Hold::new(
                Code::AdviceUnclear,
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
                Code::AdviceUnclear,
                format!(
                    "purchase order {}: the advice does not say how many of {sku} left ({open} are open)",
                    po.number
                ),
            )
            .check(QUANTITY));
        }
    };
    if open == 0 || (qty > open && !paper.overrides(Code::OverShipment.as_str())) {
        return Err(Hold::new(
            Code::OverShipment,
            format!(
                "purchase order {}: {} of {sku} are said to have left, {open} of {ordered} are open",
                po.number,
                qty.max(row.qty.unwrap_or(1))
            ),
        ));
    }
    Ok(qty.min(open))
}
