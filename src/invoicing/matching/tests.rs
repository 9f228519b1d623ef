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
        open: None,
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

/// A bill of one line, without any number of a purchase order.
fn goods(sku: &str, qty: i64, cents: i64) -> Invoice {
    let line = InvoiceLine {
        sku: sku.to_owned(),
        qty: Some(qty),
        amount: Money(cents),
        ..InvoiceLine::default()
    };
    Invoice {
        lines: vec![line],
        ..bill("9", "", "", cents)
    }
}

#[test]
fn an_amount_alone_is_no_purchase_order() {
    for cents in [1000, 1100] {
        let invoice = bill("9", "", "", cents);
        let PoMatch::Open { why, candidates } = index().find("V1", &invoice, 60) else {
            panic!("taken");
        };
        assert_eq!(candidates, ["W1-1"]);
        assert!(
            why.contains("an amount alone may be that of other goods"),
            "{why}"
        );
    }
    assert_eq!(by(&bill("9", "", "", 1001)), Err(vec![]));
    let credit = Invoice {
        kind: InvoiceKind::Credit,
        ..bill("9", "", "", 1000)
    };
    let mut index = index();
    index.apply("W1-1", &bill("8", "W1-1", "", 1000));
    let found = index.find("V1", &credit, 60);
    let by = PoRule::AmountAndDate;
    let po = "W1-1".to_owned();
    assert_eq!(found, PoMatch::Found { po, by });
}

#[test]
fn articles_pieces_and_prices_name_the_only_purchase_order_within_the_window() {
    let rule = PoRule::Goods;
    assert_eq!(by(&goods("A", 1, 1000)), is("W1-1", rule));
    // as many as two of them have
    let both = Err(vec!["W3-1".to_owned(), "W3-2".to_owned()]);
    assert_eq!(by(&goods("A", 1, 3000)), both);
    // another price, more pieces, another article, no article
    assert_eq!(by(&goods("A", 1, 999)), Err(vec![]));
    assert_eq!(by(&goods("A", 2, 2000)), Err(vec!["W2-1".to_owned()]));
    assert_eq!(by(&goods("B", 1, 1000)), Err(vec!["W1-1".to_owned()]));
    assert_eq!(by(&goods("", 1, 1000)), Err(vec!["W1-1".to_owned()]));
    let late = Invoice {
        date: day(9) + chrono::Days::new(60),
        ..goods("A", 1, 1000)
    };
    assert_eq!(by(&late), Err(vec![]));
    let early = Invoice {
        date: NaiveDate::from_ymd_opt(2026, 2, 28).unwrap(),
        ..late
    };
    assert_eq!(by(&early), Err(vec![]));
}
