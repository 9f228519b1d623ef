//! The columns of a plain table that no bill is made of: a closed list of what says nothing of the bill. A
//! cell of any other column may say that another thing is owed, so its bill is not taken, and the column is
//! named.

use super::beside::{BesideDoubt, bare};
use super::labels::{BillColumn, meaning};
use super::{BillSheet, remarks, remits};
use crate::domain::money::Money;
use crate::domain::pattern::fits;
use crate::invoicing::against;
use crate::invoicing::understood::doubtful::of_paper;
use crate::tabular::cells;
use crate::tabular::rows::Row;
use crate::vendor_docs::columns::{
    ColumnKind, Of, is_dropship, is_dropshipped, is_limit, kind, nothing, speaks, takes_back,
};
use chrono::NaiveDate;
use regex::Regex;
use std::sync::LazyLock;

/// Headings of bookkeeping programs that say nothing of what is owed.
static INERT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?:.*(?:tracking|address|email|telephone|attachment|department|location|project|subsidiary|template|branding|account|glcode|taxtype|taxcode|taxrate|createdby|enteredby|approvedby|authorizedby|authorisedby|createdtime|lastmodified|postingperiod|billable|currencyrate|itemcode|carrier|shipvia|shipmethod|shipdate|dateshipped|orderdate|podate|warehouse|costcenter|website|deliverynote)(?:name|number|no|code|date|option|id|[0-9])?|",
        r"(?:customer|vendor|supplier|invoice|bill|order|item|ship|po|ap|gl|document|doc)*(?:phone|contact|class|job|entity|terms|duedays|modified|posting|period|lineno|linenumber|line|lineid|externalid|internalid|id|key|upc|ean|isbn|weight|service|url|link|page|seq|sequence|rownumber|row|batch|source|buyer|store|region|category|printed|emailed|name|number|no|code)(?:name|number|no|code|date|id|[0-9])?|",
        r"daysoverdue|dayspastdue|overduedays|daysold|aging|agingbucket|agedays|age|",
        r"(?:bill|billed|sold|ship|shipped|deliver|delivered)to(?:name|city|state|zip|code|id|number)?)$"
    ))
    .ok()
});
/// Pieces that are billed, called otherwise.
static BILLED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:qty|quantity|units|pieces)?(?:shipped|invoiced|billed)(?:qty|quantity|units|pieces)?$").ok()
});
/// Packs in which pieces may be counted.
static CASES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:no|num|number|qty|quantity|total)?(?:of)?(?:case|cases|cs|dozen|dozens|pack|packs|pk|innerpack|inner|masterpack|per)(?:qty|quantity|count|no)?$").ok()
});
/// What others pay for an article.
static RETAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:unit)?(?:list|msrp|retail|srp|suggestedretail)(?:unit)?(?:price)?$").ok()
});
/// Pieces of the order that this bill is not of: as many as it leaves open.
static LATER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?:.*backorder.*|(?:qty|quantity)?bo(?:qty|quantity)?)$").ok());
/// Numbers of papers that are none to be paid.
static OTHER_PAPER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:our|your|vendor|supplier|sales)?(?:quote|quotation|estimate|proposal|proforma|draft|statement|orderack|orderacknowledge?ment|orderconfirmation|packingslip|packingslips|packslip|packlist|packinglist|deliverynote|salesorder|order)(?:number|no|num|nbr|nr|id|ref|reference)*$").ok()
});
/// An amount in other money.
static FOREIGN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\d ?(?:cad|eur|gbp|aud|mxn|nzd|chf|jpy|cny|inr)\b|\b(?:cad|eur|gbp|aud|mxn|nzd|chf|jpy|cny|inr) ?\d|[€£¥₹]|\b[ca]\$").ok()
});
/// Columns of names, places and words, which are read as such.
static FREE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^.*(?:address|street|city|name|town|email|phone|url|link|website|salesrep|rep|salesperson|enteredby|createdby|modifiedby|approvedby|buyer|contact|terms|description|desc|title|memo|note|comment|remark|message).*$").ok()
});
/// Columns that QuickBooks' reports can have and that say nothing of what is owed by a bill.
static OF_BOOKS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:adj|clr|cleared|aging|pastdue|print|posting|posted|isposting|paymeth|paymentmethod|deliverydate|delivdate|enteredlastmodified|lastmodified(?:by)?|create(?:d|date)?(?:by)?|name(?:street[12]|city|state|zip|address|contact|phone|fax|email|account)?|sourcename|billingstatus|taxname|salestaxcode|apaid|arpaid|appaid|billed|wgt|other[12]?|ofunits|units|location|class|rep|fob|via|terms|attachments?)$").ok()
});
/// Bills in the place of others.
static INSTEAD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^.*(?:replac|supersed|correct|originalinvoice|originalbill|rebill|adjust|(?:related|reference|ref|prior|previous|parent|linked|first)(?:invoice|bill)|appliesto|appliedto).*$").ok()
});
/// What kinds of papers are bills.
const PAPERS: &[&str] = &[
    "invoice",
    "bill",
    "vendor invoice",
    "supplier invoice",
    "vendor bill",
    "ap invoice",
    "purchase invoice",
    "tax invoice",
    "inv",
    "standard",
    "standard invoice",
    "original",
    "380",
    "810",
    "item",
    "goods",
    "inventory",
    "line",
    "drop ship",
    "dropship",
    "sale",
];
/// The same of credits, where the amount is one.
const CREDITS: &[&str] = &[
    "credit",
    "vendor credit",
    "supplier credit",
    "credit memo",
    "credit note",
    "cm",
    "cn",
];
/// Units that are pieces.
const PIECES: &[&str] = &[
    "ea", "each", "pc", "pcs", "piece", "pieces", "unit", "units", "1", "c62",
];

