//! Headers that tie a letter to what it answers.

use super::checks::{check_value, malformed};
use super::{LONGEST_VALUE, LetterError};
use lettre::message::header::{HeaderName, HeaderValue};

/// A header of Message-IDs (RFC 5322, 3.6.4): never encoded, one a line.
pub(super) fn identifiers(name: &str, value: &str) -> Result<HeaderValue, LetterError> {
    check_value(name, value, 8 * LONGEST_VALUE)?;
    let title = HeaderName::new_from_ascii(name.to_owned())
        .map_err(|_| malformed(name, "is not a header's name"))?;
    let ids: Vec<&str> = value.split(' ').collect();
    let is_id = |id: &&str| {
        let inner = id.strip_prefix('<').and_then(|id| id.strip_suffix('>'));
        let plain = |inner: &str| {
            inner
                .bytes()
                .all(|b| b.is_ascii_graphic() && !b"<>".contains(&b))
        };
        inner.is_some_and(|inner| !inner.is_empty() && inner.len() <= 250 && plain(inner))
    };
    if !ids.iter().all(is_id) {
        return Err(malformed(name, "has what is no Message-ID"));
    }
    let folded = ids.join("\r\n ");
    Ok(HeaderValue::dangerous_new_pre_encoded(
        title,
        value.to_owned(),
        folded,
    ))
}
