//! Payment card numbers in what came, masked before anything of it is written (PCI DSS 3.4: at
//! most the first six and the last four digits may be kept).
//!
//! A number counts as a card's when its length and first digits are of a card scheme and its check
//! digit is right (ISO/IEC 7812-1, Luhn), however its digits are spaced and in whatever script.

mod card;
mod codes;
mod document;
mod mail;
mod numbers;
mod schemes;
mod spelt;

pub use document::mask_document;
pub use mail::{mask_file, mask_mail};

use crate::domain::step::Step;
use card::Card;
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::ops::Range;

/// Keys that hold references of machines. A value of digits only under one of them is left alone:
/// shops number orders, articles and parcels with 13 to 19 digits, of which one in fifty looks
/// like a card's.
const REFERENCES: &[&str] = &[
    "barcode",
    "confirmation_number",
    "ean",
    "gid",
    "gtin",
    "id",
    "invoice_number",
    "isbn",
    "legacy_id",
    "order_number",
    "po_number",
    "sku",
    "tracking",
    "tracking_number",
    "tracking_numbers",
    "upc",
    "vendor_sku",
];

/// Longer keys are none of these, in bytes.
const LONGEST_NAME: usize = 200;

/// Words that are no card's number although they look like one: article, order and parcel numbers
/// that the ledger knows letter for letter.
pub type KnownNumbers = HashSet<String>;

/// The most paths that are kept of one document.
const MOST_PATHS: usize = 1000;

/// The most words that the ledger is asked for: a document with more numbers keeps none of the rest.
const MOST_WORDS: usize = 10_000;

/// The places and words that were masked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Masked {
    /// The paths of what was masked (such as `lines[0].description`), each once, with the numbers in
    /// them masked too.
    pub paths: Vec<String>,
    /// The words that were taken for card numbers.
    pub words: CardWords,
}

/// Words that were taken for card numbers; wiped when they are dropped, and never printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CardWords(pub Vec<String>);

impl std::fmt::Debug for CardWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} words", self.0.len())
    }
}

impl Drop for CardWords {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.0);
    }
}

/// Masks every card number and security code in the document: in texts, numbers and keys.
pub fn mask(document: &mut Value, known: &KnownNumbers) -> Masked {
    let mut walk = Walk {
        known,
        masked: Masked::default(),
    };
    walk.value(document, None, JsonKey::of(""));
    walk.masked.paths.dedup();
    walk.masked
}

/// The text with every card number and security code in it masked; `None` when there is none.
pub fn mask_text(text: &str) -> Option<String> {
    mask_known(text, &KnownNumbers::new(), &mut CardWords::default())
}

/// The same, but for what is known; the words that were taken for card numbers are added to `words`.
pub fn mask_known(text: &str, known: &KnownNumbers, words: &mut CardWords) -> Option<String> {
    let (cards, codes) = places(text, known, words);
    let mut hidden: Vec<(Range<usize>, String)> = cards
        .into_iter()
        .map(|card| {
            let digits = card.digits.iter().enumerate().map(|(place, digit)| {
                match place < 6 || place + 4 >= card.digits.len() {
                    true => char::from(*digit),
                    false => '*',
                }
            });
            let digits = digits.collect();
            (card.place, digits)
        })
        .collect();
    hidden.extend(codes.into_iter().map(|at| (at, codes::MASK.to_owned())));
    hidden.sort_by_key(|(at, _)| at.start);
    let (mut out, mut copied) = (String::new(), 0);
    for (at, mask) in hidden {
        // a code inside a number is masked with it
        if at.start >= copied {
            out.push_str(&text[copied..at.start]);
            out.push_str(&mask);
            copied = at.end;
        }
    }
    if copied == 0 {
        return None;
    }
    out.push_str(&text[copied..]);
    Some(out)
}

/// Finds where card numbers and codes stand in a text.
fn places(
    text: &str,
    known: &KnownNumbers,
    words: &mut CardWords,
) -> (Vec<Card>, Vec<Range<usize>>) {
    let mut cards = numbers::cards(text);
    let spelt = spelt::cards(text, &cards);
    cards.extend(spelt);
    cards.sort_by_key(|card| card.place.start);
    cards.retain(|card| {
        let named = card.words(text);
        if named.iter().any(|word| known.contains(word)) {
            return false;
        }
        if words.0.len() < MOST_WORDS {
            words
                .0
                .extend(named.into_iter().filter(|word| !word.is_empty()));
        }
        true
    });
    let mut codes = codes::places(text, !cards.is_empty());
    let beside: Vec<Range<usize>> = cards.iter().map(|card| card.place.clone()).collect();
    codes.extend(codes::beside(text, &beside));
    codes.sort_by_key(|range| (range.start, range.end));
    codes.dedup();
    (cards, codes)
}

