//! `poms report`: the bookkeeper's figures.

use super::args::ReportCommand;
use super::output::is_stdout;
use super::{Context, exit};
use crate::reports::money::Scope;

/// Runs the command.
pub fn run(context: &Context, command: &ReportCommand) -> anyhow::Result<u8> {
    let ReportCommand { report, args } = command;
    let (config, ledger) = context.look()?;
    let view = context.view(&config)?;
    let scope = Scope {
        vendor: args.vendor.as_deref(),
        since: args.since,
        currency: &config.site.currency,
        due_days: config.invoicing.due_days,
        zone: config.site.timezone,
        width: view.width,
        now: view.now,
    };
    let answer = ledger.snapshot(|tx| {
        if let Some(id) = scope.vendor
            && tx.vendor(id)?.is_none()
        {
            return Err(crate::ledger::LedgerError::NotFound(format!(
                "there is no vendor {id}: see `poms vendors list`"
            )));
        }
        (report.make)(tx, &scope)
    })?;
    let json = context.out.json || args.format == "json";
    let bytes = match (json, args.format.as_str()) {
        (true, _) => format!("{:#}\n", answer.json).into_bytes(),
        (_, "csv") => answer.csv()?,
        _ => context.out.whole(&answer.text).into_owned().into_bytes(),
    };
    match args.output.as_deref().filter(|path| !is_stdout(path)) {
        None => context.out.bytes(&bytes),
        Some(path) => {
            context.out.new_file(path, &bytes)?;
            context.out.text(&format!("Written to {}.", path.display()));
        }
    }
    Ok(exit::DONE)
}
