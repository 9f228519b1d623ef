//! Order formats: one file each, one registry. A document that none or two of them claim is held.
//!
//! A format turns a [`OrderDocument`] (bytes) into orders in their *canonical form*: poms JSON, as the
//! contract has it. From there on no format is asked again: card numbers are masked in the canonical
//! form, [`order`] reads it, the ledger keeps it, amendments change it by path.

mod canonical;
mod document;
mod json;
mod shop;

pub use canonical::{InvalidOrder, order};
pub use document::OrderDocument;

use crate::domain::registry::registry;
use serde_json::Value;

/// One order format.
pub struct OrderFormat {
    /// Its name in the ledger and to people.
    pub name: &'static str,
    /// What it is, and where it is defined.
    pub about: &'static str,
    /// Whether the document is of this format. Decided by what it contains: what is stated of it
    /// (media type, file name) may speak against it, never alone for it. Asked of every part of a
    /// mail: quick, and quiet about what it does not know.
    pub claims: fn(&OrderDocument) -> bool,
    /// The orders in the document, in their sequence there, each in its canonical form. What the
    /// format has and poms does not know goes under keys of its own: it is kept and shown. An error
    /// names what is missing or wrong, where, and what it should be.
    pub read: fn(&OrderDocument) -> Result<Vec<Value>, FormatError>,
}

registry! {
    /// Every format that poms reads. A new one is a file of its own, its name here, and a folder of
    /// `fixtures/orders`.
    pub static FORMATS: OrderFormat =
        poms_json, shopify, shopify_graphql, woocommerce, bigcommerce, magento, amazon_df,
}

/// Why a document is no order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// Bytes that are not the text that they should be.
    #[error("{0}")]
    Unreadable(String),
    /// Not JSON at all.
    #[error("the decrypted text is not JSON (line {line}, column {column})")]
    NotJson {
        /// Where, from 1.
        line: usize,
        /// In characters from 1.
        column: usize,
    },
    /// A key that stands twice in one object.
    #[error(
        "the key {key} stands twice (the second ends at line {line}, column {column}): \
         which of the two counts is not certain"
    )]
    Doubled {
        /// Its path, such as `lines[1].qty`.
        key: String,
        /// Where the second ends, from 1.
        line: usize,
        /// In characters from 1.
        column: usize,
    },
    /// No format knows it.
    #[error("the {what} is of no order format that poms knows ({known})")]
    Unclaimed {
        /// What it is instead: JSON, or a document.
        what: &'static str,
        /// The names of the formats that there are.
        known: String,
    },
    /// More than one format claims it, and poms does not guess.
    #[error("the document could be {0}: poms does not guess")]
    Ambiguous(String),
    /// Of a known format, but not as the format has it.
    #[error("not a valid {format} order: {reason}")]
    Malformed {
        /// The format's name.
        format: &'static str,
        /// What is wrong, naming the key.
        reason: String,
    },
}

/// What the one format that claims a document found in it.
pub struct FoundOrders {
    /// The format's name.
    pub format: &'static str,
    /// The orders in their canonical form, card numbers not yet masked; one at least.
    pub orders: Vec<Value>,
}

/// Finds the orders in a document by the one format that claims it.
///
/// # Errors
/// When no format or more than one claims it, or the one that does finds a fault or no order.
pub fn find(document: &OrderDocument) -> Result<FoundOrders, FormatError> {
    let claimants: Vec<&OrderFormat> = FORMATS.iter().filter(|f| (f.claims)(document)).collect();
    match claimants.as_slice() {
        [] => Err(unknown(document)),
        [format] => match (format.read)(document)? {
            orders if orders.is_empty() => Err(FormatError::Malformed {
                format: format.name,
                reason: "there is no order in it".to_owned(),
            }),
            orders => Ok(FoundOrders {
                format: format.name,
                orders,
            }),
        },
        several => Err(FormatError::Ambiguous(names(several, " or "))),
    }
}

/// Whether a document could hold orders: some format claims it, or it is JSON, by which most shops
/// write, and so deserves to be told as what it is not.
pub fn may_be_orders(document: &OrderDocument) -> bool {
    document.is_json() || FORMATS.iter().any(|format| (format.claims)(document))
}

/// Why no format claims it.
fn unknown(document: &OrderDocument) -> FormatError {
    match document.json() {
        Ok(_) => unclaimed("JSON"),
        Err(fault @ FormatError::Unreadable(_)) => fault,
        Err(fault) if document.states_json() || document.begins_as_json() => fault,
        Err(_) => unclaimed("decrypted document"),
    }
}

fn unclaimed(what: &'static str) -> FormatError {
    FormatError::Unclaimed {
        what,
        known: names(&FORMATS.iter().collect::<Vec<_>>(), ", "),
    }
}

fn names(formats: &[&OrderFormat], between: &str) -> String {
    let names: Vec<&str> = formats.iter().map(|format| format.name).collect();
    names.join(between)
}
