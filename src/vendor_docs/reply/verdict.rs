//! Puts the statements of a reply together, and finds where they contradict each other.

use super::{Ack, AskedPo, Reply, Scope};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// What was said so far.
pub(super) struct ReplyVerdict {
    skus: Vec<String>,
    /// Line of the order, or `None` for all, and what is said of it.
    said: Vec<(Option<usize>, Ack)>,
    /// Lines that are in doubt.
    doubtful: BTreeSet<usize>,
    /// Lines that the vendor named, whatever of them.
    named: BTreeSet<usize>,
    /// Whether all is in doubt.
    all_doubtful: bool,
    /// The lines of the last statement; empty for all.
    last: Vec<usize>,
    /// Whether a day was named for all after something was said of lines.
    all_after_lines: bool,
    /// Whether it is said that goods leave with each other.
    together: bool,
}

impl ReplyVerdict {
    pub(super) fn new(asked: AskedPo<'_>) -> ReplyVerdict {
        ReplyVerdict {
            skus: asked.lines.iter().map(|line| line.sku.clone()).collect(),
            said: Vec::new(),
            doubtful: BTreeSet::new(),
            named: BTreeSet::new(),
            all_doubtful: false,
            last: Vec::new(),
            all_after_lines: false,
            together: false,
        }
    }

    /// A statement about these lines; about all when none is named.
    pub(super) fn say(&mut self, lines: &[usize], ack: Ack) {
        self.last = lines.to_vec();
        let scopes: Vec<Option<usize>> = match lines {
            [] => vec![None],
            lines => lines.iter().map(|line| Some(*line)).collect(),
        };
        for scope in scopes {
            if !self.said.contains(&(scope, ack.clone())) {
                self.said.push((scope, ack.clone()));
            }
        }
    }

    /// The last statement holds for these lines, too.
    pub(super) fn again(&mut self, lines: &[usize]) {
        match self.said.last() {
            Some((_, ack)) => {
                let ack = ack.clone();
                // "Accepted: A": what was said of all was meant for the lines that follow.
                if self.last.is_empty() {
                    self.said.pop();
                }
                let before = std::mem::take(&mut self.last);
                self.say(lines, ack);
                self.last = [before, lines.to_vec()].concat();
            }
            None => self.doubt(lines),
        }
    }

    /// These lines are named: of each something must be understood.
    pub(super) fn named(&mut self, lines: &[usize]) {
        self.named.extend(lines);
    }

    /// A statement about all with a day of its own, and none about those that are left: said after others about
    /// lines, it may mean these as well.
    pub(super) fn all_again(&mut self) {
        self.all_after_lines |= self.said.iter().any(|(line, _)| line.is_some());
    }

    /// All leave with each other: a line that is late, or does not come, holds the others up.
    pub(super) fn together(&mut self) {
        self.together = true;
    }

    /// Whether any line was named so far.
    pub(super) fn has_named(&self) -> bool {
        !self.named.is_empty()
    }

    pub(super) fn last_lines(&self) -> Vec<usize> {
        self.last.clone()
    }

    /// Whether the last statement was a day on which goods leave.
    pub(super) fn last_ships(&self) -> bool {
        matches!(self.said.last(), Some((_, Ack::ShipDate { .. })))
    }

    /// These lines need a person; all do when none is named.
    pub(super) fn doubt(&mut self, lines: &[usize]) {
        if lines.is_empty() {
            self.all_doubtful = true;
        }
        self.doubtful.extend(lines);
    }

    /// The day until which what the last statement was about is backordered. `false` when the last
    /// statement was about something else, or has a day already.
    pub(super) fn until(&mut self, date: Option<NaiveDate>) -> bool {
        let Some(date) = date else { return false };
        let last: Vec<Option<usize>> = match self.last.as_slice() {
            [] => vec![None],
            lines => lines.iter().map(|line| Some(*line)).collect(),
        };
        let mut done = false;
        for (scope, ack) in &mut self.said {
            let waits = match ack {
                Ack::Backordered { until } => until.is_none(),
                Ack::Rejected { reason } => reason == "out of stock",
                _ => false,
            };
            if last.contains(scope) && waits {
                *ack = Ack::Backordered { until: Some(date) };
                done = true;
            }
        }
        done
    }

    /// Whether nothing was understood so far, and nothing is in doubt.
    pub(super) fn is_silent(&self) -> bool {
        self.said.is_empty()
            && self.doubtful.is_empty()
            && self.named.is_empty()
            && !self.all_doubtful
    }

