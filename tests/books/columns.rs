//! A bill's own columns: void, cancelled and paid bills are none that are to be paid, and are told by
//! row; where money goes by a column of its own is an alarm.

use super::scenes::{open, site};

const BASE: &str = "vendor,invoice_number,invoice_date,po_number,amount";

#[test]
fn a_bill_that_takes_itself_back_is_not_taken() {
    for (heading, cell) in [
        ("status", "Void"),
        ("Invoice Status", "Paid"),
        ("memo", "VOID do not pay"),
        ("paid", "yes"),
        ("Date Paid", "2025-06-03"),
        ("cancelled", "Y"),
        ("notes", "duplicate of A-0"),
        ("x", "void"),
        ("description", "CANCELLED"),
        ("amount_due", "0.00"),
        ("open balance", "$0.00"),
        ("balance", "5.00"),
        ("Amount Due", "20.00"),
        ("approved", "no"),
        ("OK to pay", "pending"),
        ("purchase_order", "W200002-1"),
        ("PO", "W200002-1"),
        ("customer order", "W200002"),
        ("order", "W200002"),
        ("paid_amount", "61.50"),
        ("amount_paid", "20.00"),
    ] {
        let desk = site("");
        let row = format!("Acme Home Goods,A-1,2025-06-03,W200001-1,61.50,{cell}\n");
        desk.file("b.csv", format!("{BASE},{heading}\n{row}").as_bytes());
        let said = desk.run(&["import-invoices", "b.csv", "--json"]);
        assert_eq!(said.code, 1, "{heading}: {}", said.stdout);
        assert!(
            said.stderr.contains("b.csv:2: not taken: "),
            "{heading}: {}",
            said.stderr
        );
        assert!(said.stderr.contains(cell), "{heading}: {}", said.stderr);
        assert_eq!(said.json()["files"][0]["errors"][0]["line"], 2, "{heading}");
        assert_eq!(open(&desk), [], "{heading}");
    }
}

#[test]
fn an_open_bill_is_taken_and_where_to_pay_is_an_alarm() {
    for (heading, cell, alarm) in [
        ("status", "Open", false),
        ("paid", "no", false),
        ("memo", "lamps", false),
        ("remit_to", "New Bank 12345678", true),
        ("Bank Account", "12345678", true),
        ("IBAN", "DE89370400440532013000", true),
        ("remit_to", "", false),
        ("pay_via", "new account 12345678", true),
        ("Payment Method", "12345678", true),
        ("New Account", "12345678", true),
        ("x", "our new account is 12345678", true),
        ("payee", "Acme Home Goods", false),
        ("pay to", "ACME HOME GOODS", false),
        ("pay_via", "check", false),
        ("account", "Cost of goods sold", false),
        ("approved", "yes", false),
        ("balance", "61.50", false),
        ("balance", "120.00", false),
        ("amount_paid", "0.00", false),
        ("order", "88123", false),
        ("order", "W200001", false),
        ("PO", "w200001-1", false),
    ] {
        let desk = site("");
        let row = format!("Acme Home Goods,A-1,2025-06-03,W200001-1,61.50,{cell}\n");
        desk.file("b.csv", format!("{BASE},{heading}\n{row}").as_bytes());
        let said = desk.run(&["import-invoices", "b.csv", "--json"]);
        assert!(said.stderr.is_empty(), "{heading}: {}", said.stderr);
        let list = desk.run(&["exceptions", "list", "--json"]).ok().stdout;
        assert_eq!(
            list.contains("remit_to_changed"),
            alarm,
            "{heading}: {list}"
        );
    }
}

#[test]
fn a_report_whose_memo_voids_a_bill_with_an_amount_is_not_payable_by_it() {
    let head = "Date,Transaction type,Num,Vendor,Memo/Description,Amount\n";
    for (memo, taken) in [
        ("voided PO W200001-1", false),
        ("PO W200001-1: do not pay", false),
        ("PO W200001-1, avoid sun", false),
        ("PO W200001-1, thank you", true),
    ] {
        let desk = site("");
        let row = format!("06/30/2025,Bill,A-1,Acme Home Goods,\"{memo}\",61.50\n");
        desk.file("b.csv", format!("{head}{row}").as_bytes());
        let said = desk.run(&["import-invoices", "b.csv", "--json"]);
        assert_eq!(
            said.json()["files"][0]["matched"],
            i32::from(taken),
            "{memo}"
        );
        let named = said.stderr.contains("b.csv:2: not taken: ") && said.stderr.contains(memo);
        let asked = open(&desk).iter().any(|(.., text)| text.contains(memo));
        assert_eq!(named || asked, !taken, "{memo}: {}", said.stderr);
    }
}

