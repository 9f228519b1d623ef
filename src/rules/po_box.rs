//! `po_box`: the goods would go where only the post delivers (a PO box, general delivery, a military
//! post office), and the carrier refuses them.

use super::phrases::shown;
use super::{Facts, Rule};
use crate::domain::address::Address;
use crate::domain::codes::Code;
use crate::domain::places::is_military;
use crate::domain::rule_settings::{Limit, RuleSettings, Takes};
use crate::domain::spelling::folded;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::PoBox,
    limits: &[ACCEPTED_BY.key],
    check,
};

const ACCEPTED_BY: Limit<Vec<String>> = Limit::list(
    Code::PoBox,
    "accepted_by",
    Takes::Words,
    &["usps"],
    "words in the shipping method with which PO boxes are fine",
);

fn check(facts: &Facts, settings: &RuleSettings) -> Option<String> {
    let order = facts.order;
    let place = only_by_post(&order.ship_to)?;
    let method = order.shipping_method.as_deref().unwrap_or_default();
    let accepted = settings.get(&ACCEPTED_BY);
    if accepted.iter().any(|carrier| names(method, carrier)) {
        return None;
    }
    let by = match shown(method.trim()) {
        none if none.is_empty() => "no shipping method is named".to_owned(),
        method => format!("the shipping method is {method}"),
    };
    let fine = match accepted.as_slice() {
        [] => "none accepts".to_owned(),
        words => format!("only those with {} accept", words.join(", ")),
    };
    Some(format!("{place}; {by}, {fine} them"))
}

/// Which part of an address only the post delivers to, for people; boxes stand in the street, and by
/// mistake in the name or the city.
fn only_by_post(to: &Address) -> Option<String> {
    let streets = [&to.street1, &to.street2];
    let route = streets.iter().any(|street| is_rural(&words(street)));
    let field = |name: &str, text: &str, what: &str| {
        Some(format!("ship_to.{name} '{}' is {what}", shown(text.trim())))
    };
    for (name, street) in ["street1", "street2"].into_iter().zip(streets) {
        let words = words(street);
        if is_po_box(&words, route) {
            return field(name, street, "a PO box");
        }
        if is_general_delivery(&words) {
            return field(name, street, "general delivery at a post office");
        }
    }
    let both = [words(&to.street1), words(&to.street2)].concat();
    if is_military_form(&both) && !is_military(to) {
        let street = [to.street1.trim(), to.street2.trim()].join(" ");
        let what = "a military address, where only the post delivers; the city or the state is wrong, or this";
        return field("street1", &street, what);
    }
    for (name, text) in [("name", &to.name), ("city", &to.city)] {
        if is_spelt_out(&words(text)) {
            return field(name, text, "a PO box");
        }
    }
    let whole = [&to.city, &to.state, &to.zip].map(|part| part.trim());
    is_military(to).then(|| {
        let place = shown(&whole.join(" "));
        format!("ship_to '{place}' is a military address, where only the post delivers")
    })
}

/// The words of a street in lower case. Points and apostrophes join (`P.O.`), all else parts; a
/// zero among letters is read as the letter (`P.0. B0X`).
fn words(street: &str) -> Vec<String> {
    let usual = |c: char| latin(narrow(c));
    let joined: String = folded(&street.chars().map(usual).collect::<String>())
        .chars()
        .filter(|c| !matches!(c, '.' | '\'' | '\u{200b}'..='\u{200d}' | '\u{ad}'))
        .collect();
    let parts = joined.split(|c: char| !c.is_alphanumeric());
    let words = parts.filter(|word| !word.is_empty());
    words
        .map(|word| letters(word).unwrap_or_else(|| word.to_owned()))
        .collect()
}

/// A letter, digit or sign of full width (U+FF01 to U+FF5E) as the usual one.
fn narrow(c: char) -> char {
    let code = u32::from(c);
    let usual = (0xff01..=0xff5e).contains(&code).then(|| code - 0xfee0);
    usual.and_then(char::from_u32).unwrap_or(c)
}

