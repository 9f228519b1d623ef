//! What a bill's own columns say of it: void, cancelled, paid. Such a bill is none that is to be paid,
//! and its rows are named; and where money goes by it.

use super::BillSheet;
use super::beside::{self, BesideDoubt, BillSums, OPEN_AMOUNT, bare};
use super::labels::{BillColumn, meaning};
use super::shape::Shape;
use super::{numbers, of_credits, recants, remits, unknown};
use crate::domain::invoice::{Invoice, InvoiceKind};
use crate::domain::money::Money;
use crate::domain::pattern::fits;
use crate::domain::remit;
use crate::tabular::cells;
use crate::tabular::rows::Row;
use regex::Regex;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// States of a bill that is to be paid.
const OPEN: &[&str] = &[
    "",
    "-",
    "n/a",
    "none",
    "open",
    "unpaid",
    "not paid",
    "due",
    "past due",
    "overdue",
    "approved",
    "new",
    "received",
    "entered",
    "posted",
    "sent",
    "outstanding",
    "pending payment",
    "awaiting payment",
    "to pay",
    "payable",
    "invoiced",
    "billed",
    "active",
    "issued",
    "submitted",
    "completed",
    "complete",
    "current",
    "ok",
    "matched",
    "unmatched",
    "imported",
    "recorded",
    "shipped",
    "delivered",
    "closed order",
];
/// What says no, or nothing.
const NO: &[&str] = &[
    "", "no", "n", "false", "0", "0.00", "-", "none", "n/a", "unpaid", "open", "f",
];

static STATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:invoice|bill|document|doc|payment|approval|line|current|txn|transaction|billing)?(?:status|state)$").ok()
});
static FLAG: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:is|was|invoice|bill|payment|date|amt)?(?:paid|void|voided|cancel|cancelled|canceled|deleted|dispute|disputed|block|blocked|paymentblock|paymentblocked|blockedforpayment|reversed|onhold|hold|rejected|draft|duplicate|settled|cleared|written ?off)(?:date|on|at|flag|indicator|inv|bill|yn|in full|infull|by|amount|amt|check|checkno|checknumber|reference)?$").ok()
});
/// Columns of a payment that was made, and of what it was.
static PAYMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:(?:bill|invoice)?(?:check|cheque|payment|pmt)(?:number|no|num|date|ref|reference|id)|datepaid|(?:amount|amt|total)?(?:paid|payments?|applied)todate|(?:amount|amt|total)?payments?(?:applied|made|received|amount|total)?|(?:amount|amt|total)?(?:applied)(?:amount|amt|payments?)?|totalpaid)$").ok()
});
/// Columns that say whether to pay.
static TO_PAY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?:pay|topay|oktopay|payable|payflag|payit|payyn)$").ok());
pub(super) static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:invoice|bill|line|internal|ap|vendor|payment)?(?:memo|memos|note|notes|comment|comments|remark|remarks|message|reason|statusnote|privatenote|memodescription)$").ok()
});
pub(super) static TAKEN_BACK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:void(?:ed)?|do not pay|don't pay|not to be paid|not payable|never pay|cancel(?:l)?ed|duplicate(?: of)?|sent in error|in error|disputed|(?:on|payment) hold|reversed|pro ?-?forma|estimate only|quote only|sample invoice|test (?:invoice|bill|only)|this is a test|not an? (?:invoice|bill)|superseded|replaced by|written off|settled|not (?:for|ours|our|due|owed|approved|received|correct)|wrong (?:vendor|bill|invoice|company|customer|address)|ignore|disregard|do not (?:use|process|enter|post|submit)|not for payment|for (?:reference|information|review) only|draft|in dispute|dispute|closed out)\b|\b(?:on hold|hold)\W*$|^\W*(?:test|draft|copy|hold|cleared|quote|estimate|statement|reminder|sample)\W*$").ok()
});
pub(super) static PAID: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:already paid|paid (?:in full|on|by|with|via|check|cheque|ck|chk|ach|wire|cc|card|cash|in|off|out|up)|fully paid|(?:was|is|been) paid|paid \W*\d|(?:pmt|payment) (?:sent|made|issued)|check (?:sent|mailed|issued|#? ?\d)|ck ?#? ?\d)|^\W*paid\W*$|\bpaid\W*$").ok()
});
/// The same as all that a cell of goods, names or numbers says, where such words may be in a name.
static NOTHING_ELSE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*(?:(?:this |the )?(?:bill|invoice|line|order|item)s? )?(?:(?:is|was|has been) )?(?:void(?:ed)?|cancel(?:l)?ed|draft|paid(?: in full)?|duplicate|deleted|reversed|disputed|on hold|do not pay|not payable|pro ?-?forma)(?: (?:bill|invoice|do not pay|not payable))?\W*$|\b(?:do not pay|not to be paid|never pay|not an? invoice)\b").ok()
});

