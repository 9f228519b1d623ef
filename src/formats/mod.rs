//! Order formats: one file each, one registry. A document that none or two of them claim is held.
//!
//! A format turns a [`OrderDocument`] (bytes) into orders in their *canonical form*: poms JSON, as the
//! contract has it. From there on no format is asked again: card numbers are masked in the canonical
//! form, [`order`] reads it, the ledger keeps it, amendments change it by path.
//!
//! Beside poms' own there are the formats that a site describes in files ([`mapped`]): they join the
//! others where a site is opened ([`OrderFormats`]).

mod canonical;
mod document;
mod json;
pub mod mapped;
mod near;
mod shop;

pub use canonical::{InvalidOrder, order};
pub use document::OrderDocument;

use crate::domain::registry::registry;
use mapped::MappedFormat;
use serde_json::Value;
use std::sync::Arc;

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
    /// names what is missing or wrong, where, and what it should be; that of one order keeps no other.
    pub read: fn(&OrderDocument) -> OrdersRead,
}

/// The orders of a document in their sequence there, each in its canonical form or with its own fault;
/// an error where nothing in it can be told apart.
pub type OrdersRead = Result<Vec<Result<Value, FormatError>>, FormatError>;

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
    #[error("the text is not JSON (line {line}, column {column})")]
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
    /// It looks like something that poms knows, and is not quite that.
    #[error("{0}")]
    Near(String),
    /// The shop's own state says that the order is nothing to poms.
    #[error("order {number} is left out: {reason}")]
    LeftOut {
        /// The order's number.
        number: String,
        /// What the shop says.
        reason: String,
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
        format: String,
        /// What is wrong, naming the key.
        reason: String,
    },
    /// One order that cannot be read, of which the number is known all the same.
    #[error("{fault}")]
    OfOrder {
        /// The order's number.
        number: String,
        /// What is wrong.
        fault: Box<FormatError>,
    },
}

impl FormatError {
    /// The same of the order of this number, where that is known.
    pub fn of_order(self, number: &str) -> FormatError {
        match (&self, number) {
            (FormatError::LeftOut { .. } | FormatError::OfOrder { .. }, _) | (_, "") => self,
            _ => FormatError::OfOrder {
                number: number.to_owned(),
                fault: Box::new(self),
            },
        }
    }

    /// The number of the order that cannot be read; empty where it is not known.
    pub fn number(&self) -> &str {
        match self {
            FormatError::OfOrder { number, .. } | FormatError::LeftOut { number, .. } => number,
            _ => "",
        }
    }
}

/// What the one format that claims a document found in it.
pub struct FoundOrders {
    /// The format's name.
    pub format: String,
    /// The orders in their canonical form, card numbers not yet masked, or why one cannot be read; one
    /// at least.
    pub orders: Vec<Result<Value, FormatError>>,
}

/// The formats that a site reads: poms' own, and those that the site describes itself.
#[derive(Clone, Default)]
pub struct OrderFormats {
    own: Arc<Vec<MappedFormat>>,
}

impl OrderFormats {
    /// poms' own formats and these.
    pub fn with(own: Vec<MappedFormat>) -> OrderFormats {
        OrderFormats { own: Arc::new(own) }
    }

    /// Those that the site describes itself.
    pub fn own(&self) -> &[MappedFormat] {
        &self.own
    }

    /// Name and words of each, poms' own first.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        let built_in = FORMATS.iter().map(|format| (format.name, format.about));
        let own = self.own.iter().map(|own| (own.name(), own.about()));
        built_in.chain(own)
    }

    /// Finds the orders in a document by the one format that claims it.
    ///
    /// # Errors
    /// When no format or more than one claims it, or the one that does finds a fault or no order.
    pub fn find(&self, document: &OrderDocument) -> Result<FoundOrders, FormatError> {
        let built_in: Vec<&OrderFormat> = FORMATS.iter().filter(|f| (f.claims)(document)).collect();
        let own: Vec<&MappedFormat> = self.own.iter().filter(|f| f.claims(document)).collect();
        let (name, orders) = match (built_in.as_slice(), own.as_slice()) {
            ([], []) => return Err(self.unknown(document)),
            ([format], []) => (format.name, (format.read)(document)?),
            ([], [own]) => (own.name(), own.read(document)?),
            _ => {
                let names = built_in.iter().map(|format| format.name);
                let names: Vec<&str> = names.chain(own.iter().map(|own| own.name())).collect();
                return Err(FormatError::Ambiguous(names.join(" or ")));
            }
        };
        if orders.is_empty() {
            return Err(FormatError::Malformed {
                format: name.to_owned(),
                reason: "there is no order in it".to_owned(),
            });
        }
        Ok(FoundOrders {
            format: name.to_owned(),
            orders,
        })
    }

    /// Whether a document could hold orders: some format claims it, or it is JSON, by which most shops
    /// write, and so deserves to be told as what it is not.
    pub fn may_be_orders(&self, document: &OrderDocument) -> bool {
        document.is_json()
            || FORMATS.iter().any(|format| (format.claims)(document))
            || self.own.iter().any(|own| own.claims(document))
    }

    /// Why no format claims it.
    fn unknown(&self, document: &OrderDocument) -> FormatError {
        let fault = match document.json() {
            Ok(_) => None,
            Err(fault @ FormatError::Unreadable(_)) => return fault,
            Err(fault) => (document.states_json() || document.begins_as_json()).then_some(fault),
        };
        if let Some(fault) = fault {
            return fault;
        }
        let own = self.own.iter().find_map(|own| own.nearly(document));
        if let Some(said) = own.or_else(|| near::said(document)) {
            return FormatError::Near(said);
        }
        let what = match document.json() {
            Ok(_) => "JSON",
            Err(_) => "document",
        };
        FormatError::Unclaimed {
            what,
            known: self.names(),
        }
    }

    /// All names, for people.
    fn names(&self) -> String {
        let names: Vec<&str> = self.all().map(|(name, _)| name).collect();
        names.join(", ")
    }
}

/// Whether a format is poms' own, and not one that a site describes.
pub fn is_built_in(name: &str) -> bool {
    FORMATS.iter().any(|format| format.name == name)
}

/// Finds the orders in a document by poms' own formats.
///
/// # Errors
/// As [`OrderFormats::find`].
pub fn find(document: &OrderDocument) -> Result<FoundOrders, FormatError> {
    OrderFormats::default().find(document)
}

fn unclaimed(what: &'static str) -> FormatError {
    FormatError::Unclaimed {
        what,
        known: OrderFormats::default().names(),
    }
}
