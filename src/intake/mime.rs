//! What is in a mail: the one OpenPGP object that is the whole message, or none.
//!
//! A mail in which anything readable stands beside the encrypted part is refused as
//! `mixed_content`: such mails are how EFAIL and its kin make a reader take one part for another.

pub mod document;
pub mod limits;
pub(super) mod parts;
mod signed;

pub use document::document;
pub(super) use signed::{SignedParts, signed_parts, states_signed};

use super::{Refusal, guard};
use crate::domain::codes::Code;
use crate::formats::{OrderDocument, OrderFormats};
use mail_parser::{Message, MessageParser, MimeHeaders, PartType};
use parts::Leaf;

/// What a mail turned out to be.
pub enum Content {
    /// One OpenPGP message, armoured or binary, and nothing else.
    Pgp(Vec<u8>),
    /// No OpenPGP at all, but one document that could be orders, which nobody encrypted or signed;
    /// for the caller to hold as `unsigned`, or to read where the site has that off.
    PlainOrder(OrderDocument),
    /// Neither: not for the order desk.
    Other,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Content::Pgp(bytes) => write!(f, "Pgp({} bytes)", bytes.len()),
            Content::PlainOrder(document) => {
                write!(f, "PlainOrder({} bytes)", document.bytes().len())
            }
            Content::Other => f.write_str("Other"),
        }
    }
}

/// Finds what a raw mail holds: PGP/MIME (RFC 3156), an armoured block as the only text, or one
/// armoured or binary attachment beside at most blank texts.
///
/// # Errors
/// `too_large`, `mixed_content`, `not_for_us` (signed but not encrypted) or `unreadable_message`.
pub fn find(raw: &[u8], formats: &OrderFormats) -> Result<Content, Refusal> {
    let mail = parse(raw)?;
    let (mut pgp, mut places) = (Vec::new(), Vec::new());
    let (mut others, mut version) = (0, false);
    for (id, part) in mail.parts.iter().enumerate() {
        match parts::classify(&mail, id, part) {
            Leaf::Container | Leaf::Blank => {}
            Leaf::Version => version = true,
            Leaf::Pgp(bytes) => {
                places.push(id);
                pgp.push(bytes);
            }
            Leaf::PgpAmongOthers if matches!(part.body, PartType::Message(_)) => {
                return Err(mixed(
                    "the mail with the OpenPGP block is attached to this one, as when it is forwarded",
                ));
            }
            Leaf::PgpAmongOthers => return Err(mixed("text stands beside the OpenPGP block")),
            Leaf::Other => others += 1,
        }
    }
    let Some(message) = pgp.pop() else {
        return match version {
            true => Err(Refusal::new(
                Code::UnreadableMessage,
                "a PGP/MIME mail whose encrypted part is missing, or cut off before the last boundary",
            )),
            false => without_pgp(&mail, formats),
        };
    };
    // as plain text and as HTML, say
    let copies = pgp.len() + 1;
    let same = pgp.iter().all(|other| same_lines(other, &message));
    let one = pgp.is_empty() || same && parts::are_alternatives(&mail, &places);
    if !one {
        return Err(mixed("it holds more than one OpenPGP object"));
    }
    if others > 0 {
        return Err(mixed(&format!(
            "{others} other part{} beside the encrypted one",
            if others == 1 { " stands" } else { "s stand" }
        )));
    }
    if parts::armour_begins(raw) > copies {
        return Err(mixed("it holds more than one OpenPGP object"));
    }
    if parts::has_double_headers(&mail) {
        return Err(mixed("a part states its content type or encoding twice"));
    }
    if parts::has_text_after_end(&mail, raw) {
        return Err(mixed("text stands after the last part"));
    }
    Ok(Content::Pgp(message.into_owned()))
}

/// The one OpenPGP message of a mail, whatever stands beside it; `None` when there is none. For what a
/// person looks at or lets in: nothing outside the object is used.
///
/// # Errors
/// `mixed_content` when it holds several, or when readers differ in what its parts are; what makes a
/// mail unreadable.
pub fn only_object(raw: &[u8]) -> Result<Option<Vec<u8>>, Refusal> {
    let mail = parse(raw)?;
    let mut found = Vec::new();
    for (id, part) in mail.parts.iter().enumerate() {
        match parts::classify(&mail, id, part) {
            Leaf::Pgp(bytes) => found.push(bytes.into_owned()),
            Leaf::PgpAmongOthers => {
                let content = parts::content(&mail, part).unwrap_or_default();
                let plain = matches!(part.body, PartType::Text(_));
                match parts::block_in(&content).filter(|_| plain) {
                    Some(block) => found.push(block.to_vec()),
                    None => return Err(mixed("an OpenPGP block stands in the midst of a part")),
                }
            }
            Leaf::Container | Leaf::Blank | Leaf::Version | Leaf::Other => {}
        }
    }
    if found.len() > 1 || parts::armour_begins(raw) > 1 {
        return Err(mixed("it holds more than one OpenPGP object"));
    }
    if !found.is_empty() && parts::has_double_headers(&mail) {
        return Err(mixed("a part states its content type or encoding twice"));
    }
    Ok(found.pop())
}

/// Whether two texts are the same but for how their lines end.
fn same_lines(one: &[u8], other: &[u8]) -> bool {
    fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
        let lines = text.trim_ascii().split(|byte| *byte == b'\n');
        lines.map(<[u8]>::trim_ascii_end)
    }
    lines(one).eq(lines(other))
}

fn mixed(what: &str) -> Refusal {
    Refusal::new(
        Code::MixedContent,
        format!("{what}; only a mail that is one encrypted object is opened"),
    )
}

fn without_pgp(mail: &Message<'_>, formats: &OrderFormats) -> Result<Content, Refusal> {
    let is_signed = |part: &mail_parser::MessagePart<'_>| {
        matches!(part.body, PartType::Multipart(_)) && parts::is_type(part, "multipart", "signed")
    };
    match document::orders_of(mail, formats)? {
        None => Ok(Content::Other),
        Some(_) if mail.parts.iter().any(is_signed) => Err(Refusal::new(
            Code::NotForUs,
            "signed but not encrypted: poms opens only what is encrypted to its key",
        )),
        Some(document) => Ok(Content::PlainOrder(document)),
    }
}

/// Parses a mail or MIME entity whose structure is within the limits.
pub(super) fn parse(raw: &[u8]) -> Result<Message<'_>, Refusal> {
    let unreadable = || {
        Refusal::new(
            Code::UnreadableMessage,
            "it is not a mail: it has no headers",
        )
    };
    let gave_up = || Refusal::new(Code::UnreadableMessage, "the mail parser gave up");
    guard::catch(|| {
        limits::check(raw)?;
        MessageParser::new().parse(raw).ok_or_else(unreadable)
    })
    .unwrap_or_else(|| Err(gave_up()))
}

/// The file name that a part states, in lower case.
pub(super) fn file_name(part: &mail_parser::MessagePart<'_>) -> String {
    part.attachment_name()
        .unwrap_or_default()
        .to_ascii_lowercase()
}

#[cfg(test)]
#[path = "mime/tests.rs"]
mod tests;
