//! Foreign JSON, walked so that each fault names its place.

use crate::domain::money::Money;
use crate::domain::order::MOST_PIECES;
use crate::formats::FormatError;
use rust_decimal::Decimal;
use serde_json::Value;
use std::str::FromStr;

/// A value, and where it stands in the document.
#[derive(Clone)]
pub struct At<'a> {
    pub value: &'a Value,
    pub path: String,
    format: &'a str,
}

impl<'a> At<'a> {
    /// The document's top, or one of its records at `path`.
    pub fn new(format: &'a str, path: &str, value: &'a Value) -> At<'a> {
        At {
            value,
            path: path.to_owned(),
            format,
        }
    }

    /// What is wrong, as `line_items[0].price is a list, not an amount`.
    pub fn fault(&self, what: &str) -> FormatError {
        let place = match self.path.as_str() {
            "" => "the order",
            path => path,
        };
        FormatError::Malformed {
            format: self.format.to_owned(),
            reason: format!("{place} {what}"),
        }
    }

    /// The value under a key; none where it is absent or null.
    pub fn key(&self, key: &str) -> Option<At<'a>> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        let path = match self.path.as_str() {
            "" => key.to_owned(),
            path => format!("{path}.{key}"),
        };
        Some(At {
            value,
            path,
            format: self.format,
        })
    }

    /// The value below several keys, none where one of them is absent.
    pub fn below(&self, keys: &[&str]) -> Option<At<'a>> {
        keys.iter().try_fold(self.clone(), |at, key| at.key(key))
    }

    /// The entries of a list under a key; none where it is absent.
    ///
    /// # Errors
    /// Where something else than a list stands there.
    pub fn list(&self, key: &str) -> Result<Vec<At<'a>>, FormatError> {
        let Some(at) = self.key(key) else {
            return Ok(Vec::new());
        };
        match at.value.is_array() {
            true => Ok(at.entries()),
            false => Err(at.fault("is no list")),
        }
    }

    /// The entries of this list; none of anything else.
    pub fn entries(&self) -> Vec<At<'a>> {
        let list = self.value.as_array().map_or(&[][..], Vec::as_slice);
        let entry = |(place, value)| At {
            value,
            path: format!("{}[{place}]", self.path),
            format: self.format,
        };
        list.iter().enumerate().map(entry).collect()
    }

    /// A text under a key, blanks around it gone; empty where it is absent. A number is its digits.
    ///
    /// # Errors
    /// Where something else stands there.
    pub fn text(&self, key: &str) -> Result<String, FormatError> {
        match self.key(key) {
            None => Ok(String::new()),
            Some(at) => at.own_text(),
        }
    }

    /// This value as a text.
    ///
    /// # Errors
    /// Where it is neither text nor number nor yes or no.
    pub fn own_text(&self) -> Result<String, FormatError> {
        match self.value {
            Value::String(text) => Ok(text.trim().to_owned()),
            Value::Number(number) => Ok(number.to_string()),
            Value::Bool(flag) => Ok(flag.to_string()),
            _ => Err(self.fault("is neither a text nor a number")),
        }
    }

    /// The first of several keys that has a text.
    ///
    /// # Errors
    /// Where something else stands under one of them.
    pub fn first(&self, keys: &[&str]) -> Result<String, FormatError> {
        for key in keys {
            let text = self.text(key)?;
            if !text.is_empty() {
                return Ok(text);
            }
        }
        Ok(String::new())
    }

    /// A text that must be there.
    ///
    /// # Errors
    /// Where it is not, or is empty.
    pub fn need(&self, key: &str) -> Result<String, FormatError> {
        match self.text(key)? {
            text if text.is_empty() => Err(self.missing(key)),
            text => Ok(text),
        }
    }

    /// That a required key is missing.
    pub fn missing(&self, key: &str) -> FormatError {
        let path = match self.path.as_str() {
            "" => key.to_owned(),
            path => format!("{path}.{key}"),
        };
        FormatError::Malformed {
            format: self.format.to_owned(),
            reason: format!("the required key {path} is missing"),
        }
    }

    /// An amount under a key, to the digit as it was written; nothing where it is absent.
    ///
    /// # Errors
    /// Where something else stands there.
    pub fn amount(&self, key: &str) -> Result<Option<Decimal>, FormatError> {
        self.key(key).map(|at| at.own_amount()).transpose()
    }

    /// This value as an amount.
    ///
    /// # Errors
    /// Where it is none.
    pub fn own_amount(&self) -> Result<Decimal, FormatError> {
        let text = match self.value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return Err(self.fault("is no amount")),
        };
        let read = Decimal::from_str(&text).or_else(|_| Decimal::from_scientific(&text));
        let amount = read.map_err(|_| self.fault("is no amount such as \"12.34\""))?;
        match amount.abs() <= Decimal::from(Money::CEILING.0 / 100) {
            true => Ok(amount),
            false => Err(self.fault("is too large an amount: 1,000,000,000.00 is the most")),
        }
    }

    /// An amount that must be there.
    ///
    /// # Errors
    /// Where it is not, or is none.
    pub fn needed_amount(&self, key: &str) -> Result<Decimal, FormatError> {
        self.amount(key)?.ok_or_else(|| self.missing(key))
    }

    /// Pieces under a key; nothing where it is absent.
    ///
    /// # Errors
    /// Where it is no whole number: goods that are measured are no pieces.
    pub fn pieces(&self, key: &str) -> Result<Option<i64>, FormatError> {
        let Some(at) = self.key(key) else {
            return Ok(None);
        };
        let amount = at.own_amount()?;
        let whole = amount.normalize();
        match whole.scale() {
            0 => i64::try_from(whole.mantissa())
                .ok()
                .filter(|pieces| (-MOST_PIECES..=MOST_PIECES).contains(pieces))
                .map(Some)
                .ok_or_else(|| at.fault("is more than 1,000,000 pieces")),
            _ => Err(at.fault("is no whole number: poms orders pieces")),
        }
    }

    /// Pieces that must be there.
    ///
    /// # Errors
    /// Where they are not, or are no whole number.
    pub fn needed_pieces(&self, key: &str) -> Result<i64, FormatError> {
        self.pieces(key)?.ok_or_else(|| self.missing(key))
    }

    /// Whether nothing stands here: an empty text, list or object.
    pub fn says_nothing(&self) -> bool {
        match self.value {
            Value::Null => true,
            Value::String(text) => text.trim().is_empty(),
            Value::Array(list) => list.is_empty(),
            Value::Object(map) => map.is_empty(),
            Value::Bool(_) | Value::Number(_) => false,
        }
    }

    /// Whether true stands under a key, or a text that says so.
    pub fn flag(&self, key: &str) -> bool {
        match self.value.get(key) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) => text.trim().eq_ignore_ascii_case("true"),
            Some(Value::Number(number)) => number.as_i64() == Some(1),
            _ => false,
        }
    }
}
