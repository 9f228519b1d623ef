//! What vendors write when an order came and nothing is wrong: that they have it, that it is worked on, and on which
//! day it leaves. A sentence is one of a few shapes, or two or three of them after another: who or what, tense,
//! verb, what, place, time and way, each at its place and once. What fits no shape is no such sentence.

use super::phrases::{COURTESY, NOTES, YES, build, spelled};
use crate::domain::pattern::fits;
use chrono::NaiveDate;
use regex::Regex;
use std::sync::LazyLock;

/// So many days ahead lies what is under way and has no day of its own; what takes longer is news.
const SOON: i64 = 4;

// The parts of the shapes.
/// Who does it.
const WHO: &str = "(?:we|i|they|(?:our|the) (?:warehouse|team|crew|shipping (?:team|department|dept)|warehouse team))";
/// What is done to it.
const DONE: &str = "(?:processed|picked|packed|prepared|handled|entered|booked|queued|released|submitted|assigned|created|keyed|placed|logged|accepted|worked on)";
/// That it is so, or was made so.
const IS: &str = "(?:is|are|was|has been|have been|s been|s|re)";
/// That it is so now.
const PRESENT: &str = "(?:is|are|s|re)";
/// When, without a day.
const NOW: &str = "(?:now|right now|right away|immediately|promptly|shortly|soon|asap|as soon as possible|in the order (?:it was )?received)";
const ALREADY: &str = "(?:now|currently|already|just|also|successfully|all|then|gladly)";
/// Where it is worked on.
const HERE: &str = "(?:(?:in|into|to|with|by|at|on) (?:our|the) (?:order |production |shipping |warehouse |fulfil+ment )?(?:system|systems|warehouse|queue|schedule|team|department|dept))";
/// What it is made ready for.
const FOR: &str =
    "(?:for (?:processing|shipment|shipping|dispatch|fulfil+ment|picking|packing|delivery))";
/// The vendor's own number for it.
const REF: &str = "(?:(?:as|under|with) )?(?:our )?(?:(?:sales )?order|so)(?: (?:number|no))?(?: is)? (?:N|(?:[a-z]{1,4} )?[0-9]{3,10}(?: [0-9]{1,6})?)";
const HOW: &str = "(?:(?:via|by|with) C|with (?:the|our) C (?:pickup|truck))";
/// As it was ordered.
const AS_ORDERED: &str = "(?:as requested|as ordered|accordingly|complete|in full|from stock|per your instructions|in accordance with your instructions|for you)";
/// Somebody sends it; it is sent; and what is done before.
const SENDS: &str = "(?:(?:ship|dispatch|send|be shipping|be sending)(?: THING)?(?: out)?|get THING (?:out|shipped|ready|on its way|out the door))";
const GOES: &str = "(?:(?:be (?:shipped|shipping|dispatched|sent|sent out|going out|out the door|on its way|on the truck)|ship|go out|leave OURPLACE)(?: out)?)";
const WORK: &str = "(?:process|processed|fill|filled|fulfil+|fulfil+ed|handle|handled|prepare|prepared|take care of|work on|do)";

