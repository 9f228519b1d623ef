//! QuickBooks Online, "Purchases by Vendor Detail" and "by Product/Service Detail", Desktop,
//! "Purchases by Vendor Detail" and "by Item Detail": one row per line of a bill, with product,
//! quantity and rate; the bill's total is their sum. By product, the headings are the products.

use super::bills::{self, Charge, charge, every_row, kind, signed};
use super::draft::Draft;
use super::labels::BillColumn;
use super::report::{Detail, Grand, Walk};
use super::shape::{Shape, headed_by_item, named_items};
use super::{BillFormat, BillReading, BillSheet, RowError, Skipped, says};
use crate::domain::invoice::InvoiceLine;
use crate::tabular::cells;
use std::collections::HashMap;

/// The registry's entry.
pub const FORMAT: BillFormat = BillFormat {
    name: "qb-purchases",
    title: "QuickBooks: Purchases by Vendor Detail",
    about: "QuickBooks Online or Desktop, Reports, Purchases by Vendor Detail (or by Product/Service, \
            by Item), exported as CSV: with lines",
    claims: |sheet| Shape::of(sheet) == Some(Shape::Purchases),
    read,
};

fn read(sheet: &BillSheet) -> BillReading {
    let walk = Walk::over(sheet, Grand::AllRows, every_row);
    let mut reading = walk.reading;
    let mut drafts: Vec<Draft> = Vec::new();
    let mut places: HashMap<[String; 5], usize> = HashMap::new();
    let (by_item, by_name) = (headed_by_item(sheet), named_items(sheet));
    for detail in &walk.details {
        let item = match (by_item, by_name) {
            (true, _) => product(sheet, detail.group),
            (false, true) => product(sheet, sheet.header.cell(detail.row, BillColumn::Vendor)),
            (false, false) => "",
        };
        let detail = &Detail {
            row: detail.row,
            group: if by_item { "" } else { detail.group },
            continues: detail.continues,
        };
        let cell = |column: BillColumn| sheet.header.cell(detail.row, column);
        let line = detail.row.line;
        let kind = match kind(cell(BillColumn::Type)) {
            Ok(kind) => kind,
            Err(message) if cell(BillColumn::Type).is_empty() => {
                reading.errors.push(RowError::row(line, message));
                continue;
            }
            Err(why) => {
                reading.skipped.push(Skipped { line, why });
                continue;
            }
        };
        let key = key(sheet, detail, kind);
        let place = *places.entry(key).or_insert_with(|| {
            let draft = bills::draft(sheet, detail, kind).unwrap_or_else(|message| {
                reading.errors.push(RowError::row(line, message));
                Draft {
                    faulty: Some(line),
                    ..Draft::default()
                }
            });
            drafts.push(Draft {
                rows: Vec::new(),
                says: Vec::new(),
                ..draft
            });
            drafts.len() - 1
        });
        let draft = &mut drafts[place];
        draft.rows.push(line);
        if let Err(message) = add_line(sheet, detail, item, draft) {
            reading.errors.push(RowError::row(line, message));
            draft.faulty.get_or_insert(line);
        }
    }
    for draft in drafts {
        draft.finish(&mut reading);
    }
    reading
}

/// What tells bills apart.
fn key(sheet: &BillSheet, detail: &Detail, kind: bills::BillRowKind) -> [String; 5] {
    let cell = |column: BillColumn| sheet.header.cell(detail.row, column);
    let number = cell(BillColumn::Number);
    [
        bills::vendor(sheet, detail).unwrap_or_default(),
        kind.word().to_owned(),
        cell(BillColumn::Date).to_owned(),
        // lines of bills without a number cannot be told apart: each row is a bill
        if number.is_empty() {
            format!("line {}", detail.row.line)
        } else {
            number.to_owned()
        },
        cell(BillColumn::Transaction).to_owned(),
    ]
}

/// The product that a heading or a cell names; Desktop puts its description behind it, in
/// parentheses, which may hold others.
fn product<'a>(sheet: &BillSheet, name: &'a str) -> &'a str {
    if sheet.header.online || !name.ends_with(')') {
        return name;
    }
    let mut depth = 0i32;
    let opens = name.char_indices().rev().find(|(_, c)| {
        depth += match c {
            ')' => 1,
            '(' => -1,
            _ => 0,
        };
        depth == 0
    });
    let bare = opens.and_then(|(at, _)| name[..at].strip_suffix(' '));
    bare.filter(|bare| !bare.is_empty()).unwrap_or(name)
}

fn add_line(
    sheet: &BillSheet,
    detail: &Detail,
    heading: &str,
    draft: &mut Draft,
) -> Result<(), String> {
    let cell = |column: BillColumn| sheet.header.cell(detail.row, column);
    let amount = signed(sheet, detail.row)?.ok_or("no amount")?;
    let item = match cell(BillColumn::Item) {
        "" => heading,
        item => product(sheet, item),
    };
    let description = match cell(BillColumn::Description) {
        "" => cell(BillColumn::Memo),
        text => text,
    };
    let sum = match charge(cell(BillColumn::Account), item, description) {
        Some(Charge::Freight) => &mut draft.freight,
        Some(Charge::Fee) => &mut draft.fees,
        None => {
            // what a charge is called is no word about the goods
            draft.says.extend(says::cells(sheet, detail.row));
            draft.lines.push(InvoiceLine {
                // products in categories are written Category:Product
                sku: item.rsplit(':').next().unwrap_or(item).to_owned(),
                description: description.to_owned(),
                // hours and feet are no pieces: such a line counts by its amount
                qty: cells::quantity(cell(BillColumn::Quantity)).unwrap_or_default(),
                unit_price: cells::price(cell(BillColumn::Price))?,
                amount,
                po: cell(BillColumn::PoNumber).to_owned(),
                source_line: detail.row.line,
            });
            return Ok(());
        }
    };
    *sum = sum.plus(amount).ok_or("too large an amount")?;
    Ok(())
}
