//! Shops by their own interfaces: orders are read out of them, and they are told what was shipped.
//!
//! A walk through a shop's orders goes by the moment of their last change, the oldest first: an order that
//! changes while the walk is under way only moves towards its end, and is met there again. Each walk begins
//! [`OVERLAP`] before the point up to which the last one saw everything, for what a shop shows later than it
//! dates it; what comes twice is known again by its identity and content. A page that is not whole, or does not
//! follow from what was asked, is no page: the cursor stays where it is.

pub mod compared;
pub mod settings;
pub mod shopify;
pub mod told;
pub mod woocommerce;

use crate::domain::lifecycle::MessageState;
use crate::http::{Failure, Reason};
use crate::intake::source::{
    Again, Budget, Cursor, DocumentContent, DocumentName, Page, Source, SourceChecked,
    SourceDocument, SourceFailure, Vouched,
};
use crate::net;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use std::time::Duration;

/// So long before the end of the last walk the next one begins.
pub const OVERLAP: TimeDelta = TimeDelta::minutes(10);
/// The longest answer that is read, in bytes.
pub const LONGEST_ANSWER: u64 = 32 << 20;
/// A shop that does not say for how long it has enough of us is left alone for so long.
pub const REST: Duration = Duration::from_secs(60);
/// The longest time for which a shop may ask to be left alone.
const LONGEST_REST: Duration = Duration::from_secs(3600);

/// Why a shop did not do what was asked. Never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopFault {
    /// What failed, and where.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
    /// What it means for whoever asked.
    pub kind: ShopFaultKind,
}

/// What a fault means for whoever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShopFaultKind {
    /// Nothing was done; the next run may fare better.
    Passing,
    /// Nothing was done; the shop has enough of us for so long.
    Busy(Duration),
    /// Nothing was done, nor will be until a person mends something: the shop lets us do nothing of the kind.
    Lasting,
    /// Nothing was done: the shop refuses this one thing.
    Refused,
    /// It may have been done: no answer came, or none that says.
    Unknown,
}

impl ShopFault {
    fn new(kind: ShopFaultKind, what: impl Into<String>, remedy: &str) -> ShopFault {
        ShopFault {
            what: what.into(),
            remedy: remedy.to_owned(),
            kind,
        }
    }

    fn passing(what: impl Into<String>) -> ShopFault {
        ShopFault::new(ShopFaultKind::Passing, what, "")
    }

    fn lasting(what: impl Into<String>, remedy: &str) -> ShopFault {
        ShopFault::new(ShopFaultKind::Lasting, what, remedy)
    }

    fn refused(what: impl Into<String>, remedy: &str) -> ShopFault {
        ShopFault::new(ShopFaultKind::Refused, what, remedy)
    }

    fn unknown(what: impl Into<String>) -> ShopFault {
        ShopFault::new(ShopFaultKind::Unknown, what, "")
    }

    fn busy(what: impl Into<String>, rest: Option<Duration>) -> ShopFault {
        let rest = rest.unwrap_or(REST).min(LONGEST_REST);
        ShopFault::new(ShopFaultKind::Busy(rest), what, "")
    }

    /// No whole answer came.
    fn of_failure(shop: &str, failure: &Failure) -> ShopFault {
        let why = match failure.reason() {
            Reason::Late => "did not answer in time".to_owned(),
            Reason::Broken(why) => {
                format!("could not be asked: {}", net::explained_of_certificate(why))
            }
            Reason::TooLong(most) => format!("gave an answer of more than {most} bytes"),
        };
        let what = format!("{shop} {why}");
        match failure {
            Failure::NotSent(_) => ShopFault::passing(what),
            Failure::Unknown(_) => ShopFault::unknown(what),
        }
    }

    /// For who only reads, for whom it makes no difference whether a question was taken.
    pub fn of_source(self, now: DateTime<Utc>) -> SourceFailure {
        SourceFailure {
            what: self.what,
            remedy: self.remedy,
            again: match self.kind {
                ShopFaultKind::Passing | ShopFaultKind::Unknown => Again::NextRun,
                ShopFaultKind::Lasting | ShopFaultKind::Refused => Again::WhenMended,
                ShopFaultKind::Busy(rest) => {
                    let rest = TimeDelta::from_std(rest).unwrap_or(TimeDelta::minutes(1));
                    Again::At(now + rest)
                }
            },
        }
    }
}

