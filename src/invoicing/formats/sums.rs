//! Amounts that a memo names: one that is none of the bill's own says that something else is owed.

use super::remarks::told;
use crate::domain::invoice::{Invoice, InvoiceKind};
use crate::domain::money::Money;
use crate::tabular::cells;
use regex::Regex;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// An amount of money, with the words around it.
static AMOUNT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?P<before>[a-z]*)[ :=(]*(?P<amount>(?:\$|usd) ?\d[\d,]*(?:\.\d\d)?\b|\b\d[\d,]*\.\d\d\b)[ )]*(?P<after>%|[a-z]*)").ok()
});
/// Words beside an amount that is a measure, or a charge in the bill.
const OTHERS: &[&str] = &[
    "lb", "lbs", "kg", "kgs", "oz", "in", "inch", "ft", "cm", "mm", "m", "l", "gal", "%",
    "freight", "frt", "shipping", "handling", "tax", "postage", "msrp", "retail", "value",
    "version", "v",
];

/// The rows of bills whose memo names another amount.
pub(super) fn rows(bills: &[Invoice]) -> BTreeMap<u64, String> {
    let owed = bills.iter().filter(|bill| bill.kind == InvoiceKind::Bill);
    let found = owed.filter_map(|bill| {
        let other = other(bill)?;
        let why = format!("where {other} is none of the bill's own amounts");
        Some((bill.source_line, told("memo", &bill.memo, &why)))
    });
    found.collect()
}

/// The first amount of a memo that is none of the bill's, nor a part of which it is a multiple.
fn other(bill: &Invoice) -> Option<String> {
    // an amount alone, "-5.00", is no word about the bill
    if !bill.memo.contains(char::is_alphabetic) {
        return None;
    }
    let lines = bill.lines.iter();
    let lines = lines.flat_map(|line| [Some(line.amount), line.unit_price]);
    let own: Vec<Money> = lines
        .flatten()
        .chain([bill.total, bill.freight, bill.fees])
        .collect();
    let is_own = |said: Money| {
        let part = said.0 > 0 && bill.total.0 % said.0 == 0;
        said == Money::ZERO || part || own.contains(&said)
    };
    let word = |found: &regex::Captures, name: &str| {
        let word = found.name(name).map_or("", |word| word.as_str());
        word.to_lowercase()
    };
    let mut all = AMOUNT.as_ref()?.captures_iter(&bill.memo);
    let strange = all.find(|found| {
        let around = [word(found, "before"), word(found, "after")];
        let said = cells::amount(&word(found, "amount")).ok().flatten();
        !around.iter().any(|one| OTHERS.contains(&one.as_str()))
            && said.is_some_and(|said| !is_own(said))
    })?;
    Some(strange.name("amount")?.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_memos() {
        let bill = |memo: &str| Invoice {
            vendor_name: String::new(),
            kind: InvoiceKind::Bill,
            number: "A-1".to_owned(),
            date: chrono::NaiveDate::MIN,
            due: None,
            po_refs: Vec::new(),
            vendor_order_number: None,
            memo: memo.to_owned(),
            total: Money(18450),
            open_balance: false,
            open: None,
            lines: Vec::new(),
            freight: Money::ZERO,
            fees: Money::ZERO,
            says: Vec::new(),
            source_line: 2,
            rows: vec![2],
        };
        for memo in [
            "PO W1-1 less 20.00",
            "W1-1: 164.50 after discount",
            "short $15",
        ] {
            assert!(other(&bill(memo)).is_some(), "{memo}");
        }
        for memo in [
            "3 x 61.50",
            "$184.50",
            "incl. 7.95 freight",
            "28.50 lbs",
            "PO W1-1",
            "v 2.10",
        ] {
            assert_eq!(other(&bill(memo)), None, "{memo}");
        }
        assert!(AMOUNT.is_some());
    }
}
