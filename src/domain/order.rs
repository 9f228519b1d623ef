//! The order as the customer placed it in the shop.

use super::address::Address;
use super::money::Money;
use super::shop_order::{LineOption, ShopLine, ShopOrder};
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The most pieces of a line that poms takes in from outside, in orders, answers, advices, bills and
/// returns: what is beyond is a slip or an attack, and its costs would not fit.
pub const MOST_PIECES: i64 = 1_000_000;

/// One order. Its JSON is the contract's poms JSON: what came is kept whole, unknown keys too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// The shop's number for it, unique in the shop.
    pub order_number: String,
    /// When the customer placed it, with the shop's offset.
    pub date: DateTime<FixedOffset>,
    /// ISO 4217 code of every amount in it.
    pub currency: String,
    /// The customer who ordered.
    pub customer: Customer,
    /// Where the goods go.
    pub ship_to: Address,
    /// Who pays, when it is not the one who receives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bill_to: Option<Address>,
    /// What was ordered; at least one.
    pub lines: Vec<OrderLine>,
    /// Charged for shipping.
    pub shipping: Money,
    /// Charged as tax.
    pub tax: Money,
    /// Taken off the goods; zero or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Money>,
    /// What the customer paid in all.
    pub total: Money,
    /// The service that the customer chose, in the shop's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_method: Option<String>,
    /// How it was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<Payment>,
    /// What the customer wrote to the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comments: Option<String>,
    /// What is to be printed for the one who receives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gift_message: Option<String>,
    /// The date by which the customer needs it, as the shop wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_by: Option<String>,
    /// What the shop's own form of the order says beside these.
    #[serde(default, skip_serializing_if = "ShopOrder::is_empty")]
    pub shop_order: ShopOrder,
    /// What the shop sent beside these, kept as it came.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The customer who ordered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The shop's number for the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Name.
    pub name: String,
    /// E-mail address; may be empty, which is for the rules.
    #[serde(default)]
    pub email: String,
    /// Telephone; may be empty, which is for the rules.
    #[serde(default)]
    pub phone: String,
    /// What the shop sent beside these, kept as it came.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// One SKU and the quantity of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// The shop's stock-keeping unit.
    pub sku: String,
    /// Pieces to be sent; zero or less is for the rules.
    pub qty: i64,
    /// What the customer paid for one, before the order's discount.
    pub unit_price: Money,
    /// The shop's words for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What the shop's own form of the line says beside these.
    #[serde(default, skip_serializing_if = "ShopLine::is_empty")]
    pub shop_line: ShopLine,
    /// What the shop sent beside these, kept as it came.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The payment of an order. Never a card number: those are masked before anything is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// For example `card`, `paypal`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The payment service's reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// What the shop sent beside these, kept as it came.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Order {
    /// The number that its customer knows: the shop's own.
    pub fn number_for_customer(&self) -> &str {
        match self.shop_order.order_number.as_str() {
            "" => &self.order_number,
            own => own,
        }
    }

    /// When the shop changed it last, as far as it says: `shop_order.updated_at`, or `updated_at` beside the
    /// order's fields.
    pub fn changed_at(&self) -> Option<DateTime<FixedOffset>> {
        let own = self.extra.get("updated_at").and_then(Value::as_str);
        let own = own.and_then(|text| DateTime::parse_from_rfc3339(text).ok());
        self.shop_order.updated_at.or(own)
    }
}

impl OrderLine {
    /// Pieces that were ordered and paid, whether all are still wanted or not.
    pub fn ordered(&self) -> i64 {
        self.shop_line
            .ordered
            .map_or(self.qty, |ordered| ordered.max(self.qty))
    }

    /// Words for it with what the customer chose, `words` being those of whoever asks.
    pub fn described(&self, words: &str) -> String {
        let chosen = self.shop_line.options.iter().map(LineOption::to_string);
        let parts = std::iter::once(words.trim().to_owned()).chain(chosen);
        let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
        parts.join(" | ")
    }

    /// Price of these, before the order's discount; `None` when it does not fit.
    pub fn price(&self) -> Option<Money> {
        let ShopLine {
            ordered, amount, ..
        } = &self.shop_line;
        // more pieces than it was for, by a person's amendment
        let amount = amount.filter(|_| *ordered == Some(self.ordered()));
        amount.or_else(|| self.unit_price.times(self.ordered()))
    }
}

impl Order {
    /// Price of the goods, before discount: of all lines, those that are not shipped too; `None` when
    /// it does not fit.
    pub fn goods(&self) -> Option<Money> {
        let lines: Option<Vec<Money>> = self.lines.iter().map(OrderLine::price).collect();
        let beside = self.shop_order.not_shipped.iter().map(|line| line.amount);
        Money::sum(lines?.into_iter().chain(beside))
    }

    /// The pieces of a line's SKU, over all lines.
    pub fn pieces_of(&self, line: &OrderLine) -> i64 {
        let same = self
            .lines
            .iter()
            .filter(|one| one.sku.trim() == line.sku.trim());
        same.fold(0_i64, |sum, one| sum.saturating_add(one.qty.max(0)))
    }

    /// Price of the pieces that are to be sent, before discount; `None` when it does not fit.
    pub fn wanted(&self) -> Option<Money> {
        let of_line = |line: &OrderLine| line.unit_price.times(line.qty);
        let lines: Option<Vec<Money>> = self.lines.iter().map(of_line).collect();
        Money::sum(lines?)
    }

    /// Charges beside goods, shipping and tax; `None` when they do not fit.
    pub fn charges(&self) -> Option<Money> {
        Money::sum(self.shop_order.charges.iter().map(|charge| charge.amount))
    }

    /// The tax that comes on top of the prices: none where they have it in them.
    pub fn added_tax(&self) -> Money {
        match self.shop_order.tax_included {
            true => Money::ZERO,
            false => self.tax,
        }
    }

    /// Identifies the customer, for limits and repeats: the shop's customer number, else the e-mail
    /// address, else name and ZIP; each in lower case and marked with its kind.
    pub fn customer_key(&self) -> String {
        let customer = &self.customer;
        let clean = |text: &str| text.trim().to_lowercase();
        match customer.id.as_deref().map(str::trim) {
            Some(id) if !id.is_empty() => format!("id:{}", clean(id)),
            _ if !customer.email.trim().is_empty() => format!("email:{}", clean(&customer.email)),
            _ => format!(
                "name:{}|{}",
                clean(&customer.name),
                clean(&self.ship_to.zip)
            ),
        }
    }

    /// SKU and quantity of every line, sorted and summed, as one text: equal for equal goods.
    pub fn goods_key(&self) -> String {
        let mut sums = std::collections::BTreeMap::<&str, i64>::new();
        for line in &self.lines {
            let sum = sums.entry(line.sku.trim()).or_default();
            *sum = sum.saturating_add(line.qty);
        }
        let goods: Vec<String> = sums
            .iter()
            .map(|(sku, qty)| format!("{sku}={qty}"))
            .collect();
        goods.join(";")
    }
}
