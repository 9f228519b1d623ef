//! From the bytes of a message to an order that can be trusted, or the reason why not. Touches
//! nothing, so that many are read side by side.

use super::cards;
use super::mime::{self, Content};
use super::openpgp::{Keyring, Limits};
use super::refusal::Refusal;
use crate::domain::codes::Severity;
use crate::domain::order::Order;
use crate::formats;
use crate::rules::settings::Settings;
use chrono::{DateTime, Utc};
use serde_json::Value;

/// An order as a message carries it.
pub struct ReadOrder {
    /// The order, card numbers masked.
    pub order: Order,
    /// Its format's name.
    pub format: &'static str,
    /// Where card numbers were masked.
    pub masked: Vec<String>,
    /// Fingerprint of the key that signed it; `None` where the site takes unsigned orders.
    pub signer: Option<String>,
    /// Why it is taken although it is not signed, for a warning.
    pub warning: Option<String>,
}

/// What reading needs to know of the site.
#[derive(Clone)]
pub struct Reader {
    /// Our keys and the trusted signers.
    pub keyring: Keyring,
    /// What a message may cost, and how old its signature may be.
    pub limits: Limits,
    /// Severities: a site may take unsigned orders.
    pub settings: Settings,
}

impl Reader {
    /// Reads one message. `received` is when it was stored first: an old message that is taken up
    /// again is not too old for that.
    ///
    /// # Errors
    /// Why it cannot be acted on, with its code.
    pub fn read(
        &self,
        raw: &[u8],
        received: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<ReadOrder, Refusal> {
        let (text, signer, warning) = match mime::find(raw)? {
            Content::Pgp(object) => match self.keyring.open(&object, received, now, &self.limits) {
                Ok(opened) => (
                    mime::document(&opened.plaintext)?,
                    opened.signer_fingerprint.clone(),
                    None,
                ),
                Err(refusal) => {
                    let reason = self.unless_unsigned_is_fine(&refusal.reason);
                    match (refusal.code, reason) {
                        ("unsigned", Some(reason)) => match refusal.into_unsigned() {
                            Some(opened) => {
                                (mime::document(&opened.plaintext)?, None, Some(reason))
                            }
                            None => return Err(Refusal::new("unsigned", reason)),
                        },
                        _ => return Err(refusal),
                    }
                }
            },
            Content::PlainOrder(text) => match self.unless_unsigned_is_fine(IN_THE_CLEAR) {
                Some(reason) => (text, None, Some(reason)),
                None => return Err(Refusal::new("unsigned", IN_THE_CLEAR)),
            },
            Content::Other => {
                return Err(Refusal::new(
                    "unknown_format",
                    "the mail holds no encrypted part and nothing that looks like an order",
                ));
            }
        };
        let warning = warning.filter(|_| self.settings.severity("unsigned") == Severity::Warn);
        let mut document: Value = serde_json::from_str(&text).map_err(|fault| {
            let place = format!(
                "the decrypted text is not JSON (line {}, column {})",
                fault.line(),
                fault.column()
            );
            Refusal::new("unknown_format", place)
        })?;
        let masked = cards::mask(&mut document);
        let (format, order) = formats::read(&document)
            .map_err(|fault| Refusal::new("unknown_format", fault.to_string()))?;
        Ok(ReadOrder {
            order,
            format,
            masked,
            signer,
            warning,
        })
    }

    /// The reason for a warning, where the site takes orders that nobody signed.
    fn unless_unsigned_is_fine(&self, reason: &str) -> Option<String> {
        (self.settings.severity("unsigned") != Severity::Hold).then(|| reason.to_owned())
    }
}

const IN_THE_CLEAR: &str = "the order mail is neither encrypted nor signed: anyone can have written it, and read it on its way";
