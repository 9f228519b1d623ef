//! An order that is there and comes again, changed in its shop: which of the two is newer, and what follows.
//!
//! Only a document that proves to be of the same order (who signed it, the shop's own key of the order) and
//! to be newer stands in the place of another: by what it says of when it was changed; a format of the site's own
//! that says nothing of it, by having come later. All else is an order of its own under the same number, which a
//! person compares (`duplicate_order_number`).

use super::known::Known;
use super::taken_over;
use crate::domain::codes::{Code, Remedy, Severity};
use crate::domain::differences::differences;
use crate::domain::foreign::cut;
use crate::domain::lifecycle::{DeliveryState, OrderState};
use crate::domain::order::{Order, OrderLine};
use crate::domain::shop_order::LineOption;
use crate::domain::text::typed;
use crate::formats;
use crate::intake::read::ReadOrder;
use crate::ledger::exceptions::Subject;
use crate::ledger::orders::{NewOrder, OrderRow};
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::taken::BY_SHOP;
use crate::ledger::{LedgerError, Tx};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// What a changed document came to.
pub(super) enum ShopChange {
    /// It says nothing new: the order, and why not.
    Nothing(OrderRow, String),
    /// It stands in the place of what was there: the order as it is now, and the difference.
    TakenOver(OrderRow, String),
    /// A person is asked.
    Asked(OrderRow, String),
}

/// What is the same for an order's document.
pub(super) struct Brought<'a> {
    /// The message.
    pub message: i64,
    /// Who signed it.
    pub signer: Option<&'a str>,
}

/// What a document is to the order that is there; `None` where it is none of it.
pub(super) fn changed(
    tx: &Tx,
    by: &Brought,
    order: &ReadOrder,
    known: Known,
) -> Result<Option<ShopChange>, LedgerError> {
    let new = &order.new.order;
    let (at, Some(signer)) = (new.changed_at(), by.signer) else {
        return Ok(None);
    };
    // an export of the site's own seldom dates its orders: then what comes later is newer
    if at.is_none() && formats::is_built_in(&order.new.format) {
        return Ok(None);
    }
    let Some((row, dated)) = same_order(tx, new, signer)? else {
        return Ok(None);
    };
    // two of one number in one document: neither is newer
    if at.is_none() && tx.order_came_by(&row, by.message)? {
        return Ok(None);
    }
    let dated = dated.or(row.order.changed_at().map(|at| at.to_utc()));
    if let (Some(at), Some(dated)) = (at, dated)
        && at.to_utc() < dated
    {
        let why = format!(
            "older than what is there: the shop changed it at {}, and what is there is of {}",
            at.to_rfc3339(),
            dated.to_rfc3339()
        );
        return Ok(Some(ShopChange::Nothing(row, why)));
    }
    let content = (Some(by.message), by.signer);
    tx.take_content(&row, new, &order.identity, content)?;
    let newer = match at {
        // an order of which nothing says when it was changed is as old as its date, and never as its arrival
        Some(at) => at.to_utc() > dated.unwrap_or(row.order.date.to_utc()),
        // an old export that comes late must take back no cancellation, and nothing that replaced it
        None => dated.is_none() && known == Known::New && !undoes(&row.order, new),
    };
    compared(tx, by, row, &order.new, newer).map(Some)
}

/// What a document that is not older than what is there comes to.
fn compared(
    tx: &Tx,
    by: &Brought,
    row: OrderRow,
    new: &NewOrder,
    newer: bool,
) -> Result<ShopChange, LedgerError> {
    if uncancels(tx, &row, &new.order)? {
        let said = "the shop has it, and as cancelled no more; a cancelled order is not sent by itself: \
                    `poms order add` with its document orders it anew";
        return ask(tx, by, row, said);
    }
    // in the shop, and as it is here
    let (there, here) = (undated(&new.order), undated(&row.order));
    let open = matches!(
        row.state,
        OrderState::Received | OrderState::Ready | OrderState::Held
    );
    if here == there || (!open && matters(&row, &here) == matters(&row, &there)) {
        let why = "nothing of it is other than what is there".to_owned();
        as_it_is_again(tx, by, &row)?;
        return Ok(ShopChange::Nothing(row, why));
    }
    let mut said = differences(&there, &here).join("; ");
    if said.is_empty() {
        said = "what the customer chose, or what the shop keeps beside".to_owned();
    }
    match newer && open && !tx.amended_by_hand(&row)? {
        true => take_over(tx, by, &row, new, &said),
        false => {
            match taken_over::words(&row, &new.order) {
                Some(words) if said.len() + words.len() < LONGEST - 300 => {
                    said.push_str(&format!(
                        ". To have the vendors follow, amend this: {words}"
                    ));
                }
                _ => said.push_str(&taken_off(&row, &new.order)),
            }
            ask(tx, by, row, &said)
        }
    }
}

