//! Shipping advices: the vendor's word that goods left. One file for each format, one registry. A
//! document that none or two formats claim is held; a row that makes no sense is an error for that
//! row, and the rest goes through.
//!
//! Reading trusts nobody and decides nothing: who may say this for which purchase order is decided
//! where the rows are matched.

mod carrier_cell;
mod carrier_mail;
mod counted;
mod headers;
mod key_value;
mod pairs;
mod prose;
mod row;
mod ship_to;
mod source;
mod table;
mod tracking;

#[cfg(test)]
mod tests;

pub use carrier_mail::carrier_of;
pub use headers::{AdviceField, field_of, words_of};
pub use ship_to::ship_tos;
pub use source::{AdviceSource, Document, Mail};
pub use table::{above, is_footer, total_of};

pub use crate::tabular::RowError;

use crate::domain::spreadsheet::too_wide;
use crate::vendor_docs::columns::Beside;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One format of shipping advice.
pub struct AdviceFormat {
    /// Its name in the ledger and to people; the folder of its fixtures.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Whether the document is of this format; decided by what it says, never by a file's name.
    pub claims: fn(&AdviceSource) -> bool,
    /// Reads the rows; `today` settles dates that can be read in two ways.
    pub read: fn(&AdviceSource, NaiveDate) -> Rows,
}

/// Every advice format. A new one is a file of its own, a line here and a folder of fixtures.
pub static FORMATS: &[AdviceFormat] = &[
    table::FORMAT,
    key_value::FORMAT,
    carrier_mail::ups::FORMAT,
    carrier_mail::fedex::FORMAT,
    carrier_mail::usps::FORMAT,
    carrier_mail::dhl::FORMAT,
];

/// Most rows that are read from one document.
pub const MAX_ROWS: usize = 50_000;

/// What one document says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// The format that read it.
    pub format: String,
    /// The rows that make sense, in the order of the document.
    pub rows: Vec<AdviceRow>,
    /// The rows that do not.
    pub errors: Vec<RowError>,
}

/// Rows read, and rows refused.
pub type Rows = (Vec<AdviceRow>, Vec<RowError>);

/// One row: goods of a purchase order in one parcel, as far as the document says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdviceRow {
    /// Line of the document, from 1; 0 when the subject says it.
    pub line: usize,
    /// Our purchase order's number, or the order's number, as the vendor wrote it.
    pub po_number: Option<String>,
    /// Whether it stood where only our number can stand (`PO Number`): it is no number of the vendor's own
    /// then. A row that waited for a person is not asked again.
    #[serde(skip)]
    pub asks_for_ours: bool,
    /// Another number of ours that the vendor gave: reference, invoice, order.
    pub reference: Option<String>,
    /// The vendor's own number for the order.
    pub vendor_order_number: Option<String>,
    /// The SKU, ours or the vendor's; `None` when the document does not name one.
    pub sku: Option<String>,
    /// The place of the goods on the purchase order, where it stands in place of a SKU.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub po_line: Option<i64>,
    /// Pieces; `None` when the document does not say, which is not "all".
    pub qty: Option<i64>,
    /// The carrier's code in [`crate::carriers::CARRIERS`].
    pub carrier: Option<String>,
    /// The carrier and service as written.
    pub carrier_text: Option<String>,
    /// The tracking number, without blanks.
    pub tracking_number: Option<String>,
    /// More tracking numbers of the same row: the goods are in several parcels.
    pub further_tracking: Vec<String>,
    /// Whether the check digit of one of them is wrong (`tracking_check_digit`).
    pub check_digit_wrong: bool,
    /// Whether that stands in a carrier's own notification, where nobody mistypes: what looks like a
    /// number there may be none.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_carriers_number: bool,
    /// When the goods left.
    pub ship_date: Option<NaiveDate>,
    /// The day on which the parcel reached its recipient, when a carrier's notification says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered: Option<NaiveDate>,
    /// What else a carrier's notification says of the parcel that somebody must hear of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub news: Option<News>,
    /// That a carrier's notification says only when the parcel comes, or that it is announced, as a clause: of
    /// one that left before that is no news.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsaid: Option<String>,
    /// What a carrier's notification says that no carrier is known to say of a parcel that goes its way.
    #[serde(skip)]
    pub odd: Option<String>,
    /// Where they go, as far as the document says.
    pub ship_to: ShipTo,
    /// What a person may want to know: dates that can be read in two ways, numbers that a
    /// spreadsheet damaged, a carrier that the number contradicts.
    pub warnings: Vec<String>,
    /// What the other columns of its table say of it.
    #[serde(default, skip_serializing_if = "Beside::is_empty")]
    pub beside: Beside,
}

/// What a carrier writes of a parcel that is neither on its way nor with its recipient for certain, in
/// the sentences of its mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// Lost, damaged, refused, returned, cannot be delivered: a person reads it.
    Trouble(String),
    /// It speaks of a delivery and does not say for certain that it took place: noted with the order.
    Unsure(String),
}

/// Where a parcel goes; what is not said is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShipTo {
    /// Person or company.
    pub name: String,
    /// Street and number.
    pub street: String,
    /// City.
    pub city: String,
    /// State.
    pub state: String,
    /// ZIP or ZIP+4.
    pub zip: String,
}

/// Why a document is no advice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdviceError {
    /// Not text.
    #[error("{0}")]
    Unreadable(String),
    /// No format knows it.
    #[error(
        "this is no shipping advice that poms knows: no tracking number beside a known heading"
    )]
    Unclaimed,
    /// More than one format claims it, and poms does not guess.
    #[error("this could be {0}: poms does not guess")]
    Ambiguous(String),
}

/// Reads a document by the one format that claims it. Of a mail the text part is tried first, then
/// the HTML part.
///
/// # Errors
/// When it is no text, or no format or more than one claims it.
pub fn read(document: &Document<'_>, today: NaiveDate) -> Result<Advice, AdviceError> {
    for source in source::sources(document).map_err(AdviceError::Unreadable)? {
        if let Some(fault) = too_wide(source.text.as_bytes()).filter(|_| source.file) {
            return Err(AdviceError::Unreadable(fault));
        }
        let claimants: Vec<&AdviceFormat> =
            FORMATS.iter().filter(|f| (f.claims)(&source)).collect();
        match claimants.as_slice() {
            [] => (),
            [format] => {
                let (rows, errors) = (format.read)(&source, today);
                return Ok(Advice {
                    format: format.name.to_owned(),
                    rows,
                    errors,
                });
            }
            several => {
                let names: Vec<&str> = several.iter().map(|f| f.name).collect();
                return Err(AdviceError::Ambiguous(names.join(" or ")));
            }
        }
    }
    Err(AdviceError::Unclaimed)
}
