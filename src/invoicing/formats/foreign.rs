//! Files that are no list of bills that poms reads, by what gives them away: other programs' exports,
//! lists of payments, files for putting into programs. Each is refused by its name, with what to export
//! in its place: read by their looks, they have other signs, types and dates.

use super::labels::BillColumn;
use super::shape::Shape;
use super::{BillSheet, FormatError};
use crate::tabular::rows::Row;

/// What to do with bills of a program that poms does not know.
const PLAIN: &str = "poms reads reports of QuickBooks and its own CSV: put the bills under the headers vendor, \
                     invoice_number, invoice_date, po_number, sku, qty, unit_price, amount, freight, fee, total";

/// What to export where bills are wanted.
const BILLS: &str = "export the bills instead: in QuickBooks, Reports, Transaction List by Vendor \
                     (or Unpaid Bills Detail), as CSV";

/// A program's export, by labels that no other has.
struct Program {
    is: &'static str,
    /// Labels as [`bare`] has them.
    labels: &'static [&'static str],
}

const PROGRAMS: &[Program] = &[
    Program {
        is: "an export of Xero",
        labels: &[
            "contactname",
            "unitamount",
            "accountcode",
            "taxtype",
            "invoiceamountdue",
            "invoiceamountpaid",
            "inventoryitemcode",
            "trackingname1",
            "trackingoption1",
            "poaddressline1",
            "taxtotal",
        ],
    },
    Program {
        is: "an export of Sage",
        labels: &[
            "nominalac",
            "nominalacref",
            "nominalcode",
            "accountreference",
            "accountref",
            "departmentcode",
            "extrareference",
            "exref",
            "invoicecm#",
            "applytoinvoicenumber",
            "numberofdistributions",
            "accountspayableaccount",
            "glaccount",
            "nc",
            "tc",
            "ledgeraccount",
            "netamount",
            "taxcode",
        ],
    },
    Program {
        is: "an export of FreshBooks",
        labels: &[
            "issuedate",
            "dateissued",
            "dateofissue",
            "billstatus",
            "linesubtotal",
            "linetotal",
            "clientname",
            "assignedclient",
            "amountoutstanding",
            "billcategory",
        ],
    },
    Program {
        is: "an export of Zoho Books",
        labels: &[
            "isinclusivetax",
            "billid",
            "vendornotes",
            "itemtotal",
            "taxpercentage",
            "entitydiscountpercent",
        ],
    },
    Program {
        is: "an export of Wave",
        labels: &[
            "amountonecolumn",
            "debitamounttwocolumnapproach",
            "creditamounttwocolumnapproach",
            "transactionlinedescription",
            "transactiondescription",
        ],
    },
    Program {
        is: "an export of MYOB",
        labels: &[
            "colastname",
            "supplierinvno",
            "extaxamount",
            "inctaxamount",
            "cardid",
        ],
    },
];

/// Labels of what was paid; no list of bills has two of them.
const PAID: &[&str] = &[
    "paymentdate",
    "datepaid",
    "paiddate",
    "paymentnumber",
    "paymentno",
    "payment#",
    "paymentid",
    "paymentref",
    "paymentreference",
    "paymentmethod",
    "paymenttype",
    "paymentaccount",
    "paymentamount",
    "checknumber",
    "checkno",
    "check#",
    "checkdate",
    "chequenumber",
    "chequeno",
    "chequedate",
    "paidthrough",
    "amountapplied",
    "appliedamount",
    "billpayment",
    "billpaymentnumber",
    "paidamount",
    "amountpaid",
];

/// Labels of the bill that a payment pays, beside the payment's own number and date.
const OF_BILL: [&[&str]; 2] = [
    &[
        "billnumber",
        "billno",
        "bill#",
        "invoicenumber",
        "invoiceno",
        "invoice#",
    ],
    &["billdate", "invoicedate"],
];
const OF_PAYMENT: [&[&str]; 2] = [
    &[
        "documentnumber",
        "docnumber",
        "docno",
        "num",
        "refno",
        "number",
        "transactionnumber",
        "transaction#",
    ],
    &["date", "transactiondate"],
];

fn refused(is: &str, instead: &str) -> FormatError {
    FormatError::Foreign {
        is: is.to_owned(),
        instead: instead.to_owned(),
    }
}

