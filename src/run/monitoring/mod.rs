//! What the world outside learns after a run, whatever became of it: a heartbeat, and a file of
//! figures. Neither is ever in the way of the run itself.

mod exposition;
mod gather;
pub mod heartbeat;
mod outside;

use crate::app;
use crate::app::report::RunReport;
use crate::clock::Clock;
use crate::config::Config;
use chrono::{DateTime, Utc};
use exposition::FiguresPage;
use heartbeat::Beat;
use std::path::Path;
use std::time::Duration;

/// A run that is over.
pub struct RunEnded<'a> {
    /// When it began.
    pub started: DateTime<Utc>,
    /// How long it took, by a clock that nobody sets.
    pub took: Duration,
    /// Its exit code.
    pub exit: u8,
    /// Whether SIGTERM ended it early.
    pub stopped: bool,
    /// What it did, if it came so far as to say.
    pub report: Option<&'a RunReport>,
}

impl RunEnded<'_> {
    /// How it ended, in a word.
    fn outcome(&self) -> &'static str {
        match (self.exit, self.stopped, self.report) {
            (0, true, _) => "stopped",
            (0, false, _) => "done",
            (_, _, Some(_)) => "with_failures",
            (_, _, None) => "failed",
        }
    }
}

/// The ways in which a run ends, for the file.
const OUTCOMES: [&str; 4] = ["done", "stopped", "with_failures", "failed"];

/// Tells everyone who is to be told. Returns what a person must mend: only that the file could not
/// be written, for who watches the file cannot see it. A heartbeat that fails is for the log and
/// the file.
pub fn after(config: &Config, clock: &Clock, ended: &RunEnded) -> Vec<String> {
    let beat = match &config.monitoring.heartbeat {
        Some(settings) => heartbeat::send(settings, ended.outcome()),
        None => Beat::Off,
    };
    if let Beat::Failed(why) = &beat {
        tracing::warn!("the heartbeat failed: {why}");
    }
    let Some(file) = &config.monitoring.metrics_file else {
        return Vec::new();
    };
    let page = page(config, clock, ended, &beat, &Earlier::read(file));
    let trouble = |fault: std::io::Error| {
        format!(
            "monitoring.metrics_file {} cannot be written: {fault}; the run itself is not touched by it",
            file.display()
        )
    };
    exposition::write(file, &page)
        .map_err(trouble)
        .err()
        .into_iter()
        .collect()
}

/// What only the file itself remembers.
#[derive(Default)]
struct Earlier {
    last_success: Option<f64>,
    heartbeat_failures: f64,
}

impl Earlier {
    fn read(file: &Path) -> Earlier {
        let text = exposition::read(file).unwrap_or_default();
        let value = |name| exposition::value(&text, name);
        Earlier {
            last_success: value("poms_last_success_timestamp_seconds"),
            heartbeat_failures: value("poms_heartbeat_failures_total").unwrap_or(0.0),
        }
    }
}

fn page(
    config: &Config,
    clock: &Clock,
    ended: &RunEnded,
    beat: &Beat,
    earlier: &Earlier,
) -> String {
    let mut page = FiguresPage::default();
    let now = clock.now();
    page.gauge(
        "poms_build_info",
        "The version of poms that wrote this file.",
    );
    page.sample(&[("version", env!("CARGO_PKG_VERSION"))], 1.0);
    about_the_run(&mut page, ended, now, earlier);
    if let Some(report) = ended.report {
        gather::report(&mut page, report);
    }
    let ledger = gather::ledger(config);
    page.gauge(
        "poms_ledger_readable",
        "Whether the ledger could be read for this file.",
    );
    page.sample(&[], f64::from(u8::from(ledger.is_some())));
    if let Some(ledger) = ledger {
        ledger.tell(&mut page, config);
    }
    outside::tell(&mut page, config, now);
    let heartbeat_failures = match beat {
        Beat::Off => return page.finish(),
        Beat::Failed(_) => earlier.heartbeat_failures + 1.0,
        Beat::Sent | Beat::Silent => earlier.heartbeat_failures,
    };
    if *beat != Beat::Silent {
        page.gauge("poms_heartbeat_up", "Whether the last heartbeat was taken.");
        page.sample(&[], f64::from(u8::from(*beat == Beat::Sent)));
    }
    page.counter(
        "poms_heartbeat_failures_total",
        "Heartbeats that were not taken.",
    );
    page.sample(&[], heartbeat_failures);
    page.finish()
}

fn about_the_run(page: &mut FiguresPage, ended: &RunEnded, now: DateTime<Utc>, earlier: &Earlier) {
    page.gauge(
        "poms_last_run_start_timestamp_seconds",
        "When the last run began.",
    );
    page.moment(&[], ended.started);
    page.gauge(
        "poms_last_run_end_timestamp_seconds",
        "When the last run ended.",
    );
    page.moment(&[], now);
    page.gauge(
        "poms_last_run_duration_seconds",
        "How long the last run took.",
    );
    page.sample(&[], ended.took.as_secs_f64());
    page.gauge(
        "poms_last_run_exit_code",
        "The exit code of the last run: 0 is done, 1 failed, 2 configuration.",
    );
    page.sample(&[], f64::from(ended.exit));
    page.gauge(
        "poms_last_run_success",
        "Whether the last run ended without failures.",
    );
    page.sample(&[], f64::from(u8::from(ended.exit == 0)));
    page.gauge(
        "poms_last_run_outcome",
        "How the last run ended: 1 at the word that applies.",
    );
    for word in OUTCOMES {
        page.sample(
            &[("outcome", word)],
            f64::from(u8::from(word == ended.outcome())),
        );
    }
    let success = match ended.exit {
        0 => Some(exposition::seconds(now)),
        _ => earlier.last_success,
    };
    if let Some(success) = success {
        page.gauge(
            "poms_last_success_timestamp_seconds",
            "When a run last ended without failures.",
        );
        page.sample(&[], success);
    }
}

/// Whether the file could be written, for `poms check`; says what it found. What is there is kept.
///
/// # Errors
/// What is wrong and what to do.
pub fn check_metrics(config: &Config) -> anyhow::Result<String> {
    let Some(file) = &config.monitoring.metrics_file else {
        return Ok("not set up (monitoring.metrics_file)".to_owned());
    };
    exposition::rehearse(file).map_err(|fault| {
        anyhow::anyhow!(
            "{} cannot be written: {fault}; make its folder and let the user of poms write in it \
             (node_exporter reads it with --collector.textfile.directory)",
            file.display()
        )
    })?;
    let hint = match file.extension().is_some_and(|end| end == "prom") {
        true => "",
        false => "; node_exporter reads only files that end in .prom",
    };
    Ok(format!("{} can be written{hint}", file.display()))
}

/// Bytes that are free, and how many a run asks for.
fn disk(config: &Config) -> Option<(u64, u64)> {
    let (_, free) = app::free_disk(&config.site.ledger).ok()?;
    Some((free, config.limits.free_disk_bytes))
}
