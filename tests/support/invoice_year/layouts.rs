//! The year as the reports of QuickBooks Online and Desktop, and as poms' plain CSV.

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
    /// The format that is to read it.
    pub fn format(self) -> &'static str {
        match self {
            Layout::Plain => "plain",
            Layout::QboList => "qbo-transaction-list",
            Layout::QboUnpaid => "qb-unpaid-bills",
            Layout::QboVendorBalance => "qb-vendor-balance",
            Layout::QboDetail => "qbo-transaction-detail",
            Layout::QboPurchases => "qbo-purchases",
            Layout::QbdList => "qbd-transaction-list",
            Layout::QbdDetail => "qbd-transaction-detail",
            Layout::QbdCheck => "qbd-check-detail",
        }
    }

    /// Whether it tells lines of goods and freight apart.
    pub fn has_lines(self) -> bool {
        use Layout::{Plain, QbdCheck, QbdDetail, QboDetail, QboPurchases};
        matches!(
            self,
            Plain | QboDetail | QboPurchases | QbdDetail | QbdCheck
        )
    }

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

    fn purchases(&mut self, year: &Year) {
        self.face(
            "Purchases by Vendor Detail",
            &[
                "",
                "Date",
                "Transaction Type",
                "Num",
                "Product/Service",
                "Memo/Description",
                "Quantity",
                "Rate",
                "Balance",
                "Amount",
            ],
        );
        self.by_vendor(year, 10, |sheet, bill| {
            let sign = if bill.credit { -1 } else { 1 };
            let (date, kind) = (sheet.date(bill), sheet.kind(bill));
            for line in &bill.lines {
                let (item, qty) = (
                    format!("Goods:{}", line.sku),
                    format!("{}.00", sign * line.qty),
                );
                let amount = grouped(sign * line.amount);
                sheet.row(&[
                    "",
                    &date,
                    kind,
                    &bill.number,
                    &item,
                    &bill.memo,
                    &qty,
                    "",
                    "",
                    &amount,
                ]);
            }
            if bill.freight != 0 {
                let amount = grouped(bill.freight);
                sheet.row(&[
                    "",
                    &date,
                    kind,
                    &bill.number,
                    "Freight In",
                    "",
                    "",
                    "",
                    "",
                    &amount,
                ]);
            }
            signed(bill)
        });
    }

    fn detail(&mut self, year: &Year) {
        self.face(
            "Transaction Detail by Account",
            &[
                "",
                "Transaction date",
                "Transaction type",
                "Num",
                "Name",
                "Description",
                "Split",
                "Amount",
            ],
        );
        let accounts = ["Accounts Payable (A/P)", "Cost of Goods Sold", "Freight In"];
        for (at, account) in accounts.into_iter().enumerate() {
            self.row(&[account]);
            let mut sum = 0;
            for bill in &year.bills {
                let sign = if bill.credit { -1 } else { 1 };
                let postings: Vec<(String, i64)> = match at {
                    0 => vec![(bill.memo.clone(), bill.total())],
                    1 => {
                        let text = |sku: &str| format!("item {sku} black");
                        bill.lines
                            .iter()
                            .map(|line| (text(&line.sku), line.amount))
                            .collect()
                    }
                    _ => vec![(String::new(), bill.freight)],
                };
                let (date, kind) = (self.date(bill), self.kind(bill));
                for (text, amount) in postings.into_iter().filter(|posting| posting.1 != 0) {
                    sum += sign * amount;
                    let amount = grouped(sign * amount);
                    self.row(&[
                        "",
                        &date,
                        kind,
                        &bill.number,
                        &bill.name,
                        &text,
                        "-Split-",
                        &amount,
                    ]);
                }
            }
            self.total(&format!("Total for {account}"), &dollars(sum), 8);
        }
    }

    fn transactions(&mut self, year: &Year) {
        self.face(
            "Custom Transaction Detail Report",
            &[
                "", "Trans #", "Type", "Date", "Num", "Name", "Memo", "Item", "Qty", "Account",
                "Debit", "Credit",
            ],
        );
        let mut grand = 0;
        for (at, bill) in year.bills.iter().enumerate() {
            let (number, date, kind) = ((at + 1).to_string(), self.date(bill), self.kind(bill));
            let total = plain(bill.total());
            grand += bill.total();
            let mut posting =
                |memo: &str, item: &str, qty: &str, account: &str, payable: bool, amount: &str| {
                    let (debit, credit) = if payable == bill.credit {
                        (amount, "")
                    } else {
                        ("", amount)
                    };
                    self.row(&[
                        "",
                        &number,
                        kind,
                        &date,
                        &bill.number,
                        &bill.name,
                        memo,
                        item,
                        qty,
                        account,
                        debit,
                        credit,
                    ]);
                };
            posting(&bill.memo, "", "", "2000 · Accounts Payable", true, &total);
            for line in &bill.lines {
                let qty = if bill.credit { -line.qty } else { line.qty }.to_string();
                posting(
                    "",
                    &line.sku,
                    &qty,
                    "5000 · Cost of Goods",
                    false,
                    &plain(line.amount),
                );
            }
            if bill.freight != 0 {
                posting("", "", "", "5100 · Freight", false, &plain(bill.freight));
            }
        }
        let grand = plain(grand);
        self.row(&["", "", "", "", "", "", "", "", "", "Total", &grand, &grand]);
    }

    fn checks(&mut self, year: &Year) {
        self.face(
            "Check Detail",
            &[
                "",
                "Type",
                "Date",
                "Num",
                "Name",
                "Memo",
                "Item",
                "Account",
                "Paid Amount",
                "Original Amount",
            ],
        );
        for bill in &year.bills {
            let (date, kind) = (self.date(bill), self.kind(bill));
            let sign = if bill.credit { -1 } else { 1 };
            let paid = plain(-signed(bill));
            self.row(&[
                "",
                "Bill Pmt -Check",
                &date,
                "1046",
                &bill.name,
                "",
                "",
                "Checking",
                "",
                &paid,
            ]);
            self.row(&[" ", "", ""]);
            for line in &bill.lines {
                let (value, paid) = (plain(sign * line.amount), plain(-sign * line.amount));
                self.row(&[
                    "",
                    kind,
                    &date,
                    &bill.number,
                    "",
                    &bill.memo,
                    &line.sku,
                    "Goods",
                    &paid,
                    &value,
                ]);
            }
            if bill.freight != 0 {
                let (value, paid) = (plain(bill.freight), plain(-bill.freight));
                self.row(&[
                    "",
                    kind,
                    &date,
                    &bill.number,
                    "",
                    "",
                    "",
                    "Freight",
                    &paid,
                    &value,
                ]);
            }
            let (value, paid) = (plain(signed(bill)), plain(-signed(bill)));
            self.row(&["TOTAL", "", "", "", "", "", "", "", &paid, &value]);
        }
    }
}
