//! Bounds on a mail's structure, proved before mail-parser builds a tree of it.
//!
//! The scan walks as `MessageParser::parse` does, with that parser's own primitives, and keeps only
//! counts; so what passes here cannot exhaust memory or the stack there.

use super::super::Refusal;
use crate::domain::codes::Code;
use mail_parser::decoders::DecodeFnc;
use mail_parser::parsers::MessageStream;
use mail_parser::{ContentType, Header, HeaderName, HeaderValue, MessageParser};

/// The largest mail that is looked into, in bytes.
pub const MESSAGE_BYTES: usize = 25 << 20;
/// The largest header block of a mail or of a part of it, in bytes.
pub const HEADER_BYTES: usize = 100 << 10;
/// All header blocks of a mail together, in bytes.
const ALL_HEADER_BYTES: usize = 1 << 20;
/// How deep parts may nest.
pub const LEVELS: usize = 100;
/// How many parts a mail may have.
pub const PARTS: usize = 1000;
/// Bytes the scan may pass over: a part that names a boundary which never comes costs a pass over
/// the whole rest.
const WORK_BYTES: usize = 512 << 20;
/// Encoded mails inside encoded mails, as deep as mail-parser follows them.
const ENCODED_MAILS: usize = 3;

/// Refuses a mail above the limits (`too_large`).
///
/// # Errors
/// `too_large`, naming the limit.
pub fn check(raw: &[u8]) -> Result<(), Refusal> {
    if raw.len() > MESSAGE_BYTES {
        return Err(too_large(format!(
            "the mail has {} bytes; the limit is {MESSAGE_BYTES}",
            raw.len()
        )));
    }
    Tally::default().scan(raw, 0, ENCODED_MAILS)
}

/// Counts the parts that the scan finds, for the proof that it misses none.
#[cfg(test)]
pub fn parts_seen(raw: &[u8]) -> usize {
    let mut tally = Tally::default();
    let _ = tally.scan(raw, 0, ENCODED_MAILS);
    tally.parts
}

fn too_large(reason: String) -> Refusal {
    Refusal::new(Code::TooLarge, reason)
}

#[derive(Default)]
struct Tally {
    parts: usize,
    header_bytes: usize,
    work: usize,
}

/// What mail-parser would take a part for.
#[derive(Clone, Copy, PartialEq)]
enum PartKind {
    Multipart { digest: bool },
    Mail,
    Leaf,
}

/// An enclosing multipart or mail, and the boundary that ends its parts.
struct Level {
    boundary: Option<Vec<u8>>,
    kind: PartKind,
}

impl Tally {
    fn scan(&mut self, raw: &[u8], above: usize, encoded_left: usize) -> Result<(), Refusal> {
        let mut outer: Vec<Level> = Vec::new();
        let mut level = Level {
            boundary: None,
            kind: PartKind::Mail,
        };
        let mut at = 0;
        while let Some(headers) = self.headers(raw, &mut at)? {
            if outer.len() + above >= LEVELS {
                return Err(too_large(format!(
                    "the parts nest deeper than {LEVELS} levels"
                )));
            }
            let (mut kind, boundary) = kind_of(&headers, level.kind);
            if let (PartKind::Multipart { .. }, Some(boundary)) = (kind, boundary) {
                let mut stream = MessageStream::new(&raw[at..]);
                let found = stream.seek_next_part(&boundary);
                if found {
                    stream.skip_crlf();
                    self.pass(stream.offset())?;
                    at += stream.offset();
                    let inner = Level {
                        boundary: Some(boundary),
                        kind,
                    };
                    outer.push(std::mem::replace(&mut level, inner));
                    continue;
                }
                self.pass(raw.len() - at)?;
                kind = PartKind::Leaf;
            }
            let decode = decoder(&headers);
            if kind == PartKind::Mail && decode.is_none() {
                let inner = Level {
                    boundary: level.boundary.take(),
                    kind,
                };
                outer.push(std::mem::replace(&mut level, inner));
                continue;
            }
            let content = self.leaf(raw, &mut at, &mut level, decode)?;
            if let (PartKind::Mail, Some(mail), true) = (kind, content, encoded_left > 0) {
                self.scan(&mail, above + outer.len() + 1, encoded_left - 1)?;
            }
            if !self.leave(raw, &mut at, &mut level, &mut outer)? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The next header block; `None` at the end of the mail.
    fn headers<'x>(
        &mut self,
        raw: &'x [u8],
        at: &mut usize,
    ) -> Result<Option<Vec<Header<'x>>>, Refusal> {
        let rest = &raw[*at..];
        let window = &rest[..rest.len().min(HEADER_BYTES + 1)];
        let mut stream = MessageStream::new(window);
        let mut headers = Vec::new();
        let complete = stream.parse_headers(&MessageParser::new(), &mut headers);
        if !complete && window.len() == rest.len() {
            // headers without a body still make a part
            self.parts += usize::from(!headers.is_empty());
            return Ok(None);
        }
        if !complete || stream.offset() > HEADER_BYTES {
            return Err(too_large(format!(
                "a header block has more than {HEADER_BYTES} bytes"
            )));
        }
        *at += stream.offset();
        self.header_bytes += stream.offset();
        self.parts += 1;
        if self.parts > PARTS {
            return Err(too_large(format!("the mail has more than {PARTS} parts")));
        }
        if self.header_bytes > ALL_HEADER_BYTES {
            return Err(too_large(format!(
                "the headers of all parts have more than {ALL_HEADER_BYTES} bytes"
            )));
        }
        Ok(Some(headers))
    }

