//! Words about where money goes: a new bank account, another address for payments. Vendors' mail is
//! abused for that more than for anything else, so whatever speaks of it reaches a person by a code
//! of its own, wherever in the mail it stands and whatever else the mail says.
//!
//! This list only raises an alarm: what is not on it still is a sentence that is not understood.

use regex::Regex;
use std::sync::LazyLock;

/// The code of the exception.
pub const CODE: &str = "remit_to_changed";

static MONEY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:iban|swift|bic|aba|sort code|routing (?:no\b|number|code|#)?|wire (?:transfers?|instructions?|details|payments?)|(?:please |kindly )?wire (?:to|the|your|payment)|ach\b|e-?checks? to|zelle|venmo|cash ?app|western union|moneygram|bitcoin|crypto\w*|gift cards?)\b|",
        r"\bbank(?:s|ing|ers?)?\b(?: accounts?| details| information| instructions| holiday)?|",
        r"\bremit(?:s|ted|ting|tance)?\b|\bbeneficiar\w+|\bpayees?\b|\bfactor(?:ing|ed)?\b|",
        r"\bpay(?:ments?|able|ing|s)?\b[^.!?\n]{0,40}\b(?:in)?to\b|\b(?:make|send|mail)\b[^.!?\n]{0,30}\b(?:checks?|cheques?|payments?)\b|",
        r"\b(?:new|different|other|another|changed?|updated?|subsidiary'?s?|parent'?s?|frozen|closed)\b[^.!?\n]{0,30}\baccounts?\b|\baccounts?\b[^.!?\n]{0,30}\b(?:has|have|is|was|been)?\s?(?:changed|new|frozen|closed|moved|updated)\b|",
        r"\bpay(?:ment)? (?:them|us|me|him|her|it)? ?direct(?:ly)?\b|\b(?:payment|remittance) (?:address|details|instructions|information)\b|\bcollects? (?:our|all|on|the) [^.!?\n]{0,20}(?:invoices|behalf)|\bdirect deposit\b|",
        r"\b(?:receivables|invoices|accounts)\b[^.!?\n]{0,40}\b(?:sold|assigned|purchased|bought|transferred)\b|\bsettle with\b|\baccount numbers?\b|",
        r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"
    ))
    .ok()
});
/// What looks like it and is not: days off, and a courier's account.
static HARMLESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\bbank holidays?\b|\b(?:ups|fed ?ex|dhl|carrier|shipping) account(?: numbers?)?\b|\b(?:price list|address) (?:has )?changed\b").ok()
});

/// The first sentence about where money goes; `None` when there is none. `text` is all that the
/// sender wrote, signature and footers included.
pub fn moved(text: &str) -> Option<String> {
    let money = MONEY.as_ref()?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut sentences = lines.flat_map(|line| line.split_inclusive(['.', '!', '?', ';']));
    let speaks = |sentence: &&str| {
        let rest = match HARMLESS.as_ref() {
            Some(harmless) => harmless.replace_all(sentence, " ").into_owned(),
            None => (*sentence).to_owned(),
        };
        let number = |found: &str| found.bytes().filter(u8::is_ascii_digit).count() < 30;
        money
            .find(&rest)
            .is_some_and(|found| number(found.as_str()))
    };
    sentences
        .find(speaks)
        .map(|sentence| sentence.trim().chars().take(500).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_money_goes() {
        for text in [
            "Please note our new bank account for payments: IBAN DE89370400440532013000.",
            "Our remit-to address has changed.",
            "New ACH details: ABA 021000021",
            "Please send all future payments to our new account.",
            "Make checks payable to Acme Holdings LLC from now on.",
            "Kindly pay into our subsidiary's account until further notice.",
            "Wire instructions attached.",
            "Riverside Capital now collects our invoices; pay them directly.",
            "Payments go to Harbor, GB29 NWBK 6016 1331 9268 19",
            "Our account is frozen.",
        ] {
            assert!(moved(text).is_some(), "{text}");
        }
    }

    #[test]
    fn what_has_nothing_to_do_with_it() {
        for text in [
            "Confirmed. Ships June 6.",
            "Shipped by UPS, 1Z5R89390357567127",
            "New bank holiday hours apply.",
            "Our FedEx account was charged.",
            "Thank you for your business. Call 207-555-0142.",
            "Please send the order again.",
        ] {
            assert_eq!(moved(text), None, "{text}");
        }
        assert!(MONEY.is_some() && HARMLESS.is_some());
    }
}
