//! Card numbers in mails and files, masked in place: every byte that stays, stays where it was, so
//! that the mail is taken apart as before.

use super::{CardWords, KnownNumbers, places};
use std::ops::Range;

/// So many bytes are looked at together.
const PIECE: usize = 256 << 10;

/// The mail as it came, with every card number and security code in its readable parts masked: in
/// headers, in texts and files that are text, whatever their transfer encoding; `None` when there is
/// none. What is encrypted or compressed is not looked into.
pub fn mask_mail(raw: &[u8], known: &KnownNumbers, words: &mut CardWords) -> Option<Vec<u8>> {
    let mut masked: Option<Vec<u8>> = None;
    for part in segments(raw) {
        let bytes = &raw[part.place.clone()];
        let found = match part.encoded {
            true if decoded(bytes).is_some() => mask_base64(bytes, known, words),
            _ => mask_words(bytes, known, words),
        };
        if let Some(found) = found {
            masked.get_or_insert_with(|| raw.to_vec())[part.place].copy_from_slice(&found);
        }
    }
    masked
}

/// A file that is text with its card numbers masked; `None` when there is none, or it is no text. A
/// cell of digits alone is left in a table whose header says of its column that it is no card's: it
/// is how vendors write articles and parcels.
pub fn mask_file(bytes: &[u8], known: &KnownNumbers, words: &mut CardWords) -> Option<Vec<u8>> {
    if bytes.iter().take(4096).any(|byte| *byte == 0) {
        return None;
    }
    let mut known = known.clone();
    known.extend(references(bytes));
    mask_bytes(bytes, &known, words)
}

/// Cells of digits alone below headers that speak of no card.
fn references(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let Some(header) = lines.next() else {
        return Vec::new();
    };
    let Some(mark) = [',', ';', '\t', '|']
        .into_iter()
        .find(|mark| header.contains(*mark))
    else {
        return Vec::new();
    };
    let cell = |cell: &str| cell.trim().trim_matches('"').trim().to_owned();
    let plain: Vec<bool> = header
        .split(mark)
        .map(|name| {
            let name = cell(name).to_lowercase();
            let of_cards = ["card", "visa", "amex", "pan", "payment", "cc"];
            !name.is_empty() && !of_cards.iter().any(|word| name.contains(word))
        })
        .collect();
    if header.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let digits = |cell: &String| cell.len() >= 13 && cell.bytes().all(|b| b.is_ascii_digit());
    let of_line = |line: &str| {
        let cells = line.split(mark).map(cell).zip(&plain);
        let fine = cells.filter(|(cell, plain)| **plain && digits(cell));
        fine.map(|(cell, _)| cell).collect::<Vec<_>>()
    };
    lines.flat_map(of_line).collect()
}

/// A stretch of a mail: text as it stands, or the base64 of a part.
struct Segment {
    place: Range<usize>,
    encoded: bool,
}

/// The mail in stretches: base64 begins at the empty line behind a header that says so.
fn segments(raw: &[u8]) -> Vec<Segment> {
    let mut found: Vec<Segment> = Vec::new();
    let (mut at, mut start) = (0, 0);
    let (mut announced, mut encoded) = (false, false);
    let mut cut = |from: usize, to: usize, encoded: bool| {
        if from < to {
            found.push(Segment {
                place: from..to,
                encoded,
            });
        }
    };
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        let end = at + line.len();
        let bare = line.trim_ascii();
        let blank = bare.is_empty();
        if encoded && !(blank || is_base64(bare)) {
            cut(start, at, true);
            (start, encoded) = (at, false);
        } else if !encoded && announced && blank {
            cut(start, end, false);
            (start, encoded, announced) = (end, true, false);
        } else if !encoded && end - start > PIECE {
            cut(start, end, false);
            start = end;
        }
        let says = |name: &[u8]| {
            bare.get(..name.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(name))
        };
        if !encoded && says(b"content-transfer-encoding:") {
            announced = bare.to_ascii_lowercase().ends_with(b"base64");
        } else if !encoded && blank {
            announced = false;
        }
        at = end;
    }
    cut(start, raw.len(), encoded);
    found
}

