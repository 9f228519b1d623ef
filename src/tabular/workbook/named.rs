//! Names of sheets that say nothing of their rows: those that programs give, and what the table is.

use regex::Regex;
use std::sync::LazyLock;

static PLAIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?:(?:sheets?|tabelle|feuil|feuille|hoja|blatt|planilha|foglio|folha|blad|ark|arkusz|list|лист|table|tables|book|workbook|page|worksheet|excel|csv|xls|xlsx|ods|",
        r"export|exports|exported|data|raw|report|reports|results?|output|query|extract|download|view|table1|daily|weekly|monthly|",
        r"shipments?|shipping|shipped|ship|asns?|advance|advices?|notices?|notifications?|confirmations?|confirm|confirmed|tracking|track|numbers?|information|info|details?|summary|",
        r"despatch|dispatch|dispatches|packing slips?|orders?|pos?|purchase|sales|acks?|acknowledge?ments?|responses?|answers?|status|",
        r"invoices?|bills?|billing|vendors?|suppliers?|transactions?|expenses?|purchases|payables?|ap|ar|aging|unpaid|transaction list|by|for|and|of|the|",
        r"catalogu?es?|products?|items?|skus?|articles?|prices?|costs?|inventory|stock|offers?|assortment|listings?|variants?|import|template import|",
        r"inc|llc|ltd|co|ups|fedex|usps|worldship|shipstation|netsuite|quickbooks|shopify|qb|",
        r"january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|",
        r"\d+|st|nd|rd|th|[a-z])\s)+$"
    ))
    .ok()
});

/// Whether a name is of those: `Sheet1`, `Tabelle1`, `Export`, `Shipments 2026-11-30`, `Bills`. "Void",
/// "Draft", "Old prices" or "Orders to ship" is none, nor is a name of anybody.
pub fn is_plain_name(name: &str) -> bool {
    let signs = |c: char| if c.is_alphanumeric() { c } else { ' ' };
    // "Sheet1", "PO_export2"
    let mut text = String::new();
    let mut digits = false;
    for c in name.to_lowercase().chars().take(64).map(signs) {
        if c.is_ascii_digit() != digits {
            text.push(' ');
        }
        digits = c.is_ascii_digit();
        text.push(c);
    }
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let whole = name.chars().count() <= 64 && !name.contains(['?', '!']);
    whole
        && (words.is_empty()
            || PLAIN
                .as_ref()
                .is_some_and(|plain| plain.is_match(&format!("{words} "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets() {
        for name in [
            "Sheet1",
            "Tabelle1",
            "Feuil1",
            "Hoja1",
            "Blatt1",
            "Export",
            "Data",
            "Shipments",
            "ASN",
            "Bills",
            "Shipments 2026-11-30",
            "Tracking numbers",
            "Invoices Nov 2026",
            "Catalogue",
            "Prices",
            "Vendors",
            "PO Acknowledgment",
            "sheet 1 (2)",
            "Shipping_Report",
        ] {
            assert!(is_plain_name(name), "{name}");
        }
        for name in [
            "Cancelled",
            "Voided",
            "Void",
            "Returns",
            "Pending",
            "Open orders",
            "Draft",
            "Template",
            "Not shipped",
            "Backorder",
            "To ship",
            "Labels",
            "Sample",
            "Test",
            "RMA",
            "Unshipped",
            "Planned",
            "Storniert",
            "Paid",
            "Do not pay",
            "Drafts",
            "Quotes",
            "Old prices",
            "Discontinued",
            "Pick list",
            "Shipments?",
            "Shipmentsold",
        ] {
            assert!(!is_plain_name(name), "{name}");
        }
    }
}
