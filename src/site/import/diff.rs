//! What an import changes: shown before it is done, and noted in the audit trail after.

use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// A row with a key and fields that can be compared.
pub trait ImportedRow {
    /// What identifies it, for people.
    fn key(&self) -> String;
    /// Its fields as the file has them, by column.
    fn fields(&self) -> Vec<(String, String)>;
}

/// One field that an import changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Whose.
    pub key: String,
    /// The column.
    pub field: String,
    /// What the ledger has.
    pub from: String,
    /// What the file has.
    pub to: String,
}

/// The difference between ledger and file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportDiff {
    /// Keys that are new.
    pub added: Vec<String>,
    /// Fields that change.
    pub changed: Vec<Change>,
    /// How many rows stay as they are.
    pub unchanged: usize,
    /// Keys that are in the ledger and not in the file: they are kept.
    pub gone: Vec<String>,
}

impl ImportDiff {
    /// Whether the import would change nothing.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty()
    }

    /// The keys of the rows that are to be written.
    pub fn differs(&self) -> HashSet<&str> {
        let changed = self.changed.iter().map(|change| change.key.as_str());
        self.added
            .iter()
            .map(String::as_str)
            .chain(changed)
            .collect()
    }
}

/// Compares what the ledger has with what the file has. Nothing is ever removed by an import, so
/// that an old order still finds what it was about; a second import of one file is empty.
pub fn diff<R: ImportedRow>(old: &[R], new: &[R]) -> ImportDiff {
    let known: HashMap<String, &R> = old.iter().map(|row| (row.key(), row)).collect();
    let mut result = ImportDiff::default();
    let mut seen = HashSet::new();
    for row in new {
        let key = row.key();
        match known.get(&key) {
            None => result.added.push(key.clone()),
            Some(before) => {
                let changes = changes(&key, &before.fields(), &row.fields());
                result.unchanged += usize::from(changes.is_empty());
                result.changed.extend(changes);
            }
        }
        seen.insert(key);
    }
    let gone = old
        .iter()
        .map(ImportedRow::key)
        .filter(|key| !seen.contains(key));
    result.gone = gone.collect();
    result
}

/// Field by field; one that is absent on one side is empty there.
fn changes(key: &str, old: &[(String, String)], new: &[(String, String)]) -> Vec<Change> {
    let value = |fields: &[(String, String)], name: &str| {
        let found = fields.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let only_old = old
        .iter()
        .filter(|(name, _)| !new.iter().any(|(other, _)| other == name));
    new.iter()
        .chain(only_old)
        .map(|(name, _)| Change {
            key: key.to_owned(),
            field: name.clone(),
            from: value(old, name),
            to: value(new, name),
        })
        .filter(|change| change.from != change.to)
        .collect()
}

/// Known fields, and the extra columns after them.
pub fn with_extra(
    known: impl Iterator<Item = (&'static str, String)>,
    extra: &Map<String, Value>,
) -> Vec<(String, String)> {
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    known
        .map(|(name, value)| (name.to_owned(), value))
        .chain(
            extra
                .iter()
                .map(|(name, value)| (name.clone(), text(value))),
        )
        .collect()
}
