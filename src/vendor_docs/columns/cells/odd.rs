//! Cells that say something in a column which by its heading says nothing of its row: a day that is none,
//! goods that are not new, a row that is a sample.

use super::{bare, nothing};
use crate::vendor_docs::advice::words_of;
use crate::vendor_docs::text::dates;
use regex::Regex;
use std::sync::LazyLock;

macro_rules! pattern {
    ($name:ident, $($part:expr),+) => {
        static $name: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(concat!($($part),+)).ok());
    };
}

// A whole cell by which its row is none: neither goods nor an order.
pattern!(
    UNREAL,
    r"(?i)^\W*(?:(?:this is |for )?(?:a |an )?)?(?:tests?|testing|samples?|demo|dummy|examples?|drafts?|templates?|planned|plan|proposed|forecast|future|fake|placeholder|mock|trial|training|quotes?|quotation|estimates?|pro ?-?forma|unshipped|obsolete|old|ignore|do not use|not (?:yet|real|valid|final))",
    r"(?: (?:only|data|order|orders|row|rows|record|line|lines|shipment|shipments|file|po|purposes?|entry|item|items))*\W*$"
);
// Headings of days, written as one word; "last update" is none.
pattern!(
    DAYS,
    r"^(?:.*[^p])?(?:date|dates|datetime|timestamp|dt)$|^date.+|(?:ed)(?:on|at|time|day)$|^(?:order|po|ship|pack|invoice)time$"
);
// Words that stand in days, and beside them.
pattern!(
    IN_DAYS,
    r"^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|mon(?:day)?|tues?(?:day)?|wed(?:nesday)?|thu(?:rs?)?(?:day)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|am|pm|a|m|p|t|z|utc|gmt|[ecmp][sd]?t|st|nd|rd|th|of|to|at|by|on|from|asap|rush|today|same|day|days|business|week|weeks|wk|immediate|immediately|standard|open|none|na|n|yes|y|no|q|fy|eastern|central|mountain|pacific|time|daylight)$"
);
pattern!(
    CONDITION,
    r"^(?:item|product|goods|article|unit|sku)?condition(?:code|name)?$"
);
pattern!(
    AS_NEW,
    r"(?i)^\W*(?:(?:brand |factory |all )?new(?: (?:in box|with tags|item|condition|nib|sealed))?|good|a|a1|1|ok|okay|excellent|first(?: quality)?|1st(?: quality)?|prime|sealed|unused|nib|nwt|standard|regular|saleable|sellable|n)\W*$"
);
// Steps of goods on their way out.
pattern!(
    STEPS,
    r"^(?:is|was|has|been|order|item|line|label|goods)*(?:packed|picked|processed|released|printed|manifested|active|ready|readytoship|loaded|scanned|allocated|shippable|staged|tendered|posted)(?:flag|yn|indicator)?$"
);
// A free word that sends its reader elsewhere.
pattern!(
    ELSEWHERE,
    r"(?i)\b(?:see|refer|per|read|attached|enclosed|below|above|overleaf|reverse|(?:other|next|second) (?:sheet|page|tab|file)|call|ask|contact|email us|same as)\b"
);

pattern!(
    COMES,
    r"(?i)^\W*(?:yes|ok|okay|available|in stock|on hand|there|ready|accepted|confirmed|will ship|ships?|shipping|good|fine)\b"
);
// Headings under which people write sentences and names that are not about the row.
pattern!(
    FREE,
    r"instruction|gift|message|note|comment|personal|desc|name|title|address|street|option|attribute|engrav|text|url|link|service|method|mode|level|speed|type|via|terms|billing|payment|priority|rep|user|buyer|by$|manager|person|contact|clerk|customer|ship|recipient|consignee|insur|signature"
);
// Words by which a code is a sentence.
pattern!(
    SENTENCE,
    r"(?i)\b(?:will|would|shall|is|are|was|be|been|being|have|has|had|did|does|can|cannot|could|should|must|might|not|never|until|unless|when|if|next|tomorrow|later|soon|waiting|needs?|needed|please|ships?|shipping|leaves?|leaving|goes|going|arrives?|expected|estimated|out of)\b|n't\b"
);

