//! The bookkeeper's reports: money at risk, margin, payables; each as text, CSV and JSON.

pub mod at_risk;
pub mod margin;
pub mod payables;
pub mod promises;
pub mod refunds_due;

use crate::clock::{self, Moment};
use crate::domain::csv_safe::safe;
use crate::domain::money::Money;
use crate::ledger::{Result, Tx};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde_json::Value;

/// One report.
#[derive(Debug)]
pub struct MoneyReport {
    /// The word behind `poms report`.
    pub name: &'static str,
    /// What it says, in one line: its help.
    pub about: &'static str,
    /// Makes it of what the ledger says within a scope.
    pub make: fn(&Tx, &Scope) -> Result<ReportForms>,
}

/// Every report, in the order of the help. A new one is a file of its own and a line here.
pub static REPORTS: &[MoneyReport] = &[
    at_risk::REPORT,
    margin::REPORT,
    refunds_due::REPORT,
    payables::REPORT,
    promises::REPORT,
];

/// What a report is about.
pub struct Scope<'a> {
    /// Only this vendor.
    pub vendor: Option<&'a str>,
    /// Only bills dated, and purchase orders made, this day or later.
    pub since: Option<NaiveDate>,
    /// ISO 4217 code of the amounts.
    pub currency: &'a str,
    /// Days after which a bill without due date is due.
    pub due_days: u32,
    /// In which days begin and end.
    pub zone: Tz,
    /// Columns of the screen.
    pub width: usize,
    /// The present moment.
    pub now: DateTime<Utc>,
}

impl Scope<'_> {
    /// Today, in the site's zone.
    pub fn today(&self) -> NaiveDate {
        self.now.with_timezone(&self.zone).date_naive()
    }

    /// The day of a moment of the ledger.
    pub fn day(&self, moment: &Moment) -> NaiveDate {
        moment.time().with_timezone(&self.zone).date_naive()
    }

    /// The beginning of `since`, as the ledger writes moments.
    pub fn since_moment(&self) -> Option<String> {
        let start = self.since?.and_hms_opt(0, 0, 0)?;
        let there = start.and_local_timezone(self.zone).earliest()?;
        Some(clock::text(there.with_timezone(&Utc)))
    }

    /// For people.
    pub fn money(&self, amount: Money) -> String {
        amount.display(self.currency)
    }

    /// What the report covers, for its first line.
    pub fn words(&self) -> String {
        let vendor = self.vendor.map(|id| format!(", vendor {id}"));
        let since = self.since.map(|day| format!(", since {day}"));
        format!(
            "{}{}{}",
            self.today(),
            vendor.unwrap_or_default(),
            since.unwrap_or_default()
        )
    }
}

/// A report, ready to be written in any form.
pub struct ReportForms {
    /// For people.
    pub text: String,
    /// One document.
    pub json: Value,
    /// Header and rows.
    pub csv: Vec<Vec<String>>,
}

impl ReportForms {
    /// As CSV for people: nothing in it is run by a spreadsheet.
    ///
    /// # Errors
    /// The writer's own.
    pub fn csv(&self) -> std::result::Result<Vec<u8>, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in &self.csv {
            writer.write_record(row.iter().map(|cell| safe(cell).into_owned()))?;
        }
        writer
            .into_inner()
            .map_err(|fault| csv::Error::from(fault.into_error()))
    }
}

/// The ages of what is open, in days.
pub const AGES: [(&str, i64); 4] = [
    ("0-30", 30),
    ("31-60", 60),
    ("61-90", 90),
    ("90+", i64::MAX),
];

/// The place of an age in [`AGES`].
pub fn bucket(days: i64) -> usize {
    AGES.iter()
        .position(|(_, last)| days <= *last)
        .unwrap_or(AGES.len() - 1)
}

/// Adds up; an amount beyond the ledger's range stays at its end.
pub fn add(sum: &mut Money, amount: Money) {
    *sum = Money(sum.0.saturating_add(amount.0));
}

fn header(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_fall_into_their_buckets() {
        let words = |days| AGES[bucket(days)].0;
        let all: Vec<&str> = [-1, 0, 30, 31, 60, 90, 91, 4000].map(words).to_vec();
        assert_eq!(
            all,
            [
                "0-30", "0-30", "0-30", "31-60", "31-60", "61-90", "90+", "90+"
            ]
        );
    }

    #[test]
    fn a_csv_runs_nothing() {
        let answer = ReportForms {
            text: String::new(),
            json: Value::Null,
            csv: vec![vec![
                "=1+1".to_owned(),
                "-12.50".to_owned(),
                "@SUM".to_owned(),
            ]],
        };
        let text = String::from_utf8(answer.csv().unwrap()).unwrap();
        assert_eq!(text, "'=1+1,-12.50,'@SUM\n");
    }
}
