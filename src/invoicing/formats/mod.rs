//! Invoice file formats: one file each, one registry, recognised by content and never by name. A
//! file that none or two of them claim is refused, not guessed at.
//!
//! Every row of a file ends as exactly one of: part of an invoice, a total, skipped with a reason
//! (titles, headings, payments, footers), or an error. [`InvoiceFile::account`] shows which.

mod beside;
mod bills;
mod charges;
mod currency;
mod damage;
mod dates;
mod draft;
mod elsewhere;
mod footers;
mod foreign;
mod labels;
mod numbers;
mod of_credits;
mod period;
mod postings;
mod recants;
mod remarks;
mod remits;
mod report;
mod report_frame;
mod says;
mod shape;
mod sums;
mod unknown;

pub use dates::DateOrder;

use crate::domain::invoice::Invoice;
use crate::domain::money::Money;
use crate::domain::registry::registry;
use crate::domain::spreadsheet::too_wide;
use crate::tabular::encoding::Encodings;
use crate::tabular::rows::{self, Row};
use crate::tabular::{self, NoTable, RowError};
use labels::Header;
use serde::Serialize;
use shape::Shape;
use std::collections::BTreeMap;

/// What a bookkeeper calls a format of this name.
pub fn title(name: &str) -> &str {
    let known = FORMATS.iter().find(|format| format.name == name);
    known.map_or(name, |format| format.title)
}

/// One invoice file format.
pub struct BillFormat {
    /// Its name in the ledger and in JSON.
    pub name: &'static str,
    /// What a bookkeeper calls it.
    pub title: &'static str,
    /// What it is, and how to get it.
    pub about: &'static str,
    /// Whether the file is of this format; decided by what it contains.
    claims: fn(&BillSheet) -> bool,
    /// Reads it. Never fails as a whole: what cannot be read is an error of its row.
    read: fn(&BillSheet) -> BillReading,
}

registry! {
    /// Every format that poms reads. A new one is a file of its own and its name here.
    pub static FORMATS: BillFormat =
        plain,
        qbo_transaction_list,
        qbo_transaction_detail,
        qb_purchases,
        qbo_bill_payments,
        unpaid_bills,
        vendor_balance,
        qbd_transaction_list,
        qbd_transaction_detail,
        qbd_check_detail,
}

/// A file's rows and the header among them.
struct BillSheet {
    rows: Vec<Row>,
    header: Header,
}

/// What a format makes of a sheet.
#[derive(Default)]
struct BillReading {
    invoices: Vec<Invoice>,
    errors: Vec<RowError>,
    skipped: Vec<Skipped>,
    totals: Vec<TotalCheck>,
}

/// A file of invoices, read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InvoiceFile {
    /// The format's name.
    pub format: &'static str,
    /// SHA-256 of the file's bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Rows that are not blank lines.
    pub rows: usize,
    /// Bills and credits, in the order of the file.
    pub invoices: Vec<Invoice>,
    /// Rows that could not be read; the rest was.
    pub errors: Vec<RowError>,
    /// The report's own totals, and whether they are the sums of its rows.
    pub totals: Vec<TotalCheck>,
    /// Rows that are no part of an invoice, and why.
    pub skipped: Vec<Skipped>,
}

/// A row that is no part of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// Its line of the file.
    pub line: u64,
    /// Why.
    pub why: String,
}

/// A total that the file states, against the sum of the rows above it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TotalCheck {
    /// The total's own words, with the column it stands in.
    pub label: String,
    /// Its line of the file.
    pub line: u64,
    /// What the file says.
    pub said: Money,
    /// What its rows come to.
    pub computed: Money,
    /// Whether both are the same.
    pub agrees: bool,
    /// Whether it is one of the file's own rows, and so of several bills; else it is of one bill or line.
    #[serde(skip)]
    pub of_rows: bool,
}

impl TotalCheck {
    /// For people: both values and the line.
    pub fn message(&self) -> String {
        let verb = if self.agrees {
            "agrees"
        } else {
            "does not agree"
        };
        format!(
            "line {}: '{}' {verb}: the file says {}, its rows come to {}",
            self.line, self.label, self.said, self.computed
        )
    }
}