// Headings whose cells have one form, each with it: telephone numbers, whether somebody was told, how long
// it is on its way, who did it.
pattern!(
    PHONES,
    r"^.*(?:phone|telephone|tel|mobile|fax)(?:number|numbers|no|num|nbr)?[0-9]?$"
);
pattern!(
    A_PHONE,
    r"(?i)^[+0-9 ().\-/]{5,30}(?:[ ,;]*(?:x|ext\.?|extension)[ .]*[0-9]{1,8})?$"
);
pattern!(
    NOTICES,
    r"^(?:customer|recipient|shipment|shipping|tracking|ship)*(?:(?:e?mail|sms|text|notification|notice|confirmation)+s?(?:was|is)?(?:sent|delivered|notified)(?:at|yn|flag)?|notified)$"
);
pattern!(
    A_NOTICE,
    r"(?i)^(?:yes|y|no|n|true|false|t|f|[01x✓✔]|ok|sent|delivered|notified|done|not sent|e?mail|sms|\S+@\S+)$"
);
pattern!(
    TRANSITS,
    r"^(?:est|estimated|expected)?(?:transit(?:days|time)|daysintransit|leadtime(?:days)?|(?:business|delivery)days)$"
);
pattern!(
    A_SPAN,
    r"(?i)^~?[0-9]{1,3}(?: ?(?:-|–|to) ?[0-9]{1,3})? ?(?:(?:business|working|calendar) )?(?:d|days?|wks?|weeks?|hours?|hrs?|h)?$"
);
pattern!(
    DOERS,
    r"^(?:approved|authori[sz]ed|released|picked|packed|checked|inspected|prepared|entered|created|processed|handled|confirmed|shipped|verified)by(?:name|user|initials)?$"
);
pattern!(
    A_DOER,
    r"^[\p{L}\p{N}][\p{L}\p{N}.'@_/\-]*(?:[ ,]+[\p{L}\p{N}.'@_/()\-]+){0,3}$"
);
pattern!(
    NOBODY,
    r"(?i)\b(?:nobody|no one|noone|not|none|never|no|pending|hold|held|wait(?:ing)?|rejected|denied|refused|declined|unknown|tbd|cancel\w*|void\w*)\b"
);

// Days of arrival, and how long it takes.
pattern!(
    ARRIVALS,
    r"^(?:.*(?:est|estimated?|expected|exp|projected|scheduled).*(?:deliver|arriv).*|.*(?:delivery|arrival)(?:est|eta|estimate|estimated).*|eta(?:date)?)$"
);

// Terms of payment, and those that change what was agreed.
pattern!(
    TERMS,
    r"^(?:payment|pay|order)?terms(?:code|ofpayment|ofsale|description)?$"
);
pattern!(
    AHEAD,
    r"(?i)\b(?:pre-?pa(?:y|id|yment)|cia|cod|c\.o\.d\.?|cash|advance|deposit|credit card|card|before ship\w*|upfront|up front)\b"
);

/// Whether a cell has not the form that all cells under its heading have.
fn is_formless(heading: &str, cell: &str) -> bool {
    let cell = cell.trim();
    let is_day = || dates::parse(cell, None).is_some();
    let none = nothing(cell);
    is(&TERMS, heading) && is(&AHEAD, cell)
        || is(&PHONES, heading) && !none && !is(&A_PHONE, cell)
        || is(&NOTICES, heading) && !none && !is(&A_NOTICE, cell) && !is_day()
        || is(&ARRIVALS, heading)
            && !none
            && !self::is_day(cell)
            && !is(&A_SPAN, cell)
            && !dates::undated(cell)
        || is(&TRANSITS, heading) && !none && !is(&A_SPAN, cell) && !is_day()
        || is(&DOERS, heading) && !none && (!is(&A_DOER, cell) || is(&NOBODY, cell))
}

fn is(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|found| found.is_match(text))
}

/// Whether a cell says what its column cannot say of a row that counts.
pub(super) fn speaks(heading: &str, cell: &str) -> bool {
    let heading = words_of(heading).concat();
    is(&UNREAL, cell)
        || is_formless(&heading, cell)
        || is(&DAYS, &heading) && !is_day(cell)
        || is(&CONDITION, &heading) && !is(&AS_NEW, cell)
        || !is(&FREE, &heading) && !is(&DAYS, &heading) && is_sentence(cell)
}

/// Whether a heading is that of a day of arrival.
pub(super) fn arrives(heading: &str) -> bool {
    let heading = words_of(heading).concat();
    heading.starts_with("eta") || heading.ends_with("eta") || heading.contains("arriv")
}

