//! What a trusted document changes: answers to purchase orders, and shipments.
//!
//! The document says *what*; who may say it for which purchase order is in [`ProvedPaper`], proved before.
//! Whatever cannot be acted on becomes an exception for that row, and the rest goes through. The
//! same word twice changes nothing.

pub mod advise;
mod agrees;
mod amended;
pub mod answer;
pub mod arrival;
mod beside;
pub mod billed;
pub mod cancellation;
mod columns;
mod counted;
pub mod days;
mod enclosed;
pub mod files;
mod heard;
mod held;
mod judge;
pub mod letter;
mod matching;
mod named;
mod one_parcel;
mod own_words;
mod parcels;
mod passed_on;
mod quoted;
pub mod refused;
mod release;
mod remit;
pub mod revision;
mod several;
pub mod silent;
pub mod standing;
mod tables;
mod titles;
mod unread;
pub mod withdraw;

pub use amended::{amended, amendment};
pub use held::Noted;
pub use release::{again, possible};
pub use tables::UNTAKEN;

use crate::domain::codes::{Code, Severity};
use crate::domain::foreign::cut;
pub use crate::domain::rule_settings::RuleSettings;
use crate::ledger::exceptions::Subject;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::shipments::Origin;
use crate::ledger::{Result, Tx};
use crate::vendor_docs::reply::AskedLine;
use chrono::{DateTime, Utc};

/// A document whose sender is proved.
#[derive(Clone, Copy)]
pub struct ProvedPaper<'a> {
    /// Where it comes from.
    pub origin: Origin<'a>,
    /// Whose it is; `None` only for an admin's file that may be about any vendor.
    pub vendor: Option<&'a str>,
    /// The one purchase order that it may be about, when its reply token proves no more than that.
    pub only_po: Option<i64>,
    /// The purchase order that it is about when it names none.
    pub about: Option<i64>,
    /// Every row names the same order: a number that poms does not know is the vendor's own then.
    pub sole: bool,
    /// When it was written, as far as that is proved: an older word never overrides a newer one.
    /// `None` where a person vouches for it now.
    pub written: Option<DateTime<Utc>>,
    /// The site's severities.
    pub settings: &'a RuleSettings,
    /// The checks that a person overrode for it, each only itself.
    pub released: &'a [String],
}

impl ProvedPaper<'_> {
    /// Whether a person overrode this check.
    fn overrides(&self, check: &str) -> bool {
        self.released.iter().any(|one| one == check)
    }
}

/// Why a row, or an answer, is not acted on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The exception's code.
    pub code: Code,
    /// Which check it is: one code may stand for several. It is what a release overrides.
    pub check: &'static str,
    /// In a sentence.
    pub message: String,
    /// The purchase order, where one was found that the sender may speak for.
    pub po: Option<i64>,
}

impl Hold {
    fn new(code: Code, message: impl Into<String>) -> Hold {
        Hold {
            code,
            check: code.as_str(),
            message: message.into(),
            po: None,
        }
    }

    /// As one of several checks of a code.
    fn check(self, check: &'static str) -> Hold {
        Hold { check, ..self }
    }

    fn about(self, po: &PoRow) -> Hold {
        Hold {
            po: Some(po.id),
            ..self
        }
    }
}

/// The lines of a purchase order as its vendor may name them.
fn asked_lines(po: &PoRow, lines: &[LineState]) -> Vec<AskedLine> {
    let printed = po.document["lines"].as_array();
    let description = |line: i64| {
        let mut all = printed.into_iter().flatten();
        let found = all.find(|one| one["line"].as_i64() == Some(line));
        found.and_then(|one| one["description"].as_str())
    };
    let asked = lines.iter().map(|line| AskedLine {
        line: line.line,
        sku: line.sku.clone(),
        vendor_sku: line.vendor_sku.clone(),
        description: description(line.line).unwrap_or_default().to_owned(),
        ordered: line.pieces.ordered,
        open: line.pieces.open(),
        unit_cost: Some(line.unit_cost),
    });
    asked.collect()
}

/// What an exception about a purchase order belongs to.
fn subject(po: &PoRow, message: Option<i64>) -> Subject {
    Subject {
        message,
        order: Some(po.order_id),
        po: Some(po.id),
        delivery: None,
    }
}

/// What an exception about a document belongs to that names no purchase order which it may be about.
fn unnamed(paper: &ProvedPaper) -> Subject {
    Subject {
        message: paper.origin.message,
        ..Subject::default()
    }
}

/// What an exception about a document belongs to: the purchase order that is found in it, else the one to
/// whose address it came, else the message alone.
fn tied(tx: &Tx, paper: &ProvedPaper, found: Option<i64>) -> Result<Subject> {
    match found.or(paper.about) {
        Some(po) => Ok(subject(&tx.po(po)?, paper.origin.message)),
        None => Ok(unnamed(paper)),
    }
}

/// Why an article is none of a purchase order's, with those that are.
pub fn no_such_sku(sku: &str, number: &str, lines: &[LineState]) -> String {
    const SHOWN: usize = 8;
    let one = |line: &LineState| match line.vendor_sku == line.sku || line.vendor_sku.is_empty() {
        true => line.sku.clone(),
        false => format!("{} (the vendor's {})", line.sku, line.vendor_sku),
    };
    let mut all: Vec<String> = lines.iter().map(one).collect();
    all.dedup();
    let more = match all.len().saturating_sub(SHOWN) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    all.truncate(SHOWN);
    format!(
        "SKU '{}' is not on purchase order {number}, which has {}{more}",
        cut(sku, 60),
        all.join(", ")
    )
}

/// Puts an exception about a purchase order on the list, unless the site has turned its code off.
fn open(tx: &Tx, settings: &RuleSettings, code: Code, po: &PoRow, message: &str) -> Result<()> {
    let severity = settings.severity(code);
    if severity != Severity::Off {
        tx.open_exception(code, severity, &po.entity(), subject(po, None), message)?;
    }
    Ok(())
}
