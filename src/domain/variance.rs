//! Facts of a purchase order, the vendor's agreement, and what an invoice is found to have wrong.

use crate::domain::codes::Code;
use crate::domain::money::Money;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What is known of one purchase order when an invoice comes. "Billed" and "credited" are of
/// earlier invoices only, never of the one that is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoFacts {
    /// Its number.
    pub po: String,
    /// The customer's order.
    pub order: String,
    /// The vendor's key.
    pub vendor: String,
    /// The vendor's own numbers of the order, from acknowledgements and shipping advices.
    pub vendor_orders: Vec<String>,
    /// When it was placed.
    pub placed: NaiveDate,
    /// What was ordered, line by line.
    pub lines: Vec<PoLine>,
    /// Totals of earlier bills for it, freight and fees included.
    pub billed: Money,
    /// Totals of earlier credits for it.
    pub credited: Money,
    /// Freight on earlier bills that told it apart.
    pub freight_billed: Money,
    /// Fees on earlier bills that told them apart.
    pub fees_billed: Money,
    /// The vendor's agreement.
    pub terms: Terms,
}

/// One line of a purchase order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoLine {
    /// Our SKU.
    pub sku: String,
    /// The vendor's.
    pub vendor_sku: String,
    /// Pieces ordered, less those cancelled.
    pub ordered: i64,
    /// Agreed cost of one.
    pub unit_cost: Money,
    /// Pieces shipped.
    pub shipped: i64,
    /// Pieces on lines of earlier bills.
    pub billed: i64,
    /// Pieces that came back.
    pub returned: i64,
    /// Pieces on lines of earlier credits.
    pub credited: i64,
}

impl PoFacts {
    /// Cost of all that was ordered; `None` when it does not fit.
    pub fn ordered_value(&self) -> Option<Money> {
        let values: Option<Vec<_>> = self
            .lines
            .iter()
            .map(|line| line.unit_cost.times(line.ordered))
            .collect();
        Money::sum(values?)
    }

    /// Cost of what was shipped, of each line at most what was ordered.
    pub fn shipped_value(&self) -> Option<Money> {
        let values: Option<Vec<_>> = self
            .lines
            .iter()
            .map(|line| line.unit_cost.times(line.shipped.min(line.ordered)))
            .collect();
        Money::sum(values?)
    }

    /// Earlier bills less earlier credits.
    pub fn billed_net(&self) -> Option<Money> {
        self.billed.minus(self.credited)
    }

    /// Pieces ordered, in all lines.
    pub fn pieces_ordered(&self) -> i64 {
        let pieces = self.lines.iter().map(|line| line.ordered);
        pieces.fold(0, i64::saturating_add)
    }

    /// Pieces shipped, in all lines.
    pub fn pieces_shipped(&self) -> i64 {
        let pieces = self.lines.iter().map(|line| line.shipped);
        pieces.fold(0, i64::saturating_add)
    }
}

/// How far an amount may be off before a person must look.
///
/// A difference is within tolerance when it is not above the limit. With one of `percent_bp` and
/// `amount` the limit is that; with both it is the **smaller** of the two (`5 %, at most 2.00`),
/// or the larger when `larger` is set (`5 %, but 2.00 are always forgiven`); with neither, zero.
/// Percent are of what was expected, rounded down to the cent. Quantities have no tolerance: a
/// piece that was not ordered or not shipped is always named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tolerance {
    /// In hundredths of a percent.
    pub percent_bp: Option<u32>,
    /// In money.
    pub amount: Option<Money>,
    /// Take the larger of both limits instead of the smaller.
    pub larger: bool,
}

impl Tolerance {
    /// The limit for an expected amount.
    pub fn limit(&self, expected: Money) -> Money {
        let percent = self.percent_bp.map(|bp| {
            let share = i128::from(expected.0).abs() * i128::from(bp) / 10_000;
            Money(i64::try_from(share).unwrap_or(i64::MAX))
        });
        match (percent, self.amount) {
            (Some(percent), Some(amount)) if self.larger => percent.max(amount),
            (Some(percent), Some(amount)) => percent.min(amount),
            (one, other) => one.or(other).unwrap_or_default(),
        }
    }

