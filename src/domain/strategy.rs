//! How vendors are chosen: what the site weighs first, for which goods, and what becomes of what nobody has.

use super::money::Money;
use super::variance::Terms;
use super::vendor::Offer;
use serde_json::{Map, Value};

/// What is weighed when vendors are compared; of each, less is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RouteKey {
    /// How many articles go to a vendor that is known not to have them.
    Availability,
    /// The priority numbers of the offers, over all pieces.
    Priority,
    /// What goods, freight and fees come to.
    LandedCost,
    /// How many vendors send a parcel.
    Parcels,
    /// The day on which the last of the goods is with the customer.
    PromisedDay,
    /// Per cent of a vendor's recent purchase orders for which it had to be asked, over all pieces.
    Performance,
}

impl RouteKey {
    /// All of them with their words in the configuration and in JSON.
    pub const ALL: [(&'static str, RouteKey); 6] = [
        ("priority", RouteKey::Priority),
        ("availability", RouteKey::Availability),
        ("landed_cost", RouteKey::LandedCost),
        ("parcels", RouteKey::Parcels),
        ("promised_day", RouteKey::PromisedDay),
        ("performance", RouteKey::Performance),
    ];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        let mut all = RouteKey::ALL.into_iter();
        all.find(|(_, key)| *key == self)
            .map_or("", |(word, _)| word)
    }
}

/// What becomes of goods that nobody has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenMissing {
    /// The order waits for a person: `out_of_stock`.
    #[default]
    Hold,
    /// They are ordered from a vendor that takes backorders and says when more comes; else the order waits.
    Backorder,
}

/// One way of choosing, and for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strategy {
    /// Its name to people.
    pub name: String,
    /// Categories of the catalogue, in small letters.
    pub categories: Vec<String>,
    /// Beginnings of SKUs.
    pub sku_prefixes: Vec<String>,
    /// SKUs.
    pub skus: Vec<String>,
    /// What is weighed, the first first; availability is always in it.
    pub keys: Vec<RouteKey>,
    /// Whether the pieces of an article may come from several vendors where none alone has them.
    pub split: bool,
    /// What a parcel's freight counts as where the vendor's agreement names no sum.
    pub freight_per_parcel: Money,
    /// Purchase orders of a vendor within the days that count before its performance is known.
    pub least_count: i64,
    /// What becomes of what nobody has.
    pub missing: WhenMissing,
    /// Whether what there is waits for what is missing.
    pub together: bool,
}

impl Default for Strategy {
    /// As it is where the site says nothing: who has it, then the lowest priority number.
    fn default() -> Strategy {
        Strategy {
            name: "by priority".to_owned(),
            categories: Vec::new(),
            sku_prefixes: Vec::new(),
            skus: Vec::new(),
            keys: vec![RouteKey::Availability, RouteKey::Priority],
            split: false,
            freight_per_parcel: Money::ZERO,
            least_count: 10,
            missing: WhenMissing::Hold,
            together: false,
        }
    }
}

/// What is known of a vendor beside its row, for choosing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VendorFigures {
    /// What it may charge beside the goods.
    pub terms: Terms,
    /// Whether it takes orders for what it does not have yet.
    pub takes_backorders: bool,
    /// Purchase orders of the days that count of which it is known how they went, and for how many of them it
    /// had to be asked.
    pub asked: Option<(i64, i64)>,
}

/// The optional column of the vendors' file: whether a vendor takes backorders. Empty is no.
pub const TAKES_BACKORDERS: &str = "takes_backorders";

/// Whether the columns of a vendor say that it takes backorders; `None` where they say neither yes nor no.
pub fn takes_backorders(columns: &Map<String, Value>) -> Option<bool> {
    let named = |name: &str| {
        name.trim()
            .replace(' ', "_")
            .eq_ignore_ascii_case(TAKES_BACKORDERS)
    };
    let found = columns.iter().find(|(name, _)| named(name));
    let word = found
        .and_then(|(_, value)| value.as_str())
        .unwrap_or_default();
    match word.trim().to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" => Some(true),
        "no" | "n" | "false" | "0" | "" => Some(false),
        _ => None,
    }
}

/// Days of the ledger by which a vendor's performance is known.
pub const PERFORMANCE_DAYS: i64 = 90;

impl Strategy {
    /// Whether it names no goods, and is for all.
    pub fn is_for_all(&self) -> bool {
        self.categories.is_empty() && self.sku_prefixes.is_empty() && self.skus.is_empty()
    }

    /// Whether it is for a SKU, of which these are the offers. One that names nothing is for all.
    pub fn fits(&self, sku: &str, offers: &[Offer]) -> bool {
        let of_category = |offer: &Offer| {
            let category = offer.category.trim().to_lowercase();
            self.categories.contains(&category)
        };
        self.is_for_all()
            || self.skus.iter().any(|one| one == sku)
            || self.sku_prefixes.iter().any(|one| sku.starts_with(one))
            || offers.iter().any(of_category)
    }

    /// Whether one of the keys is weighed.
    pub fn weighs(&self, key: RouteKey) -> bool {
        self.keys.contains(&key)
    }
}

/// The place of the first strategy that is for a SKU; `None` where none is, and the default counts.
pub fn first_for(strategies: &[Strategy], sku: &str, offers: &[Offer]) -> Option<usize> {
    strategies.iter().position(|one| one.fits(sku, offers))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::offer;

    #[test]
    fn the_first_that_fits_counts() {
        let named = |name: &str, f: fn(&mut Strategy)| {
            let mut one = Strategy {
                name: name.to_owned(),
                ..Strategy::default()
            };
            f(&mut one);
            one
        };
        let all = [
            named("a", |one| one.skus.push("X-1".to_owned())),
            named("b", |one| one.sku_prefixes.push("X-".to_owned())),
            named("c", |one| one.categories.push("things".to_owned())),
            named("d", |_| {}),
        ];
        let things = [offer("S", "V", "1.00", "2.00")];
        for (strategies, sku, offers, place) in [
            (&all[..], "X-1", &things[..], Some(0)),
            (&all, "X-2", &things, Some(1)),
            (&all, "Y", &things, Some(2)),
            (&all, "Y", &[], Some(3)),
            (&all[..2], "x-1", &[], None),
        ] {
            assert_eq!(first_for(strategies, sku, offers), place, "{sku}");
        }
    }
}
