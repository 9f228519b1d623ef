//! Keys of blocks that the readers of advices do not need, each kind with the values that say nothing of
//! whether goods left. A key on no list, or another value, is for a person.

use super::numbers::contacts;
use super::says::Says;
use crate::vendor_docs::columns;
use regex::Regex;
use std::sync::LazyLock;

/// Keys that name the recipient, the goods, the vendor or the packages: whoever asks holds their values
/// against the purchase order ([`super::named_keys`]).
const NAMING: &[&str] = &[
    "ship to",
    "shipped to",
    "shipping address",
    "deliver to",
    "delivery address",
    "country",
    "ship to country",
    "cartons",
    "boxes",
    "packages",
    "number of packages",
    "no of packages",
    "total packages",
    "number of cartons",
    "number of boxes",
    "description",
    "item description",
    "product name",
    "item name",
    "color",
    "colour",
    "size",
    "vendor",
    "supplier",
    "sold to",
    "bill to",
    "billed to",
];
/// How to reach somebody.
const REACH: &[&str] = &[
    "phone",
    "tel",
    "telephone",
    "fax",
    "email",
    "e-mail",
    "web",
    "website",
];
const WEIGHT: &[&str] = &["weight", "total weight", "gross weight"];
/// The vendor's own numbers, which poms does not keep.
const OWN_NUMBERS: &[&str] = &[
    "our order",
    "our order number",
    "our order no",
    "sales order",
    "sales order number",
    "our reference",
    "our ref",
    "packing slip",
];
/// Days of papers.
const DAYS: &[&str] = &["date", "sent", "order date", "po date"];
/// What is in the parcel.
const CONTENTS: &[&str] = &[
    "items shipped",
    "items in this shipment",
    "shipped items",
    "contents",
];
/// Lines of a mail's header.
const HEADER: &[&str] = &["from", "to", "cc", "subject"];
/// Keys whose values are a closed list, as those of columns are.
const CLOSED: &[&str] = &[
    "uom",
    "u/m",
    "unit of measure",
    "currency",
    "type",
    "shipment type",
    "order type",
    "warehouse",
    "salesperson",
    "sales rep",
];
/// How many pieces one of what is counted is.
const PACKS: &[&str] = &["pack", "pack size"];
/// Most words of a value that says nothing.
pub(super) const LONGEST: usize = 10;

macro_rules! pattern {
    ($name:ident, $pattern:expr) => {
        pub(super) static $name: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(concat!(r"(?i)^\W*(?:", $pattern, r")\W*$")).ok());
    };
}

pattern!(
    WEIGHTS,
    r"0*(?:[1-9][0-9]*(?:\.[0-9]+)?|\.?[0-9]*[1-9][0-9]*) ?(?:lbs?|pounds?|kgs?|kilograms?|oz|ounces?|g|grams?)?(?:[ ,]+[0-9.]+ ?(?:oz|ounces?))?"
);
// days and times of every form, and no other word
pattern!(
    DATED,
    r"(?:[0-9:/., +-]|\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|today|at|am|pm|[ecmp][ds]?t|utc|gmt|z)\b|[0-9](?:st|nd|rd|th)\b)+"
);
pattern!(
    SERVICES,
    r"(?:ground|gnd|grd|express|expedited|priority|mail|home delivery|(?:[123]|2nd|two|three|next|second|one)[ -]?day(?: air)?|air|overnight|standard|freight|ltl|saver|first[ -]class|parcel|surepost|smartpost|advantage|economy|3 day select|worldwide|international|early am|a\.?m\.?|regular|small|residential|best way|cheapest|(?:ups|fedex|usps|dhl)(?: |$)|service| |-|/)+"
);
pattern!(
    CARRYING,
    r".* (?:freight(?: lines?)?|trucking|express|xpress|lines?|logistics|transport(?:ation)?|couriers?|parcel|carriers?|cartage|messengers?|mail|post|ltl|motor)"
);
pattern!(SINGLE, r"1|ea|each|eaches|single|piece|pc");
// papers of goods that come back
pattern!(CREDITS, r"(?:cm|cr|cn|rma|rga|rtn|crn|credit)[-# ]*[0-9].*");

