//! One comparison's way: through the shop's orders, then through the ledger's, one order after the other. What was
//! looked at is not looked at again, wherever it ends.

use super::judge::Judge;
use super::{Comparison, Going, Stopped};
use crate::ledger::Ledger;
use crate::ledger::orders::OrderRow;
use crate::reports::shop::{ShopDifference, ShopDifferenceKind, ShopProof};
use crate::shops::compared::{ComparedOrder, ComparedShop};

pub(super) fn both_ways(
    ledger: &Ledger,
    comparison: &Comparison,
    judge: &Judge,
    shop: &mut dyn ComparedShop,
    going: &mut Going,
) -> Result<(), Stopped> {
    while !going.place.listed {
        comparison.goes_on()?;
        let page = shop.page(going.place.shop.as_deref(), judge.from)?;
        let mut listed = !page.more;
        for (order, behind) in page.orders {
            // what changed since is the next comparison's: else one of a busy shop would never come to its end
            if comparison.until.is_some_and(|until| order.changed > until) {
                listed = true;
                break;
            }
            going.looked_at(|proof| judge.order(ledger, shop, &order, proof))?;
            going.place.shop = Some(behind);
            comparison.goes_on()?;
        }
        going.place.listed = listed;
    }
    let at_once = shop.at_once();
    loop {
        comparison.goes_on()?;
        let after = going.place.after;
        let moved = ledger
            .read()
            .shop_orders_moved(judge.format, judge.from, after, at_once)?;
        let Some(last) = moved.last().copied() else {
            return Ok(());
        };
        let mut rows = Vec::new();
        for id in moved {
            let row = ledger.read().order(id)?;
            if !row.order.shop_order.id.is_empty() && judge.is_of_source(ledger, &row)? {
                rows.push(row);
            }
        }
        let asked: Vec<&str> = rows
            .iter()
            .map(|row| row.order.shop_order.id.as_str())
            .collect();
        let shown = match asked.is_empty() {
            true => Vec::new(),
            false => shop.orders(&asked)?,
        };
        for row in &rows {
            let of_row = |order: &&ComparedOrder| order.id == row.order.shop_order.id;
            let shown = shown.iter().find(of_row);
            going.looked_at(|proof| moved_here(ledger, judge, shop, (row, shown), proof))?;
            going.place.after = row.id;
            comparison.goes_on()?;
        }
        going.place.after = last;
    }
}

/// An order of the ledger of which goods left, or which was cancelled, and which the shop did not change since.
fn moved_here(
    ledger: &Ledger,
    judge: &Judge,
    shop: &mut dyn ComparedShop,
    (row, shown): (&OrderRow, Option<&ComparedOrder>),
    proof: &mut ShopProof,
) -> Result<(), Stopped> {
    let id = &row.order.shop_order.id;
    // what the shop lists, it lists among what changed as well: it was met there
    let was_met =
        |order: &&ComparedOrder| order.changed >= judge.from && row.order.date >= proof.since;
    if shown.filter(was_met).is_some() {
        return Ok(());
    }
    let found = match shown {
        Some(order) => Some(order.clone()),
        // one in the trash is in no list
        None => shop.order(id)?,
    };
    match found {
        Some(order) => judge.order(ledger, shop, &order, proof)?,
        None => proof.differs(ShopDifference {
            kind: ShopDifferenceKind::Gone,
            key: format!("gone {id}"),
            order: row.reference(),
            says: format!("it is {} here, and the shop has no order {id}", row.state),
            advice: "ask whoever runs the shop who deleted it".to_owned(),
            remedy: None,
            exception: None,
            at: row.updated,
        }),
    }
    Ok(())
}