fn is_base64(line: &[u8]) -> bool {
    let alphabet = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    !line.starts_with(b"--") && line.iter().all(alphabet)
}

/// Text, and in it the words of headers that are base64 (RFC 2047).
fn mask_words(bytes: &[u8], known: &KnownNumbers, words: &mut CardWords) -> Option<Vec<u8>> {
    let mut masked = mask_bytes(bytes, known, words);
    let mut from = 0;
    while let Some(at) = find(&bytes[from..], b"?b?").map(|at| from + at + 3) {
        // where no end is, none is behind: each would be looked for through all of the rest
        let Some(length) = find(&bytes[at..], b"?=") else {
            break;
        };
        if let Some(found) = mask_base64(&bytes[at..at + length], known, words) {
            masked.get_or_insert_with(|| bytes.to_vec())[at..at + length].copy_from_slice(&found);
        }
        from = at + length;
    }
    masked
}

fn find(bytes: &[u8], small: &[u8]) -> Option<usize> {
    let mut windows = bytes.windows(small.len());
    windows.position(|window| window.eq_ignore_ascii_case(small))
}

/// Base64 with line ends, masked in what it says: it keeps its length.
fn mask_base64(bytes: &[u8], known: &KnownNumbers, words: &mut CardWords) -> Option<Vec<u8>> {
    let (whole, said) = decoded(bytes)?;
    // what is no text says nothing that could be read
    if said.iter().take(4096).any(|byte| *byte == 0) {
        return None;
    }
    let masked = mask_bytes(&said, known, words)?;
    let padding = whole.bytes().rev().take_while(|byte| *byte == b'=').count();
    let mut again = openssl::base64::encode_block(&masked).into_bytes();
    again.truncate(whole.len());
    // decode_block gives the padding as zeros
    let filled = again.len().saturating_sub(padding);
    again.get_mut(filled..)?.fill(b'=');
    let mut next = again.into_iter();
    let place = |byte: &u8| match byte.is_ascii_whitespace() {
        true => *byte,
        false => next.next().unwrap_or(*byte),
    };
    Some(bytes.iter().map(place).collect())
}

/// Base64 without its line ends, and what it says; `None` when it is none.
fn decoded(bytes: &[u8]) -> Option<(String, Vec<u8>)> {
    let bare = bytes.iter().filter(|byte| !byte.is_ascii_whitespace());
    let bare: Vec<u8> = bare.copied().collect();
    let whole = std::str::from_utf8(&bare[..bare.len() / 4 * 4]).ok()?;
    let said = openssl::base64::decode_block(whole).ok()?;
    Some((whole.to_owned(), said))
}

/// Masks in place; `None` when nothing was to be masked.
fn mask_bytes(bytes: &[u8], known: &KnownNumbers, words: &mut CardWords) -> Option<Vec<u8>> {
    let mut masked: Option<Vec<u8>> = None;
    let mut start = 0;
    while start < bytes.len() {
        let mut end = bytes.len().min(start + PIECE);
        if end < bytes.len() {
            let line = bytes[start..end].iter().rposition(|byte| *byte == b'\n');
            end = line.map_or(end, |at| start + at + 1);
        }
        for at in hidden(&bytes[start..end], known, words) {
            let at = start + at.start..start + at.end;
            masked.get_or_insert_with(|| bytes.to_vec())[at].fill(b'*');
        }
        start = end;
    }
    masked
}

