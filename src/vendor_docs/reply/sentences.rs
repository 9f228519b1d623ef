//! Where sentences begin and end in what people type.

use super::mask::line_of;

/// The text in sentences. A line that ends without a full stop is one, unless it is long and so was
/// wrapped.
pub(super) fn sentences(text: &str) -> Vec<String> {
    let mut joined = String::new();
    let mut long = false;
    for line in text.lines() {
        let line = line.trim();
        let bullet =
            line.starts_with(['-', '*', '•', '·']) || line.starts_with(|c| line_of(c).is_some());
        if !joined.is_empty() {
            joined.push_str(if long && !bullet && !line.is_empty() {
                " "
            } else {
                "\n"
            });
        }
        joined.push_str(line.trim_start_matches(['-', '*', '•', '·', ' ']));
        long = line.chars().count() >= 55;
    }
    for (abbreviation, word) in [
        ("est.", "est"),
        ("approx.", "approx"),
        ("p.s.", ""),
        ("o.o.s.", "oos"),
        ("b.o.", "b/o"),
        ("incl.", "incl"),
        ("qty.", "qty"),
        ("no.", "no."),
    ] {
        joined = joined.replace(abbreviation, word);
    }
    let mut sentences = vec![String::new()];
    let mut chars = joined.chars().peekable();
    while let Some(c) = chars.next() {
        let ends = match c {
            '\n' | ';' | '!' | '?' => true,
            '.' => chars.peek().is_none_or(|next| next.is_whitespace()),
            _ => false,
        };
        if let Some(last) = sentences.last_mut() {
            if !ends || c == '?' {
                last.push(c);
            }
            if ends {
                sentences.push(String::new());
            }
        }
    }
    sentences.retain(|sentence| !sentence.trim().is_empty());
    sentences
}