#[test]
fn a_bill_whose_number_or_order_says_void_is_not_taken() {
    for row in [
        "Acme Home Goods,VOID-A1,2025-06-03,W200001-1,61.50",
        "Acme Home Goods,A-1,2025-06-03,W200001-1 VOID,61.50",
    ] {
        let desk = site("");
        desk.file("b.csv", format!("{BASE}\n{row}\n").as_bytes());
        let said = desk.run(&["import-invoices", "b.csv"]);
        assert_eq!(said.code, 1, "{row}: {}", said.stdout);
        assert!(
            said.stderr.contains("takes the bill back"),
            "{}",
            said.stderr
        );
    }
}

/// While nobody has decided where a vendor's money goes, nothing of it goes to the books' program.
#[test]
fn nothing_is_exported_for_a_vendor_whose_bank_is_asked_about() {
    let desk = site("");
    super::scenes::ship(&desk, 3);
    let row = "Acme Home Goods,A-1,2025-06-03,W200001-1,184.50,New Bank 12345678";
    desk.file("b.csv", format!("{BASE},remit_to\n{row}\n").as_bytes());
    desk.run(&["import-invoices", "b.csv"]);
    let export = [
        "export",
        "bills",
        "--from",
        "2025-06-01",
        "--to",
        "2025-06-30",
        "-o",
    ];
    let held = desk.run(&[&export[..], &["one.csv"]].concat());
    assert_eq!(held.code, 1, "{}", held.stdout);
    for word in ["left out", "poms exceptions show 1"] {
        assert!(held.stderr.contains(word), "{}", held.stderr);
    }
    desk.run(&[
        "exceptions",
        "resolve",
        "1",
        "--release",
        "--note",
        "rang Ms Lee at the number on file",
    ])
    .ok();
    let out = desk.run(&[&export[..], &["two.csv"]].concat()).ok().stdout;
    assert!(out.contains("1 bill"), "{out}");
}

/// A purchase order that is cut short stands for one that nobody named.
#[test]
fn every_purchase_order_of_a_bill_is_written_in_full() {
    for (po, taken) in [
        ("W200001-1 and 2", false),
        ("W200001-1 & 1", false),
        ("\"W200001-1, 2\"", false),
        ("W200001-1", true),
    ] {
        let desk = site("");
        let row = format!("Acme Home Goods,A-1,2025-06-03,{po},61.50\n");
        desk.file("b.csv", format!("{BASE}\n{row}").as_bytes());
        let said = desk.run(&["import-invoices", "b.csv", "--json"]);
        assert_eq!(said.json()["files"][0]["matched"], i32::from(taken), "{po}");
        assert_eq!(
            said.stderr.contains("in full"),
            !taken,
            "{po}: {}",
            said.stderr
        );
    }
}

/// The memo is a word of the vendor's, too.
#[test]
fn a_memo_that_names_another_purchase_order_is_asked_about() {
    for (memo, asked) in [
        ("PO W200002-1", true),
        ("wrong, see W200002-1", true),
        ("PO W200001-1", false),
        ("lamps", false),
    ] {
        let desk = site("");
        let mut order = crate::support::desk::TestDesk::plain_order("W200002");
        order["lines"][0]["qty"] = 1.into();
        order["total"] = "108.23".into();
        order["customer"]["email"] = "other@mail.example".into();
        desk.order(&order);
        desk.run(&["process"]).ok();
        let row = format!("Acme Home Goods,A-1,2025-06-03,W200001-1,61.50,\"{memo}\"\n");
        desk.file("b.csv", format!("{BASE},memo\n{row}").as_bytes());
        desk.run(&["import-invoices", "b.csv", "--json"]);
        let told = open(&desk);
        let about = |(code, _, text): &(String, i64, String)| {
            code == "invoice_unmatched" && text.contains("W200002-1")
        };
        assert_eq!(told.iter().any(about), asked, "{memo}: {told:?}");
    }
}
