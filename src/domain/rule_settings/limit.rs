//! A limit of a rule: declared in the file that asks for it, read and checked here.
//!
//! The declaration is all that there is of a limit: the configuration, its example and the papers are
//! made of it.

use crate::domain::codes::Code;
use crate::domain::money::Money;
use crate::domain::places;
use std::collections::HashMap;
use std::marker::PhantomData;
use toml::Value;

/// A limit with the type of its value, by which [`RuleSettings::get`](super::RuleSettings::get) gives it.
#[derive(Debug)]
pub struct Limit<T> {
    /// What the configuration knows of it.
    pub key: LimitKey,
    value: PhantomData<fn() -> T>,
}

/// One key of one code in the configuration.
#[derive(Clone, Copy, Debug)]
pub struct LimitKey {
    /// The code it belongs to.
    pub code: Code,
    /// Its name in the code's table.
    pub name: &'static str,
    /// What it holds.
    pub takes: Takes,
    /// What it does, in one line.
    pub about: &'static str,
    default: Preset,
}

/// What holds where the site sets nothing.
#[derive(Clone, Copy, Debug)]
enum Preset {
    Whole(i64),
    Money(&'static str),
    Words(&'static [&'static str]),
    NoAmounts,
    Off,
}

/// What was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LimitValue {
    /// A whole number.
    Whole(i64),
    /// An amount.
    Money(Money),
    /// Words in the form in which they are compared.
    Words(Vec<String>),
    /// Amounts by customer: e-mail address or id, in lower case.
    Amounts(HashMap<String, Money>),
    /// On or off.
    Switch(bool),
}

/// What a [`Limit`] may be of.
pub trait LimitType: Clone + Default {
    /// The value, if it is of this type.
    fn of(value: &LimitValue) -> Option<&Self>;
}

/// Makes of a variant of [`LimitValue`] a type of limits.
macro_rules! limit_type {
    ($kind:ty, $variant:ident) => {
        impl LimitType for $kind {
            fn of(value: &LimitValue) -> Option<&$kind> {
                match value {
                    LimitValue::$variant(value) => Some(value),
                    _ => None,
                }
            }
        }
    };
}

limit_type!(i64, Whole);
limit_type!(Money, Money);
limit_type!(Vec<String>, Words);
limit_type!(HashMap<String, Money>, Amounts);
limit_type!(bool, Switch);

/// What a key holds, and what is allowed in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// `"hold"`, `"warn"` or `"off"`.
    Severity,
    /// An amount as text, of at least this many cents.
    Money(i64),
    /// A whole number in these bounds, both included.
    Whole(i64, i64),
    /// A list of texts, none blank.
    Words,
    /// A list of ISO 3166 country codes.
    Countries,
    /// A list of US states.
    States,
    /// A table from customer (e-mail address or id) to amount.
    Amounts,
    /// `true` or `false`.
    Switch,
}

impl Takes {
    /// What is allowed, in words that end an error message.
    pub fn allowed(self) -> String {
        match self {
            Takes::Severity => "\"hold\", \"warn\" or \"off\"".to_owned(),
            Takes::Money(least) => format!(
                "an amount of {} or more as text, such as \"500.00\"",
                Money(least)
            ),
            Takes::Whole(least, most) => format!("a whole number from {least} to {most}"),
            Takes::Words => "a list of words, such as [\"usps\"]".to_owned(),
            Takes::Countries => {
                "a list of two-letter country codes (ISO 3166), such as [\"US\", \"CA\"]".to_owned()
            }
            Takes::States => "a list of US states, such as [\"AK\", \"HI\"]".to_owned(),
            Takes::Amounts => {
                "a table of customer and amount, such as { \"jane@mail.example\" = \"500.00\" }"
                    .to_owned()
            }
            Takes::Switch => "true or false".to_owned(),
        }
    }
}

impl<T> Limit<T> {
    const fn new(
        code: Code,
        name: &'static str,
        takes: Takes,
        default: Preset,
        about: &'static str,
    ) -> Limit<T> {
        Limit {
            key: LimitKey {
                code,
                name,
                takes,
                about,
                default,
            },
            value: PhantomData,
        }
    }
}

impl Limit<i64> {
    /// A whole number between two, both allowed.
    pub const fn whole(
        code: Code,
        name: &'static str,
        (least, most): (i64, i64),
        default: i64,
        about: &'static str,
    ) -> Limit<i64> {
        let takes = Takes::Whole(least, most);
        Limit::new(code, name, takes, Preset::Whole(default), about)
    }
}

