//! What other columns of a plain table say against its bills: an open balance that is not the whole, no
//! approval, a second purchase order, a number that is cut short.

use super::BillSheet;
use super::labels::{BillColumn, meaning};
use crate::domain::money::Money;
use crate::domain::pattern::fits;
use crate::tabular::cells;
use crate::tabular::rows::Row;
use crate::vendor_docs::columns::speaks;
use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What is open of a bill.
pub(super) static OPEN_AMOUNT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:(?:bill|invoice)?(?:amount|amt)?due|(?:bill|invoice|open|current)?balance(?:due|open|remaining|owed|owing|outstanding)?|open(?:balance|amount|amt)|(?:amount|amt)open|remaining(?:balance|amount)?|outstanding(?:amount|balance)?|(?:amount|amt|balance)(?:outstanding|remaining|unpaid|owed|owing)|(?:total|net)(?:due|outstanding|open|owed|payable)|(?:amount|amt)payable|payable(?:amount|amt)|(?:amount|amt)remaining|unpaid(?:amount|balance)?)$").ok()
});
static APPROVAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:is|was|invoice|bill|payment|ap|for)*(?:approved|approval|authori[sz]ed|authori[sz]ation|verified|accepted|confirmed|oktopay|topay|payable|released|releasedforpayment)(?:forpayment|topay|flag|yn|by|status)?$").ok()
});
/// What is said where an approval is none yet.
const NOT_YET: &[&str] = &[
    "no",
    "n",
    "false",
    "0",
    "f",
    "not approved",
    "not yet",
    "unapproved",
    "pending",
    "waiting",
    "rejected",
    "declined",
    "denied",
    "hold",
    "on hold",
    "disputed",
    "x",
    "open question",
    "not verified",
    "not ok",
];
static ORDERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?P<whose>your|our|customer|cust|client|buyer|their|retailer|merchant|web|shop|original)?(?P<what>po|purchaseorder|order)(?:number|no|num|nbr|id|ref|reference)*[0-9]?$").ok()
});
/// A further number in the column of purchase orders, of which only the end is written.
static SHORT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)[a-z0-9]{2,}\S*\s*(?:\band\b|&|\+|[,;]|\bu\b|\bplus\b)\s*(?P<end>-?\s*\d{1,3})\s*(?:$|[,;&+]|\band\b)").ok()
});

/// Whether a column is one of approvals or of purchase orders, by its heading as one word.
pub(super) fn knows(name: &str) -> bool {
    fits(&APPROVAL, name) || fits(&ORDERS, name)
}

pub(super) fn bare(heading: &str) -> String {
    let letters = heading.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// A heading, its cell, and why it speaks against the bill.
pub(super) type BesideDoubt<'a> = (&'a str, &'a str, String);

/// The sums of the lines of each bill, by vendor and number.
pub(super) struct BillSums<'a>(HashMap<(&'a str, &'a str), Option<Money>>);

impl<'a> BillSums<'a> {
    pub(super) fn of(sheet: &'a BillSheet) -> BillSums<'a> {
        let mut sums = HashMap::new();
        for row in sheet.rows.iter().skip(sheet.header.at + 1) {
            let amount = cells::amount(sheet.header.cell(row, BillColumn::Amount));
            let amount = amount.ok().flatten().or_else(|| worth(sheet, row));
            let amount = amount.unwrap_or_default();
            let sum = sums.entry(key(sheet, row)).or_insert(Some(Money::ZERO));
            *sum = sum.and_then(|sum: Money| sum.plus(amount));
        }
        BillSums(sums)
    }
}

/// Pieces times price, where the row has no amount.
fn worth(sheet: &BillSheet, row: &Row) -> Option<Money> {
    let qty = cells::quantity(sheet.header.cell(row, BillColumn::Quantity));
    let price = cells::amount(sheet.header.cell(row, BillColumn::Price));
    price.ok().flatten()?.times(qty.ok().flatten()?)
}

fn key<'a>(sheet: &BillSheet, row: &'a Row) -> (&'a str, &'a str) {
    let cell = |column| sheet.header.cell(row, column);
    let number = match cell(BillColumn::InvoiceNumber) {
        "" => cell(BillColumn::Number),
        number => number,
    };
    (cell(BillColumn::Vendor), number)
}

/// What of a row speaks against its bill.
pub(super) fn doubt<'a>(
    sheet: &'a BillSheet,
    row: &'a Row,
    sums: &BillSums,
) -> Option<BesideDoubt<'a>> {
    let header = sheet.rows.get(sheet.header.at)?;
    let cells = || {
        let all = header.cells.iter().zip(&row.cells);
        all.map(|(heading, cell)| (heading.as_str(), cell.trim()))
    };
    cells()
        .find_map(|(heading, cell)| partly_open(sheet, row, sums, heading, cell))
        .or_else(|| cells().find_map(|(heading, cell)| not_approved(heading, cell)))
        .or_else(|| {
            let po = sheet.header.cell(row, BillColumn::PoNumber);
            let place = sheet.header.place(BillColumn::PoNumber);
            let mut others = cells().enumerate().filter(|(at, _)| Some(*at) != place);
            others.find_map(|(_, (heading, cell))| other_order(po, heading, cell))
        })
        .or_else(|| {
            let place = sheet.header.place(BillColumn::PoNumber)?;
            cut_short(cells().nth(place)?)
        })
}

