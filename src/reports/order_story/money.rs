//! What an order costs and earns: only what is bought and sold of it after all.

use super::Story;
use crate::domain::lifecycle::{PoState, ReturnState};
use crate::domain::money::Money;
use crate::domain::rma::ReturnKind;
use crate::ledger::purchase_orders::PoRow;
use crate::reports::returns::ReturnMoney;

impl Story {
    /// What a vendor charges for what a purchase order still brings or brought: pieces that were taken
    /// back or ordered elsewhere cost nothing here.
    pub fn cost_of(&self, po: &PoRow) -> Option<Money> {
        let lines = self.supply.lines.iter().filter(|line| line.po_id == po.id);
        let costs = lines.map(|line| {
            let bought = line.pieces.ordered - line.pieces.cancelled;
            line.unit_cost.times(bought)
        });
        costs.sum_all()
    }

    /// What the vendors charge in all; `None` before there are purchase orders, or when all are
    /// cancelled.
    pub fn cost(&self) -> Option<Money> {
        let mut live = self
            .pos
            .iter()
            .filter(|(po, _)| po.state != PoState::Cancelled)
            .peekable();
        live.peek()?;
        live.map(|(po, _)| self.cost_of(po)).sum_all()
    }

    /// What is left of the goods' price after discount and cost, of what the customer gets: pieces
    /// that were taken off, refunds (without their tax) and the vendors' credits for returns counted;
    /// tax, shipping and fees left out.
    pub fn margin(&self) -> Option<Money> {
        let order = &self.row.order;
        let goods = order.goods()?;
        let sold = order.wanted()?.minus(self.taken_off()?)?;
        let discount = share(order.discount.unwrap_or_default(), sold, goods)?;
        let margin = sold.minus(discount)?.minus(self.cost()?)?;
        let given = Money::sum(self.returns.iter().map(ReturnMoney::given))?;
        margin.minus(given)?.plus(self.credited())
    }

    /// The price of what was taken off the order; what a return took off is in its refund.
    fn taken_off(&self) -> Option<Money> {
        let lines = self.row.order.lines.iter().zip(1..);
        let prices = lines.map(|(line, number)| {
            let of_line = self
                .supply
                .lines
                .iter()
                .filter(|on| on.order_line == number);
            let off: i64 = of_line
                .map(|on| on.pieces.cancelled + on.unwanted - on.moved)
                .sum();
            line.unit_price
                .times((off - self.taken_back(number)).max(0))
        });
        prices.sum_all()
    }

    /// Pieces of a line that returns took back before they shipped.
    fn taken_back(&self, line: i64) -> i64 {
        let of_kind = |back: &&ReturnMoney| {
            back.row.kind == ReturnKind::CancelledBeforeShipping
                && matches!(
                    back.row.state,
                    ReturnState::Authorised | ReturnState::Refunded
                )
        };
        let lines = self.returns.iter().filter(of_kind);
        let lines = lines.flat_map(|back| &back.lines);
        let of_line = lines.filter(|one| one.order_line == line);
        of_line.map(|one| one.qty).sum()
    }
}

/// The part of an amount that falls on `part` of `whole`, in whole cents.
fn share(amount: Money, part: Money, whole: Money) -> Option<Money> {
    match whole {
        Money::ZERO => Some(amount),
        whole => {
            let cents = i128::from(amount.0) * i128::from(part.0) / i128::from(whole.0);
            i64::try_from(cents).ok().map(Money)
        }
    }
}

/// The sum of amounts; `None` when one of them, or the sum, is too large.
trait SumAll {
    fn sum_all(self) -> Option<Money>;
}

impl<I: Iterator<Item = Option<Money>>> SumAll for I {
    fn sum_all(mut self) -> Option<Money> {
        self.try_fold(Money::ZERO, |sum, one| sum.plus(one?))
    }
}
