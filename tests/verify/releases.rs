//! Ledgers that releases before this one wrote, in `fixtures/ledgers`: each opens, is migrated, verifies,
//! and goes on. That folder's README says how one is written.

use super::{Case, Independent};
use crate::support::desk::TestDesk;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// What a ledger is, and what proves it.
const FILES: [&str; 2] = ["poms.db", "poms.db.anchor"];

const VENDORS: &str = "\
id,name,email,fax,channel,street1,city,state,zip,country,mail_domain
ACME,Acme Home Goods,orders@acme.example,,email,7 Foundry Road,Portland,ME,04101,US,yes
BLUE,Blue Ridge Garden Supply,po@blueridge.example,,email,19 Orchard Lane,Asheville,NC,28801,US,yes
";

const ADVICE_HEAD: &str = "po_number,sku,qty,carrier,tracking_number,ship_date\n";

fn ledgers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/ledgers")
}

/// A site that has no ledger yet, with a mailbox for vendors and a folder for their bills.
fn site() -> TestDesk {
    let desk = TestDesk::new();
    for folder in [
        "mail/vendors/new",
        "mail/vendors/cur",
        "mail/vendors/tmp",
        "bills",
    ] {
        std::fs::create_dir_all(desk.path(folder)).unwrap();
    }
    desk.config(
        "[[mailbox]]\nname = \"vendors\"\npurpose = \"vendors\"\nkind = \"maildir\"\npath = \"mail/vendors\"\n\
         [intake]\nauthserv_id = \"mx.shop.example\"\n[invoicing]\nfolder = \"bills\"\n",
    );
    desk
}

/// An order of kettles, or what the test makes of it.
fn order(number: &str, lines: Value, total: &str) -> Value {
    let mut order = TestDesk::plain_order(number);
    order["customer"]["email"] = json!(format!("{number}@mail.example"));
    order["lines"] = lines;
    order["total"] = json!(total);
    order
}

fn kettles(number: &str, pieces: i64) -> Value {
    let total = format!("{}.{}0", pieces * 2990 / 100, pieces * 2990 % 100 / 10);
    let line = json!({"sku": "KT10-00010", "qty": pieces, "unit_price": "29.90"});
    order(number, json!([line]), &total)
}

/// A mail of Acme's with a table of what left.
fn advice(desk: &TestDesk, name: &str, row: &str) {
    let mail = format!(
        "Authentication-Results: mx.shop.example; dkim=pass header.d=acme.example\r\n\
         From: Ann <ann@acme.example>\r\nTo: orders@shop.example\r\nSubject: Shipped\r\nDate: {}\r\n\
         Message-ID: <{name}@acme.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/csv; name=\"a.csv\"\r\nContent-Disposition: attachment; filename=\"a.csv\"\r\n\r\n{}{row}",
        desk.moment().to_rfc2822(),
        ADVICE_HEAD
    );
    desk.file(&format!("mail/vendors/new/{name}.v"), mail.as_bytes());
}

fn bill(desk: &TestDesk, name: &str, row: &str) {
    let text = format!("{}Acme Home Goods,{row}\n", crate::books::HEAD);
    desk.file(&format!("bills/{name}"), text.as_bytes());
}

/// Some days of a shop, by the release whose program `desk` runs: orders placed, held and cancelled, goods
/// that left and a row that waits, bills that fit and one that came too early, a return.
fn some_days(desk: TestDesk) -> TestDesk {
    let desk = desk
        .vendors(VENDORS)
        .catalogue(crate::support::desk::CATALOGUE);
    let three = json!([
        {"sku": "BF63-12163", "qty": 3, "unit_price": "108.23"},
        {"sku": "GD20-00020", "qty": 1, "unit_price": "39.00"}
    ]);
    desk.order(&order("W1", three, "363.69"));
    let mut held = kettles("W2", 1);
    held["ship_to"]["zip"] = json!("02139");
    desk.order(&held);
    desk.order(&kettles("W3", 1)).order(&kettles("W4", 2));
    desk.run(&["process"]).done();
    desk.run(&["order", "note", "W2", "they rang"]).ok();
    desk.run(&["order", "cancel", "W3", "--note", "wants it no more"])
        .ok();
    desk.now("2025-06-03T15:00:00Z");
    advice(
        &desk,
        "1",
        "W1-1,AC-12163,3,UPS,1Z5R89390357567127,2025-06-03\n",
    );
    bill(
        &desk,
        "1.csv",
        "A-1,2025-06-03,W1-1,BF63-12163,3,61.50,,184.50",
    );
    bill(
        &desk,
        "2.csv",
        "A-2,2025-06-03,W4-1,KT10-00010,2,14.00,,28.00",
    );
    desk.run(&["process"]).done();
    let waits = format!("{ADVICE_HEAD}W1-2,B-77,9,UPS,1Z999AA10123456784,2025-06-03\n");
    desk.file("advice.csv", waits.as_bytes());
    desk.run(&["import-advices", "advice.csv"]);
    desk.now("2025-06-04T15:00:00Z");
    desk.run(&["return", "open", "W1", "1=1", "--reason", "too tall"])
        .ok();
    desk.run(&["return", "authorise", "R-W1-1", "--note", "as agreed"])
        .ok();
    desk.run(&["process"]).done();
    desk.run(&["verify"]).ok();
    desk
}

