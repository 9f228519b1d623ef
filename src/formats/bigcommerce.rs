//! BigCommerce's order of the REST Management API v2, with its `products` and `shipping_addresses` in the
//! document (the API has them as resources of their own; the webhook has only the order's id).
//! <https://developer.bigcommerce.com/docs/rest-management/orders>

use super::shop::{self, AddressKeys, At, Part, ShopDraft, ShopDraftLine};
use super::{FormatError, OrderDocument, OrderFormat, OrdersRead};
use crate::domain::codes::Code;
use chrono::DateTime;
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// The registry's entry.
pub const FORMAT: OrderFormat = OrderFormat {
    name: "bigcommerce",
    about: "BigCommerce order: REST Management API v2, with products and shipping_addresses",
    claims,
    read,
};

const NAME: &str = "bigcommerce";

fn claims(document: &OrderDocument) -> bool {
    shop::all_have(document, |record| {
        record.get("status_id").is_some() && record.get("subtotal_ex_tax").is_some()
    })
}

fn read(document: &OrderDocument) -> OrdersRead {
    shop::read_each(NAME, document, order)
}

const ADDRESS: AddressKeys = AddressKeys {
    name: &[],
    first: "first_name",
    last: "last_name",
    company: &["company"],
    street: ["street_1", "street_2"],
    city: "city",
    state: &["state"],
    zip: "zip",
    country: &["country_iso2", "country"],
};

/// What is used, so that what is kept beside does not repeat it.
const USED: &str = "id date_created date_modified currency_code status_id status custom_status products \
    shipping_addresses billing_address customer_id customer_message total_inc_tax total_ex_tax \
    total_tax subtotal_ex_tax subtotal_inc_tax shipping_cost_ex_tax shipping_cost_inc_tax \
    handling_cost_ex_tax handling_cost_inc_tax wrapping_cost_ex_tax wrapping_cost_inc_tax \
    discount_amount coupon_discount payment_method payment_status is_deleted refunded_amount \
    store_credit_amount gift_certificate_amount coupons consignments";

/// What is never kept: where the customer sat, and keys to the cart.
const NEVER: &str = "ip_address ip_address_v6 cart_id geoip_country geoip_country_iso2";

/// What is kept of a line.
const KEPT: &str = "id product_id variant_id order_address_id";

fn order(at: &At) -> Result<Value, FormatError> {
    let mut draft = ShopDraft::new(at);
    draft.id = at.need("id")?;
    let number = draft.id.clone();
    draft.set("order_number", number);
    draft.set("currency", at.need("currency_code")?);
    let date = at.need("date_created")?;
    let read = DateTime::parse_from_rfc2822(&date);
    let read = read.or_else(|_| DateTime::parse_from_rfc3339(&date));
    let date = read.map_err(|_| at.fault("has no date of RFC 2822 under date_created"))?;
    draft.set("date", date.to_rfc3339());
    let changed = DateTime::parse_from_rfc2822(&at.text("date_modified")?);
    draft.updated_at = changed.map_or_else(|_| String::new(), |changed| changed.to_rfc3339());
    gate(at, &mut draft)?;
    people(at, &mut draft)?;
    let included = included(at)?;
    lines(at, included, &mut draft)?;
    money(at, included, &mut draft)?;
    draft.keep(NAME, USED, NEVER);
    draft.canonical()
}

/// What the shop's state says against placing it; by the number, as shops give the words others.
/// <https://developer.bigcommerce.com/docs/rest-management/orders/order-status>
fn gate(at: &At, draft: &mut ShopDraft) -> Result<(), FormatError> {
    let status = at.text("status_id")?;
    let said = format!("status_id is {status} ({})", at.text("status")?);
    match status.as_str() {
        // awaiting fulfilment, awaiting shipment
        "11" | "9" => {}
        "2" | "3" | "10" => draft.hold(Code::AlreadyFulfilled, said),
        "4" | "14" => draft.hold(Code::RefundedInShop, said),
        "5" => draft.hold(Code::CancelledInShop, said),
        // fetched in the shop
        "8" => draft.hold(Code::NothingToShip, said),
        _ => draft.hold(Code::NotPaid, said),
    }
    if at.flag("is_deleted") {
        draft.hold(Code::CancelledInShop, "is_deleted is true".to_owned());
    }
    let payment = at.text("payment_status")?;
    match payment.to_lowercase().as_str() {
        // by transfer, in cash: the shop's word is its state
        "" | "paid" | "captured" => {}
        "refunded" | "partially refunded" => {
            draft.hold(
                Code::RefundedInShop,
                format!("payment_status is \"{payment}\""),
            );
        }
        _ => draft.hold(Code::NotPaid, format!("payment_status is \"{payment}\"")),
    }
    let refunded = at.amount("refunded_amount")?.unwrap_or_default();
    if !refunded.is_zero() {
        draft.hold(
            Code::RefundedInShop,
            format!("refunded_amount is {refunded}"),
        );
    }
    Ok(())
}

