//! The words of a bill's text as they are compared: what is the bill's own (its numbers, days and amounts) by
//! what it is, numbers by themselves, and every other word in small letters.

use super::known::KnownBill;
use crate::domain::spelling::folded;
use crate::invoicing::matching::normalise_reference;
use crate::tabular::cells;
use crate::vendor_docs::text::dates;
use regex::Regex;
use std::sync::LazyLock;

/// One word, number or sign that parts others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BillWord {
    /// What it is, as the phrases have it: a word, a number, or a mark such as `<po>`.
    pub is: String,
    /// The article whose number it is, by its place.
    pub article: Option<usize>,
    /// As it was written.
    pub said: String,
}

/// What parts one thing that is said from the next.
pub(super) const BREAK: &str = ",";

static DIMENSIONS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(\d+(?:\.\d+)?) ?x ?(\d+(?:\.\d+)?)(?: ?x ?(\d+(?:\.\d+)?))?\b").ok()
});
static INCHES: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"(\d)(?:''|["”″])"#).ok());
static FEET: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(\d)['’′](\W|$)").ok());
static MEASURE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(\d+(?:\.\d+)?)-?([a-z]{1,7})$").ok());
static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\d[\d,]*(?:\.\d+)?(?:/\d+)?$|^\d+(?:\.\d+)?(?:x\d+(?:\.\d+)?)+$").ok()
});

/// Units with the spellings that mean the same.
const UNITS: &[(&str, &[&str])] = &[
    ("in", &["inch", "inches"]),
    ("ft", &["foot", "feet"]),
    ("oz", &["ounce", "ounces"]),
    ("lb", &["lbs", "pound", "pounds"]),
    ("qt", &["quart", "quarts", "qts"]),
    ("gal", &["gallon", "gallons"]),
    ("pc", &["pcs", "pce", "piece", "pieces"]),
    ("ea", &["each", "eaches"]),
    ("unit", &["units"]),
    ("v", &["volt", "volts"]),
    ("w", &["watt", "watts"]),
    ("yd", &["yard", "yards", "yds"]),
    ("pt", &["pint", "pints"]),
    ("l", &["liter", "liters", "litre", "litres", "ltr"]),
    ("cm", &[]),
    ("mm", &[]),
    ("ml", &[]),
    ("m", &["meter", "meters"]),
    ("kg", &["kgs"]),
    ("g", &["gram", "grams"]),
    ("ct", &["count"]),
    ("pk", &["pack", "packs", "pks"]),
    ("doz", &["dozen", "dz"]),
];

/// Whether a word is a unit of the list.
pub(super) fn is_unit(word: &str) -> bool {
    UNITS.iter().any(|(unit, _)| *unit == word)
}

fn unit(word: &str) -> &str {
    let found = UNITS.iter().find(|(_, all)| all.contains(&word));
    found.map_or(word, |(unit, _)| unit)
}

/// Takes a text apart.
pub(super) fn words(text: &str, known: &KnownBill) -> Vec<BillWord> {
    let mut found = Vec::new();
    let mut text = spaced(text);
    // "W200001 - 1"
    for order in known.orders.iter().filter(|order| order.contains('-')) {
        text = text.replace(&order.replace('-', " - "), order);
    }
    for raw in text.split_whitespace() {
        let parted = |c: char| ",;()[]{}|&+@".contains(c);
        for (at, part) in raw.split(parted).enumerate() {
            if at > 0 {
                push(&mut found, BREAK, BREAK);
            }
            one(part, known, &mut found);
        }
    }
    found
}

/// The text with its measures in one form.
fn spaced(text: &str) -> String {
    let mut text = text.replace(['\n', '\r'], " , ");
    for (pattern, with) in [(&INCHES, "$1 in "), (&FEET, "$1 ft $2")] {
        if let Some(pattern) = pattern.as_ref() {
            text = pattern.replace_all(&text, with).into_owned();
        }
    }
    let Some(dimensions) = DIMENSIONS.as_ref() else {
        return text;
    };
    let joined = dimensions.replace_all(&text, |found: &regex::Captures| {
        let parts = found.iter().skip(1).flatten();
        parts
            .map(|part| part.as_str())
            .collect::<Vec<_>>()
            .join("x")
    });
    joined.into_owned()
}

fn push(found: &mut Vec<BillWord>, is: &str, said: &str) {
    found.push(BillWord {
        is: is.to_owned(),
        article: None,
        said: said.to_owned(),
    });
}

