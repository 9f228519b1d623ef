//! What a person says of shipments: another tracking number, one that did not happen, one more, and that
//! it arrived. Nothing is deleted: each is a fact that stands beside what it corrects.

mod add;
pub(super) mod arrived;
mod undo;

pub use add::{Added, add};
pub use arrived::delivered;
pub use undo::undo;

use super::{Said, reason, refused};
use crate::app::App;
use crate::carriers::names::carrier_by_name;
use crate::carriers::{Check, compact, recognise_of};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::Code;
use crate::domain::email;
use crate::domain::foreign::cut;
use crate::domain::lifecycle::{AdviceRowState, ShipmentState};
use crate::domain::text::typed;
use crate::ledger::orders::OrderRow;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::shipments::ShipmentRow;
use crate::ledger::{LedgerError, Tx};
use crate::shipping::apply::{arrival, standing};

/// A tracking number as a person typed it.
pub struct Number {
    /// Without blanks, in upper case.
    pub tracking: String,
    /// The carrier's code, if it is known.
    pub carrier: Option<&'static str>,
    /// Whether its check digit is wrong, or it is part of a number only.
    pub wrong: bool,
}

/// Reads a tracking number, of the carrier that the person names, if any.
///
/// # Errors
/// When it is none, or no such carrier is known.
pub fn number(text: &str, carrier: Option<&str>) -> Result<Number, LedgerError> {
    let named = match carrier {
        None => None,
        Some(words) => Some(carrier_by_name(words).ok_or_else(|| {
            refused(
                BusinessRefusal::unknown(format!("poms knows no carrier '{}'", cut(words, 40)))
                    .with_remedy(": leave --carrier away, and the number stands without a link"),
            )
        })?),
    };
    // a placeholder that is still to be filled in has no digit
    let fits = |one: &String| one.len() <= 60 && one.bytes().any(|b| b.is_ascii_digit());
    let Some(plain) = compact(text).filter(fits) else {
        return Err(refused(BusinessRefusal::bad_word(format!(
            "'{}' is no tracking number: letters and digits, a digit at least, at most 60",
            cut(text, 60)
        ))));
    };
    let best = recognise_of(&plain, named).into_iter().next();
    let best = best.filter(|one| named.is_none_or(|carrier| carrier.code == one.carrier.code));
    // a UPS number that lost some of its 18 signs
    let cut_short = plain.starts_with("1Z") && plain.len() != 18;
    Ok(match best {
        Some(found) => Number {
            tracking: found.number,
            carrier: Some(found.carrier.code),
            wrong: found.check == Check::Wrong,
        },
        None => Number {
            tracking: plain,
            carrier: named.map(|carrier| carrier.code),
            wrong: cut_short,
        },
    })
}

impl Number {
    /// The same, if it is beyond doubt or the person typed it so on purpose.
    ///
    /// # Errors
    /// What is wrong with it, and that `command` with `--as-typed` takes it all the same.
    pub fn sure(self, as_typed: bool, command: &str) -> Result<Number, LedgerError> {
        match self.wrong && !as_typed {
            true => Err(refused(
                BusinessRefusal::unproved(format!(
                    "{} is no right tracking number (its check digit is wrong, or signs are \
                     missing), and the customer would be told it",
                    self.tracking
                ))
                .with_remedy(format!(
                    ": type it again. If the carrier's label has it so, the same with \
                     --as-typed: {command} --as-typed"
                )),
            )),
            false => Ok(self),
        }
    }

    /// What the person should know of it.
    fn doubt(&self) -> Option<String> {
        self.wrong.then(|| {
            format!(
                "  The check digit of {} is wrong: it may be mistyped. `poms shipment retrack` mends it.",
                self.tracking
            )
        })
    }
}

/// Refuses a number that a parcel of somebody else's has.
pub(super) fn not_anothers(tx: &Tx, po: &PoRow, number: &Number) -> Result<(), LedgerError> {
    for other in tx.pos_tracked_by(&number.tracking)? {
        let other = tx.po(other)?;
        if other.order_id != po.order_id {
            return Err(refused(
                BusinessRefusal::conflict(format!(
                    "{} is the number of a parcel of purchase order {} (order {})",
                    number.tracking,
                    other.number,
                    other.order_reference()
                ))
                .with_remedy(": correct that one first, if it is wrong there"),
            ));
        }
    }
    Ok(())
}

