//! Refunds as journal entries, with the columns of QuickBooks Online's import of journal entries
//! (Settings, Import data, Journal entries). QuickBooks imports no refund receipts; a refund is an
//! entry of its own: sales returns and sales tax on the debit side, what it was paid from on the
//! credit side.

use super::{ExportError, NUMBER_LIMIT, Options, written};
use crate::domain::money::Money;
use chrono::NaiveDate;

/// Columns of the refunds' file.
pub const JOURNAL_COLUMNS: [&str; 6] = [
    "*JournalNo",
    "*JournalDate",
    "*AccountName",
    "*Debits",
    "*Credits",
    "Description",
];

/// Money that a customer got back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// The return's number: with it the entry is found again; none for what never shipped, where the
    /// order's does that.
    pub rma: Option<String>,
    /// 1 for the first of its return, 2 and more where it was paid back in parts.
    pub part: i64,
    /// The order's number.
    pub order: String,
    /// On which day.
    pub date: NaiveDate,
    /// How much, tax included.
    pub amount: Money,
    /// Tax in it.
    pub tax: Money,
    /// By which way, and its own number there.
    pub by: String,
}

/// Refunds as a CSV file, header first, in the given order: two or three rows each, whose debits are
/// their credits. The same refunds give the same bytes.
///
/// # Errors
/// See [`ExportError`]; nothing is left out silently.
pub fn refunds(refunds: &[Refund], options: &Options) -> Result<Vec<u8>, ExportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| ExportError::Csv(error.to_string());
    writer.write_record(JOURNAL_COLUMNS).map_err(failed)?;
    for refund in refunds {
        let name = refund.rma.as_ref().unwrap_or(&refund.order);
        let number = match refund.part {
            1 => format!("RF-{name}"),
            part => format!("RF-{name}/{part}"),
        };
        let what = match &refund.rma {
            Some(rma) => format!("Return {rma}, order {}", refund.order),
            None => format!("Not shipped, order {}", refund.order),
        };
        if number.chars().count() > NUMBER_LIMIT {
            return Err(ExportError::NumberTooLong {
                vendor: what,
                number,
            });
        }
        let goods = refund.amount.minus(refund.tax).unwrap_or_default();
        let accounts = &options.accounts;
        let rows = [
            (&accounts.refunds, goods, true),
            (&accounts.tax, refund.tax, true),
            (&accounts.refunded_from, refund.amount, false),
        ];
        for (account, amount, debit) in rows {
            if amount == Money::ZERO {
                continue;
            }
            let (debits, credits) = match debit {
                true => (amount.to_string(), String::new()),
                false => (String::new(), amount.to_string()),
            };
            let row = [
                number.clone(),
                refund.date.format("%m/%d/%Y").to_string(),
                account.clone(),
                debits,
                credits,
                format!("{what}, {}", refund.by),
            ];
            let cells = row.iter().map(|cell| written(cell, options));
            writer.write_record(cells).map_err(failed)?;
        }
    }
    writer
        .into_inner()
        .map_err(|error| ExportError::Csv(error.to_string()))
}
