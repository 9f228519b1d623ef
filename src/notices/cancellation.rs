//! What a vendor reads whose purchase order, or a part of it, is taken back.

use super::built_in::PO_CANCELLATION;
use super::context::Tidy;
use super::{Rendered, TemplateError, Templates, rehearsal};
use crate::domain::po_document::Letterhead;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A cancellation as its vendor reads it. It has no room for why the customer does not want it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct CancellationContext {
    /// Who writes.
    pub shop: Letterhead,
    /// Its number, such as `W200001-1-C1`.
    pub number: String,
    /// The return that it is for; may be empty.
    pub rma: String,
    /// The purchase order.
    pub po_number: String,
    /// That purchase order's day.
    pub po_date: NaiveDate,
    /// The day of this document.
    pub date: NaiveDate,
    /// Who was to ship.
    pub vendor_name: String,
    /// To whom it was to be shipped; may be empty.
    pub customer_name: String,
    /// Whether nothing of the purchase order is wanted, and nothing of it left.
    pub whole: bool,
    /// Whether the purchase order may never have arrived.
    pub unsure: bool,
    /// Whether it is read on paper, and cannot be answered as a mail.
    pub by_fax: bool,
    /// What is not wanted any more.
    pub lines: Vec<CancellationLine>,
    /// What is still to come as it was ordered.
    pub stays: Vec<CancellationLine>,
}

/// Pieces of one line of the purchase order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancellationLine {
    /// The line's number on the purchase order.
    pub line: i64,
    /// The shop's number for the goods.
    pub sku: String,
    /// The vendor's; may be empty.
    pub vendor_sku: String,
    /// Plain words for the goods; may be empty.
    pub description: String,
    /// Pieces.
    pub qty: i64,
}

impl Templates {
    /// The mail that takes back what a purchase order asked for.
    ///
    /// # Errors
    /// As [`Templates::purchase_order`].
    pub fn po_cancellation(
        &self,
        context: &CancellationContext,
    ) -> Result<Rendered, TemplateError> {
        let values = self.values(PO_CANCELLATION, context, Tidy::Plain)?;
        self.mail(PO_CANCELLATION, None, &values)
    }
}

/// A purchase order that is taken back, whole and in part.
pub(super) fn made_up(full: bool) -> Vec<CancellationContext> {
    let given = |text: &str| if full { text } else { "" }.to_owned();
    let line = |line: i64| CancellationLine {
        line,
        sku: "S-1".to_owned(),
        vendor_sku: given("V-1"),
        description: given("Chair"),
        qty: 2,
    };
    let of = |whole: bool| CancellationContext {
        shop: rehearsal::shop(full),
        number: "1001-1-C1".to_owned(),
        rma: given("R-1001-1"),
        po_number: "1001-1".to_owned(),
        po_date: NaiveDate::default(),
        date: NaiveDate::default(),
        vendor_name: "Vendor".to_owned(),
        customer_name: given("Customer"),
        whole,
        unsure: full,
        by_fax: full,
        lines: vec![line(1)],
        stays: if whole { vec![] } else { vec![line(2)] },
    };
    [true, false].map(of).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_too_wide_and_no_blank_line_comes_twice() {
        let templates = Templates::load(None).unwrap();
        for context in [true, false].into_iter().flat_map(made_up) {
            let mail = templates.po_cancellation(&context).unwrap();
            assert!(!mail.text.contains("\n\n\n"), "{}", mail.text);
            assert!(
                mail.subject.starts_with("Do not ship: "),
                "{}",
                mail.subject
            );
            for line in mail.text.lines() {
                assert!(crate::domain::text::columns(line) <= 76, "{line}");
            }
        }
    }
}
