//! Books out: bills and vendor credits as CSV with the columns of QuickBooks Online's import of
//! bills (Settings, Import data, Bills: its sample file heads the required ones with an asterisk).
//!
//! Bills and credits go into two files: QuickBooks takes no bill below zero. Freight and fees are
//! lines of their own, on accounts of their own, so that the lines always come to the total. Refunds
//! are journal entries ([`refunds`]). Dates
//! are MM/DD/YYYY; amounts plain decimals.

mod journal;

pub use journal::{JOURNAL_COLUMNS, Refund, refunds};

use crate::domain::csv_safe::safe;
use crate::domain::invoice::{Invoice, InvoiceKind};
use crate::domain::money::Money;
use chrono::NaiveDate;

/// Columns of the bills' file.
pub const BILL_COLUMNS: [&str; 10] = [
    "*BillNo",
    "*Vendor",
    "*BillDate",
    "*DueDate",
    "Terms",
    "Location",
    "Memo",
    "*Account",
    "LineDescription",
    "*LineAmount",
];

/// Columns of the credits' file: the same, but for a due date, which credits have not.
pub const CREDIT_COLUMNS: [&str; 9] = [
    "*CreditNo",
    "*Vendor",
    "*CreditDate",
    "Terms",
    "Location",
    "Memo",
    "*Account",
    "LineDescription",
    "*LineAmount",
];

/// The most characters that QuickBooks keeps of a number.
pub const NUMBER_LIMIT: usize = 21;

/// Where amounts go in the chart of accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accounts {
    /// Goods.
    pub goods: String,
    /// Freight.
    pub freight: String,
    /// Fees.
    pub fees: String,
    /// What customers give back, an income account.
    pub refunds: String,
    /// Tax that customers get back.
    pub tax: String,
    /// What refunds are paid from.
    pub refunded_from: String,
}

/// How to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Accounts.
    pub accounts: Accounts,
    /// Days after the invoice's date when a bill without due date is due.
    pub due_days: u32,
    /// For people: formulas become texts. Off for QuickBooks, which needs the
    /// exact text.
    pub formula_safe: bool,
}

/// Why nothing is written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// QuickBooks would cut or refuse the number.
    #[error(
        "{vendor}: the number '{number}' has more than {NUMBER_LIMIT} characters, which QuickBooks \
         does not keep"
    )]
    NumberTooLong {
        /// The vendor's name.
        vendor: String,
        /// The number.
        number: String,
    },
    /// The due date is beyond the calendar.
    #[error("{vendor} {number}: no due date {days} days after {date}")]
    NoDueDate {
        /// The vendor's name.
        vendor: String,
        /// The number.
        number: String,
        /// The date.
        date: NaiveDate,
        /// The days.
        days: u32,
    },
    /// The writer's own.
    #[error("cannot write the CSV: {0}")]
    Csv(String),
}

/// The invoices of one kind as a CSV file, header first, in the given order, each with one row per
/// line. The same invoices give the same bytes.
///
/// # Errors
/// See [`ExportError`]; nothing is left out silently.
pub fn csv(
    invoices: &[Invoice],
    kind: InvoiceKind,
    options: &Options,
) -> Result<Vec<u8>, ExportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| ExportError::Csv(error.to_string());
    match kind {
        InvoiceKind::Bill => writer.write_record(BILL_COLUMNS),
        InvoiceKind::Credit => writer.write_record(CREDIT_COLUMNS),
    }
    .map_err(failed)?;
    for invoice in invoices.iter().filter(|invoice| invoice.kind == kind) {
        for row in rows(invoice, options)? {
            let cells = row.iter().map(|cell| written(cell, options));
            writer.write_record(cells).map_err(failed)?;
        }
    }
    writer
        .into_inner()
        .map_err(|error| ExportError::Csv(error.to_string()))
}

/// A cell as it is written.
fn written(cell: &str, options: &Options) -> String {
    match options.formula_safe {
        true => safe(cell).into_owned(),
        false => cell.to_owned(),
    }
}

fn rows(invoice: &Invoice, options: &Options) -> Result<Vec<Vec<String>>, ExportError> {
    if invoice.number.chars().count() > NUMBER_LIMIT {
        return Err(ExportError::NumberTooLong {
            vendor: invoice.vendor_name.clone(),
            number: invoice.number.clone(),
        });
    }
    let day = |date: NaiveDate| date.format("%m/%d/%Y").to_string();
    let mut head = vec![
        invoice.number.clone(),
        invoice.vendor_name.clone(),
        day(invoice.date),
    ];
    if invoice.kind == InvoiceKind::Bill {
        let days = options.due_days;
        let later = invoice
            .date
            .checked_add_days(chrono::Days::new(days.into()));
        let due = invoice
            .due
            .or(later)
            .ok_or_else(|| ExportError::NoDueDate {
                vendor: invoice.vendor_name.clone(),
                number: invoice.number.clone(),
                date: invoice.date,
                days,
            })?;
        head.push(day(due));
    }
    head.extend([String::new(), String::new(), invoice.memo.clone()]);
    let row = |(account, text, amount): (&str, String, Money)| {
        let mut cells = head.clone();
        cells.extend([account.to_owned(), text, amount.to_string()]);
        cells
    };
    Ok(parts(invoice, &options.accounts)
        .into_iter()
        .map(row)
        .collect())
}

/// (account, description, amount), coming to the total. Lines that do not come to it are written
/// as one, because the total is what is paid.
fn parts<'a>(invoice: &Invoice, accounts: &'a Accounts) -> Vec<(&'a str, String, Money)> {
    let charges = invoice.freight.plus(invoice.fees);
    let goods = charges.and_then(|charges| invoice.total.minus(charges));
    let itemised = invoice.itemised() == Some(invoice.total);
    let mut parts = Vec::new();
    if itemised {
        for line in &invoice.lines {
            let qty = line.qty.map(|qty| format!("{qty} x ")).unwrap_or_default();
            let text = format!("{qty}{} {}", line.sku, line.description);
            parts.push((accounts.goods.as_str(), text.trim().to_owned(), line.amount));
        }
    } else if let Some(goods) = goods.filter(|goods| *goods != Money::ZERO) {
        parts.push((accounts.goods.as_str(), "Goods".to_owned(), goods));
    }
    for (account, text, amount) in [
        (&accounts.freight, "Freight", invoice.freight),
        (&accounts.fees, "Fees", invoice.fees),
    ] {
        if amount != Money::ZERO {
            parts.push((account.as_str(), text.to_owned(), amount));
        }
    }
    parts
}

#[cfg(test)]
mod tests;
