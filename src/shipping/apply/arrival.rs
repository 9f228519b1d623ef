//! Parcels that arrived: as UPS Tracking says, or a carrier's notification.

mod elsewhere;

use super::matching::MatchResult;
use super::{Hold, ProvedPaper, RuleSettings, subject};
use crate::carriers;
use crate::domain::codes::{Code, Severity};
use crate::domain::delivery::DeliveryKind;
use crate::domain::foreign::cut;
use crate::domain::lifecycle::{DeliveryState, OrderState, ShipmentState};
use crate::ledger::shipments::{Origin, ShipmentRow};
use crate::ledger::tracking::{Learnt, WatchedParcel};
use crate::ledger::{Result, Tx};
use crate::shipping::mail::{Handled, VendorMail};
use crate::vendor_docs::advice::{self, AdviceRow, Document, Mail, News};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
pub(super) use elsewhere::{elsewhere, other_address};
use serde_json::json;

/// The code of bad news about a parcel.
const TROUBLE: Code = Code::ParcelTrouble;

/// Whose day a carrier's mail is of.
const HOME: Tz = Tz::America__New_York;

/// What a notification of parcels that are on file comes to: whether it changed anything; `None` when
/// none of its parcels is on file.
pub fn take(
    tx: &Tx,
    paper: &ProvedPaper,
    row: &AdviceRow,
    day: NaiveDate,
) -> Result<Option<MatchResult<bool>>> {
    let parcels = match on_file(tx, paper, row)? {
        Some(Ok(parcels)) => parcels,
        Some(Err(hold)) => return Ok(Some(Err(hold))),
        None => return Ok(None),
    };
    let mut changed = false;
    for parcel in &parcels {
        if let Some(hold) = odd_day(tx, parcel, day)? {
            return Ok(Some(Err(hold)));
        }
    }
    for parcel in &parcels {
        changed |= arrived(tx, parcel, day, "delivered, says the carrier's mail")?;
    }
    Ok(Some(Ok(changed)))
}

