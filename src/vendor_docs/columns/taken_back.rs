//! The one list of words by which a cell takes its row back, whatever column it stands in: a label that
//! was voided, goods that came back, wait or are lost. A status is read by what is known to be good, and
//! needs none of them but for the sentence that tells a person.

use regex::Regex;
use std::sync::LazyLock;

/// Wherever they stand in a cell.
static ANYWHERE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:void(?:s|ed|ing)?|cancel\w*|cancl\w*|cxl\w*|returns?|returned|returning|rts|rma|rga|pending|",
        r"(?:on[ -]?)?hold|holding|label[ -]?(?:only|created|printed|generated|purchased|voided)|pre-?(?:advice|transit|ship\w*)|",
        r"back[ -]?order\w*|b/o|refus(?:ed|al)|reject(?:ed|ion)?|declin\w*|lost|missing|stolen|damaged?|damages|defective|destroyed|unship\w*|",
        r"unfulfil\w*|undeliver\w*|not (?:yet )?(?:been )?(?:shipped|sent|available|deliver(?:ed)?|picked|packed|left|processed|accepted)|",
        r"do(?:es)? not (?:ship|deliver|send|use|process)|did not (?:ship|leave|arrive)|never (?:shipped|left|arrived)|",
        r"out[ -]of[ -]stock|oos|discontinued|sent in error|in error|wrong (?:item|colou?r|size|article|goods)|",
        r"substitut(?:ed?|ion)|replaced (?:by|with)|(?:credit|debit|cr)[ -]?(?:memo|note)s?|disregard|await\w*|delayed|quarantined?|recalled|reversed|refunded)\b"
    ))
    .ok()
});
/// Only as the whole of a cell: what stands there for what is to come.
static WHOLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*(?:tb[acd]|to be (?:determined|advised|confirmed|assigned|announced)|to follow|waiting(?: .*)?|unknown|deleted?|unassigned|soon|later|coming soon|next week|tomorrow|not (?:yet )?(?:assigned|known)|error|\?+|xxx+)\W*$").ok()
});
/// Addresses of mail and of the web are no words.
static ADDRESS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\S*(?:://|@|www\.)\S*").ok());

/// Whether a cell of any column says that the row is no shipment, or stands for what is to come.
pub fn takes_back(cell: &str) -> bool {
    let bare = match ADDRESS.as_ref() {
        Some(address) => address.replace_all(cell, " "),
        None => cell.into(),
    };
    let words = bare.replace('_', " ");
    let has =
        |list: &LazyLock<Option<Regex>>| list.as_ref().is_some_and(|list| list.is_match(&words));
    has(&ANYWHERE) || has(&WHOLE)
}

/// Whoever fetches goods himself, where a carrier would stand.
static COLLECTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\bwill[ -]?call\b|\b(?:customer|cust|buyer|store|local|counter|dock|in[ -]store)(?:'?s)?[ -]?(?:pick(?:s|ed)?[ -]?up|pick|collect(?:s|ion)?|collected)\b|\b(?:collected|picked up) by (?:the )?(?:customer|buyer)\b|^\W*(?:pick(?:ed)?[ -]?up|collect(?:ion)?|collected|cpu|none|no carrier|hand[ -]?deliver(?:y|ed)?)\W*$").ok()
});

/// Whether a carrier's cell says that no carrier has the goods.
pub fn collected(cell: &str) -> bool {
    COLLECTED.as_ref().is_some_and(|list| list.is_match(cell))
}

/// Numbers of papers by which no goods leave: credits, returns, quotes.
static OTHER_PAPER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*(?:rmas?|rga|rtn|returns?|refund|credit(?: ?(?:memo|note))?|debit(?: ?(?:memo|note))?|void|draft|tests?|samples?|quot(?:e|ation)|estimate|pro ?-?forma|rfq)[-# _.:/]*[a-z]?\d[\w-]*\W*$").ok()
});
/// The same in few letters, where the column is of bills.
static SHORTENED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*(?:cm|cr|cn|dm|est|qt|qte|quo)[-# _.:/]*\d{1,8}\W*$").ok()
});

/// Whether a number, by the letters before it, is one of a paper by which no goods leave.
pub fn is_of_other_paper(heading: &str, cell: &str) -> bool {
    let heading = heading.to_lowercase();
    let billed = ["inv", "bill", "doc"]
        .iter()
        .any(|word| heading.contains(word));
    let has =
        |list: &LazyLock<Option<Regex>>| list.as_ref().is_some_and(|list| list.is_match(cell));
    has(&OTHER_PAPER) || billed && has(&SHORTENED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_papers_by_which_no_goods_leave() {
        assert!(OTHER_PAPER.is_some() && SHORTENED.is_some());
        for (heading, cell) in [
            ("reference", "RMA-55"),
            ("Order Number", "Quote 1012"),
            ("invoice", "CM-9"),
            ("Invoice No.", "CR1001"),
            ("ref", "sample-1"),
            ("doc no", "EST-77"),
        ] {
            assert!(is_of_other_paper(heading, cell), "{cell}");
        }
        for (heading, cell) in [
            ("reference", "CR1001"),
            ("invoice", "IN20931"),
            ("order number", "SO-55102"),
            ("invoice", "CRB-10023"),
            ("reference", "Return"),
        ] {
            assert!(!is_of_other_paper(heading, cell), "{cell}");
        }
    }

    #[test]
    fn words_that_take_a_row_back() {
        for cell in [
            "Will call",
            "WILL-CALL",
            "pickup",
            "Customer collects",
            "Picked up by customer",
        ] {
            assert!(collected(cell), "{cell}");
        }
        for cell in [
            "UPS",
            "FedEx Ground Collect",
            "UPS Ground Collect",
            "Store Supply Express",
        ] {
            assert!(!collected(cell), "{cell}");
        }
        assert!(ANYWHERE.is_some() && WHOLE.is_some() && ADDRESS.is_some());
        for cell in [
            "VOID",
            "void",
            "Returns department",
            "Return Service",
            "RMA-55",
            "RTS",
            "pending",
            "Return label",
            "CANCELLED",
            "Lamp (substituted)",
            "label_created",
            "On hold",
            "TBD",
            "???",
            "Not yet shipped",
            "B/O",
            "credit memo 9",
        ] {
            assert!(takes_back(cell), "{cell}");
        }
        for cell in [
            "Lamp, brass",
            "12 Elm St",
            "Holder for pots",
            "Household",
            "avoid heat",
            "returns@acme.example",
            "https://acme.example/returns",
            "UPS Ground",
            "1",
            "Collected",
            "Credit card",
        ] {
            assert!(!takes_back(cell), "{cell}");
        }
    }
}
