//! Freight carriers that are known by name only: their PRO numbers have no published check.

use super::Carrier;

/// Estes.
pub static ESTES: Carrier = Carrier {
    code: "estes",
    name: "Estes",
    spellings: &["estes", "estes express", "exla"],
    tracking: None,
    formats: &[],
};

/// XPO.
pub static XPO: Carrier = Carrier {
    code: "xpo",
    name: "XPO",
    spellings: &["xpo", "xpo logistics", "con way", "conway", "cnwy"],
    tracking: None,
    formats: &[],
};

/// Saia.
pub static SAIA: Carrier = Carrier {
    code: "saia",
    name: "Saia",
    spellings: &["saia"],
    tracking: None,
    formats: &[],
};

/// R+L Carriers.
pub static R_AND_L: Carrier = Carrier {
    code: "rl",
    name: "R+L Carriers",
    spellings: &["r l carriers", "r and l carriers", "rlca", "r l"],
    tracking: None,
    formats: &[],
};

/// ABF Freight.
pub static ABF: Carrier = Carrier {
    code: "abf",
    name: "ABF Freight",
    spellings: &["abf", "abf freight", "arcbest", "abfs"],
    tracking: None,
    formats: &[],
};

/// TForce Freight.
pub static TFORCE: Carrier = Carrier {
    code: "tforce",
    name: "TForce Freight",
    spellings: &["tforce", "tforce freight", "ups freight", "overnite"],
    tracking: None,
    formats: &[],
};
