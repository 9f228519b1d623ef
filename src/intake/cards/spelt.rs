//! Card numbers that are written in words, wholly or partly: `four one one one 1111 1111 1111`.

use super::card::Card;
use super::numbers;

/// The digits in English words; fewer of them in a text than [`FEWEST`] are words and nothing else.
const WORDS: [(&str, char); 11] = [
    ("zero", '0'),
    ("oh", '0'),
    ("one", '1'),
    ("two", '2'),
    ("three", '3'),
    ("four", '4'),
    ("five", '5'),
    ("six", '6'),
    ("seven", '7'),
    ("eight", '8'),
    ("nine", '9'),
];
const FEWEST: usize = 3;

/// The cards in a text that has digits in words, none of which lies in one of `known`.
pub(super) fn cards(text: &str, known: &[Card]) -> Vec<Card> {
    let Some(digits) = in_digits(text) else {
        return Vec::new();
    };
    let mut found = numbers::cards(&digits);
    let apart = |card: &Card| {
        let at = known.partition_point(|one| one.place.end <= card.place.start);
        known
            .get(at)
            .is_none_or(|one| one.place.start >= card.place.end)
    };
    found.retain(apart);
    for card in &mut found {
        card.place.end = word_end(text, card.place.end - 1).max(card.place.end);
        for place in &mut card.hidden {
            place.end = word_end(text, place.start).max(place.end);
        }
    }
    found
}

/// Finds where the word ends that begins at a place; the place itself where no word stands.
fn word_end(text: &str, at: usize) -> usize {
    let letters = text.as_bytes().get(at..).unwrap_or_default().iter();
    at + letters
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count()
}

/// The text with these words as digits, each byte in its place: what cannot be seen fills the words up.
fn in_digits(text: &str) -> Option<String> {
    let mut places = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_alphabetic() {
            at += 1;
            continue;
        }
        let end = word_end(text, at);
        let alone = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        if alone && (2..=5).contains(&(end - at)) {
            let word = &text[at..end];
            let digit = WORDS
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(word));
            places.extend(digit.map(|(name, digit)| (at, name.len(), *digit)));
        }
        at = end;
    }
    if places.len() < FEWEST {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for (at, length, digit) in places {
        out.push_str(&text[copied..at]);
        out.push(digit);
        out.push_str(match length {
            3 => "\u{ad}",
            4 => "\u{200b}",
            5 => "\u{ad}\u{ad}",
            _ => " ",
        });
        copied = at + length;
    }
    out.push_str(&text[copied..]);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::super::mask_text;
    use super::*;

    #[test]
    fn digits_in_words_keep_their_places() {
        let text = "card four one one one 1111 1111 1111 ok";
        let digits = in_digits(text).unwrap();
        assert_eq!(digits.len(), text.len());
        assert_eq!(in_digits("one of two"), None);
        assert_eq!(in_digits("bone stone alone"), None);
    }

    #[test]
    fn numbers_in_words_are_masked() {
        for text in [
            "card four one one one 1111 1111 1111",
            "card 4111 one one one one 1111 1111",
            "four one one one one one one one one one one one one one one one",
            "4111-1111-1111-one-one-one-one",
        ] {
            let masked = mask_text(text).unwrap_or_default();
            assert!(masked.contains("411111******1111"), "{text}: {masked}");
        }
        for text in [
            "one two three four five",
            "Send one 12, two 13 and three 14",
        ] {
            assert_eq!(mask_text(text), None, "{text}");
        }
    }
}
