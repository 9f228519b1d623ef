//! Shopify's `Order` of the REST Admin API and of webhooks (`orders/create`, `orders/paid`), of old versions
//! as well. Shop money counts; what the customer saw (`presentment_money`) is kept.
//! <https://shopify.dev/docs/api/admin-rest/latest/resources/order>

use super::shop::shopify::{self, ShopifyGate};
use super::shop::{self, AddressKeys, At, ShopDraft, ShopDraftLine};
use super::{FormatError, OrderDocument, OrderFormat, OrdersRead};
use crate::domain::codes::Code;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// The registry's entry.
pub const FORMAT: OrderFormat = OrderFormat {
    name: "shopify",
    about: "Shopify order: REST Admin API and webhooks",
    claims,
    read,
};

const NAME: &str = "shopify";
/// Keys one of which no other shop's order has.
const OWN: [&str; 5] = [
    "financial_status",
    "admin_graphql_api_id",
    "total_line_items_price",
    "current_total_price",
    "fulfillment_status",
];

fn claims(document: &OrderDocument) -> bool {
    shop::all_have(document, |record| {
        let own = OWN.iter().any(|key| record.get(key).is_some());
        record.get("line_items").is_some_and(Value::is_array)
            && own
            && record.get("billing").is_none()
    })
}

fn read(document: &OrderDocument) -> OrdersRead {
    shop::read_each(NAME, document, order)
}

const ADDRESS: AddressKeys = AddressKeys {
    name: &["name"],
    first: "first_name",
    last: "last_name",
    company: &["company"],
    street: ["address1", "address2"],
    city: "city",
    state: &["province_code", "province"],
    zip: "zip",
    country: &["country_code", "country"],
};

const GATE: ShopifyGate = ShopifyGate {
    cancelled_at: "cancelled_at",
    cancel_reason: "cancel_reason",
    money: "financial_status",
    fulfilment: "fulfillment_status",
    nothing_sent: &["unfulfilled"],
    closed_at: "closed_at",
};

/// What is used, so that what is kept beside does not repeat it.
const USED: &str = "\
    id name created_at updated_at currency customer email contact_email phone shipping_address \
    billing_address line_items shipping_lines total_tax total_price total_discounts \
    taxes_included note note_attributes test cancelled_at cancel_reason financial_status \
    fulfillment_status fulfillments refunds payment_gateway_names gateway total_tip_received \
    tax_lines discount_applications total_line_items_price subtotal_price closed_at";

/// What is kept of a line.
const KEPT: &str = "\
    id variant_id product_id vendor fulfillment_service";

/// What is never kept: keys to the order's page, and where the customer sat.
const NEVER: &str = "\
    browser_ip client_details order_status_url token cart_token checkout_token \
    payment_details authorization receipt landing_site landing_site_ref referring_site \
    confirmation_number transactions";

fn order(at: &At) -> Result<Value, FormatError> {
    let mut draft = ShopDraft::new(at);
    draft.id = at.need("id")?;
    draft.set("order_number", at.need("name")?);
    draft.set("date", at.need("created_at")?);
    draft.set("currency", at.need("currency")?);
    draft.updated_at = at.text("updated_at")?;
    people(at, &mut draft)?;
    shopify::gate(at, &GATE, &mut draft)?;
    let taken = lines(at, &mut draft)?;
    money(at, &mut draft, taken)?;
    let wishes = shop::choices(at.key("note_attributes"), &["name"], &["value"]);
    draft.set(
        "comments",
        shop::comments(&at.text("note")?, &wishes.options),
    );
    draft.keep(NAME, USED, NEVER);
    draft.keep_choices(NAME, "note_attributes", &wishes);
    draft.canonical()
}

