//! Canada Post: 16 digits, and S10 ending in CA.

use super::check::Digit;
use super::{Carrier, NumberFormat};

/// The registry's entry.
pub static CARRIER: Carrier = Carrier {
    code: "canada_post",
    name: "Canada Post",
    spellings: &[
        "canada post",
        "canadapost",
        "postes canada",
        "xpresspost",
        "expedited parcel",
        "cpc",
    ],
    tracking: Some("https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor={}"),
    formats: &[
        NumberFormat {
            name: "Canada Post (16)",
            pattern: r"(?<serial>[0-9]{15})(?<check>[0-9])",
            digit: Digit::mod10(3, 1, ""),
            telling: 0,
        },
        NumberFormat {
            name: "S10 (Canada)",
            pattern: r"[A-Z]{2}(?<serial>[0-9]{8})(?<check>[0-9])CA",
            digit: Digit::S10,
            telling: 3,
        },
    ],
};
