//! Plain refusals of a whole purchase order: "We cannot ship this order.", "The item is discontinued,
//! please cancel." As with a yes, all of the text must be listed here or be a courtesy: a day, a place, a
//! price, a part of it or a condition beside it is not, and a person reads it.

use super::phrases::{self, COURTESY, GOODS, LINE};
use super::{mask, numbers, signature, split};
use crate::vendor_docs::reply::goods::Goods;
use crate::vendor_docs::reply::{AskedPo, acts};
use chrono::NaiveDate;
use regex::Regex;
use std::sync::LazyLock;

/// What was ordered. Not "the entire order" or "both", which leave a part of it.
const IT: &str = "(?:(?:the|this|your|that|these|those|our|G|L|N) )*(?:purchase order|p o|po|order|items?|goods|products?|articles?|it|them|they|this|these|G|L)(?: (?:number|no))?(?: N)?";
/// It is not delivered.
const REFUSED: &[&str] = &[
    "(?:we|i) (?:(?:currently|regretfully|unfortunately) )?(?:cannot|can not|can t|could not|are unable to|am unable to|re unable to|are not able to|re not able to|will not be able to|won t be able to|will be unable to|will not|won t|do not|don t|no longer|can no longer)(?: (?:ship|fill|fulfill|fulfil|supply|deliver|process|accept|send|provide|carry|stock|sell|offer|make))(?: IT)?(?: (?:any ?more|any longer|at all))?",
    "(?:we|i) (?:must|have to|need to) (?:decline|reject|refuse|turn down|cancel) IT|(?:we|i) (?:decline|reject|refuse) IT|IT (?:is|was|has been) (?:rejected|declined|refused)",
    "IT (?:cannot|can not|can t|will not|won t) be (?:shipped|filled|fulfilled|supplied|delivered|processed|accepted)",
    "(?:IT )?(?:(?:is|are|has been|have been|was|were|s|now|unfortunately|permanently|completely|currently|sadly) )*(?:discontinued|no longer (?:available|made|produced|manufactured|carried|sold|stocked)|obsolete|sold out|out of stock|unavailable|not available(?: (?:any ?more|any longer))?)",
];
/// What such an answer says beside it, and is no refusal by itself.
const TOO: &[&str] = &[
    "(?:we are |we re |i m |i am |so |very )*sorry(?: (?:for|about) (?:the|any|this) (?:inconvenience|trouble))?|(?:our )?apologies(?: for (?:the|any) inconvenience)?|we apologi[sz]e(?: for (?:the|any|this) inconvenience)?|unfortunately|(?:we|i)? ?regret(?: to (?:inform|tell|advise) you)?(?: that)?|(?:i m|we re|i am|we are) afraid(?: that)?|(?:please )?(?:note|be advised) that|and|so|as|because",
    "(?:so )?(?:please|pls|kindly) (?:cancel|void|remove)(?: (?:IT|your order|on your end|at your end))*",
    "(?:there is |with |we have |and )?no (?:date|eta|restock date|back ?order date|expected date|return date|replacement)(?: (?:yet|known|available|given))?",
    "(?:please )?(?:order|buy|source|get) (?:it|them|IT) elsewhere",
];

struct RefusalPatterns {
    all: Regex,
    /// Nothing that refuses.
    soft: Regex,
    order: Regex,
    part: Regex,
}

static PATTERNS: LazyLock<Option<RefusalPatterns>> = LazyLock::new(|| {
    let with =
        |list: &[&str]| -> Vec<String> { list.iter().map(|one| one.replace("IT", IT)).collect() };
    let (refused, too) = (with(REFUSED), with(TOO));
    let words = |list: &[String]| {
        list.iter()
            .map(String::as_str)
            .collect::<Vec<&str>>()
            .join("|")
    };
    let (refused, too) = (words(&refused), words(&too));
    Some(RefusalPatterns {
        all: phrases::chain(&[COURTESY, &[&too], &[&refused]])?,
        soft: phrases::chain(&[COURTESY, &[&too]])?,
        order: phrases::build("(?:^| )(?:purchase order|po|order)(?: |$)")?,
        part: phrases::build(
            "(?:^| )(?:items?|goods|products?|articles?|these|those|them|they)(?: |$)",
        )?,
    })
});

