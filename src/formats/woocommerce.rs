//! WooCommerce's order of the REST API v3, and of its webhooks.
//! <https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties>

mod meta;
mod refunds;

use super::shop::{self, AddressKeys, At, ShopDraft, ShopDraftLine};
use super::{FormatError, OrderDocument, OrderFormat, OrdersRead};
use crate::domain::codes::Code;
use refunds::Refunds;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

/// The registry's entry.
pub const FORMAT: OrderFormat = OrderFormat {
    name: "woocommerce",
    about: "WooCommerce order: REST API v3 and webhooks",
    claims,
    read,
};

const NAME: &str = "woocommerce";

fn claims(document: &OrderDocument) -> bool {
    shop::all_have(document, |record| {
        record.get("line_items").is_some_and(Value::is_array)
            && record.get("billing").is_some_and(Value::is_object)
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
    street: ["address_1", "address_2"],
    city: "city",
    state: &["state"],
    zip: "postcode",
    country: &["country"],
};

/// What is used, so that what is kept beside does not repeat it.
const USED: &str = "id number status currency date_created date_created_gmt billing shipping \
    line_items shipping_lines fee_lines shipping_total shipping_tax discount_total discount_tax \
    cart_tax total_tax total prices_include_tax customer_id customer_note payment_method \
    payment_method_title transaction_id tax_lines refunds gift_cards date_modified \
    date_modified_gmt meta_data";

/// What is never kept: keys that open the order's page, where the customer sat, links, and codes of
/// coupons.
const NEVER: &str = "order_key customer_ip_address customer_user_agent cart_hash _links \
    payment_url coupon_lines";

/// What is kept of a line.
const KEPT: &str = "id product_id variation_id tax_class";

fn order(at: &At) -> Result<Value, FormatError> {
    let mut draft = ShopDraft::new(at);
    draft.id = at.need("id")?;
    draft.set("order_number", at.first(&["number", "id"])?);
    draft.set("currency", at.need("currency")?);
    // `date_created` is the shop's own time, without saying which
    let date = at.need("date_created_gmt")?;
    draft.set("date", format!("{}Z", date.trim_end_matches('Z')));
    let changed = at.text("date_modified_gmt")?;
    if !changed.is_empty() {
        draft.updated_at = format!("{}Z", changed.trim_end_matches('Z'));
    }
    let refunds = refunds::refunds(at)?;
    people(at, &mut draft)?;
    gate(at, &mut draft)?;
    if let Some(said) = refunds.words(at)? {
        draft.hold(Code::RefundedInShop, said);
    }
    lines(at, &refunds, &mut draft)?;
    money(at, refunds.sum, &mut draft)?;
    let wishes = meta::of_order(at, &mut draft)?;
    let note = at.text("customer_note")?;
    draft.set("comments", shop::comments(&note, &wishes.options));
    draft.keep(NAME, USED, NEVER);
    draft.keep_choices(NAME, "meta_data", &wishes);
    draft.canonical()
}

/// Parts of an address, all of which are empty where there is none.
const PARTS: [&str; 6] = [
    "first_name",
    "last_name",
    "company",
    "address_1",
    "city",
    "postcode",
];

fn people(at: &At, draft: &mut ShopDraft) -> Result<(), FormatError> {
    let bill = at.key("billing").ok_or_else(|| at.missing("billing"))?;
    let to = at.key("shipping");
    let empty = |at: &At| {
        let none = |key: &&str| at.text(key).is_ok_and(|text| text.is_empty());
        PARTS.iter().all(none)
    };
    // an order that is sent, and says nothing of where to: to who pays
    let mut sent = false;
    for way in at.list("shipping_lines")? {
        sent = sent || !shop::is_collected(&way.text("method_id")?);
    }
    let same = to.as_ref().is_none_or(empty) && sent;
    let to = if same { Some(bill.clone()) } else { to };
    let name = shop::joined(&[bill.text("first_name")?, bill.text("last_name")?]);
    let mut who = json!({
        "name": if name.is_empty() { bill.text("company")? } else { name },
        "email": bill.text("email")?,
        "phone": match to.as_ref().map(|to| to.text("phone")).transpose()? {
            Some(phone) if !phone.is_empty() => phone,
            _ => bill.text("phone")?,
        },
    });
    match at.text("customer_id")?.as_str() {
        // a guest
        "" | "0" => {}
        id => who["id"] = json!(id),
    }
    draft.set("customer", who);
    draft.set("ship_to", shop::address(to.as_ref(), &ADDRESS)?);
    draft.set("bill_to", shop::address(Some(&bill), &ADDRESS)?);
    Ok(())
}

/// What the shop's state says against placing it.
fn gate(at: &At, draft: &mut ShopDraft) -> Result<(), FormatError> {
    let status = at.text("status")?;
    let said = format!("status is \"{status}\"");
    match status.trim_start_matches("wc-") {
        "processing" => {}
        "completed" => draft.hold(Code::AlreadyFulfilled, said),
        "refunded" => draft.hold(Code::RefundedInShop, said),
        "cancelled" | "trash" => draft.hold(Code::CancelledInShop, said),
        // pending, on-hold, failed, drafts, and a shop's own states: nothing says that it is paid
        _ => draft.hold(Code::NotPaid, said),
    }
    let later = matches!(at.text("payment_method")?.as_str(), "cod" | "cheque");
    let unpaid = at.value.get("date_paid").is_some_and(Value::is_null);
    if at.flag("needs_payment") || (unpaid && !later && status == "processing") {
        draft.hold(Code::NotPaid, "date_paid is empty".to_owned());
    }
    match at.text("parent_id")?.as_str() {
        "" | "0" => {}
        parent => draft.hold(
            Code::SuspectedDuplicate,
            format!("it is a part of the order {parent}"),
        ),
    }
    Ok(())
}

/// Whether nobody paid it, and it was left at that.
fn is_unpaid(at: &At) -> Result<bool, FormatError> {
    let unpaid = at.value.get("date_paid").is_some_and(Value::is_null);
    let status = at.text("status")?;
    let left = matches!(
        status.trim_start_matches("wc-"),
        "pending" | "failed" | "cancelled" | "on-hold" | "trash"
    );
    Ok(unpaid && left)
}

fn lines(at: &At, refunds: &Refunds, draft: &mut ShopDraft) -> Result<(), FormatError> {
    let included = at.flag("prices_include_tax");
    for line in at.list("line_items")? {
        let ordered = line.needed_pieces("quantity")?;
        let mut amount = line.needed_amount("subtotal")?;
        if included {
            // `subtotal` never has the tax in it
            amount += line.amount("subtotal_tax")?.unwrap_or_default();
        }
        let (name, value) = (["display_key", "key"], ["display_value", "value"]);
        let choices = shop::choices(line.key("meta_data"), &name, &value);
        let card = meta::is_gift_card(&line)?;
        let (options, extra) = match card {
            // its number is money: neither printed nor kept
            true => (Vec::new(), Map::new()),
            false => (
                draft.chosen(&choices),
                shop::kept(NAME, &line, KEPT, &choices),
            ),
        };
        let has = |key: &str| line.key(key).is_some_and(|at| !at.says_nothing());
        draft.line(ShopDraftLine {
            sku: line.text("sku")?,
            description: shop::plain(&line.text("name")?),
            ordered,
            wanted: (ordered - refunds.pieces(&line.text("id")?, ordered)).max(0),
            taken_off: refunds.pieces(&line.text("id")?, ordered),
            amount,
            options,
            not_shipped: match (card, has("bundled_items") || has("composite_children")) {
                (true, _) => Some("a gift card"),
                (_, true) => Some("a set, whose parts are lines of their own"),
                _ => None,
            },
            extra,
            ..ShopDraftLine::default()
        });
    }
    Ok(())
}

fn money(at: &At, back: Decimal, draft: &mut ShopDraft) -> Result<(), FormatError> {
    let included = at.flag("prices_include_tax");
    let with_tax = |at: &At, key: &str, tax: &str| -> Result<Decimal, FormatError> {
        let own = at.amount(key)?.unwrap_or_default();
        Ok(match included {
            true => own + at.amount(tax)?.unwrap_or_default(),
            false => own,
        })
    };
    draft.tax_included = included;
    let shipping = with_tax(at, "shipping_total", "shipping_tax")?;
    draft.amount("shipping", shipping);
    let discount = with_tax(at, "discount_total", "discount_tax")?;
    draft.amount("discount", discount);
    draft.amount("tax", at.amount("total_tax")?.unwrap_or_default());
    for fee in at.list("fee_lines")? {
        let name = match shop::plain(&fee.text("name")?) {
            none if none.is_empty() => "fee".to_owned(),
            name => name,
        };
        draft.charge(&name, with_tax(&fee, "total", "total_tax")?);
    }
    // gift cards pay; their codes are money, and are not kept
    let mut cards = Decimal::ZERO;
    for card in at.list("gift_cards")? {
        cards += card.needed_amount("amount")?;
    }
    let total = at.needed_amount("total")? + cards;
    draft.amount("total", total);
    draft.paid = Some((if is_unpaid(at)? { Decimal::ZERO } else { total }, back));
    let mut payment = json!({"method": at.first(&["payment_method", "payment_method_title"])?});
    match at.text("transaction_id")? {
        none if none.is_empty() => {}
        id => payment["reference"] = json!(id),
    }
    if !cards.is_zero() {
        payment["by_gift_card"] = json!(cards.to_string());
    }
    draft.set("payment", payment);
    let mut ways = Vec::new();
    for way in at.list("shipping_lines")? {
        let (id, title) = (way.text("method_id")?, way.text("method_title")?);
        if shop::is_collected(&id) {
            shop::hold_collected(draft, &format!("{}.method_id", way.path), &id);
        } else if shop::is_collected_by_name(&title) {
            shop::hold_collected(draft, &format!("{}.method_title", way.path), &title);
        }
        ways.push(shop::plain(&way.first(&["method_title", "method_id"])?));
    }
    draft.set("shipping_method", ways.join(" + "));
    Ok(())
}
