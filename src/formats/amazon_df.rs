//! Amazon Vendor Direct Fulfillment: a drop-ship purchase order of Amazon's to the shop.
//! <https://developer-docs.amazon.com/sp-api/docs/vendor-direct-fulfillment-orders-api-v1-reference>

use super::shop::{self, AddressKeys, At, Choices, ShopDraft, ShopDraftLine};
use super::{FormatError, OrderDocument, OrderFormat, OrdersRead};
use crate::domain::codes::Code;
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// The registry's entry.
pub const FORMAT: OrderFormat = OrderFormat {
    name: "amazon-df",
    about: "Amazon Vendor Direct Fulfillment purchase order, v1",
    claims,
    read,
};

const NAME: &str = "amazon-df";

fn claims(document: &OrderDocument) -> bool {
    shop::all_have(document, |record| {
        record.get("purchaseOrderNumber").is_some() && record.get("line_items").is_none()
    })
}

fn read(document: &OrderDocument) -> OrdersRead {
    shop::read_each(NAME, document, order)
}

const ADDRESS: AddressKeys = AddressKeys {
    name: &["name", "attention"],
    first: "",
    last: "",
    company: &[],
    street: ["addressLine1", "addressLine2"],
    city: "city",
    state: &["stateOrRegion"],
    zip: "postalCode",
    country: &["countryCode"],
};

/// What is used of `orderDetails`.
const USED: &str = "orderDate items shipToParty taxTotal";

/// What is kept of a line.
const KEPT: &str = "itemSequenceNumber buyerProductIdentifier scheduledDeliveryShipment totalPrice \
    buyerCustomizedInfo";

fn order(at: &At) -> Result<Value, FormatError> {
    let details = at.key("orderDetails");
    let details = details.ok_or_else(|| at.missing("orderDetails"))?;
    let mut draft = ShopDraft::new(&details);
    draft.id = at.need("purchaseOrderNumber")?;
    let number = draft.id.clone();
    draft.set("order_number", number);
    draft.set("date", details.need("orderDate")?);
    match details.text("orderStatus")?.as_str() {
        "NEW" | "ACCEPTED" => {}
        "CANCELLED" => draft.hold(Code::CancelledInShop, "orderStatus is CANCELLED".to_owned()),
        other => draft.hold(
            Code::AlreadyFulfilled,
            format!("orderStatus is \"{other}\""),
        ),
    }
    receiver(&details, &mut draft)?;
    let goods = lines(&details, &mut draft)?;
    shipment(&details, &mut draft)?;
    money(&details, &mut draft, goods)?;
    draft.keep(NAME, USED, "");
    draft.canonical()
}

fn receiver(at: &At, draft: &mut ShopDraft) -> Result<(), FormatError> {
    let to = at.key("shipToParty");
    let mut ship_to = shop::address(to.as_ref(), &ADDRESS)?;
    let of = |key: &str| match &to {
        Some(at) => at.text(key),
        None => Ok(String::new()),
    };
    // a third line joins the second: labels have two
    let below = shop::joined(&[of("addressLine2")?, of("addressLine3")?]);
    if !below.is_empty() {
        ship_to.insert("street2".to_owned(), json!(below));
    }
    let who = json!({"name": ship_to["name"], "email": of("email")?, "phone": of("phone")?});
    draft.set("customer", who);
    draft.set("ship_to", ship_to);
    Ok(())
}

