//! The machine's clock against the ledger, before every run and act. A clock that was set back would
//! date facts before those that they follow from, and hold back what is due. One that is far ahead
//! would give up what waits, hold every order as stale, and ask every vendor why it has not shipped.

use crate::clock;
use crate::ledger::audit::CLOCK_TOLERANCE;
use crate::ledger::{Ledger, LedgerError};
use chrono::{DateTime, TimeDelta, Utc};

/// Refuses to act when the last run or fact was later than now, or the last run longer than `pause` ago.
///
/// # Errors
/// A sentence that says what to do.
pub fn check(ledger: &Ledger, now: DateTime<Utc>, pause: TimeDelta) -> Result<(), LedgerError> {
    since_run(ledger, now, pause)?;
    let last = ledger.read().audit_head()?.at;
    match clock::parse(&last) {
        Some(then) if then - CLOCK_TOLERANCE > now => Err(LedgerError::Broken(format!(
            "the clock says {}, but the last fact in the audit trail is of {last}: set the clock right; nothing was changed, fetched or sent. \
             If the clock is right now and was wrong then: `poms recover --note TEXT`",
            clock::text(now)
        ))),
        _ => Ok(()),
    }
}

fn since_run(ledger: &Ledger, now: DateTime<Utc>, pause: TimeDelta) -> Result<(), LedgerError> {
    let tx = ledger.read();
    let accepted = tx.clock_accepted()?;
    let Some(last) = tx.runs(1)?.pop().filter(|run| run.id > accepted) else {
        return Ok(());
    };
    let when = last.finished.unwrap_or(last.started);
    let then = when.time();
    let said = clock::text(now);
    if then - CLOCK_TOLERANCE > now {
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
