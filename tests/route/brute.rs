//! The solver against one that tries every assignment, and weighs it by itself: in cents as decimals, parcels,
//! days; thousands of orders. And the choice as it was before there were strategies.

use poms::domain::choose::choose_offer;
use poms::domain::money::Money;
use poms::domain::route::{
    RouteCandidate, RouteDemand, RouteProblem, RouteSolution, RouteVendor, solve,
};
use poms::domain::stock::{Stock, StockItem};
use poms::domain::strategy::{RouteKey, Strategy};
use poms::domain::vendor::{Offer, Vendor, VendorChannel};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::collections::{BTreeSet, HashMap};

type Assigned = Vec<Vec<(usize, i64)>>;

/// What an assignment comes to by one key, worked out from nothing but the problem.
fn figure(problem: &RouteProblem, parts: &Assigned, key: RouteKey) -> Decimal {
    let used: BTreeSet<usize> = parts.iter().flatten().map(|(vendor, _)| *vendor).collect();
    let new = || used.iter().filter(|one| !problem.vendors[**one].chosen);
    let mut sum = Decimal::ZERO;
    let offer = |demand: usize, vendor: usize| {
        let mut all = problem.demands[demand].candidates.iter();
        all.find(|one| one.vendor == vendor).expect("an offer")
    };
    for (demand, parts) in parts.iter().enumerate() {
        let mut lacking = false;
        for (vendor, qty) in parts {
            let offer = offer(demand, *vendor);
            let packs = |qty: i64| offer.pack <= 1 || qty % offer.pack == 0;
            let has = offer.available.is_none_or(|has| has >= *qty);
            lacking |= !(has && *qty >= offer.least && packs(*qty));
            let mut paid = (*qty).max(offer.least);
            while !packs(paid) {
                paid += 1;
            }
            let on_file = &problem.vendors[*vendor];
            let goods = Decimal::new(offer.cost.0, 2) * Decimal::from(paid);
            sum += match key {
                RouteKey::Priority => Decimal::from(offer.priority * qty),
                RouteKey::Performance => Decimal::from(on_file.asked * qty),
                RouteKey::LandedCost => {
                    goods
                        + Decimal::new(on_file.per_piece.0, 2) * Decimal::from(paid)
                        + goods * Decimal::new(i64::from(on_file.percent_bp), 4)
                }
                _ => Decimal::ZERO,
            };
        }
        if key == RouteKey::Availability && lacking {
            sum += Decimal::ONE;
        }
    }
    match key {
        RouteKey::Parcels => Decimal::from(new().count()),
        RouteKey::PromisedDay => {
            let all = problem.vendors.iter().enumerate();
            let days = all.filter(|(place, one)| one.chosen || used.contains(place));
            Decimal::from(days.map(|(_, one)| one.day).max().unwrap_or(0))
        }
        RouteKey::LandedCost => new().fold(sum, |sum, one| {
            sum + Decimal::new(problem.vendors[*one].per_order.0, 2)
        }),
        _ => sum,
    }
}

fn figures(problem: &RouteProblem, parts: &Assigned) -> Vec<Decimal> {
    let keys = problem.keys.iter();
    keys.map(|key| figure(problem, parts, *key)).collect()
}

/// Every way to have a demand: from one vendor, and where nobody has it alone and it may be, from several.
fn ways(problem: &RouteProblem, demand: &RouteDemand) -> Vec<Vec<(usize, i64)>> {
    let alone = demand
        .candidates
        .iter()
        .map(|one| vec![(one.vendor, demand.qty)]);
    let mut all: Vec<Vec<(usize, i64)>> = alone.collect();
    if problem.split && demand.candidates.iter().all(|one| one.is_short(demand.qty)) {
        divisions(&demand.candidates, demand.qty, &mut Vec::new(), &mut all);
    }
    all
}

fn divisions(
    left: &[RouteCandidate],
    qty: i64,
    so_far: &mut Vec<(usize, i64)>,
    all: &mut Vec<Vec<(usize, i64)>>,
) {
    let Some((first, rest)) = left.split_first() else {
        if qty == 0 && !so_far.is_empty() {
            all.push(so_far.clone());
        }
        return;
    };
    divisions(rest, qty, so_far, all);
    for part in 1..=qty {
        if !first.is_short(part) {
            so_far.push((first.vendor, part));
            divisions(rest, qty - part, so_far, all);
            so_far.pop();
        }
    }
}

