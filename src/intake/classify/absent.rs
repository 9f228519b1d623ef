//! Whether an answer that nobody wrote says only that its writer is away, or that a mail came. Programs that take
//! orders answer by themselves as well, and what they say of an order is for whoever reads letters: so every
//! sentence must be one of a closed list. Texts in other languages than English are taken by their headers alone.

use regex::Regex;
use std::sync::LazyLock;

/// How much is looked at, in characters.
const LOOKED_AT: usize = 4_000;

/// Words of what is more than an absence, wherever they stand.
const MORE: &str = r"\b(?:cancel|reject|refus|declin|return(?:ed|s)? to|refund|stop|hold|held|ship|deliver|clos(?:e|ed|ing|ure)\b|discontinu|back-?order|out of stock|price|cost|pay|invoice|account|address|re-?send|void|delay|block|portal|no longer|not (?:be )?(?:accept|process|fill)|pass(?:ed)? away|fire\b|bankrupt|wrong|error|fail|invalid)";

/// Words of a subject that are never our own.
const TITLE: &str =
    r"(?i)\b(?:reject\w*|refus\w+|declin\w+|fail\w*|invalid|error|block\w*|exception|could not)\b";

/// Days and times, and what stands between them.
const WHEN: &str = r"(?:[ ,]*(?:until|till|through|thru|from|to|on|and|or|by|at|in|of|the|for|since|after|before|returning|return|back|again|this|next|between|end|beginning|week|weeks|weekend|month|year|today|tomorrow|morning|afternoon|evening|noon|mon(?:day)?s?|tue(?:s|sday)?s?|wed(?:nesday)?s?|thu(?:r|rs|rsday)?s?|fri(?:day)?s?|sat(?:urday)?s?|sun(?:day)?s?|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|[0-9][0-9:/.-]*(?:st|nd|rd|th)?|a\.?m\.?|p\.?m\.?|[ecmp][sd]?t|hours?|(?:business |working )?days?|within|one|two|three|-|–))*";

