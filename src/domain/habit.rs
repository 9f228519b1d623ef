//! How long a vendor takes, by what it did: the days that are kept in so many of a hundred purchase orders.

use std::collections::BTreeMap;

/// Fewest purchase orders out of which a habit is made.
pub const LEAST: usize = 20;

/// Days beyond which nobody counts.
pub const MOST: u32 = 120;

/// How long one purchase order took, in the vendor's working days from the one on which it counts as come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeTaken {
    /// Days.
    pub days: u32,
    /// Whether that was the end; else it goes on, and took so long up to now.
    pub over: bool,
}

/// A vendor's habit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VendorHabit {
    /// Of all its purchase orders; `None` where too few are known.
    pub all: Option<HabitDays>,
    /// Of an article, where enough purchase orders were for it alone.
    pub articles: BTreeMap<String, HabitDays>,
}

/// Days that are kept so and so often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HabitDays {
    /// As often as the site wants its promises kept.
    pub kept: u32,
    /// In half of the cases.
    pub half: u32,
    /// In nine of ten.
    pub nine_in_ten: u32,
    /// How many purchase orders say so.
    pub counted: u32,
}

impl HabitDays {
    /// What these purchase orders say; `None` where they are too few. `rate` is in percent.
    pub fn of(taken: &[TimeTaken], rate: u32) -> Option<HabitDays> {
        if taken.len() < LEAST {
            return None;
        }
        Some(HabitDays {
            kept: days_kept(taken, rate),
            half: days_kept(taken, 50),
            nine_in_ten: days_kept(taken, 90),
            counted: u32::try_from(taken.len()).unwrap_or(u32::MAX),
        })
    }
}

impl VendorHabit {
    /// The days for goods of these numbers: those of the slowest of them.
    pub fn of_goods<'a>(&self, skus: impl Iterator<Item = &'a str>) -> Option<HabitDays> {
        let own = skus.filter_map(|sku| self.articles.get(sku).copied());
        own.max_by_key(|days| days.kept).or(self.all)
    }
}

/// The fewest days in which so many of a hundred are done. Those that go on count up to now (Kaplan and Meier,
/// 1958); the next one is one more than those that are known, so that it is kept as often as that (split conformal
/// prediction, Vovk et al., 2005). The longest that is known where even that is too few.
fn days_kept(taken: &[TimeTaken], rate: u32) -> u32 {
    let count = taken.len() as f64;
    let wanted = f64::from(rate) / 100.0 * (count + 1.0) / count;
    let mut sorted = taken.to_vec();
    sorted.sort_by_key(|one| one.days);
    let (mut left, mut place) = (1.0, 0);
    while let Some(first) = sorted.get(place) {
        let at_risk = (sorted.len() - place) as f64;
        let same = sorted[place..]
            .iter()
            .take_while(|one| one.days == first.days);
        let (mut ended, mut seen) = (0.0, 0);
        for one in same {
            seen += 1;
            ended += f64::from(u8::from(one.over));
        }
        left *= 1.0 - ended / at_risk;
        if 1.0 - left >= wanted - 1e-9 {
            return first.days.min(MOST);
        }
        place += seen;
    }
    sorted.last().map_or(0, |one| one.days.min(MOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(days: impl IntoIterator<Item = u32>) -> Vec<TimeTaken> {
        let of = |days| TimeTaken { days, over: true };
        days.into_iter().map(of).collect()
    }

    #[test]
    fn a_habit_is_what_is_kept_so_often() {
        let taken = ended(1..=100);
        let habit = HabitDays::of(&taken, 95).unwrap();
        // of 101 with the next one, 96 are done by then
        assert_eq!((habit.kept, habit.half, habit.nine_in_ten), (96, 51, 91));
        assert_eq!(habit.counted, 100);
        assert_eq!(HabitDays::of(&taken[..LEAST - 1], 90), None);
        let same = HabitDays::of(&ended([3; 40]), 90).unwrap();
        assert_eq!((same.kept, same.half), (3, 3));
    }

    #[test]
    fn what_goes_on_is_not_taken_for_done_nor_left_out() {
        // half are done after a day, the others are on their third: nobody knows what nine in ten take
        let mut taken = ended([1; 20]);
        let waits = TimeTaken {
            days: 3,
            over: false,
        };
        taken.extend([waits; 20]);
        let habit = HabitDays::of(&taken, 90).unwrap();
        assert_eq!((habit.kept, habit.half), (3, 3));
        // what came in today says nothing yet, and takes nothing away
        let today = TimeTaken {
            days: 0,
            over: false,
        };
        let mut taken = ended([2; 30]);
        taken.extend([today; 30]);
        assert_eq!(HabitDays::of(&taken, 90).unwrap().kept, 2);
    }

    #[test]
    fn the_slowest_article_counts() {
        let days = |kept| HabitDays {
            kept,
            half: 1,
            nine_in_ten: kept,
            counted: 30,
        };
        let habit = VendorHabit {
            all: Some(days(2)),
            articles: [("A".to_owned(), days(1)), ("B".to_owned(), days(6))].into(),
        };
        let of = |skus: &[&str]| habit.of_goods(skus.iter().copied()).map(|one| one.kept);
        assert_eq!(of(&["A"]), Some(1));
        assert_eq!(of(&["A", "B"]), Some(6));
        assert_eq!(of(&["C"]), Some(2));
    }
}
