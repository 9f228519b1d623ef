//! `price_mismatch`: a price differs from the retail price in the catalogue, or is in another
//! currency.

use super::phrases::{by_line, listed, shown};
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::money::Money;
use crate::domain::rule_settings::{Limit, RuleSettings};

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::PriceMismatch,
    limits: &[TOLERANCE.key],
    check,
};

const TOLERANCE: Limit<Money> = Limit::amount(
    Code::PriceMismatch,
    "tolerance",
    0,
    "0.00",
    "a price may differ from the catalogue by this much",
);

fn check(facts: &Facts, settings: &RuleSettings) -> Option<String> {
    let (currency, ours) = (&facts.order.currency, &settings.currency);
    if currency != ours {
        return Some(format!(
            "the order is in {}, the catalogue in {ours}: their prices cannot be compared",
            shown(currency)
        ));
    }
    by_line(facts.order, |line| {
        let price = line.unit_price;
        let mut prices: Vec<Money> = facts
            .current_offers(line)
            .map(|offer| offer.retail_price)
            .collect();
        if prices.iter().any(|right| near(price, *right, settings)) {
            return None;
        }
        prices.sort_unstable();
        prices.dedup();
        let prices: Vec<String> = prices.iter().map(Money::to_string).collect();
        let prices = listed(&prices)?;
        let sku = shown(line.sku.trim());
        Some(format!(
            "{sku} is priced {price}, the catalogue has {prices}"
        ))
    })
}

/// Whether two prices are apart by the tolerance at most.
fn near(price: Money, right: Money, settings: &RuleSettings) -> bool {
    let tolerance = settings.get(&TOLERANCE).0.unsigned_abs();
    price.0.abs_diff(right.0) <= tolerance
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::domain::testing::offer;
    use crate::rules::testing::desk;
    use crate::rules::testing::money;

    #[test]
    fn equal_passes_and_a_cent_fires() {
        for (price, tolerance, fires) in [
            ("108.23", "0.00", false),
            ("108.24", "0.00", true),
            ("108.22", "0.00", true),
            ("0.00", "0.00", true),
            ("108.33", "0.10", false),
            ("108.13", "0.10", false),
            ("108.34", "0.10", true),
        ] {
            let mut desk = desk();
            desk.set(&format!("price_mismatch.tolerance = '{tolerance}'"));
            desk.order.lines[0].unit_price = money(price);
            assert_eq!(desk.says(Code::PriceMismatch).is_some(), fires, "{price}");
        }
        let mut desk = desk();
        desk.order.lines[0].unit_price = money("99");
        assert_eq!(
            desk.says(Code::PriceMismatch).as_deref(),
            Some("line 1: BF63-12163 is priced 99.00, the catalogue has 108.23")
        );
    }

    #[test]
    fn the_same_figure_in_another_currency_is_another_price() {
        let mut desk = desk();
        desk.order.currency = "EUR".to_owned();
        let said = desk.says(Code::PriceMismatch).expect("fires");
        assert!(
            said.starts_with("the order is in EUR, the catalogue in USD"),
            "{said}"
        );
        desk.settings.currency = "EUR".to_owned();
        assert_eq!(desk.says(Code::PriceMismatch), None);
    }

    #[test]
    fn the_price_of_any_current_offer_is_right() {
        let mut desk = desk();
        let other = offer("BF63-12163", "V2", "71.00", "99.00");
        desk.offers
            .entry(other.sku.clone())
            .or_default()
            .push(other);
        desk.order.lines[0].unit_price = money("99");
        assert_eq!(desk.says(Code::PriceMismatch), None);
        desk.order.lines[0].unit_price = money("98");
        let said = desk.says(Code::PriceMismatch).expect("fires");
        assert!(
            said.ends_with("the catalogue has 99.00 and 108.23"),
            "{said}"
        );
    }
}
