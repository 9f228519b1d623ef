//! Lines above and below the rows of a table, and names of sheets: a closed list of those that say
//! nothing of the rows. Any other line may say that the rows below it are orders to ship, labels or
//! something long past.

use super::dates;
use crate::domain::pattern::fits;
use chrono::NaiveDate;
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// What a line may name without saying anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TitleNames {
    /// Of the vendor and of the shop.
    pub names: Vec<String>,
    /// Of the purchase orders and orders that the rows are about.
    pub numbers: Vec<String>,
}

/// Longest line that is looked at, in bytes.
const LONGEST: usize = 300;

// What stands for a name, a number and a day that are known.
const NAME: &str = "\u{1}";
const NUMBER: &str = "\u{2}";
const DAY: &str = "\u{3}";

macro_rules! pattern {
    ($name:ident, $pattern:expr) => {
        static $name: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new($pattern).ok());
    };
}

pattern!(
    DATED,
    concat!(
        r"(?:\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? )?",
        r"\b(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}(?:st|nd|rd|th)?[ -](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?[ -]\d{4}|20\d{6})\b",
        r"(?:(?:t|,? (?:at )?)\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?: ?[ap]\.?m\b\.?)?(?: ?(?:z|utc|gmt|[ecmp][sd]?t|[+-]\d{2}:?\d{2})(?:\b|$))?)?"
    )
);
pattern!(
    TITLE,
    concat!(
        r"^(?:(?:the|our|your|for|to|from|of|by|\x01|\x02|daily|weekly|monthly|hourly|all|customer|outbound|drop ?ship(?:ment)?|purchase|orders?|po|today'?s?|all) )*",
        r"(?:(?:shipping|shipment|ship|shipped|dispatch|despatch) (?:advices?|reports?|notices?|notifications?|confirmations?|confirm|confirms|details?|information|info|data|file|export|log)|(?:shipped|shipping) (?:orders?|items)|",
        r"shipments?|shipped(?: today)?|orders? shipped|advanced? (?:ship(?:ping|ment)?|dispatch|despatch) (?:notices?|notifications?|advices?)|asns?|856|",
        r"tracking(?: (?:numbers?|information|info|reports?|data|details?|updates?|export|file))?|packing slips?|versandanzeige|versandbestätigung|lieferavis)",
        r"(?: (?:reports?|export|data|file|information|info))?(?: (?:for|of|from|to|by|on|as of|number|no))*(?: (?:\x01|\x02|\x03|orders?|po|purchase))*$"
    )
);
pattern!(
    ABOUT,
    r"^(?:(?:prepared |sold )?(?:for|to|from|by|vendor|supplier|shipper|retailer|customer|company|account)(?: name)? )?\x01(?: (?:to|for|from|and) \x01)*$"
);
pattern!(
    NUMBERED,
    r"^(?:(?:your|our|customer|cust|for)? ?(?:p ?o|purchase orders?|orders?|pos)?(?: (?:number|no|nr|num|numbers))? ?)(?:\x02 ?)+$"
);
pattern!(
    DAYS,
    r"^(?:(?:(?:report|run|print|printed|export|exported|creation|created|generated|extracted|extract|file|produced|document|shipment|shipping|shipped|current)(?: (?:report|file|date|time|datetime|date time|generated|created|printed|run))*|date|dated|as of|date time)(?: (?:on|at|as of|for))? )?\x03$"
);
pattern!(
    PAGE,
    r"^(?:page|p|pg|seite) ?\d{1,4}(?: ?(?:of|/|von) ?\d{1,4})?$"
);
pattern!(
    MADE,
    r"^(?:(?:report|file|export) )?(?:generated|created|exported|produced|printed|sent) (?:by|from|with|using) (?:\x01|(?:ups )?worldship|shipstation|shippo|shipworks|easypost|netsuite|oracle netsuite|shopify|quickbooks(?: (?:desktop|online|enterprise))?|sage(?: \d{2,3})?|sap(?: (?:business one|b1))?|microsoft dynamics(?: \S{1,8})?|dynamics(?: \S{1,8})?|excel|acumatica|odoo|fishbowl|extensiv|skuvault|fedex ship manager|sps commerce|commercehub|our (?:system|erp|wms))(?: (?:on|at))?(?: \x03)?$"
);
pattern!(
    COURTESY,
    r"^(?:(?:many )?(?:thanks|thank you)(?: (?:again|so much|very much))?(?: for (?:your|the) (?:business|orders?|continued business))?[ !]*|confidential(?: information)?|questions ?\?? ?(?:please )?(?:call|phone|contact)(?: us)?(?: at| on)?(?: \d+){1,4}|we (?:thank you for|appreciate) your (?:business|orders?)|end of (?:report|file|list|data|table|document|shipments?)|end|sep ?=?)$"
);

/// The text with a sign for each of these, whole, whatever their case; longer ones first.
fn marked(text: &str, names: &[String], sign: &str) -> String {
    let mut names: Vec<String> = names.iter().map(|name| plain(name)).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let mut text = format!(" {text} ");
    for name in names.iter().filter(|name| name.len() > 2) {
        text = text.replace(&format!(" {name} "), &format!(" {sign} "));
    }
    text.trim().to_owned()
}

