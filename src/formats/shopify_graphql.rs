//! Shopify's `Order` of the GraphQL Admin API, as nodes of a query or of a bulk operation.
//! <https://shopify.dev/docs/api/admin-graphql/latest/objects/Order>

use super::shop::shopify::{self, ShopifyGate};
use super::shop::{self, AddressKeys, At, Choices, ShopDraft, ShopDraftLine};
use super::{FormatError, OrderDocument, OrderFormat, OrdersRead};
use crate::domain::codes::Code;
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// The registry's entry.
pub const FORMAT: OrderFormat = OrderFormat {
    name: "shopify-graphql",
    about: "Shopify order: nodes of the GraphQL Admin API",
    claims,
    read,
};

const NAME: &str = "shopify-graphql";

fn claims(document: &OrderDocument) -> bool {
    shop::all_have(document, |record| {
        record.get("lineItems").is_some() && record.get("displayFinancialStatus").is_some()
    })
}

fn read(document: &OrderDocument) -> OrdersRead {
    shop::read_each(NAME, document, order)
}

const ADDRESS: AddressKeys = AddressKeys {
    name: &["name"],
    first: "firstName",
    last: "lastName",
    company: &["company"],
    street: ["address1", "address2"],
    city: "city",
    state: &["provinceCode", "province"],
    zip: "zip",
    country: &["countryCodeV2", "country"],
};

const GATE: ShopifyGate = ShopifyGate {
    cancelled_at: "cancelledAt",
    cancel_reason: "cancelReason",
    money: "displayFinancialStatus",
    fulfilment: "displayFulfillmentStatus",
    nothing_sent: &["unfulfilled", "open"],
    closed_at: "closedAt",
};

/// What is used, so that what is kept beside does not repeat it.
const USED: &str = "id name createdAt updatedAt currencyCode displayFinancialStatus displayFulfillmentStatus \
    cancelledAt cancelReason closedAt test lineItems shippingAddress billingAddress customer email phone \
    note customAttributes taxesIncluded totalPriceSet totalDiscountsSet totalTaxSet \
    totalShippingPriceSet totalReceivedSet totalRefundedSet shippingLines shippingLine totalTipReceivedSet originalTotalDutiesSet \
    originalTotalAdditionalFeesSet paymentGatewayNames totalCashRoundingAdjustment __typename";

/// What is never kept: where the customer sat, and keys to the order's page.
const NEVER: &str = "clientIp statusPageUrl customerJourneySummary";

/// What is kept of a line.
const KEPT: &str = "id vendor variant product";

fn order(at: &At) -> Result<Value, FormatError> {
    let mut draft = ShopDraft::new(at);
    // gid://shopify/Order/450789469: the same key as in REST
    let id = at.need("id")?;
    draft.id = id.rsplit('/').next().unwrap_or_default().to_owned();
    draft.set("order_number", at.need("name")?);
    draft.set("date", at.need("createdAt")?);
    draft.set("currency", at.need("currencyCode")?);
    draft.updated_at = at.text("updatedAt")?;
    people(at, &mut draft)?;
    shopify::gate(at, &GATE, &mut draft)?;
    lines(at, &mut draft)?;
    money(at, &mut draft)?;
    let wishes = shop::choices(at.key("customAttributes"), &["key"], &["value"]);
    draft.set(
        "comments",
        shop::comments(&at.text("note")?, &wishes.options),
    );
    draft.keep(NAME, USED, NEVER);
    draft.keep_choices(NAME, "customAttributes", &wishes);
    draft.canonical()
}

/// The entries of a connection: `nodes`, or `edges` of `node`. More than one page is not all of it.
fn nodes<'a>(at: &At<'a>, key: &str) -> Result<Vec<At<'a>>, FormatError> {
    let Some(own) = at.key(key) else {
        return Ok(Vec::new());
    };
    if own
        .below(&["pageInfo", "hasNextPage"])
        .is_some_and(|at| at.value == &json!(true))
    {
        return Err(own.fault("has a next page: the order is not whole"));
    }
    if own.value.is_array() {
        return Ok(own.entries());
    }
    let edges = own.list("edges")?;
    let edges: Vec<At> = edges.iter().filter_map(|edge| edge.key("node")).collect();
    match edges.is_empty() {
        true => own.list("nodes"),
        false => Ok(edges),
    }
}

/// The shop's money of a `MoneyBag`; nothing where it is absent.
fn bag(at: &At, key: &str) -> Result<Decimal, FormatError> {
    match at.below(&[key, "shopMoney", "amount"]) {
        Some(amount) => amount.own_amount(),
        None => Ok(Decimal::ZERO),
    }
}

fn people(at: &At, draft: &mut ShopDraft) -> Result<(), FormatError> {
    let (customer, to) = (at.key("customer"), at.key("shippingAddress"));
    let bill = at.key("billingAddress");
    let of = |at: &Option<At>, keys: &[&str]| match at {
        Some(at) => at.first(keys),
        None => Ok(String::new()),
    };
    let name = match of(&customer, &["displayName"])? {
        name if name.is_empty() => shop::joined(&[
            of(&customer, &["firstName"])?,
            of(&customer, &["lastName"])?,
        ]),
        name => name,
    };
    let first = |texts: [String; 3]| {
        texts
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    };
    let name = first([name, of(&bill, &["name"])?, of(&to, &["name"])?]);
    let email = first([at.text("email")?, of(&customer, &["email"])?, String::new()]);
    let phone = first([
        of(&to, &["phone"])?,
        at.text("phone")?,
        of(&customer, &["phone"])?,
    ]);
    let mut who = json!({"name": name, "email": email, "phone": phone});
    if let Some(id) = of(&customer, &["id"])?
        .rsplit('/')
        .next()
        .filter(|id| !id.is_empty())
    {
        who["id"] = json!(id);
    }
    draft.set("customer", who);
    draft.set("ship_to", shop::address(to.as_ref(), &ADDRESS)?);
    if bill.is_some() {
        draft.set("bill_to", shop::address(bill.as_ref(), &ADDRESS)?);
    }
    Ok(())
}

