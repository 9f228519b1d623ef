//! `poms report`: the bookkeeper's figures, and shops beside the ledger.

use super::args::{ReportArgs, ReportCommand, ShopReport};
use super::output::is_stdout;
use super::{Context, exit};
use crate::config::SourceConfig;
use crate::domain::calendar::day_begins;
use crate::reports::layout::View;
use crate::reports::money::{MoneyReport, Scope};
use crate::reports::shop::ShopProof;
use crate::run::shop_proof::{self, Comparison};
use crate::shops::compared::CompareEffort;
use serde_json::json;
use std::sync::atomic::AtomicBool;

/// Runs the command.
pub fn run(context: &Context, command: &ReportCommand) -> anyhow::Result<u8> {
    match command {
        ReportCommand::Money(report, args) => money(context, report, args),
        ReportCommand::Shop(args) => shop(context, args),
    }
}

fn money(context: &Context, report: &MoneyReport, args: &ReportArgs) -> anyhow::Result<u8> {
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

/// Compares shops with the ledger: exit 1 where something differs, or was not to be had.
fn shop(context: &Context, args: &ShopReport) -> anyhow::Result<u8> {
    let (config, ledger) = context.look()?;
    let view = context.view(&config)?;
    let sources = named(&config.sources, args.source.as_deref())?;
    let from = match args.since {
        Some(day) => day_begins(day, config.site.timezone),
        None => view.now - shop_proof::PERIOD,
    };
    let (mut proofs, mut mute) = (Vec::new(), Vec::new());
    for source in sources {
        let comparison = Comparison {
            source,
            from,
            until: None,
            now: view.now,
            zone: config.site.timezone,
            effort: CompareEffort {
                patience: shop_proof::PATIENCE,
                deadline: None,
            },
            stop: &AtomicBool::new(false),
        };
        match shop_proof::compare(&ledger, &comparison)? {
            Some(proof) => proofs.push(proof),
            None => mute.push(source.name.as_str()),
        }
    }
    context.out.answer(
        || {
            let shops: Vec<_> = proofs.iter().map(|one| one.json(&view.poms)).collect();
            let mute: Vec<_> = mute
                .iter()
                .map(|name| json!({"source": name, "why": MUTE}))
                .collect();
            json!({"shops": shops, "not_compared": mute})
        },
        || text(&proofs, &mute, &view),
    );
    Ok(match proofs.iter().all(ShopProof::holds) {
        true => exit::DONE,
        false => exit::FAILED,
    })
}

/// Why a source is not compared.
const MUTE: &str = "files have nobody who could be asked what else there is";

fn text(proofs: &[ShopProof], mute: &[&str], view: &View) -> String {
    let mut parts: Vec<String> = proofs.iter().map(|one| one.text(view)).collect();
    parts.extend(
        mute.iter()
            .map(|name| format!("Source {name}: not compared: {MUTE}.\n")),
    );
    match parts.is_empty() {
        true => "There is no [[source]] in the configuration: nothing can be compared.".to_owned(),
        false => parts.join("\n"),
    }
}

/// The source of this name, or all.
fn named<'a>(all: &'a [SourceConfig], name: Option<&str>) -> anyhow::Result<Vec<&'a SourceConfig>> {
    let found: Vec<_> = all
        .iter()
        .filter(|one| name.is_none_or(|name| one.name == name))
        .collect();
    match (name, found.is_empty()) {
        (Some(name), true) => Err(super::source::none_of(all, name)),
        _ => Ok(found),
    }
}