/// What to type for each line of a placed order of which the shop wants fewer pieces; nothing where it wants none of
/// them at all, which is a cancellation.
fn taken_off(row: &OrderRow, new: &Order) -> String {
    let mut typed_words = String::new();
    let placed = matches!(row.state, OrderState::Placed | OrderState::PartlyShipped);
    if !placed || new.lines.is_empty() {
        return typed_words;
    }
    for (place, line) in row.order.lines.iter().enumerate() {
        let same = |one: &&OrderLine| one.sku.trim() == line.sku.trim();
        if row.order.lines.iter().filter(same).count() > 1 {
            continue; // nobody knows which of them
        }
        let fewer = line.qty - new.pieces_of(line);
        if fewer > 0 {
            typed_words.push_str(&format!(
                ". To take off what the shop does not want any more: poms order cancel {} --line {} --pieces {fewer} --note TEXT",
                typed(&row.reference()),
                place + 1
            ));
        }
    }
    typed_words
}

/// Whether the shop took an order back that is cancelled here for that, and has it again.
fn uncancels(tx: &Tx, row: &OrderRow, new: &Order) -> Result<bool, LedgerError> {
    let here = row.state == OrderState::Cancelled;
    if !here || !new.shop_order.says(Code::CancelledInShop).is_empty() {
        return Ok(false);
    }
    if !(row.order.shop_order.says(Code::CancelledInShop)).is_empty() {
        return Ok(true);
    }
    let cancel = Some(Remedy::Cancel.as_str());
    let asked = tx.exceptions_of_order(row.id)?;
    let mut asked = asked.iter().filter(|one| one.code == Code::ChangedInShop);
    Ok(asked.any(|one| one.resolution.as_deref() == cancel))
}

/// The shop changed it back to what it is here: a question about what was between says so.
fn as_it_is_again(tx: &Tx, by: &Brought, row: &OrderRow) -> Result<(), LedgerError> {
    let open = tx.open_exceptions_of_order(row.id)?;
    let Some(question) = open.iter().find(|one| one.code == Code::ChangedInShop) else {
        return Ok(());
    };
    let words = format!(
        "message {} has it as it is here; before that: {}",
        by.message, question.message
    );
    list(tx, row, &words)
}

/// An order, and when its shop had changed what came of it last.
type GivenOrder = (OrderRow, Option<DateTime<Utc>>);

/// The order of this number, signer and key in the shop that is there, and when the shop had changed what
/// came of it last.
fn same_order(tx: &Tx, new: &Order, signer: &str) -> Result<Option<GivenOrder>, LedgerError> {
    let mut found = Vec::new();
    for row in tx.orders_numbered(&new.order_number)? {
        let Some(given) = tx.order_given(&row)? else {
            continue;
        };
        let same = row.order.shop_order.id == new.shop_order.id;
        if same && given.signer.as_deref() == Some(signer) {
            found.push((row, given.changed_at));
        }
    }
    let one = found.pop();
    Ok(one.filter(|_| found.is_empty()))
}

/// Whether a document no more says what spoke against sending the order.
fn undoes(here: &Order, there: &Order) -> bool {
    let says = |order: &Order, code| !order.shop_order.says(code).is_empty();
    let codes = [
        Code::CancelledInShop,
        Code::RefundedInShop,
        Code::AlreadyFulfilled,
    ];
    codes
        .into_iter()
        .any(|code| says(here, code) && !says(there, code))
}

/// Without what says when the shop changed it.
fn undated(order: &Order) -> Order {
    let mut order = order.clone();
    order.shop_order.updated_at = None;
    order.extra.remove("updated_at");
    order
}

