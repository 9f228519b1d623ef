//! What an outsider's bills brought to light.

use super::scenes::{import, open, resolve, ship, site};
use crate::support::desk::TestDesk;

/// Codes and messages of what is open, and the money at risk.
fn found(desk: &TestDesk) -> (Vec<(String, String)>, String) {
    let report = desk.run(&["report", "money-at-risk", "--json"]).ok().json();
    let open = open(desk).into_iter().map(|(code, _, text)| (code, text));
    let total = report["total"].as_str().unwrap_or_default().to_owned();
    (open.collect(), total)
}

#[test]
fn another_unit_costs_nothing_and_is_named() {
    let desk = site("");
    ship(&desk, 3);
    // 36 lamps at 5.125 are three cases at 61.50
    let row = "Acme Home Goods,A-1,2025-06-03,W200001-1,BF63-12163,36,5.125,,184.50\n";
    import(&desk, "b.csv", row);
    let (open_now, total) = found(&desk);
    assert_eq!(
        (open_now.len(), total.as_str()),
        (1, "0.00"),
        "{open_now:?}"
    );
    assert_eq!(open_now[0].0, "invoice_quantity");
    assert!(
        open_now[0]
            .1
            .contains("36 on the bill for the money of 3: another unit"),
        "{open_now:?}"
    );
    let id = open(&desk)[0].1;
    let words = [
        "exceptions",
        "resolve",
        &id.to_string(),
        "--expect-credit",
        "--note",
        "x",
    ];
    desk.run(&words).fails(1, &["no money is at stake"]);
    resolve(&desk, id, &["--release"]);
    let margin = desk.run(&["report", "margin", "--json"]).ok().json();
    assert_eq!(
        (&margin["cost"], &margin["items"][0]["basis"]),
        (&"184.50".into(), &"billed".into())
    );
    assert_eq!(found(&desk), (vec![], "0.00".to_owned()));
    desk.run(&["verify"]).ok();
}

#[test]
fn no_more_is_at_stake_than_was_billed() {
    let desk = site("");
    ship(&desk, 2);
    // five pieces at less than the agreed price: two shipped are 123.00 of the 200.00
    let row = "Acme Home Goods,A-1,2025-06-03,W200001-1,BF63-12163,5,40.00,,200.00\n";
    import(&desk, "b.csv", row);
    let (open_now, total) = found(&desk);
    assert_eq!(total, "77.00", "{open_now:?}");
    desk.run(&["verify"]).ok();
}

#[test]
fn a_number_written_otherwise_is_the_same_bill() {
    let desk = site("");
    ship(&desk, 3);
    let row = |number: &str, date: &str| {
        format!("Acme Home Goods,{number},{date},W200001-1,BF63-12163,3,61.50,,184.50\n")
    };
    import(&desk, "b.csv", &row("INV-0042", "2025-06-03"));
    for (place, number) in ["inv 42", "INV42", "Inv/00042"].iter().enumerate() {
        // long after the days within which a new number is suspected
        let name = format!("again{place}.csv");
        let report = import(&desk, &name, &row(number, "2025-11-20"));
        assert_eq!(report["files"][0]["duplicates"], 1, "{number}: {report:#}");
    }
    let (open_now, total) = found(&desk);
    assert_eq!(
        (open_now.len(), total.as_str()),
        (3, "553.50"),
        "{open_now:?}"
    );
    desk.run(&["verify"]).ok();
}

#[test]
fn purchase_orders_are_found_in_odd_spellings() {
    for memo in [
        "POW200001-1",
        "ref=w200001/1;",
        "P.O. No. W200001\u{2014}1",
        "Purchase Order #W200001.1",
        "PO_W200001_1",
        "PO W200001 - 1 thx",
    ] {
        let desk = site("");
        ship(&desk, 3);
        let text = format!(
            "vendor,invoice_number,invoice_date,memo,total\nAcme Home Goods,A-1,2025-06-03,{memo},150.00\n"
        );
        desk.file("b.csv", text.as_bytes());
        let report = desk
            .run(&["import-invoices", "b.csv", "--json"])
            .ok()
            .json();
        assert_eq!(report["files"][0]["matched"], 1, "{memo}");
    }
}