/// The order is worked on, or is there to be sent; no day on which it leaves.
const UNDERWAY: &[&str] = &[
    "(?:THING )?IS(?: ALREADY)?(?: being)? DONE(?: (?:and )?(?:picked|packed|processed))?(?: HERE)?(?: FOR)?(?: REF)?(?: (?:NOW|D))?",
    "(?:THING )?(?:IS )?(?:ALREADY )?being DONE(?: (?:and )?(?:picked|packed|processed))?(?: and shipped)?(?: HERE)?(?: FOR)?(?: NOW)?",
    "(?:THING )?(?:IS )?(?:ALREADY )?(?:sent|passed|forwarded|released|given)(?: over)? to (?:our|the) (?:warehouse|warehouse team|fulfil+ment team|shipping department|shipping dept|shipping team)(?: FOR)?(?: (?:NOW|D))?",
    "(?:THING )?(?:PRESENT )?(?:ALREADY )?(?:in process|in progress|in (?:the|our) queue|in our system|in the works|under ?way|being processed|on (?:the |our )?schedule|all set|in line to ship)(?: FOR)?(?: NOW)?",
    "(?:(?:WHO|THING) )?(?:will|ll|shall|can)(?: ALREADY)?(?: be)? WORK(?: THING)?(?: (?:NOW|D|AS_ORDERED))?",
    "(?:(?:WHO )?(?:will|ll|shall|can|should)(?: ALREADY)? SENDS|(?:THING )?(?:will|ll|shall|can|should)(?: ALREADY)? GOES|THING (?:will|ll|should) leave)(?: to (?:you|your customer))?(?: AS_ORDERED)?(?: HOW)?(?: (?:NOW|D or D))?(?: HOW)?",
    "(?:we re|we are|i m|i am)(?: ALREADY)? (?:on it|on THING|working on THING|getting THING (?:ready to (?:be shipped|ship|go)|ready|out)|processing THING|picking THING|packing THING|preparing THING)(?: FOR)?(?: (?:NOW|D))?",
    "(?:are |am )?(?:ALREADY )?(?:(?:working on|processing|picking|packing|preparing) THING|getting THING (?:ready to (?:be shipped|ship|go)|ready|out))(?: FOR)?(?: (?:NOW|D))?|processing(?: (?:NOW|D))?",
    "10 4|copy that|will do|on it|consider it done|all set(?: (?:on|with|for) THING)?|we can do (?:that|this|it)|(?:all )?ready to go|ready to ship|it s (?:all )?ready to (?:go|ship)|going out (?:NOW|with (?:our|the) next pickup)",
    "(?:(?:we|i) )?(?:have|ve|ve got|have got) (?:plenty(?: of THING)?|THING)(?: (?:in stock|on hand|on the shelf|available))(?: and ready to (?:ship|go))?|(?:we )?(?:have |ve )plenty(?: of THING)?",
    "(?:THING )?(?:PRESENT )?(?:ALREADY )?(?:in stock|on hand|on the shelf|available)(?: and (?:available|ready|ready to (?:ship|go)))?",
    "(?:(?:our|the|your) )?(?:(?:current|normal|standard|estimated|usual) )?(?:lead|processing|handling|turnaround|order processing) time(?: (?:for|of) THING)?(?: is)? D|(?:please )?allow(?: up to)? D (?:for|to) (?:processing|process(?: THING)?|handling|prepare(?: THING)?|ship(?: THING)?|order processing|shipment)",
    "(?:(?:we|i) )?(?:have |ve )?(?:ALREADY )?(?:entered|placed|booked|keyed|submitted|logged|created|queued|scheduled)(?: THING)?(?: HERE)?(?: REF)?(?: FOR)?|order placed(?: HERE)?(?: D)?",
    "(?:assigned |created )?REF(?: (?:is )?(?:created|assigned))?(?: D)?",
    "no (?:further )?action (?:is )?(?:required|needed)|(?:we ll |will )?talk soon",
];
/// It leaves on a day.
const LEAVES: &[&str] = &[
    "(?:(?:the|our) )?(?:(?:estimated|expected|scheduled|planned|anticipated|est|exp) )?(?:ship|shipping|shipment|dispatch|ship out) date(?: (?:for|of) THING)?(?: (?:is|will be))?(?: (?:on|set for))? D",
    "(?:THING )?(?:PRESENT )?(?:ALREADY )?(?:(?:expected|estimated|scheduled|planned|est|exp|slated|set|going) )?(?:to )?(?:ship|ships|shipping|leave|leaves|leaving|go out|goes out|going out|out the door|(?:leaves|leaving) OURPLACE)(?: out)?(?: HOW)?(?: (?:on|by|for|on or before))? D(?: (?:morning|afternoon))?(?: HOW)?",
    "WHO(?: (?:are|re|plan to|expect to))? (?:ship|shipping|dispatch|send|sending) THING(?: out)?(?: HOW)?(?: (?:on|by|on or before))? D(?: (?:morning|afternoon))?(?: HOW)?",
    "(?:(?:WHO )?(?:will|ll|shall|can|should)(?: ALREADY)? SENDS|(?:THING )?(?:will|ll|shall|can|should)(?: ALREADY)? GOES|THING (?:will|ll|should) leave)(?: to (?:you|your customer))?(?: AS_ORDERED)?(?: HOW)?(?: (?:on|by|on or before|by (?:the )?end of (?:the )?day(?: on)?))? D(?: (?:morning|afternoon))?(?: HOW)?",
    "(?:THING )?(?:(?:PRESENT|has been|have been|s been) )?(?:ALREADY )?(?:scheduled|slated|booked|queued|on (?:the |our )?schedule|in line)(?: (?:to (?:ship|go out|leave)|for(?: (?:shipment|shipping|dispatch))?))?(?: on)? D",
    "(?:THING )?(?:(?:PRESENT|has been|s been) )?(?:queued|scheduled|set|going out|on the schedule) (?:for|with|on) D s (?:C )?(?:shipment|pickup|truck)",
    "(?:(?:WHO|THING) )?(?:PRESENT |has been )?(?:ALREADY )?(?:confirmed|good) (?:for|to (?:ship|leave|go out))(?: (?:on|by))? D",
    "(?:(?:the|our) )?plan is to (?:ship|send|dispatch)(?: THING)?(?: out)?(?: (?:on|by))? D",
    "going out (?:on|with) (?:the|our) (?:next )?(?:truck|C pickup|pickup)(?: on)? D|(?:please )?(?:plan on|expect) shipment(?: (?:on|by))? D",
];
/// The order came.
const CAME: &[&str] = &[
    "(?:(?:we|i) )?(?:(?:have|ve|are|am|just|now) ){0,2}(?:in receipt of|rec d|recd|rcvd|received|got)(?: (?:and (?:entered|processed|booked) )?(?:THING|your e ?mail|your message))?(?: for THING)?(?: (?:with thanks|successfully|well|in good order|D|this morning))?",
    "(?:THING )?(?:IS )?(?:(?:ALREADY|well|safely) )?(?:received|rec d|recd|rcvd|accepted|acknowledged|noted)(?: and (?:entered|processed|noted|acknowledged|booked))?(?: (?:by us|by our team|HERE))?(?: (?:with thanks|in good order|D|this morning))?(?: REF)?",
    "(?:(?:we|i) )?(?:have |ve )THING|all good(?: on (?:our|my) (?:end|side))?|sounds good|got it|no problem(?: at all)?",
    "(?:this(?: (?:e ?mail|message))? (?:is to confirm|confirms)(?: that)?|(?:just )?confirming(?: that)?) (?:(?:we )?(?:have |ve )?(?:received|got)|(?:the )?receipt of) THING|(?:just )?(?:(?:we|i) )?(?:hereby )?(?:confirm|confirmed|confirming|acknowledge|acknowledged|acknowledging) (?:(?:the )?receipt(?: of THING)?|(?:that )?(?:we|i) (?:have |ve )?(?:received|got) THING)",
    "submitted|cheers|thanks again|many thanks|hope you had a (?:nice|good|great) (?:weekend|week|day)|celebrating [0-9]{1,3} years(?: in business)?",
];
/// Tracking is to come.
const TRACKS: &[&str] = &[
    "(?:ONCE )?(?:(?:we|i|you|it) )?(?:will|ll|shall)(?: also)?(?: be)? (?:send|sent|provide|provided|e ?mail|e ?mailed|forward|share|advise|update|receive|get|have)(?: you)?(?: (?:with|by))?(?: (?:the|your|a|an))?(?: automated)?(?: e ?mail with(?: (?:the|your|a))?)? tracking(?: (?:numbers?|information|info|details))?(?: to you)?WHEN",
    "(?:ONCE )?(?:(?:the|your|a) )?tracking(?: (?:numbers?|information|info|details))?(?: (?:will|shall|to|is to))?(?: be)? (?:sent|provided|e ?mailed|follow|follows|forwarded|available|shared)(?: to you)?WHEN",
    "(?:(?:we|i) )?(?:will|ll) (?:also )?(?:notify you|let you know|advise you|e ?mail you|update you)(?: by e ?mail)? ONCE",
    "(?:please )?(?:look for|expect) (?:the |your )?tracking(?: (?:numbers?|information|info|details))?(?: (?:soon|shortly|D|by D))?(?: (?:morning|afternoon))?",
];
/// "Once it has shipped", and "shortly".
const ONCE: &str = "(?:when|once|as soon as|after)(?: (?:it|they|THING|we))?(?: (?:is|are|has|have))?(?: been)? (?:ships?|shipped|sent|dispatched|leaves|left|goes out|picked up|available|on (?:its|the) way)";
const WHEN: &str = "(?: (?:shortly|soon|separately|later|D|by e ?mail))?(?: ONCE)?";

