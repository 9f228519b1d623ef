//! `[[strategy]]`: how vendors are chosen, and for what.

use super::reader::Section;
use crate::domain::money::Money;
use crate::domain::strategy::{RouteKey, Strategy, WhenMissing};

/// Reads every `[[strategy]]`, in the order in which they are tried.
pub fn strategies(sections: &[Section<'_>]) -> Vec<Strategy> {
    let mut found: Vec<Strategy> = Vec::new();
    for section in sections {
        let strategy = strategy(section);
        if found.iter().any(|other| other.name == strategy.name) {
            section.fault(
                "name",
                "is the name of another strategy: each needs its own",
            );
        }
        if let Some(all) = found.iter().find(|other| other.is_for_all()) {
            section.fault(
                "name",
                format!(
                    "is never tried: '{}' before it is for all goods, as it has no categories, sku_prefixes or skus; put it last",
                    all.name
                ),
            );
        }
        found.push(strategy);
    }
    found
}

fn strategy(section: &Section<'_>) -> Strategy {
    let usual = Strategy::default();
    let words = |key| {
        let words = section.texts(key).into_iter();
        let words: Vec<String> = words.map(|word| word.trim().to_owned()).collect();
        if words.iter().any(String::is_empty) || section.has(key) && words.is_empty() {
            section.fault(
                key,
                "has an empty text, or none: leave the key away if it is for all goods",
            );
        }
        words
    };
    let lower = |words: Vec<String>| words.iter().map(|word| word.to_lowercase()).collect();
    let missing = section.choice("missing", MISSING, usual.missing);
    if section.has("available") && missing == WhenMissing::Hold {
        section.fault(
            "available",
            "is of no use without missing = \"backorder\": an order that is held waits as a whole",
        );
    }
    Strategy {
        name: section.required("name", "a short name, such as \"lamps\""),
        categories: lower(words("categories")),
        sku_prefixes: words("sku_prefixes"),
        skus: words("skus"),
        keys: keys(section),
        split: section.flag("split"),
        least_count: section.number("least_count", 1..=1000, usual.least_count),
        missing,
        freight_per_parcel: freight(section),
        together: section.choice("available", AVAILABLE, usual.together),
    }
}

fn freight(section: &Section<'_>) -> Money {
    let Some(text) = section.text("freight_per_parcel") else {
        return Money::ZERO;
    };
    match text.trim().parse::<Money>() {
        Ok(amount) if (Money::ZERO..=Money::CEILING).contains(&amount) => amount,
        _ => {
            section.fault(
                "freight_per_parcel",
                "must be an amount of 0 or more, such as \"9.50\"; 1,000,000,000.00 is the most",
            );
            Money::ZERO
        }
    }
}

const MISSING: &[(&str, WhenMissing)] = &[
    ("hold", WhenMissing::Hold),
    ("backorder", WhenMissing::Backorder),
];

/// What becomes of what there is; whether it waits.
const AVAILABLE: &[(&str, bool)] = &[("at_once", false), ("together", true)];

/// Whether few parcels go before all else.
const PARCELS: &[(&str, bool)] = &[("preferred", false), ("required", true)];

fn keys(section: &Section<'_>) -> Vec<RouteKey> {
    let mut keys: Vec<RouteKey> = Vec::new();
    for word in section.texts("keys") {
        let known = RouteKey::ALL.into_iter().find(|(name, _)| *name == word);
        match known {
            Some((_, key)) if keys.contains(&key) => {
                section.fault("keys", format!("has '{word}' twice"));
            }
            Some((_, key)) => keys.push(key),
            None => {
                let all: Vec<&str> = RouteKey::ALL.iter().map(|(name, _)| *name).collect();
                section.fault(
                    "keys",
                    format!("'{word}' is no key: there are {}", all.join(", ")),
                );
            }
        }
    }
    if keys.is_empty() {
        keys.push(RouteKey::Priority);
    }
    let availability = keys.iter().position(|key| *key == RouteKey::Availability);
    if availability.is_some_and(|place| place > 0) {
        section.fault(
            "keys",
            "has availability behind others: it comes first, or goods are ordered from vendors that do not have them",
        );
    }
    keys.retain(|key| *key != RouteKey::Availability);
    let required = section.choice("parcels", PARCELS, false);
    if required || section.has("parcels") && !keys.contains(&RouteKey::Parcels) {
        keys.retain(|key| *key != RouteKey::Parcels);
        let place = if required { 0 } else { keys.len() };
        keys.insert(place, RouteKey::Parcels);
    }
    keys.insert(0, RouteKey::Availability);
    keys
}
