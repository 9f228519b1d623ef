//! What holds for all rules.

use super::testing::desk;
use super::*;
use crate::domain::codes::{CODES, Code, Concerns};
use crate::domain::rule_settings::LimitValue;
use proptest::prelude::*;

#[test]
fn every_code_of_the_order_has_one_rule_in_the_codes_order() {
    let rules: Vec<_> = RULES.iter().map(|rule| rule.code).collect();
    let codes: Vec<_> = CODES
        .iter()
        .filter(|code| code.definition().concerns == Concerns::Order)
        // what a person or the shop stopped, and at which poms itself failed
        .filter(|code| ![Code::ManualHold, Code::ChangedInShop, Code::OrderFailed].contains(code))
        .copied()
        .collect();
    assert_eq!(rules, codes);
    // a limit is its own rule's
    for rule in RULES {
        assert!(rule.limits.iter().all(|key| key.code == rule.code));
    }
}

#[test]
fn the_good_order_has_no_finding() {
    assert_eq!(desk().findings(), []);
}

#[test]
fn the_site_sets_what_a_finding_weighs() {
    let mut desk = desk();
    desk.order.customer.phone.clear();
    desk.order.ship_to.zip.clear();
    let found = |desk: &testing::Desk| -> Vec<_> {
        let found = desk.findings().into_iter();
        found.map(|f| (f.code, f.severity)).collect()
    };
    assert_eq!(
        found(&desk),
        [
            (Code::MissingPhone, Severity::Warn),
            (Code::IncompleteAddress, Severity::Hold),
            (Code::BadZip, Severity::Hold),
        ]
    );
    desk.set("bad_zip.severity = 'warn'\nmissing_phone.severity = 'off'");
    assert_eq!(
        found(&desk),
        [
            (Code::IncompleteAddress, Severity::Hold),
            (Code::BadZip, Severity::Warn)
        ]
    );
}

/// Amounts and quantities at the edges of what fits.
fn edge() -> impl Strategy<Value = i64> {
    prop_oneof![any::<i64>(), Just(i64::MIN), Just(i64::MAX), -2i64..200]
}

proptest! {
    /// Whatever stands in an order, the rules answer, in the order of the codes, in one line each.
    #[test]
    fn no_order_makes_them_panic(
        texts in proptest::collection::vec("\\PC{0,12}|[\\x00-\\x7f]{0,12}", 14),
        amounts in proptest::collection::vec(edge(), 8),
        cost in edge(),
        spent in edge(),
        seconds in -4_000_000_000i64..4_000_000_000,
    ) {
        let mut desk = desk();
        let order = &mut desk.order;
        let mut texts = texts.into_iter();
        for field in [
            &mut order.customer.name, &mut order.customer.email, &mut order.customer.phone,
            &mut order.ship_to.name, &mut order.ship_to.street1, &mut order.ship_to.street2,
            &mut order.ship_to.city, &mut order.ship_to.state, &mut order.ship_to.zip,
            &mut order.ship_to.country, &mut order.currency,
        ] {
            *field = texts.next().unwrap_or_default();
        }
        order.comments = texts.next();
        order.shipping_method = texts.next();
        order.lines.push(order.lines[0].clone());
        order.lines[1].sku = texts.next().unwrap_or_default();
        order.lines[0].qty = amounts[0];
        order.lines[0].unit_price = Money(amounts[1]);
        order.lines[1].qty = amounts[2];
        order.lines[1].unit_price = Money(amounts[3]);
        order.total = Money(amounts[4]);
        order.tax = Money(amounts[5]);
        order.shipping = Money(amounts[6]);
        order.discount = Some(Money(amounts[7]));
        desk.first().cost = Money(cost);
        desk.spent = Money(spent);
        desk.now += chrono::TimeDelta::seconds(seconds);
        desk.set("spending_limit.limit = '5'");
        let found = desk.findings();
        let place = |code: Code| CODES.iter().position(|known| *known == code);
        prop_assert!(found.is_sorted_by(|a, b| place(a.code) < place(b.code)));
        for finding in found {
            let hidden = finding.message.chars().any(crate::domain::foreign::is_hidden);
            prop_assert!(!hidden && !finding.message.is_empty(), "{finding:?}");
        }
    }

    /// An order that is right to the cent passes, whatever the amounts.
    #[test]
    fn limits_that_are_met_exactly_pass(
        price in 0i64..1_000_000, qty in 1i64..1000, shipping in 0i64..10_000, tax in 0i64..10_000,
        spent in 0i64..1_000_000,
    ) {
        let mut desk = desk();
        let line = &mut desk.order.lines[0];
        (line.qty, line.unit_price) = (qty, Money(price));
        desk.order.shipping = Money(shipping);
        desk.order.tax = Money(tax);
        desk.order.total = Money(price * qty + shipping + tax);
        desk.first().retail_price = Money(price);
        desk.first().cost = Money(price);
        desk.first().max_qty = Some(qty);
        desk.spent = Money(spent);
        let total = desk.order.total;
        let spending = Money(spent + total.0);
        desk.settings.put(&order_value_limit::MAX, LimitValue::Money(total));
        desk.settings.put(&spending_limit::LIMIT, LimitValue::Money(spending));
        prop_assert_eq!(desk.findings(), []);
        desk.order.total = Money(desk.order.total.0 + 1);
        let codes: Vec<_> = desk.findings().iter().map(|finding| finding.code).collect();
        // a limit of zero is none, so that only the other two fire for an order of nothing
        let all = [Code::TotalMismatch, Code::OrderValueLimit, Code::SpendingLimit];
        let none = spending == Money::ZERO;
        prop_assert_eq!(codes, &all[..if none { 2 } else { 3 }]);
    }
}
