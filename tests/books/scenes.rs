//! Single bills from the file to their end.

use crate::support::desk::TestDesk;
use crate::support::year_ledger;
use poms::ledger::{Ledger, LedgerError, Mode};
use serde_json::Value;

pub const HEAD: &str =
    "vendor,invoice_number,invoice_date,po_number,sku,qty,unit_price,freight,total\n";

/// A site with one order of three lamps at 61.50 with ACME, sent as W200001-1.
pub fn site(more: &str) -> TestDesk {
    let desk = TestDesk::stocked();
    desk.config(more);
    desk.order(&TestDesk::plain_order("W200001"));
    desk.run(&["process"]).ok();
    desk
}

pub fn ship(desk: &TestDesk, pieces: i64) {
    let mut ledger = Ledger::open(&desk.path("poms.db"), Mode::Write, "test").expect("a ledger");
    let work =
        |tx: &poms::ledger::Tx| year_ledger::ship(tx, "W200001-1", &[("BF63-12163", pieces)]);
    ledger
        .write::<_, LedgerError>(desk.moment(), work)
        .expect("shipped");
}

pub fn import(desk: &TestDesk, name: &str, rows: &str) -> Value {
    desk.file(name, format!("{HEAD}{rows}").as_bytes());
    desk.run(&["import-invoices", name, "--json"]).ok().json()
}

/// Code, number and message of what is open about invoices.
pub fn open(desk: &TestDesk) -> Vec<(String, i64, String)> {
    let list = desk
        .run(&["exceptions", "list", "--about", "invoice", "--json"])
        .ok()
        .json();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = list["exceptions"].as_array().expect("a list").clone();
    list.iter()
        .map(|row| {
            (
                text(&row["code"]),
                row["id"].as_i64().unwrap_or(0),
                text(&row["message"]),
            )
        })
        .collect()
}

pub fn resolve(desk: &TestDesk, id: i64, flags: &[&str]) -> String {
    let id = id.to_string();
    let mut args = vec!["exceptions", "resolve", &id];
    args.extend(flags);
    args.extend(["--note", "asked Ms Lee at Acme"]);
    desk.run(&args).ok().stdout
}

fn states(desk: &TestDesk) -> (String, String) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let po = desk.run(&["po", "show", "W200001-1", "--json"]).ok().json();
    let order = desk
        .run(&["order", "show", "W200001", "--json"])
        .ok()
        .json();
    let state = |value: &Value, inner: &str| match value["state"].is_string() {
        true => text(&value["state"]),
        false => text(&value[inner]["state"]),
    };
    (state(&po, "purchase_order"), state(&order, "order"))
}

fn at_risk(desk: &TestDesk) -> String {
    let report = desk.run(&["report", "money-at-risk", "--json"]).ok().json();
    report["total"].as_str().unwrap_or_default().to_owned()
}

fn says_what_a_dismissal_does(desk: &TestDesk, id: &str) {
    let shown = desk.run(&["exceptions", "show", id]).ok().stdout;
    let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("pay as billed, and ask no more"), "{shown}");
}

#[test]
fn billed_before_it_left_clears_itself_and_all_closes() {
    let desk = site("");
    ship(&desk, 2);
    let report = import(
        &desk,
        "b.csv",
        "Acme Home Goods,A-1,2025-06-03,W200001-1,BF63-12163,3,61.50,,184.50\n",
    );
    assert_eq!(report["files"][0]["matched"], 1);
    assert_eq!(report["money_at_risk"], "61.50");
    let found = open(&desk);
    assert_eq!(found[0].0, "invoice_not_shipped");
    for word in [
        "billed 3",
        "ordered 3",
        "shipped 2",
        "61.50",
        "b.csv:2",
        "A-1",
    ] {
        assert!(found[0].2.contains(word), "{word}: {}", found[0].2);
    }
    desk.run(&["verify"]).ok();
    says_what_a_dismissal_does(&desk, &found[0].1.to_string());
    ship(&desk, 1);
    desk.now("2025-06-04T10:00:00Z").run(&["process"]).ok();
    assert_eq!(open(&desk), []);
    assert_eq!(states(&desk), ("closed".to_owned(), "closed".to_owned()));
    assert_eq!(at_risk(&desk), "0.00");
    desk.run(&["verify"]).ok();
    // the bill's number finds the order, and the bill says what became of it
    assert!(
        desk.run(&["order", "search", "a-1"])
            .ok()
            .stdout
            .contains("W200001")
    );
    let shown = desk.run(&["invoice", "show", "A-1"]).ok().stdout;
    for word in [
        "matched: may be paid",
        "W200001-1 (closed)",
        "b.csv:2",
        "is cleared: no longer so",
    ] {
        assert!(shown.contains(word), "{word}: {shown}");
    }
    let margin = desk.run(&["report", "margin", "--json"]).ok().json();
    assert_eq!(
        (&margin["sold"], &margin["cost"]),
        (&"324.69".into(), &"184.50".into())
    );
    let csv = desk
        .run(&["report", "payables", "--format", "csv"])
        .ok()
        .stdout;
    assert!(csv.contains("ACME,Acme Home Goods,bill,A-1,2025-06-03,2025-07-03,W200001-1,184.50,matched,184.50,0.00,"), "{csv}");
}

