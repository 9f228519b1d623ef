//! What a message says, for a person who may read orders: opened anew each time with the site's keys,
//! written nowhere.

use super::inbound::File;
use super::openpgp::{Keyring, OpenpgpLimits, document};
use super::{Refusal, cards, enclosed, inbound, mime};
use crate::domain::foreign::cut;
use crate::domain::text::turns_order;
use crate::domain::vouched::Vouched;
use crate::formats::{OrderDocument, OrderFormats};
use crate::ledger::sources::MessageDocument;
use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

/// Most characters of text that are shown; the rest is told.
const MOST_TEXT: usize = 200_000;

/// How a message was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// Nobody encrypted it.
    Clear,
    /// Decrypted, and signed by a key on the list: its fingerprint.
    Signed(String),
    /// Decrypted, and signed by nobody.
    Unsigned,
    /// In the clear, out of this place, which the configuration trusted when it came.
    Trusted(String),
    /// Not opened, and why.
    Closed(String),
}

impl How {
    /// In words.
    pub fn told(&self) -> String {
        match self {
            How::Clear => "not encrypted, as it came; anyone can have written it".to_owned(),
            How::Signed(key) => {
                format!("decrypted now; signed by {key}, a key of openpgp.trusted_signers")
            }
            How::Unsigned => {
                "decrypted now; signed by nobody: anyone can have written it".to_owned()
            }
            How::Trusted(place) => {
                format!("as it came out of {place}, which the configuration trusted")
            }
            How::Closed(why) => format!("not shown: {why}"),
        }
    }
}

/// The contents of a message as a person may see them. No `Debug`: it holds what people wrote.
pub struct Contents {
    /// How it was opened.
    pub how: How,
    /// What it says, made harmless by [`harmless`], card numbers masked; `None` when it has no text.
    pub text: Option<String>,
    /// Its files.
    pub files: Vec<File>,
}

/// Whether a message has an OpenPGP object in it, for which our keys are needed.
pub fn is_sealed(raw: &[u8]) -> bool {
    !matches!(mime::only_object(raw), Ok(None))
}

/// Reads what a message says. `received` is when it was stored.
///
/// # Errors
/// When it is no mail that can be read.
pub fn of(
    raw: &[u8],
    keys: Option<(&Keyring, &OpenpgpLimits)>,
    received: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Contents, Refusal> {
    let object = match mime::only_object(raw) {
        Ok(None) => return clear(raw),
        Ok(Some(object)) => object,
        Err(why) => return Ok(closed(raw, why.reason)),
    };
    let Some((keyring, limits)) = keys else {
        return Ok(closed(raw, "the site's keys are not open".to_owned()));
    };
    let (plaintext, how) = match keyring.open(&object, received, now, limits) {
        Ok(opened) => match opened.signer_fingerprint.clone() {
            Some(key) => (opened.into_plaintext(), How::Signed(key)),
            None => (opened.into_plaintext(), How::Unsigned),
        },
        Err(refusal) => {
            let reason = refusal.reason.clone();
            match refusal.into_unsigned() {
                Some(opened) => (opened.into_plaintext(), How::Unsigned),
                None => return Ok(closed(raw, reason)),
            }
        }
    };
    let plaintext = Zeroizing::new(plaintext);
    let document = mime::document(&plaintext, &OrderFormats::default()).ok();
    let text = document.and_then(|document| Some(document.text().ok()?.into_owned()));
    let text = text.or_else(|| inbound::words_of(&plaintext));
    let text = text.or_else(|| std::str::from_utf8(&plaintext).ok().map(str::to_owned));
    Ok(Contents {
        how,
        text: text.map(|text| readable(&text)),
        files: enclosed::files(&plaintext).unwrap_or_default(),
    })
}

/// Reads what a document says that a source gave. `received` is when it was stored.
pub fn of_document(
    raw: &[u8],
    about: &MessageDocument,
    keys: Option<(&Keyring, &OpenpgpLimits)>,
    received: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Contents {
    let file = File {
        name: about.file_name.clone(),
        mime: about.media_type.clone(),
        bytes: raw.to_vec(),
    };
    let (bytes, how) = match (document::is_openpgp(raw), keys) {
        (false, _) if about.vouched == Vouched::OpenPgp => (raw.to_vec(), How::Clear),
        (false, _) => (raw.to_vec(), How::Trusted(about.place.clone())),
        (true, None) => (
            Vec::new(),
            How::Closed("the site's keys are not open".to_owned()),
        ),
        (true, Some((keyring, limits))) => {
            match keyring.open_document(raw, received, now, limits) {
                Ok(opened) => {
                    let signer = opened.signer_fingerprint.clone();
                    let how = signer.map_or(How::Unsigned, How::Signed);
                    (opened.into_plaintext(), how)
                }
                Err(refusal) => (Vec::new(), How::Closed(refusal.reason)),
            }
        }
    };
    let document = OrderDocument::new(bytes);
    let shown = !matches!(how, How::Closed(_)) && !document.bytes().starts_with(b"PK");
    let text = shown.then(|| document.text().ok().map(|text| readable(&text)));
    Contents {
        text: text.flatten(),
        how,
        files: vec![file],
    }
}

/// Whether a document that a source gave is OpenPGP, for which our keys are needed.
pub fn is_sealed_document(raw: &[u8]) -> bool {
    document::is_openpgp(raw)
}

fn clear(raw: &[u8]) -> Result<Contents, Refusal> {
    Ok(Contents {
        how: How::Clear,
        files: enclosed::files(raw)?,
        text: inbound::words_of(raw).map(|text| readable(&text)),
    })
}

fn closed(raw: &[u8], why: String) -> Contents {
    Contents {
        how: How::Closed(why),
        text: None,
        files: enclosed::files(raw).unwrap_or_default(),
    }
}

/// Card numbers masked, then [`harmless`].
fn readable(text: &str) -> String {
    harmless(&cards::mask_text(text).unwrap_or_else(|| text.to_owned()))
}

/// A foreign text that may stand on a terminal: its lines kept, every other control, bidirectional
/// or separating character written as its number, and no longer than people read.
pub fn harmless(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\t', "    ");
    let mut shown = String::with_capacity(text.len());
    for line in text.split('\n') {
        if shown.len() > MOST_TEXT {
            shown.push_str("\n… there is more: poms message show ID --raw > FILE");
            break;
        }
        if !shown.is_empty() {
            shown.push('\n');
        }
        for c in cut(line, MOST_TEXT).chars() {
            match turns_order(c) {
                true => shown.extend(c.escape_unicode()),
                false => shown.push(c),
            }
        }
    }
    shown.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_moves_a_cursor_is_left() {
        let text = "a\tb\r\n\x1b[31mred\u{9b}2J\u{202e}x\u{2028}y\rz\u{200f}\n\n";
        let shown = harmless(text);
        assert_eq!(
            shown,
            "a    b\n\\u{1b}[31mred\\u{9b}2J\\u{202e}x\\u{2028}y\\u{d}z\\u{200f}"
        );
        assert!(harmless(&"x\n".repeat(MOST_TEXT)).ends_with("--raw > FILE"));
    }
}