#[test]
fn freight_for_a_cancelled_order_is_at_stake_too() {
    let desk = site("[invoicing]\nfreight_per_order = \"7.95\"");
    let words = ["order", "cancel", "W200001", "--note", "changed her mind"];
    desk.run(&words).ok();
    import(
        &desk,
        "b.csv",
        "Acme Home Goods,A-1,2025-06-03,W200001-1,BF63-12163,3,61.50,7.95,192.45\n",
    );
    let (open_now, total) = found(&desk);
    assert_eq!(total, "192.45", "{open_now:?}");
    desk.run(&["verify"]).ok();
}

fn read(desk: &TestDesk, text: &str) -> serde_json::Value {
    desk.file("q.csv", text.as_bytes());
    let report = desk
        .run(&["import-invoices", "q.csv", "--json"])
        .ok()
        .json();
    report["files"][0].clone()
}

#[test]
fn a_memo_that_says_total_is_no_total() {
    let desk = site("[invoicing]\ndates = \"mdy\"");
    let taken = read(
        &desk,
        "Journal\nExample Co\nAll Dates\n\n\
         ,Date,Transaction Type,Num,Name,Memo/Description,Account,Debit,Credit\n\
         ,06/03/2025,Bill,J-1,Acme Home Goods,Total,Accounts Payable (A/P),,184.50\n\
         ,,,,Acme Home Goods,Total,Cost of Goods Sold,184.50,\n\
         ,,,,,,,184.50,184.50\n\
         TOTAL,,,,,,,184.50,184.50\n",
    );
    assert_eq!(
        (&taken["bills"], &taken["errors"]),
        (&1.into(), &serde_json::json!([]))
    );
    let totals = taken["totals"].as_array().expect("a list");
    assert!(
        totals.len() == 4 && totals.iter().all(|one| one["agrees"] == true),
        "{totals:#?}"
    );
}

#[test]
fn products_may_stand_under_name() {
    let desk = site("[invoicing]\ndates = \"mdy\"");
    ship(&desk, 3);
    let taken = read(
        &desk,
        "Purchases by Vendor Detail\n\
         ,Type,Date,Num,Memo,Name,Qty,Cost Price,Amount,Balance\n\
         Acme Home Goods,,,,,,,,,\n\
         ,Bill,06/03/25,A-1,PO W200001-1,BF63-12163 (Brass Floor Lamp (large)),2,61.50,123.00,123.00\n\
         ,Bill,06/03/25,A-1,PO W200001-1,AC-12163 (Brass Floor Lamp),1,61.50,61.50,184.50\n\
         Total Acme Home Goods,,,,,,3,,184.50,184.50\n\
         TOTAL,,,,,,3,,184.50,184.50\n",
    );
    assert_eq!(
        (&taken["bills"], &taken["matched"]),
        (&1.into(), &1.into()),
        "{taken:#}"
    );
    assert_eq!(found(&desk), (vec![], "0.00".to_owned()));
}

