//! Which vendor gets which pieces of an order: all articles and all offers weighed together, key by key.
//!
//! Exact for up to [`MOST_WEIGHED`] vendors: of every set of them the best assignment is found article by
//! article, as what a set costs once (its fees, its parcels, its last day) is then the same for all. Beyond, it
//! is the best that adding, leaving out and exchanging one vendor at a time leads to. Nothing depends on the
//! order of rows, on time or on chance.

mod solve;

use super::money::Money;
use super::strategy::RouteKey;
pub use solve::solve;

/// Vendors of which all sets are weighed.
pub const MOST_WEIGHED: usize = 12;

/// Pieces of an article that are divided exactly; of more, each vendor gives what it has in its turn.
pub const MOST_DIVIDED: i64 = 50;

/// What is to be bought, and from whom it can be.
#[derive(Clone, Debug)]
pub struct RouteProblem {
    /// One for each SKU.
    pub demands: Vec<RouteDemand>,
    /// The vendors, by id: of equals the first is taken.
    pub vendors: Vec<RouteVendor>,
    /// What is weighed, the first first.
    pub keys: Vec<RouteKey>,
    /// Whether pieces that no vendor has alone may be divided.
    pub split: bool,
}

/// Pieces of one SKU.
#[derive(Clone, Debug)]
pub struct RouteDemand {
    /// How many.
    pub qty: i64,
    /// Who offers it; at most one for each vendor.
    pub candidates: Vec<RouteCandidate>,
}

/// One vendor's offer of it.
#[derive(Clone, Debug)]
pub struct RouteCandidate {
    /// The vendor's place.
    pub vendor: usize,
    /// Of one.
    pub cost: Money,
    /// The offer's priority.
    pub priority: i64,
    /// Pieces that it has; `None` where nobody knows.
    pub available: Option<i64>,
    /// The fewest that it sells.
    pub least: i64,
    /// It sells whole packs of so many.
    pub pack: i64,
}

/// What is the same for all that a vendor gets.
#[derive(Clone, Debug, Default)]
pub struct RouteVendor {
    /// Fees and freight of a purchase order.
    pub per_order: Money,
    /// And of a piece.
    pub per_piece: Money,
    /// And of the goods, in hundredths of a percent.
    pub percent_bp: u32,
    /// The day on which its goods are with the customer, counted from any.
    pub day: i64,
    /// Per cent of its purchase orders for which it had to be asked.
    pub asked: i64,
    /// Whether that is only what is believed of it: too little is known.
    pub believed: bool,
    /// Whether it sends something of the order already: its parcel and what that costs once count no more, and
    /// its day counts anyhow.
    pub chosen: bool,
}

/// An assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteSolution {
    /// Of each demand the vendors' places with their pieces, in the vendors' order.
    pub parts: Vec<Vec<(usize, i64)>>,
    /// One for each key, less is better. Of cost it is hundredths of hundredths of a cent: nothing is rounded.
    pub figures: Vec<i128>,
    /// What decides between equals: parts, cost of the goods, vendors' places.
    pub ties: Vec<i128>,
}

/// Parts of a cent in which costs are counted, so that percentages of cents are exact.
pub const CENT: i128 = 10_000;

impl RouteCandidate {
    /// Whether it is known that the vendor does not sell so many.
    pub fn is_short(&self, qty: i64) -> bool {
        self.available.is_some_and(|has| has < qty) || !self.sells(qty)
    }

    fn sells(&self, qty: i64) -> bool {
        qty >= self.least && (self.pack <= 1 || qty % self.pack == 0)
    }

    /// The pieces that have to be paid: whole packs, and not less than the least.
    pub fn paid(&self, qty: i64) -> i64 {
        let qty = qty.max(self.least);
        match self.pack {
            ..=1 => qty,
            pack => (qty / pack)
                .saturating_add(i64::from(qty % pack != 0))
                .saturating_mul(pack),
        }
    }
}

