//! Canpar: a letter and 21 digits.

use super::check::Digit;
use super::{Carrier, NumberFormat};

/// The registry's entry.
pub static CARRIER: Carrier = Carrier {
    code: "canpar",
    name: "Canpar",
    spellings: &["canpar", "canpar express"],
    tracking: Some("https://www.canpar.com/en/track/tracking.jsp?reference={}&locale=en"),
    formats: &[NumberFormat {
        name: "Canpar (22)",
        pattern: r"[CDKLSUXZ][0-9]{21}",
        digit: Digit::None,
        telling: 2,
    }],
};
