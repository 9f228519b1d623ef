//! What plugins of WooCommerce write beside an order and its lines (`meta_data`): gift cards, gift messages, days
//! that the customer chose, and that nobody paid because the payment was a test.

use super::super::FormatError;
use super::super::shop::{At, Choices, ShopDraft, plain};
use crate::domain::codes::Code;
use crate::domain::shop_order::LineOption;
use serde_json::json;

/// How the keys begin that plugins for gift cards write to the line of one: PW Gift Cards, WooCommerce Gift Cards,
/// YITH.
const GIFT_CARDS: [&str; 4] = ["pw_gift_card", "wc_gc_giftcard", "ywgc_", "gift_card_code"];

/// Words one of which is in the name of what the customer wants of an order as a whole.
const WISHES: [&str; 8] = [
    "gift",
    "message",
    "note",
    "notes",
    "delivery",
    "pickup",
    "instructions",
    "comments",
];

/// How the keys begin of what the customer typed, though a `_` stands before them.
const TYPED: [&str; 5] = [
    "_billing_",
    "_shipping_",
    "_wc_other/",
    "_wc_billing/",
    "_wc_shipping/",
];

/// What a shop makes of both addresses for its own search.
const INDEX: [&str; 2] = ["_billing_address_index", "_shipping_address_index"];

/// Whether a line is a gift card.
pub(super) fn is_gift_card(line: &At) -> Result<bool, FormatError> {
    for entry in line
        .key("meta_data")
        .map(|at| at.entries())
        .unwrap_or_default()
    {
        let key = entry.text("key")?.to_lowercase();
        let bare = key.trim_start_matches('_');
        if GIFT_CARDS.iter().any(|card| bare.starts_with(card)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What stands beside an order: what the customer wants, for a person to read, and what is only kept. Holds a
/// payment that was a test.
pub(super) fn of_order(at: &At, draft: &mut ShopDraft) -> Result<Choices, FormatError> {
    let mut found = Choices::default();
    for entry in at
        .key("meta_data")
        .map(|at| at.entries())
        .unwrap_or_default()
    {
        let (name, Some(value)) = (entry.text("key")?, entry.key("value")) else {
            continue;
        };
        let key = name.to_lowercase();
        let text = value.own_text().map(|text| plain(&text));
        if let Ok(said) = &text
            && is_test(&key, &said.to_lowercase())
        {
            draft.hold(Code::TestOrder, format!("{name} is \"{said}\""));
        }
        let typed = TYPED.iter().any(|own| key.starts_with(own)) && !INDEX.contains(&&*key);
        if value.says_nothing() || (key.starts_with('_') && !typed) || is_secret(&key) {
            continue;
        }
        let mut words = key.split(|c: char| !c.is_alphanumeric());
        match (words.any(|word| WISHES.contains(&word)), text) {
            (true, Ok(value)) => found.options.push(LineOption { name, value }),
            (true, Err(_)) => found.unprintable.push(value.path),
            (false, _) => found
                .internal
                .push(json!({"name": name, "value": value.value})),
        }
    }
    Ok(found)
}

/// Whether a plugin for payments says that it only tried.
fn is_test(key: &str, said: &str) -> bool {
    let way = key.ends_with("_mode") || key.ends_with("_environment");
    let tried = way && matches!(said, "test" | "sandbox");
    let flag = key.ends_with("test_mode") || key.ends_with("testmode");
    tried || (flag && matches!(said, "yes" | "true" | "1" | "on"))
}

/// Whether it opens something or is money: never kept.
fn is_secret(key: &str) -> bool {
    const SECRETS: [&str; 8] = [
        "token", "secret", "nonce", "password", "code", "number", "ip", "hash",
    ];
    let mut words = key.split(|c: char| !c.is_alphanumeric());
    words.any(|word| SECRETS.contains(&word))
}
