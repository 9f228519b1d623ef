//! The orders of a document: each read by itself, card numbers masked.

use super::number;
use crate::domain::codes::Code;
use crate::domain::foreign::cut;
use crate::formats::{self, FormatError, OrderDocument, OrderFormats};
use crate::intake::cards::{self, CardWords, KnownNumbers};
use crate::intake::refusal::Refusal;
use crate::ledger::orders::NewOrder;
use serde_json::Value;

/// The orders that a message carries.
pub struct ReadOrders {
    /// The format's name.
    pub format: String,
    /// Each order, in its sequence in the document; one at least.
    pub orders: Vec<DocumentOrder>,
    /// The document as it came, where something was masked in it, and by what it is read.
    pub original: Option<(OrderDocument, OrderFormats)>,
    /// Fingerprint of the key that signed it, or the trusted source that gave it
    /// ([`signer_of`](crate::domain::vouched::signer_of)); `None` where the site takes unsigned orders.
    pub signer: Option<String>,
    /// Why it is taken although it is not signed, for a warning.
    pub warning: Option<String>,
}

/// One order of a document.
pub enum DocumentOrder {
    /// An order.
    Order(Box<ReadOrder>),
    /// The shop's word that an order is cancelled.
    Cancel(ShopCancellation),
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

/// The shop's word that an order is cancelled.
pub struct ShopCancellation {
    /// The order's number.
    pub number: String,
    /// The same as the shop has it, without the prefix of its source.
    pub in_shop: String,
    /// Why, in the shop's words; may be empty.
    pub reason: String,
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

/// The orders in a document for which somebody answers, or a warning stands.
///
/// # Errors
/// When it is of no format, or holds one order, which cannot be read.
pub(super) fn read_orders(
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
        let prefix = document.order_prefix();
        one_order((&format, prefix), (place, count), canonical, known)
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
    (format, prefix): (&str, &str),
    (place, count): (usize, usize),
    canonical: Result<Value, FormatError>,
    known: &KnownNumbers,
) -> DocumentOrder {
    let mut canonical = match canonical {
        Ok(canonical) => canonical,
        Err(FormatError::LeftOut { number, reason }) => {
            let masked = |text: String| cards::mask_text(&text).unwrap_or(text);
            return DocumentOrder::LeftOut {
                number: number::with_prefix(prefix, &masked(number)),
                reason: masked(reason),
            };
        }
        Err(fault) => {
            let number = cut(fault.number(), LONGEST_NUMBER);
            let number = cards::mask_text(&number).unwrap_or(number);
            return DocumentOrder::Refused {
                number: number::with_prefix(prefix, &number),
                refusal: fault.into(),
            };
        }
    };
    let masked = cards::mask(&mut canonical, known);
    if let Some(word) = cancellation(&canonical) {
        return DocumentOrder::Cancel(ShopCancellation {
            number: number::with_prefix(prefix, &word.number),
            ..word
        });
    }
    number::put_prefix(prefix, &mut canonical);
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
            refused(format, number.unwrap_or_default(), reason)
        }
    }
}

/// That an order of a format is none.
fn refused(format: &str, number: String, reason: String) -> DocumentOrder {
    let fault = FormatError::Malformed {
        format: format.to_owned(),
        reason,
    };
    DocumentOrder::Refused {
        number,
        refusal: Refusal::new(Code::UnknownFormat, fault.to_string()),
    }
}

/// `{"cancel": "W200001", "reason": "…"}`, which is no order; `None` for everything else.
pub fn cancellation(canonical: &Value) -> Option<ShopCancellation> {
    let text = |key: &str| canonical.get(key).and_then(Value::as_str);
    let number = match canonical.get("cancel")? {
        Value::String(number) => number.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let alone = canonical.get("order_number").is_none() && canonical.get("lines").is_none();
    (alone && !number.is_empty()).then(|| ShopCancellation {
        number: number.clone(),
        in_shop: number,
        reason: text("reason").unwrap_or_default().to_owned(),
    })
}

/// Characters of the number of an order that cannot be read.
const LONGEST_NUMBER: usize = 64;