    /// Passes over the content of a leaf, up to and with its boundary; returns it if it was encoded.
    fn leaf<'x>(
        &mut self,
        raw: &'x [u8],
        at: &mut usize,
        level: &mut Level,
        decode: Option<DecodeFnc<'x>>,
    ) -> Result<Option<Vec<u8>>, Refusal> {
        let encoded = decode.is_some();
        let decode = decode.unwrap_or(MessageStream::mime_part);
        let content = decode_leaf(&raw[*at..], level, decode);
        self.pass(content.1)?;
        *at += content.1;
        Ok(content.0.filter(|_| encoded))
    }

    /// After a leaf: into the next part or out of those that end here. `false` when nothing follows.
    fn leave(
        &mut self,
        raw: &[u8],
        at: &mut usize,
        level: &mut Level,
        outer: &mut Vec<Level>,
    ) -> Result<bool, Refusal> {
        if level.boundary.is_none() {
            return Ok(*at < raw.len());
        }
        loop {
            if level.kind == PartKind::Mail {
                let Some(mut parent) = outer.pop() else {
                    return Ok(false);
                };
                parent.boundary = level.boundary.take();
                *level = parent;
            }
            let mut stream = MessageStream::new(&raw[*at..]);
            let ended = stream.is_multipart_end();
            *at += stream.offset();
            if !ended {
                return Ok(true);
            }
            let Some(parent) = outer.pop() else {
                return Ok(false);
            };
            *level = parent;
            let Some(boundary) = &level.boundary else {
                return Ok(false);
            };
            let mut stream = MessageStream::new(&raw[*at..]);
            let found = stream.seek_next_part_offset(boundary).is_some();
            self.pass(raw.len() - *at)?;
            if !found {
                return Ok(false);
            }
            *at += stream.offset();
        }
    }

    fn pass(&mut self, bytes: usize) -> Result<(), Refusal> {
        self.work += bytes;
        if self.work > WORK_BYTES {
            return Err(too_large(
                "the mail's parts are built so that reading them takes too long".into(),
            ));
        }
        Ok(())
    }
}

/// The decoded content (`None` when the encoding is broken) and how many bytes were passed.
fn decode_leaf<'x>(
    rest: &'x [u8],
    level: &mut Level,
    decode: DecodeFnc<'x>,
) -> (Option<Vec<u8>>, usize) {
    let mut stream = MessageStream::new(rest);
    let (end, content) = decode(&mut stream, level.boundary.as_deref().unwrap_or_default());
    if end != usize::MAX {
        return (Some(content.into_owned()), stream.offset());
    }
    let (_, found) = stream.seek_part_end(level.boundary.as_deref());
    if !found {
        level.boundary = None;
    }
    (None, stream.offset())
}

fn kind_of(headers: &[Header<'_>], parent: PartKind) -> (PartKind, Option<Vec<u8>>) {
    let Some(content_type) = content_type(headers) else {
        let kind = match parent {
            PartKind::Multipart { digest: true } => PartKind::Mail,
            _ => PartKind::Leaf,
        };
        return (kind, None);
    };
    match (content_type.ctype(), content_type.subtype()) {
        ("multipart", subtype) => (
            PartKind::Multipart {
                digest: subtype == Some("digest"),
            },
            content_type
                .attribute("boundary")
                .map(|boundary| boundary.as_bytes().to_vec()),
        ),
        ("message", Some("rfc822" | "global")) => (PartKind::Mail, None),
        _ => (PartKind::Leaf, None),
    }
}

fn content_type<'h>(headers: &'h [Header<'_>]) -> Option<&'h ContentType<'h>> {
    last(headers, &HeaderName::ContentType).and_then(|value| value.as_content_type())
}

/// Of a header that stands there twice the last counts, as in mail-parser.
fn last<'h>(headers: &'h [Header<'_>], name: &HeaderName<'_>) -> Option<&'h HeaderValue<'h>> {
    let header = headers.iter().rev().find(|header| header.name == *name);
    header.map(|header| &header.value)
}

fn decoder<'x>(headers: &[Header<'_>]) -> Option<DecodeFnc<'x>> {
    match last(headers, &HeaderName::ContentTransferEncoding) {
        Some(HeaderValue::Text(name)) if name.eq_ignore_ascii_case("base64") => {
            Some(MessageStream::decode_base64_mime)
        }
        Some(HeaderValue::Text(name)) if name.eq_ignore_ascii_case("quoted-printable") => {
            Some(MessageStream::decode_quoted_printable_mime)
        }
        _ => None,
    }
}