/// The rows of a plain table whose bills are not to be paid by what they say themselves, each with why.
/// QuickBooks' own reports write a void bill as one over nothing, and say elsewhere what is paid.
pub fn rows(sheet: &BillSheet) -> BTreeMap<u64, String> {
    let mut bad = BTreeMap::new();
    if Shape::of(sheet) != Some(Shape::Plain) {
        return bad;
    }
    let Some(header) = sheet.rows.get(sheet.header.at) else {
        return bad;
    };
    let rows = sheet.rows.iter().skip(sheet.header.at + 1);
    let sums = BillSums::of(sheet);
    for (line, why) in recants::rows(sheet) {
        bad.insert(line, why);
    }
    for row in rows.filter(|row| !row.is_blank()) {
        let cells = header.cells.iter().zip(&row.cells);
        // the last day on which a shop takes goods takes no bill back
        let mut cells =
            cells.filter(|(heading, cell)| !unknown::is_last_day(sheet, row, heading, cell));
        let found = cells.find_map(|(heading, cell)| doubt(heading, cell));
        let found = found.or_else(|| of_credits::doubt(sheet, header, row));
        let found = found.or_else(|| paid_part(sheet, row));
        let found = found.or_else(|| nothing_open(header, row));
        let beside = || {
            let number = number_words(sheet, row);
            number
                .or_else(|| beside::doubt(sheet, row, &sums))
                .or_else(|| unknown::doubt(sheet, row))
        };
        let found =
            found.or_else(|| beside().map(|(heading, cell, why)| told(heading, cell, &why)));
        if let Some(why) = found {
            bad.insert(row.line, why);
        }
    }
    bad
}

const NO_NUMBER: &str = "so that it cannot be told from another bill";

/// A number of the bill, or of its purchase order, that is none or has words of another meaning.
fn number_words<'a>(sheet: &'a BillSheet, row: &'a Row) -> Option<BesideDoubt<'a>> {
    let label = |column: BillColumn| {
        let place = sheet.header.place(column)?;
        Some(sheet.rows.get(sheet.header.at)?.cell(place))
    };
    let of = |column: BillColumn, why: &dyn Fn(&str) -> Option<&'static str>| {
        let cell = sheet.header.cell(row, column);
        let why = why(cell)?;
        Some((label(column)?, cell, why.to_owned()))
    };
    let plain = Shape::of(sheet) == Some(Shape::Plain);
    let bill = |cell: &str| numbers::of_bill(cell, of_credits::is_credit(sheet, row));
    let number = match sheet.header.cell(row, BillColumn::InvoiceNumber) {
        "" if sheet.header.has(BillColumn::Number) => BillColumn::Number,
        _ => BillColumn::InvoiceNumber,
    };
    let unnumbered = |cell: &str| {
        (cell.is_empty() && plain && !of_credits::is_credit(sheet, row)).then_some(NO_NUMBER)
    };
    of(number, &unnumbered)
        .or_else(|| of(number, &bill))
        .or_else(|| of(BillColumn::PoNumber, &numbers::of_order))
}

