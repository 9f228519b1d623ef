use super::*;
use crate::domain::codes::Code;
use crate::domain::invoice::InvoiceLine;
use crate::domain::variance::{Allowance, Terms, Tolerance};
use chrono::NaiveDate;

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 2).unwrap()
}

/// 10 of A at 5.00 and 4 of B at 2.50, all shipped; freight 8.00 and a fee of 2.00 agreed.
fn po() -> PoFacts {
    let line = |sku: &str, ordered, cents| PoLine {
        sku: sku.to_owned(),
        vendor_sku: format!("V-{sku}"),
        ordered,
        unit_cost: Money(cents),
        shipped: ordered,
        billed: 0,
        returned: 0,
        credited: 0,
    };
    let flat = |cents| Allowance {
        flat: Money(cents),
        ..Allowance::default()
    };
    PoFacts {
        po: "W1-1".to_owned(),
        order: "W1".to_owned(),
        vendor: "V1".to_owned(),
        vendor_orders: Vec::new(),
        placed: day(),
        lines: vec![line("A", 10, 500), line("B", 4, 250)],
        billed: Money::ZERO,
        credited: Money::ZERO,
        freight_billed: Money::ZERO,
        fees_billed: Money::ZERO,
        terms: Terms {
            freight: flat(800),
            fees: flat(200),
            ..Terms::default()
        },
    }
}

fn invoice(lines: &[(&str, i64, i64)], freight: i64, fees: i64) -> Invoice {
    let lines: Vec<InvoiceLine> = lines
        .iter()
        .enumerate()
        .map(|(at, (sku, qty, amount))| InvoiceLine {
            sku: (*sku).to_owned(),
            qty: Some(*qty),
            amount: Money(*amount),
            source_line: 10 + at as u64,
            ..InvoiceLine::default()
        })
        .collect();
    let goods: i64 = lines.iter().map(|line| line.amount.0).sum();
    Invoice {
        vendor_name: "Ashgrove".to_owned(),
        kind: InvoiceKind::Bill,
        number: "1".to_owned(),
        date: day(),
        due: None,
        po_refs: Vec::new(),
        vendor_order_number: None,
        memo: String::new(),
        total: Money(goods + freight + fees),
        open_balance: false,
        open: None,
        says: Vec::new(),
        lines,
        freight: Money(freight),
        fees: Money(fees),
        source_line: 9,
        rows: vec![9],
    }
}

fn total_only(cents: i64) -> Invoice {
    Invoice {
        total: Money(cents),
        ..invoice(&[], 0, 0)
    }
}

fn found(invoice: &Invoice, po: &PoFacts) -> Vec<(Code, i64)> {
    let matched = compare(invoice, po);
    for variance in &matched.variances {
        assert!(
            variance.evidence.contains(&variance.at_stake.to_string()),
            "{}",
            variance.evidence
        );
    }
    matched
        .variances
        .iter()
        .map(|v| (v.code, v.at_stake.0))
        .collect()
}

#[test]
fn a_bill_as_agreed_has_no_variance() {
    assert_eq!(
        found(
            &invoice(&[("A", 10, 5000), ("V-B", 4, 1000)], 800, 200),
            &po()
        ),
        []
    );
    assert_eq!(found(&total_only(7000), &po()), []);
    assert_eq!(found(&total_only(6000), &po()), []);
    // below the agreed price: nothing to lose
    assert_eq!(found(&invoice(&[("A", 10, 4000)], 0, 0), &po()), []);
}

#[test]
fn each_fault_of_a_line_is_named_with_its_money() {
    let price = invoice(&[("A", 10, 5100), ("B", 4, 1000)], 0, 0);
    assert_eq!(found(&price, &po()), [(Code::InvoicePrice, 100)]);
    let quantity = invoice(&[("A", 12, 6000)], 0, 0);
    assert_eq!(found(&quantity, &po()), [(Code::InvoiceQuantity, 1000)]);
    let mut short = po();
    short.lines[0].shipped = 7;
    assert_eq!(
        found(&invoice(&[("A", 10, 5000)], 0, 0), &short),
        [(Code::InvoiceNotShipped, 1500)]
    );
    let stranger = invoice(&[("A", 1, 500), ("C", 1, 999)], 0, 0);
    assert_eq!(found(&stranger, &po()), [(Code::InvoiceQuantity, 999)]);
    let freight = invoice(&[("A", 10, 5000)], 950, 300);
    assert_eq!(
        found(&freight, &po()),
        [(Code::InvoiceFreight, 150), (Code::InvoiceFreight, 100)]
    );
    // two rows of one SKU are one
    let twice = invoice(&[("A", 6, 3000), ("a", 6, 3000)], 0, 0);
    assert_eq!(found(&twice, &po()), [(Code::InvoiceQuantity, 1000)]);
}

#[test]
fn the_message_names_billed_ordered_shipped_and_the_money() {
    let mut short = po();
    short.lines[0].shipped = 7;
    let matched = compare(&invoice(&[("A", 12, 6000)], 0, 0), &short);
    let texts: Vec<&str> = matched
        .variances
        .iter()
        .map(|v| v.evidence.as_str())
        .collect();
    assert_eq!(
        texts,
        [
            "A on W1-1: billed 12 at 60.00 in all, ordered 10 at 5.00, shipped 7; 2 more than \
             ordered, at stake 10.00",
            "A on W1-1: billed 12 at 60.00 in all, ordered 10 at 5.00, shipped 7; 3 not shipped, at \
             stake 15.00",
        ]
    );
    assert_eq!(matched.variances[0].line, 10);
}

