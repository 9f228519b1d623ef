//! The configuration's `[rules]` table: for every code its severity, for some their limits.
//!
//! [`KEYS`] is the one list of limits; documentation and `poms check` read it through
//! [`registry`], and a test holds it equal to [`RuleSettings::default`].

use super::places;
use crate::domain::codes::{CODES, Code, ExceptionCode, Severity};
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::script::Coverage;
use crate::domain::spelling::closest;
use std::collections::HashMap;
use toml::{Table, Value};

/// What the site set, or the defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSettings {
    /// One for each of [`CODES`], in that order.
    severities: Vec<Severity>,
    /// `price_mismatch`: the catalogue's currency, which is the site's.
    pub currency: String,
    /// `price_mismatch`: cents by which a price may differ from the catalogue.
    pub price_tolerance: Money,
    /// `quantity_limit`: pieces of one SKU, where the catalogue sets no limit of its own.
    pub max_qty: i64,
    /// `order_value_limit`: the highest total that passes.
    pub max_value: Money,
    /// `spending_limit`: what a customer may spend in all; zero is no limit.
    pub spending: Money,
    /// `spending_limit`: limits of single customers, by e-mail address or id in lower case.
    pub spending_of: HashMap<String, Money>,
    /// `stale_order`: days; an order older than this fires.
    pub stale_days: i64,
    /// `future_order`: hours; an order dated further ahead fires.
    pub future_hours: i64,
    /// `invoice_date`: days by which a bill may be dated before its purchase order.
    pub bill_before_days: i64,
    /// `invoice_date`: days by which a bill may be dated ahead.
    pub bill_ahead_days: i64,
    /// `suspected_duplicate`: hours between the dates of two like orders, either way.
    pub duplicate_hours: i64,
    /// `po_box`: words of a shipping method that may go to a PO box, in lower case.
    pub po_box_carriers: Vec<String>,
    /// `outside_service_area`: countries served, ISO 3166 two letters.
    pub countries: Vec<String>,
    /// `outside_service_area`: US states not served, two letters.
    pub exclude_states: Vec<String>,
    /// `unprintable_address`: the letters that the site's paper can show.
    pub drawable: Coverage,
    /// `stop_switch`: engaged by the configuration.
    pub stop: bool,
}

impl Default for RuleSettings {
    fn default() -> RuleSettings {
        RuleSettings {
            severities: CODES
                .iter()
                .map(|code| code.definition().severity)
                .collect(),
            currency: "USD".to_owned(),
            price_tolerance: Money::ZERO,
            max_qty: 100,
            max_value: Money(1_000_000),
            spending: Money::ZERO,
            spending_of: HashMap::new(),
            stale_days: 14,
            future_hours: 24,
            bill_before_days: 1,
            bill_ahead_days: 30,
            duplicate_hours: 24,
            po_box_carriers: vec!["usps".to_owned()],
            countries: vec!["US".to_owned()],
            exclude_states: Vec::new(),
            drawable: Coverage::default(),
            stop: false,
        }
    }
}

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

/// One limit of one code.
#[derive(Debug)]
pub struct LimitKey {
    /// The code it belongs to.
    pub code: Code,
    /// Its name in the code's table.
    pub name: &'static str,
    /// What it holds.
    pub takes: Takes,
    /// Its default, as it would be written in TOML.
    pub default: &'static str,
    /// What it does, in one line.
    pub about: &'static str,
}

/// Declares one limit on one line.
const fn key(
    code: Code,
    name: &'static str,
    takes: Takes,
    default: &'static str,
    about: &'static str,
) -> LimitKey {
    LimitKey {
        code,
        name,
        takes,
        default,
        about,
    }
}

/// Every limit there is.
#[rustfmt::skip]
pub static KEYS: &[LimitKey] = &[
    key(Code::SuspectedDuplicate, "hours", Takes::Whole(1, 8760), "24", "orders alike whose dates are at most this far apart"),
    key(Code::PriceMismatch, "tolerance", Takes::Money(0), "\"0.00\"", "a price may differ from the catalogue by this much"),
    key(Code::QuantityLimit, "max_qty", Takes::Whole(1, 1_000_000_000), "100", "pieces of one SKU; the catalogue's max_qty goes before it"),
    key(Code::OrderValueLimit, "max", Takes::Money(1), "\"10000.00\"", "the highest total that passes"),
    key(Code::SpendingLimit, "limit", Takes::Money(0), "\"0\"", "what one customer may spend in all; \"0\" is no limit"),
    key(Code::SpendingLimit, "customers", Takes::Amounts, "{}", "limits of single customers, by e-mail address or id"),
    key(Code::PoBox, "accepted_by", Takes::Words, "[\"usps\"]", "words in the shipping method with which PO boxes are fine"),
    key(Code::OutsideServiceArea, "countries", Takes::Countries, "[\"US\"]", "countries that the site ships to"),
    key(Code::OutsideServiceArea, "exclude_states", Takes::States, "[]", "US states that it does not ship to"),
    key(Code::StaleOrder, "max_days", Takes::Whole(1, 36_500), "14", "an order older than this many days"),
    key(Code::FutureOrder, "max_hours", Takes::Whole(0, 87_600), "24", "an order dated more than this many hours ahead"),
    key(Code::InvoiceDate, "before_days", Takes::Whole(0, 3_650), "1", "a bill dated more than this many days before its purchase order"),
    key(Code::InvoiceDate, "ahead_days", Takes::Whole(0, 3_650), "30", "a bill dated more than this many days ahead"),
    key(Code::StopSwitch, "on", Takes::Switch, "false", "engage the stop switch by configuration"),
];