/// What a text is that is no table at all.
pub fn of_text(text: &str) -> Option<FormatError> {
    let text = text.trim_start();
    let line = text.lines().next().unwrap_or_default();
    let begins = |starts: &[&str]| {
        let start: String = text.chars().take(12).flat_map(char::to_lowercase).collect();
        starts.iter().any(|known| start.starts_with(known))
    };
    let iif = line.strip_prefix('!').is_some_and(|rest| {
        let word = rest.split(['\t', ',', ' ']).next().unwrap_or_default();
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_uppercase())
    });
    if iif || begins(&["trns\t", "\"!trns", "\"!hdr"]) {
        let bills = format!(
            "it is made for putting data into QuickBooks, and has signs of its own: {BILLS}"
        );
        return Some(refused("an IIF file (Intuit Interchange Format)", &bills));
    }
    if begins(&["!type:", "!account", "!option:"]) {
        return Some(refused("a QIF file, of a bank or Quicken", BILLS));
    }
    if begins(&["ofxheader", "<ofx>", "<?ofx"]) {
        return Some(refused("a statement of a bank (OFX, QFX, QBO)", BILLS));
    }
    if begins(&["<?xml", "<html", "<!doctype", "<table", "<meta"]) {
        return Some(refused(
            "a web page or XML",
            "open it in a spreadsheet and save it as CSV",
        ));
    }
    begins(&["{", "[{"]).then(|| refused("JSON", PLAIN))
}

/// What a table is in which no bills were found.
pub fn of_strangers(rows: &[Row]) -> Option<FormatError> {
    let paid = |row: &Row| {
        PAID.iter()
            .filter(|label| labels(row).iter().any(|l| l == **label))
            .count()
            >= 2
    };
    let payments = || {
        rows.iter()
            .take(40)
            .any(paid)
            .then(|| refused("a list of payments, not of bills", BILLS))
    };
    of_rows(rows, 1).or_else(payments)
}

/// The labels of a row, as lists have them here.
fn labels(row: &Row) -> Vec<String> {
    row.cells.iter().map(|cell| bare(cell)).collect()
}

/// What a table is, by its labels: at least `least` of one program's.
fn of_rows(rows: &[Row], least: usize) -> Option<FormatError> {
    rows.iter().take(40).find_map(|row| {
        let labels = labels(row);
        let has = |label: &&&str| labels.iter().any(|known| known == **label);
        let mut programs = PROGRAMS.iter();
        let found = programs.find(|one| one.labels.iter().filter(has).count() >= least)?;
        Some(refused(found.is, PLAIN))
    })
}

/// What a table with a header is, when it is no list of bills.
pub fn of_sheet(sheet: &BillSheet) -> Option<FormatError> {
    if let Some(found) = of_rows(sheet.rows.get(..=sheet.header.at)?, 2) {
        return Some(found);
    }
    if sheet.header.titles.contains("payable invoice") {
        return Some(refused("a report of Xero", PLAIN));
    }
    let typed = |row: &Row| {
        let word = sheet.header.cell(row, BillColumn::Type).to_uppercase();
        matches!(word.as_str(), "PI" | "PC" | "PP" | "PA")
    };
    let rows = sheet.rows.get(sheet.header.at + 1..)?;
    if rows.iter().any(typed) {
        return Some(refused("an export of Sage (types PI, PC, PP)", PLAIN));
    }
    let labels = sheet.rows.get(sheet.header.at)?;
    is_payments(sheet, labels).then(|| refused("a list of payments, not of bills", BILLS))
}

/// Whether an untyped list is one of payments: what was paid stands beside when and how.
fn is_payments(sheet: &BillSheet, labels: &Row) -> bool {
    // QuickBooks' own is a format, which names every payment
    if sheet.header.has(BillColumn::Type) || Shape::of(sheet) == Some(Shape::BillPayments) {
        return false;
    }
    let labels = self::labels(labels);
    let has = |label: &&str| labels.iter().any(|known| known == label);
    let one_of_each = |lists: [&[&str]; 2]| lists.iter().all(|list| list.iter().any(has));
    let paid = PAID.iter().filter(|label| has(label)).count();
    let titled = sheet.header.titles.contains("payment");
    paid >= 2 || titled && paid >= 1 || one_of_each(OF_BILL) && one_of_each(OF_PAYMENT)
}

/// A label in small letters without blanks and marks.
fn bare(label: &str) -> String {
    label
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == '#')
        .flat_map(char::to_lowercase)
        .collect()
}
