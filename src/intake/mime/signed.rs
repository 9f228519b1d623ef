//! A MIME entity that its writer signed: multipart/signed with OpenPGP (RFC 1847, RFC 3156 5), taken
//! apart to the byte.

use super::parts;
use mail_parser::{Message, MimeHeaders};

/// What was signed, and the signature over it.
pub struct SignedParts {
    /// The signed entity, its lines ending in CRLF: the bytes that the signature covers.
    pub entity: Vec<u8>,
    /// The signature, armoured or binary.
    pub signature: Vec<u8>,
}

/// Whether the outermost part is multipart/signed with an OpenPGP signature.
pub fn states_signed(mail: &Message<'_>) -> bool {
    let Some(top) = mail.parts.first() else {
        return false;
    };
    let protocol = top
        .content_type()
        .and_then(|kind| kind.attribute("protocol"));
    parts::is_type(top, "multipart", "signed")
        && protocol.is_some_and(|name| name.eq_ignore_ascii_case("application/pgp-signature"))
}

/// The two parts of a mail or entity that is wholly signed; `None` when it is none, or not made as it
/// should be.
pub fn signed_parts(mail: &Message<'_>, raw: &[u8]) -> Option<SignedParts> {
    if !states_signed(mail) || parts::has_double_headers(mail) {
        return None;
    }
    let top = mail.parts.first()?;
    let body = raw.get(top.raw_body_offset() as usize..)?;
    let [entity, signature] = halves(body, top.content_type()?.attribute("boundary")?)?;
    let entity = crlf(entity);
    let signature = super::parse(signature).ok()?;
    let signature = parts::content(&signature, signature.parts.first()?)?.into_owned();
    Some(SignedParts { entity, signature })
}

/// The two parts between their delimiter lines; the line end before a delimiter belongs to it
/// (RFC 2046, 5.1.1).
fn halves<'b>(body: &'b [u8], boundary: &str) -> Option<[&'b [u8]; 2]> {
    let (open, close) = (format!("--{boundary}"), format!("--{boundary}--"));
    let (mut at, mut found) = (0, Vec::new());
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let bare = line.trim_ascii_end();
        if bare == open.as_bytes() || bare == close.as_bytes() {
            found.push((at, at + line.len()));
        }
        at += line.len();
    }
    let [(_, first), (second, after), (third, _)] = found[..] else {
        return None;
    };
    let part = |from: usize, to: usize| {
        let part = body.get(from..to)?;
        let part = part.strip_suffix(b"\n")?;
        Some(part.strip_suffix(b"\r").unwrap_or(part))
    };
    Some([part(first, second)?, part(after, third)?])
}

fn crlf(text: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(text.len() + text.len() / 40);
    let mut before = 0;
    for byte in text {
        if *byte == b'\n' && before != b'\r' {
            lines.push(b'\r');
        }
        lines.push(*byte);
        before = *byte;
    }
    lines
}
