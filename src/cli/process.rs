//! `poms process`, and the switches of the main job.

use super::args::Stop;
use super::output::{local, table};
use super::story::story;
use super::{Context, exit};
use crate::actor;
use crate::app::App;
use crate::app::report::RunReport;
use crate::clock::{self, Clock, Moment, Stopwatch};
use crate::config::Config;
use crate::desk::reason;
use crate::ledger::LedgerError;
use crate::reports::layout::count;
use crate::rules::stop_switch;
use crate::run::ending;
use crate::run::lock::{LockError, RunLock};
use crate::run::monitoring::{self, RunEnded};
use crate::run::{self, Options};
use anyhow::Context as _;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What there is to show of a run: its report, and of a rehearsal what came of each order and message.
type Shown = (RunReport, Vec<[String; 3]>);

/// One run. Silent and 0 when all went well. Whatever became of it, monitoring hears of it, unless it
/// was a rehearsal or another run holds the lock.
pub fn run(context: &Context) -> anyhow::Result<u8> {
    // first of all: what arrives from here on ends the run in order
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGTERM, signal_hook::consts::SIGINT] {
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    ending::enforce(Arc::clone(&stop))
        .context("the thread that ends a run in time cannot be started")?;
    let config = context.config()?;
    let clock = context.clock()?;
    let started = clock.now();
    let (mut lock, refused) = match RunLock::take(&config.site.ledger, &clock::text(started)) {
        Ok(lock) => (Some(lock), None),
        Err(fault @ LockError::Held { .. }) => return Err(fault.into()),
        Err(fault) => (None, Some(fault)),
    };
    let mut watch = Stopwatch::default();
    let mut begun = false;
    let done = match refused {
        Some(fault) => Err(fault.into()),
        None => {
            let options = Options {
                dry_run: context.args.dry_run,
                after_order: lock.as_ref().is_some_and(RunLock::after_order),
            };
            let (config, clock) = (config.clone(), clock.clone());
            watch.time(|| once(context, config, clock, options, &stop, &mut begun))
        }
    };
    // a rehearsal, and a run that could not begin, say nothing of the run before them
    if let Some(lock) = &mut lock
        && (begun && !context.args.dry_run || lock.after_order())
    {
        lock.ended();
    }
    let mut faults = Vec::new();
    if !context.args.dry_run {
        let ended = RunEnded {
            started,
            took: watch.elapsed(),
            exit: done.as_ref().map_or_else(super::code_of, code),
            stopped: stop.load(Ordering::Relaxed),
            report: done.as_ref().ok().map(|(report, _)| report),
        };
        faults = monitoring::after(&config, &clock, &ended);
    }
    if let Ok(shown) = &done {
        tell(context, shown);
    }
    for fault in &faults {
        context.out.error(fault);
    }
    let code = code(&done?);
    Ok(if faults.is_empty() {
        code
    } else {
        exit::FAILED
    })
}

/// The exit code of a run that could report.
fn code((report, _): &Shown) -> u8 {
    match report.failures.is_empty() {
        true => exit::DONE,
        false => exit::FAILED,
    }
}

/// The run itself, with keys and templates opened.
fn once(
    context: &Context,
    config: Config,
    clock: Clock,
    options: Options,
    stop: &AtomicBool,
    begun: &mut bool,
) -> anyhow::Result<Shown> {
    let site = App::open(config, clock, actor::name())?;
    for warning in site.reader.keyring.warnings() {
        tracing::warn!("{warning}");
    }
    // a rehearsal is gone when it ends: what it did is shown now or never
    run::process_and_look(&site, options, stop, begun, |tx, report| {
        let shown = context.args.dry_run && !context.out.json;
        let since = Moment::parse(&report.started);
        Ok(if shown { story(tx, since)? } else { Vec::new() })
    })
}

fn tell(context: &Context, (report, batch): &Shown) {
    if context.out.json || context.out.verbose() > 0 || context.args.dry_run {
        let text = || match batch.is_empty() {
            true => summary(report),
            false => format!("{}\n{}", batch_table(batch), summary(report)),
        };
        context.out.answer(|| report.json(), text);
    }
    for failure in report.failures.iter() {
        context.out.error(failure);
    }
}

