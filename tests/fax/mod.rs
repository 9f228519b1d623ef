//! Faxes: on a whole site with a service that follows the published description, by a gateway, by a
//! real HylaFAX, and on paper.

mod cancelled;
mod fallback;
mod gateway;
mod hylafax;
mod looks;
mod sinch;
mod wire;

use crate::support::desk::TestDesk;
use crate::support::sinch::{FakeSinch, KEY, PROJECT, SECRET};
use poms::ledger::{Ledger, Mode};
use serde_json::Value;

/// One vendor who takes faxes only, and one who takes both.
const VENDORS: &str = "\
id,name,email,fax,channel,zip
ACME,Acme Home Goods,,(207) 555-0142,fax,04101
BLUE,Blue Ridge Garden Supply,po@blueridge.example,828-555-0117,email+fax,28801
";

/// A site whose vendors take faxes, with this table of the configuration.
fn site_with(table: &str, vendors: &str) -> TestDesk {
    let desk = TestDesk::new();
    desk.file("keys/fax.key", format!("{KEY}\n").as_bytes());
    desk.file("keys/fax.secret", format!("{SECRET}\n").as_bytes());
    desk.config(table);
    desk.vendors(vendors)
        .catalogue(crate::support::desk::CATALOGUE)
}

/// The same with the service of `fake`.
fn site(fake: &FakeSinch, vendors: &str, more: &str) -> TestDesk {
    let table = format!(
        "[delivery.fax]\nkind = \"sinch\"\nbase_url = \"{}\"\nproject = \"{PROJECT}\"\nkey_file = \"keys/fax.key\"\n\
         secret_file = \"keys/fax.secret\"\nfrom = \"207-555-0199\"\ntimeout_seconds = 15\n{more}\n",
        fake.base_url()
    );
    site_with(&table, vendors)
}

/// The site with one order for the vendor who takes faxes only.
fn with_order(fake: &FakeSinch) -> TestDesk {
    let desk = site(fake, VENDORS, "");
    desk.order(&TestDesk::plain_order("W200001"));
    desk
}

/// One run at this time of 2025-06-02, with its report.
fn run(desk: &TestDesk, time: &str) -> Value {
    let done = desk
        .now(&format!("2025-06-02T{time}:00Z"))
        .run(&["process", "--json"]);
    assert!(!done.stdout.contains("canary") && !done.stderr.contains("canary"));
    done.json()
}

/// The newest line of the fax log.
fn log(desk: &TestDesk) -> Value {
    let log = desk.run(&["fax", "log", "--json"]).ok().json();
    log["faxes"][0].clone()
}

/// State of the first purchase order and codes of the open exceptions, from the ledger itself.
fn stands(desk: &TestDesk) -> (String, Vec<String>) {
    let base = rusqlite::Connection::open(desk.path("poms.db")).expect("the ledger");
    let po = base
        .query_row(
            "SELECT state FROM purchase_order ORDER BY id LIMIT 1",
            [],
            |row| row.get(0),
        )
        .expect("a purchase order");
    let mut statement = base
        .prepare("SELECT code FROM exception WHERE state = 'open' ORDER BY id")
        .expect("a statement");
    let codes = statement
        .query_map([], |row| row.get(0))
        .and_then(Iterator::collect)
        .expect("codes");
    (po, codes)
}

/// Nothing is wrong with the ledger, and the secret is nowhere in it.
fn sound(desk: &TestDesk) {
    let ledger = Ledger::open(&desk.path("poms.db"), Mode::Read, "test").expect("the ledger");
    let report = ledger
        .verify(&desk.path("poms.db.anchor"), &[])
        .expect("a report");
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    let bytes = std::fs::read(desk.path("poms.db")).expect("the ledger");
    let canary = b"canary-fax-secret";
    assert!(!bytes.windows(canary.len()).any(|part| part == canary));
}
