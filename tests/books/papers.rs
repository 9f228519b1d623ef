//! Bills as vendors' systems and QuickBooks write them, against a site with several articles and an agreement:
//! `fixtures/bills/papers.txt` has a file below each `=== EXPECTED`. By `ok` all its bills are matched and nobody is
//! asked; by `part` too, and so much less is to be paid as was paid; by `stop` a person is asked, or the file or
//! the bill is refused. The purchase order `{po}` is one of three lamps at 61.50; after `two` of two kettles at
//! 14.00 as well, after `sized` of four rods at 8.00, after `blue` of four hoses at 19.25 with freight of up
//! to 12.00.

use super::closed::open;
use crate::support::desk::TestDesk;
use crate::support::year_ledger;
use poms::ledger::{Ledger, LedgerError, Mode, Tx};
use serde_json::{Value, json};

const CATALOGUE: &str = "\
sku,description,category,vendor_id,vendor_sku,cost,retail_price,weight,status,priority
BF63-12163,Brass Floor Lamp,Lighting,ACME,AC-12163,61.50,100.00,9.5,active,1
KT10-00010,Kettle 1.7 l,Kitchen,ACME,AC-00010,14.00,30.00,1.4,active,1
CR18-00001,Closet Rod 18 in White,Closet,ACME,AC-CR18,8.00,16.00,1.0,active,1
GD20-00020,Garden Hose 25 m,Garden,BLUE,B-77,19.25,40.00,3.2,active,1
";
const VENDORS: &str = "\
id,name,email,fax,channel,zip,freight_per_order
ACME,Acme Home Goods,orders@acme.example,,email,04101,
BLUE,Blue Ridge Garden Supply,po@blueridge.example,,email,28801,12.00
";

/// What is ordered: article, pieces and price of each.
type Lines = &'static [(&'static str, i64, i64)];

fn lines(head: &str) -> Lines {
    match head.split(' ').nth(1) {
        Some("two") => &[("BF63-12163", 3, 100), ("KT10-00010", 2, 30)],
        Some("sized") => &[("CR18-00001", 4, 16)],
        Some("blue") => &[("GD20-00020", 4, 40)],
        _ => &[("BF63-12163", 3, 100)],
    }
}

/// Heads and files.
fn files(file: &str) -> Vec<(String, String)> {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = std::fs::read_to_string(file).unwrap();
    let entries = text.split("=== ").filter(|entry| !entry.trim().is_empty());
    let parted = entries.map(|entry| entry.split_once('\n').unwrap());
    parted
        .map(|(head, file)| (head.trim().to_owned(), file.trim_end().to_owned()))
        .collect()
}

/// A site with an order for each file, whose goods left.
fn site(files: &[(String, String)]) -> TestDesk {
    let desk = TestDesk::new().vendors(VENDORS).catalogue(CATALOGUE);
    desk.config("[invoicing]\ndates = \"mdy\"");
    for (place, (head, _)) in files.iter().enumerate() {
        let mut order = TestDesk::plain_order(&format!("W3{place:05}"));
        let lines = lines(head);
        let line = |(sku, qty, price): &(&str, i64, i64)| json!({"sku": sku, "qty": qty, "unit_price": format!("{price}.00")});
        order["lines"] = lines.iter().map(line).collect();
        let total: i64 = lines.iter().map(|(_, qty, price)| qty * price).sum();
        order["total"] = format!("{total}.00").into();
        order["customer"]["email"] = format!("c{place}@mail.example").into();
        desk.order(&order);
    }
    desk.run(&["process"]).ok();
    let mut ledger = Ledger::open(&desk.path("poms.db"), Mode::Write, "test").expect("a ledger");
    let work = |tx: &Tx| {
        for (place, (head, _)) in files.iter().enumerate() {
            let pieces = lines(head).iter().map(|(sku, qty, _)| (*sku, *qty));
            let pieces: Vec<_> = pieces.collect();
            year_ledger::ship(tx, &format!("W3{place:05}-1"), &pieces)?;
        }
        Ok(())
    };
    ledger
        .write::<_, LedgerError>(desk.moment(), work)
        .expect("shipped");
    desk
}

