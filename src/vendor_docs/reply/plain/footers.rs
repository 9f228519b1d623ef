//! Sentences that mail programs and lawyers put below every mail of a house: whom it is for, and that it should
//! not be printed. One that speaks of orders, goods or money is none.

use crate::domain::pattern::fits;
use regex::Regex;
use std::sync::LazyLock;

static FOOTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^\W*(?:(?:confidentiality |legal |privacy |important )?(?:notice|disclaimer|note)\W+)?(?:",
        r"(?:the information (?:contained )?in )?th(?:is|e) (?:e-?mail|message|communication|transmission)\b.*\b(?:confidential|privileged|intended|virus(?:es)?|proprietary)\b.*|",
        r"(?:if|unless) you (?:have received|received|are not|believe|get) .*\b(?:error|intended|recipient|mistake)\b.*|",
        r"(?:any )?(?:unauthori[sz]ed|review|disclosure|dissemination|distribution|copying|use)\b.*\b(?:prohibited|forbidden|unlawful)|",
        r"(?:please )?(?:notify|inform) the sender\b.*\bdelete\b.*|",
        r"(?:please )?(?:consider|think (?:of|about)) the environment before printing.*|",
        r"sent (?:from|via) (?:my |the )?(?:iphone|ipad|android|samsung|galaxy|mobile|phone|blackberry|outlook|gmail|yahoo|mail)\b[\w ]*|get outlook for (?:ios|android)|",
        r"confidentiality notice|(?:notes?|comments?|remarks?|special instructions)\s*:|\(?(?:she/her|he/him|they/them)(?:/\w+)?\)?",
        r")\W*$"
    ))
    .ok()
});
/// What such sentences never speak of.
static BUSINESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:orders?|p\.?o\.?|items?|goods|ship\w*|deliver\w*|stock|prices?|pay\w*|invoices?|cancel\w*|accept\w*|confirm\w*|back ?order\w*|quantit\w*|terms|returns?|refund\w*|bank|account|[$€£]|lamps?|products?)\b|\d").ok()
});

/// Whether a sentence is such a footer.
pub(super) fn is_one(sentence: &str) -> bool {
    fits(&FOOTER, sentence) && !fits(&BUSINESS, sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn footers() {
        for text in [
            "This email and any attachments are confidential and intended solely for the addressee",
            "If you have received this message in error please notify the sender and delete it",
            "Please consider the environment before printing this email",
            "NOTICE: This message may contain privileged information",
            "Unauthorized use is prohibited",
            "Sent from my iPhone",
            "(she/her)",
        ] {
            assert!(is_one(text), "{text}");
        }
        for text in [
            "This message is confidential and your order is cancelled",
            "If you received the wrong item in error call us",
            "This email is to confirm your order",
            "Unauthorized returns are prohibited",
            "Sent from our other warehouse",
        ] {
            assert!(!is_one(text), "{text}");
        }
        assert!(FOOTER.is_some() && BUSINESS.is_some());
    }
}
