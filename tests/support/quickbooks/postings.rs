//! Reports with several rows for each transaction.

use super::cells::Sheet;
use super::{Kind, Line, Transaction};

const PAYABLE: &str = "2000 \u{b7} Accounts Payable";

type Cell<'a> = (&'a str, &'a str);

fn put(sheet: &mut Sheet, one: &Transaction, dated: bool, money: &[(&str, i64)], words: &[Cell]) {
    let date = sheet.style.date(one.date);
    let kind = sheet.style.kind(one.kind);
    let mut cells: Vec<Cell> = match dated {
        true => vec![("date", &date), ("type", kind), ("number", &one.number)],
        false => Vec::new(),
    };
    let money: Vec<(&str, String)> = money
        .iter()
        .map(|(name, cents)| (*name, sheet.style.money(*cents)))
        .collect();
    cells.extend(money.iter().map(|(name, text)| (*name, text.as_str())));
    cells.extend(words);
    sheet.row(&cells);
}

/// Lines are expenses: positive for a bill, negative for a credit.
fn expense(one: &Transaction, line: &Line) -> i64 {
    if one.kind == Kind::Credit {
        -line.amount
    } else {
        line.amount
    }
}

fn booked(all: &[Transaction]) -> impl Iterator<Item = &Transaction> {
    all.iter().filter(|one| one.kind != Kind::Void)
}

pub fn by_account(sheet: &mut Sheet, all: &[Transaction]) {
    sheet.open(
        "Transaction Detail by Account",
        &[
            "date", "type", "number", "vendor", "memo", "Split", "amount", "Balance",
        ],
    );
    let payable = if sheet.style.online {
        "Accounts Payable (A/P)"
    } else {
        PAYABLE
    };
    let sign = if sheet.style.online { 1 } else { -1 };
    sheet.heading(payable, 1);
    let mut sum = 0;
    for one in booked(all).filter(|one| one.kind != Kind::Check) {
        sum += sign * one.owed();
        let words = [
            ("vendor", one.vendor),
            ("memo", one.memo.as_str()),
            ("Split", "-Split-"),
        ];
        put(
            sheet,
            one,
            true,
            &[("amount", sign * one.owed()), ("Balance", sum)],
            &words,
        );
    }
    sheet.total(payable, &[("amount", sum)]);
    for account in ["Cost of Goods Sold", "Supplies", "Freight In"] {
        sheet.heading(account, 1);
        let mut sum = 0;
        for one in booked(all).filter(|one| one.kind != Kind::Payment) {
            for line in one.lines.iter().filter(|line| line.account == account) {
                sum += expense(one, line);
                let words = [
                    ("vendor", one.vendor),
                    ("memo", line.item.as_str()),
                    ("Split", payable),
                ];
                put(
                    sheet,
                    one,
                    true,
                    &[("amount", expense(one, line)), ("Balance", sum)],
                    &words,
                );
            }
        }
        sheet.total(account, &[("amount", sum)]);
    }
}