/// Puts another tracking number in place of the one that a shipment has: `parcel` says of which of its
/// parcels, where there are several.
///
/// # Errors
/// A sentence that says why it is impossible.
pub fn retrack(
    tx: &Tx,
    site: &App,
    (id, parcel): (i64, Option<&str>),
    number: &Number,
    note: &str,
) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    let row = live(tx, id)?;
    let po = tx.po(row.po_id)?;
    let old = of_which(&row, parcel)?;
    if row
        .parcels
        .iter()
        .any(|one| one.tracking == number.tracking)
    {
        return Err(refused(BusinessRefusal::done(format!(
            "shipment {id} has the number {} already",
            number.tracking
        ))));
    }
    not_anothers(tx, &po, number)?;
    withdraw_mail(tx, &tx.order(po.order_id)?)?;
    let mut news = true;
    let mut said = match &old {
        Some(old) => {
            let new = (number.carrier, number.tracking.as_str());
            news = tx.retrack_parcel(&po, id, old, new, note)?;
            vec![format!(
                "Shipment {id} of purchase order {}: {} stands in place of {old}.",
                po.number, number.tracking
            )]
        }
        None => {
            tx.add_parcel(&po, id, number.carrier, &number.tracking)?;
            vec![format!(
                "Shipment {id} of purchase order {} has the number {}.",
                po.number, number.tracking
            )]
        }
    };
    said.extend(number.doubt());
    end_digit(tx, &row, &po, note)?;
    arrival::end_stuck(tx, (po.order_id, id), "another number stands in its place")?;
    if row.state != ShipmentState::InTransit {
        let why = serde_json::json!("another number stands in place of the one that was followed");
        tx.move_shipment(&row, ShipmentState::InTransit, &why)?;
        standing::reopen(tx, &site.config.rules, &po, "a parcel has another number")?;
    }
    said.extend(settle_rows(tx, &po, &number.tracking, note)?);
    said.extend(match news {
        true => will_tell(&tx.order(po.order_id)?, "the number"),
        false => {
            Some("  It is the number that the customer was told last: no mail is sent.".to_owned())
        }
    });
    Ok(said)
}

/// The number of the parcel that is meant; `None` where the shipment has none yet.
fn of_which(row: &ShipmentRow, parcel: Option<&str>) -> Result<Option<String>, LedgerError> {
    let numbers: Vec<&str> = row
        .parcels
        .iter()
        .map(|one| one.tracking.as_str())
        .collect();
    let wanted = parcel.map(|text| compact(text).unwrap_or_default());
    match (wanted, numbers.as_slice()) {
        (Some(wanted), all) if all.contains(&wanted.as_str()) => Ok(Some(wanted)),
        (Some(wanted), all) => Err(refused(BusinessRefusal::unknown(format!(
            "shipment {} has no parcel {}: it has {}",
            row.id,
            cut(&wanted, 60),
            if all.is_empty() {
                "none".to_owned()
            } else {
                all.join(", ")
            }
        )))),
        (None, []) => Ok(None),
        (None, [one]) => Ok(Some((*one).to_owned())),
        (None, all) => Err(refused(
            BusinessRefusal::ambiguous(format!("shipment {} has {} parcels", row.id, all.len()))
                .with_remedy(format!(
                    ": say which number is wrong with --parcel NUMBER ({})",
                    all.join(", ")
                )),
        )),
    }
}

/// A shipment that was not taken back.
fn live(tx: &Tx, id: i64) -> Result<ShipmentRow, LedgerError> {
    let row = tx.shipment(id)?;
    match row.state {
        ShipmentState::Undone => Err(refused(
            BusinessRefusal::wrong_state(format!(
                "shipment {id} of purchase order {} was taken back",
                row.po_number
            ))
            .with_remedy(format!(
                ": `poms shipment add {}` records one that left",
                typed(&row.po_number)
            )),
        )),
        _ => Ok(row),
    }
}

/// Ends the doubt about a check digit: the number is another one, or none.
fn end_digit(tx: &Tx, row: &ShipmentRow, po: &PoRow, note: &str) -> Result<(), LedgerError> {
    let entity = format!("shipment:{}", row.id);
    for open in tx.open_exceptions_of_order(po.order_id)? {
        if open.entity == entity && open.code == Code::TrackingCheckDigit {
            tx.resolve_exception(&open, "cleared", note)?;
        }
    }
    Ok(())
}

/// Ends the rows of advices that wait because of a number which stands on record now.
fn settle_rows(tx: &Tx, po: &PoRow, tracking: &str, note: &str) -> Result<Said, LedgerError> {
    let mut said = Vec::new();
    for open in tx.open_exceptions_of_order(po.order_id)? {
        let id = open.entity.strip_prefix("advice:").map(str::parse::<i64>);
        let (Some(Ok(id)), true) = (id, open.subject.po == Some(po.id)) else {
            continue;
        };
        let held = tx.advice_row(id)?;
        let names = |key: &str| held.content[key].as_str() == Some(tracking);
        if held.state == AdviceRowState::Held && names("tracking_number") {
            tx.resolve_exception(&open, "cleared", note)?;
            tx.move_advice_row(
                &held,
                AdviceRowState::Applied,
                "a person put its number on record",
            )?;
            said.push(format!(
                "  Exception {} ({}) is settled by it.",
                open.id, open.code
            ));
        }
    }
    Ok(said)
}

/// A mail about shipments that waits in the outbox says what is no longer so.
fn withdraw_mail(tx: &Tx, order: &OrderRow) -> Result<(), LedgerError> {
    arrival::untell(tx, order.id, "a person corrected what it says").map(|_| ())
}

/// Whether the customer hears of it.
fn will_tell(order: &OrderRow, what: &str) -> Option<String> {
    Some(
        match email::deliverable(&order.order.customer.email).is_ok() {
            true => {
                format!("  The customer is told {what} by mail: the next `poms process` sends it.")
            }
            false => format!("  No mail reaches the customer: tell them {what}."),
        },
    )
}
