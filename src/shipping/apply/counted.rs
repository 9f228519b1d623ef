//! A number of pieces in the words of a mail: rows without one would take all that is open, so the
//! words must say the same.

use super::files::Content;
use crate::ledger::po_lines::LineState;
use crate::vendor_docs::advice::AdviceRow;
use crate::vendor_docs::reply::structured::AckRow;
use regex::Regex;
use std::collections::HashSet;
use std::sync::LazyLock;

static COUNTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let number = "([0-9]{1,18})";
    let unit = "(?:pcs?|pieces?|ea|each|units?|items?)";
    Regex::new(&format!(
        r"(?i)(?:^|[^\w-]){number} ?{unit}\b|(?:^|[^\w-]){number} ?[x×] |(?:^|\s)[x×] ?{number}\b|\b(?:qty|quantity)\.?(?: of)?:? ?{number}\b|\b(0+) (?:boxes|box|packages?|pkgs?|parcels?|cartons?|ctns?)\b"
    ))
    .ok()
});

/// The numbers of pieces that a sentence says; one too large to be read is `i64::MAX`.
fn counts(sentence: &str) -> Vec<i64> {
    let found = COUNTS.as_ref().map(|counts| counts.captures_iter(sentence));
    let number = |found: regex::Captures| {
        let text = found.iter().skip(1).flatten().next()?.as_str().to_owned();
        Some(text.parse().unwrap_or(i64::MAX))
    };
    found.into_iter().flatten().filter_map(number).collect()
}

/// The open pieces that a sentence is about: of the articles that it names, else of all.
fn open_of(sentence: &str, lines: &[LineState]) -> i64 {
    let sentence = sentence.to_lowercase();
    let names = |name: &str| !name.is_empty() && sentence.contains(&name.to_lowercase());
    let named = |line: &&LineState| names(&line.sku) || names(&line.vendor_sku);
    let any = lines.iter().any(|line| named(&line));
    let meant = lines.iter().filter(|line| !any || named(line));
    meant.map(|line| line.pieces.open()).sum()
}

/// The sentences whose number of pieces is neither that of the rows nor, where rows have none, what is
/// open: nothing may act beside them.
pub(super) fn others(clear: &[String], rows: &[AdviceRow], lines: &[LineState]) -> Vec<String> {
    let said: Vec<i64> = rows.iter().filter_map(|row| row.qty).collect();
    let silent = said.len() < rows.len();
    let fits = |sentence: &str, count: i64| {
        let open = open_of(sentence, lines);
        let of_rows = said.contains(&count) || !silent && count == said.iter().sum::<i64>();
        // of what left already nothing can leave again
        let over = !lines.is_empty() && open == 0;
        count > 0 && (of_rows || silent && (count == open || over))
    };
    let odd = |sentence: &&String| counts(sentence).iter().any(|one| !fits(sentence, *one));
    clear.iter().filter(odd).cloned().collect()
}

/// What stands in a covering letter before a number's unit, and what of the rows beside it that counts.
static OF_PAPERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let number = "(?:^|[^\\w-])([0-9]{1,18}) (?:[a-z]+ )?";
    Regex::new(&format!(
        r"(?i){number}(?:boxes|box|packages?|pkgs?|parcels?|cartons?|ctns?|tracking numbers?)\b|{number}(?:orders?|purchase orders|pos)\b|{number}(?:lines?|rows?)\b"
    ))
    .ok()
});

