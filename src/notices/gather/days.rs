//! What comes when, line by line, and which of it the customer must be told of.

use super::Gathered;
use crate::clock::Moment;
use crate::domain::shipment::Answer;
use crate::ledger::po_lines::{LineState, When};
use crate::notices::customer::{DelayedContext, Expected};
use crate::shipping::apply::days::arrives;
use chrono::NaiveDate;

/// Pieces of a line that reach the customer together.
pub(super) struct Coming<'l> {
    line: &'l LineState,
    qty: i64,
    day: Option<NaiveDate>,
    estimate: bool,
    /// Nobody knows when, as the vendor said.
    unknown: bool,
    /// The customer is asked about them, as they are late.
    in_question: bool,
}

impl Gathered<'_> {
    /// What of the given purchase orders is counted by `pieces`, those with a day first of each line;
    /// of these `late` pieces are in question, so that no day holds for them any more.
    pub(super) fn coming(
        &self,
        pos: &[i64],
        pieces: impl Fn(&LineState) -> i64,
        late: impl Fn(&LineState) -> i64,
    ) -> Vec<Coming<'_>> {
        let mut all = Vec::new();
        for line in self.lines.iter().filter(|line| pos.contains(&line.po_id)) {
            let (mut left, mut late) = (pieces(line), late(line).max(0));
            let parts = line.leaves();
            let parts = parts.iter().map(|part| (part.qty, part.when));
            // what is counted beyond what is to come left, or is to be told as it was planned
            for (qty, when) in parts.chain([(i64::MAX, When::Planned)]) {
                let qty = qty.min(left);
                left -= qty;
                let asked = qty.min(late);
                late -= asked;
                let parts = [(asked, true), (qty - asked, false)];
                let parts = parts.into_iter().filter(|(qty, _)| *qty > 0);
                all.extend(parts.map(|(qty, asked)| self.comes(line, qty, when, asked)));
            }
        }
        all
    }

    /// So many pieces of a line, which leave then; those in question come on no day.
    fn comes<'l>(
        &self,
        line: &'l LineState,
        qty: i64,
        when: When,
        in_question: bool,
    ) -> Coming<'l> {
        let known = self.promises.get(&line.po_id).filter(|_| !in_question);
        let day = known.and_then(|known| arrives(known, when));
        // a day of whose passing the customer knows is none any more
        let over = known.and_then(|known| known.overdue);
        let day = day.filter(|(day, _)| over.is_none_or(|over| over < *day));
        Coming {
            line,
            qty,
            day: day.map(|(day, _)| day),
            estimate: day.is_some_and(|(_, estimate)| estimate),
            unknown: when == When::Unknown,
            in_question,
        }
    }

    /// All that is still to come.
    fn all_coming(&self) -> Vec<Coming<'_>> {
        let late = |line: &LineState| self.in_question.undated(line);
        self.coming(&self.live, LineState::coming, late)
    }

    /// The same for a mail: a part for each purchase order and day, by day.
    pub(super) fn grouped(&self, all: &[&Coming]) -> Vec<Expected> {
        let mut parts: Vec<((i64, Option<NaiveDate>), Expected)> = Vec::new();
        for one in all {
            let key = (one.line.po_id, one.day);
            let place = parts.iter().position(|(of, _)| *of == key);
            let place = place.unwrap_or_else(|| {
                let part = Expected {
                    date: one.day,
                    ..Expected::default()
                };
                parts.push((key, part));
                parts.len() - 1
            });
            let part = &mut parts[place].1;
            part.estimate |= one.estimate;
            part.items
                .push(self.item(one.line.order_line, &one.line.sku, one.qty));
        }
        let mut parts: Vec<Expected> = parts.into_iter().map(|(_, part)| part).collect();
        parts.sort_by_key(|part| part.date.unwrap_or(NaiveDate::MAX));
        parts
    }

    /// What of the given purchase orders is counted by `pieces`, by purchase order and day.
    pub(super) fn parts(&self, pos: &[i64], pieces: impl Fn(&LineState) -> i64) -> Vec<Expected> {
        let all = self.coming(pos, pieces, |line| self.in_question.undated(line));
        self.grouped(&all.iter().collect::<Vec<_>>())
    }

    /// What is still to come, by day.
    pub fn still(&self) -> Vec<Expected> {
        self.parts(&self.live, LineState::coming)
    }

    /// The lines of which something is still to come on a day that is known, with the last such day.
    pub fn days(&self) -> Vec<(&LineState, NaiveDate)> {
        let mut days: Vec<(&LineState, NaiveDate)> = Vec::new();
        for one in self.all_coming() {
            let Some(day) = one.day else { continue };
            match days.iter_mut().find(|(line, _)| line.id == one.line.id) {
                Some((_, last)) => *last = day.max(*last),
                None => days.push((one.line, day)),
            }
        }
        days
    }

    /// The day that the customer last read of a line: on this purchase order, else on the one from
    /// which it was moved, else the last of the whole order.
    pub(super) fn told_of(&self, line: &LineState) -> Option<NaiveDate> {
        let told = |line: &LineState| {
            let of_po = || self.promises.get(&line.po_id).and_then(|row| row.told);
            line.told.or_else(of_po)
        };
        let same = |other: &&LineState| other.order_line == line.order_line;
        let before = || self.lines.iter().filter(same).filter_map(told).max();
        told(line).or_else(before).or_else(|| self.told())
    }

    /// The latest day that the customer read in a mail.
    fn told(&self) -> Option<NaiveDate> {
        self.promises.values().filter_map(|row| row.told).max()
    }

    fn is_late(&self, one: &Coming) -> bool {
        match one.day {
            // who is asked knows
            None => !one.in_question,
            day => day > self.told_of(one.line),
        }
    }

    /// The mail about a delay, and what makes it the only one of its kind; `None` when the customer
    /// knows everything, or was told of nothing yet.
    pub fn delayed(&self) -> Option<(DelayedContext, String)> {
        let was_undated = self.lines.iter().any(|line| line.told_undated.is_some());
        if self.told().is_none() && !was_undated {
            return None;
        }
        let all = self.all_coming();
        let name = |day: Option<NaiveDate>| day.map_or("-".to_owned(), |day| day.to_string());
        let news = |of: &dyn Fn(&Coming) -> bool| -> Option<String> {
            let each = all.iter().filter(|one| of(one)).map(|one| {
                let told = self.told_of(one.line);
                format!("{}={}>{}", one.line.id, name(told), name(one.day))
            });
            let each: Vec<String> = each.collect();
            (!each.is_empty()).then(|| each.join(","))
        };
        let undated = news(&|one| one.unknown && one.line.told_undated.is_none());
        let late = news(&|one| one.day.is_some() && self.is_late(one));
        let once = match (undated, self.dated_again()) {
            (Some(lines), _) => format!("undated:{lines}"),
            (None, Some(since)) => {
                let last = all.iter().filter_map(|one| one.day).max();
                format!("{}:after:{since}", name(last))
            }
            (None, None) => late?,
        };
        Some((self.delay(), once))
    }

    /// Since when the customer thought that the day of something is not known whose day is known by
    /// now: the vendor named it, or it was ordered elsewhere.
    fn dated_again(&self) -> Option<Moment> {
        let lines = self.lines.iter();
        let known = lines.filter(|line| !line.awaits_a_day());
        let known = known.filter(|line| match line.pieces.open() {
            0 => line.moved > 0,
            _ => line.coming() > 0 || line.answer != Some(Answer::Rejected),
        });
        known.filter_map(|line| line.told_undated).max()
    }

    /// The mail about a delay as things stand, late or not.
    pub fn delay(&self) -> DelayedContext {
        let all = self.all_coming();
        let told_undated = self.dated_again().is_some();
        let known = all.iter().all(|one| one.day.is_some() || one.in_question);
        let last = all.iter().filter_map(|one| one.day).max();
        let nothing = !all.iter().any(|one| self.is_late(one));
        let (late, others): (Vec<&Coming>, Vec<&Coming>) = all.iter().partition(|one| {
            let all_news = told_undated && known && !one.in_question;
            all_news || self.is_late(one) || (nothing && one.day == last)
        });
        let told = late.iter().filter_map(|one| self.told_of(one.line)).max();
        let of_late = late.iter().filter_map(|one| one.day).max();
        let backorder = late.iter().any(|one| one.unknown);
        let (late, others) = (self.grouped(&late), self.grouped(&others));
        DelayedContext {
            about: self.about(),
            expected_date: of_late.filter(|_| known),
            estimate: known
                && late
                    .iter()
                    .any(|part| part.estimate && part.date == of_late),
            backorder,
            told_date: told.or_else(|| self.told()),
            told_undated,
            a_part: known && of_late < last,
            late,
            others,
        }
    }
}