/// One code with what can be set of it.
#[derive(Debug)]
pub struct CodeEntry {
    /// The code; its `severity` is the default of the key `severity`.
    pub code: Code,
    /// Its limits; empty for most.
    pub limits: Vec<&'static LimitKey>,
}

/// Every code with its keys and defaults, in the order of [`CODES`].
pub fn registry() -> Vec<CodeEntry> {
    CODES
        .iter()
        .map(|&code| CodeEntry {
            code,
            limits: KEYS.iter().filter(|key| key.code == code).collect(),
        })
        .collect()
}

impl RuleSettings {
    /// From the configuration's `[rules]` table. The error names key, value and what is allowed.
    pub fn from_table(table: &Table) -> Result<RuleSettings, String> {
        let mut settings = RuleSettings::default();
        for (name, value) in table {
            let Some(place) = CODES.iter().position(|code| code.as_str() == name) else {
                let known = CODES.iter().map(|code| code.as_str());
                return Err(format!("rules.{name}: no such code; {}", near(name, known)));
            };
            let Value::Table(inner) = value else {
                return Err(format!(
                    "rules.{name} = {value}: write a table, such as {{ severity = \"warn\" }}"
                ));
            };
            for (key, value) in inner {
                settings
                    .set(place, key, value)
                    .map_err(|fault| format!("rules.{name}.{key}{fault}"))?;
            }
        }
        Ok(settings)
    }

    /// How much a code weighs here.
    pub fn severity(&self, code: Code) -> Severity {
        let place = CODES.iter().position(|known| *known == code);
        // there is one for each; what held without one would err on the safe side
        place
            .and_then(|place| self.severities.get(place).copied())
            .unwrap_or(Severity::Hold)
    }

    /// How much the code of a row weighs here. A word that this version does not know holds, which is
    /// the safe side.
    pub fn severity_of(&self, code: &ExceptionCode) -> Severity {
        code.known()
            .map_or(Severity::Hold, |code| self.severity(code))
    }

    /// What the customer of this order may spend in all; `None` is no limit. The customer's own
    /// limit goes before the general one, by id before e-mail address.
    pub fn spending_limit(&self, order: &Order) -> Option<Money> {
        let own = |name: &str| self.spending_of.get(&name.trim().to_lowercase()).copied();
        let customer = &order.customer;
        let limit = customer
            .id
            .as_deref()
            .and_then(own)
            .or_else(|| own(&customer.email))
            .unwrap_or(self.spending);
        (limit > Money::ZERO).then_some(limit)
    }

    /// One key of the code at `place`; the error begins after the key's name.
    fn set(&mut self, place: usize, name: &str, value: &Value) -> Result<(), String> {
        let code = CODES[place];
        if name == "severity" {
            self.severities[place] = value
                .as_str()
                .and_then(Severity::parse)
                .ok_or_else(|| refuse(value, Takes::Severity))?;
            return Ok(());
        }
        let mut own = KEYS.iter().filter(|key| key.code == code);
        let Some(key) = own.find(|key| key.name == name) else {
            let names = KEYS.iter().filter(|key| key.code == code).map(|k| k.name);
            let known = names.chain(std::iter::once("severity"));
            let all: Vec<&str> = known.clone().collect();
            let (near, all) = (near(name, known), all.join(", "));
            return Err(format!(": no such key; {near} ({code} takes {all})"));
        };
        self.put(key, value).ok_or_else(|| refuse(value, key.takes))
    }

    /// Stores the value; `None` when it is not what the key takes.
    fn put(&mut self, key: &LimitKey, value: &Value) -> Option<()> {
        match (key.code, key.name) {
            (Code::SuspectedDuplicate, _) => self.duplicate_hours = whole(value, key.takes)?,
            (Code::PriceMismatch, _) => self.price_tolerance = money(value, key.takes)?,
            (Code::QuantityLimit, _) => self.max_qty = whole(value, key.takes)?,
            (Code::OrderValueLimit, _) => self.max_value = money(value, key.takes)?,
            (Code::SpendingLimit, "limit") => self.spending = money(value, key.takes)?,
            (Code::SpendingLimit, _) => self.spending_of = amounts(value)?,
            (Code::PoBox, _) => self.po_box_carriers = words(value, |w| Some(w.to_lowercase()))?,
            (Code::OutsideServiceArea, "countries") => self.countries = words(value, country)?,
            (Code::OutsideServiceArea, _) => self.exclude_states = words(value, state)?,
            (Code::StaleOrder, _) => self.stale_days = whole(value, key.takes)?,
            (Code::FutureOrder, _) => self.future_hours = whole(value, key.takes)?,
            (Code::InvoiceDate, "before_days") => self.bill_before_days = whole(value, key.takes)?,
            (Code::InvoiceDate, _) => self.bill_ahead_days = whole(value, key.takes)?,
            (Code::StopSwitch, _) => self.stop = value.as_bool()?,
            _ => return None,
        }
        Some(())
    }
}

/// What is wrong with a value, after the key's name.
fn refuse(value: &Value, takes: Takes) -> String {
    format!(" = {value}: allowed is {}", takes.allowed())
}

/// "the nearest is …": the known name most like the one that was written.
fn near<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    format!(
        "the nearest is {}",
        closest(name, known).unwrap_or("severity")
    )
}

fn whole(value: &Value, takes: Takes) -> Option<i64> {
    let Takes::Whole(least, most) = takes else {
        return None;
    };
    value.as_integer().filter(|n| (least..=most).contains(n))
}

fn money(value: &Value, takes: Takes) -> Option<Money> {
    let Takes::Money(least) = takes else {
        return None;
    };
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
        (!name.is_empty()).then_some((name, money(value, Takes::Money(0))?))
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

#[cfg(test)]
mod tests;
