//! Names that stand below what a vendor writes, without a courtesy between: "Confirmed." and below it
//! "Jane Roe", "Acme Home Goods".

use super::super::vocabulary::{BACKORDERED, DOUBT, TROUBLE, refusal};
use super::numbers::contacts;
use crate::domain::pattern::fits;
use crate::vendor_docs::text::quote;

/// Most such lines, and most words of one.
const MOST: (usize, usize) = (6, 8);
/// What may stand before a telephone number or an address.
const CONTACT: &[&str] = &[
    "phone", "ph", "tel", "fax", "cell", "mobile", "office", "direct", "toll", "ext", "email",
    "e-mail", "web", "o", "m", "t", "f", "p", "c",
];
/// Words that are no part of a name, however they are written.
const NO_NAMES: &[&str] = &[
    "order",
    "po",
    "item",
    "items",
    "price",
    "qty",
    "quantity",
    "date",
    "stock",
    "ship",
    "shipped",
    "address",
    "invoice",
    "payment",
    "bank",
    "account",
    "please",
    "color",
    "colour",
    "colors",
    "size",
    "finish",
    "model",
    "net",
    "cod",
    "prepaid",
    "prepay",
    "collect",
    "freight",
    "void",
    "voided",
    "hold",
    "final",
    "pickup",
    "ready",
    "free",
    "list",
    "total",
    "cost",
    "fee",
    "fees",
    "tax",
    "duty",
    "red",
    "blue",
    "green",
    "white",
    "black",
    "used",
    "refurbished",
    "damaged",
    "open",
    "box",
    "label",
    "pending",
    "recalled",
    "refused",
];

/// Takes names, and how to reach who has them, off the end: what is said, and whether it is strange, in the order of the text.
pub(super) fn cut(said: &mut Vec<(String, bool)>) {
    let Some(first) = said.iter().position(|(_, strange)| !strange) else {
        return;
    };
    let mut at = said.len();
    let last = at.saturating_sub(MOST.0).max(first + 1);
    while at > last {
        at -= 1;
        match &said[at] {
            (text, true) if is_name(text) => {
                said.remove(at);
            }
            (text, false) if is_name(text) => {}
            _ => return,
        }
    }
}

/// Whether a text is a courtesy with names below it, and nothing else: "Regards, Bob".
pub fn only_signed(own: &str) -> bool {
    let mut lines = own.lines().map(str::trim).filter(|line| !line.is_empty());
    let Some(first) = lines.next() else {
        return true;
    };
    let (head, name) = first.split_once(',').unwrap_or((first, ""));
    let name = name.trim();
    quote::signs_off(head) && (name.is_empty() || is_name(name)) && lines.all(is_name)
}

fn is_name(text: &str) -> bool {
    let signed = text.starts_with(['-', '–', '—', '~', '/']);
    let text = text.trim_start_matches(['-', '–', '—', '~', '/', ' ']);
    let lower = text.to_lowercase();
    let told = fits(&TROUBLE, &lower)
        || fits(&DOUBT, &lower)
        || fits(&BACKORDERED, &lower)
        || refusal(&lower).is_some();
    let text = contacts(text);
    let plain = |word: &str| {
        let bare = word.trim_matches(['.', ',', '(', ')', '|', ':', '#']);
        let number = bare.bytes().all(|b| b.is_ascii_digit() || b == b'-') && bare.len() <= 10;
        if number || CONTACT.contains(&bare.to_lowercase().as_str()) {
            return true;
        }
        let letters = bare
            .chars()
            .all(|c| c.is_alphabetic() || "'’.-&".contains(c));
        let small = ["of", "and", "the", "&", "de", "van", "von", "-", "|", ""].contains(&bare);
        let capital = bare.chars().next().is_some_and(char::is_uppercase);
        let allowed = !NO_NAMES.contains(&bare.to_lowercase().as_str());
        letters && allowed && (small || capital || signed)
    };
    let count = text.split_whitespace().count();
    // a number by itself is no name
    let named = text.chars().any(char::is_alphabetic) || count == 0;
    !told && named && count <= MOST.1 && text.split_whitespace().all(plain)
}
