//! Shipments and their parcels: whether a row's is known, and how it is recorded.

use super::{Hold, ProvedPaper, open, subject};
use crate::clock::Moment;
use crate::domain::codes::{Code, Severity};
use crate::domain::foreign::cut;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::shipments::{NewShipment, ShipmentRow};
use crate::ledger::{Result, Tx};
use crate::vendor_docs::advice::AdviceRow;
use serde_json::json;

/// The check of a row that says again what a person took back.
pub(super) const TAKEN_BACK: &str = "taken_back";

/// What is known of a row's goods and parcel.
pub(super) enum Before {
    /// All of it.
    Same,
    /// The same goods in the same parcel in another number of pieces, told by another document.
    Other(i64),
    /// The goods, in this shipment without a tracking number: the row brings it.
    Parcelless(i64),
    /// Not these goods; perhaps the shipment that they belong to.
    New(Option<i64>),
}

fn numbers(row: &AdviceRow) -> impl Iterator<Item = &String> {
    row.tracking_number.iter().chain(&row.further_tracking)
}

/// Compares a row with what was told before.
pub(super) fn before(
    tx: &Tx,
    paper: &ProvedPaper,
    po: &PoRow,
    row: &AdviceRow,
    lines: &[&LineState],
) -> Result<Before> {
    let shipments = tx.shipments_of_po(po.id)?;
    let same = shipments
        .iter()
        .find(|shipment| tracked(shipment, row))
        .or_else(|| {
            let mut all = shipments.iter();
            all.find(|shipment| untracked(shipment, row))
        });
    if let Some(shipment) = same {
        let told = pieces(shipment, lines);
        if told == 0 {
            return Ok(Before::New(Some(shipment.id)));
        }
        let own = own_pieces(tx, shipment, lines, paper.origin.source)?;
        let places = lines.len() as i64;
        return Ok(match row.qty {
            None => Before::Same,
            // two lines of one SKU: the same row may stand there for each
            Some(qty) if own == told && places > 1 && told < qty * places => {
                Before::New(Some(shipment.id))
            }
            Some(qty) if told == qty || (places > 1 && told % qty == 0 && told <= qty * places) => {
                Before::Same
            }
            Some(_) if own == told => Before::New(Some(shipment.id)),
            Some(_) => Before::Other(told),
        });
    }
    let open: i64 = lines.iter().map(|line| line.pieces.open()).sum();
    if open == 0 && row.tracking_number.is_some() {
        let late = shipments.iter().find(|shipment| {
            let told = pieces(shipment, lines);
            shipment.parcels.is_empty() && told > 0 && row.qty.is_none_or(|qty| qty == told)
        });
        if let Some(shipment) = late {
            return Ok(Before::Parcelless(shipment.id));
        }
    }
    Ok(Before::New(None))
}

/// Whether a row names a parcel of a shipment, by the number that it has or had before a person
/// corrected it.
fn tracked(shipment: &ShipmentRow, row: &AdviceRow) -> bool {
    let has = |number: &String| {
        shipment.parcels.iter().any(|one| one.tracking == *number)
            || shipment.former.contains(number)
    };
    numbers(row).any(has)
}

/// Whether a row without a number says what a shipment without one says.
fn untracked(shipment: &ShipmentRow, row: &AdviceRow) -> bool {
    shipment.parcels.is_empty()
        && row.tracking_number.is_none()
        && shipment.ship_date == row.ship_date
        && shipment.service == service(row)
}

/// Whether a shipment that did happen has a row's parcel, or its goods without one.
pub(super) fn stands(tx: &Tx, po: &PoRow, row: &AdviceRow) -> Result<bool> {
    let all = tx.shipments_of_po(po.id)?;
    Ok(all
        .iter()
        .any(|shipment| tracked(shipment, row) || untracked(shipment, row)))
}

/// Why a row that says again what a person took back is not acted on: lists that vendors send every
/// day, and files that come twice, have the old parcels on them.
pub(super) fn taken_back(
    tx: &Tx,
    po: &PoRow,
    row: &AdviceRow,
    lines: &[&LineState],
) -> Result<Option<Hold>> {
    let undone = tx.undone_of_po(po.id)?;
    let alike = |shipment: &&ShipmentRow| {
        tracked(shipment, row) || (untracked(shipment, row) && pieces(shipment, lines) > 0)
    };
    Ok(undone.iter().rev().find(alike).map(|shipment| {
        let (what, code) = match &row.tracking_number {
            Some(number) => (format!("parcel {}", cut(number, 60)), Code::TrackingReused),
            None => ("what was in it".to_owned(), Code::AdviceUnclear),
        };
        let text = format!(
            "purchase order {}: {what}, of shipment {}, which a person took back, is said to have left again",
            po.number, shipment.id
        );
        Hold::new(code, text).check(TAKEN_BACK)
    }))
}

