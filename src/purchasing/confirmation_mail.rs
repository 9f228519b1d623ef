//! What the customer is told of an order that is being placed.

use super::place::{Buyer, PartLine, VendorPart};
use crate::domain::promise::PromiseSource;
use crate::ledger::orders::OrderRow;
use crate::ledger::promises::PromiseRow;
use crate::ledger::{Result, Tx};
use crate::notices::customer::{Expected, NoticeItem};
use crate::notices::{PlacedContext, gather};
use std::collections::HashMap;

/// What the customer is told when the order is placed, once every promise is made; `None` while UPS
/// is still to be asked about one: the mail then waits, and the purchase orders do not.
pub(super) fn placed(
    tx: &Tx,
    row: &OrderRow,
    buyer: &Buyer,
    parts: &[VendorPart],
) -> Result<Option<PlacedContext>> {
    let promises = tx.promises_of_order(row.id)?;
    if promises.values().any(|known| known.promise.asked.is_none()) {
        return Ok(None);
    }
    let describe = |line: &PartLine| {
        let own = row
            .order
            .lines
            .get(line.place)
            .and_then(|l| l.description.clone());
        own.unwrap_or_else(|| line.offer.description.clone())
    };
    let mut expected = Vec::new();
    for (part, known) in parts.iter().zip(in_order(&promises)) {
        tx.told_promise(known.po_id, known.promise.deliver_by)?;
        expected.push(Expected {
            date: Some(known.promise.deliver_by),
            estimate: known.promise.source == PromiseSource::Table,
            items: part
                .lines
                .iter()
                .map(|line| NoticeItem {
                    qty: line.qty,
                    sku: line.offer.sku.clone(),
                    description: describe(line),
                })
                .collect(),
        });
    }
    expected.sort_by_key(|part| part.date);
    let lines = || parts.iter().flat_map(|part| &part.lines);
    let offered = |place: usize| {
        let found = lines().find(|line| line.place == place);
        found.map(|line| line.offer.description.clone())
    };
    gather::placed(row, &buyer.letterhead, buyer.timezone, offered, expected).map(Some)
}

/// The promises of an order in the order in which its purchase orders were made.
fn in_order(promises: &HashMap<i64, PromiseRow>) -> Vec<&PromiseRow> {
    let mut all: Vec<&PromiseRow> = promises.values().collect();
    all.sort_by_key(|row| row.po_id);
    all
}
