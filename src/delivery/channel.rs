//! What every channel does with a document: two steps with the point of no return between them, so
//! that the ledger can say `sending` before anything irrevocable happens.

pub use crate::domain::text::one_line;

use std::time::Duration;

/// One document on its way out.
pub struct OutgoingMessage {
    /// The outbox row.
    pub id: i64,
    /// Fixed and unique for ever: the idempotency reference, the Message-ID's left part.
    pub reference: String,
    /// Envelope sender; empty for the null sender `<>`.
    pub from: String,
    /// Envelope recipients; all of them or none get the document.
    pub to: Vec<String>,
    /// One line for people.
    pub subject: String,
    /// A mail: the whole RFC 5322 message, lines ending in CRLF. A fax: the PDF.
    pub content: Vec<u8>,
}

/// A fax in the hands of a service that answers for it only later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// `sinch`, `gateway` or `hylafax`.
    pub service: &'static str,
    /// The service's own number for it; empty where it gives none.
    pub id: String,
    /// The number that is called, E.164.
    pub number: String,
    /// Whether the service can be asked what became of it.
    pub tells: bool,
}

/// Says nothing of the content: it may be an order in the clear.
impl std::fmt::Debug for OutgoingMessage {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "OutgoingMessage {} ({} bytes)",
            self.id,
            self.content.len()
        )
    }
}

/// What became of a message. `detail` is one line of at most 300 characters without control
/// characters, fit for the ledger and for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// The other side took it and answers for it from here on.
    Accepted {
        /// The server's words.
        detail: String,
    },
    /// The other side took it into its queue; what becomes of it is asked for later.
    HandedOver {
        /// The service's words.
        detail: String,
        /// What to ask for.
        job: Job,
    },
    /// Not delivered; may be tried again.
    Deferred {
        /// Why.
        detail: String,
        /// When the other side asks to be tried again, if it does.
        retry_after: Option<Duration>,
    },
    /// Not delivered, and trying again will not help.
    Refused {
        /// Why.
        detail: String,
    },
    /// It may or may not have been delivered: never to be sent again without a person's word.
    Unknown {
        /// What happened.
        detail: String,
    },
    /// Not delivered because the server as a whole is of no use now (no connection, TLS, log-in,
    /// 421). For the message the same as `Deferred`; the engine gives up on the server after a few.
    Unreachable {
        /// Why, and what to do.
        detail: String,
    },
    /// Not delivered, nor anything else of the kind until a person mends something there: tried in every run, and
    /// told in every run.
    Barred {
        /// Why, and what to do.
        detail: String,
    },
}

impl DeliveryOutcome {
    /// The one line about it.
    pub fn detail(&self) -> &str {
        match self {
            DeliveryOutcome::Accepted { detail }
            | DeliveryOutcome::HandedOver { detail, .. }
            | DeliveryOutcome::Deferred { detail, .. }
            | DeliveryOutcome::Refused { detail }
            | DeliveryOutcome::Unknown { detail }
            | DeliveryOutcome::Unreachable { detail }
            | DeliveryOutcome::Barred { detail } => detail,
        }
    }

    /// What it is in one word, for people.
    pub fn word(&self) -> &'static str {
        match self {
            DeliveryOutcome::Accepted { .. } => "accepted",
            DeliveryOutcome::HandedOver { .. } => "handed over",
            DeliveryOutcome::Deferred { .. } => "deferred",
            DeliveryOutcome::Refused { .. } => "refused",
            DeliveryOutcome::Unknown { .. } => "unknown",
            DeliveryOutcome::Unreachable { .. } => "deferred (server unreachable)",
            DeliveryOutcome::Barred { .. } => "barred",
        }
    }

    /// `Deferred` with no word about when.
    pub fn deferred(detail: impl AsRef<str>) -> DeliveryOutcome {
        DeliveryOutcome::Deferred {
            detail: one_line(detail.as_ref()),
            retry_after: None,
        }
    }

    /// `Refused`.
    pub fn refused(detail: impl AsRef<str>) -> DeliveryOutcome {
        DeliveryOutcome::Refused {
            detail: one_line(detail.as_ref()),
        }
    }

    /// `Unknown`.
    pub fn unknown(detail: impl AsRef<str>) -> DeliveryOutcome {
        DeliveryOutcome::Unknown {
            detail: one_line(detail.as_ref()),
        }
    }

    /// `Unreachable`.
    pub fn unreachable(detail: impl AsRef<str>) -> DeliveryOutcome {
        DeliveryOutcome::Unreachable {
            detail: one_line(detail.as_ref()),
        }
    }

    /// `HandedOver`.
    pub fn handed_over(detail: impl AsRef<str>, job: Job) -> DeliveryOutcome {
        DeliveryOutcome::HandedOver {
            detail: one_line(detail.as_ref()),
            job,
        }
    }

    /// `Accepted`.
    pub fn accepted(detail: impl AsRef<str>) -> DeliveryOutcome {
        DeliveryOutcome::Accepted {
            detail: one_line(detail.as_ref()),
        }
    }
}

/// A way out: an SMTP connection, a directory, a fax service. One message at a time.
pub trait Channel: Send {
    /// Everything up to the point of no return. After `Ok` nothing has been delivered and nothing
    /// will be until [`Channel::complete`]; after an error the channel is ready for another message.
    ///
    /// # Errors
    /// The outcome for this message: never `Accepted` and never `Unknown`.
    fn prepare(&mut self, message: &OutgoingMessage) -> Result<(), DeliveryOutcome>;
    /// Delivers the message that was prepared and waits for the answer.
    fn complete(&mut self, message: &OutgoingMessage) -> DeliveryOutcome;
    /// Drops the message that was prepared; it is certain not to be delivered.
    fn abandon(&mut self);
    /// Takes leave of the other side politely and briefly.
    fn close(&mut self);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_line_is_short_and_harmless(text in any::<String>()) {
            let line = one_line(&text);
            prop_assert!(line.chars().count() <= 300);
            prop_assert!(!line.chars().any(char::is_control));
            prop_assert!(!line.contains("  "));
        }
    }

    #[test]
    fn escape_sequences_and_line_breaks_do_not_survive() {
        assert_eq!(
            one_line("550 \x1b[31mno\r\n such\u{202e} user"),
            "550 [31mno such user"
        );
        assert_eq!(one_line(&"x".repeat(400)).chars().count(), 300);
    }
}
