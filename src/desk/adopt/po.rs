//! One purchase order of an order that is taken over.

use crate::app::App;
use crate::desk::refused;
use crate::desk::shipments::{self, arrived};
use crate::domain::adopted::{AdoptedLine, AdoptedPo, AdoptedShipment};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::foreign::cut;
use crate::domain::lifecycle::PoState;
use crate::domain::money::Money;
use crate::domain::po_document::{PoDocument, PoDocumentLine};
use crate::domain::vendor::Vendor;
use crate::ledger::orders::OrderRow;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::{NewPo, NewPoLine, PoRow};
use crate::ledger::shipments::{NewShipment, Origin};
use crate::ledger::{LedgerError, Tx};
use crate::shipping::apply::standing;
use crate::shipping::promise::{self, Journey};
use chrono::NaiveDate;
use serde_json::json;

fn conflict(why: String) -> LedgerError {
    refused(BusinessRefusal::conflict(why))
}

/// Writes a purchase order as it stands with its vendor.
pub(super) fn take(
    tx: &Tx,
    site: &App,
    row: &OrderRow,
    given: &AdoptedPo,
    note: &str,
) -> Result<(), LedgerError> {
    let (number, vendor) = known(tx, site, given)?;
    let po = record(tx, site, row, (given, &vendor), number)?;
    let settings = &site.config.promise.settings;
    let journey = Journey::new(
        &vendor,
        &row.order,
        tx.now(),
        site.config.site.timezone,
        settings,
    );
    tx.put_promise(po.id, &promise::at_once(tx, &journey, settings)?)?;
    if let Some(day) = given.promised {
        tx.told_promise(po.id, day)?;
    }
    tx.adopted_po(&po, given.sent, note)?;
    let why = json!({"adopted": note});
    tx.move_po(&po, PoState::Sent, &why)?;
    if given.acknowledged {
        tx.move_po(&tx.po(po.id)?, PoState::Acknowledged, &why)?;
    }
    for shipment in &given.shipments {
        left(tx, site, &tx.po(po.id)?, (given, shipment))?;
    }
    if let Some(day) = given.delivered {
        arrived::delivered(tx, site, number, Some(day), note)?;
    }
    Ok(())
}

/// The number, which must be free, and the vendor.
fn known<'g>(tx: &Tx, site: &App, given: &'g AdoptedPo) -> Result<(&'g str, Vendor), LedgerError> {
    let number = given.number.trim();
    if number.is_empty() || number.len() > 60 || number.chars().any(char::is_control) {
        return Err(refused(BusinessRefusal::bad_word(format!(
            "'{}' is no number of a purchase order: up to 60 letters and digits",
            cut(&given.number, 60)
        ))));
    }
    if tx.po_numbered(number)?.is_some() {
        return Err(conflict(format!(
            "the ledger has a purchase order {number} already"
        )));
    }
    past(
        given.sent,
        today(tx, site),
        &format!("purchase order {number} was sent"),
    )?;
    let vendor = tx.vendor(&given.vendor)?.ok_or_else(|| {
        refused(
            BusinessRefusal::unknown(format!(
                "vendor '{}' is not on file",
                cut(&given.vendor, 60)
            ))
            .with_remedy(": poms vendors import"),
        )
    })?;
    Ok((number, vendor))
}

fn today(tx: &Tx, site: &App) -> NaiveDate {
    let zone = &site.config.site.timezone;
    tx.now().with_timezone(zone).date_naive()
}

fn past(day: NaiveDate, today: NaiveDate, what: &str) -> Result<(), LedgerError> {
    match day > today {
        true => Err(conflict(format!("{what} on {day}, which is still to come"))),
        false => Ok(()),
    }
}

/// The purchase order's row and lines.
fn record(
    tx: &Tx,
    site: &App,
    row: &OrderRow,
    (given, vendor): (&AdoptedPo, &Vendor),
    number: &str,
) -> Result<PoRow, LedgerError> {
    let document = document(tx, site, row, (given, vendor), number)?;
    let order = &row.order;
    let lines: Vec<NewPoLine> = document
        .lines
        .iter()
        .zip(&given.lines)
        .map(|(line, given)| NewPoLine {
            line: i64::from(line.line),
            order_line: given.line as i64,
            sku: &line.sku,
            vendor_sku: &line.vendor_sku,
            qty: line.qty,
            unit_cost: line.unit_cost,
            unit_price: order.lines[given.line - 1].unit_price,
        })
        .collect();
    let id = tx.insert_po(&NewPo {
        number,
        order_id: row.id,
        vendor_id: &vendor.id,
        revision: 1,
        currency: &document.currency,
        total: document.total,
        document: &json!(document),
        lines: &lines,
    })?;
    tx.po(id)
}