/// Has a release's program write its ledger: `POMS_RELEASE=poms-COMMIT`, a path.
fn write_anew(program: &Path) {
    let program = program.canonicalize().expect("the release's program");
    let desk = site();
    desk.by(&program);
    let desk = some_days(desk);
    let name = program.file_name().unwrap().to_str().unwrap();
    let name = name
        .strip_prefix("poms-")
        .expect("a program called poms-COMMIT");
    let file = File::create(ledgers().join(format!("{name}.zip"))).unwrap();
    let mut zip = zip::ZipWriter::new(file);
    let options = zip::write::SimpleFileOptions::default().compression_level(Some(9));
    for one in FILES {
        zip.start_file(one, options).unwrap();
        zip.write_all(&std::fs::read(desk.path(one)).unwrap())
            .unwrap();
    }
    zip.finish().unwrap();
}

/// Puts a release's ledger into the site.
fn take_over(desk: &TestDesk, archive: &Path) {
    let mut zip = zip::ZipArchive::new(File::open(archive).unwrap()).unwrap();
    for name in FILES {
        let mut content = Vec::new();
        zip.by_name(name)
            .unwrap()
            .read_to_end(&mut content)
            .unwrap();
        desk.file(name, &content);
    }
}

fn version(ledger: &Path) -> i64 {
    let conn = Connection::open(ledger).unwrap();
    conn.query_row("PRAGMA user_version", [], |row| row.get(0))
        .unwrap()
}

fn state(desk: &TestDesk, order: &str) -> String {
    let shown = desk.run(&["order", "show", order, "--json"]).ok().json();
    shown["state"].as_str().unwrap().to_owned()
}

fn open(desk: &TestDesk) -> Vec<String> {
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let all = list["exceptions"].as_array().unwrap().iter();
    let mut open: Vec<String> = all
        .map(|row| {
            format!(
                "{} {}",
                row["code"].as_str().unwrap(),
                row["order"].as_str().unwrap_or("")
            )
        })
        .collect();
    open.sort();
    open
}

/// Verified by poms, and by the verifier that was written from `docs/ledger-format.md`.
fn holds(desk: &TestDesk, other: &mut Independent) {
    desk.run(&["verify"]).ok();
    let case = Case {
        ledger: desk.path("poms.db"),
        anchors: desk.path("poms.db.anchor"),
        witnesses: Vec::new(),
    };
    assert_eq!(other.first_bad(&case), "sound");
}

/// Opens and migrates: nothing came in, and what was open is open.
fn migrates(desk: &TestDesk, archive: &Path) {
    let fresh = version(&TestDesk::stocked().path("poms.db"));
    take_over(desk, archive);
    let old = version(&desk.path("poms.db"));
    assert!(old <= fresh, "{old} is newer than {fresh}");

    desk.now("2025-06-05T15:00:00Z").run(&["process"]).done();
    assert_eq!(version(&desk.path("poms.db")), fresh);
    if old < fresh {
        let copy = desk.path(&format!("poms.db.before-v{fresh}"));
        assert_eq!(version(&copy), old, "what was there is kept");
    }
    let states = ["W1", "W2", "W3", "W4"].map(|order| state(desk, order));
    assert_eq!(states, ["partly_shipped", "held", "cancelled", "placed"]);
    let waits = [
        "bad_zip W2",
        "cancellation_unanswered W3",
        "invoice_not_shipped W4",
        "over_shipment W1",
    ];
    assert_eq!(open(desk), waits);
}

/// Goes on: what the release before left open ends, and what is new goes its way.
fn goes_on(desk: &TestDesk) {
    desk.order(&kettles("W5", 3));
    advice(
        desk,
        "2",
        "W4-1,AC-00010,2,UPS,1Z999AA10123456784,2025-06-05\n",
    );
    bill(
        desk,
        "3.csv",
        "A-3,2025-06-05,W5-1,KT10-00010,3,14.00,,42.00",
    );
    desk.run(&["process"]).done();
    // the bill that came too early fits now; the new one comes too early
    let waits = [
        "bad_zip W2",
        "cancellation_unanswered W3",
        "invoice_not_shipped W5",
        "over_shipment W1",
    ];
    assert_eq!(open(desk), waits);
    desk.run(&[
        "exceptions",
        "resolve",
        "1",
        "--amend",
        "ship_to.zip=65367",
        "--note",
        "asked",
    ])
    .ok();
    desk.run(&["po", "cancel-refused", "W3-1", "--note", "Ann"])
        .ok();
    desk.run(&["return", "receive", "R-W1-1", "1=1"]).ok();
    desk.now("2025-06-06T15:00:00Z");
    advice(
        desk,
        "3",
        "W5-1,AC-00010,3,UPS,1ZX9Y8Z74212345676,2025-06-06\n",
    );
    desk.run(&["process"]).done();
    assert_eq!(open(desk), ["cancellation_refused W3", "over_shipment W1"]);
    let states = ["W1", "W2", "W3", "W4", "W5"].map(|order| state(desk, order));
    assert_eq!(
        states,
        ["partly_shipped", "placed", "placed", "closed", "closed"]
    );
    let found = desk
        .run(&["order", "search", "south willie", "--json"])
        .ok()
        .json();
    assert_eq!(found["complete"], true);
    assert_eq!(found["orders"].as_array().unwrap().len(), 5, "{found:#}");
}

fn opens_migrates_verifies_and_goes_on(archive: &Path) {
    let desk = site();
    let mut other = Independent::start();
    migrates(&desk, archive);
    holds(&desk, &mut other);
    goes_on(&desk);
    holds(&desk, &mut other);
}

#[test]
fn a_ledger_written_by_the_release_before_opens_migrates_verifies_and_goes_on() {
    if let Some(program) = std::env::var_os("POMS_RELEASE") {
        write_anew(Path::new(&program));
    }
    let entries = std::fs::read_dir(ledgers()).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let zips: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|end| end == "zip"))
        .collect();
    assert!(!zips.is_empty(), "no release's ledger in fixtures/ledgers");
    for archive in zips {
        println!("{}", archive.display());
        opens_migrates_verifies_and_goes_on(&archive);
    }
}
