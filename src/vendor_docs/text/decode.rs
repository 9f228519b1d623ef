//! Bytes of an attached file to text: byte order marks, UTF-8, else Windows-1252.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// The text of a file, without its byte order mark.
///
/// # Errors
/// When it is no text: a sentence that says what it looks like and what to ask for.
pub fn text(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    for (magic, kind) in [
        (&b"PK\x03\x04"[..], "a spreadsheet or ZIP file"),
        (b"%PDF-", "a PDF"),
        (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"\x1f\x8b", "a compressed file"),
    ] {
        if bytes.starts_with(magic) {
            return Err(format!("the file is {kind}, not text: ask for CSV"));
        }
    }
    let text = match bytes {
        [0xff, 0xfe, ..] => UTF_16LE.decode_with_bom_removal(bytes).0,
        [0xfe, 0xff, ..] => UTF_16BE.decode_with_bom_removal(bytes).0,
        // An ASCII character, then a zero: UTF-16 without a byte order mark.
        [first, 0, _, 0, ..] if *first != 0 => UTF_16LE.decode_without_bom_handling(bytes).0,
        _ => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            match std::str::from_utf8(bytes) {
                Ok(text) => Cow::Borrowed(text),
                Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
            }
        }
    };
    if text.contains('\0') {
        return Err("the file holds zero bytes: it is not text; ask for CSV".to_owned());
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings() {
        assert_eq!(text(b"\xef\xbb\xbfpo,sku").unwrap(), "po,sku");
        assert_eq!(text(b"Caf\xe9 \x80").unwrap(), "Café €");
        assert_eq!(text("Café".as_bytes()).unwrap(), "Café");
        assert_eq!(text(b"\xff\xfep\0o\0").unwrap(), "po");
        assert_eq!(text(b"p\0o\0,\0").unwrap(), "po,");
        assert_eq!(text(b"\xfe\xff\0p\0o").unwrap(), "po");
        assert!(text(b"PK\x03\x04zip").unwrap_err().contains("spreadsheet"));
        assert!(text(b"\0\0\0").is_err());
    }
}
