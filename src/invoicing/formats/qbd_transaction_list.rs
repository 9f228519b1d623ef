//! QuickBooks Desktop, "Transaction List by Vendor": one row per transaction under the vendor's
//! heading, bills with a minus or in the Credit column.

use super::BillFormat;
use super::bills::read_list;
use super::shape::Shape;

/// The registry's entry.
pub const FORMAT: BillFormat = BillFormat {
    name: "qbd-transaction-list",
    title: "QuickBooks Desktop: Transaction List by Vendor",
    about: "QuickBooks Desktop, Reports, Vendors, Transaction List by Vendor, exported as CSV",
    claims: |sheet| !sheet.header.online && Shape::of(sheet) == Some(Shape::TransactionList),
    read: read_list,
};
