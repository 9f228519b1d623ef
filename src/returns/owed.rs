//! What the customer of an order is owed for what never ships: cancelled whole or in part, and the
//! shipping charge where nothing was sent. Returns are paid as returns; together they come to exactly
//! what was paid, and never to more.

use crate::clock::Moment;
use crate::domain::codes::Code;
use crate::domain::lifecycle::OrderState;
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::owed::{Share, share, unpaid};
use crate::ledger::orders::OrderRow;
use crate::ledger::{Result, Tx};

/// The exceptions list's code of money that is owed for too long.
pub const REFUND_DUE: Code = Code::RefundDue;

/// Where an order's money stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// What the customer paid.
    pub paid: Money,
    /// What the customer got back so far, for returns too.
    pub refunded: Money,
    /// What is still owed for what does not ship; `None` when it cannot be computed from the order.
    pub amount: Option<Money>,
    /// The tax in it.
    pub tax: Money,
    /// Since when, RFC 3339 UTC.
    pub since: Moment,
    /// What shows that the customer has not paid.
    pub unpaid: Option<String>,
}

impl Owed {
    /// Whether a person must still do something.
    pub fn is_open(&self) -> bool {
        self.amount != Some(Money::ZERO)
    }
}

/// Pieces of each line that the customer does not keep: cancelled, and those of refunded returns; and
/// whether that is all, and nothing of the order ever left.
pub(super) struct Gone {
    pub pieces: Vec<i64>,
    pub shipped: bool,
}

impl Gone {
    pub fn of(tx: &Tx, id: i64, state: OrderState, order: &Order) -> Result<Gone> {
        let known = tx.line_pieces(id)?;
        let back = tx.refunded_pieces(id)?;
        let never = known.is_empty() && state == OrderState::Cancelled;
        let pieces = (1..).zip(&order.lines).map(|(place, line)| {
            let gone = known.iter().find(|one| one.line == place);
            let gone = gone.map_or(if never { line.qty } else { 0 }, |one| one.gone);
            (gone + back.get(&place).copied().unwrap_or(0)).min(line.qty.max(0))
        });
        Ok(Gone {
            pieces: pieces.collect(),
            shipped: known.iter().any(|one| one.shipped > 0),
        })
    }

    /// What they are worth.
    pub fn worth(&self, order: &Order) -> Option<Share> {
        let all = order.lines.iter().zip(&self.pieces);
        let whole = !self.shipped && all.clone().all(|(line, pieces)| line.qty.max(0) == *pieces);
        share(order, &self.pieces, whole)
    }
}

/// Where an order's money stands; `None` when nothing of it was cancelled.
pub fn owed(tx: &Tx, row: &OrderRow) -> Result<Option<Owed>> {
    let Some(due) = tx.refund_due(row.id)? else {
        return Ok(None);
    };
    let order = &row.order;
    let refunded = tx.refunded(row.id)?;
    let worth = Gone::of(tx, row.id, row.state, order)?.worth(order);
    let mut before = tx.worth_of_returns(row.id)?;
    let mut tax = Money::ZERO;
    let earlier = tx.refunds_without_return(row.id)?;
    for one in &earlier {
        before = before.plus(one.amount).unwrap_or(before);
        tax = tax.plus(one.tax).unwrap_or(tax);
    }
    before = before.plus(due.waived).unwrap_or(before);
    let unpaid = unpaid(order);
    let kept = order.shop_order.kept(order.total);
    let left = kept.minus(refunded).unwrap_or_default();
    let amount = worth.map(|worth| {
        let open = worth.amount.minus(before).unwrap_or_default();
        open.max(Money::ZERO).min(left.max(Money::ZERO))
    });
    let amount = match unpaid {
        Some(_) => Some(Money::ZERO),
        None => amount,
    };
    let of_worth = worth.map_or(Money::ZERO, |worth| worth.tax);
    let tax = of_worth.minus(tax).unwrap_or_default().max(Money::ZERO);
    Ok(Some(Owed {
        paid: order.total,
        refunded,
        amount,
        tax: tax.min(amount.unwrap_or_default()),
        since: due.since,
        unpaid,
    }))
}
