//! From the bytes of a message to an order that can be trusted, or the reason why not. Touches
//! nothing, so that many are read side by side.

use super::cards::{self, CardWords, KnownNumbers};
use super::inbound::{self, Inbound, Marks};
use super::mime::{self, Content};
use super::openpgp::{Keyring, OpenpgpLimits};
use super::refusal::Refusal;
use crate::domain::codes::{Code, Severity};
use crate::domain::foreign::cut;
use crate::domain::rule_settings::RuleSettings;
use crate::formats::{self, FormatError, OrderDocument, OrderFormats};
use crate::ledger::orders::NewOrder;
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::HashMap;
use std::time::Duration;

/// The orders that a message carries.
pub struct ReadOrders {
    /// The format's name.
    pub format: String,
    /// Each order, in its sequence in the document; one at least.
    pub orders: Vec<DocumentOrder>,
    /// The document as it came, where something was masked in it, and by what it is read.
    pub original: Option<(OrderDocument, OrderFormats)>,
    /// Fingerprint of the key that signed it; `None` where the site takes unsigned orders.
    pub signer: Option<String>,
    /// Why it is taken although it is not signed, for a warning.
    pub warning: Option<String>,
}

/// One order of a document.
pub enum DocumentOrder {
    /// An order.
    Order(Box<ReadOrder>),
    /// One that the shop's own state leaves out.
    LeftOut {
        /// The order's number.
        number: String,
        /// What the shop says.
        reason: String,
    },
    /// One that cannot be read.
    Refused {
        /// The order's number, as far as it is known.
        number: String,
        /// Why.
        refusal: Refusal,
    },
}

/// An order as a document has it.
pub struct ReadOrder {
    /// The order, card numbers masked.
    pub new: NewOrder,
    /// What the content is known again by: SHA-256 of it came, every number masked that looks
    /// like a card's.
    pub identity: [u8; 32],
    /// What of it looked like a card's number and was masked: the ledger may know it as something
    /// else.
    pub words: CardWords,
}

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
    /// Senders, in small letters, whose mails may have words beside their one encrypted object.
    pub footers_from: Vec<String>,
    /// The formats of orders that the site reads.
    pub formats: OrderFormats,
}

impl ReadOrders {
    /// What looked like a card's number in any of them.
    pub fn words(&self) -> Vec<String> {
        let orders = self.orders.iter().filter_map(DocumentOrder::order);
        orders.flat_map(|order| order.words.0.clone()).collect()
    }

    /// The orders with these words as they came: the ledger knows them.
    ///
    /// # Errors
    /// As when they were read first.
    pub fn with_known(mut self, known: &KnownNumbers) -> Result<ReadOrders, Refusal> {
        let Some((document, formats)) = self.original.as_ref().filter(|_| !known.is_empty()) else {
            return Ok(self);
        };
        let again = orders_in(document, formats, known)?.orders;
        for (before, now) in self.orders.iter_mut().zip(again) {
            if let (DocumentOrder::Order(before), DocumentOrder::Order(now)) = (before, now) {
                before.new = now.new;
            }
        }
        Ok(self)
    }

    /// Itself, unless it is one order that cannot be read: then the message as a whole is refused.
    fn unless_refused(mut self) -> Result<ReadOrders, Refusal> {
        match self.orders.pop() {
            Some(DocumentOrder::Refused { refusal, .. }) if self.orders.is_empty() => Err(refusal),
            last => {
                self.orders.extend(last);
                Ok(self)
            }
        }
    }
}

impl DocumentOrder {
    /// The order, if it is one.
    pub fn order(&self) -> Option<&ReadOrder> {
        match self {
            DocumentOrder::Order(order) => Some(order),
            _ => None,
        }
    }
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
        read_orders(document, &self.formats, signer, warning)
    }

    /// The reason for a warning, where the site takes orders that nobody signed.
    fn unless_unsigned_is_fine(&self, reason: &str) -> Option<String> {
        (self.settings.severity(Code::Unsigned) != Severity::Hold).then(|| reason.to_owned())
    }
}

/// The orders in a document for which somebody answers, or a warning stands.
///
/// # Errors
/// When it is of no format, or holds one order, which cannot be read.
fn read_orders(
    document: OrderDocument,
    formats: &OrderFormats,
    signer: Option<String>,
    warning: Option<String>,
) -> Result<ReadOrders, Refusal> {
    let found = orders_in(&document, formats, &KnownNumbers::new())?;
    let masked = !found.words().is_empty();
    let read = ReadOrders {
        original: masked.then(|| (document, formats.clone())),
        signer,
        warning,
        ..found
    };
    read.unless_refused()
}

/// Every order in a document, card numbers masked but for what is known; nobody answers for it yet.
///
/// # Errors
/// When the document is of no format, or nothing in it can be told apart.
pub fn orders_in(
    document: &OrderDocument,
    formats: &OrderFormats,
    known: &KnownNumbers,
) -> Result<ReadOrders, Refusal> {
    let found = formats.find(document)?;
    let (count, format) = (found.orders.len(), found.format);
    let one = |(place, canonical): (usize, Result<Value, FormatError>)| {
        one_order(&format, (place, count), canonical, known)
    };
    Ok(ReadOrders {
        orders: found.orders.into_iter().enumerate().map(one).collect(),
        format: format.clone(),
        original: None,
        signer: None,
        warning: None,
    })
}

/// One order of so many, from its canonical form.
fn one_order(
    format: &str,
    (place, count): (usize, usize),
    canonical: Result<Value, FormatError>,
    known: &KnownNumbers,
) -> DocumentOrder {
    let mut canonical = match canonical {
        Ok(canonical) => canonical,
        Err(FormatError::LeftOut { number, reason }) => {
            let masked = |text: String| cards::mask_text(&text).unwrap_or(text);
            return DocumentOrder::LeftOut {
                number: masked(number),
                reason: masked(reason),
            };
        }
        Err(fault) => {
            return DocumentOrder::Refused {
                number: String::new(),
                refusal: fault.into(),
            };
        }
    };
    let masked = cards::mask(&mut canonical, known);
    let number = canonical.get("order_number").and_then(Value::as_str);
    let number = number.map(|number| cut(number, LONGEST_NUMBER));
    match formats::order(canonical) {
        Ok(order) => {
            let new = NewOrder::new(order, format, masked.paths);
            DocumentOrder::Order(Box::new(ReadOrder {
                identity: new.content_hash(),
                new,
                words: masked.words,
            }))
        }
        Err(fault) => {
            let reason = match count {
                1 => fault.0,
                _ => format!(
                    "of {count} orders the one in place {}: {}",
                    place + 1,
                    fault.0
                ),
            };
            let fault = FormatError::Malformed {
                format: format.to_owned(),
                reason,
            };
            DocumentOrder::Refused {
                number: number.unwrap_or_default(),
                refusal: Refusal::new(Code::UnknownFormat, fault.to_string()),
            }
        }
    }
}

/// Characters of the number of an order that cannot be read.
const LONGEST_NUMBER: usize = 64;

/// Why a mail that should be an order is none.
pub const NO_ORDER: &str = "the mail holds no encrypted part and nothing that looks like an order";

const IN_THE_CLEAR: &str = "the order mail is neither encrypted nor signed: anyone can have written it, and read it on its way";