/// The sentences of a covering letter whose number of pieces, parcels, orders or lines is not that of the
/// rows beside it: of the rows whose article or order it names, else of all. Rows without pieces are
/// those that are open.
pub(super) fn beside(clear: &[String], tables: &[&Content], lines: &[LineState]) -> Vec<String> {
    let all: Vec<CountedRow> = tables.iter().flat_map(|table| rows_of(table)).collect();
    let errors = tables.iter().any(|table| table.errors() > 0);
    let odd = |sentence: &&String| {
        let named: Vec<&CountedRow> = all.iter().filter(|row| row.is_in(sentence)).collect();
        let meant = if named.is_empty() {
            all.iter().collect()
        } else {
            named
        };
        let pieces = counts(sentence);
        let differs = !pieces.is_empty() && !fits_pieces(&pieces, sentence, &meant, lines);
        let papers = OF_PAPERS
            .as_ref()
            .map(|papers| papers.captures_iter(sentence));
        let other = papers.into_iter().flatten().any(|found| {
            let said = |group| found.get(group)?.as_str().parse::<usize>().ok();
            let distinct = |of: fn(&CountedRow) -> &Option<String>| {
                let known: HashSet<&String> =
                    meant.iter().filter_map(|row| of(row).as_ref()).collect();
                known.len()
            };
            said(1).is_some_and(|n| n != distinct(|row| &row.tracking))
                || said(2).is_some_and(|n| n != distinct(|row| &row.po))
                || said(3).is_some_and(|n| n != meant.len())
        });
        differs || other || errors && !pieces.is_empty()
    };
    clear.iter().filter(odd).cloned().collect()
}

/// Whether numbers of pieces are those of the rows that are meant: their sum, or of several numbers each
/// that of a row.
fn fits_pieces(said: &[i64], sentence: &str, meant: &[&CountedRow], lines: &[LineState]) -> bool {
    let of_rows: Option<Vec<i64>> = meant.iter().map(|row| row.qty).collect();
    let sum = |all: &[i64]| all.iter().fold(0_i64, |sum, one| sum.saturating_add(*one));
    match of_rows {
        Some(rows) => {
            let total = sum(&rows);
            let parts = said.len() > 1 && said.iter().all(|one| rows.contains(one));
            parts || sum(said) == total || said.iter().all(|one| *one == total)
        }
        None => said.iter().all(|one| *one == open_of(sentence, lines)),
    }
}

/// What of a row a covering letter may count.
struct CountedRow {
    names: Vec<String>,
    po: Option<String>,
    qty: Option<i64>,
    tracking: Option<String>,
}

impl CountedRow {
    /// Whether a sentence names its article or its order.
    fn is_in(&self, sentence: &str) -> bool {
        let sentence = sentence.to_lowercase();
        let mut names = self.names.iter().chain(&self.po);
        names.any(|name| !name.is_empty() && sentence.contains(&name.to_lowercase()))
    }
}

fn rows_of(table: &Content) -> Vec<CountedRow> {
    match table {
        Content::Advice(advice) => {
            let row = |row: &AdviceRow| CountedRow {
                names: row.sku.clone().into_iter().collect(),
                po: row.po_number.clone(),
                qty: row.qty,
                tracking: row.tracking_number.clone(),
            };
            advice.rows.iter().map(row).collect()
        }
        Content::Answers((rows, _)) => {
            let row = |row: &AckRow| CountedRow {
                names: row.sku.clone().into_iter().collect(),
                po: row.po_number.clone(),
                qty: row.qty,
                tracking: None,
            };
            rows.iter().map(row).collect()
        }
    }
}

/// Gives the one row that has no number the one that the words say, which is what is open.
pub(super) fn given(clear: &[String], rows: &mut [AdviceRow], lines: &[LineState]) {
    let mut said: Vec<i64> = clear.iter().flat_map(|sentence| counts(sentence)).collect();
    said.dedup();
    let open: i64 = lines.iter().map(|line| line.pieces.open()).sum();
    if let ([row], [count]) = (rows, said.as_slice())
        && row.qty.is_none()
        && *count == open
        && lines.len() == 1
    {
        row.qty = Some(*count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_in_sentences() {
        assert!(COUNTS.is_some() && OF_PAPERS.is_some());
        for (sentence, said) in [
            ("Shipped 0 pieces", vec![0]),
            ("2 x LITE-1001 shipped", vec![2]),
            ("LITE-1001 x 3, qty: 4", vec![3, 4]),
            ("3 units left and 0 boxes", vec![3, 0]),
            ("shipped 2 boxes on 11/29 by 1Z999AA10123456784", vec![]),
            ("99999999999 pcs", vec![99_999_999_999]),
        ] {
            assert_eq!(counts(sentence), said, "{sentence}");
        }
    }
}
