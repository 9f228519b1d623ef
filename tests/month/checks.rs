//! What must hold, asked in the evening of each day, by what left the shop and by what vendors did.

use super::Town;
use super::customers::{Kind, Shopper};
use super::days;
use super::world::Flaw;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap};

impl Town {
    /// All that is asked each day.
    pub fn evening(&mut self, day: NaiveDate) {
        self.orders_are_there();
        self.papers_order_what_is_wanted();
        self.nobody_is_chased_too_often();
        self.promises(day);
        self.mails_are_told_once();
        self.money_is_owed();
        for at in 0..self.vendors.len() {
            let doubled = std::mem::take(&mut self.vendors[at].doubled);
            doubled.into_iter().for_each(|fault| self.broken(fault));
        }
        if self.thorough || day == self.last {
            let problems = self.house.problems();
            problems
                .into_iter()
                .for_each(|fault| self.broken(format!("verify: {fault}")));
        }
    }

    /// Every order that was sent in and read is in the ledger, once.
    fn orders_are_there(&mut self) {
        let ledger = self.house.ledger();
        let mut query = ledger
            .prepare("SELECT number, count(*) FROM orders GROUP BY number")
            .unwrap();
        let rows = query
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        let known: HashMap<String, i64> = rows.map(Result::unwrap).collect();
        let mut faults = Vec::new();
        for (number, shopper) in &self.shoppers {
            let wanted = match shopper.customer.flaw {
                Flaw::Number => 2,
                Flaw::Unsigned => continue,
                _ => 1,
            };
            let found = known.get(number).copied().unwrap_or_default();
            if found != wanted {
                faults.push(format!(
                    "order {number} is {found} times in the ledger, not {wanted}"
                ));
            }
        }
        drop(query);
        faults.into_iter().for_each(|fault| self.broken(fault));
    }

    /// Orders with their states.
    fn states(&self) -> HashMap<String, String> {
        let ledger = self.house.ledger();
        let mut query = ledger
            .prepare("SELECT number, state FROM orders WHERE copy = 1")
            .unwrap();
        let rows = query
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// The papers that vendors have order no piece twice, and none of a cancelled order; goods that
    /// customers read of did leave.
    fn papers_order_what_is_wanted(&mut self) {
        let states = self.states();
        let mut ordered: BTreeMap<(String, String), i64> = BTreeMap::new();
        let mut left: BTreeMap<(String, String), i64> = BTreeMap::new();
        for held in self.vendors.iter().flat_map(|vendor| vendor.held.values()) {
            let order = held.number.rsplit_once('-').unwrap().0.to_owned();
            for line in &held.lines {
                let key = (order.clone(), line.sku.clone());
                *ordered.entry(key.clone()).or_default() +=
                    line.qty - line.taken_back.max(line.refused);
                *left.entry(key).or_default() += line.shipped;
            }
        }
        let mut faults = Vec::new();
        for shopper in self.shoppers.values() {
            let number = &shopper.customer.number;
            let cancelled = states.get(number).is_some_and(|state| state == "cancelled");
            for (sku, name, qty) in &shopper.customer.lines {
                let key = (number.clone(), sku.clone());
                let papers = ordered.get(&key).copied().unwrap_or_default();
                if papers > *qty {
                    faults.push(format!(
                        "vendors have papers for {papers} of {sku} of {number}, {qty} are wanted"
                    ));
                }
                if cancelled && papers > 0 {
                    faults.push(format!(
                        "{number} is cancelled, and a vendor has a paper for {papers} of {sku}"
                    ));
                }
                let (told, gone) = (
                    shopper.left(name, self.house.now()),
                    left.get(&key).copied().unwrap_or_default(),
                );
                if told > gone {
                    faults.push(format!(
                        "the customer of {number} read that {told} of {sku} left, {gone} did"
                    ));
                }
            }
        }
        faults.into_iter().for_each(|fault| self.broken(fault));
    }

    /// One question a vendor and day; none about the same step of a purchase order more than twice.
    fn nobody_is_chased_too_often(&mut self) {
        let most = self.chases.values().copied().max().unwrap_or_default();
        self.tally.most_chases = self.tally.most_chases.max(most);
        let over: Vec<String> = self
            .chases
            .iter()
            .filter(|(_, count)| **count > 1)
            .map(|((vendor, day), count)| format!("V{vendor:02} was asked {count} times on {day}"))
            .collect();
        let ledger = self.house.ledger();
        let sql = "SELECT p.number, c.kind, count(*) FROM chase_po c JOIN purchase_order p ON p.id = c.po_id \
                   GROUP BY c.po_id, c.kind, c.due HAVING count(*) > 2";
        let mut query = ledger.prepare(sql).unwrap();
        let rows = query
            .query_map([], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
            })
            .unwrap();
        let again: Vec<String> = rows
            .map(Result::unwrap)
            .map(|(po, kind)| format!("{po} was chased more than twice about its {kind}"))
            .collect();
        drop(query);
        over.into_iter()
            .chain(again)
            .for_each(|fault| self.broken(fault));
    }

