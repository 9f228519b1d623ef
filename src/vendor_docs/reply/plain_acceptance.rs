//! A reply that says yes and no more: "Acknowledged.", "ok", "Yes, will ship". Every line of it must
//! be a yes, a courtesy or a name: what says anything else is no nod, and what says only that the
//! order was received ("Got it, thanks") is none either.

use super::plain;
use super::sentences::sentences;
use super::vocabulary::{self, without};
use crate::domain::pattern::fits;
use regex::Regex;
use std::sync::LazyLock;

/// Words for the purchase order, for all of it.
const ORDER: &str = r"(?:(?:the|your|this|our|both|all)(?: of (?:the|your))? )?(?:purchase order|po|p\.o\.|orders?|items?|lines?|goods|it|this|these|everything|both|all)(?: (?:is|are|has been|have been|was|were))?(?: all)?";
/// What says yes.
const YES: &[&str] = &[
    r"ack(?:'d|ed)?|yes(?: (?:sir|ma'?am|please|we can|we will))?|yep|yup|ok|okay|okey dokey|sure(?: thing)?|certainly|absolutely|of course|definitely|agreed|affirmative",
    r"all (?:good|set|ok|okay|fine|in stock|available)|ready to (?:ship|go)|good to go|looks (?:good|fine|ok)(?: to (?:me|us))?|sounds good|that works|works for us|consider it done|in stock",
    r"(?:we |i )?(?:hereby )?acknowledge(?:d|s)?(?: (?:and (?:accept|accepted|confirm|confirmed)))?(?: (?:the|your|this) (?:purchase order|po|order))?",
    r"(?:(?:this is|please (?:accept|take) this as|consider this) )?(?:our|an|the|your)? ?(?:order )?acknowledge?ment(?: of (?:the|your|this) (?:purchase order|po|order))?",
    r"(?:(?:we|i)(?:'ll| will| shall| can)|will|shall|can)(?: gladly| happily)? (?:do|ship|fulfil+|handle|send|get (?:it|this|that|them) (?:out|shipped))(?: (?:it|this|that|them|both|all|these|so|everything|(?:the|your|this) (?:purchase order|po|order)))?(?: out)?(?: (?:as requested|as ordered|as instructed|accordingly|right away|shortly|soon|asap|promptly|immediately|today or tomorrow))?",
];
/// What says that it came, which is no yes but spoils none.
const CAME: &[&str] = &[
    r"(?:well |safely )?received|got (?:it|this|your (?:order|po|e-?mail))|noted|understood|thanks|thank you|thx|ty|cheers|many thanks|much appreciated|perfect|great|excellent|wonderful|awesome",
    r"(?:we |i )?(?:have |'ve )?received (?:the|your|this) (?:purchase order|po|order)",
];

struct AcceptancePatterns {
    yes: Regex,
    unit: Regex,
}

static PATTERNS: LazyLock<Option<AcceptancePatterns>> = LazyLock::new(|| {
    let of_order = format!(
        r"{ORDER} (?:acknowledged|ok|okay|fine|(?:all )?good(?: to go)?(?: (?:on|from|at) our (?:end|side))?|all set|in stock|available|(?:well )?received and (?:acknowledged|accepted|confirmed))|received and acknowledged"
    );
    let came_order = format!(r"{ORDER} (?:well )?received");
    let yes = format!("{}|{of_order}", YES.join("|"));
    let came = format!("{}|{came_order}", CAME.join("|"));
    Some(AcceptancePatterns {
        yes: Regex::new(&format!("^(?:{yes})$")).ok()?,
        unit: Regex::new(&format!(
            r"^(?P<unit>{yes}|{came})(?:[\s,:&.!-]+(?:and )?(?P<rest>.*))?$"
        ))
        .ok()?,
    })
});
/// What stands in a signature without a name's capitals.
static CONTACT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"@|www\.|\d{3}[-. )]\s?\d{3}[-. ]\d{4}").ok());
/// Most words of a line of a signature.
const LONGEST_NAME: usize = 8;

/// Whether the own text of a vendor, by its name where that is known, is a nod.
pub(super) fn is_one(own: &str, vendor: Option<&str>) -> bool {
    let mut yes = false;
    for line in own.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let line = line.replace(['’', '‘', '`', '´'], "'");
        match read(&line.to_lowercase()) {
            Some(says) => yes |= says,
            // below the yes stands who says it
            None if yes && is_name(&line) && plain::signs(&line, vendor) => {}
            None => return false,
        }
    }
    yes
}

