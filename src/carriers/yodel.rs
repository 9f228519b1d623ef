//! Yodel: `JD` or `JJD` and 16 digits.

use super::check::Digit;
use super::{Carrier, NumberFormat};

/// The registry's entry.
pub static CARRIER: Carrier = Carrier {
    code: "yodel",
    name: "Yodel",
    spellings: &["yodel"],
    tracking: Some("https://www.yodel.co.uk/tracking/{}"),
    formats: &[NumberFormat {
        name: "Yodel",
        pattern: r"JJ?D[0-9]{16}",
        digit: Digit::None,
        telling: 3,
    }],
};
