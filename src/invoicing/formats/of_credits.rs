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
    Regex::new(r"(?i)\b(?:credit for|cancels|returned|returns? of|return credit|refused|short shipped|(?:wrong|incorrect) price|price (?:is )?(?:wrong|incorrect)|damaged|see credit|net of credit|less credit|partial (?:bill|invoice|payment)|deposit|estimate for|estimate|prepayment|never (?:arrived|received|shipped|delivered)|not (?:yet )?(?:shipped|arrived|delivered)|refund|restocking)\b").ok()
});

/// Whether a text is about a credit.
pub(super) fn says(text: &str) -> bool {
    fits(&OF_CREDITS, text)
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
        (memo || fits(&WORDS, &bare(heading))) && fits(&OF_CREDITS, cell)
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
        assert!(says("credit for INV10020") && !says("3 lamps"));
    }
}
