//! Whether words of a bill are those of an article: the same, in the plural, or shortened as vendors do. Its
//! numbers are those of the article itself or count its pieces.

use super::doubtful::is_doubtful;
use super::known::BilledArticle;
use super::tokens::{BillWord, is_unit};

/// Words that add nothing to the name of an article.
const NEUTRAL: &[&str] = &[
    "ea",
    "pc",
    "unit",
    "item",
    "items",
    "sku",
    "product",
    "article",
    "the",
    "a",
    "an",
    "with",
    "w",
    "qty",
    "quantity",
    "x",
    "of",
    "colour",
    "color",
    "size",
    "finish",
    "name",
    "description",
    "vendor",
    "our",
    "your",
];
/// Units that count pieces.
const COUNTS: &[&str] = &["ea", "pc", "unit", "x"];
/// The same word in two countries.
const ALSO: &[(&str, &str)] = &[
    ("gray", "grey"),
    ("aluminium", "aluminum"),
    ("jewelry", "jewellery"),
];

/// Whether a word adds nothing, with the one behind it: "no lamp" is none, "part no. AC-1" is its number.
pub(super) fn is_neutral(word: &str, behind: Option<&BillWord>) -> bool {
    let number = matches!(
        word,
        "no" | "nr" | "num" | "number" | "part" | "model" | "style" | "id"
    );
    let of_article =
        behind.is_some_and(|word| matches!(word.is.as_str(), "<sku>" | "no" | "nr" | "number"));
    NEUTRAL.contains(&word) || number && of_article
}

/// Whether a word of a bill is one of an article's own.
pub(super) fn has(article: &BilledArticle, word: &str) -> bool {
    let own = |own: &String| is_same(word, own);
    article.texts.iter().flatten().any(own)
}

fn is_same(word: &str, own: &str) -> bool {
    // "hoses" of a hose, "dishes" of a dish
    let singular = |word: &'_ str| -> [String; 3] {
        let end = |end: &str| word.strip_suffix(end).filter(|bare| bare.len() > 2);
        [word, end("s").unwrap_or(word), end("es").unwrap_or(word)].map(str::to_owned)
    };
    let one_of =
        |words: [String; 3], others: [String; 3]| words.iter().any(|one| others.contains(one));
    let also = |(one, other): &(&str, &str)| {
        word == *one && own == *other || word == *other && own == *one
    };
    word == own
        || one_of(singular(word), singular(own))
        || ALSO.iter().any(also)
        || !is_doubtful(word) && is_short(word, own)
}

/// `jap` for Japanese, `brsh` for brushed: the beginning of a longer word, or its consonants in their order.
fn is_short(word: &str, own: &str) -> bool {
    let letters = |text: &str| text.chars().all(char::is_alphabetic);
    let (short, long) = (word.chars().count(), own.chars().count());
    if short < 3 || long < short + 1 || !letters(word) || !letters(own) {
        return false;
    }
    let vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    // "rug" is no short "rugged"
    let doubled = own.chars().nth(short) == word.chars().last();
    let begins = long > short + 1 && own.starts_with(word) && !doubled;
    let mut rest = own.chars();
    let consonants = !word.chars().skip(1).any(vowel)
        && own.chars().next() == word.chars().next()
        && word.chars().all(|c| rest.any(|one| one == c));
    begins || consonants
}

/// Whether a number of a bill, with the words before and behind it, is the article's own or counts its pieces.
pub(super) fn counts(
    article: &BilledArticle,
    number: &str,
    before: Option<&BillWord>,
    behind: Option<&BillWord>,
) -> bool {
    let before = before.map_or("", |word| word.is.as_str());
    let behind = behind.map_or("", |word| word.is.as_str());
    let unit = Some(behind).filter(|word| is_unit(word));
    let pairs = || {
        let each = article.texts.iter();
        each.flat_map(|words| {
            words
                .iter()
                .zip(words.iter().skip(1).map(String::as_str).chain([""]))
        })
    };
    let own = pairs().any(|(one, next)| one == number && unit.is_none_or(|unit| unit == next));
    // "21 drill bit sets" are so many, unless the article is called so from its first word
    let leads = article
        .texts
        .iter()
        .any(|words| words.first().is_some_and(|one| one == number));
    let quantity =
        behind == "x" || before.is_empty() && unit.is_none() && !leads && !behind.is_empty();
    if own && !quantity {
        return true;
    }
    // "21 pc" of the article's own are no pieces of it
    let measured = unit.is_some_and(|unit| {
        let figure = |one: &str| one.bytes().next().is_some_and(|b| b.is_ascii_digit());
        pairs().any(|(one, next)| figure(one) && next == unit)
    });
    let counted = unit.is_none_or(|unit| COUNTS.contains(&unit));
    let begins =
        matches!(before, "" | "qty" | "quantity" | "x" | "<sku>") || COUNTS.contains(&behind);
    let pieces = number
        .parse::<i64>()
        .is_ok_and(|number| article.pieces.contains(&number));
    pieces && counted && begins && !measured && before != "of"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortened_words() {
        for (word, own) in [
            ("jap", "japanese"),
            ("brsh", "brushed"),
            ("nkl", "nickel"),
            ("brs", "brass"),
            ("flr", "floor"),
            ("lamps", "lamp"),
            ("blk", "black"),
            ("gray", "grey"),
            ("dishes", "dish"),
        ] {
            assert!(is_same(word, own), "{word} {own}");
        }
        for (word, own) in [
            ("used", "upholstered"),
            ("bad", "braided"),
            ("blk", "blue"),
            ("rug", "rugged"),
            ("sub", "substrate"),
            ("red", "brushed"),
            ("part", "partition"),
            ("lamp", "clamp"),
        ] {
            assert!(!is_same(word, own), "{word} {own}");
        }
    }
}
