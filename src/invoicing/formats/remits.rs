//! Where money goes by a plain table's own columns: ways of paying, accounts, payees.

use super::BillSheet;
use super::beside::bare;
use super::labels::{BillColumn, meaning};
use crate::domain::pattern::fits;
use crate::domain::remit;
use crate::tabular::rows::Row;
use regex::Regex;
use std::sync::LazyLock;

/// Ways of paying, as a bill may have them in a column: where money goes they do not say.
const WAYS: &[&str] = &[
    "check",
    "cheque",
    "ach",
    "eft",
    "wire",
    "wire transfer",
    "bank transfer",
    "transfer",
    "credit card",
    "card",
    "cc",
    "visa",
    "mastercard",
    "amex",
    "american express",
    "cash",
    "paypal",
    "direct debit",
    "debit",
    "on account",
    "account",
    "terms",
    "net 30",
    "net30",
    "mail",
    "email",
    "online",
    "autopay",
    "auto pay",
    "electronic",
    "paper check",
    "bill pay",
];
static WAY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:pay|payment|paid|settle|settlement)(?:via|by|method|through|using|into|in|with|mode|type|channel|way)$").ok()
});
/// Columns of accounts that are not the books' own.
static ACCOUNTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:new|vendor|supplier|payment|deposit|credit|receiving|beneficiary|bank)+(?:account|acct|acc)(?:number|no|num|nr|id|name)?$|^(?:account|acct)(?:number|no|num|nr)$").ok()
});

/// Whether the cells of a column are looked at here.
pub(super) fn knows(heading: &str, name: &str) -> bool {
    remit::is_heading(heading) || fits(&WAY, name) || fits(&ACCOUNTS, name)
}

/// Whether a cell of a column says where money goes.
pub(super) fn is_remit(heading: &str, cell: &str) -> bool {
    let name = bare(heading);
    let said = cell.trim().to_lowercase();
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    if fits(&WAY, &name) {
        return !WAYS.contains(&said.as_str());
    }
    remit::is_heading(heading)
        || fits(&ACCOUNTS, &name) && digits > 5
        || matches!(
            meaning(heading),
            None | Some(BillColumn::Number | BillColumn::VendorOrder)
        ) && !remit::in_cells(cell).is_empty()
}

/// What a row says of where money goes, in columns of their own, as it stands in a memo. A payee who is the
/// vendor says nothing.
pub fn remits(sheet: &BillSheet, row: &Row) -> String {
    let Some(header) = sheet.rows.get(sheet.header.at) else {
        return String::new();
    };
    let vendor = sheet.header.place(BillColumn::Vendor);
    let name = bare(sheet.header.cell(row, BillColumn::Vendor));
    let cells = header.cells.iter().zip(&row.cells).enumerate();
    let said = cells
        .filter(|(place, (heading, cell))| Some(*place) != vendor && is_remit(heading, cell))
        .filter(|(_, (_, cell))| bare(cell) != name)
        .filter(|(_, (heading, cell))| remit::of_cell(heading, cell).is_some())
        .map(|(_, (heading, cell))| format!("{REMIT} ({}): {}", heading.trim(), cell.trim()));
    said.collect::<Vec<_>>().join("; ")
}

/// How a memo begins that says where money goes by a column.
const REMIT: &str = "Remit to";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_compile() {
        assert!(WAY.is_some() && ACCOUNTS.is_some());
    }
}
