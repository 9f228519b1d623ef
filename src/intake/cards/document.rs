//! Card numbers in a document that came by itself, masked in place.

use super::{CardWords, KnownNumbers, mask, mask_file, mask_known, mask_mail};
use serde_json::Value;

/// The document as it came, with every card number and security code in it masked; `None` when there is none.
/// Shops number orders, lines and customers with digits of which some look like cards: in JSON, what stands
/// under the key of a machine's reference stays, unless it stands elsewhere as well. What is encrypted or
/// compressed is not looked into.
pub fn mask_document(bytes: &[u8], known: &KnownNumbers, words: &mut CardWords) -> Option<Vec<u8>> {
    if let Some(units) = utf_16(bytes) {
        return mask_utf_16(bytes, &units, known, words);
    }
    let Some(mut value) = json(bytes) else {
        // a table's header may say that a column holds references; what is no text is masked like a mail
        return match std::str::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => mask_file(bytes, known, words),
            _ => mask_mail(bytes, known, words),
        };
    };
    let meant = mask(&mut value, known).words;
    let mut found = CardWords::default();
    mask_mail(bytes, known, &mut found)?;
    let mut spared = known.clone();
    let only_references = found.0.iter().filter(|word| !meant.0.contains(word));
    spared.extend(only_references.cloned());
    mask_mail(bytes, &spared, words)
}

/// The units of a text in UTF-16, which shows by its mark or by the zero byte of its first character.
fn utf_16(bytes: &[u8]) -> Option<Vec<u16>> {
    let read = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        [first, 0, third, 0, ..] if *first != 0 && *third != 0 => u16::from_le_bytes,
        [0, second, 0, fourth, ..] if *second != 0 && *fourth != 0 => u16::from_be_bytes,
        _ => return None,
    };
    let pairs = bytes.chunks_exact(2);
    Some(pairs.map(|pair| read([pair[0], pair[1]])).collect())
}

/// Masks a text in UTF-16; it keeps its order of bytes.
fn mask_utf_16(
    bytes: &[u8],
    units: &[u16],
    known: &KnownNumbers,
    words: &mut CardWords,
) -> Option<Vec<u8>> {
    let masked = mask_known(&String::from_utf16_lossy(units), known, words)?;
    let little = matches!(bytes, [0xff, 0xfe, ..])
        || !matches!(bytes, [0xfe, 0xff, ..]) && bytes.get(1) == Some(&0);
    let pair = |unit: u16| match little {
        true => unit.to_le_bytes(),
        false => unit.to_be_bytes(),
    };
    Some(masked.encode_utf16().flat_map(pair).collect())
}

/// The document as JSON, where it is some.
fn json(bytes: &[u8]) -> Option<Value> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let begins = bytes.trim_ascii_start().first();
    matches!(begins, Some(b'{' | b'['))
        .then(|| serde_json::from_slice(bytes).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number of Visa's test cards, valid by its check digit.
    const CARD: &str = "4111111111111111";

    fn masked(text: &str) -> Option<String> {
        let mut words = CardWords::default();
        let masked = mask_document(text.as_bytes(), &KnownNumbers::new(), &mut words);
        assert_eq!(masked.is_some(), !words.0.is_empty(), "{text}");
        masked.map(|bytes| String::from_utf8(bytes).expect("text"))
    }

    #[test]
    fn references_of_machines_stay_and_cards_do_not() {
        assert_eq!(
            masked(&format!(r#"{{"id": {CARD}, "note": "blue"}}"#)),
            None
        );
        let note = masked(&format!(r#"{{"id": 7, "note": "pay {CARD}"}}"#)).expect("masked");
        assert!(!note.contains(CARD) && note.contains("\"note\""), "{note}");
        // what a person wrote is a card's, wherever else it stands
        let both = masked(&format!(r#"{{"id": {CARD}, "note": "{CARD}"}}"#)).expect("masked");
        assert!(!both.contains(CARD), "{both}");
    }

    #[test]
    fn a_table_keeps_its_length_and_its_other_columns() {
        let table = format!("order,sku,remark\nW1,A-1,card {CARD}\n");
        let masked = masked(&table).expect("masked");
        assert_eq!(masked.len(), table.len());
        assert!(
            !masked.contains(CARD) && masked.contains("W1,A-1"),
            "{masked}"
        );
    }

    #[test]
    fn bytes_that_are_no_text_are_looked_at_as_well() {
        let latin = [b"caf\xe9 ".as_slice(), CARD.as_bytes()].concat();
        let mut words = CardWords::default();
        let wide: Vec<u8> = format!("\u{feff}order,{CARD}")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let masked = mask_document(&wide, &KnownNumbers::new(), &mut words).expect("masked");
        let units = utf_16(&masked).expect("as before");
        let text = String::from_utf16(&units).expect("text");
        assert!(
            !text.contains(CARD) && text.contains("order,411111"),
            "{text}"
        );
        let masked = mask_document(&latin, &KnownNumbers::new(), &mut words).expect("masked");
        assert!(!String::from_utf8_lossy(&masked).contains(CARD));
    }
}
