//! One bill over several purchase orders, and credits that could be for several things.

use super::scenes::{import, open, resolve};
use crate::support::desk::TestDesk;
use crate::support::year_ledger;
use poms::ledger::{Ledger, LedgerError, Mode};

/// Two orders of three lamps at 61.50 with ACME, shipped whole.
fn three_each() -> TestDesk {
    let orders = ["W200001", "W200002"].map(|number| (TestDesk::plain_order(number), 3));
    site(&orders)
}

/// Orders of so many lamps at 61.50 with ACME, shipped whole: W200001-1 and W200002-1.
pub fn site(orders: &[(serde_json::Value, i64)]) -> TestDesk {
    let desk = TestDesk::stocked();
    for (order, _) in orders {
        desk.order(order);
    }
    desk.config("[rules]\nsuspected_duplicate = { severity = \"off\" }");
    desk.run(&["process"]).ok();
    let mut ledger = Ledger::open(&desk.path("poms.db"), Mode::Write, "test").expect("a ledger");
    for (po, (_, pieces)) in ["W200001-1", "W200002-1"].into_iter().zip(orders) {
        let work = |tx: &poms::ledger::Tx| year_ledger::ship(tx, po, &[("BF63-12163", *pieces)]);
        ledger
            .write::<_, LedgerError>(desk.moment(), work)
            .expect("shipped");
    }
    desk
}

pub fn state(desk: &TestDesk, po: &str) -> String {
    let shown = desk.run(&["po", "show", po, "--json"]).ok().json();
    let at = if shown["state"].is_string() {
        &shown["state"]
    } else {
        &shown["purchase_order"]["state"]
    };
    at.as_str().unwrap_or_default().to_owned()
}

const MEMO: &str = "vendor,invoice_number,invoice_date,memo,total\n";

fn import_total(desk: &TestDesk, name: &str, rows: &str) -> serde_json::Value {
    desk.file(name, format!("{MEMO}{rows}").as_bytes());
    desk.run(&["import-invoices", name, "--json"]).ok().json()
}

#[test]
fn a_bill_with_lines_for_two_orders_is_matched_on_each() {
    let desk = three_each();
    let rows = "Acme Home Goods,C-1,2025-06-30,W200001-1,BF63-12163,3,61.50,,\n\
                Acme Home Goods,C-1,2025-06-30,W200002-1,BF63-12163,3,65.00,,\n";
    let report = import(&desk, "c.csv", rows);
    assert_eq!(
        (
            &report["files"][0]["invoices"],
            &report["files"][0]["matched"]
        ),
        (&1.into(), &1.into())
    );
    assert_eq!(report["money_at_risk"], "10.50");
    assert_eq!(state(&desk, "W200001-1"), "closed");
    assert_eq!(state(&desk, "W200002-1"), "invoiced");
    let found = open(&desk);
    assert_eq!((found.len(), found[0].0.as_str()), (1, "invoice_price"));
    assert!(found[0].2.contains("W200002-1"), "{}", found[0].2);
    // the paper names its parts, and stands once in every sum
    let shown = desk.run(&["invoice", "show", "C-1"]).ok().stdout;
    assert!(
        shown.contains("over several purchase orders") && shown.contains("184.50 for W200001-1"),
        "{shown}"
    );
    let payables = desk.run(&["report", "payables", "--json"]).ok().json();
    assert_eq!(payables["totals"]["bills"], "379.50", "{payables}");
    desk.run(&["verify"]).ok();
    // the paper goes to the books whole, and only when all of it is settled
    let export = |file: &str| {
        desk.run(&[
            "export",
            "bills",
            "--from",
            "2025-06-01",
            "--to",
            "2025-06-30",
            "-o",
            file,
        ])
        .ok()
        .stdout
    };
    assert!(export("early.csv").contains("No matched bill"));
    resolve(&desk, found[0].1, &["--release"]);
    assert_eq!(state(&desk, "W200002-1"), "closed");
    assert!(export("june.csv").contains("1 bills, $379.50"));
    // twice is once, and under another number it is a duplicate
    assert_eq!(import(&desk, "c.csv", rows)["files"][0]["again"], 1);
    let renumbered = rows.replace("C-1", "C-9").replace("06-30", "07-02");
    assert_eq!(
        import(&desk, "d.csv", &renumbered)["files"][0]["duplicates"],
        1
    );
    desk.run(&["verify"]).ok();
}

