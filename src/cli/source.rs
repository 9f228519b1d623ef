//! `poms source`: acts on where documents come from.

use super::args::SourceCommand;
use super::output::Usage;
use super::{Context, exit};
use crate::app::sources;
use crate::config::SourceConfig;
use crate::domain::calendar::day_begins;
use crate::domain::spelling::nearest;
use crate::run::lock;
use anyhow::bail;
use serde_json::json;

/// Runs the command.
pub fn run(context: &Context, command: &SourceCommand) -> anyhow::Result<u8> {
    let SourceCommand::Reread { source, from, note } = command;
    let config = context.config()?;
    let all = &config.sources;
    let Some(own) = all.iter().find(|one| one.name == *source) else {
        return Err(none_of(all, source));
    };
    let now = context.clock()?.now();
    let mut ledger = context.write_ledger(&config)?;
    // a run writes down how far it came when it ends a page
    if let Some(holder) = lock::holder(&config.site.ledger) {
        bail!(
            "a run is going on ({holder}), which would go on from where it is: wait for its end, and type this again"
        );
    }
    let from = day_begins(*from, config.site.timezone);
    let said = ledger.write(now, |tx| sources::reread(tx, own, from, note))?;
    ledger.anchor(&config.site.anchor, now)?;
    context.out.done(&[said], || json!({"source": source}));
    Ok(exit::DONE)
}

/// The name of a source, when one is given.
///
/// # Errors
/// When the configuration has none of this name.
pub fn known<'a>(context: &Context, name: Option<&'a str>) -> anyhow::Result<Option<&'a str>> {
    let Some(name) = name else {
        return Ok(None);
    };
    let all = &context.config()?.sources;
    match all.iter().any(|one| one.name == name) {
        true => Ok(Some(name)),
        false => Err(none_of(all, name)),
    }
}

/// There is no source of this name.
pub fn none_of(all: &[SourceConfig], name: &str) -> anyhow::Error {
    let near = nearest(name, all.iter().map(|one| one.name.as_str()));
    let near = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
    Usage(format!(
        "the configuration has no [[source]] with the name {name}{near}"
    ))
    .into()
}
