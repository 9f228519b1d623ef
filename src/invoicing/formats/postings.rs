//! Reports with one row per posting: a bill is its row on Accounts Payable, which says vendor and
//! total, and its rows on other accounts, which are its lines. Shared by Online and Desktop.

use super::bills::{
    self, BillRowKind, Charge, bills_are_negative, charge, every_row, kind, signed,
};
use super::draft::Draft;
use super::labels::BillColumn;
use super::report::{Detail, Grand, Walk};
use super::{BillReading, BillSheet, RowError, Skipped, says};
use crate::domain::invoice::InvoiceLine;
use crate::tabular::cells;
use std::collections::HashMap;

/// What tells transactions apart: Desktop's number of the transaction, else type, date, number and
/// name as written.
type TransactionKey<'a> = [&'a str; 4];

/// One row of a bill or credit.
struct Posting<'a> {
    detail: Detail<'a>,
    kind: BillRowKind,
    payable: bool,
    key: TransactionKey<'a>,
}

/// Reads such a report.
pub fn read(sheet: &BillSheet) -> BillReading {
    let mut walk = Walk::over(sheet, Grand::OfAccounts, every_row);
    let mut reading = std::mem::take(&mut walk.reading);
    let postings = postings(sheet, walk.details, &mut reading);
    let (payable, lines): (Vec<_>, Vec<_>) = postings.into_iter().partition(|p| p.payable);
    let mut drafts = Drafts {
        with_payables: !payable.is_empty(),
        turned: match payable.is_empty() {
            true => bills_are_negative(sheet, lines.iter().map(|posting| posting.detail.row)),
            false => bills_are_negative(sheet, payable.iter().map(|posting| posting.detail.row)),
        },
        ..Drafts::default()
    };
    for posting in &payable {
        drafts.open(sheet, posting, &mut reading);
    }
    for posting in &lines {
        drafts.line(sheet, posting, &mut reading);
    }
    for draft in drafts.list {
        draft.finish(&mut reading);
    }
    reading
}

/// The rows that belong to bills and credits; the others go into the reading with their reason.
fn postings<'a>(
    sheet: &'a BillSheet,
    details: Vec<Detail<'a>>,
    reading: &mut BillReading,
) -> Vec<Posting<'a>> {
    let header = &sheet.header;
    let mut postings: Vec<Posting> = Vec::with_capacity(details.len());
    let mut above: Option<(Result<BillRowKind, String>, TransactionKey)> = None;
    for detail in details {
        let cell = |column: BillColumn| header.cell(detail.row, column);
        let line = detail.row.line;
        let (kind, key) = match (&above, detail.continues) {
            // Desktop leaves type, date and number of further lines empty
            (Some((kind, key)), true) => (kind.clone(), *key),
            (None, true) => (Err("an amount without date and type".to_owned()), [""; 4]),
            (_, false) => {
                let key = match cell(BillColumn::Transaction) {
                    "" => [
                        cell(BillColumn::Type),
                        cell(BillColumn::Date),
                        cell(BillColumn::Number),
                        cell(BillColumn::Vendor),
                    ],
                    transaction => ["", "", "", transaction],
                };
                (kind(cell(BillColumn::Type)), key)
            }
        };
        above = Some((kind.clone(), key));
        let untyped = cell(BillColumn::Type).is_empty() && !detail.continues;
        match kind {
            Ok(kind) => {
                let account = match cell(BillColumn::Account) {
                    "" => detail.group,
                    account => account,
                };
                postings.push(Posting {
                    payable: is_payable(account),
                    detail,
                    kind,
                    key,
                });
            }
            Err(message) if untyped => reading.errors.push(RowError::row(line, message)),
            Err(why) => reading.skipped.push(Skipped { line, why }),
        }
    }
    postings
}

/// `Accounts Payable (A/P)`, `2000 · Accounts Payable`.
pub fn is_payable(account: &str) -> bool {
    let account = account.to_lowercase();
    let says = |words: &str| account.contains(words);
    account == "a/p"
        || [
            "accounts payable",
            "(a/p)",
            "trade payable",
            "trade creditors",
        ]
        .into_iter()
        .any(says)
}

/// The bills being put together, and where their lines find them.
#[derive(Default)]
struct Drafts<'a> {
    list: Vec<Draft>,
    /// By whole key: the draft, and how many payable rows had the key.
    by_key: HashMap<TransactionKey<'a>, (usize, usize)>,
    /// By type, date and number, for lines whose name is another's (a customer's, when billable).
    by_number: HashMap<[&'a str; 3], Vec<usize>>,
    /// Whether the report has rows on Accounts Payable.
    with_payables: bool,
    /// Whether it writes bills as negative.
    turned: bool,
}