/// Whether the cells of a column are looked at here, by its heading and that as one word.
pub(super) fn knows(heading: &str, name: &str) -> bool {
    let lists = [&STATE, &FLAG, &PAYMENT, &TO_PAY, &WORDS, &OPEN_AMOUNT];
    let listed = lists.into_iter().any(|list| fits(list, name));
    listed || beside::knows(name) || remits::knows(heading, name)
}

fn doubt(heading: &str, cell: &str) -> Option<String> {
    let name = bare(heading);
    let said = cell.trim().to_lowercase();
    let why = if fits(&STATE, &name) && !OPEN.contains(&said.as_str()) {
        "which is no state of a bill that is to be paid (open, unpaid, approved, due …)"
    } else if fits(&FLAG, &name) && (!NO.contains(&said.as_str()) || disputed(&name, &said)) {
        "so nothing is to be paid by it"
    } else if fits(&PAYMENT, &name) && !nothing(&said) {
        "so that something of it is paid already"
    } else if fits(&TO_PAY, &name) && NO.contains(&said.as_str()) && !said.is_empty() {
        "so nothing is to be paid by it"
    } else if takes_back(heading, &name, cell) {
        "which takes the bill back"
    } else {
        return None;
    };
    Some(told(heading, cell, why))
}

/// An open dispute is one.
fn disputed(name: &str, said: &str) -> bool {
    name.contains("dispute") && said == "open"
}

/// Whether a cell of a payment says that there was none.
fn nothing(said: &str) -> bool {
    let zero = cells::amount(said).ok().flatten() == Some(Money::ZERO);
    zero || NO.contains(&said) || matches!(said, "pending" | "n" | "tbd")
}

pub(super) fn told(heading: &str, cell: &str, why: &str) -> String {
    let shown: String = cell.trim().chars().take(80).collect();
    format!(
        "{} is '{}', {why}: it is not taken; ask whoever keeps the bills, and import it without that if it is owed",
        heading.trim(),
        shown.escape_debug()
    )
}

/// Whether a cell says that the bill is none: in a column of words, or in one that poms does not know,
/// anywhere in it; in any other as all that it says.
fn takes_back(heading: &str, name: &str, cell: &str) -> bool {
    let free = [
        BillColumn::Memo,
        BillColumn::PoNumber,
        BillColumn::Number,
        BillColumn::InvoiceNumber,
    ];
    let words = fits(&WORDS, name) || meaning(heading).is_none_or(|column| free.contains(&column));
    match words && !remit::is_heading(heading) {
        true => fits(&TAKEN_BACK, cell) || fits(&PAID, cell),
        false => fits(&NOTHING_ELSE, cell),
    }
}

/// The rows of bills by which a report of a bookkeeping program would pay what is void: such programs
/// write a void bill as one over nothing, so one with an amount was only marked by hand. What is paid
/// they know themselves.
pub fn marked(sheet: &BillSheet, bills: &[Invoice]) -> BTreeMap<u64, String> {
    let mut bad = BTreeMap::new();
    if Shape::of(sheet) == Some(Shape::Plain) {
        return bad;
    }
    let Some(header) = sheet.rows.get(sheet.header.at) else {
        return bad;
    };
    let lines = bills.iter();
    let lines = lines.flat_map(|bill| bill.rows.iter().map(move |row| (row, bill.kind)));
    for (line, kind) in lines {
        let at = sheet.rows.binary_search_by_key(line, |row| row.line);
        let Some(row) = at.ok().and_then(|at| sheet.rows.get(at)) else {
            continue;
        };
        let owed = kind == InvoiceKind::Bill;
        let voided = |heading: &str, cell: &str| match meaning(heading) {
            Some(BillColumn::Memo) => {
                fits(&TAKEN_BACK, cell) || fits(&PAID, cell) || owed && of_credits::says(cell)
            }
            None => fits(&TAKEN_BACK, cell) || is_no_posting(heading, cell),
            Some(BillColumn::Number | BillColumn::Description) => {
                fits(&NOTHING_ELSE, cell) && !fits(&PAID, cell)
            }
            Some(_) => false,
        };
        let mut cells = header.cells.iter().zip(&row.cells);
        let found = cells.find(|(heading, cell)| voided(heading, cell));
        if let Some((heading, cell)) = found {
            bad.insert(*line, told(heading, cell, "which takes the bill back"));
            continue;
        }
        let number = owed.then(|| number_words(sheet, row)).flatten();
        let beside = || unknown::of_report(sheet, row).filter(|_| owed);
        let beside =
            || beside().map(|(heading, cell)| (heading, cell, unknown::NOT_READ.to_owned()));
        if let Some((heading, cell, why)) = number.or_else(beside) {
            bad.insert(*line, told(heading, cell, &why));
        }
    }
    bad
}

