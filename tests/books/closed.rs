//! Columns, numbers and lines of vendors' own tables of bills: `fixtures/bills` has a table below each
//! `=== EXPECTED`. By `ok` its bill is matched and nobody is asked; by `stop` it is not matched without a word;
//! else it opens an exception of that code. `{po}` is a purchase order of three lamps at 61.50 that left, `{other}`
//! that of another order, `{n}` a number that no other bill has.

use crate::support::desk::TestDesk;
use crate::support::year_ledger;
use poms::ledger::{Ledger, LedgerError, Mode, Tx};
use rusqlite::Connection;

/// The tables, each with what is expected.
fn bills(file: &str) -> Vec<(String, String)> {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = std::fs::read_to_string(file).unwrap();
    let entries = text.split("=== ").filter(|entry| !entry.trim().is_empty());
    let parted = entries.map(|entry| entry.split_once('\n').unwrap());
    parted
        .map(|(head, table)| (head.trim().to_owned(), table.trim_end().to_owned()))
        .collect()
}

/// A site with so many orders W300000, W300001, … whose goods left.
fn site(orders: usize) -> TestDesk {
    let desk = TestDesk::stocked();
    for place in 0..orders {
        let mut order = TestDesk::plain_order(&format!("W3{place:05}"));
        order["customer"]["email"] = format!("c{place}@mail.example").into();
        desk.order(&order);
    }
    desk.run(&["process"]).ok();
    let mut ledger = Ledger::open(&desk.path("poms.db"), Mode::Write, "test").expect("a ledger");
    let work = |tx: &Tx| {
        for place in 0..orders {
            year_ledger::ship(tx, &format!("W3{place:05}-1"), &[("BF63-12163", 3)])?;
        }
        Ok(())
    };
    ledger
        .write::<_, LedgerError>(desk.moment(), work)
        .expect("shipped");
    desk
}

/// How many exceptions are open, and the two newest: codes and texts.
pub(super) fn open(desk: &TestDesk) -> (i64, String) {
    let ledger = Connection::open(desk.path("poms.db")).unwrap();
    let sql = "SELECT count(*), coalesce((SELECT group_concat(said, '; ') FROM \
               (SELECT code || ': ' || message AS said FROM exception WHERE state = 'open' ORDER BY id DESC LIMIT 2)), '') FROM exception WHERE state = 'open'";
    let read = |row: &rusqlite::Row| Ok((row.get(0)?, row.get(1)?));
    ledger.query_row(sql, [], read).unwrap()
}

#[test]
fn no_column_of_a_bill_is_passed_over() {
    // another file may be tried
    let file = std::env::var("POMS_BILLS");
    none_passed_over(&file.unwrap_or_else(|_| "fixtures/bills/columns.txt".into()));
}

/// Who gets the goods and who pays, what they are, what a memo says beside them, lines below the bills: of
/// other people, goods and money, and as they are written every day.
#[test]
fn bills_of_every_day_are_told_from_those_that_are_none() {
    none_passed_over("fixtures/bills/everyday.txt");
}

/// Words of memos and descriptions: those of the order and of a closed list, and all others.
#[test]
fn words_of_bills_are_understood_or_asked_about() {
    none_passed_over("fixtures/bills/words.txt");
}

fn none_passed_over(file: &str) {
    let bills = bills(file);
    let desk = site(bills.len());
    let mut wrong = Vec::new();
    for (place, (expected, table)) in bills.iter().enumerate() {
        let other = (place + 1) % bills.len();
        let table = table
            .replace("{po}", &format!("W3{place:05}-1"))
            .replace("{other}", &format!("W3{other:05}-1"))
            .replace("{n}", &format!("A{place}"));
        let name = format!("b{place}.csv");
        desk.file(&name, format!("{table}\n").as_bytes());
        let (before, _) = open(&desk);
        let said = desk.run(&["import-invoices", &name, "--json"]);
        let (after, newest) = open(&desk);
        let report: serde_json::Value = serde_json::from_str(&said.stdout).unwrap_or_default();
        let matched = report["files"][0]["matched"] == 1 && after == before;
        let right = match expected.as_str() {
            "ok" => matched && said.stderr.trim().is_empty(),
            "stop" => !matched,
            code => after > before && newest.contains(&format!("{code}: ")),
        };
        if !right {
            let newest = if after > before { &newest } else { "" };
            wrong.push(format!(
                "{expected}\n{table}\n{} {newest}\n",
                said.stderr.trim()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(bills.len() > 100);
    desk.run(&["verify"]).ok();
}
