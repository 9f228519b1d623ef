//! Names and addresses on a bill: every word of them stands on the purchase order, in the shop's letterhead, or in
//! the vendor's name; or it is a word of every address.

use super::known::{KnownBill, plain_words};
use regex::Regex;
use std::sync::LazyLock;

/// Words of every address, and of every company's name.
const EVERY: &[&str] = &[
    "the",
    "and",
    "of",
    "for",
    "to",
    "at",
    "inc",
    "llc",
    "ltd",
    "corp",
    "co",
    "company",
    "lp",
    "llp",
    "us",
    "usa",
    "united",
    "states",
    "america",
    "attn",
    "attention",
    "c",
    "o",
    "care",
    "mr",
    "mrs",
    "ms",
    "dr",
    "jr",
    "sr",
    "street",
    "st",
    "avenue",
    "ave",
    "av",
    "road",
    "rd",
    "drive",
    "dr",
    "lane",
    "ln",
    "court",
    "ct",
    "boulevard",
    "blvd",
    "place",
    "pl",
    "circle",
    "cir",
    "terrace",
    "ter",
    "way",
    "trail",
    "trl",
    "parkway",
    "pkwy",
    "square",
    "sq",
    "highway",
    "hwy",
    "apt",
    "apartment",
    "suite",
    "ste",
    "unit",
    "floor",
    "fl",
    "room",
    "rm",
    "no",
    "north",
    "south",
    "east",
    "west",
    "n",
    "s",
    "e",
    "w",
    "ne",
    "nw",
    "se",
    "sw",
    "po",
    "box",
    "drop",
    "ship",
    "dropship",
    "customer",
    "consumer",
    "residential",
    "residence",
    "order",
];

static PLUS_FOUR: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\b(\d{5})-\d{4}\b").ok());

/// The first word of a name or address that is none of these, as it was written.
pub(super) fn strange(cell: &str, known: &KnownBill) -> Option<String> {
    // the four figures behind a ZIP say no other place
    let short = PLUS_FOUR.as_ref().map(|zip| zip.replace_all(cell, "$1"));
    let words = plain_words(short.as_deref().unwrap_or(cell)).into_iter();
    let mut words = words.filter(|word| !EVERY.contains(&word.as_str()));
    words.find(|word| {
        let one = |own: &String| {
            let initial = word.chars().count() == 1 && own.starts_with(word.as_str());
            let cut = word.chars().count() > 3 && own.starts_with(word.as_str());
            own == word || initial || cut
        };
        let number = known.mark(word).is_some();
        !known.names.iter().any(one) && !number
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_compiles() {
        assert!(PLUS_FOUR.is_some());
    }
}
