//! Why an article goes where it goes, for people and for the audit trail.

use super::{Given, RouteGroup, Routing};
use crate::domain::money::Money;
use crate::domain::route::{
    CENT, MOST_WEIGHED, RouteCandidate, RouteProblem, RouteSolution, RouteVendor, solve,
};
use crate::domain::strategy::RouteKey;
use chrono::NaiveDate;
use serde_json::{Value, json};

/// One article of an order, and what was weighed for it.
pub struct RouteLine<'a> {
    /// Its SKU.
    pub sku: &'a str,
    /// The pieces of all lines of it.
    pub qty: i64,
    /// By which strategy.
    pub strategy: &'a str,
    /// Whom it is bought from: pieces, and when more comes, where that is waited for.
    pub from: Vec<Given<'a>>,
    /// Whether the order waits for it.
    pub missing: bool,
    /// Who else could get it.
    pub others: Vec<RouteOther<'a>>,
    group: &'a RouteGroup,
    place: usize,
}

/// A vendor that does not get an article.
pub struct RouteOther<'a> {
    /// Its id.
    pub vendor: &'a str,
    /// The key that decides against it, with what the order comes to with it and as it is; `None` among equals.
    pub decides: Option<(RouteKey, String, String)>,
}

impl RouteOther<'_> {
    /// Why it does not, in words.
    pub fn why(&self) -> String {
        match &self.decides {
            Some((RouteKey::Availability, _, _)) => "does not have it".to_owned(),
            Some((key, other, chosen)) => format!("{} {other} against {chosen}", key.as_str()),
            None => "equal; fewer parts, cheaper goods, then the vendor's id decide".to_owned(),
        }
    }
}

impl Routing {
    /// Each article with what was weighed for it.
    pub fn lines(&self) -> Vec<RouteLine<'_>> {
        let each = self.groups.iter().flat_map(|group| {
            group
                .goods
                .iter()
                .enumerate()
                .map(move |(place, goods)| RouteLine {
                    sku: &goods.sku,
                    qty: goods.qty,
                    strategy: &group.strategy.name,
                    from: self.of_sku(&goods.sku),
                    missing: group.is_missing(place),
                    others: group.others(place),
                    group,
                    place,
                })
        });
        each.collect()
    }

    /// What decides between this and another assignment of the same articles, by strategy; empty where all is equal.
    pub fn against(&self, other: &Routing) -> Vec<String> {
        let both = self.groups.iter().zip(&other.groups);
        let each = both.filter_map(|(this, other)| {
            let (keys, name) = (&this.strategy.keys, &this.strategy.name);
            let (key, one, two) = this.solution.decides(&other.solution, keys)?;
            let word = if one < two { "better" } else { "worse" };
            let (one, two) = (shown(key, one), shown(key, two));
            Some(format!(
                "By strategy '{name}' it is {word}: {} {one}, {two} as chosen.",
                key.as_str()
            ))
        });
        each.collect()
    }

    /// What the audit trail keeps of it.
    pub fn json(&self) -> Value {
        let lines = self.lines();
        let each = lines.iter().map(|line| {
            json!({"sku": line.sku, "qty": line.qty, "strategy": line.strategy, "from": line.givers(), "why": line.why()})
        });
        json!(each.collect::<Vec<Value>>())
    }
}

impl RouteGroup {
    fn others(&self, place: usize) -> Vec<RouteOther<'_>> {
        let Some(demand) = self.problem.demands.get(place) else {
            return Vec::new();
        };
        let gets = |vendor: usize| {
            let mut parts = self.solution.parts.get(place).into_iter().flatten();
            parts.any(|(one, _)| *one == vendor)
        };
        let others = demand.candidates.iter().filter(|one| !gets(one.vendor));
        let told = others.filter_map(|one| {
            let with = self.with(place, one)?;
            let keys = &self.strategy.keys;
            let decides = self.solution.decides(&with, keys);
            Some(RouteOther {
                vendor: self.vendors.get(one.vendor)?,
                decides: decides
                    .map(|(key, chosen, other)| (key, shown(key, other), shown(key, chosen))),
            })
        });
        told.collect()
    }

    /// The best assignment with an article from one vendor; of many vendors the same with only that changed.
    fn with(&self, place: usize, only: &RouteCandidate) -> Option<RouteSolution> {
        if self.vendors.len() > MOST_WEIGHED {
            let mut parts = self.solution.parts.clone();
            *parts.get_mut(place)? = vec![(only.vendor, self.problem.demands.get(place)?.qty)];
            return Some(self.problem.weigh(parts));
        }
        let mut problem: RouteProblem = self.problem.clone();
        let demand = problem.demands.get_mut(place)?;
        demand.candidates.retain(|one| one.vendor == only.vendor);
        solve(&problem)
    }
}

/// A figure as people read it.
fn shown(key: RouteKey, figure: i128) -> String {
    match key {
        RouteKey::LandedCost => {
            let cents = (figure + CENT / 2).div_euclid(CENT);
            Money(i64::try_from(cents).unwrap_or(i64::MAX)).to_string()
        }
        RouteKey::PromisedDay => i32::try_from(figure)
            .ok()
            .and_then(NaiveDate::from_num_days_from_ce_opt)
            .map_or_else(|| figure.to_string(), |day| day.to_string()),
        _ => figure.to_string(),
    }
}

