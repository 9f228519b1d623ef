//! Rate of an invoice import, reading and matching, by layout: `cargo bench --bench invoices`.
//! Ten thousand orders of forty vendors; lines are lines of the file.

#[path = "../tests/support/invoice_year/mod.rs"]
mod invoice_year;

use poms::invoicing::duplicates::Seen;
use poms::invoicing::examine::{Facts, WINDOW_DAYS, examine};
use poms::invoicing::formats;
use poms::invoicing::matching::PoIndex;
use poms::invoicing::vendors::VendorBook;
use std::time::Instant;

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
            seen: Seen::default(),
            window_days: WINDOW_DAYS,
        };
        let start = Instant::now();
        let file = match formats::read(&bytes) {
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
}
