//! Ends the doubt about what shops may have been told: they are asked whether they know of the shipment. Only
//! their certain word that they do not has it told again.

use super::{Shops, shipment};
use crate::clock::Clock;
use crate::delivery::outbox::{self, DeliverySums};
use crate::domain::lifecycle::DeliveryState;
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::outbox::SettledAttempt;
use crate::ledger::{Ledger, LedgerError, Tx};
use crate::shops::told::ShopStanding;
use chrono::TimeDelta;
use std::sync::atomic::{AtomicBool, Ordering};

/// So long after a doubtful hand-over a shop shows what it took.
const SETTLED: TimeDelta = TimeDelta::minutes(5);

/// Asks about everything that is in doubt, before what a killed run left is named unknown.
///
/// # Errors
/// The ledger's.
pub fn ask(
    ledger: &mut Ledger,
    clock: &Clock,
    shops: &mut Shops,
    stop: &AtomicBool,
) -> Result<DeliverySums, LedgerError> {
    let mut sums = DeliverySums::default();
    for id in ledger.read().doubtful_shop_deliveries()? {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let row = ledger.read().delivery(id)?;
        let content = ledger.read().delivery_content(id)?;
        let Ok(told) = shipment(&content) else {
            continue;
        };
        let Some(shop) = shops.get_mut(&told.shop) else {
            continue;
        };
        match shop.look(&told) {
            Ok(ShopStanding::Has) => {
                let finished = shop.finish(&told);
                let detail = format!("the shop was asked and knows of it{finished}");
                ledger.write(clock.now(), |tx| outbox::sent(tx, &row, &detail, &mut sums))?;
            }
            Ok(ShopStanding::HasNot) if !shop.proves(&told) => {}
            Ok(ShopStanding::HasNot) => ledger.write(clock.now(), |tx| again(tx, &row))?,
            // for a person, who is told by the exception
            Ok(ShopStanding::Unclear(_) | ShopStanding::NotNow(_) | ShopStanding::Never(_)) => {}
            Err(fault) => {
                let told = fault.to_string();
                if !sums.unreachable.contains(&told) {
                    sums.unreachable.push(told);
                }
            }
        }
    }
    Ok(sums)
}

/// The shop has proved that it was not told.
fn again(tx: &Tx, row: &DeliveryRow) -> Result<(), LedgerError> {
    if tx.now() - row.updated.time() < SETTLED {
        return Ok(());
    }
    for old in tx.open_exceptions_of_delivery(row.id)? {
        let note = "the shop was asked and does not know of it";
        tx.resolve_exception(&old, "cleared", note)?;
    }
    let end = SettledAttempt {
        to: DeliveryState::Queued,
        detail: "the shop was asked and does not know of it: it is told again",
        next_attempt: Some(tx.now().into()),
    };
    tx.settle_delivery(row, &end)
}
