//! Rate of an invoice import, reading and matching, by layout, and into a ledger:
//! `cargo bench --bench invoices`. Ten thousand orders of forty vendors; lines are lines of the
//! file.

#[path = "../tests/support/invoice_year/mod.rs"]
mod invoice_year;
#[path = "../tests/support/year_ledger.rs"]
mod year_ledger;

use poms::domain::rule_settings::RuleSettings;
use poms::invoicing::duplicates::SeenInvoices;
use poms::invoicing::examine::{Facts, WINDOW_DAYS, examine};
use poms::invoicing::formats;
use poms::invoicing::ingest::take;
use poms::invoicing::match_context::{BookSettings, MatchContext};
use poms::invoicing::matching::PoIndex;
use poms::invoicing::vendors::VendorBook;
use poms::ledger::{Ledger, LedgerError, Mode, Tx};
use std::time::Instant;

/// The same into a ledger with all of the year's orders in it: matched, recorded with lines, findings
/// and audit trail, committed.
/// The month first, as the year's shop writes it.
fn books() -> formats::Books<'static> {
    formats::Books {
        dates: Some(formats::DateOrder::MonthFirst),
        ..formats::Books::default()
    }
}

fn into_ledger(year: &invoice_year::Year) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("poms.db");
    let mut ledger = Ledger::open(&path, Mode::Write, "bench").unwrap();
    year_ledger::fill(&mut ledger, year);
    let now = "2027-01-04T15:00:00Z".parse().unwrap();
    let (config, rules) = (BookSettings::default(), RuleSettings::default());
    let desk = MatchContext {
        config: &config,
        rules: &rules,
        zone: chrono_tz::America::New_York,
    };
    println!(
        "\n{:<24}{:>9}{:>9}{:>14}",
        "into the ledger", "lines", "bills", "lines/s"
    );
    for (what, bytes) in
        ["first", "again"].map(|what| (what, invoice_year::layouts::Layout::Plain.write(year)))
    {
        let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
        let start = Instant::now();
        let file = formats::read(&bytes, &books()).unwrap();
        let work = |tx: &Tx| take(tx, &desk, "year.csv", &file, &|_| {});
        let taken = ledger.write::<_, LedgerError>(now, work).unwrap();
        let rate = (lines as f64 / start.elapsed().as_secs_f64()).round();
        assert_eq!(taken.again == 0, what == "first");
        println!("{what:<24}{lines:>9}{:>9}{rate:>14}", taken.invoices);
    }
}

fn main() {
    let year = invoice_year::year(1, 10_000, 40);
    let vendors = VendorBook::new(year.vendors.clone());
    println!(
        "{:<24}{:>9}{:>9}{:>14}{:>14}",
        "format", "lines", "bills", "read lines/s", "both lines/s"
    );
    for layout in invoice_year::layouts::LAYOUTS {
        let bytes = layout.write(&year);
        let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
        let mut facts = Facts {
            vendors: &vendors,
            pos: PoIndex::new(year.pos.clone()),
            seen: SeenInvoices::default(),
            window_days: WINDOW_DAYS,
        };
        let start = Instant::now();
        let file = match formats::read(&bytes, &books()) {
            Ok(file) => file,
            Err(error) => {
                eprintln!("{layout:?}: {error}");
                std::process::exit(1);
            }
        };
        let read = start.elapsed();
        for invoice in &file.invoices {
            std::hint::black_box(examine(invoice, "bench", &mut facts));
        }
        let rate = |took: std::time::Duration| (lines as f64 / took.as_secs_f64()).round();
        println!(
            "{:<24}{lines:>9}{:>9}{:>14}{:>14}",
            file.format,
            file.invoices.len(),
            rate(read),
            rate(start.elapsed())
        );
    }
    into_ledger(&year);
}
