//! `below_cost`: a line, or what is left of the goods' price after the order's discount, is below what
//! the vendors charge who would get them.

use super::phrases::{by_line, joined, shown};
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::money::Money;
use crate::domain::order::OrderLine;
use crate::domain::rule_settings::RuleSettings;
use crate::domain::vendor::Offer;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::BelowCost,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    let lines = by_line(facts.order, |line| {
        let offer = offer_of(facts, line)?;
        (line.unit_price < offer.cost).then(|| {
            format!(
                "{} is sold for {}, vendor {} charges {}",
                shown(line.sku.trim()),
                line.unit_price,
                shown(&offer.vendor_id),
                offer.cost,
            )
        })
    });
    let parts: Vec<String> = [whole(facts), lines].into_iter().flatten().collect();
    joined(&parts)
}

fn offer_of<'a>(facts: &'a Facts, line: &OrderLine) -> Option<&'a Offer> {
    facts.bought(line)
}

/// What the goods cost and bring after the order's discount, when that is less. Lines that nobody
/// would get are left out, with their share of the discount: by value, as on invoices. A discount of
/// exactly the shipping charge is free shipping, and takes nothing off the goods.
fn whole(facts: &Facts) -> Option<String> {
    let order = facts.order;
    let discount = order.discount.filter(|some| *some > Money::ZERO)?;
    if discount == order.shipping {
        return None;
    }
    let goods = i128::from(order.goods()?.0);
    let share = |value: Money| {
        let part = i128::from(discount.0) * i128::from(value.0);
        let part = if goods > 0 { part / goods } else { 0 };
        i64::try_from(part).ok().map(Money)
    };
    let (mut value, mut cost) = (Money::ZERO, Money::ZERO);
    let mut lines = Vec::new();
    for (place, line) in order.lines.iter().enumerate() {
        let Some(offer) = offer_of(facts, line).filter(|_| line.qty > 0) else {
            continue;
        };
        let (price, charged) = (
            line.unit_price.times(line.qty)?,
            offer.cost.times(line.qty)?,
        );
        (value, cost) = (value.plus(price)?, cost.plus(charged)?);
        let left = price.minus(share(price)?)?;
        if left < charged {
            lines.push(format!(
                "line {}: {} comes to {left}, vendor {} charges {charged}",
                place + 1,
                shown(line.sku.trim()),
                shown(&offer.vendor_id),
            ));
        }
    }
    // goods given away have no value to share it by
    let taken = if goods > 0 { share(value)? } else { discount };
    let left = value.minus(taken)?;
    (left < cost).then(|| {
        let named = joined(&lines).map_or(String::new(), |lines| format!("; {lines}"));
        format!(
            "after the discount of {discount} the goods are sold for {left}, the vendors charge {cost}{named}"
        )
    })
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::domain::testing::offer;
    use crate::rules::testing::desk;
    use crate::rules::testing::money;

    #[test]
    fn at_cost_passes_and_a_cent_less_fires() {
        let mut desk = desk();
        assert_eq!(desk.says(Code::BelowCost), None);
        desk.order.lines[0].unit_price = money("70.00");
        assert_eq!(desk.says(Code::BelowCost), None);
        desk.order.lines[0].unit_price = money("69.99");
        assert_eq!(
            desk.says(Code::BelowCost).as_deref(),
            Some("line 1: BF63-12163 is sold for 69.99, vendor V1 charges 70.00")
        );
        desk.vendors.clear();
        assert_eq!(desk.says(Code::BelowCost), None, "no one would get it");
    }

    /// Three of 108.23 at a cost of 70.00: 324.69 for 210.00, so 114.69 may be taken off.
    #[test]
    fn a_discount_at_the_order_counts() {
        for (discount, shipping, fires) in [
            ("0.00", "0.00", false),
            ("114.69", "0.00", false),
            ("114.70", "0.00", true),
            ("324.69", "0.00", true), // free
            ("400.00", "0.00", true), // more than the goods
            ("114.70", "6.95", true),
            ("120.00", "120.00", false), // free shipping
        ] {
            let mut desk = desk();
            desk.order.discount = Some(money(discount));
            desk.order.shipping = money(shipping);
            let said = desk.says(Code::BelowCost);
            assert_eq!(said.is_some(), fires, "{discount} {shipping}: {said:?}");
        }
        let mut desk = desk();
        desk.order.discount = Some(money("174.69"));
        assert_eq!(
            desk.says(Code::BelowCost).as_deref(),
            Some(
                "after the discount of 174.69 the goods are sold for 150.00, the vendors charge 210.00; \
                 line 1: BF63-12163 comes to 150.00, vendor V1 charges 210.00"
            )
        );
    }

    #[test]
    fn the_whole_counts_and_lines_that_nobody_gets_bear_their_share() {
        let mut desk = desk();
        let mut other = desk.order.lines[0].clone();
        (other.sku, other.qty, other.unit_price) = ("TENT".to_owned(), 1, money("100.00"));
        desk.order.lines.push(other);
        desk.order.discount = Some(money("120.00"));
        // 424.69 less 120.00: the share of the three is 91.74, which leaves 232.95 of 210.00
        assert_eq!(desk.says(Code::BelowCost), None, "nobody has the tent");
        let tents = vec![offer("TENT", "V1", "20.00", "100.00")];
        desk.offers.insert("TENT".to_owned(), tents);
        assert_eq!(desk.says(Code::BelowCost), None, "304.69 for 230.00");
        desk.first().cost = money("80.00");
        // line 1 alone comes to 232.95 of 240.00, the tent carries it
        assert_eq!(desk.says(Code::BelowCost), None, "304.69 for 260.00");
        desk.order.discount = Some(money("170.00"));
        let said = desk.says(Code::BelowCost).expect("254.69 for 260.00");
        assert!(said.starts_with("after the discount of 170.00"), "{said}");
        assert!(
            said.contains("line 1: ") && !said.contains("line 2: "),
            "{said}"
        );
    }

    #[test]
    fn goods_given_away_and_amounts_that_do_not_fit_are_no_panic() {
        let mut desk = desk();
        desk.order.discount = Some(money("5.00"));
        desk.order.lines[0].unit_price = money("0.00");
        let said = desk.says(Code::BelowCost).expect("fires");
        assert!(
            said.contains("sold for -5.00") && said.contains("is sold for 0.00"),
            "{said}"
        );
        desk.order.lines[0].qty = i64::MAX;
        desk.order.lines[0].unit_price = money("9000000000.00");
        assert_eq!(desk.says(Code::BelowCost), None, "total_mismatch says so");
    }
}