/// What stands on it.
fn document(
    tx: &Tx,
    site: &App,
    row: &OrderRow,
    (given, vendor): (&AdoptedPo, &Vendor),
    number: &str,
) -> Result<PoDocument, LedgerError> {
    let mut lines = Vec::new();
    for (place, line) in given
        .lines
        .iter()
        .zip(1..)
        .map(|(line, place)| (place, line))
    {
        lines.push(line_of(tx, row, vendor, (place, line))?);
    }
    let too_large = || {
        conflict(format!(
            "the amounts of purchase order {number} are too large"
        ))
    };
    let total = Money::sum(lines.iter().map(|line| line.amount)).ok_or_else(too_large)?;
    total.plausible().map_err(|_| too_large())?;
    let buyer = site.buyer();
    let order = &row.order;
    Ok(PoDocument {
        number: number.to_owned(),
        order_number: order.order_number.clone(),
        date: given.sent,
        buyer: buyer.letterhead.clone(),
        vendor_name: vendor.name.clone(),
        vendor_address: vendor.address.label().split_off(1),
        ship_to: order.ship_to.label(),
        ship_to_phone: order.customer.phone.clone(),
        shipping_method: order.shipping_method.clone(),
        required_by: order.required_by.clone(),
        gift_message: order.gift_message.clone(),
        currency: buyer.currency.to_owned(),
        lines,
        total,
        terms: buyer.terms.to_owned(),
        instructions: buyer.instructions.to_owned(),
        revision: 0,
        possible_duplicate: false,
        replaces: Vec::new(),
        comment: None,
    })
}

/// A line, with what the catalogue knows of it where the file says nothing.
fn line_of(
    tx: &Tx,
    row: &OrderRow,
    vendor: &Vendor,
    (place, given): (u32, &AdoptedLine),
) -> Result<PoDocumentLine, LedgerError> {
    let line = given
        .line
        .checked_sub(1)
        .and_then(|at| row.order.lines.get(at));
    let line = line.ok_or_else(|| {
        conflict(format!(
            "line {} is none of the order's, which has {}",
            given.line,
            row.order.lines.len()
        ))
    })?;
    let sku = line.sku.trim();
    let offers = tx.offers_of(sku)?;
    let offer = offers.iter().find(|offer| offer.vendor_id == vendor.id);
    let qty = given.qty.unwrap_or(line.qty);
    if qty <= 0 {
        return Err(conflict(format!(
            "line {} ({sku}) has {qty} pieces",
            given.line
        )));
    }
    let cost = given.unit_cost.or(offer.map(|offer| offer.cost));
    let unit_cost = cost.ok_or_else(|| {
        conflict(format!(
            "nobody knows what {sku} costs at vendor {}: write unit_cost, or import the catalogue first",
            vendor.id
        ))
    })?;
    let known = offer.map_or("", |offer| offer.description.as_str());
    let amount = unit_cost.times(qty);
    Ok(PoDocumentLine {
        line: place,
        vendor_sku: given
            .vendor_sku
            .clone()
            .or_else(|| offer.map(|offer| offer.vendor_sku.clone()))
            .unwrap_or_default(),
        sku: sku.to_owned(),
        description: line.described(known),
        qty,
        unit_cost,
        amount: amount.ok_or_else(|| conflict(format!("the amount of {sku} is too large")))?,
    })
}

/// Goods that left.
fn left(
    tx: &Tx,
    site: &App,
    po: &PoRow,
    (given, shipment): (&AdoptedPo, &AdoptedShipment),
) -> Result<(), LedgerError> {
    past(
        shipment.date,
        today(tx, site),
        &format!("goods of {} left", po.number),
    )?;
    if shipment.date < given.sent {
        return Err(conflict(format!(
            "goods of {} left on {}, before it was sent on {}",
            po.number, shipment.date, given.sent
        )));
    }
    let numbers: Vec<shipments::Number> = shipment
        .tracking
        .iter()
        .map(|text| shipments::number(text, shipment.carrier.as_deref()))
        .collect::<Result<_, _>>()?;
    let origin = Origin {
        source: "the system before",
        ..Origin::default()
    };
    let new = NewShipment {
        carrier: numbers.first().and_then(|number| number.carrier),
        service: shipment.carrier.as_deref().unwrap_or_default(),
        ship_date: Some(shipment.date),
        origin,
    };
    let id = tx.insert_shipment(po, &new)?;
    for part in &shipment.lines {
        let lines = tx.line_states(po.id)?;
        let line = lines.iter().find(|line| line.order_line == part.line);
        let line: &LineState = line.ok_or_else(|| {
            conflict(format!(
                "line {} is not on purchase order {}",
                part.line, po.number
            ))
        })?;
        let qty = part.qty.unwrap_or_else(|| line.pieces.open());
        tx.ship_line(po, id, line, qty, &origin)?;
    }
    for number in &numbers {
        shipments::not_anothers(tx, po, number)?;
        tx.add_parcel(po, id, number.carrier, &number.tracking)?;
    }
    standing::follow(tx, &site.config.rules, &tx.po(po.id)?, Some(id))
}