/// A balance that is less than the bill, as after a part was paid. One that is more may be the account's.
fn partly_open<'a>(
    sheet: &BillSheet,
    row: &Row,
    sums: &BillSums,
    heading: &'a str,
    cell: &'a str,
) -> Option<BesideDoubt<'a>> {
    if !fits(&OPEN_AMOUNT, &bare(heading)) {
        return None;
    }
    let amount = |column| {
        let value = cells::amount(sheet.header.cell(row, column));
        value.ok().flatten()
    };
    let open = cells::amount(cell).ok().flatten()?;
    let billed = match amount(BillColumn::Total) {
        Some(total) => total,
        None => {
            let sum = sums.0.get(&key(sheet, row)).copied().flatten()?;
            let more = [BillColumn::Freight, BillColumn::Fee, BillColumn::Tax].map(amount);
            let more = Money::sum(more.into_iter().flatten())?;
            sum.plus(more)?
        }
    };
    let same = [Some(billed), amount(BillColumn::Amount)].contains(&Some(open));
    // below nothing: more was paid or taken back than it is over
    let less = open != Money::ZERO && billed > Money::ZERO && open < billed && !same;
    less.then(|| {
        let why = format!("of a bill of {billed}, so a part of it is paid or taken back already");
        (heading, cell, why)
    })
}

fn not_approved<'a>(heading: &'a str, cell: &'a str) -> Option<BesideDoubt<'a>> {
    let no = NOT_YET.contains(&cell.to_lowercase().as_str()) || speaks(heading, cell);
    (no && fits(&APPROVAL, &bare(heading)))
        .then(|| (heading, cell, "so it is not to be paid yet".to_owned()))
}

/// A second column of orders that names another one.
fn other_order<'a>(po: &str, heading: &'a str, cell: &'a str) -> Option<BesideDoubt<'a>> {
    let unknown = matches!(meaning(heading), None | Some(BillColumn::PoNumber));
    let name = bare(heading);
    let found = ORDERS.as_ref()?.captures(&name).filter(|_| unknown)?;
    let ours = found
        .name("whose")
        .is_some_and(|whose| whose.as_str() != "our");
    let theirs = found
        .name("whose")
        .is_some_and(|whose| whose.as_str() == "our");
    let asks = found
        .name("what")
        .is_some_and(|what| what.as_str() != "order")
        || ours;
    let clean = |text: &str| text.trim_matches(['#', ' ', '\'']).to_lowercase();
    let (own, other) = (clean(po), clean(cell));
    let digit = other.bytes().any(|b| b.is_ascii_digit());
    let part = |whole: &str, of: &str| {
        whole
            .strip_prefix(of)
            .is_some_and(|rest| rest.starts_with('-'))
    };
    let same = own == other || part(&own, &other) || part(&other, &own);
    let shaped = |text: &str| shape(text.split('-').next().unwrap_or_default());
    // a number of the vendor's own looks otherwise
    let alike = shaped(&own).contains('a') && shaped(&own) == shaped(&other);
    let differs = !own.is_empty() && digit && !same && !theirs && (asks || alike);
    differs.then(|| (heading, cell, format!("while the purchase order is '{po}'")))
}