    /// Whether a difference of this size is forgiven.
    pub fn allows(&self, difference: Money, expected: Money) -> bool {
        difference <= self.limit(expected)
    }

    /// An amount without its sign.
    pub fn magnitude(amount: Money) -> Money {
        Money(amount.0.saturating_abs())
    }
}

/// What a vendor may charge beside the goods, per purchase order: the sum of its parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    /// Once per purchase order.
    pub flat: Money,
    /// Per piece shipped.
    pub per_piece: Money,
    /// Of the cost of the goods shipped, in hundredths of a percent, rounded down.
    pub percent_bp: u32,
    /// Anything is accepted: freight at the carrier's cost, unseen.
    pub unlimited: bool,
}

impl Allowance {
    /// What may be charged for a purchase order in all; `None` when anything may, or when it does
    /// not fit.
    pub fn of(&self, po: &PoFacts) -> Option<Money> {
        // all of it was cancelled before it left
        if po.pieces_ordered() == 0 && po.pieces_shipped() == 0 {
            return Some(Money::ZERO);
        }
        if self.unlimited {
            return None;
        }
        let goods = po.shipped_value()?;
        let share = i128::from(goods.0) * i128::from(self.percent_bp) / 10_000;
        let percent = Money(i64::try_from(share).ok()?);
        let pieces = self.per_piece.times(po.pieces_shipped())?;
        self.flat.plus(pieces)?.plus(percent)
    }
}

/// A vendor's agreement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// For prices and, where an invoice has no lines, for its total.
    pub goods: Tolerance,
    /// For freight and fees.
    pub charges: Tolerance,
    /// Freight.
    pub freight: Allowance,
    /// Drop-ship, handling and other fees.
    pub fees: Allowance,
}

impl Terms {
    /// Freight and fees that may be charged for a purchase order; `None` when there is no limit.
    pub fn charges(&self, po: &PoFacts) -> Option<Money> {
        self.freight.of(po)?.plus(self.fees.of(po)?)
    }
}

/// What is wrong with an invoice, as an exception will have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Variance {
    /// One of the `invoice_` codes of [`crate::domain::codes`].
    pub code: Code,
    /// Money that would be lost by paying as billed.
    pub at_stake: Money,
    /// For people: what was billed, ordered and shipped, and the money.
    pub evidence: String,
    /// Line of the invoice file, of the invoice or of one of its lines.
    pub line: u64,
}

/// An invoice that was tied to a purchase order and compared with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Matched {
    /// Number of the purchase order.
    pub po: String,
    /// What is wrong; empty when all is well.
    pub variances: Vec<Variance>,
    /// Which pieces of the purchase order the lines are for; empty when they cannot be told apart.
    pub pieces: Vec<BilledPieces>,
}

/// Pieces of one line of a purchase order on one line of an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BilledPieces {
    /// Place of the invoice's line, from 0.
    pub line: usize,
    /// Place of the purchase order's line, from 0.
    pub po_line: usize,
    /// How many.
    pub qty: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smaller_limit_counts_unless_the_larger_is_asked_for() {
        let both = |larger| Tolerance {
            percent_bp: Some(500),
            amount: Some(Money(200)),
            larger,
        };
        assert_eq!(both(false).limit(Money(1_000)), Money(50));
        assert_eq!(both(false).limit(Money(100_000)), Money(200));
        assert_eq!(both(true).limit(Money(1_000)), Money(200));
        assert_eq!(both(true).limit(Money(100_000)), Money(5_000));
        let one = Tolerance {
            amount: Some(Money(7)),
            ..Tolerance::default()
        };
        assert_eq!(one.limit(Money(1_000)), Money(7));
        assert_eq!(Tolerance::default().limit(Money(1_000)), Money::ZERO);
        assert!(both(false).allows(Money(50), Money(1_000)));
        assert!(!both(false).allows(Money(51), Money(1_000)));
    }
}
