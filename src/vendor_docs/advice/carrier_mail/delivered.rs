//! What a carrier's notification says of where the parcel is: that it arrived, which only a closed list
//! of whole sentences in the form of carriers' own notices says; that something is wrong with it; or
//! neither for certain. "Out for delivery" and "will be delivered" are nothing of this.

use super::super::News;
use super::super::source::AdviceSource;
use super::Sender;
use crate::domain::pattern::fits;
use crate::domain::text::one_line;
use crate::vendor_docs::text::dates;
use chrono::{Days, NaiveDate};
use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;

macro_rules! pattern {
    ($name:ident, $($part:expr),+) => {
        static $name: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(concat!("(?i)(?:", $($part),+, ")")).ok());
    };
}

/// Lost, damaged, refused, returned, cannot be delivered, is at the wrong place.
const TROUBLE_WORDS: &str = r"\b(?:lost|missing|damaged?|stolen|theft|undeliver\w*|refus\w*|returned|returning|return(?:ed|ing)? to (?:the )?(?:sender|shipper)|to (?:the |your )?(?:original )?(?:sender|shipper)|investigat\w*|tracer|you claim|claims? that|a claim (?:was|has been)|void(?:ed)?|destroyed|discarded|disposed|seized|misdeliver\w*|mis-?routed|wrong (?:address|person|house|door|place|building|recipient)|another (?:address|person|house)|someone else|would have been delivered|(?:business|receiver|recipient|store|office) (?:was|is) closed|missed you|missed your delivery|unsuccessful)\b|\baddress (?:is |was )?(?:\w+ )?(?:incorrect|invalid|incomplete|wrong|insufficient|unknown|problem|issue|correction|error)\b|\b(?:incorrect|invalid|incomplete|wrong|insufficient|bad|unknown) (?:\w+ )?address\b|\b(?:problem|issue|trouble) with\b|\baction (?:is )?(?:needed|required)\b|\b(?:not|never|unable|couldn't|wasn't|hasn't|can't|cannot|nobody|failed)\b[^.!?]*\bdeliver\w*|\bdeliver\w*[^.!?]{0,20}\b(?:failed|not possible|impossible|attempt\w*)|\battempt\w*[^.!?]{0,20}\bdeliver\w*|\b(?:delivery|shipment|shipping|package|parcel|ups|fedex|usps|dhl) exceptions?\b|^\W*exceptions?\b|\bexception (?:notification|reason|occurred)\b|\b(?:package|parcel|box|contents?|goods|item|shipment) (?:\w+ ){0,3}(?:opened|crushed|wet|empty|torn|leaking|broken|rejected|abandoned|cancel+ed|partial|short|incomplete|tampered)\b|\b(?:empty|opened|open|crushed|torn|wet|leaking|broken|partial|incomplete|re-?wrapped|re-?packaged|re-?taped) (?:box|package|parcel|carton|contents?|envelope|seal)\b|\bseal (?:\w+ ){0,2}broken\b|\btamper\w*|\bunpaid\b|\b(?:customs?|dut(?:y|ies)|tax(?:es)?|vat|import (?:charges?|fees?)|charges?|fees?|postage|c\.?o\.?d\.?|brokerage)\b[^!?]{0,40}\b(?:due|owed|owing|payable|outstanding)\b";
static TROUBLE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!("(?i){TROUBLE_WORDS}")).ok());
// it is with somebody else, it waits for somebody, or only a part of it arrived
pattern!(
    WAITS,
    r"\bneighbou?rs?\b|\b(?:to|with) (?:an |the )?agents?\b|\bnotice left\b|\bpartial(?:ly)?\b|",
    r"\b(?:on hold|(?:is|are|was|being|been) held|held (?:in|by|for|until)|clearance (?:delay|exception)s?)\b|",
    r"\b(?:customs?|clear(?:ance)?|import)\b[^.!?]{0,60}\b(?:delay\w*|need\w*|requir\w*|provide|missing|invoice|documents?|held)\b|",
    r"\b(?:need|needs|require[sd]?|provide|submit|upload|send|awaiting|missing)\b[^.!?]{0,60}\b(?:invoice|documents?|paperwork|customs?|(?:more|further|additional) information|payment)\b|",
    r"\b(?:information|documents?|invoice|payment)\b[^.!?]{0,20}\b(?:needed|required|missing)\b|",
    r"\b(?:to|with|by|at) (?:an?other|a different|the wrong) (?:customers?|recipients?|location)\b|",
    r"\b(?:other|remaining|rest of (?:the|your)) (?:packages?|parcels?|pieces?|shipment|items?)\b"
);
pattern!(
    PART,
    r"\b(?P<part>\d{1,3}) (?:of|out of) (?P<all>\d{1,3})\b"
);
// what stands below every mail of a carrier, and speaks of no parcel
pattern!(
    STANDING,
    r"^\W*(?:if|in case|should|when|once|how to|learn|to (?:report|file)|for (?:more|questions|information)|whether)\b|\bliab\w*|\bresponsib\w*|\binsur\w*|\bmay (?:be (?:due|owed|payable|charged)|apply)\b|\bdeclared value\b|\bprivacy\b|\bdo not reply\b|\bdelivered[ -]to:|\bsimply delivered\b"
);
pattern!(
    PLAN,
    r"\b(?:will|when|once|until|be|scheduled|expected|estimated|if|as soon as|before|soon|want)\b"
);
// a subject of another stage: the text may speak of what is to come
pattern!(
    OTHER_STAGE,
    r"\bout for delivery\b|\bon (?:its|the) way\b|\bscheduled\b|\bdelay\w*|\blabel\b|\bship notification\b|\bin transit\b|\barriv\w*|\bexpected\b|\bestimated\b|\bpick ?-?up\b|\bon hold\b|\bheld\b|\bclearance\b|\bwill be\b|\baccess point\b|\bcoming\b|\bshipped\b|\?"
);
pattern!(MENTIONS, r"\bdelivered\b|\bdeliver\w*[^?]*\?");
pattern!(
    DAY,
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? )?(?P<day>\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{2}-\d{2}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}[ -](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?[ ,-]{1,2}\d{4})"
);
pattern!(
    TIME,
    r"\b\d{1,2}[:.]\d{2}(?::\d{2})?(?: ?[ap]\.?m\b\.?)?|\b\d{1,2} ?[ap]\.?m\b\.?"
);
pattern!(
    NUMBER,
    r"\b(?:1z(?: ?[0-9a-z]){16}|[a-z]{0,4}[0-9](?: ?[0-9]){8,38}(?:[a-z]{2}\b)?)"
);
pattern!(
    NAMED_DAY,
    r"^\W*(?:actual )?deliver(?:y date|ed)\b[^@]{0,20}@"
);