/// The key under which a value stands, or the list that it is in.
#[derive(Clone, Copy)]
struct JsonKey<'a> {
    name: &'a str,
    /// Whether values under it are security codes; asked once, as a key may be long and its list too.
    code: bool,
}

impl JsonKey<'_> {
    fn of(name: &str) -> JsonKey<'_> {
        let code = codes::is_key(name);
        JsonKey { name, code }
    }
}

/// A document on the way through.
struct Walk<'k> {
    known: &'k KnownNumbers,
    masked: Masked,
}

impl Walk<'_> {
    fn text(&mut self, text: &str) -> Option<String> {
        mask_known(text, self.known, &mut self.masked.words)
    }

    /// Notes what was masked; a document with more of it is known well enough.
    fn note(&mut self, at: Option<&Step<'_>>) {
        if self.masked.paths.len() < MOST_PATHS {
            self.masked.paths.push(at.map_or(String::new(), Step::path));
        }
    }

    /// Masks below `value`, which stands there under `key`.
    fn value(&mut self, value: &mut Value, at: Option<&Step<'_>>, key: JsonKey<'_>) {
        match value {
            Value::Null | Value::Bool(_) => {}
            Value::Number(_) | Value::String(_) if key.code => {
                let kept = value
                    .as_str()
                    .is_some_and(|text| text == codes::MASK || text.is_empty());
                if !kept {
                    *value = Value::String(codes::MASK.to_owned());
                    self.note(at);
                }
            }
            Value::Number(number) => {
                let text = number.to_string();
                if !is_reference(key.name, &text)
                    && let Some(masked) = self.text(&text)
                {
                    *value = Value::String(masked);
                    self.note(at);
                }
            }
            Value::String(text) => {
                if !is_reference(key.name, text)
                    && let Some(masked) = self.text(text)
                {
                    *text = masked;
                    self.note(at);
                }
            }
            Value::Array(list) => {
                for (place, item) in list.iter_mut().enumerate() {
                    if may_hold(item) || key.code {
                        self.value(item, Some(&Step::index(at, place)), key);
                    }
                }
            }
            Value::Object(map) => {
                self.keys(map, at);
                for (name, item) in map {
                    let key = JsonKey::of(name);
                    if may_hold(item) || key.code {
                        self.value(item, Some(&Step::key(at, name)), key);
                    }
                }
            }
        }
    }

    /// Masks keys that hold a card number; the sequence of the keys stays.
    fn keys(&mut self, map: &mut Map<String, Value>, at: Option<&Step<'_>>) {
        if !map.keys().any(|key| mask_text(key).is_some()) {
            return;
        }
        for (key, value) in std::mem::take(map) {
            let mut name = key;
            if let Some(masked) = self.text(&name) {
                self.note(Some(&Step::key(at, &masked)));
                name = masked;
            }
            // two numbers may look alike once masked; neither value may be lost
            while map.contains_key(&name) {
                name = format!("{name} #{}", map.len());
            }
            map.insert(name, value);
        }
    }
}

/// Whether the value is worth a path: most are short texts, of which there are many.
fn may_hold(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => false,
        Value::Number(number) => {
            let large = |n: u64| n >= 1_000_000_000_000;
            number.as_u64().is_some_and(large)
                || number.as_i64().is_some_and(|n| large(n.unsigned_abs()))
                || number.is_f64()
        }
        // the shortest text with a security code is "cvv 123"
        Value::String(text) => text.len() >= 6,
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// Whether a value under this key is a machine's reference: digits only, no spaces. Keys that
/// speak of cards never are.
fn is_reference(key: &str, text: &str) -> bool {
    if key.len() > LONGEST_NAME {
        return false;
    }
    let key = key.to_ascii_lowercase();
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    if !(digits || key == "order_number" && is_numbered(text)) {
        return false;
    }
    (REFERENCES.contains(&key.as_str()) || key.ends_with("_id"))
        && !["card", "cc", "pan"].iter().any(|word| key.contains(word))
}

/// Whether a text is one word with one run of digits, as `W-4000000000000010`: how shops number orders.
fn is_numbered(text: &str) -> bool {
    let word = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/' | b'#');
    let runs = text.split(|c: char| !c.is_ascii_digit());
    text.bytes().all(word) && runs.filter(|run| run.len() > 1).count() == 1
}

#[cfg(test)]
mod tests;
