//! A vendor's answer to a cancellation: "Cancelled.", "OK, will not ship". As with a nod, every line must
//! be an agreement, a courtesy or a name: a fee, a condition, a part, a parcel that left is none.

use super::plain;
use super::plain_acceptance::is_name;
use super::sentences::sentences;
use super::vocabulary;
use crate::domain::pattern::fits;
use regex::Regex;
use std::sync::LazyLock;

/// What a vendor says to a cancellation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenBack {
    /// It does not ship what is cancelled, and says no more than that.
    Agreed,
    /// Goods left, or it will not take them back.
    TooLate,
    /// Anything else: a person reads it.
    Unclear,
}

/// What is cancelled, in a vendor's words.
/// No number of a line or article: it is a part of what is cancelled.
const IT: &str = r"(?:(?:the|your|this|that|these|those|both|all|all of (?:it|them))? ?(?:(?:purchase order|po|p\.o\.|order|orders|request)(?: (?:#|no\.? ?)?[a-z0-9#-]*\d[a-z0-9-]*)?|items?|lines?|pieces?|it|this|that|these|those|them|everything))";
/// What agrees by itself, as an answer to a cancellation.
const YES: &str = r"(?:yes|yep|ok|okay|sure(?: thing)?|certainly|of course|no problem|agreed|confirmed|we confirm(?: (?:this|it|that))?|i confirm|we agree|i agree|agreed to|(?:that's |that is )?(?:fine|ok|okay)(?: (?:with|by) (?:us|me))?|will do|consider it done|you got it)";
/// Courtesies that agree to nothing, and receipts of who may not have looked yet; `Accepted` is what
/// vendors write of purchase orders, so it must say what it accepts.
const POLITE: &str = r"(?:received|accepted|we accept|(?:all )?done|(?:well )?noted|understood|acknowledged|got it|thanks|thank you|thx|cheers|perfect|great|sorry to hear(?: that| it)?|sorry to see (?:it|this) go|no worries|not a problem|(?:it|they|this|that|the (?:order|po|goods|items?)) (?:has|have|had)(?: not|n't) (?:been )?(?:shipped|left|gone out|been packed)(?: yet)?|you (?:won't|will not|shall not) be (?:charged|billed|invoiced)(?: (?:for )?(?:it|this|them|that))?|(?:there (?:is|will be) )?no (?:charges?|fees?|costs?)(?: to you)?|your message|for (?:letting us know|the (?:notice|heads[- ]up|update|message)))";

struct TakenBackPatterns {
    says: Regex,
    unit: Regex,
    late: Regex,
}

static PATTERNS: LazyLock<Option<TakenBackPatterns>> = LazyLock::new(|| {
    let cancelled = format!(
        r"(?:(?:{IT} )?(?:(?:is|are|was|were|has been|have been) )?(?:now )?(?:successfully )?cancell?ed(?: (?:as (?:requested|instructed|asked)|on our (?:end|side)|in our system|completely|for you|accordingly|per your request|now|{IT}))*)"
    );
    let number = r"(?:#|no\.? ?)?[a-z0-9#-]*\d[a-z0-9-]*";
    let noun =
        format!(r"cancell?ation(?: request)?(?: {number})?(?: (?:of|for) (?:{IT}|{number}))?");
    let confirmed = format!(
        r"(?:(?:we |i )?(?:hereby )?(?:(?:can )?confirm(?:ed|ing)?|accept(?:ed)?|agree to)(?: (?:the|your|this))? {noun}|(?:(?:this is )?to confirm)(?: (?:the|your|this))? {noun}|(?:the |your |this )?{noun}(?: (?:is|was|has been))?(?: hereby)? (?:confirmed|accepted|processed|done|complete|completed)|(?:(?:this is |please (?:take|accept) this as )?(?:our |the |a )?confirmation of (?:the |your )?{noun}))"
    );
    let acts = format!(
        r"(?:(?:we|i)(?:'ve| have| just| have just)? cancell?ed {IT}(?: (?:as requested|on our (?:end|side)|in our system|for you))?|(?:we|i)(?:'ll| will| are going to)? (?:cancel|withdraw|void|stop) {IT}|will cancel(?: {IT})?|(?:we|i)(?:'ll| will) (?:take|pull|remove) {IT} (?:off|out|out of (?:the|our) (?:queue|schedule|system)))"
    );
    let stops = format!(
        r"(?:(?:we |i )?(?:will|shall|'ll) not (?:ship|send|be shipping|be sending)(?: {IT})?(?: out)?|(?:we |i )?won't (?:ship|send|be shipping|be sending)(?: {IT})?(?: out)?|{IT} (?:will|shall) not (?:ship|be shipped|be sent|go out)|{IT} won't (?:ship|be shipped|be sent|go out)|nothing (?:has been|was|has|will be|is being) (?:shipped|sent)(?: out)?|nothing (?:shipped|has left|has gone out)|nothing (?:will|is going to|shall) (?:ship|be shipped|be sent|leave|go out)(?: (?:to (?:you|your customer|the customer)|(?:from )?(?:us|here|our (?:side|end|warehouse))))?|nothing (?:leaves|goes out|ships)|(?:we )?(?:have )?stopped {IT}|(?:we )?(?:have )?(?:pulled|removed|taken) {IT} (?:from|off|out of) (?:the |our )?(?:queue|schedule|system|order|list))"
    );
    let told = r"(?:(?:we|i) (?:hereby |can )?confirm|(?:this is )?to confirm|(?:please )?be advised)(?: that)?";
    let clear = format!("(?:{told} )?(?:{cancelled}|{acts}|{stops})|{confirmed}");
    Some(TakenBackPatterns {
        says: Regex::new(&format!("^(?:{clear}|{YES})$")).ok()?,
        unit: Regex::new(&format!(
            r"^(?P<unit>{clear}|{YES}|{POLITE})(?:[\s,:&.!-]+(?:and |we have |it is |it's |- )?(?P<rest>.*))?$"
        ))
        .ok()?,
        late: Regex::new(
            r"\btoo late\b|\b(?:already|has|have|was|were|it|they|just) (?:been )?(?:shipped|left|gone|dispatched|sent out|went out|picked up|manifested|out the door)\b|\bshipped\b|\bdispatched\b|\b(?:cannot|can not|can't|unable to|not able to|could not|couldn't) (?:be )?(?:cancel|stop|recall|pull|intercept)|\btracking\b|\bin transit\b|\bnon[- ]?cancell?able\b|\bno longer be cancell?ed\b",
        )
        .ok()?,
    })
});

