//! What a shop's own form of an order says beside what every order has, in poms' words: what else the
//! total is made of, what is not shipped, what the shop itself says against placing it.

use super::codes::{Code, ExceptionCode};
use super::money::Money;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

/// What the shop says of an order as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopOrder {
    /// The shop's own key of the order, which stays when its number changes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// The number that the shop gave the order and its customer knows, where poms puts its source's prefix before
    /// it (`order_prefix`).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub order_number: String,
    /// When the shop changed the order last, as far as it says. No part of the order's content: shops
    /// change it by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<DateTime<FixedOffset>>,
    /// Whether the prices have the tax in them; `tax` is then a part of the goods' price.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tax_included: bool,
    /// What the total has beside goods, discount, shipping and tax: fees, tips, duties, rounding. A
    /// negative amount is taken off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charges: Vec<Charge>,
    /// What the shop gave back of what the customer paid; `None` where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_back: Option<Money>,
    /// What the customer paid so far, where that is another sum than the total.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<Money>,
    /// What the customer paid for and no vendor ships: gift cards, downloads, services, and goods that
    /// are not wanted any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_shipped: Vec<UnshippedLine>,
    /// Why the shop's own state says that it is not to be placed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<ShopHold>,
}

/// One amount of the total.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// The shop's word for it.
    pub name: String,
    /// Added to the total; negative when taken off.
    pub amount: Money,
}

/// One line that no purchase order has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnshippedLine {
    /// The shop's words for it.
    pub description: String,
    /// May be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sku: String,
    /// Pieces.
    pub qty: i64,
    /// Price of all of them, before discounts.
    pub amount: Money,
    /// Why it is not shipped, such as "a gift card".
    pub reason: String,
    /// How many of the pieces the shop took off the order: their money is in `given_back`, or is owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_off: Option<i64>,
}

/// Something in the shop's state that speaks against placing the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopHold {
    /// The exception code that it opens.
    pub code: ExceptionCode,
    /// What the shop says, such as "financial_status is pending".
    pub reason: String,
}

/// What the shop says of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopLine {
    /// Pieces that were ordered and paid, where fewer are still wanted (`qty`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordered: Option<i64>,
    /// How many of those the shop took off the order: their money is in `given_back`, or is owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_off: Option<i64>,
    /// Price of all that were `ordered`, where it is no multiple of a price of one in whole cents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Engraving, size, wrapping: printed for the vendor.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<LineOption>,
}

impl ShopLine {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == ShopLine::default()
    }
}

impl ShopOrder {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == ShopOrder::default()
    }

    /// What of a total the shop still has: what the customer paid of it, less what was given back.
    pub fn kept(&self, total: Money) -> Money {
        let received = match self.received {
            Some(received) => received.min(total),
            // of what it does not say nothing is taken to be paid that it calls unpaid
            None if !self.says(Code::NotPaid).is_empty() => Money::ZERO,
            None => total,
        };
        let kept = received.minus(self.given_back.unwrap_or_default());
        kept.unwrap_or_default().max(Money::ZERO)
    }

    /// What the shop says under one exception code.
    pub fn says(&self, code: Code) -> Vec<&str> {
        let said = self.holds.iter().filter(|hold| hold.code == code);
        said.map(|hold| hold.reason.as_str()).collect()
    }
}

/// What the customer chose for a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineOption {
    /// For example `Engraving`; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What stands under it.
    pub value: String,
}

impl std::fmt::Display for LineOption {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.name.trim() {
            "" => f.write_str(self.value.trim()),
            name => write!(f, "{name}: {}", self.value.trim()),
        }
    }
}
