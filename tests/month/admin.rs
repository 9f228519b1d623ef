//! The admin: takes for each exception one of the commands that poms prints, by a fixed policy, having
//! telephoned with whoever knows.

use super::Event;
use super::Town;
use super::vendors::{Act, Habit};
use chrono::TimeDelta;
use rusqlite::OptionalExtension;
use serde_json::Value;

/// The command that is printed for a remedy.
fn printed(case: &Value, remedy: &str) -> Option<String> {
    let all = case["commands"].as_array().into_iter().flatten();
    let mut mine = all.filter(|one| one["remedy"] == remedy);
    Some(mine.next()?["command"].as_str()?.to_owned())
}

impl Town {
    /// Works the list once.
    pub fn admin(&mut self) {
        for row in self.house.exceptions() {
            let id = row["id"].as_i64().unwrap();
            let Some(case) = self.house.case(id) else {
                continue;
            };
            if case["commands"].as_array().is_none_or(Vec::is_empty) {
                self.broken(format!("exception {id} ({}) has no way out", row["code"]));
                continue;
            }
            // who is asked has time to answer, and the answer is on the list by itself
            if ["open", "answered"]
                .iter()
                .any(|state| case["question"]["state"] == *state)
            {
                continue;
            }
            *self
                .tally
                .acts
                .entry(row["code"].as_str().unwrap().to_owned())
                .or_default() += 1;
            let done = self.decides(id, &case);
            if !done {
                let code = &row["code"];
                self.tally.stuck.push(format!(
                    "{} {id} {code}: {}",
                    self.house.now(),
                    row["message"]
                ));
            }
        }
    }

    /// Types the first of these that poms does.
    fn first(&mut self, case: &Value, remedies: &[&str]) -> bool {
        let commands: Vec<String> = remedies
            .iter()
            .filter_map(|remedy| printed(case, remedy))
            .collect();
        commands.iter().any(|command| self.house.types(command))
    }

    /// What the mail that an exception came from means, as its sender knows: its purchase order, what
    /// kind it is, and the rows that a person would type.
    fn meant(&self, id: i64) -> Option<(String, &'static str, String)> {
        let sql = "SELECT r.raw FROM exception e LEFT JOIN advice_row a ON e.entity = 'advice:' || a.id \
                   JOIN message_raw r ON r.message_id = coalesce(e.message_id, a.message_id) WHERE e.id = ?1";
        let raw: Option<Vec<u8>> = self
            .house
            .ledger()
            .query_row(sql, [id], |row| row.get(0))
            .optional()
            .unwrap();
        let raw = raw?;
        let mail = mail_parser::MessageParser::default().parse(&raw)?;
        self.meanings.get(mail.message_id()?).cloned()
    }

    fn decides(&mut self, id: i64, case: &Value) -> bool {
        match case["code"].as_str().unwrap() {
            "bad_zip" | "price_mismatch" | "total_mismatch" | "unknown_sku" => {
                self.amends(id, case)
            }
            "customer_comment" => self.first(case, &["release"]),
            "duplicate_order_number" => self.first(case, &["cancel"]),
            "suspected_duplicate" => self.first(case, &["release"]),
            "vendor_silent" => self.silent(case),
            "po_unacknowledged" | "po_unshipped" | "po_late" => {
                self.first(case, &["other-vendor", "cancel-line", "cancel", "dismiss"])
            }
            "po_rejected" => self.first(
                case,
                &["other-vendor", "ask-customer", "cancel-line", "cancel"],
            ),
            "po_backordered" => match case["message"].as_str().unwrap().contains("20") {
                true => self.first(case, &["dismiss"]),
                false => self.first(case, &["ask-customer", "dismiss"]),
            },
            "customer_answer" => self.answered(case),
            "customer_unanswered" => self.first(case, &["cancel-line", "cancel", "dismiss"]),
            "customer_mail" => self.customer(id, case),
            "untrusted_sender" => self.stranger(id, case),
            "unknown_po" => match self.meant(id) {
                Some((po, _, _)) => self.means(case, &po) || self.first(case, &["dismiss"]),
                None => self.first(case, &["dismiss"]),
            },
            "over_shipment" | "advice_unclear" => self.shipped(id, case),
            "tracking_reused" | "vendor_mail" => self.reads(id, case),
            "tracking_check_digit" => self.digit(case),
            "po_not_open" | "cancellation_unanswered" => self.not_wanted(id),
            "bounced" | "delivery_failed" => self.dead(case),
            "refund_due" => {
                let order = case["reference"].as_str().unwrap().to_owned();
                self.pays(&order)
            }
            code if code.starts_with("invoice_") => self.bill(case),
            _ => self.first(case, &["dismiss", "release", "retry", "cancel"]),
        }
    }

