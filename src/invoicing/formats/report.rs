//! The frame that all QuickBooks reports share: titles, header, headings, rows, totals, footer.
//!
//! A heading is a text in the margin (the unlabelled columns on the left) and nothing else; it is
//! carried down until the total of its name. A total is known by the name of an open group, not by
//! the word: a vendor may be called "Total Quality Logistics".

use super::labels::{BillColumn, SUMMED};
use super::report_frame::{is_footer, without_count, without_phone};
use super::{BillReading, BillSheet, RowError, Skipped, TotalCheck};
use crate::domain::money::Money;
use crate::tabular::cells;
use crate::tabular::rows::Row;

/// What the report's last total, or each `TOTAL`, adds up.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Grand {
    /// All rows.
    AllRows,
    /// The rows since the total before: one block per cheque.
    SinceLast,
    /// Accounts of opposite nature: no sum at all, where it stands in an amount column.
    OfAccounts,
}

/// A row with a transaction, or a further line of the one above.
pub struct Detail<'a> {
    /// The row.
    pub row: &'a Row,
    /// The heading above it; empty when there is none.
    pub group: &'a str,
    /// Neither date nor type: it continues the transaction above.
    pub continues: bool,
}

/// Sums by column of [`SUMMED`]: of the rows that a report's totals count, and of all rows.
#[derive(Clone, Copy, Default)]
struct ColumnSums {
    counted: [i128; SUMMED.len()],
    all: [i128; SUMMED.len()],
}

/// A heading that was met, and the sums when it was.
struct HeadingGroup<'a> {
    name: &'a str,
    before: ColumnSums,
    /// How many details stood above it.
    above: usize,
    closed: bool,
}

/// Walks a sheet. Everything but the details goes into the reading at once.
pub struct Walk<'a> {
    sheet: &'a BillSheet,
    grand: Grand,
    /// Whether a row's amounts are part of the report's totals.
    counts: fn(&BillSheet, &Row) -> bool,
    groups: Vec<HeadingGroup<'a>>,
    sums: ColumnSums,
    last_total: ColumnSums,
    /// The sums before the last row with a date.
    transaction: ColumnSums,
    /// The rows with transactions.
    pub details: Vec<Detail<'a>>,
    /// The rest.
    pub reading: BillReading,
}

