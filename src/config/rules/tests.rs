//! Defaults, every key, and what errors say.

use super::{limits, registry};
use crate::domain::codes::{CODES, Code, Severity};
use crate::domain::money::Money;
use crate::domain::rule_settings::{LimitKey, LimitValue, RuleSettings};
use std::collections::HashMap;
use toml::Table;

fn set(text: &str) -> Result<RuleSettings, String> {
    let keys: Vec<_> = limits().collect();
    RuleSettings::from_table(&text.parse::<Table>().expect("the test's TOML"), &keys)
}

#[test]
fn the_registrys_defaults_are_the_defaults() {
    assert_eq!(set(""), Ok(RuleSettings::default()));
    for entry in registry() {
        let code = entry.code;
        let mut text = format!(
            "{code}.severity = \"{}\"\n",
            code.definition().severity.as_str()
        );
        for key in &entry.limits {
            text += &format!("{}.{} = {}\n", key.code, key.name, key.default_text());
        }
        let settings = set(&text).expect(&text);
        for key in entry.limits {
            assert_eq!(settings.value(key), key.default_value(), "{text}");
        }
        assert_eq!(settings.severity(code), code.definition().severity);
    }
}

#[test]
fn every_code_takes_a_severity_and_every_key_a_value() {
    for code in CODES {
        let set = set(&format!("{code} = {{ severity = \"off\" }}"))
            .unwrap_or_else(|_| panic!("{code:?}"));
        assert_eq!(set.severity(*code), Severity::Off);
    }
    let all = set(
        "suspected_duplicate.hours = 2\nprice_mismatch.tolerance = '0.05'\n\
         quantity_limit.max_qty = 7\norder_value_limit.max = '5'\nspending_limit.limit = '9.99'\n\
         spending_limit.customers = { 'Jane@Mail.example' = '500', 'C-1' = '0' }\n\
         po_box.accepted_by = ['USPS', 'Post']\noutside_service_area.countries = ['us', 'CA']\n\
         outside_service_area.exclude_states = ['hi']\nstale_order.max_days = 3\n\
         future_order.max_hours = 0\nstop_switch.on = true",
    )
    .expect("all keys");
    let value = |code: Code, name: &str| -> LimitValue {
        let is = |key: &&LimitKey| key.code == code && key.name == name;
        all.value(limits().find(is).expect("a limit"))
    };
    let words = |words: &[&str]| LimitValue::Words(words.iter().map(|w| (*w).to_owned()).collect());
    let of_jane = HashMap::from([
        ("jane@mail.example".to_owned(), Money(50_000)),
        ("c-1".to_owned(), Money::ZERO),
    ]);
    let expected = [
        (Code::SuspectedDuplicate, "hours", LimitValue::Whole(2)),
        (
            Code::PriceMismatch,
            "tolerance",
            LimitValue::Money(Money(5)),
        ),
        (Code::QuantityLimit, "max_qty", LimitValue::Whole(7)),
        (Code::OrderValueLimit, "max", LimitValue::Money(Money(500))),
        (Code::SpendingLimit, "limit", LimitValue::Money(Money(999))),
        (
            Code::SpendingLimit,
            "customers",
            LimitValue::Amounts(of_jane),
        ),
        (Code::PoBox, "accepted_by", words(&["usps", "post"])),
        (Code::OutsideServiceArea, "countries", words(&["US", "CA"])),
        (Code::OutsideServiceArea, "exclude_states", words(&["HI"])),
        (Code::StaleOrder, "max_days", LimitValue::Whole(3)),
        (Code::FutureOrder, "max_hours", LimitValue::Whole(0)),
        (Code::StopSwitch, "on", LimitValue::Switch(true)),
    ];
    for (code, name, expected) in expected {
        assert_eq!(value(code, name), expected, "{code}.{name}");
    }
}

#[test]
fn what_is_wrong_is_named_with_what_is_allowed() {
    for (text, parts) in [
        (
            "stale_orders.severity = 'off'",
            &["stale_orders", "nearest is stale_order"][..],
        ),
        (
            "stale_order.max_day = 3",
            &["max_day", "nearest is max_days"],
        ),
        (
            "bad_zip.severty = 'off'",
            &["severty", "nearest is severity"],
        ),
        (
            "stale_order = 'off'",
            &["rules.stale_order = \"off\"", "a table"],
        ),
        (
            "bad_zip.severity = 'stop'",
            &["\"stop\"", "\"warn\" or \"off\""],
        ),
        (
            "stale_order.max_days = -1",
            &["max_days = -1", "from 1 to 36500"],
        ),
        ("stale_order.max_days = 1.5", &["= 1.5", "whole number"]),
        ("quantity_limit.max_qty = 0", &["= 0", "from 1"]),
        ("order_value_limit.max = 5000", &["= 5000", "as text"]),
        ("order_value_limit.max = '0'", &["0.01 or more"]),
        (
            "price_mismatch.tolerance = '-0.01'",
            &["-0.01", "0.00 or more"],
        ),
        (
            "spending_limit.customers = { a = '-1' }",
            &["customers", "table of customer"],
        ),
        (
            "po_box.accepted_by = 'usps'",
            &["accepted_by", "list of words"],
        ),
        ("po_box.accepted_by = ['']", &["list of words"]),
        (
            "outside_service_area.countries = ['Mars']",
            &["Mars", "ISO 3166"],
        ),
        (
            "outside_service_area.exclude_states = ['XX']",
            &["XX", "list of US states"],
        ),
        ("stop_switch.on = 'yes'", &["\"yes\"", "true or false"]),
    ] {
        let fault = set(text).expect_err(text);
        for part in parts {
            assert!(fault.contains(part), "{text}: {fault}");
        }
    }
}