/// Where parcels are left for their recipient.
pub(super) const PLACE: &str = "(?:left |placed )?(?:(?:in|at|to|on|with)(?:/at)?(?: or at)? )?(?:the |an? |your )?(?:mailbox|front door(?:(?:/| or )porch)?|front porch|porch|side door|back door|rear door|garage(?: or other location at address| / other door / other location at address)?|basement|inside delivery|met customer(?: (?:man|woman))?|receiver|door|front desk(?:/reception)?(?:/mail room)?|front desk, reception area,? or mail ?room|reception(?:ist)?|mail ?room|receiving dock|dock|residence|individual(?: picked up at (?:post office|postal facility))?(?: at (?:the )?address)?|parcel locker|po box|recipient|addressee|customer)|signed (?:for )?by:? [a-z][a-z.' -]{0,30}";

/// A closed list of whole sentences, after [`plain`].
fn closed(name: &str) -> Option<Regex> {
    let lead = "good news[,: ]+|(?:(?:N )?(?:on demand delivery|update|alert|notification|delivery (?:notification|update|alert|confirmation)|shipment notification|tracking update|status update)(?:,? tracking number)?(?: #)?|(?:N )?(?:shipment|package|tracking|tracking number) #)[ :,-]+";
    let thing = "(?:(?:your|the|this) )?(?:N )?(?:packages?|shipments?|parcels?|items?)(?: with (?:waybill|tracking)(?: number)?)?(?: \\(?#\\)?)?";
    let verb = "(?:(?:is|was|were|has been|have been|got) )?(?:(?:now|just|successfully|already) )?delivered";
    let tail = "[ ,:()-]*(?:and )?(?:(?:on|at|by) )?(?:@|\\^|#|tracking number:? #|local time|PLACE|in [a-z .'-]{2,40},? [a-z]{2} \\d{5}(?:-\\d{4})?)";
    let text = format!(
        "^(?:(?:hi|hello|dear)(?: [a-z.'&-]+){{0,4}}, )?(?:(?:{lead})?{thing}[: ]*{verb}|(?:(?:current|shipment|package|delivery|tracking) )?(?:status|event)[ :,-]*delivered|our records indicate that the following (?:package|shipment) has been delivered|delivered(?: on| at)?:?|delivered[: ]+{thing}|{thing}(?: (?:was|has been|is))? (?:left|placed) (?:PLACE)|[0-9]{{1,2}} of [0-9]{{1,2}} (?:pieces?|packages?|parcels?)(?: (?:was|were|have been|has been))? delivered)(?:{tail})*$"
    );
    let text = text.replace("PLACE", PLACE).replace('N', name);
    Regex::new(&text).ok()
}