/// A letter of another script that looks like one of `PO BOX` as that one: copied addresses have them.
fn latin(c: char) -> char {
    match c {
        'О' | 'о' | 'Ο' | 'ο' => 'o',
        'Р' | 'р' | 'Ρ' | 'ρ' => 'p',
        'В' | 'Β' => 'b',
        'Х' | 'х' | 'Χ' | 'χ' => 'x',
        other => other,
    }
}

/// A word of letters with zeros between them, as letters.
fn letters(word: &str) -> Option<String> {
    let mixed = word.contains('0')
        && word.starts_with(char::is_alphabetic)
        && word.chars().all(|c| c == '0' || c.is_alphabetic());
    mixed.then(|| word.replace('0', "o"))
}

/// Spellings of the box itself, word for word; what follows does not matter.
const BOXES: &[&[&str]] = &[
    &["po", "box"],
    &["po", "bx"],
    &["p", "o", "box"],
    &["p", "0", "box"],
    &["p", "o", "bx"],
    &["po", "bin"],
    &["gpo", "box"],
    &["g", "p", "o", "box"],
    &["post", "office", "box"],
    &["post", "office", "bx"],
    &["post", "office", "bin"],
    &["post", "off", "box"],
    &["post", "ofc", "box"],
    &["postoffice", "box"],
    &["p", "box"],
    &["po", "drawer"],
    &["p", "o", "drawer"],
    &["post", "office", "drawer"],
    &["postoffice", "drawer"],
    &["po", "lockbox"],
    &["p", "o", "lockbox"],
    &["pobox"],
    &["pobx"],
    &["podrawer"],
    &["caller", "service"],
    &["apartado", "postal"],
    &["apdo", "postal"],
    &["apartado", "de", "correos"],
    &["apartado", "aereo"],
    &["casilla", "postal"],
    &["casilla", "de", "correo"],
    &["caixa", "postal"],
    &["boite", "postale"],
    &["case", "postale"],
    &["casella", "postale"],
    &["postfach"],
    &["postbus"],
];

/// Spellings that are a box unless a street is called so: `12 Post Box Lane`.
const MAYBE: &[&[&str]] = &[&["post", "box"], &["postal", "box"], &["postbox"]];

/// What follows the name of a street (USPS Publication 28, appendix C1, the frequent ones).
const STREETS: &[&str] = &[
    "ave", "avenue", "blvd", "canyon", "cir", "circle", "court", "ct", "dr", "drive", "highway",
    "hill", "hwy", "lane", "ln", "loop", "park", "pkwy", "pl", "place", "plaza", "rd", "ridge",
    "road", "row", "run", "sq", "square", "st", "street", "ter", "trail", "trl", "way",
];

/// Spellings that are a box only with its number behind them.
const NUMBERED: &[&[&str]] = &[
    &["po", "b"],
    &["p", "o", "b"],
    &["pob"],
    &["apartado"],
    &["apdo"],
    &["aptdo"],
    &["firm", "caller"],
    &["casilla"],
    &["lock", "box"],
    &["lockbox"],
];

/// Spellings that are a box only with its number, and nothing before them.
const ALONE: &[&[&str]] = &[&["box"], &["bx"], &["drawer"], &["b", "o", "x"]];

/// Words that run into the number: `POBox12`, `POB12`.
const GLUED: &[&str] = &["pobox", "pobx", "pob"];

/// Whether the words from a place on are a spelling.
fn at(words: &[String], place: usize, spelling: &[&str]) -> bool {
    let rest = words.get(place..).unwrap_or_default();
    rest.len() >= spelling.len() && rest.iter().zip(spelling).all(|(word, part)| word == part)
}