/// Why the vendor refuses the whole purchase order, where its words say that and nothing else; `today`
/// is the day on which they were written.
pub fn refuses(own: &str, asked: AskedPo<'_>, today: NaiveDate) -> Option<&'static str> {
    let patterns = PATTERNS.as_ref()?;
    let mut strange = Vec::new();
    let mut core: Vec<String> = Vec::new();
    for piece in split::pieces(own, false) {
        let text = piece.text();
        let split::Piece::Sentence(sentence) = &piece else {
            strange.push((text, true));
            continue;
        };
        let words = words(sentence, asked, today);
        let fits = words
            .as_ref()
            .is_some_and(|words| patterns.all.is_match(words));
        if !fits && !may_be_a_name(&text, own, words.as_deref()) {
            return None;
        }
        core.extend(words.filter(|words| fits && !patterns.soft.is_match(words)));
        strange.push((text, !fits));
    }
    signature::cut(&mut strange, asked.vendor);
    if core.is_empty() || strange.iter().any(|(_, strange)| *strange) {
        return None;
    }
    // of several articles one that is not named is not the order
    let whole = |words: &String| {
        patterns.order.is_match(words)
            && !patterns.part.is_match(words)
            && !words.contains([GOODS, LINE])
    };
    if asked.lines.len() != 1 && !core.iter().all(whole) {
        return None;
    }
    let says = |word: &str| core.iter().any(|words| words.contains(word));
    Some(match (says("discontinued"), says("out of stock")) {
        (true, _) => "discontinued",
        (_, true) => "out of stock",
        _ => "rejected",
    })
}

/// Whether what is not understood may be a name below the words: it has a line of its own, and says nothing
/// by itself.
fn may_be_a_name(text: &str, own: &str, words: Option<&str>) -> bool {
    let bare = |line: &str| line.trim().trim_matches(['.', ',']).to_owned();
    let alone = own.lines().any(|line| bare(line) == bare(text));
    let says = words.is_some_and(|words| {
        let says = phrases::read(words, false);
        says.answer || says.shipment
    });
    alone && !says
}

/// A sentence in words and signs; `None` for a question, or one that names another order.
fn words(sentence: &str, asked: AskedPo<'_>, today: NaiveDate) -> Option<String> {
    let text = sentence.trim();
    if text.contains('?') {
        return None;
    }
    let text = numbers::signs(
        split::greeted(text),
        &super::KnownBeside::default(),
        asked.po_number,
    );
    let masked = mask::mask(&text, asked, today);
    if acts::another_order(&masked.text, &asked.po_number.to_lowercase()) {
        return None;
    }
    let ordered = Goods::of(asked);
    let nothing = super::KnownBeside::default();
    let fitting = super::as_ordered(&masked.text, asked, &ordered, &nothing)?;
    Some(super::goods_marked(&phrases::normal(&fitting), &ordered))
}

#[cfg(test)]
mod tests {
    use super::super::tests::lamp;
    use super::*;

    fn reads(text: &str, lines: usize) -> Option<&'static str> {
        let all = vec![lamp(); lines];
        let asked = AskedPo {
            po_number: "W200001-1",
            lines: &all,
            vendor: None,
        };
        refuses(text, asked, "2025-12-03".parse().unwrap())
    }

    #[test]
    fn the_whole_order_in_plain_words() {
        for (text, lines, why) in [
            ("We cannot ship this order.", 2, "rejected"),
            (
                "Hi Sam,\n\nunfortunately we can't fulfill your order W200001-1. Sorry for the inconvenience.\n\nAnn Kerr\nAcme Home Goods",
                2,
                "rejected",
            ),
            ("We are unable to fill PO W200001-1.", 3, "rejected"),
            (
                "The item is discontinued, please cancel.",
                1,
                "discontinued",
            ),
            ("Out of stock, no date", 1, "out of stock"),
            (
                "Sorry, this item is no longer available. Please cancel the order.",
                1,
                "rejected",
            ),
            ("We have to decline this order.", 2, "rejected"),
            (
                "We regret to inform you that we cannot supply it.",
                1,
                "rejected",
            ),
            ("The Brass Floor Lamp is sold out.", 1, "rejected"),
            (
                "This order cannot be fulfilled.\nThanks,\nAnn",
                2,
                "rejected",
            ),
        ] {
            assert_eq!(reads(text, lines), Some(why), "{text}");
        }
    }

    #[test]
    fn what_is_not_all_of_it_or_not_for_good_is_for_a_person() {
        for (text, lines) in [
            ("We cannot ship this order before Friday.", 1),
            ("We cannot ship this order today.", 1),
            ("We can't ship the entire order.", 1),
            ("We cannot ship both.", 1),
            ("We cannot ship all of it.", 1),
            ("We cannot ship this order to Alaska.", 1),
            ("We cannot ship this order by UPS.", 1),
            ("We cannot ship this order without payment.", 1),
            ("We cannot ship this order at this price.", 1),
            ("We cannot ship 1 of 2.", 1),
            (
                "We cannot accept this order unless you confirm the price.",
                1,
            ),
            ("The item is discontinued, please cancel.", 2),
            ("Out of stock, no date", 2),
            (
                "The Brass Floor Lamp is discontinued, please cancel the order.",
                2,
            ),
            ("We cannot ship order W200002-1.", 1),
            ("Can we not ship this order?", 1),
            ("Out of stock, but we have it in black.", 1),
            ("Out of stock until June 12.", 1),
            ("Out of stock in Portland, we ship it from Reno.", 1),
            ("It is not discontinued.", 1),
            ("We cannot cancel this order.", 1),
            ("Please do not cancel, we will not ship it twice.", 1),
            ("Please cancel.", 1),
            ("No date yet.", 1),
            ("Sorry!", 1),
            ("We cannot ship this order. Confirmed.", 1),
            ("We cannot ship this order. Confirmed", 1),
            ("We cannot ship this order.\nConfirmed", 1),
            ("We cannot ship this order. Yet.", 1),
            ("We cannot ship this order. Alaska", 1),
            ("We cannot ship this order, we will ship it next week.", 1),
            ("Item: discontinued", 1),
        ] {
            assert_eq!(reads(text, lines), None, "{text}");
        }
    }
}
