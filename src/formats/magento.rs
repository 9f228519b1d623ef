//! Magento 2 (Adobe Commerce): an order of the REST API, `GET /V1/orders`. Amounts are those of the
//! order's currency, not the `base_` ones.
//! <https://developer.adobe.com/commerce/webapi/rest/quick-reference/>

use super::shop::{self, AddressKeys, At, Part, ShopDraft, ShopDraftLine};
use super::{FormatError, OrderDocument, OrderFormat, OrdersRead};
use crate::domain::codes::Code;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::collections::HashMap;

/// The registry's entry.
pub const FORMAT: OrderFormat = OrderFormat {
    name: "magento",
    about: "Magento 2 or Adobe Commerce order: REST API",
    claims,
    read,
};

const NAME: &str = "magento";

fn claims(document: &OrderDocument) -> bool {
    shop::all_have(document, |record| {
        record.get("increment_id").is_some() && record.get("items").is_some_and(Value::is_array)
    })
}

fn read(document: &OrderDocument) -> OrdersRead {
    shop::read_each(NAME, document, order)
}

const ADDRESS: AddressKeys = AddressKeys {
    name: &[],
    first: "firstname",
    last: "lastname",
    company: &["company"],
    street: ["street", ""],
    city: "city",
    state: &["region_code", "region"],
    zip: "postcode",
    country: &["country_id"],
};

/// What is used, so that what is kept beside does not repeat it.
const USED: &str = "increment_id entity_id created_at order_currency_code items billing_address \
    payment state status grand_total shipping_amount tax_amount discount_amount subtotal \
    shipping_description extension_attributes customer_email customer_firstname customer_lastname \
    customer_id customer_note total_refunded total_due total_paid is_virtual updated_at";

/// What is never kept: where the customer sat, and keys to the cart.
const NEVER: &str = "remote_ip x_forwarded_for protect_code quote_id status_histories";

/// What is kept of a line.
const KEPT: &str = "item_id product_id product_type";

fn order(at: &At) -> Result<Value, FormatError> {
    // an invoice, a shipment and a credit memo have a number and lines, too
    if at.key("grand_total").is_none() || at.key("order_id").is_some() {
        return Err(at.fault("is no order, but an invoice, a shipment or a credit memo of one"));
    }
    let mut draft = ShopDraft::new(at);
    draft.id = at.first(&["entity_id", "increment_id"])?;
    draft.set("order_number", at.need("increment_id")?);
    draft.set(
        "currency",
        at.first(&["order_currency_code", "base_currency_code"])?,
    );
    // UTC, without saying so
    let date = at.need("created_at")?;
    draft.set("date", format!("{}Z", date.replace(' ', "T")));
    draft.updated_at = format!("{}Z", at.text("updated_at")?.replace(' ', "T"));
    people(at, &mut draft)?;
    gate(at, &mut draft)?;
    lines(at, &mut draft)?;
    money(at, &mut draft)?;
    draft.set("comments", at.text("customer_note")?);
    draft.set("gift_message", gift_message(at)?);
    draft.keep(NAME, USED, NEVER);
    draft.canonical()
}

/// A gift message of the order or of a line, with from whom and for whom it is.
fn gift_message(at: &At) -> Result<String, FormatError> {
    let Some(own) = at.below(&["extension_attributes", "gift_message"]) else {
        return Ok(String::new());
    };
    let (from, to) = (own.text("sender")?, own.text("recipient")?);
    let mut parts = vec![own.text("message")?];
    for (word, name) in [("For", to), ("From", from)] {
        if !name.is_empty() {
            parts.push(format!("{word}: {name}"));
        }
    }
    Ok(match parts[0].is_empty() {
        true => String::new(),
        false => parts.join("\n"),
    })
}

/// What goes to which address.
fn parts<'a>(ways: &[At<'a>]) -> Result<Vec<Part<'a>>, FormatError> {
    let mut parts = Vec::new();
    for way in ways {
        let mut lines = Vec::new();
        for item in way.list("items")? {
            let (pieces, name) = (item.text("qty_ordered")?, item.first(&["sku", "name"])?);
            lines.push(format!("{pieces} of {name}"));
        }
        let to = way.below(&["shipping", "address"]);
        parts.push(Part { to, lines });
    }
    Ok(parts)
}

