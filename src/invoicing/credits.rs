//! Credits that returns expect, and the credits that vendors send.

use super::variance::Tolerance;
use crate::domain::invoice::{Invoice, InvoiceKind};
use crate::domain::money::Money;

/// A credit that a vendor owes for a return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedCredit {
    /// The return's number.
    pub rma: String,
    /// The vendor's key.
    pub vendor: String,
    /// The purchase order.
    pub po: String,
    /// What is owed; what came already is taken off.
    pub amount: Money,
}

/// What a credit is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CreditMatch {
    /// This return, and nothing is left owing.
    Settles {
        /// The return's number.
        rma: String,
    },
    /// This return, but the vendor gave less than is owed.
    Short {
        /// The return's number.
        rma: String,
        /// What is still owed.
        owed: Money,
    },
    /// More than one return of the purchase order could be meant: their numbers.
    Ambiguous(Vec<String>),
    /// No return of this vendor and purchase order waits for a credit.
    Unexpected,
}

/// Ties a credit for a purchase order to the return that expects it: the one whose number the memo
/// or number names, else the one whose amount it is, else the only one. A bill expects nothing.
pub fn settle(
    credit: &Invoice,
    vendor: &str,
    po: &str,
    expected: &[ExpectedCredit],
    tolerance: &Tolerance,
) -> CreditMatch {
    let waits = |e: &&ExpectedCredit| e.vendor == vendor && e.po == po && e.amount > Money::ZERO;
    let open: Vec<&ExpectedCredit> = expected.iter().filter(waits).collect();
    if credit.kind != InvoiceKind::Credit || open.is_empty() {
        return CreditMatch::Unexpected;
    }
    let short = |e: &ExpectedCredit| e.amount.minus(credit.total).unwrap_or(Money(i64::MAX));
    let whole = |e: &&&ExpectedCredit| tolerance.allows(Tolerance::magnitude(short(e)), e.amount);
    let named = |e: &&&ExpectedCredit| {
        credit
            .po_refs
            .iter()
            .any(|r| r.text.eq_ignore_ascii_case(&e.rma))
    };
    let chosen = only(open.iter().filter(named).copied())
        .or_else(|| only(open.iter().filter(whole).copied()))
        .or_else(|| only(open.iter().copied()));
    let Some(chosen) = chosen else {
        return CreditMatch::Ambiguous(open.iter().map(|e| e.rma.clone()).collect());
    };
    let (rma, owed) = (chosen.rma.clone(), short(chosen));
    if owed <= Money::ZERO || tolerance.allows(owed, chosen.amount) {
        CreditMatch::Settles { rma }
    } else {
        CreditMatch::Short { rma, owed }
    }
}

/// The item of an iterator that has exactly one.
fn only<'a>(mut found: impl Iterator<Item = &'a ExpectedCredit>) -> Option<&'a ExpectedCredit> {
    let first = found.next();
    first.filter(|_| found.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::invoice::{PoRefFrom, po_refs_in};

    #[test]
    fn a_credit_settles_the_return_that_it_names_or_equals() {
        let expect = |rma: &str, cents| ExpectedCredit {
            rma: rma.to_owned(),
            vendor: "V1".to_owned(),
            po: "W1-1".to_owned(),
            amount: Money(cents),
        };
        let credit = |memo: &str, cents| Invoice {
            vendor_name: "Ashgrove".to_owned(),
            kind: InvoiceKind::Credit,
            number: "CM-1".to_owned(),
            date: chrono::NaiveDate::from_ymd_opt(2026, 3, 1).unwrap(),
            due: None,
            po_refs: po_refs_in(memo, PoRefFrom::Memo),
            vendor_order_number: None,
            memo: memo.to_owned(),
            total: Money(cents),
            lines: Vec::new(),
            freight: Money::ZERO,
            fees: Money::ZERO,
            source_line: 1,
            rows: vec![1],
        };
        let two = [expect("RMA100", 500), expect("RMA101", 700)];
        let exact = Tolerance::default();
        let settle =
            |memo: &str, cents, po: &str| settle(&credit(memo, cents), "V1", po, &two, &exact);
        assert_eq!(
            settle("", 700, "W1-1"),
            CreditMatch::Settles {
                rma: "RMA101".to_owned()
            }
        );
        assert_eq!(
            settle("for RMA100", 450, "W1-1"),
            CreditMatch::Short {
                rma: "RMA100".to_owned(),
                owed: Money(50)
            }
        );
        assert!(matches!(settle("", 450, "W1-1"), CreditMatch::Ambiguous(list) if list.len() == 2));
        assert_eq!(settle("", 700, "W2-1"), CreditMatch::Unexpected);
    }
}
