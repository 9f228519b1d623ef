//! poms' own plain CSV, for vendors' bills that come from no bookkeeping program:
//!
//! `vendor,invoice_number,invoice_date,po_number,sku,qty,unit_price,amount,freight,fee,total`
//!
//! UTF-8, header in the first row, columns in any order. Required: `vendor`, `invoice_number`,
//! `invoice_date`, and one of `amount`, `unit_price` (with `qty`), `total`. Optional beside these:
//! `kind` (`bill`, `credit`), `due_date`, `description`, `memo`, `vendor_order_number`, `tax`.
//!
//! One row per line of goods; the rows of one invoice stand together. `freight`, `fee`, `tax` and
//! `total` are of the invoice: on its first row, or the same on each. `amount` is `qty` times
//! `unit_price` when it is left out, rounded to the cent; where both are given and differ, the amount counts and the
//! difference is named. A row that cannot be read costs its invoice, not the file; so does one whose status, memo
//! or the like says that the bill is void or paid.

use super::bills::{BillRowKind, kind, paid};
use super::draft::Draft;
use super::labels::BillColumn;
use super::shape::Shape;
use super::{
    BillFormat, BillReading, BillSheet, RowError, Skipped, TotalCheck, charges, footers, remits,
    says,
};
use crate::domain::invoice::{Invoice, InvoiceLine};
use crate::domain::money::Money;
use crate::tabular::cells;
use crate::tabular::rows::Row;

/// The registry's entry.
pub const FORMAT: BillFormat = BillFormat {
    name: "plain",
    title: "plain CSV (vendor, invoice_number, invoice_date, total and more)",
    about: "CSV: vendor, invoice_number, invoice_date, po_number, sku, qty, unit_price, amount, \
            freight, fee, total",
    claims: |sheet| Shape::of(sheet) == Some(Shape::Plain),
    read,
};

/// An invoice's rows so far, with what was said of it as a whole.
struct OpenInvoice<'a> {
    key: [&'a str; 4],
    draft: Draft,
    /// `freight`, `fee`, `tax`, `total`, as first said.
    whole: [Option<Money>; 4],
}

const WHOLE: [(BillColumn, &str); 4] = [
    (BillColumn::Freight, "freight"),
    (BillColumn::Fee, "fee"),
    (BillColumn::Tax, "tax"),
    (BillColumn::Total, "total"),
];

fn read(sheet: &BillSheet) -> BillReading {
    let mut reading = BillReading::default();
    let mut open: Option<OpenInvoice> = None;
    for (at, row) in sheet.rows.iter().enumerate() {
        if at == sheet.header.at || row.is_blank() {
            let why = if row.is_blank() { "spacer" } else { "header" };
            reading.skipped.push(Skipped {
                line: row.line,
                why: why.to_owned(),
            });
            continue;
        }
        if footers::total_of(row).is_some() {
            close(open.take(), &mut reading);
        }
        if aside(row, &mut reading) {
            continue;
        }
        // lists of expenses have what was paid among the bills
        if let Some(why) = paid(cell(sheet, row, BillColumn::Type)) {
            reading.skipped.push(Skipped {
                line: row.line,
                why,
            });
            continue;
        }
        let key = [
            cell(sheet, row, BillColumn::Vendor),
            number(sheet, row),
            date(sheet, row),
            cell(sheet, row, BillColumn::Type),
        ];
        let same = open
            .as_ref()
            .is_some_and(|open| open.key == key && !key[1].is_empty());
        if !same {
            close(open.take(), &mut reading);
            open = Some(start(sheet, row, key, &mut reading));
        }
        if let Some(open) = &mut open {
            open.draft.rows.push(row.line);
            open.draft.says.extend(says::cells(sheet, row));
            if let Err(message) = add_row(sheet, row, open, &mut reading) {
                reading.errors.push(RowError::row(row.line, message));
                open.draft.faulty.get_or_insert(row.line);
            }
        }
    }
    close(open, &mut reading);
    reading
}

fn skipped(row: &Row, why: &str) -> Skipped {
    Skipped {
        line: row.line,
        why: why.to_owned(),
    }
}

