//! A card's number in a text, and the word that it is a part of.

use std::ops::Range;

/// Longer words are none that the ledger knows, in bytes.
const LONGEST_WORD: usize = 200;

/// A card's number in a text.
pub(super) struct Card {
    /// Where it begins and ends, in bytes.
    pub place: Range<usize>,
    /// Its digits, ASCII.
    pub digits: Vec<u8>,
    /// Where its hidden digits are: all but the first six and the last four.
    pub hidden: Vec<Range<usize>>,
}

impl Card {
    /// The words by which the number may be known: the one that it is (part of), and its digits alone. A word
    /// that is too long to be known is empty: in a text without blanks each would be the whole text.
    pub fn words(&self, text: &str) -> [String; 2] {
        let digits = self.digits.iter().map(|digit| char::from(*digit));
        [self.word(text).unwrap_or_default(), digits.collect()]
    }

    fn word(&self, text: &str) -> Option<String> {
        let apart = |c: char| c.is_whitespace() || ",;|\"'<>()[]{}:=*".contains(c);
        let Range { start, end } = self.place;
        let mut before = text[..start].char_indices().rev();
        let from = before
            .find(|(at, c)| apart(*c) || start - at > LONGEST_WORD)
            .map_or(0, |(at, c)| at + c.len_utf8());
        let mut behind = text[end..].char_indices();
        let to = behind
            .find(|(at, c)| apart(*c) || *at > LONGEST_WORD)
            .map_or(text.len(), |(at, _)| end + at);
        if to - from > LONGEST_WORD {
            return None;
        }
        let behind = text[end..to].trim_end_matches(['.', '!', '?', '-']);
        Some(format!("{}{behind}", &text[from..end]))
    }
}
