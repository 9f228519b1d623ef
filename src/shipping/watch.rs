//! Watching: by when a vendor should have answered, shipped, or kept its word. Decides only; the run
//! acts on it, and the reports show it.

use crate::domain::closure::WorkingDays;
use crate::domain::codes::Code;
use crate::domain::lifecycle::PoState;
use crate::domain::vendor::Vendor;
use crate::ledger::awaiting_vendor::WaitingPo;
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

/// An age in business time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// Until the close of business so many business days later.
    Days(u32),
    /// So many hours in which business is open.
    Hours(u32),
}

/// `[watch]`: when poms asks after what does not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WatchConfig {
    /// From the sending of a purchase order to its acknowledgement; `None`: not watched.
    pub acknowledgement: Option<Age>,
    /// From the day on which the vendor should ship to its advice.
    pub advice: Option<Age>,
    /// From the day that the vendor promised.
    pub late: Option<Age>,
    /// From a cancellation to the vendor's answer; `None`: nobody is told.
    pub cancellation: Option<Age>,
    /// Mails that ask the vendor, before a person is told.
    pub chases: u32,
    /// From one to the next, and from the last to the exception.
    pub chase_every: Age,
    /// When vendors' days begin and end, by their own clocks.
    pub hours: (NaiveTime, NaiveTime),
    /// Days after which admins are told again of what is still open; 0: never.
    pub remind_days: u32,
}

impl Default for WatchConfig {
    fn default() -> WatchConfig {
        WatchConfig {
            acknowledgement: Some(Age::Days(2)),
            advice: Some(Age::Days(3)),
            late: Some(Age::Days(1)),
            cancellation: Some(Age::Days(1)),
            chases: 2,
            chase_every: Age::Days(1),
            hours: (hour(9), hour(17)),
            remind_days: 3,
        }
    }
}

fn hour(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default()
}

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AwaitedKind {
    /// The vendor's answer.
    Acknowledgement,
    /// The vendor's word that goods left.
    Advice,
    /// What the vendor promised.
    Promise,
}

impl AwaitedKind {
    /// The exception's code.
    pub fn code(self) -> Code {
        match self {
            AwaitedKind::Acknowledgement => Code::PoUnacknowledged,
            AwaitedKind::Advice => Code::PoUnshipped,
            AwaitedKind::Promise => Code::PoLate,
        }
    }

    /// Its word in keys and templates.
    pub fn as_str(self) -> &'static str {
        match self {
            AwaitedKind::Acknowledgement => "acknowledgement",
            AwaitedKind::Advice => "advice",
            AwaitedKind::Promise => "promise",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Option<AwaitedKind> {
        AwaitedKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }

    /// The codes of exceptions about one purchase order alone, its own first.
    pub fn codes(self) -> [Code; 3] {
        let mut codes = AwaitedKind::ALL.map(AwaitedKind::code);
        if let Some(place) = AwaitedKind::ALL.iter().position(|kind| *kind == self) {
            codes.swap(0, place);
        }
        codes
    }

    /// All of them, the gravest last.
    pub const ALL: [AwaitedKind; 3] = [
        AwaitedKind::Acknowledgement,
        AwaitedKind::Advice,
        AwaitedKind::Promise,
    ];
}

/// One thing that a purchase order waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// What.
    pub kind: AwaitedKind,
    /// By when.
    pub due: DateTime<Utc>,
}

impl Expected {
    /// The same, with the vendor's whole time for it beginning again: a person waits on, or part of it came.
    pub fn anew(self, from: DateTime<Utc>, hours: &Hours, config: &WatchConfig) -> Expected {
        let age = match self.kind {
            AwaitedKind::Acknowledgement => config.acknowledgement,
            AwaitedKind::Advice => config.advice,
            AwaitedKind::Promise => config.late,
        };
        Expected {
            due: hours.after(from, age.unwrap_or(config.chase_every)),
            ..self
        }
    }
}

/// A vendor's business time.
#[derive(Clone, Debug)]
pub struct Hours {
    /// Where its clock hangs.
    pub zone: Tz,
    /// When its day begins and ends.
    pub day: (NaiveTime, NaiveTime),
    /// The days on which it works.
    pub days: WorkingDays,
}

impl Hours {
    /// Those of a vendor; without a zone of its own it keeps the site's.
    pub fn of(vendor: &Vendor, site: Tz, config: &WatchConfig) -> Hours {
        let own = vendor
            .timezone
            .as_deref()
            .and_then(|zone| zone.parse().ok());
        Hours {
            zone: own.unwrap_or(site),
            day: config.hours,
            days: vendor.days.clone(),
        }
    }

    /// Whether business is open.
    pub fn open(&self, now: DateTime<Utc>) -> bool {
        let local = now.with_timezone(&self.zone).naive_local();
        self.days.has(local.date()) && (self.day.0..self.day.1).contains(&local.time())
    }

    /// The instant of a local time; one that the clock skips is an hour later, one that it shows
    /// twice is the first.
    fn at(&self, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        let local = date.and_time(time);
        let found = self.zone.from_local_datetime(&local).earliest();
        let found = found.or_else(|| {
            let later = local.checked_add_signed(Duration::hours(1))?;
            self.zone.from_local_datetime(&later).earliest()
        });
        found.map_or_else(|| local.and_utc(), |at| at.to_utc())
    }