#[test]
fn a_total_over_two_orders_is_shared_out_to_the_cent() {
    let desk = three_each();
    let report = import_total(
        &desk,
        "c.csv",
        "Acme Home Goods,C-1,2025-06-30,\"POs W200001-1, W200002-1\",369.00\n",
    );
    assert_eq!(report["money_at_risk"], "0.00");
    assert_eq!(state(&desk, "W200001-1"), "closed");
    assert_eq!(state(&desk, "W200002-1"), "closed");
    desk.run(&["verify"]).ok();
}

#[test]
fn a_total_that_does_not_fit_is_shared_out_by_a_person() {
    let desk = three_each();
    import_total(
        &desk,
        "c.csv",
        "Acme Home Goods,C-1,2025-06-30,\"W200001-1, W200002-1\",370.00\n",
    );
    let found = open(&desk);
    assert_eq!((found.len(), found[0].0.as_str()), (1, "invoice_unmatched"));
    assert!(
        found[0].2.contains("Candidates: W200001-1, W200002-1"),
        "{}",
        found[0].2
    );
    let id = found[0].1.to_string();
    let amend = |value: &str| {
        desk.run(&[
            "exceptions",
            "resolve",
            &id,
            "--amend",
            value,
            "--note",
            "as Ms Lee says",
        ])
    };
    amend("po=W200001-1,W200002-1").fails(1, &["--amend po=W200001-1:AMOUNT,W200002-1:AMOUNT"]);
    amend("po=W200001-1:185.00,W200002-1:184.00").fails(1, &["369.00", "370.00"]);
    amend("po=W200001-1:185.50,W200002-1:184.50").ok();
    let found = open(&desk);
    assert_eq!((found.len(), found[0].0.as_str()), (1, "invoice_price"));
    assert!(found[0].2.starts_with("1.00 at stake"), "{}", found[0].2);
    assert_eq!(state(&desk, "W200002-1"), "closed");
    desk.run(&["verify"]).ok();
    assert_eq!(
        import_total(
            &desk,
            "c.csv",
            "Acme Home Goods,C-1,2025-06-30,\"W200001-1, W200002-1\",370.00\n"
        )["files"][0]["again"],
        1
    );
}

/// A bill over W200001-1 with two things wrong, each paid against a promised credit of 5.00.
fn two_promises() -> TestDesk {
    let desk = three_each();
    let rows = "Acme Home Goods,A-1,2025-06-03,W200001-1,BF63-12163,2,64.00,,128.00\n\
                Acme Home Goods,A-2,2025-06-04,W200001-1,BF63-12163,1,66.50,,66.50\n";
    import(&desk, "b.csv", rows);
    let found = open(&desk);
    assert_eq!(found.len(), 2, "{found:?}");
    for (_, id, _) in found {
        resolve(&desk, id, &["--expect-credit"]);
    }
    assert_eq!(owed(&desk), "10.00");
    desk
}

