//! A text that answers several purchase orders at once, taken apart: what stands beside each number.

use super::plain;
use crate::domain::pattern::fits;
use regex::Regex;
use std::sync::LazyLock;

/// What stands beside some numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Of which numbers, by their places in the list.
    pub numbers: Vec<usize>,
    /// The words, with one [`MARK`] where the numbers stood.
    pub said: String,
    /// Sentences without a number that follow.
    pub more: String,
}

/// The parts of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextParts {
    /// In the order of the text.
    pub blocks: Vec<Block>,
    /// What stands before the first number, and apart from any below.
    pub apart: String,
}

/// Stands in a block's words for its numbers.
pub const MARK: char = '\u{F0020}';
/// So long is a line that a mail program broke, in characters.
const WRAPPED: usize = 55;

/// What may stand between the numbers of one list.
static BETWEEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^[\s,&/+;#]*(?:(?:and|po|pos|p\.o\.|purchase orders?|orders?)[\s#:.]*)*$").ok()
});
/// What may stand before a number with which a statement begins.
static BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^[^a-z0-9]*(?:(?:hi|hello|dear)\b[^,:!]{0,40}[,:!]\s*)?(?:(?:re|for|on|regarding|your|the|po|pos|p\.o\.|purchase orders?|orders?|numbers?|no|nos|both|and|also)\b[\s.:#-]*)*$",
    )
    .ok()
});
/// What joins one statement to the next.
static JOINT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)[\s,;&+-]*(?:\b(?:and|while|but|po|p\.o\.|purchase order|order|for|also)\b[\s,:#.]*)*$",
    )
    .ok()
});

/// Takes a text apart by the numbers in it; `None` where it does not say for certain which words belong
/// to which number.
pub fn of(own: &str, numbers: &[String]) -> Option<TextParts> {
    let mut parts = TextParts::default();
    let mut open = false;
    for line in lines(own) {
        if line.trim().is_empty() {
            // a number by itself is a heading of what is below it
            open = parts.blocks.last().is_some_and(Block::is_heading);
            continue;
        }
        for sentence in plain::sentences(&line) {
            let found = places(&sentence, numbers);
            match (found.is_empty(), parts.blocks.last_mut()) {
                (false, _) => {
                    parts.blocks.extend(statements(&sentence, &found)?);
                    open = true;
                }
                (true, Some(block)) if open => {
                    block.more.push_str(&sentence);
                    block.more.push_str(".\n");
                }
                (true, _) => {
                    parts.apart.push_str(&sentence);
                    parts.apart.push_str(".\n");
                }
            }
        }
    }
    Some(parts)
}

impl Block {
    /// Whether nothing is said but the numbers.
    pub fn is_heading(&self) -> bool {
        self.more.is_empty() && !self.said.chars().any(char::is_alphanumeric)
    }
}

/// The lines as they were written, without bullets, a line that a mail program broke with its rest.
fn lines(own: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut long = false;
    for line in own.lines() {
        let line = line
            .trim()
            .trim_start_matches(['>', '•', '·', '*', '-', ' ', '|']);
        let goes_on = line.chars().next().is_some_and(char::is_lowercase);
        match all.last_mut().filter(|_| long && goes_on) {
            Some(last) => {
                last.push(' ');
                last.push_str(line);
            }
            None => all.push(line.to_owned()),
        }
        long = line.chars().count() >= WRAPPED;
    }
    all
}

/// A number of the list as it stands in a text: from, to, which.
type ListNumber = (usize, usize, usize);

/// Without what may stand around a number.
pub fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// The words of a text, with where they stand.
pub fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let apart = |c: char| c.is_whitespace() || ",:;()[]<>\"|=!?&".contains(c);
    text.split(apart).filter_map(move |word| {
        let word = bare(word);
        let at = (word.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
        (!word.is_empty()).then_some((at, word))
    })
}

fn places(text: &str, numbers: &[String]) -> Vec<ListNumber> {
    let which = |word: &str| {
        let mut all = numbers.iter();
        all.position(|number| bare(number).eq_ignore_ascii_case(word))
    };
    let found = words(text).filter_map(|(at, word)| Some((at, at + word.len(), which(word)?)));
    found.collect()
}