/// A list that the API has as a resource of its own.
fn resource<'a>(at: &At<'a>, key: &str) -> Result<Vec<At<'a>>, FormatError> {
    match at.key(key) {
        Some(own) if own.value.is_array() => Ok(own.entries()),
        _ => Err(at.fault(&format!(
            "has no {key}: fetch `/orders/ID/{}` and put the list under this key",
            key.replace('_', "")
        ))),
    }
}

/// What goes to which address: one part, as a rule. An address to which nothing goes is none.
fn parts<'a>(at: &At<'a>) -> Result<Vec<Part<'a>>, FormatError> {
    let mut parts: Vec<(String, Part)> = Vec::new();
    for to in resource(at, "shipping_addresses")? {
        let (id, lines) = (to.text("id")?, Vec::new());
        parts.push((
            id,
            Part {
                to: Some(to),
                lines,
            },
        ));
    }
    for line in resource(at, "products")? {
        if parts.len() < 2 || matches!(line.text("type")?.as_str(), "digital" | "giftcertificate") {
            continue;
        }
        let name = line.first(&["sku", "name"])?;
        let words = format!("{} of {name}", line.text("quantity")?);
        let id = line.text("order_address_id")?;
        match parts.iter_mut().find(|(own, _)| *own == id) {
            Some((_, part)) => part.lines.push(words),
            None => {
                let lines = vec![words];
                parts.push((id, Part { to: None, lines }));
            }
        }
    }
    let mut parts: Vec<Part> = parts.into_iter().map(|(_, part)| part).collect();
    match parts.iter().any(|part| !part.lines.is_empty()) {
        true => parts.retain(|part| !part.lines.is_empty()),
        false => parts.truncate(1),
    }
    Ok(parts)
}

fn people(at: &At, draft: &mut ShopDraft) -> Result<(), FormatError> {
    let parts = parts(at)?;
    if parts.len() > 1 {
        shop::hold_parted(draft, &parts, &ADDRESS)?;
    }
    let to = parts.first().and_then(|part| part.to.as_ref());
    let bill = at.key("billing_address");
    let of = |at: Option<&At>, key: &str| match at {
        Some(at) => at.text(key),
        None => Ok(String::new()),
    };
    let bill_to = shop::address(bill.as_ref(), &ADDRESS)?;
    let first = |a: String, b: String| if a.is_empty() { b } else { a };
    let mut who = json!({
        "name": bill_to["name"],
        "email": first(of(bill.as_ref(), "email")?, of(to, "email")?),
        "phone": first(of(to, "phone")?, of(bill.as_ref(), "phone")?),
    });
    match at.text("customer_id")?.as_str() {
        "" | "0" => {}
        id => who["id"] = json!(id),
    }
    draft.set("customer", who);
    draft.set("ship_to", shop::address(to, &ADDRESS)?);
    draft.set("bill_to", bill_to);
    let method = of(to, "shipping_method")?;
    let pickups = at.below(&["consignments", "pickups"]);
    if pickups.is_some_and(|at| !at.says_nothing()) {
        let said = "consignments.pickups has some: the customer fetches it, and no vendor sends it";
        draft.hold(Code::UnclearOrder, said.to_owned());
    } else if shop::is_collected_by_name(&method) {
        shop::hold_collected(draft, "shipping_addresses[0].shipping_method", &method);
    }
    draft.set("shipping_method", method);
    let wishes = to.and_then(|at| at.key("form_fields"));
    let wishes = shop::choices(wishes, &["name"], &["value"]);
    draft.keep_choices(NAME, "form_fields", &wishes);
    let message = at.text("customer_message")?;
    draft.set("comments", shop::comments(&message, &wishes.options));
    Ok(())
}

/// Whether the shop enters its prices with the tax in them: by the prices as they were entered.
fn included(at: &At) -> Result<bool, FormatError> {
    let mut entered = Decimal::ZERO;
    for line in resource(at, "products")? {
        let pieces = Decimal::from(line.needed_pieces("quantity")?);
        entered += line.needed_amount("base_price")? * pieces;
    }
    let (ex, inc) = (
        at.needed_amount("subtotal_ex_tax")?,
        at.needed_amount("subtotal_inc_tax")?,
    );
    Ok((entered - inc).abs() < (entered - ex).abs())
}

