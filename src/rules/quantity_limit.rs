//! `quantity_limit`: more pieces of a SKU than the limit, over all lines of the order.

use super::phrases::{joined, shown};
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::order::OrderLine;
use crate::domain::rule_settings::{Limit, RuleSettings};
use std::collections::HashMap;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::QuantityLimit,
    limits: &[MAX_QTY.key],
    check,
};

const MAX_QTY: Limit<i64> = Limit::whole(
    Code::QuantityLimit,
    "max_qty",
    (1, 1_000_000_000),
    100,
    "pieces of one SKU; the catalogue's max_qty goes before it",
);

fn check(facts: &Facts, settings: &RuleSettings) -> Option<String> {
    // by SKU and in the order of the lines, so that a quantity spread over lines is seen whole
    let mut sums: Vec<(&OrderLine, i64)> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for line in &facts.order.lines {
        let place = *places.entry(line.sku.trim()).or_insert_with(|| {
            sums.push((line, 0));
            sums.len() - 1
        });
        let sum = &mut sums[place].1;
        *sum = sum.saturating_add(line.qty.max(0));
    }
    let general = *settings.get(&MAX_QTY);
    let parts: Vec<String> = sums
        .into_iter()
        .filter_map(|(line, sum)| {
            let own = own_limit(facts, line);
            let limit = own.unwrap_or(general);
            let whose = if own.is_some() {
                "the catalogue's"
            } else {
                "the"
            };
            let sku = shown(line.sku.trim());
            (sum > limit).then(|| format!("{sum} of {sku}, {whose} limit is {limit}"))
        })
        .collect();
    joined(&parts)
}

/// The catalogue's limit, of the offer that would be taken; while none can be, of the first.
fn own_limit(facts: &Facts, line: &OrderLine) -> Option<i64> {
    let offers = facts.offers_of(line);
    facts.bought(line).or(offers.first())?.max_qty
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::rules::testing::desk;

    #[test]
    fn the_limit_itself_passes_and_the_catalogues_goes_first() {
        for (qty, own, fires) in [
            (100, None, false),
            (101, None, true),
            (12, Some(12), false),
            (13, Some(12), true),
            (500, Some(500), false),
            (-5, None, false),
            (i64::MAX, None, true),
        ] {
            let mut desk = desk();
            desk.order.lines[0].qty = qty;
            desk.first().max_qty = own;
            assert_eq!(
                desk.says(Code::QuantityLimit).is_some(),
                fires,
                "{qty} {own:?}"
            );
        }
    }

    #[test]
    fn lines_of_one_sku_count_together() {
        let mut desk = desk();
        desk.order.lines[0].qty = 60;
        desk.order.lines.push(desk.order.lines[0].clone());
        assert_eq!(
            desk.says(Code::QuantityLimit).as_deref(),
            Some("120 of BF63-12163, the limit is 100")
        );
        desk.first().max_qty = Some(50);
        assert_eq!(
            desk.says(Code::QuantityLimit).as_deref(),
            Some("120 of BF63-12163, the catalogue's limit is 50")
        );
        desk.order.lines[1].sku = "X".to_owned();
        desk.first().max_qty = None;
        assert_eq!(desk.says(Code::QuantityLimit), None);
    }
}