fn people(at: &At, draft: &mut ShopDraft) -> Result<(), FormatError> {
    let bill = at.key("billing_address");
    let attributes = at.key("extension_attributes");
    let ways = match &attributes {
        Some(at) => at.list("shipping_assignments")?,
        None => Vec::new(),
    };
    if ways.len() > 1 {
        shop::hold_parted(draft, &parts(&ways)?, &ADDRESS)?;
    }
    for way in &ways {
        let Some(way) = way.key("shipping") else {
            continue;
        };
        let method = way.text("method")?;
        let fetched = way.below(&["extension_attributes", "pickup_location_code"]);
        if shop::is_collected(&method) || fetched.is_some_and(|at| !at.says_nothing()) {
            shop::hold_collected(draft, &format!("{}.method", way.path), &method);
        }
    }
    let to = ways
        .first()
        .and_then(|way| way.below(&["shipping", "address"]));
    let phone_of = |at: &Option<At>| match at {
        Some(at) => at.text("telephone"),
        None => Ok(String::new()),
    };
    let bill_to = shop::address(bill.as_ref(), &ADDRESS)?;
    let name = shop::joined(&[
        at.text("customer_firstname")?,
        at.text("customer_lastname")?,
    ]);
    let mut who = json!({
        "name": if name.is_empty() { bill_to["name"].clone() } else { json!(name) },
        "email": at.text("customer_email")?,
        "phone": match phone_of(&to)? {
            none if none.is_empty() => phone_of(&bill)?,
            phone => phone,
        },
    });
    match at.text("customer_id")?.as_str() {
        "" | "0" => {}
        id => who["id"] = json!(id),
    }
    draft.set("customer", who);
    draft.set("ship_to", shop::address(to.as_ref(), &ADDRESS)?);
    if bill.is_some() {
        draft.set("bill_to", bill_to);
    }
    Ok(())
}

/// What the shop's state says against placing it.
fn gate(at: &At, draft: &mut ShopDraft) -> Result<(), FormatError> {
    let (state, status) = (at.text("state")?, at.text("status")?);
    let said = format!("state is \"{state}\", status is \"{status}\"");
    match state.as_str() {
        // the status may say more than the state: "fraud", "holded", and a shop's own words
        "processing" if matches!(status.as_str(), "" | "processing") => {}
        "complete" => draft.hold(Code::AlreadyFulfilled, said),
        "closed" => draft.hold(Code::RefundedInShop, said),
        "canceled" => draft.hold(Code::CancelledInShop, said),
        // new, pending_payment, payment_review, holded, and what nobody knows
        _ => draft.hold(Code::NotPaid, said),
    }
    let amount = |key: &str| at.amount(key).map(Option::unwrap_or_default);
    let refunded = amount("total_refunded")?;
    if !refunded.is_zero() {
        draft.hold(
            Code::RefundedInShop,
            format!("total_refunded is {refunded}"),
        );
    }
    let due = amount("total_due")?;
    if due > Decimal::ZERO && state == "processing" && method(at)? != "cashondelivery" {
        draft.hold(Code::NotPaid, format!("total_due is {due}"));
    }
    Ok(())
}

fn method(at: &At) -> Result<String, FormatError> {
    match at.key("payment") {
        Some(payment) => payment.text("method"),
        None => Ok(String::new()),
    }
}