fn lines(at: &At, included: bool, draft: &mut ShopDraft) -> Result<(), FormatError> {
    for line in resource(at, "products")? {
        let ordered = line.needed_pieces("quantity")?;
        let pieces = |key: &str| line.pieces(key).map(Option::unwrap_or_default);
        let back = pieces("quantity_refunded")?;
        let gone = pieces("quantity_shipped")? + back;
        let (name, value) = (["display_name", "name"], ["display_value", "value"]);
        let mut choices = shop::choices(line.key("product_options"), &name, &value);
        choices.add_text("Gift wrapping", line.text("wrapping_name")?);
        choices.add_text("Gift message", line.text("wrapping_message")?);
        let day = line.text("event_date")?;
        match line.text("event_name")? {
            none if none.is_empty() => choices.add_text("Date", day),
            name => choices.add_text(&name, day),
        }
        let options = draft.chosen(&choices);
        let price = if included {
            "price_inc_tax"
        } else {
            "price_ex_tax"
        };
        let kind = line.text("type")?;
        draft.line(ShopDraftLine {
            sku: line.text("sku")?,
            description: shop::plain(&line.text("name")?),
            ordered,
            wanted: (ordered - gone).clamp(0, ordered.max(0)),
            taken_off: back,
            // four decimals, whole cents by the line
            amount: (line.needed_amount(price)? * Decimal::from(ordered)).round_dp(2),
            options,
            not_shipped: match kind.as_str() {
                "digital" => Some("needs no shipping"),
                "giftcertificate" => Some("a gift card"),
                _ => None,
            },
            extra: shop::kept(NAME, &line, KEPT, &choices),
            ..ShopDraftLine::default()
        });
    }
    Ok(())
}

fn money(at: &At, included: bool, draft: &mut ShopDraft) -> Result<(), FormatError> {
    let tax = if included { "inc_tax" } else { "ex_tax" };
    let amount = |key: &str| {
        at.amount(key)
            .map(|some| some.unwrap_or_default().round_dp(2))
    };
    draft.tax_included = included;
    draft.amount("shipping", amount(&format!("shipping_cost_{tax}"))?);
    draft.amount(
        "discount",
        amount("discount_amount")? + amount("coupon_discount")?,
    );
    draft.amount("tax", amount("total_tax")?);
    let total = at.needed_amount("total_inc_tax")?.round_dp(2);
    draft.amount("total", total);
    draft.paid = paid(at, total)?;
    draft.charge("handling", amount(&format!("handling_cost_{tax}"))?);
    draft.charge("gift wrapping", amount(&format!("wrapping_cost_{tax}"))?);
    let mut payment = json!({"method": at.text("payment_method")?});
    // they pay, and take nothing off
    let cards = amount("store_credit_amount")? + amount("gift_certificate_amount")?;
    if !cards.is_zero() {
        payment["by_gift_card"] = json!(cards.to_string());
    }
    draft.set("payment", payment);
    Ok(())
}

/// What the customer paid and got back; `None` where the order does not say. A cancellation alone gives nothing
/// back.
/// <https://developer.bigcommerce.com/docs/rest-management/orders>
fn paid(at: &At, total: Decimal) -> Result<Option<(Decimal, Decimal)>, FormatError> {
    let payment = at.text("payment_status")?.to_lowercase();
    let status = at.text("status_id")?;
    let received = match (payment.as_str(), status.as_str()) {
        ("paid" | "captured" | "refunded" | "partially refunded", _) => total,
        ("", "0" | "1" | "6" | "7") => Decimal::ZERO,
        // by transfer, in cash: the shop's word is its state
        ("", "2" | "3" | "4" | "8" | "9" | "10" | "11" | "14") => total,
        (
            "authorized" | "capture pending" | "declined" | "held for review" | "pending" | "void"
            | "void pending",
            _,
        ) => Decimal::ZERO,
        _ => return Ok(None),
    };
    let back = at.amount("refunded_amount")?.unwrap_or_default();
    let back = back.round_dp(2);
    // money went back, and the document does not say how much
    let says_back = payment.ends_with("refunded") || matches!(status.as_str(), "4" | "14");
    Ok((!(back.is_zero() && says_back)).then_some((received.max(back), back)))
}
