//! Why a message is not acted on.

use super::cards;
use super::openpgp::Opened;
use crate::domain::codes::Code;
use crate::formats::FormatError;

/// A reason to stop at a message: a code of [`crate::domain::codes`] and one plain sentence.
///
/// The sentence names fingerprints, algorithms, dates and limits; never anything of the plaintext.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    /// One of the codes of [`crate::domain::codes::CODES`].
    pub code: Code,
    /// What is wrong, with the value and the limit.
    pub reason: String,
    unsigned: Option<Box<Opened>>,
    late: bool,
    firm: bool,
}

impl Refusal {
    /// A refusal with its code and reason.
    pub fn new(code: Code, reason: impl Into<String>) -> Refusal {
        Refusal {
            code,
            reason: reason.into(),
            unsigned: None,
            late: false,
            firm: false,
        }
    }

    /// The work on the message took longer than it was given.
    pub fn late(reason: impl Into<String>) -> Refusal {
        Refusal {
            late: true,
            ..Refusal::new(Code::TooLarge, reason)
        }
    }

    /// The same, held even where the site has its code off, which says something of mail alone.
    #[must_use]
    pub fn firmly(self) -> Refusal {
        Refusal { firm: true, ..self }
    }

    /// Whether it is held whatever the site has off.
    pub fn is_firm(&self) -> bool {
        self.firm
    }

    /// Whether more time could have led to another end.
    pub fn is_late(&self) -> bool {
        self.late
    }

    /// Decrypted and intact, but signed by nobody: the site may have `unsigned` on warn or off, so
    /// the content is kept.
    pub fn unsigned(opened: Opened) -> Refusal {
        Refusal {
            unsigned: Some(Box::new(opened)),
            ..Refusal::new(
                Code::Unsigned,
                "the message is encrypted to us but not signed: anyone can have written it",
            )
        }
    }

    /// The content of an `unsigned` message; `None` for every other code.
    pub fn into_unsigned(self) -> Option<Opened> {
        self.unsigned.map(|opened| *opened)
    }
}

impl From<FormatError> for Refusal {
    /// Why a document is no order. Keys and words in it may be the sender's: card numbers are masked.
    fn from(fault: FormatError) -> Refusal {
        let code = match fault {
            FormatError::Unreadable(_) => Code::UnreadableMessage,
            _ => Code::UnknownFormat,
        };
        let said = fault.to_string();
        Refusal::new(code, cards::mask_text(&said).unwrap_or(said))
    }
}
