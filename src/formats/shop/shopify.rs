//! What Shopify's own state says against placing an order, by the keys of either of its interfaces.

use super::{At, ShopDraft, hold_collected, is_collected_by_name};
use crate::domain::codes::Code;
use crate::formats::FormatError;

/// Holds an order by a way of shipping that is none: by its category, its key or its name.
///
/// # Errors
/// One of these that is no text.
pub fn hold_unsent(way: &At, category: &str, draft: &mut ShopDraft) -> Result<(), FormatError> {
    let own = way.text(category)?;
    if !matches!(own.to_lowercase().as_str(), "" | "shipping") {
        hold_collected(draft, &format!("{}.{category}", way.path), &own);
        return Ok(());
    }
    for key in ["code", "source", "title"] {
        let own = way.text(key)?;
        if is_collected_by_name(&own) {
            hold_collected(draft, &format!("{}.{key}", way.path), &own);
            break;
        }
    }
    Ok(())
}

/// The keys and words of one interface.
pub struct ShopifyGate {
    pub cancelled_at: &'static str,
    pub cancel_reason: &'static str,
    pub money: &'static str,
    pub fulfilment: &'static str,
    /// Words under `fulfilment` by which nothing was sent, in small letters.
    pub nothing_sent: &'static [&'static str],
    pub closed_at: &'static str,
}

/// Notes what the shop's state says against placing an order.
///
/// # Errors
/// A state that is no text.
pub fn gate(at: &At, keys: &ShopifyGate, draft: &mut ShopDraft) -> Result<(), FormatError> {
    if at.flag("test") {
        draft.hold(Code::TestOrder, "test is true".to_owned());
    }
    let cancelled = at.text(keys.cancelled_at)?;
    if !cancelled.is_empty() {
        let reason = at.text(keys.cancel_reason)?;
        draft.hold(
            Code::CancelledInShop,
            match reason.is_empty() {
                true => format!("{} is {cancelled}", keys.cancelled_at),
                false => format!(
                    "{} is {cancelled}, {} is \"{reason}\"",
                    keys.cancelled_at, keys.cancel_reason
                ),
            },
        );
    }
    if at.value.get("confirmed") == Some(&serde_json::Value::Bool(false)) {
        let said = "confirmed is false: the shop has not set its goods apart".to_owned();
        draft.hold(Code::UnclearOrder, said);
    }
    let money = at.text(keys.money)?;
    let said = format!("{} is \"{money}\"", keys.money);
    match money.to_lowercase().as_str() {
        "paid" => {}
        "refunded" | "partially_refunded" => draft.hold(Code::RefundedInShop, said),
        _ => draft.hold(Code::NotPaid, said),
    }
    let sent = at.text(keys.fulfilment)?;
    if matches!(sent.to_lowercase().as_str(), "on_hold" | "scheduled") {
        draft.hold(
            Code::UnclearOrder,
            format!(
                "{} is \"{sent}\": the shop does not want it sent now",
                keys.fulfilment
            ),
        );
    } else if !sent.is_empty() && !keys.nothing_sent.contains(&sent.to_lowercase().as_str()) {
        let said = format!("{} is \"{sent}\"", keys.fulfilment);
        draft.hold(Code::AlreadyFulfilled, said);
    }
    let closed = at.text(keys.closed_at)?;
    if !closed.is_empty() && cancelled.is_empty() {
        draft.hold(
            Code::AlreadyFulfilled,
            format!("{} is {closed}", keys.closed_at),
        );
    }
    Ok(())
}
