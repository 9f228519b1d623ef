//! Pieces and articles that come to an order, or go.

use super::PlacedChange;
use super::words::{ChangeWords, NewArticle};
use crate::desk::{Said, refused};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::Code;
use crate::domain::lifecycle::PoState;
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::owed::unpaid;
use crate::ledger::agreed::Agreed;
use crate::ledger::orders::OrderRow;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{LedgerError, Tx};
use crate::purchasing::reorder::{self, WantedPieces};
use crate::purchasing::revision::AddedLine;
use serde_json::{Value, json};

/// A line of an order as the canonical form has it.
pub(super) fn line(article: &NewArticle) -> Value {
    let mut line = json!({
        "sku": article.sku, "qty": article.qty, "unit_price": article.price.unwrap_or_default(),
    });
    if let Some(words) = &article.description {
        line["description"] = json!(words);
    }
    line
}

/// Has a line of the order be of more pieces, where more are wanted than the customer gets.
pub(super) fn grow(
    order: &mut Order,
    row: &OrderRow,
    (place, qty): (usize, i64),
    kept: &[i64],
) -> Result<(), LedgerError> {
    let more = qty - kept.get(place - 1).copied().unwrap_or(0);
    let Some(line) = order.lines.get_mut(place - 1).filter(|_| more > 0) else {
        return Ok(());
    };
    let alike = line.ordered() == line.qty;
    let full = line.price() == line.unit_price.times(line.qty);
    if !alike || !full {
        return Err(refused(BusinessRefusal::ambiguous(format!(
            "line {place} of order {} has a price of its own for the pieces that were ordered: order more as a line of \
             its own, lines.{}.sku={} with lines.{1}.qty and lines.{1}.unit_price",
            row.reference(),
            row.order.lines.len() + 1,
            line.sku.trim()
        ))));
    }
    line.qty += more;
    Ok(())
}

/// Writes the total, and what of it is paid.
pub(super) fn price(
    order: &mut Order,
    before: &Order,
    words: &ChangeWords,
) -> Result<(), LedgerError> {
    let too_large = || {
        refused(BusinessRefusal::over_limit(
            "the order's amounts are too large",
        ))
    };
    let beside = |order: &Order| -> Option<Money> {
        order.goods()?.plus(order.shipping)?.plus(order.added_tax())
    };
    let (was, now) = beside(before).zip(beside(order)).ok_or_else(too_large)?;
    let more = now.minus(was).ok_or_else(too_large)?;
    if more < Money::ZERO || order.shipping < before.shipping || order.tax < before.tax {
        return Err(refused(
            BusinessRefusal::not_for_this("an order does not become cheaper so").with_remedy(
                ": what is taken off it is owed by itself (`poms report refunds-due`)",
            ),
        ));
    }
    order.total = before.total.plus(more).ok_or_else(too_large)?;
    order.total.plausible().map_err(|_| too_large())?;
    let shop = &mut order.shop_order;
    if more > Money::ZERO
        && shop.received.is_none()
        && shop.says(Code::NotPaid).is_empty()
        && unpaid(before).is_none()
    {
        shop.received = Some(before.total);
    }
    if let Some(paid) = words.paid {
        if paid > order.total {
            return Err(refused(BusinessRefusal::over_limit(format!(
                "paid={paid} is more than the order's total, {}",
                order.total
            ))));
        }
        order.shop_order.received = (paid != order.total).then_some(paid);
    }
    Ok(())
}

/// Refuses to turn round what a vendor has not answered: a revision that took pieces of a line off, or asked for more.
pub(super) fn one_way(
    tx: &Tx,
    po: &PoRow,
    line: &LineState,
    more: bool,
) -> Result<(), LedgerError> {
    let Some(row) = tx.unanswered_revision(po.id)? else {
        return Ok(());
    };
    let had = Agreed::before(&row)?.of(line.line);
    let now = line.pieces.ordered - line.pieces.cancelled;
    let other = if more { now < had } else { now > had };
    match other {
        false => Ok(()),
        true => Err(refused(
            BusinessRefusal::wrong_state(format!(
                "revision {} changes {} the other way, and {} has not answered it",
                row.shown(),
                line.sku,
                po.vendor_name
            ))
            .with_remedy(": note what they say of it first (`poms po revision-agreed`, `poms po revision-refused`)"),
        )),
    }
}