/// Debit and credit of a posting.
fn side(cents: i64) -> [(&'static str, i64); 1] {
    if cents >= 0 {
        [("Debit", cents)]
    } else {
        [("Credit", -cents)]
    }
}

pub fn journal(sheet: &mut Sheet, all: &[Transaction]) {
    sheet.open(
        "Journal",
        &[
            "Trans #", "date", "type", "number", "vendor", "memo", "account", "Debit", "Credit",
        ],
    );
    let mut grand = 0;
    for (at, one) in booked(all).enumerate() {
        let id = (at + 1).to_string();
        let bank = matches!(one.kind, Kind::Check | Kind::Payment);
        let sign = if one.kind == Kind::Credit { -1 } else { 1 };
        let first = if bank {
            "1000 \u{b7} Checking"
        } else {
            PAYABLE
        };
        let words = [
            ("Trans #", id.as_str()),
            ("vendor", one.vendor),
            ("memo", one.memo.as_str()),
            ("account", first),
        ];
        put(sheet, one, true, &side(-sign * one.total()), &words);
        if one.kind == Kind::Payment {
            put(
                sheet,
                one,
                false,
                &side(one.total()),
                &[("vendor", one.vendor), ("account", PAYABLE)],
            );
        } else {
            for line in &one.lines {
                let words = [
                    ("vendor", one.vendor),
                    ("memo", line.item.as_str()),
                    ("account", line.account),
                ];
                put(sheet, one, false, &side(sign * line.amount), &words);
            }
        }
        grand += one.total();
        let total = sheet.style.total(one.total());
        sheet.row(&[("Debit", &total), ("Credit", &total)]);
    }
    sheet.grand_total(&[("Debit", grand), ("Credit", grand)]);
}

pub fn splits(sheet: &mut Sheet, all: &[Transaction]) {
    sheet.open(
        "Transaction List with Splits",
        &[
            "date", "type", "number", "vendor", "memo", "account", "amount",
        ],
    );
    for (at, one) in booked(all)
        .filter(|one| one.kind != Kind::Payment)
        .enumerate()
    {
        let id = (150 + at).to_string();
        sheet.heading(&id, one.lines.len() + 1);
        let sign = if one.kind == Kind::Credit { -1 } else { 1 };
        let first = if one.kind == Kind::Check {
            "Checking"
        } else {
            "Accounts Payable (A/P)"
        };
        let words = [
            ("vendor", one.vendor),
            ("memo", one.memo.as_str()),
            ("account", first),
        ];
        put(sheet, one, true, &[("amount", sign * one.total())], &words);
        for line in &one.lines {
            let words = [
                ("vendor", one.vendor),
                ("memo", line.item.as_str()),
                ("account", line.account),
            ];
            // newer exports repeat date, type and number
            let dated = sheet.style.spelling > 0;
            put(sheet, one, dated, &[("amount", expense(one, line))], &words);
        }
    }
}

pub fn expenses(sheet: &mut Sheet, all: &[Transaction]) {
    sheet.open(
        "Expenses by Vendor Detail",
        &[
            "date", "type", "number", "memo", "account", "Split", "amount",
        ],
    );
    let mut grand = 0;
    let spent: Vec<&Transaction> = booked(all)
        .filter(|one| one.kind != Kind::Payment)
        .collect();
    for group in spent.chunk_by(|a, b| a.vendor == b.vendor) {
        let name = group[0].vendor;
        sheet.vendor(name, group.len());
        let mut sum = 0;
        for one in group {
            let from = if one.kind == Kind::Check {
                "Checking"
            } else {
                "Accounts Payable (A/P)"
            };
            for line in &one.lines {
                sum += expense(one, line);
                let words = [
                    ("memo", line.item.as_str()),
                    ("account", line.account),
                    ("Split", from),
                ];
                put(sheet, one, true, &[("amount", expense(one, line))], &words);
            }
        }
        grand += sum;
        sheet.total(name, &[("amount", sum)]);
    }
    sheet.grand_total(&[("amount", grand)]);
}

pub fn online_checks(sheet: &mut Sheet, all: &[Transaction]) {
    sheet.open(
        "Check Detail",
        &["date", "type", "number", "vendor", "memo", "Clr", "amount"],
    );
    sheet.heading("Checking", 1);
    for one in all
        .iter()
        .filter(|one| matches!(one.kind, Kind::Payment | Kind::Check))
    {
        put(
            sheet,
            one,
            true,
            &[("amount", -one.total())],
            &[("vendor", one.vendor)],
        );
        for line in &one.lines {
            put(
                sheet,
                one,
                false,
                &[("amount", line.amount)],
                &[("memo", &line.item)],
            );
        }
    }
}

pub fn desktop_checks(sheet: &mut Sheet, all: &[Transaction]) {
    let columns = [
        "type",
        "date",
        "number",
        "vendor",
        "memo",
        "item",
        "account",
        "Original Amount",
        "Paid Amount",
    ];
    sheet.open("Check Detail", &columns);
    let mut paid: Option<&Transaction> = None;
    for one in all {
        match one.kind {
            Kind::Bill => paid = Some(one),
            Kind::Payment | Kind::Check => {
                put(
                    sheet,
                    one,
                    true,
                    &[("Original Amount", -one.total())],
                    &[("vendor", one.vendor), ("account", "Checking")],
                );
                let bill = paid.filter(|_| one.kind == Kind::Payment);
                for line in &one.lines {
                    let sums = [
                        ("Original Amount", line.amount),
                        ("Paid Amount", -line.amount),
                    ];
                    let words = [("memo", line.item.as_str()), ("account", line.account)];
                    put(sheet, bill.unwrap_or(one), bill.is_some(), &sums, &words);
                }
                sheet.grand_total(&[
                    ("Original Amount", one.total()),
                    ("Paid Amount", -one.total()),
                ]);
            }
            Kind::Credit | Kind::Void => {}
        }
    }
}
