//! Money: whole minor units (cents) of one currency. The ledger keeps the integer; decimals exist
//! only at the edges, and never pass through floating point.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An amount in minor units (cents) of the currency of the document that it stands in.
///
/// One order, purchase order or invoice has one currency, so that sums never mix two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(pub i64);

/// Digits after the point: two, as every currency has that is kept ([`is_kept`](super::currency::is_kept)).
const SCALE: u32 = 2;

/// A reason why a text is not an amount of money.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not a plain decimal number.
    #[error("'{0}' is not an amount: write it as 12.34")]
    NotANumber(String),
    /// Finer than the currency's smallest coin.
    #[error("'{0}' has more than two digits after the point")]
    TooFine(String),
    /// Larger than the ledger can hold.
    #[error("'{0}' is too large an amount")]
    TooLarge(String),
    /// Larger than anyone can mean.
    #[error("'{0}' is too large an amount: 1,000,000,000.00 is the most that poms takes in")]
    Implausible(String),
}

impl Money {
    /// No money.
    pub const ZERO: Money = Money(0);

    /// This amount taken `quantity` times; `None` when it no longer fits.
    pub fn times(self, quantity: i64) -> Option<Money> {
        self.0.checked_mul(quantity).map(Money)
    }

    /// The greatest amount that poms takes in from outside, and with a minus the least: what is beyond
    /// is a slip or an attack, and sums of such amounts no longer fit.
    pub const CEILING: Money = Money(100_000_000_000);

    /// Itself, unless it is beyond [`Money::CEILING`]: for what comes from outside.
    ///
    /// # Errors
    /// [`MoneyError::Implausible`].
    pub fn plausible(self) -> Result<Money, MoneyError> {
        match self.0.unsigned_abs() <= Money::CEILING.0.unsigned_abs() {
            true => Ok(self),
            false => Err(MoneyError::Implausible(self.to_string())),
        }
    }

    /// The sum; `None` when it no longer fits.
    pub fn plus(self, other: Money) -> Option<Money> {
        self.0.checked_add(other.0).map(Money)
    }

    /// The difference; `None` when it no longer fits.
    pub fn minus(self, other: Money) -> Option<Money> {
        self.0.checked_sub(other.0).map(Money)
    }

    /// The same amount with the other sign; of the least that fits, whose opposite does not, the
    /// greatest.
    pub fn opposite(self) -> Money {
        Money(self.0.saturating_neg())
    }

    /// The sum of all; `None` when it no longer fits.
    pub fn sum(amounts: impl IntoIterator<Item = Money>) -> Option<Money> {
        amounts
            .into_iter()
            .try_fold(Money::ZERO, |total, next| total.plus(next))
    }

    /// The amount as a decimal number of the currency's main unit.
    pub fn decimal(self) -> Decimal {
        Decimal::new(self.0, SCALE)
    }

    /// From a decimal of the main unit; an error when it is finer than a cent or too large.
    pub fn from_decimal(value: Decimal) -> Result<Money, MoneyError> {
        let cents = value
            .checked_mul(Decimal::from(100))
            .ok_or_else(|| MoneyError::TooLarge(value.to_string()))?;
        if !cents.fract().is_zero() {
            return Err(MoneyError::TooFine(value.to_string()));
        }
        cents
            .to_i64()
            .map(Money)
            .ok_or_else(|| MoneyError::TooLarge(value.to_string()))
    }

    /// For people: `$1,234.50` in dollars, `1,234.50 EUR` in others.
    pub fn display(self, currency: &str) -> String {
        let plain = Money(self.0).to_string();
        let (sign, digits) = match plain.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", plain.as_str()),
        };
        let (whole, cents) = digits.split_once('.').unwrap_or((digits, "00"));
        let mut grouped = String::new();
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        match currency {
            "USD" => format!("{sign}${grouped}.{cents}"),
            other => format!("{sign}{grouped}.{cents} {other}"),
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cents = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    /// `12`, `12.3`, `12.34`, `-0.50`: digits and one point only, no exponent, no grouping.
    fn from_str(text: &str) -> Result<Money, MoneyError> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let plain = !digits.is_empty()
            && digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
        if !plain {
            return Err(MoneyError::NotANumber(text.to_owned()));
        }
        let value = Decimal::from_str(text).map_err(|_| MoneyError::NotANumber(text.to_owned()))?;
        Money::from_decimal(value)
    }
}

/// As a decimal string, the only form in which money leaves or enters poms as JSON.
impl Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Money, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write_and_refuses_the_rest() {
        for (text, cents) in [
            ("12", 1200),
            ("12.3", 1230),
            ("0.05", 5),
            ("-7.10", -710),
            ("1.200", 120),
        ] {
            assert_eq!(text.parse::<Money>(), Ok(Money(cents)), "{text}");
        }
        for text in [
            "",
            ".",
            "-",
            "1,000",
            "1e3",
            "$5",
            " 5",
            "+5",
            "12.345",
            "9999999999999999999",
            "1.2.3",
        ] {
            assert!(text.parse::<Money>().is_err(), "{text}");
        }
    }

    #[test]
    fn is_shown_with_groups_and_sign() {
        assert_eq!(Money(123_456_789).display("USD"), "$1,234,567.89");
        assert_eq!(Money(-50).display("USD"), "-$0.50");
        assert_eq!(Money(-50).opposite(), Money(50));
        assert_eq!(Money(i64::MIN).opposite(), Money(i64::MAX));
        assert_eq!(Money::CEILING.plausible(), Ok(Money(100_000_000_000)));
        for beyond in [100_000_000_001, -100_000_000_001, i64::MAX, i64::MIN] {
            let told = Money(beyond).plausible().unwrap_err().to_string();
            assert!(told.contains("1,000,000,000.00"), "{told}");
        }
        assert_eq!(Money(100_000).display("EUR"), "1,000.00 EUR");
        assert_eq!(Money(i64::MIN).to_string(), "-92233720368547758.08");
    }

    proptest::proptest! {
        #[test]
        fn text_and_amount_are_one(cents: i64) {
            proptest::prop_assert_eq!(Money(cents).to_string().parse(), Ok(Money(cents)));
        }
    }
}
