//! A mail that its writer signed with OpenPGP: multipart/signed (RFC 1847, RFC 3156 5). Only what the
//! signature covers is then read.

use super::{Marks, Signer};
use crate::intake::mime::{self, parts};
use chrono::{DateTime, Utc};
use mail_parser::{Message, MimeHeaders};
use openssl::sha::Sha256;

/// What was signed, as a MIME entity, and by which certificate.
pub struct SignedEntity {
    /// The entity, its lines ending in CRLF.
    pub entity: Vec<u8>,
    /// Whose signature it is.
    pub signer: Signer,
}

/// The signed part, when the whole mail is one that a vendor's known key signed.
pub fn find(
    mail: &Message<'_>,
    raw: &[u8],
    marks: &Marks,
    received: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<SignedEntity> {
    let top = mail.parts.first()?;
    if !parts::is_type(top, "multipart", "signed") || parts::has_double_headers(mail) {
        return None;
    }
    let kind = top.content_type()?;
    let protocol = kind.attribute("protocol").unwrap_or_default();
    if !protocol.eq_ignore_ascii_case("application/pgp-signature") {
        return None;
    }
    let body = raw.get(top.raw_body_offset() as usize..)?;
    let [entity, signature] = halves(body, kind.attribute("boundary")?)?;
    let entity = crlf(entity);
    let signature = mime::parse(signature).ok()?;
    let signature = parts::content(&signature, signature.parts.first()?)?.into_owned();
    let signed = marks.vendor_keys.signer(&entity, &signature, received, now);
    let signed = signed.ok()?;
    let mut mark = Sha256::new();
    mark.update(signed.fingerprint.as_bytes());
    mark.update(&signed.at.timestamp().to_be_bytes());
    mark.update(&entity);
    let signer = Signer {
        fingerprint: signed.fingerprint,
        at: signed.at,
        mark: mark.finish(),
    };
    Some(SignedEntity { entity, signer })
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