/// For where there is room for one sentence.
impl std::fmt::Display for ShopFault {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.what)?;
        match self.remedy.as_str() {
            "" => Ok(()),
            remedy => write!(out, "; {remedy}"),
        }
    }
}

/// The status of an answer that is none to what was asked; `None` where it may be one.
fn refusal(shop: &str, status: u16, rest: Option<Duration>) -> Option<ShopFault> {
    Some(match status {
        200..=299 => return None,
        300..=399 => ShopFault::lasting(
            format!("{shop} sends elsewhere ({status}), and redirects are not followed"),
            "write the address at which it answers itself",
        ),
        429 | 430 => ShopFault::busy(
            format!("{shop} has enough of our requests ({status})"),
            rest,
        ),
        503 if rest.is_some() => ShopFault::busy(format!("{shop} is out of service (503)"), rest),
        408 | 500.. => ShopFault::unknown(format!("{shop} failed ({status})")),
        _ => return None,
    })
}

/// A moment as shops are asked for it, in whole seconds.
fn seconds(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The orders of a shop, as a source of documents.
pub trait ShopOrders: Send {
    /// The source's name.
    fn source_name(&self) -> &str;

    /// The page behind the words of a cursor.
    ///
    /// # Errors
    /// When it is not to be had whole.
    fn page(&mut self, words: Option<&str>, budget: &Budget) -> Result<Page, ShopFault>;

    /// Tries the shop for real.
    ///
    /// # Errors
    /// What is wrong.
    fn look(&mut self, now: DateTime<Utc>) -> Result<SourceChecked, ShopFault>;
}

impl<T: ShopOrders> Source for T {
    fn name(&self) -> &str {
        self.source_name()
    }

    fn poll(&mut self, after: Option<&Cursor>, budget: &Budget) -> Result<Page, SourceFailure> {
        let page = self.page(after.map(Cursor::as_str), budget);
        page.map_err(|fault| fault.of_source(budget.now))
    }

    fn settle(&mut self, _: &DocumentName, _: MessageState) -> Result<(), SourceFailure> {
        Ok(())
    }

    fn check(&mut self, now: DateTime<Utc>) -> Result<SourceChecked, SourceFailure> {
        let found = self.look(now);
        found.map_err(|fault| fault.of_source(now))
    }
}

/// Where the walk begins that follows one from `from` on, begun at `begun`, which met `seen` last and came to its
/// end. A walk may take hours, over many runs, and what the shop showed late while it was under way may lie behind
/// it: no further than its own beginning.
fn next_from(
    from: DateTime<Utc>,
    begun: DateTime<Utc>,
    seen: Option<DateTime<Utc>>,
) -> DateTime<Utc> {
    seen.unwrap_or(from).max(from).min(begun.max(from))
}

/// The moment before which everything that changed was read, by the words of a shop's cursor; `None` where they are
/// none.
pub fn read_until(cursor: &str) -> Option<DateTime<Utc>> {
    let words: serde_json::Value = serde_json::from_str(cursor).ok()?;
    let moment = |key: &str| words[key].as_str().and_then(crate::clock::parse);
    let met = moment("seen").or_else(|| moment("at"));
    let from = moment("from")?;
    Some(met.map_or(from, |met| met.max(from)) - OVERLAP)
}

/// The words of a cursor by which the next walk begins at a moment.
pub fn cursor_at(from: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let (from, begun) = (crate::clock::text(from), crate::clock::text(now));
    serde_json::json!({"from": from, "begun": begun}).to_string()
}

/// What the identity of a shop's document begins with, by the shop's key of the order; the moment of its change
/// follows.
pub fn identity_of(id: &str) -> String {
    format!("order {id} as of ")
}

/// One order as a shop gave it. By content: shops date changes by the second, and orders change within one.
fn document(id: &str, changed: &str, json: Vec<u8>, largest: u64) -> SourceDocument {
    let size = json.len() as u64;
    let content = match size > largest {
        false => DocumentContent::Whole(json),
        true => DocumentContent::TooLarge {
            size,
            head: json[..json.len().min(crate::intake::mailbox::HEAD)].to_vec(),
            mark: changed.to_owned(),
        },
    };
    SourceDocument {
        name: DocumentName {
            identity: format!("{}{changed}", identity_of(id)),
            by_content: true,
            file_name: format!("order-{id}.json"),
            media_type: "application/json".to_owned(),
            vouched: Vouched::Api,
        },
        content,
        follows: None,
    }
}
