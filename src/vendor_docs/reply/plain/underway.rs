//! What vendors write when an order came and nothing is wrong: that they have it, and that it is worked on. The
//! second is a yes in the words of every day; the first is none, and asks nobody for anything.

use super::phrases::{COURTESY, NEUTRAL, YES, build, chain, spelled};
use chrono::NaiveDate;
use regex::Regex;
use std::sync::LazyLock;

/// So many days ahead lies what is under way; what takes longer is news.
const SOON: i64 = 4;

/// The order is worked on, or goes out as ordered.
const UNDERWAY: &[&str] = &[
    "(?:(?:THING|and|it s|we re|we are|currently|now) )*(?:is|are|has been|have been|was|s|re|am|m)(?: (?:now|currently|already|all|also|being|been|successfully))*(?: (?:processed|processing|picked|packed|prepared|handled|entered|booked|queued|scheduled|released|submitted|assigned|created|keyed|placed|worked on|working on))(?:,? (?:and|picked|packed|shipped|THING|it))*(?: (?:for|in|into|to|with|our|the|your|today|D|system|systems|warehouse|shipment|shipping|dispatch|fulfil+ment|processing|production queue|queue|schedule|as|so|sales order|order|number|no|s|N|[0-9]{3,10}))*",
    "(?:and )?(?:currently |now )?being (?:processed|prepared|picked|packed|worked on)(?: (?:and|picked|packed|for shipment|now|by|our|warehouse|team))*",
    "(?:(?:expected|estimated|est|our|scheduled|the|and|is) )*(?:ship|ships|shipping|shipment|going out|leaving|ships out|ship date|shipping date|shipment date)(?: (?:date|is|on|for|out|by))* D(?: (?:morning|afternoon|via|C))*",
    "(?:(?:THING|and) )?(?:is |are |s |it s |currently |now |already )*(?:in process|in progress|in the queue|in our queue|in our system|in the works|under way|underway|on (?:the )?schedule|all set|in line to ship)(?: (?:and|for|now|to ship|D))*",
    "(?:(?:we|i|it|THING|we ll|i ll|and|ll|they) )*(?:will|ll|shall|can|should)(?: (?:be|have|get|now|also|then|gladly|all))*(?: (?:process|processed|processing|ship|shipped|shipping|filled|fill|fulfill|fulfilled|handle|handled|prepare|prepared|dispatch|dispatched|going out|go out|going|send|sent|out|take care of|work on|do|leave|on the truck|on its way))(?: (?:THING|out|to you|to your customer|today or tomorrow|today|tomorrow|as|soon|possible|asap|shortly|right away|promptly|immediately|in the order (?:it was )?received|our|the|dock|warehouse|in accordance with|per|your|instructions|complete|in full|from stock|by|on|D|via|C|with|on the truck|morning|afternoon|for that|or|no problem|s))*",
    "(?:we re|we are|i m|i am|am|are|already|now|and|currently)(?: (?:we re|on|already|now|currently))* (?:it|working on (?:THING|it)|getting THING (?:ready|out)|processing THING|processing|picking THING|packing THING|preparing THING|on THING)(?: (?:now|right now|today|D|for shipment|out|right away))*",
    "10 4|copy that|will do|on it|consider it done|all set|processing(?: now| THING| today| D)?",
    "(?:we )?(?:have |ve |has )?(?:plenty|both|it|this|that|these|those|them|THING|everything|all)(?: of (?:those|these|them|it|THING))?(?: in stock| on hand| on the shelf| available)?(?: (?:is|are))?(?: in stock| available)",
    "(?:we )?(?:have |ve )plenty of (?:THING|it|this|these|those|them|that)(?: in stock| on hand| available)?",
    "(?:(?:our|the|your|current|normal|standard|estimated) )*(?:lead|processing|handling|turnaround|order processing) time (?:is |for THING |of )*D|(?:please )?allow (?:up to )?D (?:for|to) (?:processing|process(?: THING)?|handling|prepare(?: THING)?|ship(?: THING)?|order processing|shipment)",
    "going out(?: (?:with|on|in|D|s|the|next|our|C|pickup|truck|today|tomorrow))*|(?:it s |s )?(?:all )?ready to go",
    "(?:we|i)(?: have| ve)? (?:entered|placed|booked|keyed|submitted|logged|created|queued|scheduled)(?: THING)?(?: (?:as|in|into|our|the|system|order|sales order|so|number|no|N|[0-9]{3,10}|today|D|for|shipment|processing|and|to ship|to go out|via|C|on))*|order placed(?: (?:in|our|the|system|today|D))*",
    "(?:(?:and|the|our) )*(?:warehouse|team|shipping department|shipping dept|shipping|crew|they) (?:will|ll) (?:ship|send|get|process|pull|pack|pick)(?: (?:THING|out|today|D|and|it|ship|pack))*",
    "(?:assigned|order|sales order|so)(?: (?:number|no|so|sales order|order|N|[0-9]{2,10}|is|created|today|D))+",
    "no (?:further )?action (?:is )?(?:required|needed)|(?:please )?(?:plan on|look for|expect) (?:it|tracking|shipment)(?: D| tomorrow| soon| afternoon| morning| by)*|(?:we ll |will )?talk soon",
];
/// The order came.
const CAME: &[&str] = &[
    "(?:(?:we|i|am|are|in) )*(?:receipt of|rec d|recd|rcvd|received|got|have got|ve got|have|ve received|ve rec d|have received)(?: (?:THING|with thanks|thank you|successfully|today|this morning|well|and|it|D|your e ?mail|message))*",
    "(?:THING )?(?:has been |was |is |have been |s been )?(?:successfully |well |safely )?(?:received|rec d|recd|rcvd|accepted|acknowledged|noted)(?: (?:and|by|our|the|us|system|team|with|thanks|D|today|this morning|in good order|processed|entered))*",
    "(?:we )?(?:have |ve )(?:THING|it|this)|all good(?: on (?:our|my) (?:end|side))?|sounds good|got it|no problem(?: at all)?",
    "(?:we )?(?:received|have received) (?:and )?(?:entered|processed) THING|this (?:e ?mail )?is to confirm(?: that)? (?:we )?(?:have )?(?:received|got) THING|(?:just )?confirming (?:that )?(?:we (?:got|have|received) THING|receipt(?: of THING)?)",
    "submitted|successfully|cheers|thanks again|many thanks|no problem|hope you had a (?:nice|good|great) (?:weekend|week|day)|celebrating [0-9]{1,3} years(?: in business)?",
];
/// Tracking is to come.
const TRACKS: &[&str] = &[
    "(?:(?:we|i|and|you|it) )*(?:(?:will|ll|shall|to) )?(?:be )?(?:send|sent|sending|provide|provided|e ?mail|e ?mailed|forward|share|advise|update|receive|get|follow|have)(?: (?:you|the|your|a|an|with|automated|e ?mail|to|by|out|be))* ?(?:tracking)(?: (?:numbers?|information|info|details|T|s))*TAIL",
    "(?:the |your |a |once shipped a |once shipped )*tracking(?: (?:numbers?|information|info|details))?(?: (?:will|to|be|is|are|sent|provided|e ?mailed|follow|follows|forwarded|available|shared|you))+TAIL",
];

