//! QuickBooks Online, "Bill Payment List": payments, not bills. It is recognised so that nobody
//! imports it by mistake and gets nothing without a word.

use super::bills::every_row;
use super::report::{Grand, Walk};
use super::shape::Shape;
use super::{BillFormat, BillReading, BillSheet, Skipped};

/// The registry's entry.
pub const FORMAT: BillFormat = BillFormat {
    name: "qbo-bill-payments",
    title: "QuickBooks Online: Bill Payment List",
    about: "QuickBooks Online, Bill Payment List: recognised, but it lists payments and no bills",
    claims: |sheet| Shape::of(sheet) == Some(Shape::BillPayments),
    read,
};

fn read(sheet: &BillSheet) -> BillReading {
    let walk = Walk::over(sheet, Grand::AllRows, every_row);
    let mut reading = walk.reading;
    for detail in walk.details {
        reading.skipped.push(Skipped {
            line: detail.row.line,
            why: "a payment, not a bill: export Transaction List by Vendor for the bills"
                .to_owned(),
        });
    }
    reading
}