impl RouteProblem {
    /// What goods, and fees and freight of piece and percent, of so many pieces come to.
    fn cost(&self, candidate: &RouteCandidate, qty: i64) -> i128 {
        let Some(vendor) = self.vendors.get(candidate.vendor) else {
            return 0;
        };
        let paid = i128::from(candidate.paid(qty));
        let goods = i128::from(candidate.cost.0) * paid;
        let pieces = i128::from(vendor.per_piece.0) * paid;
        (goods + pieces) * CENT + goods * i128::from(vendor.percent_bp)
    }

    /// What a part of a demand adds to each key; what a vendor adds once is not in it.
    fn part(&self, candidate: &RouteCandidate, qty: i64, short: bool) -> Vec<i128> {
        let pieces = i128::from(qty);
        let asked = self
            .vendors
            .get(candidate.vendor)
            .map_or(0, |one| one.asked);
        let of = |key: &RouteKey| match key {
            RouteKey::Availability => i128::from(short),
            RouteKey::Priority => i128::from(candidate.priority) * pieces,
            RouteKey::LandedCost => self.cost(candidate, qty),
            RouteKey::Performance => i128::from(asked) * pieces,
            RouteKey::Parcels | RouteKey::PromisedDay => 0,
        };
        self.keys.iter().map(of).collect()
    }

    /// Whether anything counts once for a vendor, so that articles must be weighed together.
    fn is_joint(&self) -> bool {
        let fees = || self.vendors.iter().any(|one| one.per_order != Money::ZERO);
        self.keys.iter().any(|key| match key {
            RouteKey::Parcels | RouteKey::PromisedDay => true,
            RouteKey::LandedCost => fees(),
            _ => false,
        })
    }

    /// The figures of an assignment.
    pub fn weigh(&self, parts: Vec<Vec<(usize, i64)>>) -> RouteSolution {
        let mut figures = vec![0_i128; self.keys.len()];
        let (mut number, mut goods) = (0, 0);
        let mut used = vec![false; self.vendors.len()];
        let mut places = Vec::new();
        for (demand, parts) in self.demands.iter().zip(&parts) {
            for (vendor, qty) in parts {
                let found = demand.candidates.iter().find(|one| one.vendor == *vendor);
                let Some(candidate) = found else { continue };
                let added = self.part(candidate, *qty, candidate.is_short(*qty));
                figures
                    .iter_mut()
                    .zip(added)
                    .for_each(|(sum, one)| *sum += one);
                goods += i128::from(candidate.cost.0) * i128::from(*qty);
                number += 1;
                places.extend([*vendor as i128, -i128::from(*qty)]);
                if let Some(used) = used.get_mut(*vendor) {
                    *used = true;
                }
            }
        }
        let all = || self.vendors.iter().zip(&used);
        let new = || all().filter(|(one, used)| **used && !one.chosen);
        // what is chosen already comes on its day whatever is added to it
        let sent = || all().filter(|(one, used)| **used || one.chosen);
        for (sum, key) in figures.iter_mut().zip(&self.keys) {
            *sum += match key {
                RouteKey::Parcels => new().count() as i128,
                RouteKey::LandedCost => new()
                    .map(|(one, _)| i128::from(one.per_order.0) * CENT)
                    .sum(),
                RouteKey::PromisedDay => sent()
                    .map(|(one, _)| i128::from(one.day))
                    .max()
                    .unwrap_or(0),
                _ => 0,
            };
        }
        let mut ties = vec![number, goods];
        ties.extend(places);
        RouteSolution {
            parts,
            figures,
            ties,
        }
    }
}

impl RouteSolution {
    /// By which key one is better than another, and by how much each has of it; `None` among equals.
    pub fn decides(
        &self,
        other: &RouteSolution,
        keys: &[RouteKey],
    ) -> Option<(RouteKey, i128, i128)> {
        let both = self.figures.iter().zip(&other.figures);
        let mut all = keys.iter().zip(both).filter(|(_, (one, two))| one != two);
        all.next().map(|(key, (one, two))| (*key, *one, *two))
    }

    fn beats(&self, other: &RouteSolution) -> bool {
        (&self.figures, &self.ties) < (&other.figures, &other.ties)
    }
}
