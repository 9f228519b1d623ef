//! Words as people type them: folded, so that `wojcik` finds Wójcik, and compared with the words
//! that are known, so that a typing error is answered by what was meant.

use icu_normalizer::DecomposingNormalizerBorrowed;

/// What stands in a command that is shown to people for a value that they must fill in. Nothing is
/// done with a command that still has one of them.
pub const BLANKS: &[&str] = &[
    "ADDRESS",
    "AMOUNT",
    "CITY",
    "CONDITION",
    "COUNTRY",
    "CURRENCY",
    "DATE",
    "NAME",
    "NUMBER",
    "PIECES",
    "PRICE",
    "QUANTITY",
    "SKU",
    "STATE",
    "STREET ADDRESS",
    "STREET1",
    "TEXT",
    "TOTAL",
    "VALUE",
    "VENDOR",
    "WAY",
    "WHO SAID SO",
    "WHY",
    "ZIP",
    "…",
];

/// The blank that is left in a word of a command: the word itself, its value after `=`, or one of
/// several values there (`NUMBER:AMOUNT,NUMBER:AMOUNT`).
pub fn blank_in(word: &str) -> Option<&'static str> {
    let named = word.split_once('=').into_iter();
    let parts =
        named.flat_map(|(name, value)| std::iter::once(name).chain(value.split([',', ':'])));
    let all: Vec<&str> = std::iter::once(word).chain(parts).collect();
    let blank = |blank: &&&str| all.iter().any(|part| part.trim() == **blank);
    BLANKS.iter().find(blank).copied()
}

/// From this likeness on (Jaro-Winkler, 0 to 1) a word may be another one misspelt.
const ALIKE: f64 = 0.75;

/// The text for searching: lower case, without accents, letters that only some alphabets have
/// written as others spell them (ł as l, ß as ss), one blank between words.
pub fn folded(text: &str) -> String {
    let lower = text.to_lowercase();
    let letters = DecomposingNormalizerBorrowed::new_nfd().normalize(&lower);
    let mut plain = String::with_capacity(letters.len());
    for c in letters.chars() {
        match c {
            '\u{300}'..='\u{36f}' => {}
            'ł' => plain.push('l'),
            'ø' => plain.push('o'),
            'đ' | 'ð' => plain.push('d'),
            'ħ' => plain.push('h'),
            'ı' => plain.push('i'),
            'ŧ' => plain.push('t'),
            'ß' => plain.push_str("ss"),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'þ' => plain.push_str("th"),
            '\u{2018}' | '\u{2019}' | '\u{2bc}' => plain.push('\''),
            '\u{2010}' | '\u{2011}' => plain.push('-'),
            c if c.is_whitespace() && plain.ends_with(' ') => {}
            c if c.is_whitespace() => plain.push(' '),
            c => plain.push(c),
        }
    }
    plain.trim().to_owned()
}

/// The one of `known` that `word` resembles most, however little that is.
pub fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    best(word, known).map(|(_, other)| other)
}

/// The known word that is most like this one, if it is at all.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    best(word, known)
        .filter(|(likeness, _)| *likeness > ALIKE)
        .map(|(_, other)| other)
}

fn best<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<(f64, &'a str)> {
    let plain = |word: &str| word.to_lowercase().replace([' ', '-'], "_");
    let word = plain(word);
    let likeness = |other: &str| {
        let other = plain(other);
        // `days` is meant for max_days, though not one letter stands in its place, and zpi for zip
        let part = other.contains(&word) || word.contains(&other);
        let slip = strsim::damerau_levenshtein(&word, &other) <= 1;
        let likeness = strsim::jaro_winkler(&word, &other);
        match word.len() > 2 && (part || slip) {
            true => likeness.max(0.9),
            false => likeness,
        }
    };
    known
        .into_iter()
        .map(|other| (likeness(other), other))
        .max_by(|one, other| one.0.total_cmp(&other.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_as_any_keyboard_spells_them() {
        for (name, typed) in [
            ("Wójcik", "wojcik"),
            ("ŁUKASZ  Żółw", "lukasz zolw"),
            ("César Bustos", "cesar bustos"),
            ("Ce\u{301}sar", "cesar"),
            ("Søren Weiß", "soren weiss"),
            ("O\u{2019}Brien", "o'brien"),
            (" İpek ", "ipek"),
            ("Nguyễn", "nguyen"),
            ("李小龍", "李小龍"),
        ] {
            assert_eq!(folded(name), typed);
            assert_eq!(folded(typed), typed, "folding again changes nothing");
        }
    }

    #[test]
    fn a_blank_is_found_wherever_it_stands() {
        for (word, blank) in [
            ("WHY", "WHY"),
            (" WHO SAID SO ", "WHO SAID SO"),
            ("lines.1.qty=QUANTITY", "QUANTITY"),
            ("ship_to.street1=STREET ADDRESS", "STREET ADDRESS"),
            ("po=W1-1:AMOUNT,W1-2:3.00", "AMOUNT"),
            ("SKU=2", "SKU"),
            ("1=CONDITION", "CONDITION"),
            ("credit=RMA1,NAME", "NAME"),
            ("…", "…"),
        ] {
            assert_eq!(blank_in(word), Some(blank), "{word}");
        }
        for word in [
            "why",
            "WHY NOT",
            "ship_to.state=ID",
            "po=W1-1",
            "the number is NUMBER 4",
            "BF63-12163=2",
            "comments=",
            "",
        ] {
            assert_eq!(blank_in(word), None, "{word}");
        }
    }

    #[test]
    fn the_nearest_is_what_a_person_meant() {
        let states = ["placed", "held", "ready"];
        assert_eq!(nearest("palced", states), Some("placed"));
        assert_eq!(nearest("HELD", states), Some("held"));
        assert_eq!(nearest("zpi", ["city", "zip"]), Some("zip"));
        assert_eq!(nearest("x", states), None);
        assert_eq!(nearest("", states), None);
        assert_eq!(closest("days", ["severity", "max_days"]), Some("max_days"));
        assert_eq!(closest("x", ["severity"]), Some("severity"));
        assert_eq!(closest("x", []), None);
    }
}
