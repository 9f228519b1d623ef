//! Lines of a plain table that are of no bill: totals, thanks, the number of a page.

use crate::domain::money::Money;
use crate::tabular::cells;
use crate::tabular::rows::Row;

/// The filled cells of a row.
fn filled(row: &Row) -> Vec<&str> {
    let cells = row.cells.iter().map(|cell| cell.trim());
    cells.filter(|cell| !cell.is_empty()).collect()
}

/// The amount of a line that has a word for a total, and that amount alone.
pub(super) fn total_of(row: &Row) -> Option<Money> {
    let cells = filled(row);
    let (word, rest) = cells.split_first()?;
    // pieces may be counted before the amount
    let (amount, counted) = rest.split_last()?;
    if counted.len() > 2
        || counted
            .iter()
            .any(|cell| !matches!(cells::amount(cell), Ok(Some(_))))
    {
        return None;
    }
    let word = word.to_lowercase();
    let word = word.trim_matches([':', '*', ' ', '.']);
    let total = [
        "total",
        "totals",
        "grand total",
        "sum",
        "report total",
        "total amount",
        "total due",
        "total invoices",
    ]
    .contains(&word);
    cells::amount(amount).ok().flatten().filter(|_| total)
}

/// A line below the bills that says nothing: thanks, the end of the report, the number of a page.
pub(super) fn is_footer(row: &Row) -> bool {
    let [only] = filled(row)[..] else {
        return false;
    };
    let words = only.to_lowercase();
    let words = words.trim_matches([':', '*', ' ', '.', '!', '-']);
    let page = words.strip_prefix("page ").is_some_and(|rest| {
        rest.split(" of ")
            .all(|number| number.parse::<u32>().is_ok())
    });
    let counted = words.split_once(':').is_some_and(|(key, count)| {
        let key = key
            .trim_start_matches("total ")
            .trim_start_matches("number of ");
        let of = ["invoices", "bills", "records", "rows", "lines", "count"];
        of.contains(&key.trim()) && count.trim().parse::<u32>().is_ok()
    });
    page || counted
        || [
            "thank you",
            "thanks",
            "thank you for your business",
            "end of report",
            "end of file",
        ]
        .contains(&words)
}