/// What came of each order and message.
fn batch_table(batch: &[[String; 3]]) -> String {
    let rows = batch.iter().map(|row| row.to_vec());
    table(
        &["What came", "State", "What poms would do, or why not"],
        rows,
    )
}

/// A run in a few lines.
pub fn summary(report: &RunReport) -> String {
    let (m, o, d) = (&report.messages, &report.orders, &report.deliveries);
    let i = &report.invoices;
    let deliveries = match d.sent {
        1 => "1 delivery".to_owned(),
        sent => format!("{sent} deliveries"),
    };
    let mut text = format!(
        "Messages    {} seen: {} accepted, {} duplicate, {} held, {} quarantined, {} ignored\n\
         Orders      {} received: {} placed, {} held\n\
         Documents   {} made; {} sent, {} deferred, {} failed, {} unknown\n\
         Exceptions  {} opened, {} open\n",
        m.seen,
        m.accepted,
        m.duplicate,
        m.held,
        m.quarantined,
        m.ignored,
        o.received,
        o.placed,
        o.held,
        count(report.purchase_orders.created, "purchase order"),
        deliveries,
        d.deferred,
        d.failed,
        d.unknown,
        report.exceptions.opened,
        report.exceptions.open,
    );
    if !i.is_empty() {
        text.push_str(&format!(
            "Invoices    {} taken in: {} new, {} on file before; {} failed\n",
            count(i.files, "file"),
            i.taken,
            i.again,
            i.failed
        ));
    }
    if report.dry_run {
        text.push_str("This was a rehearsal: nothing was written, moved or sent.\n");
    }
    text
}

/// The stop switch.
pub fn stop(context: &Context, command: &Stop) -> anyhow::Result<u8> {
    let config = context.config()?;
    let (note, on) = match command {
        Stop::On(note) => (note, true),
        Stop::Off(note) => (note, false),
        Stop::Show => return show_stop(context),
    };
    let now = context.clock()?.now();
    let mut ledger = context.write_ledger(&config)?;
    let why = reason(&note.note)?;
    let said = ledger.write(now, |tx| {
        let before = tx.stopped()?;
        tx.set_setting("stop_switch", if on { why } else { "" }, why)?;
        Ok::<_, LedgerError>(match (on, before) {
            (true, None) => "The stop switch is on: nothing new is placed until `poms stop off --note \"WHY\"`.",
            (true, Some(_)) => "The stop switch was on already; its reason is replaced.",
            (false, Some(_)) => "The stop switch is off: the next run checks the orders that it held.",
            (false, None) if stop_switch::is_configured(&config.rules) => "The switch in the ledger is off, but the configuration has rules.stop_switch on = true.",
            (false, None) => "The stop switch was off already.",
        })
    })?;
    ledger.anchor(&config.site.anchor, now)?;
    context.out.said(&[said.to_owned()]);
    Ok(exit::DONE)
}

fn show_stop(context: &Context) -> anyhow::Result<u8> {
    let config = context.config()?;
    let ledger = context.read_ledger()?;
    let tx = ledger.read();
    let reason = tx.stopped()?;
    let since = tx.audit_of("setting:stop_switch")?.pop();
    context.out.answer(
        || json!({"on": reason.is_some() || stop_switch::is_configured(&config.rules), "reason": reason, "configuration": stop_switch::is_configured(&config.rules),
                  "since": since.as_ref().map(|entry| &entry.at), "actor": since.as_ref().map(|entry| &entry.actor)}),
        || match (&reason, &since) {
            (Some(reason), Some(entry)) => {
                let zone = config.site.timezone;
                let since = Moment::parse(&entry.at);
                let since = since.map_or_else(|| entry.at.clone(), |at| local(&at, zone));
                format!("The stop switch is on since {since} (by {}): {reason}", entry.actor)
            }
            _ if stop_switch::is_configured(&config.rules) => "The stop switch is on by the configuration (rules.stop_switch on = true).".to_owned(),
            _ => "The stop switch is off: orders are placed.".to_owned(),
        },
    );
    Ok(exit::DONE)
}
