//! A content of an order that came before: whether it is what stands, or a state that returns after another.
//!
//! A file read twice, a page that a shop gave before and a mail sent once more do nothing. What the shop changed
//! away from and back to is a change like every other; where nothing says when, a person is asked.

use super::changed::{Brought, list};
use crate::domain::lifecycle::{MessageState, OrderState};
use crate::domain::order::Order;
use crate::domain::text::typed;
use crate::intake::read::ReadOrder;
use crate::ledger::orders::OrderRow;
use crate::ledger::{LedgerError, Tx};
use chrono::SubsecRound;

/// What a content is to the order that it made, or equals.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// It is neither.
    New,
    /// It stands, or is an old document once more: nothing follows.
    Repeats,
    /// It never came, and the order is here like it, by a person's hand.
    Matches,
    /// Another content came after it.
    Returns,
}

/// What a document is whose content came before, or is that of the order as it is here.
pub(super) fn known(
    tx: &Tx,
    same: Option<&OrderRow>,
    order: &ReadOrder,
    by: &Brought,
) -> Result<Known, LedgerError> {
    let Some(same) = same else {
        return Ok(Known::New);
    };
    let new = &order.new.order;
    let came = tx.contents_of(same.id, &new.order_number)?;
    let Some(last) = came.last() else {
        return Ok(Known::Repeats); // from before contents were kept
    };
    let is = |hash: &[u8; 32]| came.iter().rev().find(|one| one.is(hash));
    let Some(before) = is(&order.identity) else {
        return Ok(Known::Matches);
    };
    let Some(at) = new.changed_at().map(|at| at.to_utc().trunc_subsecs(3)) else {
        // two of one number in one document: neither is newer
        let here = tx.order_came_by(same, by.message)?;
        let stands = last.is(&order.identity) && !followed(tx, same, new, by.message)?;
        return Ok(match here || stands {
            true => Known::Repeats,
            false => Known::Returns,
        });
    };
    if before.changed_at.is_some_and(|known| at <= known.time()) {
        return Ok(Known::Repeats);
    }
    if !last.is(&order.identity) {
        return Ok(Known::Returns);
    }
    // the shop touched it: what it was between the two is older
    if came
        .iter()
        .all(|one| one.changed_at.is_none_or(|known| at > known.time()))
    {
        tx.take_content(same, new, &order.identity, (Some(by.message), by.signer))?;
    }
    Ok(Known::Repeats)
}

/// Whether another order of the same number and key in the shop came later, by another message.
fn followed(tx: &Tx, same: &OrderRow, new: &Order, message: i64) -> Result<bool, LedgerError> {
    let own = tx.order_given(same)?.and_then(|given| given.signer);
    for row in tx.orders_numbered(&new.order_number)? {
        let later = row.id > same.id && row.order.shop_order.id == new.shop_order.id;
        // of one that is held a person is asked already
        let asked = row.state == OrderState::Held;
        if !later || asked || tx.order_came_by(&row, message)? {
            continue;
        }
        let brought = tx.contents_of(same.id, &new.order_number)?;
        let together = brought
            .iter()
            .filter_map(|one| one.message)
            .try_fold(false, |any, by| {
                Ok::<_, LedgerError>(any || tx.order_came_by(&row, by)?)
            })?;
        let given = tx.order_given(&row)?.and_then(|given| given.signer);
        if !together && given.is_some() && given == own {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What becomes of a message with a content that came before, and why; `asked` is whether a person is asked.
pub(super) fn came_before(
    tx: &Tx,
    by: &Brought,
    (same, order): (&OrderRow, &ReadOrder),
    asked: bool,
) -> Result<(MessageState, Option<String>), LedgerError> {
    if asked {
        let said = ask(tx, by, same, order)?;
        return Ok((MessageState::Accepted, Some(said)));
    }
    // read again, this very message brought it
    Ok(match tx.came_with(same.id, by.message)? {
        true => (MessageState::Accepted, None),
        false => {
            let said = super::numbered::repeats(same, order);
            (MessageState::Duplicate, Some(said))
        }
    })
}

/// Asks a person about a state that returns of which nobody can say whether it is the newest.
fn ask(tx: &Tx, by: &Brought, same: &OrderRow, order: &ReadOrder) -> Result<String, LedgerError> {
    let words = format!(
        "message {} says again what came before another state of this order, and nothing in it proves that it is newer: ask the \
         shop how the order is now. Both: poms message show {} and poms order show {}",
        by.message,
        by.message,
        typed(&same.reference())
    );
    let content = (Some(by.message), by.signer);
    tx.take_content(same, &order.new.order, &order.identity, content)?;
    list(tx, same, &words)?;
    Ok(words)
}
