//! `poms status`, `poms backup`: health, and a copy while others work.

use super::args::Backup;
use super::{Context, exit};
use crate::app;
use crate::config::safety;
use crate::reports::status::{Status, seconds_since_last_run, size};
use crate::rules::stop_switch;
use crate::run::{lock, source_status, waiting};
use anyhow::anyhow;
use serde_json::json;

/// `poms status`: exit 1 when something must be mended.
pub fn run(context: &Context) -> anyhow::Result<u8> {
    let (config, ledger) = context.look()?;
    let view = context.view(&config)?;
    let mut status = Status::gather(&ledger, &config.site.anchor)?;
    status.waiting = waiting::counts(&ledger.read(), &config, view.now)?;
    status.sources = source_status::of(&ledger.read(), &config)?;
    status.running = lock::holder(&config.site.ledger);
    status.tried = lock::latest(&config.site.ledger);
    status.disk = (
        app::free_disk(&config.site.ledger)?.1,
        config.limits.free_disk_bytes,
    );
    if stop_switch::is_configured(&config.rules) && status.stopped.is_none() {
        status.stopped = Some("the configuration has rules.stop_switch on = true".to_owned());
    }
    let mut faults = status.faults();
    match app::key_warnings(&config, &context.clock()?) {
        Ok(warnings) => status.keys = warnings,
        Err(fault) => {
            status.keys = vec![format!("{fault:#}")];
            faults.push(format!("{fault:#}"));
        }
    }
    context.out.answer(
        || {
            let mut document = status.json();
            document["seconds_since_last_run"] = json!(seconds_since_last_run(&status, &view));
            document["faults"] = json!(faults);
            document
        },
        || status.text(&view),
    );
    for fault in &faults {
        context.out.error(fault);
    }
    Ok(if faults.is_empty() {
        exit::DONE
    } else {
        exit::FAILED
    })
}

/// `poms backup`: never overwrites.
pub fn backup(context: &Context, args: &Backup) -> anyhow::Result<u8> {
    let (config, ledger) = context.look()?;
    // customers' names and addresses in the clear
    safety::own_folder(&args.file).map_err(|fault| anyhow!("nothing was copied: {fault}"))?;
    let copied = ledger.backup(&args.file)?;
    context.out.answer(
        || json!({"file": args.file, "bytes": copied.bytes, "facts": copied.facts, "orders": copied.orders}),
        || {
            format!(
                "{}: {}, {} orders, {} facts; read back and whole.\n\
                 Keep {} elsewhere too: it proves that nobody put an older ledger in this one's place.",
                args.file.display(),
                size(copied.bytes),
                copied.orders,
                copied.facts,
                config.site.anchor.display()
            )
        },
    );
    Ok(exit::DONE)
}