/// A cell of such a column.
pub(super) fn doubt<'a>(sheet: &'a BillSheet, row: &'a Row) -> Option<BesideDoubt<'a>> {
    let header = sheet.rows.get(sheet.header.at)?;
    let mut more = row.cells.iter().skip(header.cells.len());
    if let Some(cell) = more.find(|cell| !nothing(cell)) {
        let why =
            "which stands below no heading (a cell with a comma must stand in quotation marks)";
        return Some(("a cell beyond the columns", cell, why.to_owned()));
    }
    let cells = header.cells.iter().zip(&row.cells);
    let mut cells = cells
        .map(|(heading, cell)| (heading.as_str(), cell.trim()))
        .enumerate();
    cells.find_map(|(place, (heading, cell))| {
        let why = strange(sheet, row, (heading, place), cell)?;
        Some((heading, cell, why.to_owned()))
    })
}

/// The same of a report of a bookkeeping program, whose own columns say nothing against its bills.
pub(super) fn of_report<'a>(sheet: &'a BillSheet, row: &'a Row) -> Option<(&'a str, &'a str)> {
    let header = sheet.rows.get(sheet.header.at)?;
    let cells = header.cells.iter().zip(&row.cells).enumerate();
    let mut cells = cells.map(|(place, (heading, cell))| (place, heading.as_str(), cell.trim()));
    let found = cells.find(|(place, heading, cell)| {
        let name = bare(heading);
        let read = heading.trim().is_empty() || meaning(heading).is_some();
        let own = fits(&OF_BOOKS, &name) && !has_doubtful(cell);
        !read && !own && strange(sheet, row, (heading, *place), cell).is_some()
    });
    found.map(|(_, heading, cell)| (heading, cell))
}

fn strange(
    sheet: &BillSheet,
    row: &Row,
    (heading, place): (&str, usize),
    cell: &str,
) -> Option<&'static str> {
    let name = bare(heading);
    // of where money goes a person is told by an alarm of its own
    if name == "sign" && cell == "-" {
        return Some(TAKEN_AWAY);
    }
    if nothing(cell) {
        return None;
    }
    let numbers = [BillColumn::InvoiceNumber, BillColumn::Number];
    let numbered = numbers
        .iter()
        .any(|column| !sheet.header.cell(row, *column).is_empty());
    if !numbered && fits(&OTHER_PAPER, &name) {
        return Some("while it has no number of a bill: it may be another paper");
    }
    if remarks::knows(heading, &name) || remits::is_remit(heading, cell) {
        return None;
    }
    if let Some(column) = meaning(heading) {
        return known(sheet, row, (column, place), heading, cell);
    }
    let amount = cells::amount(cell).ok().flatten();
    let zero = amount == Some(Money::ZERO);
    let no = zero || matches!(cell.to_lowercase().as_str(), "no" | "n" | "false" | "f");
    if fits(&BILLED, &name) {
        let qty = sheet.header.cell(row, BillColumn::Quantity);
        let said = cells::quantity(cell).ok().flatten();
        let same = qty.is_empty() || said.is_some() && said == cells::quantity(qty).ok().flatten();
        return (!same).then_some("which is not its quantity");
    }
    if fits(&CASES, &name) && !no && !PIECES.contains(&cell.to_lowercase().as_str()) {
        return Some("so that it may count packs and no pieces");
    }
    // the bill is held against its own price, not against this one
    if fits(&RETAIL, &name) && priced(sheet, row) {
        return (amount.is_none_or(|amount| amount < Money::ZERO)).then_some(NOT_READ);
    }
    if fits(&INSTEAD, &name) {
        return (!no).then_some("so that it stands for another bill");
    }
    if name.ends_with("type") && name != "taxtype" {
        return paper(sheet, row, &cell.to_lowercase());
    }
    if matches!(name.as_str(), "active" | "isactive" | "valid" | "current") {
        return no.then_some("so that it is not to be paid yet");
    }
    by_kind(sheet, row, (heading, &name), cell, no)
}

