//! What may stand in a letter's headers, and what a whole letter must be.

use super::LetterError;

/// Longest line that a mail may have, without its CRLF (RFC 5322, 2.1.1).
const LONGEST_LINE: usize = 998;

/// `<something@domain>`, as others can quote it.
pub(super) fn check_message_id(id: &str) -> Result<(), LetterError> {
    check_value("message_id", id, 250)?;
    let inner = id.strip_prefix('<').and_then(|id| id.strip_suffix('>'));
    let part = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|b| b.is_ascii_graphic() && !b"<>@\"()".contains(&b))
    };
    match inner.and_then(|inner| inner.split_once('@')) {
        Some((left, right)) if part(left) && part(right) => Ok(()),
        _ => Err(malformed(
            "message_id",
            "is not of the form <something@domain>",
        )),
    }
}

/// No control characters, no line ends of any kind, not too long.
pub(super) fn check_value(field: &str, value: &str, limit: usize) -> Result<(), LetterError> {
    let line_end = |c: char| matches!(c, '\u{2028}' | '\u{2029}');
    if let Some(c) = value.chars().find(|c| c.is_control() || line_end(*c)) {
        let (field, code) = (field.to_owned(), u32::from(c));
        return Err(LetterError::Control { field, code });
    }
    if value.len() > limit {
        let (field, length) = (field.to_owned(), value.len());
        return Err(LetterError::TooLong {
            field,
            length,
            limit,
        });
    }
    Ok(())
}

/// The promise of this module, checked on what came out.
pub(super) fn check_lines(bytes: &[u8]) -> Result<(), LetterError> {
    let mut begin = 0;
    let ends = memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]);
    let long = ends.into_iter().any(|end| {
        let line = &bytes[std::mem::replace(&mut begin, end + 1)..end];
        line.strip_suffix(b"\r").unwrap_or(line).len() > LONGEST_LINE
    });
    if long || !bytes.is_ascii() || memchr::memchr(0, bytes).is_some() {
        return Err(malformed(
            "letter",
            "has a line that is too long or not plain ASCII",
        ));
    }
    Ok(())
}

/// What a field should have been.
pub(super) fn malformed(field: &str, reason: &'static str) -> LetterError {
    LetterError::Malformed {
        field: field.to_owned(),
        reason,
    }
}
