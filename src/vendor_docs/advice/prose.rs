//! A sentence that says what left: "PO W200001-1 shipped today via UPS Ground 1Z…". Only a number
//! that is of a carrier for certain counts, by its check digit.

use super::carrier_mail::po_in;
use super::headers::AdviceField;
use crate::carriers::{Check, carrier_by_name, compact, recognise, recognise_of};
use regex::Regex;
use std::sync::LazyLock;

macro_rules! pattern {
    ($name:ident, $pattern:expr) => {
        static $name: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new($pattern).ok());
    };
}

pattern!(
    CALLED,
    r"(?i)\btracking(?: numbers?| nos?\.?| id| code)?(?: is| are|:|#)*\s+#?(\d{4}(?: \d{2,4}){3,6}|[0-9A-Z]{8,40})\b"
);
pattern!(UPS, r"(?i)\b(1Z[0-9A-Z]{16})\b");
pattern!(
    CARRIED,
    r"(?i)\b(ups|fed ?ex|usps|dhl|ontrac)\b[^\n]{0,30}?[\s:#/-](\d{4}(?: \d{2,4}){3,6}|[0-9A-Z]{10,34})\b"
);
pattern!(
    SKU,
    r"(?i)\b(?:sku|item|part)\s*#?:?\s*([A-Z0-9][A-Z0-9._/-]*\d[A-Z0-9._/-]*)"
);
pattern!(
    PIECES,
    r"(?i)\b(\d{1,4})\s*(?:pcs?|pieces?|ea|each|units?)\b|\bqty\.?:?\s*(\d{1,4})\b"
);

pattern!(
    ITEM,
    r"(?i)^\W*(\d{1,4}) ?[x×] +(?:sku:? *)?([A-Z0-9][A-Z0-9._/-]*\d[A-Z0-9._/-]*)(?:\W|$)"
);

// a carrier's own page about the number
pattern!(
    PAGE,
    r"(?i)^https://(?:[a-z0-9-]+\.)*(ups|fedex|usps|dhl)\.com/\S*?[=/]([0-9a-z]{10,34})(?:[&#/?]\S*)?$"
);

/// What a line says: a parcel, or `2 x SKU`; else nothing. Of a link counts the number whose page it is, on
/// its carrier's own site.
pub(super) fn record(line: &str) -> Vec<(AdviceField, String)> {
    let (links, words): (Vec<&str>, Vec<&str>) =
        line.split(' ').partition(|word| word.contains("://"));
    let line = words.join(" ");
    let mut numbers = numbers(&line);
    let shown = links.into_iter().filter_map(of_page);
    for number in shown.collect::<Vec<_>>() {
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    if numbers.is_empty() {
        let item = ITEM.as_ref().and_then(|item| item.captures(&line));
        return item.map_or_else(Vec::new, |item| {
            let (qty, sku) = (item[1].to_owned(), item[2].to_owned());
            vec![(AdviceField::Qty, qty), (AdviceField::Sku, sku)]
        });
    }
    let first = |pattern: &LazyLock<Option<Regex>>| {
        let found = pattern.as_ref()?.captures(&line)?;
        let group = found.iter().skip(1).flatten().next()?;
        Some(group.as_str().to_owned())
    };
    let said = [
        (AdviceField::Po, po_in(&line)),
        (AdviceField::Sku, first(&SKU)),
        (AdviceField::Qty, first(&PIECES)),
        (AdviceField::Tracking, Some(numbers.join(", "))),
    ];
    let said = said
        .into_iter()
        .filter_map(|(field, value)| Some((field, value?)));
    said.collect()
}

/// The number of a link to its carrier's own page.
fn of_page(link: &str) -> Option<String> {
    let link = link.trim_matches(['<', '>', '(', ')', '.', ',']);
    let page = PAGE.as_ref()?.captures(link)?;
    let carrier = carrier_by_name(&page[1])?;
    let number = compact(&page[2])?;
    let best = recognise_of(&number, Some(carrier)).into_iter().next()?;
    let its = best.check == Check::Valid && best.carrier.code == carrier.code;
    its.then_some(number)
}

/// The numbers that are beyond doubt, each once.
fn numbers(line: &str) -> Vec<String> {
    let mut numbers: Vec<String> = Vec::new();
    let mut add = |text: &str, carrier: Option<&str>| {
        let named = carrier.and_then(carrier_by_name);
        let Some(number) = compact(text) else { return };
        let found = match named {
            Some(_) => recognise_of(&number, named),
            None => recognise(&number),
        };
        let certain = found.first().is_some_and(|best| {
            best.check == Check::Valid && named.is_none_or(|named| named.code == best.carrier.code)
        });
        if certain && !numbers.contains(&number) {
            numbers.push(number);
        }
    };
    for pattern in [&CALLED, &UPS] {
        let found = pattern.as_ref().map(|pattern| pattern.captures_iter(line));
        for groups in found.into_iter().flatten() {
            add(&groups[1], None);
        }
    }
    let found = CARRIED.as_ref().map(|pattern| pattern.captures_iter(line));
    for groups in found.into_iter().flatten() {
        add(&groups[2], Some(&groups[1]));
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sentences() {
        let of = |line: &str| -> String {
            let said = record(line)
                .into_iter()
                .map(|(field, value)| format!("{field:?} {value}"));
            said.collect::<Vec<_>>().join("; ")
        };
        for (line, says) in [
            (
                "Your PO W1-1 shipped today via UPS Ground 1Z5R89390357567127.",
                "Po W1-1; Tracking 1Z5R89390357567127",
            ),
            (
                "SKU BF63-12163 - 2 pcs - FedEx 794651239885",
                "Sku BF63-12163; Qty 2; Tracking 794651239885",
            ),
            (
                "USPS tracking 9400 1092 0556 8000 0012 33 for you",
                "Tracking 9400109205568000001233",
            ),
            // a wrong check digit, a telephone number, a link
            ("shipped by FedEx 794651239886", ""),
            ("call UPS at 800-742-5877", ""),
            ("UPS https://x.example/?n=1Z5R89390357567127", ""),
            ("we will ship W1-1 by UPS tomorrow", ""),
            (
                "Track it here: https://www.ups.com/track?tracknum=1Z5R89390357567127",
                "Tracking 1Z5R89390357567127",
            ),
            (
                "https://www.fedex.com/fedextrack/?trknbr=794651239885&cntry=us",
                "Tracking 794651239885",
            ),
            ("https://www.ups.com/track?tracknum=1Z5R89390357567128", ""),
            ("https://www.ups.com.x.example/?n=1Z5R89390357567127", ""),
            ("https://www.fedex.com/?n=1Z5R89390357567127", ""),
            ("2 x BF63-12163 Brass Floor Lamp", "Qty 2; Sku BF63-12163"),
            ("2 x Brass Floor Lamp", ""),
        ] {
            assert_eq!(of(line), says, "{line}");
        }
        for pattern in [&CALLED, &UPS, &CARRIED, &SKU, &PIECES, &ITEM, &PAGE] {
            assert!(pattern.is_some());
        }
    }

    proptest! {
        #[test]
        fn never_panics(line in "(UPS|FedEx|PO |tracking |1Z5R89390357567127|794651239885|9400 |qty 2|\\PC| ){0,20}") {
            record(&line);
        }
    }
}
