//! `po_box`: the goods would go to a PO box, and the carrier refuses them.

use super::settings::Settings;
use super::words::shown;
use super::{Facts, Rule};

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: "po_box",
    check,
};

fn check(facts: &Facts, settings: &Settings) -> Option<String> {
    let order = facts.order;
    let streets = [&order.ship_to.street1, &order.ship_to.street2];
    let rural = streets.iter().any(|street| is_rural(&words(street)));
    let (name, street) = ["street1", "street2"]
        .into_iter()
        .zip(streets)
        .find(|(_, street)| is_po_box(&words(street), rural))?;
    let method = order.shipping_method.as_deref().unwrap_or_default();
    let accepted = &settings.po_box_carriers;
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
    let street = shown(street.trim());
    Some(format!(
        "ship_to.{name} '{street}' is a PO box; {by}, {fine} them"
    ))
}

/// The words of a street in lower case. Points and apostrophes join (`P.O.`), all else parts; a
/// zero among letters is read as the letter (`P.0. B0X`).
fn words(street: &str) -> Vec<String> {
    let joined: String = street
        .chars()
        .filter(|c| !matches!(c, '.' | '\'' | '’'))
        .flat_map(char::to_lowercase)
        .collect();
    let parts = joined.split(|c: char| !c.is_alphanumeric());
    let words = parts.filter(|word| !word.is_empty());
    words
        .map(|word| letters(word).unwrap_or_else(|| word.to_owned()))
        .collect()
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
    &["post", "office", "box"],
    &["post", "office", "bx"],
    &["post", "box"],
    &["postal", "box"],
    &["p", "box"],
    &["po", "drawer"],
    &["p", "o", "drawer"],
    &["post", "office", "drawer"],
    &["pobox"],
    &["pobx"],
    &["postbox"],
    &["caller", "service"],
    &["apartado", "postal"],
    &["apdo", "postal"],
    &["apartado", "de", "correos"],
    &["postfach"],
    &["postbus"],
];

/// Spellings that are a box only with its number behind them.
const NUMBERED: &[&[&str]] = &[
    &["po", "b"],
    &["p", "o", "b"],
    &["pob"],
    &["apartado"],
    &["apdo"],
    &["firm", "caller"],
];

/// Words that run into the number: `POBox12`, `POB12`.
const GLUED: &[&str] = &["pobox", "pobx", "pob"];

/// Whether the words are a PO box (USPS Publication 28, section 28; 281 for caller service).
/// `rural` says that the address has a rural route, whose boxes stand at the road.
fn is_po_box(words: &[String], rural: bool) -> bool {
    let at = |place: usize, spelling: &[&str]| {
        let rest = &words[place..];
        rest.len() >= spelling.len() && rest.iter().zip(spelling).all(|(word, part)| word == part)
    };
    let number = |place: usize| {
        let word = words.get(place).map_or("", |word| match word.as_str() {
            "no" | "num" | "number" => words.get(place + 1).map_or("", String::as_str),
            word => word,
        });
        word.starts_with(|c: char| c.is_ascii_digit())
    };
    let inside = (0..words.len()).any(|place| {
        BOXES.iter().any(|spelling| at(place, spelling))
            || NUMBERED
                .iter()
                .any(|spelling| at(place, spelling) && number(place + spelling.len()))
            || GLUED.iter().any(|glued| {
                let rest = words[place].strip_prefix(glued);
                rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
            })
    });
    // "Box 123" and "PO 123" only when they are all that stands there
    let alone = (at(0, &["box"]) || at(0, &["bx"])) && number(1) && !rural
        || (at(0, &["po"]) && number(1))
        || (at(0, &["p", "o"]) && number(2));
    let short = words.len() <= 3 || (words.len() == 4 && at(0, &["p", "o", "no"]));
    inside || (alone && short) || (words.len() == 1 && at(0, &["pob"]))
}