fn people(at: &At, draft: &mut ShopDraft) -> Result<(), FormatError> {
    let (customer, to) = (at.key("customer"), at.key("shipping_address"));
    let bill = at.key("billing_address");
    let name_of = |at: Option<&At>| -> Result<String, FormatError> {
        let Some(at) = at else {
            return Ok(String::new());
        };
        match at.text("name")? {
            name if name.is_empty() => Ok(shop::joined(&[
                at.text("first_name")?,
                at.text("last_name")?,
            ])),
            name => Ok(name),
        }
    };
    let of = |key: &str| {
        customer
            .as_ref()
            .map_or_else(|| Ok(String::new()), |at| at.text(key))
    };
    let phone_to = to
        .as_ref()
        .map_or_else(|| Ok(String::new()), |at| at.text("phone"))?;
    let named = [
        name_of(customer.as_ref())?,
        name_of(bill.as_ref())?,
        name_of(to.as_ref())?,
    ];
    let first = |texts: &[String]| {
        texts
            .iter()
            .find(|t| !t.is_empty())
            .cloned()
            .unwrap_or_default()
    };
    let mut who = Map::new();
    if !of("id")?.is_empty() {
        who.insert("id".to_owned(), json!(of("id")?));
    }
    who.insert("name".to_owned(), json!(first(&named)));
    who.insert(
        "email".to_owned(),
        json!(first(&[
            at.text("email")?,
            at.text("contact_email")?,
            of("email")?
        ])),
    );
    // the carrier calls who receives it
    who.insert(
        "phone".to_owned(),
        json!(first(&[phone_to, at.text("phone")?, of("phone")?])),
    );
    draft.set("customer", who);
    draft.set("ship_to", shop::address(to.as_ref(), &ADDRESS)?);
    if bill.is_some() {
        draft.set("bill_to", shop::address(bill.as_ref(), &ADDRESS)?);
    }
    Ok(())
}

/// The lines; gives what discounts took off them.
fn lines(at: &At, draft: &mut ShopDraft) -> Result<Decimal, FormatError> {
    let gone = gone(at)?;
    let mut taken = Decimal::ZERO;
    for line in at.list("line_items")? {
        let ordered = line
            .pieces("quantity")?
            .ok_or_else(|| line.missing("quantity"))?;
        let left = ordered - gone.get(&line.text("id")?).copied().unwrap_or_default();
        let current = line.pieces("current_quantity")?;
        let wanted = match (current, line.pieces("fulfillable_quantity")?) {
            (Some(current), Some(open)) => current.min(open),
            (Some(current), None) => current.min(left),
            (None, _) => left,
        };
        let allocations = line.list("discount_allocations")?;
        let of_allocations: Result<Decimal, FormatError> = allocations
            .iter()
            .map(|one| one.needed_amount("amount"))
            .sum();
        taken += match allocations.is_empty() {
            true => line.amount("total_discount")?.unwrap_or_default(),
            false => of_allocations?,
        };
        let choices = shop::choices(line.key("properties"), &["name"], &["value"]);
        let options = draft.chosen(&choices);
        draft.line(ShopDraftLine {
            sku: line.text("sku")?,
            description: described(&line)?,
            ordered,
            wanted: wanted.clamp(0, ordered.max(0)),
            taken_off: ordered - current.unwrap_or(ordered),
            amount: line.needed_amount("price")? * Decimal::from(ordered),
            options,
            not_shipped: match (line.flag("gift_card"), line.key("requires_shipping")) {
                (true, _) => Some("a gift card"),
                (false, Some(at)) if at.value == &json!(false) => Some("needs no shipping"),
                _ => None,
            },
            extra: shop::kept(NAME, &line, KEPT, &choices),
            ..ShopDraftLine::default()
        });
    }
    Ok(taken)
}

/// What the customer paid and got back; `None` where the order does not say.
fn paid(at: &At, total: Decimal) -> Result<Option<(Decimal, Decimal)>, FormatError> {
    let status = at.text("financial_status")?;
    let received = match status.as_str() {
        "paid" | "refunded" | "partially_refunded" => total,
        "partially_paid" => match at.amount("total_outstanding")? {
            Some(open) => (total - open).max(Decimal::ZERO),
            None => return Ok(None),
        },
        "pending" | "authorized" | "voided" | "expired" | "unpaid" => Decimal::ZERO,
        _ => return Ok(None),
    };
    let mut back = Decimal::ZERO;
    for refund in at.list("refunds")? {
        if refund.key("transactions").is_none() {
            return Ok(None);
        }
        for one in refund.list("transactions")? {
            if one.text("kind")? == "refund" && one.text("status")? == "success" {
                back += one.needed_amount("amount")?;
            }
        }
    }
    // money went back, and the document does not say how much
    let untold = back.is_zero() && status.ends_with("refunded");
    Ok((!untold).then_some((received, back)))
}

