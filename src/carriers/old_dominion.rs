//! Old Dominion Freight Line: PRO numbers of eleven digits.

use super::check::Digit;
use super::{Carrier, NumberFormat};

/// The registry's entry.
pub static CARRIER: Carrier = Carrier {
    code: "old_dominion",
    name: "Old Dominion",
    spellings: &[
        "old dominion",
        "odfl",
        "old dominion freight line",
        "od freight",
    ],
    tracking: Some(
        "https://www.odfl.com/us/en/tools/trace-track-ltl-freight/trace.html?proNumbers={}",
    ),
    formats: &[
        NumberFormat {
            name: "Old Dominion",
            pattern: r"(?<serial>(?:77[78]|072|780)[0-9]{7})(?<check>[0-9])",
            digit: Digit::Luhn,
            telling: 2,
        },
        NumberFormat {
            name: "Old Dominion Guaranteed Shipment",
            pattern: r"(?<serial>80[0-9]{8})(?<check>[0-9])",
            digit: Digit::Luhn,
            telling: 1,
        },
    ],
};
