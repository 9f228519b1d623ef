//! Subjects of mails and names of files: understood like sentences, by the phrases of a covering
//! letter and a list of what files are called. Any other word may take back what the mail says.

use super::{AskedPo, KnownBeside, doubtful_subject, says, split};
use chrono::NaiveDate;
use regex::Regex;
use std::sync::LazyLock;

/// What a subject says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// It may stand above a shipment.
    pub shipment: bool,
    /// It may stand above an answer.
    pub answer: bool,
    /// It says that goods do not come, or later.
    pub never: bool,
    /// It asks, or speaks of what went wrong.
    pub trouble: bool,
}

static BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:(?:re|aw|sv|vs|antw|fwd?|wg|tr|rv|r)(?:\[\d+\])?\s*:|\[(?:ext|external|external (?:e-?mail|sender)|ticket[^\]]*|case[^\]]*|#?\d+)\])\s*").ok()
});
/// Subjects of our own mails about several purchase orders, and as an older template had them.
static OURS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:possible duplicate: ?)?(?:please confirm purchase order \S{1,64}|has purchase order \S{1,64} shipped\?|purchase order \S{1,64} is late|\d+ purchase orders wait for your answer)|^possible duplicate:").ok()
});
/// Numbers of the vendor's own: with a short prefix, of three figures and more.
static NUMBERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|[\s:#(\[])#?(?:so|ord|ack|asn|inv|po|ref|conf|sales|shp|sh|dn|job|case|ticket)?[-# ]?[a-z]{0,3}-?\d{3,}[\w/-]*").ok()
});
/// How a vendor's mails are titled beside the phrases of letters.
static TITLES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:(?:[0-9]{1,2} (?:purchase )?orders|your|our|the|new|for|of|on|from|with|and|a|an|is|has|have|been|was|number|order|orders|purchase|po|pos|p o|sales|shipping|shipment|shipments|ship|shipped|dispatch|dispatched|delivery|tracking|advance|advice|notice|notification|notifications|confirmation|confirmations|confirm|confirmed|confirming|acknowledg(?:e?ment|e?ments|ed|e)|ack|asn|update|updates|information|info|details|number|numbers|report|reports|file|files|daily|status|received|receipt|response|responses|availability|reply|answer|answers|again|accepted|message|today|thank you|thanks|invoice|csv|re|attached|complete|completed|web|drop|dropship|ref|reference|customer|856|855|order s|regarding)[ .!]*)*$").ok()
});

fn replaced(pattern: &LazyLock<Option<Regex>>, text: &str) -> String {
    match pattern.as_ref() {
        Some(pattern) => pattern.replace_all(text, " ").into_owned(),
        None => text.to_owned(),
    }
}

/// The text without each of these, whatever their case.
fn without(text: &str, names: &[String]) -> String {
    names.iter().fold(text.to_owned(), |text, name| {
        let pattern = format!(r"(?i)(^|[^\w]){}([^\w]|$)", regex::escape(name.trim()));
        match Regex::new(&pattern) {
            Ok(pattern) if name.trim().len() > 2 => {
                pattern.replace_all(&text, "$1 | $2").into_owned()
            }
            _ => text,
        }
    })
}

/// Reads a subject. `own` are the subjects that it may repeat, whole; `names` those of the vendor and
/// of the shop.
pub fn title(
    subject: &str,
    own: &[String],
    names: &[String],
    asked: AskedPo<'_>,
    today: NaiveDate,
) -> Title {
    let mut text = subject.trim().to_owned();
    while let Some(found) = BEFORE.as_ref().and_then(|before| before.find(&text)) {
        text = text[found.end()..].to_owned();
    }
    text = without(&text, own);
    text = replaced(&OURS, text.trim());
    text = without(&text, names);
    let known = KnownBeside {
        attached: true,
        ..KnownBeside::default()
    };
    let mut title = Title {
        shipment: true,
        answer: true,
        never: false,
        trouble: doubtful_subject(&text),
    };
    let order = asked.po_number.rsplit_once('-').map(|(order, _)| order);
    let own: Vec<String> = [Some(asked.po_number), order]
        .into_iter()
        .flatten()
        .filter(|number| number.len() > 2)
        .map(str::to_owned)
        .collect();
    let text = without(&text, &own);
    let text = text.replace(" - ", " | ");
    for piece in text.split(['|', ':', ';', ',', '–', '—', '(', ')', '[', ']', '/']) {
        let piece = replaced(&NUMBERS, piece);
        let words = piece.replace(['#', '-', '_'], " ");
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let plain = TITLES
            .as_ref()
            .is_some_and(|titles| titles.is_match(&words));
        if plain || !words.contains(char::is_alphanumeric) && !words.contains('?') {
            continue;
        }
        let says = says(split::greeted(&words), asked, today, &known);
        title.shipment &= says.shipment;
        title.answer &= says.answer;
        title.never |= says.never;
    }
    title
}

