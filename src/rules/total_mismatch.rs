//! `total_mismatch`: goods - discount + charges + shipping + tax is not the total. Where the prices have
//! the tax in them, it is not added.

use super::phrases::shown;
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::rule_settings::RuleSettings;
use std::fmt::Write as _;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::TotalMismatch,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    let order = facts.order;
    let Some((goods, sum)) = sum(order) else {
        return Some("the amounts are too large to add up".to_owned());
    };
    if sum == order.total {
        return None;
    }
    let mut parts = format!("goods {goods}");
    if let Some(discount) = order.discount.filter(|some| *some != Money::ZERO) {
        let _ = write!(parts, " - discount {discount}");
    }
    for charge in &order.shop_order.charges {
        let _ = write!(parts, " + {} {}", shown(charge.name.trim()), charge.amount);
    }
    let _ = match order.shop_order.tax_included {
        true => write!(
            parts,
            " + shipping {} (with the tax in them)",
            order.shipping
        ),
        false => write!(parts, " + shipping {} + tax {}", order.shipping, order.tax),
    };
    Some(format!("{parts} make {sum}, the total is {}", order.total))
}

/// Price of the goods and what the customer should have paid; `None` when it does not fit.
fn sum(order: &Order) -> Option<(Money, Money)> {
    let goods = order.goods()?;
    let sum = goods
        .minus(order.discount.unwrap_or(Money::ZERO))?
        .plus(order.charges()?)?
        .plus(order.shipping)?
        .plus(order.added_tax())?;
    Some((goods, sum))
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::domain::shop_order::{Charge, UnshippedLine};
    use crate::rules::testing::desk;
    use crate::rules::testing::money;

    #[test]
    fn exactly_equal_passes() {
        for (discount, shipping, tax, total, fires) in [
            (None, "0", "0", "324.69", false),
            (None, "0", "0", "324.68", true),
            (None, "0", "0", "324.70", true),
            (Some("24.69"), "5.00", "1.31", "306.31", false),
            (Some("24.69"), "5.00", "1.31", "306.30", true),
            (Some("0"), "0.01", "0", "324.69", true),
        ] {
            let mut desk = desk();
            desk.order.discount = discount.map(money);
            desk.order.shipping = money(shipping);
            desk.order.tax = money(tax);
            desk.order.total = money(total);
            let said = desk.says(Code::TotalMismatch);
            assert_eq!(said.is_some(), fires, "{total} {discount:?}: {said:?}");
        }
    }

    #[test]
    fn names_the_sum() {
        let mut desk = desk();
        desk.order.discount = Some(money("1"));
        assert_eq!(
            desk.says(Code::TotalMismatch).as_deref(),
            Some(
                "goods 324.69 - discount 1.00 + shipping 0.00 + tax 0.00 make 323.69, \
                 the total is 324.69"
            )
        );
        desk.order.lines[0].qty = i64::MAX;
        let said = desk.says(Code::TotalMismatch).expect("fires");
        assert!(said.contains("too large"), "{said}");
    }

    #[test]
    fn charges_count_and_tax_in_the_prices_does_not() {
        let charge = |name: &str, amount| Charge {
            name: name.to_owned(),
            amount: money(amount),
        };
        let mut desk = desk();
        desk.order.tax = money("20.00");
        desk.order.shop_order.tax_included = true;
        desk.order.shop_order.charges = vec![charge("tip", "3.00"), charge("rounding", "-0.04")];
        desk.order.total = money("327.65");
        assert_eq!(desk.says(Code::TotalMismatch), None);
        desk.order.total = money("347.65");
        assert_eq!(
            desk.says(Code::TotalMismatch).as_deref(),
            Some(
                "goods 324.69 + tip 3.00 + rounding -0.04 + shipping 0.00 (with the tax in them) \
                 make 327.65, the total is 347.65"
            )
        );
    }

    #[test]
    fn goods_that_are_not_shipped_and_pieces_not_wanted_any_more_were_paid() {
        let mut desk = desk();
        desk.order.lines[0].shop_line.ordered = Some(3);
        desk.order.lines[0].qty = 1;
        desk.order.shop_order.not_shipped = vec![UnshippedLine {
            description: "Gift card".to_owned(),
            sku: String::new(),
            qty: 1,
            amount: money("25.00"),
            reason: "is a gift card".to_owned(),
            taken_off: None,
        }];
        desk.order.total = money("349.69");
        assert_eq!(desk.says(Code::TotalMismatch), None);
        desk.order.lines[0].shop_line.amount = Some(money("324.70"));
        assert!(desk.says(Code::TotalMismatch).is_some());
        // more pieces than that price was for
        desk.order.lines[0].qty = 4;
        desk.order.total = money("457.92");
        assert_eq!(desk.says(Code::TotalMismatch), None);
    }
}
