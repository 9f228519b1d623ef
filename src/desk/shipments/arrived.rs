//! Goods that arrived, by a person's word: the customer telephoned, or the carrier's page says it.

use crate::app::App;
use crate::desk::{Said, reason, refused};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::lifecycle::ShipmentState;
use crate::domain::text::typed;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::shipments::ShipmentRow;
use crate::ledger::{LedgerError, Tx};
use crate::shipping::apply::arrival;
use chrono::NaiveDate;

/// Notes that all that left of a purchase order arrived, on a day or today.
///
/// # Errors
/// When nothing of it is known to have left, all of it arrived already, or the day cannot be.
pub fn delivered(
    tx: &Tx,
    site: &App,
    po: &str,
    on: Option<NaiveDate>,
    note: &str,
) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    let po = tx.find_po(po)?;
    let today = tx
        .now()
        .with_timezone(&site.config.site.timezone)
        .date_naive();
    let day = on.unwrap_or(today);
    if day > today {
        return Err(refused(BusinessRefusal::bad_word(format!(
            "--on {day} is still to come"
        ))));
    }
    let open = open(tx, &po)?;
    let under_way = under_way(tx, &po, &open)?;
    let left = under_way.iter().filter_map(|row| row.ship_date).max();
    if let Some(left) = left.filter(|left| day < *left) {
        return Err(refused(BusinessRefusal::bad_word(format!(
            "goods of purchase order {} left on {left}: they cannot have arrived on {day}",
            po.number
        ))));
    }
    let status = format!("delivered, by a person's word: {note}");
    for row in &under_way {
        for parcel in tx.parcels_of_shipment(row.id)? {
            arrival::arrived(tx, &parcel, day, &status)?;
        }
        arrival::shipment_arrived(tx, po.order_id, row.id, &status)?;
    }
    let order = tx.order(po.order_id)?;
    let mut said = vec![format!(
        "All that left of purchase order {} is delivered, on {day}. Order {} is {}.",
        po.number,
        order.reference(),
        order.state
    )];
    if !open.is_empty() {
        said.push(format!("  Still to come of it: {}.", open.join(", ")));
    }
    Ok(said)
}

/// `SKU=PIECES` of what has not left.
fn open(tx: &Tx, po: &PoRow) -> Result<Vec<String>, LedgerError> {
    let lines = tx.line_states(po.id)?;
    let open = lines.iter().filter(|line| line.pieces.open() > 0);
    let each = open.map(|line| format!("{}={}", line.sku, line.pieces.open()));
    Ok(each.collect())
}

/// What left and has not arrived.
fn under_way(tx: &Tx, po: &PoRow, open: &[String]) -> Result<Vec<ShipmentRow>, LedgerError> {
    let mut all = tx.shipments_of_po(po.id)?;
    if all.is_empty() {
        let record = match open {
            [] => String::new(),
            open => format!(
                ": record that first, poms shipment add {} {} --note \"…\"",
                typed(&po.number),
                open.join(" ")
            ),
        };
        return Err(refused(BusinessRefusal::nothing(format!(
            "nothing of purchase order {} is known to have left{record}",
            po.number
        ))));
    }
    all.retain(|row| row.state != ShipmentState::Delivered);
    match all.is_empty() {
        true => Err(refused(BusinessRefusal::done(format!(
            "all that left of purchase order {} is delivered already",
            po.number
        )))),
        false => Ok(all),
    }
}
