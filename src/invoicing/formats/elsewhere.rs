//! What a report of a bookkeeping program says of a bill in another row: that it was paid, reversed or voided.

use super::bills::{self, every_row};
use super::labels::BillColumn;
use super::report::{Detail, Grand, Walk};
use super::shape::Shape;
use super::{BillSheet, bills::BillRowKind};
use crate::domain::invoice::{Invoice, InvoiceKind};
use crate::domain::money::Money;
use std::collections::{BTreeMap, BTreeSet};

/// What a row is to a bill.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OtherRow {
    /// A payment of bills.
    Payment,
    /// A cheque or a card, which pays what it names.
    AtOnce,
    /// A journal entry.
    Journal,
    /// Another row of a bill, over nothing or below it.
    Bill,
}

fn kind(sheet: &BillSheet, row: &Detail) -> Option<OtherRow> {
    let typed = sheet.header.cell(row.row, BillColumn::Type).to_lowercase();
    let typed = typed.trim();
    match typed {
        "" => None,
        _ if typed.starts_with("bill payment") || typed.starts_with("bill pmt") => {
            Some(OtherRow::Payment)
        }
        _ if bills::paid(typed).is_some() => Some(OtherRow::AtOnce),
        _ if typed.contains("journal") => Some(OtherRow::Journal),
        _ => (bills::kind(typed) == Ok(BillRowKind::Bill)).then_some(OtherRow::Bill),
    }
}

/// Notes what is paid of each bill by other rows of its report; gives the rows of bills that others take back, each with
/// why.
pub(super) fn settle(sheet: &BillSheet, invoices: &mut [Invoice]) -> BTreeMap<u64, String> {
    let mut bad = BTreeMap::new();
    if Shape::of(sheet) == Some(Shape::Plain) || !sheet.header.has(BillColumn::Type) {
        return bad;
    }
    let taken: BTreeSet<u64> = invoices.iter().flat_map(|one| one.rows.clone()).collect();
    let walk = Walk::over(sheet, Grand::AllRows, every_row);
    let others = walk
        .details
        .iter()
        .filter(|detail| !detail.continues && !taken.contains(&detail.row.line));
    for detail in others {
        let (Some(kind), Ok(Some(amount))) =
            (kind(sheet, detail), bills::signed(sheet, detail.row))
        else {
            continue;
        };
        let vendor = bills::vendor(sheet, detail).unwrap_or_default();
        let row = OfRow {
            words: words(sheet, detail),
            amount,
            vendor,
        };
        of_bills(kind, &row, detail, invoices, &mut bad);
    }
    bad
}

/// What another row says.
struct OfRow {
    words: BTreeSet<String>,
    amount: Money,
    vendor: String,
}

impl OfRow {
    fn size(&self) -> Money {
        Money(self.amount.0.saturating_abs())
    }

    /// Whether it names a bill: its number, or its purchase order.
    fn names(&self, bill: &Invoice) -> bool {
        let has = |number: &str| number.len() > 2 && self.words.contains(&number.to_lowercase());
        has(&bill.number) || bill.po_refs.iter().any(|one| has(&one.text))
    }
}

fn words(sheet: &BillSheet, detail: &Detail) -> BTreeSet<String> {
    let columns = [
        BillColumn::Number,
        BillColumn::InvoiceNumber,
        BillColumn::Memo,
        BillColumn::Description,
        BillColumn::PoNumber,
    ];
    let cells = columns.map(|column| sheet.header.cell(detail.row, column).to_lowercase());
    let parts = cells
        .iter()
        .flat_map(|cell| cell.split(|c: char| c.is_whitespace() || ",;:()#/".contains(c)));
    parts
        .map(|part| part.trim_matches('.').to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

fn of_bills(
    kind: OtherRow,
    row: &OfRow,
    detail: &Detail,
    invoices: &mut [Invoice],
    bad: &mut BTreeMap<u64, String>,
) {
    let line = detail.row.line;
    let mut own: Vec<&mut Invoice> = invoices
        .iter_mut()
        .filter(|one| one.kind == InvoiceKind::Bill)
        .filter(|one| one.vendor_name.eq_ignore_ascii_case(&row.vendor))
        .collect();
    let named = own.iter().any(|bill| row.names(bill));
    let same = own.iter().filter(|bill| bill.total == row.size()).count();
    match (kind, named) {
        (OtherRow::AtOnce, false) => return,
        // a journal or another row of the same number and amount, the other way round
        (_, true) => own.retain(|bill| row.names(bill)),
        (_, false) if same == 1 => own.retain(|bill| bill.total == row.size()),
        (_, false) => return,
    }
    match kind {
        OtherRow::Payment | OtherRow::AtOnce => pay(row.size(), &mut own),
        OtherRow::Journal | OtherRow::Bill => {
            for bill in own {
                let why = format!(
                    "line {line} of the same report is of {} and takes it back: it is not taken; ask whoever keeps the bills, \
                     and import it without that if it is owed",
                    row.amount
                );
                bad.extend(bill.rows.first().map(|first| (*first, why)));
            }
        }
    }
}

/// Notes that these bills are paid; of several at once only where the payment comes to them all.
fn pay(paid: Money, bills: &mut [&mut Invoice]) {
    let open = |bill: &Invoice| bill.open.unwrap_or(bill.total);
    let sum = Money::sum(bills.iter().map(|bill| open(bill)));
    match bills {
        [one] if !one.open_balance => {
            let rest = open(one).minus(paid).unwrap_or_default();
            one.open = Some(rest.max(Money::ZERO)).filter(|rest| *rest < one.total);
        }
        several if sum.is_some_and(|sum| sum <= paid) => {
            for bill in several.iter_mut().filter(|bill| !bill.open_balance) {
                bill.open = Some(Money::ZERO);
            }
        }
        _ => {}
    }
}