static CLOSED: LazyLock<HashMap<&'static str, Regex>> = LazyLock::new(|| {
    let names = [
        ("ups", "ups"),
        ("fedex", "fedex(?: (?:ground|express|home delivery))?"),
        ("usps", "usps"),
        ("dhl", "dhl(?: (?:express|ecommerce|parcel))?"),
    ];
    let all = names.into_iter();
    all.filter_map(|(code, name)| Some((code, closed(name)?)))
        .collect()
});

/// How long ago a day of delivery may lie, in days.
const LONGEST_AGO: u64 = 60;
/// Most sentences that are shown to a person.
const SHOWN: usize = 3;

/// Whether a text, after [`plain`], says in the carrier's own form that a parcel arrived.
pub(super) fn says(carrier: &str, text: &str) -> bool {
    CLOSED.get(carrier).is_some_and(|list| list.is_match(text))
}

/// What a notification says.
pub(super) enum CarrierNews {
    /// The parcel is with its recipient since that day; without a day in it, that of the mail.
    Arrived(NaiveDate),
    /// What a person or the order must hear of.
    News(News),
    /// Nothing of this.
    Nothing,
}

/// What the notification says for certain, in a text of `sender`.
pub(super) fn told(source: &AdviceSource, sender: &Sender, today: NaiveDate) -> CarrierNews {
    let subject = without_forward(&source.subject);
    let text = joined(&source.text);
    let all = sentences(subject).chain(sentences(&text));
    let all: Vec<(&str, String)> = all.map(|one| (one, plain(one))).collect();
    let speaks = |one: &&(&str, String)| !fits(&STANDING, one.0);
    let wrong = all.iter().filter(speaks);
    let wrong: Vec<&str> = wrong
        .filter(|(_, plain)| fits(&TROUBLE, plain) || fits(&WAITS, plain) || is_part(plain))
        .map(|(written, _)| *written)
        .collect();
    if !wrong.is_empty() {
        return CarrierNews::News(News::Trouble(shown(&wrong)));
    }
    let list = CLOSED.get(sender.carrier);
    let says = |text: &str| list.is_some_and(|list| list.is_match(text));
    let claims = all.iter().any(|(_, plain)| says(plain));
    let other = !says(&plain(subject)) && fits(&OTHER_STAGE, subject);
    let vague = all.iter().filter(speaks).filter(|(_, plain)| {
        let plan = !claims && fits(&PLAN, plain) && !plain.contains('?');
        fits(&MENTIONS, plain) && !says(plain) && !plan
    });
    let mut vague: Vec<&str> = vague.map(|(written, _)| *written).collect();
    if claims && other {
        vague.push(subject);
    }
    let named = all.iter().find_map(|(written, plain)| {
        let its = says(plain) || fits(&NAMED_DAY, plain);
        let found = DAY.as_ref()?.captures(written).filter(|_| its)?;
        Some((written, dates::parse(&found["day"], None)?.date))
    });
    let first = today.checked_sub_days(Days::new(LONGEST_AGO));
    let meant = |day: NaiveDate| day <= today && first.is_none_or(|first| day >= first);
    if let Some((written, day)) = named
        && claims
        && !meant(day)
    {
        vague.push(written);
    }
    match (claims, vague.is_empty()) {
        (_, false) => CarrierNews::News(News::Unsure(shown(&vague))),
        (true, true) => CarrierNews::Arrived(named.map_or(today, |(_, day)| day)),
        (false, true) => CarrierNews::Nothing,
    }
}

