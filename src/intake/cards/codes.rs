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

/// Words before a code that can mean nothing else. Each begins with a c, as [`places`] knows.
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
/// Words before a code in a text that has a card's number.
const WITH_A_NUMBER: &[&str] = &[
    "code",
    "digits",
    "back",
    "pin",
    "prüfziffer",
    "kartenprüfziffer",
    "kartenprüfnummer",
    "prüfcode",
    "sicherheitsnummer",
    "código",
    "codigo",
    "codice",
    "cryptogramme",
    "codigo de seguridad",
    "código de seguridad",
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
    "is",
    "code",
    "number",
    "no",
    "nr",
    "num",
    "value",
    "the",
    "on",
    "back",
    "ist",
    "of",
    "my",
    "card",
    "are",
    "was",
    "de",
    "auf",
    "der",
    "rückseite",
    "lautet",
    "es",
    "and",
    "security",
];

/// Finds where codes stand in the text; `card` says that a card's number stands in it.
pub fn places(text: &str, card: bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // small letters of the same length: other letters do not matter here
    let small = text.to_ascii_lowercase();
    let mut look = |word: &str, at: usize| {
        let alone = !small[..at].ends_with(|c: char| c.is_alphanumeric());
        let behind = small[at + word.len()..].chars().next();
        // articles have names such as CVC123
        let alone = alone && (word == "cvv" || !behind.is_some_and(char::is_alphanumeric));
        // only then: in a text without blanks the word behind is the whole rest
        if alone && let Some(code) = code_behind(&small, at + word.len()) {
            found.push(code);
        }
    };
    // in one pass for all of them: every text of every order is looked through
    for at in memchr::memchr_iter(b'c', small.as_bytes()) {
        let words = PLAIN.iter().filter(|word| small[at..].starts_with(**word));
        words.for_each(|word| look(word, at));
    }
    let mut add = |word: &str| small.match_indices(word).for_each(|(at, _)| look(word, at));
    if card || CARDS.iter().any(|word| small.contains(word)) {
        BESIDE_CARDS.iter().for_each(|word| add(word));
    }
    if card {
        WITH_A_NUMBER.iter().for_each(|word| add(word));
    }
    // a code may stand behind two words
    found.sort_by_key(|range| (range.start, range.end));
    found.dedup();
    found
}

/// How far from a card's number three or four digits are its code, in bytes.
const NEAR: usize = 60;

/// Numbers of three or four digits beside card numbers, whatever the words around them are: nobody knows
/// what people call the code, and which number it is. Years, telephone numbers, amounts, streets, and
/// numbers of orders and articles stay.
/// `cards` in the order of the text.
pub fn beside(text: &str, cards: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (place, card) in cards.iter().enumerate() {
        // as far as the next card: each has its own codes, and each stretch is read twice at most
        let last = place.checked_sub(1).and_then(|place| cards.get(place));
        let from =
            floor(text, card.start.saturating_sub(NEAR)).max(last.map_or(0, |last| last.end));
        let next = cards.get(place + 1).map_or(text.len(), |next| next.start);
        let to = floor(text, text.len().min(card.end + NEAR)).min(next);
        found.extend(free_numbers(text, from..card.start));
        found.extend(free_numbers(text, card.end..to));
    }
    found
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or_default()
}

/// The numbers of three or four digits in a stretch that are part of nothing else.
fn free_numbers(text: &str, window: Range<usize>) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = window.start;
    while at < window.end {
        if !digit(at) {
            at += 1;
            continue;
        }
        let start = at;
        while digit(at) {
            at += 1;
        }
        let begun =
            start > 0 && (digit(start - 1) || is_joint(bytes, start - 1, start.checked_sub(2)));
        let goes_on = is_joint(bytes, at, Some(at + 1));
        if matches!(at - start, 3 | 4) && !begun && !goes_on && is_free(text, start..at) {
            found.push(start..at);
        }
    }
    found
}

