//! Exports that nobody saw before: every kind of report in styles drawn by lot, read with every
//! bill, date, amount and vendor as in the file. `POMS_SWEEP=full` draws fifty times as many.

use crate::support::quickbooks::{self, Export, Kind, REPORTS, Report, Transaction};
use poms::domain::invoice::InvoiceKind;
use poms::invoicing::formats::{self, Books, DateOrder, InvoiceFile};

/// What must be read: whose, which, when, how much.
fn wanted(
    report: Report,
    transactions: &[Transaction],
) -> Vec<(String, bool, String, String, i64)> {
    let mut wanted = Vec::new();
    for (at, one) in transactions.iter().enumerate() {
        let paid = transactions
            .get(at + 1)
            .is_some_and(|next| next.kind == Kind::Payment);
        let listed = match one.kind {
            Kind::Bill => !report.paid_only() || paid,
            Kind::Credit => !report.paid_only(),
            _ => false,
        };
        if report.has_bills() && listed {
            let credit = one.kind == Kind::Credit;
            wanted.push((
                one.vendor.to_owned(),
                credit,
                one.number.clone(),
                one.date.to_string(),
                one.total(),
            ));
        }
    }
    wanted.sort();
    wanted
}

fn got(file: &InvoiceFile) -> Vec<(String, bool, String, String, i64)> {
    let mut got: Vec<_> = file
        .invoices
        .iter()
        .map(|one| {
            let credit = one.kind == InvoiceKind::Credit;
            (
                one.vendor_name.clone(),
                credit,
                one.number.clone(),
                one.date.to_string(),
                one.total.0,
            )
        })
        .collect();
    got.sort();
    got
}

fn check(report: Report, seed: u64) -> Result<(), String> {
    let Export {
        bytes,
        transactions,
        totals,
        style,
    } = quickbooks::export(report, seed);
    let shown = || {
        let text = String::from_utf8_lossy(&bytes).replace('\0', "");
        format!("{report:?} {seed}\n{style}\n{text}")
    };
    let books = Books {
        dates: Some(DateOrder::MonthFirst),
        ..Books::default()
    };
    let file = formats::read(&bytes, &books).map_err(|fault| format!("{fault}\n{}", shown()))?;
    let (got, want) = (got(&file), wanted(report, &transactions));
    if got != want {
        return Err(format!(
            "{}\nread {got:#?}\nwant {want:#?}\n{}",
            file.format,
            shown()
        ));
    }
    if !file.errors.is_empty() {
        return Err(format!("{}: {:#?}\n{}", file.format, file.errors, shown()));
    }
    let wrong: Vec<String> = file
        .totals
        .iter()
        .filter(|t| !t.agrees)
        .map(|t| t.message())
        .collect();
    if !wrong.is_empty() || file.totals.len() < totals {
        let stated = file.totals.len();
        return Err(format!(
            "{}: {stated} of {totals} totals, {wrong:#?}\n{}",
            file.format,
            shown()
        ));
    }
    for one in file.invoices.iter().filter(|_| report.has_lines()) {
        if one.itemised() != Some(one.total) && !one.lines.is_empty() {
            return Err(format!(
                "lines of {} do not make {}\n{}",
                one.number,
                one.total,
                shown()
            ));
        }
    }
    Ok(())
}

#[test]
fn reports_of_every_kind_in_every_dress_are_read_as_they_are() {
    let full = std::env::var("POMS_SWEEP").is_ok_and(|sweep| sweep == "full");
    let seeds = if full { 2_000 } else { 40 };
    let sweep = |report: Report| {
        let faults: Vec<String> = (0..seeds)
            .filter_map(|seed| check(report, seed).err())
            .collect();
        (report, faults)
    };
    let all: Vec<(Report, Vec<String>)> = std::thread::scope(|scope| {
        let running: Vec<_> = REPORTS
            .into_iter()
            .map(|report| scope.spawn(move || sweep(report)))
            .collect();
        running
            .into_iter()
            .map(|one| one.join().expect("a sweep"))
            .collect()
    });
    let wrong: Vec<String> = all
        .iter()
        .filter(|(_, faults)| !faults.is_empty())
        .map(|(report, faults)| format!("{report:?}: {} of {seeds}\n{}", faults.len(), faults[0]))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n=====\n"));
}
