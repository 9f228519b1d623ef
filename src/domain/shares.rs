//! How the open pieces of a line are divided by what their vendor last answered: two accepted, one
//! rejected, the rest not spoken of.

use super::shipment::Answer;
use serde::{Deserialize, Serialize};

/// Open pieces of a line by the vendor's answer about them. What of the open ones is in none of
/// these was not answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shares {
    /// Will come.
    pub accepted: i64,
    /// Will come later.
    pub backordered: i64,
    /// Will not come.
    pub rejected: i64,
}

/// The answers in the order in which pieces that leave are believed to be of them; `None` are the
/// pieces that were not answered.
const LEAVING: [Option<Answer>; 4] = [
    Some(Answer::Accepted),
    None,
    Some(Answer::Backordered),
    Some(Answer::Rejected),
];

/// The same for pieces that are taken back without a word which of them.
const TAKEN_BACK: [Option<Answer>; 4] = [
    Some(Answer::Rejected),
    Some(Answer::Backordered),
    None,
    Some(Answer::Accepted),
];

impl Shares {
    /// The pieces of one answer.
    pub fn of(self, answer: Answer) -> i64 {
        match answer {
            Answer::Accepted => self.accepted,
            Answer::Backordered => self.backordered,
            Answer::Rejected => self.rejected,
        }
    }

    fn share(&mut self, answer: Answer) -> &mut i64 {
        match answer {
            Answer::Accepted => &mut self.accepted,
            Answer::Backordered => &mut self.backordered,
            Answer::Rejected => &mut self.rejected,
        }
    }

    /// With so many pieces of one answer.
    pub fn with(mut self, answer: Answer, qty: i64) -> Shares {
        *self.share(answer) = qty;
        self
    }

    /// The pieces of which the vendor said anything.
    pub fn answered(self) -> i64 {
        self.accepted + self.backordered + self.rejected
    }

    /// The worst answer about any piece.
    pub fn worst(self) -> Option<Answer> {
        let mut all = [Answer::Rejected, Answer::Backordered, Answer::Accepted].into_iter();
        all.find(|answer| self.of(*answer) > 0)
    }

    /// With one answer about so many of the `open` pieces, and about no others: what was said of
    /// other pieces before stands as far as there are so many.
    pub fn say(self, answer: Option<Answer>, qty: i64, open: i64) -> Shares {
        let Some(answer) = answer else { return self };
        let said = Shares::default().with(answer, qty.clamp(0, open.max(0)));
        self.said(said, open)
    }

    /// With what a whole document says of the `open` pieces: its answers count as they are, and of
    /// those that it does not give, what was said before, as far as there are so many.
    pub fn said(self, said: Shares, open: i64) -> Shares {
        let mut all = said;
        let mut left = open - said.answered();
        for answer in [Answer::Rejected, Answer::Backordered, Answer::Accepted] {
            if said.of(answer) == 0 {
                let kept = self.of(answer).min(left.max(0));
                *all.share(answer) = kept;
                left -= kept;
            }
        }
        all
    }

    /// Without so many of the `open` pieces, which left.
    pub fn leave(self, qty: i64, open: i64) -> Shares {
        self.less(qty, open, LEAVING)
    }

    /// Without so many of the `open` pieces, which were taken back: first those of the answer that
    /// it is about.
    pub fn take_back(self, qty: i64, open: i64, about: Option<Answer>) -> Shares {
        let mut order = TAKEN_BACK;
        order.sort_by_key(|one| about.is_none() || *one != about);
        self.less(qty, open, order)
    }

    fn less(mut self, qty: i64, open: i64, order: [Option<Answer>; 4]) -> Shares {
        let silent = (open - self.answered()).max(0);
        let mut left = qty;
        for answer in order {
            let there = answer.map_or(silent, |answer| self.of(answer));
            let part = left.clamp(0, there);
            if let Some(answer) = answer {
                *self.share(answer) -= part;
            }
            left -= part;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shares(accepted: i64, backordered: i64, rejected: i64) -> Shares {
        Shares {
            accepted,
            backordered,
            rejected,
        }
    }

    #[test]
    fn what_is_said_of_a_part_leaves_the_rest_as_far_as_it_fits() {
        use Answer::*;
        let none = Shares::default();
        assert_eq!(none.said(shares(2, 0, 1), 3), shares(2, 0, 1));
        // the same document twice
        assert_eq!(shares(2, 0, 1).said(shares(2, 0, 1), 3), shares(2, 0, 1));
        assert_eq!(shares(3, 0, 0).say(Some(Rejected), 1, 3), shares(2, 0, 1));
        assert_eq!(shares(0, 2, 0).say(Some(Accepted), 2, 3), shares(2, 1, 0));
        assert_eq!(shares(1, 1, 1).say(Some(Accepted), 3, 3), shares(3, 0, 0));
        assert_eq!(none.say(None, 3, 3), none);
    }

    #[test]
    fn pieces_leave_from_what_was_accepted_and_are_taken_back_from_what_was_refused() {
        use Answer::*;
        assert_eq!(shares(2, 0, 1).leave(2, 3), shares(0, 0, 1));
        assert_eq!(shares(0, 1, 1).leave(1, 3), shares(0, 1, 1));
        assert_eq!(shares(2, 0, 1).take_back(1, 3, None), shares(2, 0, 0));
        assert_eq!(
            shares(1, 1, 1).take_back(1, 3, Some(Backordered)),
            shares(1, 0, 1)
        );
        assert_eq!(
            shares(1, 0, 1).take_back(2, 2, Some(Rejected)),
            shares(0, 0, 0)
        );
    }

    proptest! {
        #[test]
        fn never_more_than_are_open(ordered in 1..60i64, acts in prop::collection::vec((0..5u8, 1..70i64), 0..20)) {
            let (mut open, mut shares) = (ordered, Shares::default());
            for (act, qty) in acts {
                let answer = [Answer::Accepted, Answer::Backordered, Answer::Rejected].get(usize::from(act)).copied();
                let part = qty.min(open);
                match (answer, act) {
                    (Some(answer), _) => {
                        shares = shares.say(Some(answer), qty, open);
                        prop_assert_eq!(shares.of(answer), part);
                    }
                    (_, 3) => (shares, open) = (shares.leave(part, open), open - part),
                    _ => (shares, open) = (shares.take_back(part, open, None), open - part),
                }
                prop_assert!(shares.answered() <= open, "{shares:?} of {open}");
                prop_assert!(shares.accepted >= 0 && shares.backordered >= 0 && shares.rejected >= 0);
            }
        }
    }
}