/// A part of a shape, by its name.
const PARTS: &[(&str, &str)] = &[
    ("AS_ORDERED", AS_ORDERED),
    ("ALREADY", ALREADY),
    ("WHEN", WHEN),
    ("ONCE", ONCE),
    ("DONE", DONE),
    ("HERE", HERE),
    ("WORK", WORK),
    ("SENDS", SENDS),
    ("GOES", GOES),
    ("WHO", WHO),
    ("NOW", NOW),
    ("FOR", FOR),
    ("REF", REF),
    ("HOW", HOW),
    ("PRESENT", PRESENT),
    ("IS", IS),
];

/// Most shapes of one sentence.
const MOST: usize = 6;

struct UnderwayPatterns {
    /// The order came, and no more.
    came: Regex,
    /// It is worked on; no day on which it leaves.
    quiet: Regex,
    /// It leaves on a day.
    leaves: Regex,
}

/// A sentence of shapes of these lists and of nothing else.
fn shapes(lists: &[&[&str]]) -> Option<Regex> {
    let all: Vec<&str> = lists.iter().flat_map(|list| list.iter().copied()).collect();
    let mut text = all.join("|");
    for (name, part) in PARTS {
        text = text.replace(name, part);
    }
    build(&spelled(&format!(
        "^(?:(?:(?:and|so|then) )?(?:{text})(?: |$)){{0,{MOST}}}$"
    )))
}