fn lines(at: &At, draft: &mut ShopDraft) -> Result<(), FormatError> {
    for line in nodes(at, "lineItems")? {
        let ordered = line.needed_pieces("quantity")?;
        let current = line.pieces("currentQuantity")?.unwrap_or(ordered);
        let open = line.pieces("unfulfilledQuantity")?.unwrap_or(current);
        let choices = shop::choices(line.key("customAttributes"), &["key"], &["value"]);
        let options = draft.chosen(&choices);
        let price = line.below(&["originalUnitPriceSet", "shopMoney", "amount"]);
        let price = price.ok_or_else(|| line.missing("originalUnitPriceSet.shopMoney.amount"))?;
        let (title, variant) = (line.first(&["title", "name"])?, line.text("variantTitle")?);
        draft.line(ShopDraftLine {
            sku: line.text("sku")?,
            description: match variant.as_str() {
                "" | "Default Title" => title,
                variant => format!("{title} - {variant}"),
            },
            ordered,
            wanted: current.min(open).clamp(0, ordered.max(0)),
            taken_off: ordered - current,
            amount: price.own_amount()? * Decimal::from(ordered),
            options,
            not_shipped: match (line.flag("isGiftCard"), line.key("requiresShipping")) {
                (true, _) => Some("a gift card"),
                (false, Some(at)) if at.value == &json!(false) => Some("needs no shipping"),
                _ => None,
            },
            extra: shop::kept(NAME, &line, KEPT, &Choices::default()),
            ..ShopDraftLine::default()
        });
    }
    Ok(())
}

/// What was paid and given back; what the shop calls paid must be so.
fn paid(at: &At, draft: &mut ShopDraft) -> Result<(), FormatError> {
    let open = bag(at, "totalOutstandingSet")?;
    let back = bag(at, "totalRefundedSet")?;
    if at.text("displayFinancialStatus")? == "PAID" {
        if open > Decimal::ZERO {
            draft.hold(Code::NotPaid, format!("totalOutstandingSet is {open}"));
        }
        if !back.is_zero() {
            draft.hold(Code::RefundedInShop, format!("totalRefundedSet is {back}"));
        }
    }
    if at.key("totalReceivedSet").is_some() && at.key("totalRefundedSet").is_some() {
        draft.paid = Some((bag(at, "totalReceivedSet")?, back));
    }
    Ok(())
}

fn money(at: &At, draft: &mut ShopDraft) -> Result<(), FormatError> {
    let total = at.below(&["totalPriceSet", "shopMoney", "amount"]);
    let total = total.ok_or_else(|| at.missing("totalPriceSet.shopMoney.amount"))?;
    draft.tax_included = at.flag("taxesIncluded");
    let (mut before, mut shipping, mut names) = (Decimal::ZERO, Decimal::ZERO, Vec::new());
    for line in nodes(at, "shippingLines")? {
        before += bag(&line, "originalPriceSet")?;
        shipping += match line.key("discountedPriceSet") {
            Some(_) => bag(&line, "discountedPriceSet")?,
            None => bag(&line, "originalPriceSet")?,
        };
        shopify::hold_unsent(&line, "deliveryCategory", draft)?;
        names.push(line.first(&["title", "code"])?);
    }
    if let (Some(line), true) = (at.key("shippingLine"), names.is_empty()) {
        shopify::hold_unsent(&line, "deliveryCategory", draft)?;
        names.push(line.first(&["title", "code"])?);
        names.retain(|name| !name.is_empty());
        shipping = bag(at, "totalShippingPriceSet")?;
        before = shipping;
    }
    if names.is_empty() {
        shipping = bag(at, "totalShippingPriceSet")?;
        before = shipping;
    }
    // `totalDiscountsSet` has the discount on shipping in it
    draft.amount(
        "discount",
        bag(at, "totalDiscountsSet")? - (before - shipping),
    );
    draft.amount("shipping", shipping);
    draft.amount("tax", bag(at, "totalTaxSet")?);
    draft.amount("total", total.own_amount()?);
    paid(at, draft)?;
    draft.charge("tip", bag(at, "totalTipReceivedSet")?);
    draft.charge("duties", bag(at, "originalTotalDutiesSet")?);
    draft.charge(
        "additional fees",
        bag(at, "originalTotalAdditionalFeesSet")?,
    );
    if let Some(rounding) = at.key("totalCashRoundingAdjustment") {
        draft.charge("cash rounding", bag(&rounding, "paymentSet")?);
    }
    draft.set("shipping_method", names.join(" + "));
    let mut ways = Vec::new();
    for way in at.list("paymentGatewayNames")? {
        ways.push(way.own_text()?);
    }
    if !ways.is_empty() {
        draft.set("payment", json!({"method": ways.join(", ")}));
    }
    Ok(())
}