    /// When an age that begins at an instant is over.
    pub fn after(&self, from: DateTime<Utc>, age: Age) -> DateTime<Utc> {
        let local = from.with_timezone(&self.zone).naive_local();
        let closed = local.time() >= self.day.1;
        let first = match closed {
            true => local.date().succ_opt().unwrap_or(local.date()),
            false => local.date(),
        };
        let mut day = self.days.on_or_after(first);
        match age {
            Age::Days(days) => self.at(self.days.add(day, days), self.day.1),
            Age::Hours(hours) => {
                let begins = if day == local.date() {
                    local.time().max(self.day.0)
                } else {
                    self.day.0
                };
                let mut left = Duration::hours(i64::from(hours));
                let mut time = begins;
                // no age is longer than some months, and a day has an hour at least
                while left > self.day.1 - time {
                    left -= self.day.1 - time;
                    day = self.days.add(day, 1);
                    time = self.day.0;
                }
                self.at(day, time) + left
            }
        }
    }

    /// When an age that begins with a day is over.
    fn after_day(&self, day: NaiveDate, age: Age) -> DateTime<Utc> {
        match age {
            Age::Days(days) => self.at(self.days.add(day, days), self.day.1),
            Age::Hours(_) => self.after(self.at(day, self.day.1), age),
        }
    }
}

/// What a purchase order waits for on its vendor's side, the first due first.
pub fn expected(
    po: &WaitingPo,
    vendor: &Vendor,
    hours: &Hours,
    config: &WatchConfig,
) -> Vec<Expected> {
    let mut all = Vec::new();
    let Some(sent) = po.sent.filter(|_| po.open > 0) else {
        return all;
    };
    let unanswered = match po.state {
        PoState::Sent => po.revised.or(Some(sent)),
        _ => po.revised,
    };
    if let (Some(since), Some(age)) = (unanswered, config.acknowledgement) {
        let due = hours.after(since, age);
        all.push(Expected {
            kind: AwaitedKind::Acknowledgement,
            due,
        });
    }
    match (po.promised, config.advice, config.late) {
        (Some(day), _, Some(age)) => {
            let due = hours.after_day(day, age);
            all.push(Expected {
                kind: AwaitedKind::Promise,
                due,
            });
        }
        (None, Some(age), _) => {
            let waits = po.answered.filter(|_| po.state == PoState::Backordered);
            let from = [Some(sent), po.shipped, waits].into_iter().flatten().max();
            let cutoff = vendor.cutoff.as_deref();
            let cutoff = cutoff.and_then(|time| NaiveTime::parse_from_str(time, "%H:%M").ok());
            let handling = u32::try_from(vendor.handling_days).unwrap_or(0);
            let ships = hours.days.ship_date(
                from.unwrap_or(sent),
                cutoff.unwrap_or(hours.day.1),
                hours.zone,
                handling,
            );
            let due = hours.after_day(ships, age);
            all.push(Expected {
                kind: AwaitedKind::Advice,
                due,
            });
        }
        _ => {}
    }
    all.sort_by_key(|expected| expected.due);
    all
}

/// What is to be done about something that has not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Nothing yet.
    Wait {
        /// Until then.
        until: DateTime<Utc>,
    },
    /// Ask the vendor, for the n-th time from 1.
    Chase(u32),
    /// Tell a person.
    Tell,
    /// Nothing: what the vendor wrote waits for a person.
    Read,
}

/// Decides by what was done before: `chased` are the moments at which the vendor was asked.
pub fn decide(
    expected: &Expected,
    chased: &[DateTime<Utc>],
    can_chase: bool,
    hours: &Hours,
    config: &WatchConfig,
    now: DateTime<Utc>,
) -> Move {
    let asked = u32::try_from(chased.len()).unwrap_or(u32::MAX);
    let due = match chased.last() {
        Some(last) => hours.after(*last, config.chase_every),
        None => expected.due,
    };
    if now < due {
        return Move::Wait { until: due };
    }
    match asked < config.chases && can_chase {
        false => Move::Tell,
        true if hours.open(now) || hours.missed(due, now) => Move::Chase(asked + 1),
        true => Move::Wait {
            until: hours.opens(now),
        },
    }
}

impl Hours {
    /// The day on which it is for the vendor.
    pub fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        now.with_timezone(&self.zone).date_naive()
    }

    /// Whether business was open from beginning to end of a day since: where nothing was asked then, no run
    /// falls into these hours, and the question leaves outside of them.
    pub fn missed(&self, since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let opened = self.opens(since).with_timezone(&self.zone).date_naive();
        now >= self.at(opened, self.day.1)
    }

    /// When business opens next.
    pub fn opens(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let local = now.with_timezone(&self.zone).naive_local();
        let day = match local.time() >= self.day.0 {
            true => local.date().succ_opt().unwrap_or(local.date()),
            false => local.date(),
        };
        self.at(self.days.on_or_after(day), self.day.0)
    }
}

#[cfg(test)]
mod tests;
