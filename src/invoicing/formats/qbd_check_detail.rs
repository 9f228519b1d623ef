//! QuickBooks Desktop, "Check Detail": blocks of one cheque or bill payment, the bills that it pays
//! (or, for a plain cheque, its own lines), and `TOTAL`. The bills' rows name no vendor: it is the
//! payee above. A bill paid in parts stands under each of its payments and is taken once.

use super::bills::{self, BillRowKind, Charge, bills_are_negative, charge, kind};
use super::draft::Draft;
use super::labels::BillColumn;
use super::report::{Detail, Grand, Walk};
use super::shape::Shape;
use super::{BillFormat, BillReading, BillSheet, RowError, Skipped};
use crate::domain::invoice::InvoiceLine;
use crate::domain::money::Money;
use crate::tabular::cells;
use crate::tabular::rows::Row;

/// The registry's entry.
pub const FORMAT: BillFormat = BillFormat {
    name: "qbd-check-detail",
    title: "QuickBooks Desktop: Check Detail",
    about: "QuickBooks Desktop, Reports, Banking, Check Detail: the bills that were paid, with lines",
    claims: |sheet| Shape::of(sheet) == Some(Shape::CheckDetail),
    read,
};

/// The cheque's own row is not in the block's total.
fn counts(sheet: &BillSheet, row: &Row) -> bool {
    let typed = sheet.header.cell(row, BillColumn::Type);
    typed.is_empty() || kind(typed).is_ok()
}

/// What the rows that follow belong to.
enum Above {
    Nothing,
    /// A cheque: its lines are no bills.
    Payment(String),
    /// A bill, by its place among the drafts.
    Bill(usize),
}

fn read(sheet: &BillSheet) -> BillReading {
    let mut walk = Walk::over(sheet, Grand::SinceLast, counts);
    let mut reading = std::mem::take(&mut walk.reading);
    let turned = bills_are_negative(sheet, walk.details.iter().map(|detail| detail.row));
    let mut drafts: Vec<Draft> = Vec::new();
    let (mut above, mut payee) = (Above::Nothing, "");
    for detail in &walk.details {
        let cell = |column: BillColumn| sheet.header.cell(detail.row, column);
        let line = detail.row.line;
        match (kind(cell(BillColumn::Type)), detail.continues, &above) {
            (_, true, Above::Payment(typed)) => reading.skipped.push(Skipped {
                line,
                why: format!("a line of a payment ({typed}), not of a bill"),
            }),
            (_, true, Above::Nothing) => reading.errors.push(RowError::row(
                line,
                "an amount without date and type".to_owned(),
            )),
            (_, true, Above::Bill(place)) => {
                let place = *place;
                add_line(sheet, detail, turned, &mut drafts, place, &mut reading);
            }
            (Ok(kind), false, _) => {
                let place = bill(sheet, detail, kind, payee, &mut drafts, &mut reading);
                above = Above::Bill(place);
                add_line(sheet, detail, turned, &mut drafts, place, &mut reading);
            }
            (Err(why), false, _) => {
                payee = cell(BillColumn::Vendor);
                above = Above::Payment(cell(BillColumn::Type).to_owned());
                reading.skipped.push(Skipped { line, why });
            }
        }
    }
    finish(drafts, &mut reading);
    reading
}

/// The draft of a bill's row: the one above when it is a further line of the same bill.
fn bill(
    sheet: &BillSheet,
    detail: &Detail,
    kind: BillRowKind,
    payee: &str,
    drafts: &mut Vec<Draft>,
    reading: &mut BillReading,
) -> usize {
    let own = sheet.header.cell(detail.row, BillColumn::Vendor);
    let named = Detail {
        row: detail.row,
        group: if own.is_empty() { payee } else { own },
        continues: false,
    };
    let draft = bills::draft(sheet, &named, kind).unwrap_or_else(|message| {
        let line = detail.row.line;
        reading.errors.push(RowError::row(line, message));
        Draft {
            faulty: Some(line),
            ..Draft::default()
        }
    });
    let last = drafts.last();
    let adjacent = last.is_some_and(|last| {
        let next = last
            .rows
            .last()
            .is_some_and(|row| row + 2 >= detail.row.line);
        let same = (&last.vendor, last.kind, last.date, &last.number)
            == (&draft.vendor, draft.kind, draft.date, &draft.number);
        next && same && draft.faulty.is_none()
    });
    if !adjacent {
        drafts.push(Draft {
            rows: Vec::new(),
            ..draft
        });
    }
    drafts.len() - 1
}

fn add_line(
    sheet: &BillSheet,
    detail: &Detail,
    turned: bool,
    drafts: &mut [Draft],
    place: usize,
    reading: &mut BillReading,
) {
    let Some(draft) = drafts.get_mut(place) else {
        return;
    };
    let line = detail.row.line;
    draft.rows.push(line);
    let cell = |column: BillColumn| sheet.header.cell(detail.row, column);
    let amount = cells::amount(cell(BillColumn::OriginalAmount))
        .and_then(|a| a.ok_or("no amount".to_owned()));
    let amount = match amount {
        Ok(amount) if turned => amount.opposite(),
        Ok(amount) => amount,
        Err(message) => {
            reading.errors.push(RowError::row(line, message));
            draft.faulty.get_or_insert(line);
            return;
        }
    };
    let (item, memo) = (cell(BillColumn::Item), cell(BillColumn::Memo));
    let charged = match charge(cell(BillColumn::Account), item, memo) {
        Some(Charge::Freight) => Some(&mut draft.freight),
        Some(Charge::Fee) => Some(&mut draft.fees),
        None => None,
    };
    match charged {
        Some(sum) => *sum = Money(sum.0.saturating_add(amount.0)),
        None => draft.lines.push(InvoiceLine {
            sku: item.to_owned(),
            description: memo.to_owned(),
            amount,
            source_line: line,
            ..InvoiceLine::default()
        }),
    }
}

/// Takes every bill once: one that stands under several payments has its full amount under each.
fn finish(drafts: Vec<Draft>, reading: &mut BillReading) {
    let mut seen = std::collections::HashMap::new();
    for draft in drafts {
        let amounts: Vec<i64> = draft.lines.iter().map(|line| line.amount.0).collect();
        let key = (
            draft.vendor.clone(),
            draft.number.clone(),
            draft.date,
            draft.kind.word(),
            amounts,
            draft.freight,
            draft.fees,
        );
        let first = draft.rows.first().copied().unwrap_or_default();
        let earlier = *seen.entry(key).or_insert(first);
        if earlier == first || draft.faulty.is_some() || draft.number.is_empty() {
            draft.finish(reading);
        } else {
            reading
                .skipped
                .extend(draft.rows.iter().map(|&line| Skipped {
                    line,
                    why: format!("the bill of line {earlier}, under another of its payments"),
                }));
        }
    }
}
