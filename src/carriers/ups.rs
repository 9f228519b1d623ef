//! UPS: `1Z` + shipper 6 + service 2 + package 7 + check digit; waybills: a letter and ten digits.

use super::check::Digit;
use super::{Carrier, NumberFormat};

/// The registry's entry.
pub static CARRIER: Carrier = Carrier {
    code: "ups",
    name: "UPS",
    spellings: &[
        "ups",
        "upsn",
        "united parcel",
        "united parcel service",
        "upss",
        "surepost",
        "mail innovations",
        "upsmi",
        "upgf",
    ],
    tracking: Some("https://wwwapps.ups.com/WebTracking/track?track=yes&trackNums={}"),
    formats: &[
        NumberFormat {
            name: "UPS",
            pattern: r"1Z(?<serial>[A-Z0-9]{15})(?<check>[0-9])",
            digit: Digit::mod10(1, 2, ""),
            telling: 3,
        },
        NumberFormat {
            name: "UPS Waybill",
            pattern: r"[AHJKTV](?<serial>[0-9]{9})(?<check>[0-9])",
            digit: Digit::mod10(1, 2, ""),
            telling: 1,
        },
    ],
};