/// One word between blanks.
fn one(raw: &str, known: &KnownBill, found: &mut Vec<BillWord>) {
    let bare = raw.trim_matches(|c: char| "#:.!\"'“”‘’-–—=<>~_/\\".contains(c));
    if bare.is_empty() {
        // a dash or a stroke by itself parts
        if !raw.is_empty() && !raw.contains('#') {
            push(found, BREAK, raw);
        }
        return;
    }
    // a mark at a word points to a note, a question mark takes its certainty
    if bare.contains(['*', '?', '†', '‡', '§', '%']) {
        let small = folded(bare);
        if small == "%" || small.trim_matches('*').is_empty() {
            return push(found, if small == "%" { "%" } else { BREAK }, bare);
        }
        if let Some(number) = small.strip_suffix('%').filter(|rest| number(rest)) {
            push(found, number, bare);
            return push(found, "%", bare);
        }
        return push(found, "<odd>", bare);
    }
    if let Some(mark) = known.mark(bare) {
        found.push(BillWord {
            is: mark.0.to_owned(),
            article: mark.1,
            said: bare.to_owned(),
        });
        return;
    }
    let signs = ['#', ':', '=', '_'];
    if bare.contains(signs) {
        bare.split(signs).for_each(|part| one(part, known, found));
        return;
    }
    if bare.contains('/') && known.day(bare).is_none() {
        for (at, part) in bare.split('/').enumerate() {
            if at > 0 {
                push(found, BREAK, "/");
            }
            one(part, known, found);
        }
        return;
    }
    plain(bare, known, found);
}

fn number(text: &str) -> bool {
    NUMBER.as_ref().is_some_and(|form| form.is_match(text))
}

/// A word without signs in it that part.
fn plain(bare: &str, known: &KnownBill, found: &mut Vec<BillWord>) {
    let small = folded(bare);
    if !small.bytes().any(|b| b.is_ascii_digit()) && !small.starts_with('$') {
        let joined: String = small.chars().filter(|c| !matches!(c, '.' | '\'')).collect();
        // "p.o.", "S.O."
        let letters = small.split('.').all(|part| part.chars().count() < 2);
        let small = if letters || !small.contains('.') {
            joined
        } else {
            small
        };
        for part in small.split(['-', '–', '.']).filter(|part| !part.is_empty()) {
            push(found, unit(part), bare);
        }
        return;
    }
    if let Some(mark) = known.day(bare) {
        return push(found, mark, bare);
    }
    let money = small.starts_with('$') || small.contains('.');
    if let Some(amount) = cells::amount(&small).ok().flatten().filter(|_| money)
        && known.amounts.contains(&amount)
    {
        return push(found, "<amt>", bare);
    }
    if number(&small) {
        return push(found, small.trim_end_matches(".00"), bare);
    }
    let measure = MEASURE.as_ref().and_then(|form| form.captures(&small));
    if let Some(measure) = measure {
        push(found, &measure[1], bare);
        return push(found, unit(&measure[2]), bare);
    }
    push(found, "<code>", bare);
}

/// The same of two numbers, whatever separators they are written with.
pub(super) fn same_number(one: &str, other: &str) -> bool {
    let (one, other) = (normalise_reference(one), normalise_reference(other));
    !one.is_empty() && one == other
}

/// A date that a word is, if it is one.
pub(super) fn day_of(word: &str) -> Option<dates::ReadDate> {
    let signs = word.contains(['/', '-', '.']);
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    (signs && (3..=8).contains(&digits)).then(|| dates::parse(word, None))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_taken_apart() {
        for list in [&DIMENSIONS, &INCHES, &FEET, &MEASURE, &NUMBER] {
            assert!(list.is_some());
        }
        let said = |text: &str| -> String {
            let all = words(text, &KnownBill::default());
            let all: Vec<String> = all.into_iter().map(|word| word.is).collect();
            all.join(" ")
        };
        for (text, apart) in [
            ("Drill Bit Set 21PC", "drill bit set 21 pc"),
            ("Pull Saw 9\"", "pull saw 9 in"),
            ("Rug 4 x 6 ft", "rug 4x6 ft"),
            ("Rug 4x6'", "rug 4x6 ft"),
            ("P.O. Lamp, drop-ship", "po lamp , drop ship"),
            ("lamp + rug", "lamp , rug"),
            ("12-oz mug/bowl", "12 oz mug , bowl"),
            ("Lamp*", "<odd>"),
            ("Lamp ***", "lamp ,"),
            ("E26 bulb", "<code> bulb"),
            ("2% 10 net 30", "2 % 10 net 30"),
        ] {
            assert_eq!(said(text), apart, "{text}");
        }
    }
}