/// Reads the vendor's own words. `asked` says that they answer the cancellation itself, so that a bare
/// yes means it.
pub fn taken_back(own: &str, asked: bool) -> TakenBack {
    let Some(patterns) = PATTERNS.as_ref() else {
        return TakenBack::Unclear;
    };
    let (mut yes, mut clear) = (false, false);
    let mut all = true;
    for line in own.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let line = line.replace(['’', '‘', '`', '´'], "'");
        match read(patterns, &line.to_lowercase()) {
            Some(says) => {
                yes |= says > 0;
                clear |= says > 1;
            }
            None if yes && is_name(&line) && plain::signs(&line, None) => {}
            None => all = false,
        }
    }
    let late = patterns.late.is_match(&own.to_lowercase());
    match all && (clear || yes && asked) {
        true => TakenBack::Agreed,
        false if late => TakenBack::TooLate,
        false => TakenBack::Unclear,
    }
}

/// 2 where a line says that it is cancelled, 1 for a bare yes, 0 for a courtesy; `None` when it says
/// anything else.
fn read(patterns: &TakenBackPatterns, line: &str) -> Option<u8> {
    let mut most = 0;
    for sentence in sentences(line) {
        let sentence = sentence.trim();
        if sentence.ends_with('?') {
            return None;
        }
        let rest = sentence.trim_matches(|c: char| !c.is_alphanumeric());
        match units(patterns, rest) {
            Some(says) => most = most.max(says),
            None if fits(&vocabulary::POLITE, sentence) && !patterns.late.is_match(sentence) => {}
            None => return None,
        }
    }
    Some(most)
}