/// The statements of a sentence that names numbers, each with its list of them.
fn statements(sentence: &str, found: &[ListNumber]) -> Option<Vec<Block>> {
    let mut lists: Vec<Vec<ListNumber>> = Vec::new();
    for place in found {
        let joined = |list: &Vec<ListNumber>| {
            let end = list.last().map_or(0, |last| last.1);
            sentence
                .get(end..place.0)
                .is_some_and(|gap| fits(&BETWEEN, gap))
        };
        match lists.last_mut() {
            Some(list) if joined(list) => list.push(*place),
            _ => lists.push(vec![*place]),
        }
    }
    let first = lists.first()?.first()?.0;
    let before = sentence.get(..first)?;
    let begins = fits(&BEFORE, before);
    if before.to_lowercase().contains("both") && lists.first()?.len() != 2 {
        return None;
    }
    // "A confirmed, B, C not": whose word is the one before B?
    let certain = lists.len() == 1 || begins && lists.iter().all(|list| list.len() == 1);
    if !certain {
        return None;
    }
    let mut blocks = Vec::new();
    for (at, list) in lists.iter().enumerate() {
        let (from, to) = (list.first()?.0, list.last()?.1);
        let end = lists.get(at + 1).and_then(|next| Some(next.first()?.0));
        let after = sentence.get(to..end.unwrap_or(sentence.len()))?;
        let after = match (end, JOINT.as_ref().and_then(|joint| joint.find(after))) {
            (Some(_), Some(joint)) => &after[..joint.start()],
            _ => after,
        };
        let before = match begins {
            true => "",
            false => sentence.get(..from)?,
        };
        let mut numbers: Vec<usize> = list.iter().map(|place| place.2).collect();
        numbers.sort_unstable();
        numbers.dedup();
        blocks.push(Block {
            numbers,
            said: format!("{before}{MARK}{after}.\n"),
            more: String::new(),
        });
    }
    Some(blocks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<Vec<(Vec<usize>, String, String)>> {
        let numbers = ["A0-1", "A1-1", "#12-1"].map(str::to_owned);
        let parts = of(text, &numbers)?;
        let flat = |text: &str| text.replace([MARK, '\n'], " ").trim().to_owned();
        let blocks = parts.blocks.iter();
        let blocks = blocks.map(|one| (one.numbers.clone(), flat(&one.said), flat(&one.more)));
        Some(blocks.collect())
    }

    fn said(numbers: &[usize], said: &str, more: &str) -> (Vec<usize>, String, String) {
        (numbers.to_vec(), said.to_owned(), more.to_owned())
    }

    #[test]
    fn words_beside_their_number() {
        let two = Some(vec![
            said(&[0], ": confirmed.", ""),
            said(&[1], ": backordered.", ""),
        ]);
        assert_eq!(read("Hi,\n- A0-1: confirmed\n- A1-1: backordered\n"), two);
        assert_eq!(read("PO A0-1: confirmed, and PO a1-1: backordered."), two);
        assert_eq!(
            read("A0-1 shipped today. UPS 1Z9\nPO #12-1\n\nconfirmed"),
            Some(vec![
                said(&[0], "shipped today.", "UPS 1Z9."),
                said(&[2], ".", "confirmed."),
            ])
        );
        assert_eq!(
            read("Confirmed: A0-1, A1-1 and #12-1"),
            Some(vec![said(&[0, 1, 2], "Confirmed:  .", "")])
        );
        assert_eq!(
            read("A0-1 and A1-1 are confirmed."),
            Some(vec![said(&[0, 1], "are confirmed.", "")])
        );
        assert_eq!(read("Confirmed."), Some(Vec::new()));
        for text in [
            "We confirm A0-1 and will not ship A1-1",
            "A0-1 accepted, A1-1, #12-1 rejected",
            "Both A0-1, A1-1 and #12-1 are confirmed",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "(A0-1|a1-1|and |, |confirmed|\\. |\n|\\PC){0,12}") {
            read(&text);
        }
    }
}
