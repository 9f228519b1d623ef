//! Health: what runs did, what is open, what waits, what will soon need someone's hand.

use super::layout::{TextSheet, View, count};
use super::status_sources::{self, SourceStatus};
use crate::clock::Moment;
use crate::ledger::anchor;
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::settings::RunRow;
use crate::ledger::{Ledger, Result};
use serde_json::{Map, Value, json};
use std::path::Path;

/// Everything that the ledger and what lies beside it say.
pub struct Status {
    /// The latest runs, newest first.
    pub runs: Vec<RunRow>,
    /// What the run that goes on now wrote about itself.
    pub running: Option<String>,
    /// When the latest run took its lock, which may have left nothing in the ledger.
    pub tried: Option<String>,
    /// Why the stop switch is on.
    pub stopped: Option<String>,
    /// Open exceptions by code.
    pub exceptions: Value,
    /// Orders by state.
    pub orders: Value,
    /// Returns by state.
    pub returns: Value,
    /// Purchase orders by state.
    pub purchase_orders: Value,
    /// Purchase orders that wait for their vendors, and those that wait too long; the caller's.
    pub waiting: Value,
    /// How each source stands; the caller's.
    pub sources: Vec<SourceStatus>,
    /// Deliveries by state.
    pub deliveries: Value,
    /// Messages by state.
    pub messages: Value,
    /// The delivery that waits longest.
    pub oldest: Option<DeliveryRow>,
    /// Bytes of the ledger with its write-ahead log.
    pub ledger_bytes: u64,
    /// Facts in the trail, and the last that an anchor outside vouches for.
    pub facts: (i64, i64),
    /// What is wrong with ledger and anchor, if something is.
    pub anchor_fault: Option<String>,
    /// Free bytes on the ledger's disk, and how many there must be.
    pub disk: (u64, u64),
    /// Sentences about keys.
    pub keys: Vec<String>,
}

/// Runs that are shown.
const RUNS: usize = 5;

impl Status {
    /// Asks the ledger; what is beside it is the caller's to fill in.
    ///
    /// # Errors
    /// SQLite's; when the anchors cannot be read.
    pub fn gather(ledger: &Ledger, anchors: &Path) -> Result<Status> {
        let size = |suffix: &str| {
            let mut name = ledger.path().as_os_str().to_owned();
            name.push(suffix);
            std::fs::metadata(name).map_or(0, |file| file.len())
        };
        // before the snapshot: what is anchored by then is in it
        let outside = anchor::read(anchors)?;
        let anchored = outside.highest().map_or(0, |anchor| anchor.seq);
        ledger.snapshot(|tx| {
            Ok(Status {
                runs: tx.runs(RUNS)?,
                running: None,
                tried: None,
                stopped: tx.stopped()?,
                exceptions: tx.count_exceptions()?,
                orders: tx.count_orders()?,
                purchase_orders: tx.count_pos()?,
                returns: tx.count_returns()?,
                waiting: Value::Null,
                sources: Vec::new(),
                deliveries: tx.count_deliveries()?,
                messages: tx.count_messages()?,
                oldest: tx.oldest_waiting_delivery()?,
                ledger_bytes: size("") + size("-wal"),
                facts: (tx.audit_head()?.seq, anchored),
                anchor_fault: ledger
                    .agrees(&outside, anchors)
                    .err()
                    .map(|fault| fault.to_string()),
                disk: (0, 0),
                keys: Vec::new(),
            })
        })
    }

    /// What a person must mend, a sentence each; empty when all is well.
    pub fn faults(&self) -> Vec<String> {
        let mut faults: Vec<String> = self.anchor_fault.iter().cloned().collect();
        let (free, least) = self.disk;
        if free < least {
            faults.push(format!(
                "only {} MiB are free on the ledger's disk, limits.free_disk_mib asks for {}: runs fetch nothing until there is room",
                free >> 20,
                least >> 20
            ));
        }
        faults
    }