/// Whether a sign parts two digits of one number, or says that it is an amount or the number of something.
fn is_joint(bytes: &[u8], sign: usize, beyond: Option<usize>) -> bool {
    let Some(sign) = bytes.get(sign) else {
        return false;
    };
    let digit = beyond
        .and_then(|at| bytes.get(at))
        .is_some_and(u8::is_ascii_digit);
    sign.is_ascii_alphanumeric()
        || matches!(sign, b'$' | b'#' | b'%' | b'@' | b'+' | b'*')
        || digit && matches!(sign, b'-' | b'.' | b'/' | b':' | b',')
}

/// Whether the words around a number leave it free: no year, street, telephone or number of an order.
fn is_free(text: &str, at: Range<usize>) -> bool {
    const STREETS: [&str; 16] = [
        "st", "street", "ave", "avenue", "rd", "road", "dr", "drive", "ln", "lane", "blvd", "ct",
        "court", "way", "pl", "hwy",
    ];
    const NAMED: [&str; 16] = [
        "order", "po", "invoice", "sku", "item", "line", "apt", "suite", "unit", "room", "part",
        "article", "model", "floor", "box", "ext",
    ];
    let number = &text[at.clone()];
    let year = number.len() == 4 && matches!(number.parse::<u32>(), Ok(1950..=2059));
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        let words = words.filter(|word| !word.is_empty()).map(str::to_lowercase);
        words.collect()
    };
    let from = floor(text, at.start.saturating_sub(40));
    let to = floor(text, text.len().min(at.end + 40));
    let (before, behind) = (words(&text[from..at.start]), words(&text[at.end..to]));
    let street = behind
        .iter()
        .take(4)
        .any(|word| STREETS.contains(&word.as_str()));
    let named = before
        .iter()
        .rev()
        .take(2)
        .any(|word| NAMED.contains(&word.as_str()));
    let all_digits = |word: &String, length: usize| {
        word.len() == length && word.bytes().all(|byte| byte.is_ascii_digit())
    };
    let after = |place: usize, length| {
        behind
            .get(place)
            .is_some_and(|word| all_digits(word, length))
    };
    let last = |place: usize, length| {
        before
            .iter()
            .rev()
            .nth(place)
            .is_some_and(|word| all_digits(word, length))
    };
    // (617) 555 0133
    let phone = number.len() == 3 && (after(0, 3) && after(1, 4) || last(0, 3) && after(0, 4))
        || number.len() == 4 && last(0, 3) && last(1, 3);
    !(year || street || named || phone)
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
    fn every_plain_word_is_looked_for() {
        for word in PLAIN {
            assert!(word.starts_with('c'), "{word}");
            let text = format!("My {} 123, cc", word.to_uppercase());
            assert_eq!(places(&text, false).len(), 1, "{text}");
        }
    }

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
    fn beside_a_card_every_short_number_is_a_code() {
        for (text, wanted) in [
            ("card 3782 822463 10005 code 1234", "1234"),
            ("Meine Karte: 5500 0000 0000 0004, Prüfziffer 987", "987"),
            ("code on the back: 987, card 4111 1111 1111 1111", "987"),
            ("4111111111111111 12/27 987", "987"),
            ("the three behind it are 987. 4111111111111111", "987"),
        ] {
            let masked = super::super::mask_text(text).unwrap();
            assert!(
                masked.contains("***") && !masked.contains(wanted),
                "{masked}"
            );
        }
        for (text, stays) in [
            ("4111111111111111 exp 12/2027", "12/2027"),
            ("4111111111111111, my phone is 617-555-0133", "617-555-0133"),
            (
                "4111111111111111, my phone is (617) 555 0133",
                "(617) 555 0133",
            ),
            ("4111111111111111, total $123", "$123"),
            ("4111111111111111, order 4711", "order 4711"),
            ("4111111111111111, 123 Main St", "123 Main St"),
            ("order #4711 card 4111111111111111", "#4711"),
            ("4111111111111111 zip 02138", "02138"),
        ] {
            let masked = super::super::mask_text(text).unwrap();
            assert!(masked.contains(stays), "{masked}");
        }
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