/// The same where the number runs into the last word: `PO Box12`.
fn runs_into(words: &[String], place: usize, spelling: &[&str]) -> bool {
    let Some((last, before)) = spelling.split_last() else {
        return false;
    };
    let word = words.get(place + before.len());
    let number = word.and_then(|word| word.strip_prefix(last));
    at(words, place, before)
        && number.is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether a number stands at a place, with `No.` before it or without.
fn number(words: &[String], place: usize) -> bool {
    let word = words.get(place).map_or("", |word| match word.as_str() {
        "no" | "nr" | "num" | "number" => words.get(place + 1).map_or("", String::as_str),
        word => word,
    });
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a PO box is spelt out somewhere (USPS Publication 28, section 28; 281 for caller service).
fn is_spelt_out(words: &[String]) -> bool {
    let maybe = |place: usize, spelling: &&&[&str]| {
        let next = words.get(place + spelling.len());
        at(words, place, spelling) && !next.is_some_and(|next| STREETS.contains(&next.as_str()))
    };
    // "12 Main St (no PO box)"
    let denied = |place: usize, spelling: &[&str]| {
        let before = place.checked_sub(1).and_then(|place| words.get(place));
        let denies = before.is_some_and(|word| matches!(word.as_str(), "no" | "not" | "kein"));
        denies && !number(words, place + spelling.len())
    };
    let is_box = |place: usize, spelling: &[&str]| {
        at(words, place, spelling) && !denied(place, spelling) || runs_into(words, place, spelling)
    };
    (0..words.len()).any(|place| {
        BOXES.iter().any(|spelling| is_box(place, spelling))
            || MAYBE.iter().any(|spelling| maybe(place, &spelling))
            || NUMBERED
                .iter()
                .any(|spelling| at(words, place, spelling) && number(words, place + spelling.len()))
            || GLUED.iter().any(|glued| {
                let rest = words[place].strip_prefix(glued);
                rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
            })
    })
}

/// Whether the words of a street are a PO box. `route` says that the address has a rural route, whose
/// boxes stand at the road.
fn is_po_box(words: &[String], route: bool) -> bool {
    // "Box 123" and "PO 123" only when they are all that stands there
    let own = |spelling: &&&[&str]| {
        at(words, 0, spelling) && number(words, spelling.len()) || runs_into(words, 0, spelling)
    };
    let alone = !route && ALONE.iter().any(|spelling| own(&spelling))
        || (at(words, 0, &["po"]) && number(words, 1))
        || (at(words, 0, &["p", "o"]) && number(words, 2));
    let short = words.len() <= 3 || (words.len() == 4 && at(words, 0, &["p", "o", "no"]));
    let street = words
        .last()
        .is_some_and(|last| STREETS.contains(&last.as_str()));
    is_spelt_out(words)
        || (alone && short && !street)
        || (words.len() == 1 && at(words, 0, &["pob"]))
}

/// `General Delivery`, and what other countries call it: goods wait at a post office. Whose post office it
/// is, and `c/o`, may stand before it; a house's number may not, nor a street's name behind.
fn is_general_delivery(words: &[String]) -> bool {
    let housed = (words.first()).is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    (0..words.len()).any(|place| {
        let word = |at: usize| words.get(place + at).map_or("", String::as_str);
        let length = match (word(0), word(1), word(2)) {
            ("general" | "gen", "delivery" | "del", _) => 2,
            ("poste", "restante", _) | ("fermo", "posta", _) => 2,
            ("lista" | "poste", "de", "correos") => 3,
            ("postlagernd", ..) => 1,
            _ => return false,
        };
        !housed && !STREETS.contains(&word(length))
    })
}

/// The street of a military address (USPS Publication 28, 238): a unit, post or base and its box, and
/// nothing else.
fn is_military_form(words: &[String]) -> bool {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    matches!(words.as_slice(), ["psc" | "cmr" | "unit", unit, "box" | "bx", place] if number(unit) && number(place))
}

/// A rural or highway contract route, or a military box: their boxes are no PO boxes.
fn is_rural(words: &[String]) -> bool {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["star", "route" | "rte" | "rt", ..] | ["highway", "contract", ..] => true,
        // numbered, or they are streets: Route Ave
        ["route" | "rte" | "sr", number, ..] => number.starts_with(|c: char| c.is_ascii_digit()),
        [first, ..] => {
            let route = first.trim_end_matches(|c: char| c.is_ascii_digit());
            matches!(
                route,
                "rr" | "hc" | "hcr" | "rural" | "rfd" | "rt" | "psc" | "unit" | "cmr"
            )
        }
        [] => false,
    }
}

/// Whether a shipping method has the carrier's word (or words) in it.
fn names(method: &str, carrier: &str) -> bool {
    let method = format!(" {} ", words(method).join(" "));
    let carrier = words(carrier).join(" ");
    !carrier.is_empty() && method.contains(&format!(" {carrier} "))
}

#[cfg(test)]
mod tests;
