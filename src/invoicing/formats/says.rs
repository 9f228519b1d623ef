//! What a bill says beside the fields that are read: it names goods, who gets them, who pays, and has words and
//! terms. Cells of a table's other columns, and whom a memo names. Who knows the purchase order judges them.

use super::BillSheet;
use super::beside::bare;
use super::labels::{BillColumn, meaning};
use super::remarks::{self, WORDS};
use crate::domain::invoice::BillCell;
use crate::domain::pattern::fits;
use crate::invoicing::against::{self, MEMO};
use crate::tabular::rows::Row;
use crate::vendor_docs::columns::nothing;
use regex::Regex;
use std::sync::LazyLock;

/// Most characters of a cell; a longer one is no cell.
const MOST: usize = 4000;

/// Whom a memo says that goods or bill are for.
static FOR_WHOM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"\b(?i:for (?:the |our )?(?:customer|client|account of|acct of)|(?:sold|bill|billed|invoiced|ship|shipped|sent|deliver|delivered|drop[ -]?ship|drop[ -]?shipped) to)[:, ]+(?P<who>\p{Lu}[\w.'’&-]*(?: \p{Lu}[\w.'’&-]*){0,3})",
    )
    .ok()
});

/// Whether a column has free words, and is none of states and payments, which are judged where they are read.
fn is_words(heading: &str) -> bool {
    let name = bare(heading);
    fits(&WORDS, &name) || against::is_words(heading) && !remarks::knows(heading, &name)
}

/// The cells of a row's columns that say such things.
pub(super) fn cells(sheet: &BillSheet, row: &Row) -> Vec<BillCell> {
    let Some(header) = sheet.rows.get(sheet.header.at) else {
        return Vec::new();
    };
    let sku = sheet.header.cell(row, BillColumn::Item);
    let item = sheet.header.place(BillColumn::Item);
    let cells = header.cells.iter().zip(&row.cells).enumerate();
    let told = cells.filter(|(place, (heading, cell))| {
        let told = match meaning(heading) {
            None => against::names(heading).is_some() || is_words(heading),
            Some(BillColumn::Item) => item != Some(*place) && against::names(heading).is_some(),
            Some(BillColumn::Memo | BillColumn::Description) => true,
            Some(_) => false,
        };
        told && !nothing(cell)
    });
    // what a memo names is told by the heading "memo": the whole of one has another
    let called = |heading: &str| match bare(heading).as_str() {
        MEMO => "its memo".to_owned(),
        _ => heading.trim().to_owned(),
    };
    let cell = |(_, (heading, cell)): (usize, (&String, &String))| BillCell {
        heading: called(heading),
        cell: cell.trim().chars().take(MOST).collect(),
        sku: sku.to_owned(),
    };
    told.map(cell).collect()
}

/// Whom a memo names.
pub(super) fn of_memo(memo: &str) -> Vec<BillCell> {
    let all = FOR_WHOM.as_ref().map(|whom| whom.captures_iter(memo));
    let names = all.into_iter().flatten();
    let names = names.filter_map(|found| found.name("who"));
    let cell = |name: regex::Match| BillCell {
        heading: MEMO.to_owned(),
        cell: name.as_str().to_owned(),
        sku: String::new(),
    };
    names.map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_memos_name() {
        let named = |memo: &str| -> Vec<String> {
            let all = of_memo(memo).into_iter();
            all.map(|one| one.cell).collect()
        };
        for (memo, who) in [
            ("PO W1-1 for customer Finch", "Finch"),
            ("drop shipped to Walter Finch, Akron", "Walter Finch"),
            ("SOLD TO: LAMPLAND LLC", "LAMPLAND LLC"),
        ] {
            assert_eq!(named(memo), [who], "{memo}");
        }
        for memo in ["PO W1-1", "ship to stock", "thank you", "sold to order"] {
            assert_eq!(named(memo), [""; 0], "{memo}");
        }
        assert!(FOR_WHOM.is_some());
    }
}
