//! What a sentence about one article says of more than that article: "B is discontinued, order cancelled", "B ships
//! 12/10, both ship 12/10". It belongs to no line then, and a person reads the answer.

use super::mask::line_of;
use super::vocabulary::without;
use crate::domain::pattern::fits;
use regex::Regex;
use std::sync::LazyLock;

/// What means more than the articles that were named.
static WIDER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:orders?|pos?|p\.o|purchase orders?|both|either|all|everything|entire|whole|complete|completely|together|rest|others?|remaining|remainder|items|goods|products|packages|shipments|lines)\b").ok()
});
/// What does not, although it has such a word: backorders, the order that an article is of, and the other lines where
/// a part of the sentence begins with them.
static NARROW: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\bback[- ]?order\w*|\bon order\b|\b(?:on|from|of|in|per) (?:the|your|this|our) (?:purchase order|po|order)\b|",
        r"(?:[,;:.(-]\s*|\b(?:and|but|while|whereas|however) )(?:everything else|all else|all others|(?:all )?the others|the rest(?: of (?:the|your) (?:order|items|po|lines))?|(?:all |any )?(?:of )?(?:the )?(?:other|remaining) (?:items?|lines?|products?|parts?|skus?|goods|articles?))\b|",
        r"\b(?:items|lines|products)(?: (?:no|numbers?))?[ :#]*[\x{E100}-\x{E7FF}]"
    ))
    .ok()
});
/// "A and B are both confirmed".
static BOTH: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)\bboth\b").ok());
/// That goods wait for each other.
static TOGETHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:complete|completely|together|in full|whole|entire|at once|(?:one|single) (?:shipment|box|package|parcel))\b").ok()
});

/// Whether a masked sentence says anything of more than the lines that it names, behind the first of them. Before it
/// stands what is said of all ("Order confirmed, B later"); `below` tells that it stands below a line which it answers.
pub(super) fn says_more(sentence: &str, below: bool) -> bool {
    let lines = |text: &str| text.chars().filter(|c| line_of(*c).is_some()).count();
    let rest = match sentence.find(|c| line_of(c).is_some()) {
        Some(at) => &sentence[at..],
        None if below => sentence,
        None => return false,
    };
    let rest = without(&NARROW, rest);
    let rest = match lines(sentence) {
        2 => without(&BOTH, &rest),
        _ => rest,
    };
    fits(&WIDER, &rest)
}

/// Whether a sentence says that goods leave with each other.
pub(super) fn is_together(sentence: &str) -> bool {
    fits(&TOGETHER, sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_one_line() {
        let (a, b) = ('\u{e100}', '\u{e101}');
        for text in [
            format!("{a} is discontinued, po cancelled"),
            format!("{a}: backordered, both ship later"),
            format!("{a} out of stock, cannot ship order"),
            format!("{a} cancelled with the order"),
            format!("{a} and {b} are backordered, all orders wait"),
            format!("{a} waits with the rest of the order"),
            format!("{a}: later, order will ship complete"),
        ] {
            assert!(says_more(&text, false), "{text}");
        }
        for text in [
            format!("{a} is on backorder"),
            format!("order confirmed, {a} is discontinued"),
            format!("{a} and {b} are both confirmed"),
            format!("both {a} and {b} are confirmed"),
            format!("{a} is out of stock, everything else ships"),
            format!("{a} of your order is confirmed, but the rest ships later"),
            format!("{a} is confirmed, items {b} backordered"),
            "order confirmed".to_owned(),
        ] {
            assert!(!says_more(&text, false), "{text}");
        }
        assert!(says_more("ok, the whole order", true) && !says_more("ok", true));
        assert!(is_together("we will ship complete") && !is_together("ships"));
        assert!(BOTH.is_some());
    }
}
