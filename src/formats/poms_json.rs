//! poms JSON: the shop's own format, as the contract has it. It is the canonical form itself.

use super::{OrderDocument, OrderFormat, OrdersRead};

/// The registry's entry.
pub const FORMAT: OrderFormat = OrderFormat {
    name: "poms-json",
    about: "poms JSON: order_number, customer, ship_to, lines, money as decimal strings",
    claims,
    read,
};

/// An object that has the two keys which no other format has together. A document that lacks one
/// of them is claimed as well when it has nothing of the other formats, so that the error can name
/// the missing key. The shop's word that an order is cancelled has the key `cancel`.
fn claims(document: &OrderDocument) -> bool {
    let has = |key: &str| document.json().is_ok_and(|json| json.get(key).is_some());
    let cancels = || {
        let word = document.json().ok().and_then(|json| json.get("cancel"));
        word.is_some_and(|word| word.is_string() || word.is_number())
    };
    (has("order_number") && !has("line_items")) || (has("ship_to") && has("lines")) || cancels()
}

fn read(document: &OrderDocument) -> OrdersRead {
    document.json().map(|json| vec![Ok(json.clone())])
}
