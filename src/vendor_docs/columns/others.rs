//! Notes in one row of a table that may be about other rows: a note acts for its own row only where it is empty or
//! all of it is understood and points nowhere else. One that points elsewhere ("above", "line 1", "rest of the
//! order", a ditto) makes the whole table a question; one that nobody understands the rows of its purchase order,
//! and those that it names.

use super::{ColumnKind, marked, nothing};
use crate::domain::pattern::fits;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Words by which a note is about more than its row, or another.
static ELSEWHERE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:above|below|beneath|under|over|line ?\d*|lines|rows?|row ?\d+|item ?#? ?\d+|previous|prior|preceding|following|next|last|former|latter|",
        r"others?|another|rest|remainder|remaining|balance|first|1st|second|2nd|third|3rd|fourth|4th|both|either|neither|see|refer|ditto|dito|idem|ibid|",
        r"same|as per|per|order|orders|entire|entirely|whole|all|everything|every|each|these|those|them|they|none|nothing|list|report|file|table|sheet|page|",
        r"also|too|likewise|again|except|only|batch)\b"
    ))
    .ok()
});
/// What stands for the cell above it.
static DITTO: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?i)^(?:"|''|''+|〃|″|”|“|,,|\^+|↑|↓|-?do-?|d/o|ditto|dito|idem|same|same as (?:above|below|line \d+|row \d+|previous)|as above|as below|see (?:above|below)|above|below)$"#).ok()
});
/// Words of courtesy, of the row itself, and of services, which name such things and point nowhere.
static OWN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:(?:thank you|thanks|thx)(?: (?:so|very) much)?(?: for (?:your|the|this) (?:orders?|business))?|we appreciate your (?:orders?|business)|(?:next|2nd|second|same|3) day(?: air)?|first class(?: mail)?|this (?:item|line|row)|via|drop ?ship(?:ped)? order|web order)\b").ok()
});

/// A note that may be about other rows than its own.
#[derive(Clone, Debug)]
pub struct LooseNote {
    line: usize,
    told: String,
    words: BTreeSet<String>,
    po: Option<String>,
    whole: bool,
}

/// What a row of a table is called by.
#[derive(Clone, Copy, Debug)]
pub struct RowNumbers<'a> {
    /// Its line in the table, from 1.
    pub line: usize,
    /// Its purchase order.
    pub po: Option<&'a str>,
    /// Its article.
    pub sku: Option<&'a str>,
    /// Its parcel.
    pub tracking: Option<&'a str>,
}

fn points(cell: &str) -> bool {
    let own = OWN.as_ref();
    let rest = own.map_or(cell.into(), |own| own.replace_all(cell, " "));
    fits(&ELSEWHERE, &rest)
}

/// Whether a cell stands for that of another row.
pub fn is_ditto(cell: &str) -> bool {
    fits(&DITTO, cell.trim().trim_matches(['.', '!', '*', ' ']))
}

/// The notes of a row that may be about others; `doubts` are those of its own cells, and `None` where it could
/// not be read. A cell of a field that is read has no kind.
pub fn notes<'a>(
    row: &RowNumbers,
    cells: impl Iterator<Item = (&'a str, Option<ColumnKind>, &'a str)>,
    doubts: &[String],
) -> Vec<LooseNote> {
    let mut found = Vec::new();
    for (heading, kind, cell) in cells {
        let ditto = is_ditto(cell);
        if !ditto && nothing(cell) {
            continue;
        }
        let free = matches!(
            kind,
            Some(
                ColumnKind::Words
                    | ColumnKind::Unknown
                    | ColumnKind::Denies
                    | ColumnKind::Affirms
                    | ColumnKind::Goods
                    | ColumnKind::Stock
            )
        );
        let marked = marked(heading, cell);
        let letters = cell.chars().filter(|c| c.is_alphabetic()).count() > 1;
        let whole = ditto || free && points(cell);
        let unread = free && letters && doubts.contains(&marked);
        if whole || unread {
            let words = cell.split(|c: char| c.is_whitespace() || ",;:()[]\"'".contains(c));
            let words = words.map(|word| word.trim_matches(['.', '#', '!']).to_uppercase());
            found.push(LooseNote {
                line: row.line,
                told: marked,
                words: words.filter(|word| word.chars().count() > 2).collect(),
                po: row.po.map(str::to_uppercase),
                whole,
            });
        }
    }
    found
}

/// The clauses for a row about notes in other rows that may be about it.
pub fn about(row: &RowNumbers, notes: &[LooseNote]) -> Vec<String> {
    let large = |text: Option<&str>| text.map(str::to_uppercase);
    let named = |note: &LooseNote| {
        let numbers = [row.po, row.sku, row.tracking].map(large);
        let mut numbers = numbers.into_iter().flatten();
        numbers.any(|number| note.words.contains(&number))
    };
    let same = |note: &LooseNote| note.po.is_some() && note.po == large(row.po);
    let concerns =
        |note: &&LooseNote| note.line != row.line && (note.whole || same(note) || named(note));
    let mut found: Vec<String> = Vec::new();
    for note in notes.iter().filter(concerns) {
        let why = match note.whole {
            true => "which may be about any row of the table",
            false => "which may be about this row as well",
        };
        found.push(format!("line {}: {}, {why}", note.line, note.told));
        if found.len() == MOST {
            break;
        }
    }
    found
}

/// So many notes as can be held against every row; of more the first speaks for all, of the whole table.
pub fn bounded(mut notes: Vec<LooseNote>) -> Vec<LooseNote> {
    const NOTES: usize = 500;
    if notes.len() > NOTES {
        notes.truncate(1);
        notes.iter_mut().for_each(|note| note.whole = true);
    }
    notes
}

/// So many are told of one row.
const MOST: usize = 3;

/// The clause for a note's own row, which points elsewhere.
pub fn own(row: &RowNumbers, notes: &[LooseNote]) -> Vec<String> {
    let own = notes
        .iter()
        .filter(|note| note.line == row.line && note.whole);
    let mut found: Vec<String> = own.map(|note| note.told.clone()).collect();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_that_point_elsewhere() {
        assert!(ELSEWHERE.is_some() && DITTO.is_some() && OWN.is_some());
        for cell in [
            "above line did not ship",
            "see line 1 - not shipped",
            "line below cancelled",
            "rest of order cancelled",
            "see below",
            "as per line 2",
            "same as previous",
            "the other one is out",
            "both were lost",
            "item 2 never left",
            "next row is void",
        ] {
            assert!(points(cell), "{cell}");
        }
        for cell in [
            "\"",
            "ditto",
            "-do-",
            "''",
            "same as above",
            "〃",
            "As above.",
        ] {
            assert!(is_ditto(cell), "{cell}");
        }
        for cell in [
            "shipped complete",
            "Thank you for your order!",
            "Next Day Air",
            "gift wrap",
            "first class mail",
            "left by UPS",
        ] {
            assert!(!points(cell) && !is_ditto(cell), "{cell}");
        }
    }
}
