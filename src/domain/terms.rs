//! A vendor's agreement as people write it: the same keys in the configuration's `[invoicing]`, for
//! all vendors, and as optional columns of the vendors' CSV, for one. Nothing written is nothing
//! agreed: exact prices, no freight, no fees.

use super::variance::{Allowance, Terms, Tolerance};
use crate::domain::money::Money;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Map, Value};

/// The keys, each with what it is.
pub const KEYS: [(&str, &str); 8] = [
    (
        "tolerance_percent",
        "percent by which a price or charge may be too high",
    ),
    (
        "tolerance_amount",
        "money by which it may be; with both, the smaller counts",
    ),
    (
        "freight_per_order",
        "freight agreed for each purchase order; \"any\" for as much as it costs",
    ),
    ("freight_per_piece", "and for each piece shipped"),
    (
        "freight_percent",
        "and in percent of the goods shipped, at cost",
    ),
    (
        "fee_per_order",
        "drop-ship and handling fee for each purchase order; \"any\"",
    ),
    ("fee_per_piece", "and for each piece shipped"),
    (
        "fee_percent",
        "and in percent of the goods shipped, at cost",
    ),
];

/// Reads an agreement: `value` gives what is written under a key, if anything is; what is not
/// written is as in `base`.
///
/// # Errors
/// Each key that holds something else, with what it should hold.
pub fn read(
    base: &Terms,
    value: impl Fn(&str) -> Option<String>,
) -> Result<Terms, Vec<(&'static str, String)>> {
    let mut reader = TermsReader {
        value,
        faults: Vec::new(),
    };
    let tolerance = Tolerance {
        percent_bp: reader
            .percent("tolerance_percent")
            .or(base.goods.percent_bp),
        amount: reader.money("tolerance_amount").or(base.goods.amount),
        larger: base.goods.larger,
    };
    let terms = Terms {
        goods: tolerance,
        charges: tolerance,
        freight: reader.allowance(
            ["freight_per_order", "freight_per_piece", "freight_percent"],
            &base.freight,
        ),
        fees: reader.allowance(
            ["fee_per_order", "fee_per_piece", "fee_percent"],
            &base.fees,
        ),
    };
    match reader.faults.is_empty() {
        true => Ok(terms),
        false => Err(reader.faults),
    }
}

/// The agreement that the extra columns of the vendors' CSV hold, under these keys in any case.
///
/// # Errors
/// As [`read`].
pub fn of_columns(
    columns: &Map<String, Value>,
    base: &Terms,
) -> Result<Terms, Vec<(&'static str, String)>> {
    read(base, |key| {
        let named = |name: &str| name.trim().replace(' ', "_").eq_ignore_ascii_case(key);
        let (_, value) = columns.iter().find(|(name, _)| named(name))?;
        value.as_str().map(str::to_owned)
    })
}

struct TermsReader<F> {
    value: F,
    faults: Vec<(&'static str, String)>,
}

impl<F: Fn(&str) -> Option<String>> TermsReader<F> {
    fn text(&self, key: &str) -> Option<String> {
        (self.value)(key)
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    }

    fn money(&mut self, key: &'static str) -> Option<Money> {
        let text = self.text(key)?;
        match text.parse::<Money>() {
            Ok(amount) if (Money::ZERO..=Money::CEILING).contains(&amount) => Some(amount),
            _ => {
                self.faults.push((
                    key,
                    "must be an amount of 0 or more, such as 7.95; 1,000,000,000.00 is the most"
                        .to_owned(),
                ));
                None
            }
        }
    }

    /// In hundredths of a percent.
    fn percent(&mut self, key: &'static str) -> Option<u32> {
        let text = self.text(key)?;
        let bare = text.trim_end_matches('%').trim();
        let points = bare
            .parse::<Decimal>()
            .ok()
            .and_then(|percent| percent.checked_mul(Decimal::from(100)))
            .filter(|points| points.fract().is_zero())
            .and_then(|points| points.to_u32())
            .filter(|points| *points <= 10_000);
        if points.is_none() {
            self.faults.push((
                key,
                "must be a percentage from 0 to 100 with at most two decimals, such as 2.5"
                    .to_owned(),
            ));
        }
        points
    }

    fn allowance(&mut self, keys: [&'static str; 3], base: &Allowance) -> Allowance {
        let any = self
            .text(keys[0])
            .is_some_and(|text| text.eq_ignore_ascii_case("any"));
        if any {
            return Allowance {
                unlimited: true,
                ..Allowance::default()
            };
        }
        let written = keys.iter().any(|key| self.text(key).is_some());
        // who writes a part of the agreement writes all of it: not half of the site's beside it
        let base = if written { Allowance::default() } else { *base };
        Allowance {
            flat: self.money(keys[0]).unwrap_or(base.flat),
            per_piece: self.money(keys[1]).unwrap_or(base.per_piece),
            percent_bp: self.percent(keys[2]).unwrap_or(base.percent_bp),
            unlimited: base.unlimited,
        }
    }
}

/// A tolerance for people: `2.5 %, at most 5.00`.
pub fn words(tolerance: &Tolerance) -> String {
    let percent = tolerance
        .percent_bp
        .map(|bp| format!("{} %", Decimal::new(i64::from(bp), 2).normalize()));
    match (percent, tolerance.amount) {
        (Some(percent), Some(amount)) => format!("{percent}, at most {amount}"),
        (Some(percent), None) => percent,
        (None, Some(amount)) => amount.to_string(),
        (None, None) => "none".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(pairs: &[(&str, &str)], base: &Terms) -> Result<Terms, Vec<(&'static str, String)>> {
        read(base, |key| {
            let found = pairs.iter().find(|(name, _)| *name == key);
            found.map(|(_, text)| (*text).to_owned())
        })
    }

    #[test]
    fn a_vendors_words_stand_before_the_sites() {
        let none = Terms::default();
        let site = written(
            &[("tolerance_percent", "2.5"), ("freight_per_order", "7.95")],
            &none,
        );
        let site = site.unwrap();
        assert_eq!(site.goods.percent_bp, Some(250));
        assert_eq!(site.freight.flat, Money(795));
        let vendor = written(
            &[
                ("tolerance_amount", "1"),
                ("freight_per_piece", "0.50"),
                ("fee_per_order", "any"),
            ],
            &site,
        )
        .unwrap();
        assert_eq!(vendor.goods.percent_bp, Some(250));
        assert_eq!(vendor.goods.amount, Some(Money(100)));
        assert_eq!(vendor.freight.flat, Money::ZERO);
        assert_eq!(vendor.freight.per_piece, Money(50));
        assert!(vendor.fees.unlimited);
        assert_eq!(words(&vendor.goods), "2.5 %, at most 1.00");
        assert_eq!(written(&[], &none).unwrap(), none);
    }

    #[test]
    fn what_is_no_agreement_is_named() {
        let faults = written(
            &[
                ("tolerance_percent", "2.555"),
                ("fee_per_piece", "-1"),
                ("freight_percent", "101"),
            ],
            &Terms::default(),
        );
        let keys: Vec<&str> = faults.unwrap_err().iter().map(|(key, _)| *key).collect();
        assert_eq!(
            keys,
            ["tolerance_percent", "freight_percent", "fee_per_piece"]
        );
    }
}
