//! Words beside a table of shipments or answers. The table acts; the words never do, but a person
//! must read them when they say more than "please see attached": a line that does not come, another
//! day, a question, a quantity.

use super::mask::{self, date_of};
use super::sentences::sentences;
use super::vocabulary::*;
use super::{Ack, AskedPo, Scope};
use crate::domain::pattern::fits;
use crate::vendor_docs::text::quote;
use chrono::NaiveDate;

/// What the table says already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableWords {
    /// Days on which goods leave or are there again.
    pub days: Vec<NaiveDate>,
    /// Whether every row says that goods left or will.
    pub good: bool,
    /// Whether all of the purchase order left, as far as one is known.
    pub complete: bool,
}

/// Longest text that is shown to a person, in characters.
const SHOWN: usize = 2_000;

/// The words, when they add to the table or contradict it; `None` for courtesy. `agrees` knows
/// whether what they say of a line stands so after the table was acted on.
pub fn adds(
    (text, rich): (Option<&str>, Option<&str>),
    asked: AskedPo<'_>,
    today: NaiveDate,
    said: &TableWords,
    agrees: impl Fn(&Scope, &Ack) -> bool,
) -> Option<String> {
    let own = quote::own_words(text, rich)?;
    let masked = mask::mask(&own, asked, today);
    let matters = |sentence: &String| {
        let days = sentence.chars().filter_map(date_of);
        let mut days = days.map(|at| masked.dates.get(at).copied().flatten());
        // "today's shipments" beside rows that name no day
        let known = |day: NaiveDate| {
            said.days.contains(&day) || said.days.is_empty() && said.good && day == today
        };
        let strange = days.any(|day| !day.is_some_and(known));
        needs_a_person(sentence, strange, said)
    };
    if !sentences(&masked.text).iter().any(matters) {
        return None;
    }
    // "B is on backorder until 12/15", as the table says, adds nothing either
    let reply = super::loosely(&super::parts(text, rich)?, asked, today);
    let known = |(scope, ack): &(Scope, Ack)| agrees(scope, ack);
    if reply.unclear.is_none() && !asked.lines.is_empty() && reply.per_line.iter().all(known) {
        return None;
    }
    Some(own.chars().take(SHOWN).collect())
}

/// Whether words say of goods that a table has as leaving (by these SKUs, as it writes them) that
/// they do not come, or later; rows that name no SKU may be any goods.
pub fn says_otherwise(
    (text, rich): (Option<&str>, Option<&str>),
    asked: AskedPo<'_>,
    today: NaiveDate,
    skus: &[&str],
) -> bool {
    let Some(parts) = super::parts(text, rich) else {
        return true;
    };
    let reply = super::loosely(&parts, asked, today);
    let of_row = |sku: &str| {
        let line = asked.lines.iter().find(|line| line.sku == sku);
        let names = |name: &str| skus.iter().any(|one| one.trim().eq_ignore_ascii_case(name));
        line.is_none_or(|line| names(&line.sku) || names(&line.vendor_sku))
    };
    let against = |(scope, ack): &(Scope, Ack)| match (ack, scope) {
        (Ack::Accepted | Ack::ShipDate { .. }, _) => false,
        (_, Scope::All) => true,
        (_, Scope::Sku(sku)) => of_row(sku),
    };
    skus.is_empty() || reply.unclear.is_some() || reply.per_line.iter().any(against)
}

/// Whether words say that all of an order left.
pub fn says_all(own: &str) -> bool {
    let own = own.to_lowercase();
    let sentences = sentences(&own);
    let mut all = sentences.iter();
    all.any(|sentence| fits(&WHOLE, sentence) && fits(&SHIPPED, sentence))
}

/// Whether a sentence is more than courtesy; `strange` says that it names a day which the table has
/// not.
fn needs_a_person(sentence: &str, strange: bool, said: &TableWords) -> bool {
    let hard = is_hard(sentence);
    if !hard && (fits(&POLITE, sentence) || fits(&ROUTINE, sentence)) {
        return false;
    }
    let rest = without(&FILLER, sentence);
    let accepts = fits(&ACCEPTED, &rest) && !said.good;
    let whole = fits(&WHOLE, &rest) && fits(&SHIPPED, &rest) && !said.complete;
    hard || strange || accepts || whole || fits(&TROUBLE, &rest) || rest.trim_end().ends_with('?')
}

/// Whether a sentence says that goods do not come, or later.
fn is_hard(sentence: &str) -> bool {
    [
        &DISCONTINUED,
        &OUT_OF_STOCK,
        &BACKORDERED,
        &CANCELLED,
        &REJECTED,
    ]
    .iter()
    .any(|pattern| fits(pattern, sentence))
}

/// The lines of a document that stand beside its rows and say that goods do not come, or later;
/// `is_row` knows rows and headings.
pub fn warnings(text: &str, is_row: impl Fn(&str) -> bool) -> Option<String> {
    let line = |line: &&str| !is_row(line) && is_hard(&line.to_lowercase());
    let lines: Vec<&str> = text.lines().filter(line).map(str::trim).collect();
    let shown: String = lines.join("; ").chars().take(SHOWN).collect();
    (!shown.is_empty()).then_some(shown)
}

