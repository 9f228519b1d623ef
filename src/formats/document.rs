//! A document that may hold orders: the bytes that came, and what was stated of them.

use super::{FormatError, json};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use serde_json::Value;
use std::borrow::Cow;
use std::sync::OnceLock;
use zeroize::Zeroizing;

/// One document: bytes, and what the sender stated of them, which a format may believe or not.
///
/// No `Debug`: it holds what people wrote, before card numbers are masked in it.
pub struct OrderDocument {
    bytes: Zeroizing<Vec<u8>>,
    media_type: Option<String>,
    charset: Option<String>,
    file_name: Option<String>,
    order_prefix: String,
    json: OnceLock<Result<Value, FormatError>>,
}

impl OrderDocument {
    /// A document of which nothing is stated.
    pub fn new(bytes: Vec<u8>) -> OrderDocument {
        OrderDocument {
            bytes: Zeroizing::new(bytes),
            media_type: None,
            charset: None,
            file_name: None,
            order_prefix: String::new(),
            json: OnceLock::new(),
        }
    }

    /// States its media type, such as `text/csv`, and the character set that goes with it.
    #[must_use]
    pub fn of_type(mut self, media_type: &str, charset: Option<&str>) -> OrderDocument {
        self.media_type = Some(media_type.trim().to_ascii_lowercase());
        self.charset = charset
            .map(|label| label.trim().to_owned())
            .filter(|label| !label.is_empty());
        self
    }

    /// States its file name.
    #[must_use]
    pub fn named(mut self, file_name: &str) -> OrderDocument {
        self.file_name = Some(file_name.to_ascii_lowercase()).filter(|name| !name.is_empty());
        self
    }

    /// States what comes before the numbers of its orders: its source's `order_prefix`.
    #[must_use]
    pub fn prefixed(mut self, prefix: &str) -> OrderDocument {
        prefix.clone_into(&mut self.order_prefix);
        self
    }

    /// What comes before the numbers of its orders; empty as a rule.
    pub fn order_prefix(&self) -> &str {
        &self.order_prefix
    }

    /// The bytes as they came, their transfer encoding undone.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The media type that was stated, in lower case and without parameters.
    pub fn media_type(&self) -> Option<&str> {
        self.media_type.as_deref()
    }

    /// The file name that was stated, in lower case.
    pub fn file_name(&self) -> Option<&str> {
        self.file_name.as_deref()
    }

    /// The bytes as text, without byte order mark. Strict: a byte that the character set does not
    /// have is an error, not a question mark in a customer's name.
    ///
    /// # Errors
    /// [`FormatError::Unreadable`] when the character set is unknown, or the bytes are none of it.
    pub fn text(&self) -> Result<Cow<'_, str>, FormatError> {
        decode(&self.bytes, self.charset.as_deref())
    }

    /// The bytes as text in the character set that was stated of them, else in this one.
    ///
    /// # Errors
    /// As [`OrderDocument::text`].
    pub fn text_in(&self, charset: Option<&str>) -> Result<Cow<'_, str>, FormatError> {
        decode(&self.bytes, self.charset.as_deref().or(charset))
    }

    /// Whether it is stated to be a picture, a page or something else that is no table and no text.
    pub fn is_of_another_kind(&self) -> bool {
        let Some((kind, sub)) = self.media_type().and_then(|stated| stated.split_once('/')) else {
            return false;
        };
        match kind {
            "text" => matches!(sub, "html" | "calendar" | "rtf" | "xml"),
            "application" => ![
                "csv",
                "octet-stream",
                "excel",
                "sheet",
                "json",
                "tab-separated",
            ]
            .iter()
            .any(|word| sub.contains(word)),
            _ => true,
        }
    }

    /// The document as JSON; read once, whoever asks.
    ///
    /// # Errors
    /// When it is stated to be something else, is no text, no JSON, or has a key twice.
    pub fn json(&self) -> Result<&Value, FormatError> {
        let read = || match self.states_json() || self.states_text() {
            true => json::parse(&self.text()?),
            false => Err(super::unclaimed("document")),
        };
        self.json.get_or_init(read).as_ref().map_err(Clone::clone)
    }

    /// Whether it is stated to be JSON (RFC 6839, section 3.1: `+json`).
    pub fn states_json(&self) -> bool {
        let Some((kind, sub)) = self.media_type().and_then(|stated| stated.split_once('/')) else {
            return false;
        };
        match kind {
            "application" if sub == "octet-stream" => {
                self.file_name().is_some_and(|name| name.ends_with(".json"))
            }
            "application" | "text" => sub == "json" || sub.ends_with("+json"),
            _ => false,
        }
    }

    /// Whether it is a JSON object or list from its first byte to its last, and not stated to be
    /// anything but text.
    pub fn is_json(&self) -> bool {
        (self.states_json() || self.states_text())
            && self.begins_as_json()
            && self
                .text()
                .is_ok_and(|text| serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok())
    }

    /// Whether the text begins as a JSON object or list does.
    pub(super) fn begins_as_json(&self) -> bool {
        self.text()
            .is_ok_and(|text| text.trim_start().starts_with(['{', '[']))
    }

    /// Whether it is stated to be text, or nothing is stated. HTML is made for eyes, not for programs.
    fn states_text(&self) -> bool {
        self.media_type()
            .is_none_or(|stated| stated.starts_with("text/") && stated != "text/html")
    }
}

/// Bytes to text, strictly.
fn decode<'a>(bytes: &'a [u8], charset: Option<&str>) -> Result<Cow<'a, str>, FormatError> {
    let stated = match charset {
        None => None,
        Some(label) => Some(
            Encoding::for_label(label.as_bytes())
                .ok_or_else(|| FormatError::Unreadable(unknown_charset(label)))?,
        ),
    };
    // JSON is UTF-8 whatever is stated of it (RFC 8259, sections 8.1 and 11), and what happens to
    // be valid UTF-8 beyond ASCII is hardly ever anything else: a false label would spoil names
    let is_utf_8 = || !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok();
    let stated = stated.filter(|stated| !stated.is_single_byte() || !is_utf_8());
    let encoding = match (Encoding::for_bom(bytes), stated) {
        (Some((of_mark, _)), _) => of_mark,
        (None, Some(stated)) if stated != UTF_16LE => stated,
        (None, stated) => utf_16(bytes).or(stated).unwrap_or(UTF_8),
    };
    let (text, broken) = encoding.decode_with_bom_removal(bytes);
    match broken {
        true => Err(FormatError::Unreadable(format!(
            "the document is not the {} text that it should be",
            encoding.name()
        ))),
        false => Ok(text),
    }
}

/// The label is named when it is one: it could be anything.
fn unknown_charset(label: &str) -> String {
    let is_label = |c: char| c.is_ascii_alphanumeric() || "-_.:+".contains(c);
    let name = match label.len() <= 40 && label.chars().all(is_label) {
        true => format!(" '{label}'"),
        false => String::new(),
    };
    format!("the document's character set{name} is unknown: have the shop write UTF-8")
}

/// UTF-16 without a mark shows by the zero byte of its first character, which in JSON is ASCII
/// (RFC 4627, section 3).
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0, second, ..] if *second != 0 => Some(UTF_16BE),
        [first, 0, ..] if *first != 0 => Some(UTF_16LE),
        _ => None,
    }
}
