//! Text of foreign origin made fit to be read: on paper, in a mail, in columns.
//!
//! Names, descriptions and messages come from customers. What they may not do to a document is to
//! break its lines, to turn the reading order of what stands beside them, or to run out of their
//! column; everything else about them is kept.

use unicode_width::UnicodeWidthChar;

/// What stands for a character that is not shown as it came.
pub const REPLACEMENT: char = '\u{FFFD}';

/// A sentence whose last name ends in a dot of its own ("poms waits for Dune Lighting Co..") with one
/// stop; an ellipsis stays.
pub fn one_stop(sentence: &str) -> String {
    let mut clean = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some(at) = rest.find("..") {
        let (before, dots) = rest.split_at(at);
        let after = dots.trim_start_matches('.');
        let count = dots.len() - after.len();
        let ends = after.is_empty() || after.starts_with(char::is_whitespace);
        let name = before.ends_with(char::is_alphanumeric);
        clean.push_str(before);
        clean.push_str(match count == 2 && ends && name {
            true => ".",
            false => &dots[..count],
        });
        rest = after;
    }
    clean.push_str(rest);
    clean
}

/// The text as one line: line ends, tabs and other controls become a space, runs of white space
/// one space, none at the ends. Characters that turn the reading order (Unicode bidi controls)
/// become a visible [`REPLACEMENT`]; invisible ones (byte order mark, soft hyphen) go.
pub fn line(text: &str) -> String {
    // most text is so already, and a purchase order has some fifty of them
    let printable = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if printable && text.trim_ascii() == text && !text.contains("  ") {
        return text.to_owned();
    }
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            if !clean.is_empty() && !clean.ends_with(' ') {
                clean.push(' ');
            }
        } else if turns_order(c) {
            clean.push(REPLACEMENT);
        } else if !is_invisible(c) {
            clean.push(c);
        }
    }
    clean.truncate(clean.trim_end_matches(' ').len());
    clean
}

/// Foreign text as one harmless line: control, bidirectional and zero-width characters and runs of
/// blanks become one blank; cut after 300 characters.
pub fn one_line(text: &str) -> String {
    const LONGEST: usize = 300;
    let harmless = |c: char| match c {
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => ' ',
        '\u{feff}' => ' ',
        c if c.is_control() => ' ',
        c => c,
    };
    let clean: String = text.chars().take(8 * LONGEST).map(harmless).collect();
    let line = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        None => line,
        Some(_) => line.chars().take(LONGEST - 1).chain(['…']).collect(),
    }
}

/// The text as several lines: each as [`line()`] leaves it, line ends `\n`, at most one empty line
/// after another and none at the ends.
pub fn block(text: &str) -> String {
    let ends = [
        '\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}',
    ];
    let mut clean = String::with_capacity(text.len());
    let mut gap = false;
    for part in text.replace("\r\n", "\n").split(ends).map(line) {
        if part.is_empty() {
            gap = !clean.is_empty();
            continue;
        }
        if !clean.is_empty() {
            clean.push_str(if gap { "\n\n" } else { "\n" });
        }
        gap = false;
        clean.push_str(&part);
    }
    clean
}

/// Embeddings, overrides, isolates and marks of the bidirectional algorithm (UAX #9, 2).
pub fn turns_order(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

/// Characters without a shape of their own that paper and columns have no use for.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}')
}

/// Columns that the text takes on a terminal or in a mail of fixed pitch (UAX #11).
pub fn columns(text: &str) -> usize {
    text.chars().map(column).sum()
}

fn column(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// The text in lines of at most `limit` columns; see [`wrap_by`].
pub fn wrap(text: &str, limit: usize) -> Vec<String> {
    wrap_by(text, limit as f32, |c| column(c) as f32)
}

/// The text in lines no wider than `limit`, where `advance` is the width of one character. Breaks
/// at spaces and at the text's own line ends; a word wider than a line is broken after a sign such
/// as `-` or `/` in its second half, else anywhere. A line has one character at least. An empty
/// text has no lines.
pub fn wrap_by(text: &str, limit: f32, advance: impl Fn(char) -> f32) -> Vec<String> {
    let mut lines = Vec::new();
    if text.is_empty() {
        return lines;
    }
    for paragraph in text.split('\n') {
        let (mut current, mut used) = (String::new(), 0.0);
        for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
            let space = if current.is_empty() {
                0.0
            } else {
                advance(' ')
            };
            let wide: f32 = word.chars().map(&advance).sum();
            if used + space + wide <= limit {
                if !current.is_empty() {
                    current.push(' ');
                }
                current.push_str(word);
                used += space + wide;
                continue;
            }
            if !current.is_empty() {
                lines.push(std::mem::take(&mut current));
            }
            let mut rest = word;
            while let Some(cut) = break_of(rest, limit, &advance) {
                let (head, tail) = rest.split_at(cut);
                lines.push(head.to_owned());
                rest = tail;
            }
            used = rest.chars().map(&advance).sum();
            current.push_str(rest);
        }
        lines.push(current);
    }
    lines
}