impl<'a> Drafts<'a> {
    fn add(&mut self, key: TransactionKey<'a>, draft: Draft) -> usize {
        let place = self.list.len();
        self.list.push(draft);
        self.by_key.entry(key).or_insert((place, 0)).1 += 1;
        let [kind, date, number, _] = key;
        let same = self.by_number.entry([kind, date, number]).or_default();
        same.push(place);
        place
    }

    /// A payable row: a bill of its own.
    fn open(&mut self, sheet: &BillSheet, posting: &Posting<'a>, reading: &mut BillReading) {
        let turned = self.turned;
        let line = posting.detail.row.line;
        let postings = sheet.header.has(BillColumn::Debit);
        let draft = bills::draft(sheet, &posting.detail, posting.kind).and_then(|mut draft| {
            let amount = signed(sheet, posting.detail.row)?.ok_or("no amount")?;
            draft.total = Some(match turned && !postings {
                true => amount.opposite(),
                false => amount,
            });
            Ok(draft)
        });
        let draft = draft.unwrap_or_else(|message| {
            reading.errors.push(RowError::row(line, message));
            Draft {
                faulty: Some(line),
                rows: vec![line],
                ..Draft::default()
            }
        });
        self.add(posting.key, draft);
    }

    /// A row on another account: a line of the bill with its key.
    fn line(&mut self, sheet: &BillSheet, posting: &Posting<'a>, reading: &mut BillReading) {
        let row = posting.detail.row.line;
        let turned = self.turned && !self.with_payables;
        let place = match self.find(posting) {
            Ok(place) => place,
            Err(why) => {
                reading.skipped.push(Skipped { line: row, why });
                return;
            }
        };
        let place = place.unwrap_or_else(|| {
            let draft = bills::draft(sheet, &posting.detail, posting.kind);
            let draft = draft.unwrap_or_else(|message| {
                reading.errors.push(RowError::row(row, message));
                Draft {
                    faulty: Some(row),
                    ..Draft::default()
                }
            });
            self.add(
                posting.key,
                Draft {
                    rows: Vec::new(),
                    says: Vec::new(),
                    ..draft
                },
            )
        });
        let Some(draft) = self.list.get_mut(place) else {
            return;
        };
        draft.rows.push(row);
        if let Err(message) = add_line(sheet, posting, turned, draft) {
            reading.errors.push(RowError::row(row, message));
            draft.faulty.get_or_insert(row);
        }
    }

    /// The draft of a line: `None` when the report has no payable rows and this is the bill's
    /// first line.
    fn find(&self, posting: &Posting<'a>) -> Result<Option<usize>, String> {
        let with_payables = self.with_payables;
        match self.by_key.get(&posting.key) {
            Some((_, several)) if *several > 1 && with_payables => {
                return Err(format!(
                    "a line of one of {several} bills with the same number: whose cannot be said"
                ));
            }
            Some((place, _)) => return Ok(Some(*place)),
            None if !with_payables => return Ok(None),
            None => {}
        }
        let [kind, date, number, _] = posting.key;
        let same = self.by_number.get(&[kind, date, number]).map(Vec::as_slice);
        match same {
            Some([place]) if !number.is_empty() => Ok(Some(*place)),
            _ => Err("a posting of a bill that has no row on Accounts Payable here".to_owned()),
        }
    }
}

/// Reads a posting's line into its draft.
fn add_line(
    sheet: &BillSheet,
    posting: &Posting,
    turned: bool,
    draft: &mut Draft,
) -> Result<(), String> {
    let header = &sheet.header;
    let row = posting.detail.row;
    let cell = |column: BillColumn| header.cell(row, column);
    let amount = signed(sheet, row)?.ok_or("no amount")?;
    let amount = match header.has(BillColumn::Debit) || turned {
        true => amount.opposite(),
        false => amount,
    };
    let account = match cell(BillColumn::Account) {
        "" => posting.detail.group,
        account => account,
    };
    let (item, description) = (
        cell(BillColumn::Item),
        words(cell(BillColumn::Description), cell(BillColumn::Memo)),
    );
    let sum = match charge(account, item, description) {
        Some(Charge::Freight) => &mut draft.freight,
        Some(Charge::Fee) => &mut draft.fees,
        None => {
            // what a charge is called is no word about the goods
            draft.says.extend(says::cells(sheet, row));
            draft.lines.push(InvoiceLine {
                sku: item.to_owned(),
                description: description.to_owned(),
                // hours and feet are no pieces: such a line counts by its amount
                qty: cells::quantity(cell(BillColumn::Quantity)).unwrap_or_default(),
                unit_price: cells::price(cell(BillColumn::Price))?,
                amount,
                po: cell(BillColumn::PoNumber).to_owned(),
                source_line: row.line,
            });
            return Ok(());
        }
    };
    *sum = sum.plus(amount).ok_or("too large an amount")?;
    Ok(())
}

/// The first of two texts that says something.
fn words<'a>(first: &'a str, second: &'a str) -> &'a str {
    if first.is_empty() { second } else { first }
}
