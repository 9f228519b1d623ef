//! What is under way in the system that poms replaces, as a file brings it: `poms order adopt`.

use super::money::Money;
use chrono::NaiveDate;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdoptedFile {
    /// The orders, each of them an [`AdoptedOrder`].
    pub orders: Vec<Value>,
}

/// An order as the file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderEntry {
    order: Value,
    purchase_orders: Vec<Value>,
}

/// An order with its purchase orders.
#[derive(Debug)]
pub struct AdoptedOrder {
    /// The order, as any order format writes it.
    pub order: Value,
    /// Its purchase orders: together all pieces of the order.
    pub purchase_orders: Vec<AdoptedPo>,
}

impl AdoptedOrder {
    /// Reads one entry of the file.
    ///
    /// # Errors
    /// What is wrong with it, and with each of its purchase orders.
    pub fn read(entry: &Value) -> Result<AdoptedOrder, Vec<String>> {
        let entry = OrderEntry::deserialize(entry).map_err(|fault| vec![fault.to_string()])?;
        let (mut purchase_orders, mut faults) = (Vec::new(), Vec::new());
        for (place, po) in entry.purchase_orders.iter().enumerate() {
            match AdoptedPo::deserialize(po) {
                Ok(po) => purchase_orders.push(po),
                Err(fault) => {
                    let number = po["number"].as_str().map(|number| format!(" ({number})"));
                    let number = number.unwrap_or_default();
                    faults.push(format!("purchase order {}{number}: {fault}", place + 1));
                }
            }
        }
        match faults.is_empty() {
            true => Ok(AdoptedOrder {
                order: entry.order,
                purchase_orders,
            }),
            false => Err(faults),
        }
    }
}

/// A day, as `2025-05-28`.
fn day<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
    let text = String::deserialize(from)?;
    text.parse()
        .map_err(|_| D::Error::custom(format!("\"{text}\" is no day such as \"2025-05-28\"")))
}

/// The same where there may be none.
fn some_day<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
    #[derive(Deserialize)]
    struct Day(#[serde(deserialize_with = "day")] NaiveDate);
    Ok(Option::<Day>::deserialize(from)?.map(|day| day.0))
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
    #[serde(deserialize_with = "day")]
    pub sent: NaiveDate,
    /// Whether the vendor accepted it.
    #[serde(default)]
    pub acknowledged: bool,
    /// The day of arrival that the customer was told.
    #[serde(default, deserialize_with = "some_day")]
    pub promised: Option<NaiveDate>,
    /// What was ordered.
    pub lines: Vec<AdoptedLine>,
    /// What left.
    #[serde(default)]
    pub shipments: Vec<AdoptedShipment>,
    /// The day on which all that left had arrived.
    #[serde(default, deserialize_with = "some_day")]
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
    #[serde(deserialize_with = "day")]
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
