//! What cells hold: amounts, prices, quantities, days.

use crate::domain::money::Money;
use chrono::NaiveDate;

/// An amount as QuickBooks writes them: `$`, thousands separators, and a minus before or after the
/// sign of currency, behind the number, or as parentheses. Its spreadsheets store `=15000.00`, which
/// arrives so when a tool makes CSV of them, and zero as a bare minus. Empty is `None`.
///
/// # Errors
/// What is wrong, with the text.
pub fn amount(cell: &str) -> Result<Option<Money>, String> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Ok(None);
    }
    let fault = || {
        let shown: String = cell.chars().take(40).collect();
        format!(
            "'{}' is not an amount such as 1,234.50",
            shown.escape_debug()
        )
    };
    let mut rest: String = cell
        .chars()
        .map(|c| if c == '\u{2212}' { '-' } else { c })
        .filter(|c| !c.is_whitespace())
        .collect();
    if let Some(bare) = rest.strip_prefix('=') {
        rest = bare.to_owned();
    }
    if matches!(rest.as_str(), "-" | "$-") {
        return Ok(Some(Money::ZERO));
    }
    let mut minus = 0;
    if let Some(inner) = rest.strip_suffix(')') {
        let open = inner
            .find('(')
            .filter(|at| matches!(&inner[..*at], "" | "$"));
        let at = open.ok_or_else(fault)?;
        rest = format!("{}{}", &inner[..at], &inner[at + 1..]);
        minus += 1;
    }
    for _ in 0..2 {
        if let Some(bare) = rest.strip_prefix('$') {
            rest = bare.to_owned();
        }
        if let Some(bare) = rest.strip_prefix('-') {
            rest = bare.to_owned();
            minus += 1;
        }
    }
    if let Some(bare) = rest.strip_suffix('-') {
        rest = bare.to_owned();
        minus += 1;
    }
    let plain = ungroup(&rest).ok_or_else(fault)?;
    let value: Money = plain.parse().map_err(|_| fault())?;
    let value = value.plausible().map_err(|fault| fault.to_string())?;
    match minus {
        0 => Ok(Some(value)),
        1 => Ok(Some(value.opposite())),
        _ => Err(fault()),
    }
}

/// Takes thousands separators out, if they stand where they should; `.50` is `0.50`.
fn ungroup(text: &str) -> Option<String> {
    let (whole, cents) = match text.split_once('.') {
        Some((whole, cents)) => (whole, Some(cents)),
        None => (text, None),
    };
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 || first.is_empty() || first.len() > 3 {
            return None;
        }
        digits.push_str(group);
    }
    let numeric = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if digits.is_empty() && cents.is_some_and(|cents| !cents.is_empty()) {
        digits.push('0');
    }
    let fits = !digits.is_empty() && numeric(&digits) && cents.is_none_or(numeric);
    fits.then(|| match cents {
        Some(cents) if !cents.is_empty() => format!("{digits}.{cents}"),
        _ => digits,
    })
}

/// A price of one piece: like [`amount`], but prices finer than a cent are `None` too, because
/// the amount of the line decides and not the price.
///
/// # Errors
/// When it is no number at all.
pub fn price(cell: &str) -> Result<Option<Money>, String> {
    match amount(cell) {
        Ok(value) => Ok(value),
        Err(fault) => {
            let bare = cell.trim().trim_start_matches('$').replace(',', "");
            match bare.parse::<rust_decimal::Decimal>() {
                Ok(_) => Ok(None),
                Err(_) => Err(fault),
            }
        }
    }
}

/// What pieces cost at a price finer than a cent, rounded to the cent, half a cent away from zero;
/// `None` when it is no such price, or too large an amount.
pub fn worth(price: &str, pieces: i64) -> Option<Money> {
    use rust_decimal::prelude::ToPrimitive;
    use rust_decimal::{Decimal, RoundingStrategy};
    let bare = price.trim().trim_start_matches('$').replace(',', "");
    let plain = bare
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    let price = bare.parse::<Decimal>().ok().filter(|_| plain)?;
    let sum = price.checked_mul(pieces.into())?;
    let cents = sum.checked_mul(Decimal::ONE_HUNDRED)?;
    let whole = cents.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    whole.to_i64().map(Money)
}

/// A date: MM/DD/YYYY, MM/DD/YY (2000 to 2099) or YYYY-MM-DD; a time behind it is left away.
///
/// # Errors
/// What is wrong, with the text.
pub fn date(cell: &str) -> Result<NaiveDate, String> {
    let cell = cell.trim();
    let fault = || {
        let shown: String = cell.chars().take(40).collect();
        format!(
            "'{}' is not a date such as 03/31/2026",
            shown.escape_debug()
        )
    };
    let separator = if cell.contains('/') { '/' } else { '-' };
    let day = match cell.split_once([' ', 'T']) {
        Some((day, time)) if is_time(time) => day,
        _ => cell,
    };
    let parts: Vec<&str> = day.split(separator).collect();
    let [a, b, c] = parts.as_slice() else {
        return Err(fault());
    };
    let short = |part: &str| (1..=2).contains(&part.len());
    let (year, month, day) = match (a.len(), c.len()) {
        (4, _) if separator == '-' && short(b) && short(c) => (*a, *b, *c),
        (_, 2 | 4) if short(a) && short(b) => (*c, *a, *b),
        _ => return Err(fault()),
    };
    let number = |part: &str| -> Result<u32, String> {
        let digits = part.bytes().all(|b| b.is_ascii_digit());
        part.parse().ok().filter(|_| digits).ok_or_else(fault)
    };
    let century = if year.len() == 2 { 2000 } else { 0 };
    let year = i32::try_from(number(year)? + century).map_err(|_| fault())?;
    NaiveDate::from_ymd_opt(year, number(month)?, number(day)?)
        .filter(|_| (1900..=2199).contains(&year))
        .ok_or_else(fault)
}

