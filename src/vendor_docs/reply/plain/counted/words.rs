//! The words that count, and a sentence in words and signs.

use crate::vendor_docs::reply::mask::{date_of, line_of};
use crate::vendor_docs::reply::plain::phrases::is_sign;
use std::ops::Range;

/// Numbers in words.
pub(super) const NUMBERS: [&str; 13] = [
    "", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];
/// A part, and which is not said; more or less than was ordered; another than the first.
pub(super) const PARTS: &[&str] = &[
    "some",
    "several",
    "few",
    "couple",
    "half",
    "most",
    "many",
    "part",
    "partial",
    "partially",
    "portion",
    "either",
    "neither",
    "only",
    "another",
    "extra",
    "additional",
    "more",
    "fewer",
    "twice",
    "double",
    "triple",
    "second",
    "third",
    "fourth",
    "fifth",
    "1st",
    "2nd",
    "3rd",
    "4th",
    "first",
    "last",
    "quarter",
    "majority",
    "dozens",
    "pairs",
];
/// What of the order is meant without its name: only where others are named, which is looked at elsewhere.
pub(super) const OTHERS: &[&str] = &[
    "rest",
    "remaining",
    "remainder",
    "balance",
    "other",
    "others",
    "else",
];
pub(super) const ORDERS: &[&str] = &["orders", "pos", "p.o.s"];
pub(super) const PARCELS: &[&str] = &[
    "packages",
    "parcels",
    "boxes",
    "cartons",
    "shipments",
    "ctns",
    "pkgs",
    "packs",
];
pub(super) const PARCEL: &[&str] = &[
    "package", "parcel", "box", "carton", "shipment", "ctn", "pkg",
];
pub(super) const ITEMS: &[&str] = &["items", "lines", "products", "articles", "skus"];
pub(super) const ITEM: &[&str] = &["item", "line", "product", "article", "sku"];
pub(super) const PIECES: &[&str] = &["pieces", "units", "pcs", "ea", "pc", "each", "x"];
pub(super) const PIECE: &[&str] = &["piece", "unit"];
pub(super) const THEM: &[&str] = &["them", "these", "those"];
/// What may stand behind "all four".
pub(super) const VERBS: &[&str] = &[
    "are",
    "is",
    "will",
    "ll",
    "have",
    "has",
    "were",
    "ship",
    "shipped",
    "went",
    "left",
    "go",
    "in",
    "on",
    "out",
    "can",
    "should",
    "confirmed",
    "accepted",
    "leave",
];
/// Which.
pub(super) const DETERMINERS: &[&str] =
    &["the", "your", "our", "this", "that", "these", "those", "of"];

/// A word, or a sign of its own, and where it stands.
pub(super) struct Token {
    pub text: String,
    pub span: Range<usize>,
    /// Whether a mark of a sentence stands between it and the one before.
    pub apart: bool,
}

/// The words and signs of a masked sentence.
pub(super) fn tokens(masked: &str) -> Vec<Token> {
    let mut all: Vec<Token> = Vec::new();
    let mut apart = false;
    let mut word: Option<usize> = None;
    let end = [(masked.len(), ' ')];
    for (at, c) in masked.char_indices().chain(end) {
        let glued = c.is_alphanumeric() || matches!(c, '\'' | '’');
        let sign = line_of(c).is_some() || date_of(c).is_some() || is_sign(c);
        if let Some(from) = word.filter(|_| !glued || sign) {
            all.push(Token {
                text: masked[from..at].to_lowercase(),
                span: from..at,
                apart,
            });
            word = None;
            apart = false;
        }
        match () {
            () if sign => {
                let span = at..at + c.len_utf8();
                all.push(Token {
                    text: c.to_string(),
                    span,
                    apart,
                });
                apart = false;
            }
            () if glued && word.is_none() => word = Some(at),
            () => apart |= ",.;:()$€£%/".contains(c),
        }
    }
    all
}

/// The line that a token names by its sign.
pub(super) fn line_sign(text: &str) -> Option<usize> {
    let mut chars = text.chars();
    let first = chars.next()?;
    line_of(first).filter(|_| chars.next().is_none())
}
