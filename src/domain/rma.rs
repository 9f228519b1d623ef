//! Returns: which moves a return of a kind may make, how many pieces may come back, what the
//! customer gets and what the vendor owes. Whole cents throughout, and every sum is exact.

use super::lifecycle::ReturnState;
use super::money::Money;
use serde::{Deserialize, Serialize};

/// A reason why goods are not with the customer, or not for long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnKind {
    /// The customer sends it back.
    Customer,
    /// The customer did not take it; the carrier brings it back.
    RefusedAtDoor,
    /// It left and never arrived: nothing can come back.
    LostInTransit,
    /// It was taken back before it left: nothing can come back, and the vendor owes nothing.
    CancelledBeforeShipping,
}

impl ReturnKind {
    /// All kinds.
    pub const ALL: &'static [ReturnKind] = &[
        ReturnKind::Customer,
        ReturnKind::RefusedAtDoor,
        ReturnKind::LostInTransit,
        ReturnKind::CancelledBeforeShipping,
    ];

    /// The word for it in the ledger, in JSON and to people.
    pub fn as_str(self) -> &'static str {
        match self {
            ReturnKind::Customer => "customer",
            ReturnKind::RefusedAtDoor => "refused_at_door",
            ReturnKind::LostInTransit => "lost_in_transit",
            ReturnKind::CancelledBeforeShipping => "cancelled_before_shipping",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Option<ReturnKind> {
        ReturnKind::ALL
            .iter()
            .copied()
            .find(|kind| kind.as_str() == word)
    }

    /// Whether goods are expected back, to be received and inspected before money moves.
    pub fn goods_come_back(self) -> bool {
        matches!(self, ReturnKind::Customer | ReturnKind::RefusedAtDoor)
    }

    /// Whether a return of this kind may go from one state to the other: the table of
    /// [`ReturnState`], but money before goods only where no goods can come, and no receiving then.
    pub fn may_become(self, from: ReturnState, to: ReturnState) -> bool {
        let shortcut = from == ReturnState::Authorised && to == ReturnState::Refunded;
        let receiving = to == ReturnState::Received;
        let fits = match self.goods_come_back() {
            true => !shortcut,
            false => !receiving,
        };
        from.may_become(to) && fits
    }
}

/// The state in which goods were found when somebody looked at them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// As new: back on the shelf.
    Restock,
    /// Broken.
    Damaged,
    /// Not what was ordered.
    WrongItem,
}

impl Condition {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Condition::Restock => "restock",
            Condition::Damaged => "damaged",
            Condition::WrongItem => "wrong_item",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Option<Condition> {
        [Condition::Restock, Condition::Damaged, Condition::WrongItem]
            .into_iter()
            .find(|condition| condition.as_str() == word)
    }
}

/// One line of an order as far as returns concern it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnableLine {
    /// Its place in the order, from 1.
    pub line: u32,
    /// What it is.
    pub sku: String,
    /// Pieces that left.
    pub shipped: i64,
    /// Pieces in earlier returns that were neither rejected nor cancelled.
    pub returned: i64,
}

impl ReturnableLine {
    /// Pieces that may still come back; never negative.
    pub fn returnable(&self) -> i64 {
        self.shipped.saturating_sub(self.returned).max(0)
    }
}

/// A reason why a return cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// No such line.
    #[error("the order has no line {0}")]
    NoSuchLine(u32),
    /// Nothing, or less than nothing.
    #[error("line {line}: {qty} is not a quantity to return: give 1 or more")]
    NotPositive {
        /// The line.
        line: u32,
        /// What was asked.
        qty: i64,
    },
    /// More than can come back.
    #[error(
        "line {line} ({sku}): {asked} asked to return, but {shipped} shipped and {returned} already \
         in returns: {returnable} at most"
    )]
    TooMany {
        /// The line.
        line: u32,
        /// What it is.
        sku: String,
        /// What was asked, all mentions of the line added up.
        asked: i64,
        /// Pieces that left.
        shipped: i64,
        /// Pieces in earlier returns.
        returned: i64,
        /// Pieces that may come back.
        returnable: i64,
    },
    /// No line at all.
    #[error("nothing is asked to return: name a line and a quantity, such as 1=2")]
    Nothing,
}

/// Checks what a customer wants to return against what shipped, and adds up lines named twice.
/// Returns (line, pieces) in order of lines.
///
/// # Errors
/// The first line that does not exist, is not a positive quantity, or is more than shipped minus
/// already returned.
pub fn check_quantities(
    lines: &[ReturnableLine],
    asked: &[(u32, i64)],
) -> Result<Vec<(u32, i64)>, QuantityError> {
    let mut sums = std::collections::BTreeMap::<u32, i64>::new();
    for &(line, qty) in asked {
        if qty <= 0 {
            return Err(QuantityError::NotPositive { line, qty });
        }
        let sum = sums.entry(line).or_default();
        *sum = sum.saturating_add(qty);
    }
    for (&line, &qty) in &sums {
        let known = lines
            .iter()
            .find(|candidate| candidate.line == line)
            .ok_or(QuantityError::NoSuchLine(line))?;
        if qty > known.returnable() {
            return Err(QuantityError::TooMany {
                line,
                sku: known.sku.clone(),
                asked: qty,
                shipped: known.shipped,
                returned: known.returned,
                returnable: known.returnable(),
            });
        }
    }
    if sums.is_empty() {
        return Err(QuantityError::Nothing);
    }
    Ok(sums.into_iter().collect())
}

