//! Reports with one row for each transaction, or for each product that was bought.

use super::cells::Sheet;
use super::{Kind, Line, Transaction};

/// The cells that every transaction has.
fn head<'a>(sheet: &Sheet, one: &'a Transaction, date: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("date", date),
        ("type", sheet.style.kind(one.kind)),
        ("number", &one.number),
        ("memo", &one.memo),
        ("vendor", one.vendor),
    ]
}

fn row(
    sheet: &mut Sheet,
    one: &Transaction,
    without: &[&str],
    more: &[(&str, i64)],
    words: &[(&str, &str)],
) {
    let date = sheet.style.date(one.date);
    let mut cells = head(sheet, one, &date);
    cells.retain(|(name, _)| !without.contains(name));
    let money: Vec<(&str, String)> = more
        .iter()
        .map(|(name, cents)| (*name, sheet.style.money(*cents)))
        .collect();
    let mut all: Vec<(&str, &str)> = cells.iter().map(|(name, text)| (*name, *text)).collect();
    all.extend(money.iter().map(|(name, text)| (*name, text.as_str())));
    all.extend(words);
    sheet.row(&all);
}

fn by<'a>(all: &[&'a Transaction]) -> Vec<Vec<&'a Transaction>> {
    let groups = all.chunk_by(|a, b| a.vendor == b.vendor);
    groups.map(<[_]>::to_vec).collect()
}

/// The account that a transaction list shows.
fn account(one: &Transaction) -> &'static str {
    match one.kind {
        Kind::Bill | Kind::Credit | Kind::Void => "Accounts Payable (A/P)",
        Kind::Payment | Kind::Check => "Checking",
    }
}

/// Online writes a bill as positive, Desktop as posted to Accounts Payable.
fn listed(sheet: &Sheet, one: &Transaction) -> i64 {
    let owed = match one.kind {
        Kind::Check => -one.total(),
        _ => one.owed(),
    };
    match one.kind {
        Kind::Payment | Kind::Check => owed,
        _ if sheet.style.online => owed,
        _ => -owed,
    }
}

pub fn by_vendor(sheet: &mut Sheet, all: &[Transaction]) {
    sheet.open(
        "Transaction List by Vendor",
        &["date", "type", "number", "memo", "account", "amount"],
    );
    let all: Vec<&Transaction> = all.iter().collect();
    let mut grand = 0;
    for group in by(&all) {
        let name = group[0].vendor;
        sheet.vendor(name, group.len());
        let mut sum = 0;
        for one in &group {
            let amount = listed(sheet, one);
            sum += amount;
            row(
                sheet,
                one,
                &[],
                &[("amount", amount)],
                &[("account", account(one))],
            );
        }
        grand += sum;
        sheet.total(name, &[("amount", sum)]);
    }
    sheet.grand_total(&[("amount", grand)]);
}

pub fn by_date(sheet: &mut Sheet, all: &[Transaction]) {
    sheet.open(
        "Transaction List by Date",
        &[
            "date", "type", "number", "vendor", "memo", "account", "amount",
        ],
    );
    let mut all: Vec<&Transaction> = all.iter().collect();
    all.sort_by_key(|one| one.date);
    for one in all {
        let amount = listed(sheet, one);
        row(
            sheet,
            one,
            &[],
            &[("amount", amount)],
            &[("account", account(one))],
        );
    }
}

/// What stands in reports of what is owed.
fn owing(all: &[Transaction]) -> Vec<&Transaction> {
    let open = |one: &&Transaction| matches!(one.kind, Kind::Bill | Kind::Credit);
    all.iter().filter(open).collect()
}

pub fn unpaid(sheet: &mut Sheet, all: &[Transaction]) {
    sheet.open(
        "Unpaid Bills",
        &[
            "date", "type", "number", "due", "Past Due", "amount", "open",
        ],
    );
    for group in by(&owing(all)) {
        let name = group[0].vendor;
        sheet.vendor(name, group.len());
        let mut sum = 0;
        for one in &group {
            let due = sheet.style.date(one.date + chrono::Days::new(30));
            row(
                sheet,
                one,
                &[],
                &[("amount", one.owed()), ("open", one.owed() / 2)],
                &[("due", &due), ("Past Due", "-12")],
            );
            sum += one.owed();
        }
        sheet.total(name, &[("amount", sum)]);
    }
}