/// Words of which names of files consist that hold shipments or answers.
const FILE: &str = "worldship|shipstation|netsuite|shopify|quickbooks|ship|shipped|shipping|shipment|shipments|confirm|confirmation|confirmations|confirmed|asn|asns|advance|advice|advices|notice|notices|notification|notifications|tracking|trackings|track|trk|tracked|number|numbers|nos|order|orders|po|pos|purchase|purchases|ack|acks|acknowledgement|acknowledgements|acknowledgment|acknowledgments|acknowledge|answer|answers|response|responses|reply|replies|status|statuses|report|reports|reporting|export|exported|exports|extract|download|downloads|downloaded|file|files|data|table|tables|sheet|sheets|book|workbook|list|lists|listing|csv|txt|tsv|tab|xls|xlsx|xlsm|ods|versand|envio|text|dat|edi|htm|html|eml|outbound|output|daily|weekly|monthly|hourly|today|for|from|to|of|the|and|by|all|copy|update|updates|updated|feed|batch|result|results|detail|details|info|information|summary|invoice|invoices|fulfill|fulfil|fulfillment|fulfilment|fulfillments|fulfilled|dispatch|dispatches|dispatched|despatch|delivery|deliveries|dropship|drop|package|packages|parcel|parcels|ups|fedex|usps|dhl|carrier|carriers|manifest|log|vendor|vendors|supplier|suppliers|customer|customers|web|shop|store|attachment|attached|document|documents|doc|ascii|utf|est|pst|cst|gmt|utc|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun|january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|complete|completed|sales|week|day|date|run|our|your|my|us|usa|inc|llc|ltd|corp|poms|untitled|noname|unnamed|part|page|mail|message|email|query|sap|netsuite|shopify|shipstation|quickbooks|amazon|sps|ver|version|line|lines|item|items|sku|skus|goods|am|pm|note|notes|st|nd|rd|th|att|bin|new|raw";
static FILES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!("^(?:{FILE}|[a-z])+$")).ok());

