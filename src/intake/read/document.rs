//! From the bytes of a document that a source gave to an order that can be trusted.

use super::orders::read_orders;
use super::{MessageReader, MessageReading, ReadOrders};
use crate::domain::codes::Code;
use crate::domain::stock::StockFeed;
use crate::domain::vouched::{Vouched, signer_of};
use crate::formats::OrderDocument;
use crate::intake::refusal::Refusal;
use crate::intake::{mime, openpgp};
use crate::ledger::sources::MessageDocument;
use chrono::{DateTime, Utc};

/// What the configuration says of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentSource {
    /// Whether what comes is believed without a signature in it.
    pub trusted: bool,
    /// The order format that its documents must have; any where `None`.
    pub format: Option<String>,
    /// What comes before the numbers of its orders; empty where nothing does.
    pub order_prefix: String,
    /// Whose lists of stock it brings; orders where `None`.
    pub stock: Option<StockFeed>,
}

/// What a vendor has, as a source brought it and nobody read it yet.
#[derive(Debug)]
pub struct StockDocument {
    /// Whose it is, and how its columns are called.
    pub feed: StockFeed,
    /// The file's name.
    pub file: String,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// When the vendor wrote it, where the mail that brought it says so.
    pub written: Option<DateTime<Utc>>,
}

impl StockDocument {
    fn of(document: &OrderDocument, feed: StockFeed, about: &MessageDocument) -> StockDocument {
        StockDocument {
            feed,
            file: document.file_name().unwrap_or(&about.file_name).to_owned(),
            bytes: document.bytes().to_vec(),
            written: None,
        }
    }
}

impl MessageReader {
    /// Reads one document of a source. What it was believed by when it came counts only as long as the
    /// configuration trusts the source: who takes that back means what still waits as well.
    ///
    /// # Errors
    /// Why it cannot be acted on, with its code.
    pub fn read_document(
        &self,
        raw: &[u8],
        source: &str,
        about: &MessageDocument,
        received: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<MessageReading, Refusal> {
        let settings = self.documents.get(source);
        let (document, signer) = match openpgp::document::is_openpgp(raw) {
            true => {
                let opened = self
                    .keyring
                    .open_document(raw, received, now, &self.limits)
                    .map_err(unless_signed)?;
                let signer = opened.signer_fingerprint.clone();
                let signer = signer.ok_or_else(|| in_the_clear(source, about))?;
                let document = mime::document(&opened.plaintext, &self.formats)?;
                (named(document, about), signer)
            }
            false => {
                let trusted = settings.is_some_and(|settings| settings.trusted);
                if about.vouched == Vouched::OpenPgp || !trusted {
                    return Err(in_the_clear(source, about));
                }
                let document = OrderDocument::new(raw.to_vec());
                (named(document, about), signer_of(source))
            }
        };
        if let Some(feed) = settings.and_then(|settings| settings.stock.clone()) {
            let list = StockDocument::of(&document, feed, about);
            return Ok(MessageReading::Stock(Box::new(list)));
        }
        let document = match settings {
            Some(settings) => document.prefixed(&settings.order_prefix),
            None => document,
        };
        let wanted = settings.and_then(|settings| settings.format.as_deref());
        let own = self.formats.own().iter();
        let mut own = own.filter(|own| Some(own.name()) == wanted);
        let lacks = own.next().and_then(|own| own.lacking(&document));
        let orders = read_orders(document, &self.formats, Some(signer), None);
        let orders = orders.map_err(|refusal| match (refusal.code, &lacks, wanted) {
            (Code::UnknownFormat, Some(lacks), Some(wanted)) => Refusal::new(
                Code::UnknownFormat,
                format!(
                    "it is not of the format {wanted}, which the source {source} takes alone: it lacks {lacks}"
                ),
            ),
            _ => refusal,
        })?;
        match wanted {
            Some(wanted) if wanted != orders.format => Err(other_format(source, wanted, &orders)),
            _ => Ok(MessageReading::Orders(Box::new(orders))),
        }
    }
}

fn other_format(source: &str, wanted: &str, orders: &ReadOrders) -> Refusal {
    Refusal::new(
        Code::UnknownFormat,
        format!(
            "it is an order in the format {}, and the source {source} takes {wanted} alone (format in its [[source]])",
            orders.format
        ),
    )
}

/// What is stated of the document, where it does not state it itself.
fn named(document: OrderDocument, about: &MessageDocument) -> OrderDocument {
    let of_none = document.media_type().is_none() && !about.media_type.is_empty();
    let document = match of_none {
        true => document.of_type(&about.media_type, None),
        false => document,
    };
    if document.file_name().is_some() {
        return document;
    }
    let mut name = about.file_name.as_str();
    for end in [".asc", ".gpg", ".pgp", ".sig"] {
        name = name.strip_suffix(end).unwrap_or(name);
    }
    document.named(name)
}

/// That a site takes unsigned orders by mail says nothing of files: what has no signature is held.
fn unless_signed(refusal: Refusal) -> Refusal {
    match refusal.code {
        Code::Unsigned => refusal.firmly(),
        _ => refusal,
    }
}

/// Why a document without a signature is not believed.
fn in_the_clear(source: &str, about: &MessageDocument) -> Refusal {
    let remedy = match about.vouched {
        Vouched::OpenPgp => format!(
            "have the shop sign it (gpg --sign), or, if nobody else can write there, set trusted = true in the [[source]] {source} \
             and put the file there again"
        ),
        Vouched::Folder | Vouched::Api => format!(
            "it came while the configuration trusted the source {source}, which it does no more: trust it again, or dismiss this"
        ),
    };
    let reason = format!(
        "no signature says who wrote it, and {} is not trusted: {remedy}",
        about.place
    );
    Refusal::new(Code::Unsigned, reason).firmly()
}
