//! QuickBooks Online, "Transaction List by Vendor" and "Transaction List by Date": one row per
//! transaction, grouped by vendor or with the vendor in a column.

use super::BillFormat;
use super::bills::read_list;
use super::shape::Shape;

/// The registry's entry.
pub const FORMAT: BillFormat = BillFormat {
    name: "qbo-transaction-list",
    title: "QuickBooks Online: Transaction List by Vendor",
    about: "QuickBooks Online, Reports, Transaction List by Vendor (or by Date), exported as CSV",
    claims: |sheet| sheet.header.online && Shape::of(sheet) == Some(Shape::TransactionList),
    read: read_list,
};
