//! Words about credits and goods that came back: on a bill they say that it is none, on a credit nothing.

use super::BillSheet;
use super::beside::bare;
use super::bills::{BillRowKind, kind};
use super::labels::{BillColumn, meaning};
use super::remarks::{WORDS, told};
use crate::domain::money::Money;
use crate::domain::pattern::fits;
use crate::tabular::cells;
use crate::tabular::rows::Row;
use regex::Regex;
use std::sync::LazyLock;

static OF_CREDITS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:credit for|cancels|returned|returns? of|return credit|refused|short shipped|(?:wrong|incorrect) price|price (?:is )?(?:wrong|incorrect)|damaged|see credit|net of credit|less credit|partial (?:bill|invoice|payment)|deposit|estimate for|estimate|prepayment|never (?:arrived|received|shipped|delivered)|not (?:yet )?(?:shipped|arrived|delivered)|refund|restocking|returning|rma|exchange for|replacement for|under warranty|defective|owe[sd]?|owing|over-?(?:charged?|billed)|short (?:paid|pay|ship|billed)|shorted|shortage|shortfall|deduct\w*|offset|less (?:(?:a|the|our|any) )?(?:\$?\d[\d.,]*|discounts?|allowance|deposit|returns?)|minus \$?\d[\d.,]*|(?:prior|previous|opening|old) balance|(?:balance|carried|brought) forward|reminder|(?:second|2nd|third|3rd|final|last|past due) notice|revised|amended|corrected|correction|replaces|re-?issued?|re-?bill(?:ed|ing)?|re-?invoiced?|supersedes|adjust(?:ed|ment|ments)|rebate|charge-?back|(?:paid|payment) in advance|advance payment|pre-?payments?|pay-?on-?account|(?:account |monthly )?statement (?:for|of|dated))\b").ok()
});
/// Credits, with the word behind it; a credit card is none.
static CREDIT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\bcredit(?:s|ed)?\b\W*(?P<next>\w*)").ok());
const NO_CREDIT: &[&str] = &[
    "card",
    "cards",
    "terms",
    "line",
    "limit",
    "union",
    "dept",
    "department",
    "manager",
];
/// Goods that come back.
static RETURN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)(?P<before>\w*)\W*\breturns?\b\W*(?P<next>\w*)").ok());
const NO_RETURN: &[&str] = &["address", "label", "policy", "postage", "to", "receipt"];
/// Money that was paid before, but not for carriage: "freight prepaid".
static AHEAD: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\b(?:pre-?paid|paid up)\b").ok());
static CARRIAGE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:freight|frt|shipping|carriage|postage|ship|ups|fedex|add|ppd)\b").ok()
});

/// Whether a text is about a credit, goods that came back, or other money than the bill's.
pub(super) fn says(text: &str) -> bool {
    fits(&OF_CREDITS, text)
        || followed(&CREDIT, text, NO_CREDIT)
        || followed(&RETURN, text, NO_RETURN)
        || fits(&AHEAD, text) && !fits(&CARRIAGE, text)
}

/// Whether such a word stands in a text, and none of these behind it or "no" before it.
fn followed(word: &LazyLock<Option<Regex>>, text: &str, harmless: &[&str]) -> bool {
    let all = word.as_ref().map(|word| word.captures_iter(text));
    let part = |found: &regex::Captures, name: &str| {
        let part = found.name(name).map_or("", |part| part.as_str());
        part.to_lowercase()
    };
    all.into_iter().flatten().any(|found| {
        let next = part(&found, "next");
        !harmless.contains(&next.as_str()) && part(&found, "before") != "no"
    })
}

/// A cell of words on a bill that is about a credit.
pub(super) fn doubt(sheet: &BillSheet, header: &Row, row: &Row) -> Option<String> {
    if is_credit(sheet, row) {
        return None;
    }
    let mut cells = header.cells.iter().zip(&row.cells);
    let (heading, cell) = cells.find(|(heading, cell)| {
        let memo = matches!(
            meaning(heading),
            Some(BillColumn::Memo | BillColumn::Number)
        );
        (memo || fits(&WORDS, &bare(heading))) && says(cell)
    })?;
    Some(told(heading, cell, "which is about a credit, and no bill"))
}

/// Whether a row is a credit, by its kind or by an amount below nothing.
pub(super) fn is_credit(sheet: &BillSheet, row: &Row) -> bool {
    let below = [BillColumn::Amount, BillColumn::Total]
        .iter()
        .any(|column| {
            let amount = cells::amount(sheet.header.cell(row, *column));
            amount
                .ok()
                .flatten()
                .is_some_and(|amount| amount < Money::ZERO)
        });
    below || kind(sheet.header.cell(row, BillColumn::Type)) == Ok(BillRowKind::Credit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_compiles() {
        for list in [&OF_CREDITS, &CREDIT, &RETURN, &AHEAD, &CARRIAGE] {
            assert!(list.is_some());
        }
        for memo in [
            "credit for INV10020",
            "PO W1-1 less credit of 20.00",
            "net of credits",
            "return of lamps",
            "vendor owes us 20",
            "2nd notice",
            "revised invoice",
            "prepaid",
            "RMA 55",
        ] {
            assert!(says(memo), "{memo}");
        }
        for memo in [
            "3 lamps",
            "no returns",
            "return address on file",
            "freight prepaid & add",
            "credit terms net 30",
            "paid by credit card",
            "Shipped complete, thank you",
        ] {
            assert!(!says(memo), "{memo}");
        }
    }
}
