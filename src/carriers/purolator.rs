//! Purolator: twelve digits, or three letters and nine digits.

use super::check::Digit;
use super::{Carrier, NumberFormat};

/// The registry's entry.
pub static CARRIER: Carrier = Carrier {
    code: "purolator",
    name: "Purolator",
    spellings: &["purolator", "puro", "purolater"],
    tracking: Some("https://www.purolator.com/en/shipping/tracker?searchValue={}"),
    formats: &[
        NumberFormat {
            name: "Purolator (12)",
            pattern: r"(?<serial>[0-5][0-9]{10})(?<check>[0-9])",
            digit: Digit::Luhn,
            telling: 0,
        },
        NumberFormat {
            name: "Purolator (alpha + 9)",
            pattern: r"[A-Z]{3}[0-9]{9}",
            digit: Digit::None,
            telling: 1,
        },
    ],
};
