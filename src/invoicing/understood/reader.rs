//! One text of a bill, a memo or the words of a line: understood where all of it is phrases of the closed list,
//! names of those that it is for, and goods of its own purchase orders.

use super::article::{counts, has, is_neutral};
use super::doubtful::is_doubtful;
use super::known::KnownBill;
use super::phrases;
use super::tokens::{self, BREAK, BillWord};

/// Names of people and streets that are colours and woods as well: alone, and with nothing before them, they
/// are of the goods.
const LOOKS: &[&str] = &[
    "white", "black", "brown", "green", "gray", "grey", "blue", "red", "gold", "golden", "silver",
    "rose", "olive", "ivory", "violet", "ruby", "amber", "steel", "oak", "maple", "walnut",
    "cherry", "pine", "ash", "birch", "cedar", "coral", "hazel", "sienna", "tan", "teal", "pink",
    "purple", "orange", "yellow", "copper", "bronze", "sand", "stone", "clay", "pearl", "jade",
    "navy", "royal", "king", "queen", "small", "large", "short", "long", "little",
];

/// The first of a text that is not understood, as it was written; `scope` are the articles that it may name,
/// and `names` whether it may name people.
pub(super) fn strange(
    text: &str,
    known: &KnownBill,
    (scope, names): (&[usize], bool),
) -> Option<String> {
    let words = tokens::words(text, known);
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if word.is == BREAK {
            at += 1;
            continue;
        }
        let rest = words.get(at..).unwrap_or_default();
        let (intro, named) = phrases::whom(rest, &|word| names && is_name(word, known));
        let bare = intro == 0 && named == 1 && LOOKS.contains(&word.is.as_str());
        let named = if bare { 0 } else { named };
        let said = phrases::phrase(rest);
        if let Some(other) = rest
            .iter()
            .take(said)
            .find(|word| looks_ordered(word, known))
        {
            return Some(other.said.clone());
        }
        match named.max(said) {
            0 => match goods(&words, at, known, (scope, names)) {
                Ok(end) => at = end,
                Err(strange) => return Some(strange),
            },
            taken => at += taken,
        }
    }
    // other days of payment than were agreed
    let net = phrases::net(&words).filter(|days| known.net.as_ref().is_some_and(|own| own != days));
    net.map(|days| format!("net {days}"))
}

/// Whether another number has the form of the purchase orders: letters or strokes, and figures between them.
fn looks_ordered(word: &BillWord, known: &KnownBill) -> bool {
    let form = |number: &str| {
        let mut form: Vec<char> = number
            .trim_start_matches('#')
            .chars()
            .map(|c| match c {
                '0'..='9' => '9',
                c if c.is_alphabetic() => 'a',
                _ => '-',
            })
            .collect();
        form.dedup();
        form.into_iter().collect::<String>()
    };
    let said = form(&word.said);
    word.is == "<code>" && known.orders.iter().any(|own| form(own) == said)
}

/// Whether a word stands in a name or an address of its purchase orders.
pub(super) fn is_name(word: &BillWord, known: &KnownBill) -> bool {
    let small = word.is.as_str();
    let said = word.said.to_lowercase();
    let one = |own: &String| {
        let initial = small.chars().count() == 1 && own.starts_with(small);
        own == small || *own == said || initial && small.chars().all(char::is_alphabetic)
    };
    !is_doubtful(small) && known.names.iter().any(one)
}

/// Where a run of words ends that name goods of one article; what in it is none of these.
fn goods(
    words: &[BillWord],
    from: usize,
    known: &KnownBill,
    (scope, names): (&[usize], bool),
) -> Result<usize, String> {
    let mut meant: Vec<usize> = scope.to_vec();
    let mut named = false;
    let mut at = from;
    while let Some(word) = words.get(at) {
        let rest = words.get(at..).unwrap_or_default();
        if word.is == BREAK {
            break;
        }
        let before = at.checked_sub(1).filter(|place| *place >= from);
        let before = before.and_then(|place| words.get(place));
        let behind = words.get(at + 1);
        let fits = |place: &usize| {
            let Some(article) = known.articles.get(*place) else {
                return false;
            };
            match word.is.as_str() {
                "<sku>" => word.article == Some(*place),
                "<code>" => has(article, &word.said.to_lowercase()),
                is if is.starts_with(|c: char| c.is_ascii_digit()) => {
                    counts(article, is, before, behind)
                }
                is => has(article, is),
            }
        };
        let left: Vec<usize> = meant.iter().copied().filter(fits).collect();
        if left.is_empty() {
            // a name beside goods is introduced: a street may be called as a colour is
            let whom = phrases::whom(rest, &|word| names && is_name(word, known)).0 > 0;
            if named && (phrases::phrase(rest) > 0 || whom) {
                break;
            }
            if is_neutral(&word.is, behind) {
                at += 1;
                continue;
            }
            return Err(word.said.clone());
        }
        // a number by itself counts nothing
        let counted =
            behind.is_some_and(|word| matches!(word.is.as_str(), "x" | "ea" | "pc" | "unit"));
        named |= !word.is.starts_with(|c: char| c.is_ascii_digit()) || counted;
        meant = left;
        at += 1;
    }
    match named {
        true => Ok(at),
        false => Err(words
            .get(from)
            .map_or(String::new(), |word| word.said.clone())),
    }
}

/// Whether a text names goods that an article can be: a word of it is the article's own.
pub(super) fn names(text: &str, known: &KnownBill, place: usize) -> bool {
    let Some(article) = known.articles.get(place) else {
        return false;
    };
    let words = tokens::words(text, known);
    words.iter().any(|word| {
        let letters = word.is.chars().all(char::is_alphabetic);
        word.article == Some(place) || letters && has(article, &word.is)
    })
}

/// Whether a text names an article by its number.
pub(super) fn numbered(text: &str, known: &KnownBill, place: usize) -> bool {
    let words = tokens::words(text, known);
    words.iter().any(|word| word.article == Some(place))
}
