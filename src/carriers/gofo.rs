//! GOFO Express: `GFUS` and 14 digits.

use super::check::Digit;
use super::{Carrier, NumberFormat};

/// The registry's entry.
pub static CARRIER: Carrier = Carrier {
    code: "gofo",
    name: "GOFO Express",
    spellings: &["gofo", "gofo express", "gofoexpress"],
    tracking: Some("https://www.gofoexpress.com/tracking.html?searchID={}"),
    formats: &[NumberFormat {
        name: "GOFO Express (US)",
        pattern: r"GFUS[0-9]{14}",
        digit: Digit::None,
        telling: 3,
    }],
};
