//! What Shopify's own state says against placing an order, by the keys of either of its interfaces.

use super::{At, ShopDraft};
use crate::domain::codes::Code;
use crate::formats::FormatError;

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
            format!(
                "{} is {cancelled}, {} is \"{reason}\"",
                keys.cancelled_at, keys.cancel_reason
            ),
        );
    }
    let money = at.text(keys.money)?;
    let said = format!("{} is \"{money}\"", keys.money);
    match money.to_lowercase().as_str() {
        "paid" => {}
        "refunded" | "partially_refunded" => draft.hold(Code::RefundedInShop, said),
        _ => draft.hold(Code::NotPaid, said),
    }
    let sent = at.text(keys.fulfilment)?;
    if !sent.is_empty() && !keys.nothing_sent.contains(&sent.to_lowercase().as_str()) {
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
