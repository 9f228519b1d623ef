//! What of an order's price belongs to goods that the customer does not get, to the cent.

use super::money::Money;
use super::order::{Order, OrderLine};
use super::own_words;
use super::rma::{self, PaidLine};

/// The worth of goods to the customer, and the tax in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// In all.
    pub amount: Money,
    /// The tax in it.
    pub tax: Money,
}

/// Computes what so many pieces of each line of an order are worth, never more than was paid. With `whole`
/// nothing of the order ever ships: that is all that was paid, shipping too, but for what is the shop's to
/// give. `None` when the amounts cannot be computed.
pub fn share(order: &Order, pieces: &[i64], whole: bool) -> Option<Share> {
    let discount = order.discount.unwrap_or_default();
    if whole {
        let elsewhere = rma::refund(&paid(order, None)?, discount, order.added_tax());
        let elsewhere = match gone(order) {
            true => elsewhere?.total,
            false => Money::ZERO,
        };
        let back = order.shop_order.given_back.unwrap_or_default();
        let amount = order.total.minus(elsewhere)?.minus(back)?.max(Money::ZERO);
        let amount = amount.min(order.shop_order.kept(order.total));
        return Some(Share {
            amount,
            tax: order.added_tax().min(amount),
        });
    }
    let refund = rma::refund(&paid(order, Some(pieces))?, discount, order.added_tax())?;
    let amount = refund.total.min(order.shop_order.kept(order.total));
    let tax = Money::sum(refund.lines.iter().map(|line| line.tax))?;
    Some(Share {
        amount,
        tax: tax.min(amount),
    })
}

/// Whether the customer paid for something that is the shop's to give: what it sent before the order came
/// here, or took off it without saying what it gave back, gift cards, downloads.
fn gone(order: &Order) -> bool {
    let fewer = |line: &OrderLine| line.ordered() > line.qty;
    order.lines.iter().any(fewer) || !order.shop_order.not_shipped.is_empty()
}

/// All that was paid for, to refund so many pieces of each line; with `None` what is the shop's to give.
fn paid(order: &Order, pieces: Option<&[i64]>) -> Option<Vec<PaidLine>> {
    let of_line = |(place, line): (usize, &OrderLine)| {
        let elsewhere = line.ordered() - line.qty;
        let (refunded, refund) = match pieces {
            Some(pieces) => (elsewhere, *pieces.get(place)?),
            // of what the shop took off it says itself what it gave back
            None => (
                0,
                elsewhere - line.shop_line.taken_off.unwrap_or(0).clamp(0, elsewhere),
            ),
        };
        Some(PaidLine {
            qty: line.ordered(),
            price: line.price()?,
            refunded,
            refund,
        })
    };
    let lines: Option<Vec<PaidLine>> = order.lines.iter().enumerate().map(of_line).collect();
    let beside = order.shop_order.not_shipped.iter().map(|line| PaidLine {
        qty: line.qty,
        price: line.amount,
        refunded: 0,
        refund: match pieces {
            Some(_) => 0,
            None => line.qty - line.taken_off.unwrap_or(0).clamp(0, line.qty.max(0)),
        },
    });
    Some(lines?.into_iter().chain(beside).collect())
}

/// Ways by which a customer pays later than the order.
const LATER: &[&str] = &[
    "cod",
    "cash on delivery",
    "cash_on_delivery",
    "invoice",
    "on account",
    "on_account",
    "account",
    "purchase order",
    "purchase_order",
    "pay later",
    "pay_later",
    "none",
];

/// Finds what an order says that shows that its customer has not paid; `None` where it says no such thing:
/// shops send orders that are paid.
pub fn unpaid(order: &Order) -> Option<String> {
    if let Some(said) = own_words::no_money(order) {
        return Some(said);
    }
    let payment = order.payment.as_ref()?;
    let method = payment.method.as_deref()?;
    let word = method.trim().to_lowercase();
    let net = word
        .strip_prefix("net")
        .is_some_and(|days| days.trim().parse::<u32>().is_ok());
    (LATER.contains(&word.as_str()) || net).then(|| format!("payment.method is {method}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing;
    use proptest::prelude::*;

    fn order(lines: &[(i64, i64)], discount: i64, tax: i64, shipping: i64, off: i64) -> Order {
        let mut order = testing::order();
        let line = order.lines[0].clone();
        order.lines = lines
            .iter()
            .map(|(qty, price)| crate::domain::order::OrderLine {
                qty: *qty,
                unit_price: Money(*price),
                ..line.clone()
            })
            .collect();
        let goods = order.goods().unwrap();
        let discount = Money(discount.min(goods.0));
        order.discount = Some(discount);
        order.tax = Money(tax);
        order.shipping = Money(shipping);
        order.total = Money(goods.0 - discount.0 + tax + shipping + off).max(Money::ZERO);
        order
    }

    proptest! {
        /// Pieces are taken back one by one in any order, each time for the difference.
        #[test]
        fn never_more_than_was_paid_and_all_of_it_in_the_end(
            lines in prop::collection::vec((1i64..6, 0i64..50_000), 1..5),
            discount in 0i64..100_000, tax in 0i64..9_000, shipping in 0i64..3_000, off in -500i64..500,
            steps in prop::collection::vec((0usize..5, 1i64..4), 0..40), ships in any::<bool>(),
        ) {
            let order = order(&lines, discount, tax, shipping, off);
            let mut pieces = vec![0; lines.len()];
            let (mut paid, mut before) = (Money::ZERO, Money::ZERO);
            let all = lines.iter().enumerate().map(|(place, (qty, _))| (place, *qty));
            for (place, qty) in steps.into_iter().chain(all) {
                let place = place % lines.len();
                pieces[place] = (pieces[place] + qty).min(lines[place].0);
                let done = pieces.iter().zip(&lines).all(|(got, (qty, _))| got == qty);
                let worth = share(&order, &pieces, done && !ships).unwrap();
                let part = worth.amount.minus(before).unwrap();
                prop_assert!(part >= Money::ZERO, "{part} after {before}");
                prop_assert!(worth.tax <= worth.amount);
                paid = paid.plus(part).unwrap();
                before = worth.amount;
                prop_assert!(paid <= order.total);
            }
            if !ships {
                prop_assert_eq!(paid, order.total);
            }
        }
    }

    #[test]
    fn the_shipping_charge_comes_back_when_nothing_ships() {
        let order = order(&[(3, 795)], 0, 0, 695, 0);
        assert_eq!(share(&order, &[3], false).unwrap().amount, Money(2385));
        assert_eq!(share(&order, &[3], true).unwrap().amount, Money(3080));
        assert_eq!(share(&order, &[2], false).unwrap().amount, Money(1590));
    }

    #[test]
    fn who_has_not_paid_is_owed_nothing() {
        let with = |payment: serde_json::Value| {
            let mut order = order(&[(1, 100)], 0, 0, 0, 0);
            order.payment = serde_json::from_value(payment).unwrap();
            unpaid(&order)
        };
        assert_eq!(
            with(serde_json::json!({"method": "card", "reference": "ch_1"})),
            None
        );
        assert_eq!(with(serde_json::json!(null)), None);
        assert!(with(serde_json::json!({"method": "COD"})).is_some());
        assert!(with(serde_json::json!({"method": "Net 30"})).is_some());
        assert!(with(serde_json::json!({"method": "card", "status": "Unpaid"})).is_some());
        assert!(with(serde_json::json!({"method": "card", "paid": false})).is_some());
        // the words by which the order is held say the same here
        assert!(with(serde_json::json!({"method": "card", "status": "charged back"})).is_some());
    }
}
