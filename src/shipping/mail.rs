//! The way in for a vendor's mail whose sender is proved: from intake to the shipping stage.
//!
//! [`run`](crate::run) hands every such mail to [`handle`], in the transaction that gives the
//! message its outcome.

use crate::domain::rule_settings::RuleSettings;
use crate::ledger::{LedgerError, Tx};
use crate::vendor_docs::advice::Mail;
use chrono::{DateTime, Utc};

/// Why a mail counts as a vendor's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// It was sent to the address of exactly this purchase order, which only its vendor knows.
    Token {
        /// The purchase order, by its number in the ledger.
        po: i64,
    },
    /// Signed with the vendor's OpenPGP key.
    VendorKey {
        /// The vendor.
        vendor: String,
    },
    /// Our own mail server saw a DKIM signature of the vendor's domain (RFC 8601).
    Dkim {
        /// The vendor.
        vendor: String,
        /// The domain that signed, aligned with the vendor's address on file and with `From:`.
        domain: String,
    },
    /// It was sent to the address of a question that only this vendor was asked.
    Asked {
        /// The vendor.
        vendor: String,
    },
    /// It was sent to the own addresses of several purchase orders, `VendorMail::asked`: it counts for
    /// these alone.
    Addresses {
        /// The vendor of the first of them.
        vendor: String,
    },
    /// An admin accepted it; `VendorMail::po` is the one that the admin meant.
    Admin,
    /// Nothing proves it: never handed over.
    None,
}

/// A file in a mail.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name as the sender gave it: shown, never a path.
    pub name: String,
    /// Its type in small letters, such as `text/csv`.
    pub mime: String,
    /// What is in it, decoded.
    pub bytes: Vec<u8>,
}

/// A mail that the vendor attached whole: a carrier's notification, more often than not. Its sender
/// proves nothing, and is looked at to know the layout.
#[derive(Clone, PartialEq, Eq)]
pub struct Forwarded {
    /// Address in its `From:`.
    pub from: String,
    /// One line.
    pub subject: String,
    /// The plain text, if it has one of its own.
    pub text: Option<String>,
    /// The HTML, if it has it.
    pub html: Option<String>,
}

/// A mail of a vendor. No `Debug`: it holds what people wrote.
#[derive(Clone, PartialEq, Eq)]
pub struct VendorMail {
    /// Its number in the ledger.
    pub message_id: i64,
    /// What proves its sender.
    pub trust: Trust,
    /// The purchase order that it counts for, by its number in the ledger; `None` when the sender is
    /// proved but no purchase order is: then only those of `vendor_id` may be touched.
    pub po: Option<i64>,
    /// Whose mail it is; that of `po` when there is one.
    pub vendor_id: Option<String>,
    /// The numbers of the purchase orders of the question that it answers, if it answers one of ours
    /// about several; or of those to whose addresses it came.
    pub asked: Vec<String>,
    /// Whether these were asked for a confirmation and nothing else, so that a yes means them all.
    pub yes_to_all: bool,
    /// The Message-IDs that it says it answers, without brackets.
    pub answers: Vec<String>,
    /// Address in `From:`; shown, never trusted.
    pub from: String,
    /// One line.
    pub subject: String,
    /// `Date:` as the sender wrote it, else when it was received.
    pub date: DateTime<Utc>,
    /// The plain text, if the mail has one of its own.
    pub text: Option<String>,
    /// The HTML, if the mail has it.
    pub html: Option<String>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Mails.
    pub forwarded: Vec<Forwarded>,
}

impl VendorMail {
    /// What it says, as the readers of advices take it.
    pub fn said(&self) -> Mail<'_> {
        Mail {
            from: &self.from,
            subject: &self.subject,
            text: self.text.as_deref(),
            html: self.html.as_deref(),
        }
    }
}

impl Forwarded {
    /// What it says, as the readers of advices take it.
    pub fn said(&self) -> Mail<'_> {
        Mail {
            from: &self.from,
            subject: &self.subject,
            text: self.text.as_deref(),
            html: self.html.as_deref(),
        }
    }
}

/// What came of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handled {
    /// Acted on; else an exception that names the message was opened by it, and the message is held.
    pub accepted: bool,
    /// One sentence for the message's row.
    pub summary: String,
}

/// Acts on a notification of a carrier that our own mail server knows to be the carrier's; `None`
/// when it is about no parcel that is on file.
pub fn notification(
    tx: &Tx,
    settings: &RuleSettings,
    mail: &VendorMail,
    carrier: &str,
) -> Result<Option<Handled>, LedgerError> {
    super::apply::arrival::notification(tx, settings, mail, carrier)
}

/// Whether such a notification names a parcel that is not on file.
pub fn of_unknown_parcel(tx: &Tx, mail: &VendorMail, carrier: &str) -> Result<bool, LedgerError> {
    super::apply::arrival::of_unknown_parcel(tx, mail, carrier)
}

/// Acts on a vendor's mail whose sender is proved, or opens an exception that shows it to a person.
pub fn handle(tx: &Tx, settings: &RuleSettings, mail: &VendorMail) -> Result<Handled, LedgerError> {
    super::apply::letter::read(tx, settings, mail)
}
