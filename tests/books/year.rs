//! The generated year through the binary: all that was seeded is found, nothing is invented, and
//! twice is once.

use crate::support::desk::TestDesk;
use crate::support::invoice_year::layouts::{LAYOUTS, Layout};
use crate::support::invoice_year::{self, Expected, SEEDS, Seed, Year};
use crate::support::year_ledger;
use poms::domain::money::Money;
use poms::ledger::{Ledger, Mode};
use serde_json::Value;

/// A site with the year in its ledger, at the end of that year; `filled` is such a ledger, made once.
fn site(filled: &[u8]) -> TestDesk {
    let desk = TestDesk::new();
    desk.file("poms.db", filled);
    desk.now("2027-01-04T15:00:00Z");
    desk
}

/// A ledger with the year in it.
fn filled(year: &Year) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("poms.db");
    let mut ledger = Ledger::open(&path, Mode::Write, "test").expect("a ledger");
    year_ledger::fill(&mut ledger, year);
    drop(ledger);
    std::fs::read(path).expect("the ledger")
}

fn code(seed: Seed, lines: bool) -> &'static str {
    match (seed, lines) {
        (Seed::NotShipped, _) => "invoice_not_shipped",
        (Seed::SameNumber | Seed::Renumbered, _) => "invoice_duplicate",
        (Seed::UnknownVendor | Seed::UnknownPo | Seed::ForeignPo, _) => "invoice_unmatched",
        (Seed::Price, _) | (_, false) => "invoice_price",
        (Seed::Quantity, true) => "invoice_quantity",
        (Seed::Freight, true) => "invoice_freight",
    }
}

fn import(year: &Year, filled: &[u8], layout: Layout) -> TestDesk {
    let (desk, lines) = (site(filled), has_lines(layout));
    desk.file("bills.csv", &layout.write(year));
    let report = desk
        .run(&["import-invoices", "bills.csv", "--json"])
        .ok()
        .json();
    let file = &report["files"][0];
    let want = |one: &Expected| {
        (
            one.number.clone(),
            code(one.seed, lines).to_owned(),
            Money(one.at_stake).to_string(),
        )
    };
    let mut want: Vec<_> = year.expected.iter().map(want).collect();
    let got = file["variances"].as_array().expect("a list");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut got: Vec<_> = got
        .iter()
        .map(|one| {
            (
                text(&one["invoice"]),
                text(&one["code"]),
                text(&one["at_stake"]),
            )
        })
        .collect();
    want.sort();
    got.sort();
    assert_eq!(got, want, "{layout:?}");
    assert_eq!(file["invoices"], year.bills.len());
    assert_eq!(file["again"], 0);
    assert_eq!(file["errors"], serde_json::json!([]));

    let open = desk.run(&["exceptions", "list", "--json"]).ok().json();
    assert_eq!(
        open["exceptions"].as_array().expect("a list").len(),
        want.len()
    );
    let facts = desk.run(&["verify", "--json"]).ok().json();
    // the same bytes under another name, and all of it once more
    desk.file("again.csv", &layout.write(year));
    let again = desk
        .run(&["import-invoices", "again.csv", "bills.csv", "--json"])
        .ok()
        .json();
    for file in again["files"].as_array().expect("a list") {
        assert_eq!(file["again"], year.bills.len());
        assert_eq!(file["variances"], serde_json::json!([]));
    }
    assert_eq!(again["money_at_risk"], "0.00");
    let after = desk.run(&["verify", "--json"]).ok().json();
    assert_eq!(
        facts["audit_rows"], after["audit_rows"],
        "the second time wrote something"
    );
    desk
}

#[test]
fn a_year_with_lines_all_found_none_invented_and_twice_is_once() {
    let year = invoice_year::year(20_260_301, 2_000, 40);
    let desk = import(&year, &filled(&year), Layout::Plain);
    let report = desk.run(&["report", "money-at-risk", "--json"]).ok().json();
    let stakes: i64 = year.expected.iter().map(|one| one.at_stake).sum();
    assert_eq!(report["total"], Money(stakes).to_string());
    // every figure names its rows
    for item in report["items"].as_array().expect("a list") {
        assert!(
            item["invoice_id"].is_i64() && item["variance_id"].is_i64(),
            "{item}"
        );
        assert!(
            item["source"]
                .as_str()
                .is_some_and(|at| at.starts_with("bills.csv:")),
            "{item}"
        );
    }
    let ages: i64 = report["by_age"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|age| age["items"].as_i64())
        .sum();
    assert_eq!(ages, year.expected.len() as i64);
}

/// Whether a layout tells lines of goods and freight apart.
fn has_lines(layout: Layout) -> bool {
    use Layout::{Plain, QbdCheck, QbdDetail, QboDetail, QboPurchases};
    matches!(
        layout,
        Plain | QboDetail | QboPurchases | QbdDetail | QbdCheck
    )
}

#[test]
fn a_year_in_every_report_of_quickbooks() {
    let year = invoice_year::year(7, 400, 12);
    let filled = filled(&year);
    std::thread::scope(|scope| {
        for layout in LAYOUTS {
            let (year, filled) = (&year, filled.as_slice());
            scope.spawn(move || import(year, filled, layout));
        }
    });
}

/// 10,000 orders of 40 vendors in reports of both QuickBooks: with `tests/faults books::year`, which
/// says what was found of each kind.
#[test]
fn a_year_of_ten_thousand_orders() {
    if std::env::var("POMS_SWEEP").is_ok_and(|sweep| sweep == "full") {
        let year = invoice_year::year(1, 10_000, 40);
        let filled = filled(&year);
        for layout in [
            Layout::QboPurchases,
            Layout::QbdDetail,
            Layout::QboList,
            Layout::QbdCheck,
        ] {
            let start = std::time::Instant::now();
            let desk = import(&year, &filled, layout);
            desk.run(&["verify"]).ok();
            let lines = layout
                .write(&year)
                .iter()
                .filter(|byte| **byte == b'\n')
                .count();
            println!(
                "{layout:?}: {lines} lines, {} bills, {:.0?}",
                year.bills.len(),
                start.elapsed()
            );
            for seed in SEEDS {
                let all = year.expected.iter().filter(|one| one.seed == seed).count();
                println!(
                    "  {seed:?}: {all} of {all} found as {}",
                    code(seed, has_lines(layout))
                );
            }
        }
    }
}
