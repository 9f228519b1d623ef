//! What becomes of a purchase order's lines at the vendor: answers, parcels, quantities.

use super::lifecycle::{OrderState, PoState};
pub use super::shares::Shares;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The vendor's answer about a line, the worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Will be done.
    Accepted,
    /// Later.
    Backordered,
    /// Not at all.
    Rejected,
}

impl Answer {
    /// The word for it in the ledger.
    pub fn as_str(self) -> &'static str {
        match self {
            Answer::Accepted => "accepted",
            Answer::Backordered => "backordered",
            Answer::Rejected => "rejected",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Option<Answer> {
        [Answer::Accepted, Answer::Backordered, Answer::Rejected]
            .into_iter()
            .find(|answer| answer.as_str() == word)
    }
}

/// The pieces of one line: `ordered = open + shipped + cancelled`, always.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pieces {
    /// On the purchase order.
    pub ordered: i64,
    /// Left the vendor.
    pub shipped: i64,
    /// Will not come from this purchase order: taken back, or ordered elsewhere.
    pub cancelled: i64,
}

impl Pieces {
    /// Still to come.
    pub fn open(self) -> i64 {
        self.ordered - self.shipped - self.cancelled
    }

    /// With `qty` more that left; `None` when so many are not open, or `qty` is not above zero.
    pub fn ship(self, qty: i64) -> Option<Pieces> {
        (qty > 0 && qty <= self.open()).then_some(Pieces {
            shipped: self.shipped + qty,
            ..self
        })
    }

    /// With `qty` fewer that left: they did not; `None` when so many had not left.
    pub fn unship(self, qty: i64) -> Option<Pieces> {
        (qty > 0 && qty <= self.shipped).then_some(Pieces {
            shipped: self.shipped - qty,
            ..self
        })
    }

    /// With `qty` fewer taken back: they come all the same; `None` when so many were not.
    pub fn take_again(self, qty: i64) -> Option<Pieces> {
        (qty > 0 && qty <= self.cancelled).then_some(Pieces {
            cancelled: self.cancelled - qty,
            ..self
        })
    }

    /// With `qty` more that will not come; `None` as for [`Pieces::ship`].
    pub fn cancel(self, qty: i64) -> Option<Pieces> {
        (qty > 0 && qty <= self.open()).then_some(Pieces {
            cancelled: self.cancelled + qty,
            ..self
        })
    }
}

/// The part of a line that decides where its purchase order stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineStanding {
    /// Its pieces.
    pub pieces: Pieces,
    /// How the open ones are divided by what the vendor last answered.
    pub shares: Shares,
}

/// Works out where a purchase order that reached its vendor stands by its lines: the quantities first, then
/// what is true of the pieces that are still the vendor's. It is rejected only when none is. `None`
/// when they say nothing beyond that it was sent.
pub fn po_state(lines: &[LineStanding]) -> Option<PoState> {
    let sum = |of: fn(&LineStanding) -> i64| lines.iter().map(of).sum::<i64>();
    let open = sum(|line| line.pieces.open());
    let shipped = sum(|line| line.pieces.shipped) > 0;
    let rejected = sum(|line| line.shares.rejected);
    match (open, shipped) {
        (0, true) => Some(PoState::Shipped),
        (0, false) => Some(PoState::Cancelled),
        (_, true) => Some(PoState::PartlyShipped),
        (open, _) if open == rejected => Some(PoState::Rejected),
        _ if sum(|line| line.shares.backordered) > 0 => Some(PoState::Backordered),
        (open, _) if sum(|line| line.shares.accepted) + rejected == open => {
            Some(PoState::Acknowledged)
        }
        _ => None,
    }
}

/// Works out where an order stands by the lines of all its purchase orders; `None` while nothing left.
pub fn order_state(lines: &[Pieces]) -> Option<OrderState> {
    let open = lines.iter().any(|line| line.open() > 0);
    let shipped = lines.iter().any(|line| line.shipped > 0);
    match (open, shipped) {
        (false, true) => Some(OrderState::Shipped),
        (true, true) => Some(OrderState::PartlyShipped),
        (false, false) => Some(OrderState::Cancelled),
        (true, false) => None,
    }
}

