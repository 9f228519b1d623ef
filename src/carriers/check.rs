//! Check digits of tracking numbers, by the published rules.

use super::Check;

/// How a check digit is computed from the serial number.
#[derive(Clone, Copy, Debug)]
pub enum Digit {
    /// There is none.
    None,
    /// Weighted sum, filled up to the next ten. Letters count (ASCII − 3) mod 10.
    Mod10 {
        /// Weight of the first, third, … character.
        even: u32,
        /// Weight of the second, fourth, … character.
        odd: u32,
        /// Digits that are put before a serial number which does not begin with them.
        prefix: &'static str,
    },
    /// Weighted sum mod 11 mod 10.
    Mod11 {
        /// One weight for each digit.
        weights: &'static [u32],
    },
    /// The serial number mod 7.
    Mod7,
    /// ISO/IEC 7812 annex B.
    Luhn,
    /// UPU S10 section 5.2.
    S10,
    /// ISO 7064 hybrid system MOD 37,36.
    Mod37_36,
}

impl Digit {
    /// [`Digit::Mod10`] in one line of a carrier's table.
    pub(super) const fn mod10(even: u32, odd: u32, prefix: &'static str) -> Digit {
        Digit::Mod10 { even, odd, prefix }
    }

    /// What the check digit says; `None` when the pattern gave no serial number to check.
    pub fn check(self, serial: Option<&str>, digit: Option<&str>) -> Option<Check> {
        let (serial, digit) = match (self, serial, digit) {
            (Digit::None, ..) => return Some(Check::None),
            (_, Some(serial), Some(digit)) => (serial, digit.chars().next()?),
            _ => return None,
        };
        let expected = match self {
            Digit::None => return Some(Check::None),
            Digit::Mod10 { even, odd, prefix } => mod10(serial, even, odd, prefix),
            Digit::Mod11 { weights } => weighted(serial, weights) % 11 % 10,
            Digit::Mod7 => digits(serial).fold(0, |rest, value| (rest * 10 + value) % 7),
            Digit::Luhn => luhn(serial),
            Digit::S10 => s10(serial),
            Digit::Mod37_36 => mod_37_36(serial),
        };
        let right = digit.to_digit(36) == Some(expected);
        Some(if right { Check::Valid } else { Check::Wrong })
    }
}

fn digits(serial: &str) -> impl DoubleEndedIterator<Item = u32> {
    serial.chars().map(|c| c.to_digit(10).unwrap_or(0))
}

/// Fills a sum up to the next ten.
fn to_ten(sum: u32) -> u32 {
    (10 - sum % 10) % 10
}

fn mod10(serial: &str, even: u32, odd: u32, prefix: &str) -> u32 {
    let prefix = if serial.starts_with(prefix) {
        ""
    } else {
        prefix
    };
    let values = prefix.bytes().chain(serial.bytes()).map(|byte| match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        _ => u32::from(byte.wrapping_sub(3)) % 10,
    });
    let sum = values
        .enumerate()
        .map(|(place, value)| value * if place % 2 == 0 { even } else { odd })
        .sum();
    to_ten(sum)
}

fn weighted(serial: &str, weights: &[u32]) -> u32 {
    digits(serial).zip(weights).map(|(d, w)| d * w).sum()
}

fn luhn(serial: &str) -> u32 {
    let doubled = |value: u32| value * 2 / 10 + value * 2 % 10;
    let sum = digits(serial)
        .rev()
        .enumerate()
        .map(|(place, value)| {
            if place % 2 == 0 {
                doubled(value)
            } else {
                value
            }
        })
        .sum();
    to_ten(sum)
}

fn s10(serial: &str) -> u32 {
    match 11 - weighted(serial, &[8, 6, 4, 2, 3, 5, 9, 7]) % 11 {
        10 => 0,
        11 => 5,
        digit => digit,
    }
}

fn mod_37_36(serial: &str) -> u32 {
    let values = serial.chars().map(|c| c.to_digit(36).unwrap_or(0));
    let rest = values.fold(36, |rest, value| {
        let sum = (rest + value) % 36;
        let sum = if sum == 0 { 36 } else { sum };
        sum * 2 % 37
    });
    (37 - rest) % 36
}
