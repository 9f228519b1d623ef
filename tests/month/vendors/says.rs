//! What vendors write.

use super::{Act, Fault, Habit, Held, Style, Vendor};
use crate::month::Event;
use crate::month::days::{self, Agenda};
use crate::month::post::{Letter, Sent};
use chrono::{DateTime, NaiveDate, Utc};

/// A mail of a vendor, and what it means.
pub struct Word {
    pub letter: Letter,
    pub kind: &'static str,
    pub po: String,
    /// What a person would type who read it, or telephoned: rows of advices or answers.
    pub table: String,
}

/// Rows of goods that left: SKU, pieces, tracking number.
type Rows = [(String, i64, String)];

const ADVICE: &str = "po_number,sku,qty,carrier,tracking_number,ship_date\n";
const ANSWER: &str = "po_number,sku,status,qty,date\n";

/// A UPS number with the right check digit.
pub fn ups(number: usize) -> String {
    let serial = format!("A1B2C303{number:07}");
    let value = |c: char| match c {
        '0'..='9' => c as u32 - '0' as u32,
        c => (c as u32 - 'A' as u32 + 2) % 10,
    };
    let weigh = |(at, c)| value(c) * if at % 2 == 1 { 2 } else { 1 };
    let sum: u32 = serial.chars().enumerate().map(weigh).sum();
    format!("1Z{serial}{}", (10 - sum % 10) % 10)
}

/// The same with another check digit.
fn spoilt(number: &str) -> String {
    let (front, last) = number.split_at(number.len() - 1);
    format!("{front}{}", (last.parse::<u32>().unwrap() + 1) % 10)
}

fn table(po: &str, rows: &Rows, day: NaiveDate) -> String {
    let row =
        |(sku, qty, track): &(String, i64, String)| format!("{po},{sku},{qty},UPS,{track},{day}\n");
    rows.iter().map(row).collect()
}

fn long(day: NaiveDate) -> String {
    day.format("%B %-d").to_string()
}

impl Vendor {
    /// A mail about a purchase order, to its own address.
    pub(super) fn word(
        &mut self,
        po: &str,
        kind: &'static str,
        text: String,
        csv: Option<String>,
        table: String,
    ) -> Word {
        self.letters += 1;
        let place = self.place;
        let (from, to) = match self.habit {
            Habit::Stranger => (
                format!("bob{place}@bobmail.example"),
                "orders@shop.example".to_owned(),
            ),
            _ => (
                format!("Order Desk <desk@v{place:02}.example>"),
                self.held[po].reply.clone(),
            ),
        };
        Word {
            letter: Letter {
                id: format!("{}.{place}@v{place:02}.example", self.letters),
                from,
                to,
                subject: format!("Re: Purchase order {po} from Example Shop"),
                text,
                csv,
                raw: None,
            },
            kind,
            po: po.to_owned(),
            table,
        }
    }

    /// A mail system's word that its address is dead.
    pub(super) fn bounce(&mut self, mail: &Sent) -> Word {
        self.letters += 1;
        let (place, at) = (self.place, mail.at.to_rfc2822());
        let raw = format!(
            "Return-Path: <>\nFrom: MAILER-DAEMON@mx.v{place:02}.example (Mail Delivery System)\nTo: orders@shop.example\n\
             Subject: Undelivered Mail Returned to Sender\nDate: {at}\nMessage-ID: <b{}@mx.v{place:02}.example>\n\
             Auto-Submitted: auto-replied\nMIME-Version: 1.0\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=\"b1\"\n\n\
             --b1\nContent-Type: text/plain\n\n<{}>: no such user\n\n--b1\nContent-Type: message/delivery-status\n\n\
             Reporting-MTA: dns; mx.v{place:02}.example\n\nFinal-Recipient: rfc822; {}\nAction: failed\nStatus: 5.1.1\n\n\
             --b1\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{}>\nSubject: {}\n\n--b1--\n",
            self.letters, mail.to, mail.to, mail.id, mail.subject
        );
        let letter = Letter {
            id: format!("b{}@mx.v{place:02}.example", self.letters),
            raw: Some(raw),
            ..Letter::default()
        };
        Word {
            letter,
            kind: "bounce",
            po: String::new(),
            table: String::new(),
        }
    }

