//! A mail as bytes (RFC 5322, MIME): what is handed over is what is sent, or it is refused.
//!
//! Nothing is stripped in silence: a control character in what becomes a header is an error that
//! names the field. The bytes are plain ASCII in short lines, so that no server needs 8BITMIME.

mod checks;
mod readdress;
mod text_part;
mod thread;

pub use readdress::readdress;

use checks::{check_lines, check_message_id, check_value, malformed};
use text_part::text_part;

use crate::clock;
mod names;

use chrono::{DateTime, Datelike, Utc};
use email_encoding::body::base64;
use email_encoding::headers::{rfc2047, writer::EmailWriter};
use lettre::message::header::{
    ContentDisposition, ContentTransferEncoding, ContentType, HeaderName, HeaderValue,
};
use lettre::message::{Body, Mailbox, Message, MultiPart, SinglePart};
use lettre::{Address, address::Envelope};

/// Longest text of a display name, in bytes.
const LONGEST_NAME: usize = 256;
/// Longest subject or other header value, in bytes.
const LONGEST_VALUE: usize = 900;

/// Headers that a letter writes itself, so that none comes twice.
const OWN_HEADERS: [&str; 14] = [
    "from",
    "sender",
    "to",
    "cc",
    "bcc",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "auto-submitted",
    "received",
    "return-path",
    "dkim-signature",
];

/// A mailbox: display name, which may be empty, and address.
pub type NamedAddress = (String, String);

/// One mail, ready to be rendered.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// Who writes.
    pub from: NamedAddress,
    /// Who gets it; at least one.
    pub to: Vec<NamedAddress>,
    /// Where answers go, when not to `from`.
    pub reply_to: Option<String>,
    /// One line.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The body as HTML, beside the text.
    pub html: Option<String>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// With its angle brackets, as [`message_id`] makes it.
    pub message_id: String,
    /// When it was written.
    pub date: DateTime<Utc>,
    /// Whether a machine wrote it (RFC 3834): keeps holiday notices from answering.
    pub auto_submitted: bool,
    /// Further headers; none of those that a letter has of itself.
    pub extra_headers: Vec<(String, String)>,
}

