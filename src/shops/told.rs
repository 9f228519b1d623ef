//! What a shop is told of a shipment: the content of a delivery, fixed when it is put into the outbox.

use super::ShopFault;
use serde::{Deserialize, Serialize};

/// A shipment, as its shop is told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldShipment {
    /// The source's name.
    pub shop: String,
    /// The shop's own key of the order.
    pub order_id: String,
    /// The number that people quote.
    pub order_number: String,
    /// Fixed and unique for ever.
    pub reference: String,
    /// The day on which it left, `2026-11-30`; empty where nobody said.
    #[serde(default)]
    pub left: String,
    /// Its parcels; none where no tracking number is known.
    pub parcels: Vec<ToldParcel>,
    /// What is in it.
    pub lines: Vec<ToldLine>,
    /// Whether the shop shall mail the customer.
    pub notify: bool,
    /// Whether nothing of the order is left to be sent, so that the shop may close it.
    pub closes: bool,
}

/// A parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldParcel {
    /// The carrier's code; empty where it is not known.
    pub carrier: String,
    /// Its name, for people.
    pub carrier_name: String,
    /// The tracking number.
    pub number: String,
    /// The carrier's page for it; empty where there is none.
    pub url: String,
}

/// Pieces of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldLine {
    /// The shop's own key of the line.
    pub id: String,
    /// The SKU, for people.
    pub sku: String,
    /// Pieces.
    pub qty: i64,
}

impl ToldShipment {
    /// The tracking numbers.
    pub fn numbers(&self) -> Vec<&str> {
        self.parcels.iter().map(|one| one.number.as_str()).collect()
    }

    /// Its carriers and numbers, or what is in it, in one line.
    pub fn words(&self) -> String {
        let parcels: Vec<String> = self
            .parcels
            .iter()
            .map(|one| {
                format!("{} {}", one.carrier_name, one.number)
                    .trim()
                    .to_owned()
            })
            .collect();
        let lines: Vec<String> = self
            .lines
            .iter()
            .map(|one| format!("{} × {}", one.qty, one.sku))
            .collect();
        match parcels.is_empty() {
            true => lines.join(", "),
            false => format!("{} ({})", parcels.join(", "), lines.join(", ")),
        }
    }
}

/// How a shop stands to a shipment, as it says itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShopStanding {
    /// It knows of it.
    Has,
    /// It certainly does not, and can be told.
    HasNot,
    /// Whether it does cannot be seen.
    Unclear(String),
    /// Not now, and a person may change that there.
    NotNow(String),
    /// It cannot be told, and trying again will not help.
    Never(String),
}

/// A shop that can be told of shipments.
pub trait ToldShop: Send {
    /// How it stands to a shipment. Changes nothing; what it learns is what [`ToldShop::tell`] goes by.
    ///
    /// # Errors
    /// When the shop cannot be asked.
    fn look(&mut self, shipment: &ToldShipment) -> Result<ShopStanding, ShopFault>;

    /// Whether its word that it does not know of the shipment proves that it was not told: where there is
    /// nothing by which it would be known again, it does not.
    fn proves(&self, shipment: &ToldShipment) -> bool {
        !shipment.parcels.is_empty()
    }

    /// Tells it, after a look that found it has not. Gives the shop's words.
    ///
    /// # Errors
    /// Of the kind `Unknown` where it may have been told.
    fn tell(&mut self, shipment: &ToldShipment) -> Result<String, ShopFault>;

    /// Closes the order of a shipment of which the last look found that the shop has it, where the shipment closes
    /// it and nothing is open in the shop: whoever told the shop may have ended before. Gives what was done, in
    /// words that go behind others; none where there was nothing to do.
    fn finish(&mut self, shipment: &ToldShipment) -> String;
}
