//! QuickBooks' reports with any number in any column.

use super::{EXTREMES, answered, looks, site};
use std::path::{Path, PathBuf};

/// Every report among the fixtures, of each form that is read.
fn reports() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/invoices");
    let forms = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let forms = forms.filter(|form| form.file_name().unwrap() != "plain");
    let mut all: Vec<PathBuf> = forms
        .flat_map(|form| std::fs::read_dir(form).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "csv"))
        .collect();
    all.sort();
    all
}

fn is_number(cell: &str) -> bool {
    let cell = cell.trim().trim_matches(['(', ')', '$', '-']);
    cell.contains(|c: char| c.is_ascii_digit())
        && cell
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
}

/// The report of one of our vendors, as rows of cells.
fn rows(path: &Path) -> Vec<Vec<String>> {
    let bytes = std::fs::read(path).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    let ours = text
        .replace("Ashgrove Lamps", "Acme Home Goods")
        .replace("W200040-1", "W200001-1")
        .replace("LAMP-7", "BF63-12163")
        .replace("/2026", "/2025")
        .replace("/26,", "/25,");
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.has_headers(false).flexible(true);
    let records = reader.from_reader(ours.as_bytes()).into_records();
    let cells = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
    records.map(|record| cells(record.unwrap())).collect()
}

fn csv_of(rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}

/// The report with each number of a column replaced by an extreme one, beginning with the `first`.
fn extreme(rows: &[Vec<String>], column: usize, first: usize) -> Option<Vec<Vec<String>>> {
    let mut rows = rows.to_vec();
    let mut next = first;
    for row in &mut rows {
        if let Some(cell) = row.get_mut(column).filter(|cell| is_number(cell)) {
            EXTREMES[next % EXTREMES.len()].clone_into(cell);
            next += 1;
        }
    }
    (next > first).then_some(rows)
}

#[test]
fn quickbooks_reports_with_any_number_keep_no_other_out() {
    let desk = site();
    let reports = reports();
    assert!(reports.len() >= 20, "{reports:?}");
    for path in &reports {
        let sound = rows(path);
        let columns = sound.iter().map(Vec::len).max().unwrap_or(0);
        for column in 0..columns {
            // two files for each column: most reports have few rows
            for first in [0, 6] {
                let Some(made) = extreme(&sound, column, first) else {
                    continue;
                };
                desk.file("report.csv", &csv_of(&made));
                let what = format!("{} column {column} from {first}", path.display());
                for _ in 0..2 {
                    answered(&desk.run(&["import-invoices", "report.csv"]), &what);
                }
            }
        }
    }
    let good = "Acme Home Goods,GOOD-1,2025-06-03,W200001-1,BF63-12163,3,61.50,,184.50\n";
    let text = format!("{}{good}", crate::books::HEAD);
    desk.file("good.csv", text.as_bytes());
    answered(&desk.run(&["import-invoices", "good.csv"]), "good.csv");
    let listed = desk.run(&["invoice", "list", "--limit", "1000", "--json"]);
    assert!(listed.ok().stdout.contains("GOOD-1"));
    for _ in 0..2 {
        looks(&desk);
    }
}