/// A line of totals, or one that says nothing; whether it is one.
fn aside(row: &Row, reading: &mut BillReading) -> bool {
    if let Some(said) = footers::total_of(row) {
        let all = reading.invoices.iter().map(Invoice::signed_total);
        let computed = Money::sum(all).unwrap_or_default();
        reading.totals.push(TotalCheck {
            label: "total".to_owned(),
            line: row.line,
            said,
            computed,
            agrees: said == computed,
            of_rows: true,
        });
        reading.skipped.push(skipped(row, "total"));
        return true;
    }
    let footer = footers::is_footer(row);
    if footer {
        reading.skipped.push(skipped(row, "footer"));
    }
    footer
}

fn cell<'a>(sheet: &BillSheet, row: &'a Row, column: BillColumn) -> &'a str {
    sheet.header.cell(row, column)
}

fn number<'a>(sheet: &BillSheet, row: &'a Row) -> &'a str {
    match cell(sheet, row, BillColumn::InvoiceNumber) {
        "" => cell(sheet, row, BillColumn::Number),
        number => number,
    }
}

fn date<'a>(sheet: &BillSheet, row: &'a Row) -> &'a str {
    match cell(sheet, row, BillColumn::InvoiceDate) {
        "" => cell(sheet, row, BillColumn::Date),
        date => date,
    }
}

/// Begins an invoice; what is wrong with its head is an error of the row.
fn start<'a>(
    sheet: &BillSheet,
    row: &'a Row,
    key: [&'a str; 4],
    reading: &mut BillReading,
) -> OpenInvoice<'a> {
    let head = || -> Result<Draft, String> {
        let [vendor, number, date, typed] = key;
        if vendor.is_empty() {
            return Err("vendor is empty".to_owned());
        }
        let due = match cell(sheet, row, BillColumn::Due) {
            "" => None,
            text => Some(cells::date(text).map_err(|fault| format!("due_date: {fault}"))?),
        };
        let text = |column: BillColumn| cell(sheet, row, column).to_owned();
        Ok(Draft {
            vendor: vendor.to_owned(),
            kind: if typed.is_empty() {
                BillRowKind::Bill
            } else {
                of_type(typed)?
            },
            number: number.to_owned(),
            date: cells::date(date).map_err(|fault| format!("invoice_date: {fault}"))?,
            due,
            vendor_order: text(BillColumn::VendorOrder),
            memo: text(BillColumn::Memo),
            reference: reference(sheet, row),
            remit: remits::remits(sheet, row),
            ..Draft::default()
        })
    };
    let draft = head().unwrap_or_else(|message| {
        reading.errors.push(RowError::row(row.line, message));
        Draft {
            faulty: Some(row.line),
            ..Draft::default()
        }
    });
    OpenInvoice {
        key,
        draft,
        whole: [None; 4],
    }
}

/// Bill or credit; of a vendor's own table an invoice is a bill.
fn of_type(typed: &str) -> Result<BillRowKind, String> {
    let word = typed.trim().to_lowercase();
    let invoice = [
        "invoice",
        "vendor invoice",
        "supplier invoice",
        "ap invoice",
        "purchase invoice",
        "tax invoice",
        "inv",
    ];
    match invoice.contains(&word.as_str()) {
        true => Ok(BillRowKind::Bill),
        false => kind(typed),
    }
}

/// The number that stands beside that of the bill, where there are two columns.
fn reference(sheet: &BillSheet, row: &Row) -> String {
    let numbers = [BillColumn::InvoiceNumber, BillColumn::Number];
    let [own, other] = numbers.map(|column| cell(sheet, row, column));
    match own.is_empty() || other == own {
        true => String::new(),
        false => other.to_owned(),
    }
}

