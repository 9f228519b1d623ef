//! What a sentence is about, where it names no number: words of the lines' descriptions, and subjects
//! that nobody could know.

use super::AskedPo;
use super::mask::{date_of, line_of};
use super::vocabulary::{ALL_OF_IT, refusal};
use std::collections::{BTreeMap, BTreeSet};

/// The words by which the lines of an order are told apart: for one piece, with their lines, and as the
/// descriptions have them.
pub(super) struct Goods {
    lines: BTreeMap<String, Vec<usize>>,
    written: BTreeSet<String>,
}

/// Shortest word that tells.
const SHORTEST: usize = 3;
/// Words of descriptions that tell nothing.
const COMMON: &[&str] = &[
    "with", "and", "for", "the", "set", "pack", "pair", "pcs", "inch", "size", "new", "all", "not",
];
/// Words that may stand before "is out of stock" when all of the order is meant.
const PLAIN: &[&str] = &[
    "a",
    "about",
    "absolutely",
    "advise",
    "all",
    "already",
    "also",
    "am",
    "an",
    "and",
    "any",
    "apologies",
    "apologize",
    "are",
    "as",
    "at",
    "be",
    "because",
    "been",
    "being",
    "both",
    "but",
    "by",
    "completely",
    "currently",
    "due",
    "entire",
    "entirely",
    "everything",
    "for",
    "from",
    "fully",
    "had",
    "has",
    "have",
    "i",
    "in",
    "inform",
    "is",
    "it",
    "its",
    "just",
    "know",
    "let",
    "line",
    "listed",
    "must",
    "my",
    "now",
    "of",
    "on",
    "our",
    "ordered",
    "permanently",
    "please",
    "per",
    "presently",
    "request",
    "requested",
    "asked",
    "regret",
    "say",
    "since",
    "so",
    "sorry",
    "still",
    "temporarily",
    "tell",
    "that",
    "the",
    "these",
    "they",
    "this",
    "those",
    "to",
    "today",
    "unfortunately",
    "very",
    "was",
    "we",
    "were",
    "which",
    "whole",
    "will",
    "with",
    "you",
    "your",
    "it's",
    "they're",
    "we're",
    "that's",
    "i'm",
    "one",
    "article",
    "item",
    "product",
    "sku",
    "part",
];

impl Goods {
    pub(super) fn of(asked: AskedPo<'_>) -> Goods {
        let mut all: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut written = BTreeSet::new();
        for (at, line) in asked.lines.iter().enumerate() {
            for word in words(&line.description.to_lowercase()) {
                let tells = word.chars().all(char::is_alphabetic)
                    && word.chars().count() >= SHORTEST
                    && !COMMON.contains(&word)
                    && !ALL_OF_IT.contains(&word);
                if tells {
                    written.insert(word.to_owned());
                    let lines = all.entry(one(word)).or_default();
                    if lines.last() != Some(&at) {
                        lines.push(at);
                    }
                }
            }
        }
        Goods {
            lines: all,
            written,
        }
    }

    /// Whether a word is one of them.
    pub(super) fn has(&self, word: &str) -> bool {
        self.lines.contains_key(&one(word))
    }

    /// The lines that it fits.
    pub(super) fn of_word(&self, word: &str) -> Vec<usize> {
        self.lines.get(&one(word)).cloned().unwrap_or_default()
    }

    /// Whether it is of several pieces, where the descriptions have it of one.
    pub(super) fn is_plural(&self, word: &str) -> bool {
        one(word) != word && self.has(word) && !self.written.contains(word)
    }

    /// Whether it is of one piece, as the descriptions have it.
    pub(super) fn is_singular(&self, word: &str) -> bool {
        one(word) == word && self.written.contains(word)
    }

    /// The lines that the sentence may mean by such words: those that all of them fit, else those
    /// that any fits; `None` without any.
    pub(super) fn meant(&self, sentence: &str) -> Option<Vec<usize>> {
        let found: Vec<&Vec<usize>> = words(sentence)
            .filter_map(|word| self.lines.get(&one(word)))
            .collect();
        let mut lines: Vec<usize> = found
            .iter()
            .flat_map(|lines| lines.iter().copied())
            .collect();
        lines.sort_unstable();
        lines.dedup();
        let every = |line: &usize| found.iter().all(|lines| lines.contains(line));
        if lines.iter().any(every) {
            lines.retain(every);
        }
        (!lines.is_empty()).then_some(lines)
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| !(c.is_alphanumeric() || c == '\''));
    parts
        .map(|word| word.trim_matches('\''))
        .filter(|word| !word.is_empty())
}

/// The word for one piece of several, as far as an ending tells.
fn one(word: &str) -> String {
    let plural = word
        .strip_suffix("es")
        .filter(|stem| stem.ends_with(['s', 'x', 'h']));
    let plural = plural.or_else(|| word.strip_suffix('s').filter(|stem| !stem.ends_with('s')));
    plural
        .filter(|stem| stem.len() >= SHORTEST)
        .unwrap_or(word)
        .to_owned()
}

/// Whether a sentence says that something does not come which is neither named by number nor all of
/// the order: "Blue ones are out of stock".
pub(super) fn odd_subject(sentence: &str) -> bool {
    let Some(at) = refusal(sentence) else {
        return false;
    };
    let before = sentence[..at].trim_start();
    let greeted = ["hi ", "hello ", "dear ", "good "]
        .iter()
        .any(|word| before.starts_with(word));
    let before = match before.split_once(',') {
        Some((_, rest)) if greeted => rest,
        _ => before,
    };
    let sign = |word: &str| {
        word.chars()
            .all(|c| line_of(c).is_some() || date_of(c).is_some())
    };
    let plain = |word: &str| PLAIN.contains(&word) || ALL_OF_IT.contains(&word) || sign(word);
    !before
        .split(|c: char| c.is_whitespace() || ",.;:!-()\"".contains(c))
        .all(plain)
}

#[cfg(test)]
mod tests {
    use super::super::AskedLine;
    use super::*;

    #[test]
    fn words_that_tell_lines_apart() {
        let line = |description: &str| AskedLine {
            description: description.to_owned(),
            ..AskedLine::default()
        };
        let lines = [
            line("Brass Floor Lamp"),
            line("Glass Lamps with Shade"),
            line("Kettle 1.7 l"),
        ];
        let goods = Goods::of(AskedPo {
            po_number: "W1-1",
            lines: &lines,
            vendor: None,
        });
        for (text, meant) in [
            ("the kettles are out", Some(vec![2])),
            ("brass lamp ships", Some(vec![0])),
            ("the lamp ships", Some(vec![0, 1])),
            ("the kettle and the glass lamp", Some(vec![0, 1, 2])),
            ("your order ships with ups", None),
        ] {
            assert_eq!(goods.meant(text), meant, "{text}");
        }
    }

    #[test]
    fn subjects_that_nobody_could_know() {
        for (text, odd) in [
            ("we are currently out of stock", false),
            ("hi susan, unfortunately this is discontinued", false),
            ("everything on your order is backordered", false),
            ("blue ones are out of stock", true),
            ("kettle discontinued", true),
            ("it ships tomorrow", false),
        ] {
            assert_eq!(odd_subject(text), odd, "{text}");
        }
    }
}
