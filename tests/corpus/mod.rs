//! A shop's day: signed and encrypted orders, two in a hundred of them wrong, by SMTP to a server
//! that keeps each mail. Every order ends as it must; once more, nothing changes.
//!
//! A thousand in `tests/run`; `POMS_CORPUS` says how many (`tests/faults`: 5,000).

use crate::support::corpus::{self, Corpus, Defect, Keys, Sample};
use crate::support::desk::TestDesk;
use crate::support::gpg::Gpg;
use crate::support::postfix::{SINK, installed, sink};
use crate::support::scene::{self, smtp_config};
use chrono::{DateTime, Utc};
use poms::intake::openpgp::make::{self, KeyKind, KeyPair};
use rayon::prelude::*;
use rusqlite::types::Value as Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Instant;

fn count() -> usize {
    let count = std::env::var("POMS_CORPUS").ok();
    count.map_or(1000, |text| text.parse().expect("POMS_CORPUS is a number"))
}

fn keys(desk: &TestDesk) -> Keys {
    let made: DateTime<Utc> = "2025-01-01T00:00:00Z".parse().unwrap();
    let user = "Web Shop <web@shop.example>";
    Keys {
        shop: desk.shop_key().clone(),
        webshop: desk.webshop_key().clone(),
        stranger: KeyPair::generate(user, KeyKind::Cv25519, made).unwrap(),
    }
}

/// All mails, some of the good ones made by a real GnuPG.
fn mails(samples: &[Sample], keys: &Keys, now: DateTime<Utc>) -> Vec<Vec<u8>> {
    let gpg = Gpg::at(&now.format("%Y%m%dT%H%M%S").to_string());
    gpg.run(&["--import"], &keys.webshop.secret_armoured(None).unwrap());
    gpg.run(&["--import"], &keys.shop.public_armoured().unwrap());
    let by_gpg = |sample: &Sample| {
        let usual = [
            "-a",
            "-u",
            "web@shop.example",
            "-r",
            "orders@shop.example",
            "-s",
            "-e",
        ];
        let entity = make::json_entity(&sample.order.to_string());
        corpus::envelope(sample.number(), &gpg.run(&usual, &entity), now)
    };
    let mut mails: Vec<Vec<u8>> = samples
        .par_iter()
        .map(|s| corpus::mail(s, keys, now))
        .collect();
    let chosen = (0..samples.len()).step_by(samples.len().div_ceil(25));
    for index in chosen.filter(|index| samples[*index].defect.is_none()) {
        mails[index] = by_gpg(&samples[index]);
    }
    mails
}

/// What the server keeps: recipient and purchase order, or the recipient alone for other mail.
fn received(folder: &Path) -> Vec<(String, String)> {
    let files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    let read = |path: &std::path::PathBuf| {
        let bytes = std::fs::read(path).unwrap();
        let mail = mail_parser::MessageParser::default()
            .parse(&bytes)
            .expect("a mail");
        let to = mail
            .to()
            .and_then(|to| to.first())
            .and_then(|to| to.address());
        let subject = mail.subject().unwrap_or_default();
        let po = subject.split_whitespace().find(|word| is_po(word));
        (to.unwrap().to_owned(), po.unwrap_or_default().to_owned())
    };
    files.par_iter().map(read).collect()
}

fn is_po(word: &str) -> bool {
    let parts = word.strip_prefix('W').and_then(|rest| rest.split_once('-'));
    parts.is_some_and(|(order, n)| order.len() == 6 && n.parse::<u32>().is_ok())
}

/// What must be there: a purchase order for each vendor of a good order, a mail to its customer.
fn expected(samples: &[Sample]) -> Vec<(String, String)> {
    let mut expected = Vec::new();
    for sample in samples.iter().filter(|sample| sample.defect.is_none()) {
        for vendor in &sample.vendors {
            let to = format!("po@{}.example", vendor.to_lowercase());
            expected.push((to, sample.number().to_owned()));
        }
        expected.push((sample.email().to_owned(), String::new()));
    }
    expected.sort();
    expected
}

