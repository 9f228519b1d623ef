//! How a document writes numbers: one stated pattern, never guessed.

use super::fault::NotAsMapped;
use crate::domain::money::Money;
use rust_decimal::Decimal;
use std::str::FromStr;

/// What stands between thousands and before the fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberPattern {
    group: Option<char>,
    point: char,
    /// The pattern as the file has it.
    pub word: &'static str,
}

/// The patterns that a file may state.
pub static NUMBERS: &[NumberPattern] = &[
    pattern(None, '.', "1234.56"),
    pattern(Some(','), '.', "1,234.56"),
    pattern(Some('.'), ',', "1.234,56"),
    pattern(None, ',', "1234,56"),
    pattern(Some(' '), ',', "1 234,56"),
    pattern(Some('\''), '.', "1'234.56"),
];

/// Signs of currency, and the codes that each may stand for.
const SIGNS: [(&str, &[&str]); 4] = [
    ("$", &["USD", "CAD", "AUD", "NZD", "MXN", "SGD", "HKD"]),
    ("€", &["EUR"]),
    ("£", &["GBP"]),
    ("¥", &["CNY"]),
];

const fn pattern(group: Option<char>, point: char, word: &'static str) -> NumberPattern {
    NumberPattern { group, point, word }
}

impl NumberPattern {
    /// Digits and a point.
    pub const PLAIN: NumberPattern = pattern(None, '.', "1234.56");

    /// A number as it is written. A sign of currency or its code may stand beside it, if it is that of
    /// `currency` (any, where that is not known). Where a spreadsheet `stored` it, its own form counts as
    /// well, unless the two differ.
    ///
    /// # Errors
    /// What is wrong with it; the value is not repeated where it could be a card's number.
    pub fn read(
        &self,
        text: &str,
        currency: Option<&str>,
        stored: bool,
    ) -> Result<Decimal, NotAsMapped> {
        let bare = without_sign(text.trim(), currency)?;
        let own = self.plain(&bare);
        let kept = stored.then(|| NumberPattern::PLAIN.plain(&bare)).flatten();
        let fault = || {
            format!(
                "is {}no number such as {}: `numbers` says how they are written",
                shown(text),
                self.word
            )
        };
        let plain = match (own, kept) {
            (Some(own), Some(kept)) if own != kept => {
                return Err(format!(
                    "is {}a number that could be {own} or {kept}: set the column of the workbook to numbers, or to texts",
                    shown(text)
                ).into());
            }
            (Some(plain), _) | (None, Some(plain)) => plain,
            (None, None) => return Err(fault().into()),
        };
        let amount = Decimal::from_str(&plain).map_err(|_| fault())?;
        match amount.abs() <= Decimal::from(Money::CEILING.0 / 100) {
            true => Ok(amount),
            false => Err("is too large: 1,000,000,000.00 is the most".into()),
        }
    }

    /// The number as `-1234.56`, if it is one by this pattern.
    fn plain(&self, text: &str) -> Option<String> {
        let (minus, text) = minus(text);
        let (whole, fraction) = match text.split_once(self.point) {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (text, None),
        };
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let is_group = |c: char| match self.group {
            Some(' ') => matches!(c, ' ' | '\u{a0}' | '\u{202f}'),
            Some('\'') => matches!(c, '\'' | '\u{2019}'),
            group => Some(c) == group,
        };
        let groups: Vec<&str> = whole.split(is_group).collect();
        let (first, rest) = groups.split_first()?;
        let fits = rest.is_empty() || (first.len() <= 3 && rest.iter().all(|g| g.len() == 3));
        if !fits || !groups.iter().all(|group| digits(group)) || !fraction.is_none_or(digits) {
            return None;
        }
        let sign = if minus { "-" } else { "" };
        let fraction = fraction.map_or(String::new(), |fraction| format!(".{fraction}"));
        Some(format!("{sign}{}{fraction}", groups.concat()))
    }
}

/// Whether a minus stands before it, behind it, or as parentheses; and the rest.
fn minus(text: &str) -> (bool, &str) {
    let inside = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
    let signs = ['-', '\u{2212}'];
    match (inside, text.strip_prefix(signs), text.strip_suffix(signs)) {
        (Some(inside), ..) => (true, inside.trim()),
        (None, Some(rest), _) | (None, None, Some(rest)) => (true, rest.trim()),
        _ => (false, text),
    }
}