/// Finds where to break a word that is wider than `limit`; `None` when it fits.
fn break_of(word: &str, limit: f32, advance: impl Fn(char) -> f32) -> Option<usize> {
    let (mut used, mut good) = (0.0, 0);
    for (at, c) in word.char_indices() {
        used += advance(c);
        if used > limit && at > 0 {
            return Some(if good > at / 2 { good } else { at });
        }
        if matches!(c, '-' | '/' | '_' | ',' | '.' | ';' | '+' | '@') {
            good = at + c.len_utf8();
        }
    }
    None
}

/// How the system, SQLite and a quota say that there is no room.
const FULL: [&str; 3] = [
    "(os error 28)",
    "(os error 122)",
    "database or disk is full",
];

/// A failure in words that begin with what to do, where it is that a disk is full: whoever reads it may
/// know neither numbers of the system nor SQLite.
pub fn or_full(text: &str) -> String {
    let full = FULL.iter().any(|word| text.contains(word));
    match full && !text.contains("is full: make room, then ") {
        true => format!("the disk is full: make room, then run it again: {text}"),
        false => text.to_owned(),
    }
}

/// A word as a shell takes it: a number with a `#` would be a comment.
pub fn typed(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-~+:=@%".contains(c);
    match !word.is_empty() && !word.starts_with('~') && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_has_one_stop() {
        for (said, clean) in [
            (
                "poms waits for Dune Lighting Co..",
                "poms waits for Dune Lighting Co.",
            ),
            (
                "Tell Dune Lighting Co.. Then wait.",
                "Tell Dune Lighting Co. Then wait.",
            ),
            (
                "wait… or type 1..3, ../x, and so on...",
                "wait… or type 1..3, ../x, and so on...",
            ),
            ("plain.", "plain."),
            ("", ""),
        ] {
            assert_eq!(one_stop(said), clean);
        }
    }

    #[test]
    fn a_line_is_one_line_and_keeps_the_name() {
        assert_eq!(line("  Łukasz\t\u{0}\r\n Żak  "), "Łukasz Żak");
        assert_eq!(line("a\u{202e}b\u{ad}c\u{2028}d"), "a\u{fffd}bc d");
        assert_eq!(line("\n\t"), "");
    }

    #[test]
    fn a_block_keeps_its_lines() {
        assert_eq!(block("\n\nDear\r\n\r\n\r\nBob\rx\n\n"), "Dear\n\nBob\nx");
    }

    #[test]
    fn wraps_at_spaces_and_breaks_what_is_too_long() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("AB-12345-XYZ", 10), ["AB-12345-", "XYZ"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("日本語", 4), ["日本", "語"]);
        assert!(wrap("", 4).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn no_line_is_wider_than_asked(text in "\\PC{0,80}", limit in 2usize..30) {
            let clean = line(&text);
            let lines = wrap(&clean, limit);
            for part in &lines {
                proptest::prop_assert!(columns(part) <= limit, "{part:?}");
            }
            let joined: String = lines.concat().split(' ').collect();
            proptest::prop_assert_eq!(joined, clean.split(' ').collect::<String>());
        }
    }

    #[test]
    fn a_full_disk_is_called_so_once() {
        let fault = std::io::Error::from_raw_os_error(28);
        let said = or_full(&format!("cannot write /mnt/x: {fault}"));
        assert!(
            said.starts_with("the disk is full: make room, then ") && said.contains("/mnt/x"),
            "{said}"
        );
        assert_eq!(or_full(&said), said);
        assert_eq!(
            or_full("no such file (os error 2)"),
            "no such file (os error 2)"
        );
    }
}
