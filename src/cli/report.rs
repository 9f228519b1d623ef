//! `poms report`: the bookkeeper's figures.

use super::args::{ReportArgs, ReportCommand};
use super::output::is_stdout;
use super::{Context, exit};
use crate::ledger::{Result, Tx};
use crate::reports::money::{ReportForms, Scope, at_risk, margin, payables, refunds_due};

type Maker = fn(&Tx, &Scope) -> Result<ReportForms>;

/// Runs the command.
pub fn run(context: &Context, command: &ReportCommand) -> anyhow::Result<u8> {
    let (args, make): (&ReportArgs, Maker) = match command {
        ReportCommand::MoneyAtRisk(args) => (args, at_risk::report),
        ReportCommand::Margin(args) => (args, margin::report),
        ReportCommand::RefundsDue(args) => (args, refunds_due::report),
        ReportCommand::Payables(args) => (args, payables::report),
    };
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
        make(tx, &scope)
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
