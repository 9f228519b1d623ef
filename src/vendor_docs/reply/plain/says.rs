//! What is understood of one sentence.

use chrono::NaiveDate;

/// What a sentence says. All is false for one that is not understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Says {
    /// It may stand in an answer.
    pub answer: bool,
    /// It may stand beside a shipment: it says nothing of what will be, or does not come.
    pub shipment: bool,
    /// It says of goods that they do not come, or later than ordered.
    pub never: bool,
    /// It says that goods left, or by which number they are tracked.
    pub left: bool,
    /// It says so of all that was ordered.
    pub whole: bool,
    /// It speaks of several parcels.
    pub several: bool,
    /// It speaks of tracking.
    pub label: bool,
    /// It has a tracking number.
    pub number: bool,
    /// It says yes to what was ordered.
    pub yes: bool,
    /// It is of courtesies, names and the like alone, whatever day it names.
    pub bare: bool,
    /// How many days it names.
    pub days: usize,
    /// It is of courtesies, of a receipt, of what is under way and of nothing else.
    pub receipt: bool,
    /// It says that the order is worked on.
    pub underway: bool,
    /// It is of the day on which goods arrive.
    pub arrives: bool,
    /// The day on which it says that the order leaves, in words of what is under way.
    pub leaves: Option<NaiveDate>,
    /// The earliest day on which it says that goods left.
    pub left_on: Option<NaiveDate>,
    /// It counts what was not ordered so.
    pub miscounted: bool,
}

impl Says {
    /// Understood, and of no weight.
    pub(super) fn inert() -> Says {
        Says {
            answer: true,
            shipment: true,
            receipt: true,
            ..Says::default()
        }
    }

    /// Whether it is understood, and says nothing of goods that left.
    pub(super) fn is_neutral(&self) -> bool {
        self.answer && self.shipment && !self.left
    }

    /// Goods left.
    pub(super) fn left() -> Says {
        Says {
            left: true,
            receipt: false,
            ..Says::inert()
        }
    }
}
