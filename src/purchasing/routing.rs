//! Whom the articles of an order are bought from: what the site's strategies weigh, gathered for the solver
//! ([`crate::domain::route`]), and what it says.

mod gather;
mod told;

use crate::domain::choose::{Routed, purchasable};
use crate::domain::route::{RouteDemand, RouteProblem, RouteSolution};
use crate::domain::strategy::{Strategy, first_for};
use crate::domain::variance::Terms;
use crate::ledger::orders::OrderRow;
use crate::ledger::{Result, Tx};
use crate::rules::review::Catalogue;
use crate::shipping::promise::PromiseSettings;
use chrono::NaiveDate;
use chrono_tz::Tz;
use gather::Gathering;
use std::collections::{BTreeMap, HashMap};
pub use told::{RouteFigures, RouteLine, RouteOther};

/// What choosing needs to know of the site.
#[derive(Clone, Copy)]
pub struct RouteSettings<'a> {
    /// How vendors are chosen, the first first.
    pub strategies: &'a [Strategy],
    /// What vendors may charge beside the goods, where their own agreement says nothing.
    pub terms: &'a Terms,
    /// How promises are made.
    pub promise: &'a PromiseSettings,
    /// The site's zone.
    pub timezone: Tz,
}

/// What a vendor gives of an article: its id, pieces, and when more comes to it, where that is waited for.
pub type Given<'a> = (&'a str, i64, Option<NaiveDate>);

/// Vendors that shall get articles, by SKU: what a person tries.
pub type Forced = HashMap<String, String>;

/// Where the articles of an order go.
pub struct Routing {
    /// The articles of each strategy, as the configuration has them; the last may be those of none.
    pub groups: Vec<RouteGroup>,
}

/// The articles of an order that are weighed together.
pub struct RouteGroup {
    /// By which strategy.
    pub strategy: Strategy,
    /// The articles.
    pub goods: Vec<RouteGoods>,
    /// What is weighed; the demands are the articles in their order.
    pub problem: RouteProblem,
    /// The vendors' ids, by place.
    pub vendors: Vec<String>,
    /// The answer.
    pub solution: RouteSolution,
}

/// One article.
#[derive(Clone, Debug)]
pub struct RouteGoods {
    /// Its SKU.
    pub sku: String,
    /// The pieces of all lines of it.
    pub qty: i64,
    /// Whether a person tries a vendor for it: the others were not asked.
    pub tried: bool,
    /// When more comes to those who take backorders, where nobody has it and that is how it is bought.
    pub later: BTreeMap<String, NaiveDate>,
}

impl RouteGroup {
    /// The vendors of one of its articles with their pieces.
    fn parts(&self, place: usize) -> impl Iterator<Item = (&str, i64)> {
        let parts = self.solution.parts.get(place).into_iter().flatten();
        parts.filter_map(|(vendor, qty)| Some((self.vendors.get(*vendor)?.as_str(), *qty)))
    }

    /// Whether one of its articles is bought from a vendor that is known not to have it.
    fn is_short(&self, place: usize) -> bool {
        let demand = self.problem.demands.get(place);
        let parts = self.solution.parts.get(place);
        let short = |(demand, (vendor, qty)): (&RouteDemand, &(usize, i64))| {
            let mut all = demand.candidates.iter();
            all.find(|one| one.vendor == *vendor)
                .is_some_and(|one| one.is_short(*qty))
        };
        let (Some(demand), Some(parts)) = (demand, parts) else {
            return false;
        };
        parts.iter().any(|part| short((demand, part)))
    }

    /// Whether the order waits for one of its articles.
    fn is_missing(&self, place: usize) -> bool {
        let later = self
            .goods
            .get(place)
            .is_some_and(|one| !one.later.is_empty());
        self.is_short(place) && !later
    }
}

impl Routing {
    /// The vendors of an article with their pieces, and when more comes to each, where that is waited for.
    pub fn of_sku(&self, sku: &str) -> Vec<Given<'_>> {
        for group in &self.groups {
            let Some(place) = group.goods.iter().position(|one| one.sku == sku) else {
                continue;
            };
            let later = &group.goods[place].later;
            let parts = group.parts(place);
            return parts
                .map(|(vendor, qty)| (vendor, qty, later.get(vendor).copied()))
                .collect();
        }
        Vec::new()
    }

    /// What the rules are told of it.
    pub fn routed(&self) -> HashMap<String, Routed> {
        let each = self.groups.iter().flat_map(|group| {
            group.goods.iter().enumerate().map(|(place, goods)| {
                let routed = Routed {
                    vendors: group.parts(place).map(|(id, _)| id.to_owned()).collect(),
                    missing: group.is_missing(place),
                };
                (goods.sku.clone(), routed)
            })
        });
        each.collect()
    }
}

/// Weighs an order whose offers were looked up. Articles that nobody offers are not in it.
///
/// # Errors
/// The ledger's.
pub fn route(
    tx: &Tx,
    row: &OrderRow,
    settings: &RouteSettings,
    catalogue: &mut Catalogue,
    forced: &Forced,
) -> Result<Routing> {
    let mut groups: Vec<RouteGroup> = Vec::new();
    let mut chosen: Vec<String> = Vec::new();
    for (place, goods) in by_strategy(row, settings, catalogue) {
        let strategy = settings.strategies.get(place).cloned().unwrap_or_default();
        let gathered = Gathering {
            tx,
            row,
            settings,
            forced,
            chosen: &chosen,
        };
        let group = gathered.group(strategy, goods, catalogue)?;
        let Some(group) = group else { continue };
        let parts = group.solution.parts.iter().flatten();
        chosen.extend(parts.filter_map(|(vendor, _)| group.vendors.get(*vendor).cloned()));
        groups.push(group);
    }
    keep_together(&mut groups);
    Ok(Routing { groups })
}

/// Where goods shall go together and not all are missing, what nobody has is not bought for later.
fn keep_together(groups: &mut [RouteGroup]) {
    let each = || {
        groups
            .iter()
            .flat_map(|group| (0..group.goods.len()).map(move |place| group.is_short(place)))
    };
    if each().all(|short| short) {
        return;
    }
    for group in groups.iter_mut().filter(|group| group.strategy.together) {
        for goods in &mut group.goods {
            goods.later.clear();
        }
    }
}

/// The articles of an order that somebody offers, by the place of their strategy.
fn by_strategy(
    row: &OrderRow,
    settings: &RouteSettings,
    catalogue: &Catalogue,
) -> BTreeMap<usize, Vec<RouteGoods>> {
    let mut groups = BTreeMap::<usize, Vec<RouteGoods>>::new();
    let mut seen: Vec<&str> = Vec::new();
    for line in &row.order.lines {
        let sku = line.sku.trim();
        let offers = catalogue.offers().get(sku).map_or(&[][..], Vec::as_slice);
        let offered = offers
            .iter()
            .any(|offer| purchasable(offer, catalogue.vendors()));
        if seen.contains(&sku) || !offered {
            continue;
        }
        seen.push(sku);
        let place = first_for(settings.strategies, sku, offers).unwrap_or(usize::MAX);
        groups.entry(place).or_default().push(RouteGoods {
            sku: sku.to_owned(),
            qty: row.order.pieces_of(line),
            tried: false,
            later: BTreeMap::new(),
        });
    }
    groups
}