/// The words of a file's name, its ending included.
pub(super) fn words_of(name: &str) -> Vec<String> {
    let mut text = String::new();
    let mut before = ' ';
    for c in name.chars().take(200) {
        if c.is_uppercase() && before.is_lowercase() {
            text.push(' ');
        }
        text.push(c);
        before = c;
    }
    let words = text.split(|c: char| !c.is_alphabetic());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// The first word of a table's file name that is not understood; `names` are of the vendor, the shop
/// and the purchase order.
pub fn strange_in_file_name(name: &str, names: &[String]) -> Option<String> {
    strange_words(name, names).into_iter().next()
}

/// All of them.
pub(super) fn strange_words(name: &str, names: &[String]) -> Vec<String> {
    let named: Vec<String> = names.iter().flat_map(|name| words_of(name)).collect();
    let joined: String = named.concat();
    let known = |word: &String| {
        let listed = FILES.as_ref().is_some_and(|files| whole(files, word));
        listed || named.contains(word) || word.len() > 3 && joined.starts_with(word.as_str())
    };
    let words = words_of(name).into_iter();
    words.filter(|word| !known(word)).collect()
}

/// Whether a word consists of listed ones; single letters only by themselves or before one of them.
fn whole(files: &Regex, word: &str) -> bool {
    word.len() == 1 || FILE.split('|').any(|one| one == word) || {
        let long = word.len() >= 5 && files.is_match(word);
        long && segments(word)
    }
}

/// Whether a word is two or more listed words of three letters and more, as `shipconfirm` is.
fn segments(word: &str) -> bool {
    let mut parts = FILE.split('|').filter(|one| one.len() >= 2);
    word.is_empty() || parts.any(|one| word.strip_prefix(one).is_some_and(segments))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_compile() {
        assert!(
            [&BEFORE, &OURS, &NUMBERS, &TITLES, &FILES]
                .iter()
                .all(|list| list.is_some())
        );
    }

    #[test]
    fn subjects() {
        let own = ["Purchase order W1-1 from Fernhill Trading Co.".to_owned()];
        let names = [
            "Acme Home Goods".to_owned(),
            "Fernhill Trading Co.".to_owned(),
        ];
        let asked = AskedPo {
            po_number: "W1-1",
            lines: &[],
            vendor: None,
        };
        let today = NaiveDate::from_ymd_opt(2025, 6, 2).unwrap();
        let read = |text: &str| title(text, &own, &names, asked, today);
        for text in [
            "Re: Purchase order W1-1 from Fernhill Trading Co.",
            "RE: FW: purchase order W1-1 from fernhill trading co.",
            "",
            "W1-1",
            "Re: order",
            "PO W1-1 shipped",
            "W1-1 shipments",
            "Your order has shipped",
            "Order Confirmation SO-12345",
            "Acme Home Goods: Shipment Notification for PO W1-1",
            "ASN 000123456",
            "[EXTERNAL] Re: Purchase order W1-1 from Fernhill Trading Co.",
            "Tracking information for order W1-1",
            "Purchase Order Acknowledgement - W1-1",
            "Re: Has purchase order W1-1 shipped?",
            "Re: Please confirm purchase order W1-1",
            "RE: 2 purchase orders wait for your answer",
            "Re: 2 purchase orders",
        ] {
            let says = read(text);
            assert!(
                says.shipment && says.answer && !says.never,
                "{text}: {says:?}"
            );
        }
        for text in [
            "Cannot fill Purchase order W1-1 from Fernhill Trading Co.",
            "NOT Re: Purchase order W1-1 from Fernhill Trading Co.",
            "Price increase - Purchase order W1-1 from Fernhill Trading Co.",
            "Re: Purchase order W1-1 from Fernhill Trading Co. - cancel",
            "Question about W1-1",
            "Out of office: W1-1",
            "W1-1 forecast",
            "Wrong address W1-1",
        ] {
            let says = read(text);
            assert!(!says.shipment, "{text}: {says:?}");
            assert!(!says.answer || says.never, "{text}: {says:?}");
        }
        assert!(read("Re: Purchase order W1-1 from Fernhill Trading Co. - backordered").never);
    }

    #[test]
    fn file_names() {
        let names = [
            "Acme Home Goods".to_owned(),
            "Fernhill Trading Co.".to_owned(),
            "W1-1".to_owned(),
        ];
        for name in [
            "a.csv",
            "shipments.csv",
            "ASN_20250602.csv",
            "ShipConfirm-W1-1.txt",
            "acme_shipments_0602.csv",
            "W1-1.csv",
            "export (3).csv",
            "Daily Tracking Report.csv",
            "FERNHILL_856_001.csv",
            "ReportResults.csv",
            "PO_ack.csv",
            "orderack.csv",
            "tracking-numbers-June.tsv",
            "Book1.csv",
            "fulfillments_export_1.csv",
        ] {
            assert_eq!(strange_in_file_name(name, &names), None, "{name}");
        }
        for name in [
            "forecast.csv",
            "template.csv",
            "backorder.csv",
            "unshipped.csv",
            "to-ship.csv.void",
            "open_orders.csv",
            "samples.csv",
            "bo.csv",
            "no.csv",
            "old-shipments.csv",
        ] {
            let strange = strange_in_file_name(name, &names);
            assert!(strange.is_some(), "{name}");
        }
    }
}