/// Whether a row has pieces and a price of its own.
fn priced(sheet: &BillSheet, row: &Row) -> bool {
    [BillColumn::Price, BillColumn::Quantity]
        .iter()
        .all(|column| !sheet.header.cell(row, *column).is_empty())
}

pub(super) const NOT_READ: &str = "and poms does not know what that is to a bill";

/// The same by what columns of such a heading hold.
fn by_kind(
    sheet: &BillSheet,
    row: &Row,
    (heading, name): (&str, &str),
    cell: &str,
    no: bool,
) -> Option<&'static str> {
    let amount = cells::amount(cell).ok().flatten();
    let zero = amount == Some(Money::ZERO);
    let listed = |list: &[&str]| list.contains(&cell.to_lowercase().as_str());
    match kind(heading) {
        ColumnKind::UnitPrice | ColumnKind::Amount => (!zero && !is_own(sheet, row, amount))
            .then_some("which is none of the bill's own amounts"),
        ColumnKind::Denies if fits(&LATER, name) => {
            (!no && !is_rest(sheet, row, cell)).then_some("so that not all of it left")
        }
        ColumnKind::Denies if is_last_day(sheet, row, heading, cell) => None,
        ColumnKind::Affirms if is_dropship(heading) => (!is_dropshipped(cell)).then_some(NOT_READ),
        ColumnKind::Charge | ColumnKind::Denies => {
            (!no).then_some("which changes what is owed by it")
        }
        ColumnKind::Goods => (!no).then_some("so that it is of other goods"),
        ColumnKind::Direction => paper(sheet, row, &cell.to_lowercase()),
        ColumnKind::Unit => (!listed(PIECES)).then_some("so that it does not count pieces"),
        ColumnKind::Harmless if speaks(heading, cell) => Some(NOT_READ),
        ColumnKind::Harmless if !fits(&FREE, name) && has_doubtful(cell) => Some(NOT_READ),
        ColumnKind::Pack => (!no && amount != Some(Money(100)))
            .then_some("so that it may count packs and no pieces"),
        ColumnKind::Harmless
        | ColumnKind::Planned
        | ColumnKind::Stock
        | ColumnKind::Account
        | ColumnKind::Remit => None,
        ColumnKind::Affirms => no.then_some("so that it is not to be paid yet"),
        // free words are held against the purchase order, which has the words of its goods
        ColumnKind::Words => None,
        ColumnKind::Payment => (!no).then_some("so that something of it may be paid already"),
        ColumnKind::Currency => (!listed(&["usd", "us$", "$"])).then_some(NOT_READ),
        ColumnKind::Unknown if against::names(heading).is_some() && !speaks(heading, cell) => None,
        ColumnKind::Unknown if !fits(&INERT, name) || speaks(heading, cell) => Some(NOT_READ),
        ColumnKind::Unknown if !fits(&FREE, name) && has_doubtful(cell) => Some(NOT_READ),
        ColumnKind::Unknown => None,
    }
}

/// Whether a cell of a column that says nothing of its bill has a word by which it is none.
fn has_doubtful(cell: &str) -> bool {
    let small = cell.to_lowercase();
    let mut words = small.split(|c: char| !c.is_alphanumeric());
    words.any(of_paper) || takes_back(cell) || fits(&FOREIGN, cell)
}

/// Whether a cell is the last day on which a shop takes goods, after the day of the bill.
pub(super) fn is_last_day(sheet: &BillSheet, row: &Row, heading: &str, cell: &str) -> bool {
    is_limit(heading, cell, day(sheet, row))
}

/// The day of a row's bill.
fn day(sheet: &BillSheet, row: &Row) -> Option<NaiveDate> {
    let cells = [BillColumn::InvoiceDate, BillColumn::Date];
    let mut cells = cells.iter().map(|column| sheet.header.cell(row, *column));
    cells.find_map(|cell| cells::date(cell).ok())
}