impl Limit<Money> {
    /// An amount of so many cents or more; the default as a person writes it, such as `10000.00`.
    pub const fn amount(
        code: Code,
        name: &'static str,
        least: i64,
        default: &'static str,
        about: &'static str,
    ) -> Limit<Money> {
        let takes = Takes::Money(least);
        Limit::new(code, name, takes, Preset::Money(default), about)
    }
}

impl Limit<Vec<String>> {
    /// A list of [`Takes::Words`], [`Takes::Countries`] or [`Takes::States`]; the default in the form in
    /// which it is compared.
    pub const fn list(
        code: Code,
        name: &'static str,
        takes: Takes,
        default: &'static [&'static str],
        about: &'static str,
    ) -> Limit<Vec<String>> {
        Limit::new(code, name, takes, Preset::Words(default), about)
    }
}

impl Limit<HashMap<String, Money>> {
    /// Amounts by customer; none unless they are set.
    pub const fn amounts(
        code: Code,
        name: &'static str,
        about: &'static str,
    ) -> Limit<HashMap<String, Money>> {
        Limit::new(code, name, Takes::Amounts, Preset::NoAmounts, about)
    }
}

impl Limit<bool> {
    /// Off unless it is set.
    pub const fn switch(code: Code, name: &'static str, about: &'static str) -> Limit<bool> {
        Limit::new(code, name, Takes::Switch, Preset::Off, about)
    }
}

impl LimitKey {
    /// Its default, as it would be written in TOML.
    pub fn default_text(&self) -> String {
        match self.default {
            Preset::Whole(number) => number.to_string(),
            Preset::Money(amount) => format!("\"{amount}\""),
            Preset::Words(words) => format!("{words:?}"),
            Preset::NoAmounts => "{}".to_owned(),
            Preset::Off => "false".to_owned(),
        }
    }

    /// What holds where the site sets nothing.
    pub fn default_value(&self) -> LimitValue {
        match self.default {
            Preset::Whole(number) => LimitValue::Whole(number),
            // a test reads every default by its key
            Preset::Money(amount) => LimitValue::Money(amount.parse().unwrap_or_default()),
            Preset::Words(words) => {
                LimitValue::Words(words.iter().map(|word| (*word).to_owned()).collect())
            }
            Preset::NoAmounts => LimitValue::Amounts(HashMap::new()),
            Preset::Off => LimitValue::Switch(false),
        }
    }

    /// The value that is written; `None` when it is not what the key takes.
    pub(super) fn read(&self, value: &Value) -> Option<LimitValue> {
        Some(match self.takes {
            // a key of every code, and no limit
            Takes::Severity => return None,
            Takes::Money(least) => LimitValue::Money(money(value, least)?),
            Takes::Whole(least, most) => LimitValue::Whole(whole(value, least, most)?),
            Takes::Words => LimitValue::Words(words(value, |word| Some(word.to_lowercase()))?),
            Takes::Countries => LimitValue::Words(words(value, country)?),
            Takes::States => LimitValue::Words(words(value, state)?),
            Takes::Amounts => LimitValue::Amounts(amounts(value)?),
            Takes::Switch => LimitValue::Switch(value.as_bool()?),
        })
    }
}

fn whole(value: &Value, least: i64, most: i64) -> Option<i64> {
    value.as_integer().filter(|n| (least..=most).contains(n))
}

fn money(value: &Value, least: i64) -> Option<Money> {
    let amount = value.as_str()?.trim().parse::<Money>().ok()?;
    (Money(least)..=Money::CEILING)
        .contains(&amount)
        .then_some(amount)
}

/// Limits by customer. Zero is allowed: no limit for this one.
fn amounts(value: &Value) -> Option<HashMap<String, Money>> {
    let table = value.as_table()?;
    let limit = |(name, value): (&String, &Value)| {
        let name = name.trim().to_lowercase();
        (!name.is_empty()).then_some((name, money(value, 0)?))
    };
    table.iter().map(limit).collect()
}

/// A list of words, each brought into the form in which it is compared.
fn words(value: &Value, form: impl Fn(&str) -> Option<String>) -> Option<Vec<String>> {
    let word = |item: &Value| {
        let text = item.as_str()?.trim();
        (!text.is_empty()).then(|| form(text)).flatten()
    };
    value.as_array()?.iter().map(word).collect()
}

/// Two letters of a country, whatever its spelling.
fn country(text: &str) -> Option<String> {
    let code = places::country(text);
    let two = code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
    two.then_some(code)
}

/// Two letters of a US state, also from its name.
fn state(text: &str) -> Option<String> {
    places::state(text).map(|state| state.code.to_owned())
}
