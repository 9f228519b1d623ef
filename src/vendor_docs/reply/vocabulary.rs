//! The words of replies: what they say, and what puts it in doubt. Texts are masked: signs stand for
//! the order's lines (U+E100 and up) and for dates (U+F000 and up).

use regex::Regex;
use std::sync::LazyLock;

macro_rules! pattern {
    ($name:ident, $($part:expr),+) => {
        pub(super) static $name: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(concat!("(?i)(?:", $($part),+, ")")).ok());
    };
}

pattern!(
    POLITE,
    r"^[^\x{E100}-\x{F6FF}]*\btracking\b[^\x{E100}-\x{F6FF}]*\b(?:follows?|send|sent|provided?|e-?mailed|forwarded|available|shortly|shared|soon)\b[^\x{E100}-\x{F6FF}?]*$|",
    r"^[^\x{E100}-\x{F6FF}]*\b(?:send|provide|e-?mail|forward|receive|share|get|have)\b[^\x{E100}-\x{F6FF}]*\btracking\b[^\x{E100}-\x{F6FF}?]*$|",
    r"^\W*(?:(?:hi|hello|dear|good (?:morning|afternoon|day|evening)|greetings)\b[^.!,\n]{0,40}|(?:many |with )?(?:thanks|thank you)\b.{0,80}|have a (?:great|nice|good|wonderful)\b.{0,40}|happy (?:holidays|new year|thanksgiving)|merry christmas|(?:best |kind |warm )?regards|much appreciated|hope (?:this finds|all is|you are).{0,60}|(?:we )?look(?:ing)? forward to.{0,60})\W*$|",
    r"\b(?:questions?|concerns?|assistance|anything else|further (?:help|information))\b.{0,120}\b(?:contact|call|e-?mail|reach|let (?:us|me) know|hesitate|reply|happy|glad)\b|",
    r"\b(?:contact|call|e-?mail|reach out|let (?:us|me) know|hesitate|feel free|reply)\b.{0,120}\b(?:questions?|concerns?|assistance|anything else|need anything|further (?:help|information))\b"
);
pattern!(
    FILLER,
    r"\b(?:(?:there is |we have )?no (?:eta|date|ship date|restock date)(?: at this time| at the moment| yet| so far| currently| available)*|no (?:rush|hurry|back ?orders?|backordered items|shortages?)|nothing (?:is |on )?(?:back ?ordered|back ?order|out of stock|missing)|no problem|not a problem|no worries|no issues?(?: at all)?|without (?:delay|any delay)|please (?:note|be advised|be informed)(?: that)?|please (?:see|find|review) (?:the |our |my )?(?:order )?(?:acknowledge?ments?|confirmations?|comments|answers|notes|response|reply|status|details|ship dates?)(?: of your order)? below|fyi|as (?:requested|discussed)|thank you(?: very much| so much)?(?: for (?:the|your) (?:order|po|purchase order|business|email|e-mail|purchase))?|thanks(?: for (?:the|your) (?:order|po|purchase order|business|email|e-mail))?)\b|",
    r"\b(?:(?:we )?confirm(?:ed|ing|s)?|acknowledg\w+) (?:the )?(?:receipt|receiving|that we (?:have )?received)(?: of)?\b|\breceipt (?:is |has been )?confirmed\b|",
    r"\b(?:just )?(?:confirm(?:ed|ing|s)?|acknowledg\w+) (?:that )?(?:we|i)(?:'ve| have)? (?:got|received|have)\b|",
    r"\b(?:has been |have been |was |is |been )?released (?:to|for) (?:our |the )?(?:warehouse|fulfil+ment|shipping|picking|production)\b|",
    r"\b(?:we(?:['’]ll| will) )?(?:also )?(?:notify you|let you know|advise you|e-?mail you|update you) (?:when|once|as soon as) (?:it|they|(?:the|your) order) (?:has |have |is |are )?(?:been )?(?:ships?|shipped|sent|on (?:its|the|their) way)\b|",
    r"\baccept (?:credit|visa|returns?|payments?|checks?)\b|",
    r"\b(?:(?:order|po|purchase order|entry|entered|creation|created|print|printed|document|requested(?: ship(?:ping)?| delivery| arrival)?) date|created|entered|printed|requested)(?: on)?[: ]+[\x{F000}-\x{F6FF}]|",
    r"(?:\band )?\b(?:will be|is being|being|to be) (?:processed|entered|reviewed) (?:with)?in [\x{F000}-\x{F6FF}]|",
    r"\b(?:dated|placed(?: on)?|received(?: on)?|(?:order|po|mail|message) (?:of|from)) [\x{F000}-\x{F6FF}]"
);
pattern!(
    DISCONTINUED,
    r"\bdiscontinued\b|\bobsolete\b|\bend of life\b|\bphased out\b|\b(?:is |are |been )?no longer (?:being )?(?:available|made|produced|manufactured|carried|offered|stocked|sold|make|carry|stock|sell|offer|produce|manufacture)\b"
);
pattern!(
    OUT_OF_STOCK,
    r"\bout[- ]of[- ]stock\b|\b(?:do not|don't|does not|doesn't) have [\x{E100}-\x{E7FF}] (?:currently )?in stock\b|\b(?:are|is) (?:currently )?out of (?:the )?[\x{E100}-\x{E7FF}]|\boos\b|\bsold out\b|\bstocked out\b|\b(?:not|isn't|aren't) (?:currently |presently )?(?:in stock|available)\b|\b(?:currently |temporarily )?unavailable\b|\bno stock\b|\bnone in stock\b|\bzero stock\b|\b(?:do not|don't) have (?:it|any|this|them|that|this item) (?:in stock|available)\b"
);
pattern!(
    BACKORDERED,
    r"\bback[- ]?order(?:ed|s|ing)?\b|\bb/o(?:'d|d)?\b|\bon bo\b"
);
pattern!(
    CANCELLED,
    r"\bcancel(?:l)?ed\b|\b(?:are|am|were) cancel(?:l)?ing\b"
);
pattern!(
    REJECTED,
    r"\breject(?:ed|ing)?\b|\b(?:have |must |has been |is |are )?declin(?:ed|e|ing)\b"
);
pattern!(
    ACCEPTED,
    r"\baccept(?:ed|ing|s)?\b|\bconfirm(?:ed|ing|s)?\b|\bapproved\b"
);
pattern!(
    SHIPS,
    r"\bship(?:s|ping|ped|ment)?\b|\betd\b|\bdispatch(?:ed|es|ing)?\b|\bleav(?:e|es|ing)\b|\b(?:go|goes|going|went|send|sent|sending) out\b"
);
pattern!(
    SHIPPED,
    r"\bshipped\b|\bdispatched\b|\bwent out\b|\bsent out\b"
);
pattern!(
    AVAILABLE,
    r"\bexpect\w*|\bavailab\w*|\beta\b|\bdue\b|\brestock\w*|\bback in\b|\bin stock\b|\buntil\b|\btill\b|\bback (?:on |by )?[\x{F000}-\x{F6FF}]|\barriv\w*|\bthrough\b"
);
pattern!(
    DOUBT,
    r"\b(?:not|no|never|none|cannot|unable|nor|neither|without|hardly|refuse[sd]?|fail(?:ed|s)?|nothing|nobody)\b|n't\b|",
    r"\b(?:if|unless|pending|subject to|provided|providing|assuming|depend\w*|contingent|once|when|whether|as soon as|before|after|await\w*|waiting|would|could|should|might|may|maybe|perhaps|possib\w*|probabl\w*|hopefully|hope|hoping|likely|tentativ\w*|try|trying|think|believe|guess|appears?|seems?|approx\w*|about|around|roughly|tbd|tba|check\w*|verify\w*|looking into|let you know|get back|follow up|later than|or|between|wait|unsure|sure|to be)\b|",
    r"\b(?:please|kindly|can you|could you|call (?:us|me)|need (?:you|your|a|an|the|more|to)|needs? to|we need|require\w*|advise)\b|",
    r"\b(?:some|partial\w*|part of|one of|two of|only|remain\w*|balance|rest|others?|half|few|several|short\w*|doubt\w*|chang\w*|differ\w*|attach\w*|disregard|ignore|correction|retract\w*|as long as|on condition|condition\w*|upon|hold|joke|kidding|lol|released|filled|cleared|lifted|yeah|yep right|as if|like we|dream|good luck|fat chance|excluding|other than|apart from|but not|instead|substitut\w*|alternativ\w*|replac\w*|increas\w*|price\w*|minimum|wrong|incorrect|errors?|mistakes?|duplicates?|either|except\w*|again|still|yet|out of office|auto(?:matic)?[- ]?reply|vacation|already|previous\w*|used to|don)\b|",
    r"\b\d+ ?(?:of|out of|pcs?|pieces?|units?|ea|each|x|on hand|left)\b|\bhalf\b|[$€£] ?\d|(?:^| )/s\b|\b\d+ ?(?:usd|dollars?)\b"
);
// what the vendor gets, not what it sends
pattern!(
    SUPPLY,
    r"\b(?:next|incoming|inbound|new|another|replenish\w*|container|factory|manufacturer(?:'s)?) (?:shipment|delivery|stock|batch|container)\b|\b(?:shipment|delivery|container) (?:from|to us|is (?:due|expected)|arriv\w*|comes|due)\b"
);
// a sentence of its own that takes back what stood before it
pattern!(
    TAKEN_BACK,
    r"^\W*(?:not?|nope|never|wrong|just kidding|kidding|jk|i wish|as if)(?: \w+)?\W*$"
);
// days on which nobody is there; what it means for the order is not said
pattern!(
    CLOSED,
    r"\b(?:office|offices|warehouse|we|we're|facility|company|factory)\b.{0,40}\bclos(?:ed|ing|e)\b"
);
// what a sentence is about, where it says so before its verb
pattern!(
    SUBJECT,
    r"^\W*(?:(?:sorry|unfortunately|hi|hello)\W+)?(?:the|your|our|this|that) (?:[\w#-]+ ){0,3}?(?P<head>[a-z-]+) +(?:is|are|was|were|has|have|had|will|ships?|shipped|goes|went)\b"
);
/// Subjects that mean the whole purchase order, or nothing that is ordered.
pub(super) const ALL_OF_IT: &[&str] = &[
    "order",
    "orders",
    "po",
    "items",
    "goods",
    "products",
    "parts",
    "pieces",
    "shipment",
    "lines",
    "lot",
    "request",
    "date",
    "thing",
    "number",
    "warehouse",
    "team",
    "system",
    "office",
    "factory",
    "package",
];
// what was named just before
pattern!(
    PRONOUN,
    r"^\W*(?:it|it's|its|they|they're|these|this (?:item|one|sku|part)|that (?:item|one|sku|part)|which)\b"
);
// the lines that are not named: what is said of them is said of all but those
pattern!(
    OTHERS,
    r"\b(?:(?:all |any )?(?:of )?the (?:other|remaining) (?:items?|lines?|products?|parts?|skus?|goods|articles?)|(?:all )?other (?:items|lines|products|parts|skus)|(?:all )?the others|the rest(?: of (?:the|your) (?:order|items|po|lines))?|all others|all else)\b"
);
/// What stands for them in a text.
pub(super) const EVERYTHING_ELSE: &str = "everything else";
// "SKU ok", and nothing else
pattern!(
    FINE,
    r"^(\W*[\x{E100}-\x{E7FF}](?:\W|\b(?:is|are|and)\b)*)(?:ok|okay|good|fine|yes|all set|good to go|available|acknowledged|in stock)\W*$"
);
// the same below the line that it answers
pattern!(
    YES,
    r"^\W*(?:this is |it's )?(?:ok|okay|good|fine|yes|all set|good to go|available|acknowledged|in stock)\W*$"
);
pattern!(FINE_FOR, r"^\W*(?:ok|okay) (?:for|on|with)\b");
pattern!(
    RELEVANT,
    r"[\x{E100}-\x{E7FF}]|\b(?:order|po|items?|sku|parts?|products?|ship\w*|stock|deliver\w*|price|quantity|qty|date|address|accept\w*|confirm\w*|invoice|available|availability|it|this|that|them|they|these|those|all|everything|goods|send|fulfil\w*|problem|issue|process\w*|cancel\w*|back ?order\w*)\b"
);
pattern!(
    CONJUNCTION,
    r",? (?:but|however|while|whereas|and also|although|though) |, (?:and )?|\band\b| - "
);
pattern!(
    EXCEPT,
    r",? (?:except(?:ing)?(?: for| that)?|with the exception of|other than|apart from) "
);
pattern!(
    NAMED,
    r"\b(?:sku|item|part|model|product)s?(?: ?(?:#|no\.?|number))?[ :#]+([a-z0-9][a-z0-9._/-]*\d[a-z0-9._/-]*)"
);
pattern!(
    // what goes with a table, and says nothing of its rows
    ROUTINE,
    r"\bdo not reply\b|\bautomat(?:ed|ic(?:ally)?)\b|\bauto-?generated\b|\bno-?reply\b|\bunsubscribe\b|\bview (?:it |this )?(?:online|in)\b|",
    r"\b(?:confirm|acknowledge) (?:the )?receipt\b|\binvoices?\b[^,]{0,40}\b(?:follows?|separate(?:ly)?|attached|mailed|sent)\b[^,]*$"
);
pattern!(
    // beside a table: what makes a sentence more than courtesy
    TROUBLE,
    r"\b(?:not|no|never|none|cannot|unable|without|nothing)\b|n't\b|",
    r"\b(?:delay\w*|late|later|hold|held|holding|short\w*|missing|damaged?|broken|lost|gone|wrong|incorrect\w*|errors?|mistakes?|instead|substitut\w*|replac\w*|alternativ\w*|partial\w*|only|remain\w*|balance|rest|follows?|following (?:week|month|day)|except\w*|but|however|although|unfortunately|sorry|regret\w*|apolog\w*|increas\w*|prices?|surcharges?|minimum|discrepan\w*|problems?|issues?|pending|unless|until|chang(?:e|ed|es)|revis\w*|correct(?:ed|ion|ions)|disregard|ignore|cancel\w*|return\w*|refund\w*|urgent\w*|asap|split|separately|closed|closing|next (?:week|month|year)|tomorrow|soon as|awaiting|waiting|expected?|eta|due|should|would|could|may|might|if|when|call (?:us|me)|need\w*|require\w*|advise)\b|",
    r"\b(?:\d{1,4}|one|two|three|four|five|six|seven|eight|nine|ten|a dozen) (?:of|out of|pcs?|pieces?|units?|ea|each|short|left)\b"
);
pattern!(
    // in the subject of a mail that has a tracking number
    WENT_WRONG,
    r"\b(?:mistakes?|errors?|ignore|disregard\w*|retract\w*|tests?|testing|do not (?:use|process|ship)|planned|tomorrow|preliminary|void\w*|cancel\w*|return(?:ed|s|ing)?|rma|lost|missing|damaged?|delay\w*|hold|held|refus\w*|reject\w*|recall\w*|claims?|intercept\w*|exceptions?|problems?|issues?|wrong|incorrect|corrected|correction|not|cannot|unable|undeliver\w*|replace\w*|pending|draft|quote|credit|pick ?up|will|scheduled|label created|labels? printed|unshipped|unfulfilled|open orders?|back[- ]?order\w*|order status|to be shipped|ready to ship)\b|n't\b"
);
pattern!(
    WHOLE,
    r"\b(?:complete(?:ly|d)?|in full|entire(?:ly)?|everything|all (?:of )?(?:it|them|lines|items|pieces|goods))\b"
);
pattern!(
    OWN_NUMBER,
    r"\b(?:order|so|sales order|ref|reference|confirmation|invoice|po|account|tracking|case|ticket|#)(?: ?(?:#|no\.?|number|id|is))?[ :#]+$"
);

