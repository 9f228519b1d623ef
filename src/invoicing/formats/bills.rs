//! What the QuickBooks formats share: kinds of transactions, signs, vendors, one-row bills.

use super::draft::Draft;
use super::labels::BillColumn;
use super::report::{Detail, Grand, Walk};
use super::shape::named_items;
use super::{BillReading, BillSheet, RowError, Skipped, says};
use crate::domain::money::Money;
use crate::tabular::cells;
use crate::tabular::rows::Row;
use chrono::NaiveDate;

/// What a row's type makes of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BillRowKind {
    /// A vendor's bill.
    #[default]
    Bill,
    /// A vendor's credit.
    Credit,
}

impl BillRowKind {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            BillRowKind::Bill => "bill",
            BillRowKind::Credit => "credit",
        }
    }
}

/// Bill or credit; else why the row is neither. QuickBooks Desktop calls vendor credits `Credit`
/// and `Bill Credit`, Online `Vendor Credit`.
pub fn kind(text: &str) -> Result<BillRowKind, String> {
    let word = text.trim().to_lowercase();
    match word.as_str() {
        "bill" | "vendor bill" | "supplier bill" => Ok(BillRowKind::Bill),
        "vendor credit" | "vendorcredit" | "credit" | "bill credit" | "supplier credit" => {
            Ok(BillRowKind::Credit)
        }
        "" => Err("no type of transaction".to_owned()),
        _ => Err(paid(text).unwrap_or_else(|| {
            let shown: String = text.chars().take(40).collect();
            format!("'{shown}' is neither a bill nor a vendor credit")
        })),
    }
}

/// Why a type that is known is a payment and no bill.
pub fn paid(text: &str) -> Option<String> {
    const AT_ONCE: [&str; 7] = [
        "check",
        "cheque",
        "expense",
        "credit card",
        "credit card charge",
        "cash expense",
        "credit card expense",
    ];
    let word = text.trim().to_lowercase();
    if word.starts_with("bill payment") || word.starts_with("bill pmt") {
        return Some(format!("a payment ({text}), not a bill"));
    }
    let at_once = AT_ONCE.contains(&word.as_str());
    at_once.then(|| format!("paid at once ({text}), not a bill"))
}

/// Counts every row into the report's totals.
pub fn every_row(_: &BillSheet, _: &Row) -> bool {
    true
}

