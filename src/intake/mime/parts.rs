//! What each part of a mail is to the search for the one OpenPGP object.

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding, HeaderName, Message, MessagePart, MimeHeaders, PartType};
use std::borrow::Cow;

const BEGIN: &[u8] = b"-----BEGIN PGP ";
const BEGIN_MESSAGE: &[u8] = b"-----BEGIN PGP MESSAGE-----";
const BEGIN_SIGNED: &[u8] = b"-----BEGIN PGP SIGNED MESSAGE-----";
const END_MESSAGE: &[u8] = b"-----END PGP MESSAGE-----";
const END_SIGNATURE: &[u8] = b"-----END PGP SIGNATURE-----";

/// What a part is.
pub enum Leaf<'a> {
    /// A multipart; its parts are looked at by themselves.
    Container,
    /// Text of nothing but white space.
    Blank,
    /// The "Version: 1" part of RFC 3156, section 4.
    Version,
    /// An OpenPGP message and nothing else.
    Pgp(Cow<'a, [u8]>),
    /// An OpenPGP message in the midst of something else.
    PgpAmongOthers,
    /// Anything else.
    Other,
}

/// Tells what a part is. `id` is its place in the mail.
pub fn classify<'a>(mail: &'a Message<'_>, id: usize, part: &'a MessagePart<'_>) -> Leaf<'a> {
    if let PartType::Multipart(_) = part.body {
        return Leaf::Container;
    }
    let Some(content) = content(mail, part) else {
        return Leaf::Other;
    };
    if let PartType::Message(_) = part.body {
        // an order sent on as an attachment; a bounce that quotes our own sealed mail is none
        let bounce = mail
            .parts
            .first()
            .is_some_and(|top| is_type(top, "multipart", "report"));
        return match !bounce && armour_begins(&content) > 0 {
            true => Leaf::PgpAmongOthers,
            false => Leaf::Other,
        };
    }
    let text = without_mark(&content);
    let is_version_type = is_type(part, "application", "pgp-encrypted");
    if text.is_empty() && matches!(part.body, PartType::Text(_) | PartType::Html(_)) {
        return Leaf::Blank;
    }
    if is_version_type && is_version(text) {
        return Leaf::Version;
    }
    if let PartType::Html(_) = part.body
        && let Some(shown) = html_armour(text)
    {
        return match is_one_block(shown.trim_ascii()) {
            true => Leaf::Pgp(Cow::Owned(shown.trim_ascii().to_vec())),
            false => Leaf::PgpAmongOthers,
        };
    }
    if armour_begins(text) > 0 {
        return match is_one_block(text) {
            true if text.len() == content.trim_ascii().len() => Leaf::Pgp(content),
            true => Leaf::Pgp(Cow::Owned(text.to_vec())),
            false => Leaf::PgpAmongOthers,
        };
    }
    let name = super::file_name(part);
    let named = [".pgp", ".gpg", ".asc"]
        .iter()
        .any(|end| name.ends_with(end));
    let stated = is_version_type || is_type(part, "application", "pgp");
    let key_or_signature = text.starts_with(BEGIN)
        || is_type(part, "application", "pgp-signature")
        || is_type(part, "application", "pgp-keys");
    match (named || stated || is_data_part(mail, id)) && !key_or_signature {
        true => Leaf::Pgp(content),
        false => Leaf::Other,
    }
}

/// What is shown as nothing, in UTF-8, and the no-break space of Latin-1.
const UNSEEN: [&[u8]; 7] = [
    b"\xef\xbb\xbf",
    b"\xc2\xa0",
    b"\xe2\x80\x8b",
    b"\xe2\x80\x8c",
    b"\xe2\x80\x8d",
    b"\xe2\x81\xa0",
    b"\xa0",
];

/// The bytes without blanks, byte order marks and what else is shown as nothing at their ends, which some
/// programs write around a text.
fn without_mark(content: &[u8]) -> &[u8] {
    let mut text = content.trim_ascii();
    let first = |text: &[u8]| UNSEEN.iter().find(|one| text.starts_with(one)).copied();
    while let Some(rest) = first(text).and_then(|one| text.strip_prefix(one)) {
        text = rest.trim_ascii();
    }
    let last = |text: &[u8]| UNSEEN.iter().find(|one| text.ends_with(one)).copied();
    while let Some(rest) = last(text).and_then(|one| text.strip_suffix(one)) {
        text = rest.trim_ascii();
    }
    text
}

/// What an HTML text with an armoured block in it shows; `None` when it has none. Everything that is
/// between tags counts as shown, styles and scripts too, so that nothing can stand beside the block.
fn html_armour(html: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(html).ok()?;
    if !text.contains("-----BEGIN PGP MESSAGE-----") {
        return None;
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        shown.push_str(before);
        let (name, after) = tag.split_once('>')?;
        let name = name.trim_start_matches('/').to_ascii_lowercase();
        let ends_line = ["br", "p", "div", "pre", "li", "tr"].iter().any(|one| {
            let behind = name.strip_prefix(one);
            behind.is_some_and(|behind| !behind.starts_with(|c: char| c.is_ascii_alphanumeric()))
        });
        if ends_line && !shown.ends_with('\n') {
            shown.push('\n');
        }
        rest = after;
    }
    shown.push_str(rest);
    for (code, sign) in [
        ("&#43;", "+"),
        ("&#x2b;", "+"),
        ("&#x2B;", "+"),
        ("&plus;", "+"),
        ("&#47;", "/"),
        ("&#x2f;", "/"),
        ("&#x2F;", "/"),
        ("&#61;", "="),
        ("&#x3d;", "="),
        ("&#x3D;", "="),
        ("&equals;", "="),
        ("&nbsp;", " "),
        ("&#160;", " "),
    ] {
        shown = shown.replace(code, sign);
    }
    Some(without_mark(shown.as_bytes()).to_vec())
}

