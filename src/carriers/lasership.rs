//! LaserShip (since 2023 OnTrac, with its own numbers still).

use super::check::Digit;
use super::{Carrier, NumberFormat};

/// The registry's entry.
pub static CARRIER: Carrier = Carrier {
    code: "lasership",
    name: "LaserShip",
    spellings: &["lasership", "laser ship", "lsrship", "lship"],
    tracking: Some("https://www.lasership.com/track/{}"),
    formats: &[
        NumberFormat {
            name: "LaserShip LX",
            pattern: r"L[AIEHNX][1-3][0-9]{7}",
            digit: Digit::None,
            telling: 2,
        },
        NumberFormat {
            name: "LaserShip 1LS7 (15)",
            pattern: r"1LS7[12][0-9]{4}[0-9]{6}",
            digit: Digit::None,
            telling: 3,
        },
        NumberFormat {
            name: "LaserShip 1LS7 (18)",
            pattern: r"1LS7[12][0-9]{2}01[1234][0-9]{6}-1",
            digit: Digit::None,
            telling: 3,
        },
        NumberFormat {
            name: "LaserShip 1LSCX (15)",
            pattern: r"1LSCX[0-9A-Z]{10}",
            digit: Digit::None,
            telling: 3,
        },
    ],
};