/// The least that any assignment comes to.
fn least(problem: &RouteProblem) -> Vec<Decimal> {
    let ways: Vec<_> = problem
        .demands
        .iter()
        .map(|demand| ways(problem, demand))
        .collect();
    let mut best: Option<Vec<Decimal>> = None;
    let mut places = vec![0; ways.len()];
    loop {
        let parts: Assigned = places
            .iter()
            .zip(&ways)
            .map(|(place, ways): (&usize, _)| ways[*place].clone())
            .collect();
        let found = figures(problem, &parts);
        if best.as_ref().is_none_or(|best| found < *best) {
            best = Some(found);
        }
        let Some(next) = (0..places.len()).find(|at| places[*at] + 1 < ways[*at].len()) else {
            return best.expect("an assignment");
        };
        places[next] += 1;
        places[..next].fill(0);
    }
}

fn vendors(number: usize) -> impl Strategy_<Value = Vec<RouteVendor>> {
    let one = (
        0..1500_i64,
        0..300_i64,
        0..900_u32,
        0..6_i64,
        0..40_i64,
        prop::bool::weighted(0.1),
    );
    let one = one.prop_map(
        |(per_order, per_piece, percent_bp, day, asked, chosen)| RouteVendor {
            per_order: Money(per_order),
            per_piece: Money(per_piece),
            percent_bp,
            day,
            asked,
            believed: false,
            chosen,
        },
    );
    prop::collection::vec(one, number)
}

use proptest::strategy::Strategy as Strategy_;

fn demands(most: usize, vendors: usize, pieces: i64) -> impl Strategy_<Value = Vec<RouteDemand>> {
    let candidate = (
        500..3000_i64,
        0..4_i64,
        prop::option::of(0..8_i64),
        prop::option::weighted(0.2, 1..5_i64),
        prop::option::weighted(0.2, 2..4_i64),
    );
    let offers = prop::collection::vec(prop::option::weighted(0.7, candidate), vendors);
    let demand = (1..pieces, offers).prop_filter_map("nobody offers it", |(qty, offers)| {
        let each = offers.into_iter().enumerate();
        let candidates: Vec<RouteCandidate> = each
            .filter_map(|(vendor, offer)| {
                let (cost, priority, available, least, pack) = offer?;
                Some(RouteCandidate {
                    vendor,
                    cost: Money(cost),
                    priority,
                    available,
                    least: least.unwrap_or(0),
                    pack: pack.unwrap_or(1),
                })
            })
            .collect();
        (!candidates.is_empty()).then_some(RouteDemand { qty, candidates })
    });
    prop::collection::vec(demand, 1..=most)
}

fn problems(lines: usize, most: usize, pieces: i64) -> impl Strategy_<Value = RouteProblem> {
    let keys = Just(RouteKey::ALL.map(|(_, key)| key).to_vec()).prop_shuffle();
    (1..=most)
        .prop_flat_map(move |number| {
            (
                demands(lines, number, pieces),
                vendors(number),
                keys.clone(),
                1..=6_usize,
                any::<bool>(),
            )
        })
        .prop_map(|(demands, vendors, mut keys, length, split)| {
            keys.truncate(length);
            RouteProblem {
                demands,
                vendors,
                keys,
                split,
            }
        })
}

