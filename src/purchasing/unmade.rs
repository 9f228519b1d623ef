//! Why a document cannot be made.

use super::render::PdfError;
use crate::domain::email::Undeliverable;
use crate::mail::compose::LetterError;
use crate::notices::TemplateError;

/// Why a document for a vendor or customer cannot be made; each reads as the end of "it cannot be made:".
#[derive(Debug, thiserror::Error)]
pub enum Unmade {
    /// Its words.
    #[error(transparent)]
    Words(#[from] TemplateError),
    /// Its paper.
    #[error(transparent)]
    Paper(#[from] PdfError),
    /// Its table.
    #[error(transparent)]
    Table(#[from] csv::Error),
    /// Its mail.
    #[error(transparent)]
    Letter(#[from] LetterError),
    /// The address that it would go to.
    #[error(transparent)]
    Address(#[from] Undeliverable),
    /// Letters that no font has, where nothing but paper goes.
    #[error(
        "letters of it can be drawn by no font of the site: add one to site.fonts, or \"csv\" or \"json\" to the documents of its vendor_drop"
    )]
    Undrawable,
    /// The vendor's own table has no column for what it says, and nothing goes beside it.
    #[error(
        "it has something in {0}, for which the vendor's layout has no column: add one, or \"pdf\" to the documents of its vendor_drop"
    )]
    LeftOut(String),
    /// The vendor was taken off the list.
    #[error("vendor {0} is no longer on file")]
    VendorGone(String),
    /// It names nobody whom it could go to.
    #[error("it has no vendor")]
    NoVendor,
    /// It is not in the ledger yet.
    #[error("it has no number in the ledger")]
    NoNumber,
    /// The vendor can be asked by no way.
    #[error("it has neither mail nor fax")]
    NoWay,
    /// The vendor was asked on this day.
    #[error("it was asked today")]
    AskedToday,
    /// All of it is shipped or cancelled.
    #[error("nothing of it is open any more")]
    NothingOpen,
    /// What the ledger keeps of it is damaged.
    #[error("what it says cannot be read from the ledger ({0})")]
    Stored(serde_json::Error),
    /// A fault of the program.
    #[error("a fault inside poms while it was rendered; please report it")]
    Panicked,
}