/// Every table but those of the run itself, row by row.
fn tables(ledger: &Path) -> BTreeMap<String, Vec<Vec<Cell>>> {
    let ledger = scene::open(ledger);
    let mut names = ledger
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('run', 'audit', 'audit_payload')")
        .unwrap();
    let names: Vec<String> = names
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let read = |name: String| {
        let mut rows = ledger
            .prepare(&format!("SELECT * FROM \"{name}\" ORDER BY rowid"))
            .unwrap();
        let columns = rows.column_count();
        let row = |row: &rusqlite::Row<'_>| (0..columns).map(|n| row.get::<_, Cell>(n)).collect();
        let rows = rows
            .query_map([], row)
            .unwrap()
            .map(Result::unwrap)
            .collect();
        (name, rows)
    };
    names.into_iter().map(read).collect()
}

/// Each order's state and reasons, by number; copies of a number apart.
fn orders(ledger: &Path) -> BTreeMap<(String, i64), (String, BTreeSet<String>)> {
    let ledger = scene::open(ledger);
    let mut rows = ledger
        .prepare(
            "SELECT number, copy, state, coalesce((SELECT group_concat(code) FROM exception
                 WHERE order_id = orders.id AND state = 'open' AND severity = 'hold'), '') FROM orders",
        )
        .unwrap();
    let row = |row: &rusqlite::Row<'_>| {
        let codes: String = row.get(3)?;
        let codes = codes
            .split(',')
            .filter(|code| !code.is_empty())
            .map(str::to_owned);
        Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, codes.collect())))
    };
    rows.query_map([], row)
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

fn check_orders(samples: &[Sample], ledger: &Path) {
    let found = orders(ledger);
    let first = found.keys().map(|(_, copy)| *copy).min().unwrap();
    let mut seen = BTreeMap::<&str, i64>::new();
    let mut expected = BTreeMap::new();
    for sample in samples {
        let Some(outcome) = (match sample.defect {
            None => Some(("placed".to_owned(), BTreeSet::new())),
            Some(defect) if defect.of_the_mail() => None,
            Some(defect) => Some((
                "held".to_owned(),
                BTreeSet::from([defect.code().to_owned()]),
            )),
        }) else {
            continue;
        };
        let copy = seen.entry(sample.number()).or_insert(first - 1);
        *copy += 1;
        expected.insert((sample.number().to_owned(), *copy), outcome);
    }
    assert_eq!(found.len(), expected.len());
    for (key, outcome) in &expected {
        assert_eq!(found.get(key), Some(outcome), "{key:?}");
    }
}

fn check_messages(samples: &[Sample], ledger: &Path) {
    let ledger = scene::open(ledger);
    let mut rows = ledger
        .prepare("SELECT code, COUNT(*) FROM exception WHERE order_id IS NULL AND state = 'open' GROUP BY code")
        .unwrap();
    let found: BTreeMap<String, i64> = rows
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut expected = BTreeMap::new();
    for defect in samples
        .iter()
        .filter_map(|s| s.defect)
        .filter(|d| d.of_the_mail())
    {
        *expected.entry(defect.code().to_owned()).or_default() += 1;
    }
    assert_eq!(found, expected);
}

fn check_mails(samples: &[Sample], folder: &Path) {
    let mut found = received(folder);
    let admin = found
        .iter()
        .filter(|(to, _)| to == "ops@shop.example")
        .count();
    assert_eq!(admin, 1, "one mail to the admins");
    found.retain(|(to, _)| to != "ops@shop.example");
    let pos: BTreeSet<&str> = found
        .iter()
        .map(|(_, po)| po.as_str())
        .filter(|po| !po.is_empty())
        .collect();
    let mails = found.iter().filter(|(_, po)| !po.is_empty()).count();
    assert_eq!(pos.len(), mails, "each purchase order once");
    for (_, po) in &mut found {
        *po = po.split('-').next().unwrap_or_default().to_owned();
    }
    found.sort();
    let expected = expected(samples);
    assert_eq!(found.len(), expected.len());
    assert_eq!(found, expected);
}

