//! The one document of orders out of what was decrypted: a part of a MIME entity, or the bare bytes.

use super::super::Refusal;
use super::{parse, parts};
use crate::domain::codes::Code;
use crate::formats::{OrderDocument, OrderFormats};
use mail_parser::parsers::MessageStream;
use mail_parser::{HeaderName, Message, MessageParser, MessagePart, MimeHeaders, PartType};

/// The one document in a decrypted message: of a MIME entity the part that could be orders, else its
/// one text part; of anything else the whole. Headers inside the entity count for nothing but its
/// structure and what is stated of the document.
///
/// # Errors
/// `mixed_content` when several parts could be the document, `unreadable_message` when an encoding
/// is broken, `unknown_format` when there is no text, `too_large`.
pub fn document(plaintext: &[u8], formats: &OrderFormats) -> Result<OrderDocument, Refusal> {
    if !is_entity(plaintext) {
        return Ok(OrderDocument::new(plaintext.to_vec()));
    }
    let entity = parse(plaintext)?;
    if let Some(document) = orders_of(&entity, formats)? {
        return Ok(document);
    }
    let texts: Vec<&MessagePart<'_>> = entity
        .parts
        .iter()
        .filter(|part| matches!(part.body, PartType::Text(_)) && !is_blank(&entity, part))
        .collect();
    match texts.as_slice() {
        [text] => document_of(&entity, text).ok_or_else(broken),
        [] => Err(Refusal::new(
            Code::UnknownFormat,
            "decrypted, but none of its parts is JSON or text",
        )),
        several => Err(several_documents(several.len())),
    }
}

/// The one document of a mail that could be orders of any format; `None` when it has none.
pub(super) fn orders_of(
    mail: &Message<'_>,
    formats: &OrderFormats,
) -> Result<Option<OrderDocument>, Refusal> {
    let mut found = Vec::new();
    for part in &mail.parts {
        if matches!(part.body, PartType::Multipart(_) | PartType::Message(_))
            || is_blank(mail, part)
        {
            continue;
        }
        match document_of(mail, part) {
            Some(document) if document.states_json() => {
                document.text()?;
                found.push(document);
            }
            Some(document) if formats.may_be_orders(&document) => found.push(document),
            None if stated(part, OrderDocument::new(Vec::new())).states_json() => {
                return Err(broken());
            }
            _ => {}
        }
    }
    match found.len() {
        0 | 1 => Ok(found.pop()),
        several => Err(several_documents(several)),
    }
}

fn several_documents(count: usize) -> Refusal {
    Refusal::new(
        Code::MixedContent,
        format!("it holds {count} documents; one message is one order"),
    )
}

fn broken() -> Refusal {
    Refusal::new(
        Code::UnreadableMessage,
        "the transfer encoding (base64, quoted-printable) of the document is broken",
    )
}

/// Whether the bytes begin with MIME headers (RFC 3156, section 4: the data is a MIME entity).
fn is_entity(plaintext: &[u8]) -> bool {
    let head = &plaintext[..plaintext.len().min(super::limits::HEADER_BYTES)];
    if matches!(
        head.trim_ascii_start().first(),
        None | Some(b'{' | b'[' | 0 | 0x80..)
    ) {
        return false;
    }
    let mut headers = Vec::new();
    let mut stream = MessageStream::new(head);
    let _ = stream.parse_headers(&MessageParser::new().default_header_raw(), &mut headers);
    headers.iter().any(|header| {
        matches!(
            header.name,
            HeaderName::ContentType | HeaderName::MimeVersion | HeaderName::ContentTransferEncoding
        )
    })
}

fn is_blank(mail: &Message<'_>, part: &MessagePart<'_>) -> bool {
    parts::content(mail, part).is_some_and(|bytes| bytes.trim_ascii().is_empty())
}

/// A part as a document; `None` when its transfer encoding is broken.
fn document_of(mail: &Message<'_>, part: &MessagePart<'_>) -> Option<OrderDocument> {
    let bytes = parts::content(mail, part)?;
    Some(stated(part, OrderDocument::new(bytes.into_owned())))
}

/// What a part's headers state of its document.
fn stated(part: &MessagePart<'_>, document: OrderDocument) -> OrderDocument {
    let document = document.named(part.attachment_name().unwrap_or_default());
    let Some(stated) = part.content_type() else {
        return document;
    };
    let sub = stated.subtype().unwrap_or_default();
    document.of_type(
        &format!("{}/{sub}", stated.ctype()),
        stated.attribute("charset"),
    )
}