/// Letters as `a`, digits as `9`.
fn shape(text: &str) -> String {
    let mut shape = String::new();
    for c in text.chars() {
        let sign = match c {
            c if c.is_ascii_digit() => '9',
            c if c.is_alphabetic() => 'a',
            c => c,
        };
        if !shape.ends_with(sign) {
            shape.push(sign);
        }
    }
    shape
}

/// A further number without the letters of the first: `Q4-1 & 5-1`.
static BARE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b[a-z]+\d+-\d+\s*(?:\band\b|&|\+|[,;]|\bplus\b)\s*(?P<end>\d+-\d{1,3})\b")
        .ok()
});

fn cut_short<'a>((heading, cell): (&'a str, &'a str)) -> Option<BesideDoubt<'a>> {
    let told = |end: &str| {
        let why = format!("of which '{end}' is no whole number: write each purchase order in full");
        (heading, cell, why)
    };
    let bare = BARE.as_ref()?.captures(cell);
    if let Some(end) = bare.as_ref().and_then(|found| found.name("end")) {
        return Some(told(end.as_str()));
    }
    let found = SHORT.as_ref()?.captures(cell)?;
    let end = found.name("end")?.as_str().trim();
    // a short number may be whole where the other one is as short
    let first = cell
        .split(|c: char| c.is_whitespace() || ",;&+".contains(c))
        .next()?;
    let longer = first.len() > end.len() + 1;
    longer.then(|| told(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_compile() {
        for list in [&OPEN_AMOUNT, &APPROVAL, &ORDERS, &SHORT, &BARE] {
            assert!(list.is_some());
        }
    }

    #[test]
    fn second_columns_of_orders() {
        for (heading, cell) in [
            ("po", "Q59-1"),
            ("purchase_order", "Q57-1"),
            ("order", "Q58"),
            ("PO 2", "Q5-1"),
            ("customer order", "10032"),
        ] {
            assert!(
                other_order("Q43-1", heading, cell).is_some(),
                "{heading} {cell}"
            );
        }
        for (heading, cell) in [
            ("po", "q43-1"),
            ("order", "Q43"),
            ("order", "88123"),
            ("order_number", "SO-10023"),
            ("our order", "Q58"),
            ("po", ""),
            ("po", "see above"),
            ("order date", "2025-06-02"),
            ("po date", "2025-06-02"),
        ] {
            assert_eq!(
                other_order("Q43-1", heading, cell),
                None,
                "{heading} {cell}"
            );
        }
    }

    #[test]
    fn numbers_that_are_cut_short() {
        for cell in [
            "Q90-1 and 1",
            "Q90-1 & 2",
            "Q90-1, 2",
            "Q90-1 + -2",
            "Q90-1 and 1, Q92-1",
            "Q4-1 & 5-1",
            "W200001-1, 200002-1",
        ] {
            assert!(cut_short(("po", cell)).is_some(), "{cell}");
        }
        for cell in [
            "Q90-1",
            "Q90-1 and Q91-1",
            "Q90-1, Q91-1",
            "1, 2",
            "12 and 13",
            "4711-1",
        ] {
            assert_eq!(cut_short(("po", cell)), None, "{cell}");
        }
    }

    #[test]
    fn approvals() {
        for (heading, cell) in [
            ("approved", "no"),
            ("Approved?", "N"),
            ("ok to pay", "pending"),
        ] {
            assert!(not_approved(heading, cell).is_some(), "{heading} {cell}");
        }
        for (heading, cell) in [
            ("approved", "yes"),
            ("approved by", "JM"),
            ("approved", ""),
            ("approved", "2025-06-02"),
        ] {
            assert_eq!(not_approved(heading, cell), None, "{heading} {cell}");
        }
    }
}
