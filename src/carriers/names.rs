//! What people write for a carrier: `UPS Ground`, `Fed-Ex Home Delivery`, `U.S. Mail`, a SCAC.

use super::{CARRIERS, Carrier};

/// Words that follow a carrier's name without a blank: `UPSGround`, `fedex2day`.
const SERVICES: &[&str] = &[
    "ground",
    "express",
    "nextday",
    "next",
    "2day",
    "2nd",
    "3day",
    "home",
    "freight",
    "priority",
    "first",
    "mail",
    "surepost",
    "smartpost",
    "economy",
    "standard",
    "saver",
    "overnight",
    "mi",
    "air",
    "parcel",
    "ecommerce",
    "global",
];

/// The carrier that a text names. The first name in the text counts, the longest of those that
/// begin there; `None` when there is none. Services are overlooked (`UPS Mail Innovations` is UPS).
pub fn carrier_by_name(text: &str) -> Option<&'static Carrier> {
    let words = words(text);
    (0..words.len()).find_map(|start| named_at(&words, start))
}

/// Every carrier that a text names, in its order.
pub fn carriers_in(text: &str) -> Vec<&'static Carrier> {
    let words = words(text);
    let mut found: Vec<&'static Carrier> = Vec::new();
    for start in 0..words.len() {
        let named = named_at(&words, start);
        let known = |one: &&'static Carrier| found.iter().any(|known| known.code == one.code);
        found.extend(named.filter(|one| !known(one)));
    }
    found
}

/// Words of letters and digits in lower case; dots and apostrophes vanish, so that `U.P.S.` is one.
fn words(text: &str) -> Vec<String> {
    let text: String = text.chars().take(200).collect::<String>().to_lowercase();
    let clean = text.replace(['.', '\'', '’', '®', '™'], "");
    clean
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn named_at(words: &[String], start: usize) -> Option<&'static Carrier> {
    let mut joined = String::new();
    let joins: Vec<String> = words
        .iter()
        .skip(start)
        .take(5)
        .map(|word| {
            joined.push_str(word);
            joined.clone()
        })
        .collect();
    let first = joins.first()?;
    let fits = |spelling: &str| {
        let compact: String = spelling.chars().filter(|c| c.is_alphanumeric()).collect();
        let glued = first
            .strip_prefix(compact.as_str())
            .is_some_and(|rest| SERVICES.iter().any(|service| rest.starts_with(service)));
        (joins.contains(&compact) || glued).then_some(compact.len())
    };
    CARRIERS
        .iter()
        .filter_map(|carrier| {
            let longest = carrier.spellings.iter().filter_map(|s| fits(s)).max()?;
            Some((longest, *carrier))
        })
        // Of equals the first in the registry: max_by_key takes the last, so it runs backwards.
        .rev()
        .max_by_key(|(length, _)| *length)
        .map(|(_, carrier)| carrier)
}
