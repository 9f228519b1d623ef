//! Parcels that arrived: as UPS Tracking says, or a carrier's notification.

use super::matching::Found;
use super::{Hold, Paper, Settings, subject};
use crate::domain::foreign::cut;
use crate::domain::lifecycle::{DeliveryState, OrderState, ShipmentState};
use crate::ledger::shipments::{Origin, ShipmentRow};
use crate::ledger::tracking::{Learnt, Watched};
use crate::ledger::{Result, Tx};
use crate::shipping::advice::{self, AdviceRow, Document, Mail};
use crate::shipping::mail::{Handled, VendorMail};
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde_json::json;

/// Whose day a carrier's mail is of.
const HOME: Tz = Tz::America__New_York;

/// What a notification of parcels that are on file comes to: whether it changed anything; `None` when
/// none of its parcels is on file.
///
/// # Errors
/// The ledger's.
pub fn take(
    tx: &Tx,
    paper: &Paper,
    row: &AdviceRow,
    day: NaiveDate,
) -> Result<Option<Found<bool>>> {
    let numbers = row.tracking_number.iter().chain(&row.further_tracking);
    let mut parcels = Vec::new();
    for number in numbers {
        let found = tx.parcels_numbered(number, None)?;
        if found.is_empty() {
            return Ok(None);
        }
        for parcel in found {
            if let Some(hold) = not_theirs(tx, paper, &parcel)? {
                return Ok(Some(Err(hold)));
            }
            parcels.push(parcel);
        }
    }
    if parcels.is_empty() {
        return Ok(None);
    }
    let mut changed = false;
    for parcel in &parcels {
        changed |= arrived(tx, parcel, day, "delivered, says the carrier's mail")?;
    }
    Ok(Some(Ok(changed)))
}

/// What a carrier's own mail says of parcels that are on file; `None` when it is about none of them.
///
/// # Errors
/// The ledger's.
pub fn notification(
    tx: &Tx,
    settings: &Settings,
    mail: &VendorMail,
    carrier: &str,
) -> Result<Option<Handled>> {
    let document = Document::Mail(Mail {
        from: &mail.from,
        subject: &mail.subject,
        text: mail.text.as_deref(),
        html: mail.html.as_deref(),
    });
    let today = mail.date.min(tx.now()).with_timezone(&HOME).date_naive();
    let Ok(read) = advice::read(&document, today) else {
        return Ok(None);
    };
    let [row] = read.rows.as_slice() else {
        return Ok(None);
    };
    let numbers: Vec<&String> = row
        .tracking_number
        .iter()
        .chain(&row.further_tracking)
        .collect();
    for number in &numbers {
        if tx.parcels_numbered(number, Some(carrier))?.is_empty() {
            return Ok(None);
        }
    }
    let source = format!("message:{}", mail.message_id);
    let paper = Paper {
        origin: Origin {
            message: Some(mail.message_id),
            file: None,
            source: &source,
        },
        vendor: None,
        only_po: None,
        about: None,
        sole: false,
        written: None,
        settings,
        released: &[],
    };
    let changed = match row.delivered {
        Some(day) => matches!(take(tx, &paper, row, day)?, Some(Ok(true))),
        None => false,
    };
    let all: Vec<&str> = numbers.into_iter().map(String::as_str).collect();
    Ok((!all.is_empty()).then(|| Handled {
        accepted: true,
        summary: format!(
            "a notification of {carrier} about {}: {}",
            cut(&all.join(", "), 120),
            if changed { "delivered" } else { "nothing new" }
        ),
    }))
}

/// Why the sender may not speak of a parcel.
fn not_theirs(tx: &Tx, paper: &Paper, parcel: &Watched) -> Result<Option<Hold>> {
    let po = tx.po(parcel.po)?;
    let vendor = paper.vendor.is_none_or(|vendor| vendor == po.vendor_id);
    let only = paper.only_po.is_none_or(|only| only == po.id);
    let text = format!(
        "tracking number {} is that of a parcel of another purchase order than the sender may speak of",
        cut(&parcel.tracking, 60)
    );
    Ok((!vendor || !only).then(|| Hold::new("untrusted_sender", text)))
}

/// Notes that a parcel arrived, and what follows; `false` when that was known.
///
/// # Errors
/// The ledger's.
pub fn arrived(tx: &Tx, parcel: &Watched, day: NaiveDate, status: &str) -> Result<bool> {
    if tx.parcel_arrived(parcel.parcel)? {
        return Ok(false);
    }
    let learnt = Learnt {
        next: tx.now(),
        tries: parcel.tries,
        last_scan: parcel.last_scan.max(Some(day)),
        delivered: Some(day),
        status,
    };
    tx.put_parcel_watch(parcel.parcel, &learnt)?;
    let about = subject(&tx.po(parcel.po)?, None);
    let payload = json!({"tracking": parcel.tracking, "on": day, "status": status});
    tx.fact("parcel.delivered", &entity(parcel), about.order, &payload)?;
    shipment_arrived(tx, parcel.order, parcel.shipment, status)?;
    if untell(tx, parcel.order, "a parcel of it arrived meanwhile")? {
        tx.shipped_is_due(parcel.order)?;
    }
    Ok(true)
}

/// Takes a mail about what left out of the outbox that waits there untried, for the end of quiet hours
/// or a mail server: what it says is no longer so, and the next one says all of it. Whether there was
/// one.
///
/// # Errors
/// The ledger's.
pub fn untell(tx: &Tx, order: i64, why: &str) -> Result<bool> {
    let mut any = false;
    for row in tx.deliveries_of_order(order)? {
        if row.kind == "order_shipped" && row.state == DeliveryState::Queued && row.attempts == 0 {
            tx.move_delivery(&row, DeliveryState::Dropped, why)?;
            any = true;
        }
    }
    if any {
        tx.untell_shipments(order)?;
    }
    Ok(any)
}

/// A shipment has arrived when all its parcels have, an order when all its shipments have.
///
/// # Errors
/// The ledger's.
pub fn shipment_arrived(tx: &Tx, order: i64, shipment: i64, status: &str) -> Result<()> {
    if tx.parcels_under_way(shipment)? > 0 {
        return Ok(());
    }
    end_stuck(tx, (order, shipment), "it was delivered")?;
    let all = tx.shipments_of_order(order)?;
    for row in all.iter().filter(|row| row.id == shipment) {
        if row.state.may_become(ShipmentState::Delivered) {
            tx.move_shipment(row, ShipmentState::Delivered, &json!(status))?;
        }
    }
    let arrived = |row: &&ShipmentRow| row.id == shipment || row.state == ShipmentState::Delivered;
    let order = tx.order(order)?;
    if order.state == OrderState::Shipped && all.iter().filter(arrived).count() == all.len() {
        let why = json!("every parcel arrived");
        tx.move_order(&order, OrderState::Delivered, &why)?;
    }
    Ok(())
}

/// A shipment's name in the audit trail.
pub fn entity(parcel: &Watched) -> String {
    format!("shipment:{}", parcel.shipment)
}

/// Takes the exception that a shipment is stuck off the list.
///
/// # Errors
/// The ledger's.
pub fn end_stuck(tx: &Tx, (order, shipment): (i64, i64), why: &str) -> Result<()> {
    let entity = format!("shipment:{shipment}");
    for row in tx.open_exceptions_of_order(order)? {
        if row.code == "shipment_stuck" && row.entity == entity {
            tx.resolve_exception(&row, "cleared", why)?;
        }
    }
    Ok(())
}
