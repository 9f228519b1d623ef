//! What an import says.

use crate::cli::output::REHEARSAL;
use crate::domain::money::Money;
use crate::invoicing::formats::title;
use crate::invoicing::ingest::{TakenFile, Wrong};
use crate::reports::layout::{TextSheet, View, count};
use std::collections::BTreeMap;

/// Findings and faults of a file that the screen shows; all stand in the JSON.
const SHOWN: usize = 20;

/// All files, one after the other, and what is at stake.
pub fn import(taken: &[TakenFile], currency: &str, dry_run: bool, view: &View) -> String {
    let mut sheet = TextSheet::new(view.width);
    for file in taken {
        one(&mut sheet, file, currency);
    }
    let wrong: usize = taken.iter().map(|file| open(file).count()).sum();
    if wrong > 0 {
        let stakes = taken.iter().map(|file| file.money_at_risk);
        let stake = Money::sum(stakes).unwrap_or_default().display(currency);
        sheet.line(&format!("Money at stake: {stake}. Each with its remedies:"));
        sheet.command(&format!("{} exceptions list --about invoice", view.poms));
    }
    if dry_run {
        sheet.line(REHEARSAL);
    }
    sheet.finish()
}

fn one(sheet: &mut TextSheet, file: &TakenFile, currency: &str) {
    sheet.line(&format!("{} ({})", file.file, title(&file.format)));
    let new = file.invoices - file.again;
    let mut known = match file.again {
        0 => String::new(),
        again => format!("; {again} were on file before"),
    };
    if file.found > 0 {
        known.push_str(&format!(
            ", of which {} found the purchase order that another report left out",
            file.found
        ));
    }
    if let (Some(at), 0, 0) = (&file.imported_before, new, file.found) {
        known = format!(
            "; all of them on file: the same file was imported on {}, and nothing changed",
            at.get(..10).unwrap_or(at)
        );
    }
    sheet.item(&format!(
        "{}, {}{known}",
        count(file.bills, "bill"),
        count(file.credits, "credit")
    ));
    if new > 0 {
        sheet.item(&format!(
            "{} matched, {} unmatched, {} billed before",
            file.matched, file.unmatched, file.duplicates
        ));
    }
    totals(sheet, file);
    skipped(sheet, file);
    if !file.errors.is_empty() {
        sheet.item(&format!(
            "{} not taken: each is named below, with file and line",
            count(file.errors.len(), "row")
        ));
    }
    wrong(sheet, file, currency);
    sheet.gap();
}

fn totals(sheet: &mut TextSheet, file: &TakenFile) {
    let agree = file.totals.iter().filter(|total| total.agrees).count();
    if agree > 0 {
        sheet.item(&format!(
            "{} of its {} agree with their rows",
            agree,
            count(file.totals.len(), "total")
        ));
    }
}

fn skipped(sheet: &mut TextSheet, file: &TakenFile) {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &file.skipped {
        *reasons.entry(row.why.as_str()).or_default() += 1;
    }
    let mut words: Vec<(usize, &str)> = reasons.into_iter().map(|(why, n)| (n, why)).collect();
    words.sort_by(|a, b| b.cmp(a));
    let all = words.len();
    let shown: Vec<String> = words
        .iter()
        .take(6)
        .map(|(n, why)| format!("{n} {why}"))
        .collect();
    if all > 0 {
        let rest = if all > 6 { ", …" } else { "" };
        sheet.item(&format!(
            "{} skipped: {}{rest}",
            count(file.skipped.len(), "row"),
            shown.join(", ")
        ));
    }
}

fn wrong(sheet: &mut TextSheet, file: &TakenFile, currency: &str) {
    let settled = file.variances.len() - open(file).count();
    if settled > 0 {
        sheet.item(&format!(
            "{} that the same file settles, such as by a credit",
            count(settled, "finding")
        ));
    }
    if open(file).next().is_none() {
        return;
    }
    let mut sums: BTreeMap<&str, (usize, Money)> = BTreeMap::new();
    for one in open(file) {
        let sum = sums.entry(one.code.as_str()).or_default();
        sum.0 += 1;
        sum.1 = Money(sum.1.0.saturating_add(one.at_stake.0));
    }
    let rows: Vec<Vec<String>> = sums
        .into_iter()
        .map(|(code, (n, sum))| vec![code.to_owned(), n.to_string(), sum.display(currency)])
        .collect();
    sheet.columns(&["What is wrong", "Times", "At stake"], &rows);
    let mut largest: Vec<&Wrong> = open(file).collect();
    largest.sort_by_key(|one| std::cmp::Reverse(one.at_stake));
    for one in largest.into_iter().take(SHOWN) {
        let exception = one.exception.map_or("-".to_owned(), |id| id.to_string());
        sheet.entry(&exception, &format!("{}: {}", one.vendor, one.message));
    }
    more(sheet, open(file).count(), "findings");
}

/// What is wrong and was not settled since.
fn open(file: &TakenFile) -> impl Iterator<Item = &Wrong> {
    file.variances.iter().filter(|one| one.settled.is_none())
}

fn more(sheet: &mut TextSheet, all: usize, what: &str) {
    if all > SHOWN {
        sheet.item(&format!(
            "… and {} more {what}: --json has all",
            all - SHOWN
        ));
    }
}