    fn amends(&mut self, id: i64, case: &Value) -> bool {
        let order = case["order"].as_str().unwrap();
        let right = self
            .shoppers
            .get(order)
            .map(|one| one.customer.right.join(" "));
        let Some(right) = right.filter(|right| !right.is_empty()) else {
            return self.first(case, &["release", "cancel"]);
        };
        let typed = format!("poms exceptions resolve {id} --amend {right} --note \"WHY\"");
        self.house.types(&typed) || self.first(case, &["release", "cancel"])
    }

    /// Telephones a silent vendor about each purchase order of its list.
    fn silent(&mut self, case: &Value) -> bool {
        let vendor: usize = case["entity"].as_str().unwrap()["vendor:V".len()..]
            .parse()
            .unwrap();
        let habit = self.vendors[vendor].habit;
        let mut done = true;
        for po in case["purchase_orders"].as_array().unwrap() {
            let number = po["number"].as_str().unwrap();
            if !matches!(habit, Habit::Mute) {
                done &= self.first(po, &["dismiss"]);
                let at = self.house.now() + TimeDelta::hours(2);
                self.agenda
                    .put(at, Event::Vendor(vendor, Act::Called(number.to_owned())));
                continue;
            }
            done &= self.first(
                po,
                &["other-vendor", "ask-customer", "cancel-line", "cancel"],
            );
        }
        done
    }

    fn answered(&mut self, case: &Value) -> bool {
        let said = case["message"].as_str().unwrap();
        let remedy = match () {
            () if said.contains("TAKE IT OFF") => "cancel-line",
            () if said.contains("CANCEL") => "cancel",
            () => "dismiss",
        };
        self.first(case, &[remedy, "cancel-line", "dismiss"])
    }

    fn customer(&mut self, id: i64, case: &Value) -> bool {
        let said = case["message"].as_str().unwrap().to_lowercase();
        let mut text = "We look after it and write again.";
        if said.contains("please cancel") {
            text = match self.first(case, &["cancel"]) {
                true => "It is cancelled, and you get your money back.",
                false => "Sorry, it has left already.",
            };
        }
        if self.house.case(id).is_none() {
            return true;
        }
        let answer = printed(case, "answer")
            .unwrap_or_default()
            .replace("\"TEXT\"", &format!("\"{text}\""));
        self.house.types(&answer) || self.first(case, &["dismiss"])
    }

    fn stranger(&mut self, id: i64, case: &Value) -> bool {
        let Some((po, _, _)) = self.meant(id) else {
            return self.first(case, &["dismiss"]);
        };
        let release = printed(case, "release").unwrap_or_default();
        let named = match release.contains("--po NUMBER") {
            true => release.replace("--po NUMBER", &format!("--po {po}")),
            false if release.contains("--po") => release,
            false => release.replace(" --note", &format!(" --po {po} --note")),
        };
        let done = self.house.types(&named);
        done || self.reads(id, case)
    }

    /// Says which purchase order a vendor meant; of what was cancelled and left, that this came too late first.
    fn means(&mut self, case: &Value, po: &str) -> bool {
        let amend = printed(case, "amend").unwrap_or_default();
        let amend = amend.replace("NUMBER", po);
        let first = match self.house.typed(&amend) {
            Ok(_) => return true,
            Err(why) => why
                .split('`')
                .find(|part| part.starts_with("poms po cancel-refused"))
                .map(str::to_owned),
        };
        if let Some(first) = first {
            self.house.types(&first);
        }
        self.house.types(&amend)
    }

