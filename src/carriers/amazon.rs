//! Amazon Logistics: `TBA`, `TBC`, `TBM` and twelve digits; international: a letter and ten digits.

use super::check::Digit;
use super::{Carrier, NumberFormat};

/// The registry's entry.
pub static CARRIER: Carrier = Carrier {
    code: "amazon",
    name: "Amazon",
    spellings: &[
        "amazon",
        "amazon logistics",
        "amzl",
        "amzn",
        "amazon shipping",
        "amzl us",
        "swa",
        "tba",
    ],
    tracking: Some("https://track.amazon.com/tracking/{}"),
    formats: &[
        NumberFormat {
            name: "Amazon Logistics",
            pattern: r"TB[ACM][0-9]{12}",
            digit: Digit::None,
            telling: 3,
        },
        NumberFormat {
            name: "Amazon International",
            pattern: r"[AFC][0-9]{10}",
            digit: Digit::None,
            telling: 0,
        },
    ],
};