fn units(patterns: &TakenBackPatterns, sentence: &str) -> Option<u8> {
    let mut rest = match sentence.split_once(',') {
        Some((greeting, rest)) if fits(&vocabulary::POLITE, greeting) => rest.trim(),
        _ => sentence,
    };
    let mut most = 0;
    while !rest.is_empty() {
        let found = patterns.unit.captures(rest)?;
        let unit = found.name("unit")?.as_str();
        let bare = unit.contains("cancel") || unit.contains("not ") || unit.contains("n't");
        let bare =
            bare || unit.contains("nothing") || unit.contains("stopped") || unit.contains("queue");
        if patterns.says.is_match(unit) {
            most = most.max(if bare { 2 } else { 1 });
        }
        rest = found.name("rest").map_or("", |rest| rest.as_str()).trim();
    }
    Some(most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn agreements() {
        for text in [
            "Cancelled.",
            "Canceled as requested.",
            "OK, cancelled.",
            "Hi,\n\nThis order has been cancelled.\n\nAnn Kerr\nAcme Home Goods",
            "Cancellation confirmed. Thank you.",
            "We have cancelled this order on our end.\n\nBest regards,\nBob",
            "Confirmed, we will not ship it.",
            "Order W1-1 is cancelled.",
            "Thanks for letting us know. It won't be shipped.",
            "We confirm the cancellation.",
            "No problem, we've cancelled it.",
            "Nothing was shipped. Cancelled.",
            "PO W200001-2 has been cancelled as requested.",
            "We agree to the cancellation, nothing will ship.",
            "We agree to the cancellation.",
            "We agree to cancellation W1-1-C1.",
            "Cancellation W1-1-C1 accepted.",
            "Cancellation W1-1-C1 of W1-1 is confirmed, nothing leaves.",
            "Hello,\n\nwe accept your cancellation. It had not shipped yet.\n\nKind regards,\nAnn",
            "That's fine, nothing will be shipped.",
            "We accept the cancellation.",
            "We accept your cancellation request.",
            "Your cancellation request is accepted.",
            "Accepted. Nothing will leave our warehouse, thank you.",
            "We'll cancel it. You will not be charged.",
            "Agreed, we will not ship it. No charge.",
            "Nothing will go out.",
            "We confirm the cancellation of PO K024-1.",
            "We hereby confirm the cancellation of your order.",
            "This is to confirm the cancellation of purchase order W1-1.",
            "The cancellation of PO W1-1 is confirmed.",
            "Please be advised that PO W1-1 has been cancelled.",
            "We confirm that this order is cancelled. Kind regards",
            "Noted, it is cancelled.",
        ] {
            assert_eq!(taken_back(text, false), TakenBack::Agreed, "{text}");
        }
        for text in [
            "Confirmed.",
            "ok",
            "Yes",
            "Will do.",
            "Agreed, thanks.\nAnn",
        ] {
            assert_eq!(taken_back(text, true), TakenBack::Agreed, "{text}");
            assert_eq!(taken_back(text, false), TakenBack::Unclear, "{text}");
        }
        assert!(PATTERNS.is_some());
    }

    const NO_AGREEMENTS: &[&str] = &[
        "",
        "Got it, thanks",
        "Received.",
        "Accepted.",
        "Accepted, thank you.\nAnn Kerr",
        "We accept.",
        "We accept PO W1-1.",
        "Done!",
        "All done.",
        "Noted, thanks.\nAnn",
        "Understood.",
        "Acknowledged.",
        "Your cancellation is noted.",
        "We acknowledge your cancellation.",
        "We confirm receipt of the cancellation of PO K024-1.",
        "Which line?",
        "Cancelled?",
        "Cancelled, but a 15% restocking fee applies.",
        "We can cancel it for a fee of $10.",
        "We will try to cancel it.",
        "One of the two is cancelled.",
        "Cancelled line 1.",
        "Item 61880 cancelled.",
        "We cancelled line 2.",
        "Cancelled 2 of 3.",
        "Line 1 is cancelled, line 2 is on its way.",
        "I will ask the warehouse.",
        "Please send this in writing.",
        "We cancelled it and shipped the rest",
        "Our cancellation desk will get back to you.",
        "ok, once you have paid",
        "Not cancelled",
        "It was not cancelled",
        "Ann Kerr",
        "We agree, but one has already shipped.",
        "We agree to the cancellation of one of them.",
        "We agree to the cancellation if you pay the restocking fee.",
        "We agree to the cancellation, a fee of 15% applies.",
        "We do not agree to the cancellation.",
        "We accept the cancellation of line 1, line 2 will ship.",
        "Nothing will ship today.",
        "Nothing will ship until Monday.",
        "Nothing will ship but the lamp.",
        "Nothing left to cancel.",
        "It has not shipped yet.",
        "It hasn't left yet, we will see.",
        "You will be charged.",
        "Cancelled. You will be charged.",
        "Accepted, one lamp is on its way.",
        "We agree to the cancellation, you will be charged for the freight.",
        "You will not be charged.",
        "No charge.",
        "Fine, but it left.",
        "We'll stop it if we can.",
        "We will try to take it off.",
    ];

    #[test]
    fn no_agreements() {
        for text in NO_AGREEMENTS {
            assert_ne!(taken_back(text, true), TakenBack::Agreed, "{text}");
        }
        for text in [
            "Too late, it has left.",
            "Sorry, this shipped yesterday.",
            "OK. It was picked up by UPS this morning, tracking to follow.",
            "We are unable to cancel this order.",
            "Yes, shipped already",
            "Confirmed. Tracking 1Z5R89390357567127",
            "Cancelled what was left, the rest was dispatched on Monday.",
        ] {
            assert_eq!(taken_back(text, true), TakenBack::TooLate, "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "(cancelled|ok|will not ship|it|, |\\.|\\?|\n|thanks|\\PC){0,20}", asked: bool) {
            taken_back(&text, asked);
        }
    }
}
