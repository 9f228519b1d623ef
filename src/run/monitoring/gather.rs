//! Figures out of the ledger and out of a run's report.

use super::exposition::FiguresPage;
use crate::actor;
use crate::app::report::RunReport;
use crate::config::Config;
use crate::domain::codes::{CODES, Severity};
use crate::domain::lifecycle::{DeliveryState, MessageState, OrderState, PoState};
use crate::ledger::figures::OpenExceptions;
use crate::ledger::{Ledger, Mode};
use crate::reports::status::Status;
use crate::rules::stop_switch;
use serde_json::Value;

/// What the last run did, by its own report.
pub fn report(page: &mut FiguresPage, report: &RunReport) {
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let (m, o, d) = (&report.messages, &report.orders, &report.deliveries);
    page.gauge(
        "poms_last_run_messages",
        "Messages that the last run looked at, by outcome.",
    );
    for (word, count) in [
        ("accepted", m.accepted),
        ("duplicate", m.duplicate),
        ("held", m.held),
        ("quarantined", m.quarantined),
        ("ignored", m.ignored),
    ] {
        page.count(&[("outcome", word)], number(count));
    }
    page.gauge(
        "poms_last_run_orders",
        "Orders in the last run, by what became of them.",
    );
    for (word, count) in [
        ("received", o.received),
        ("ready", o.ready),
        ("held", o.held),
        ("placed", o.placed),
    ] {
        page.count(&[("outcome", word)], number(count));
    }
    page.gauge(
        "poms_last_run_purchase_orders_created",
        "Purchase orders that the last run made.",
    );
    page.count(&[], number(report.purchase_orders.created));
    page.gauge(
        "poms_last_run_deliveries",
        "Outgoing documents in the last run, by outcome.",
    );
    for (word, count) in [
        ("sent", d.sent),
        ("deferred", d.deferred),
        ("failed", d.failed),
        ("unknown", d.unknown),
    ] {
        page.count(&[("outcome", word)], number(count));
    }
    page.gauge(
        "poms_last_run_exceptions_opened",
        "Exceptions that the last run opened.",
    );
    page.count(&[], number(report.exceptions.opened));
    page.gauge(
        "poms_last_run_failures",
        "What the last run named on stderr for a person to mend.",
    );
    page.count(&[], number(report.failures.len()));
}

/// What the ledger says.
pub struct LedgerFigures {
    status: Status,
    open: Vec<OpenExceptions>,
    exceptions_ever: i64,
}

/// Asks the ledger; `None` when it cannot be read.
pub fn ledger(config: &Config) -> Option<LedgerFigures> {
    let asked = || {
        let ledger = Ledger::open(&config.site.ledger, Mode::Read, &actor::name())?;
        let status = Status::gather(&ledger, &config.site.anchor)?;
        let tx = ledger.read();
        Ok::<_, crate::ledger::LedgerError>(LedgerFigures {
            status,
            open: tx.open_by_code()?,
            exceptions_ever: tx.count_exceptions_ever()?,
        })
    };
    asked()
        .inspect_err(|fault| tracing::warn!("the ledger cannot be read for the metrics: {fault}"))
        .ok()
}

impl LedgerFigures {
    /// Writes it down.
    pub fn tell(&self, page: &mut FiguresPage, config: &Config) {
        let status = &self.status;
        page.counter("poms_runs_total", "Runs that began to work on the ledger.");
        page.count(&[], status.runs.first().map_or(0, |run| run.id));
        self.states(page);
        let queued = status.oldest.as_ref().map(|row| row.created.time());
        if let Some(queued) = queued {
            page.gauge(
                "poms_outbox_oldest_queued_timestamp_seconds",
                "Since when the oldest outgoing document waits; not there when none does.",
            );
            page.moment(&[], queued);
        }
        self.exceptions(page, config);
        page.gauge("poms_stop_switch", "Whether the stop switch is on.");
        let stopped = status.stopped.is_some() || stop_switch::is_configured(&config.rules);
        page.count(&[], i64::from(stopped));
        page.gauge(
            "poms_ledger_size_bytes",
            "Bytes of the ledger with its write-ahead log.",
        );
        page.count(&[], i64::try_from(status.ledger_bytes).unwrap_or(i64::MAX));
        page.counter("poms_ledger_facts_total", "Facts in the audit trail.");
        page.count(&[], status.facts.0);
        page.gauge(
            "poms_ledger_anchor_agrees",
            "Whether the ledger agrees with its last anchor.",
        );
        page.count(&[], i64::from(status.anchor_fault.is_none()));
    }

    fn states(&self, page: &mut FiguresPage) {
        let status = &self.status;
        let by_state = |page: &mut FiguresPage, counts: &Value, states: &[&str]| {
            for state in states {
                page.count(&[("state", state)], counts[state].as_i64().unwrap_or(0));
            }
        };
        page.gauge(
            "poms_messages",
            "Incoming messages in the ledger, by state.",
        );
        by_state(
            page,
            &status.messages,
            &words(MessageState::ALL, MessageState::as_str),
        );
        page.gauge("poms_orders", "Orders in the ledger, by state.");
        by_state(
            page,
            &status.orders,
            &words(OrderState::ALL, OrderState::as_str),
        );
        page.gauge(
            "poms_purchase_orders",
            "Purchase orders in the ledger, by state.",
        );
        by_state(
            page,
            &status.purchase_orders,
            &words(PoState::ALL, PoState::as_str),
        );
        page.gauge(
            "poms_deliveries",
            "Outgoing documents in the ledger, by state; unknown waits for a person.",
        );
        by_state(
            page,
            &status.deliveries,
            &words(DeliveryState::ALL, DeliveryState::as_str),
        );
    }

    fn exceptions(&self, page: &mut FiguresPage, config: &Config) {
        page.gauge(
            "poms_exceptions_open",
            "Open exceptions, by code and severity.",
        );
        for open in &self.open {
            page.count(
                &[("code", open.code.as_str()), ("severity", &open.severity)],
                open.count,
            );
        }
        for &code in CODES {
            let severity = config.rules.severity(code);
            let there =
                |open: &OpenExceptions| open.code == code && open.severity == severity.as_str();
            if severity != Severity::Off && !self.open.iter().any(there) {
                page.count(
                    &[("code", code.as_str()), ("severity", severity.as_str())],
                    0,
                );
            }
        }
        let oldest = |severity: &str| {
            let rows = self.open.iter().filter(|open| open.severity == severity);
            rows.map(|open| open.oldest.time()).min()
        };
        let oldest: Vec<_> = ["hold", "warn"]
            .into_iter()
            .filter_map(|severity| Some((severity, oldest(severity)?)))
            .collect();
        if !oldest.is_empty() {
            page.gauge(
                "poms_exceptions_oldest_open_timestamp_seconds",
                "When the oldest open exception was opened, by severity; not there when none is.",
            );
        }
        for (severity, moment) in oldest {
            page.moment(&[("severity", severity)], moment);
        }
        page.counter(
            "poms_exceptions_opened_total",
            "Exceptions that were ever opened.",
        );
        page.count(&[], self.exceptions_ever);
    }
}

/// The words of all states.
fn words<S: Copy>(all: &[S], word: fn(S) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|state| word(*state)).collect()
}
