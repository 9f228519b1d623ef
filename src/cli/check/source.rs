//! `[[source]]`: each is tried as a run will.

use crate::app::sources;
use crate::config::SourceConfig;
use crate::formats::FORMATS;
use chrono::{DateTime, Utc};

/// Tries a source.
pub fn check(source: &SourceConfig, now: DateTime<Utc>) -> anyhow::Result<String> {
    let mut opened = sources::open(source)?;
    let checked = opened.check(now)?;
    if let Some(format) = &source.format {
        let known: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
        anyhow::ensure!(
            known.contains(&format.as_str()),
            "{}; format = \"{format}\" is none that poms knows ({}): no document of it would be an order",
            checked.found,
            known.join(", ")
        );
    }
    let said = std::iter::once(checked.found).chain(checked.warnings);
    Ok(said.collect::<Vec<_>>().join("; "))
}
