//! The bookkeeper: vendors' bills into the watched folder, disputes about those that are wrong, refunds.

use super::Town;
use super::days;
use super::vendors::Held;
use crate::support::corpus::money;
use chrono::NaiveDate;
use serde_json::Value;

fn cents(text: &str) -> usize {
    text.replace('.', "").parse().unwrap()
}

const HEAD: &str = "kind,vendor,invoice_number,invoice_date,po_number,sku,qty,unit_price,amount,freight,fee,total,memo\n";

/// Rows of a bill for what left since the last one, each piece so many cents too dear.
fn bill(place: usize, held: &mut Held, over: usize, today: NaiveDate) -> Vec<String> {
    let number = format!("{place:02}-{}-{}", held.number, held.parcels.len());
    let (day, po) = (today.format("%m/%d/%Y"), held.number.clone());
    let mut lines = Vec::new();
    for (sku, qty, _, _) in &held.parcels[held.billed..] {
        let line = held.lines.iter().find(|line| line.sku == *sku).unwrap();
        lines.push((sku.clone(), *qty as usize, cents(&line.cost) + over));
    }
    held.billed = held.parcels.len();
    held.over += lines.iter().map(|(_, qty, _)| over * qty).sum::<usize>();
    let total = money(lines.iter().map(|(_, qty, unit)| unit * qty).sum());
    let row = |(sku, qty, unit): &(String, usize, usize)| {
        let (amount, unit) = (money(unit * qty), money(*unit));
        format!(
            "bill,Vendor {place:02} Goods,{number},{day},{po},{sku},{qty},{unit},{amount},,,{total},\n"
        )
    };
    lines.iter().map(row).collect()
}

/// The row of a credit.
fn credit(place: usize, po: &str, amount: usize, today: NaiveDate) -> String {
    let (day, amount) = (today.format("%m/%d/%Y"), money(amount));
    format!(
        "credit,Vendor {place:02} Goods,C{place:02}-{po},{day},{po},,,,{amount},,,{amount},as you asked\n"
    )
}

impl Town {
    /// Vendors bill what left since their last bill, and credit what was disputed; one bill in thirty
    /// is wrong.
    pub fn bills(&mut self) {
        let today = days::day(days::SHOP, self.house.now());
        let mut rows = Vec::new();
        let (mut bills, mut wrong) = (0, 0);
        for vendor in &mut self.vendors {
            for po in std::mem::take(&mut vendor.owes) {
                let held = &vendor.held[&po];
                rows.push(credit(vendor.place, &po, held.over, today));
            }
            let place = vendor.place;
            for held in vendor
                .held
                .values_mut()
                .filter(|held| held.billed < held.parcels.len())
            {
                let high = self.world.random.below(30) == 0;
                rows.extend(bill(place, held, if high { 150 } else { 0 }, today));
                (bills, wrong) = (bills + 1, wrong + usize::from(high));
            }
        }
        (self.tally.bills, self.tally.wrong_bills) =
            (self.tally.bills + bills, self.tally.wrong_bills + wrong);
        if !rows.is_empty() {
            let file = format!("{HEAD}{}", rows.concat());
            self.house
                .desk
                .file(&format!("invoices/bills-{today}.csv"), file.as_bytes());
        }
    }

    /// Settles what does not fit with a bill.
    pub fn bill(&mut self, case: &Value) -> bool {
        let all = case["commands"].as_array().into_iter().flatten();
        let commands: Vec<(String, String)> = all
            .map(|one| (text(&one["remedy"]), text(&one["command"])))
            .collect();
        // what is disputed waits for the vendor's credit
        if case["entity"]
            .as_str()
            .is_some_and(|entity| self.disputed.contains(entity))
        {
            return true;
        }
        let wanted = match case["code"].as_str().unwrap() {
            "invoice_price" => ["dispute", "release", "dismiss"],
            _ => ["release", "dismiss", "dispute"],
        };
        let typed = |remedy: &&str| {
            let found = commands.iter().find(|(word, _)| word == remedy);
            found.map(|(_, command)| command.clone())
        };
        let commands: Vec<String> = wanted.iter().filter_map(typed).collect();
        let done = commands.iter().find(|command| self.house.types(command));
        if done.is_some_and(|command| command.contains("--dispute")) {
            self.disputed.insert(text(&case["entity"]));
        }
        done.is_some()
    }

    /// Pays back all that is owed on the list.
    pub fn refunds(&mut self) {
        for (order, _) in self.house.refunds_due() {
            self.pays(&order);
        }
    }

    /// Pays one customer back.
    pub fn pays(&mut self, order: &str) -> bool {
        self.tally.refunds += 1;
        let number = self.tally.refunds;
        let command = format!("poms order refund {order} --method card --reference re_{number}");
        self.house.types(&command)
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
