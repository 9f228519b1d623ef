//! From the bytes of a message to an order that can be trusted, or the reason why not. Touches
//! nothing, so that many are read side by side.

mod document;
mod number;
mod orders;

pub use document::{DocumentSource, StockDocument};
pub use number::with_prefix;
pub use orders::{DocumentOrder, ReadOrder, ReadOrders, ShopCancellation, cancellation, orders_in};

use super::inbound::{self, Inbound, Marks};
use super::mime::{self, Content};
use super::openpgp::{Keyring, OpenpgpLimits};
use super::refusal::Refusal;
use crate::domain::codes::{Code, Severity};
use crate::domain::rule_settings::RuleSettings;
use crate::formats::OrderFormats;
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::time::Duration;

/// What may come out of a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailSource {
    /// Orders; also what comes back to their address.
    Orders,
    /// Everything but orders.
    Vendors,
    /// Everything.
    Any,
    /// Copies of what poms sent.
    Archive,
}

/// What a message is.
pub enum MessageReading {
    /// An order, or several.
    Orders(Box<ReadOrders>),
    /// A mail that is no order, and where it came from.
    Mail(MailSource, Box<Inbound>),
    /// A copy of what poms sent, with its Message-ID.
    Copy(Option<String>),
    /// A list of what a vendor has.
    Stock(Box<StockDocument>),
}

/// What reading needs to know of the site.
#[derive(Clone)]
pub struct MessageReader {
    /// Our keys and the trusted signers.
    pub keyring: Keyring,
    /// What a message may cost, and how old its signature may be.
    pub limits: OpenpgpLimits,
    /// Severities: a site may take unsigned orders.
    pub settings: RuleSettings,
    /// Our own addresses and our own server's words.
    pub marks: Marks,
    /// What each mailbox may bring, by its name.
    pub sources: HashMap<String, MailSource>,
    /// What each source may bring, by its name.
    pub documents: HashMap<String, DocumentSource>,
    /// Senders, in small letters, whose mails may have words beside their one encrypted object.
    pub footers_from: Vec<String>,
    /// The formats of orders that the site reads.
    pub formats: OrderFormats,
}

impl MessageReader {
    /// Says what a mailbox may bring; one that is no longer configured, anything that proves itself.
    pub fn source(&self, mailbox: &str) -> MailSource {
        self.sources
            .get(mailbox)
            .copied()
            .unwrap_or(MailSource::Any)
    }

    /// The same with so much time for each message, where that is less.
    pub fn within(&self, time: Duration) -> MessageReader {
        let mut reader = self.clone();
        reader.limits.time = time.min(self.limits.time);
        reader
    }

    /// Reads one message. `received` is when it was stored first: an old message that is taken up
    /// again is not too old for that.
    ///
    /// # Errors
    /// Why it cannot be acted on, with its code.
    pub fn read(
        &self,
        raw: &[u8],
        source: MailSource,
        received: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<MessageReading, Refusal> {
        if source != MailSource::Archive && raw.contains(&b'\r') && !raw.contains(&b'\n') {
            return Err(Refusal::new(
                Code::UnreadableMessage,
                "its lines end in a bare carriage return (CR), as those of no mail do: nothing of it can be told apart; \
                 see what wrote it into the mailbox",
            ));
        }
        let content = match source {
            MailSource::Archive => return Ok(MessageReading::Copy(inbound::message_id(raw))),
            MailSource::Vendors => Content::Other,
            MailSource::Orders | MailSource::Any => self.find(raw)?,
        };
        match content {
            Content::Other => {
                let mail = inbound::read(raw, &self.marks, received, now)?;
                Ok(MessageReading::Mail(source, Box::new(mail)))
            }
            content => {
                let orders = self.orders(content, received, now)?;
                Ok(MessageReading::Orders(Box::new(orders)))
            }
        }
    }

    /// Finds what a mail holds; of senders whose gateway adds words, the one object beside them.
    fn find(&self, raw: &[u8]) -> Result<Content, Refusal> {
        let refusal = match mime::find(raw, &self.formats) {
            Err(refusal) if refusal.code == Code::MixedContent => refusal,
            found => return found,
        };
        let from = inbound::from_of(raw);
        let named = from.is_some_and(|from| self.footers_from.contains(&from));
        match named.then(|| mime::only_object(raw)) {
            Some(Ok(Some(object))) => Ok(Content::Pgp(object)),
            _ => Err(refusal),
        }
    }

    /// The orders in the one encrypted object of a mail that a person lets in although words stand beside
    /// it: nothing outside the object is used, and the signature must be a trusted one.
    ///
    /// # Errors
    /// Why it cannot be acted on, with its code.
    pub fn beside_a_footer(
        &self,
        raw: &[u8],
        received: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<ReadOrders, Refusal> {
        let object = mime::only_object(raw)?;
        let object = object.ok_or_else(|| Refusal::new(Code::UnknownFormat, NO_ORDER))?;
        let orders = self.orders(Content::Pgp(object), received, now)?;
        match orders.signer {
            Some(_) => Ok(orders),
            None => Err(Refusal::new(Code::Unsigned, IN_THE_CLEAR)),
        }
    }

    fn orders(
        &self,
        content: Content,
        received: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<ReadOrders, Refusal> {
        let (document, signer, warning) = match content {
            Content::Pgp(object) => match self.keyring.open(&object, received, now, &self.limits) {
                Ok(opened) => (
                    mime::document(&opened.plaintext, &self.formats)?,
                    opened.signer_fingerprint.clone(),
                    None,
                ),
                Err(refusal) => {
                    let reason = self.unless_unsigned_is_fine(&refusal.reason);
                    match (refusal.code, reason) {
                        (Code::Unsigned, Some(reason)) => match refusal.into_unsigned() {
                            Some(opened) => (
                                mime::document(&opened.plaintext, &self.formats)?,
                                None,
                                Some(reason),
                            ),
                            None => return Err(Refusal::new(Code::Unsigned, reason)),
                        },
                        _ => return Err(refusal),
                    }
                }
            },
            Content::PlainOrder(document) => match self.unless_unsigned_is_fine(IN_THE_CLEAR) {
                Some(reason) => (document, None, Some(reason)),
                None => return Err(Refusal::new(Code::Unsigned, IN_THE_CLEAR)),
            },
            Content::Other => return Err(Refusal::new(Code::UnknownFormat, NO_ORDER)),
        };
        let warning = warning.filter(|_| self.settings.severity(Code::Unsigned) == Severity::Warn);
        orders::read_orders(document, &self.formats, signer, warning)
    }

    /// The reason for a warning, where the site takes orders that nobody signed.
    fn unless_unsigned_is_fine(&self, reason: &str) -> Option<String> {
        (self.settings.severity(Code::Unsigned) != Severity::Hold).then(|| reason.to_owned())
    }
}

/// Why a mail that should be an order is none.
pub const NO_ORDER: &str = "the mail holds no encrypted part and nothing that looks like an order";

const IN_THE_CLEAR: &str = "the order mail is neither encrypted nor signed: anyone can have written it, and read it on its way";
