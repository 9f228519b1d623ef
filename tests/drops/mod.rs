//! Purchase orders as files, to where the systems of vendors take them.

mod folder;
mod layout;
mod post;
mod sftp;

use crate::support::desk::{CATALOGUE, TestDesk};
use rusqlite::Connection;
use serde_json::Value;
use std::path::Path;

/// One vendor whose system takes files, and one who takes mail.
const VENDORS: &str = "id,name,email,fax,channel,zip,fallback\n\
    ACME,Acme Home Goods,orders@acme.example,,drop,04101,none\n\
    BLUE,Blue Ridge Garden Supply,po@blueridge.example,,email,28801,none\n";

/// A site of these vendors with this `[[vendor_drop]]`, and one order for Acme.
fn site(drop: &str) -> TestDesk {
    let desk = TestDesk::new();
    desk.config(drop);
    let desk = desk.vendors(VENDORS).catalogue(CATALOGUE);
    desk.order(&TestDesk::plain_order("W200001"));
    desk
}

/// One run at this time of 2025-06-02, with its report.
fn run(desk: &TestDesk, time: &str) -> Value {
    let now = format!("2025-06-02T{time}:00Z");
    desk.now(&now).run(&["process", "--json"]).json()
}

/// The purchase order's delivery: its number, its state and what was said last.
fn delivery(desk: &TestDesk) -> (i64, String, String) {
    let base = Connection::open(desk.path("poms.db")).expect("the ledger");
    let sql = "SELECT id, state, detail FROM delivery WHERE kind = 'purchase_order' ORDER BY id DESC LIMIT 1";
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    base.query_row(sql, [], row).expect("a delivery")
}

/// Codes of the open exceptions.
fn codes(desk: &TestDesk) -> Vec<String> {
    let base = Connection::open(desk.path("poms.db")).expect("the ledger");
    let sql = "SELECT code FROM exception WHERE state = 'open' ORDER BY id";
    let mut statement = base.prepare(sql).expect("a statement");
    let rows = statement.query_map([], |row| row.get(0)).expect("rows");
    rows.collect::<Result<_, _>>().expect("codes")
}

/// Names of all that is in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        let name = entry.expect("an entry").file_name();
        name.to_string_lossy().into_owned()
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}

fn sound(desk: &TestDesk) {
    let problems = crate::support::scene::problems(&desk.path("poms.db"));
    assert_eq!(problems, Vec::<String>::new());
}