/// What of an order that is placed or cancelled matters to anybody: not how far the shop has it as sent,
/// which it learns from poms, and of a cancelled one not that the shop has it as cancelled too.
fn matters(row: &OrderRow, order: &Order) -> Value {
    let says = |code| match row.state {
        OrderState::Cancelled => Vec::new(),
        _ => order.shop_order.says(code),
    };
    let lines = order.lines.iter().map(|line| {
        json!([
            line.sku.trim(),
            line.ordered(),
            line.price(),
            unshipped_words(line)
        ])
    });
    let gone = order.shop_order.not_shipped.iter();
    let gone = gone.map(|line| json!([line.sku.trim(), line.qty, line.amount, line.description]));
    let mut lines: Vec<String> = lines.chain(gone).map(|line| line.to_string()).collect();
    lines.sort();
    json!({
        "lines": lines, "ship_to": order.ship_to, "customer": [order.customer.name, order.customer.email],
        "money": [order.total, order.discount.unwrap_or_default(), order.shipping, order.tax],
        "comments": order.comments, "gift": order.gift_message, "method": order.shipping_method,
        "cancelled": says(Code::CancelledInShop),
        "refunded": says(Code::RefundedInShop), "given_back": order.shop_order.given_back,
    })
}

/// A line as it is written once nothing of it is to be sent any more: with what was chosen.
fn unshipped_words(line: &OrderLine) -> String {
    let chosen = line.shop_line.options.iter().map(LineOption::to_string);
    let parts = std::iter::once(line.description.clone())
        .flatten()
        .chain(chosen);
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(" | ")
}

/// Puts it in the place of what was there; the rules look at it anew.
fn take_over(
    tx: &Tx,
    by: &Brought,
    row: &OrderRow,
    new: &NewOrder,
    said: &str,
) -> Result<ShopChange, LedgerError> {
    let why = format!("{BY_SHOP}{}: {said}", by.message);
    let taken = as_it_was_paid(&row.order, &new.order);
    let now = tx.amend_order(row, &taken, &new.masked, &why)?;
    if now.state == OrderState::Ready {
        tx.move_order(&now, OrderState::Held, &json!(why))?;
    }
    let words = format!("taken over as revision {}: {said}", now.revision);
    Ok(ShopChange::TakenOver(tx.order(now.id)?, words))
}

/// The order as the shop changed it; one that it cancels without saying what was paid is paid as it was before: what
/// nobody took is owed to nobody.
fn as_it_was_paid(before: &Order, new: &Order) -> Order {
    let (mut taken, shop) = (new.clone(), &before.shop_order);
    let cancelled = !new.shop_order.says(Code::CancelledInShop).is_empty();
    if cancelled && new.shop_order.received.is_none() && new.total == before.total {
        taken.shop_order.received = match shop.says(Code::NotPaid).is_empty() {
            true => shop.received,
            false => Some(shop.received.unwrap_or_default()),
        };
    }
    taken
}

/// Asks a person: what is there stands until then.
fn ask(tx: &Tx, by: &Brought, row: OrderRow, said: &str) -> Result<ShopChange, LedgerError> {
    let mut waiting = tx.deliveries_of_order(row.id)?.into_iter();
    let queued =
        |one: DeliveryRow| one.state == DeliveryState::Queued && one.kind.waits_for_change();
    let waits = match waiting.any(queued) {
        true => ". What has not left of it waits until this is decided",
        false => "",
    };
    let words = format!(
        "message {} has it otherwise than it is here ({}): {said}{waits}. Both: poms message show {} and poms order show {}",
        by.message,
        row.state,
        by.message,
        typed(&row.reference())
    );
    list(tx, &row, &words)?;
    Ok(ShopChange::Asked(row, words))
}

/// Characters of the exception's text.
const LONGEST: usize = 1500;

/// Puts it on the list; an order that is not placed is held by it.
pub(super) fn list(tx: &Tx, row: &OrderRow, words: &str) -> Result<(), LedgerError> {
    let about = Subject {
        order: Some(row.id),
        ..Subject::default()
    };
    let words = cut(words, LONGEST);
    tx.open_exception(
        Code::ChangedInShop,
        Severity::Hold,
        &row.entity(),
        about,
        &words,
    )?;
    if row.state == OrderState::Ready {
        tx.move_order(row, OrderState::Held, &json!(words))?;
    }
    Ok(())
}
