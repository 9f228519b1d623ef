//! The order's text out of what was decrypted: a MIME entity, or the bare document.

use super::super::Refusal;
use super::{file_name, parse, parts};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use mail_parser::parsers::MessageStream;
use mail_parser::{HeaderName, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use std::borrow::Cow;

/// The text of the one document in a decrypted message, as UTF-8 without byte order mark: of a MIME
/// entity the JSON part, else its one text part; of anything else the whole. Headers inside the
/// entity count for nothing but its structure.
///
/// # Errors
/// `mixed_content` when several parts could be the document, `unreadable_message` when an encoding
/// or character set is broken, `unknown_format` when there is no text, `too_large`.
pub fn document(plaintext: &[u8]) -> Result<String, Refusal> {
    if !is_entity(plaintext) {
        return decode(plaintext, None);
    }
    let entity = parse(plaintext)?;
    if let Some(json) = json_of(&entity)? {
        return Ok(json);
    }
    let texts: Vec<&MessagePart<'_>> = entity
        .parts
        .iter()
        .filter(|part| is_plain_text(part) && !is_blank(&entity, part))
        .collect();
    match texts.as_slice() {
        [text] => text_of(&entity, text),
        [] => Err(Refusal::new(
            "unknown_format",
            "decrypted, but none of its parts is JSON or text",
        )),
        several => Err(several_documents(several.len())),
    }
}

/// The one JSON document of a mail; `None` when it has none.
pub(super) fn json_of(mail: &Message<'_>) -> Result<Option<String>, Refusal> {
    let mut found = Vec::new();
    for part in &mail.parts {
        if states_json(part) && !is_blank(mail, part) {
            found.push(text_of(mail, part)?);
        } else if is_plain_text(part)
            && let Ok(text) = text_of(mail, part)
            && is_json(&text)
        {
            found.push(text);
        }
    }
    match found.len() {
        0 | 1 => Ok(found.pop()),
        several => Err(several_documents(several)),
    }
}

fn several_documents(count: usize) -> Refusal {
    Refusal::new(
        "mixed_content",
        format!("it holds {count} documents; one message is one order"),
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

fn states_json(part: &MessagePart<'_>) -> bool {
    let Some(stated) = part.content_type() else {
        return false;
    };
    let sub = stated.subtype().unwrap_or_default().to_ascii_lowercase();
    match stated.ctype().to_ascii_lowercase().as_str() {
        "application" if sub == "octet-stream" => file_name(part).ends_with(".json"),
        "application" | "text" => sub == "json" || sub.ends_with("+json"),
        _ => false,
    }
}

fn is_plain_text(part: &MessagePart<'_>) -> bool {
    matches!(part.body, PartType::Text(_)) && !states_json(part)
}

fn is_blank(mail: &Message<'_>, part: &MessagePart<'_>) -> bool {
    parts::content(mail, part).is_some_and(|bytes| bytes.trim_ascii().is_empty())
}

fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

fn text_of(mail: &Message<'_>, part: &MessagePart<'_>) -> Result<String, Refusal> {
    let bytes = parts::content(mail, part).ok_or_else(|| {
        Refusal::new(
            "unreadable_message",
            "the transfer encoding (base64, quoted-printable) of the document is broken",
        )
    })?;
    decode(
        &bytes,
        part.content_type()
            .and_then(|stated| stated.attribute("charset")),
    )
}

/// Bytes to text, strictly: a byte that the character set does not have is an error, not a
/// question mark in a customer's name.
fn decode(bytes: &[u8], charset: Option<&str>) -> Result<String, Refusal> {
    let stated = match charset.map(str::trim) {
        None | Some("") => None,
        Some(label) => Some(
            Encoding::for_label(label.as_bytes())
                .ok_or_else(|| Refusal::new("unreadable_message", unknown_charset(label)))?,
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
    if broken {
        return Err(Refusal::new(
            "unreadable_message",
            format!(
                "the document is not the {} text that it should be",
                encoding.name()
            ),
        ));
    }
    Ok(match text {
        Cow::Borrowed(text) => text.to_string(),
        Cow::Owned(text) => text,
    })
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
