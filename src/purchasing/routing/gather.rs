//! What is weighed of an order: offers with what vendors have, fees, days, performance.

use super::{Forced, RouteGoods, RouteGroup, RouteSettings};
use crate::domain::choose::purchasable;
use crate::domain::money::Money;
use crate::domain::route::{RouteCandidate, RouteDemand, RouteProblem, RouteVendor, solve};
use crate::domain::strategy::{
    PERFORMANCE_DAYS, RouteKey, Strategy, VendorFigures, WhenMissing, takes_backorders,
};
use crate::domain::terms;
use crate::domain::variance::Terms;
use crate::domain::vendor::Offer;
use crate::ledger::orders::OrderRow;
use crate::ledger::{Result, Tx};
use crate::rules::review::Catalogue;
use crate::shipping::promise::{Journey, at_once};
use chrono::{Datelike, TimeDelta};

pub(super) struct Gathering<'a> {
    pub(super) tx: &'a Tx<'a>,
    pub(super) row: &'a OrderRow,
    pub(super) settings: &'a RouteSettings<'a>,
    pub(super) forced: &'a Forced,
    /// Who sends something of the order already.
    pub(super) chosen: &'a [String],
}

impl Gathering<'_> {
    pub(super) fn group(
        &self,
        strategy: Strategy,
        mut goods: Vec<RouteGoods>,
        catalogue: &mut Catalogue,
    ) -> Result<Option<RouteGroup>> {
        let mut offers: Vec<Vec<Offer>> = Vec::new();
        for one in &mut goods {
            one.tried = self.forced.contains_key(&one.sku);
            let all = catalogue
                .offers()
                .get(&one.sku)
                .map_or(&[][..], Vec::as_slice);
            let only = self.forced.get(&one.sku);
            let admitted = |offer: &&Offer| {
                purchasable(offer, catalogue.vendors())
                    && only.is_none_or(|only| *only == offer.vendor_id)
            };
            offers.push(all.iter().filter(admitted).cloned().collect());
        }
        let mut ids: Vec<String> = offers
            .iter()
            .flatten()
            .map(|one| one.vendor_id.clone())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let vendors = self.vendors(&strategy, &ids, catalogue)?;
        let demand = |(offers, goods): (&Vec<Offer>, &RouteGoods)| RouteDemand {
            qty: goods.qty,
            candidates: offers
                .iter()
                .filter_map(|offer| candidate(offer, &ids))
                .collect(),
        };
        let problem = RouteProblem {
            demands: offers.iter().zip(&goods).map(demand).collect(),
            vendors,
            keys: strategy.keys.clone(),
            split: strategy.split,
        };
        let Some(solution) = solve(&problem) else {
            return Ok(None);
        };
        let mut group = RouteGroup {
            strategy,
            goods: Vec::new(),
            problem,
            vendors: ids,
            solution,
        };
        if group.strategy.missing == WhenMissing::Backorder {
            self.later(&mut group, &mut goods, &offers, catalogue)?;
        }
        group.goods = goods;
        Ok(Some(group))
    }

    /// What nobody has is bought from those who take backorders and say when more comes.
    fn later(
        &self,
        group: &mut RouteGroup,
        goods: &mut [RouteGoods],
        offers: &[Vec<Offer>],
        catalogue: &mut Catalogue,
    ) -> Result<()> {
        let today = self
            .tx
            .now()
            .with_timezone(&self.settings.timezone)
            .date_naive();
        for (place, (goods, offers)) in goods.iter_mut().zip(offers).enumerate() {
            if !group.is_short(place) {
                continue;
            }
            for offer in offers {
                let stock = offer
                    .stock
                    .as_ref()
                    .filter(|stock| !stock.item.discontinued);
                // packs and least quantities are no matter of waiting
                let sells = candidate(offer, &group.vendors).is_some_and(|one| {
                    let endless = RouteCandidate {
                        available: None,
                        ..one
                    };
                    !endless.is_short(goods.qty)
                });
                if let Some(next) = stock.and_then(|stock| stock.item.next)
                    && next > today
                    && sells
                    && self.figures(&offer.vendor_id, catalogue)?.takes_backorders
                {
                    goods.later.insert(offer.vendor_id.clone(), next);
                }
            }
            let (vendors, later) = (&group.vendors, &goods.later);
            if let Some(demand) = group
                .problem
                .demands
                .get_mut(place)
                .filter(|_| !later.is_empty())
            {
                demand.candidates.retain(|one| {
                    vendors
                        .get(one.vendor)
                        .is_some_and(|id| later.contains_key(id))
                });
            }
        }
        if let Some(again) = solve(&group.problem) {
            group.solution = again;
        }
        Ok(())
    }

    fn vendors(
        &self,
        strategy: &Strategy,
        ids: &[String],
        catalogue: &mut Catalogue,
    ) -> Result<Vec<RouteVendor>> {
        let mut all = Vec::new();
        let mut known: Vec<Option<i64>> = Vec::new();
        for id in ids {
            let mut vendor = RouteVendor {
                chosen: self.chosen.contains(id),
                ..RouteVendor::default()
            };
            if strategy.weighs(RouteKey::LandedCost) {
                let terms = self.figures(id, catalogue)?.terms;
                charge(&mut vendor, &terms, strategy);
            }
            if strategy.weighs(RouteKey::Performance) {
                known.push(self.asked(id, strategy, catalogue)?);
            }
            if strategy.weighs(RouteKey::PromisedDay)
                && let Some(on_file) = catalogue.vendors().get(id)
            {
                let (settings, zone) = (self.settings.promise, self.settings.timezone);
                let journey = Journey::new(on_file, &self.row.order, self.tx.now(), zone, settings);
                let promise = at_once(self.tx, &journey, settings)?;
                vendor.day = i64::from(promise.deliver_by.num_days_from_ce());
            }
            all.push(vendor);
        }
        // of whom too little is known, the mean of the others is believed
        let counted: Vec<i64> = known.iter().flatten().copied().collect();
        let mean = counted
            .iter()
            .sum::<i64>()
            .checked_div(counted.len() as i64)
            .unwrap_or(0);
        for (vendor, known) in all.iter_mut().zip(known) {
            vendor.asked = known.unwrap_or(mean);
            vendor.believed = known.is_none();
        }
        Ok(all)
    }

    /// Per cent of the vendor's purchase orders for which it had to be asked, where there are enough.
    fn asked(
        &self,
        id: &str,
        strategy: &Strategy,
        catalogue: &mut Catalogue,
    ) -> Result<Option<i64>> {
        let mut figures = self.figures(id, catalogue)?;
        let (count, asked) = match figures.asked {
            Some(known) => known,
            None => {
                let since = self.tx.now() - TimeDelta::days(PERFORMANCE_DAYS);
                let found = self.tx.performance(id, since)?;
                figures.asked = Some(found);
                catalogue.figures.insert(id.to_owned(), figures);
                found
            }
        };
        Ok((count >= strategy.least_count.max(1)).then(|| asked * 100 / count.max(1)))
    }

    fn figures(&self, id: &str, catalogue: &mut Catalogue) -> Result<VendorFigures> {
        if let Some(known) = catalogue.figures.get(id) {
            return Ok(*known);
        }
        let columns = self.tx.vendor_columns(id)?;
        let figures = VendorFigures {
            terms: terms::of_columns(&columns, self.settings.terms).unwrap_or(*self.settings.terms),
            takes_backorders: takes_backorders(&columns) == Some(true),
            asked: None,
        };
        catalogue.figures.insert(id.to_owned(), figures);
        Ok(figures)
    }
}