/// The number without a sign of currency before or behind it.
fn without_sign(text: &str, currency: Option<&str>) -> Result<String, String> {
    let fits = |of: &[&str]| currency.is_none_or(|own| of.contains(&own));
    let other = |sign: &str| {
        format!(
            "has {sign} beside it, and the order's currency is {}",
            currency.unwrap_or_default()
        )
    };
    for (sign, of) in SIGNS {
        if text.contains(sign) {
            return match fits(of) {
                true => Ok(text.replacen(sign, "", 1).trim().to_owned()),
                false => Err(other(sign)),
            };
        }
    }
    let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    let is_code = letters.len() == 3 && crate::domain::currency::is_kept(&letters);
    match (is_code, text.split_once(&letters)) {
        (true, Some((before, behind))) => match currency.is_none_or(|code| code == letters) {
            true => Ok(format!("{}{}", before.trim(), behind.trim())),
            false => Err(other(&letters)),
        },
        _ => Ok(text.to_owned()),
    }
}

/// A value for a message, with a comma behind it; nothing where it is long, or could be a card's number.
pub fn shown(text: &str) -> String {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let is_time = text.contains(':') && digits < 20;
    match text.chars().count() <= 40 && (digits < 12 || is_time) {
        true => format!("'{}', ", text.escape_debug()),
        false => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(word: &str) -> NumberPattern {
        *NUMBERS
            .iter()
            .find(|one| one.word == word)
            .expect("a pattern")
    }

    #[test]
    fn only_the_stated_pattern_counts() {
        for (word, text, number) in [
            ("1234.56", "1234.5", "1234.5"),
            ("1,234.56", "$1,234.50", "1234.50"),
            ("1,234.56", "(1,234.50)", "-1234.50"),
            ("1.234,56", "1.234", "1234"),
            ("1.234,56", "EUR 12,5", "12.5"),
            ("1.234,56", "1234,56 €", "1234.56"),
            ("1 234,56", "1\u{202f}234,56", "1234.56"),
            ("1'234.56", "-1'234.5", "-1234.5"),
            ("1234.56", "12.34-", "-12.34"),
        ] {
            let currency = if word == "1.234,56" { "EUR" } else { "USD" };
            let read = by(word).read(text, Some(currency), false);
            assert_eq!(read, Ok(number.parse().expect("a number")), "{word} {text}");
        }
        for (word, text) in [
            ("1234.56", "1,234.56"),
            ("1234.56", "12,34"),
            ("1,234.56", "12,34"),
            ("1,234.56", "1,2345.00"),
            ("1.234,56", "12.34"),
            ("1.234,56", "1.5"),
            ("1234.56", "€ 12.34"),
            ("1234.56", "EUR 12.34"),
            ("1234.56", "1e3"),
            ("1234.56", ""),
            ("1234.56", "."),
            ("1234.56", "5."),
            ("1234.56", "--5"),
            ("1234.56", "12 %"),
            ("1234.56", "99999999999999"),
        ] {
            assert!(
                by(word).read(text, Some("USD"), false).is_err(),
                "{word} {text}"
            );
        }
    }

    #[test]
    fn what_a_spreadsheet_stored_counts_unless_it_could_be_two_numbers() {
        let read = |text| by("1.234,56").read(text, None, true);
        assert_eq!(read("12.5"), Ok("12.5".parse().expect("a number")));
        assert_eq!(read("12,5"), Ok("12.5".parse().expect("a number")));
        let fault = read("1.234").expect_err("two numbers");
        assert!(fault.0.contains("could be 1234 or 1.234"), "{fault}");
    }

    #[test]
    fn what_could_be_a_card_is_not_repeated() {
        let fault = NumberPattern::PLAIN.read("4111 1111 1111 1111", None, false);
        assert!(fault.is_err_and(|fault| !fault.0.contains("1111")));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text: String, which in 0usize..6, stored: bool) {
            let _ = NUMBERS[which].read(&text, Some("USD"), stored);
        }
    }
}