#[test]
fn every_order_ends_as_it_must_and_once() {
    if !installed(SINK) {
        return;
    }
    let (count, begun) = (count(), Instant::now());
    let mut shop = Corpus::new(20_250_602, 400, 12);
    let desk = TestDesk::new()
        .vendors(&shop.vendors)
        .catalogue(&shop.catalogue);
    let samples = shop.samples(count, 200_001, 2, desk.moment());
    let defects: BTreeSet<Defect> = samples.iter().filter_map(|s| s.defect).collect();
    assert!(defects.len() >= 6, "{defects:?}");
    let keys = keys(&desk);
    let mails = mails(&samples, &keys, desk.moment());
    deliver(&desk, &mails);
    let made = begun.elapsed();

    let kept = tempfile::tempdir().unwrap();
    std::fs::set_permissions(kept.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
    let (_sink, port) = sink(&["-d", &format!("{}/%M.", kept.path().display())]);
    desk.file("poms.toml", smtp_config(port, 4, "").as_bytes());
    let begun = Instant::now();
    let done = desk.run(&["process"]).ok();
    let ran = begun.elapsed();
    assert_eq!(done.stdout, "", "silent when all went well");
    let ledger = desk.path("poms.db");
    check_orders(&samples, &ledger);
    check_messages(&samples, &ledger);
    check_mails(&samples, kept.path());
    assert_eq!(scene::problems(&desk.path("poms.db")), Vec::<String>::new());
    println!("{count} orders: made in {made:.1?}, processed in {ran:.1?}");

    once_more(&desk, &ledger, kept.path());
    replayed(&desk, &samples, &mails, &keys, kept.path());
}

fn deliver(desk: &TestDesk, mails: &[Vec<u8>]) {
    for mail in mails {
        desk.raw_mail(mail);
    }
}

/// Another run: no row but its own, no mail.
fn once_more(desk: &TestDesk, ledger: &Path, kept: &Path) {
    let (before, mails) = (tables(ledger), received(kept).len());
    let head = audit(ledger);
    desk.now("2025-06-02T10:15:00Z").run(&["process"]).ok();
    let after = tables(ledger);
    for (name, rows) in &before {
        assert!(after.get(name) == Some(rows), "{name} changed");
    }
    assert_eq!(after.len(), before.len());
    assert_eq!(received(kept).len(), mails);
    let new = audit(ledger);
    assert!(new[..head.len()] == head[..], "the trail's past changed");
    let strange: Vec<_> = new[head.len()..]
        .iter()
        .filter(|e| !["run.started", "run.finished", "seal"].contains(&e.as_str()))
        .collect();
    assert!(strange.is_empty(), "{strange:?}");
}

/// The kind of each entry of the trail.
fn audit(ledger: &Path) -> Vec<String> {
    let ledger = scene::open(ledger);
    let mut rows = ledger
        .prepare("SELECT kind FROM audit ORDER BY seq")
        .unwrap();
    let rows = rows.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// The same mails again, and the same orders encrypted anew: duplicates only.
fn replayed(desk: &TestDesk, samples: &[Sample], mails: &[Vec<u8>], keys: &Keys, kept: &Path) {
    let before = received(kept).len();
    let held =
        |report: &serde_json::Value, key: &str| report["messages"][key].as_u64().unwrap() as usize;
    desk.now("2025-06-02T10:25:00Z");
    deliver(desk, mails);
    let report = desk.run(&["process", "--json"]).ok().json();
    assert_eq!(held(&report, "duplicate"), mails.len(), "{report:#}");
    assert_eq!(held(&report, "seen"), mails.len(), "{report:#}");

    desk.now("2025-06-02T10:35:00Z");
    let readable: Vec<&Sample> = samples
        .iter()
        .filter(|s| !s.defect.is_some_and(Defect::of_the_mail))
        .collect();
    let now = desk.moment();
    let anew: Vec<Vec<u8>> = readable
        .par_iter()
        .map(|s| corpus::mail(s, keys, now))
        .collect();
    deliver(desk, &anew);
    let report = desk.run(&["process", "--json"]).ok().json();
    assert_eq!(held(&report, "duplicate"), readable.len(), "{report:#}");
    assert_eq!(held(&report, "seen"), readable.len(), "{report:#}");
    assert_eq!(received(kept).len(), before, "no mail went out");
    assert_eq!(scene::problems(&desk.path("poms.db")), Vec::<String>::new());
}
