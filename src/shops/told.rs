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

/// An order of which nothing is left to be sent, to be closed in its shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldClosing {
    /// The source's name.
    pub shop: String,
    /// The shop's own key of the order.
    pub order_id: String,
    /// The number that people quote.
    pub order_number: String,
}

/// How a shop stands to the closing of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClosingStanding {
    /// It is to be closed.
    Open,
    /// There is nothing to do, and why.
    Nothing(String),
    /// It cannot be closed, and trying again will not help.
    Never(String),
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

    /// Tries, for `poms check`, whether it could be told, without telling it anything. Gives what else is to be said.
    ///
    /// # Errors
    /// What keeps it from being told.
    fn check(&mut self) -> Result<Option<String>, ShopFault> {
        Ok(None)
    }

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

    /// Whether an order is still to be closed there. Changes nothing.
    ///
    /// # Errors
    /// When the shop cannot be asked.
    fn look_closed(&mut self, order: &ToldClosing) -> Result<ClosingStanding, ShopFault>;

    /// Closes an order; twice does no harm. Gives the shop's words.
    ///
    /// # Errors
    /// When it did not, or nobody knows.
    fn close(&mut self, order: &ToldClosing) -> Result<String, ShopFault>;
}
