//! `outside_service_area`: the goods would go where the site does not ship.

use super::phrases::shown;
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::places::{country, state, territory};
use crate::domain::rule_settings::{Limit, RuleSettings, Takes};

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::OutsideServiceArea,
    limits: &[COUNTRIES.key, EXCLUDE_STATES.key],
    check,
};

const COUNTRIES: Limit<Vec<String>> = Limit::list(
    Code::OutsideServiceArea,
    "countries",
    Takes::Countries,
    &["US"],
    "countries that the site ships to",
);

const EXCLUDE_STATES: Limit<Vec<String>> = Limit::list(
    Code::OutsideServiceArea,
    "exclude_states",
    Takes::States,
    &[],
    "US states that it does not ship to",
);

fn check(facts: &Facts, settings: &RuleSettings) -> Option<String> {
    let to = &facts.order.ship_to;
    let land = country(&to.country);
    if land.is_empty() {
        return None; // for incomplete_address
    }
    let served = settings.get(&COUNTRIES);
    if !served.contains(&land) {
        let served = served.join(", ");
        return Some(format!(
            "the goods would go to {}, the site ships to {}",
            shown(&land),
            if served.is_empty() {
                "no country"
            } else {
                &served
            },
        ));
    }
    // a territory may be given as a state or as a country
    let state = match land.as_str() {
        "US" => state(&to.state),
        _ => territory(&land),
    }?;
    let excluded = settings.get(&EXCLUDE_STATES);
    excluded.iter().any(|code| code == state.code).then(|| {
        let excluded = excluded.join(", ");
        format!(
            "the goods would go to {}; not served are {excluded}",
            state.name
        )
    })
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::rules::testing::desk;

    #[test]
    fn countries_and_states() {
        for (country, state, set, fires) in [
            ("US", "MO", "", false),
            ("usa", "MO", "", false),
            ("United States", "MO", "", false),
            ("", "MO", "", false),
            ("CA", "ON", "", true),
            ("Canada", "ON", "countries = ['US', 'CA']", false),
            ("Canada", "ON", "countries = ['CA']", false),
            ("US", "MO", "countries = ['CA']", true),
            ("Narnia", "", "", true),
            ("US", "HI", "exclude_states = ['AK', 'HI']", true),
            ("US", "Hawaii", "exclude_states = ['AK', 'Hawaii']", true),
            ("US", "MO", "exclude_states = ['AK', 'HI']", false),
            ("PR", "", "countries = ['US', 'PR']", false),
            ("Guam", "", "countries = ['US']", true),
            (
                "PR",
                "",
                "countries = ['US', 'PR']\nexclude_states = ['PR']",
                true,
            ),
            (
                "CA",
                "AK",
                "countries = ['CA']\nexclude_states = ['AK']",
                false,
            ),
        ] {
            let mut desk = desk();
            desk.set(&format!("[outside_service_area]\n{set}"));
            desk.order.ship_to.country = country.to_owned();
            desk.order.ship_to.state = state.to_owned();
            let said = desk.says(Code::OutsideServiceArea);
            assert_eq!(said.is_some(), fires, "{country} {state} {set}: {said:?}");
        }
    }
}