/// "Version: 1" as programs write it: with or without the space, other fields behind it.
fn is_version(text: &[u8]) -> bool {
    let Some(value) = text
        .get(..8)
        .filter(|name| name.eq_ignore_ascii_case(b"Version:"))
        .and(text.get(8..))
    else {
        return false;
    };
    let mut lines = value.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let is_field = |line: &[u8]| line.is_empty() || line.contains(&b':');
    lines.next() == Some(b"1") && lines.all(is_field) && armour_begins(text) == 0
}

/// The part of a multipart/encrypted (for PGP) that is not its version part.
fn is_data_part(mail: &Message<'_>, id: usize) -> bool {
    mail.parts.iter().any(|parent| match &parent.body {
        PartType::Multipart(children) => {
            is_type(parent, "multipart", "encrypted")
                && children.get(1).is_some_and(|child| *child as usize == id)
        }
        _ => false,
    })
}

/// Whether parts are versions of one text: children of one multipart/alternative.
pub fn are_alternatives(mail: &Message<'_>, places: &[usize]) -> bool {
    mail.parts.iter().any(|parent| match &parent.body {
        PartType::Multipart(children) => {
            let has = |place: &usize| children.iter().any(|child| *child as usize == *place);
            is_type(parent, "multipart", "alternative") && places.iter().all(has)
        }
        _ => false,
    })
}

/// Whether a part states this content type.
pub fn is_type(part: &MessagePart<'_>, main: &str, sub: &str) -> bool {
    part.content_type().is_some_and(|stated| {
        stated.ctype().eq_ignore_ascii_case(main)
            && stated
                .subtype()
                .is_some_and(|s| s.eq_ignore_ascii_case(sub))
    })
}

/// A part's bytes after its transfer encoding, before any character set; `None` if that encoding
/// is broken.
pub fn content<'a>(mail: &'a Message<'_>, part: &'a MessagePart<'_>) -> Option<Cow<'a, [u8]>> {
    if part.is_encoding_problem {
        // mail-parser also marks a mail without any body so
        let range = part.raw_body_offset() as usize..part.raw_end_offset() as usize;
        let raw = mail.raw_message().get(range)?;
        return raw.trim_ascii().is_empty().then_some(Cow::Borrowed(raw));
    }
    match &part.body {
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => Some(Cow::Borrowed(bytes)),
        PartType::Multipart(_) => None,
        PartType::Text(_) | PartType::Html(_) | PartType::Message(_) => {
            let range = part.raw_body_offset() as usize..part.raw_end_offset() as usize;
            let raw = mail.raw_message().get(range)?;
            match part.encoding {
                Encoding::None => Some(Cow::Borrowed(raw)),
                Encoding::Base64 => base64_decode(raw).map(Cow::Owned),
                Encoding::QuotedPrintable => quoted_printable_decode(raw).map(Cow::Owned),
            }
        }
    }
}

/// Counts the OpenPGP messages that begin at the start of a line.
pub fn armour_begins(text: &[u8]) -> usize {
    text.split(|byte| *byte == b'\n')
        .filter(|line| line.starts_with(BEGIN_MESSAGE) || line.starts_with(BEGIN_SIGNED))
        .count()
}

/// Whether a trimmed text is one armoured block from its first to its last line. A block without an
/// end is one too: what is missing shows when it is opened.
fn is_one_block(text: &[u8]) -> bool {
    let end = match text {
        _ if text.starts_with(BEGIN_MESSAGE) => END_MESSAGE,
        _ if text.starts_with(BEGIN_SIGNED) => END_SIGNATURE,
        _ => return false,
    };
    let mut lines = text
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii_end);
    let mut after = lines.by_ref().skip_while(|line| *line != end);
    after.next();
    after.next().is_none() && armour_begins(text) == 1
}

/// The one armoured OpenPGP message in a text, from its first line to its last; `None` unless exactly
/// one begins there and ends.
pub fn block_in(text: &[u8]) -> Option<&[u8]> {
    if armour_begins(text) != 1 {
        return None;
    }
    let (mut at, mut begin) = (0, None);
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let bare = line.trim_ascii_end();
        if bare == BEGIN_MESSAGE {
            begin = Some(at);
        }
        at += line.len();
        if bare == END_MESSAGE {
            return text.get(begin?..at);
        }
    }
    None
}

/// Two values for one header: readers differ in which of them counts.
pub fn has_double_headers(mail: &Message<'_>) -> bool {
    let is_double = |part: &MessagePart<'_>, name: HeaderName<'_>| {
        part.headers
            .iter()
            .filter(|header| header.name == name)
            .count()
            > 1
    };
    mail.parts.iter().any(|part| {
        is_double(part, HeaderName::ContentType)
            || is_double(part, HeaderName::ContentTransferEncoding)
    })
}

/// Whether more than closing boundaries and white space follows the last part.
pub fn has_text_after_end(mail: &Message<'_>, raw: &[u8]) -> bool {
    let boundaries: Vec<String> = mail
        .parts
        .iter()
        .filter(|part| matches!(part.body, PartType::Multipart(_)))
        .filter_map(|part| part.content_type()?.attribute("boundary"))
        .map(|boundary| format!("--{boundary}--"))
        .collect();
    if boundaries.is_empty() {
        return false;
    }
    let end = mail
        .parts
        .iter()
        .filter(|part| !matches!(part.body, PartType::Multipart(_)))
        .map(|part| part.raw_end_offset() as usize)
        .max()
        .unwrap_or(0);
    let tail = raw.get(end..).unwrap_or_default();
    tail.split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .any(|line| !line.is_empty() && !boundaries.iter().any(|end| end.as_bytes() == line))
}
