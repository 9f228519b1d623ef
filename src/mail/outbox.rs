//! The one way into the outbox: a document that is made, and what it is to the ledger.

use super::compose::{Letter, LetterError, message_id};
use crate::clock;
use crate::domain::delivery::{DeliveryChannel, DeliveryKind};
use crate::ledger::outbox::NewDelivery;
use crate::ledger::{Result, Tx};

/// A document as it will leave.
#[derive(Clone, PartialEq, Eq)]
pub struct OutboxDocument {
    /// How it goes.
    pub channel: DeliveryChannel,
    /// Addresses of the envelope, or the one fax number.
    pub to: Vec<String>,
    /// Its Message-ID or idempotency reference, the same in every attempt.
    pub reference: String,
    /// For people.
    pub subject: String,
    /// All of it: a mail (RFC 5322), a PDF, or the files of a drop ([`DropBundle`](crate::domain::papers::DropBundle)).
    pub content: Vec<u8>,
}

impl OutboxDocument {
    /// A mail, to all that it is addressed to.
    ///
    /// # Errors
    /// What of the letter cannot stand in a mail.
    pub fn mail(letter: Letter) -> std::result::Result<OutboxDocument, LetterError> {
        Ok(OutboxDocument {
            channel: DeliveryChannel::Email,
            content: letter.render()?,
            to: letter.to.into_iter().map(|(_, address)| address).collect(),
            reference: letter.message_id,
            subject: letter.subject,
        })
    }

    /// A fax, with a reference of its own.
    pub fn fax(number: String, subject: String, pdf: Vec<u8>) -> OutboxDocument {
        OutboxDocument {
            channel: DeliveryChannel::Fax,
            to: vec![number],
            reference: message_id(clock::random(), "fax"),
            subject,
            content: pdf,
        }
    }

    /// Files for a vendor's drop, by the vendor's ID and the reference by which its system tells one purchase
    /// order from another.
    pub fn dropped(
        vendor: String,
        reference: String,
        subject: String,
        bundle: Vec<u8>,
    ) -> OutboxDocument {
        OutboxDocument {
            channel: DeliveryChannel::Drop,
            to: vec![vendor],
            reference,
            subject,
            content: bundle,
        }
    }

    /// Where it goes, for people.
    pub fn addresses(&self) -> String {
        self.to.join(", ")
    }
}

/// A reference for files: the purchase order's number, and what no other has.
pub fn drop_reference(number: &str) -> String {
    format!("{number}.{}", clock::hex(&clock::random::<8>()))
}

/// What a document is to the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose<'a> {
    /// What it is.
    pub kind: DeliveryKind,
    /// What makes it the only one of its kind, such as `order_placed:17`.
    pub once: &'a str,
    /// The order that it is about.
    pub order_id: Option<i64>,
    /// The purchase order that it brings. One that only speaks of it has none: what becomes of that says
    /// nothing about the purchase order.
    pub po_id: Option<i64>,
}

/// Puts a document into the outbox, from `sender` (the envelope's), and returns its number; `None` when one
/// with the same `once` is there.
///
/// # Errors
/// The ledger cannot be written.
pub fn put(
    tx: &Tx,
    sender: &str,
    document: &OutboxDocument,
    purpose: &Purpose,
) -> Result<Option<i64>> {
    tx.enqueue(&NewDelivery {
        kind: purpose.kind.clone(),
        channel: document.channel.clone(),
        once: purpose.once,
        reference: &document.reference,
        sender,
        recipients: &document.to,
        subject: &document.subject,
        order_id: purpose.order_id,
        po_id: purpose.po_id,
        content: &document.content,
    })
}