/// Whether a line says yes, or nothing; `None` when it says anything else.
fn read(line: &str) -> Option<bool> {
    let mut yes = false;
    for sentence in sentences(line) {
        let sentence = sentence.trim();
        if sentence.ends_with('?') {
            return None;
        }
        let rest = without(&vocabulary::FILLER, sentence);
        let rest = rest.trim_matches(|c: char| !c.is_alphanumeric());
        match units(rest) {
            Some(says) => yes |= says,
            None if fits(&vocabulary::POLITE, sentence) => {}
            None => return None,
        }
    }
    Some(yes)
}

/// A sentence of nothing but such words, one after another, a greeting before them.
fn units(sentence: &str) -> Option<bool> {
    let patterns = PATTERNS.as_ref()?;
    let mut rest = match sentence.split_once(',') {
        Some((greeting, rest)) if fits(&vocabulary::POLITE, greeting) => rest.trim(),
        _ => sentence,
    };
    let mut yes = false;
    while !rest.is_empty() {
        let found = patterns.unit.captures(rest)?;
        let unit = found.name("unit")?.as_str();
        yes |= patterns.yes.is_match(unit);
        rest = found.name("rest").map_or("", |rest| rest.as_str()).trim();
    }
    Some(yes)
}

/// Whether a line is of names, numbers and addresses alone, as in a signature.
pub(super) fn is_name(line: &str) -> bool {
    let lower = line.to_lowercase();
    let told = [
        &vocabulary::DOUBT,
        &vocabulary::TROUBLE,
        &vocabulary::OUT_OF_STOCK,
        &vocabulary::DISCONTINUED,
        &vocabulary::BACKORDERED,
        &vocabulary::CANCELLED,
        &vocabulary::REJECTED,
    ];
    let company = ["inc.", "co.", "ltd.", "corp.", "llc."];
    let ends = line.ends_with(['?', '!', '.']) && !company.iter().any(|end| lower.ends_with(end));
    if ends || told.iter().any(|pattern| fits(pattern, &lower)) {
        return false;
    }
    let name = |word: &str| {
        let small = ["of", "and", "the", "at", "for", "de", "van", "von", "&"];
        let first = word.chars().find(|c| c.is_alphanumeric());
        first.is_none_or(|c| c.is_uppercase() || c.is_ascii_digit()) || small.contains(&word)
    };
    let words = line.split_whitespace();
    let contact = CONTACT
        .as_ref()
        .is_some_and(|contact| contact.is_match(&lower));
    contact || words.clone().count() <= LONGEST_NAME && words.into_iter().all(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nods() {
        for text in [
            "Acknowledged.",
            "ok",
            "OK!",
            "Yes",
            "Hi Ann,\n\nWe acknowledge your order.\n\nBob Miller\nAcme Home Goods | 207-555-0144",
            "Order acknowledged, thank you.",
            "Received, will ship",
            "Received and acknowledged.\n\nAnn",
            "Thanks, got it, will do.",
            "Yes, we can do that.",
            "Sure thing, will do!",
            "All items in stock.",
            "We'll get this out ASAP.",
            "Thank you for the order. We will ship it as requested.",
            "Your PO is acknowledged.",
            "This is our acknowledgement of your order.",
            "Ack.\n\nAnn Kerr\nAcme Home Goods, Inc.\n1200 Industrial Pkwy, Portland, ME 04101",
            "In stock and ready to ship",
            "Good morning,\nAll good!\nANN KERR\nwww.acme.example",
        ] {
            assert!(is_one(text, Some("Acme Home Goods")), "{text}");
        }
    }

    #[test]
    fn no_nods() {
        for text in [
            "",
            "Got it, thanks",
            "Received.",
            "Thanks!",
            "PO received.",
            "We acknowledge receipt of your order.",
            "ok?",
            "ok, but the kettle is green",
            "Ok, I will ask my boss",
            "OK. Not yet though.",
            "Yes. Call me",
            "No problem",
            "Not ok",
            "no",
            "Acknowledgement attached",
            "Acknowledgement to follow.",
            "Acknowledged. What is the suite number?",
            "Yes, once you have paid",
            "Will ship when in stock",
            "We cannot ship this",
            "ok\nHold For Payment",
            "Acknowledged.\n\nDraft",
            "Ok\nTwo Boxes",
            "Ok\nprices went up",
            "Ann Kerr",
            "Noted.",
            "Will ship partially",
            "We are processing it now.",
            "Yes and no",
        ] {
            assert!(!is_one(text, None), "{text}");
        }
        assert!(PATTERNS.is_some() && CONTACT.is_some());
    }

    proptest! {
        #[test]
        fn never_panics(text in "(yes|ok|will ship|, |\\.|\\?|\n|thanks|\\PC){0,20}") {
            is_one(&text, None);
        }
    }
}