static PATTERNS: LazyLock<Option<UnderwayPatterns>> = LazyLock::new(|| {
    Some(UnderwayPatterns {
        came: shapes(&[COURTESY, NOTES, CAME, TRACKS])?,
        quiet: shapes(&[COURTESY, NOTES, YES, CAME, TRACKS, UNDERWAY])?,
        leaves: shapes(&[COURTESY, NOTES, YES, CAME, TRACKS, UNDERWAY, LEAVES])?,
    })
});

/// What such a sentence says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Underway {
    /// The order is worked on, which is a yes; else it only came.
    pub accepted: bool,
    /// The one day that it names is that on which it leaves.
    pub leaves: bool,
}

/// Whether a sentence, in the words that `phrases::normal` made, is of nothing else, with these days in it.
pub(super) fn read(words: &str, days: &[Option<NaiveDate>], today: NaiveDate) -> Option<Underway> {
    let patterns = PATTERNS.as_ref()?;
    let words = words.trim();
    // of a closed office, a ticket and no backorder nothing is said of the order
    let elsewhere = ["ticket", "backorder", "closed"];
    if words.contains('?') || words.split(' ').any(|word| elsewhere.contains(&word)) {
        return None;
    }
    let soon = |day: &Option<NaiveDate>| day.is_some_and(|day| is_soon(day, today));
    if days.iter().all(soon) && patterns.quiet.is_match(words) {
        return Some(Underway {
            accepted: !patterns.came.is_match(words),
            leaves: false,
        });
    }
    let [Some(day)] = days else { return None };
    (*day >= today && patterns.leaves.is_match(words)).then_some(Underway {
        accepted: true,
        leaves: true,
    })
}

/// Whether a day is one of those by which what is under way is done.
pub(super) fn is_soon(day: NaiveDate, today: NaiveDate) -> bool {
    (-SOON..=SOON).contains(&(day - today).num_days())
}

/// What was ordered left, as it is called in an answer to its purchase order.
static THIS_LEFT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    build(
        "^(?:hi |hello )?(?:this|it)(?: one| order| po)?(?: (?:has|just|already|s))* (?:shipped|went out|left)(?: |$)",
    )
});
/// A day for goods to leave.
static TO_COME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    build(&spelled(
        "(?:^| )(?:ship|ships|shipping|shipment|leave|leaves|leaving|etd|eta|dispatch)(?: (?:date|day|is|on|by|out|the|for))* D(?: |$)",
    ))
});

/// Whether words say of "this" that it left, which is all that was ordered where that is one article.
pub(super) fn this_left(words: &str) -> bool {
    fits(&THIS_LEFT, words)
}

/// Whether an answer names a day for goods to leave that is past, and has no word that they left.
pub(super) fn is_of_past(words: &str, days: &[Option<NaiveDate>], today: NaiveDate) -> bool {
    fits(&TO_COME, words) && days.iter().flatten().any(|day| *day < today)
}

#[cfg(test)]
#[path = "underway/tests.rs"]
mod tests;
