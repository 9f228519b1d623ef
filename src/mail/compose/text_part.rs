//! A text as a part of a mail: as it is where it is short lines of ASCII, else quoted-printable (RFC 2045,
//! 6.7), line by line. The bytes are those of lettre, which writes them one by one: the HTML of a mail is
//! long lines full of what must be encoded.

use email_encoding::body::Encoding;
use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Body, SinglePart};
use std::borrow::Cow;

/// The most bytes of a line.
const LONGEST: usize = 76;

/// A text as it is when it is short lines of printable ASCII; else quoted-printable.
pub(super) fn text_part(text: &str, kind: ContentType) -> SinglePart {
    let unix = match text.contains('\r') {
        true => Cow::Owned(text.replace("\r\n", "\n")),
        false => Cow::Borrowed(text),
    };
    let plain = !unix.contains("=_")
        && unix.split('\n').all(|line| {
            line.len() <= 78
                && !line.ends_with(' ')
                && !line.starts_with("From ")
                && line.chars().all(|c| matches!(c, ' '..='~'))
        });
    // lettre would put each CR in its place by moving all that follows it
    let mut wire = String::with_capacity(unix.len() + unix.len() / 16);
    for (place, line) in unix.split('\n').enumerate() {
        wire.push_str(if place > 0 { "\r\n" } else { "" });
        wire.push_str(line);
    }
    // quoted-printable can carry any text
    let body = if plain && Encoding::choose(&*unix, true) == Encoding::SevenBit {
        Body::dangerous_pre_encoded(wire.into_bytes(), ContentTransferEncoding::SevenBit)
    } else {
        let encoding = ContentTransferEncoding::QuotedPrintable;
        Body::dangerous_pre_encoded(quoted_printable(&wire), encoding)
    };
    SinglePart::builder().header(kind).body(body)
}

/// Encodes a text whose lines end in CRLF.
fn quoted_printable(wire: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(wire.len() + wire.len() / 16);
    let (bytes, mut begin) = (wire.as_bytes(), 0);
    for end in memchr::memchr_iter(b'\n', bytes) {
        if let Some(line) = bytes[begin..end].strip_suffix(b"\r") {
            encode_line(&mut out, line);
            out.extend_from_slice(b"\r\n");
            begin = end + 1;
        }
    }
    encode_line(&mut out, &bytes[begin..]);
    out
}

fn is_literal(byte: &u8) -> bool {
    matches!(byte, b'\t' | b' '..=b'~') && *byte != b'='
}

fn encode_line(out: &mut Vec<u8>, line: &[u8]) {
    let mut open = OpenLine {
        last: out.len(),
        out,
        length: 0,
    };
    let mut rest = line;
    while let Some((first, behind)) = rest.split_first() {
        // two are kept for what may follow
        let room = (LONGEST - open.length).saturating_sub(2);
        let literal = rest.iter().take(room);
        match literal.take_while(|byte| is_literal(byte)).count() {
            0 => {
                open.one(*first);
                rest = behind;
            }
            run => {
                open.run(&rest[..run]);
                rest = &rest[run..];
            }
        }
    }
    // a blank at the end would be lost on the way
    if let Some(blank @ (b' ' | b'\t')) = line.last() {
        open.out.pop();
        open.length -= 1;
        open.escaped(*blank);
    }
}

/// A line that is being written.
struct OpenLine<'a> {
    out: &'a mut Vec<u8>,
    /// Its bytes so far.
    length: usize,
    /// Where what was written last begins: there a line that is full is broken.
    last: usize,
}

impl OpenLine<'_> {
    fn run(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
        self.length += bytes.len();
        self.last = self.out.len();
    }

    fn one(&mut self, byte: u8) {
        match is_literal(&byte) {
            true => self.whole(&[byte]),
            false => self.escaped(byte),
        }
    }

    fn escaped(&mut self, byte: u8) {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        let digit = |half: u8| DIGITS[usize::from(half)];
        self.whole(&[b'=', digit(byte >> 4), digit(byte & 15)]);
    }

    /// Writes what may not be taken apart.
    fn whole(&mut self, bytes: &[u8]) {
        if self.length + bytes.len() > LONGEST {
            let at = match self.length == LONGEST {
                true => self.last,
                false => self.out.len(),
            };
            self.length = self.out.len() - at;
            self.out.splice(at..at, *b"=\r\n");
        }
        self.last = self.out.len();
        self.out.extend_from_slice(bytes);
        self.length += bytes.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_lettre(text: &str) -> Vec<u8> {
        let encoding = ContentTransferEncoding::QuotedPrintable;
        let body = Body::new_with_encoding(text.as_bytes().to_vec(), encoding);
        body.unwrap().into_vec()
    }

    #[test]
    fn full_lines_are_broken_where_lettre_breaks_them() {
        for piece in ["a", "=", " ", "\t", "\u{e9}", "\r", "a=", "a ", "= "] {
            for head in 70..80 {
                for tail in 0..6 {
                    let text = format!("{}{}", "x".repeat(head), piece.repeat(tail));
                    for text in [format!("{text}\r\n{text}"), format!("{text}y\r\n"), text] {
                        assert_eq!(quoted_printable(&text), by_lettre(&text), "{text:?}");
                    }
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn the_bytes_are_those_of_lettre(
            pieces in proptest::collection::vec("[a-z]{1,40}|=|\\.| |\t|\u{e9}|\u{10348}|\r\n|\r|\n|\\PC", 0..60),
        ) {
            let text = pieces.concat();
            proptest::prop_assert_eq!(quoted_printable(&text), by_lettre(&text), "{:?}", text);
        }
    }
}
