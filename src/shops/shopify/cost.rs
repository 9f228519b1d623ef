//! Shopify's budget: each operation costs points out of a bucket that fills up by the second
//! (<https://shopify.dev/docs/api/usage/limits>). poms waits briefly, or leaves off until there is enough.

use serde_json::Value;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// All that a run waits for points.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is known of the bucket, and of what operations cost.
#[derive(Debug)]
pub(super) struct Costs {
    bucket: Option<Bucket>,
    asked: HashMap<&'static str, f64>,
    patience: Duration,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    available: f64,
    most: f64,
    /// Points that come back each second.
    restore: f64,
    seen: Instant,
}

impl Costs {
    pub(super) fn new() -> Costs {
        Costs::patient(PATIENCE)
    }

    /// With so long to wait in all.
    pub(super) fn patient(patience: Duration) -> Costs {
        Costs {
            bucket: None,
            asked: HashMap::new(),
            patience,
        }
    }

    /// Notes what an answer says of it: `extensions.cost`.
    pub(super) fn note(&mut self, operation: &'static str, answer: &Value) {
        let cost = &answer["extensions"]["cost"];
        if let Some(asked) = points(&cost["requestedQueryCost"]) {
            self.asked.insert(operation, asked);
        }
        let status = &cost["throttleStatus"];
        let (available, most, restore) = (
            points(&status["currentlyAvailable"]),
            points(&status["maximumAvailable"]),
            points(&status["restoreRate"]),
        );
        if let (Some(available), Some(most), Some(restore)) = (available, most, restore) {
            self.bucket = Some(Bucket {
                available,
                most,
                restore,
                seen: Instant::now(),
            });
        }
    }

    /// How long the shop must be left alone before it does the operation; nothing where there is enough, or
    /// nothing is known.
    pub(super) fn missing(&self, operation: &str) -> Duration {
        let (Some(bucket), Some(cost)) = (self.bucket, self.asked.get(operation)) else {
            return Duration::ZERO;
        };
        // one that is dearer than the bucket is told so by the shop
        let needed = cost.min(bucket.most);
        let back = bucket.restore * bucket.seen.elapsed().as_secs_f64();
        let lacks = needed - (bucket.available + back).min(bucket.most);
        if lacks <= 0.0 {
            return Duration::ZERO;
        }
        let longest = 3600.0;
        let rate = bucket.restore.max(lacks / longest);
        Duration::try_from_secs_f64(lacks / rate).unwrap_or(Duration::from_secs(60))
    }

    /// Whether there is patience for so long; what is granted is spent.
    pub(super) fn waits(&mut self, wait: Duration) -> bool {
        match self.patience.checked_sub(wait) {
            Some(left) => {
                self.patience = left;
                true
            }
            None => false,
        }
    }
}

fn points(value: &Value) -> Option<f64> {
    value
        .as_f64()
        .filter(|points| points.is_finite() && *points >= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(cost: f64, available: f64, restore: f64) -> Value {
        json!({"extensions": {"cost": {"requestedQueryCost": cost, "throttleStatus": {
            "maximumAvailable": 2000.0, "currentlyAvailable": available, "restoreRate": restore}}}})
    }

    #[test]
    fn what_lacks_takes_its_time() {
        let mut costs = Costs::new();
        assert_eq!(costs.missing("A"), Duration::ZERO);
        costs.note("A", &answer(700.0, 100.0, 100.0));
        let wait = costs.missing("A").as_secs_f64();
        assert!((5.9..=6.0).contains(&wait), "{wait}");
        assert!(!costs.waits(Duration::from_secs(6)));
        assert!(costs.waits(Duration::from_secs(3)));
        assert!(!costs.waits(Duration::from_secs(3)), "patience is spent");
        assert_eq!(costs.missing("B"), Duration::ZERO);
        costs.note("A", &answer(700.0, 700.0, 100.0));
        assert_eq!(costs.missing("A"), Duration::ZERO);
    }

    #[test]
    fn senseless_figures_make_no_endless_rest() {
        let mut costs = Costs::new();
        for (cost, available, restore) in
            [(1e300, 0.0, 0.0), (5.0, 0.0, 1e-300), (f64::NAN, -1.0, 0.0)]
        {
            costs.note("A", &answer(cost, available, restore));
            assert!(costs.missing("A") <= Duration::from_secs(3601));
        }
    }
}