/// The row's amount signed as on a bill: credit less debit where there are two columns (the
/// payable's side), else the first amount column that says something.
///
/// # Errors
/// What is wrong with the cell.
pub fn signed(sheet: &BillSheet, row: &Row) -> Result<Option<Money>, String> {
    let header = &sheet.header;
    let debit = cells::amount(header.cell(row, BillColumn::Debit))?;
    let credit = cells::amount(header.cell(row, BillColumn::Credit))?;
    if debit.is_some() || credit.is_some() {
        let difference = credit.unwrap_or_default().minus(debit.unwrap_or_default());
        return difference.map(Some).ok_or("too large an amount".to_owned());
    }
    for column in [
        BillColumn::Amount,
        BillColumn::OriginalAmount,
        BillColumn::OpenBalance,
    ] {
        if let Some(value) = cells::amount(header.cell(row, column))? {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// Whether the report writes bills as negative amounts, as Desktop does when it shows postings to
/// Accounts Payable: then all signs are turned. Decided by the majority of its bills and credits;
/// in Online reports, which write bills as positive, only when all of several are negative: QuickBooks
/// takes no bill below zero, but one alone may be a credit or a reversal. Debit and credit columns need no
/// such decision.
pub fn bills_are_negative<'a>(sheet: &BillSheet, rows: impl Iterator<Item = &'a Row>) -> bool {
    let (mut negative, mut positive) = (0u64, 0u64);
    for row in rows {
        let Ok(kind) = kind(sheet.header.cell(row, BillColumn::Type)) else {
            continue;
        };
        let cell = [
            BillColumn::Amount,
            BillColumn::OriginalAmount,
            BillColumn::OpenBalance,
        ]
        .into_iter()
        .map(|column| sheet.header.cell(row, column))
        .find(|cell| !cell.is_empty());
        let Some(Ok(Some(value))) = cell.map(cells::amount) else {
            continue;
        };
        // voided ones have no sign
        if value == Money::ZERO {
            continue;
        }
        match (kind, value < Money::ZERO) {
            (BillRowKind::Bill, true) | (BillRowKind::Credit, false) => negative += 1,
            (BillRowKind::Bill, false) => positive += 1,
            // reports that write credits as positive exist; a negative one proves the usual way
            (BillRowKind::Credit, true) => positive += 1,
        }
    }
    match sheet.header.online {
        true => negative >= 2 && positive == 0,
        false => negative > positive,
    }
}

/// Whether headings are vendors, so that a column headed `Name` may hold a customer.
fn by_vendor(sheet: &BillSheet) -> bool {
    const TITLES: [&str; 4] = ["by vendor", "by supplier", "vendor balance", "unpaid bills"];
    let titled = TITLES
        .iter()
        .any(|words| sheet.header.titles.contains(words));
    let goods = sheet.header.has(BillColumn::Item) && sheet.header.has(BillColumn::Quantity);
    titled || goods || named_items(sheet)
}

/// The vendor of a row: its own column, else the heading above.
///
/// # Errors
/// When neither names one.
pub fn vendor(sheet: &BillSheet, detail: &Detail) -> Result<String, String> {
    let own = sheet.header.cell(detail.row, BillColumn::Vendor);
    let headed = !detail.group.is_empty() && sheet.header.any_name && by_vendor(sheet);
    let name = if own.is_empty() || headed {
        detail.group
    } else {
        own
    };
    match name {
        "" | "Not Specified" | "Not specified" | "No vendor" | "No name" => {
            Err("no vendor: neither in a column nor in a heading above".to_owned())
        }
        name => Ok(name.to_owned()),
    }
}

/// The row's date and due date.
///
/// # Errors
/// What is wrong with a cell.
pub fn dates(sheet: &BillSheet, row: &Row) -> Result<(NaiveDate, Option<NaiveDate>), String> {
    let date = cells::date(sheet.header.cell(row, BillColumn::Date))?;
    let due = match sheet.header.cell(row, BillColumn::Due) {
        "" => None,
        text => Some(cells::date(text).map_err(|fault| format!("due date: {fault}"))?),
    };
    Ok((date, due))
}

/// A draft with all that a row says of its bill, but the amounts.
///
/// # Errors
/// What is wrong with the row.
pub fn draft(sheet: &BillSheet, detail: &Detail, kind: BillRowKind) -> Result<Draft, String> {
    let header = &sheet.header;
    let text = |column: BillColumn| header.cell(detail.row, column).to_owned();
    let (date, due) = dates(sheet, detail.row)?;
    let number = match text(BillColumn::Number) {
        empty if empty.is_empty() => text(BillColumn::InvoiceNumber),
        number => number,
    };
    let memo = match text(BillColumn::Memo) {
        empty if empty.is_empty() => text(BillColumn::Description),
        memo => memo,
    };
    Ok(Draft {
        vendor: vendor(sheet, detail)?,
        kind,
        number,
        date,
        due,
        po_numbers: text(BillColumn::PoNumber),
        vendor_order: text(BillColumn::VendorOrder),
        memo,
        says: says::cells(sheet, detail.row),
        rows: vec![detail.row.line],
        ..Draft::default()
    })
}

/// Reads a report with one row per transaction.
pub fn read_list(sheet: &BillSheet) -> BillReading {
    let walk = Walk::over(sheet, Grand::AllRows, every_row);
    let turned = bills_are_negative(sheet, walk.details.iter().map(|detail| detail.row));
    let mut reading = walk.reading;
    // why the transaction above is no bill
    let mut above: Option<String> = None;
    for detail in walk.details {
        let line = detail.row.line;
        if detail.continues {
            match &above {
                Some(why) => reading.skipped.push(Skipped {
                    line,
                    why: why.clone(),
                }),
                None => reading.errors.push(RowError::row(
                    line,
                    "an amount without date and type: it belongs to no transaction".to_owned(),
                )),
            }
            continue;
        }
        above = None;
        let typed = sheet.header.cell(detail.row, BillColumn::Type);
        let kind = match kind(typed) {
            Ok(kind) => kind,
            Err(why) if typed.is_empty() => {
                reading.errors.push(RowError::row(line, why));
                continue;
            }
            Err(why) => {
                above = Some(why.clone());
                reading.skipped.push(Skipped { line, why });
                continue;
            }
        };
        match one_row(sheet, &detail, kind, turned) {
            Ok(draft) => draft.finish(&mut reading),
            Err(message) => reading.errors.push(RowError::row(line, message)),
        }
    }
    reading
}

fn one_row(
    sheet: &BillSheet,
    detail: &Detail,
    kind: BillRowKind,
    turned: bool,
) -> Result<Draft, String> {
    let mut draft = draft(sheet, detail, kind)?;
    let voided = draft.memo.to_lowercase().starts_with("void");
    let amount = signed(sheet, detail.row)?.or(voided.then_some(Money::ZERO));
    let amount = amount.ok_or("no amount")?;
    let postings = sheet.header.has(BillColumn::Debit);
    draft.open_balance = !postings
        && [BillColumn::Amount, BillColumn::OriginalAmount]
            .into_iter()
            .all(|column| sheet.header.cell(detail.row, column).is_empty());
    let sign = |amount: Money| match turned && !postings {
        true => amount.opposite(),
        false => amount,
    };
    let total = sign(amount);
    if kind == BillRowKind::Bill && sheet.header.online && !postings && total < Money::ZERO {
        return Err(format!(
            "a bill of {total}: QuickBooks takes none below zero, so it is a credit or a reversal; ask the vendor which, and \
             enter a credit as a Vendor Credit"
        ));
    }
    if let Some(open) = cells::amount(sheet.header.cell(detail.row, BillColumn::OpenBalance))?
        && !draft.open_balance
        && total > Money::ZERO
    {
        let open = sign(open);
        if open < Money::ZERO || open > total {
            return Err(format!(
                "its open balance is {open} and its amount {total}: one of the two is another bill's; export the report anew"
            ));
        }
        draft.open = Some(open);
    }
    draft.total = Some(total);
    Ok(draft)
}

/// What a charge beside the goods is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charge {
    /// Carriage.
    Freight,
    /// Drop-ship, handling and the like.
    Fee,
}

/// Whether a line is freight or a fee, by the name of its account or item, or by its words when it
/// has no item.
pub fn charge(account: &str, item: &str, description: &str) -> Option<Charge> {
    const FREIGHT: [&str; 4] = ["freight", "shipping", "postage", "delivery charge"];
    const FEE: [&str; 6] = [
        "drop ship",
        "drop-ship",
        "dropship",
        "handling",
        "surcharge",
        "small order",
    ];
    let described = if item.is_empty() { description } else { "" };
    let words = [account, item, described].map(str::to_lowercase);
    let says = |list: &[&str]| {
        let any = |text: &String| list.iter().any(|word| text.contains(word));
        words.iter().any(any)
    };
    let fee_word = |text: &String| {
        text.split(|c: char| !c.is_alphabetic())
            .any(|word| matches!(word, "fee" | "fees"))
    };
    if says(&FEE) || words.iter().any(fee_word) {
        Some(Charge::Fee)
    } else if says(&FREIGHT) {
        Some(Charge::Freight)
    } else {
        None
    }
}
