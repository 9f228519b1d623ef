//! QuickBooks Online, "Transaction Detail by Account": one row per posting under its account.

use super::BillFormat;
use super::postings;
use super::shape::Shape;

/// The registry's entry.
pub const FORMAT: BillFormat = BillFormat {
    name: "qbo-transaction-detail",
    title: "QuickBooks Online: Transaction Detail by Account",
    about: "QuickBooks Online, Reports, Transaction Detail by Account, exported as CSV: with lines",
    claims: |sheet| sheet.header.online && Shape::of(sheet) == Some(Shape::TransactionDetail),
    read: postings::read,
};