/// One line of the order as the customer paid it, and how much of it is refunded when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaidLine {
    /// Pieces ordered.
    pub qty: i64,
    /// Price of all of them, before discount and tax.
    pub price: Money,
    /// Pieces refunded earlier.
    pub refunded: i64,
    /// Pieces to refund now.
    pub refund: i64,
}

/// The part of a refund that one line gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundLine {
    /// Price of the pieces.
    pub goods: Money,
    /// Their share of the order's discount, taken off.
    pub discount: Money,
    /// Their share of the order's tax.
    pub tax: Money,
    /// `goods − discount + tax`.
    pub total: Money,
}

/// The amount that the customer gets back, line by line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// Line by line, in the order of the order.
    pub lines: Vec<RefundLine>,
    /// Sum of the lines' totals.
    pub total: Money,
}

/// Computes a refund. The order's `discount` is spread over its lines by their price, its `tax` by
/// their price less discount, both to whole cents that add up to the whole (largest remainder);
/// within a line the share grows with the pieces, so that refunds in several parts come to exactly
/// what one refund of all would be. Shipping is not in it: whether that is given back is decided
/// by people. `None` when a quantity is impossible (below zero, or above what was ordered) or an
/// amount does not fit.
pub fn refund(lines: &[PaidLine], discount: Money, tax: Money) -> Option<Refund> {
    let mut gross = Vec::with_capacity(lines.len());
    for line in lines {
        let last = line.refunded.checked_add(line.refund)?;
        if line.qty < 0 || line.refunded < 0 || line.refund < 0 || last > line.qty {
            return None;
        }
        gross.push(line.price);
    }
    let discounts = spread(discount, &gross)?;
    let net: Option<Vec<Money>> = gross
        .iter()
        .zip(&discounts)
        .map(|(gross, discount)| gross.minus(*discount))
        .collect();
    let taxes = spread(tax, &net?)?;
    let mut parts = Vec::with_capacity(lines.len());
    for ((line, discount), tax) in lines.iter().zip(discounts).zip(taxes) {
        let goods = part_of(line.price, line)?;
        let discount = part_of(discount, line)?;
        let tax = part_of(tax, line)?;
        let total = goods.minus(discount)?.plus(tax)?;
        parts.push(RefundLine {
            goods,
            discount,
            tax,
            total,
        });
    }
    let total = Money::sum(parts.iter().map(|part| part.total))?;
    Some(Refund {
        lines: parts,
        total,
    })
}

/// The pieces' share of a line's amount: the share up to the last piece less that up to the first,
/// so that parts of a line always sum to the line.
fn part_of(amount: Money, line: &PaidLine) -> Option<Money> {
    let up_to = |pieces: i64| -> Option<i128> {
        match line.qty {
            0 => Some(0),
            qty => Some(i128::from(amount.0) * i128::from(pieces) / i128::from(qty)),
        }
    };
    let share = up_to(line.refunded + line.refund)? - up_to(line.refunded)?;
    i64::try_from(share).ok().map(Money)
}

/// `amount` in whole cents in proportion to `weights`, summing exactly to it: each share is rounded
/// down, and the cents that remain go to the largest remainders, earlier before later. Where all
/// weights are zero, the first takes all. Weights must not be negative. `None` when they are, or
/// when there is something to spread and nothing to spread it over.
pub fn spread(amount: Money, weights: &[Money]) -> Option<Vec<Money>> {
    if weights.iter().any(|weight| *weight < Money::ZERO) {
        return None;
    }
    let sum: i128 = weights.iter().map(|weight| i128::from(weight.0)).sum();
    let mut shares = vec![Money::ZERO; weights.len()];
    if sum == 0 {
        match shares.first_mut() {
            Some(first) => *first = amount,
            None if amount != Money::ZERO => return None,
            None => {}
        }
        return Some(shares);
    }
    let mut remainders = Vec::with_capacity(weights.len());
    let mut given: i128 = 0;
    for (place, weight) in weights.iter().enumerate() {
        let exact = i128::from(amount.0) * i128::from(weight.0);
        let share = exact.div_euclid(sum);
        given += share;
        shares[place] = Money(i64::try_from(share).ok()?);
        remainders.push((std::cmp::Reverse(exact.rem_euclid(sum)), place));
    }
    remainders.sort_unstable();
    let left = usize::try_from(i128::from(amount.0) - given).ok()?;
    for (_, place) in remainders.into_iter().take(left) {
        shares[place].0 += 1;
    }
    Some(shares)
}

/// One line of a return as the vendor sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreditLine {
    /// Pieces that the vendor takes back.
    pub qty: i64,
    /// What the vendor charged for one.
    pub unit_cost: Money,
    /// Whether it is the vendor's fault (damaged, wrong item): then no restocking fee is due.
    pub vendor_fault: bool,
}

/// The credit that the vendor owes: cost of the pieces, less the restocking fee of the agreement in
/// hundredths of a percent (rounded down to the cent, in our favour) where it was not the vendor's
/// fault. `None` when it does not fit or a quantity is negative.
pub fn vendor_credit(lines: &[CreditLine], restocking_bp: u32) -> Option<Money> {
    let mut sum = Money::ZERO;
    for line in lines {
        if line.qty < 0 {
            return None;
        }
        let cost = line.unit_cost.times(line.qty)?;
        let fee = match line.vendor_fault {
            true => 0,
            false => i128::from(cost.0) * i128::from(restocking_bp.min(10_000)) / 10_000,
        };
        sum = sum.plus(cost.minus(Money(i64::try_from(fee).ok()?))?)?;
    }
    Some(sum)
}

#[cfg(test)]
mod tests;
