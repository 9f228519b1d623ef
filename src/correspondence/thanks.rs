//! Mails of customers that say thank you, and nothing else: a note, for nobody has to do anything. Only
//! what stands whole in the list of phrases counts; one word more, a question, a number or a file, and a
//! person reads it.

use crate::intake::inbound::Inbound;
use crate::ledger::orders::OrderRow;
use crate::ledger::{LedgerError, Tx};
use crate::vendor_docs::text::{alternatives, quote};
use regex::Regex;
use std::sync::LazyLock;

/// What thanks.
const THANKS: &str = "(?:(?:many |so many |a million )?(?:thanks|thank you|thankyou|thank u|thx|tysm|cheers|merci|merci beaucoup|\
     gracias|muchas gracias|danke|vielen dank)(?: (?:so|very) much| so very much| a lot| a bunch| again| kindly| all| everyone| team| guys)*\
     (?: for (?:the|your|this|my|a) (?:quick |fast |prompt |kind |great |nice |lovely )*\
     (?:update|help|reply|response|message|e ?mail|note|info|information|confirmation|service|news|shipping|delivery|order))?)";

/// What may stand beside it.
const BESIDE: &str = "(?:great|perfect|awesome|wonderful|excellent|super|lovely|fantastic|amazing|yay|nice|great news|good news|got it|\
     (?:i |we )?(?:really |so |much |greatly )*appreciated?(?: it| that| this| your help)?(?: so much| very much)?|\
     (?:i am |i m |im |we are |we re |so |very |really )*looking forward(?: to (?:it|this|them|receiving (?:it|them|my order)|getting (?:it|them|my order)|my order|the delivery))?(?: soon)?|\
     (?:i |we )?(?:can t|cant|cannot) wait|(?:i am |i m |im |we are |we re |so |very )*(?:happy|excited|pleased|delighted)|\
     have a (?:nice|great|good|lovely|wonderful) (?:day|evening|weekend|week|one)|you too|\
     (?:and )?(?:happy (?:holidays|thanksgiving|new year)|merry christmas)|\
     (?:best|kind|warm|kindest|warmest) (?:regards|wishes)|regards|best|sincerely|love)";

/// What may stand before it.
const GREETING: &str = "(?:(?:hi|hello|hey|dear|good morning|good afternoon|good evening)(?: there| team| all| everyone)?)";

static WHOLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        "^(?:{GREETING} )?(?:{BESIDE} )*{THANKS}(?: (?:{THANKS}|{BESIDE}))*$"
    ))
    .ok()
});

/// Whether the customer of an order says thank you and nothing else, below a subject of ours.
pub(super) fn only(tx: &Tx, order: &OrderRow, mail: &Inbound) -> Result<bool, LedgerError> {
    let own = quote::own_words(mail.text.as_deref(), mail.html.as_deref()).unwrap_or_default();
    let more = !mail.files.is_empty()
        || !mail.forwarded.is_empty()
        || alternatives::differ(mail.text.as_deref(), mail.html.as_deref()).is_some();
    if more || !is_thanks(&own, &order.order.customer.name) {
        return Ok(false);
    }
    let said = bare_subject(&mail.subject);
    if said.is_empty() || is_thanks(&said, "") {
        return Ok(true);
    }
    let ours = tx.deliveries_of_order(order.id)?;
    Ok(ours.iter().any(|row| bare_subject(&row.subject) == said))
}

/// A subject in small letters, without `Re:` and its sisters.
fn bare_subject(subject: &str) -> String {
    let mut rest = subject.trim().to_lowercase();
    while let Some(inner) = ["re:", "aw:", "fw:", "fwd:", "sv:", "rv:"]
        .iter()
        .find_map(|sign| rest.strip_prefix(sign))
    {
        rest = inner.trim().to_owned();
    }
    rest
}

/// Faces of signs that are glad.
const FACES: &[&str] = &[":-)", ":)", ";-)", ";)", "=)", "(:", ":-]", ":]"];

/// A picture that thanks or is glad, and what belongs to it: a colour of skin, a form. Any other may be angry.
fn is_friendly(c: char) -> bool {
    matches!(
        c,
        '👍' | '👌'
            | '🙏'
            | '🙂'
            | '😊'
            | '😀'
            | '😃'
            | '😄'
            | '😁'
            | '☺'
            | '🤗'
            | '🥰'
            | '😍'
            | '🤩'
            | '🎉'
            | '🥳'
            | '👏'
            | '❤'
            | '💕'
            | '💙'
            | '💚'
            | '💛'
            | '🧡'
            | '💜'
            | '✨'
            | '🌟'
            | '⭐'
            | '🎄'
            | '🎁'
            | '✅'
            | '✔'
            | '✓'
            | '🫶'
            | '\u{fe0f}'
            | '\u{200d}'
            | '\u{1f3fb}'..='\u{1f3ff}'
    )
}

/// Whether a text is thanks from beginning to end; the customer's own name may stand below it.
fn is_thanks(text: &str, name: &str) -> bool {
    let plain = FACES
        .iter()
        .fold(text.to_owned(), |text, face| text.replace(face, " "));
    let said = |c: char| {
        c.is_alphabetic()
            || c.is_whitespace()
            || is_friendly(c)
            || ".,!'’`´\"“”-–—:;&…*_~".contains(c)
    };
    if !plain.chars().all(said) || text.chars().count() > 300 {
        return false;
    }
    let words = |text: &str| -> Vec<String> {
        let lower = text.to_lowercase();
        let words = lower.split(|c: char| !c.is_alphabetic());
        words
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (mut said, name) = (words(text), words(name));
    while said.last().is_some_and(|last| name.contains(last)) {
        said.pop();
    }
    WHOLE
        .as_ref()
        .is_some_and(|whole| whole.is_match(&said.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_thanks() {
        for text in [
            "Thanks!",
            "Thank you so much, looking forward to it :)",
            "Great, thank you!",
            "Hi there,\n\nthank you for the update.",
            "Perfect. Thanks again for your quick help!!\n\nDana Whitfield",
            "thx \u{1f44d}",
            "Thank you very much! Have a nice weekend",
            "Thanks, can't wait!",
            "Awesome, thank you. I really appreciate it.\nBest regards,\nDana",
            "Vielen Dank!",
            "Thank you! \u{2764}\u{fe0f}\u{1f389}",
        ] {
            assert!(is_thanks(text, "Dana Whitfield"), "{text}");
        }
        for text in [
            "",
            "Great",
            "No thanks",
            "Thanks but no",
            "Thanks, but please cancel it",
            "Thank you. When will it arrive?",
            "Thanks! Please send 2",
            "Thanks for nothing",
            "Thank you for cancelling",
            "Thanks, I look forward to my refund",
            "thanks, wrong address",
            "Thanks. Not happy",
            "Thank you, Bob",
            "ok",
            "cannot thank you",
            "Thanks for the delivery that never came",
            "Thanks!! \u{1f621}",
            "Thanks \u{1f644}",
            "Thanks :(",
            "Thank you :-/",
        ] {
            assert!(!is_thanks(text, "Dana Whitfield"), "{text}");
        }
        assert_eq!(bare_subject("Re: AW: Your order"), "your order");
        assert!(WHOLE.is_some());
    }
}