/// The lines; gives their price.
fn lines(at: &At, draft: &mut ShopDraft) -> Result<Decimal, FormatError> {
    let items = at.list("items")?;
    if items.is_empty() {
        return Err(
            at.fault("has no items: a list of numbers is no order, fetch each with details")
        );
    }
    let (mut goods, mut currency) = (Decimal::ZERO, String::new());
    for item in items {
        let quantity = item.key("orderedQuantity");
        let quantity = quantity.ok_or_else(|| item.missing("orderedQuantity"))?;
        let unit = quantity.text("unitOfMeasure")?;
        if !unit.is_empty() && !unit.eq_ignore_ascii_case("each") {
            return Err(quantity.fault(&format!("is in {unit}: poms orders pieces (EACH)")));
        }
        let ordered = quantity.needed_pieces("amount")?;
        let price = item.key("netPrice");
        let price = price.ok_or_else(|| item.missing("netPrice"))?;
        let own = price.need("currencyCode")?;
        if !currency.is_empty() && currency != own {
            return Err(price.fault(&format!("is in {own}, another line in {currency}")));
        }
        currency = own;
        let amount = price.needed_amount("amount")? * Decimal::from(ordered);
        goods += amount;
        stated(&item, amount, draft)?;
        let choices = choices(&item)?;
        let options = draft.chosen(&choices);
        draft.line(ShopDraftLine {
            sku: item.first(&["vendorProductIdentifier", "buyerProductIdentifier"])?,
            description: item.text("title")?,
            ordered,
            wanted: ordered,
            amount,
            options,
            not_shipped: None,
            extra: shop::kept(NAME, &item, KEPT, &choices),
            ..ShopDraftLine::default()
        });
    }
    draft.set("currency", currency);
    Ok(goods)
}

/// What the customer chose: what was made to measure has a file of its own, at which a person must look.
fn choices(item: &At) -> Result<Choices, FormatError> {
    let mut choices = Choices::default();
    for (name, key) in [
        ("Gift message", "giftMessage"),
        ("Gift wrapping", "giftWrapId"),
    ] {
        if let Some(at) = item.below(&["giftDetails", key]) {
            choices.add_text(name, at.own_text()?);
        }
    }
    if let Some(at) = item
        .key("buyerCustomizedInfo")
        .filter(|at| !at.says_nothing())
    {
        choices.unprintable.push(at.path);
    }
    Ok(choices)
}

/// Holds an order where the price of a line is stated, and is another than its pieces make, with its tax or without.
fn stated(item: &At, amount: Decimal, draft: &mut ShopDraft) -> Result<(), FormatError> {
    let Some(total) = item.key("totalPrice") else {
        return Ok(());
    };
    let stated = total.needed_amount("amount")?;
    let mut tax = Decimal::ZERO;
    if let Some(details) = item.key("taxDetails") {
        for line in details.list("taxLineItem")? {
            if let Some(own) = line.key("taxAmount") {
                tax += own.needed_amount("amount")?;
            }
        }
    }
    if stated != amount && stated != amount + tax {
        let said = format!(
            "{}.amount is {stated}, and its pieces make {amount}",
            total.path
        );
        draft.hold(Code::UnclearOrder, said);
    }
    Ok(())
}

fn shipment(at: &At, draft: &mut ShopDraft) -> Result<(), FormatError> {
    let Some(shipment) = at.key("shipmentDetails") else {
        return Ok(());
    };
    // Amazon's label is for this way, and no other
    draft.set("shipping_method", shipment.text("shipMethod")?);
    if let Some(dates) = shipment.key("shipmentDates") {
        // the day by which it leaves (`requiredShipDate`) is none of its arrival: kept, and shown
        let day = dates.text("promisedDeliveryDate")?;
        draft.set("required_by", day.split('T').next().unwrap_or_default());
    }
    Ok(())
}

fn money(at: &At, draft: &mut ShopDraft, goods: Decimal) -> Result<(), FormatError> {
    let mut tax = Decimal::ZERO;
    if let Some(total) = at.key("taxTotal") {
        for line in total.list("taxLineItem")? {
            if let Some(amount) = line.key("taxAmount") {
                tax += amount.needed_amount("amount")?;
            }
        }
    }
    draft.amount("shipping", Decimal::ZERO);
    draft.amount("tax", tax);
    // what Amazon pays for it: the order has no total of its own
    draft.amount("total", goods + tax);
    Ok(())
}
