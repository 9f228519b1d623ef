//! Another price that the vendor agreed to after its purchase order was made: bills at that price match, and margin
//! and what is ordered again have it.

use super::{Said, reason, refused};
use crate::app::App;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::foreign::cut;
use crate::domain::lifecycle::PoState;
use crate::domain::money::Money;
use crate::domain::spelling::nearest;
use crate::invoicing::reduced_claims;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{LedgerError, Tx};
use crate::purchasing::{cancellation, wanted};
use crate::shipping::apply::standing;

/// A price for a SKU, the shop's or the vendor's number.
pub type AgreedCost = (String, Money);

/// Notes what was agreed, looks at the bills of the purchase order again, and brings papers that have not left up to
/// date. With `catalogue`, the vendor's offers have the price from now on.
///
/// # Errors
/// When the purchase order is over, has no such line, or costs that already; nothing is noted then.
pub fn agree(
    tx: &Tx,
    site: &App,
    number: &str,
    (costs, catalogue): (&[AgreedCost], bool),
    note: &str,
) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    let po = tx.find_po(number)?;
    if matches!(po.state, PoState::Cancelled | PoState::Closed) {
        return Err(refused(BusinessRefusal::wrong_state(format!(
            "purchase order {} is {}: its prices stay as they are",
            po.number, po.state
        ))));
    }
    cancellation::not_on_its_way(tx, &po)?;
    let known = standing::may_be_known(tx, &po)?;
    let states = tx.line_states(po.id)?;
    let agreed = agreed(&po, &states, costs)?;
    let before = open_bills(tx, &po)?;
    let total = tx.agree_costs(&po, &agreed, note)?;
    let mut said: Said = agreed
        .iter()
        .map(|(line, cost)| {
            format!(
                "{} on purchase order {} costs {cost} each, {} before.",
                line.sku, po.number, line.unit_cost
            )
        })
        .collect();
    said.push(format!("The purchase order is of {total} now."));
    said.extend(losses(tx, &po, &agreed)?);
    for (line, cost) in &agreed {
        said.extend(offered(tx, &po, line, *cost, catalogue)?);
    }
    if wanted::follow(tx, &site.buyer(), &tx.po(po.id)?, known)? > 0 {
        said.push(format!(
            "  It had not left: it goes to {} with that price.",
            po.vendor_name
        ));
    }
    said.extend(reduced_claims::look_again(
        tx,
        &site.match_context(),
        po.id,
    )?);
    let after = open_bills(tx, &po)?;
    let ended = before.into_iter().filter(|id| !after.contains(id));
    said.extend(ended.map(|id| format!("  Exception {id} is closed: the bill fits now.")));
    Ok(said)
}

/// The lines whose price changes.
fn agreed<'a>(
    po: &PoRow,
    states: &'a [LineState],
    costs: &[AgreedCost],
) -> Result<Vec<(&'a LineState, Money)>, LedgerError> {
    let mut agreed: Vec<(&LineState, Money)> = Vec::new();
    for (sku, cost) in costs {
        let is_it = |line: &&LineState| line.sku == *sku || line.vendor_sku == *sku;
        let lines: Vec<&LineState> = states.iter().filter(is_it).collect();
        if lines.is_empty() {
            return Err(unknown(po, states, sku));
        }
        for line in lines {
            if agreed.iter().any(|(known, _)| known.id == line.id) {
                return Err(refused(BusinessRefusal::conflict(format!(
                    "{} is named twice",
                    line.sku
                ))));
            }
            if line.unit_cost != *cost {
                agreed.push((line, *cost));
            }
        }
    }
    match agreed.is_empty() {
        true => Err(refused(BusinessRefusal::done(format!(
            "purchase order {} costs that already",
            po.number
        )))),
        false => Ok(agreed),
    }
}

fn unknown(po: &PoRow, states: &[LineState], sku: &str) -> LedgerError {
    let names: Vec<&str> = states.iter().map(|line| line.sku.as_str()).collect();
    let near = nearest(sku, names.iter().copied());
    let near = near.map_or_else(
        || format!(": it has {}", names.join(", ")),
        |near| format!(": did you mean {near}?"),
    );
    refused(
        BusinessRefusal::nothing(format!(
            "purchase order {} has no line of {}",
            po.number,
            cut(sku, 60)
        ))
        .with_remedy(near),
    )
}

/// Lines that cost more now than their customer paid.
fn losses(tx: &Tx, po: &PoRow, agreed: &[(&LineState, Money)]) -> Result<Said, LedgerError> {
    let lines = tx.po_lines(po.id)?;
    let price = |of: &LineState| {
        let line = lines.iter().find(|line| line.line == of.line);
        line.map_or(Money::ZERO, |line| line.unit_price)
    };
    let lost = agreed.iter().filter(|(line, cost)| *cost > price(line));
    let words = |(line, _): &(&LineState, Money)| {
        format!(
            "  That is more than the customer paid for {}: {}.",
            line.sku,
            price(line)
        )
    };
    Ok(lost.map(words).collect())
}

/// What becomes of the vendor's offer.
fn offered(
    tx: &Tx,
    po: &PoRow,
    line: &LineState,
    cost: Money,
    catalogue: bool,
) -> Result<Option<String>, LedgerError> {
    let offers = tx.offers_of(&line.sku)?;
    let Some(mut offer) = offers
        .into_iter()
        .find(|offer| offer.vendor_id == po.vendor_id && offer.cost != cost)
    else {
        return Ok(None);
    };
    if !catalogue {
        return Ok(Some(format!(
            "  The catalogue has {} for {} still: --catalogue changes it as well.",
            offer.cost, line.sku
        )));
    }
    let extra = tx.extra_of(&offer)?;
    offer.cost = cost;
    tx.put_offer(&offer, &extra)?;
    Ok(Some(format!(
        "  The catalogue has that price of {} for {} from now on; the next import of a catalogue goes before it.",
        line.sku, po.vendor_name
    )))
}

/// The open exceptions of the bills of a purchase order.
fn open_bills(tx: &Tx, po: &PoRow) -> Result<Vec<i64>, LedgerError> {
    let mut open = Vec::new();
    for bill in tx.invoices_of_po(po.id)? {
        let rows = tx.open_exceptions_of_entity(&bill.entity())?;
        open.extend(rows.into_iter().map(|row| row.id));
    }
    Ok(open)
}
