use super::*;
use crate::domain::invoice::{InvoiceLine, po_refs_in};
use crate::domain::variance::{Allowance, PoLine, Terms};
use chrono::NaiveDate;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
}

fn po(number: &str, vendor: &str, cost: i64) -> PoFacts {
    PoFacts {
        po: number.to_owned(),
        order: format!("S{}", number.split('-').next().unwrap()),
        vendor: vendor.to_owned(),
        vendor_orders: vec![format!("SO{cost}")],
        placed: day(1),
        lines: vec![PoLine {
            sku: "A".to_owned(),
            vendor_sku: String::new(),
            ordered: 1,
            unit_cost: Money(cost),
            shipped: 1,
            billed: 0,
            returned: 0,
            credited: 0,
        }],
        billed: Money::ZERO,
        credited: Money::ZERO,
        freight_billed: Money::ZERO,
        fees_billed: Money::ZERO,
        terms: Terms {
            freight: Allowance {
                flat: Money(100),
                ..Allowance::default()
            },
            ..Terms::default()
        },
    }
}

fn bill(number: &str, column: &str, memo: &str, total: i64) -> Invoice {
    let mut po_refs = po_refs_in(column, PoRefFrom::Column);
    po_refs.extend(po_refs_in(number, PoRefFrom::Number));
    po_refs.extend(po_refs_in(memo, PoRefFrom::Memo));
    Invoice {
        vendor_name: String::new(),
        kind: InvoiceKind::Bill,
        number: number.to_owned(),
        date: day(9),
        due: None,
        po_refs,
        vendor_order_number: None,
        memo: memo.to_owned(),
        total: Money(total),
        open_balance: false,
        says: Vec::new(),
        lines: Vec::<InvoiceLine>::new(),
        freight: Money::ZERO,
        fees: Money::ZERO,
        source_line: 1,
        rows: vec![1],
    }
}

fn index() -> PoIndex {
    PoIndex::new(vec![
        po("W1-1", "V1", 1000),
        po("W2-1", "V1", 2000),
        po("W2-2", "V2", 2500),
        po("W3-1", "V1", 3000),
        po("W3-2", "V1", 3000),
    ])
}

fn by(invoice: &Invoice) -> Result<(String, PoRule), Vec<String>> {
    match index().find("V1", invoice, 60) {
        PoMatch::Found { po, by } => Ok((po, by)),
        PoMatch::Open { candidates, why } => {
            assert!(!why.is_empty());
            Err(candidates)
        }
    }
}

fn is(po: &str, rule: PoRule) -> Result<(String, PoRule), Vec<String>> {
    Ok((po.to_owned(), rule))
}

#[test]
fn references_are_trusted_in_their_order() {
    use PoRefFrom::{Column, Memo, Number};
    assert_eq!(
        by(&bill("9", "w1/1", "W2-1", 5)),
        is("W1-1", PoRule::Reference(Column))
    );
    assert_eq!(
        by(&bill("W1-1", "", "W2-1", 5)),
        is("W1-1", PoRule::Reference(Number))
    );
    assert_eq!(
        by(&bill("9", "", "your PO W2-1, thanks", 5)),
        is("W2-1", PoRule::Reference(Memo))
    );
    // the order's number: one purchase order of this vendor
    assert_eq!(
        by(&bill("9", "", "order SW2", 5)),
        is("W2-1", PoRule::Reference(Memo))
    );
    assert_eq!(by(&bill("9", "PO W200", "", 5)), Err(vec![]));
}

#[test]
fn the_vendors_own_number_finds_the_order() {
    let mut invoice = bill("9", "", "", 5);
    invoice.vendor_order_number = Some("so2000".to_owned());
    assert_eq!(by(&invoice), is("W2-1", PoRule::VendorOrder));
}

#[test]
fn two_that_fit_are_candidates_and_never_guessed() {
    let both = Err(vec!["W3-1".to_owned(), "W3-2".to_owned()]);
    assert_eq!(by(&bill("9", "", "", 3000)), both);
    assert_eq!(by(&bill("9", "W3-1 W3-2", "", 3000)), both);
    // named both, but only one comes to the amount
    let named = bill("9", "W1-1 W2-1", "", 1000);
    assert_eq!(by(&named), is("W1-1", PoRule::Reference(PoRefFrom::Column)));
}

#[test]
fn another_vendors_purchase_order_is_never_taken() {
    let PoMatch::Open { why, candidates } = index().find("V1", &bill("9", "W2-2", "", 1000), 60)
    else {
        panic!("taken");
    };
    assert_eq!(why, "it names W2-2, which went to vendor V2");
    assert!(candidates.is_empty());
}

#[test]
fn amount_and_date_come_last_and_within_the_window() {
    let rule = PoRule::AmountAndDate;
    assert_eq!(by(&bill("9", "", "", 1000)), is("W1-1", rule));
    assert_eq!(
        by(&bill("9", "", "", 1100)),
        is("W1-1", rule),
        "with freight as agreed"
    );
    assert_eq!(by(&bill("9", "", "", 1001)), Err(vec![]));
    let late = Invoice {
        date: day(9) + chrono::Days::new(60),
        ..bill("9", "", "", 1000)
    };
    assert_eq!(by(&late), Err(vec![]));
    let early = Invoice {
        date: NaiveDate::from_ymd_opt(2026, 2, 28).unwrap(),
        ..late
    };
    assert_eq!(by(&early), Err(vec![]));
}