fn lines(at: &At, draft: &mut ShopDraft) -> Result<(), FormatError> {
    let items = at.list("items")?;
    let mut kinds = HashMap::new();
    for item in &items {
        kinds.insert(item.text("item_id")?, item.text("product_type")?);
    }
    for item in items {
        let parent = kinds.get(&item.text("parent_item_id")?).map(String::as_str);
        // a configurable article's line has the SKU and the price of the one that was chosen
        if parent == Some("configurable") {
            continue;
        }
        let ordered = item.needed_pieces("qty_ordered")?;
        let pieces = |key: &str| item.pieces(key).map(Option::unwrap_or_default);
        let off = pieces("qty_refunded")? + pieces("qty_canceled")?;
        let gone = pieces("qty_shipped")? + off;
        let options = ["product_option", "extension_attributes", "custom_options"];
        let (name, value) = (["option_title", "option_id"], ["option_value"]);
        let mut choices = shop::choices(item.below(&options), &name, &value);
        choices.add_text("Gift message", gift_message(&item)?);
        let options = draft.chosen(&choices);
        let kind = item.text("product_type")?;
        draft.line(ShopDraftLine {
            sku: item.text("sku")?,
            description: shop::plain(&item.text("name")?),
            ordered,
            wanted: (ordered - gone).clamp(0, ordered.max(0)),
            taken_off: off,
            amount: item.amount("row_total")?.unwrap_or_default(),
            options,
            not_shipped: match (kind.as_str(), item.flag("is_virtual")) {
                ("bundle", _) => Some("a set, whose parts are lines of their own"),
                ("giftcard" | "mageworx_giftcards", _) => Some("a gift card"),
                ("downloadable" | "virtual", _) | (_, true) => Some("needs no shipping"),
                _ => None,
            },
            extra: shop::kept(NAME, &item, KEPT, &choices),
            ..ShopDraftLine::default()
        });
    }
    Ok(())
}

fn money(at: &At, draft: &mut ShopDraft) -> Result<(), FormatError> {
    let amount = |key: &str| at.amount(key).map(Option::unwrap_or_default);
    draft.amount("shipping", amount("shipping_amount")?);
    draft.amount("tax", amount("tax_amount")?);
    // written with a minus
    draft.amount("discount", amount("discount_amount")?.abs());
    let cards = of_balances(at, &BALANCES)?;
    draft.amount("total", at.needed_amount("grand_total")? + cards);
    draft.paid = paid(at, cards)?;
    let mut payment = json!({"method": method(at)?});
    let reference = at.below(&["payment", "last_trans_id"]);
    if let Some(reference) = reference.filter(|at| !at.says_nothing()) {
        payment["reference"] = json!(reference.own_text()?);
    }
    if !cards.is_zero() {
        payment["by_gift_card"] = json!(cards.to_string());
    }
    draft.set("payment", payment);
    draft.set("shipping_method", at.text("shipping_description")?);
    Ok(())
}

/// What was paid by a balance at the shop, and what of that went back.
const BALANCES: [&str; 3] = [
    "gift_cards_amount",
    "customer_balance_amount",
    "reward_currency_amount",
];
const BALANCES_BACK: [&str; 3] = [
    "gift_cards_refunded",
    "customer_balance_refunded",
    "rwrd_currency_amount_refunded",
];

fn of_balances(at: &At, keys: &[&str]) -> Result<Decimal, FormatError> {
    let mut sum = Decimal::ZERO;
    if let Some(attributes) = at.key("extension_attributes") {
        for key in keys {
            sum += attributes.amount(key)?.unwrap_or_default().abs();
        }
    }
    Ok(sum)
}

/// What the customer paid and got back; `None` where the order does not say. A key is left out where nothing was
/// paid or given back yet.
fn paid(at: &At, cards: Decimal) -> Result<Option<(Decimal, Decimal)>, FormatError> {
    let state = at.text("state")?;
    let total = at.needed_amount("grand_total")?;
    let by_money = match (at.amount("total_paid")?, at.amount("total_due")?) {
        (Some(paid), _) => paid,
        (None, Some(due)) => total - due,
        // taken off with the order
        (None, None) if matches!(state.as_str(), "new" | "pending_payment" | "payment_review") => {
            Decimal::ZERO
        }
        (None, None) => return Ok(None),
    };
    let back = at.amount("total_refunded")?.unwrap_or_default();
    let back = back + of_balances(at, &BALANCES_BACK)?;
    // closed by a credit memo that the document does not have
    let untold = back.is_zero() && state == "closed";
    Ok((!untold).then_some((by_money.max(Decimal::ZERO) + cards, back)))
}
