//! Reads tables of TOML key by key and collects every fault with its line, so that a person mends
//! the whole file at once. A getter that finds a fault notes it and gives a harmless value.

mod sources;

use super::ConfigFault;
use super::keys;
use super::safety::Need;
use crate::domain::spelling::closest;
use std::cell::{Cell, RefCell};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A file that the configuration names, and how it must be protected.
pub struct NamedFile {
    /// Where it is named.
    pub line: u64,
    /// By which key, with its table.
    pub key: String,
    /// The file, absolute.
    pub path: PathBuf,
    /// What its mode must be.
    pub need: Need,
}

/// One configuration file while it is read.
pub struct Document<'a> {
    text: &'a str,
    /// Where its lines end.
    ends: Vec<usize>,
    /// What relative paths are relative to.
    base: &'a Path,
    /// What is wrong so far.
    pub faults: RefCell<Vec<ConfigFault>>,
    /// The files named so far.
    pub files: RefCell<Vec<NamedFile>>,
    /// Whether a secret stands in the file itself.
    pub inline_secret: Cell<bool>,
}

impl<'a> Document<'a> {
    /// Of this text, with paths relative to `base`.
    pub fn new(text: &'a str, base: &'a Path) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Document {
            text,
            ends: ends.map(|(place, _)| place).collect(),
            base,
            faults: RefCell::default(),
            files: RefCell::default(),
            inline_secret: Cell::new(false),
        }
    }

    /// The line of a byte, counted from 1.
    pub fn line(&self, byte: usize) -> u64 {
        self.ends.partition_point(|end| *end < byte) as u64 + 1
    }

    /// The file's top, as a section.
    pub fn top(&'a self, root: &'a DeTable<'a>) -> Section<'a> {
        Section::new(self, "", 1, root)
    }
}

/// One table of the file.
pub struct Section<'a> {
    doc: &'a Document<'a>,
    path: &'static str,
    line: u64,
    table: &'a DeTable<'a>,
}

impl<'a> Section<'a> {
    fn new(doc: &'a Document<'a>, path: &'static str, line: u64, table: &'a DeTable<'a>) -> Self {
        let section = Section {
            doc,
            path,
            line,
            table,
        };
        section.refuse_unknown();
        section
    }

