//! How sources stand: out of what runs noted of them, their cursors, and the comparisons with their shops.

use super::shop_proof;
use crate::clock::Moment;
use crate::config::{Config, SourceConfig};
use crate::ledger::settings::RunRow;
use crate::ledger::{LedgerError, Tx};
use crate::reports::status_sources::SourceStatus;
use crate::shops::read_until;
use serde_json::Value;

/// Runs that are looked back through: a week of one every ten minutes.
const RUNS: usize = 1008;

/// How each source of the configuration stands.
///
/// # Errors
/// SQLite's.
pub fn of(tx: &Tx, config: &Config) -> Result<Vec<SourceStatus>, LedgerError> {
    if config.sources.is_empty() {
        return Ok(Vec::new());
    }
    let runs = tx.runs(RUNS)?;
    let sources = config.sources.iter();
    sources.map(|source| one(tx, source, &runs)).collect()
}

fn one(tx: &Tx, source: &SourceConfig, runs: &[RunRow]) -> Result<SourceStatus, LedgerError> {
    let place = source.place();
    let cursor = tx.source(&source.name, &place)?.and_then(|row| row.cursor);
    let until = cursor.as_deref().and_then(read_until);
    let mut status = SourceStatus {
        name: source.name.clone(),
        read_until: until.map(Moment::from),
        comparing: shop_proof::comparisons_of(tx, source)?,
        cursor,
        place,
        ..SourceStatus::default()
    };
    for run in runs {
        let Some(noted) = noted(run, &source.name) else {
            continue;
        };
        if status.polled.is_none() {
            status.polled = Some(run.started);
            status.documents = noted["documents"].as_u64().unwrap_or_default();
            status.put_off = noted["outcome"] == "put_off";
        }
        if noted["outcome"] == "read" {
            status.read = Some(run.started);
            break;
        }
        let why = match status.failing.take() {
            Some((_, why)) => why,
            None => noted["why"].as_str().unwrap_or_default().to_owned(),
        };
        status.failing = Some((run.started, why));
    }
    Ok(status)
}

fn noted<'a>(run: &'a RunRow, source: &str) -> Option<&'a Value> {
    let all = run.report.as_ref()?["sources"].as_array()?;
    all.iter().find(|one| one["source"] == source)
}