fn agrees(problem: &RouteProblem) {
    let found: RouteSolution = solve(problem).expect("all is offered");
    for (demand, parts) in problem.demands.iter().zip(&found.parts) {
        assert_eq!(parts.iter().map(|(_, qty)| qty).sum::<i64>(), demand.qty);
    }
    assert_eq!(
        figures(problem, &found.parts),
        least(problem),
        "{problem:#?} {found:?}"
    );
    let again = solve(problem);
    assert_eq!(Some(&found), again.as_ref(), "the same twice");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_assignment_is_better(problem in problems(4, 4, 8)) {
        agrees(&RouteProblem { split: false, ..problem });
    }

    #[test]
    fn nor_of_pieces_that_are_divided(problem in problems(3, 3, 5)) {
        agrees(&RouteProblem { split: true, ..problem });
    }

    /// Where nothing counts once for a vendor, and nothing is known of lists: as it always was.
    #[test]
    fn without_strategies_it_is_the_choice_of_each_article(problem in problems(6, 5, 8)) {
        let problem = RouteProblem { keys: Strategy::default().keys, split: false, ..problem };
        let found = solve(&problem).expect("all is offered");
        let ids: Vec<String> = (0..problem.vendors.len()).map(|place| format!("V{place}")).collect();
        let on_file: HashMap<String, Vendor> = ids.iter().map(|id| (id.clone(), vendor(id))).collect();
        for (demand, parts) in problem.demands.iter().zip(&found.parts) {
            let offers: Vec<Offer> = demand.candidates.iter().map(|one| offer(&ids[one.vendor], one)).collect();
            let chosen = choose_offer(&offers, &on_file, demand.qty).expect("an offer");
            prop_assert_eq!(&chosen.vendor_id, &ids[parts[0].0]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, failure_persistence: None, ..ProptestConfig::default() })]

    /// Wide orders, where each article has one of two vendors.
    #[test]
    fn nor_of_wide_orders(problem in problems(10, 8, 8)) {
        let mut problem = RouteProblem { split: false, ..problem };
        for demand in &mut problem.demands {
            demand.candidates.truncate(2);
        }
        agrees(&problem);
    }

    /// More vendors than are weighed set by set: all is assigned, and always in the same way.
    #[test]
    fn many_vendors_have_a_bounded_search(problem in problems(6, 18, 5)) {
        let found = solve(&problem).expect("all is offered");
        for (demand, parts) in problem.demands.iter().zip(&found.parts) {
            prop_assert_eq!(parts.iter().map(|(_, qty)| qty).sum::<i64>(), demand.qty);
        }
        let again = solve(&problem);
        prop_assert_eq!(Some(&found), again.as_ref());
    }
}

/// The largest that is exact: twelve articles of eight vendors each, in a moment.
#[test]
fn twelve_articles_of_eight_vendors_are_weighed_in_a_moment() {
    let candidate = |demand: i64, vendor: usize| RouteCandidate {
        vendor,
        cost: Money(1000 + (demand * 37 + vendor as i64 * 53) % 101),
        priority: vendor as i64,
        available: Some((demand + vendor as i64) % 5),
        least: 1,
        pack: 1,
    };
    let demand = |demand: i64| RouteDemand {
        qty: 6,
        candidates: (0..8).map(|vendor| candidate(demand, vendor)).collect(),
    };
    let problem = RouteProblem {
        demands: (0..12).map(demand).collect(),
        vendors: (0..8)
            .map(|vendor| RouteVendor {
                per_order: Money(500 + vendor * 10),
                ..RouteVendor::default()
            })
            .collect(),
        keys: vec![
            RouteKey::Availability,
            RouteKey::LandedCost,
            RouteKey::Parcels,
        ],
        split: true,
    };
    let found = solve(&problem).expect("all is offered");
    assert_eq!(found.figures[0], 0, "all can be had in parts");
}

fn vendor(id: &str) -> Vendor {
    Vendor {
        id: id.to_owned(),
        name: id.to_owned(),
        email: String::new(),
        fax: String::new(),
        channel: VendorChannel::Email,
        fallback: None,
        address: Default::default(),
        handling_days: 1,
        cutoff: None,
        timezone: None,
        active: true,
        days: Default::default(),
        habit: Default::default(),
    }
}

fn offer(vendor: &str, one: &RouteCandidate) -> Offer {
    Offer {
        sku: "S".to_owned(),
        description: String::new(),
        category: String::new(),
        vendor_id: vendor.to_owned(),
        vendor_sku: String::new(),
        cost: one.cost,
        retail_price: one.cost,
        weight: String::new(),
        discontinued: false,
        max_qty: None,
        priority: one.priority,
        stock: Some(Stock {
            item: StockItem {
                on_hand: one.available,
                min_qty: Some(one.least),
                pack: Some(one.pack),
                ..StockItem::default()
            },
            as_of: chrono::DateTime::UNIX_EPOCH,
            ordered: 0,
        }),
    }
}