    /// Notes every key that the table does not know, with the one that was probably meant.
    fn refuse_unknown(&self) {
        let known = keys::of(self.path);
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if known.contains(&name) {
                continue;
            }
            let table = match self.path {
                "" => "the top of the file".to_owned(),
                path => format!("[{path}]"),
            };
            let nearest = closest(name, known.iter().copied()).unwrap_or_default();
            let place = match keys::elsewhere(self.path, name) {
                Some(other) if !other.is_empty() => {
                    format!("; [{other}] has a key of that name")
                }
                _ => String::new(),
            };
            self.doc.faults.borrow_mut().push(ConfigFault {
                line: self.doc.line(key.span().start),
                key: self.full(&printable(name)),
                value: None,
                message: format!(
                    "{table} has no key '{}'; the nearest known one is '{nearest}'{place}",
                    printable(name)
                ),
            });
        }
    }

    /// The key with its table.
    fn full(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        debug_assert!(
            keys::of(self.path).contains(&key),
            "{}.{key} is not in keys.rs",
            self.path
        );
        self.table.get(key)
    }

    /// Whether the key is written.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The line of the key's value, or of the table when the key is not there.
    pub fn line_of(&self, key: &str) -> u64 {
        self.get(key)
            .map_or(self.line, |value| self.doc.line(value.span().start))
    }

    /// Notes that the key's value is wrong; the value is shown, unless it is a secret.
    pub fn fault(&self, key: &str, message: impl Into<String>) {
        let value = self
            .get(key)
            .filter(|_| !keys::is_secret(key))
            .and_then(|value| self.doc.text.get(value.span()))
            .map(printable);
        self.doc.faults.borrow_mut().push(ConfigFault {
            line: self.line_of(key),
            key: self.full(key),
            value,
            message: message.into(),
        });
    }

    /// As [`Section::fault`], without the value: for what concerns a whole table.
    pub fn fault_plain(&self, key: &str, message: String) {
        self.doc.faults.borrow_mut().push(ConfigFault {
            line: self.line_of(key),
            key: self.full(key),
            value: None,
            message,
        });
    }

    /// Notes a fault at the line of `inner` in the table under `key`; the message names the key.
    pub fn fault_inside(&self, key: &str, inner: &str, message: String) {
        let place = self
            .get(key)
            .and_then(|table| table.get_ref().as_table()?.get_key_value(inner));
        let line = place.map_or(self.line_of(key), |(name, _)| {
            self.doc.line(name.span().start)
        });
        self.doc.faults.borrow_mut().push(ConfigFault {
            line,
            key: String::new(),
            value: None,
            message,
        });
    }

    /// A text, if it is there; it may have no control characters (RFC 5322 headers are made of it).
    pub fn text(&self, key: &str) -> Option<String> {
        self.text_with(key, |c| c.is_control(), "no control characters")
    }

    /// A text that may have several lines.
    pub fn long_text(&self, key: &str) -> Option<String> {
        let banned = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
        self.text_with(key, banned, "no control characters but line ends")
    }

    fn text_with(&self, key: &str, banned: fn(char) -> bool, allowed: &str) -> Option<String> {
        let value = self.get(key)?.get_ref();
        let Some(text) = value.as_str() else {
            self.fault(key, format!("is {}, not a text", kind_of(value)));
            return None;
        };
        if text.chars().any(banned) {
            self.fault(key, format!("may have {allowed}"));
            return None;
        }
        Some(text.to_owned())
    }

    /// A text that must be there and have something in it; empty after a fault.
    pub fn required(&self, key: &str, what: &str) -> String {
        match self.text(key) {
            Some(text) if !text.trim().is_empty() => return text,
            Some(_) => self.fault(key, format!("is empty: it must be {what}")),
            None if self.has(key) => {}
            None => self.fault(key, format!("is missing: it must be {what}")),
        }
        String::new()
    }

    /// Texts: a list, or one text for a list of one. Empty when the key is not there.
    pub fn texts(&self, key: &str) -> Vec<String> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        let Some(list) = value.get_ref().as_array() else {
            return self.text(key).into_iter().collect();
        };
        let texts: Option<Vec<String>> = list
            .iter()
            .map(|item| item.get_ref().as_str().map(str::to_owned))
            .collect();
        match texts {
            Some(texts) if !texts.iter().any(|t| t.chars().any(char::is_control)) => texts,
            Some(_) => {
                self.fault(key, "may have no control characters");
                Vec::new()
            }
            None => {
                self.fault(key, "must be a list of texts, as [\"one\", \"two\"]");
                Vec::new()
            }
        }
    }

    /// A whole number in a range, or the default.
    pub fn number(&self, key: &str, range: RangeInclusive<i64>, default: i64) -> i64 {
        let Some(value) = self.get(key) else {
            return default;
        };
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok())
            .filter(|number| range.contains(number));
        number.unwrap_or_else(|| {
            let (low, high) = range.into_inner();
            self.fault(
                key,
                format!("must be a whole number from {low} to {high} (default {default})"),
            );
            default
        })
    }

    /// A share in a range, in whole percent; `None` where the key is not there, and after a fault.
    pub fn share(&self, key: &str, range: RangeInclusive<f64>) -> Option<u32> {
        let value = self.get(key)?.get_ref();
        let number = value
            .as_float()
            .and_then(|number| number.as_str().parse().ok());
        let Some(number) = number.filter(|number: &f64| range.contains(number)) else {
            let (low, high) = range.into_inner();
            self.fault(
                key,
                format!("must be a share from {low} to {high}, such as 0.9"),
            );
            return None;
        };
        Some((number * 100.0).round() as u32)
    }

    /// `true` or `false`; false when the key is not there.
    pub fn flag(&self, key: &str) -> bool {
        let Some(value) = self.get(key) else {
            return false;
        };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.fault(key, "must be true or false");
            false
        })
    }

    /// One of several words with their meanings; `default` when the key is not there, and after a
    /// fault.
    pub fn choice<T: Copy>(&self, key: &str, choices: &[(&str, T)], default: T) -> T {
        if !self.has(key) {
            return default;
        }
        let word = self.get(key).and_then(|value| value.get_ref().as_str());
        if let Some((_, meaning)) = choices.iter().find(|(name, _)| Some(*name) == word) {
            return *meaning;
        }
        let words: Vec<String> = choices.iter().map(|(w, _)| format!("\"{w}\"")).collect();
        self.fault(key, format!("must be {}", words.join(" or ")));
        default
    }

    /// A table inside this one; `path` is its full name in [`keys::TABLES`].
    pub fn section(&self, key: &str, path: &'static str) -> Option<Section<'a>> {
        let value = self.get(key)?;
        let Some(table) = value.get_ref().as_table() else {
            self.fault(key, format!("must be a table: [{path}]"));
            return None;
        };
        Some(Section::new(self.doc, path, self.line_of(key), table))
    }

    /// The tables of an array of tables, `[[key]]`.
    pub fn sections(&self, key: &str, path: &'static str) -> Vec<Section<'a>> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        let items = value.get_ref().as_array();
        let tables: Option<Vec<_>> = items.and_then(|list| {
            list.iter()
                .map(|item| Some((item.span().start, item.get_ref().as_table()?)))
                .collect()
        });
        let Some(tables) = tables else {
            self.fault(key, format!("must be written as [[{path}]], two brackets"));
            return Vec::new();
        };
        let section = |(start, table)| Section::new(self.doc, path, self.doc.line(start), table);
        tables.into_iter().map(section).collect()
    }

    /// The table under `key` as plain TOML, for a part of poms that checks its keys itself. What TOML
    /// cannot hold (a whole number beyond 64 bits, above all) is a fault of its own key.
    pub fn raw(&self, key: &str) -> toml::Table {
        let Some(value) = self.get(key) else {
            return toml::Table::new();
        };
        let Some(table) = value.get_ref().as_table() else {
            self.fault(key, format!("must be a table: [{key}]"));
            return toml::Table::new();
        };
        let mut plain = toml::Table::new();
        for (name, value) in table {
            let read: Result<toml::Value, toml::de::Error> =
                serde::Deserialize::deserialize(toml::de::ValueDeserializer::from(value.clone()));
            match read {
                Ok(value) => drop(plain.insert(name.get_ref().to_string(), value)),
                Err(_) => {
                    let name = name.get_ref();
                    let text = self.doc.text.get(value.span()).map(printable);
                    let text = text.unwrap_or_default();
                    let message = format!(
                        "{key}.{name} = {text}: must be values that fit: a whole number has at most 64 bits"
                    );
                    self.fault_inside(key, name, message);
                }
            }
        }
        plain
    }
}

/// TOML's word for what a value is.
fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// A word of the file for a message: one line, not too long.
pub fn printable(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut clean: String = text
        .chars()
        .take(LONGEST)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        clean.push('…');
    }
    clean
}