/// `0:00`, `12:00:00 AM`, `00:00:00.000Z`.
fn is_time(text: &str) -> bool {
    let allowed =
        |c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | ' ' | 'A' | 'P' | 'M' | 'Z');
    text.contains(':') && text.chars().all(allowed)
}

/// The most pieces of one line of a bill.
const MOST_PIECES: u64 = crate::domain::order::MOST_PIECES.unsigned_abs();

/// Pieces: `3`, `3.00`, `1,000`, `-2`; empty is `None`.
///
/// # Errors
/// When it is no whole number, with the text.
pub fn quantity(cell: &str) -> Result<Option<i64>, String> {
    let fault = || {
        let shown: String = cell.chars().take(40).collect();
        format!("'{}' is not a whole number of pieces", shown.escape_debug())
    };
    // pieces are read as an amount whose cents must be zero
    let trimmed = cell.trim_end_matches('0');
    let cell_cents = if cell.contains('.') { trimmed } else { cell };
    let pieces = amount(cell_cents).map_err(|_| fault())?;
    if pieces.is_some_and(|pieces| pieces.0.unsigned_abs() / 100 > MOST_PIECES) {
        return Err(format!("{}: 1,000,000 pieces are the most", fault()));
    }
    match pieces {
        None => Ok(None),
        Some(value) if value.0 % 100 == 0 && !cell.contains('$') => Ok(Some(value.0 / 100)),
        Some(_) => Err(fault()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_in_every_form_that_was_seen() {
        for (text, cents) in [
            ("800.00", 80_000),
            ("1,960.17", 196_017),
            ("$3,920.34", 392_034),
            ("-1,807.00", -180_700),
            ("(420.81)", -42_081),
            ("$(250.00)", -25_000),
            ("($250.00)", -25_000),
            ("-$200.00", -20_000),
            ("$-200.00", -20_000),
            ("1.00-", -100),
            ("\u{2212}5", -500),
            ("$ 12.5", 1250),
            (".50", 50),
            (" $ -   ", 0),
            ("7.", 700),
            ("=15000.00", 1_500_000),
            ("1,000,000", 100_000_000),
        ] {
            assert_eq!(amount(text), Ok(Some(Money(cents))), "{text}");
        }
        assert_eq!(amount("  "), Ok(None));
        for text in [
            "92233720368547758.07",
            "(1,000,000,000.01)",
            "-92233720368547758.07",
        ] {
            let told = amount(text).unwrap_err();
            assert!(told.contains("1,000,000,000.00 is the most"), "{told}");
        }
        assert_eq!(quantity("1,000,000"), Ok(Some(1_000_000)));
        for text in ["1,000,001", "-1000001"] {
            let told = quantity(text).unwrap_err();
            assert!(told.contains("1,000,000 pieces"), "{told}");
        }
        for text in [
            "abc",
            "1,00",
            "12,34,567",
            "--1",
            "(-1)",
            "-1-",
            "1.234",
            "=15+1",
            ",100",
            "1..2",
            "$",
            ".",
            "(1",
            "1)",
            "x(1)",
            "1e3",
            "99999999999999999999",
        ] {
            assert!(amount(text).is_err(), "{text}");
        }
    }

    #[test]
    fn dates_and_quantities() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        for text in [
            "03/02/2026",
            "3/2/2026",
            "03/02/26",
            "2026-03-02",
            " 03/02/26 ",
            "3/2/2026 0:00",
            "03/02/2026 12:00:00 AM",
            "2026-03-02T00:00:00.000Z",
        ] {
            assert_eq!(date(text), Ok(day), "{text}");
        }
        for text in [
            "",
            "13/01/2026",
            "02/30/2026",
            "03/02",
            "March 2, 2026",
            "+3/02/2026",
            "03/02/2026 x",
            "03/02/026",
        ] {
            assert!(date(text).is_err(), "{text}");
        }
        assert_eq!(quantity("3"), Ok(Some(3)));
        assert_eq!(quantity("10"), Ok(Some(10)));
        assert_eq!(quantity("3.00"), Ok(Some(3)));
        assert_eq!(quantity("3.0000"), Ok(Some(3)));
        assert_eq!(quantity("-2"), Ok(Some(-2)));
        assert_eq!(quantity("1,000"), Ok(Some(1000)));
        assert_eq!(quantity(""), Ok(None));
        assert!(quantity("2.5").is_err());
        assert!(quantity("$3").is_err());
        assert_eq!(price("0.125"), Ok(None));
        assert_eq!(worth("$5.125", 36), Some(Money(18_450)));
        assert_eq!(worth("0.125", -1), Some(Money(-13)));
        assert_eq!(worth("1e9", 1), None);
        assert!(price("x").is_err());
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text: String) {
            let _ = (amount(&text), date(&text), quantity(&text), price(&text));
        }

        #[test]
        fn money_survives_its_three_negatives(cents in -10_000_000_000i64..10_000_000_000) {
            let shown = Money(cents).display("USD");
            proptest::prop_assert_eq!(amount(&shown), Ok(Some(Money(cents))));
            let positive = Money(cents.abs()).display("USD");
            for text in [format!("({positive})"), format!("{positive}-")] {
                proptest::prop_assert_eq!(amount(&text), Ok(Some(Money(-cents.abs()))));
            }
        }
    }
}