/// Whole sentences, in small letters.
const SENTENCES: [&str; 17] = [
    r"(?:i|we) (?:will not|won't) be (?:reading|checking|answering) (?:my |our )?(?:e-?mails?|mail|messages)(?: for a while)?WHEN",
    r"(?:hi|hello|hallo|dear|good (?:morning|afternoon|day))(?: [\w.'-]+){0,4}",
    r"(?:many )?(?:thanks|thank you)(?: (?:very|so) much)?(?: (?:again|in advance))?(?: for (?:your|the|contacting|writing|reaching out|getting in touch|e-?mailing)(?: (?:to|with|us|me|e-?mail|message|mail|inquiry|enquiry|interest|note|purchase order|order|po|request|patience|understanding|business|in))*)?",
    r"(?:hi,? )?(?:sorry,? )?(?:i am|i'm|i will be|i'll be|we are|we're|we will be) (?:currently |presently |now )?(?:not in(?: the office)?|away(?: from (?:my|the) (?:desk|office|e-?mail))?|out(?: of (?:the |my )?office)?|on (?:vacation|holiday|leave|(?:maternity|paternity|parental|annual|medical|sick) leave|a business trip|pto)|travell?ing|in meetings|attending (?:a )?(?:trade show|conference))WHEN(?:,? (?:and|with|but) (?:i )?(?:will )?(?:have )?(?:limited|no|little|intermittent) access to (?:my )?e-?mails?)?(?:,? and will (?:reply|respond|answer|get back to you)(?: (?:then|upon my return|when i return|as soon as possible))?WHEN)?",
    r"(?:i|we)(?: will| shall|'ll) (?:be back|return|reply|respond|answer|get back to you|read (?:your|my|all) (?:e-?mails?|messages?)|be in touch|contact you)(?: to (?:you|your (?:e-?mail|message|inquiry|request)|all (?:e-?mails|messages)))?(?: (?:as soon as (?:possible|i can|we can)|when i (?:return|get back|am back)|upon my return|shortly|soon|then|at the earliest|in the office|to the office))*WHEN",
    r"(?:i|we) (?:will )?have (?:limited|no|little|intermittent|restricted) access to (?:my )?(?:e-?mails?|voicemail|phone)(?: (?:during (?:this|that) (?:time|period)|and (?:voicemail|phone)|while away))*",
    r"(?:if (?:this|it|your (?:matter|request|inquiry|message|e-?mail)) is (?:urgent|an emergency)|for (?:anything )?(?:urgent|immediate|time-sensitive)(?: (?:matters?|assistance|requests?|issues?|inquiries|help|questions))?|in (?:urgent cases|case of emergency|my absence|the meantime)|if you (?:need|require) (?:immediate|urgent|further) (?:assistance|help|attention)|should you need (?:immediate )?(?:assistance|help)),? (?:please )?(?:feel free to )?(?:contact|call|e-?mail|write to|reach out to|reach|dial|ask for|phone|text)(?: [\w.@+'()/-]+){1,12}",
    r"(?:please )?(?:contact|call|e-?mail) (?:the desk|my colleagues?|our office|reception)(?: [\w.@+'()/-]+){0,6}(?: (?:for urgent matters|in my absence|in urgent cases))?",
    r"(?:thank you[, ]+)?(?:we|i)(?: have|'ve)? (?:received|got) your (?:e-?mail|message|mail|inquiry|enquiry|request|purchase order|order|po)(?: [\w#-]*[0-9][\w-]*)?(?:,? and (?:we |i )?will (?:respond|reply|answer|get back to you|be in touch|look at it|review it)(?: (?:shortly|soon|as soon as possible))?WHEN)?",
    r"your (?:message|e-?mail|mail|request|inquiry) (?:has been received|was received|became (?:ticket|case) [\w#-]+|is important to us)",
    r"(?:your |the |this )?(?:ticket|case|request|reference)(?: (?:number|id|no\.?))?(?: (?:is|has been|was) (?:created|opened|assigned)?|:)? ?(?:as )?[\[#]*[\w-]*[0-9][\w-]*\]?",
    r"(?:a|an|our|one of our|a member of our) (?:colleagues?|agents?|representatives?|team(?: members?)?|staff|person) will (?:look at it|get back to you|respond|reply|be in touch|contact you|review it|answer)(?: (?:shortly|soon|as soon as possible))?WHEN",
    r"(?:\*+ ?)?(?:this is an? )?(?:automatic|automated|auto|auto-generated|automatically generated)[ -]?(?:generated )?(?:reply|response|message|e-?mail|answer|notification)(?: ?\*+)?",
    r"(?:please )?do not (?:reply|respond) to this (?:e-?mail|message)",
    r"(?:our )?(?:office|business|opening|support|store|working) (?:hours|closes)(?: are|:)?WHEN",
    r"(?:i(?:'ll| will| am|'m)? )?(?:be )?back(?: in the office| at work)?WHEN",
    r"(?:with )?(?:best|kind|kindest|warm|many)? ?(?:regards|wishes)|sincerely|cheers|yours(?: truly| sincerely)?|have a (?:great|nice|good|wonderful) (?:day|week|weekend)|happy (?:holidays|thanksgiving|new year)|merry christmas",
];

fn built(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

/// Whether an answer in English says nothing else.
pub(super) fn is_all(subject: &str, text: &str) -> bool {
    static TITLES: LazyLock<Option<Regex>> = LazyLock::new(|| built(TITLE));
    static BEYOND: LazyLock<Option<Regex>> = LazyLock::new(|| built(MORE));
    static ALL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let all = SENTENCES.join("|").replace("WHEN", WHEN);
        built(&format!("^(?:{all})$"))
    });
    let (Some(titles), Some(beyond), Some(all)) = (TITLES.as_ref(), BEYOND.as_ref(), ALL.as_ref())
    else {
        return false;
    };
    if titles.is_match(subject) {
        return false;
    }
    let (mut signed, mut is_all) = (false, true);
    for line in own(text) {
        for sentence in sentences(&line) {
            let said = sentence.to_lowercase();
            is_all &= !beyond.is_match(&said) && (all.is_match(&said) || signed && name(&sentence));
            signed |= said.ends_with("regards")
                || said.ends_with("thanks")
                || said == "thank you"
                || said == "sincerely";
        }
    }
    is_all
}

/// Whether it has letters of another language and no small word of English: of such nobody here knows the words.
pub(super) fn is_foreign(subject: &str, text: &str) -> bool {
    let odd = |text: &str| text.chars().any(|c| c.is_alphabetic() && !c.is_ascii());
    const SMALL: [&str; 10] = [
        "the", "is", "am", "are", "will", "you", "your", "have", "back", "thank",
    ];
    let lower = text.to_lowercase();
    let known = lower
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| SMALL.contains(&word));
    !known && (odd(subject) || odd(text))
}

