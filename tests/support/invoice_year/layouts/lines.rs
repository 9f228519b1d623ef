//! The layouts that tell lines of goods apart.

use super::{Bill, Sheet, Year, dollars, grouped, plain, signed};

impl Sheet {
    pub fn purchases(&mut self, year: &Year) {
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

    pub fn detail(&mut self, year: &Year) {
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
                        let text = |sku: &str| format!("item {sku}");
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

    pub fn transactions(&mut self, year: &Year) {
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

    pub fn checks(&mut self, year: &Year) {
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
            self.check(bill);
        }
    }

    /// The payment of one bill, what it paid, and the sum.
    fn check(&mut self, bill: &Bill) {
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
        let mut part = |memo: &str, item: &str, account: &str, amount: i64| {
            let (value, paid) = (plain(amount), plain(-amount));
            self.row(&[
                "",
                kind,
                &date,
                &bill.number,
                "",
                memo,
                item,
                account,
                &paid,
                &value,
            ]);
        };
        for line in &bill.lines {
            part(&bill.memo, &line.sku, "Goods", sign * line.amount);
        }
        if bill.freight != 0 {
            part("", "", "Freight", bill.freight);
        }
        let (value, paid) = (plain(signed(bill)), plain(-signed(bill)));
        self.row(&["TOTAL", "", "", "", "", "", "", "", &paid, &value]);
    }
}
