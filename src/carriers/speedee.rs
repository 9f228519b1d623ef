//! Spee-Dee Delivery: `SP` and 18 digits.

use super::check::Digit;
use super::{Carrier, NumberFormat};

/// The registry's entry.
pub static CARRIER: Carrier = Carrier {
    code: "speedee",
    name: "Spee-Dee",
    spellings: &["spee dee", "speedee", "spee dee delivery", "spdee"],
    tracking: Some("https://www.speedeedelivery.com/track/?tracking={}"),
    formats: &[NumberFormat {
        name: "Spee-Dee (20)",
        pattern: r"SP[0-9]{18}",
        digit: Digit::None,
        telling: 3,
    }],
};