/// Whether a column of a bookkeeping program says that a transaction is none of the books yet.
fn is_no_posting(heading: &str, cell: &str) -> bool {
    let name = bare(heading);
    let said = cell.trim().to_lowercase();
    let posts = matches!(name.as_str(), "posting" | "posted" | "isposting");
    let waits = [
        "pending approval",
        "not approved",
        "rejected",
        "declined",
        "draft",
    ];
    posts && matches!(said.as_str(), "no" | "n" | "false")
        || (fits(&STATE, &name) || beside::knows(&name)) && waits.contains(&said.as_str())
}

/// A bill of which nothing is open any more, as a column of its own says.
fn nothing_open(header: &Row, row: &Row) -> Option<String> {
    let mut cells = header.cells.iter().zip(&row.cells);
    let none = |cell: &str| cells::amount(cell).ok().flatten() == Some(Money::ZERO);
    let (heading, cell) =
        cells.find(|(heading, cell)| fits(&OPEN_AMOUNT, &bare(heading)) && none(cell))?;
    Some(told(heading, cell, "so nothing of it is open"))
}

/// A part that was paid.
fn paid_part(sheet: &BillSheet, row: &Row) -> Option<String> {
    let cell = sheet.header.cell(row, BillColumn::PaidAmount);
    let paid = cells::amount(cell).ok().flatten();
    paid.filter(|paid| *paid != Money::ZERO).map(|paid| {
        format!("{paid} of it is paid already: it is not taken; enter what is open by hand")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_a_bill_back() {
        for list in [
            &STATE,
            &FLAG,
            &WORDS,
            &TAKEN_BACK,
            &PAID,
            &NOTHING_ELSE,
            &PAYMENT,
            &TO_PAY,
        ] {
            assert!(list.is_some());
        }
        for (heading, cell) in [
            ("status", "Void"),
            ("Invoice Status", "Paid"),
            ("State", "cancelled"),
            ("memo", "VOID do not pay"),
            ("paid", "yes"),
            ("Paid Date", "2025-06-02"),
            ("is_void", "1"),
            ("Notes", "paid by check 1123"),
            ("On Hold", "Y"),
            ("comments", "duplicate of I1"),
            ("status", "draft"),
            ("cancelled", "x"),
            ("x", "void"),
            ("column 7", "Voided by A/P on June 3"),
            ("Ship status", "cancelled"),
            ("sku", "VOID"),
            ("description", "*** CANCELLED ***"),
            ("item description", "Do not pay, sent twice"),
            ("vendor_order_number", "Draft"),
            ("", "paid"),
        ] {
            assert!(doubt(heading, cell).is_some(), "{heading} {cell}");
        }
        for (heading, cell) in [
            ("status", "Open"),
            ("Status", ""),
            ("memo", "PO W1-1, lamps"),
            ("paid", "no"),
            ("Paid Date", ""),
            ("memo", "prepaid freight"),
            ("notes", "please pay by June 30"),
            ("sku", "VOID-1"),
            ("description", "Void fill paper, 2 rolls"),
            ("vendor", "Draft Beer Supply"),
            ("terms", "Net 30"),
            ("x", "avoid bending"),
            ("paid", "0.00"),
        ] {
            assert_eq!(doubt(heading, cell), None, "{heading} {cell}");
        }
    }
}
