//! Colours and sizes in words of goods: red is not blue. Only where both sides name one of the same kind,
//! for a description need not say either.

use super::own::tokens;
use std::collections::BTreeSet;

/// Colours in families: vendors call navy blue, and charcoal grey. With the shortenings of practice.
const COLOURS: &[(&str, &[&str])] = &[
    (
        "red",
        &["red", "crimson", "scarlet", "burgundy", "maroon", "ruby"],
    ),
    (
        "blue",
        &[
            "blue", "blu", "navy", "azure", "indigo", "sapphire", "cobalt",
        ],
    ),
    ("green", &["green", "grn", "emerald", "olive"]),
    ("yellow", &["yellow", "ylw", "yel", "mustard"]),
    ("orange", &["orange", "orng"]),
    ("purple", &["purple", "violet", "lavender", "prpl"]),
    ("pink", &["pink", "magenta", "fuchsia"]),
    ("brown", &["brown", "brn", "chocolate"]),
    ("black", &["black", "blk", "ebony"]),
    ("white", &["white", "wht", "ivory", "cream"]),
    ("grey", &["grey", "gray", "gry", "charcoal"]),
    ("beige", &["beige", "khaki"]),
    ("turquoise", &["turquoise", "teal", "aqua"]),
];
/// Metals and woods, by what they look like.
const FINISHES: &[(&str, &[&str])] = &[
    ("brass", &["brass", "brs", "gold", "golden"]),
    (
        "chrome",
        &["chrome", "nickel", "silver", "steel", "stainless", "pewter"],
    ),
    ("bronze", &["bronze", "copper"]),
    ("oak", &["oak"]),
    ("walnut", &["walnut"]),
    ("pine", &["pine"]),
    ("maple", &["maple"]),
    ("mahogany", &["mahogany"]),
];
/// Sizes in words; letters mean one only where a column is called so.
const SIZES: &[(&str, &[&str])] = &[
    ("small", &["small"]),
    ("medium", &["medium"]),
    ("large", &["large"]),
    ("twin", &["twin"]),
    ("queen", &["queen"]),
    ("king", &["king"]),
];
const LETTERS: &[(&str, &[&str])] = &[
    ("xs", &["xs", "xsmall"]),
    ("small", &["s", "sm", "sml", "small"]),
    ("medium", &["m", "md", "med", "medium"]),
    ("large", &["l", "lg", "lrg", "large"]),
    ("xl", &["xl", "xlarge"]),
    ("xxl", &["xxl", "2xl", "xxlarge"]),
    ("xxxl", &["xxxl", "3xl"]),
];
/// Units of what is measured, as they stand behind a number.
const UNITS: &[(&str, &[&str])] = &[
    ("in", &["in", "inch", "inches"]),
    ("ft", &["ft", "foot", "feet"]),
    ("cm", &["cm"]),
    ("mm", &["mm"]),
    ("oz", &["oz", "ounce", "ounces"]),
    ("lb", &["lb", "lbs", "pound", "pounds"]),
    ("ml", &["ml"]),
    ("qt", &["qt", "quart", "quarts"]),
    ("gal", &["gal", "gallon", "gallons"]),
    ("w", &["w", "watt", "watts"]),
];

/// What of a list the words name.
fn of<'a>(words: &[String], list: &'a [(&str, &[&str])]) -> BTreeSet<&'a str> {
    let named = list
        .iter()
        .filter(|(_, all)| all.iter().any(|one| words.iter().any(|word| word == one)));
    named.map(|(name, _)| *name).collect()
}

fn apart<T: Ord>(one: &BTreeSet<T>, other: &BTreeSet<T>) -> bool {
    !one.is_empty() && !other.is_empty() && one.is_disjoint(other)
}

/// Numbers with their units: `12 oz`, `12oz`.
fn measures<'a>(words: &'a [String], unit: &[&str]) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    for (at, word) in words.iter().enumerate() {
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = word.split_at(digits);
        let behind = match rest {
            "" => words.get(at + 1).map_or("", String::as_str),
            rest => rest,
        };
        // of "1.5 in" the last part would be another number
        let whole = at == 0 || !words[at - 1].bytes().all(|b| b.is_ascii_digit());
        if digits > 0 && whole && unit.contains(&behind) {
            found.insert(number);
        }
    }
    found
}

/// Whether a cell names a colour or size of a kind that the goods' words have another one of; `alone` says
/// that it stands in a column of colours or sizes.
pub(super) fn others(cell: &str, goods: &[String], alone: bool) -> bool {
    let said = tokens(cell);
    let lists: &[&[(&str, &[&str])]] = match alone {
        true => &[COLOURS, FINISHES, SIZES, LETTERS],
        false => &[COLOURS, FINISHES, SIZES],
    };
    let named = lists
        .iter()
        .any(|list| apart(&of(&said, list), &of(goods, list)));
    let measured = UNITS
        .iter()
        .any(|(_, unit)| apart(&measures(&said, unit), &measures(goods, unit)));
    named || measured
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_and_sizes_of_the_same_kind_contradict() {
        let apart = |cell: &str, own: &str, alone: bool| others(cell, &tokens(own), alone);
        for (cell, own) in [
            ("Enamel mug, red", "Enamel mug, blue"),
            ("MUG ENAMEL BLK", "Enamel mug, blue"),
            ("Kettle 12 oz", "Kettle, 16oz"),
            ("Sheet set, queen", "Sheet set, twin"),
            ("Tent, Olive", "Tent, orange"),
            ("Floor lamp, chrome", "Brass Floor Lamp"),
        ] {
            assert!(apart(cell, own, false), "{cell}, {own}");
        }
        for (cell, own) in [
            ("Enamel mug", "Enamel mug, blue"),
            ("Enamel mug, navy", "Enamel mug, blue"),
            ("Lamp red", "Lamp, brass"),
            ("Lamp, brass plated steel", "Lamp, brass"),
            ("Lamp 12 in", "Lamp, 30 cm"),
            ("Lamp black/white", "Lamp, white"),
            ("Rope 9 mm, 30 ft", "Rope 30 ft"),
            ("Mug 2.5 in", "Mug 12.5 in"),
        ] {
            assert!(!apart(cell, own, false), "{cell}, {own}");
        }
        assert!(apart("L", "Shirt, M", true) && !apart("L", "Lamp, brass", true));
        assert!(apart("Red", "Lamp, blue", true) && !apart("C-100", "Lamp, blue", true));
    }
}
