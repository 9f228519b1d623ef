//! When what is still to come of a line leaves its vendor.

use super::LineState;
use chrono::NaiveDate;

/// The time at which pieces leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// As was planned with the purchase order: the vendor named no other day.
    Planned,
    /// On the day that the vendor named.
    On(NaiveDate),
    /// Nobody knows: on backorder without a day, or it was and nothing was said since.
    Unknown,
}

/// So many pieces that leave together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaves {
    /// Pieces.
    pub qty: i64,
    /// When.
    pub when: When,
}

impl LineState {
    /// Lists what is still to come, those with a day first.
    pub fn leaves(&self) -> Vec<Leaves> {
        let late = self.shares.backordered;
        let rest = self.coming() - late;
        let undated = self.told_undated.is_some() && late == 0;
        let of_rest = match self.promised.or(self.until.filter(|_| late == 0)) {
            Some(day) => When::On(day),
            None if undated => When::Unknown,
            None => When::Planned,
        };
        let parts = [
            (rest, of_rest),
            (late, self.until.map_or(When::Unknown, When::On)),
        ];
        let parts = parts.into_iter().filter(|(qty, _)| *qty > 0);
        let mut parts: Vec<Leaves> = parts.map(|(qty, when)| Leaves { qty, when }).collect();
        parts.sort_by_key(|part| part.when == When::Unknown);
        parts
    }

    /// Whether nobody knows when something of it comes.
    pub fn awaits_a_day(&self) -> bool {
        let parts = self.leaves();
        parts.iter().any(|part| part.when == When::Unknown)
    }

    /// The last day that the vendor named for what is still to come, if it named one.
    pub fn named_day(&self) -> Option<NaiveDate> {
        let parts = self.leaves().into_iter();
        let days = parts.filter_map(|part| match part.when {
            When::On(day) => Some(day),
            When::Planned | When::Unknown => None,
        });
        days.max()
    }

    /// Whether the vendor named days, none of them over, for all that is still to come.
    pub fn promised_from(&self, today: NaiveDate) -> bool {
        let good = |when| matches!(when, When::On(day) if day >= today);
        self.leaves().iter().all(|part| good(part.when))
    }
}
