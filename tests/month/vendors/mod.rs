//! Vendors: they read what really left the shop, do with goods what their habit is, and write about it
//! well, badly, late or not at all. What they did with goods is the truth of the month.

mod acts;
mod says;

pub use says::Word;

use super::days::{self, Agenda};
use super::post::Sent;
use super::{Event, world};
use crate::support::corpus::Random;
use chrono::{DateTime, NaiveDate, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use std::collections::BTreeMap;

/// How a vendor writes that goods left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Table,
    Pairs,
    Prose,
}

/// What a vendor is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    /// Confirms with a day, ships on it, says so.
    Prompt(Style),
    /// Ships in time and says so, and confirms nothing.
    Quiet(Style),
    /// Names a later day, and is later still.
    Late(Style),
    /// Ships, and says so when it is asked.
    Silent,
    /// Neither ships nor answers.
    Mute,
    /// Something is wrong with every other order.
    Wrong,
    /// Has not got what it offers.
    Backorder,
    /// As prompt, and ships what was cancelled.
    Stubborn(Style),
    /// As prompt, from an address that nobody knows.
    Stranger,
    /// Its address is dead until somebody corrects it.
    Dead,
}

/// What a wrong vendor does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    Over,
    OtherPo,
    Price,
    Reuse,
    Partial,
    Reject,
    Unclear,
    Digit,
    OtherSku,
    Twice,
    Retrack,
}

const FAULTS: [Fault; 11] = [
    Fault::Over,
    Fault::OtherPo,
    Fault::Price,
    Fault::Reuse,
    Fault::Partial,
    Fault::Reject,
    Fault::Unclear,
    Fault::Digit,
    Fault::OtherSku,
    Fault::Twice,
    Fault::Retrack,
];

/// One thing that a vendor will do.
#[derive(Clone, Debug)]
pub enum Act {
    /// Answers a purchase order.
    Answer(String),
    /// Sends what is not waited for.
    Ship(String),
    /// What was waited for is there.
    Restocked(String),
    /// Answers a question about these.
    Asked(Vec<String>, String),
    /// Answers a cancellation.
    Cancelled(String, String, Vec<(String, i64)>),
    /// Was telephoned and promised to write.
    Called(String),
    /// Writes the right number of a parcel.
    Corrects(String),
}

/// A line of a purchase order that a vendor has.
#[derive(Clone, Debug)]
pub struct Line {
    pub sku: String,
    pub own: String,
    pub qty: i64,
    /// Left the house.
    pub shipped: i64,
    /// Not to be sent, as the vendor sees it.
    pub off: i64,
    /// Taken back by papers of the shop.
    pub taken_back: i64,
    /// Refused by the vendor.
    pub refused: i64,
    pub cost: String,
    /// Waits for goods.
    pub waits: bool,
}

impl Line {
    pub fn open(&self) -> i64 {
        self.qty - self.off - self.shipped
    }
}

/// A purchase order that a vendor has.
#[derive(Clone, Debug)]
pub struct Held {
    pub number: String,
    pub reply: String,
    pub lines: Vec<Line>,
    pub fault: Fault,
    /// When it means to ship.
    pub day: NaiveDate,
    /// What left: SKU, pieces, number, day.
    pub parcels: Vec<(String, i64, String, NaiveDate)>,
    /// How often it was asked.
    asked: usize,
    /// The subject of the last mail about it.
    pub subject: String,
    /// Parcels that are on a bill.
    pub billed: usize,
    /// What was billed too much of it, in cents.
    pub over: usize,
}

/// One vendor.
pub struct Vendor {
    pub place: usize,
    pub habit: Habit,
    pub zone: Tz,
    handling: usize,
    pub held: BTreeMap<String, Held>,
    random: Random,
    letters: usize,
    /// Papers that ordered more than was wanted, or again.
    pub doubled: Vec<String>,
    /// Purchase orders of which it owes a credit, since the shop disputed a bill.
    pub owes: Vec<String>,
}

impl Vendor {
    pub fn new(place: usize, habit: Habit, seed: u64) -> Vendor {
        let (zone, handling) = world::place(place);
        Vendor {
            place,
            habit,
            zone,
            handling,
            held: BTreeMap::new(),
            random: Random(seed ^ (place as u64 + 1).wrapping_mul(0x9e37)),
            letters: 0,
            doubled: Vec::new(),
            owes: Vec::new(),
        }
    }

    /// A moment of its business hours, some hours on.
    fn soon(&self, now: DateTime<Utc>, hours: i64) -> DateTime<Utc> {
        let then = now + TimeDelta::hours(hours);
        let local = then.with_timezone(&self.zone);
        let day = local.date_naive();
        match (local.hour(), days::is_working(day)) {
            (9..=16, true) => then,
            (0..=8, true) => days::at(self.zone, day, 10, local.minute()),
            _ => days::at(self.zone, days::working(day, 1), 10, local.minute()),
        }
    }

    /// When an order of now ships if all goes well.
    fn ship_day(&self, now: DateTime<Utc>) -> NaiveDate {
        let local = now.with_timezone(&self.zone);
        let (day, open) = (local.date_naive(), days::is_working(local.date_naive()));
        let from = match open && local.hour() < 14 {
            true => day,
            false => days::working(day, 1),
        };
        days::working(from, self.handling)
    }