/// Finds where in the bytes something must be hidden; what is no UTF-8 is read byte by byte.
fn hidden(bytes: &[u8], known: &KnownNumbers, words: &mut CardWords) -> Vec<Range<usize>> {
    let of = |text: &str, words: &mut CardWords| {
        let (cards, codes) = places(text, known, words);
        let numbers = cards.into_iter().flat_map(|card| card.hidden);
        numbers.chain(codes).collect::<Vec<_>>()
    };
    match std::str::from_utf8(bytes) {
        Ok(text) => of(text, words),
        Err(_) => {
            let text: String = bytes
                .iter()
                .map(|byte| {
                    if byte.is_ascii() {
                        char::from(*byte)
                    } else {
                        '\u{1}'
                    }
                })
                .collect();
            of(&text, words)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn masked(mail: &str) -> String {
        let mut words = CardWords::default();
        let found = mask_mail(mail.as_bytes(), &KnownNumbers::new(), &mut words);
        String::from_utf8(found.unwrap_or_else(|| mail.as_bytes().to_vec())).unwrap()
    }

    #[test]
    fn numbers_are_masked_in_place_in_every_encoding() {
        let base64 = |text: &str| openssl::base64::encode_block(text.as_bytes());
        let part = base64("My card is 4111 1111 1111 1111, CVV 987!\n");
        let (one, two) = part.split_at(20);
        let word = base64("card 4111-1111-1111-1111");
        for mail in [
            "Subject: 4111111111111111\n\nHello".to_owned(),
            format!("Subject: =?utf-8?B?{word}?=\n\nHello"),
            format!("Content-Transfer-Encoding: BASE64\n\n{one}\n{two}\n"),
            format!("A: b\n\n--x\nContent-Transfer-Encoding: base64\nX: y\n\n{one}\r\n{two}\r\n--x--\n"),
            "A: b\nContent-Transfer-Encoding: quoted-printable\n\n4111=20=\n1111=C2=A01111=20111=\n1 =\n\n".to_owned(),
            "A: b\n\n<b>4111</b><b>1111</b><b>1111</b><b>1111</b>".to_owned(),
        ] {
            let found = masked(&mail);
            assert_eq!(found.len(), mail.len());
            assert_ne!(found, mail);
            let parsed = mail_parser::MessageParser::new().parse(found.as_bytes()).unwrap();
            let said = format!("{:?} {:?}", parsed.subject(), parsed.body_text(0));
            let digits: String = said.chars().filter(char::is_ascii_digit).collect();
            assert!(!digits.contains("4111111111111111"), "{said}");
            assert!(!said.contains("987"), "{said}");
            assert_eq!(masked(&found), found, "a second time nothing");
        }
    }

    #[test]
    fn a_table_keeps_its_references_and_no_cards() {
        let csv = "po_number,sku,tracking,card_no\nW1-1,4006381333221,4111111111111111,4111111111111111\n";
        let mut words = CardWords::default();
        assert_eq!(
            mask_file(csv.as_bytes(), &KnownNumbers::new(), &mut words),
            None,
            "one word, known once"
        );
        let csv = csv
            .replace(",4111111111111111,4111", ",1Z,5555555555554444,4111")
            .replace(",card_no", ",card_no,x");
        let found = mask_file(csv.as_bytes(), &KnownNumbers::new(), &mut words).unwrap();
        let text = String::from_utf8(found).unwrap();
        assert!(text.contains("4006381333221,1Z,555555******4444"), "{text}");
        let loose = "please charge 4006381333221\n";
        assert!(mask_file(loose.as_bytes(), &KnownNumbers::new(), &mut words).is_some());
    }

    proptest! {
        #[test]
        fn any_bytes_keep_their_length(
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
            text in "(Content-Transfer-Encoding: base64\n\n)?[0-9A-Za-z+/= \n-]{0,120}",
        ) {
            for bytes in [bytes.as_slice(), text.as_bytes()] {
                let mut words = CardWords::default();
                if let Some(found) = mask_mail(bytes, &KnownNumbers::new(), &mut words) {
                    prop_assert_eq!(found.len(), bytes.len());
                }
                mask_file(bytes, &KnownNumbers::new(), &mut words);
            }
        }
    }
}
