//! YunExpress: `YT` and 16 digits.

use super::check::Digit;
use super::{Carrier, NumberFormat};

/// The registry's entry.
pub static CARRIER: Carrier = Carrier {
    code: "yunexpress",
    name: "YunExpress",
    spellings: &["yunexpress", "yun express", "yuntrack"],
    tracking: Some("https://www.yuntrack.com/parcelTracking?id={}"),
    formats: &[NumberFormat {
        name: "YunExpress",
        pattern: r"YT[0-9]{16}",
        digit: Digit::None,
        telling: 3,
    }],
};
