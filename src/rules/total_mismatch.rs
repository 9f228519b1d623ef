//! `total_mismatch`: goods - discount + shipping + tax is not the total.

use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::rule_settings::RuleSettings;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::TotalMismatch,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    let order = facts.order;
    let discount = order.discount.unwrap_or(Money::ZERO);
    let Some((goods, sum)) = sum(order, discount) else {
        return Some("the amounts are too large to add up".to_owned());
    };
    if sum == order.total {
        return None;
    }
    let less = match discount {
        Money::ZERO => String::new(),
        some => format!(" - discount {some}"),
    };
    Some(format!(
        "goods {goods}{less} + shipping {} + tax {} make {sum}, the total is {}",
        order.shipping, order.tax, order.total
    ))
}

/// Price of the goods and what the customer should have paid; `None` when it does not fit.
fn sum(order: &Order, discount: Money) -> Option<(Money, Money)> {
    let goods = order.goods()?;
    let sum = goods
        .minus(discount)?
        .plus(order.shipping)?
        .plus(order.tax)?;
    Some((goods, sum))
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
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
}
