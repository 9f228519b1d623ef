//! DHL: Express air waybills of ten or eleven digits, piece numbers (`J…`), DHL eCommerce.

use super::check::Digit;
use super::{Carrier, NumberFormat};

/// The registry's entry.
pub static CARRIER: Carrier = Carrier {
    code: "dhl",
    name: "DHL",
    spellings: &[
        "dhl",
        "dhle",
        "dhlc",
        "dhl express",
        "dhl ecommerce",
        "dhl global mail",
        "deutsche post dhl",
    ],
    tracking: Some("https://www.dhl.com/en/express/tracking.html?brand=DHL&AWB={}"),
    formats: &[
        NumberFormat {
            name: "DHL Express",
            pattern: r"(?<serial>[0-9]{9,10})(?<check>[0-9])",
            digit: Digit::Mod7,
            telling: 0,
        },
        NumberFormat {
            name: "DHL Express (Piece ID)",
            pattern: r"(?:JJD|JVGL)[0-9]{9,10}",
            digit: Digit::None,
            telling: 3,
        },
        NumberFormat {
            name: "DHL Express (Piece ID)",
            pattern: r"J[A-Z]{2,3}[0-9]{9,10}",
            digit: Digit::None,
            telling: 0,
        },
        NumberFormat {
            name: "DHL E-Commerce",
            pattern: r"(?:GM|LX|RX|UV|CN|SG|TH|IN|HK|MY)[0-9A-Z]*[0-9][0-9A-Z]*",
            digit: Digit::None,
            telling: 1,
        },
        NumberFormat {
            name: "DHL E-Commerce (14)",
            pattern: r"[0-9]{14}",
            digit: Digit::None,
            telling: 0,
        },
    ],
};
