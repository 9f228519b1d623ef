//! What left of an order, beside what its shop has of it.

use super::Stopped;
use super::judge::{Judge, difference};
use crate::domain::codes::Code;
use crate::domain::lifecycle::DeliveryState;
use crate::ledger::orders::OrderRow;
use crate::ledger::shipments::ShipmentRow;
use crate::ledger::shop_orders::ShopNoticeState;
use crate::ledger::{Ledger, LedgerError, Tx};
use crate::reports::shop::{ShopDifference, ShopDifferenceKind, ShopProof};
use crate::shops::compared::{ComparedOrder, ComparedShop, has_number};
use chrono::TimeDelta;

/// A shipment is told to its shop within this time; one without a tracking number waits a day for it.
const TELLING: TimeDelta = TimeDelta::hours(25);

impl Judge<'_> {
    /// Whether the shop has what left of an order.
    pub(super) fn shipments(
        &self,
        ledger: &Ledger,
        shop: &mut dyn ComparedShop,
        seen: &ComparedOrder,
        row: &OrderRow,
        proof: &mut ShopProof,
    ) -> Result<(), Stopped> {
        let all = ledger.read().shipments_of_order(row.id)?;
        let (mut numbers, mut asked) = (seen.shipped.clone(), false);
        for shipment in all.iter().filter(|one| one.created.time() >= self.from) {
            let name = format!("{} ({})", row.reference(), shipment.po_number);
            if self.source.tells().is_none() {
                proof.leave_out(
                    "shipments of which the shop is not told (tracking = \"none\")",
                    &name,
                );
                continue;
            }
            let told = match self.told(&ledger.read(), shipment)? {
                Ok(told) => told,
                Err(why) => {
                    proof.leave_out(why, &name);
                    continue;
                }
            };
            let mut known = numbers.take().unwrap_or_default();
            if !asked && !has(&known, shipment) {
                (known, asked) = (shop.shipped(&seen.id)?, true);
            }
            proof.shipments += 1;
            if !has(&known, shipment) {
                let at = shop.address(&seen.id);
                let tx = ledger.read();
                proof.differs(lacks(&tx, seen, (row, shipment), &told, &at)?);
            }
            numbers = Some(known);
        }
        Ok(())
    }

    /// What told the shop of a shipment, or why it is not looked for there.
    fn told(
        &self,
        tx: &Tx,
        shipment: &ShipmentRow,
    ) -> Result<Result<ToldBy, &'static str>, LedgerError> {
        let delivery = match tx.shop_notice_of(shipment.id)? {
            ShopNoticeState::None if self.now - shipment.created.time() < TELLING => {
                return Ok(Err("shipments that the shop is still to be told of"));
            }
            ShopNoticeState::None => return Ok(Ok(ToldBy::Nothing)),
            ShopNoticeState::NotTold => {
                return Ok(Err(
                    "shipments of which the shop was not to be told when they left",
                ));
            }
            ShopNoticeState::Delivery(id) => tx.delivery(id)?,
        };
        Ok(match delivery.state {
            DeliveryState::Queued | DeliveryState::Sending => {
                Err("shipments that the shop is still to be told of")
            }
            // the next runs ask the shop, and a person if that does not help
            DeliveryState::Unknown if self.now - delivery.updated.time() < TELLING => {
                Err("shipments of which it is not known yet whether the shop took them")
            }
            DeliveryState::Dropped => {
                Err("shipments of which a person decided not to tell the shop")
            }
            DeliveryState::Sent | DeliveryState::Failed | DeliveryState::Unknown => {
                Ok(ToldBy::Delivery(delivery.id))
            }
        })
    }
}

/// What told a shop of a shipment.
enum ToldBy {
    Nothing,
    Delivery(i64),
}

/// Whether what the shop knows has all numbers of a shipment; of one without a number, whether it knows of any
/// that has none, or has poms' own mark of it.
fn has(known: &[String], shipment: &ShipmentRow) -> bool {
    let mark = format!("[poms-shipment-{}]", shipment.id);
    if known.iter().any(|text| text.contains(&mark)) {
        return true;
    }
    let there = |number: &str| known.iter().any(|text| has_number(text, number));
    match shipment.parcels.is_empty() {
        true => known.iter().any(String::is_empty),
        false => shipment.parcels.iter().all(|one| there(&one.tracking)),
    }
}

/// A shipment that the shop has not.
fn lacks(
    tx: &Tx,
    seen: &ComparedOrder,
    (row, shipment): (&OrderRow, &ShipmentRow),
    told: &ToldBy,
    address: &str,
) -> Result<ShopDifference, LedgerError> {
    let numbers: Vec<&str> = shipment
        .parcels
        .iter()
        .map(|one| one.tracking.as_str())
        .collect();
    let numbers = match numbers.is_empty() {
        true => "without tracking number".to_owned(),
        false => numbers.join(", "),
    };
    let entity = format!("shipment:{}", shipment.id);
    let mut open = tx.open_exceptions_of_entity(&entity)?;
    open.retain(|one| one.code.is_one_of(&[Code::ShopDiffers]));
    let by_hand = format!("write it into the order there: {address}");
    let (remedy, advice) = match told {
        ToldBy::Nothing => (Some("process".to_owned()), "tell the shop".to_owned()),
        ToldBy::Delivery(id) => {
            open.extend(tx.open_exceptions_of_delivery(*id)?);
            let retry = format!("outbox retry {id} --note \"the shop does not have it\"");
            (Some(retry), format!("tell the shop again, or {by_hand}"))
        }
    };
    let says = format!(
        "the shop does not have the shipment of {} ({numbers})",
        shipment.po_number
    );
    Ok(ShopDifference {
        kind: ShopDifferenceKind::Shipment,
        key: format!("shipment {}", shipment.id),
        remedy,
        advice,
        exception: open.first().map(|one| one.id),
        at: shipment.created.time(),
        ..difference(seen, &row.reference(), "shipment", &says)
    })
}
