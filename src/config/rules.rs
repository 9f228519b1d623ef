//! `[rules]`: severities of all codes, and the limits that rules and bills declare.

use super::reader::Section;
use super::site::SiteConfig;
use crate::domain::codes::{CODES, Code};
use crate::domain::rule_settings::{LimitKey, RuleSettings};
use crate::invoicing::dated;
use crate::rules;

/// One code with what can be set of it.
#[derive(Debug)]
pub struct CodeEntry {
    /// The code; its `severity` is the default of the key `severity`.
    pub code: Code,
    /// Its limits; empty for most.
    pub limits: Vec<&'static LimitKey>,
}

/// Every code with its keys and defaults, in the order of [`CODES`]: what the configuration's example
/// and the papers are made of.
pub fn registry() -> Vec<CodeEntry> {
    CODES
        .iter()
        .map(|&code| CodeEntry {
            code,
            limits: limits().filter(|key| key.code == code).collect(),
        })
        .collect()
}

/// Every limit there is.
fn limits() -> impl Iterator<Item = &'static LimitKey> {
    rules::limits().chain(dated::LIMITS)
}

/// Each code on its own, so that the faults of all are named.
pub(super) fn read(top: &Section<'_>, site: Option<&SiteConfig>) -> RuleSettings {
    let keys: Vec<_> = limits().collect();
    let table = top.raw("rules");
    for (code, value) in &table {
        let alone = toml::Table::from_iter([(code.clone(), value.clone())]);
        if let Err(message) = RuleSettings::from_table(&alone, &keys) {
            top.fault_inside("rules", code, message);
        }
    }
    let mut settings = RuleSettings::from_table(&table, &keys).unwrap_or_default();
    if let Some(site) = site {
        settings.currency.clone_from(&site.currency);
    }
    settings
}

#[cfg(test)]
mod tests;
