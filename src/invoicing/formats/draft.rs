//! An invoice while it is put together from the rows of a file.

use super::bills::BillRowKind;
use super::{BillReading, RowError, Skipped, TotalCheck, says};
use crate::domain::invoice::{BillCell, Invoice, InvoiceKind, InvoiceLine, PoRefFrom, po_refs_in};
use crate::domain::money::Money;
use chrono::NaiveDate;
use regex::Regex;
use std::sync::LazyLock;

/// What is known of it so far. Amounts are signed as on a bill: a credit's are negative, or
/// positive where the report writes them so.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub vendor: String,
    pub kind: BillRowKind,
    pub number: String,
    pub date: NaiveDate,
    pub due: Option<NaiveDate>,
    /// From a column of their own.
    pub po_numbers: String,
    pub vendor_order: String,
    pub memo: String,
    /// A number that stands beside the bill's own.
    pub reference: String,
    /// Where money goes by columns of its own, as a memo says it.
    pub remit: String,
    /// What columns beside its own name.
    pub says: Vec<BillCell>,
    /// Stated by the file; the sum of the lines when it is not.
    pub total: Option<Money>,
    /// Whether `total` is only what is open of it.
    pub open_balance: bool,
    /// What is open of it, where a column beside its amount says so.
    pub open: Option<Money>,
    pub lines: Vec<InvoiceLine>,
    pub freight: Money,
    pub fees: Money,
    /// Whether its parts must come to its total, or it is refused.
    pub whole: bool,
    /// Lines of the file.
    pub rows: Vec<u64>,
    /// The line of the file that could not be read, if one could not.
    pub faulty: Option<u64>,
}

impl Draft {
    /// Puts the invoice into the reading, or what stands in its way.
    pub fn finish(mut self, into: &mut BillReading) {
        if let Some(fault) = self.faulty {
            return self.refuse(
                into,
                &format!("not taken, because line {fault} of the same invoice could not be read"),
            );
        }
        let goods = Money::sum(self.lines.iter().map(|line| line.amount));
        let itemised = goods
            .and_then(|sum| sum.plus(self.freight))
            .and_then(|sum| sum.plus(self.fees));
        let Some(itemised) = itemised else {
            return self.refuse(into, "the sum of its lines is too large an amount");
        };
        let parts = !self.lines.is_empty();
        let total = self.total.unwrap_or(itemised);
        let line = self.rows.iter().copied().min().unwrap_or_default();
        if parts && itemised != total && self.whole {
            let why = format!(
                "not taken: its lines and charges come to {itemised}, and its total is {total}; mend the one that is wrong"
            );
            return self.refuse(into, &why);
        }
        if parts && itemised != total {
            into.totals.push(TotalCheck {
                label: format!("{} {} of {}", self.kind.word(), self.number, self.vendor),
                line,
                said: total,
                computed: itemised,
                agrees: false,
                of_rows: false,
            });
        }
        if total == Money::ZERO {
            for row in self.rows {
                into.skipped.push(Skipped {
                    line: row,
                    why: format!("{} over 0.00: void", self.kind.word()),
                });
            }
            return;
        }
        if total < Money::ZERO && !self.negate() {
            return self.refuse(into, "an amount is too large");
        }
        let credit = total < Money::ZERO || self.kind == BillRowKind::Credit;
        let total = Money(total.0.saturating_abs());
        into.invoices.push(self.into_invoice(credit, total, line));
    }

    /// Every row of it becomes an error, but those that are one already.
    fn refuse(self, into: &mut BillReading, message: &str) {
        for line in self.rows {
            if !into.errors.iter().rev().any(|error| error.line == line) {
                into.errors.push(RowError::row(line, message.to_owned()));
            }
        }
    }

    /// Turns the signs of the parts; false when one does not fit.
    fn negate(&mut self) -> bool {
        let parts = self.lines.iter_mut().map(|line| &mut line.amount);
        for part in parts.chain([&mut self.freight, &mut self.fees]) {
            match part.0.checked_neg() {
                Some(turned) => *part = Money(turned),
                None => return false,
            }
        }
        for line in &mut self.lines {
            line.qty = line.qty.map(i64::saturating_neg);
        }
        true
    }

    fn into_invoice(self, credit: bool, total: Money, source_line: u64) -> Invoice {
        let mut po_refs = po_refs_in(&self.po_numbers, PoRefFrom::Column);
        let more = [
            (&self.number, PoRefFrom::Number),
            (&self.memo, PoRefFrom::Memo),
        ];
        let described = self.lines.iter().map(|line| named_in(&line.description));
        let described: Vec<String> = described.collect();
        let beside = std::iter::once(&self.reference).chain(&described);
        let beside = beside.map(|text| (text, PoRefFrom::Memo));
        for (text, from) in more.into_iter().chain(beside) {
            for found in po_refs_in(text, from) {
                if !po_refs.iter().any(|known| known.text == found.text) {
                    po_refs.push(found);
                }
            }
        }
        let mut named = self.says;
        named.extend(says::of_memo(&self.memo));
        Invoice {
            says: named,
            vendor_name: self.vendor,
            kind: if credit {
                InvoiceKind::Credit
            } else {
                InvoiceKind::Bill
            },
            number: self.number,
            date: self.date,
            due: self.due,
            po_refs,
            vendor_order_number: Some(self.vendor_order).filter(|text| !text.is_empty()),
            memo: [self.memo, self.remit]
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join("; "),
            total,
            open_balance: self.open_balance,
            open: self.open.filter(|open| !credit && *open < total),
            lines: self.lines,
            freight: self.freight,
            fees: self.fees,
            source_line,
            rows: self.rows,
        }
    }
}

/// The numbers in a line's words that are called purchase orders.
fn named_in(text: &str) -> String {
    static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?:p\.?o\.?|purchase orders?)(?: (?:no|nr|number)\.?)?[ #:]*(?P<number>[a-z0-9][\w~-]*\d[\w~-]*)").ok()
    });
    let all = NAMED.as_ref().map(|named| named.captures_iter(text));
    let numbers = all.into_iter().flatten();
    let numbers = numbers.filter_map(|found| Some(found.name("number")?.as_str().to_owned()));
    numbers.collect::<Vec<_>>().join(" ")
}