    fn put(&self, agenda: &mut Agenda<Event>, at: DateTime<Utc>, act: Act) {
        agenda.put(at, Event::Vendor(self.place, act));
    }

    /// Reads a mail; some are answered at once by a machine.
    pub fn reads(&mut self, mail: &Sent, agenda: &mut Agenda<Event>) -> Option<Word> {
        if self.habit == Habit::Dead && mail.to.starts_with("po@") {
            return Some(self.bounce(mail));
        }
        let number = mail.purchase_orders().into_iter().next()?;
        let subject = mail.subject.as_str();
        if subject.contains("Purchase order ") && subject.contains(" from ") {
            self.ordered(number, mail, agenda);
        } else if subject.contains("please correct") {
            self.owes.push(number);
        } else if subject.starts_with("Do not ship:") {
            let hours = 1 + self.random.below(4) as i64;
            let pieces = cancelled(&mail.text);
            self.taken_back(&number, subject, &pieces);
            let act = Act::Cancelled(number, mail.reply.clone(), pieces);
            self.put(agenda, self.soon(mail.at, hours), act);
        } else if [
            "Please confirm",
            "Has purchase",
            "Purchase order ",
            "purchase orders wait",
        ]
        .iter()
        .any(|words| subject.contains(words))
            && !subject.starts_with("Re:")
        {
            let hours = 1 + self.random.below(5) as i64;
            for po in mail.purchase_orders() {
                if let Some(held) = self.held.get_mut(&po) {
                    held.subject = mail.subject.clone();
                }
            }
            let act = Act::Asked(mail.purchase_orders(), mail.reply.clone());
            self.put(agenda, self.soon(mail.at, hours), act);
        }
        None
    }

    /// Notes on its papers what the shop takes back.
    fn taken_back(&mut self, number: &str, subject: &str, pieces: &[(String, i64)]) {
        let Some(held) = self.held.get_mut(number) else {
            return;
        };
        held.subject = subject.to_owned();
        for (sku, qty) in pieces {
            if let Some(line) = held.lines.iter_mut().find(|line| line.sku == *sku) {
                line.taken_back += qty;
            }
        }
    }

    fn ordered(&mut self, number: String, mail: &Sent, agenda: &mut Agenda<Event>) {
        let lines = lines(mail.csv.as_deref().unwrap_or_default());
        if let Some(known) = self.held.get(&number) {
            let fits =
                mail.subject.starts_with("POSSIBLE DUPLICATE") && lines.len() <= known.lines.len();
            if !fits {
                self.doubled
                    .push(format!("{number} came twice to V{:02}", self.place));
            }
            return;
        }
        let fault = match self.habit == Habit::Wrong && self.random.below(3) > 0 {
            true => FAULTS[self.random.below(FAULTS.len())],
            false => Fault::None,
        };
        let mut held = Held {
            number: number.clone(),
            reply: mail.reply.clone(),
            lines,
            fault,
            day: self.ship_day(mail.at),
            parcels: Vec::new(),
            asked: 0,
            subject: mail.subject.clone(),
            billed: 0,
            over: 0,
        };
        if self.habit == Habit::Backorder && self.random.below(2) == 0 {
            let count = held.lines.len();
            held.lines[self.random.below(count)].waits = true;
        }
        if matches!(self.habit, Habit::Late(_)) {
            held.day = days::working(held.day, 2 + self.random.below(4));
        }
        let quiet = matches!(self.habit, Habit::Quiet(_) | Habit::Silent | Habit::Mute);
        if !quiet {
            let hours = 1 + self.random.below(7) as i64;
            self.put(
                agenda,
                self.soon(mail.at, hours),
                Act::Answer(number.clone()),
            );
        }
        if self.habit != Habit::Mute {
            let late = match self.habit {
                Habit::Late(_) => self.random.below(3),
                _ => 0,
            };
            let day = days::working(held.day, late);
            let minute = self.random.below(60) as u32;
            self.put(
                agenda,
                days::at(self.zone, day, 15, minute),
                Act::Ship(number.clone()),
            );
        }
        self.held.insert(number, held);
    }
}

/// Lines of a purchase order's table.
fn lines(csv: &str) -> Vec<Line> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| Line {
        own: row[2].to_owned(),
        sku: row[3].to_owned(),
        qty: row[5].parse().unwrap(),
        shipped: 0,
        off: 0,
        taken_back: 0,
        refused: 0,
        cost: row[6].to_owned(),
        waits: false,
    })
    .collect()
}

/// What a cancellation lists as cancelled: SKU and pieces.
fn cancelled(text: &str) -> Vec<(String, i64)> {
    let part = text.split("Cancelled:").nth(1).unwrap_or_default();
    let part = part.split("What stays").next().unwrap_or_default();
    let flat = part.split_whitespace().collect::<Vec<_>>().join(" ");
    let pattern = regex::Regex::new(r"(\d+) x \S+, our SKU ([A-Z0-9-]+),").unwrap();
    let all = pattern.captures_iter(&flat);
    all.map(|found| (found[2].to_owned(), found[1].parse().unwrap()))
        .collect()
}