    /// What is clear; where anything is in doubt, nothing is, and a person must read the text.
    pub(super) fn reply(mut self, text: String) -> Reply {
        self.all_meant();
        let scopes: BTreeSet<Option<usize>> = self.said.iter().map(|(scope, _)| *scope).collect();
        for scope in &scopes {
            let acks: Vec<&Ack> = self
                .said
                .iter()
                .filter(|(s, _)| s == scope)
                .map(|(_, a)| a)
                .collect();
            if together(&acks).is_none() {
                match scope {
                    Some(line) => _ = self.doubtful.insert(*line),
                    None => self.all_doubtful = true,
                }
            }
        }
        if !scopes.contains(&None) {
            let silent = self
                .named
                .iter()
                .filter(|line| !scopes.contains(&Some(**line)));
            let silent: Vec<usize> = silent.copied().collect();
            self.doubtful.extend(silent);
        }
        self.all_doubtful |= self.all_against_lines(&scopes) || self.said.is_empty();
        if self.all_doubtful || !self.doubtful.is_empty() {
            return Reply {
                per_line: Vec::new(),
                unclear: Some(text),
                ..Reply::default()
            };
        }
        let mut per_line = Vec::new();
        for scope in in_order(&self.said) {
            let acks: Vec<&Ack> = self
                .said
                .iter()
                .filter(|(s, _)| *s == scope)
                .map(|(_, a)| a)
                .collect();
            for ack in together(&acks).unwrap_or_default() {
                per_line.extend(self.scope(scope).map(|scope| (scope, ack)));
            }
        }
        Reply {
            per_line,
            ..Reply::default()
        }
    }

    /// Whether what is said of all and what is said of lines cannot both be meant: nothing of it but
    /// this line, or all of it but every line.
    fn all_against_lines(&self, scopes: &BTreeSet<Option<usize>>) -> bool {
        let all: Vec<&Ack> = self
            .said
            .iter()
            .filter(|(s, _)| s.is_none())
            .map(|(_, a)| a)
            .collect();
        let lines: Vec<&Ack> = self
            .said
            .iter()
            .filter(|(s, _)| s.is_some())
            .map(|(_, a)| a)
            .collect();
        let yes = |ack: &&&Ack| matches!(ack, Ack::Accepted | Ack::ShipDate { .. });
        if all.is_empty() || lines.is_empty() {
            return false;
        }
        let every = (0..self.skus.len()).all(|line| scopes.contains(&Some(line)));
        if all.iter().all(|ack| yes(&ack)) {
            return every && lines.iter().all(|ack| !yes(&ack));
        }
        lines.iter().any(|ack| yes(&ack)) || all.iter().any(|ack| yes(&ack))
    }

    /// "A: confirmed. B: confirmed. Ships 12/9": a day for all behind a yes to every line is one for these as well;
    /// behind anything else it is in doubt. What waits for each other is in doubt beside a line that comes later.
    fn all_meant(&mut self) {
        let yes = self.said.iter().all(|(line, ack)| match ack {
            Ack::Accepted => true,
            Ack::ShipDate { .. } => line.is_none(),
            Ack::Backordered { .. } | Ack::Rejected { .. } => false,
        });
        let named = |line: usize| self.said.iter().any(|(said, _)| *said == Some(line));
        let every = (0..self.skus.len()).all(named);
        if self.all_after_lines && yes && every {
            self.said.retain(|(line, _)| line.is_none());
        }
        let apart = self.said.iter().any(|(line, _)| line.is_some());
        self.all_doubtful |= self.all_after_lines && !(yes && every);
        self.all_doubtful |= self.together && apart && !yes;
    }

    /// Who is meant.
    fn scope(&self, scope: Option<usize>) -> Option<Scope> {
        match scope {
            Some(line) => self.skus.get(line).cloned().map(Scope::Sku),
            None => Some(Scope::All),
        }
    }
}

fn in_order(said: &[(Option<usize>, Ack)]) -> Vec<Option<usize>> {
    let mut order = Vec::new();
    for (scope, _) in said {
        if !order.contains(scope) {
            order.push(*scope);
        }
    }
    order
}

/// What several statements about the same goods say together; `None` when they contradict.
fn together(acks: &[&Ack]) -> Option<Vec<Ack>> {
    let mut accepted = false;
    let (mut ship, mut back, mut until, mut reason) = (None, false, None, None);
    for ack in acks {
        match ack {
            Ack::Accepted => accepted = true,
            Ack::ShipDate { date } if ship.is_none_or(|known| known == *date) => ship = Some(*date),
            Ack::Backordered { until: day } => {
                back = true;
                match (until, *day) {
                    (Some(known), Some(day)) if known != day => return None,
                    (None, day) => until = day,
                    _ => (),
                }
            }
            Ack::Rejected { reason: why } if reason.as_ref().is_none_or(|known| known == why) => {
                reason = Some(why.clone());
            }
            _ => return None,
        }
    }
    match (reason, back) {
        (Some(reason), false) if !accepted && ship.is_none() => {
            Some(vec![Ack::Rejected { reason }])
        }
        // Out of stock and so backordered.
        (Some(reason), true) if reason == "out of stock" && !accepted => {
            Some(vec![Ack::Backordered {
                until: until.or(ship),
            }])
        }
        (Some(_), _) => None,
        // "Backordered, will ship on …" is one day, not two.
        (None, true) if !accepted && (until.is_none() || ship.is_none() || until == ship) => {
            Some(vec![Ack::Backordered {
                until: until.or(ship),
            }])
        }
        (None, true) => None,
        (None, false) => {
            let accepted = accepted.then_some(Ack::Accepted);
            Some(
                accepted
                    .into_iter()
                    .chain(ship.map(|date| Ack::ShipDate { date }))
                    .collect(),
            )
        }
    }
}
