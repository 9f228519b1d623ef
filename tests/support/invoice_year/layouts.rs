//! The year as the reports of QuickBooks Online and Desktop, and as poms' plain CSV.

mod lines;

use super::{Bill, Year};
use poms::domain::money::Money;

/// A report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    Plain,
    QboList,
    QboUnpaid,
    QboVendorBalance,
    QboDetail,
    QboPurchases,
    QbdList,
    QbdDetail,
    QbdCheck,
}

/// All of them.
pub const LAYOUTS: [Layout; 9] = [
    Layout::Plain,
    Layout::QboList,
    Layout::QboUnpaid,
    Layout::QboVendorBalance,
    Layout::QboDetail,
    Layout::QboPurchases,
    Layout::QbdList,
    Layout::QbdDetail,
    Layout::QbdCheck,
];

impl Layout {
    fn online(self) -> bool {
        !matches!(self, Layout::QbdList | Layout::QbdDetail | Layout::QbdCheck)
    }

    /// The file: Desktop's in Windows-1252 with CRLF.
    pub fn write(self, year: &Year) -> Vec<u8> {
        let mut sheet = Sheet {
            layout: self,
            rows: Vec::new(),
        };
        match self {
            Layout::Plain => sheet.plain(year),
            Layout::QboList | Layout::QbdList => sheet.list(year),
            Layout::QboUnpaid | Layout::QboVendorBalance => sheet.open(year),
            Layout::QboDetail => sheet.detail(year),
            Layout::QbdDetail => sheet.transactions(year),
            Layout::QboPurchases => sheet.purchases(year),
            Layout::QbdCheck => sheet.checks(year),
        }
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .terminator(if self.online() {
                csv::Terminator::Any(b'\n')
            } else {
                csv::Terminator::CRLF
            })
            .from_writer(Vec::new());
        for row in &sheet.rows {
            writer.write_record(row).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        match self.online() {
            true => text.into_bytes(),
            false => encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
        }
    }
}

struct Sheet {
    layout: Layout,
    rows: Vec<Vec<String>>,
}

fn plain(cents: i64) -> String {
    Money(cents).to_string()
}

/// With thousands separators, and for totals with the sign of currency.
fn grouped(cents: i64) -> String {
    Money(cents).display("USD").replace('$', "")
}

fn dollars(cents: i64) -> String {
    Money(cents).display("USD")
}

/// What a bill adds to the vendor's account.
fn signed(bill: &Bill) -> i64 {
    if bill.credit {
        -bill.total()
    } else {
        bill.total()
    }
}

impl Sheet {
    fn row(&mut self, cells: &[&str]) {
        self.rows
            .push(cells.iter().map(|cell| (*cell).to_owned()).collect());
    }

    fn face(&mut self, title: &str, header: &[&str]) {
        self.row(&[title]);
        self.row(&["Marlow Outfitters, LLC"]);
        self.row(&["January - December 2026"]);
        self.row(&["", ""]);
        self.row(header);
    }

    fn date(&self, bill: &Bill) -> String {
        let form = if self.layout.online() {
            "%m/%d/%Y"
        } else {
            "%m/%d/%y"
        };
        bill.date.format(form).to_string()
    }

    fn kind(&self, bill: &Bill) -> &'static str {
        match (bill.credit, self.layout.online()) {
            (false, _) => "Bill",
            (true, true) => "Vendor Credit",
            (true, false) => "Credit",
        }
    }

    /// Calls `body` for each vendor's bills between its heading and its total.
    fn by_vendor(
        &mut self,
        year: &Year,
        width: usize,
        mut body: impl FnMut(&mut Sheet, &Bill) -> i64,
    ) {
        let mut grand = 0;
        for group in year.bills.chunk_by(|a, b| a.name == b.name) {
            self.row(&[&group[0].name]);
            let sum: i64 = group.iter().map(|bill| body(self, bill)).sum();
            grand += sum;
            let (word, value) = match self.layout.online() {
                true => ("Total for ", dollars(sum)),
                false => ("Total ", plain(sum)),
            };
            self.total(&format!("{word}{}", group[0].name), &value, width);
        }
        let value = if self.layout.online() {
            dollars(grand)
        } else {
            plain(grand)
        };
        self.total("TOTAL", &value, width);
        if self.layout.online() {
            self.row(&["", ""]);
            self.row(&["Accrual Basis Thursday, December 31, 2026 11:46 AM GMT-05:00"]);
        }
    }

    fn total(&mut self, label: &str, value: &str, width: usize) {
        let mut cells = vec![""; width];
        cells[0] = label;
        cells[width - 1] = value;
        self.row(&cells);
    }

    fn plain(&mut self, year: &Year) {
        self.row(&[
            "kind",
            "vendor",
            "invoice_number",
            "invoice_date",
            "memo",
            "sku",
            "qty",
            "amount",
            "freight",
            "total",
        ]);
        for bill in &year.bills {
            for line in &bill.lines {
                let cells = [
                    if bill.credit { "credit" } else { "bill" },
                    &bill.name,
                    &bill.number,
                    &self.date(bill),
                    &bill.memo,
                    &line.sku,
                    &line.qty.to_string(),
                    &plain(line.amount),
                    &plain(bill.freight),
                    &plain(bill.total()),
                ];
                self.row(&cells);
            }
        }
    }

    fn list(&mut self, year: &Year) {
        let online = self.layout.online();
        let typed = if online { "Transaction type" } else { "Type" };
        self.face(
            "Transaction List by Vendor",
            &[
                "",
                "Date",
                typed,
                "Num",
                "Memo/Description",
                "Account",
                "Amount",
            ],
        );
        self.by_vendor(year, 7, |sheet, bill| {
            // Desktop shows the posting to Accounts Payable
            let amount = if online { signed(bill) } else { -signed(bill) };
            let text = if online {
                grouped(amount)
            } else {
                plain(amount)
            };
            let date = sheet.date(bill);
            let kind = sheet.kind(bill);
            sheet.row(&[
                "",
                &date,
                kind,
                &bill.number,
                &bill.memo,
                "Accounts Payable",
                &text,
            ]);
            if bill.credit || bill.number.ends_with('3') {
                return amount;
            }
            let (paid, payment) = match online {
                true => (-amount, "Bill Payment (Check)"),
                false => (amount, "Bill Pmt -Check"),
            };
            let text = if online { grouped(paid) } else { plain(paid) };
            sheet.row(&["", &date, payment, "1001", "", "Checking", &text]);
            amount + paid
        });
    }

    fn open(&mut self, year: &Year) {
        let (title, last) = match self.layout {
            Layout::QboUnpaid => ("Unpaid Bills", "Open Balance"),
            _ => ("Vendor Balance Detail", "Balance"),
        };
        let memo = "Memo/Description";
        self.face(
            title,
            &[
                "",
                "Date",
                "Transaction Type",
                "No.",
                memo,
                "Due Date",
                last,
                "Amount",
            ],
        );
        self.by_vendor(year, 8, |sheet, bill| {
            let amount = signed(bill);
            let text = match bill.credit {
                true => format!("({})", grouped(-amount)),
                false => grouped(amount),
            };
            let date = sheet.date(bill);
            let kind = sheet.kind(bill);
            sheet.row(&[
                "",
                &date,
                kind,
                &bill.number,
                &bill.memo,
                &date,
                "1.00",
                &text,
            ]);
            amount
        });
    }
}