/// The same, and that of a day of delivery that is planned.
pub(super) fn is_arrival(heading: &str) -> bool {
    arrives(heading) || is(&ARRIVALS, &words_of(heading).concat())
}

/// Words by which goods come, or are there.
pub(super) fn is_yes(cell: &str) -> bool {
    is(&COMES, cell)
}

pub(super) fn is_unreal(cell: &str) -> bool {
    is(&UNREAL, cell)
}

/// Several words of which one makes it a sentence.
fn is_sentence(cell: &str) -> bool {
    cell.split_whitespace().count() > 1 && is(&SENTENCE, cell)
}

/// "packed: no": a step that goods have before them.
pub(super) fn stands_still(heading: &str) -> bool {
    is(&STEPS, &words_of(heading).concat())
}

/// "see below", "per attached list".
pub(super) fn elsewhere(cell: &str) -> bool {
    is(&ELSEWHERE, cell)
}

/// A day, several, a time, a week: figures, and no word but those of days.
fn is_day(cell: &str) -> bool {
    if nothing(cell) || dates::parse(cell.trim(), None).is_some() {
        return true;
    }
    let cell = bare(cell);
    let words = cell.split(|c: char| !c.is_alphabetic());
    let mut words = words.filter(|word| !word.is_empty());
    !cell.contains(['?', '!']) && words.all(|word| is(&IN_DAYS, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_one_form() {
        for (heading, cell) in [
            ("Email Sent", "bounced"),
            ("customer_notified", "could not reach"),
            ("Transit Days", "never"),
            ("lead time", "unknown"),
            ("Phone", "wrong number"),
            ("ship_to_phone", "disconnected"),
            ("approved_by", "nobody: hold"),
            ("Packed By", "nobody"),
            ("released by", "pending"),
            ("Delivery Est", "never"),
            ("Estimated Delivery", "cancelled by us"),
        ] {
            assert!(speaks(heading, cell), "{heading} {cell}");
        }
        for (heading, cell) in [
            ("Email Sent", "yes"),
            ("email sent", "6/2/2025 10:14"),
            ("notification sent", "w1@mail.example"),
            ("Transit Days", "3-5 business days"),
            ("transit time", "2"),
            ("Phone", "(503) 555-0100 x12"),
            ("ship_to_phone", "+1 503 555 0100"),
            ("approved_by", "J. O'Neill"),
            ("Packed By", "user42"),
        ] {
            assert!(!speaks(heading, cell), "{heading} {cell}");
        }
    }

    #[test]
    fn cells_that_speak() {
        for pattern in [
            &UNREAL, &DAYS, &IN_DAYS, &CONDITION, &AS_NEW, &STEPS, &ELSEWHERE, &FREE, &SENTENCE,
            &COMES, &PHONES, &TERMS, &AHEAD, &A_PHONE, &NOTICES, &A_NOTICE, &TRANSITS, &A_SPAN,
            &DOERS, &A_DOER, &NOBODY, &ARRIVALS,
        ] {
            assert!(pattern.is_some());
        }
        for (heading, cell) in [
            ("tags", "test order"),
            ("class", "Sample"),
            ("Batch", "TEST"),
            ("Order Date", "not yet"),
            ("invoice_date", "2025-06-02 planned"),
            ("Packed On", "waiting"),
            ("po date", "2025-06-02?"),
            ("Condition", "Refurbished"),
            ("item_condition", "used - good"),
            ("route", "will go Friday"),
            ("warehouse", "waiting for the truck"),
        ] {
            assert!(speaks(heading, cell), "{heading} {cell}");
        }
        for (heading, cell) in [
            ("tags", "vip"),
            ("class", "A"),
            ("category", "Old World Lamps"),
            ("Order Date", "6/2"),
            ("week ending date", "2025-06-02 - 2025-06-08"),
            ("order_date", "Jun 2"),
            ("required date", "ASAP"),
            ("created_at", "2025-06-02T10:00:00+02:00"),
            ("last update", "shipped"),
            ("condition", "New"),
            ("Order Date", "20250602"),
            ("Service Level", "Next Day Air"),
            ("delivery instructions", "leave at the door if not home"),
            ("warehouse", "Portland East"),
        ] {
            assert!(!speaks(heading, cell), "{heading} {cell}");
        }
        assert!(stands_still("Packed?") && stands_still("is_ready") && !stands_still("invoiced"));
        assert!(elsewhere("see below") && !elsewhere("Shipped complete"));
    }
}
