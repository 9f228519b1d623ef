//! The bookkeeper: vendors' bills into the watched folder, disputes about those that are wrong, refunds.

use super::Town;
use super::days;
use crate::support::corpus::money;
use serde_json::Value;

fn cents(text: &str) -> usize {
    text.replace('.', "").parse().unwrap()
}

impl Town {
    /// Vendors bill what left since their last bill; one bill in twelve is wrong.
    pub fn bills(&mut self) {
        let today = days::day(days::SHOP, self.house.now());
        let mut file = "vendor,invoice_number,invoice_date,po_number,sku,qty,unit_price,amount,freight,fee,total\n".to_owned();
        let mut count = 0;
        for vendor in &mut self.vendors {
            let place = vendor.place;
            for held in vendor.held.values_mut() {
                let fresh: Vec<_> = held.parcels[held.billed..].to_vec();
                held.billed = held.parcels.len();
                if fresh.is_empty() {
                    continue;
                }
                count += 1;
                let (po, wrong) = (held.number.clone(), self.world.random.below(12) == 0);
                let invoice = format!("{place:02}-{po}-{}", held.billed);
                let mut rows = Vec::new();
                for (sku, qty, _, _) in &fresh {
                    let line = held.lines.iter().find(|line| line.sku == *sku).unwrap();
                    let unit = cents(&line.cost) + if wrong { 150 } else { 0 };
                    rows.push((sku.clone(), *qty, unit));
                }
                let total: usize = rows.iter().map(|(_, qty, unit)| unit * *qty as usize).sum();
                for (sku, qty, unit) in rows {
                    file.push_str(&format!(
                        "Vendor {place:02} Goods,{invoice},{},{po},{sku},{qty},{},{},,,{}\n",
                        today.format("%m/%d/%Y"),
                        money(unit),
                        money(unit * qty as usize),
                        money(total)
                    ));
                }
                self.tally.bills += 1;
                self.tally.wrong_bills += usize::from(wrong);
            }
        }
        if count > 0 {
            let name = format!("invoices/bills-{today}.csv");
            self.house.desk.file(&name, file.as_bytes());
        }
    }

    /// Settles what does not fit with a bill.
    pub fn bill(&mut self, case: &Value) -> bool {
        let all = case["commands"].as_array().into_iter().flatten();
        let commands: Vec<(String, String)> = all
            .map(|one| (text(&one["remedy"]), text(&one["command"])))
            .collect();
        let wanted = match case["code"].as_str().unwrap() {
            "invoice_price" => ["dispute", "release", "dismiss"],
            _ => ["release", "dismiss", "dispute"],
        };
        let typed = |remedy: &&str| {
            let found = commands.iter().find(|(word, _)| word == remedy);
            found.map(|(_, command)| command.clone())
        };
        let commands: Vec<String> = wanted.iter().filter_map(|remedy| typed(&remedy)).collect();
        commands.iter().any(|command| self.house.types(command))
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
