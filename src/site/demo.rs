//! The demo's material: a believable shop with its catalogue, its vendors, and a morning's mail
//! with orders good and bad. Data only: sealing and running it is the demo command's.

use crate::domain::codes::Code;
use crate::domain::money::Money;
use crate::site::import::{OfferRow, read_catalogue};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

pub mod make;
mod orders;

pub use orders::orders;

/// The demo's catalogue as a CSV file.
pub const CATALOGUE: &str = include_str!("demo/catalogue.csv");

/// The demo's vendors as a CSV file.
pub const VENDORS: &str = include_str!("demo/vendors.csv");

/// The demo's configuration: a Maildir in, a Maildir out.
pub const CONFIG: &str = include_str!("demo/poms.toml");

/// How an order's mail is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Envelope {
    /// Encrypted to the shop and signed by the web shop, as it should be.
    Sealed,
    /// Encrypted, without a signature.
    Unsigned,
    /// Encrypted, and signed by a key that nobody trusts.
    Forged,
    /// Sealed, and damaged on the way.
    Garbled,
    /// Sealed, and the same mail twice.
    Twice,
}

/// One order of the demo.
#[derive(Clone, Debug)]
pub struct DemoOrder {
    /// What it shows, in a few words.
    pub about: &'static str,
    /// The exception that must come of it; `None` for an order that is placed.
    pub expect: Option<Code>,
    /// poms JSON.
    pub order: Value,
    /// How its mail is made.
    pub envelope: Envelope,
}

/// An order while it is written down: what it has of the ordinary, to be changed where it shows
/// something.
pub(crate) struct Draft {
    catalogue: Vec<OfferRow>,
    now: DateTime<Utc>,
}

/// Name, e-mail, telephone, street, city, state and ZIP of a customer.
pub(crate) type Person = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

impl Draft {
    fn new(now: DateTime<Utc>) -> Draft {
        Draft {
            // the file is part of the program, and a test reads it
            catalogue: read_catalogue(CATALOGUE.as_bytes()).unwrap_or_default(),
            now,
        }
    }

    fn price(&self, sku: &str) -> (Money, &str) {
        let row = self.catalogue.iter().find(|row| row.offer.sku == sku);
        row.map_or((Money(1999), "Picnic blanket, wool"), |row| {
            (row.offer.retail_price, row.offer.description.as_str())
        })
    }

    /// An order whose prices and total are right, placed some hours ago.
    fn order(&self, number: &str, hours: i64, person: Person, goods: &[(&str, i64)]) -> Value {
        let (name, email, phone, street, city, state, zip) = person;
        let placed = self.now - TimeDelta::hours(hours);
        let date = placed.with_timezone(&chrono_tz::America::New_York);
        let shipping = Money(695);
        let mut total = shipping;
        let mut lines = Vec::new();
        for (sku, qty) in goods {
            let (price, description) = self.price(sku);
            total = price
                .times(*qty)
                .and_then(|sum| total.plus(sum))
                .unwrap_or(total);
            lines.push(json!({
                "sku": sku, "description": description, "qty": qty, "unit_price": price.to_string(),
            }));
        }
        json!({
            "order_number": number,
            "date": date.to_rfc3339_opts(chrono::SecondsFormat::Secs, false),
            "currency": "USD",
            "customer": {"name": name, "email": email, "phone": phone},
            "ship_to": {
                "name": name, "street1": street, "street2": "", "city": city, "state": state,
                "zip": zip, "country": "US",
            },
            "lines": lines,
            "shipping": shipping.to_string(), "tax": "0.00", "total": total.to_string(),
            "shipping_method": "UPS Ground",
            "payment": {"method": "card", "reference": format!("ch_{number}")},
        })
    }
}

/// The order with some of its values changed, each by JSON pointer (RFC 6901).
fn with(mut order: Value, changes: &[(&str, Value)]) -> Value {
    for (pointer, value) in changes {
        if let Some(place) = order.pointer_mut(pointer) {
            *place = value.clone();
        } else if let Some(top) = order.as_object_mut() {
            top.insert(pointer.trim_start_matches('/').to_owned(), value.clone());
        }
    }
    order
}

#[cfg(test)]
mod tests;