/// Money that is not there, or does not stay, though the state of the order is "paid".
fn against(at: &At, draft: &mut ShopDraft) -> Result<(), FormatError> {
    if at.text("financial_status")? != "paid" {
        return Ok(());
    }
    let open = at.amount("total_outstanding")?.unwrap_or_default();
    if open > Decimal::ZERO {
        draft.hold(Code::NotPaid, format!("total_outstanding is {open}"));
    }
    for refund in at.list("refunds")? {
        for one in refund.list("transactions")? {
            let (kind, status) = (one.text("kind")?, one.text("status")?);
            if kind == "refund" && matches!(status.as_str(), "success" | "pending") {
                let amount = one.text("amount")?;
                let said = format!(
                    "{} gives {amount} back, its status is \"{status}\"",
                    one.path
                );
                draft.hold(Code::RefundedInShop, said);
            }
        }
    }
    Ok(())
}

fn described(line: &At) -> Result<String, FormatError> {
    let (title, variant) = (line.text("title")?, line.text("variant_title")?);
    Ok(
        match (
            title.is_empty(),
            variant.is_empty() || variant == "Default Title",
        ) {
            (true, _) => line.text("name")?,
            (false, true) => title,
            (false, false) => format!("{title} - {variant}"),
        },
    )
}

/// Pieces of each line that were given back or sent, for orders without `current_quantity`.
fn gone(at: &At) -> Result<HashMap<String, i64>, FormatError> {
    let mut gone: HashMap<String, i64> = HashMap::new();
    for refund in at.list("refunds")? {
        for item in refund.list("refund_line_items")? {
            let pieces = item.pieces("quantity")?.unwrap_or_default();
            *gone.entry(item.text("line_item_id")?).or_default() += pieces;
        }
    }
    for sent in at.list("fulfillments")? {
        // one that failed or was called off sent nothing
        if !matches!(
            sent.text("status")?.as_str(),
            "failure" | "cancelled" | "error"
        ) {
            for item in sent.list("line_items")? {
                let pieces = item.pieces("quantity")?.unwrap_or_default();
                *gone.entry(item.text("id")?).or_default() += pieces;
            }
        }
    }
    Ok(gone)
}

fn money(at: &At, draft: &mut ShopDraft, of_lines: Decimal) -> Result<(), FormatError> {
    let (mut before, mut shipping, mut names) = (Decimal::ZERO, Decimal::ZERO, Vec::new());
    for line in at.list("shipping_lines")? {
        if line.flag("is_removed") {
            continue;
        }
        let price = line.needed_amount("price")?;
        before += price;
        shipping += line.amount("discounted_price")?.unwrap_or(price);
        shopify::hold_unsent(&line, "delivery_category", draft)?;
        names.push(line.first(&["title", "code"])?);
    }
    // `total_discounts` has the discount on shipping in it, or has not: by version and kind of discount
    let stated = at.amount("total_discounts")?.unwrap_or(of_lines);
    let of_shipping = before - shipping;
    let discount = match stated == of_lines + of_shipping {
        true => of_lines,
        false => stated,
    };
    draft.tax_included = at.flag("taxes_included");
    draft.amount("shipping", shipping);
    draft.amount("discount", discount);
    draft.amount("tax", at.amount("total_tax")?.unwrap_or_default());
    let total = at.needed_amount("total_price")?;
    draft.amount("total", total);
    draft.paid = paid(at, total)?;
    against(at, draft)?;
    draft.charge("tip", at.amount("total_tip_received")?.unwrap_or_default());
    for (name, key) in [
        ("duties", "original_total_duties_set"),
        ("additional fees", "original_total_additional_fees_set"),
        (
            "cash rounding",
            "total_cash_rounding_payment_adjustment_set",
        ),
    ] {
        if let Some(amount) = at.below(&[key, "shop_money", "amount"]) {
            draft.charge(name, amount.own_amount()?);
        }
    }
    draft.set("shipping_method", names.join(" + "));
    let ways = at.list("payment_gateway_names")?;
    let ways: Result<Vec<String>, FormatError> = ways.iter().map(At::own_text).collect();
    let method = match ways?.join(", ") {
        none if none.is_empty() => at.text("gateway")?,
        ways => ways,
    };
    if !method.is_empty() {
        draft.set("payment", json!({"method": method}));
    }
    Ok(())
}
