//! The machine's clock against the ledger. A clock that was set back would date facts before those
//! that they follow from, and hold back what is due. One that is far ahead would give up what
//! waits, hold every order as stale, and ask every vendor why it has not shipped.

use crate::clock;
use crate::ledger::{Ledger, LedgerError, Tx};
use chrono::{DateTime, TimeDelta, Utc};

/// So far back a clock may be set: less is a correction.
const TOLERANCE: TimeDelta = TimeDelta::hours(1);

/// The setting that [`accept`] writes: runs up to this number no longer count.
const SETTING: &str = "clock_accepted_up_to_run";

/// Refuses to run when the last run was later than now, or longer than `pause` ago.
///
/// # Errors
/// A sentence that says what to do.
pub fn check(ledger: &Ledger, now: DateTime<Utc>, pause: TimeDelta) -> Result<(), LedgerError> {
    let tx = ledger.read();
    let accepted = tx
        .setting(SETTING)?
        .and_then(|run| run.parse().ok())
        .unwrap_or(0);
    let Some(last) = tx.runs(1)?.pop().filter(|run| run.id > accepted) else {
        return Ok(());
    };
    let when = last.finished.as_deref().unwrap_or(&last.started);
    let Some(then) = clock::parse(when) else {
        return Ok(());
    };
    let said = clock::text(now);
    if then - TOLERANCE > now {
        return Err(LedgerError::Broken(format!(
            "the clock says {said}, but the last run was at {when}: set the clock right; nothing was fetched or sent. \
             If the clock is right now and was wrong then: `poms recover --note TEXT`"
        )));
    }
    if now - then > pause {
        return Err(LedgerError::Broken(format!(
            "the clock says {said}, {} days after the last run at {when}; limits.longest_pause_days is {}: \
             nothing was fetched or sent. If the clock is wrong, set it right (timedatectl). If poms really stood \
             still for so long: `poms recover --note TEXT`, and the next run takes up what waits, with its deadlines \
             long over",
            (now - then).num_days(),
            pause.num_days(),
        )));
    }
    Ok(())
}

/// Takes the present clock for right, whatever the runs until now say.
///
/// # Errors
/// The ledger's.
pub fn accept(tx: &Tx, why: &str) -> Result<(), LedgerError> {
    let last = tx.runs(1)?.pop().map_or(0, |run| run.id);
    tx.set_setting(SETTING, &last.to_string(), why)
}
