//! The configuration's `[rules]` table: for every code its severity, for some their limits.
//!
//! A limit is declared in the file of its rule, as a [`Limit`]; `config::limits` gathers them.

mod limit;

pub use limit::{Limit, LimitKey, LimitType, LimitValue, Takes};

use crate::domain::codes::{CODES, Code, ExceptionCode, Severity};
use crate::domain::script::Coverage;
use crate::domain::spelling::closest;
use std::borrow::Cow;
use std::collections::HashMap;
use toml::{Table, Value};

/// What the site set, or the defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSettings {
    /// One for each of [`CODES`], in that order.
    severities: Vec<Severity>,
    /// What is set of limits, by code and name; where nothing is, the default holds.
    limits: HashMap<(Code, &'static str), LimitValue>,
    /// `price_mismatch`: the catalogue's currency, which is the site's.
    pub currency: String,
    /// `unprintable_address`: the letters that the site's paper can show.
    pub drawable: Coverage,
}

impl Default for RuleSettings {
    fn default() -> RuleSettings {
        RuleSettings {
            severities: CODES
                .iter()
                .map(|code| code.definition().severity)
                .collect(),
            limits: HashMap::new(),
            currency: "USD".to_owned(),
            drawable: Coverage::default(),
        }
    }
}

impl RuleSettings {
    /// From the configuration's `[rules]` table, with the limits that there are. The error names key,
    /// value and what is allowed.
    pub fn from_table(table: &Table, keys: &[&LimitKey]) -> Result<RuleSettings, String> {
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
                    .set(place, key, value, keys)
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

    /// A limit: what the site set, or its default.
    pub fn get<T: LimitType>(&self, limit: &Limit<T>) -> Cow<'_, T> {
        let key = &limit.key;
        match self.limits.get(&(key.code, key.name)).and_then(T::of) {
            Some(set) => Cow::Borrowed(set),
            None => Cow::Owned(T::of(&key.default_value()).cloned().unwrap_or_default()),
        }
    }

    /// What holds by a key: what the site set, or its default.
    pub fn value(&self, key: &LimitKey) -> LimitValue {
        let set = self.limits.get(&(key.code, key.name)).cloned();
        set.unwrap_or_else(|| key.default_value())
    }

    /// Sets a limit, whatever the key allows.
    #[cfg(test)]
    pub fn put<T>(&mut self, limit: &Limit<T>, value: LimitValue) {
        self.limits.insert((limit.key.code, limit.key.name), value);
    }

    /// One key of the code at `place`; the error begins after the key's name.
    fn set(
        &mut self,
        place: usize,
        name: &str,
        value: &Value,
        keys: &[&LimitKey],
    ) -> Result<(), String> {
        let code = CODES[place];
        if name == "severity" {
            self.severities[place] = value
                .as_str()
                .and_then(Severity::parse)
                .ok_or_else(|| refuse(value, Takes::Severity))?;
            return Ok(());
        }
        let own = || keys.iter().filter(|key| key.code == code);
        let Some(key) = own().find(|key| key.name == name) else {
            let known = own().map(|key| key.name).chain(std::iter::once("severity"));
            let all: Vec<&str> = known.clone().collect();
            let (near, all) = (near(name, known), all.join(", "));
            return Err(format!(": no such key; {near} ({code} takes {all})"));
        };
        let set = key.read(value).ok_or_else(|| refuse(value, key.takes))?;
        self.limits.insert((code, key.name), set);
        Ok(())
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