    /// Says what left: as is printed, where that names goods.
    fn shipped(&mut self, id: i64, case: &Value) -> bool {
        // what nobody waited for when it was dismissed, and somebody does now
        let again = case["message"].as_str().unwrap_or_default();
        if again.contains("retry takes it") {
            return self.first(case, &["retry"]);
        }
        let amend = printed(case, "amend").filter(|command| !command.contains("=PIECES"));
        let done = amend.is_some_and(|command| self.house.types(&command));
        done || self.reads(id, case)
    }

    /// Reads a vendor's mail, and types what it means.
    fn reads(&mut self, id: i64, case: &Value) -> bool {
        if let Some((po, kind, table)) = self.meant(id) {
            let note = "--note \"WHY\"";
            match kind {
                "too late" => self
                    .house
                    .tries(&format!("poms po cancel-refused {po} {note}")),
                "retrack" => {
                    let track = self
                        .truth(&po)
                        .map(|held| held.parcels[0].2.clone())
                        .unwrap_or_default();
                    let retrack = printed(case, "retrack")
                        .unwrap_or_default()
                        .replace("NUMBER", &track);
                    self.house.types(&retrack);
                }
                _ if !table.is_empty() => drop(self.house.advices(&table)),
                _ => {}
            }
        }
        self.house.case(id).is_none() || self.first(case, &["dismiss"])
    }

    fn digit(&mut self, case: &Value) -> bool {
        let shipments = case["about_order"]["shipments"]
            .as_array()
            .into_iter()
            .flatten();
        let of = case["entity"].as_str().unwrap().to_owned();
        let mut mine = shipments.filter(|row| of == format!("shipment:{}", row["id"]));
        let po = mine
            .next()
            .and_then(|row| row["purchase_order"].as_str().map(str::to_owned));
        let track = po.and_then(|po| Some(self.truth(&po)?.parcels.last()?.2.clone()));
        if let (Some(track), Some(command)) = (track, printed(case, "retrack")) {
            self.house.types(&command.replace("NUMBER", &track));
        }
        let id = case["id"].as_i64().unwrap();
        self.house.case(id).is_none() || self.first(case, &["dismiss"])
    }

    /// Telephones about a cancellation, and notes what was said.
    fn not_wanted(&mut self, id: i64) -> bool {
        let sql = "SELECT p.number FROM exception e JOIN purchase_order p ON p.id = e.po_id WHERE e.id = ?1";
        let po: Option<String> = self
            .house
            .ledger()
            .query_row(sql, [id], |row| row.get(0))
            .optional()
            .unwrap();
        if let Some(po) = po {
            let gone = self.truth(&po).is_some_and(|held| !held.parcels.is_empty());
            // who ships all the same says yes to whoever calls
            let word = if gone {
                "cancel-refused"
            } else {
                "cancel-agreed"
            };
            let command = format!("poms po {word} {po} --note \"WHY\"");
            self.house.tries(&command);
        }
        let Some(case) = self.house.case(id) else {
            return true;
        };
        // what was said is taken now; or it is put away, and said again when the vendor is asked
        (id % 2 == 0 && self.first(&case, &["retry"])) || self.first(&case, &["dismiss"])
    }

    /// Corrects a vendor's address, and sends again.
    fn dead(&mut self, case: &Value) -> bool {
        let to = case["about_delivery"]["recipients"][0]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        if let Some(rest) = to.strip_prefix("po@v") {
            let place: usize = rest[..2].parse().unwrap();
            let row = format!("V{place:02},");
            let head = self.world.vendors.lines().next().unwrap();
            let mine = self
                .world
                .vendors
                .lines()
                .find(|line| line.starts_with(&row))
                .unwrap();
            let file = format!("{head}\n{}\n", mine.replace("po@", "orders@"));
            self.house.desk.file("corrected.csv", file.as_bytes());
            self.house.types("poms vendors import corrected.csv");
        }
        self.first(case, &["retry", "dismiss"])
    }

    /// What a vendor did with a purchase order.
    pub fn truth(&self, po: &str) -> Option<&super::vendors::Held> {
        self.vendors.iter().find_map(|vendor| vendor.held.get(po))
    }

    /// The shop mends what was wrong with a mail of its own, and sends the order again.
    pub fn shop_again(&mut self) {
        let due: Vec<String> = std::mem::take(&mut self.unsigned);
        for number in due {
            let shopper = &self.shoppers[&number];
            self.house.desk.order(&shopper.customer.order);
        }
    }
}
