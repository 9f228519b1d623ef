//! Reports of QuickBooks in every dress that was seen or that its settings allow: the same
//! transactions as many reports, each in a style drawn by lot. The same seed gives the same file.

mod cells;
mod lists;
mod postings;
mod style;

use chrono::{Days, NaiveDate};
use style::Style;

/// What a transaction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Bill,
    Credit,
    /// Of the bill before it.
    Payment,
    /// Paid at once.
    Check,
    /// A bill that was voided.
    Void,
}

/// One line; cents.
#[derive(Clone, Debug)]
pub struct Line {
    pub item: String,
    pub account: &'static str,
    pub qty: i64,
    pub amount: i64,
}

/// One transaction; amounts without sign.
#[derive(Clone, Debug)]
pub struct Transaction {
    pub vendor: &'static str,
    pub kind: Kind,
    pub number: String,
    pub date: NaiveDate,
    pub memo: String,
    pub lines: Vec<Line>,
}

impl Transaction {
    /// Its total.
    pub fn total(&self) -> i64 {
        self.lines.iter().map(|line| line.amount).sum()
    }

    /// What it adds to what the vendor is owed.
    pub fn owed(&self) -> i64 {
        match self.kind {
            Kind::Bill => self.total(),
            Kind::Credit | Kind::Payment => -self.total(),
            Kind::Check | Kind::Void => 0,
        }
    }
}

/// A report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    ByVendor,
    ByDate,
    Unpaid,
    Aging,
    VendorBalance,
    BillPayments,
    ByAccount,
    Journal,
    Splits,
    Expenses,
    Purchases,
    PurchasesByItem,
    OnlineChecks,
    DesktopChecks,
}

/// All of them.
pub const REPORTS: [Report; 14] = [
    Report::ByVendor,
    Report::ByDate,
    Report::Unpaid,
    Report::Aging,
    Report::VendorBalance,
    Report::BillPayments,
    Report::ByAccount,
    Report::Journal,
    Report::Splits,
    Report::Expenses,
    Report::Purchases,
    Report::PurchasesByItem,
    Report::OnlineChecks,
    Report::DesktopChecks,
];

impl Report {
    /// Whether bills are in it, and not only what was paid.
    pub fn has_bills(self) -> bool {
        !matches!(self, Report::BillPayments | Report::OnlineChecks)
    }

    /// Whether its bills have lines.
    pub fn has_lines(self) -> bool {
        use Report::*;
        matches!(
            self,
            ByAccount | Journal | Splits | Expenses | Purchases | PurchasesByItem | DesktopChecks
        )
    }

    /// Whether it shows only bills that were paid.
    pub fn paid_only(self) -> bool {
        self == Report::DesktopChecks
    }

    /// Whether it is exported by QuickBooks Online only, or by Desktop only.
    fn online(self) -> Option<bool> {
        match self {
            Report::OnlineChecks | Report::Splits | Report::BillPayments | Report::Expenses => {
                Some(true)
            }
            Report::DesktopChecks => Some(false),
            _ => None,
        }
    }
}

/// A file, and what was put into it.
pub struct Export {
    pub bytes: Vec<u8>,
    pub transactions: Vec<Transaction>,
    /// The totals that it states.
    pub totals: usize,
    pub style: String,
}

/// Draws a file.
pub fn export(report: Report, seed: u64) -> Export {
    let mut lot = Lot(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ report as u64);
    let style = Style::draw(&mut lot, report.online());
    let transactions = transactions(&mut lot);
    let mut sheet = cells::Sheet::new(&style);
    match report {
        Report::ByVendor => lists::by_vendor(&mut sheet, &transactions),
        Report::ByDate => lists::by_date(&mut sheet, &transactions),
        Report::Unpaid => lists::unpaid(&mut sheet, &transactions),
        Report::Aging => lists::aging(&mut sheet, &transactions),
        Report::VendorBalance => lists::vendor_balance(&mut sheet, &transactions),
        Report::BillPayments => lists::bill_payments(&mut sheet, &transactions),
        Report::ByAccount => postings::by_account(&mut sheet, &transactions),
        Report::Journal => postings::journal(&mut sheet, &transactions),
        Report::Splits => postings::splits(&mut sheet, &transactions),
        Report::Expenses => postings::expenses(&mut sheet, &transactions),
        Report::Purchases => lists::purchases(&mut sheet, &transactions),
        Report::PurchasesByItem => lists::purchases_by_item(&mut sheet, &transactions),
        Report::OnlineChecks => postings::online_checks(&mut sheet, &transactions),
        Report::DesktopChecks => postings::desktop_checks(&mut sheet, &transactions),
    }
    let (rows, totals) = sheet.finish();
    Export {
        bytes: style.bytes(&rows),
        transactions,
        totals,
        style: format!("{style:?}"),
    }
}

