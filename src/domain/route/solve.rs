//! The search for the best assignment.

use super::{MOST_DIVIDED, MOST_WEIGHED, RouteCandidate, RouteDemand, RouteProblem, RouteSolution};
use std::collections::HashMap;

/// Steps of the search among more vendors than can be weighed set by set.
const MOST_STEPS: usize = 50;

/// The best assignment; `None` where nobody offers one of the articles.
pub fn solve(problem: &RouteProblem) -> Option<RouteSolution> {
    Solver::new(problem).solve()
}

/// Parts of a demand, with what decides about them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Parts {
    figures: Vec<i128>,
    number: usize,
    goods: i128,
    parts: Vec<(usize, i64)>,
}

struct Solver<'a> {
    problem: &'a RouteProblem,
    /// The vendors that can be chosen or left, by place.
    open: Vec<usize>,
    /// Of each demand: each candidate alone, the best first.
    alone: Vec<Vec<Parts>>,
    /// Of each demand that nobody has alone: the best division among a set of its vendors.
    divided: HashMap<(usize, Vec<usize>), Option<Parts>>,
}

impl<'a> Solver<'a> {
    fn new(problem: &'a RouteProblem) -> Solver<'a> {
        let alone = problem.demands.iter().map(|demand| {
            let one = |candidate: &RouteCandidate| Parts {
                figures: problem.part(candidate, demand.qty, candidate.is_short(demand.qty)),
                number: 1,
                goods: i128::from(candidate.cost.0) * i128::from(demand.qty),
                parts: vec![(candidate.vendor, demand.qty)],
            };
            let mut all: Vec<Parts> = demand.candidates.iter().map(one).collect();
            all.sort();
            all
        });
        let offers = problem.demands.iter().flat_map(|one| &one.candidates);
        let mut open: Vec<usize> = offers.map(|one| one.vendor).collect();
        open.sort_unstable();
        open.dedup();
        open.retain(|place| problem.vendors.get(*place).is_some_and(|one| !one.chosen));
        Solver {
            problem,
            open,
            alone: alone.collect(),
            divided: HashMap::new(),
        }
    }

    fn solve(mut self) -> Option<RouteSolution> {
        let all = self.open.clone();
        let whole = self.among(&all)?;
        if !self.problem.is_joint() || all.is_empty() {
            return Some(whole);
        }
        match all.len() {
            ..=MOST_WEIGHED => Some(self.every_set(&all, whole)),
            _ => Some(self.step_by_step(&all, whole)),
        }
    }

    fn every_set(&mut self, all: &[usize], mut best: RouteSolution) -> RouteSolution {
        for mask in 0..(1_u32 << all.len()) {
            let set = all
                .iter()
                .enumerate()
                .filter(|(bit, _)| mask >> bit & 1 == 1);
            let set: Vec<usize> = set.map(|(_, place)| *place).collect();
            if let Some(found) = self.among(&set).filter(|found| found.beats(&best)) {
                best = found;
            }
        }
        best
    }

    /// From those who are chosen among all: one is left out, added or exchanged as long as that is better.
    fn step_by_step(&mut self, all: &[usize], mut best: RouteSolution) -> RouteSolution {
        for _ in 0..MOST_STEPS {
            let used = |place: &&usize| best.parts.iter().flatten().any(|(one, _)| one == *place);
            let (now, others): (Vec<usize>, Vec<usize>) = all.iter().partition(|place| used(place));
            let without = |left: usize| now.iter().copied().filter(move |one| *one != left);
            let mut tried: Vec<Vec<usize>> =
                now.iter().map(|left| without(*left).collect()).collect();
            for other in &others {
                tried.push(now.iter().copied().chain([*other]).collect());
                tried.extend(
                    now.iter()
                        .map(|left| without(*left).chain([*other]).collect()),
                );
            }
            let found = tried.iter().filter_map(|set| self.among(set));
            let found = found.reduce(|one, two| if two.beats(&one) { two } else { one });
            match found.filter(|found| found.beats(&best)) {
                Some(found) => best = found,
                None => break,
            }
        }
        best
    }

    /// The best among these vendors and those that are chosen already; `None` where they do not offer all.
    fn among(&mut self, set: &[usize]) -> Option<RouteSolution> {
        let (mut parts, problem) = (Vec::new(), self.problem);
        for (place, demand) in problem.demands.iter().enumerate() {
            let admitted = |vendor: &usize| {
                set.contains(vendor) || problem.vendors.get(*vendor).is_some_and(|one| one.chosen)
            };
            let mut alone = self.alone.get(place)?.iter();
            let one = alone
                .find(|one| one.parts.iter().all(|(vendor, _)| admitted(vendor)))?
                .clone();
            let nobody = demand.candidates.iter().all(|one| one.is_short(demand.qty));
            if !problem.split || !nobody || demand.qty < 2 {
                parts.push(one.parts);
                continue;
            }
            let mut of: Vec<usize> = demand.candidates.iter().map(|one| one.vendor).collect();
            of.retain(admitted);
            let divided = match self.divided.get(&(place, of.clone())) {
                Some(known) => known.clone(),
                None => {
                    let found = divide(problem, demand, &of);
                    self.divided.insert((place, of), found.clone());
                    found
                }
            };
            parts.push(
                divided
                    .map_or(one.clone(), |divided| divided.min(one))
                    .parts,
            );
        }
        Some(problem.weigh(parts))
    }
}

/// The best way to have all pieces of a demand from several of these vendors, each of which has its part.
fn divide(problem: &RouteProblem, demand: &RouteDemand, of: &[usize]) -> Option<Parts> {
    let mut candidates: Vec<&RouteCandidate> = demand
        .candidates
        .iter()
        .filter(|one| of.contains(&one.vendor))
        .collect();
    candidates.sort_by_key(|one| one.vendor);
    if demand.qty > MOST_DIVIDED {
        return in_turn(problem, demand, candidates);
    }
    let size = usize::try_from(demand.qty).ok()? + 1;
    let mut best: Vec<Option<Parts>> = vec![None; size];
    *best.first_mut()? = Some(Parts {
        figures: vec![0; problem.keys.len()],
        number: 0,
        goods: 0,
        parts: Vec::new(),
    });
    for candidate in candidates {
        // from the most, so that each gives once
        for sum in (0..=demand.qty).rev() {
            let mut found = at(&best, sum).cloned();
            for qty in (1..=sum).filter(|qty| !candidate.is_short(*qty)) {
                let Some(before) = at(&best, sum - qty) else {
                    continue;
                };
                let next = with(problem, before, candidate, qty);
                if found.as_ref().is_none_or(|found| next < *found) {
                    found = Some(next);
                }
            }
            if let Some(place) = usize::try_from(sum).ok().and_then(|sum| best.get_mut(sum)) {
                *place = found;
            }
        }
    }
    best.pop().flatten()
}

fn at(best: &[Option<Parts>], sum: i64) -> Option<&Parts> {
    best.get(usize::try_from(sum).ok()?)?.as_ref()
}

fn with(problem: &RouteProblem, before: &Parts, candidate: &RouteCandidate, qty: i64) -> Parts {
    let mut next = before.clone();
    let added = problem.part(candidate, qty, false);
    next.figures
        .iter_mut()
        .zip(added)
        .for_each(|(sum, one)| *sum += one);
    next.number += 1;
    next.goods += i128::from(candidate.cost.0) * i128::from(qty);
    next.parts.push((candidate.vendor, qty));
    next
}

/// Of many pieces: each vendor in its turn gives all that it has, by what one piece of it weighs.
fn in_turn(
    problem: &RouteProblem,
    demand: &RouteDemand,
    mut candidates: Vec<&RouteCandidate>,
) -> Option<Parts> {
    candidates.sort_by_cached_key(|one| (problem.part(one, 1, false), one.cost, one.vendor));
    let mut left = demand.qty;
    let mut parts = Parts {
        figures: vec![0; problem.keys.len()],
        number: 0,
        goods: 0,
        parts: Vec::new(),
    };
    for candidate in candidates {
        let most = candidate.available.unwrap_or(left).min(left);
        let most = most - most % candidate.pack.max(1);
        if most > 0 && !candidate.is_short(most) {
            parts = with(problem, &parts, candidate, most);
            left -= most;
        }
    }
    parts.parts.sort_unstable();
    (left == 0).then_some(parts)
}
