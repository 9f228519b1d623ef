//! The machine's clock against the ledger: a clock that was set back would date facts before those
//! that they follow from, and hold back what is due.

use crate::clock;
use crate::ledger::{Ledger, LedgerError, Tx};
use chrono::{DateTime, TimeDelta, Utc};

/// So far back a clock may be set: less is a correction.
const TOLERANCE: TimeDelta = TimeDelta::hours(1);

/// The setting that [`accept`] writes: runs up to this number no longer count.
const SETTING: &str = "clock_accepted_up_to_run";

/// Refuses to run when the last run was later than now.
///
/// # Errors
/// A sentence that says what to do.
pub fn check(ledger: &Ledger, now: DateTime<Utc>) -> Result<(), LedgerError> {
    let tx = ledger.read();
    let accepted = tx
        .setting(SETTING)?
        .and_then(|run| run.parse().ok())
        .unwrap_or(0);
    let Some(last) = tx.runs(1)?.pop().filter(|run| run.id > accepted) else {
        return Ok(());
    };
    let when = last.finished.as_deref().unwrap_or(&last.started);
    match clock::parse(when) {
        Some(then) if then - TOLERANCE > now => Err(LedgerError::Broken(format!(
            "the clock says {}, but the last run was at {when}: set the clock right; nothing was fetched or sent. \
             If the clock is right now and was wrong then: `poms recover --note TEXT`",
            clock::text(now)
        ))),
        _ => Ok(()),
    }
}

/// Takes the present clock for right, whatever the runs until now say.
///
/// # Errors
/// The ledger's.
pub fn accept(tx: &Tx, why: &str) -> Result<(), LedgerError> {
    let last = tx.runs(1)?.pop().map_or(0, |run| run.id);
    tx.set_setting(SETTING, &last.to_string(), why)
}
