//! Vendors' replies to a purchase order: what is clear acts, what is not becomes an exception with
//! the text, never a guess. Whether the sender may answer for the order is decided elsewhere.

mod acts;
pub mod beside;
mod bound;
mod ease;
mod goods;
mod mask;
pub mod parts;
mod places;
pub mod plain;
mod plain_acceptance;
mod sentences;
pub mod structured;
mod taken_back;
mod verdict;
mod vocabulary;
mod when;

#[cfg(test)]
mod tests;

pub use taken_back::{TakenBack, taken_back};

use crate::domain::money::Money;
use crate::vendor_docs::text::{html, quote};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The purchase order that a reply answers.
#[derive(Clone, Copy, Debug, Default)]
pub struct AskedPo<'a> {
    /// Its number, as it stood in the mail to the vendor.
    pub po_number: &'a str,
    /// Its lines.
    pub lines: &'a [AskedLine],
    /// The vendor's name, where it is known: its people may sign with it.
    pub vendor: Option<&'a str>,
}

/// One line of it, by both its numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskedLine {
    /// 1, 2, 3 … as it stands on the purchase order.
    pub line: i64,
    /// The shop's SKU, which answers name.
    pub sku: String,
    /// The vendor's number for it; may be empty.
    pub vendor_sku: String,
    /// What it is called on the purchase order; may be empty.
    pub description: String,
    /// Pieces that were ordered; 0 where that is not known.
    pub ordered: i64,
    /// Pieces of them that are still to come; 0 where all left, or where that is not known.
    pub open: i64,
    /// What one of them was ordered at, where that is known.
    pub unit_cost: Option<Money>,
}

impl AskedLine {
    /// The pieces that words about it count: those that are still to come, else those that were ordered.
    fn pieces(&self) -> i64 {
        if self.open > 0 {
            self.open
        } else {
            self.ordered
        }
    }
}

/// What of the purchase order is meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// All lines, but those that the same reply says something else of.
    All,
    /// One line, by the shop's SKU.
    Sku(String),
}

/// What the vendor says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ack {
    /// Will be done.
    Accepted,
    /// Later.
    Backordered {
        /// When it is there again, if the vendor says so.
        until: Option<NaiveDate>,
    },
    /// Not at all.
    Rejected {
        /// Why, in a few words: `out of stock`, `discontinued`, `rejected`, `cancelled`.
        reason: String,
    },
    /// Leaves or left on a day; says that it is accepted, too.
    ShipDate {
        /// The day.
        date: NaiveDate,
    },
}

/// What a reply says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// What is clear, in the order of the text. What is said of one SKU goes before what is said
    /// of all.
    pub per_line: Vec<(Scope, Ack)>,
    /// The vendor's own text, when something in it needs a person: a question, a condition, a
    /// contradiction, or nothing that poms understands. `per_line` is empty then: what is in doubt may
    /// be about any line.
    pub unclear: Option<String>,
    /// It says no more than yes ("Acknowledged.", "ok"): that means the purchase order as it was
    /// sent, and nothing that was asked or answered since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nod: bool,
    /// It says no more than that the order came ("Got it, thanks"): that is no yes, and asks for nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub receipt: bool,
    /// The sentences that poms does not understand, as they were written: what stands beside a yes
    /// may change a price, a day or a charge.
    #[serde(skip)]
    pub strange: Vec<String>,
}

impl Reply {
    /// Whether all of it is understood, and it says something.
    fn is_clear(&self) -> bool {
        self.unclear.is_none() && self.strange.is_empty()
    }
}

/// Longest text that is read, and longest that is shown to a person, in characters.
const LONGEST: (usize, usize) = (8_000, 2_000);

/// Reads a reply from its text part, else from its HTML part. `today` is the day on which the
/// vendor wrote; dates such as `Friday` and `12/3` count from it.
pub fn read(text: Option<&str>, rich: Option<&str>, asked: AskedPo<'_>, today: NaiveDate) -> Reply {
    let Some(parts) = parts(text, rich) else {
        return unread("(the reply holds no text of the vendor's own)".to_owned());
    };
    let first = read_parts(&parts, asked, today);
    if first.is_clear() {
        return first;
    }
    let eased = ease::of(&parts, asked, today).map(|parts| read_parts(&parts, asked, today));
    eased.filter(Reply::is_clear).unwrap_or(first)
}