/// Whether a sentence is about something that is neither named by number nor the whole order: of
/// several articles it is not said which.
pub(super) fn about_something(text: &str) -> bool {
    let found = SUBJECT.as_ref().and_then(|p| p.captures(text));
    let head = found.as_ref().and_then(|found| found.name("head"));
    head.is_some_and(|head| !ALL_OF_IT.contains(&head.as_str()))
}

/// The earliest words of a sentence that say that goods do not come, or later.
pub(super) fn refusal(text: &str) -> Option<usize> {
    [
        &DISCONTINUED,
        &OUT_OF_STOCK,
        &BACKORDERED,
        &CANCELLED,
        &REJECTED,
    ]
    .iter()
    .filter_map(|pattern| Some(pattern.as_ref()?.find(text)?.start()))
    .min()
}

/// The text without what a pattern matches.
pub(super) fn without(pattern: &LazyLock<Option<Regex>>, text: &str) -> String {
    let with = pattern
        .as_ref()
        .map(|p| p.replace_all(text, " ").into_owned());
    with.unwrap_or_else(|| text.to_owned())
}

/// The text with the first match as `with`, where `$1` is the first group.
pub(super) fn put(pattern: &LazyLock<Option<Regex>>, text: &str, with: &str) -> String {
    let put = pattern.as_ref().map(|p| p.replace(text, with).into_owned());
    put.unwrap_or_else(|| text.to_owned())
}

/// The text parted where a pattern matches.
pub(super) fn split(pattern: &LazyLock<Option<Regex>>, text: &str) -> Vec<String> {
    let parts = pattern
        .as_ref()
        .map(|p| p.split(text).map(str::to_owned).collect());
    parts.unwrap_or_else(|| vec![text.to_owned()])
}

#[cfg(test)]
pub(super) fn patterns_compile() -> bool {
    [
        &POLITE,
        &FILLER,
        &DISCONTINUED,
        &OUT_OF_STOCK,
        &BACKORDERED,
        &CANCELLED,
        &REJECTED,
        &ACCEPTED,
        &SHIPS,
        &SHIPPED,
        &AVAILABLE,
        &DOUBT,
        &RELEVANT,
        &CONJUNCTION,
        &EXCEPT,
        &NAMED,
        &ROUTINE,
        &TROUBLE,
        &WHOLE,
        &OWN_NUMBER,
        &SUPPLY,
        &WENT_WRONG,
        &OTHERS,
        &FINE,
        &FINE_FOR,
        &YES,
        &TAKEN_BACK,
        &CLOSED,
        &PRONOUN,
        &SUBJECT,
    ]
    .iter()
    .all(|pattern| pattern.is_some())
}
