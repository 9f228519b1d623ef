//! Bytes to text: byte order marks, UTF-8, UTF-16, Windows-1252; line ends.

use super::NoTable;
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// Which encodings a file may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encodings {
    /// UTF-8 alone, with a byte order mark or without. What is none is refused: such a file is read again
    /// and again, and a letter that was guessed would stay in the ledger.
    Utf8,
    /// UTF-8, UTF-16 by its mark or by the zero in every other byte, else Windows-1252, which reads any
    /// byte.
    Guessed,
}

/// The text of a file, without its byte order mark, with LF for whatever ends its lines, so that lines
/// count as an editor counts. By [`Encodings::Utf8`] a byte that is no UTF-8 becomes U+FFFD.
///
/// # Errors
/// [`NoTable::Zeroes`] and [`NoTable::Wide`].
pub fn decode(bytes: &[u8], encodings: Encodings) -> Result<Cow<'_, str>, NoTable> {
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let wide = marked
        .filter(|mark| *mark != encoding_rs::UTF_8)
        .or_else(|| utf16(bytes));
    let text = match (wide, encodings) {
        (Some(_), Encodings::Utf8) => return Err(NoTable::Wide),
        (Some(encoding), Encodings::Guessed) => encoding.decode(bytes).0,
        (None, _) => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            match (std::str::from_utf8(bytes), encodings) {
                (Ok(text), _) => Cow::Borrowed(text),
                (Err(_), Encodings::Utf8) => String::from_utf8_lossy(bytes),
                (Err(_), Encodings::Guessed) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
            }
        }
    };
    if encodings == Encodings::Guessed && text.contains('\0') {
        return Err(NoTable::Zeroes);
    }
    Ok(match text.contains('\r') {
        true => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
        false => text,
    })
}

/// UTF-16 without a mark: an ASCII character and a zero twice, or most of the first characters Latin.
fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => return Some(UTF_16LE),
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => return Some(UTF_16BE),
        _ => {}
    }
    let start = &bytes[..bytes.len().min(512) & !1];
    let zeroes = |from: usize| {
        let every_other = start.iter().skip(from).step_by(2);
        every_other.filter(|byte| **byte == 0).count()
    };
    let most = start.len() / 2 * 9 / 10;
    match (zeroes(0), zeroes(1)) {
        (0, low) if low > most && low > 8 => Some(UTF_16LE),
        (high, 0) if high > most && high > 8 => Some(UTF_16BE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_and_line_ends() {
        let read = |bytes| decode(bytes, Encodings::Guessed).unwrap().into_owned();
        assert_eq!(read(b"\xef\xbb\xbfa\r\nb\rc"), "a\nb\nc");
        assert_eq!(
            read(b"2000 \xb7 Caf\xe9 \x80"),
            "2000 \u{b7} Caf\u{e9} \u{20ac}"
        );
        assert_eq!(read("Caf\u{e9}".as_bytes()), "Caf\u{e9}");
        assert_eq!(read(b"\xff\xfea\0"), "a");
        assert_eq!(read(b"\xfe\xff\0p\0o"), "po");
        assert_eq!(read(b"p\0o\0,\0"), "po,");
        let wide =
            |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        assert_eq!(
            read(&wide("Caf\u{e9} Supply, Inc.")),
            "Caf\u{e9} Supply, Inc."
        );
        assert_eq!(decode(b"\0\0\0", Encodings::Guessed), Err(NoTable::Zeroes));
    }

    #[test]
    fn where_only_utf8_is_taken_nothing_is_guessed() {
        let read = |bytes| decode(bytes, Encodings::Utf8);
        assert_eq!(read(b"\xff\xfea\0"), Err(NoTable::Wide));
        assert_eq!(read(b"Caf\xe9").unwrap(), "Caf\u{fffd}");
        assert_eq!(read(b"\xef\xbb\xbfa").unwrap(), "a");
    }
}
