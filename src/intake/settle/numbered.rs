//! Orders of a source whose prefix is another now than when they came (`order_prefix`): what the shop says of them
//! later is of the order that is there, and never a second one under another number.

use crate::domain::order::Order;
use crate::intake::cards::CardWords;
use crate::intake::read::{ReadOrder, ShopCancellation, with_prefix};
use crate::ledger::orders::{NewOrder, OrderRow};
use crate::ledger::{LedgerError, Tx};

/// Keeps in mind that numbers of a source had this prefix; gives those that they had beside it.
fn other_prefixes(tx: &Tx, source: &str, prefix: &str) -> Result<Vec<String>, LedgerError> {
    let name = format!("order_prefixes:{source}");
    let kept = tx.setting(&name)?;
    let kept = kept.and_then(|text| serde_json::from_str::<Vec<String>>(&text).ok());
    let mut all = kept.unwrap_or_else(|| vec![String::new()]);
    if !all.iter().any(|one| one == prefix) {
        all.push(prefix.to_owned());
        let text = serde_json::json!(all).to_string();
        tx.set_setting(&name, &text, "orders of this source get this prefix now")?;
    }
    all.retain(|one| one != prefix);
    Ok(all)
}

/// The order that came by this source, from this signer, with this number in the shop, under another prefix.
fn renamed(
    tx: &Tx,
    message: i64,
    signer: &str,
    (number, in_shop): (&str, &str),
    is_it: impl Fn(&Order) -> bool,
) -> Result<Option<OrderRow>, LedgerError> {
    let Some(about) = tx.message_document(message)? else {
        return Ok(None); // a mail has no prefix
    };
    let source = tx.message(message)?.mailbox;
    let bare = in_shop.trim().trim_start_matches('#');
    let prefix = match number == in_shop {
        true => "",
        false => number.strip_suffix(bare).unwrap_or_default(),
    };
    for other in other_prefixes(tx, &source, prefix)? {
        for row in tx.orders_numbered(&with_prefix(&other, in_shop))? {
            let given = tx.order_given(&row)?.and_then(|given| given.signer);
            let came = tx.message_of_order(row.id)?;
            let same =
                came.is_some_and(|came| came.mailbox == source && came.sender == about.place);
            if same && given.as_deref() == Some(signer) && is_it(&row.order) {
                return Ok(Some(row));
            }
        }
    }
    Ok(None)
}

/// An order's document under the number that the order has here, where that is another; `None` as a rule.
pub(super) fn order(
    tx: &Tx,
    message: i64,
    signer: Option<&str>,
    read: &ReadOrder,
) -> Result<Option<ReadOrder>, LedgerError> {
    let new = &read.new.order;
    let numbers = (new.order_number.as_str(), new.number_for_customer());
    let Some(signer) = signer else {
        return Ok(None);
    };
    let same = |order: &Order| order.shop_order.id == new.shop_order.id;
    let Some(row) = renamed(tx, message, signer, numbers, same)? else {
        return Ok(None);
    };
    let mut order = new.clone();
    order.order_number.clone_from(&row.order.order_number);
    let own = &row.order.shop_order.order_number;
    order.shop_order.order_number.clone_from(own);
    let new = NewOrder::new(order, &read.new.format, read.new.masked.clone());
    Ok(Some(ReadOrder {
        identity: new.content_hash(),
        new,
        words: CardWords(read.words.0.clone()),
    }))
}

/// The number that the order has here which a cancellation is about.
pub(super) fn cancelled(
    tx: &Tx,
    message: i64,
    signer: Option<&str>,
    word: &ShopCancellation,
) -> Result<String, LedgerError> {
    let numbers = (word.number.as_str(), word.in_shop.as_str());
    let known = !tx.orders_numbered(&word.number)?.is_empty();
    if let (Some(signer), false) = (signer, known)
        && let Some(row) = renamed(tx, message, signer, numbers, |_| true)?
    {
        return Ok(row.order.order_number);
    }
    Ok(word.number.clone())
}

/// That an order is there already.
pub(super) fn repeats(same: &OrderRow, order: &ReadOrder) -> String {
    match same.order.order_number == order.new.order.order_number {
        true => "the same order in another wrapping".to_owned(),
        false => format!(
            "the same order in another wrapping: it is {} now",
            same.reference()
        ),
    }
}
