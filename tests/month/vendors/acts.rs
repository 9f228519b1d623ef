//! What vendors do with goods when it is time, and with papers that ask or take back.

use super::{Act, Fault, Habit, Vendor, Word, says};
use crate::month::Event;
use crate::month::days::{self, Agenda};
use chrono::{DateTime, NaiveDate, Utc};

impl Vendor {
    /// Sends what is open of a purchase order and not waited for, all in one parcel.
    fn send(&mut self, number: &str, day: NaiveDate, waiting: bool) -> Vec<(String, i64, String)> {
        let track = says::ups(self.place * 100_000 + self.letters * 7 + number.len());
        let Some(held) = self.held.get_mut(number) else {
            return Vec::new();
        };
        let partial = held.fault == Fault::Partial && held.parcels.is_empty();
        let mut rows = Vec::new();
        for line in &mut held.lines {
            let ready = line.waits == waiting && line.open() > 0;
            let qty = if partial { 1 } else { line.open() };
            if ready && (rows.is_empty() || !partial) {
                line.shipped += qty;
                rows.push((line.sku.clone(), qty, track.clone()));
            }
        }
        self.letters += 1;
        let left = rows
            .iter()
            .map(|(sku, qty, track)| (sku.clone(), *qty, track.clone(), day));
        held.parcels.extend(left);
        rows
    }

    /// Does what the agenda has.
    pub fn acts(&mut self, act: Act, now: DateTime<Utc>, agenda: &mut Agenda<Event>) -> Vec<Word> {
        let today = days::day(self.zone, now);
        match act {
            Act::Answer(po) => self.answers(&po, now, agenda),
            Act::Ship(po) => {
                let rows = self.send(&po, today, false);
                let more = self.held[&po]
                    .lines
                    .iter()
                    .any(|line| line.open() > 0 && !line.waits);
                if more && self.held[&po].fault == Fault::Partial {
                    let day = days::working(today, 2);
                    self.put(
                        agenda,
                        days::at(self.zone, day, 15, 0),
                        Act::Ship(po.clone()),
                    );
                }
                if self.held[&po].fault == Fault::Retrack && !rows.is_empty() {
                    let day = days::working(today, 1);
                    self.put(
                        agenda,
                        days::at(self.zone, day, 11, 0),
                        Act::Corrects(po.clone()),
                    );
                }
                match self.habit {
                    Habit::Silent => Vec::new(),
                    _ => self.tells(&po, &rows, today),
                }
            }
            Act::Restocked(po) => {
                let rows = self.send(&po, today, true);
                self.tells(&po, &rows, today)
            }
            Act::Asked(pos, reply) => self.asked(&pos, &reply, today),
            Act::Called(po) => self.reports(&[po], None, today),
            Act::Cancelled(po, reply, pieces) => self.cancelled(&po, &reply, &pieces),
            Act::Corrects(po) => vec![self.corrects(&po)],
        }
    }

    /// Answers a question about several.
    fn asked(&mut self, pos: &[String], reply: &str, today: NaiveDate) -> Vec<Word> {
        let mut about = Vec::new();
        for po in pos {
            let (habit, patience) = (self.habit, self.random.below(3));
            let Some(held) = self.held.get_mut(po) else {
                continue;
            };
            held.asked += 1;
            let answers = match habit {
                Habit::Mute => false,
                Habit::Silent => held.asked > 1 || patience == 0,
                _ => true,
            };
            if answers {
                about.push(po.clone());
            }
        }
        self.reports(&about, Some(reply), today)
    }

    /// Answers a cancellation, and keeps to its answer.
    fn cancelled(&mut self, po: &str, reply: &str, pieces: &[(String, i64)]) -> Vec<Word> {
        if self.habit == Habit::Mute || !self.held.contains_key(po) {
            return Vec::new();
        }
        let stubborn = matches!(self.habit, Habit::Stubborn(_));
        let held = self.held.get_mut(po).unwrap();
        let mut gone = false;
        for (sku, qty) in pieces {
            for line in held.lines.iter_mut().filter(|line| line.sku == *sku) {
                gone |= line.open() < *qty;
                if !stubborn {
                    line.off += line.open().min(*qty);
                }
            }
        }
        let track = held.parcels.last().map(|parcel| parcel.2.clone());
        if stubborn && !gone {
            // it says nothing, and ships in its time
            return Vec::new();
        }
        let (kind, text) = match (gone, track) {
            (true, Some(track)) => (
                "too late",
                format!("Too late, it has left already, UPS {track}."),
            ),
            _ => ("cancelled", "Confirmed, it is cancelled.".to_owned()),
        };
        let mut word = self.word(po, kind, text, None, String::new());
        word.letter.subject = format!("Re: {}", self.held[po].subject);
        if self.habit != Habit::Stranger {
            word.letter.to = reply.to_owned();
        }
        vec![word]
    }
}
