//! The words of carriers' notifications: what a number, a purchase order, a label and a parcel that left
//! look like in them.

use regex::Regex;
use std::sync::LazyLock;

macro_rules! words {
    ($(#[$about:meta])* $name:ident, $pattern:expr) => {
        $(#[$about])*
        pub(super) static $name: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(concat!("(?i)", $pattern)).ok());
    };
}

words!(
    /// What may be a tracking number.
    CANDIDATE,
    r"\b(?:1Z(?: ?[0-9A-Z]){16}|[A-Z]{0,4}[0-9](?: ?[0-9]){8,38}(?:[A-Z]{2}\b)?)"
);
words!(
    /// One that a sentence calls so.
    IN_PROSE,
    r"\b(?:tracking|waybill|awb|shipment|package|parcel)(?: (?:number|no\.?|nr\.?|id|#))?:? #?([A-Z]{0,4}[0-9][0-9A-Z ]{7,40})"
);
words!(
    /// The number of a purchase order.
    PO,
    r"\b(?:P\.?O\.?|purchase order)\s*(?:number|num|no\.?)?\s*[:#]?\s*([A-Z0-9][A-Z0-9./_-]*)"
);
words!(
    /// A parcel that does not go to the customer.
    TAKEN_BACK,
    r"\b(?:void notification|return (?:shipping )?(?:labels?|shipments?)|(?:shipments?|packages?|labels?) (?:has|have|was|were|is|are) (?:been )?(?:voided|cancel+ed)|(?:being |was |been |to be )?return(?:ed|ing)? to (?:the )?(?:sender|shipper)|delivered,? to (?:the )?original sender)\b"
);
words!(
    /// A label is no parcel. A notification of a shipment has its day beside such words.
    ONLY_A_LABEL,
    r"\b(?:(?:shipping |shipment )?labels? (?:has been |was |is |have been |were )?(?:created|printed|ready|generated|made)|(?:has not|hasn't|have not|haven't|not) (?:yet )?(?:been )?(?:received|picked up|tendered|scanned))\b"
);
words!(
    /// That all of several parcels arrived.
    ALL_OF_THEM,
    r"\b(?:packages|shipments|parcels|items|pieces) (?:were|have been)(?: \w+)? delivered\b"
);

#[cfg(test)]
#[test]
fn patterns_compile() {
    for pattern in [
        &CANDIDATE,
        &IN_PROSE,
        &PO,
        &TAKEN_BACK,
        &ONLY_A_LABEL,
        &ALL_OF_THEM,
    ] {
        assert!(pattern.is_some());
    }
}
