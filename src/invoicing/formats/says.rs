//! What a bill names once more beside the fields that are read: goods, who gets them, who pays. Cells of a
//! plain table's other columns, and whom a memo names. Who knows the purchase order judges them.

use super::BillSheet;
use super::labels::{BillColumn, meaning};
use crate::domain::invoice::BillCell;
use crate::invoicing::against::{self, MEMO};
use crate::tabular::rows::Row;
use crate::vendor_docs::columns::nothing;
use regex::Regex;
use std::sync::LazyLock;

/// Whom a memo says that goods or bill are for.
static FOR_WHOM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"\b(?i:for (?:the |our )?(?:customer|client|account of|acct of)|(?:sold|bill|billed|invoiced|ship|shipped|sent|deliver|delivered|drop[ -]?ship|drop[ -]?shipped) to)[:, ]+(?P<who>\p{Lu}[\w.'’&-]*(?: \p{Lu}[\w.'’&-]*){0,3})",
    )
    .ok()
});

/// The cells of a row's columns that name such things.
pub(super) fn cells(sheet: &BillSheet, row: &Row) -> Vec<BillCell> {
    let Some(header) = sheet.rows.get(sheet.header.at) else {
        return Vec::new();
    };
    let sku = sheet.header.cell(row, BillColumn::Item);
    let item = sheet.header.place(BillColumn::Item);
    let cells = header.cells.iter().zip(&row.cells).enumerate();
    let told = cells.filter(|(place, (heading, cell))| {
        let again = match meaning(heading) {
            None => true,
            Some(column) => column == BillColumn::Item && item != Some(*place),
        };
        again && !nothing(cell) && against::names(heading).is_some()
    });
    let cell = |(_, (heading, cell)): (usize, (&String, &String))| BillCell {
        heading: heading.trim().to_owned(),
        cell: cell.trim().chars().take(200).collect(),
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