/// Reads what is the vendor's own of a reply.
fn read_parts(parts: &quote::QuoteParts, asked: AskedPo<'_>, today: NaiveDate) -> Reply {
    let own = parts.own();
    let mut reply = loosely(parts, asked, today);
    if reply.unclear.is_some() {
        let known = without_arrivals(parts, asked, today);
        let known = known.map(|parts| loosely(&parts, asked, today));
        reply = known
            .filter(|known| known.unclear.is_none())
            .unwrap_or(reply);
    }
    if own.trim().is_empty() || own.chars().count() > LONGEST.0 {
        return reply;
    }
    let plain = plain::read(&own, asked, today, &plain::KnownBeside::default());
    if reply.per_line.is_empty() && plain.only_yes() {
        return Reply {
            per_line: vec![(Scope::All, Ack::Accepted)],
            nod: true,
            ..Reply::default()
        };
    }
    let receipt = plain.receipt && plain.never.is_empty() && !plain.left;
    if reply.per_line.is_empty() && receipt && !plain::is_greeting(&own) {
        return of_receipt(&plain).unwrap_or_else(|| unread(own.chars().take(LONGEST.1).collect()));
    }
    let no = |(_, ack): &(Scope, Ack)| matches!(ack, Ack::Rejected { .. });
    if reply.per_line.iter().all(no)
        && let Some(reason) = plain::refuses(&own, asked, today)
    {
        return Reply {
            per_line: vec![(
                Scope::All,
                Ack::Rejected {
                    reason: reason.to_owned(),
                },
            )],
            ..Reply::default()
        };
    }
    let nods = reply.nod && !plain.miscounted;
    if nods || plain.strange.is_empty() {
        let reply = Reply {
            strange: plain.strange,
            ..reply
        };
        return with_days(reply, &plain.leaves)
            .unwrap_or_else(|| unread(own.chars().take(LONGEST.1).collect()));
    }
    // what nobody understands may take back the yes beside it ("Confirmed. Only one left."): a person
    // reads all of it, and nothing of it acts
    Reply {
        unclear: Some(own.chars().take(LONGEST.1).collect()),
        strange: plain.strange,
        ..Reply::default()
    }
}

/// What is said by words of a receipt, of an order that is worked on where it is accepted, with the day on which
/// they say that it leaves; `None` where they name two.
fn of_receipt(plain: &plain::Plain) -> Option<Reply> {
    let accepted = plain.underway || plain.yes;
    let yes = accepted.then_some((Scope::All, Ack::Accepted));
    let reply = Reply {
        per_line: yes.into_iter().collect(),
        nod: accepted,
        receipt: !accepted,
        ..Reply::default()
    };
    with_days(reply, &plain.leaves)
}

/// An answer with the days on which its words of what is under way say that the order leaves: a yes to all gets
/// the one that they name, and an answer that has days has those; `None` where they differ.
fn with_days(mut reply: Reply, leaves: &[NaiveDate]) -> Option<Reply> {
    if reply.unclear.is_some() {
        return Some(reply);
    }
    for day in leaves {
        let of = |(_, ack): &(Scope, Ack)| match ack {
            Ack::ShipDate { date } => Some(*date),
            Ack::Backordered { until } => *until,
            Ack::Accepted | Ack::Rejected { .. } => None,
        };
        let days: Vec<NaiveDate> = reply.per_line.iter().filter_map(of).collect();
        let plain = |said: &(Scope, Ack)| *said == (Scope::All, Ack::Accepted);
        match days.contains(day) {
            true => {}
            false if days.is_empty() && reply.per_line.iter().all(plain) => {
                reply
                    .per_line
                    .push((Scope::All, Ack::ShipDate { date: *day }));
            }
            false => return None,
        }
    }
    Some(reply)
}

/// The text without the days on which goods arrive; `None` where it names none.
fn without_arrivals(
    parts: &quote::QuoteParts,
    asked: AskedPo<'_>,
    today: NaiveDate,
) -> Option<quote::QuoteParts> {
    let mut rest = parts.clone();
    let mut found = false;
    for segment in &mut rest.segments {
        if let Some(own) = plain::arrival::without(&segment.own, asked, today) {
            segment.own = own;
            found = true;
        }
    }
    found.then_some(rest)
}

/// The parts of a reply's text, else of its HTML; `None` when nothing in it is the sender's own.
fn parts(text: Option<&str>, rich: Option<&str>) -> Option<quote::QuoteParts> {
    let own = |text: &str| Some(quote::parts(text)).filter(|parts| !parts.segments.is_empty());
    text.and_then(own)
        .or_else(|| rich.and_then(|rich| own(&html::to_text(rich))))
}

fn unread(shown: String) -> Reply {
    Reply {
        unclear: Some(shown),
        ..Reply::default()
    }
}

/// Reads a reply by the words that it has; sentences that have none of them are passed over.
fn loosely(parts: &quote::QuoteParts, asked: AskedPo<'_>, today: NaiveDate) -> Reply {
    let own = parts.own();
    let shown: String = own.chars().take(LONGEST.1).collect();
    if own.chars().count() > LONGEST.0 {
        return unread(shown);
    }
    let mut verdict = verdict::ReplyVerdict::new(asked);
    for segment in &parts.segments {
        let context = match parts.interleaved {
            true => answers_to(&segment.above, asked),
            false => Vec::new(),
        };
        acts::read(&segment.own, &context, asked, today, &mut verdict);
    }
    if verdict.is_silent() && plain_acceptance::is_one(&own, asked.vendor) {
        verdict.say(&[], Ack::Accepted);
        return Reply {
            nod: true,
            ..verdict.reply(shown)
        };
    }
    verdict.reply(shown)
}

/// The vendor's own text, to be shown to a person.
pub fn own_words(text: Option<&str>, rich: Option<&str>) -> String {
    let own = quote::own_words(text, rich).unwrap_or_default();
    own.chars().take(LONGEST.1).collect()
}

/// The lines that the quoted text right above an answer names; an entry of a purchase order may have
/// its numbers above its description.
fn answers_to(above: &[String], asked: AskedPo<'_>) -> Vec<usize> {
    let words = above
        .iter()
        .take_while(|line| line.chars().any(char::is_alphanumeric));
    let mut lines = words.map(|line| mask::skus_in(line, asked));
    lines.find(|lines| !lines.is_empty()).unwrap_or_default()
}
