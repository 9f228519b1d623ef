//! Rows of a plain table that are of no bill of their own and take back those above them: "VOID", "Less credit,
//! -14.00", "Amount paid, 184.50".

use super::labels::BillColumn;
use super::remarks::{PAID, TAKEN_BACK};
use super::{BillSheet, footers, of_credits};
use crate::domain::pattern::fits;
use crate::domain::remit;
use crate::tabular::cells;
use crate::tabular::rows::Row;

/// The rows that are taken back, each with why: the one right above; below the last bill what has an amount may
/// be of all of them.
pub(super) fn rows(sheet: &BillSheet) -> Vec<(u64, String)> {
    let all: Vec<&Row> = sheet
        .rows
        .iter()
        .skip(sheet.header.at + 1)
        .filter(|row| !row.is_blank())
        .collect();
    let aside = |row: &&Row| {
        footers::is_footer(row) || footers::total_of(row).is_some() || is_loose(sheet, row)
    };
    // below the last bill
    let end = all
        .iter()
        .rposition(|row| !aside(row))
        .map_or(0, |at| at + 1);
    let mut bad = Vec::new();
    let mut whole = false;
    for (at, row) in all.iter().enumerate() {
        let Some(said) = recant(sheet, row) else {
            continue;
        };
        let why = format!(
            "line {} below it says '{said}': it is not taken; ask whoever keeps the bills",
            row.line
        );
        let from = match at >= end && is_loose(sheet, row) && !whole {
            true => 0,
            false => at.saturating_sub(1),
        };
        whole |= from == 0;
        bad.extend(all[from..at].iter().map(|row| (row.line, why.clone())));
    }
    bad
}

/// A line of some words and an amount, of no bill of its own: "Amount paid, 184.50".
fn is_loose(sheet: &BillSheet, row: &Row) -> bool {
    let own = [
        BillColumn::Number,
        BillColumn::InvoiceNumber,
        BillColumn::Date,
        BillColumn::InvoiceDate,
        BillColumn::PoNumber,
        BillColumn::Item,
    ];
    let filled: Vec<&str> = row
        .cells
        .iter()
        .map(|cell| cell.trim())
        .filter(|cell| !cell.is_empty())
        .collect();
    let bare = own.iter().all(|column| {
        let cell = sheet.header.cell(row, *column);
        cell.is_empty() || cells::amount(cell).is_ok_and(|amount| amount.is_some())
    });
    let amount = |cell: &&str| cells::amount(cell).is_ok_and(|amount| amount.is_some());
    bare && filled.len() == 2 && filled.iter().filter(|cell| amount(cell)).count() == 1
}

/// What a row without an amount says, where that takes back the bill above it.
fn recant(sheet: &BillSheet, row: &Row) -> Option<String> {
    let amounts = [BillColumn::Amount, BillColumn::Total, BillColumn::Price];
    let amount = |column: &BillColumn| cells::amount(sheet.header.cell(row, *column));
    let priced = amounts
        .iter()
        .any(|column| matches!(amount(column), Ok(Some(_))));
    let said: Vec<&str> = row
        .cells
        .iter()
        .map(|cell| cell.trim())
        .filter(|cell| !cell.is_empty())
        .collect();
    let said = said.join(", ");
    let words = said
        .split_whitespace()
        .filter(|word| word.contains(char::is_alphabetic));
    let curt = (1..=3).contains(&words.count()) && !said.bytes().any(|b| b.is_ascii_digit());
    let words = fits(&TAKEN_BACK, &said) || of_credits::says(&said);
    let back = curt || words || fits(&PAID, &said);
    let back = back || !remit::in_cells(&said).is_empty();
    // "Less credit, -14.00": it is of the bill above
    if is_loose(sheet, row) && !footers::is_footer(row) && footers::total_of(row).is_none() {
        let shown: String = said.chars().take(80).collect();
        return Some(shown.escape_debug().to_string());
    }
    let loose = [
        BillColumn::Vendor,
        BillColumn::Number,
        BillColumn::InvoiceNumber,
    ];
    let loose = loose
        .iter()
        .all(|column| sheet.header.cell(row, *column).is_empty());
    let less = loose && said.contains('-') && words;
    let harmless = footers::is_footer(row);
    let shown: String = said.chars().take(80).collect();
    ((!priced || less) && back && !harmless).then(|| shown.escape_debug().to_string())
}