impl InvoiceFile {
    /// What became of every row: its line and `invoice`, `total`, `skipped` or `error`.
    pub fn account(&self) -> BTreeMap<u64, &'static str> {
        let invoices = self.invoices.iter().flat_map(|invoice| &invoice.rows);
        let mut account: BTreeMap<u64, &'static str> =
            self.skipped.iter().map(|s| (s.line, "skipped")).collect();
        account.extend(self.totals.iter().map(|t| (t.line, "total")));
        account.extend(invoices.map(|line| (*line, "invoice")));
        account.extend(self.errors.iter().map(|e| (e.line, "error")));
        account
    }
}

/// What the books have that files do not say of themselves.
#[derive(Clone, Copy, Debug)]
pub struct Books<'a> {
    /// Their currency (ISO 4217).
    pub currency: &'a str,
    /// Day and month of files that prove no order; `None`: such files are refused.
    pub dates: Option<DateOrder>,
}

impl Default for Books<'_> {
    fn default() -> Self {
        Books {
            currency: "USD",
            dates: None,
        }
    }
}

/// Why a file is not read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// Nothing that looks like a header.
    #[error(
        "no header row found: poms looks for a row with a date column and a type or number column \
         of one of these: {0}"
    )]
    NoHeader(String),
    /// A header, but of no known report.
    #[error("a table with a date column, but none of the files of bills that poms reads: {0}")]
    Unclaimed(String),
    /// More than one format claims it, and poms does not guess.
    #[error("the file could be {0}: poms does not guess")]
    Ambiguous(String),
    /// No table at all.
    #[error("this is {}", .0.or(", not CSV and no workbook with one sheet: open it and save it, or export the report anew, as CSV"))]
    NoTable(NoTable),
    /// Another program's export, a list of payments, and the like.
    #[error("this seems to be {is}: {instead}")]
    Foreign {
        /// What it seems to be.
        is: String,
        /// What to export in its place.
        instead: String,
    },
    /// In other money than the books.
    #[error(
        "its amounts are not in {books}, the currency of the books ({what}): enter such bills by hand, or \
         export them in {books}"
    )]
    Currency {
        /// Where that stands.
        what: String,
        /// Code of the books' currency.
        books: String,
    },
    /// Dates that could be of two days each, and nothing that tells which.
    #[error(
        "line {line}: '{text}' is {readings}, and nothing in the file proves which: export the report with its \
         period in the title, or say it in the configuration: dates = \"mdy\" (month first) or \"dmy\" under \
         [invoicing]"
    )]
    OpenDates {
        /// The first such row's line.
        line: u64,
        /// Its date.
        text: String,
        /// The days that it may be.
        readings: String,
    },
    /// Rows with the month first and rows with the day first.
    #[error(
        "its dates are of both orders: {month_first} has the month first, {day_first} the day: mend the wrong \
         ones, or say which order it has: dates = \"mdy\" or \"dmy\" under [invoicing] of the configuration"
    )]
    BothOrders {
        /// A row that proves one order.
        month_first: String,
        /// A row that proves the other.
        day_first: String,
    },
    /// Larger than any year of bills.
    #[error("the file has {0} bytes; {MAX_BYTES} are the limit: export a shorter period")]
    TooLarge(usize),
    /// More columns than any table: a sentence.
    #[error("{0}")]
    TooWide(String),
}

impl From<NoTable> for FormatError {
    // its words are part of this one's: it is no cause to be told once more
    fn from(what: NoTable) -> FormatError {
        FormatError::NoTable(what)
    }
}

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 256 << 20;

