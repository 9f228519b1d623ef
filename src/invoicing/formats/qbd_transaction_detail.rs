//! QuickBooks Desktop, "Custom Transaction Detail" and "Transaction Detail by Account": one row
//! per split line, debit and credit in two columns or one signed amount.

use super::BillFormat;
use super::postings;
use super::shape::Shape;

/// The registry's entry.
pub const FORMAT: BillFormat = BillFormat {
    name: "qbd-transaction-detail",
    title: "QuickBooks Desktop: Custom Transaction Detail",
    about: "QuickBooks Desktop, Reports, Custom Transaction Detail (or by Account), with lines",
    claims: |sheet| !sheet.header.online && Shape::of(sheet) == Some(Shape::TransactionDetail),
    read: postings::read,
};