/// More pieces of a line: from a vendor that is still to ship of it, else ordered anew.
pub(super) fn more(
    act: &mut PlacedChange,
    order: &OrderRow,
    (place, qty): (usize, i64),
    said: &mut Said,
) -> Result<(), LedgerError> {
    for change in act.pos.iter_mut().rev() {
        let po = act.tx.po(change.po)?;
        let states = act.tx.line_states(po.id)?;
        let own = states.into_iter().find(|line| {
            line.order_line == place as i64
                && line.coming() > 0
                && line.shares.rejected + line.shares.backordered == 0
        });
        let Some(own) = own else { continue };
        one_way(act.tx, &po, &own, true)?;
        said.push(format!(
            "{qty} more of {} from {}.",
            own.sku, po.vendor_name
        ));
        change.more.push((own, qty));
        return Ok(());
    }
    anew(act, order, (place - 1, qty), said)
}

/// Pieces of an article that was not ordered before.
pub(super) fn new(
    act: &mut PlacedChange,
    order: &OrderRow,
    (place, article): (usize, &NewArticle),
    said: &mut Said,
) -> Result<(), LedgerError> {
    let wanted = WantedPieces {
        place,
        qty: article.qty,
    };
    let vendor = reorder::offered_by(act.tx, order, &[wanted], &[])?;
    let offers = act.tx.offers_of(article.sku.trim())?;
    let offer = offers
        .into_iter()
        .find(|one| Some(&one.vendor_id) == vendor.as_ref());
    let Some(offer) = offer else {
        return Err(refused(BusinessRefusal::unknown(format!(
            "no vendor can be asked for {}",
            article.sku
        ))));
    };
    for change in &mut act.pos {
        let po = act.tx.po(change.po)?;
        let takes = !matches!(po.state, PoState::Rejected | PoState::Backordered);
        let open = act
            .tx
            .line_states(po.id)?
            .iter()
            .any(|line| line.pieces.open() > 0);
        if po.vendor_id == offer.vendor_id && takes && open {
            let ordered = order.order.lines.get(place);
            change.new.push(AddedLine {
                order_line: place as i64 + 1,
                sku: offer.sku.clone(),
                vendor_sku: offer.vendor_sku.clone(),
                description: ordered.map_or_else(String::new, |line| {
                    let words = line.description.as_deref();
                    line.described(words.unwrap_or(&offer.description))
                }),
                qty: article.qty,
                unit_cost: offer.cost,
                unit_price: article.price.unwrap_or_default(),
            });
            said.push(format!(
                "{} of {} from {}.",
                article.qty, article.sku, po.vendor_name
            ));
            return Ok(());
        }
    }
    anew(act, order, (place, article.qty), said)
}

/// A purchase order of its own.
fn anew(
    act: &mut PlacedChange,
    order: &OrderRow,
    (place, qty): (usize, i64),
    said: &mut Said,
) -> Result<(), LedgerError> {
    let wanted = WantedPieces { place, qty };
    let buyer = act.site.buyer();
    let made = reorder::place_again(act.tx, order, &buyer, &[wanted], &[], None)?;
    if made.is_empty() {
        let sku = order
            .order
            .lines
            .get(place)
            .map_or("", |line| line.sku.trim());
        return Err(refused(BusinessRefusal::unknown(format!(
            "no vendor can be asked for {sku}"
        ))));
    }
    for one in made {
        let po = act.tx.po(one.po)?;
        act.made += 1;
        said.push(format!(
            "{qty} of {} from {}: purchase order {}, which the next `poms process` sends.",
            order
                .order
                .lines
                .get(place)
                .map_or("", |line| line.sku.trim()),
            po.vendor_name,
            po.number
        ));
    }
    Ok(())
}