struct UnderwayPatterns {
    all: Regex,
    underway: Regex,
}

static PATTERNS: LazyLock<Option<UnderwayPatterns>> = LazyLock::new(|| {
    Some(UnderwayPatterns {
        all: chain(&[COURTESY, NEUTRAL, YES, UNDERWAY, CAME, TRACKS])?,
        underway: build(&spelled(&format!(
            "(?:^| )(?:{})(?: |$)",
            UNDERWAY.join("|")
        )))?,
    })
});
/// Whether a sentence, in the words that `phrases::normal` made, is of nothing else: and if so, whether it says
/// that the order is worked on.
pub(super) fn read(words: &str) -> Option<bool> {
    let patterns = PATTERNS.as_ref()?;
    let words = words.trim();
    let elsewhere = ["ticket", "backorder", "closed"];
    let elsewhere = words.split(' ').any(|word| elsewhere.contains(&word));
    if words.contains('?') || elsewhere || !patterns.all.is_match(words) {
        return None;
    }
    Some(patterns.underway.is_match(words))
}

/// Whether a day is one of those by which what is under way is done.
pub(super) fn is_soon(day: NaiveDate, today: NaiveDate) -> bool {
    (-SOON..=SOON).contains(&(day - today).num_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_under_way_and_what_only_came() {
        for text in [
            "your order is being processed",
            "order received and being processed",
            "we re on it",
            "we will take care of it right away",
            "it has been released to our warehouse for shipment",
            "we ve got your po and are working on it now",
        ] {
            assert_eq!(read(text), Some(true), "{text}");
        }
        for text in [
            "thanks",
            "received",
            "got it",
            "we have received your order",
            "po received",
        ] {
            assert_eq!(read(text), Some(false), "{text}");
        }
        for text in [
            "we are waiting for payment",
            "your order is on hold",
            "we will ship it if it is in stock",
            "we will ship to your warehouse",
            "it is being reviewed by credit",
            "we have it in black",
            "your order is being processed for cancellation",
            "we will ship part of it",
            "ticket N has been created",
            "i ll get this confirmed tomorrow",
            "no backorder",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