#[test]
fn papers_are_read_or_asked_about() {
    // another file may be tried
    let file = std::env::var("POMS_PAPERS");
    let files = files(&file.unwrap_or_else(|_| "fixtures/bills/papers.txt".into()));
    let desk = site(&files);
    let (mut wrong, mut asked) = (Vec::new(), Vec::new());
    for (place, (head, text)) in files.iter().enumerate() {
        let other = (place + 1) % files.len();
        let text = text
            .replace("{po}", &format!("W3{place:05}-1"))
            .replace("{other}", &format!("W3{other:05}-1"))
            .replace("{n}", &format!("A{place}"));
        let name = format!("b{place}.csv");
        desk.file(&name, format!("{text}\n").as_bytes());
        let (before, _) = open(&desk);
        let said = desk.run(&["import-invoices", &name, "--json"]);
        let (after, newest) = open(&desk);
        let report: Value = serde_json::from_str(&said.stdout).unwrap_or_default();
        let count = |key: &str| report["files"][0][key].as_i64().unwrap_or(0);
        let whole = count("bills") > 0 && count("matched") == count("bills");
        let passed = whole && after == before && said.stderr.trim().is_empty();
        let stop = head.starts_with("stop");
        if passed == stop {
            let newest = if after > before { &newest } else { "" };
            let list = if stop { &mut wrong } else { &mut asked };
            list.push(format!("{head}\n{text}\n{} {newest}\n", said.stderr.trim()));
        }
    }
    let both = [("PASSED", &wrong), ("ASKED", &asked)];
    for (word, list) in both {
        list.iter().for_each(|one| println!("{word} {one}"));
    }
    println!(
        "{} files: {} passed that should not, {} needless questions",
        files.len(),
        wrong.len(),
        asked.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(asked.len() * 100 <= files.len(), "{}", asked.join("\n"));
    desk.run(&["verify"]).ok();
}

/// An Unpaid Bills report of a bill over 184.50, of which so much is open.
fn unpaid(open: &str) -> String {
    format!(
        "Unpaid Bills\nExample Shop LLC\n\"As of June 30, 2025\"\n\n\
         ,Date,Transaction Type,Num,Due Date,Past Due,Memo/Description,Amount,Open Balance\n\
         Acme Home Goods,,,,,,,,\n\
         ,06/02/2025,Bill,A-1,07/02/2025,-2,PO W300000-1,184.50,{open}\n\
         Total for Acme Home Goods,,,,,,,$184.50,${open}\nTOTAL,,,,,,,$184.50,${open}\n"
    )
}

/// What of the only bill may be paid.
fn approved(desk: &TestDesk) -> String {
    let report = desk.run(&["report", "payables", "--json"]).ok().json();
    assert_eq!(report["totals"]["bills"], "184.50", "{report:#}");
    report["totals"]["approved"].as_str().unwrap().to_owned()
}

#[test]
fn what_was_paid_of_a_bill_is_not_paid_again() {
    let desk = site(&[("ok".to_owned(), String::new())]);
    let take = |text: &str| {
        desk.file("u.csv", text.as_bytes());
        desk.run(&["import-invoices", "u.csv"]).ok();
    };
    take(&unpaid("84.50"));
    assert_eq!((open(&desk).0, approved(&desk)), (0, "84.50".to_owned()));
    let shown = desk.run(&["invoice", "show", "A-1"]).ok().stdout;
    assert!(shown.contains("84.50 open of 184.50"), "{shown}");
    // an older report does not open it again; a later one shows what was paid since
    take(&unpaid("184.50"));
    assert_eq!(approved(&desk), "84.50");
    take(&unpaid("30.00"));
    assert_eq!(approved(&desk), "30.00");
    take(&unpaid("0.00"));
    assert_eq!((open(&desk).0, approved(&desk)), (0, "0.00".to_owned()));
    desk.run(&["verify"]).ok();
}

#[test]
fn a_bill_on_file_in_whole_is_paid_in_part_by_a_report_of_open_balances() {
    let desk = site(&[("ok".to_owned(), String::new())]);
    let take = |text: &str| {
        desk.file("u.csv", text.as_bytes());
        desk.run(&["import-invoices", "u.csv"]).ok();
    };
    take("vendor,invoice,date,po,total\nAcme Home Goods,A-1,06/02/2025,W300000-1,184.50\n");
    assert_eq!(approved(&desk), "184.50");
    take(
        ",,Type,,Date,,Num,,P. O. #,,Due Date,,Aging,,Open Balance\r\n\
         Acme Home Goods,,,,,,,,,,,,,,\r\n\
         ,,Bill,,06/02/2025,,A-1,,W300000-1,,07/02/2025,,,,54.50\r\n\
         Total Acme Home Goods,,,,,,,,,,,,,,54.50\r\nTOTAL,,,,,,,,,,,,,,54.50\r\n",
    );
    assert_eq!((open(&desk).0, approved(&desk)), (0, "54.50".to_owned()));
    desk.run(&["verify"]).ok();
}

#[test]
fn a_total_that_is_not_the_sum_of_its_rows_is_a_question() {
    let desk = site(&[("ok".to_owned(), String::new())]);
    desk.config("[invoicing]\ndates = \"mdy\"");
    let text = "vendor,invoice,date,po,total\nAcme Home Goods,A-1,06/02/2025,W300000-1,184.50\nTotal,,,,384.50\n";
    desk.file("t.csv", text.as_bytes());
    let said = desk.run(&["import-invoices", "t.csv"]);
    assert_eq!(said.code, 1, "{}", said.stdout);
    let (count, newest) = open(&desk);
    assert_eq!(count, 1, "{newest}");
    for word in ["t.csv", "384.50", "184.50", "line 3"] {
        assert!(newest.contains(word), "{word}: {newest}");
    }
    desk.run(&["verify"]).ok();
}

/// A list of transactions of the vendor: the bill over 184.50, and rows beside it.
fn listed(rows: &[&str]) -> String {
    let mut text = "Example Shop LLC\nTransaction List by Vendor\n\"June 1-30, 2025\"\n\n\
                    ,Date,Transaction Type,Num,Posting,Memo/Description,Account,Amount\n\"Acme Home Goods\"\n\
                    ,06/02/2025,Bill,88112,Yes,\"PO W300000-1\",Accounts Payable (A/P),184.50\n"
        .to_owned();
    for row in rows {
        text.push_str(&format!(",{row}\n"));
    }
    text
}

#[test]
fn what_the_same_report_says_was_paid_of_a_bill_is_not_paid_again() {
    for (rows, left) in [
        (
            &["06/03/2025,Bill Payment (Check),1088,Yes,88112,Accounts Payable (A/P),-184.50"][..],
            "0.00",
        ),
        (
            &["06/03/2025,Bill Payment (Check),1088,Yes,,Accounts Payable (A/P),-184.50"],
            "0.00",
        ),
        (
            &[
                "06/03/2025,Bill Payment (Credit Card),,Yes,pd PO W300000-1,Accounts Payable (A/P),-100.00",
            ],
            "84.50",
        ),
        (
            &["06/03/2025,Check,1090,Yes,inv 88112,Accounts Payable (A/P),-184.50"],
            "0.00",
        ),
        // another's, by its amount and its words
        (
            &["06/03/2025,Bill Payment (Check),1088,Yes,77001,Accounts Payable (A/P),-20.00"],
            "184.50",
        ),
        (
            &["06/03/2025,Check,1091,Yes,stamps,Accounts Payable (A/P),-184.50"],
            "184.50",
        ),
    ] {
        let desk = site(&[("ok".to_owned(), String::new())]);
        desk.file("t.csv", listed(rows).as_bytes());
        desk.run(&["import-invoices", "t.csv"]).ok();
        assert_eq!(
            (open(&desk).0, approved(&desk).as_str()),
            (0, left),
            "{rows:?}"
        );
    }
}

#[test]
fn what_the_same_report_takes_back_of_a_bill_is_not_taken() {
    for row in [
        "06/03/2025,Bill,88112,Yes,void,Accounts Payable (A/P),0.00",
        "06/03/2025,Bill,88112,Yes,PO W300000-1,Accounts Payable (A/P),-184.50",
        "06/04/2025,Journal Entry,JE12,Yes,void inv 88112,Accounts Payable (A/P),-184.50",
    ] {
        let desk = site(&[("ok".to_owned(), String::new())]);
        desk.file("t.csv", listed(&[row]).as_bytes());
        let said = desk.run(&["import-invoices", "t.csv"]);
        assert_eq!(said.code, 1, "{row}: {}", said.stdout);
        assert!(
            said.stderr.contains("t.csv:7") && said.stderr.contains("takes it back"),
            "{row}: {}",
            said.stderr
        );
        let report = desk.run(&["report", "payables", "--json"]).ok().json();
        assert_eq!(report["totals"]["approved"], "0.00", "{row}");
    }
}

#[test]
fn a_credit_for_goods_that_the_customer_has_not_got_is_a_persons() {
    for (memo, asked) in [
        ("goods lost in transit", true),
        ("short shipped", true),
        ("credit for shortage on box 2", true),
        ("", false),
    ] {
        let desk = site(&[("ok".to_owned(), String::new())]);
        let text = format!(
            "vendor,invoice_number,invoice_date,po_number,sku,qty,unit_price,amount,kind,memo\n\
             Acme Home Goods,CM1,2025-06-04,W300000-1,BF63-12163,1,61.50,61.50,credit,{memo}\n"
        );
        desk.file("c.csv", text.as_bytes());
        desk.run(&["import-invoices", "c.csv"]).done();
        let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
        let rows = list["exceptions"].as_array().expect("a list");
        assert_eq!(rows.len(), usize::from(asked), "{memo}: {list:#}");
        if asked {
            assert_eq!(rows[0]["code"], "credit_unclear");
            let id = rows[0]["id"].to_string();
            let shown = desk.run(&["exceptions", "show", &id]).ok().stdout;
            assert!(
                shown.contains("poms return open") || shown.contains("return open"),
                "{shown}"
            );
            desk.run(&[
                "exceptions",
                "resolve",
                &id,
                "--dismiss",
                "--note",
                "asked her",
            ])
            .ok();
        }
        desk.run(&["verify"]).ok();
    }
}