    /// Gives it as JSON.
    pub fn json(&self) -> Value {
        let runs = self.runs.iter().map(|run| {
            json!({"run": run.id, "started": run.started, "finished": run.finished, "outcome": self.outcome(run), "report": run.report})
        });
        json!({
            "runs": runs.collect::<Vec<_>>(),
            "running": self.running,
            "tried": self.tried,
            "stop_switch": {"on": self.stopped.is_some(), "reason": self.stopped},
            "exceptions": self.exceptions,
            "orders": self.orders,
            "purchase_orders": self.purchase_orders,
            "returns": self.returns,
            "waiting": self.waiting,
            "sources": self.sources.iter().map(SourceStatus::json).collect::<Vec<_>>(),
            "deliveries": self.deliveries,
            "messages": self.messages,
            "oldest_waiting_delivery": self.oldest.as_ref().map(|row| super::order_story::delivery_json(row, None)),
            "ledger": {"bytes": self.ledger_bytes, "facts": self.facts.0, "anchored_to": self.facts.1, "anchor_ok": self.anchor_fault.is_none()},
            "disk": {"free_bytes": self.disk.0, "needed_bytes": self.disk.1},
            "keys": self.keys,
            "faults": self.faults(),
        })
    }

    /// How a run ended, in a word or two.
    fn outcome(&self, run: &RunRow) -> &'static str {
        match (&run.finished, &run.report) {
            (Some(_), Some(report))
                if report["failures"]
                    .as_array()
                    .is_some_and(|list| !list.is_empty()) =>
            {
                "with failures"
            }
            (Some(_), _) => "done",
            (None, _)
                if self.running.is_some()
                    && self.runs.first().is_some_and(|first| first.id == run.id) =>
            {
                "going on"
            }
            (None, _) => "killed",
        }
    }

    /// On one screen.
    pub fn text(&self, view: &View) -> String {
        let mut sheet = TextSheet::new(view.width);
        self.about_runs(view, &mut sheet);
        sheet.gap();
        if let Some(reason) = &self.stopped {
            sheet.field(
                "Stopped",
                &format!("the stop switch is on, nothing new is placed: {reason}"),
            );
            sheet.command(&format!("       {} stop off --note \"WHY\"", view.poms));
        }
        let open = self
            .exceptions
            .as_object()
            .map_or(0, |codes| codes.values().filter_map(Value::as_i64).sum());
        match open {
            0 => sheet.field("Exceptions", "none is open: nothing waits for a person"),
            _ => {
                sheet.field(
                    "Exceptions",
                    &format!("{open} open: {}", sums(&self.exceptions, false)),
                );
                sheet.command(&format!("       {} exceptions list", view.poms));
            }
        }
        let or = |counts: &Value| match sums(counts, true) {
            text if text.is_empty() => "none yet".to_owned(),
            text => text,
        };
        status_sources::text(&self.sources, view, &mut sheet);
        sheet.field("Messages", &or(&self.messages));
        sheet.field("Orders", &or(&self.orders));
        sheet.field("POs", &or(&self.purchase_orders));
        let returns = sums(&self.returns, true);
        if !returns.is_empty() {
            sheet.field("Returns", &returns);
        }
        self.about_vendors(&mut sheet);
        sheet.field("Deliveries", &or(&self.deliveries));
        match &self.oldest {
            Some(row) => {
                let told = format!(
                    "oldest waiting: {} ({}, {}), {} old, {}",
                    row.id,
                    row.kind.told(),
                    row.recipients.join(", "),
                    view.age(&row.created),
                    super::order_story::outcome(row, view)
                );
                sheet.field("Outbox", &told);
            }
            None => sheet.field("Outbox", "nothing waits"),
        }
        sheet.gap();
        self.about_files(&mut sheet);
        sheet.finish()
    }

    fn about_vendors(&self, sheet: &mut TextSheet) {
        let number = |key: &str| self.waiting[key].as_u64().unwrap_or(0);
        let wait = |key: &str, what: &str, many: &str, one: &str| {
            let number = usize::try_from(number(key)).unwrap_or_default();
            match number {
                1 => format!("1 {what} waits {one}"),
                _ => format!("{} wait {many}", count(number, what)),
            }
        };
        if number("purchase_orders") > 0 {
            let told = format!(
                "{}, {} longer than they should ({} asked by mail)",
                wait(
                    "purchase_orders",
                    "purchase order",
                    "for their vendors",
                    "for its vendor"
                ),
                number("overdue"),
                number("asked")
            );
            sheet.field("Vendors", &told);
        }
        if number("cancellations") > 0 {
            sheet.field(
                "",
                &wait(
                    "cancellations",
                    "cancellation",
                    "for their vendors' answers",
                    "for its vendor's answer",
                ),
            );
        }
        if number("customers") > 0 {
            let told = wait(
                "customers",
                "question",
                "for their answers",
                "for its answer",
            );
            sheet.field("Customers", &told);
        }
    }

    /// When a run was begun of which the ledger has nothing.
    fn unrecorded(&self) -> Option<Moment> {
        let tried = Moment::parse(self.tried.as_deref()?)?;
        let last = self.runs.first().map(|run| run.started);
        last.is_none_or(|last| tried > last).then_some(tried)
    }

    fn about_runs(&self, view: &View, sheet: &mut TextSheet) {
        let last = self.runs.iter().find_map(|run| run.finished.as_ref());
        sheet.line(&match (&self.running, last) {
            (Some(holder), _) => format!("A run is going on ({holder})."),
            (None, Some(last)) => format!(
                "No run is going on; the last one ended {} ago.",
                view.age(last)
            ),
            (None, None) => match self.runs.first() {
                Some(first) => format!(
                    "No run is going on, and none has ended in order yet; the last one began {} ago.",
                    view.age(&first.started)
                ),
                None if self.unrecorded().is_some() => "No run is on record.".to_owned(),
                None => format!("There was no run yet: {} process, or cron.", view.poms),
            },
        });
        if let Some(tried) = self.unrecorded().filter(|_| self.running.is_none()) {
            sheet.line(&format!(
                "One was begun {} ago and is not on record: it could not begin, could not write the ledger (is its disk full?), or was a \
                 rehearsal. What it printed, in cron's mail, says which.",
                view.age(&tried)
            ));
        }
        self.table_of_runs(view, sheet);
    }

    fn table_of_runs(&self, view: &View, sheet: &mut TextSheet) {
        let cell = |run: &RunRow, group: &str, key: &str| {
            let report = run.report.as_ref();
            report.map_or_else(String::new, |report| report[group][key].to_string())
        };
        let rows: Vec<Vec<String>> = self
            .runs
            .iter()
            .map(|run| {
                vec![
                    run.id.to_string(),
                    view.moment(&run.started),
                    self.outcome(run).to_owned(),
                    cell(run, "messages", "seen"),
                    cell(run, "orders", "placed"),
                    cell(run, "orders", "held"),
                    cell(run, "deliveries", "sent"),
                    cell(run, "exceptions", "opened"),
                    run.report
                        .as_ref()
                        .and_then(|report| report["failures"][0].as_str())
                        .unwrap_or_default()
                        .to_owned(),
                ]
            })
            .collect();
        if !rows.is_empty() {
            let header = [
                "Run",
                "Began",
                "Ended",
                "Mails",
                "Placed",
                "Held",
                "Sent",
                "Exceptions",
                "First failure",
            ];
            sheet.columns(&header, &rows);
        }
    }

    fn about_files(&self, sheet: &mut TextSheet) {
        let (facts, anchored) = self.facts;
        sheet.field(
            "Ledger",
            &format!(
                "{}, {}",
                size(self.ledger_bytes),
                count(usize::try_from(facts).unwrap_or_default(), "fact")
            ),
        );
        sheet.field(
            "Anchor",
            &match &self.anchor_fault {
                Some(_) => "does not agree: see the error".to_owned(),
                None if anchored == facts => "agrees, up to the last fact".to_owned(),
                None if anchored == 0 => "none yet".to_owned(),
                None => format!(
                    "agrees, up to fact {anchored}; {} newer ones wait for the next act",
                    facts - anchored
                ),
            },
        );
        sheet.field("Disk", &format!("{} free", size(self.disk.0)));
        match self.keys.is_empty() {
            true => sheet.field("Keys", "none expires within 30 days"),
            false => sheet.field("Keys", &self.keys.join("\n")),
        }
    }
}

/// `12 held, 6 placed`; states in plain words, codes as they are typed.
fn sums(counts: &Value, plain: bool) -> String {
    let empty = Map::new();
    let counts = counts.as_object().unwrap_or(&empty);
    let told: Vec<String> = counts
        .iter()
        .map(|(word, n)| match plain {
            true => format!("{n} {}", word.replace('_', " ")),
            false => format!("{n} {word}"),
        })
        .collect();
    told.join(", ")
}

/// Bytes for people.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} bytes"),
        10_000..10_000_000 => format!("{} KiB", bytes >> 10),
        10_000_000..10_000_000_000 => format!("{} MiB", bytes >> 20),
        _ => format!("{} GiB", bytes >> 30),
    }
}

/// The age of the last run that ended, for those who watch: seconds.
pub fn seconds_since_last_run(status: &Status, view: &View) -> Option<i64> {
    let last = status.runs.iter().find_map(|run| run.finished.as_ref())?;
    Some((view.now - last.time()).num_seconds())
}
