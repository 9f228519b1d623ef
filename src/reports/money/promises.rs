//! Promises to customers: what came of them, by vendor, and how long each takes.

use super::{MoneyReport, ReportForms, Scope, header};
use crate::domain::habit::HabitDays;
use crate::domain::vendor::Vendor;
use crate::ledger::habits::PromisedPo;
use crate::ledger::{Result, Tx};
use crate::reports::layout::{count, table};
use crate::shipping::promise::{PromiseEnd, promised_well};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// The registry's entry.
pub const REPORT: MoneyReport = MoneyReport {
    name: "promises",
    about: "Days that customers were promised with each vendor's purchase orders: kept, missed, still open; and how long it takes",
    make: report,
};

/// What came of a vendor's promises.
#[derive(Default)]
struct PromiseSums {
    kept: usize,
    missed: usize,
    open: usize,
}

impl PromiseSums {
    fn add(&mut self, end: PromiseEnd) {
        match end {
            PromiseEnd::Kept => self.kept += 1,
            PromiseEnd::Missed => self.missed += 1,
            PromiseEnd::Open => self.open += 1,
        }
    }

    /// Kept of a hundred that are over.
    fn rate(&self) -> Option<usize> {
        (100 * self.kept).checked_div(self.kept + self.missed)
    }
}

fn report(tx: &Tx, scope: &Scope) -> Result<ReportForms> {
    let names = [
        "vendor",
        "promises",
        "kept",
        "missed",
        "open",
        "kept of 100",
        "days on file",
        "half in",
        "9 of 10 in",
    ];
    let since = scope.since_moment();
    let since = since.and_then(|text| crate::clock::parse(&text));
    let since = since.unwrap_or(DateTime::<Utc>::UNIX_EPOCH);
    let (mut csv, mut list, mut all) = (vec![header(&names)], Vec::new(), PromiseSums::default());
    for (vendor, _) in tx.vendors()? {
        if scope.vendor.is_some_and(|id| id != vendor.id) {
            continue;
        }
        let pos = tx.promised_pos(&vendor.id, since, usize::MAX)?;
        if pos.is_empty() {
            continue;
        }
        let (mut sums, mut missed) = (PromiseSums::default(), Vec::new());
        for po in &pos {
            let end = promised_well(po, scope.today());
            sums.add(end);
            all.add(end);
            if end == PromiseEnd::Missed {
                missed.push(of_missed(po));
            }
        }
        let habit = tx.habit(&vendor.id)?.all;
        csv.push(row(&vendor, &sums, habit));
        list.push(json!({
            "vendor": vendor.id, "promises": pos.len(), "kept": sums.kept, "missed": sums.missed, "open": sums.open,
            "kept_percent": sums.rate(), "handling_days": vendor.handling_days, "half": habit.map(|days| days.half),
            "nine_in_ten": habit.map(|days| days.nine_in_ten), "counted": habit.map(|days| days.counted),
            "missed_purchase_orders": missed,
        }));
    }
    let text = text(scope, &csv, &all);
    let json = json!({"vendors": list, "kept": all.kept, "missed": all.missed, "open": all.open, "kept_percent": all.rate()});
    Ok(ReportForms { text, json, csv })
}

fn of_missed(po: &PromisedPo) -> Value {
    json!({"purchase_order": po.number, "promised": po.planned, "left": po.left, "arrived": po.arrived})
}

fn row(vendor: &Vendor, sums: &PromiseSums, habit: Option<HabitDays>) -> Vec<String> {
    let known = |days: Option<u32>| days.map_or_else(|| "-".to_owned(), |days| days.to_string());
    vec![
        vendor.id.clone(),
        (sums.kept + sums.missed + sums.open).to_string(),
        sums.kept.to_string(),
        sums.missed.to_string(),
        sums.open.to_string(),
        sums.rate()
            .map_or_else(|| "-".to_owned(), |rate| rate.to_string()),
        vendor.handling_days.to_string(),
        known(habit.map(|days| days.half)),
        known(habit.map(|days| days.nine_in_ten)),
    ]
}

fn text(scope: &Scope, csv: &[Vec<String>], all: &PromiseSums) -> String {
    let first = format!("Promises to customers, {}\n\n", scope.words());
    match csv.split_first() {
        Some((head, rows)) if !rows.is_empty() => {
            let head: Vec<&str> = head.iter().map(String::as_str).collect();
            let rate = match all.rate() {
                Some(rate) => format!("{rate} of 100 that are over were kept"),
                None => "none is over yet".to_owned(),
            };
            format!(
                "{first}{}\n{}: {rate}. By the day that was planned with the purchase order; a parcel of which no carrier said when it arrived counts as on its way for as long as planned.\n",
                table(&head, rows, scope.width),
                count(all.kept + all.missed + all.open, "promise"),
            )
        }
        _ => format!("{first}No purchase order has left.\n"),
    }
}