/// Whether a pattern is of a value.
pub(super) fn fits(pattern: &LazyLock<Option<Regex>>, value: &str) -> bool {
    pattern
        .as_ref()
        .is_some_and(|pattern| pattern.is_match(value))
}

/// A key as it is compared.
pub(super) fn bare(key: &str) -> String {
    let key = key.to_lowercase();
    key.trim_matches([' ', '#', '.', '*', ':']).to_owned()
}

/// Whether a key is known that the readers of advices do not need, and that says nothing of whether goods
/// left.
pub(super) fn inert(key: &str) -> bool {
    let lists = [
        NAMING,
        REACH,
        WEIGHT,
        OWN_NUMBERS,
        DAYS,
        CONTENTS,
        HEADER,
        CLOSED,
        PACKS,
    ];
    let key = bare(key);
    lists.iter().any(|list| list.contains(&key.as_str()))
}

/// Whether the value of such a key is no more than a value; `passed_on` says that the header of another
/// mail stands in the text.
pub(super) fn is_value(key: &str, value: &str, passed_on: bool, says: &Says) -> bool {
    let key = bare(key);
    let is = |list: &[&str]| list.contains(&key.as_str());
    let words = value.split_whitespace().count();
    let short = words <= LONGEST && !value.contains(['$', '\u{20ac}', '\u{a3}', '?']);
    let plain = short && !columns::takes_back(value);
    match () {
        () if value.is_empty() => true,
        () if is(NAMING) => short,
        () if is(REACH) => plain && !contacts(value).chars().any(char::is_alphabetic),
        () if is(WEIGHT) => fits(&WEIGHTS, value),
        () if is(OWN_NUMBERS) => plain && words <= 3 && value.bytes().any(|b| b.is_ascii_digit()),
        () if is(DAYS) => plain && fits(&DATED, value),
        () if is(CONTENTS) => says.is_neutral(),
        () if is(HEADER) => passed_on && plain && !super::doubtful_subject(value),
        () if is(PACKS) => fits(&SINGLE, value),
        () => columns::is_harmless(&key, value),
    }
}

#[cfg(test)]
mod tests {
    use super::super::block::{BlockOf, cell};
    use super::*;

    #[test]
    fn keys_that_name_are_compared() {
        for key in NAMING {
            assert!(columns::names(key).is_some(), "{key}");
        }
        for pattern in [&WEIGHTS, &DATED, &SERVICES, &CARRYING, &SINGLE, &CREDITS] {
            assert!(pattern.is_some());
        }
        for key in CLOSED {
            assert!(!columns::is_harmless(key, "void"), "{key}");
        }
    }

    #[test]
    fn values_of_keys() {
        let read = |_: &str| Says::default();
        let of = BlockOf {
            answers: None,
            passed_on: false,
        };
        let inert = |text: &str| cell(text, &of, read).shipment;
        for text in [
            "Weight: 2.5 lbs",
            "UOM: EA",
            "Currency: USD",
            "Order date: Mon, 1 Dec 2025 10:00 am",
            "Pack: 1",
            "Carrier: Roadrunner Freight",
            "Service: 2nd Day Air",
            "Invoice: 4711",
            "Phone: (503) 555-0100",
            "Our order: SO-118273",
            "Type: Shipment",
            "Qty: 2",
        ] {
            assert!(inert(text), "{text}");
        }
        for text in [
            "Weight: 0 lbs",
            "Weight: unknown",
            "UOM: CS",
            "Pack: 12",
            "Currency: CAD",
            "Type: RMA",
            "Type: Quote",
            "Order date: not yet",
            "Carrier: Customer",
            "Carrier: Will Call",
            "Service: Pickup",
            "Method: Store Pickup",
            "Invoice: CM-9",
            "Invoice: Credit 12",
            "RMA: 5",
            "Company: Acme Corp",
            "Phone: call first 503-555-0100",
            "Our order: void",
            "From: Bayview Housewares",
            "Contents: empty",
            "Frobnicated: 3",
        ] {
            assert!(!inert(text), "{text}");
        }
    }
}
