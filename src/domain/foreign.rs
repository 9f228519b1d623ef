//! Foreign text in messages for people.

/// Controls, line separators and bidi overrides: what can make a text look other than it is.
pub fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A foreign text as a message may show it: at most `length` characters, hidden ones escaped, so
/// that no text can forge a line of a list.
pub fn cut(text: &str, length: usize) -> String {
    let mut out = String::with_capacity(text.len().min(length) + 1);
    for (place, c) in text.chars().enumerate() {
        if place == length {
            out.push('…');
            break;
        }
        if is_hidden(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// First character of each block of ten decimal digits (Unicode category Nd) in use in the scripts
/// of living languages, and the full-width and mathematical ones.
const ZEROS: &[u32] = &[
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66,
    0xde6, 0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
    0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
    0x104a0, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1fbf0,
];

/// The ASCII digit for a decimal digit of any script; `None` for every other character.
pub fn decimal(c: char) -> Option<char> {
    if c.is_ascii() {
        return c.is_ascii_digit().then_some(c);
    }
    let code = u32::from(c);
    let place = ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?;
    char::from_digit(code - ZEROS[place], 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_escaped_and_cut() {
        assert_eq!(cut("a\nb\u{202e}c é", 60), "a\\u{a}b\\u{202e}c é");
        assert_eq!(cut(&"é".repeat(70), 60).chars().count(), 61);
        assert_eq!(cut("abc", 3), "abc");
    }

    #[test]
    fn digits_of_all_scripts() {
        assert!(ZEROS.is_sorted());
        for (c, digit) in [
            ('7', Some('7')),
            ('a', None),
            ('/', None),
            (':', None),
            ('٣', Some('3')),
            ('９', Some('9')),
            ('：', None),
            ('०', Some('0')),
            ('𝟗', Some('9')),
            ('²', None),
            ('é', None),
            ('𝟘', Some('0')),
        ] {
            assert_eq!(decimal(c), digit, "{c}");
        }
    }
}
