//! One value of a mapping file: a column, path or key, or a table that says more.

use super::dates::DatePattern;
use super::fields::{Field, FieldKind};
use super::mapping::{ValueMapping, ValuePlace};
use super::numbers::{NUMBERS, NumberPattern};
use super::path::JsonPath;
use super::tables::{MappingKey, MappingTable};
use chrono_tz::Tz;

const KEYS: [&str; 12] = [
    "from", "join", "with", "constant", "default", "lookup", "strip", "numbers", "dates", "cents",
    "optional", "sum",
];

/// What holds for all values of a file unless they say otherwise.
pub(super) struct ValueReader {
    numbers: NumberPattern,
    dates: DatePattern,
    zone: Option<Tz>,
    json: bool,
}

impl ValueReader {
    /// By the table `[document]`.
    pub fn new(document: &MappingTable, json: bool) -> ValueReader {
        let zone = document.key("timezone").and_then(|key| {
            let zone = key.word()?.parse::<Tz>();
            if zone.is_err() {
                key.fault("is not an IANA time zone such as \"Europe/Berlin\"");
            }
            zone.ok()
        });
        let numbers = document.key("numbers").and_then(|key| numbers(&key));
        let dates = document.key("dates").and_then(|key| dates(&key, zone));
        ValueReader {
            numbers: numbers.unwrap_or(NumberPattern::PLAIN),
            dates: dates.unwrap_or_else(|| DatePattern::iso(zone)),
            zone,
            json,
        }
    }

    /// The value under a key; `field` where it is that of a field.
    pub fn value(&self, key: &MappingKey, field: Option<&Field>) -> Option<ValueMapping> {
        let plain = ValueMapping {
            from: Vec::new(),
            with: " ".to_owned(),
            constant: None,
            default: None,
            lookup: None,
            strip: String::new(),
            numbers: self.numbers,
            dates: self.dates.clone(),
            cents: false,
            optional: false,
            sum: false,
        };
        let value = match key.table() {
            None => ValueMapping {
                from: vec![self.place(key, &key.word()?)?],
                ..plain
            },
            Some(table) => self.described(key, &table, plain)?,
        };
        let is_date = field.is_some_and(|field| field.kind == FieldKind::Moment);
        if is_date && value.constant.is_none() && value.dates.needs_zone() && self.zone.is_none() {
            key.fault(format!(
                "is written as {}, which has no offset: say timezone = \"America/New_York\" (or where the shop is) under [document]",
                value.dates.word
            ));
        }
        if value.sum && field.is_none_or(|field| field.name != "total") {
            key.fault("sum is for the order's total alone");
        }
        Some(value)
    }

    fn described(
        &self,
        key: &MappingKey,
        table: &MappingTable,
        plain: ValueMapping,
    ) -> Option<ValueMapping> {
        table.keys(&KEYS);
        let mut value = plain;
        let words: Vec<String> = match (table.key("from"), table.key("join")) {
            (Some(from), None) => from.word().into_iter().collect(),
            (None, Some(join)) => join.words(),
            (None, None) => Vec::new(),
            (Some(_), Some(join)) => {
                join.fault("stands beside from: keep one");
                return None;
            }
        };
        for word in &words {
            value.from.push(self.place(key, word)?);
        }
        value.constant = table.word("constant");
        value.sum = table.flag("sum");
        let ways = usize::from(!words.is_empty())
            + usize::from(value.constant.is_some())
            + usize::from(value.sum);
        if ways != 1 {
            key.fault(
                "needs one of from (a column, path or key), join (several), constant (a value)",
            );
            return None;
        }
        if let Some(with) = table.word("with") {
            value.with = with;
        }
        value.default = table.word("default");
        value.lookup = table.word("lookup");
        value.strip = table.word("strip").unwrap_or_default();
        value.cents = table.flag("cents");
        value.optional = table.flag("optional");
        if let Some(numbers) = table.key("numbers").and_then(|key| numbers(&key)) {
            value.numbers = numbers;
        }
        if let Some(dates) = table.key("dates").and_then(|key| dates(&key, self.zone)) {
            value.dates = dates;
        }
        Some(value)
    }

    fn place(&self, key: &MappingKey, word: &str) -> Option<ValuePlace> {
        if word.trim().is_empty() {
            key.fault("is empty: it must be a column, path or key of the document");
            return None;
        }
        let path = match self.json.then(|| JsonPath::parse(word)).transpose() {
            Ok(path) => path,
            Err(fault) => {
                key.fault(fault.0);
                return None;
            }
        };
        Some(ValuePlace {
            word: word.trim().to_owned(),
            path,
        })
    }
}

fn numbers(key: &MappingKey) -> Option<NumberPattern> {
    let word = key.word()?;
    let found = NUMBERS.iter().find(|one| one.word == word);
    if found.is_none() {
        let words: Vec<&str> = NUMBERS.iter().map(|one| one.word).collect();
        key.fault(format!("must be one of {}", words.join("  ")));
    }
    found.copied()
}

fn dates(key: &MappingKey, zone: Option<Tz>) -> Option<DatePattern> {
    let word = key.word()?;
    match DatePattern::parse(&word, zone) {
        Ok(pattern) => Some(pattern),
        Err(fault) => {
            key.fault(fault.0);
            None
        }
    }
}
