//! DPD: 28 or 15 characters with an ISO 7064 check character.

use super::check::Digit;
use super::{Carrier, NumberFormat};

/// The registry's entry.
pub static CARRIER: Carrier = Carrier {
    code: "dpd",
    name: "DPD",
    spellings: &["dpd", "dpd group", "dynamic parcel distribution"],
    tracking: Some("https://www.dpdgroup.com/nl/mydpd/my-parcels/track?lang=en&parcelNumber={}"),
    formats: &[
        NumberFormat {
            name: "DPD (28)",
            pattern: r"(?<serial>[0-9]{27})(?<check>[0-9A-Z])",
            digit: Digit::Mod37_36,
            telling: 1,
        },
        NumberFormat {
            name: "DPD (14)",
            pattern: r"(?<serial>[0-9]{14})(?<check>[0-9A-Z])",
            digit: Digit::Mod37_36,
            telling: 0,
        },
    ],
};
