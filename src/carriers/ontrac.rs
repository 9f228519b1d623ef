//! OnTrac: `C` or `D` and 14 digits.

use super::check::Digit;
use super::{Carrier, NumberFormat};

/// The registry's entry.
pub static CARRIER: Carrier = Carrier {
    code: "ontrac",
    name: "OnTrac",
    spellings: &["ontrac", "on trac", "ontr", "onatrac"],
    tracking: Some("https://www.ontrac.com/tracking/?number={}"),
    formats: &[
        NumberFormat {
            name: "OnTrac",
            pattern: r"C(?<serial>[0-9]{13})(?<check>[0-9])",
            digit: Digit::mod10(1, 2, "4"),
            telling: 2,
        },
        NumberFormat {
            name: "OnTrac D",
            pattern: r"D(?<serial>[0-9]{13})(?<check>[0-9])",
            digit: Digit::mod10(1, 2, "5"),
            telling: 2,
        },
    ],
};