    /// The first answer to a purchase order.
    pub(super) fn answers(
        &mut self,
        po: &str,
        now: DateTime<Utc>,
        agenda: &mut Agenda<Event>,
    ) -> Vec<Word> {
        let held = self.held[po].clone();
        let all: Vec<&str> = held.lines.iter().map(|line| line.sku.as_str()).collect();
        let yes = |skus: &[&str]| -> String {
            let row = |sku: &&str| format!("{po},{sku},accepted,,{}\n", held.day);
            skus.iter().map(row).collect()
        };
        let yes_all = format!("{ANSWER}{}", yes(&all));
        if held.lines.iter().all(|line| line.open() == 0) {
            return Vec::new();
        }
        if held.lines.iter().any(|line| line.waits) {
            return vec![self.backorder(&held, now, agenda)];
        }
        match held.fault {
            Fault::Price => {
                let text = "Confirmed, but the price is $99.99 each since Monday.".to_owned();
                vec![self.word(po, "price", text, None, yes_all)]
            }
            Fault::Reject => {
                let first = held.lines[0].sku.clone();
                let rest = yes(&all[1..]);
                let table = format!("{ANSWER}{po},{first},rejected,,\n{rest}");
                let line = &mut self.held.get_mut(po).unwrap().lines[0];
                (line.off, line.refused) = (line.qty, line.qty - line.off);
                vec![self.word(
                    po,
                    "reject",
                    "Please see attached.".to_owned(),
                    Some(table.clone()),
                    table,
                )]
            }
            _ => {
                let text = self.confirms(&held);
                vec![self.word(po, "answer", text, None, yes_all)]
            }
        }
    }

    /// A yes to the whole purchase order, in one of the ways in which people write it.
    fn confirms(&mut self, held: &Held) -> String {
        let (po, day) = (held.number.as_str(), long(held.day));
        match self.random.below(6) {
            0 => format!("Confirmed. Ships {day}."),
            1 => format!("Order accepted, we will ship on {day}.\n\nThanks\nTrish"),
            2 => format!(
                "Hi there\n\nwe confirm your order {po}. It will ship on {}.\n\nRegards\nOrder Desk",
                held.day
            ),
            3 => format!(
                "PO Acknowledgment\nPO Number: {po}\nStatus: Accepted\nShip Date: {}",
                held.day.format("%m/%d/%Y")
            ),
            4 => format!(
                "Thank you for your purchase order. We confirm shipment on {day}, {}.",
                held.day.format("%Y")
            ),
            _ => "Order confirmed, thank you.".to_owned(),
        }
    }

    fn backorder(&mut self, held: &Held, now: DateTime<Utc>, agenda: &mut Agenda<Event>) -> Word {
        let po = held.number.as_str();
        let line = held.lines.iter().find(|line| line.waits).unwrap();
        let until = days::working(days::day(self.zone, now), 4 + self.random.below(5));
        let late = self.random.below(2);
        let comes = days::working(until, late);
        self.put(
            agenda,
            days::at(self.zone, comes, 14, 30),
            Act::Restocked(po.to_owned()),
        );
        let dated = self.random.below(3) > 0;
        let (code, qty) = (&line.own, line.qty);
        let rest = match held.lines.len() {
            1 => "",
            _ => " The rest is confirmed.",
        };
        let text = match dated {
            true => format!("{code} is on backorder until {}.{rest}", long(until)),
            false => format!("{code} is on backorder. No ETA at this time.{rest}"),
        };
        let day = if dated {
            until.to_string()
        } else {
            String::new()
        };
        let mut table = format!("{ANSWER}{po},{},backordered,{qty},{day}\n", line.sku);
        for other in held.lines.iter().filter(|line| !line.waits) {
            table.push_str(&format!("{po},{},accepted,,{}\n", other.sku, held.day));
        }
        self.word(po, "backorder", text, None, table)
    }

