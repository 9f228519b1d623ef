//! Security codes of cards (CVV2, CVC2, CID): they may never be kept, masked or not (PCI DSS 3.3.1).

use std::ops::Range;

/// Keys whose value is a card's security code, its PIN or the content of its stripe.
const KEYS: &[&str] = &[
    "cardcode",
    "cardcvc",
    "cardcvv",
    "cardpin",
    "cardsecuritycode",
    "cardverificationcode",
    "cardverificationnumber",
    "cardverificationvalue",
    "cav2",
    "cccid",
    "cccvv",
    "ccvv",
    "cid",
    "csc",
    "cvc",
    "cvc2",
    "cvccode",
    "cvn",
    "cvn2",
    "cvnumber",
    "cvv",
    "cvv2",
    "cvvcode",
    "cvvnumber",
    "magstripe",
    "pinblock",
    "securitycode",
    "track1",
    "track2",
    "trackdata",
    "verificationvalue",
];

/// What stands for a code.
pub const MASK: &str = "***";

/// Whether a value under this key is a code: few digits, or the stripe.
pub fn is_key(key: &str) -> bool {
    let bare: String = key
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    KEYS.contains(&bare.as_str())
}

/// Words before a code that can mean nothing else.
const PLAIN: &[&str] = &[
    "cvv2", "cvv", "cvc2", "cvc", "cvn2", "cvn", "csc", "cav2", "ccv",
];
/// Words before a code where a card is spoken of; gates and doors have codes too.
const BESIDE_CARDS: &[&str] = &[
    "security code",
    "security number",
    "security no",
    "verification code",
    "verification number",
    "verification value",
    "card code",
    "cid",
    "sicherheitscode",
    "prüfnummer",
];
const CARDS: &[&str] = &[
    "card",
    "visa",
    "mastercard",
    "amex",
    "american express",
    "discover",
    "karte",
    "exp",
];
/// What may stand between the word and the code.
const BETWEEN: &[&str] = &[
    "is", "code", "number", "no", "nr", "num", "value", "the", "on", "back", "ist", "of", "my",
    "card",
];

/// Where codes stand in the text; `card` says that a card's number stands in it.
pub fn places(text: &str, card: bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // small letters of the same length: other letters do not matter here
    let small = text.to_ascii_lowercase();
    let mut add = |word: &str| {
        for (at, _) in small.match_indices(word) {
            let alone = !small[..at].ends_with(|c: char| c.is_alphanumeric());
            let behind = small[at + word.len()..].chars().next();
            // articles have names such as CVC123
            let alone = alone && (word == "cvv" || !behind.is_some_and(char::is_alphanumeric));
            // only then: in a text without blanks the word behind is the whole rest
            if alone && let Some(code) = code_behind(&small, at + word.len()) {
                found.push(code);
            }
        }
    };
    PLAIN.iter().for_each(|word| add(word));
    if card || CARDS.iter().any(|word| small.contains(word)) {
        BESIDE_CARDS.iter().for_each(|word| add(word));
    }
    // a code may stand behind two words
    found.sort_by_key(|range| (range.start, range.end));
    found.dedup();
    found
}

/// The three or four digits behind a word, over a few signs and words.
fn code_behind(text: &str, from: usize) -> Option<Range<usize>> {
    let mut at = from;
    let mut words = 0;
    loop {
        let rest = &text[at..];
        let c = rest.chars().next()?;
        if c.is_ascii_digit() {
            let length = rest.bytes().take_while(u8::is_ascii_digit).count();
            let behind = rest[length..].chars().next();
            let ends = behind.is_none_or(|c| !c.is_alphanumeric());
            return (matches!(length, 3 | 4) && ends).then_some(at..at + length);
        }
        if c.is_alphabetic() {
            let word: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
            words += 1;
            if words > 8 || !BETWEEN.contains(&word.as_str()) {
                return None;
            }
            at += word.len();
        } else if c.is_control() && c != '\t' && c != '\n' && c != '\r' || at - from > 60 {
            return None;
        } else {
            at += c.len_utf8();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_behind_their_words() {
        for (text, wanted) in [
            ("CVV: 987", vec!["987"]),
            ("cvv2=1234, cvc 123", vec!["1234", "123"]),
            ("Card ... the CVC code is 123.", vec!["123"]),
            (
                "my security code on the back of my card is 4321",
                vec!["4321"],
            ),
            ("CVV\n987", vec!["987"]),
            ("CVV (987)", vec!["987"]),
            ("gate security code: 4455", vec![]),
            ("CVV 98765", vec![]),
            ("cvv2", vec![]),
            ("CVV is not 3 of 4", vec![]),
            ("article CVC123", vec![]),
            ("cvv987", vec!["987"]),
            ("the new CVX 500", vec![]),
            ("XCVV 987", vec![]),
        ] {
            let found: Vec<&str> = places(text, false)
                .into_iter()
                .map(|at| &text[at])
                .collect();
            assert_eq!(found, wanted, "{text}");
        }
        assert_eq!(places("gate security code: 4455", true).len(), 1);
    }

    #[test]
    fn keys_are_known_however_they_are_written() {
        for key in [
            "cvv",
            "CVV2",
            "card_cvc",
            "cardSecurityCode",
            "security-code",
            "csc",
        ] {
            assert!(is_key(key), "{key}");
        }
        for key in ["code", "sku", "zip", "card", "postcode", "tracking"] {
            assert!(!is_key(key), "{key}");
        }
    }
}
