//! Landmark Global: `LTN`, eight digits, `N1`.

use super::check::Digit;
use super::{Carrier, NumberFormat};

/// The registry's entry.
pub static CARRIER: Carrier = Carrier {
    code: "landmark",
    name: "Landmark Global",
    spellings: &["landmark", "landmark global", "ltn"],
    tracking: Some("https://track.landmarkglobal.com/?search={}"),
    formats: &[NumberFormat {
        name: "Landmark Global LTN",
        pattern: r"LTN[0-9]{8}N1",
        digit: Digit::None,
        telling: 3,
    }],
};