impl<'a> Walk<'a> {
    /// Walks the whole sheet.
    pub fn over(
        sheet: &'a BillSheet,
        grand: Grand,
        counts: fn(&BillSheet, &Row) -> bool,
    ) -> Walk<'a> {
        let mut walk = Walk {
            sheet,
            grand,
            counts,
            groups: Vec::new(),
            sums: ColumnSums::default(),
            last_total: ColumnSums::default(),
            transaction: ColumnSums::default(),
            details: Vec::new(),
            reading: BillReading::default(),
        };
        for (at, row) in sheet.rows.iter().enumerate() {
            match at.cmp(&sheet.header.at) {
                std::cmp::Ordering::Less => walk.skip(row, "title"),
                std::cmp::Ordering::Equal => walk.skip(row, "header"),
                std::cmp::Ordering::Greater => walk.row(row),
            }
        }
        walk
    }

    fn skip(&mut self, row: &Row, why: &str) {
        self.reading.skipped.push(Skipped {
            line: row.line,
            why: why.to_owned(),
        });
    }

    fn fault(&mut self, row: &Row, message: String) {
        self.reading.errors.push(RowError::row(row.line, message));
    }

    fn row(&mut self, row: &'a Row) {
        let header = &self.sheet.header;
        let label = label(self.sheet, row);
        let dated = !header.cell(row, BillColumn::Date).is_empty();
        let typed = !header.cell(row, BillColumn::Type).is_empty();
        let opening = |cell: &String| {
            cell.eq_ignore_ascii_case("beginning balance")
                || cell.eq_ignore_ascii_case("opening balance")
        };
        let above = self.sheet.rows.get(header.at);
        if row.is_blank() {
            self.skip(row, "spacer");
        } else if above.is_some_and(|above| above.cells == row.cells) {
            self.skip(row, "header");
        } else if cells::date(header.cell(row, BillColumn::Date)).is_err() && is_footer(row) {
            self.skip(row, "footer");
        } else if row.cells.iter().any(opening) && !typed {
            self.skip(row, "opening balance");
        } else if !label.is_empty() && (header.margin == 0 || !(dated || typed)) {
            self.labelled(row, label);
        } else if dated || typed {
            self.detail(row, label, false);
        } else if self.is_grand_total(row) {
            self.grand_total(row);
        } else if self.is_transactions_total(row) {
            let before = self.transaction;
            self.check(row, "transaction", before);
        } else if self.amounts(row).next().is_some() {
            self.detail(row, label, true);
        } else {
            self.skip(row, "text without date, type or amount");
        }
    }

    /// Columns that the report sums and in which the row has something.
    fn amounts(
        &self,
        row: &'a Row,
    ) -> impl Iterator<Item = (usize, BillColumn, &'a str)> + use<'a> {
        let header = &self.sheet.header;
        SUMMED
            .into_iter()
            .enumerate()
            .filter_map(move |(at, column)| {
                let cell = header.cell(row, column);
                (!cell.is_empty()).then_some((at, column, cell))
            })
    }

    /// The word `TOTAL` somewhere, and nothing else but amounts: it may be a memo.
    fn is_grand_total(&self, row: &'a Row) -> bool {
        let is_word = |cell: &&String| cell.eq_ignore_ascii_case("total");
        let amounts = self.amounts(row);
        let amounts = amounts.filter(|(.., cell)| !cell.eq_ignore_ascii_case("total"));
        let balance = self.sheet.header.cell(row, BillColumn::Balance);
        let words = row.cells.iter().filter(is_word).count();
        let said = row.cells.iter().filter(|cell| !cell.is_empty()).count();
        words > 0 && said == words + amounts.count() + usize::from(!balance.is_empty())
    }

    /// Journals total each transaction in a row with both sums and nothing else.
    fn is_transactions_total(&self, row: &'a Row) -> bool {
        let said = row.cells.iter().filter(|cell| !cell.is_empty()).count();
        let sums = self.amounts(row);
        let both =
            sums.filter(|(_, column, _)| matches!(column, BillColumn::Debit | BillColumn::Credit));
        said == 2 && both.count() == 2
    }

    fn detail(&mut self, row: &'a Row, label: &'a str, continues: bool) {
        if !continues {
            self.transaction = self.sums;
        }
        let counted = (self.counts)(self.sheet, row);
        for (at, _, cell) in self.amounts(row) {
            if let Ok(Some(value)) = cells::amount(cell) {
                self.sums.all[at] += i128::from(value.0);
                if counted {
                    self.sums.counted[at] += i128::from(value.0);
                }
            }
        }
        let open = self.groups.iter().rev().find(|group| !group.closed);
        let group = match label {
            "" => open.map_or("", |group| group.name),
            named => named,
        };
        self.details.push(Detail {
            row,
            group,
            continues,
        });
    }

    fn labelled(&mut self, row: &'a Row, label: &'a str) {
        let header = &self.sheet.header;
        if label.eq_ignore_ascii_case("total") {
            return self.grand_total(row);
        }
        if let Some(at) = self.group_of_total(label) {
            self.groups.truncate(at + 1);
            let Some(group) = self.groups.last_mut() else {
                return;
            };
            group.closed = true;
            let (before, name, above) = (group.before, group.name, group.above);
            if let Some(bare) = without_count(name).filter(|_| !label.ends_with(name)) {
                // the total says what the heading's number behind the name is: how many rows
                let own = self.details.iter_mut().skip(above);
                own.filter(|detail| detail.group == name)
                    .for_each(|detail| detail.group = bare);
            }
            return self.check(row, label, before);
        }
        let balance = header.place(BillColumn::Balance);
        let alone = row.cells.iter().enumerate().all(|(place, cell)| {
            cell.is_empty() || cell == label || place < header.margin || Some(place) == balance
        });
        if alone {
            self.groups.push(HeadingGroup {
                name: without_phone(label),
                before: self.sums,
                above: self.details.len(),
                closed: false,
            });
            self.skip(row, "heading");
        } else {
            let shown: String = label.chars().take(60).collect();
            self.fault(
                row,
                format!("'{shown}' is neither a heading nor the total of an open group"),
            );
        }
    }

    /// The open group that a label is the total of: `Total for X`, `Total X`, with or without
    /// sub-accounts.
    fn group_of_total(&self, label: &str) -> Option<usize> {
        let (word, rest) = label.split_at_checked(6)?;
        if !word.eq_ignore_ascii_case("total ") {
            return None;
        }
        let find = |name: &str, closed_too: bool| {
            let name = name.trim();
            let open = |group: &HeadingGroup| closed_too || !group.closed;
            let same = |group: &HeadingGroup| open(group) && group.name.eq_ignore_ascii_case(name);
            let counted = |group: &HeadingGroup| {
                let bare = without_count(group.name);
                open(group) && bare.is_some_and(|bare| bare.eq_ignore_ascii_case(name))
            };
            let exact = self.groups.iter().rposition(same);
            exact.or_else(|| self.groups.iter().rposition(counted))
        };
        let with_for = rest.split_at_checked(4);
        let name = with_for.filter(|(word, _)| word.eq_ignore_ascii_case("for "));
        let candidates = [Some(rest), name.map(|(_, name)| name)];
        // an account's (vendor's, customer's) own rows are totalled first, then it with those below
        let whole = |name: &str| {
            let (name, below) = name.rsplit_once(" with sub")?;
            let plain = |c: char| c.is_ascii_lowercase() || matches!(c, '-' | ' ' | '/');
            find(name, below.chars().all(plain))
        };
        candidates
            .into_iter()
            .flatten()
            .find_map(|name| find(without_phone(name), false).or_else(|| whole(name)))
    }

    fn grand_total(&mut self, row: &'a Row) {
        let before = match self.grand {
            Grand::SinceLast => self.last_total,
            Grand::AllRows | Grand::OfAccounts => ColumnSums::default(),
        };
        let (checks, faults) = self.compare(row, "TOTAL", before);
        let mixed = self.grand == Grand::OfAccounts && self.sheet.header.has(BillColumn::Amount);
        let sound = faults.is_empty() && checks.iter().all(|check| check.agrees);
        if mixed && !sound {
            return self.skip(
                row,
                "grand total of accounts of opposite nature: not a sum, not checked",
            );
        }
        self.groups.clear();
        self.take(row, checks, faults);
        self.last_total = self.sums;
    }

    /// Compares every amount of a total row with the sum of the rows since `before`.
    fn check(&mut self, row: &'a Row, label: &str, before: ColumnSums) {
        let (checks, faults) = self.compare(row, label, before);
        self.take(row, checks, faults);
    }

    fn take(&mut self, row: &Row, checks: Vec<TotalCheck>, faults: Vec<String>) {
        if checks.is_empty() && faults.is_empty() {
            self.skip(row, "total without an amount");
        }
        self.reading.totals.extend(checks);
        for fault in faults {
            self.fault(row, fault);
        }
    }

    fn compare(
        &self,
        row: &'a Row,
        label: &str,
        before: ColumnSums,
    ) -> (Vec<TotalCheck>, Vec<String>) {
        let (mut checks, mut faults) = (Vec::new(), Vec::new());
        for (at, column, cell) in self.amounts(row) {
            let sum = |now: &[i128; SUMMED.len()], then: &[i128; SUMMED.len()]| {
                i64::try_from(now[at] - then[at]).map(Money)
            };
            let counted = sum(&self.sums.counted, &before.counted);
            let all = sum(&self.sums.all, &before.all);
            match (cells::amount(cell), counted) {
                (Ok(Some(said)), Ok(counted)) => {
                    // some reports of cheques count the cheque, others what it paid
                    let computed = all.ok().filter(|all| *all == said).unwrap_or(counted);
                    checks.push(TotalCheck {
                        label: format!("{label} ({})", title(column)),
                        line: row.line,
                        said,
                        computed,
                        agrees: said == computed,
                        of_rows: true,
                    });
                }
                (Ok(None), _) => {}
                // the word Total itself may stand in an amount column
                (Err(_), _) if cell.eq_ignore_ascii_case("total") => {}
                (Err(fault), _) => faults.push(format!("in '{label}': {fault}")),
                (Ok(Some(_)), Err(_)) => {
                    faults.push(format!("'{label}': the rows' sum is too large an amount"));
                }
            }
        }
        (checks, faults)
    }
}

fn title(column: BillColumn) -> &'static str {
    match column {
        BillColumn::Debit => "Debit",
        BillColumn::Credit => "Credit",
        BillColumn::OpenBalance => "Open Balance",
        BillColumn::OriginalAmount => "Original Amount",
        BillColumn::PaidAmount => "Paid Amount",
        _ => "Amount",
    }
}

/// The text in the margin; in a report without margin the first cell, when it is neither a date nor
/// on a row with a type.
fn label<'a>(sheet: &BillSheet, row: &'a Row) -> &'a str {
    let header = &sheet.header;
    if header.margin > 0 {
        return header.margin_text(row);
    }
    let typed = !header.cell(row, BillColumn::Type).is_empty();
    let first = row.cell(0);
    let is_date = header.place(BillColumn::Date) == Some(0) && cells::date(first).is_ok();
    let dated =
        header.place(BillColumn::Date) != Some(0) && !header.cell(row, BillColumn::Date).is_empty();
    if typed || is_date || dated { "" } else { first }
}