    /// Says that goods left.
    pub(super) fn tells(&mut self, po: &str, rows: &Rows, day: NaiveDate) -> Vec<Word> {
        if rows.is_empty() {
            return Vec::new();
        }
        let right = format!("{ADVICE}{}", table(po, rows, day));
        let held = self.held[po].clone();
        let (mut said, mut name) = (rows.to_vec(), po.to_owned());
        match held.fault {
            Fault::Over => said[0].1 += 1,
            Fault::OtherPo => name = format!("{po}9"),
            Fault::Reuse => {
                let before = self.held.values().flat_map(|held| &held.parcels).next();
                said[0].2 = before.unwrap().2.clone();
            }
            Fault::Digit => said.iter_mut().for_each(|row| row.2 = spoilt(&row.2)),
            Fault::OtherSku => said[0].0 = "ZZ99-99999".to_owned(),
            Fault::Retrack => said
                .iter_mut()
                .for_each(|row| row.2 = ups(9_000_000 + self.letters)),
            Fault::Unclear => {
                let text = format!(
                    "Half of it went out I think, {} or so, the other guy knows.",
                    rows[0].2
                );
                return vec![self.word(po, "unclear", text, None, right)];
            }
            _ => {}
        }
        let style = match self.habit {
            Habit::Prompt(style)
            | Habit::Quiet(style)
            | Habit::Late(style)
            | Habit::Stubborn(style) => style,
            _ => Style::Table,
        };
        let whole = held.lines.iter().all(|line| line.open() == 0);
        let (text, csv) = written(style, &name, &said, day, whole);
        let mut words = vec![self.word(po, "advice", text.clone(), csv.clone(), right.clone())];
        if held.fault == Fault::Twice {
            words.push(self.word(po, "again", text, csv, right));
        }
        words
    }

    /// Says of each what left, and when the rest will.
    pub(super) fn reports(
        &mut self,
        pos: &[String],
        reply: Option<&str>,
        today: NaiveDate,
    ) -> Vec<Word> {
        let (mut left, mut later) = (String::new(), String::new());
        for po in pos {
            let Some(held) = self.held.get_mut(po) else {
                continue;
            };
            for (sku, qty, track, day) in &held.parcels {
                left.push_str(&format!("{po},{sku},{qty},UPS,{track},{day}\n"));
            }
            if held.day <= today {
                held.day = days::working(today, 1);
            }
            for line in held.lines.iter().filter(|line| line.open() > 0) {
                later.push_str(&format!(
                    "{po},{},accepted,{},{}\n",
                    line.sku,
                    line.open(),
                    held.day
                ));
            }
        }
        let mut words = Vec::new();
        for (head, rows, kind) in [(ADVICE, left, "advice"), (ANSWER, later, "answer")] {
            if rows.is_empty() {
                continue;
            }
            let all = format!("{head}{rows}");
            let mut word = self.word(
                &pos[0],
                kind,
                "Please see attached.".to_owned(),
                Some(all.clone()),
                all,
            );
            if let Some(reply) = reply.filter(|_| self.habit != Habit::Stranger) {
                word.letter.subject = format!("Re: {}", self.held[&pos[0]].subject);
                word.letter.to = reply.to_owned();
            }
            words.push(word);
        }
        words
    }

    pub(super) fn corrects(&mut self, po: &str) -> Word {
        let track = self.held[po].parcels[0].2.clone();
        let text = format!("Sorry, we gave you a wrong number for {po}. The right one is {track}.");
        self.word(po, "retrack", text, None, String::new())
    }
}

fn written(
    style: Style,
    po: &str,
    rows: &Rows,
    day: NaiveDate,
    whole: bool,
) -> (String, Option<String>) {
    match style {
        Style::Prose if whole => {
            let text = format!(
                "Your order {po} shipped complete today via UPS, tracking number {}.\n\nThank you\nDana",
                rows[0].2
            );
            (text, None)
        }
        Style::Pairs => {
            let row = |(sku, qty, track): &(String, i64, String)| {
                let date = day.format("%m/%d/%Y");
                format!(
                    "PO NUMBER: {po}\nCARRIER: UPS\nTRACKING: {track}\nSHIP DATE: {date}\nITEM: {sku}\nQTY: {qty}\n\n"
                )
            };
            (rows.iter().map(row).collect(), None)
        }
        _ => (
            "Please see attached.".to_owned(),
            Some(format!("{ADVICE}{}", table(po, rows, day))),
        ),
    }
}
