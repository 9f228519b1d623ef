//! Carriers: one file each, one registry. Says from a tracking number whose it is and whether its
//! check digit is right, and from what people write which carrier they mean. [`ups_api`] asks UPS itself.
//!
//! The patterns are facts about barcodes that carriers publish, learnt from
//! `jkeen/tracking_number_data` (MIT, commit b79ce4b); where a format is from elsewhere its file
//! says so. Blanks may stand anywhere in a number.

mod amazon;
mod canada_post;
mod canpar;
pub mod check;
mod dhl;
mod dpd;
mod fedex;
mod freight;
mod gofo;
mod landmark;
mod lasership;
pub mod links;
pub mod names;
mod old_dominion;
mod ontrac;
mod purolator;
mod speedee;
mod ups;
pub mod ups_api;
mod upu;
mod usps;
mod yodel;
mod yunexpress;

#[cfg(test)]
mod tests;

pub use names::{carrier_by_name, carriers_in};

use check::Digit;
use regex::Regex;
use std::cmp::Reverse;
use std::sync::LazyLock;

/// One carrier.
#[derive(Debug)]
pub struct Carrier {
    /// Its key in the ledger; lower case, unique.
    pub code: &'static str,
    /// What people read.
    pub name: &'static str,
    /// What people write for it, in lower case; blanks and punctuation do not count.
    pub spellings: &'static [&'static str],
    /// Address of its tracking page; `{}` stands for the number. Always https.
    pub tracking: Option<&'static str>,
    /// The shapes of its tracking numbers.
    pub formats: &'static [NumberFormat],
}

/// One shape of tracking number.
#[derive(Debug)]
pub struct NumberFormat {
    /// The published name of the shape.
    pub name: &'static str,
    /// The whole number without blanks, in upper case. The group `serial` is what the check digit
    /// is computed from, `check` is the digit, and `number` (else the whole) is what the carrier
    /// tracks by, without routing codes.
    pub pattern: &'static str,
    /// How the check digit is computed.
    pub digit: Digit,
    /// How much the shape alone says: 0 for bare digits, more for letters and fixed prefixes.
    pub telling: u8,
}

/// Every carrier that poms knows; the order decides between equals. A new one is a file of its own
/// and a line here.
pub static CARRIERS: &[&Carrier] = &[
    &ups::CARRIER,
    &fedex::CARRIER,
    &usps::CARRIER,
    &dhl::CARRIER,
    &ontrac::CARRIER,
    &lasership::CARRIER,
    &amazon::CARRIER,
    &old_dominion::CARRIER,
    &speedee::CARRIER,
    &gofo::CARRIER,
    &canada_post::CARRIER,
    &purolator::CARRIER,
    &canpar::CARRIER,
    &landmark::CARRIER,
    &yunexpress::CARRIER,
    &dpd::CARRIER,
    &yodel::CARRIER,
    &upu::CARRIER,
    &freight::ESTES,
    &freight::XPO,
    &freight::SAIA,
    &freight::R_AND_L,
    &freight::ABF,
    &freight::TFORCE,
];

/// What the check digit of a number says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// It is right.
    Valid,
    /// The shape has none.
    None,
    /// It is wrong: mistyped, or of another carrier.
    Wrong,
}

/// One carrier and shape that a number fits.
#[derive(Clone, Debug)]
pub struct Match {
    /// Whose number it may be.
    pub carrier: &'static Carrier,
    /// The shape.
    pub format: &'static str,
    /// What the check digit says.
    pub check: Check,
    /// The number as the carrier tracks it: no blanks, upper case, no routing code before it.
    pub number: String,
    /// The carrier's page for it.
    pub tracking_url: Option<String>,
    telling: u8,
}

impl Match {
    /// Whether the number alone says whose it is. Bare digits are those of many carriers of the world;
    /// here they are taken for the post's and FedEx's, and for no other that nobody named.
    pub fn tells(&self) -> bool {
        self.telling > 0 || matches!(self.carrier.code, "usps" | "fedex")
    }
}

/// Longest text that is looked at as a tracking number, in bytes; the longest published shape has
/// 41 characters.
pub const MAX_LENGTH: usize = 128;

static PATTERNS: LazyLock<Vec<(&'static Carrier, &'static NumberFormat, Regex)>> =
    LazyLock::new(|| {
        let formats = CARRIERS
            .iter()
            .flat_map(|carrier| carrier.formats.iter().map(move |format| (*carrier, format)));
        formats
            // A pattern that does not compile is left out here; a test compiles them all.
            .filter_map(|(carrier, format)| {
                let pattern = Regex::new(&format!("^(?:{})$", format.pattern)).ok()?;
                Some((carrier, format, pattern))
            })
            .collect()
    });

/// The number without blanks and invisible characters, in upper case; `None` when it is no tracking
/// number at all (empty, too long, not ASCII).
pub fn compact(number: &str) -> Option<String> {
    if number.len() > MAX_LENGTH {
        return None;
    }
    let compact: String = number
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}'))
        .map(|c| c.to_ascii_uppercase())
        .collect();
    (!compact.is_empty() && compact.is_ascii()).then_some(compact)
}

/// Whose tracking number this can be, best first: right check digits before shapes without one
/// before wrong ones, then the more telling shape, then the order of [`CARRIERS`]. Dashes are
/// overlooked when the number fits nothing with them. Empty when nothing fits.
pub fn recognise(number: &str) -> Vec<Match> {
    recognise_of(number, None)
}

/// As [`recognise`], but the carrier that the document names comes first wherever its shapes fit:
/// one number can be of several carriers, and the one who shipped knows.
pub fn recognise_of(number: &str, named: Option<&'static Carrier>) -> Vec<Match> {
    let Some(compact) = compact(number) else {
        return Vec::new();
    };
    let mut found = matches(&compact);
    if found.is_empty() && compact.contains(['-', '.', '_']) {
        found = matches(&compact.replace(['-', '.', '_'], ""));
    }
    let foreign = |m: &Match| named.is_some_and(|carrier| carrier.code != m.carrier.code);
    found.sort_by_key(|m| (foreign(m), m.check, Reverse(m.telling)));
    found
}

fn matches(compact: &str) -> Vec<Match> {
    PATTERNS
        .iter()
        .filter_map(|(carrier, format, pattern)| {
            let groups = pattern.captures(compact)?;
            let part = |name: &str| groups.name(name).map(|m| m.as_str());
            let number = part("number").unwrap_or(compact).to_owned();
            let check = format.digit.check(part("serial"), part("check"))?;
            Some(Match {
                carrier,
                format: format.name,
                check,
                tracking_url: links::tracking_url(carrier, &number),
                number,
                telling: format.telling,
            })
        })
        .collect()
}

/// The carrier of a code that the ledger holds.
pub fn carrier_by_code(code: &str) -> Option<&'static Carrier> {
    CARRIERS
        .iter()
        .find(|carrier| carrier.code == code)
        .copied()
}