/// Something that happened to an order at its vendors, for those who tell the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum VendorEvent {
    /// Goods left.
    Shipped {
        /// The order.
        order: i64,
        /// The purchase order.
        po: i64,
        /// The shipment; a later advice may add lines to it.
        shipment: i64,
    },
    /// The vendor said a day, or another one than before.
    ShipDate {
        /// The order.
        order: i64,
        /// The purchase order.
        po: i64,
        /// Its line.
        po_line: i64,
        /// The day on which goods leave.
        date: NaiveDate,
        /// Whether it is later than what was said before.
        later: bool,
    },
    /// The vendor will deliver later.
    Delayed {
        /// The order.
        order: i64,
        /// The purchase order.
        po: i64,
        /// Its line.
        po_line: i64,
        /// When goods leave, if the vendor says so.
        new_date: Option<NaiveDate>,
    },
    /// The vendor will not deliver a line.
    Rejected {
        /// The order.
        order: i64,
        /// The purchase order.
        po: i64,
        /// Its line.
        po_line: i64,
    },
    /// The customer no longer gets so many pieces of a line.
    LineCancelled {
        /// The order.
        order: i64,
        /// The purchase order.
        po: i64,
        /// Its line.
        po_line: i64,
        /// Pieces.
        qty: i64,
    },
    /// Pieces were ordered from another vendor.
    Moved {
        /// The order.
        order: i64,
        /// The purchase order that they were on.
        po: i64,
        /// The new one.
        new_po: i64,
    },
    /// The customer is to be asked whether to wait.
    AskCustomer {
        /// The order.
        order: i64,
        /// The purchase order.
        po: i64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(ordered: i64, shipped: i64, cancelled: i64, answer: Option<Answer>) -> LineStanding {
        let pieces = Pieces {
            ordered,
            shipped,
            cancelled,
        };
        let shares = Shares::default().say(answer, pieces.open(), pieces.open());
        LineStanding { pieces, shares }
    }

    #[test]
    fn quantities_first_then_what_is_still_the_vendors() {
        use Answer::*;
        for (lines, state) in [
            (vec![line(2, 0, 0, None)], None),
            (
                vec![line(2, 0, 0, Some(Accepted)), line(1, 0, 0, None)],
                None,
            ),
            (
                vec![line(2, 0, 0, Some(Accepted))],
                Some(PoState::Acknowledged),
            ),
            (
                vec![
                    line(2, 0, 0, Some(Accepted)),
                    line(1, 0, 0, Some(Backordered)),
                ],
                Some(PoState::Backordered),
            ),
            (
                vec![
                    line(2, 0, 0, Some(Rejected)),
                    line(1, 0, 0, Some(Backordered)),
                ],
                Some(PoState::Backordered),
            ),
            (
                vec![line(2, 0, 0, Some(Rejected)), line(1, 0, 0, Some(Accepted))],
                Some(PoState::Acknowledged),
            ),
            (
                vec![line(2, 0, 0, Some(Rejected)), line(1, 0, 0, None)],
                None,
            ),
            (
                vec![line(2, 0, 0, Some(Rejected)), line(1, 0, 1, None)],
                Some(PoState::Rejected),
            ),
            (
                vec![line(2, 0, 2, Some(Rejected)), line(1, 0, 0, Some(Accepted))],
                Some(PoState::Acknowledged),
            ),
            (
                vec![line(2, 2, 0, None), line(1, 0, 0, Some(Rejected))],
                Some(PoState::PartlyShipped),
            ),
            (
                vec![line(2, 2, 0, None), line(1, 0, 1, Some(Rejected))],
                Some(PoState::Shipped),
            ),
            (vec![line(2, 0, 2, None)], Some(PoState::Cancelled)),
        ] {
            assert_eq!(po_state(&lines), state, "{lines:?}");
        }
    }

    proptest! {
        #[test]
        fn pieces_are_conserved(ordered in 1..1000i64, acts in prop::collection::vec((any::<bool>(), -5..400i64), 0..30)) {
            let mut pieces = Pieces { ordered, ..Pieces::default() };
            for (ship, qty) in acts {
                let next = if ship { pieces.ship(qty) } else { pieces.cancel(qty) };
                prop_assert_eq!(next.is_some(), qty > 0 && qty <= pieces.open());
                let before = pieces.open();
                pieces = next.unwrap_or(pieces);
                prop_assert_eq!(pieces.ordered, pieces.open() + pieces.shipped + pieces.cancelled);
                prop_assert!(pieces.open() >= 0 && pieces.open() <= before);
                let state = order_state(&[pieces]);
                prop_assert_eq!(state == Some(OrderState::Shipped), pieces.open() == 0 && pieces.shipped > 0);
            }
        }
    }
}
