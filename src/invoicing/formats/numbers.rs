//! Words in the numbers of bills and purchase orders: a number has figures and a few words for what it is.
//! Any other may say that it is a quote, a draft, or that it is paid.

use regex::Regex;
use std::sync::LazyLock;

/// Papers that are none to be paid, by how their numbers begin or end.
static OTHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*(?:est|estimate|quo|quote|quotation|qte|draft|pro ?-?forma|pf|stmt|statement|copy|dup|duplicate|tests?|samples?|void|rma|rga|returns?|rtn|refund|dep|deposit|reversal|credit ?memo|credit|crm|cm|cn|order ack|ack|packing ?(?:slip|list)|delivery note|remittance|payment|paid|check|cheque)(?:[-# _.:/]*[a-z]?\d|[ -]\S|\W*$)|\d[-_ :/.]*(?:est|quote|draft|void|paid|copy|dup|test|sample|estimate|credit|statement|proforma)\W*$|\d[-_ :/.]+(?:cr|cm|cn|crm|rev|revised|r|final|partial|part|dep|deposit)[-_ ]?\d{0,2}\W*$|\s\(?\d{1,2} ?/ ?\d{1,2}\)?\W*$").ok()
});
/// Words that may stand in a bill's number.
const BILL: &[&str] = &[
    "inv",
    "invoice",
    "invoices",
    "bill",
    "no",
    "nr",
    "num",
    "number",
    "nbr",
    "doc",
    "ref",
    "si",
    "in",
    "iv",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
];
/// Words that may stand beside the number of a purchase order.
const ORDER: &[&str] = &[
    "po",
    "p",
    "o",
    "pos",
    "purchase",
    "order",
    "orders",
    "no",
    "nr",
    "num",
    "number",
    "numbers",
    "your",
    "our",
    "ref",
    "reference",
    "customer",
    "cust",
    "and",
    "u",
    "plus",
    "for",
    "drop",
    "ship",
    "dropship",
    "web",
];

/// Words of a cell that stand by themselves, of letters alone.
fn words(cell: &str) -> impl Iterator<Item = String> {
    let apart = |c: char| c.is_whitespace() || ",;&+()[]".contains(c);
    let words = cell
        .split(apart)
        .map(|word| word.trim_matches(['.', ':', '#', '-', '*', '\'', '"', '!', '?']));
    let words = words.filter(|word| !word.is_empty() && word.chars().all(char::is_alphabetic));
    words.map(str::to_lowercase)
}

fn has_figure(cell: &str) -> bool {
    cell.bytes().any(|b| b.is_ascii_digit())
}

/// Why the number of a bill is none of a bill that is to be paid.
pub(super) fn of_bill(cell: &str, credit: bool) -> Option<&'static str> {
    let cell = cell.trim();
    let other = OTHER.as_ref().is_some_and(|other| other.is_match(cell));
    let strange = has_figure(cell)
        && words(cell).any(|word| word.chars().count() > 1 && !BILL.contains(&word.as_str()));
    match (other, strange) {
        _ if credit || cell.is_empty() => None,
        _ if cell.contains('?') => Some("which is no certain number"),
        (true, _) => Some("which is the number of another paper than a bill"),
        (_, true) => Some("whose words poms does not know beside a bill's number"),
        _ => None,
    }
}

/// Why the number of a purchase order says more than that.
pub(super) fn of_order(cell: &str) -> Option<&'static str> {
    let strange = words(cell).any(|word| !word.is_empty() && !ORDER.contains(&word.as_str()));
    (has_figure(cell) && strange || cell.contains('?'))
        .then_some("whose words poms does not know beside a purchase order's number")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_bills() {
        assert!(OTHER.is_some());
        for cell in [
            "8020 PAID",
            "EST-8021",
            "QUOTE8022",
            "CM8023",
            "STATEMENT NOV",
            "N87 draft",
            "Pro forma 12",
            "RMA-5",
            "copy of 8020",
            "8020-draft",
            "8020 (second notice)",
            "TEST",
        ] {
            assert!(of_bill(cell, false).is_some(), "{cell}");
        }
        for cell in [
            "8020",
            "INV-8020",
            "Invoice 8020",
            "A-1",
            "IN20931",
            "QT10-1 ".trim(),
            "ACME-1001",
            "CMX-12",
            "ESTES-100",
            "inv no. 8020",
            "80/20",
            "Nov 2026",
            "",
        ] {
            assert_eq!(of_bill(cell, false), None, "{cell}");
        }
        assert_eq!(of_bill("CM-9", true), None);
    }

    #[test]
    fn numbers_of_purchase_orders() {
        for cell in [
            "Q27-1 paid",
            "not Q29-1",
            "Q27-1 (cancelled line)",
            "Q27-1?",
            "see Q27-1",
        ] {
            assert!(of_order(cell).is_some(), "{cell}");
        }
        for cell in [
            "Q27-1",
            "PO Q27-1",
            "PO# Q27-1",
            "Q27-1 and Q28-1",
            "Q27-1, Q28-1",
            "your order Q27-1",
            "verbal",
            "W200001~2",
            "",
        ] {
            assert_eq!(of_order(cell), None, "{cell}");
        }
    }
}