/// Reads a file by the one format that claims it. Day and month and currency are decided for the whole
/// file before.
///
/// # Errors
/// When no format or more than one claims it, when it is a file of another kind, in other money, with
/// dates that may be two days each, or too large. Faults of rows are not errors here: they are in the
/// result.
pub fn read(bytes: &[u8], books: &Books) -> Result<InvoiceFile, FormatError> {
    if bytes.len() > MAX_BYTES {
        return Err(FormatError::TooLarge(bytes.len()));
    }
    let table = tabular::text(bytes, Encodings::Guessed)?;
    table.plainly_named()?;
    let text = table.text;
    if let Some(fault) = too_wide(text.as_bytes()) {
        return Err(FormatError::TooWide(fault));
    }
    let (mut sheet, broken) = sheet(&text)?;
    drop(text);
    let count = sheet.rows.len() + broken.len();
    let format = claimant(&sheet)?;
    let mut bad = BTreeMap::new();
    // payments are named and left out, whatever they are in
    if Shape::of(&sheet) != Some(Shape::BillPayments) {
        bad = currency::settle(&mut sheet, books.currency)?;
        bad.extend(dates::settle(&mut sheet, books.dates)?);
        bad.extend(damage::rows(&sheet));
        bad.extend(remarks::rows(&sheet));
    }
    let mut reading = (format.read)(&sheet);
    bad.extend(remarks::marked(&sheet, &reading.invoices));
    bad.extend(elsewhere::settle(&sheet, &mut reading.invoices));
    bad.extend(sums::rows(&reading.invoices));
    refuse(&mut reading, bad);
    reading.errors.extend(broken);
    reading.errors.sort_by_key(|error| error.line);
    reading.errors.dedup_by(|later, first| {
        let same = later.line == first.line;
        if same {
            first.message = format!("{}; {}", first.message, later.message);
        }
        same
    });
    reading.skipped.sort_by_key(|skipped| skipped.line);
    reading.totals.sort_by_key(|total| total.line);
    reading.invoices.sort_by_key(|invoice| invoice.source_line);
    Ok(InvoiceFile {
        format: format.name,
        sha256: crate::clock::hex(&openssl::sha::sha256(bytes)),
        rows: count,
        invoices: reading.invoices,
        errors: reading.errors,
        totals: reading.totals,
        skipped: reading.skipped,
    })
}

/// Cuts a text into rows, and finds the header: the first cut that shows one counts. Commas, as
/// QuickBooks writes; tabs or semicolons, as spreadsheets do that took such a file in and wrote it out.
fn sheet(text: &str) -> Result<(BillSheet, Vec<RowError>), FormatError> {
    if let Some(found) = foreign::of_text(text) {
        return Err(found);
    }
    let cut = |comma: &u8| {
        let (rows, broken) = rows::rows(text, *comma);
        Header::find(&rows).map(|header| (BillSheet { rows, header }, broken))
    };
    if let Some(found) = b",\t;".iter().find_map(cut) {
        return Ok(found);
    }
    let known = |comma: &u8| foreign::of_strangers(&rows::rows(text, *comma).0);
    let found = b",\t;".iter().find_map(known);
    Err(found.unwrap_or_else(|| FormatError::NoHeader(names(FORMATS.iter(), "; "))))
}

/// The one format that claims a sheet.
fn claimant(sheet: &BillSheet) -> Result<&'static BillFormat, FormatError> {
    if let Some(found) = foreign::of_sheet(sheet) {
        return Err(found);
    }
    let claimants: Vec<&BillFormat> = FORMATS.iter().filter(|f| (f.claims)(sheet)).collect();
    match claimants.as_slice() {
        [] => Err(foreign::of_strangers(&sheet.rows)
            .unwrap_or_else(|| FormatError::Unclaimed(names(FORMATS.iter(), "; ")))),
        [format] => Ok(format),
        several => Err(FormatError::Ambiguous(names(
            several.iter().copied(),
            " or ",
        ))),
    }
}

fn names<'a>(formats: impl Iterator<Item = &'a BillFormat>, with: &str) -> String {
    let names: Vec<_> = formats.map(|format| format.title).collect();
    names.join(with)
}

/// Takes out the invoices that have a row which cannot be believed: these and the rows beside become
/// errors.
fn refuse(reading: &mut BillReading, bad: BTreeMap<u64, String>) {
    if bad.is_empty() {
        return;
    }
    let (taken, refused): (Vec<Invoice>, Vec<Invoice>) = std::mem::take(&mut reading.invoices)
        .into_iter()
        .partition(|invoice| !invoice.rows.iter().any(|line| bad.contains_key(line)));
    reading.invoices = taken;
    for invoice in refused {
        let first = invoice.rows.iter().find(|line| bad.contains_key(line));
        let first = first.copied().unwrap_or_default();
        for line in invoice.rows {
            let message = bad.get(&line).cloned().unwrap_or_else(|| {
                format!("not taken, because line {first} of the same invoice could not be read")
            });
            reading.errors.push(RowError::row(line, message));
        }
    }
    for error in &mut reading.errors {
        if let Some(why) = bad.get(&error.line).filter(|why| **why != error.message) {
            error.message = format!("{why}; {}", error.message);
        }
    }
}

#[cfg(test)]
mod tests;