/// Whether pieces that come later are the rest of those that another column says were ordered.
fn is_rest(sheet: &BillSheet, row: &Row, cell: &str) -> bool {
    let count = |cell: &str| cells::quantity(cell).ok().flatten();
    let Some(header) = sheet.rows.get(sheet.header.at) else {
        return false;
    };
    let all = header.cells.iter().zip(&row.cells);
    let mut ordered = all.filter(|(heading, _)| against::names(heading) == Some(Of::Ordered));
    let billed = count(sheet.header.cell(row, BillColumn::Quantity));
    let sum = billed
        .zip(count(cell))
        .map(|(billed, later)| billed.saturating_add(later));
    sum.is_some() && ordered.any(|(_, cell)| count(cell) == sum)
}

const TAKEN_AWAY: &str = "which takes the amount away, while the amount has no minus";

/// What kind of paper a row is by a column of kinds, where that is no bill: or a credit whose amount is one of
/// a bill.
fn paper(sheet: &BillSheet, row: &Row, cell: &str) -> Option<&'static str> {
    if PAPERS.contains(&cell) {
        return None;
    }
    let amounts = [BillColumn::Amount, BillColumn::Total];
    let below = amounts.into_iter().any(|column| {
        let amount = cells::amount(sheet.header.cell(row, column));
        amount.is_ok_and(|amount| amount.is_some_and(|amount| amount < Money::ZERO))
    });
    match (CREDITS.contains(&cell), below) {
        (true, true) => None,
        (true, false) => Some(TAKEN_AWAY),
        _ => Some(NO_BILL),
    }
}

const NO_BILL: &str = "which is no bill by the words that poms knows (Invoice, Bill)";

/// A column that bills have, where the table has it twice, or which no bill of a plain table is made of.
fn known(
    sheet: &BillSheet,
    row: &Row,
    (column, place): (BillColumn, usize),
    heading: &str,
    cell: &str,
) -> Option<&'static str> {
    use BillColumn::{
        Amount, Credit, Debit, Fee, Freight, OriginalAmount, Price, Quantity, Tax, Total,
    };
    let amount = cells::amount(cell).ok().flatten();
    let zero = amount == Some(Money::ZERO);
    if matches!(column, Credit | Debit | OriginalAmount) {
        return (!zero && !is_own(sheet, row, amount))
            .then_some("which is none of the bill's own amounts");
    }
    let first = sheet.header.place(column);
    let vendor = sheet.header.cell(row, BillColumn::Vendor);
    if column == BillColumn::Vendor && first != Some(place) && bare(cell) != bare(vendor) {
        return Some("which is not its vendor");
    }
    let counts = matches!(
        column,
        Amount | Total | Price | Quantity | Freight | Fee | Tax
    );
    if first == Some(place) || !counts {
        return None;
    }
    let unit = heading
        .rsplit_once('(')
        .map(|(_, unit)| unit.trim_end_matches(')').trim().to_lowercase());
    let foreign =
        unit.is_some_and(|unit| !matches!(unit.as_str(), "usd" | "us$" | "$" | "each" | "ea"));
    let own = cells::amount(sheet.header.cell(row, column)).ok().flatten();
    (foreign || own.is_some() && amount != own)
        .then_some("which another column of the same meaning does not say")
}

/// Whether an amount is one that the row has already: of the line, of the bill, of one piece.
fn is_own(sheet: &BillSheet, row: &Row, said: Option<Money>) -> bool {
    let cell = |column| {
        let amount = cells::amount(sheet.header.cell(row, column));
        amount.ok().flatten()
    };
    let qty = cells::quantity(sheet.header.cell(row, BillColumn::Quantity));
    let price = cell(BillColumn::Price);
    let times = qty.ok().flatten().zip(price);
    let worth = times.and_then(|(qty, price)| price.times(qty));
    let own = [
        cell(BillColumn::Amount),
        cell(BillColumn::Total),
        cell(BillColumn::OriginalAmount),
        price,
        worth,
    ];
    let charges = [BillColumn::Freight, BillColumn::Fee, BillColumn::Tax].map(cell);
    let charges = Money::sum(charges.into_iter().flatten()).unwrap_or_default();
    let net = cell(BillColumn::Total).and_then(|total| total.minus(charges));
    let gross = cell(BillColumn::Amount).and_then(|amount| amount.plus(charges));
    let all = own.into_iter().chain([net, gross]);
    said.is_some() && all.flatten().any(|own| Some(own) == said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_compiles() {
        for list in [
            &INERT,
            &BILLED,
            &LATER,
            &INSTEAD,
            &OTHER_PAPER,
            &FREE,
            &OF_BOOKS,
            &RETAIL,
            &CASES,
        ] {
            assert!(list.is_some());
        }
    }
}
