//! Vendors' replies to a purchase order: what is clear acts, what is not becomes an exception with
//! the text, never a guess. Whether the sender may answer for the order is decided elsewhere.

mod acts;
pub mod beside;
mod mask;
pub mod structured;
mod verdict;
mod when;
mod words;

#[cfg(test)]
mod tests;

use crate::shipping::text::{html, quote};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The purchase order that a reply answers.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Its number, as it stood in the mail to the vendor.
    pub po_number: &'a str,
    /// Its lines.
    pub lines: &'a [AskedLine],
}

/// One line of it, by both its numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskedLine {
    /// The shop's SKU, which answers name.
    pub sku: String,
    /// The vendor's number for it; may be empty.
    pub vendor_sku: String,
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
    /// contradiction, or nothing that poms understands. `per_line` then holds only lines that the
    /// doubt does not touch.
    pub unclear: Option<String>,
}

/// Longest text that is read, and longest that is shown to a person, in characters.
const LONGEST: (usize, usize) = (8_000, 2_000);

/// Reads a reply from its text part, else from its HTML part. `today` is the day on which the
/// vendor wrote; dates such as `Friday` and `12/3` count from it.
pub fn read(text: Option<&str>, rich: Option<&str>, asked: Asked<'_>, today: NaiveDate) -> Reply {
    let own_words = |text: &str| {
        let parts = quote::parts(text);
        (!parts.segments.is_empty()).then_some(parts)
    };
    let parts = text
        .and_then(own_words)
        .or_else(|| rich.and_then(|rich| own_words(&html::to_text(rich))));
    let Some(parts) = parts else {
        return Reply {
            per_line: Vec::new(),
            unclear: Some("(the reply holds no text of the vendor's own)".to_owned()),
        };
    };
    let own = parts.own();
    let shown: String = own.chars().take(LONGEST.1).collect();
    if own.chars().count() > LONGEST.0 {
        return Reply {
            per_line: Vec::new(),
            unclear: Some(shown),
        };
    }
    let mut verdict = verdict::Verdict::new(asked);
    for segment in &parts.segments {
        let above = segment.above.as_deref().filter(|_| parts.interleaved);
        let context = above.map_or_else(Vec::new, |line| mask::skus_in(line, asked));
        acts::read(&segment.own, &context, asked, today, &mut verdict);
    }
    verdict.reply(shown)
}