#[test]
fn parts_add_up_over_bills_and_credits() {
    let mut po = po();
    let first = invoice(&[("A", 6, 3000)], 800, 0);
    assert_eq!(found(&first, &po), []);
    apply(&first, &mut po);
    let second = invoice(&[("A", 6, 3000)], 100, 0);
    assert_eq!(
        found(&second, &po),
        [(Code::InvoiceQuantity, 1000), (Code::InvoiceFreight, 100)]
    );
    let credit = Invoice {
        kind: InvoiceKind::Credit,
        ..invoice(&[("A", 2, 1000)], 0, 0)
    };
    assert_eq!(found(&credit, &po), []);
    apply(&credit, &mut po);
    assert_eq!((po.lines[0].billed, po.lines[0].credited), (6, 2));
    assert_eq!(found(&second, &po), [(Code::InvoiceFreight, 100)]);
}

#[test]
fn totals_are_compared_over_all_bills_where_there_are_no_lines() {
    let mut po = po();
    po.lines[0].shipped = 7;
    // shipped 45.00, ordered 60.00, charges 10.00
    assert_eq!(found(&total_only(5500), &po), []);
    assert_eq!(
        found(&total_only(7000), &po),
        [(Code::InvoiceNotShipped, 1500)]
    );
    assert_eq!(
        found(&total_only(7100), &po),
        [(Code::InvoiceNotShipped, 1500), (Code::InvoicePrice, 100)]
    );
    apply(&total_only(5000), &mut po);
    assert_eq!(found(&total_only(500), &po), []);
    assert_eq!(
        found(&total_only(600), &po),
        [(Code::InvoiceNotShipped, 100)]
    );
    // what earlier bills were over is not said twice
    apply(&total_only(3000), &mut po);
    assert_eq!(found(&total_only(100), &po), [(Code::InvoicePrice, 100)]);
}

#[test]
fn tolerances_forgive_prices_and_freight_but_no_pieces() {
    let mut po = po();
    po.terms.goods = Tolerance {
        percent_bp: Some(200),
        ..Tolerance::default()
    };
    po.terms.charges = Tolerance {
        amount: Some(Money(50)),
        ..Tolerance::default()
    };
    assert_eq!(found(&invoice(&[("A", 10, 5100)], 850, 0), &po), []);
    assert_eq!(
        found(&invoice(&[("A", 10, 5101)], 851, 0), &po),
        [(Code::InvoicePrice, 101), (Code::InvoiceFreight, 51)]
    );
    assert_eq!(found(&total_only(7140), &po), []);
    assert_eq!(found(&total_only(7141), &po), [(Code::InvoicePrice, 141)]);
    po.lines[0].unit_cost = Money(1);
    assert_eq!(
        found(&invoice(&[("A", 11, 11)], 0, 0), &po),
        [(Code::InvoiceQuantity, 1)]
    );
}

#[test]
fn freight_without_limit_is_not_compared() {
    let mut po = po();
    po.terms.freight.unlimited = true;
    assert_eq!(found(&invoice(&[("A", 10, 5000)], 99_999, 0), &po), []);
    assert_eq!(found(&total_only(99_999), &po), []);
    po.lines.iter_mut().for_each(|line| line.shipped = 0);
    assert_eq!(
        found(&total_only(6000), &po),
        [(Code::InvoiceNotShipped, 6000)]
    );
}

#[test]
fn a_line_is_known_by_its_words_when_it_has_no_sku() {
    let mut bill = invoice(&[("", 10, 5200)], 0, 0);
    bill.lines[0].description = "Lamp, V-A black".to_owned();
    assert_eq!(found(&bill, &po()), [(Code::InvoicePrice, 200)]);
    bill.lines[0].qty = None;
    // 52.00 is no multiple of 5.00: the total is compared
    assert_eq!(found(&bill, &po()), []);
    bill.lines[0].description = "Lamp".to_owned();
    assert_eq!(found(&bill, &po()), []);
}

proptest::proptest! {
    /// What is at stake is never more than the bill, and exactly what the bill is above the goods
    /// and charges that are due.
    #[test]
    fn the_same_cent_is_at_stake_once(
        qty in 0i64..20, shipped in 0i64..12, over in 0i64..300, freight in 0i64..1500,
    ) {
        let mut po = po();
        po.lines[0].shipped = shipped;
        let bill = invoice(&[("A", qty, qty * 500 + over)], freight, 0);
        let at_stake: i64 = compare(&bill, &po).variances.iter().map(|v| v.at_stake.0).sum();
        let due = qty.min(shipped.min(10)) * 500 + freight.min(800);
        proptest::prop_assert_eq!(at_stake, bill.total.0 - due);
    }
}

#[test]
fn a_part_of_the_agreed_freight_that_is_not_called_so_may_be_a_price() {
    let po = {
        let mut po = po();
        po.lines[0].shipped = 10;
        po
    };
    // goods 60.00 shipped or less, charges 10.00: as goods alone, or with all that is agreed
    let goods = po.shipped_value().unwrap_or_default().0;
    for as_agreed in [goods, goods + 1000, goods - 500] {
        assert_eq!(found(&total_only(as_agreed), &po), [], "{as_agreed}");
    }
    assert_eq!(
        found(&total_only(goods + 100), &po),
        [(Code::InvoicePrice, 100)]
    );
    let told = Invoice {
        freight: Money(100),
        ..total_only(goods + 100)
    };
    assert_eq!(found(&told, &po), []);
}