/// A file in a mail.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, without folders.
    pub name: String,
    /// Its type, such as `application/pdf`.
    pub mime: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Why a letter is not rendered. The value is never in the message: it may be a customer's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LetterError {
    /// CR, LF, NUL or another control character where a header comes from.
    #[error("{field} has a control character (U+{code:04X}): take it out and try again")]
    Control {
        /// The field of the letter.
        field: String,
        /// The character.
        code: u32,
    },
    /// Longer than a header can be.
    #[error("{field} has {length} bytes; {limit} is the most")]
    TooLong {
        /// The field of the letter.
        field: String,
        /// What it has.
        length: usize,
        /// What it may have.
        limit: usize,
    },
    /// Not what the field must be.
    #[error("{field} {reason}")]
    Malformed {
        /// The field of the letter.
        field: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// A Message-ID from 16 random bytes: `<…@domain>`, fixed for all attempts to send one mail.
pub fn message_id(random: [u8; 16], domain: &str) -> String {
    format!("<{:032x}@{domain}>", u128::from_be_bytes(random))
}

impl Letter {
    /// A letter that a machine writes now, with a Message-ID of its own below the sender's domain,
    /// and no words yet. Both sides are a name, which may be empty, and an address.
    pub fn by_machine(
        from: (String, String),
        to: Vec<(String, String)>,
        now: DateTime<Utc>,
    ) -> Letter {
        let domain = from.1.rsplit('@').next().unwrap_or("localhost");
        Letter {
            message_id: message_id(clock::random(), domain),
            from,
            to,
            reply_to: None,
            subject: String::new(),
            text: String::new(),
            html: None,
            attachments: Vec::new(),
            date: now,
            auto_submitted: true,
            extra_headers: Vec::new(),
        }
    }

    /// The mail's bytes, lines ending in CRLF; equal letters give equal bytes.
    ///
    /// # Errors
    /// When a field has a control character, is too long or is not what it must be.
    pub fn render(&self) -> Result<Vec<u8>, LetterError> {
        check_message_id(&self.message_id)?;
        let from = mailbox("from", &self.from)?;
        let to = self
            .to
            .iter()
            .map(|one| mailbox("to", one))
            .collect::<Result<Vec<Mailbox>, LetterError>>()?;
        let Some(first) = to.first() else {
            return Err(malformed(
                "to",
                "is empty: a letter needs someone who gets it",
            ));
        };
        // lettre wants one; the real envelope is the outbox's
        let envelope = Envelope::new(Some(from.email.clone()), vec![first.email.clone()])
            .map_err(|_| malformed("to", "is not usable as an envelope"))?;
        let dotted = [
            ("From", names::quoted(&[&from])),
            ("To", names::quoted(&to.iter().collect::<Vec<_>>())),
        ];
        let mut builder = Message::builder()
            .envelope(envelope)
            .date(self.date()?)
            .from(from);
        builder = to.into_iter().fold(builder, |builder, one| builder.to(one));
        for (name, value) in dotted {
            if let Some(value) = value {
                builder = builder.raw_header(header(name, name, &value)?);
            }
        }
        if let Some(address) = &self.reply_to {
            builder = builder.reply_to(mailbox("reply_to", &(String::new(), address.clone()))?);
        }
        builder = builder
            .raw_header(header("Message-ID", "message_id", &self.message_id)?)
            .raw_header(header("Subject", "subject", &self.subject)?);
        if self.auto_submitted {
            builder = builder.raw_header(header(
                "Auto-Submitted",
                "auto_submitted",
                "auto-generated",
            )?);
        }
        for (name, value) in &self.extra_headers {
            builder = builder.raw_header(extra(name, value)?);
        }
        let message = match self.parts()? {
            MailBody::Single(part) => builder.singlepart(part),
            MailBody::Multi(parts) => builder.multipart(parts),
        };
        let bytes = message
            .map_err(|_| malformed("letter", "lacks what every mail must have"))?
            .formatted();
        check_lines(&bytes)?;
        Ok(bytes)
    }

    /// RFC 5322, 3.3; the year must have four digits.
    fn date(&self) -> Result<std::time::SystemTime, LetterError> {
        if !(1970..=9999).contains(&self.date.year()) {
            return Err(malformed("date", "is not between the years 1970 and 9999"));
        }
        Ok(self.date.into())
    }

    /// The body: text, or text and HTML, or these and files.
    fn parts(&self) -> Result<MailBody, LetterError> {
        let alone = self.html.is_none() && self.attachments.is_empty();
        // lettre ends a part that stands alone with a line end of its own
        let body = match self.text.strip_suffix('\n') {
            Some(body) if alone => body,
            _ => &self.text,
        };
        let text = text_part(body, ContentType::TEXT_PLAIN);
        let words = match &self.html {
            None => MailBody::Single(text),
            Some(html) => MailBody::Multi(
                MultiPart::alternative()
                    .boundary(self.boundary("a"))
                    .singlepart(text)
                    .singlepart(text_part(html, ContentType::TEXT_HTML)),
            ),
        };
        if self.attachments.is_empty() {
            return Ok(words);
        }
        let mixed = MultiPart::mixed().boundary(self.boundary("m"));
        let mut mixed = match words {
            MailBody::Single(part) => mixed.singlepart(part),
            MailBody::Multi(parts) => mixed.multipart(parts),
        };
        for file in &self.attachments {
            mixed = mixed.singlepart(file.part()?);
        }
        Ok(MailBody::Multi(mixed))
    }

    /// A boundary that no encoded part can contain: `=_` occurs neither in quoted-printable nor in
    /// base64 (RFC 2045, 6.7), and text parts in plain form never have it either ([`text_part()`]).
    fn boundary(&self, level: &str) -> String {
        let mark: String = self
            .message_id
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(32)
            .collect();
        format!("=_{level}_{mark}")
    }
}

/// A body: one part or several.
enum MailBody {
    Single(SinglePart),
    Multi(MultiPart),
}

impl Attachment {
    fn part(&self) -> Result<SinglePart, LetterError> {
        check_value("attachment name", &self.name, LONGEST_NAME)?;
        check_value("attachment type", &self.mime, LONGEST_NAME)?;
        let bad = |c: char| matches!(c, '/' | '\\' | '"');
        if self.name.is_empty() || self.name.contains(bad) {
            return Err(malformed(
                "attachment name",
                "is empty or has a / \\ or \" in it",
            ));
        }
        let mime = ContentType::parse(&self.mime)
            .map_err(|_| malformed("attachment type", "is not a type such as application/pdf"))?;
        let mut encoded = String::with_capacity(base64::encoded_len(self.bytes.len()));
        base64::encode(&self.bytes, &mut encoded)
            .map_err(|_| malformed("attachment", "cannot be encoded"))?;
        let encoding = ContentTransferEncoding::Base64;
        let body = Body::dangerous_pre_encoded(encoded.into_bytes(), encoding);
        Ok(SinglePart::builder()
            .header(mime)
            .header(ContentDisposition::attachment(&self.name))
            .body(body))
    }
}

/// A header whose value is free text. Plain ASCII stays as it is; what is not, what looks encoded
/// already and what could not be folded becomes encoded words (RFC 2047).
fn header(name: &str, field: &str, value: &str) -> Result<HeaderValue, LetterError> {
    check_value(field, value, LONGEST_VALUE)?;
    let title = HeaderName::new_from_ascii(name.to_owned())
        .map_err(|_| malformed(field, "is not a header's name"))?;
    let plain = value.chars().all(|c| matches!(c, ' '..='~'))
        && !value.contains("=?")
        && !value.contains("  ")
        && value.trim() == value
        && value.split(' ').all(|word| word.len() <= 70);
    if plain {
        return Ok(HeaderValue::new(title, value.to_owned()));
    }
    let mut encoded = String::new();
    {
        let mut writer = EmailWriter::new(&mut encoded, name.len() + 2, 0, false);
        rfc2047::encode(value, &mut writer).map_err(|_| malformed(field, "cannot be encoded"))?;
    }
    Ok(HeaderValue::dangerous_new_pre_encoded(
        title,
        value.to_owned(),
        encoded,
    ))
}

/// One of the further headers.
fn extra(name: &str, value: &str) -> Result<HeaderValue, LetterError> {
    check_value("header name", name, 64)?;
    let lower = name.to_ascii_lowercase();
    let token = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    if name.is_empty() || !name.bytes().all(token) {
        return Err(malformed(
            "header name",
            "may have letters, digits and - only",
        ));
    }
    if OWN_HEADERS.contains(&lower.as_str()) || lower.starts_with("content-") {
        return Err(malformed(
            &lower,
            "is a header that the letter writes itself",
        ));
    }
    if ["in-reply-to", "references"].contains(&&*lower) {
        return thread::identifiers(name, value);
    }
    header(name, name, value)
}

/// A mailbox whose address is plain ASCII (a name of other letters in a domain is written `xn--…`).
fn mailbox(field: &str, (name, address): &NamedAddress) -> Result<Mailbox, LetterError> {
    check_value(&format!("{field} name"), name, LONGEST_NAME)?;
    let field = format!("{field} address");
    check_value(&field, address, 254)?;
    if !address.is_ascii() {
        return Err(malformed(
            &field,
            "has letters beyond ASCII: write its domain as xn--…",
        ));
    }
    let plain = |b: u8| b.is_ascii_graphic() && !b"()<>[]:;,\\\"".contains(&b);
    if !address.bytes().all(plain) {
        return Err(malformed(
            &field,
            "is not an address such as name@shop.example",
        ));
    }
    let address = address
        .parse::<Address>()
        .map_err(|_| malformed(&field, "is not an address such as name@shop.example"))?;
    let name = (!name.trim().is_empty()).then(|| name.trim().to_owned());
    Ok(Mailbox::new(name, address))
}

#[cfg(test)]
mod tests;
