//! The tables of a mapping file, read key by key; every fault with its line.

use crate::domain::spelling::closest;
use std::cell::RefCell;
use std::fmt;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One thing wrong in a mapping file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingFault {
    /// The line of the file, from 1.
    pub line: usize,
    /// The key with its table.
    pub key: String,
    /// What is wrong, and what to do.
    pub message: String,
}

impl fmt::Display for MappingFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key.as_str() {
            "" => write!(f, "{}: {}", self.line, self.message),
            key => write!(f, "{}: {key}: {}", self.line, self.message),
        }
    }
}

/// A mapping file while it is read.
pub(super) struct MappingText<'a> {
    pub text: &'a str,
    pub faults: RefCell<Vec<MappingFault>>,
}

impl<'a> MappingText<'a> {
    /// The line of a byte, from 1.
    fn line(&self, byte: usize) -> usize {
        let before = self.text.as_bytes().iter().take(byte);
        before.filter(|byte| **byte == b'\n').count() + 1
    }

    pub fn fault(&self, byte: usize, key: &str, message: impl Into<String>) {
        self.faults.borrow_mut().push(MappingFault {
            line: self.line(byte),
            key: key.to_owned(),
            message: message.into(),
        });
    }

    /// The file's top.
    pub fn top(&'a self, table: &'a DeTable<'a>) -> MappingTable<'a> {
        MappingTable {
            text: self,
            name: String::new(),
            byte: 0,
            table,
        }
    }
}

/// One table of the file.
pub(super) struct MappingTable<'a> {
    text: &'a MappingText<'a>,
    name: String,
    byte: usize,
    table: &'a DeTable<'a>,
}

/// A key of a table.
pub(super) struct MappingKey<'a> {
    text: &'a MappingText<'a>,
    /// With its table.
    pub full: String,
    /// Alone.
    pub name: String,
    byte: usize,
    value: &'a DeValue<'a>,
}

impl<'a> MappingTable<'a> {
    /// Its keys; those that are none of `known` are faults (any is known where that is empty).
    pub fn keys(&self, known: &[&str]) -> Vec<MappingKey<'a>> {
        let key = |(name, value): (
            &'a Spanned<toml::de::DeString<'a>>,
            &'a Spanned<DeValue<'a>>,
        )| MappingKey {
            text: self.text,
            full: match self.name.as_str() {
                "" => name.get_ref().to_string(),
                table => format!("{table}.{}", name.get_ref()),
            },
            name: name.get_ref().to_string(),
            byte: name.span().start,
            value: value.get_ref(),
        };
        let mut keys: Vec<MappingKey<'a>> = self.table.iter().map(key).collect();
        keys.sort_by_key(|key| key.byte);
        keys.retain(|key| {
            let is_known = known.is_empty() || known.contains(&key.name.as_str());
            if !is_known {
                let nearest = closest(&key.name, known.iter().copied()).unwrap_or_default();
                key.fault(format!(
                    "is no key here; the nearest known one is '{nearest}'"
                ));
            }
            is_known
        });
        keys
    }

    /// One key.
    pub fn key(&self, name: &str) -> Option<MappingKey<'a>> {
        let (key, value) = self.table.get_key_value(name)?;
        Some(MappingKey {
            text: self.text,
            full: match self.name.as_str() {
                "" => name.to_owned(),
                table => format!("{table}.{name}"),
            },
            name: name.to_owned(),
            byte: key.span().start,
            value: value.get_ref(),
        })
    }

    /// A fault of the table as a whole.
    pub fn fault(&self, message: impl Into<String>) {
        self.text.fault(self.byte, &self.name, message);
    }

    /// A text under a key; none where it is absent, or after a fault.
    pub fn word(&self, name: &str) -> Option<String> {
        self.key(name)?.word()
    }

    /// Texts under a key: a list, or one.
    pub fn words(&self, name: &str) -> Vec<String> {
        self.key(name).map(|key| key.words()).unwrap_or_default()
    }

    /// `true` or `false` under a key; false where it is absent.
    pub fn flag(&self, name: &str) -> bool {
        self.key(name).is_some_and(|key| match key.value.as_bool() {
            Some(flag) => flag,
            None => {
                key.fault("must be true or false");
                false
            }
        })
    }

    /// A table under a key.
    pub fn below(&self, name: &str) -> Option<MappingTable<'a>> {
        self.key(name)?.table_or_fault()
    }
}

impl<'a> MappingKey<'a> {
    /// Notes that something is wrong with it.
    pub fn fault(&self, message: impl Into<String>) {
        self.text.fault(self.byte, &self.full, message);
    }

    /// Its line, for other faults.
    pub fn line(&self) -> usize {
        self.text.line(self.byte)
    }

    /// Its table, if it is one.
    pub fn table(&self) -> Option<MappingTable<'a>> {
        Some(MappingTable {
            text: self.text,
            name: self.full.clone(),
            byte: self.byte,
            table: self.value.as_table()?,
        })
    }

    /// Its table.
    pub fn table_or_fault(&self) -> Option<MappingTable<'a>> {
        let table = self.table();
        if table.is_none() {
            self.fault(format!("must be a table: [{}]", self.full));
        }
        table
    }

    /// Its text; a whole number and yes or no are texts as well.
    pub fn word(&self) -> Option<String> {
        let word = match self.value {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Integer(number) => Some(number.as_str().to_owned()),
            DeValue::Boolean(flag) => Some(flag.to_string()),
            _ => None,
        };
        if word.is_none() {
            self.fault("must be a text between quotation marks");
        }
        word
    }

    /// Its texts.
    pub fn words(&self) -> Vec<String> {
        let Some(list) = self.value.as_array() else {
            return self.word().into_iter().collect();
        };
        let words: Option<Vec<String>> = list
            .iter()
            .map(|one| one.get_ref().as_str().map(str::to_owned))
            .collect();
        words.unwrap_or_else(|| {
            self.fault("must be a list of texts, as [\"one\", \"two\"]");
            Vec::new()
        })
    }
}