#[test]
fn a_dispute_is_a_mail_and_ends_with_the_credit() {
    let desk = site("");
    ship(&desk, 3);
    import(
        &desk,
        "b.csv",
        "ACME HOME GOODS,A-1,2025-06-03,W200001-1,AC-12163,3,65.00,,195.00\n",
    );
    let found = open(&desk);
    assert_eq!((found.len(), found[0].0.as_str()), (1, "invoice_price"));
    assert_eq!(states(&desk).0, "invoiced");
    let said = resolve(&desk, found[0].1, &["--dispute"]);
    assert!(
        said.contains("Subject: Your bill A-1 for purchase order W200001-1"),
        "{said}"
    );
    desk.run(&["process"]).ok();
    let mails = desk.mails();
    let mail = mails
        .iter()
        .find(|mail| mail.subject().contains("please correct"))
        .expect("the mail");
    assert_eq!(mail.to(), "orders@acme.example");
    let text = mail.text();
    for word in [
        "$195.00",
        "$10.50",
        "billed 3 at 195.00",
        "W200001-1",
        "credit over",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
    for word in ["stake", "Ms Lee"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
    let id = found[0].1.to_string();
    let args = ["exceptions", "resolve", &id, "--dispute", "--note", "again"];
    desk.run(&args).fails(1, &["disputed already"]);
    // nor is it printed as possible
    let shown = desk.run(&["exceptions", "show", &id, "--json"]).ok().json();
    let commands = shown["commands"].to_string();
    assert!(
        commands.contains("--release") && !commands.contains("--dispute"),
        "{commands}"
    );
    assert_eq!(at_risk(&desk), "10.50");
    import(
        &desk,
        "c.csv",
        "Acme Home Goods,CM-9,2025-06-20,W200001-1,,,,,-10.50\n",
    );
    assert_eq!(open(&desk), []);
    assert_eq!(states(&desk), ("closed".to_owned(), "closed".to_owned()));
    assert_eq!(at_risk(&desk), "0.00");
    desk.run(&["verify"]).ok();
}

#[test]
fn a_promised_credit_is_owed_until_it_comes_in_parts() {
    let desk = site("[invoicing]\nfreight_per_order = \"5.00\"");
    ship(&desk, 3);
    import(
        &desk,
        "b.csv",
        "Acme Home Goods,A-1,2025-06-03,W200001-1,BF63-12163,3,61.50,12.00,196.50\n",
    );
    let found = open(&desk);
    assert_eq!(found[0].0, "invoice_freight");
    resolve(&desk, found[0].1, &["--expect-credit"]);
    assert_eq!(open(&desk), []);
    let report = desk.run(&["report", "money-at-risk", "--json"]).ok().json();
    assert_eq!(report["items"][0]["kind"], "credit_owed");
    assert_eq!(report["total"], "7.00");
    import(
        &desk,
        "c.csv",
        "Acme Home Goods,CM-1,2025-06-20,W200001-1,,,,,-3.00\n",
    );
    assert_eq!(at_risk(&desk), "4.00");
    assert_eq!(states(&desk).0, "invoiced");
    import(
        &desk,
        "d.csv",
        "Acme Home Goods,CM-2,2025-06-21,W200001-1,,,,,-4.00\n",
    );
    assert_eq!(at_risk(&desk), "0.00");
    assert_eq!(states(&desk), ("closed".to_owned(), "closed".to_owned()));
    desk.run(&["verify"]).ok();
}

#[test]
fn a_name_is_learnt_once_and_a_bill_is_tied_by_hand() {
    let desk = site("");
    ship(&desk, 3);
    let rows = "Akme Lamps,A-1,2025-06-03,,,,,,61.50\nAkme Lamps,A-2,2025-06-03,W200001-1,BF63-12163,1,61.50,,61.50\n";
    import(&desk, "b.csv", rows);
    let found = open(&desk);
    assert_eq!(found.len(), 2);
    assert!(
        found[0].2.contains("'Akme Lamps' is no vendor on file"),
        "{}",
        found[0].2
    );
    let id = found[0].1.to_string();
    let args = [
        "exceptions",
        "resolve",
        &id,
        "--amend",
        "po=W200001-1",
        "--note",
        "x",
    ];
    desk.run(&args).fails(1, &["--amend vendor=ACME"]);
    let said = resolve(&desk, found[0].1, &["--amend", "vendor=ACME"]);
    assert!(said.contains("1 of 2 invoices of that name"), "{said}");
    let found = open(&desk);
    assert_eq!((found.len(), found[0].0.as_str()), (1, "invoice_unmatched"));
    resolve(&desk, found[0].1, &["--amend", "po=W200001-1"]);
    assert_eq!(open(&desk), []);
    // the name is known now, and the old file changes nothing
    let report = import(
        &desk,
        "c.csv",
        "Akme Lamps,A-3,2025-06-05,W200001-1,BF63-12163,1,61.50,,61.50\n",
    );
    assert_eq!(report["files"][0]["matched"], 1);
    assert_eq!(import(&desk, "b.csv", rows)["files"][0]["again"], 2);
    assert_eq!(states(&desk), ("closed".to_owned(), "closed".to_owned()));
    desk.run(&["verify"]).ok();
}

#[test]
fn a_duplicate_is_not_counted_unless_a_person_says_so() {
    let desk = site("");
    ship(&desk, 2);
    let rows = "Acme Home Goods,A-1,2025-06-03,W200001-1,BF63-12163,2,61.50,,123.00\nAcme Home Goods,A-9,2025-06-09,W200001-1,BF63-12163,2,61.50,,123.00\n";
    import(&desk, "b.csv", rows);
    let found = open(&desk);
    assert_eq!((found.len(), found[0].0.as_str()), (1, "invoice_duplicate"));
    let said = resolve(&desk, found[0].1, &["--release"]);
    assert!(said.contains("a bill of its own"), "{said}");
    // it counts now, and is compared like any other
    let codes: Vec<String> = open(&desk).into_iter().map(|found| found.0).collect();
    assert_eq!(codes, ["invoice_not_shipped", "invoice_quantity"]);
    for (_, id, _) in open(&desk) {
        let said = resolve(&desk, id, &["--release"]);
        assert!(said.contains("over the tolerance (none)"), "{said}");
    }
    assert_eq!(open(&desk), []);
    desk.run(&["verify"]).ok();
}

#[test]
fn tolerances_are_the_vendors() {
    let vendors = "id,name,email,fax,channel,zip,tolerance_percent,freight_per_order\n\
                   ACME,Acme Home Goods,orders@acme.example,,email,04101,10,any\n";
    let desk = site("").vendors(vendors);
    ship(&desk, 3);
    let report = import(
        &desk,
        "b.csv",
        "Acme Home Goods,A-1,2025-06-03,W200001-1,BF63-12163,3,65.00,40.00,235.00\n",
    );
    assert_eq!(report["money_at_risk"], "0.00");
    assert_eq!(states(&desk), ("closed".to_owned(), "closed".to_owned()));
    desk.run(&["verify"]).ok();
    let bad = "id,name,email,fax,channel,zip,tolerance_percent\nACME,Acme,orders@acme.example,,email,04101,lots\n";
    desk.file("bad.csv", bad.as_bytes());
    desk.run(&["vendors", "import", "bad.csv"])
        .fails(1, &["tolerance_percent", "from 0 to 100"]);
}
