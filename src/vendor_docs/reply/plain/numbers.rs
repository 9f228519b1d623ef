//! Numbers as signs: tracking numbers and other numbers that the document's rows say already,
//! telephone numbers, addresses of mail and of the web.

use super::super::AskedLine;
use super::KnownBeside;
use super::phrases::{LINK, NUMBER, PHONE, TRACK, is_sign};
use regex::Regex;
use std::sync::LazyLock;

static LINKS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:https?://|www\.)[^\s<>]+|[^\s<>:,;]+@[^\s<>:,;]+\.[a-z]{2,}").ok()
});
static PHONES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?:\+?1[ .-]?)?(?:\([0-9]{3}\) ?|\b[0-9]{3}[ .-]?)[0-9]{3}[ .-]?[0-9]{4}\b(?: ?(?:x|ext\.?) ?[0-9]{1,5})?|\b[0-9]{3}-[0-9]{4}\b",
    )
    .ok()
});

/// The sentence with signs for them; `po_number` is the purchase order's own.
pub(super) fn signs(sentence: &str, known: &KnownBeside, po_number: &str) -> String {
    let mut text = sentence.replace(is_sign, " ");
    let mut numbers: Vec<(&String, char)> = known.tracking.iter().map(|one| (one, TRACK)).collect();
    numbers.extend(known.numbers.iter().map(|one| (one, NUMBER)));
    let own = [
        Some(po_number),
        po_number.rsplit_once('-').map(|(order, _)| order),
    ];
    let own: Vec<String> = own.into_iter().flatten().map(str::to_owned).collect();
    // a short one may be any number
    let long = own
        .iter()
        .filter(|number| number.len() >= 4 || number.starts_with(char::is_alphabetic));
    numbers.extend(long.map(|one| (one, NUMBER)));
    numbers.sort_by_key(|(number, _)| std::cmp::Reverse(number.len()));
    // in links nothing counts
    text = put(&LINKS, &text, LINK);
    for (number, sign) in numbers {
        text = with_sign(&text, number, sign);
    }
    put(&PHONES, &text, PHONE)
}

static PIECES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*(?:x ?([0-9]{1,4})|([0-9]{1,4}) ?x|(?:qty|quantity):? ?([0-9]{1,4}))(?: *[:,-] *| +|$)").ok()
});

/// An answer without the number of pieces that it begins with, where that is all that was ordered:
/// "x 2: accepted", to an order of two pieces of one article.
pub(super) fn all_pieces(text: &str, lines: &[AskedLine]) -> String {
    let found = PIECES.as_ref().and_then(|pieces| pieces.captures(text));
    let ([line], Some(found)) = (lines, found) else {
        return text.to_owned();
    };
    let number = found.iter().skip(1).flatten().next();
    let number = number.and_then(|number| number.as_str().parse::<i64>().ok());
    let end = found.get(0).map_or(0, |whole| whole.end());
    match number == Some(line.ordered) && line.ordered > 0 {
        true => text[end..].to_owned(),
        false => text.to_owned(),
    }
}

/// The text without telephone numbers and addresses.
pub(super) fn contacts(text: &str) -> String {
    let text = put(&LINKS, text, ' ');
    put(&PHONES, &text, ' ')
}

fn put(pattern: &LazyLock<Option<Regex>>, text: &str, sign: char) -> String {
    match pattern.as_ref() {
        Some(pattern) => pattern.replace_all(text, format!(" {sign} ")).into_owned(),
        None => text.to_owned(),
    }
}

/// A number as a sign wherever it stands, with blanks and dashes inside or without.
fn with_sign(text: &str, number: &str, sign: char) -> String {
    let parts: Vec<String> = number
        .chars()
        .filter(|c| !c.is_whitespace())
        .take(64)
        .map(|c| regex::escape(&c.to_string()))
        .collect();
    if parts.is_empty() {
        return text.to_owned();
    }
    let pattern = format!(
        r"(?i)(?P<before>^|[^0-9a-z])(?:{})(?P<after>[^0-9a-z]|$)",
        parts.join("[ -]?")
    );
    match Regex::new(&pattern) {
        Ok(pattern) => {
            let put = format!("${{before}} {sign} ${{after}}");
            let once = pattern.replace_all(text, put.as_str()).into_owned();
            pattern.replace_all(&once, put.as_str()).into_owned()
        }
        Err(_) => text.to_owned(),
    }
}
