//! `spending_limit`: the customer would spend more than the limit in all: charge + tally > limit.

use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::rule_settings::{Limit, RuleSettings};
use std::collections::HashMap;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::SpendingLimit,
    limits: &[LIMIT.key, CUSTOMERS.key],
    check,
};

/// Zero is no limit.
pub(super) const LIMIT: Limit<Money> = Limit::amount(
    Code::SpendingLimit,
    "limit",
    0,
    "0",
    "what one customer may spend in all; \"0\" is no limit",
);

const CUSTOMERS: Limit<HashMap<String, Money>> = Limit::amounts(
    Code::SpendingLimit,
    "customers",
    "limits of single customers, by e-mail address or id",
);

/// What the customer of this order may spend in all; `None` is no limit. The customer's own
/// limit goes before the general one, by id before e-mail address.
pub fn of(settings: &RuleSettings, order: &Order) -> Option<Money> {
    let customers = settings.get(&CUSTOMERS);
    let own = |name: &str| customers.get(&name.trim().to_lowercase()).copied();
    let customer = &order.customer;
    let limit = customer
        .id
        .as_deref()
        .and_then(own)
        .or_else(|| own(&customer.email))
        .unwrap_or_else(|| *settings.get(&LIMIT));
    (limit > Money::ZERO).then_some(limit)
}

fn check(facts: &Facts, settings: &RuleSettings) -> Option<String> {
    let order = facts.order;
    let limit = of(settings, order)?;
    let sum = facts.spent.plus(order.total);
    // a sum that does not fit is above every limit
    sum.is_none_or(|sum| sum > limit).then(|| {
        let show = |amount: Money| amount.display(&order.currency);
        format!(
            "{} spent before and {} now are more than the customer's limit of {}",
            show(facts.spent),
            show(order.total),
            show(limit),
        )
    })
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::domain::money::Money;
    use crate::rules::testing::desk;
    use crate::rules::testing::money;

    #[test]
    fn the_limit_itself_passes_and_zero_is_none() {
        for (limit, spent, fires) in [
            ("0", "99999.00", false),
            ("324.69", "0", false),
            ("324.68", "0", true),
            ("400.00", "75.31", false),
            ("400.00", "75.32", true),
        ] {
            let mut desk = desk();
            desk.set(&format!("spending_limit.limit = '{limit}'"));
            desk.spent = money(spent);
            assert_eq!(desk.says(Code::SpendingLimit).is_some(), fires, "{limit}");
        }
        let mut desk = desk();
        desk.set("spending_limit.limit = '400'");
        desk.spent = Money(i64::MAX);
        assert!(desk.says(Code::SpendingLimit).is_some(), "overflow");
    }

    #[test]
    fn a_customers_own_limit_goes_first() {
        let mut desk = desk();
        desk.set(
            "spending_limit = { limit = '1', customers = { 'C@Mail.example' = '400', 'c-7' = '0' } }",
        );
        assert_eq!(desk.says(Code::SpendingLimit), None);
        desk.spent = money("75.32");
        assert_eq!(
            desk.says(Code::SpendingLimit).as_deref(),
            Some(
                "$75.32 spent before and $324.69 now are more than the customer's limit of $400.00"
            )
        );
        desk.order.customer.id = Some("C-7".to_owned());
        assert_eq!(
            desk.says(Code::SpendingLimit),
            None,
            "0 is no limit for this one"
        );
        desk.order.customer.id = Some("C-8".to_owned());
        desk.order.customer.email = "other@mail.example".to_owned();
        assert!(
            desk.says(Code::SpendingLimit).is_some(),
            "the general limit"
        );
    }
}