impl RouteLine<'_> {
    /// Who gets it and why, in one line.
    pub fn why(&self) -> String {
        let from: Vec<String> = self
            .from
            .iter()
            .map(|(vendor, qty, later)| {
                let pieces = if *qty == self.qty {
                    String::new()
                } else {
                    format!("{qty} from ")
                };
                let later =
                    later.map_or_else(String::new, |day| format!(" (backorder: more on {day})"));
                format!("{pieces}{vendor}{later}")
            })
            .collect();
        let others: Vec<String> = self
            .others
            .iter()
            .map(|other| format!("{}: {}", other.vendor, other.why()))
            .collect();
        let tried = self
            .group
            .goods
            .get(self.place)
            .is_some_and(|one| one.tried);
        let others = match others.is_empty() {
            true if tried => "as it is tried".to_owned(),
            true if self.from.len() < 2 => "no one else can get it".to_owned(),
            true => "no one has them alone".to_owned(),
            false => others.join("; "),
        };
        format!("{} from {} ({others})", self.sku, from.join(" and "))
    }

    fn givers(&self) -> Value {
        let each = self
            .from
            .iter()
            .map(|(vendor, qty, later)| json!({"vendor_id": vendor, "qty": qty, "more_on": later}));
        json!(each.collect::<Vec<Value>>())
    }

    /// What is weighed, the first first.
    pub fn keys(&self) -> Vec<&'static str> {
        let keys = self.group.strategy.keys.iter();
        keys.map(|key| key.as_str()).collect()
    }

    /// All that was weighed.
    pub fn json(&self) -> Value {
        let others = self.others.iter().map(|other| {
            let decides = other.decides.as_ref();
            json!({"vendor_id": other.vendor, "key": decides.map(|one| one.0.as_str()), "with_it": decides.map(|one| &one.1),
                   "chosen": decides.map(|one| &one.2), "why": other.why()})
        });
        json!({
            "sku": self.sku, "qty": self.qty, "strategy": self.strategy, "from": self.givers(), "missing": self.missing,
            "keys": self.keys(),
            "candidates": self.candidates().iter().map(RouteFigures::json).collect::<Vec<_>>(),
            "others": others.collect::<Vec<_>>(), "why": self.why(),
        })
    }

    /// What each of those who offer it brings.
    pub fn candidates(&self) -> Vec<RouteFigures<'_>> {
        let demand = self.group.problem.demands.get(self.place);
        let offers = demand.into_iter().flat_map(|demand| &demand.candidates);
        let each = offers.filter_map(|offer| {
            let weighs = |key: RouteKey| self.group.strategy.weighs(key);
            let on_file = self.group.problem.vendors.get(offer.vendor)?;
            let alone = RouteProblem {
                demands: self
                    .group
                    .problem
                    .demands
                    .get(self.place)
                    .cloned()
                    .into_iter()
                    .collect(),
                vendors: self
                    .group
                    .problem
                    .vendors
                    .iter()
                    .map(|one| RouteVendor {
                        chosen: false,
                        ..one.clone()
                    })
                    .collect(),
                keys: vec![RouteKey::LandedCost],
                split: false,
            };
            let cost = alone.weigh(vec![vec![(offer.vendor, self.qty)]]);
            let cost = cost.figures.first().copied().unwrap_or_default();
            Some(RouteFigures {
                vendor: self.group.vendors.get(offer.vendor)?,
                cost: offer.cost,
                priority: offer.priority,
                available: offer.available,
                short: offer.is_short(self.qty),
                landed: weighs(RouteKey::LandedCost).then(|| shown(RouteKey::LandedCost, cost)),
                day: weighs(RouteKey::PromisedDay)
                    .then(|| shown(RouteKey::PromisedDay, on_file.day.into())),
                asked: (weighs(RouteKey::Performance) && !on_file.believed)
                    .then_some(on_file.asked),
            })
        });
        each.collect()
    }
}

/// One vendor's offer of an article with what is weighed of it.
pub struct RouteFigures<'a> {
    /// The vendor's id.
    pub vendor: &'a str,
    /// Of one.
    pub cost: Money,
    /// The offer's priority.
    pub priority: i64,
    /// Pieces that it has; `None` where nobody knows.
    pub available: Option<i64>,
    /// Whether it is known that it does not have so many.
    pub short: bool,
    /// What the article comes to from it alone, where that is weighed.
    pub landed: Option<String>,
    /// When its goods are there, where that is weighed.
    pub day: Option<String>,
    /// Per cent of its purchase orders for which it had to be asked, where that is weighed and known.
    pub asked: Option<i64>,
}

impl RouteFigures<'_> {
    fn json(&self) -> Value {
        json!({"vendor_id": self.vendor, "cost": self.cost, "priority": self.priority, "available": self.available,
               "short": self.short, "landed_cost": self.landed, "promised_day": self.day, "asked_percent": self.asked})
    }
}