#[test]
fn another_report_of_a_bill_says_which_purchase_order() {
    let desk = site("[invoicing]\ndates = \"mdy\"");
    ship(&desk, 3);
    let aging = "A/P Aging Detail\nExample Co\nAs of June 30, 2025\n\n\
         ,Date,Transaction Type,Num,Vendor,Due Date,Past Due,Amount,Open Balance\n\
         Current,,,,,,,,\n\
         ,06/03/2025,Bill,A-1,Acme Home Goods,07/03/2025,-3,150.00,150.00\n\
         Total for Current,,,,,,,$150.00,$150.00\nTOTAL,,,,,,,$150.00,$150.00\n";
    let taken = read(&desk, aging);
    assert_eq!(taken["unmatched"], 1, "{taken:#}");
    let list = "Transaction List by Vendor\nExample Co\nAll Dates\n\n\
         ,Date,Transaction Type,Num,Memo/Description,Account,Amount\n\
         Acme Home Goods,,,,,,\n\
         ,06/03/2025,Bill,A-1,for PO W200001-1,Accounts Payable (A/P),150.00\n\
         Total for Acme Home Goods,,,,,,$150.00\nTOTAL,,,,,,$150.00\n";
    let taken = read(&desk, list);
    assert_eq!(
        (&taken["again"], &taken["found"]),
        (&1.into(), &1.into()),
        "{taken:#}"
    );
    assert_eq!(open(&desk), []);
    for text in [aging, list] {
        let taken = read(&desk, text);
        assert_eq!(
            (&taken["again"], &taken["found"]),
            (&1.into(), &0.into()),
            "{taken:#}"
        );
    }
    let shown = desk.run(&["invoice", "show", "A-1"]).ok().stdout;
    assert!(
        shown.contains("another report of invoice 1 names W200001-1"),
        "{shown}"
    );
    desk.run(&["verify"]).ok();
}

fn text_of(desk: &TestDesk, name: &str, rows: &str) -> String {
    desk.file(name, format!("{}{rows}", super::scenes::HEAD).as_bytes());
    let done = desk.run(&["import-invoices", name]).ok().stdout;
    done.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_a_credit_of_the_same_file_settles_is_not_at_stake() {
    let desk = site("");
    ship(&desk, 3);
    let said = text_of(
        &desk,
        "both.csv",
        "Acme Home Goods,A-1,2025-06-03,W200001-1,BF63-12163,3,63.50,,190.50\n\
         Acme Home Goods,A-1C,2025-06-03,W200001-1,BF63-12163,-3,2.00,,-6.00\n",
    );
    assert!(!said.contains("Money at stake"), "{said}");
    assert!(
        said.contains("1 finding that the same file settles"),
        "{said}"
    );
    assert!(said.contains("plain CSV (vendor"), "{said}");
    assert_eq!(found(&desk), (vec![], "0.00".to_owned()));
    // a finding that nothing settles still counts
    let other = site("");
    ship(&other, 3);
    let said = text_of(
        &other,
        "one.csv",
        "Acme Home Goods,A-1,2025-06-03,W200001-1,BF63-12163,3,63.50,,190.50\n",
    );
    assert!(said.contains("Money at stake: $6.00"), "{said}");
}

#[test]
fn a_bill_dated_before_its_purchase_order_is_told_which_one_comes_to_its_amount() {
    let desk = site("");
    // the day first, as 28 proves
    let said = text_of(
        &desk,
        "first.csv",
        "Acme Home Goods,A-1,28/05/2025,,BF63-12163,3,61.50,,184.50\n",
    );
    let words = "bill A-1 of 2025-05-28 over 184.50: it names no purchase order of this vendor; W200001-1 comes to 184.50, but was placed on \
         2025-06-02, after the day of the bill";
    assert!(said.contains(words), "no '{words}' in {said}");
    assert_eq!(said.matches("184.50 at stake").count(), 0, "{said}");
}

#[test]
fn a_file_of_no_known_kind_names_the_reports_as_a_bookkeeper_does() {
    let desk = site("");
    desk.file("x.csv", b"a,b\n1,2\n");
    let done = desk.run(&["import-invoices", "x.csv"]);
    assert_eq!(done.code, 1);
    for words in [
        "QuickBooks Online: Transaction List by Vendor",
        "QuickBooks: Unpaid Bills, or A/P Aging Detail",
        "plain CSV",
    ] {
        assert!(
            done.stderr.contains(words),
            "no '{words}' in {}",
            done.stderr
        );
    }
    assert!(!done.stderr.contains("qbo-"), "{}", done.stderr);
}
