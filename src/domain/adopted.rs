//! What is under way in the system that poms replaces, as a file brings it: `poms order adopt`.

use super::money::Money;
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value;

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdoptedFile {
    /// The orders.
    pub orders: Vec<AdoptedOrder>,
}

/// An order with its purchase orders.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdoptedOrder {
    /// The order, as any order format writes it.
    pub order: Value,
    /// Its purchase orders: together all pieces of the order.
    pub purchase_orders: Vec<AdoptedPo>,
}

/// A purchase order that its vendor has.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdoptedPo {
    /// Its number, by which the vendor knows it.
    pub number: String,
    /// The vendor's id on file.
    pub vendor: String,
    /// The day on which it was sent.
    pub sent: NaiveDate,
    /// Whether the vendor accepted it.
    #[serde(default)]
    pub acknowledged: bool,
    /// The day of arrival that the customer was told.
    #[serde(default)]
    pub promised: Option<NaiveDate>,
    /// What was ordered.
    pub lines: Vec<AdoptedLine>,
    /// What left.
    #[serde(default)]
    pub shipments: Vec<AdoptedShipment>,
    /// The day on which all that left had arrived.
    #[serde(default)]
    pub delivered: Option<NaiveDate>,
}

/// A line of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdoptedLine {
    /// The order's line, from 1.
    pub line: usize,
    /// Pieces; all of the order's line where it is left out.
    #[serde(default)]
    pub qty: Option<i64>,
    /// What the vendor charges for one; else the catalogue's cost.
    #[serde(default)]
    pub unit_cost: Option<Money>,
    /// The vendor's number for it; else the catalogue's.
    #[serde(default)]
    pub vendor_sku: Option<String>,
}

/// Goods that left together.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdoptedShipment {
    /// When they left.
    pub date: NaiveDate,
    /// The carrier's name.
    #[serde(default)]
    pub carrier: Option<String>,
    /// The numbers of its parcels.
    #[serde(default)]
    pub tracking: Vec<String>,
    /// What left: lines of the order, from 1.
    pub lines: Vec<AdoptedShippedLine>,
}

/// Pieces of a line that left.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdoptedShippedLine {
    /// The order's line, from 1.
    pub line: i64,
    /// Pieces; all of the purchase order's line where it is left out.
    #[serde(default)]
    pub qty: Option<i64>,
}
