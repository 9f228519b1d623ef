//! Bills that name a purchase order wrongly, several in one cell, or another one than before.

use super::scenes::open;
use super::several::{site, state};
use crate::support::desk::TestDesk;

const HEAD: &str = "vendor,invoice_number,invoice_date,po_number,memo,amount\n";

/// W200001-1 is over three lamps (184.50), W200002-1 over one (61.50); both shipped whole.
fn two() -> TestDesk {
    let mut small = TestDesk::plain_order("W200002");
    small["lines"][0]["qty"] = 1.into();
    small["total"] = "108.23".into();
    site(&[(TestDesk::plain_order("W200001"), 3), (small, 1)])
}

fn bill(desk: &TestDesk, name: &str, row: &str) {
    desk.file(name, format!("{HEAD}Acme Home Goods,{row}\n").as_bytes());
    desk.run(&["import-invoices", name]).ok();
}

fn told(desk: &TestDesk) -> Vec<(String, String)> {
    let all = open(desk).into_iter();
    all.map(|(code, _, text)| (code, text)).collect()
}

#[test]
fn a_number_that_is_no_purchase_order_is_not_replaced_by_an_amount_that_fits() {
    for (row, unknown) in [
        ("A-1,2025-06-30,W200009-1,,184.50", "W200009-1"),
        ("A-1,2025-06-30,W200001-2,,184.50", "W200001-2"),
        ("A-1,2025-06-30,,PO W200009-1 thanks,184.50", "W200009-1"),
        (
            "A-1,2025-06-30,\"W200001-1, W200009-1\",,184.50",
            "W200009-1",
        ),
    ] {
        let desk = two();
        bill(&desk, "a.csv", row);
        let told = told(&desk);
        assert_eq!(told.len(), 1, "{row}: {told:?}");
        assert_eq!(told[0].0, "invoice_unmatched", "{row}");
        assert!(told[0].1.contains(unknown), "{row}: {told:?}");
        assert_eq!(state(&desk, "W200001-1"), "shipped", "{row}");
        // a person settles it
        let id = open(&desk)[0].1.to_string();
        let words = [
            "exceptions",
            "resolve",
            &id,
            "--amend",
            "po=W200001-1",
            "--note",
            "x",
        ];
        desk.run(&words).ok();
        assert_eq!(state(&desk, "W200001-1"), "closed", "{row}");
    }
    // one that names nothing is a question, whatever it comes to, and so is one whose memo has other numbers
    for row in [
        "A-1,2025-06-30,,,184.50",
        "A-1,2025-06-30,,lamps for the lobby,184.50",
        "A-1,2025-06-30,,job 4711 03/2025,184.50",
    ] {
        let desk = two();
        bill(&desk, "a.csv", row);
        let told = told(&desk);
        assert_eq!(told.len(), 1, "{row}: {told:?}");
        assert!(told[0].1.contains("an amount alone"), "{row}: {told:?}");
        assert!(
            told[0].1.contains("Candidates: W200001-1"),
            "{row}: {told:?}"
        );
        assert_eq!(state(&desk, "W200001-1"), "shipped", "{row}");
    }
}

#[test]
fn several_in_one_cell_are_several() {
    for cell in [
        "\"W200001-1, W200002-1\"",
        "W200001-1 W200002-1",
        "W200001-1;W200002-1",
        "W200001-1 & W200002-1",
        "W200001-1 and W200002-1",
        "W200001-1/W200002-1",
    ] {
        let desk = two();
        bill(&desk, "a.csv", &format!("A-1,2025-06-30,{cell},,246.00"));
        assert_eq!(told(&desk), [], "{cell}");
        for po in ["W200001-1", "W200002-1"] {
            assert_eq!(state(&desk, po), "closed", "{cell}: {po}");
        }
        let desk = two();
        bill(&desk, "a.csv", &format!("A-1,2025-06-30,{cell},,200.00"));
        let told = told(&desk);
        assert_eq!(told.len(), 1, "{cell}: {told:?}");
        assert_eq!(told[0].0, "invoice_unmatched", "{cell}");
    }
}

#[test]
fn the_same_bill_for_another_purchase_order_is_asked_about() {
    let desk = two();
    bill(&desk, "a.csv", "A-1,2025-06-30,W200002-1,,61.50");
    assert_eq!(told(&desk), []);
    bill(&desk, "b.csv", "A-1,2025-06-30,W200001-1,,61.50");
    let found = told(&desk);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, "invoice_duplicate");
    let words = "for W200001-1 was billed before for W200002-1";
    assert!(found[0].1.contains(words), "{found:?}");
    // the first file again is nothing new
    bill(&desk, "c.csv", "A-1,2025-06-30,W200002-1,,61.50");
    assert_eq!(told(&desk), found);
}

#[test]
fn a_bill_that_came_twice_and_then_for_another_purchase_order_is_asked_about() {
    let desk = two();
    let row = "06/30/2025,Bill,A-1,Acme Home Goods,PO W200002-1,61.50\n";
    let head = "Date,Transaction type,Num,Vendor,Memo/Description,Amount\n";
    desk.file("qb.csv", format!("{head}{row}{row}").as_bytes());
    desk.run(&["import-invoices", "qb.csv"]).ok();
    let before = told(&desk);
    assert_eq!(before.len(), 1, "{before:?}");
    assert_eq!(before[0].0, "invoice_duplicate");
    // the same file again is nothing new
    desk.file("again.csv", format!("{head}{row}{row}\n").as_bytes());
    desk.run(&["import-invoices", "again.csv"]).ok();
    assert_eq!(told(&desk), before);
    bill(&desk, "b.csv", "A-1,2025-06-30,W200001-1,,61.50");
    let found = told(&desk);
    assert_eq!(found.len(), 2, "{found:?}");
    let words = "for W200001-1 was billed before for W200002-1";
    let named = |one: &(String, String)| one.0 == "invoice_duplicate" && one.1.contains(words);
    assert!(found.iter().any(named), "{found:?}");
}

#[test]
fn column_and_memo_that_disagree_are_asked_about_where_the_amount_is_the_memos() {
    let desk = two();
    bill(
        &desk,
        "a.csv",
        "A-1,2025-06-30,W200002-1,PO W200001-1,184.50",
    );
    let found = told(&desk);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, "invoice_unmatched");
    assert!(
        found[0].1.contains("it names W200001-1 as well"),
        "{found:?}"
    );
    let desk = two();
    bill(
        &desk,
        "a.csv",
        "A-1,2025-06-30,W200001-1,PO W200002-1 follows,184.50",
    );
    let found = told(&desk);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.contains(">>PO W200002-1 follows<<"), "{found:?}");
}
