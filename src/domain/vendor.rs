//! Vendors and what they offer.

use super::address::Address;
use super::closure::WorkingDays;
use super::habit::VendorHabit;
use super::money::Money;
use super::stock::Stock;
use serde::{Deserialize, Serialize};

/// A vendor, who ships to the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vendor {
    /// The shop's key for the vendor.
    pub id: String,
    /// Company name.
    pub name: String,
    /// Where purchase orders go by mail; may be empty for a vendor who takes faxes only.
    pub email: String,
    /// Where purchase orders go by fax; may be empty.
    pub fax: String,
    /// How the vendor takes purchase orders.
    pub channel: VendorChannel,
    /// The way that is used when `channel` is dead: a purchase order that could not be brought
    /// there goes this way, once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<Fallback>,
    /// Where the vendor ships from and receives; `zip` is required, the rest may be empty.
    pub address: Address,
    /// Business days from order to dispatch.
    pub handling_days: i64,
    /// Local time of day after which an order counts for the next business day, `HH:MM`.
    pub cutoff: Option<String>,
    /// IANA time zone of the vendor's warehouse.
    pub timezone: Option<String>,
    /// Whether new purchase orders may go to this vendor.
    pub active: bool,
    /// The days on which it works. No part of the shop's table of vendors.
    #[serde(skip)]
    pub days: WorkingDays,
    /// How long it takes by what it did; nothing where nobody asks for that. No part of the shop's table of vendors.
    #[serde(skip)]
    pub habit: VendorHabit,
}

impl Vendor {
    /// Its handling days, as days are counted.
    pub fn handling(&self) -> u32 {
        u32::try_from(self.handling_days.max(0)).unwrap_or(u32::MAX)
    }
}

/// The way in which a vendor takes purchase orders (contract: `email`, `fax`, `email+fax`; poms' own: `drop`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VendorChannel {
    /// Mail only.
    #[serde(rename = "email")]
    Email,
    /// Fax only.
    #[serde(rename = "fax")]
    Fax,
    /// The same purchase order both ways.
    #[serde(rename = "email+fax")]
    EmailAndFax,
    /// As files, by its `[[vendor_drop]]`; what else it is told goes by mail.
    #[serde(rename = "drop")]
    Drop,
}

impl VendorChannel {
    /// The contract's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            VendorChannel::Email => "email",
            VendorChannel::Fax => "fax",
            VendorChannel::EmailAndFax => "email+fax",
            VendorChannel::Drop => "drop",
        }
    }

    /// From the contract's word.
    pub fn parse(text: &str) -> Option<VendorChannel> {
        [
            VendorChannel::Email,
            VendorChannel::Fax,
            VendorChannel::EmailAndFax,
            VendorChannel::Drop,
        ]
        .into_iter()
        .find(|channel| channel.as_str() == text)
    }
}

/// The second way to a vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fallback {
    /// By mail to the vendor's address.
    Email,
    /// By fax to the vendor's number.
    Fax,
}

impl Fallback {
    /// The word for it, which is also the outbox's channel.
    pub fn as_str(self) -> &'static str {
        match self {
            Fallback::Email => "email",
            Fallback::Fax => "fax",
        }
    }

    /// From its word.
    pub fn parse(text: &str) -> Option<Fallback> {
        [Fallback::Email, Fallback::Fax]
            .into_iter()
            .find(|way| way.as_str() == text)
    }
}

/// One vendor's offer of one SKU: a row of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The shop's stock-keeping unit.
    pub sku: String,
    /// Plain words for it.
    pub description: String,
    /// The shop's category.
    pub category: String,
    /// Who offers it.
    pub vendor_id: String,
    /// The vendor's own number for it.
    pub vendor_sku: String,
    /// What the vendor charges for one.
    pub cost: Money,
    /// What the shop asks for one.
    pub retail_price: Money,
    /// Weight of one in pounds, as written in the catalogue.
    pub weight: String,
    /// Whether it can still be ordered.
    pub discontinued: bool,
    /// The most pieces that one order may have, if the catalogue sets it.
    pub max_qty: Option<i64>,
    /// Which vendor first: lower before higher.
    pub priority: i64,
    /// What the vendor has of it, where that is known. No part of the catalogue.
    #[serde(skip)]
    pub stock: Option<Stock>,
}
