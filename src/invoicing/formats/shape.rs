//! Which report a sheet is: one decision list, so that two formats never claim one sheet.

use super::BillSheet;
use super::bills::kind;
use super::labels::BillColumn;
use super::postings::is_payable;

/// The reports that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// poms' own documented CSV.
    Plain,
    /// Payments of bills: no bills in it.
    BillPayments,
    /// Open bills by vendor or by age.
    UnpaidBills,
    /// Bills and payments by vendor with a running balance.
    VendorBalance,
    /// Bills with products and quantities.
    Purchases,
    /// Cheques with the bills they pay.
    CheckDetail,
    /// One row per posting: a bill is several rows.
    TransactionDetail,
    /// One row per transaction.
    TransactionList,
}

impl Shape {
    /// The shape of a sheet, by its columns first and its titles second; `None` when it is none.
    pub fn of(sheet: &BillSheet) -> Option<Shape> {
        let header = &sheet.header;
        let has = |column: BillColumn| header.has(column);
        let titled = |words: &str| header.titles.contains(words);
        let typed = has(BillColumn::Type);
        let valued = has(BillColumn::Amount)
            || has(BillColumn::OpenBalance)
            || has(BillColumn::OriginalAmount)
            || (has(BillColumn::Debit) && has(BillColumn::Credit));
        let numbered = has(BillColumn::Number) || has(BillColumn::InvoiceNumber);
        let booked = has(BillColumn::Account) || has(BillColumn::Split);
        let quickbooks = header.margin > 0 || titled("\n") || booked;
        let detailed = titled("transaction detail")
            || titled("general ledger")
            || titled("account quickreport")
            || titled("with splits")
            || titled("journal")
            || has(BillColumn::Transaction)
            || (header.margin > 0
                && has(BillColumn::Vendor)
                && !has(BillColumn::Account)
                && !titled("transaction list"));
        Some(match () {
            () if titled("voided/deleted") || titled("voided transactions") => return None,
            () if titled("bill payment list") => Shape::BillPayments,
            () if is_plain(sheet, numbered) => Shape::Plain,
            () if !typed && has(BillColumn::InvoiceNumber) && has(BillColumn::PaidAmount) => {
                Shape::BillPayments
            }
            () if !typed || !quickbooks && !header.online && !has(BillColumn::Transaction) => {
                return None;
            }
            () if !valued => return None,
            () if !header.online
                && has(BillColumn::OriginalAmount)
                && has(BillColumn::PaidAmount) =>
            {
                Shape::CheckDetail
            }
            () if titled("vendor balance") => Shape::VendorBalance,
            () if has(BillColumn::OpenBalance) && !has(BillColumn::Balance) => Shape::UnpaidBills,
            () if has(BillColumn::Due) && has(BillColumn::Balance) && !has(BillColumn::Vendor) => {
                Shape::VendorBalance
            }
            () if has(BillColumn::Quantity) && !has(BillColumn::Account) && goods(sheet) => {
                Shape::Purchases
            }
            () if header.online && has(BillColumn::Item) && has(BillColumn::Quantity) => {
                Shape::Purchases
            }
            () if detailed || split_up(sheet) => Shape::TransactionDetail,
            () => Shape::TransactionList,
        })
    }
}

/// Whether rows are goods: products in a column of their own or as headings.
fn goods(sheet: &BillSheet) -> bool {
    sheet.header.has(BillColumn::Item) || headed_by_item(sheet) || named_items(sheet)
}

/// Whether every `Name` has a description behind it in parentheses, as Desktop prints products.
fn described_names(sheet: &BillSheet) -> bool {
    let rows = sheet.rows.iter().skip(sheet.header.at + 1);
    let mut names = rows
        .map(|row| sheet.header.cell(row, BillColumn::Vendor))
        .filter(|name| !name.is_empty())
        .peekable();
    names.peek().is_some() && names.all(|name| name.ends_with(')'))
}

/// Whether `Name` holds products: `Purchases by Vendor Detail` without a column for them, in which
/// the vendors are the headings.
pub fn named_items(sheet: &BillSheet) -> bool {
    let header = &sheet.header;
    let titled = ["purchases by vendor", "purchases by supplier"];
    let titled = titled
        .into_iter()
        .any(|words| header.titles.contains(words));
    let untitled = header.titles.is_empty() && !header.online && header.has(BillColumn::Quantity);
    let named = titled || untitled && described_names(sheet);
    named && !header.has(BillColumn::Item) && header.any_name && header.margin > 0
}

/// Whether headings are products: `Purchases by Product/Service Detail`, `Purchases by Item Detail`.
pub fn headed_by_item(sheet: &BillSheet) -> bool {
    let titled = |words: &str| sheet.header.titles.contains(words);
    let products = ["by product", "by item"].into_iter().any(titled);
    products && !sheet.header.has(BillColumn::Item) && sheet.header.margin > 0
}

/// Whether bills stand in several rows each, by their accounts: on Accounts Payable and on others,
/// or on several others only.
fn split_up(sheet: &BillSheet) -> bool {
    let header = &sheet.header;
    let (mut payable, mut split, mut bill) = (false, false, false);
    let mut others = std::collections::BTreeSet::new();
    for row in sheet.rows.iter().skip(header.at + 1) {
        let typed = header.cell(row, BillColumn::Type);
        bill = match typed {
            "" => bill && header.cell(row, BillColumn::Date).is_empty(),
            typed => kind(typed).is_ok(),
        };
        match header.cell(row, BillColumn::Account) {
            "" => {}
            _ if !bill => {}
            account if is_payable(account) => payable = true,
            account => {
                others.insert(account);
                split |= is_payable(header.cell(row, BillColumn::Split));
            }
        }
    }
    let expenses = split || others.len() > 1 || header.titles.contains("expenses by");
    !others.is_empty() && (payable || expenses)
}

/// Header in the first row, a vendor on every row, and a number and an amount.
fn is_plain(sheet: &BillSheet, numbered: bool) -> bool {
    let header = &sheet.header;
    let has = |column: BillColumn| header.has(column);
    let booked = has(BillColumn::Type) && has(BillColumn::Account);
    let priced = has(BillColumn::Amount) || has(BillColumn::Total) || has(BillColumn::Price);
    header.at == 0
        && header.margin == 0
        && !header.online
        && !has(BillColumn::Transaction)
        && !has(BillColumn::Split)
        && !booked
        && has(BillColumn::Vendor)
        && numbered
        && priced
}
