//! Order formats: one file each, one registry. A document that none or two of them claim is held.

mod json;
mod poms_json;

pub use json::parse;

use crate::domain::order::Order;
use serde_json::Value;

/// One order format.
pub struct Format {
    /// Its name in the ledger and to people.
    pub name: &'static str,
    /// What it is, and where it is defined.
    pub about: &'static str,
    /// Whether the document is of this format; decided by what it contains, never by its name.
    pub claims: fn(&Value) -> bool,
    /// Reads the order; the error names the key that is missing or wrong, and what it should be.
    pub read: fn(&Value) -> Result<Order, String>,
}

/// Every format that poms reads. A new one is a file of its own and a line here.
pub static FORMATS: &[Format] = &[poms_json::FORMAT];

/// Why a document is no order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
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
    #[error("the JSON is of no order format that poms knows ({0})")]
    Unclaimed(String),
    /// More than one format claims it, and poms does not guess.
    #[error("the JSON could be {0}: poms does not guess")]
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

/// Reads an order by the one format that claims the document. Returns the format's name with it.
///
/// # Errors
/// When no format or more than one claims it, or the one that does finds a fault.
pub fn read(document: &Value) -> Result<(&'static str, Order), FormatError> {
    let claimants: Vec<&Format> = FORMATS.iter().filter(|f| (f.claims)(document)).collect();
    match claimants.as_slice() {
        [] => Err(FormatError::Unclaimed(
            FORMATS
                .iter()
                .map(|f| f.name)
                .collect::<Vec<_>>()
                .join(", "),
        )),
        [format] => match (format.read)(document) {
            Ok(order) => Ok((format.name, order)),
            Err(reason) => Err(FormatError::Malformed {
                format: format.name,
                reason,
            }),
        },
        several => Err(FormatError::Ambiguous(
            several
                .iter()
                .map(|f| f.name)
                .collect::<Vec<_>>()
                .join(" or "),
        )),
    }
}