/// In lower case, words and numbers alone.
fn plain(text: &str) -> String {
    let sign = |c: char| match c {
        '\u{1}' | '\u{2}' | '\u{3}' | '?' | '!' | '%' | '&' | '\'' | '<' | '>' => c,
        c if c.is_alphanumeric() => c,
        _ => ' ',
    };
    let words: String = text.to_lowercase().chars().map(sign).collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a line says nothing of the rows beside it: a title of a shipping advice, the vendor's or the
/// shop's name, the day on which it was written (today or before), the rows' own purchase order, the
/// number of a page, the program that wrote it, thanks. `today` is the day of reading.
pub fn harmless(line: &str, known: &TitleNames, today: NaiveDate) -> bool {
    if line.len() > LONGEST {
        return false;
    }
    let mut ahead = false;
    let line = line.to_lowercase();
    let recent = |day: NaiveDate| (0..7).contains(&(today - day).num_days());
    let dated = |found: &Captures<'_>| match dates::parse(&found[0], None) {
        // with the day first, where that is of this week
        Some(read) if read.date <= today || read.other.is_some_and(recent) => {
            format!(" {DAY} ")
        }
        _ => {
            ahead = true;
            String::new()
        }
    };
    let line = match DATED.as_ref() {
        Some(pattern) => pattern.replace_all(&line, dated).into_owned(),
        None => return false,
    };
    if ahead {
        return false;
    }
    let whole = marked(&plain(&line), &known.names, NAME);
    let whole = marked(&whole, &known.numbers, NUMBER);
    is_one(&whole) || {
        let line = line.replace(" - ", "|");
        let mut pieces = line.split(['|', ',', ';', '\t', '–', '—', '(', ')', '[', ']', '"']);
        pieces.all(|piece| {
            let piece = marked(&plain(piece), &known.names, NAME);
            is_one(&marked(&piece, &known.numbers, NUMBER))
        })
    }
}

fn is_one(text: &str) -> bool {
    let all = [&TITLE, &ABOUT, &NUMBERED, &DAYS, &PAGE, &MADE, &COURTESY];
    text.is_empty() || all.into_iter().any(|pattern| fits(pattern, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> bool {
        let known = TitleNames {
            names: vec![
                "Alder Ridge Outfitters".to_owned(),
                "Alder".to_owned(),
                "Fernhill Trading Co.".to_owned(),
            ],
            numbers: vec!["W1-1".to_owned(), "W1".to_owned()],
        };
        harmless(line, &known, NaiveDate::from_ymd_opt(2026, 11, 30).unwrap())
    }

    #[test]
    fn titles_that_say_nothing() {
        for pattern in [
            &DATED, &TITLE, &ABOUT, &NUMBERED, &DAYS, &PAGE, &MADE, &COURTESY,
        ] {
            assert!(pattern.is_some());
        }
        for line in [
            "",
            ",,,,",
            "-----",
            "SHIPPING ADVICE",
            "Shipment report",
            "shipments",
            "Tracking",
            "Tracking numbers,,,,",
            "Tracking information",
            "ASN",
            "Advance Ship Notice",
            "Ship Confirmation",
            "Despatch advice",
            "Packing slip",
            "Alder daily shipments",
            "Alder Ridge Outfitters - Shipment Report",
            "Alder Ridge Outfitters",
            "Report date: 11/30/2026",
            "Run date 2026-11-30 06:00",
            "Printed 11/29/2026 3:05 PM",
            "2026-11-30",
            "November 30, 2026",
            "Report date:,11/30/2026",
            "Page 1 of 1",
            "page 2",
            "Generated by ShipStation",
            "Generated by WorldShip on 11/30/2026",
            "PO W1-1",
            "PO Number: W1-1",
            "Purchase order W1-1",
            "Shipments for PO W1-1",
            "Shipping advice for Fernhill Trading Co.",
            "Customer: Fernhill Trading Co.",
            "Thank you for your business",
            "End of report",
            "*** END OF REPORT ***",
            "Daily shipments 11/30/2026",
            "Monday, November 30, 2026",
            "sep=,",
            "Vendor: Alder",
            "Shipped orders",
            "Shipments as of 11/30/2026",
        ] {
            assert!(read(line), "{line}");
        }
    }

    #[test]
    fn any_other_line_is_none_of_them() {
        for line in [
            "Label report",
            "Labels created",
            "Pick list",
            "Packing list",
            "Orders to ship",
            "Awaiting shipment",
            "Outstanding orders",
            "Open PO report",
            "Items on order",
            "Shipping schedule",
            "Pre-alert",
            "Proforma",
            "Forecast",
            "Order acknowledgement",
            "Order confirmation",
            "Expected shipments",
            "Upcoming shipments",
            "Backlog",
            "SAMPLE",
            "EXAMPLE DATA",
            "Status: open",
            "Inventory report",
            "Price list",
            "Ready for carrier",
            "Nicht versendet",
            "Storniert",
            "Errata",
            "Supersedes earlier report",
            "Backorder report,,,,,",
        ] {
            assert!(!read(line), "{line}");
        }
    }

    #[test]
    fn a_line_that_names_something_else_is_none_of_them() {
        for line in [
            "Ship to: Acme Corp, Dayton OH",
            "Consignee: Acme Corp",
            "Customer: Acme Corp",
            "Vendor: Cedar Valley Tool Works",
            "PO V001-1",
            "Order V002",
            "Carrier: FedEx",
            "Qty in cases",
            "All quantities x12",
            "Ship date 12/04/2026",
            "Shipments for 12/04/2026",
            "Week of 12/07/2026",
            "Plan",
            "Work in progress",
            "Allocated",
            "Orders - open",
            "New orders",
            "Quotation",
            "Duplicate",
            "Copy",
            "Archive",
            "2025 shipments",
            "October shipments",
            "Shipments to cancel",
            "Void shipments",
            "Shipments?",
            "Shipments not sent",
            "Report date 12/04/2026",
            "Generated by mistake",
            "Printed labels",
            "Shipments: none",
            "Shipment report void",
            "Total shipped: 0",
            "end of file - unshipped",
            "Not shipped",
            "To ship",
        ] {
            assert!(!read(line), "{line}");
        }
    }
}
