//! Orders that are under way in the system that poms replaces: taken over with their purchase orders and
//! shipments, as they stand. Nothing is sent, to nobody; from then on vendors' words, bills and returns
//! find them, and what is late is watched.

mod po;

use super::of_source::{must_be_told, prefix};
use super::{Said, reason, refused};
use crate::app::App;
use crate::domain::adopted::{AdoptedFile, AdoptedOrder};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::foreign::cut;
use crate::domain::lifecycle::OrderState;
use crate::formats::OrderDocument;
use crate::intake::cards::KnownNumbers;
use crate::intake::read::{DocumentOrder, ReadOrder, orders_in};
use crate::intake::settle;
use crate::ledger::orders::OrderRow;
use crate::ledger::{LedgerError, Tx};
use serde_json::json;

/// Most faults that are told at once.
const MOST: usize = 20;

/// Takes over every order of a file, or none: the faults of all are told together. `source` is the shop that they
/// are of.
///
/// # Errors
/// When the file is none, or an order of it cannot be taken over as it is written.
pub fn adopt(
    tx: &Tx,
    site: &App,
    bytes: &[u8],
    source: Option<&str>,
    note: &str,
) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    prefix(site, source)?;
    let file: AdoptedFile = serde_json::from_slice(bytes).map_err(|fault| {
        refused(
            BusinessRefusal::unreadable(format!("the file cannot be read: {fault}"))
                .with_remedy(": docs/formats.md#orders-under-way says what stands in it"),
        )
    })?;
    let (mut said, mut faults) = (Said::new(), Vec::new());
    for (place, entry) in file.orders.iter().enumerate() {
        let number = entry["order"]["order_number"].as_str();
        let name = number.map_or_else(String::new, |number| format!(" ({})", cut(number, 60)));
        let name = format!("order {}{name}", place + 1);
        let one = match AdoptedOrder::read(entry) {
            Ok(one) => one,
            Err(own) => {
                faults.extend(own.iter().map(|fault| format!("{name}: {fault}")));
                continue;
            }
        };
        match tx.apart(|| take(tx, site, &one, source, note))? {
            Ok(sentence) => said.push(sentence),
            Err(LedgerError::Refused(why)) => faults.push(format!("{name}: {why}")),
            Err(fault) => return Err(fault),
        }
    }
    if faults.is_empty() {
        return Ok(said);
    }
    let more = match faults.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    faults.truncate(MOST);
    Err(refused(BusinessRefusal::unreadable(format!(
        "nothing was taken over: {}{more}",
        faults.join("; ")
    ))))
}

/// Takes over one order; the sentence about it.
fn take(
    tx: &Tx,
    site: &App,
    one: &AdoptedOrder,
    source: Option<&str>,
    note: &str,
) -> Result<String, LedgerError> {
    let read = read(site, &one.order, source)?;
    must_be_told(site, source, &read.new.order)?;
    let row = match settle::by_hand(tx, &read.identity, &read.new)? {
        Ok(row) => row,
        Err(same) => {
            return Ok(format!(
                "Order {} is there already with this content: nothing was done with it.",
                same.reference()
            ));
        }
    };
    if row.copy > 1 {
        return Err(refused(BusinessRefusal::conflict(format!(
            "the ledger has another order {} already",
            row.order.order_number
        ))));
    }
    covers(&row, one)?;
    let why = json!({"adopted": note});
    tx.move_order(&row, OrderState::Ready, &why)?;
    tx.move_order(&tx.order(row.id)?, OrderState::Placed, &why)?;
    for given in &one.purchase_orders {
        po::take(tx, site, &tx.order(row.id)?, given, note)?;
    }
    told(tx, row.id)?;
    let entity = row.entity();
    tx.fact(
        "order.adopted",
        &entity,
        Some(row.id),
        &json!({"why": note}),
    )?;
    let after = tx.order(row.id)?;
    Ok(format!(
        "Order {} is taken over with {} purchase order{}: it is {}.",
        after.reference(),
        one.purchase_orders.len(),
        if one.purchase_orders.len() == 1 {
            ""
        } else {
            "s"
        },
        after.state
    ))
}

/// The one order of a document, card numbers masked.
fn read(
    site: &App,
    document: &serde_json::Value,
    source: Option<&str>,
) -> Result<Box<ReadOrder>, LedgerError> {
    let document = OrderDocument::new(document.to_string().into_bytes());
    let document = document.prefixed(prefix(site, source)?);
    let unread = |why: String| refused(BusinessRefusal::unreadable(why));
    let found = orders_in(&document, &site.reader.formats, &KnownNumbers::new());
    let orders = found.map_err(|why| unread(why.reason))?.orders;
    let count = orders.len();
    match orders.into_iter().next() {
        Some(DocumentOrder::Order(order)) if count == 1 => Ok(order),
        Some(DocumentOrder::Refused { refusal, .. }) if count == 1 => Err(unread(refusal.reason)),
        Some(DocumentOrder::LeftOut { reason, .. }) if count == 1 => Err(unread(reason)),
        _ => Err(unread(format!(
            "one order is expected here, and {count} are written, or its cancellation"
        ))),
    }
}

/// Refuses purchase orders that are not all of the order: what nobody ordered would be forgotten.
fn covers(row: &OrderRow, one: &AdoptedOrder) -> Result<(), LedgerError> {
    for (place, line) in row.order.lines.iter().enumerate() {
        let mine = one.purchase_orders.iter().flat_map(|po| &po.lines);
        let mine = mine.filter(|known| known.line == place + 1);
        let found: i64 = mine.map(|known| known.qty.unwrap_or(line.qty)).sum();
        if found != line.qty {
            return Err(refused(
                BusinessRefusal::conflict(format!(
                    "line {} ({}) has {} pieces, and its purchase orders have {found}",
                    place + 1,
                    cut(&line.sku, 60),
                    line.qty
                ))
                .with_remedy(
                    ": name all of them, or write the order without what is not wanted any more",
                ),
            ));
        }
    }
    Ok(())
}

/// What stands now was told to the customer by the system before.
fn told(tx: &Tx, order: i64) -> Result<(), LedgerError> {
    let (_, mark) = tx.untold_shipments(order)?;
    tx.told_shipments(order, mark)?;
    for kind in ["shipped", "dates", "cancelled"] {
        tx.notice_is_told(order, kind)?;
    }
    // what happened here is no news to anybody
    drop(tx.take_events());
    Ok(())
}