fn owed(desk: &TestDesk) -> String {
    let report = desk.run(&["report", "money-at-risk", "--json"]).ok().json();
    report["total"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_credit_that_fits_several_waits_for_a_person() {
    let desk = two_promises();
    let row = "Acme Home Goods,CM-1,2025-06-20,for W200001-1,-5.00\n";
    import_total(&desk, "c.csv", row);
    let found = open(&desk);
    assert_eq!((found.len(), found[0].0.as_str()), (1, "credit_unclear"));
    for word in [
        "CM-1",
        "W200001-1",
        "credit 1 (5.00",
        "credit 2 (5.00",
        "c.csv:2",
    ] {
        assert!(found[0].2.contains(word), "{word}: {}", found[0].2);
    }
    assert_eq!(owed(&desk), "10.00");
    desk.run(&["verify"]).ok();
    let id = found[0].1.to_string();
    let shown = desk.run(&["exceptions", "show", &id]).ok().stdout;
    assert!(shown.contains("--amend credit=NAME"), "{shown}");
    let amend = |value: &str| {
        desk.run(&[
            "exceptions",
            "resolve",
            &id,
            "--amend",
            value,
            "--note",
            "Ms Lee says A-2",
        ])
    };
    amend("credit=RMA9").fails(
        1,
        &["'RMA9' is nothing that Acme Home Goods owes", "credit 2"],
    );
    desk.run(&["exceptions", "resolve", &id, "--retry", "--note", "again"])
        .fails(1, &["could still be for any of these"]);
    amend("credit=credit 2").ok();
    assert_eq!(open(&desk), []);
    assert_eq!(owed(&desk), "5.00");
    assert_eq!(import_total(&desk, "c.csv", row)["files"][0]["again"], 1);
    // the other one comes, and can only be for what is left
    import_total(
        &desk,
        "d.csv",
        "Acme Home Goods,CM-2,2025-06-21,bill A-1,-5.00\n",
    );
    assert_eq!(
        (owed(&desk), state(&desk, "W200001-1")),
        ("0.00".to_owned(), "closed".to_owned())
    );
    desk.run(&["verify"]).ok();
}

#[test]
fn a_credit_that_comes_to_several_settles_them_all() {
    let desk = two_promises();
    import_total(
        &desk,
        "c.csv",
        "Acme Home Goods,CM-1,2025-06-20,for W200001-1,-10.00\n",
    );
    assert_eq!(open(&desk), []);
    assert_eq!(
        (owed(&desk), state(&desk, "W200001-1")),
        ("0.00".to_owned(), "closed".to_owned())
    );
    desk.run(&["verify"]).ok();
}

#[test]
fn a_credit_may_name_several_and_leave_a_rest() {
    let desk = two_promises();
    import_total(
        &desk,
        "c.csv",
        "Acme Home Goods,CM-1,2025-06-20,for W200001-1,-7.00\n",
    );
    let found = open(&desk);
    assert_eq!((found.len(), found[0].0.as_str()), (1, "credit_unclear"));
    resolve(&desk, found[0].1, &["--amend", "credit=credit 2,credit 1"]);
    assert_eq!((open(&desk), owed(&desk)), (Vec::new(), "3.00".to_owned()));
    assert_eq!(state(&desk, "W200001-1"), "invoiced");
    desk.run(&["verify"]).ok();
}

#[test]
fn freight_of_a_joint_bill_is_a_charge_and_no_cost_of_goods() {
    let margin = |desk: &TestDesk| {
        let report = desk.run(&["report", "margin", "--json"]).ok().json();
        [&report["cost"], &report["charges"]].map(|value| value.as_str().unwrap_or("").to_owned())
    };
    let terms = "[rules]\nsuspected_duplicate = { severity = \"off\" }\n[invoicing]\nfreight_per_order = \"7.95\"";
    for (head, row, charges) in [
        // its total alone: goods, and the freight agreed for each
        ("memo,total", "W200001-1 and W200002-1,384.90", "15.90"),
        // the bill says what of it is freight: as agreed, and beyond
        (
            "memo,freight,total",
            "W200001-1 and W200002-1,15.90,384.90",
            "15.90",
        ),
        (
            "memo,freight,total",
            "W200001-1 and W200002-1,21.00,390.00",
            "21.00",
        ),
    ] {
        let desk = three_each();
        desk.config(terms);
        let text = format!(
            "vendor,invoice_number,invoice_date,{head}\nAcme Home Goods,J-1,2025-06-30,{row}\n"
        );
        desk.file("joint.csv", text.as_bytes());
        let report = desk
            .run(&["import-invoices", "joint.csv", "--json"])
            .ok()
            .json();
        assert_eq!(report["files"][0]["matched"], 1, "{row}: {report:#}");
        let expected = ["369.00".to_owned(), charges.to_owned()];
        assert_eq!(margin(&desk), expected, "{row}");
        desk.run(&["verify"]).ok();
    }
    // a person's word for the shares keeps the freight that the bill tells
    let desk = three_each();
    desk.config(terms);
    desk.file(
        "joint.csv",
        b"vendor,invoice_number,invoice_date,memo,freight,total\nAcme Home Goods,J-2,2025-06-30,W200001-1 W200002-1,15.90,380.00\n",
    );
    desk.run(&["import-invoices", "joint.csv", "--json"]).ok();
    let (_, id, _) = open(&desk)[0].clone();
    resolve(
        &desk,
        id,
        &["--amend", "po=W200001-1:190.00,W200002-1:190.00"],
    );
    assert_eq!(margin(&desk)[1], "15.90");
}