/// Takes what the row says of the invoice as a whole.
fn add_whole(sheet: &BillSheet, row: &Row, whole: &mut [Option<Money>; 4]) -> Result<(), String> {
    for ((column, name), known) in WHOLE.into_iter().zip(whole) {
        let said =
            cells::amount(cell(sheet, row, column)).map_err(|fault| format!("{name}: {fault}"))?;
        match (said, *known) {
            (Some(said), Some(known)) if said != known => {
                return Err(format!(
                    "{name} is {said} here and {known} above: it is of the whole invoice, give it once"
                ));
            }
            (Some(said), _) => *known = Some(said),
            (None, _) => {}
        }
    }
    Ok(())
}

fn add_row(
    sheet: &BillSheet,
    row: &Row,
    open: &mut OpenInvoice,
    reading: &mut BillReading,
) -> Result<(), String> {
    add_whole(sheet, row, &mut open.whole)?;
    let po = add_po(&mut open.draft, cell(sheet, row, BillColumn::PoNumber));
    let sku = cell(sheet, row, BillColumn::Item);
    let description = cell(sheet, row, BillColumn::Description);
    let qty = cells::quantity(cell(sheet, row, BillColumn::Quantity))
        .map_err(|fault| format!("qty: {fault}"))?;
    let price = cell(sheet, row, BillColumn::Price);
    let unit_price = cells::price(price).map_err(|fault| format!("unit_price: {fault}"))?;
    let said = cells::amount(cell(sheet, row, BillColumn::Amount))
        .map_err(|fault| format!("amount: {fault}"))?;
    let computed = match (qty, unit_price) {
        (Some(qty), Some(price)) => Some(
            price
                .times(qty)
                .ok_or("qty times unit_price is too large")?,
        ),
        (Some(qty), None) if said.is_none() => cells::worth(price, qty),
        _ => None,
    };
    if let (Some(said), Some(computed)) = (said, computed)
        && said != computed
    {
        reading.totals.push(TotalCheck {
            label: format!("amount of {sku}: qty times unit_price"),
            line: row.line,
            said,
            computed,
            agrees: false,
            of_rows: false,
        });
    }
    fits(qty, unit_price, said)?;
    let goods = !sku.is_empty() || qty.is_some() || !price.is_empty() || said.is_some();
    match said.or(computed) {
        Some(amount) if qty.is_none_or(|qty| qty == 1) && charges::is_one(sku, description) => {
            charges::add(&mut open.draft, sku, description, amount).ok_or("too large an amount")?;
        }
        Some(amount) => open.draft.lines.push(InvoiceLine {
            sku: sku.to_owned(),
            description: description.to_owned(),
            qty,
            unit_price,
            amount,
            po: po.to_owned(),
            source_line: row.line,
        }),
        None if goods => return Err("no amount: give amount, or qty and unit_price".to_owned()),
        None if open.whole.iter().all(Option::is_none) => {
            return Err("no amount and no total".to_owned());
        }
        None => {}
    }
    Ok(())
}

/// Takes the purchase order of a row, once.
fn add_po<'a>(draft: &mut Draft, po: &'a str) -> &'a str {
    if !po.is_empty() && !draft.po_numbers.split(' ').any(|known| known == po) {
        draft.po_numbers.push(' ');
        draft.po_numbers.push_str(po);
    }
    po
}

/// A price without pieces, of which an amount is no multiple.
fn fits(qty: Option<i64>, price: Option<Money>, amount: Option<Money>) -> Result<(), String> {
    match (qty, price, amount) {
        (None, Some(price), Some(amount)) if price == Money::ZERO || amount.0 % price.0 != 0 => {
            Err(format!(
                "amount is {amount} and unit_price {price}, of which it is no multiple: give qty, or leave the price out"
            ))
        }
        _ => Ok(()),
    }
}

/// Ends an invoice.
fn close(open: Option<OpenInvoice>, reading: &mut BillReading) {
    let Some(OpenInvoice {
        mut draft, whole, ..
    }) = open
    else {
        return;
    };
    let [freight, fee, tax, total] = whole;
    let add =
        |sum: Money, more: Option<Money>| Money(sum.0.saturating_add(more.unwrap_or_default().0));
    draft.freight = add(draft.freight, freight);
    draft.fees = add(add(draft.fees, fee), tax);
    draft.total = total;
    draft.whole = true;
    draft.finish(reading);
}
