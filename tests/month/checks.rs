//! What must hold, asked in the evening of each day, by what left the shop and by what vendors did.

use super::Town;
use super::customers::{Kind, Shopper};
use super::days;
use super::figures::NOBODY_ELSE;
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

    /// Pieces of each SKU of an order that are not taken back, by the ledger.
    fn wanted(&self) -> BTreeMap<(String, String), i64> {
        let ledger = self.house.ledger();
        let sql = "SELECT o.number, l.sku, sum(l.qty - coalesce(s.cancelled, 0)) FROM po_line l \
                   JOIN purchase_order p ON p.id = l.po_id JOIN orders o ON o.id = p.order_id \
                   LEFT JOIN po_line_status s ON s.po_line_id = l.id GROUP BY 1, 2";
        let mut query = ledger.prepare(sql).unwrap();
        let rows = query.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)));
        rows.unwrap().map(Result::unwrap).collect()
    }

    /// The papers that vendors have order no piece twice, and none that was taken back; goods that
    /// customers read of did leave.
    fn papers_order_what_is_wanted(&mut self) {
        let (wanted, goods) = (self.wanted(), self.goods());
        let mut faults = Vec::new();
        for shopper in self.shoppers.values() {
            let number = &shopper.customer.number;
            for (sku, name, qty) in &shopper.customer.lines {
                let key = (number.clone(), sku.clone());
                let wanted = wanted.get(&key).copied().unwrap_or_default().min(*qty);
                let (papers, gone) = goods.get(&key).copied().unwrap_or_default();
                if papers > wanted {
                    faults.push(format!(
                        "vendors have papers for {papers} of {sku} of {number}, {wanted} are wanted"
                    ));
                }
                let told = shopper.left(name, self.house.now());
                if told > gone {
                    faults.push(format!(
                        "the customer of {number} read that {told} of {sku} left, {gone} did"
                    ));
                }
            }
        }
        faults.into_iter().for_each(|fault| self.broken(fault));
    }

    /// Of each SKU of an order the pieces on papers that count, and those that left, as vendors know.
    fn goods(&self) -> BTreeMap<(String, String), (i64, i64)> {
        let mut goods: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
        for held in self.vendors.iter().flat_map(|vendor| vendor.held.values()) {
            let order = held.number.rsplit_once('-').unwrap().0.to_owned();
            for line in &held.lines {
                let sum = goods.entry((order.clone(), line.sku.clone())).or_default();
                sum.0 += line.qty - line.taken_back.max(line.refused);
                sum.1 += line.shipped;
            }
        }
        goods
    }

    /// Orders that are not over, and of which poms does not say what comes next, or says a day that is
    /// gone.
    fn forgotten(&self) -> Vec<String> {
        let now = self.house.now();
        let over = ["shipped", "delivered", "closed", "cancelled"];
        let states = self.states();
        let open = states
            .iter()
            .filter(|(_, state)| !over.contains(&state.as_str()));
        let mut faults = Vec::new();
        for (number, state) in open {
            let story = self
                .house
                .desk
                .run(&["order", "show", number, "--json"])
                .json();
            let steps = story["next"]["steps"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            let ahead = steps.iter().any(|step| {
                let by = step["by"]
                    .as_str()
                    .map(|by| by.parse::<DateTime<Utc>>().unwrap());
                by.is_none_or(|by| by > now)
            });
            if !ahead {
                let shown = self.house.desk.run(&["order", "show", number]).stdout;
                faults.push(format!("{number} is {state} and forgotten: {shown}"));
            }
        }
        faults
    }

    /// What must hold when the last promise is over: nothing is forgotten, what poms prints can be
    /// typed, and the ledger is proved by two verifiers.
    pub fn ends(&mut self) {
        let mut faults: Vec<String> = std::mem::take(&mut self.tally.stuck);
        let refused = self.house.refused.iter();
        faults.extend(
            refused
                .filter(|(_, why)| !why.contains(NOBODY_ELSE))
                .map(|(command, why)| format!("printed, and refused: {command}: {why}")),
        );
        faults.extend(self.forgotten());
        let goods = self.goods();
        let states = self.states();
        for shopper in self.shoppers.values() {
            let number = &shopper.customer.number;
            if states.get(number).is_some_and(|state| state == "cancelled") {
                continue;
            }
            for (sku, name, _) in &shopper.customer.lines {
                let (_, gone) = goods
                    .get(&(number.clone(), sku.clone()))
                    .copied()
                    .unwrap_or_default();
                let told = shopper.left(name, self.house.now());
                if told != gone {
                    faults.push(format!(
                        "{gone} of {sku} of {number} left, its customer read of {told}"
                    ));
                }
            }
        }
        faults.extend(self.house.proved());
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
