//! FedEx: 12 digits (Express), 15 (Ground), 22 beginning with 96, the barcodes that hold them,
//! and SmartPost, whose numbers are USPS IMpb with or without the leading 92 (IMpb: USPS
//! Publication 199).

use super::check::Digit;
use super::{Carrier, NumberFormat};

/// The registry's entry.
pub static CARRIER: Carrier = Carrier {
    code: "fedex",
    name: "FedEx",
    spellings: &[
        "fedex",
        "fedx",
        "fdx",
        "fdxg",
        "fdeg",
        "fdxe",
        "fden",
        "fxfe",
        "fxg",
        "federal express",
        "fed express",
        "fedexp",
        "fdex",
        "smartpost",
    ],
    tracking: Some("https://www.fedex.com/apps/fedextrack/?tracknumbers={}"),
    formats: &[
        NumberFormat {
            name: "FedEx Express (12)",
            pattern: r"(?<serial>[0-9]{11})(?<check>[0-9])",
            digit: Digit::Mod11 {
                weights: &[3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1],
            },
            telling: 0,
        },
        NumberFormat {
            name: "FedEx Express (34)",
            pattern: r"[0-8][0-9]{14}[0-9]{5}(?<serial>[0-9]{13})(?<check>[0-9])",
            digit: Digit::Mod11 {
                weights: &[1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1],
            },
            telling: 1,
        },
        NumberFormat {
            name: "FedEx ASTRA (32)",
            pattern: r"3[0-9]{5}[0-9]{3}[0-9]{7}(?<number>(?<serial>[0-9]{11})(?<check>[0-9]))[0-9]{4}",
            digit: Digit::Mod11 {
                weights: &[3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1],
            },
            telling: 1,
        },
        NumberFormat {
            name: "FedEx Ground",
            pattern: r"(?<serial>[0-9]{14})(?<check>[0-9])",
            digit: Digit::mod10(1, 3, ""),
            telling: 0,
        },
        NumberFormat {
            name: "FedEx Ground (SSCC-18)",
            pattern: r"[0-9]{2}(?<serial>[0-9]{15})(?<check>[0-9])",
            digit: Digit::mod10(3, 1, ""),
            telling: 0,
        },
        NumberFormat {
            name: "FedEx Ground 96 (22)",
            pattern: r"96[0-9]{2}[0-9]{3}(?<serial>[0-9]{14})(?<check>[0-9])",
            digit: Digit::mod10(1, 3, ""),
            telling: 2,
        },
        NumberFormat {
            name: "FedEx Ground GSN",
            pattern: r"96[0-9]{2}[0-9]{5}[0-9]{10}[0-9](?<serial>[0-9]{13})(?<check>[0-9])",
            digit: Digit::Mod11 {
                weights: &[1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1],
            },
            telling: 2,
        },
        NumberFormat {
            name: "FedEx SmartPost (20)",
            pattern: r"(?<serial>61[0-9]{17})(?<check>[0-9])",
            digit: Digit::mod10(3, 1, "92"),
            telling: 1,
        },
    ],
};