/// splitmix64.
pub struct Lot(u64);

impl Lot {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// Names that a reader could take for something else.
const VENDORS: [&str; 14] = [
    "Ashgrove Lamps",
    "Ashgrove Lamps:West",
    "Total Quality Logistics",
    "TOTAL WINE & MORE",
    "Birch & Sons, Inc.",
    "Caf\u{e9} Goods",
    "Friday Harbor Supply",
    "Sunday, LLC",
    "O'Neil \"Best\" Parts",
    "Bill's Hardware",
    "1st Choice 2000",
    "Cash & Carry (deleted)",
    "Accrual Data Corp",
    "Check Into Cash",
];

fn transactions(lot: &mut Lot) -> Vec<Transaction> {
    let start = NaiveDate::from_ymd_opt(2026, 1, 2).unwrap();
    let mut all: Vec<Transaction> = Vec::new();
    let first = lot.below(VENDORS.len());
    for vendor in 0..=lot.below(4) {
        let vendor = VENDORS[(first + vendor) % VENDORS.len()];
        for at in 0..=lot.below(5) {
            let date = start + Days::new(lot.below(300) as u64);
            let kind = lot.pick(&[
                Kind::Bill,
                Kind::Bill,
                Kind::Bill,
                Kind::Credit,
                Kind::Check,
                Kind::Void,
            ]);
            let one = transaction(lot, vendor, kind, date, at);
            let paid = kind == Kind::Bill && lot.one_in(2);
            all.push(one.clone());
            if paid {
                all.push(Transaction {
                    kind: Kind::Payment,
                    number: format!("{}", 1000 + all.len()),
                    date: date + Days::new(20),
                    memo: String::new(),
                    ..one
                });
            }
        }
    }
    all
}

fn transaction(
    lot: &mut Lot,
    vendor: &'static str,
    kind: Kind,
    date: NaiveDate,
    at: usize,
) -> Transaction {
    let count = 1 + lot.below(3);
    let mut lines: Vec<Line> = (0..count)
        .map(|n| {
            let qty = 1 + lot.below(9) as i64;
            Line {
                item: format!("SK{}-{n}", 100 + lot.below(800)),
                account: if n == 1 {
                    "Supplies"
                } else {
                    "Cost of Goods Sold"
                },
                qty,
                amount: qty * (1 + lot.below(150_000) as i64),
            }
        })
        .collect();
    if lot.one_in(3) {
        let amount = 1 + lot.below(9_000) as i64;
        lines.push(Line {
            item: "Freight In".to_owned(),
            account: "Freight In",
            qty: 1,
            amount,
        });
    }
    if kind == Kind::Void {
        lines.truncate(1);
        lines[0].amount = 0;
    }
    let memo = match kind {
        Kind::Void => "VOID: entered by mistake".to_owned(),
        _ => lot
            .pick(&[
                "",
                "PO W200040-1",
                "PO W200041-1, \"rush\"",
                "two\nlines",
                "=1+1",
                "-5.00",
                "total",
            ])
            .to_owned(),
    };
    let word = if kind == Kind::Check { "" } else { "AG-" };
    Transaction {
        vendor,
        kind,
        number: format!("{word}{}{at}", 700 + lot.below(9_000)),
        date,
        memo,
        lines,
    }
}
