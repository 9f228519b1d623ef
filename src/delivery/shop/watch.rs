//! Ends the doubt about what shops may have been told: they are asked whether they know of the shipment. Only
//! their certain word that they do not has it told again.

use super::{Shops, shipment};
use crate::clock::{Clock, Moment};
use crate::delivery::outbox::{self, DeliverySums};
use crate::domain::delivery::DeliveryChannel;
use crate::domain::lifecycle::DeliveryState;
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::outbox::SettledAttempt;
use crate::ledger::{Ledger, LedgerError, Tx};
use crate::shops::ShopFaultKind;
use crate::shops::told::ShopStanding;
use chrono::TimeDelta;
use std::sync::atomic::{AtomicBool, Ordering};

/// So long after a doubtful hand-over a shop shows what it took.
const SETTLED: TimeDelta = TimeDelta::minutes(5);

/// So long a shop is asked before a person is: what one answer left open clears up in a run or two.
const DOUBT: TimeDelta = TimeDelta::minutes(30);

/// Whether a doubt about a delivery may still clear up by asking its shop, so that no person need be asked.
pub(in crate::delivery) fn may_clear_up(tx: &Tx, row: &DeliveryRow) -> bool {
    let first = row.first_attempt.map_or(tx.now(), Moment::time);
    row.channel == DeliveryChannel::Shop && tx.now() - first < DOUBT
}

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
            let why = "no source of this name is told of shipments any more";
            ledger.write(clock.now(), |tx| doubt(tx, &row, why, false, &mut sums))?;
            continue;
        };
        match shop.look(&told) {
            Ok(ShopStanding::Has) => ledger.write(clock.now(), |tx| {
                outbox::sent(tx, &row, "the shop was asked and knows of it", &mut sums)
            })?,
            Ok(ShopStanding::HasNot) if shop.proves(&told) => {
                ledger.write(clock.now(), |tx| again(tx, &row))?;
            }
            Ok(standing) => {
                let why = match standing {
                    ShopStanding::Unclear(why)
                    | ShopStanding::NotNow(why)
                    | ShopStanding::Never(why) => why,
                    _ => "the shop has nothing by which it would know it again".to_owned(),
                };
                ledger.write(clock.now(), |tx| doubt(tx, &row, &why, true, &mut sums))?;
            }
            Err(fault) => {
                let told = format!("source {}: {fault}", told.shop);
                ledger.write(clock.now(), |tx| doubt(tx, &row, &told, false, &mut sums))?;
                // a shop that has enough of us is no trouble
                if !matches!(fault.kind, ShopFaultKind::Busy(_))
                    && !sums.unreachable.contains(&told)
                {
                    sums.unreachable.push(told);
                }
            }
        }
    }
    Ok(sums)
}

/// Asks a person, once: at once where asking the shop does not help, else when it has been asked for long enough.
fn doubt(
    tx: &Tx,
    row: &DeliveryRow,
    why: &str,
    at_once: bool,
    sums: &mut DeliverySums,
) -> Result<(), LedgerError> {
    let open = !tx.open_exceptions_of_delivery(row.id)?.is_empty();
    let early = !at_once && may_clear_up(tx, row);
    if open || early || row.state != DeliveryState::Unknown {
        return Ok(());
    }
    outbox::doubt(tx, row, &format!("{}; {why}", row.detail), sums)
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