fn pieces(shipment: &ShipmentRow, lines: &[&LineState]) -> i64 {
    let of = |po_line| lines.iter().any(|line| line.id == po_line);
    let inside = shipment.lines.iter().filter(|inside| of(inside.po_line));
    inside.map(|inside| inside.qty).sum()
}

fn own_pieces(tx: &Tx, shipment: &ShipmentRow, lines: &[&LineState], source: &str) -> Result<i64> {
    let mut sum = 0;
    for line in lines {
        sum += tx.told_by(shipment.id, line.id, source)?;
    }
    Ok(sum)
}

fn service(row: &AdviceRow) -> &str {
    row.carrier_text.as_deref().unwrap_or_default()
}

/// Records pieces that left, in the shipment `known` or a new one; returns its number.
pub(super) fn record(
    tx: &Tx,
    paper: &ProvedPaper,
    po: &PoRow,
    row: &AdviceRow,
    lines: &[&LineState],
    qty: i64,
    known: Option<i64>,
) -> Result<i64> {
    let new = NewShipment {
        carrier: row.carrier.as_deref(),
        service: service(row),
        ship_date: row.ship_date,
        origin: paper.origin,
    };
    let shipment = match known {
        Some(shipment) => shipment,
        None => tx.insert_shipment(po, &new)?,
    };
    let mut left = qty;
    for line in lines {
        let part = left.min(line.pieces.open());
        if part > 0 {
            tx.ship_line(po, shipment, line, part, &paper.origin)?;
            left -= part;
        }
    }
    add(tx, po, shipment, row)?;
    let own = match (&row.vendor_order_number, &row.po_number) {
        (None, Some(number)) if paper.sole && tx.pos_meant_by(number)?.is_empty() => Some(number),
        (own, _) => own.as_ref(),
    };
    if let Some(number) = own
        && tx.vendor_order_number(po.id)?.is_none()
    {
        tx.put_vendor_order_number(po, number)?;
    }
    remark(tx, paper, po, shipment, row)?;
    Ok(shipment)
}

/// Adds a row's parcels to a shipment.
pub(super) fn add(tx: &Tx, po: &PoRow, shipment: i64, row: &AdviceRow) -> Result<()> {
    for number in numbers(row) {
        tx.add_parcel(po, shipment, row.carrier.as_deref(), number)?;
    }
    Ok(())
}

/// What a person may want to know about a row that was acted on.
fn remark(tx: &Tx, paper: &ProvedPaper, po: &PoRow, shipment: i64, row: &AdviceRow) -> Result<()> {
    if row.check_digit_wrong {
        let severity = paper.settings.severity(Code::TrackingCheckDigit);
        let all: Vec<String> = numbers(row).map(|number| cut(number, 60)).collect();
        let text = format!(
            "purchase order {}: the check digit of {} is wrong: it may be mistyped, and its tracking page may show nothing",
            po.number,
            all.join(", ")
        );
        if severity != Severity::Off {
            let entity = format!("shipment:{shipment}");
            tx.open_exception(
                Code::TrackingCheckDigit,
                severity,
                &entity,
                subject(po, None),
                &text,
            )?;
        }
    }
    if !row.warnings.is_empty() {
        let payload =
            json!({"line": row.line, "warnings": row.warnings, "source": paper.origin.source});
        tx.fact(
            "shipment.remark",
            &format!("shipment:{shipment}"),
            Some(po.order_id),
            &payload,
        )?;
    }
    let early = row.ship_date.zip(po.sent.map(Moment::time));
    if let Some((date, sent)) = early
        && date < sent.date_naive().pred_opt().unwrap_or_default()
    {
        let text = format!(
            "goods are said to have left on {date}, before the purchase order was sent: is it the right one?"
        );
        open(tx, paper.settings, Code::AdviceUnclear, po, &text)?;
    }
    Ok(())
}