/// Fees and freight as far as the agreement names them; a parcel whose freight it leaves open costs what the
/// strategy says.
fn charge(vendor: &mut RouteVendor, terms: &Terms, strategy: &Strategy) {
    for (allowed, open) in [
        (&terms.freight, strategy.freight_per_parcel),
        (&terms.fees, Money::ZERO),
    ] {
        let once = if allowed.unlimited {
            open
        } else {
            allowed.flat
        };
        vendor.per_order = Money(vendor.per_order.0.saturating_add(once.0));
        if !allowed.unlimited {
            vendor.per_piece = Money(vendor.per_piece.0.saturating_add(allowed.per_piece.0));
            vendor.percent_bp = vendor.percent_bp.saturating_add(allowed.percent_bp);
        }
    }
}

fn candidate(offer: &Offer, ids: &[String]) -> Option<RouteCandidate> {
    let stock = offer.stock.as_ref();
    Some(RouteCandidate {
        vendor: ids.binary_search(&offer.vendor_id).ok()?,
        cost: offer.cost,
        priority: offer.priority,
        available: stock.and_then(|stock| stock.available()),
        least: stock
            .and_then(|stock| stock.item.min_qty)
            .unwrap_or(i64::MIN),
        pack: stock.and_then(|stock| stock.item.pack).unwrap_or(1),
    })
}
