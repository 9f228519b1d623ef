//! USPS: 20 digits, and IMpb (USPS Publication 199): 22 to 30 digits beginning with 91 to 95, before
//! which 420 and the destination's ZIP or ZIP+4 may stand. International ones are UPU S10.

use super::check::Digit;
use super::{Carrier, NumberFormat};

/// The registry's entry.
pub static CARRIER: Carrier = Carrier {
    code: "usps",
    name: "USPS",
    spellings: &[
        "usps",
        "us mail",
        "us postal service",
        "us postal",
        "united states postal service",
        "united states postal",
        "post office",
        "postal service",
        "priority mail",
        "first class mail",
        "first class package",
        "parcel select",
        "ground advantage",
        "media mail",
        "express mail",
    ],
    tracking: Some("https://tools.usps.com/go/TrackConfirmAction?tLabels={}"),
    formats: &[
        NumberFormat {
            name: "USPS 20",
            pattern: r"(?<serial>[0-9]{19})(?<check>[0-9])",
            digit: Digit::mod10(3, 1, ""),
            telling: 0,
        },
        NumberFormat {
            name: "USPS IMpb N",
            pattern: r"(?:420[0-9]{5}(?:[0-9]{4})?)?(?<number>(?<serial>94[0-9]{3}(?:9[0-9]{8}(?:[0-9]{7}|[0-9]{11}|[0-9]{15})|[0-8][0-9]{5}(?:[0-9]{10}|[0-9]{14})))(?<check>[0-9]))",
            digit: Digit::mod10(3, 1, ""),
            telling: 2,
        },
        NumberFormat {
            name: "USPS IMpb C",
            pattern: r"(?:420[0-9]{5}(?:[0-9]{4})?)?(?<number>(?<serial>(?:(?:92|95)[0-9]{3}9[0-9]{8}(?:[0-9]{7}|[0-9]{11})|(?:93|95)[0-9]{3}[0-8][0-9]{5}(?:[0-9]{10}|[0-9]{14})))(?<check>[0-9]))",
            digit: Digit::mod10(3, 1, ""),
            telling: 2,
        },
        NumberFormat {
            name: "USPS Legacy",
            pattern: r"(?:420[0-9]{5}(?:[0-9]{4})?)?(?<number>(?<serial>91[0-9]{2}[0-9]{9}[0-9]{8})(?<check>[0-9]))",
            digit: Digit::mod10(3, 1, ""),
            telling: 2,
        },
        NumberFormat {
            name: "USPS Legacy",
            pattern: r"(?:420[0-9]{5}(?:[0-9]{4})?)?(?<number>(?<serial>[0-9]{19})(?<check>[0-9]))",
            digit: Digit::mod10(3, 1, "91"),
            telling: 0,
        },
        NumberFormat {
            name: "S10 (United States)",
            pattern: r"[A-Z]{2}(?<serial>[0-9]{8})(?<check>[0-9])US",
            digit: Digit::S10,
            telling: 3,
        },
    ],
};
