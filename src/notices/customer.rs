//! What the mails to customers after the first one get to see. There is no PO number in any of them.

use crate::domain::po_document::Letterhead;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Goods that arrive together, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// At the latest; not known for what has no promise.
    pub date: Option<NaiveDate>,
    /// Whether the day is an estimate, and not the carrier's word.
    pub estimate: bool,
    /// What is in it.
    pub items: Vec<NoticeItem>,
}

/// Pieces of one thing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeItem {
    /// Pieces.
    pub qty: i64,
    /// The shop's number for it.
    pub sku: String,
    /// Plain words for it, else the SKU.
    pub description: String,
}

/// What all these mails have.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct NoticeCommon {
    /// Who writes.
    pub shop: Letterhead,
    /// The shop's order number.
    pub order_number: String,
    /// The day of the order, in the site's time zone.
    pub order_date: NaiveDate,
    /// The customer who ordered.
    pub customer_name: String,
    /// The label, a line each.
    pub ship_to: Vec<String>,
}

/// Goods left.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ShippedContext {
    /// What all have.
    #[serde(flatten)]
    pub about: NoticeCommon,
    /// What left since the last such mail.
    pub shipments: Vec<ShippedGoods>,
    /// What is still to come, by the day on which it is expected.
    pub still: Vec<Expected>,
    /// Whether something of the order left earlier.
    pub earlier: bool,
    /// Whether all that is new are numbers in place of wrong ones that the customer was told.
    pub corrected: bool,
    /// Whether all that is new are numbers of what the customer read of before.
    pub numbers: bool,
    /// Whether all of it arrived before the customer was told that it left.
    pub delivered: bool,
    /// What of it is cancelled for the customer, and the vendor could not stop; may be empty.
    pub unstopped: Vec<NoticeItem>,
}

/// What the customer was told to have left did not.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct NotShippedContext {
    /// What all have.
    #[serde(flatten)]
    pub about: NoticeCommon,
    /// What did not leave.
    pub items: Vec<NoticeItem>,
    /// The tracking numbers that the customer was told, and that show nothing.
    pub numbers: Vec<String>,
    /// What is still to come, by the day on which it is expected.
    pub still: Vec<Expected>,
}

/// Goods that left together, in one parcel or several.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShippedGoods {
    /// Whether the customer read of it before, and only a number of it is new.
    pub again: bool,
    /// Whether the customer read of it before and these pieces came into it since: it lists them alone.
    pub added: bool,
    /// Whether the customer read of it before, and a tracking number is new that replaces none.
    pub numbered: bool,
    /// Whether all of it is with its recipient.
    pub arrived: bool,
    /// The day of that, if it is known.
    pub arrived_on: Option<NaiveDate>,
    /// What is in it, and when it arrives.
    #[serde(flatten)]
    pub expected: Expected,
    /// When it left, if that is known.
    pub ship_date: Option<NaiveDate>,
    /// Its parcels; may be empty.
    pub parcels: Vec<Parcel>,
}

/// One parcel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// The carrier's name; may be empty.
    pub carrier: String,
    /// Its tracking number.
    pub tracking: String,
    /// The wrong number that the customer was told before, if one was.
    pub replaces: Option<String>,
    /// Whether the customer read of its shipment before, and of this number not.
    pub new: bool,
    /// The day on which it arrived, if it did and its shipment did not yet.
    pub delivered: Option<NaiveDate>,
    /// The carrier's page for it, from the registry of carriers; never from a mail.
    pub url: Option<String>,
}

/// It comes later.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct DelayedContext {
    /// What all have.
    #[serde(flatten)]
    pub about: NoticeCommon,
    /// The day on which all that is late is expected now; `None` when nobody knows it of a part.
    pub expected_date: Option<NaiveDate>,
    /// Whether that is an estimate.
    pub estimate: bool,
    /// Whether the vendor said of something that nobody knows its day; else what has no day has not
    /// left although its day came.
    pub backorder: bool,
    /// The day that the customer was told before, if one was.
    pub told_date: Option<NaiveDate>,
    /// Whether the customer was told that the day is not known.
    pub told_undated: bool,
    /// Whether something that is not late comes later still: the order as a whole is not delayed.
    pub a_part: bool,
    /// What is late, by the day on which it is expected now.
    pub late: Vec<Expected>,
    /// What of the order is not late and still to come.
    pub others: Vec<Expected>,
}

/// The day that the customer was told is here, and nobody knows that it left.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct OverdueContext {
    /// What all have.
    #[serde(flatten)]
    pub about: NoticeCommon,
    /// The latest day that the customer was told for it.
    pub told_date: NaiveDate,
    /// Whether the warehouse wrote of it what nobody has decided about: then it is not true that nothing
    /// was heard.
    #[serde(default)]
    pub heard: bool,
    /// Whether the warehouse was asked about all of it.
    #[serde(default)]
    pub asked: bool,
    /// What has not left.
    pub late: Vec<NoticeItem>,
    /// What of the order is still to come on another day.
    pub others: Vec<Expected>,
}

/// A part of it will not come.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct TakenOffContext {
    /// What all have.
    #[serde(flatten)]
    pub about: NoticeCommon,
    /// What will not come.
    pub items: Vec<NoticeItem>,
    /// What is still to come.
    pub others: Vec<Expected>,
}

/// It will not come.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct CancelledContext {
    /// What all have.
    #[serde(flatten)]
    pub about: NoticeCommon,
    /// What will not come.
    pub items: Vec<NoticeItem>,
}
