//! QuickBooks, "Vendor Balance Detail": bills, credits and payments by vendor with a running
//! balance, which is not summed.

use super::BillFormat;
use super::bills::read_list;
use super::shape::Shape;

/// The registry's entry.
pub const FORMAT: BillFormat = BillFormat {
    name: "qb-vendor-balance",
    title: "QuickBooks: Vendor Balance Detail",
    about: "QuickBooks Online or Desktop, Reports, Vendor Balance Detail, exported as CSV",
    claims: |sheet| Shape::of(sheet) == Some(Shape::VendorBalance),
    read: read_list,
};