/// A rural or highway contract route.
fn is_rural(words: &[String]) -> bool {
    words.first().is_some_and(|word| {
        let route = word.trim_end_matches(|c: char| c.is_ascii_digit());
        matches!(
            route,
            "rr" | "hc" | "rural" | "rfd" | "rt" | "psc" | "unit" | "cmr"
        )
    })
}

/// Whether a shipping method has the carrier's word (or words) in it.
fn names(method: &str, carrier: &str) -> bool {
    let method = format!(" {} ", words(method).join(" "));
    let carrier = words(carrier).join(" ");
    !carrier.is_empty() && method.contains(&format!(" {carrier} "))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::desk;

    fn says(street1: &str, street2: &str, method: Option<&str>) -> Option<String> {
        let mut desk = desk();
        desk.order.ship_to.street1 = street1.to_owned();
        desk.order.ship_to.street2 = street2.to_owned();
        desk.order.shipping_method = method.map(str::to_owned);
        desk.says("po_box")
    }

    #[test]
    fn the_many_spellings_fire() {
        for street in [
            "PO Box 12",
            "P.O. Box 12",
            "p.o.box 12",
            "P.O.Box12",
            "POBox 12",
            "POB 12",
            "POB12",
            "P O Box 12",
            "P. O. Box 12",
            "P/O Box 12",
            "P-O Box 12",
            "Post Office Box 12",
            "post-office box twelve",
            "PO B 12",
            "P.O.B. 12",
            "P O B 12",
            "P.0. Box 12",
            "P0 B0X 12",
            "P 0 Box 12",
            "PO Box #12",
            "PO Bx 12",
            "PO Drawer 4",
            "PO 123",
            "P.O. 123",
            "Box 123",
            "BOX #123",
            "Box No. 7",
            "Box 12A",
            "Apartado 55",
            "Apartado Postal 55",
            "Apdo. 55",
            "Caller Service 8",
            "12 Main St, PO Box 9",
            "PO\u{a0}Box 9",
            "P.O. Box",
            "Postfach 1234",
            "po box 9, Main Street",
        ] {
            assert!(says(street, "", None).is_some(), "{street}");
            assert!(says("12 Main St", street, None).is_some(), "{street}");
        }
    }

    #[test]
    fn streets_do_not() {
        for street in [
            "Poplar Box Lane 3",
            "123 Box Elder Rd",
            "Boxwood",
            "12 Boxwood Ct",
            "PMB 123",
            "12 Main St PMB 44",
            "1 Post Office Sq",
            "9 Post Rd",
            "4 Po St",
            "Box Canyon Rd 7",
            "5 Pobanz Ave",
            "77 Apartado Way",
            "Unit 2050 Box 4190",
            "PSC 802 Box 74",
            "RR 2 Box 152",
            "HC 68 Box 23A",
            "1 Lockbox Ln",
            "Box Hill 12 Long Lane",
            "49996 Gary Forks Apt. 388",
            "",
            "500 Caller Rd",
        ] {
            assert_eq!(says(street, "", None), None, "{street}");
        }
        assert_eq!(says("RR 2", "Box 152", None), None);
    }

    #[test]
    fn carriers_that_accept_them() {
        for (method, fires) in [
            (Some("USPS Priority Mail"), false),
            (Some("usps"), false),
            (Some("Ground (U.S.P.S.)"), false),
            (Some("UPS Ground"), true),
            (Some("NotUSPS"), true),
            (Some(""), true),
            (None, true),
        ] {
            assert_eq!(says("PO Box 1", "", method).is_some(), fires, "{method:?}");
        }
        let mut desk = desk();
        desk.order.ship_to.street2 = "PO Box 1".to_owned();
        desk.order.shipping_method = Some("UPS Ground".to_owned());
        assert_eq!(
            desk.says("po_box").as_deref(),
            Some(
                "ship_to.street2 'PO Box 1' is a PO box; the shipping method is UPS Ground, \
                 only those with usps accept them"
            )
        );
        desk.set("po_box.accepted_by = ['first class', 'ups ground']");
        assert_eq!(desk.says("po_box"), None);
        desk.set("po_box.accepted_by = []");
        assert!(desk.says("po_box").is_some());
    }
}
