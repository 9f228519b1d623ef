//! A comparison that is under way: where it came to, and what it found so far. A large shop takes many runs.

use super::{Comparison, Stopped, shop_of};
use crate::clock;
use crate::reports::shop::{ShopDifference, ShopProof};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Differences that are kept with their words between two runs; the others are only known again.
const MOST_WITH_WORDS: usize = 60;

/// Where a comparison came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparePlace {
    /// The place in the shop's list behind the last order that was looked at; `None` at its beginning.
    pub shop: Option<String>,
    /// Whether the shop's list was seen to its end.
    pub listed: bool,
    /// The ledger's number of the last order that was looked at after that.
    pub after: i64,
}

/// A comparison that is under way.
pub struct Going {
    /// Where it came to.
    pub place: ComparePlace,
    /// What it came to so far.
    pub proof: ShopProof,
}

/// The same as the ledger keeps it from run to run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct UnderWay {
    /// The place of the source.
    place: String,
    begun: String,
    /// When it came a step further last.
    pub moved: String,
    from: String,
    at: ComparePlace,
    orders: usize,
    known: usize,
    held: usize,
    shipments: usize,
    cancellations: usize,
    differences: Vec<ShopDifference>,
    more: usize,
}

impl Going {
    /// Nothing was looked at yet; `None` where the source has nobody to ask.
    pub fn begin(comparison: &Comparison) -> Option<Going> {
        let source = comparison.source;
        let (_, since) = shop_of(source)?;
        let from = comparison.from.max(since);
        Some(Going {
            place: ComparePlace::default(),
            proof: ShopProof::begin(&source.name, source.place(), from, since),
        })
    }

    /// Looks at one order: what is found counts if all of it could be looked at.
    pub(super) fn looked_at(
        &mut self,
        look: impl FnOnce(&mut ShopProof) -> Result<(), Stopped>,
    ) -> Result<(), Stopped> {
        let proof = &self.proof;
        let mut one = ShopProof::begin(&proof.source, proof.place.clone(), proof.from, proof.since);
        look(&mut one)?;
        self.proof.add(one);
        Ok(())
    }

    /// For the ledger.
    pub(super) fn kept(&self, begun: DateTime<Utc>, moved: DateTime<Utc>) -> UnderWay {
        let proof = &self.proof;
        let mut differences = proof.differences.clone();
        for one in differences.iter_mut().skip(MOST_WITH_WORDS) {
            (one.says, one.advice, one.remedy) = (String::new(), String::new(), None);
        }
        UnderWay {
            place: proof.place.clone(),
            begun: clock::text(begun),
            moved: clock::text(moved),
            from: clock::text(proof.from),
            at: self.place.clone(),
            orders: proof.orders,
            known: proof.known,
            held: proof.held,
            shipments: proof.shipments,
            cancellations: proof.cancellations,
            differences,
            more: proof.more,
        }
    }
}

impl UnderWay {
    /// When it began, and since when it came no further; `None` where it is of another shop, or cannot be read.
    pub(super) fn times(&self, place: &str) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let times = (clock::parse(&self.begun)?, clock::parse(&self.moved)?);
        (self.place == place).then_some(times)
    }

    /// What it found so far: orders, shipments, differences.
    pub(super) fn sums(&self) -> [usize; 3] {
        let differences = self.differences.len() + self.more;
        [self.orders, self.shipments, differences]
    }

    /// Takes it up again.
    pub(super) fn taken_up(self, fresh: Going) -> Going {
        let Some(from) = clock::parse(&self.from) else {
            return fresh;
        };
        Going {
            place: self.at,
            proof: ShopProof {
                from,
                orders: self.orders,
                known: self.known,
                held: self.held,
                shipments: self.shipments,
                cancellations: self.cancellations,
                differences: self.differences,
                more: self.more,
                ..fresh.proof
            },
        }
    }
}