/// The parcels of a row, if all of them are on file.
fn on_file(
    tx: &Tx,
    paper: &ProvedPaper,
    row: &AdviceRow,
) -> Result<Option<MatchResult<Vec<WatchedParcel>>>> {
    let mut parcels = Vec::new();
    for number in row.tracking_number.iter().chain(&row.further_tracking) {
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
    Ok((!parcels.is_empty()).then_some(Ok(parcels)))
}

/// A day on which a parcel cannot have arrived: before it was ordered, or still to come.
fn odd_day(tx: &Tx, parcel: &WatchedParcel, day: NaiveDate) -> Result<Option<Hold>> {
    let po = tx.po(parcel.po)?;
    let ordered = po.created.time().with_timezone(&HOME).date_naive();
    let early = day < ordered;
    let today = tx.now().date_naive();
    let why = match (early, day > today) {
        (true, _) => "before it was ordered",
        (_, true) => "which is still to come",
        _ => return Ok(None),
    };
    let text = format!(
        "parcel {} of purchase order {} is said to have arrived on {day}, {why}",
        cut(&parcel.tracking, 60),
        po.number
    );
    Ok(Some(Hold::new(Code::AdviceUnclear, text).about(&po)))
}

/// Has people hear of what a carrier writes of parcels on file: bad news is an exception about them, in
/// the words of the mail; what is not certain is noted with the order. `None` when they are not on file.
pub(super) fn news(
    tx: &Tx,
    paper: &ProvedPaper,
    row: &AdviceRow,
    news: &News,
) -> Result<Option<MatchResult<Option<String>>>> {
    let parcels = match on_file(tx, paper, row)? {
        Some(Ok(parcels)) => parcels,
        Some(Err(hold)) => return Ok(Some(Err(hold))),
        None => return Ok(None),
    };
    let mut told = None;
    for parcel in &parcels {
        let po = tx.po(parcel.po)?;
        let who = row.carrier.as_deref().and_then(carriers::carrier_by_code);
        let who = who.map_or("the carrier", |carrier| carrier.name);
        let about = format!(
            "parcel {} of purchase order {}",
            cut(&parcel.tracking, 60),
            po.number
        );
        match news {
            News::Trouble(words) => {
                let text = format!("{who} writes of {about}: {words}");
                trouble(tx, paper, parcel, &text)?;
                told = Some(text);
            }
            News::Unsure(words) => {
                let text = format!(
                    "{who} writes of {about}, and it is not certain by that whether it arrived: {words}"
                );
                tx.note_order(&tx.order(po.order_id)?, &cut(&text, 1_500))?;
            }
        }
    }
    Ok(Some(Ok(told)))
}

/// Lists bad news about a parcel; what its shipment's exception said before stays in it.
fn trouble(tx: &Tx, paper: &ProvedPaper, parcel: &WatchedParcel, text: &str) -> Result<()> {
    let severity = paper.settings.severity(TROUBLE);
    if severity == Severity::Off {
        return Ok(());
    }
    let entity = entity(parcel);
    let known = tx.open_exceptions_of_entity(&entity)?;
    let known = known.iter().find(|row| row.code == TROUBLE);
    let from = match paper.origin.message {
        Some(id) => format!("{text} (message {id})"),
        None => text.to_owned(),
    };
    let text = match known {
        Some(row) if row.message.contains(text) => row.message.clone(),
        Some(row) => format!("{}; then: {from}", row.message),
        None => from,
    };
    let about = subject(&tx.po(parcel.po)?, None);
    tx.open_exception(TROUBLE, severity, &entity, about, &cut(&text, 2_500))?;
    Ok(())
}

/// What a carrier's own mail says of parcels that are on file; `None` when it is about none of them.
pub fn notification(
    tx: &Tx,
    settings: &RuleSettings,
    mail: &VendorMail,
    carrier: &str,
) -> Result<Option<Handled>> {
    let row = |at: DateTime<Utc>| first_row(tx, mail, at);
    let Some(mut found) = row(mail.date) else {
        return Ok(None);
    };
    let numbers = found.tracking_number.iter().chain(&found.further_tracking);
    let numbers: Vec<String> = numbers.cloned().collect();
    for number in &numbers {
        let parcels = tx.parcels_numbered(number, Some(carrier))?;
        let Some(first) = parcels.first() else {
            return Ok(None);
        };
        let made = tx.po(first.po)?.created.time();
        if mail.date < made {
            // a clock that is wrong: it counts from when the mail came
            found = row(tx.now()).unwrap_or(found);
        }
    }
    let row = &found;
    let source = format!("message:{}", mail.message_id);
    let paper = ProvedPaper {
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
    let said = became(tx, &paper, row)?;
    Ok((!numbers.is_empty()).then(|| Handled {
        accepted: true,
        summary: format!(
            "a notification of {carrier} about {}: {said}",
            cut(&numbers.join(", "), 120),
        ),
    }))
}

/// Whether a carrier's own mail is clear and about a parcel that is not on file, or not yet.
pub fn of_unknown_parcel(tx: &Tx, mail: &VendorMail, carrier: &str) -> Result<bool> {
    let Some(row) = first_row(tx, mail, mail.date) else {
        return Ok(false);
    };
    for number in row.tracking_number.iter().chain(&row.further_tracking) {
        if tx.parcels_numbered(number, Some(carrier))?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The one row of a carrier's mail, its days counted from a moment; `None` where anything is unclear.
fn first_row(tx: &Tx, mail: &VendorMail, at: DateTime<Utc>) -> Option<AdviceRow> {
    let document = Document::Mail(Mail {
        from: &mail.from,
        subject: &mail.subject,
        text: mail.text.as_deref(),
        html: mail.html.as_deref(),
    });
    let today = at.min(tx.now()).with_timezone(&HOME).date_naive();
    let read = advice::read(&document, today).ok()?;
    let mut rows = read.rows.into_iter();
    rows.next().filter(|_| read.errors.is_empty())
}

/// What comes of a carrier's own mail about a parcel on record, in words.
fn became(tx: &Tx, paper: &ProvedPaper, row: &AdviceRow) -> Result<&'static str> {
    let other = elsewhere(tx, paper, row)?;
    let row = other.as_ref().unwrap_or(row);
    Ok(match (&row.news, row.delivered) {
        (Some(said), _) => match news(tx, paper, row, said)? {
            Some(Ok(Some(_))) => "a person reads it",
            _ => "noted with the order",
        },
        (None, Some(day)) => match take(tx, paper, row, day)? {
            Some(Ok(true)) => "delivered",
            Some(Err(hold)) => {
                let bad = News::Trouble(hold.message);
                news(tx, paper, row, &bad)?;
                "a person reads it"
            }
            _ => "nothing new",
        },
        (None, None) => match &row.odd {
            Some(words) => {
                let bad = News::Trouble(format!(">>{words}<<"));
                news(tx, paper, row, &bad)?;
                "a person reads it"
            }
            None => "nothing new",
        },
    })
}

/// Why the sender may not speak of a parcel.
fn not_theirs(tx: &Tx, paper: &ProvedPaper, parcel: &WatchedParcel) -> Result<Option<Hold>> {
    let po = tx.po(parcel.po)?;
    let vendor = paper.vendor.is_none_or(|vendor| vendor == po.vendor_id);
    let only = paper.only_po.is_none_or(|only| only == po.id);
    let text = format!(
        "tracking number {} is that of a parcel of another purchase order than the sender may speak of",
        cut(&parcel.tracking, 60)
    );
    Ok((!vendor || !only).then(|| Hold::new(Code::UntrustedSender, text)))
}

/// Notes that a parcel arrived, and what follows; `false` when that was known.
pub fn arrived(tx: &Tx, parcel: &WatchedParcel, day: NaiveDate, status: &str) -> Result<bool> {
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
pub fn untell(tx: &Tx, order: i64, why: &str) -> Result<bool> {
    let mut any = false;
    for row in tx.deliveries_of_order(order)? {
        if row.kind == DeliveryKind::OrderShipped
            && row.state == DeliveryState::Queued
            && row.attempts == 0
        {
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
pub fn entity(parcel: &WatchedParcel) -> String {
    format!("shipment:{}", parcel.shipment)
}

/// Takes the exception that a shipment is stuck off the list.
pub fn end_stuck(tx: &Tx, (order, shipment): (i64, i64), why: &str) -> Result<()> {
    let entity = format!("shipment:{shipment}");
    for row in tx.open_exceptions_of_order(order)? {
        if row.code == Code::ShipmentStuck && row.entity == entity {
            tx.resolve_exception(&row, "cleared", why)?;
        }
    }
    Ok(())
}
