//! Which digits are a card's number: the schemes' ranges of first digits, lengths, and the check digit.

/// Digits of the shortest and the longest card number.
pub(super) const SHORTEST: usize = 13;
pub(super) const LONGEST: usize = 19;

/// A range of first digits and the lengths in which its numbers are issued. Source: the schemes'
/// ranges as published in Wikipedia's "Payment card number" (ISO/IEC 7812 numbers).
struct Issued {
    /// Lowest and highest first digits, both of as many digits as written.
    low: u32,
    high: u32,
    /// Lengths of its numbers.
    lengths: &'static [usize],
}

const fn r(low: u32, high: u32, lengths: &'static [usize]) -> Issued {
    Issued { low, high, lengths }
}

const MAESTRO: &[usize] = &[13, 14, 15, 16, 17, 18, 19];

#[rustfmt::skip]
const RANGES: &[Issued] = &[
    r(4, 4, &[13, 16, 19]),                                        // Visa
    r(51, 55, &[16]), r(2221, 2720, &[16]),                        // Mastercard
    r(34, 34, &[15]), r(37, 37, &[15]),                            // American Express
    r(6011, 6011, &[16, 17, 18, 19]), r(644, 649, &[16, 17, 18, 19]),
    r(65, 65, &[16, 17, 18, 19]),                                  // Discover
    r(300, 305, &[14, 15, 16, 17, 18, 19]), r(3095, 3095, &[14, 15, 16, 17, 18, 19]),
    r(36, 36, &[14, 15, 16, 17, 18, 19]), r(38, 39, &[14, 15, 16, 17, 18, 19]), // Diners Club
    r(3528, 3589, &[16, 17, 18, 19]),                              // JCB
    r(62, 62, &[16, 17, 18, 19]), r(81, 81, &[16, 17, 18, 19]),    // UnionPay
    r(5018, 5018, MAESTRO), r(5020, 5020, MAESTRO), r(5038, 5038, MAESTRO),
    r(5612, 5612, MAESTRO), r(5893, 5893, MAESTRO), r(6304, 6304, MAESTRO),
    r(6759, 6759, MAESTRO), r(6761, 6763, MAESTRO), r(676770, 676770, MAESTRO),
    r(676774, 676774, MAESTRO), r(6390, 6390, MAESTRO),            // Maestro
];

/// Length, first digits and check digit of a card number, in ASCII digits.
pub(super) fn is_card(digits: &[u8]) -> bool {
    let long = (SHORTEST..=LONGEST).contains(&digits.len());
    long && issued(digits) & 1 << digits.len() != 0 && luhn(digits)
}

/// The lengths in which numbers are issued that begin with these ASCII digits, each as the bit of that
/// place.
pub(super) fn issued(digits: &[u8]) -> u32 {
    if digits.len() < SHORTEST || !matches!(digits[0], b'2'..=b'6' | b'8') {
        return 0;
    }
    // the first one, two, three digits and so on, as numbers
    let mut first = [0; 7];
    for (place, digit) in digits.iter().take(6).enumerate() {
        first[place + 1] = first[place] * 10 + u32::from(digit - b'0');
    }
    RANGES
        .iter()
        .filter(|range| (range.low..=range.high).contains(&first[range.low.ilog10() as usize + 1]))
        .flat_map(|range| range.lengths)
        .fold(0, |bits, length| bits | 1 << length)
}

/// The check of ISO/IEC 7812-1, annex B.
pub(super) fn luhn(digits: &[u8]) -> bool {
    let mut check = Check::default();
    check.add(digits);
    check.holds()
}

/// The same check, digit by digit: every second one counts double, from the last one on.
#[derive(Default)]
pub(super) struct Check {
    /// The sum when the last digit counts once.
    once: u32,
    /// The sum when it counts double, as it does when one more follows.
    double: u32,
}

impl Check {
    /// Takes further digits, ASCII.
    pub(super) fn add(&mut self, digits: &[u8]) {
        for digit in digits {
            let digit = u32::from(digit - b'0');
            let twice = if digit > 4 { digit * 2 - 9 } else { digit * 2 };
            (self.once, self.double) = (self.double + digit, self.once + twice);
        }
    }

    /// Whether the digits so far are right.
    pub(super) fn holds(&self) -> bool {
        self.once.is_multiple_of(10)
    }
}