    /// Every day that a customer was told, and that is a working day ago, was kept or explained.
    fn promises(&mut self, today: NaiveDate) {
        let now = self.house.now();
        let (mut kept, mut explained, mut faults) = (0, 0, Vec::new());
        for shopper in self.shoppers.values_mut() {
            let mut place = 0;
            for told in 0..shopper.told.len() {
                for promise in 0..shopper.told[told].promises.len() {
                    place += 1;
                    if shopper.checked.len() < place {
                        shopper.checked.push(false);
                    }
                    let day = shopper.told[told].promises[promise].2;
                    if shopper.checked[place - 1] || today < days::working(day, 1) {
                        continue;
                    }
                    shopper.checked[place - 1] = true;
                    match judge(shopper, told, promise, now) {
                        Some(true) => kept += 1,
                        Some(false) => explained += 1,
                        None => faults.push(broken_promise(shopper, told, promise)),
                    }
                }
            }
        }
        self.tally.kept += kept;
        self.tally.explained += explained;
        faults.into_iter().for_each(|fault| self.broken(fault));
    }

    /// No customer reads the same twice.
    fn mails_are_told_once(&mut self) {
        let mut faults = Vec::new();
        for shopper in self.shoppers.values_mut() {
            let mut seen = BTreeSet::new();
            if shopper.judged == shopper.mails.len() {
                continue;
            }
            shopper.judged = shopper.mails.len();
            for mail in &shopper.mails {
                if !seen.insert((&mail.subject, &mail.text)) {
                    faults.push(format!(
                        "{} was told twice: {}",
                        shopper.customer.number, mail.subject
                    ));
                }
            }
        }
        faults.into_iter().for_each(|fault| self.broken(fault));
    }

    /// Who paid for an order that is cancelled stands on the list until the money is back.
    fn money_is_owed(&mut self) {
        let due: BTreeMap<String, String> = self.house.refunds_due().into_iter().collect();
        let ledger = self.house.ledger();
        let sql = "SELECT number, total, (SELECT coalesce(sum(amount), 0) FROM refund r WHERE r.order_id = o.id) \
                   FROM orders o WHERE state = 'cancelled' AND copy = 1";
        let mut query = ledger.prepare(sql).unwrap();
        let rows = query.query_map([], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, i64>(2)?,
            ))
        });
        let mut faults = Vec::new();
        for (number, total, back) in rows.unwrap().map(Result::unwrap) {
            let owed = due
                .get(&number)
                .map_or(0, |sum| sum.replace('.', "").parse::<i64>().unwrap());
            if owed + back != total {
                faults.push(format!(
                    "{number} is cancelled: of {total} cents {back} are back and {owed} on the list"
                ));
            }
        }
        drop(query);
        faults.into_iter().for_each(|fault| self.broken(fault));
    }
}

/// Whether a promise was kept, or else explained by a later mail; `None` for neither.
fn judge(shopper: &Shopper, told: usize, promise: usize, now: DateTime<Utc>) -> Option<bool> {
    let (name, qty, day) = &shopper.told[told].promises[promise];
    let at = shopper.told[told].at;
    // a mail that says that goods left names the day by which they come
    let mut in_time = 0;
    let own = &shopper.told[told];
    let mut explained = false;
    if own.kind == Kind::Shipped && own.about.iter().any(|(known, _)| known == name) {
        in_time += qty;
    }
    for later in shopper
        .told
        .iter()
        .skip(told + 1)
        .filter(|later| later.at <= now && later.at >= at)
    {
        let names = later.about.iter().any(|(known, _)| known == name);
        match later.kind {
            Kind::Shipped if names => {
                let by = later
                    .promises
                    .iter()
                    .filter(|(known, _, _)| known == name)
                    .map(|(_, _, by)| *by)
                    .min();
                let pieces = later
                    .about
                    .iter()
                    .filter(|(known, _)| known == name)
                    .map(|(_, qty)| qty);
                match by.is_none_or(|by| by <= *day) {
                    true => in_time += pieces.sum::<i64>(),
                    false => explained = true,
                }
            }
            Kind::Cancelled => explained = true,
            Kind::Delayed | Kind::Overdue | Kind::Question | Kind::TakenOff | Kind::NotShipped
                if names =>
            {
                explained = true
            }
            _ => {}
        }
    }
    match (in_time >= *qty, explained) {
        (true, _) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

fn broken_promise(shopper: &Shopper, told: usize, promise: usize) -> String {
    let (name, qty, day) = &shopper.told[told].promises[promise];
    let mails: Vec<String> = shopper
        .told
        .iter()
        .zip(&shopper.mails)
        .map(|(told, mail)| format!("{} {:?} {}", told.at, told.kind, mail.subject))
        .collect();
    format!(
        "{}: {qty} x {name} by {day} was neither kept nor explained; mails: {mails:#?}",
        shopper.customer.number
    )
}
