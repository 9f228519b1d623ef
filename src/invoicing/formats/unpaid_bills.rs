//! QuickBooks, "Unpaid Bills" and "A/P Aging Detail", grouped by vendor or by age. The bill's
//! amount is `Amount`; a report that has only `Open Balance` (Desktop's "Unpaid Bills Detail") is
//! read by that, which is less than the bill when part of it is paid.

use super::BillFormat;
use super::bills::read_list;
use super::shape::Shape;

/// The registry's entry.
pub const FORMAT: BillFormat = BillFormat {
    name: "qb-unpaid-bills",
    title: "QuickBooks: Unpaid Bills, or A/P Aging Detail",
    about: "QuickBooks Online or Desktop, Reports, Unpaid Bills (Detail) or A/P Aging Detail",
    claims: |sheet| Shape::of(sheet) == Some(Shape::UnpaidBills),
    read: read_list,
};