pub fn aging(sheet: &mut Sheet, all: &[Transaction]) {
    sheet.open(
        "A/P Aging Detail",
        &["date", "type", "number", "vendor", "due", "Aging", "open"],
    );
    let all = owing(all);
    let mut grand = 0;
    for (at, bucket) in ["Current", "1 - 30", "> 90"].into_iter().enumerate() {
        let mine: Vec<&&Transaction> = all.iter().skip(at).step_by(3).collect();
        sheet.heading(bucket, mine.len());
        let mut sum = 0;
        for one in mine {
            sum += one.owed();
            row(sheet, one, &[], &[("open", one.owed())], &[("Aging", "12")]);
        }
        grand += sum;
        sheet.total(bucket, &[("open", sum)]);
    }
    sheet.grand_total(&[("open", grand)]);
}

pub fn vendor_balance(sheet: &mut Sheet, all: &[Transaction]) {
    sheet.open(
        "Vendor Balance Detail",
        &["date", "type", "number", "due", "amount", "Balance"],
    );
    let all: Vec<&Transaction> = all.iter().filter(|one| one.kind != Kind::Check).collect();
    for group in by(&all) {
        let name = group[0].vendor;
        sheet.vendor(name, group.len());
        let mut sum = 0;
        for one in &group {
            sum += one.owed();
            row(
                sheet,
                one,
                &[],
                &[("amount", one.owed()), ("Balance", sum)],
                &[],
            );
        }
        sheet.total(name, &[("amount", sum)]);
    }
}

pub fn bill_payments(sheet: &mut Sheet, all: &[Transaction]) {
    sheet.open(
        "Bill Payment List",
        &[
            "date",
            "number",
            "Invoice Date",
            "Invoice No",
            "Original Amount",
            "Amount Paid",
            "memo",
        ],
    );
    let paid: Vec<&Transaction> = all.iter().filter(|one| one.kind == Kind::Payment).collect();
    for group in by(&paid) {
        let name = group[0].vendor;
        sheet.vendor(name, group.len());
        let sum = group.iter().map(|one| one.total()).sum();
        for one in &group {
            let sums = [
                ("Original Amount", one.total()),
                ("Amount Paid", one.total()),
            ];
            let date = sheet.style.date(one.date);
            row(
                sheet,
                one,
                &["memo"],
                &sums,
                &[("Invoice Date", &date), ("Invoice No", "AG-1")],
            );
        }
        sheet.total(name, &[("Amount Paid", sum)]);
    }
}

fn bought(all: &[Transaction]) -> Vec<&Transaction> {
    all.iter()
        .filter(|one| matches!(one.kind, Kind::Bill | Kind::Credit | Kind::Check))
        .collect()
}

fn line(sheet: &mut Sheet, one: &Transaction, line: &Line, words: &[(&str, &str)]) -> i64 {
    let sign = if one.kind == Kind::Credit { -1 } else { 1 };
    let qty = (sign * line.qty).to_string();
    let mut words = words.to_vec();
    words.push(("quantity", &qty));
    let amount = sign * line.amount;
    row(
        sheet,
        one,
        &["memo"],
        &[
            ("price", line.amount / line.qty),
            ("amount", amount),
            ("Balance", 100),
        ],
        &words,
    );
    amount
}

pub fn purchases(sheet: &mut Sheet, all: &[Transaction]) {
    sheet.open(
        "Purchases by Vendor Detail",
        &[
            "date", "type", "number", "item", "memo", "quantity", "price", "amount", "Balance",
        ],
    );
    let mut grand = 0;
    for group in by(&bought(all)) {
        let name = group[0].vendor;
        sheet.vendor(name, group.len());
        let mut sum = 0;
        for one in &group {
            for bought in &one.lines {
                sum += line(sheet, one, bought, &[("item", &bought.item)]);
            }
        }
        grand += sum;
        sheet.total(name, &[("amount", sum)]);
    }
    sheet.grand_total(&[("amount", grand)]);
}

pub fn purchases_by_item(sheet: &mut Sheet, all: &[Transaction]) {
    let title = match (sheet.style.face, sheet.style.online) {
        (1 | 2, true) => "Purchases by Product/Service Detail",
        _ => "Purchases by Item Detail",
    };
    // without its title nobody can tell that the headings are products; Desktop's titles may be off
    sheet.open(
        title,
        &[
            "date", "type", "number", "memo", "vendor", "quantity", "price", "amount", "Balance",
        ],
    );
    let bought = bought(all);
    let mut items: Vec<&str> = bought
        .iter()
        .flat_map(|one| &one.lines)
        .map(|line| line.item.as_str())
        .collect();
    items.sort_unstable();
    items.dedup();
    for item in items {
        sheet.heading(item, 1);
        let mut sum = 0;
        for one in &bought {
            for bought in one.lines.iter().filter(|line| line.item == item) {
                sum += line(sheet, one, bought, &[]);
            }
        }
        sheet.total(item, &[("amount", sum)]);
    }
}