/// Whether a sentence counts fewer pieces than there are: "1 of 2 pieces delivered".
fn is_part(plain: &str) -> bool {
    let Some(part) = PART.as_ref() else {
        return false;
    };
    part.captures_iter(plain)
        .any(|told| told["part"] != told["all"])
}

pub(super) fn shown(sentences: &[&str]) -> String {
    let mut all: Vec<String> = Vec::new();
    for one in sentences.iter().map(|one| one_line(one)) {
        if !all.contains(&one) && all.len() < SHOWN {
            all.push(one);
        }
    }
    all.join(" / ")
}

/// A sentence in small letters, with signs for days, times and numbers.
pub(super) fn plain(sentence: &str) -> String {
    let mut text = sentence.to_lowercase().replace(['®', '™', '*'], "");
    text = text.replace('’', "'");
    for (pattern, sign) in [(&DAY, "@"), (&TIME, "^"), (&NUMBER, "#")] {
        if let Some(pattern) = pattern.as_ref() {
            text = pattern.replace_all(&text, sign).into_owned();
        }
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ").replace("today", "@");
    text.trim_matches(['.', ' ', '"', '-', ':', ',', '|'])
        .to_owned()
}

/// The subject of a forwarded mail as it was.
pub(super) fn without_forward(subject: &str) -> &str {
    let mut subject = subject.trim();
    loop {
        let marks = ["fw:", "fwd:", "re:", "wg:", "subject:"];
        let cut = marks.iter().find_map(|mark| {
            let head = subject.get(..mark.len())?;
            head.eq_ignore_ascii_case(mark)
                .then(|| subject[mark.len()..].trim_start())
        });
        match cut {
            Some(rest) => subject = rest,
            None => return subject,
        }
    }
}

/// Whether a text ends within "was delivered", as mail programs break lines.
pub(super) fn is_open(text: &str) -> bool {
    let low = text.to_lowercase();
    let verbs = [" was", " were", " is", " has been", " have been"];
    verbs.iter().any(|verb| low.ends_with(verb))
}

/// A key at the end of a line has its day or time on the next one.
fn joined(text: &str) -> String {
    let mut out = String::new();
    let mut key = false;
    for line in text.lines().map(|line| without_forward(line.trim())) {
        let value = plain(line);
        if !out.is_empty() {
            let broken = is_open(&out) && value.starts_with("delivered");
            out.push(match broken || key && value.starts_with(['@', '^']) {
                true => ' ',
                false => '\n',
            });
        }
        out.push_str(line);
        key = line.len() < 30 && line.to_lowercase().starts_with("deliver") && !line.ends_with('.');
    }
    out
}

/// Its sentences; a question keeps its mark.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.split(['\n', '!', ';']);
    lines
        .flat_map(|line| line.split_inclusive('?'))
        .flat_map(|line| line.split(". "))
        .map(str::trim)
        .filter(|one| !one.is_empty())
}

#[cfg(test)]
#[path = "delivered/tests.rs"]
mod tests;