/// The lines that quote nothing.
fn own(text: &str) -> Vec<String> {
    let text: String = text.chars().take(LOOKED_AT).collect();
    let text = text.replace(['\u{2019}', '\u{2018}'], "'");
    // it is at the desk, then
    let text = text.replace("could not be delivered to my desk", "was received");
    let header = ["From:", "-----Original", "________"];
    let goes_on = |line: &&str| header.iter().all(|start| !line.trim().starts_with(start));
    let quotes = |line: &&str| {
        let line = line.trim();
        line.starts_with('>') || line.starts_with("On ") && line.ends_with("wrote:")
    };
    let lines = text.lines().take_while(goes_on);
    let own = lines.filter(|line| !quotes(line));
    own.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

/// The sentences of a line, without the signs at their ends.
fn sentences(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut one = String::new();
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let ends = matches!(c, '.' | '!' | '?' | ';' | ':')
            && chars.peek().is_none_or(|next| *next == ' ');
        match ends {
            true => found.push(std::mem::take(&mut one)),
            false => one.push(c),
        }
    }
    found.push(one);
    let bare = |text: String| {
        text.trim()
            .trim_matches([',', ':', '-', '*', '!', ' '])
            .to_owned()
    };
    found
        .into_iter()
        .map(bare)
        .filter(|text| text.chars().any(char::is_alphanumeric))
        .collect()
}

/// A line of a signature: a few words that all begin in capitals, numbers, addresses.
fn name(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let is = |word: &&str| {
        word.contains(['@', '/'])
            || word.starts_with(|c: char| c.is_uppercase() || !c.is_alphabetic())
    };
    words.len() <= 8 && words.iter().all(is)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_away_or_has_a_mail_says_nothing_else() {
        for text in [
            "I am out of the office until June 9. For urgent matters call the desk.",
            "Back on Monday.",
            "A colleague will look at it.",
            "Thank you. Your message became ticket 2025060210000012.",
            "Hi,\n\nThanks for your email! I'm on vacation from 11/20 through 11/27 and will respond when I return.\n\nBest regards,\nAnn Lee\nFernhill Trading Co.\n207-555-0142",
            "Thank you for contacting us. We have received your message and will get back to you within 24 hours.\nThis is an automated response. Please do not reply to this email.",
            "I will have limited access to email. If your matter is urgent, please contact Bob at bob@acme.example.",
            "Our business hours are Monday through Friday 8:00 am to 5:00 pm EST.",
            "I am away until Tuesday.\n> please cancel the order",
            "",
        ] {
            assert!(
                is_all("Automatic reply: Purchase order W1-1", text),
                "{text}"
            );
        }
    }

    #[test]
    fn what_says_more_is_a_letter() {
        for text in [
            "Your purchase order has been rejected: item 41960 is discontinued.",
            "We are closed permanently as of October 31, 2026. Thank you for 40 great years.",
            "We are closed for the season and will reopen April 1. Orders will ship then.",
            "I will be away from 11/19 to 12/5. Do not deliver packages in that time.",
            "On vacation until 11/30, please hold all shipments.",
            "I am out of the office until Monday. By the way please cancel my order Z10140.",
            "My husband passed away. Please stop the order.",
            "Our prices go up 8% on all open orders as of today.",
            "Order B10210-1 was cancelled by the warehouse.",
            "Thanks.\nOrder Cancelled",
            "Your order W1-1 shipped 11/17 UPS 1Z5R89390357567127",
        ] {
            assert!(
                !is_all("Automatic reply: Purchase order W1-1", text),
                "{text}"
            );
        }
        assert!(!is_all("PO rejected: X10105-1", "Thank you."));
    }

    #[test]
    fn other_languages_are_told() {
        assert!(is_foreign("Abwesenheit", "Bin außer Haus."));
        assert!(!is_foreign(
            "Re: PO W1-1",
            "Order W1-1 cancelled by warehouse today"
        ));
        assert!(!is_foreign("Automatic reply", "I am away until the 3rd."));
        assert!(!is_foreign("Automatic reply", "Back on Monday."));
    }
}
