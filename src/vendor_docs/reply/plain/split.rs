//! The vendor's own text in pieces, as they were written: sentences, and cells of blocks of keys.

use super::block;
use regex::Regex;
use std::sync::LazyLock;

/// A piece of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Of a line that has keys or cells.
    Cell(String),
    /// Of running text.
    Sentence(String),
}

impl Piece {
    /// Its words.
    pub(super) fn text(&self) -> String {
        match self {
            Piece::Cell(text) | Piece::Sentence(text) => text.trim().to_owned(),
        }
    }
}

/// So long is a line that a mail program broke, in characters.
const WRAPPED: usize = 55;
/// Most lines of an address.
const ADDRESS: usize = 6;

static GREETING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?i:hi|hello|hey|dear|good (?:morning|afternoon|day|evening)|greetings)(?:,? (?i:all|there|team|sirs?|madam|sir or madam|folks|everyone|customer|friends?|buyer|purchasing)\b|,?(?: [A-Z][\p{L}.'’]*(?:-[A-Z]\p{L}*)?){1,3}(?: team)?)?\s*(?:[,!:.]+\s*|\s-+\s*|$)",
    )
    .ok()
});

/// The sentence without a greeting before it.
pub(super) fn greeted(sentence: &str) -> &str {
    let found = GREETING.as_ref().and_then(|g| g.find(sentence));
    found.map_or(sentence, |found| &sentence[found.end()..])
}

/// The pieces of a text in order; rows of a table are none when there is one (`table`).
pub(super) fn pieces(own: &str, table: bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut prose = String::new();
    let mut address = 0;
    let mut lines = own.lines().peekable();
    while let Some(line) = lines.next() {
        let line = line
            .trim_end()
            .trim_start_matches([' ', '>', '•', '·', '*']);
        if line.trim().is_empty() {
            address = 0;
            flush(&mut prose, &mut pieces);
            continue;
        }
        if address > 0 {
            address -= 1;
            continue;
        }
        if block::begins_address(line) {
            address = ADDRESS;
            flush(&mut prose, &mut pieces);
            continue;
        }
        if block::heads_address(line, lines.peek().copied()) {
            while lines.next_if(|below| block::is_place(below)).is_some() {}
        }
        if table && block::is_row(line) {
            flush(&mut prose, &mut pieces);
            continue;
        }
        let cells = block::cells(line);
        if cells.len() > 1 || cells.iter().any(|cell| block::has_key(cell)) {
            flush(&mut prose, &mut pieces);
            pieces.extend(cells.into_iter().map(Piece::Cell));
            continue;
        }
        let long = line.chars().count() >= WRAPPED;
        if !prose.is_empty() {
            prose.push(' ');
        }
        prose.push_str(line.trim());
        if !long {
            flush(&mut prose, &mut pieces);
        }
    }
    flush(&mut prose, &mut pieces);
    pieces
}

fn flush(prose: &mut String, pieces: &mut Vec<Piece>) {
    pieces.extend(sentences(prose).into_iter().map(Piece::Sentence));
    prose.clear();
}

/// Words that end with a full stop inside a sentence.
const SHORT: &[&str] = &[
    "a.m", "p.m", "no", "nos", "inc", "co", "corp", "ltd", "st", "mr", "mrs", "ms", "dr", "tel",
    "ext", "est", "approx", "pcs", "ctn", "ctns", "qty", "ref", "trk", "u.s", "p.o", "attn",
    "incl",
];

/// The sentences of running text.
pub(in crate::vendor_docs::reply) fn sentences(text: &str) -> Vec<String> {
    let mut sentences = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let Some(last) = sentences.last_mut() else {
            break;
        };
        let next = chars.peek().copied();
        let ends = match c {
            ';' => true,
            '!' | '?' => next.is_none_or(char::is_whitespace),
            '.' => {
                let word = last.rsplit(' ').next().unwrap_or_default().to_lowercase();
                let word = word.trim_start_matches(['(', '"', '\'']);
                // "M. Okafor"
                let initial = last.trim().chars().count() == 1 && next == Some(' ');
                next.is_none_or(char::is_whitespace) && !SHORT.contains(&word) && !initial
            }
            _ => false,
        };
        if !(ends && matches!(c, ';' | '.')) {
            last.push(c);
        }
        if ends {
            sentences.push(String::new());
        }
    }
    sentences
        .retain(|sentence| sentence.chars().any(char::is_alphanumeric) || sentence.contains('?'));
    sentences.iter().map(|s| s.trim().to_owned()).collect()
}