/// The first line of a document, none of its rows, that takes it back: "sent in error", "void".
pub fn taken_back(text: &str, is_row: impl Fn(&str) -> bool) -> Option<String> {
    let mut lines = text.lines().map(str::trim);
    let line = lines.find(|line| !is_row(line) && fits(&WENT_WRONG, line))?;
    Some(line.chars().take(SHOWN).collect())
}

#[cfg(test)]
mod tests {
    use super::super::AskedLine;
    use super::*;
    use proptest::prelude::*;

    fn lines() -> Vec<AskedLine> {
        let line = |sku: &str, vendor_sku: &str| AskedLine {
            sku: sku.to_owned(),
            vendor_sku: vendor_sku.to_owned(),
            ..AskedLine::default()
        };
        vec![
            line("BF63-12163", "AC-12163"),
            line("KT10-00010", "AC-00010"),
        ]
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Beside a table of shipments of 2 December that has all of the order, or a part.
    fn read(text: &str, complete: bool) -> Option<String> {
        let lines = lines();
        let asked = AskedPo {
            po_number: "W1-1",
            lines: &lines,
            vendor: None,
        };
        let said = TableWords {
            days: vec![day("2025-12-02")],
            good: true,
            complete,
        };
        let none = |_: &Scope, _: &Ack| false;
        adds((Some(text), None), asked, day("2025-12-02"), &said, none)
    }

    #[test]
    fn courtesy_says_nothing() {
        for text in [
            "Attached.",
            "Please see attached.",
            "Please find attached the shipping confirmation for PO W1-1.",
            "Hi Ann,\n\nplease see the attached file for today's shipments.\n\nThanks,\nBob",
            "Attached please find our ASN. Let me know if you have any questions.",
            "Your order has shipped! Tracking information is in the attached spreadsheet.",
            "W1-1 shipped today via UPS Ground. Tracking attached.",
            "Here is the tracking information for your orders.",
            "FYI",
            "Thank you for your business!\n\nAcme Home Goods\n12 Main Street, Springfield, IL 62701\n217-555-0144",
            "See attached ship notice.\n\nCONFIDENTIALITY NOTICE: This e-mail is not for anybody else. If you are not the \
             intended recipient, delete it.",
            "This is an automated message, please do not reply to this e-mail.",
            "Shipping confirmation attached. Shipped 12/2/2025.",
            "Good morning! Daily shipment report is attached.\n\nBest regards,\nCarol Jones\nShipping Department",
            "Please confirm receipt.\n\nThank you",
            "Invoice will follow separately.",
            "As requested, attached are the tracking numbers.\n\nSent from my iPhone",
            "All items have shipped. See attachment.",
        ] {
            assert_eq!(read(text, true), None, "{text}");
        }
    }

    #[test]
    fn what_adds_or_contradicts_is_shown() {
        for text in [
            "Please see attached. Line 2 is discontinued.",
            "Attached. BF63-12163 backordered until 12/15.",
            "See attached, but the kettle will follow next week.",
            "Attached is the tracking. 2 of the lamps were damaged and will be replaced.",
            "Please note that the price of the kettle has increased.",
            "We substituted the green one.",
            "The address could not be verified, so it is on hold.",
            "Balance ships Monday.",
            "We shipped 5 pieces, not 3.",
            "Can you confirm the suite number?",
            "Tracking attached. Ships 12/9.",
            "KT10-00010 is out of stock.",
            "Unfortunately we ran short of kettles.",
            "Please call me about this order.",
            "The lamps are gone for good.",
            "Our warehouse is closed from 12/24 to 1/2.",
            "Only one lamp was left.",
            "Please cancel the kettle on your side.",
            "There will be a delay with the rest.",
            "Please disregard the previous file.",
        ] {
            let shown = read(text, false);
            assert_eq!(shown.as_deref(), Some(text), "{text}");
        }
        assert!(read("Your order shipped complete, see attached.", false).is_some());
        assert!(read("Your order shipped complete, see attached.", true).is_none());
    }

    #[test]
    fn what_the_table_says_as_well_adds_nothing() {
        let lines = lines();
        let asked = AskedPo {
            po_number: "W1-1",
            lines: &lines,
            vendor: None,
        };
        let text = "Please see attached. BF63-12163 is backordered until 12/15/2025.";
        let read = |said: &TableWords, same: bool| {
            let agrees = |scope: &Scope, ack: &Ack| {
                same && *scope == Scope::Sku("BF63-12163".to_owned())
                    && matches!(ack, Ack::Backordered { until } if *until == Some(day("2025-12-15")))
            };
            adds((Some(text), None), asked, day("2025-12-02"), said, agrees)
        };
        assert_eq!(read(&TableWords::default(), true), None);
        assert!(read(&TableWords::default(), false).is_some());
    }

    #[test]
    fn lines_beside_keys_and_rows() {
        let row = |line: &str| line.contains(':') || line.contains(',');
        let text = "PO: 1001-1\nBackordered: 0\nTracking: 1Z5R89390357567127\nThe kettle is discontinued\n";
        assert_eq!(
            warnings(text, row).as_deref(),
            Some("The kettle is discontinued")
        );
        assert_eq!(warnings("PO: 1\nThank you for your order\n", row), None);
    }

    proptest! {
        #[test]
        fn any_words(text in ".{0,300}") {
            read(&text, false);
            warnings(&text, |_| false);
        }
    }
}
